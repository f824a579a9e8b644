"""Fused models against brute force over whole logits; plans that cannot be."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from planimeter.errors import InputError, ModelError, NotMeasurable
from planimeter.raster import Scene, open_scene
from planimeter.segment import Segmenter, find_segmenter
from planimeter.segment.fusion import FusionSegmenter, load_plan, plan_from
from planimeter.segment.inference import ModelCard, ObjectHead
from planimeter.segment.inference.predict import whole_logits
from planimeter.segment.memory import look
from planimeter.segment.unet import UNetSegmenter

DG = ModelCard(
    path=Path("dg.json"),
    name="dg",
    version="1",
    file="dg.onnx",
    sha256="0",
    size=0,
    land=("urban", "forest", "agric", "grass", "barren", "water"),
    land_temperature=1.0,
    objects=(),
    gsd_range=(0.3, 0.9),
    gsd_centre=0.5,
)
EV = replace(
    DG,
    name="ev",
    land=("background", "building", "road", "water", "barren", "forest", "agric"),
    land_temperature=2.0,
    gsd_range=(0.2, 0.4),
    gsd_centre=0.3,
)
AIRS = replace(DG, name="airs", land=("background", "roof"), gsd_range=(0.05, 0.2), gsd_centre=0.1)
PV = replace(DG, name="pv", land=(), objects=(ObjectHead("solar", threshold=3.0, temperature=0.5),))
CARDS = {"dg": DG, "ev": EV, "airs": AIRS, "pv": PV}

# Table 9 of the QVLM paper.
TABLE_9 = {
    "name": "qvlm",
    "models": {key: {"card": f"{key}.json"} for key in CARDS},
    "land": {
        "urban": ["dg.urban", "ev.road", "ev.building"],
        "forest": ["dg.forest", "ev.forest"],
        "agric": ["dg.agric", "ev.agric"],
        "grass": ["dg.grass"],
        "barren": ["dg.barren", "ev.barren"],
        "water": ["dg.water", "ev.water"],
    },
    "background": ["ev.background"],
    "objects": {"solar": ["pv.solar"], "building": ["airs.roof"]},
    "composites": {"vegetation": ["forest", "agric", "grass"]},
}


class Mixture:
    """A model whose logits are fixed mixtures of red, green and blue."""

    def __init__(self, card: ModelCard) -> None:
        self.card = card
        self.runs = 0
        seed = int.from_bytes(hashlib.sha256(card.name.encode()).digest()[:4], "little")
        self.mixture = np.random.default_rng(seed).normal(0, 0.05, (card.channels, 3)).astype(np.float32)

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        self.runs += 1
        return np.einsum("nhwc,kc->nkhw", pictures.astype(np.float32) - 128, self.mixture)


@pytest.fixture
def models() -> dict[str, Mixture]:
    return {key: Mixture(card) for key, card in CARDS.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the cards of the models."""
    for key, card in CARDS.items():
        (tmp_path / f"{key}.json").write_text(json.dumps(written(card)), encoding="utf-8")
    return tmp_path


def written(card: ModelCard) -> dict:
    heads = {one.topic: {"threshold": one.threshold, "temperature": one.temperature} for one in card.objects}
    return {
        "name": card.name,
        "version": card.version,
        "file": card.file,
        "sha256": card.sha256,
        "bytes": card.size,
        "land": {"topics": list(card.land), "temperature": card.land_temperature},
        "objects": heads,
        "gsd": {"range": list(card.gsd_range), "centre": card.gsd_centre},
        "stride": 32,
    }


def scene_of(folder: Path, gsd: float | None, height: int = 130, width: int = 170) -> Scene:
    coarse = np.random.default_rng(3).integers(0, 255, (9, 11, 3), dtype=np.uint8)
    cv2.imwrite(str(folder / "scene.png"), cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))
    return open_scene(folder / "scene.png", gsd=gsd)


def scores(scene: Scene, models: dict[str, Mixture]) -> dict[str, np.ndarray]:
    """MODEL.CLASS → its score on the scene's grid, the slow and plain way."""
    found = {}
    for key, model in models.items():
        logits, card = whole_logits(scene, model), model.card
        for channel, name in enumerate(card.land):
            found[f"{key}.{name}"] = logits[channel] / card.land_temperature
        for k, head in enumerate(card.objects):
            plane = logits[len(card.land) + k]
            found[f"{key}.{head.topic}"] = (plane - head.threshold) / head.temperature
    return found


@pytest.mark.parametrize("gsd", [None, 0.35, 0.5, 0.12, 1.1])
def test_fusion_is_the_largest_logit_on_the_scenes_own_grid(folder, models, gsd):
    scene = scene_of(folder, gsd)
    fused = FusionSegmenter(plan_from(TABLE_9, folder), models)
    assert isinstance(fused, Segmenter)
    assert fused.topics == (*TABLE_9["land"], "solar", "roof", "vegetation")
    masks, score = fused.look(scene, fused.topics).masks, scores(scene, models)
    groups = [*TABLE_9["land"].values(), TABLE_9["background"]]
    winner = np.argmax([np.max([score[name] for name in group], axis=0) for group in groups], axis=0)
    for index, topic in enumerate(TABLE_9["land"]):
        assert np.array_equal(masks[topic], winner == index), topic
    assert np.array_equal(masks["vegetation"], np.isin(winner, [1, 2, 3]))
    assert np.array_equal(masks["solar"], score["pv.solar"] > 0)
    assert np.array_equal(masks["roof"], score["airs.roof"] > score["airs.background"])
    assert (winner == len(groups) - 1).any()
    assert (masks["roof"] & (winner < 6)).any()  # objects are no part of land cover
    assert len({*winner.ravel().tolist()}) > 3


def test_weights_multiply_odds_and_zero_switches_off(folder, models):
    plan = json.loads(json.dumps(TABLE_9))
    plan["models"]["ev"] |= {"weight": 0.5, "classes": {"road": 0, "water": 3}}
    plan["models"]["dg"]["classes"] = {"grass": 0}
    plan["models"]["pv"]["weight"] = 0
    plan["composites"] = {}
    scene, fused = scene_of(folder, 0.35), FusionSegmenter(plan_from(plan, folder), models)
    assert fused.topics == ("urban", "forest", "agric", "barren", "water", "roof")
    masks = fused.look(scene, fused.topics).masks
    assert models["pv"].runs == 0
    score = scores(scene, models)
    for name in score:
        if name.startswith("ev."):
            score[name] = score[name] + np.log(0.5) + (np.log(3) if name == "ev.water" else 0)
    off = ("ev.road", "dg.grass")
    left = ([name for name in names if name not in off] for names in TABLE_9["land"].values())
    groups = [*filter(None, left), TABLE_9["background"]]
    winner = np.argmax([np.max([score[name] for name in group], axis=0) for group in groups], axis=0)
    assert np.array_equal(masks["water"], winner == 4)
    assert np.array_equal(masks["urban"], winner == 0)


def test_the_mode_filter_is_a_box_in_metres_over_land_only(folder, models):
    scene = scene_of(folder, 0.5)
    plain = FusionSegmenter(plan_from(TABLE_9, folder), models)
    smooth = FusionSegmenter(plan_from({**TABLE_9, "mode_filter_metres": 4.5}, folder), models)
    before, after = plain.look(scene, plain.topics).masks, smooth.look(scene, plain.topics).masks
    land = list(TABLE_9["land"])
    none = ~np.logical_or.reduce([before[topic] for topic in land])
    # OpenCV continues a picture by mirroring about its outermost pixel.
    padded = np.pad([*(before[topic] for topic in land), none], ((0, 0), (4, 4), (4, 4)), mode="reflect")
    counts = np.lib.stride_tricks.sliding_window_view(padded, (9, 9), axis=(1, 2)).sum((-1, -2))
    for index, topic in enumerate(land):
        assert np.array_equal(after[topic], counts.argmax(0) == index), topic
    assert np.array_equal(before["solar"], after["solar"])
    assert np.array_equal(before["roof"], after["roof"])
    assert smooth.fingerprint() != plain.fingerprint()


def test_models_run_once_per_scene_and_say_who_they_are(folder, models):
    scene, fused = scene_of(folder, 0.5), FusionSegmenter(plan_from(TABLE_9, folder), models)
    first = look(fused, scene, ["roof"]).masks["roof"]
    first[:] = True
    runs = {key: model.runs for key, model in models.items()}
    assert not look(fused, scene, ["roof", "water"]).masks["roof"].all()
    assert {key: model.runs for key, model in models.items()} == runs
    said = look(fused, scene, ["water", "roof"]).cautions
    assert "Masks of water come from dg and ev, not from a map." in said
    assert said[-1] == "Masks of roof come from airs, not from a map."
    assert any("far coarser than what airs" in sentence for sentence in said)
    assert any("resized to 0.4 m" in sentence for sentence in said)
    with pytest.raises(NotMeasurable):
        fused.look(scene, ["road"])


def test_one_model_alone_is_that_model(tmp_path):
    own = UNetSegmenter()
    record = {
        "models": {"own": {"card": "default"}},
        "land": {topic: [f"own.{topic}"] for topic in own.card.land},
        "objects": {head.topic: [f"own.{head.topic}"] for head in own.card.objects},
    }
    scene = scene_of(tmp_path, 0.5, 96, 128)
    fused = FusionSegmenter(plan_from(record))
    there = fused.look(scene, fused.topics).masks
    for topic, mask in own.look(scene, fused.topics).masks.items():
        assert np.array_equal(there[topic], mask), topic


def test_a_model_of_ones_own_needs_two_files_and_no_code(folder):
    onnx = pytest.importorskip("onnx", reason="making a model file needs onnx")
    helper, kind = onnx.helper, onnx.TensorProto
    sides = ["n", "h", "w"]
    graph = helper.make_graph(
        [
            helper.make_node("Cast", ["picture"], ["planes"], to=kind.FLOAT),
            helper.make_node("Transpose", ["planes"], ["logits"], perm=[0, 3, 1, 2]),
        ],
        "colours",
        [helper.make_tensor_value_info("picture", kind.UINT8, [*sides, 3])],
        [helper.make_tensor_value_info("logits", kind.FLOAT, ["n", 3, "h", "w"])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    content = model.SerializeToString()
    (folder / "colours.onnx").write_bytes(content)
    card = replace(
        DG, name="colours", file="colours.onnx", land=("barren", "forest", "water"), size=len(content)
    )
    card = replace(card, sha256=hashlib.sha256(content).hexdigest())
    (folder / "colours.json").write_text(json.dumps(written(card)), encoding="utf-8")
    plan = {"models": {"c": {"card": "colours.json"}}, "land": {n: [f"c.{n}"] for n in card.land}}
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    scene = scene_of(folder, None)
    masks = find_segmenter(f"fusion:{folder / 'plan.json'}").look(scene, ["water", "forest"]).masks
    best = scene.read_rgb().argmax(axis=2)
    assert np.array_equal(masks["forest"], best == 1)
    assert np.array_equal(masks["water"], best == 2)


def test_plans_are_read_as_yaml_too(folder):
    yaml = pytest.importorskip("yaml", reason="YAML needs pyyaml")
    (folder / "plan.json").write_text(json.dumps(TABLE_9), encoding="utf-8")
    (folder / "plan.yaml").write_text(yaml.safe_dump(TABLE_9, sort_keys=False), encoding="utf-8")
    assert load_plan(folder / "plan.yaml") == load_plan(folder / "plan.json")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"models": {}}, "names no models"),
        ({"models": []}, "table"),
        ({"models": {"dg": {}}}, "has no card"),
        ({"models": {"dg": {"card": "nowhere.json"}}}, "cannot be read"),
        ({"models": {"dg": {"card": "dg.json", "wieght": 1}}}, "wieght"),
        ({"models": {"dg": {"card": "dg.json", "classes": {"boats": 1}}}}, "boats"),
        ({"models": {"dg": {"card": "dg.json", "weight": -1}}}, "from 0 on"),
        ({"models": {"dg": {"card": "dg.json", "weight": float("nan")}}}, "from 0 on"),
        ({"models": {"dg": {"card": "dg.json", "weight": "1"}}}, "from 0 on"),
        ({"models": {"dg": {"card": "dg.json", "weight": 0}}, "objects": {}, "background": []}, "0 topics"),
        ({"land": {"water": "dg.water"}}, "list of names"),
        ({"land": {"water": ["dg.lava"]}}, "dg.lava"),
        ({"land": {"water": ["xx.water"]}}, "xx.water"),
        ({"land": {"a topic!": ["dg.water"]}}, "cannot be a topic"),
        ({"objects": {"lakes": ["dg.water"]}}, "water twice"),
        ({"composites": {"wild": ["jungle"]}}, "jungle"),
        ({"composites": {"wild": []}}, "nothing"),
        ({"mode_filter_metres": -3}, "from 0 on"),
        ({"modelz": {}}, "modelz"),
    ],
)
def test_plans_that_cannot_be_get_one_sentence(folder, change, says):
    base = {"models": {"dg": {"card": "dg.json"}}, "land": {"water": ["dg.water"], "forest": ["dg.forest"]}}
    with pytest.raises(ModelError, match=says) as error:
        plan_from({**base, **change}, folder)
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", "7", "\udcff"])
def test_files_that_are_no_plans(tmp_path, text):
    path = tmp_path / "plan.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ModelError):
        load_plan(path)
    with pytest.raises(InputError, match="cannot be read"):
        find_segmenter(f"fusion:{tmp_path / 'nowhere.json'}")


def test_the_plan_in_the_documents_is_one(folder):
    page = (Path(__file__).parents[2] / "docs" / "segmenters.md").read_text(encoding="utf-8")
    plan = plan_from(json.loads(page.split("```json")[1].split("```")[0]), folder)
    assert plan.topics == (
        "urban",
        "forest",
        "agric",
        "grass",
        "barren",
        "water",
        "solar",
        "roof",
        "vegetation",
    )
    assert set(plan.cards) == set(CARDS)


def test_a_mode_filter_wider_than_any_scene_ends(folder, models):
    scene = scene_of(folder, 0.5)
    wide = FusionSegmenter(plan_from({**TABLE_9, "mode_filter_metres": 100_000}, folder), models)
    whole = wide.look(scene, wide.topics).masks
    assert sum(mask.any() for topic, mask in whole.items() if topic in TABLE_9["land"]) <= 4
    part = wide.look(scene, wide.topics, (3, 5, 20, 17)).masks
    assert all(np.array_equal(whole[topic][5:17, 3:20], part[topic]) for topic in part)
