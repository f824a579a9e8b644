"""Where two houses meet, against distances computed one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import rasterio
from affine import Affine
from scipy.ndimage import distance_transform_edt

from planimeter.segment.inference.card import ObjectHead
from planimeter.segment.inference.decide import objects_of
from planimeter.train.config import Config
from planimeter.train.contacts import contact_zone
from planimeter.train.data import load_pictures
from planimeter.train.evaluate import plain_card


def test_contacts_have_two_things_near() -> None:
    rng = np.random.default_rng(4)
    things = np.kron(rng.integers(0, 4, (12, 12)), np.ones((5, 5), int)).astype(np.uint16)
    for reach in (1, 2, 3):
        near = [distance_transform_edt(things != number) <= reach for number in (1, 2, 3)]
        expected = np.sum(near, axis=0) >= 2
        found = contact_zone(things, reach)
        # A disc of few pixels is drawn with round corners, which may reach one pixel farther than its radius.
        assert (found & ~expected).mean() < 0.05
        assert not (expected & ~found).any()


def test_houses_of_a_layer_that_share_a_wall_have_a_contact(tiny: Config, tmp_path: Path) -> None:
    (tmp_path / "houses").mkdir()
    transform = Affine(0.5, 0, 500_000, 0, -0.5, 5_000_000)
    labels = np.zeros((64, 64), np.uint8)
    labels[20:40, 10:50] = 1  # one block, two houses: the wall is at column 30
    profile = {"driver": "GTiff", "height": 64, "width": 64, "crs": "EPSG:32633", "transform": transform}
    with rasterio.open(tmp_path / "houses" / "a.tif", "w", count=3, dtype="uint8", **profile) as file:
        file.write(np.full((3, 64, 64), 90, np.uint8))
    cv2.imwrite(str(tmp_path / "houses" / "a_labels.png"), labels)

    def house(x0: int, x1: int) -> dict[str, object]:
        ring = [transform * corner for corner in ((x0, 20), (x1, 20), (x1, 40), (x0, 40), (x0, 20))]
        return {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}

    layer = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32633"}},
        "features": [house(10, 30), house(30, 50)],
    }
    (tmp_path / "houses" / "a.geojson").write_text(json.dumps(layer))
    source = replace(
        tiny.sources["land"], images="houses/*.tif", land={1: "urban"}, objects={"roof": (1,)}, unknown=(),
        instances="{stem}.geojson", validation=(),
    )  # fmt: skip
    config = replace(tiny, data=str(tmp_path), objects=("roof",), contact="roof", sources={"houses": source})
    target = load_pictures(config, "train")[0].target
    np.testing.assert_array_equal(target[..., 1], labels)
    np.testing.assert_array_equal(target[..., 0], labels)
    columns = np.flatnonzero((target[30] == [1, 1, 1]).all(-1))
    assert columns.tolist() == [28, 29, 30, 31]  # 0.75 m is two pixels, from either side of the wall
    alone = replace(config, sources={"houses": replace(source, instances="components")})
    assert not load_pictures(alone, "train")[0].target[..., 2].any()


def test_a_mask_is_cut_where_things_meet(tiny: Config) -> None:
    card = replace(
        plain_card(replace(tiny, objects=("roof", "road"))), contact=ObjectHead("roof", threshold=0.5)
    )
    logits = np.full((9, 4, 9), -5, np.float32)
    logits[6:8] = 5  # roof and road everywhere
    logits[8, :, 4:6] = 3  # two columns where roofs meet
    bits = objects_of(logits, card)
    assert cv2.connectedComponents((bits & 1).astype(np.uint8), connectivity=8)[0] - 1 == 2
    assert (bits & 2 == 2).all()
    logits[8, :, 4:6] = 0.4
    assert (objects_of(logits, card) & 1 == 1).all()
