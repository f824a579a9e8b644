"""One program text, one answer: a scene measured in tiles gives what it gives at once, to the last bit."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.crs import CRS

import planimeter
from planimeter.errors import ModelError, UsageError
from planimeter.program import Limits, Run, run_program
from planimeter.raster import Scene, open_scene
from planimeter.scale.limits import limits_for
from planimeter.scale.masks import write_masks_of
from planimeter.scale.tiles import DaskTiles
from planimeter.segment import LabelSegmenter, Legend, StackSegmenter, VectorSegmenter
from planimeter.segment.base import look_at
from planimeter.segment.noise import NoiseSpec, NoisySegmenter
from planimeter.spatial import Layer, label_regions, write_geopackage
from planimeter.worlds import make_world

LEGEND = {"water": [1], "roof": [2], "forest": [3], "nodata": [9]}
EVERYTHING = """
found = segment_image_from_path(IMAGE_PATH, ["water", "roof", "forest"], gsd=gsd)
shapes = found["shapes"]
kinds = {kind: [s for s in shapes if s["class_type"] == kind] for kind in ("water", "roof", "forest")}
near = find_shapes_within_distance(kinds["roof"], kinds["water"], METRES, gsd)
far = find_shapes_beyond_distance(kinds["forest"], kinds["roof"][:3], METRES, gsd)
calculate_shape_distances(kinds["roof"], kinds["water"], gsd)
calculate_shape_perimeters(shapes, gsd)
on = intersect_shapes(near, merge_shapes(kinds["forest"] + kinds["roof"], "mix"))
off = subtract_shapes(kinds["forest"], far)
image = find_image_shapes()
corner = find_image_shapes(0.1, 0.5, 0.77, 1.0)
bare = subtract_shapes(image, shapes)
for group in (shapes, near, far, on, off, image, corner, bare):
    print([(s["id"], s["area_pixels"], s["area_hectares"], s.get("source_id")) for s in group])
    print([(s["bbox"], s["centroid"]) for s in group])
print([s["polygon"] for s in near], [s["distance_meters"] for s in kinds["roof"]])
print([s["perimeter_meters"] for s in shapes])
print(found["total_pixels"], found["total_hectares"])
answer = len(near)
"""


def write(path: Path, bands: np.ndarray, crs: CRS | None, transform: Affine | None, **more: Any) -> Path:
    count, height, width = bands.shape
    profile = {"driver": "GTiff", "count": count, "height": height, "width": width, "dtype": bands.dtype}
    if crs is not None:
        profile |= {"crs": crs, "transform": transform}
    with rasterio.open(path, "w", **profile, **more) as file:
        file.write(bands)
    return path


SCENES = {
    "metric": (CRS.from_epsg(32633), Affine(0.5, 0, 500_000, 0, -0.5, 4_600_000)),
    "oblong": (CRS.from_epsg(32633), Affine(0.5, 0, 500_000, 0, -0.8, 4_600_000)),
    "degrees": (CRS.from_epsg(4326), Affine(1e-4, 0, 24.0, 0, -1e-4, 60.0)),
}


def scene_of(folder: Path, labels: np.ndarray, kind: str) -> tuple[Scene, StackSegmenter]:
    """A picture with a hole of nodata, and a label raster with another."""
    crs, transform = SCENES[kind]
    picture = np.full((3, *labels.shape), 90, np.uint8)
    picture[:, -3:, :2] = 0
    image = write(folder / "image.tif", picture, crs, transform, nodata=0)
    maps = write(folder / "labels.tif", labels[None], crs, transform)
    legend = folder / "legend.json"
    legend.write_text(json.dumps(LEGEND))
    return open_scene(image), StackSegmenter([LabelSegmenter(maps, legend)])


def outcome(run: Run) -> list[Any]:
    evidence = [
        (kind, regions.runs.start.tolist(), regions.owner.tolist())
        for kind, regions in [*run.evidence.counted, *run.evidence.reference]
    ]
    return [run.answer, run.stdout, run.warnings, evidence, [(c.function, c.result) for c in run.trace]]


@st.composite
def label_pictures(draw: st.DrawFn) -> np.ndarray:
    """Winding bands of three topics, speckled, with holes of nodata."""
    height, width = draw(st.integers(8, 70)), draw(st.integers(8, 70))
    y, x = np.mgrid[:height, :width]
    a, b, period = draw(st.integers(-4, 4)), draw(st.integers(-4, 4)), draw(st.integers(4, 17))
    labels = ((a * x + b * y + x * y // 9) // 2 % period).astype(np.uint8)
    labels[labels > 3] = 0
    speckles = np.random.default_rng(draw(st.integers(0, 99))).random(labels.shape)
    labels[speckles < 0.04] = 2
    labels[speckles > 0.97] = 9
    return labels


@settings(max_examples=25, deadline=None)
@given(
    labels=label_pictures(),
    tile=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    kind=st.sampled_from(sorted(SCENES)),
    metres=st.sampled_from([0.0, 1.0, 2.5, 4.0, 30.0]),
)
def test_a_program_finds_the_same_in_tiles(
    tmp_path_factory: pytest.TempPathFactory,
    labels: np.ndarray,
    tile: tuple[int, int],
    kind: str,
    metres: float,
) -> None:
    scene, segmenter = scene_of(tmp_path_factory.mktemp("scene"), labels, kind)
    text = EVERYTHING.replace("METRES", repr(metres))
    whole = run_program(text, scene, segmenter, limits=Limits(tile=labels.shape))
    tiled = run_program(text, scene, segmenter, limits=Limits(tile=tile))
    assert outcome(tiled) == outcome(whole)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_world(seed=6, size=700, density=2).write(tmp_path_factory.mktemp("world"))


@pytest.mark.parametrize(
    "question",
    [
        "How many buildings are within 20 m of water?",
        "What is the total forest area (in hectares) within 30 m of roads?",
        "What percentage of the image is vegetation?",
        "What is the average distance from buildings to water?",
        "What is the land cover composition?",
        "List the buildings within 30 m of a road.",
        "Where is the water nearest to the largest building?",
    ],
)
def test_a_question_has_the_same_answer_and_evidence_in_tiles(
    world: dict[str, Path], tmp_path: Path, question: str
) -> None:
    maps = LabelSegmenter(world["labels"], world["legend"])
    whole = planimeter.ask(world["image"], question, segmenter=maps)
    tiled = planimeter.ask(
        world["image"], question, segmenter=maps, limits=Limits(tile=(128, 200), each=DaskTiles(workers=2))
    )
    assert (tiled.answer, tiled.unit, tiled.warnings) == (whole.answer, whole.unit, whole.warnings)
    one, other = (answer.save(tmp_path / name) for name, answer in (("whole", whole), ("tiled", tiled)))
    assert one["overlay"].read_bytes() == other["overlay"].read_bytes()
    assert one["shapes"].read_bytes() == other["shapes"].read_bytes()


def test_labels_on_another_grid_are_the_same_in_parts(tmp_path: Path) -> None:
    crs, transform = SCENES["metric"]
    scene = open_scene(write(tmp_path / "i.tif", np.full((3, 90, 110), 7, np.uint8), crs, transform))
    labels = np.random.default_rng(1).integers(0, 4, (1, 40, 45)).astype(np.uint8)
    for number, other in enumerate(
        [
            (crs, Affine(1.3, 0, 499_990, 0, -1.3, 4_600_003)),
            (CRS.from_epsg(4326), Affine(1.5e-5, 0, 14.99995, 0, -1.2e-5, 41.55165)),
        ]
    ):
        path = write(tmp_path / f"{number}.tif", labels, *other, nodata=0)
        maps = LabelSegmenter(path, Legend("own", {"water": (1, 2)}, {"water": ()}))
        whole, valid = maps.look(scene, ["water"]).masks["water"], maps.look(scene, ()).valid
        assert valid is not None
        assert 0 < whole.sum() < valid.sum() < whole.size
        for box in ((0, 0, 50, 40), (50, 0, 110, 40), (0, 40, 50, 90), (50, 40, 110, 90)):
            part = maps.look(scene, ["water"], box)
            x0, y0, x1, y1 = box
            assert np.array_equal(part.masks["water"], whole[y0:y1, x0:x1])
            covered = np.ones((y1 - y0, x1 - x0), bool) if part.valid is None else part.valid
            assert np.array_equal(covered, valid[y0:y1, x0:x1])


def test_vector_layers_are_the_same_in_parts(tmp_path: Path) -> None:
    crs, transform = SCENES["metric"]
    scene = open_scene(write(tmp_path / "i.tif", np.full((3, 90, 110), 7, np.uint8), crs, transform))
    mask = np.random.default_rng(2).random((90, 110)) < 0.2
    shifted = transform * Affine.translation(0.3, 0.2)
    write_geopackage(tmp_path / "roofs.gpkg", [Layer("roof", label_regions(mask))], shifted, crs)
    source = VectorSegmenter("roof", tmp_path / "roofs.gpkg")
    whole = source.look(scene, ["roof"]).masks["roof"]
    assert np.array_equal(whole, mask)
    for box in ((0, 0, 37, 90), (37, 0, 110, 41), (37, 41, 110, 90)):
        x0, y0, x1, y1 = box
        assert np.array_equal(source.look(scene, ["roof"], box).masks["roof"], whole[y0:y1, x0:x1])


def test_masks_are_written_the_same_in_tiles(world: dict[str, Path], tmp_path: Path) -> None:
    scene, source = open_scene(world["image"]), LabelSegmenter(world["labels"], world["legend"])
    topics = ["roof", "water"]
    found = []
    for name, tile in (("whole", (700, 700)), ("tiled", (256, 300))):
        limits = Limits(tile=tile, each=DaskTiles(workers=2))
        counts = write_masks_of(tmp_path / f"{name}.tif", scene, source, topics, limits)
        with rasterio.open(tmp_path / f"{name}.tif") as file:
            found.append((counts, file.read().tolist(), file.descriptions))
    assert found[0] == found[1]


def test_a_segmenter_that_needs_the_whole_scene_says_so(world: dict[str, Path]) -> None:
    class Whole:
        name, topics = "some model", ("water",)

    scene = open_scene(world["image"])
    with pytest.raises(ModelError, match=r"some model looks at whole scenes only.*raise --max-memory"):
        look_at(Whole(), scene, ["water"], (0, 0, 9, 9))  # type: ignore[arg-type]
    noisy = NoisySegmenter(LabelSegmenter(world["labels"], world["legend"]), NoiseSpec.of_level(0.1))
    with pytest.raises(ModelError, match=r"noise.*looks at whole scenes only"):
        planimeter.ask(
            world["image"], "How many buildings are there?", segmenter=noisy, limits=Limits(tile=(99, 99))
        )


def test_memory_is_read_as_people_write_it() -> None:
    assert limits_for("512M").resident_bytes == 512 << 20
    assert limits_for().resident_bytes is None
    for wrong in ("lots", "-1G", "0"):
        with pytest.raises(UsageError, match="--max-memory 4GiB"):
            limits_for(wrong)


def test_too_little_memory_is_refused(world: dict[str, Path]) -> None:
    def asked(memory: str) -> planimeter.Answer:
        return planimeter.ask(
            world["image"],
            "What percentage is water?",
            segmenter=LabelSegmenter(world["labels"], world["legend"]),
            limits=limits_for(memory),
        )

    with pytest.raises(UsageError, match=r"give --max-memory (\d+)MiB") as refused:
        asked("1M")
    said = re.search(r"(\d+)MiB or more", str(refused.value))
    assert said
    assert asked(f"{said[1]}MiB").answer == asked("8GiB").answer  # what is said suffices


def test_segmenters_travel_without_what_they_have_read(world: dict[str, Path]) -> None:
    source = LabelSegmenter(world["labels"], world["legend"])
    before = len(pickle.dumps(source))
    source.look(open_scene(world["image"]), ["water"])
    assert len(pickle.dumps(source)) == before
