"""What changed between two images: every number against numpy and scipy on pairs whose truth is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from click.testing import CliRunner
from PIL import Image
from pyproj import Geod
from rasterio.warp import Resampling, reproject
from scipy import ndimage

from planimeter import LabelSegmenter, VectorSegmenter, ask, make_world, run
from planimeter.cli import group
from planimeter.errors import (
    LabelError,
    NotMeasurable,
    PlanimeterError,
    QuestionError,
    SceneError,
    UsageError,
)
from planimeter.program import Limits
from planimeter.raster import open_scene
from planimeter.raster.laid import lay
from planimeter.raster.shift import shift_between
from planimeter.segment.base import Seen

from .painted import EIGHT, GSD, Pair, painted, write_pair


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """With two buildings that were made one."""
    before, after, legend = painted()
    roof = legend["roof"]
    before.labels[160:170, 50:60], before.labels[160:170, 62:72], after.labels[160:170, 50:72] = (
        roof,
        roof,
        roof,
    )
    return write_pair(tmp_path_factory.mktemp("pair"), before, after, legend)


def hectares(mask: np.ndarray) -> float:
    return float(mask.sum() * GSD**2 / 10_000)


COVER: list[tuple[str, Callable[[np.ndarray, np.ndarray], float | str]]] = [
    ("How much forest was lost?", lambda was, now: hectares(was & ~now)),
    ("How much forest was gained?", lambda was, now: hectares(now & ~was)),
    ("How much forest was kept?", lambda was, now: hectares(was & now)),
    ("How many m² of forest were lost?", lambda was, now: 10_000 * hectares(was & ~now)),
    ("What percentage of the forest was lost?", lambda was, now: 100 * (was & ~now).sum() / was.sum()),
    ("What percentage of the forest was kept?", lambda was, now: 100 * (was & now).sum() / was.sum()),
    ("What is the net change in forest area?", lambda was, now: hectares(now) - hectares(was)),
    ("By how much did the forest shrink?", lambda was, now: hectares(was) - hectares(now)),
    ("By what percentage did the forest shrink?", lambda was, now: 100 * (1 - now.sum() / was.sum())),
    ("Did the forest shrink?", lambda was, now: "yes" if now.sum() < was.sum() else "no"),
    ("Did the forest grow?", lambda was, now: "yes" if now.sum() > was.sum() else "no"),
    (
        "Did the forest shrink by more than 20 %?",
        lambda was, now: "yes" if was.sum() - now.sum() > 0.2 * was.sum() else "no",
    ),
    (
        "Did the forest shrink by between 0 and 2 hectares?",
        lambda was, now: "yes" if 0 <= hectares(was) - hectares(now) <= 2 else "no",
    ),
]


@pytest.mark.parametrize(("question", "truth"), COVER, ids=[question for question, _ in COVER])
def test_a_cover_against_its_pixels(pair: Pair, question: str, truth: Callable[..., float | str]) -> None:
    wanted = truth(*pair.of("forest"))
    found = pair.ask(question).answer
    assert found == (wanted if isinstance(wanted, str) else pytest.approx(wanted, rel=1e-9))


def test_a_cover_that_became_another(pair: Pair) -> None:
    was, now = pair.of("forest")[0], pair.of("agric")[1]
    found = pair.ask("How much forest was converted to farmland?")
    assert found.answer == pytest.approx(hectares(was & now), rel=1e-9)
    share = pair.ask("What percentage of the forest became farmland?").answer
    assert share == pytest.approx(100 * (was & now).sum() / was.sum())
    changed = pair.ask("What percentage of the image changed?").answer
    same = sum(((pair.before == kind) & (pair.after == kind)).sum() for kind in pair.legend.values())
    assert changed == pytest.approx(100 * (1 - same / pair.before.size))


def fates(was: np.ndarray, now: np.ndarray) -> dict[str, int]:
    """How many components are new, gone, kept, grown and shrunk, by comparing every one with every other."""
    old, olds = ndimage.label(was, EIGHT)
    new, news = ndimage.label(now, EIGHT)
    partners: dict[int, list[int]] = {k: [] for k in range(1, news + 1)}
    for k in range(1, news + 1):
        for m in range(1, olds + 1):
            shared = int(((new == k) & (old == m)).sum())
            if shared and shared >= 0.5 * min((new == k).sum(), (old == m).sum()):
                partners[k].append(m)
    matched = {m for found in partners.values() for m in found}
    size = {k: int((new == k).sum()) for k in partners}
    earlier = {k: sum(int((old == m).sum()) for m in found) for k, found in partners.items()}
    return {
        "new": sum(not found for found in partners.values()),
        "gone": olds - len(matched),
        "kept": len(matched),
        "grown": sum(bool(found) and size[k] > 1.1 * earlier[k] for k, found in partners.items()),
        "shrunk": sum(bool(found) and size[k] < 0.9 * earlier[k] for k, found in partners.items()),
    }


QUESTIONS = {
    "new": "How many buildings are new?",
    "gone": "How many buildings were demolished?",
    "kept": "How many buildings are still there?",
    "grown": "How many buildings have grown?",
    "shrunk": "How many buildings have shrunk?",
}


def test_how_many_more_there_are_now(tmp_path: Path) -> None:
    before, after, legend = painted()
    for top, left in ((2, 2), (2, 20), (20, 2)):
        after.labels[top : top + 6, left : left + 6] = legend["roof"]
    pair = write_pair(tmp_path, before, after, legend)
    was, now = (ndimage.label(mask, EIGHT)[1] for mask in pair.of("roof"))
    assert was < now
    assert pair.ask("How many more buildings are there now than before?").answer == now - was
    assert pair.ask("How many more buildings are there than before?").answer == now - was
    assert pair.ask("How many fewer buildings are there now than before?").answer == was - now


@pytest.mark.parametrize("fate", QUESTIONS)
def test_matched_buildings_against_brute_force(pair: Pair, fate: str) -> None:
    wanted = fates(*pair.of("roof"))
    assert min(wanted.values()) > 0
    answer = pair.ask(QUESTIONS[fate])
    assert answer.answer == wanted[fate]
    assert "50 % of the smaller" in answer.reading


def test_new_buildings_under_a_condition(pair: Pair) -> None:
    was, now = pair.of("roof")
    old, _ = ndimage.label(was, EIGHT)
    new, count = ndimage.label(now, EIGHT)
    sizes = []
    for k in range(1, count + 1):
        touched = [m for m in np.unique(old[new == k]) if m]
        shares = [((new == k) & (old == m)).sum() / min((new == k).sum(), (old == m).sum()) for m in touched]
        if not any(share >= 0.5 for share in shares):
            sizes.append((new == k).sum() * GSD**2)
    assert pair.ask("How many new buildings larger than 26 m² are there?").answer == sum(
        s > 26 for s in sizes
    )
    for question in (
        "What is the total area of new buildings in m²?",
        "What is the total area of new buildings?",
    ):
        area = pair.ask(question)
        assert (area.answer, area.unit) == (pytest.approx(sum(sizes)), "m²")
    share = pair.ask("What percentage of the buildings are new?").answer
    assert share == pytest.approx(100 * len(sizes) / old.max())
    assert pair.ask("Are there any new buildings?").answer == "yes"


MATRIX = """
topics = {topics}
before = segment_image_from_path(BEFORE_PATH, topics, gsd=gsd)
after = segment_image_from_path(IMAGE_PATH, topics, gsd=gsd)
for row in calculate_transitions(before["shapes"], after["shapes"]):
    print(row["from"], row["to"], row["area_pixels"], repr(row["area_hectares"]))
answer = after["total_pixels"]
"""


def matrix(pair: Pair, topics: list[str], **options: Any) -> dict[tuple[str, str], tuple[int, float]]:
    printed = pair.run(MATRIX.format(topics=topics), **options).stdout.splitlines()
    rows = [line.split() for line in printed]
    return {(was, now): (int(pixels), float(area)) for was, now, pixels, area in rows}


@pytest.mark.parametrize("topics", [["forest", "agric", "grass", "road", "roof"], ["forest"]])
def test_every_entry_of_the_matrix(pair: Pair, topics: list[str]) -> None:
    found = matrix(pair, topics)
    values = [pair.legend[topic] for topic in topics]
    names = [*topics, "other"]
    was, now = (
        np.select([array == value for value in values], range(len(values)), len(values))
        for array in (pair.before, pair.after)
    )
    wanted = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(wanted, (was, now), 1)
    for i, one in enumerate(names):
        for j, other in enumerate(names):
            pixels, area = found.get((one, other), (0, 0.0))
            assert pixels == wanted[i, j], (one, other)
            assert area == pytest.approx(wanted[i, j] * GSD**2 / 10_000)


@pytest.mark.parametrize(
    "question",
    ["How much forest would be lost?", "How many buildings would be demolished within 50 m of water?"],
)
def test_what_may_come_is_no_change_between_two_dates(pair: Pair, question: str) -> None:
    with pytest.raises(QuestionError):
        pair.ask(question)


@pytest.mark.parametrize("tile", [(64, 96), (240, 17), (33, 240)])
def test_tiles_give_what_the_whole_gives(pair: Pair, tile: tuple[int, int]) -> None:
    limits = Limits(tile=tile)
    for question in (
        "How much forest was lost?",
        "What percentage of the forest was kept?",
        "How many buildings are new?",
        "How many buildings were demolished?",
        "How many buildings have grown?",
    ):
        assert pair.ask(question, limits=limits).answer == pytest.approx(pair.ask(question).answer, rel=1e-12)
    topics = ["forest", "agric", "roof"]
    whole, tiled = matrix(pair, topics), matrix(pair, topics, limits=limits)
    assert list(tiled) == list(whole)
    for key, (pixels, area) in whole.items():
        assert tiled[key] == (pixels, pytest.approx(area, rel=1e-12))


@pytest.mark.parametrize("limits", [None, Limits(tile=(64, 96))], ids=["whole", "tiled"])
def test_transitions_name_classes_as_the_program_asked_for_them(pair: Pair, limits: Limits | None) -> None:
    by_words = matrix(pair, ["trees", "fields", "buildings"], limits=limits)
    names = {"trees": "forest", "fields": "agric", "buildings": "roof"}
    for was, now in [
        ("trees", "fields"),
        ("trees", "trees"),
        ("buildings", "buildings"),
        ("buildings", "other"),
    ]:
        earlier = pair.of(names[was])[0]
        known = [pair.of(topic)[1] for topic in names.values()]
        later = ~np.logical_or.reduce(known) if now == "other" else pair.of(names[now])[1]
        assert by_words[was, now][0] == (earlier & later).sum() > 0
    assert {word for row in by_words for word in row} <= {*names, "other"}


def test_the_examples_of_the_program_functions_run(pair: Pair) -> None:
    from planimeter.program import functions

    found = pair.run(functions()["match_shapes"].example).answer
    assert found == fates(*pair.of("roof"))["new"]
    example = functions()["calculate_transitions"].example.replace('"urban"', '"agric"')
    was, now = pair.of("forest")[0], pair.of("agric")[1]
    assert pair.run(example.replace("urban", "agric")).answer == (was & now).sum()


# --- grids that differ


def rewritten(source: Path, target: Path, transform: Affine, shape: tuple[int, int], crs: Any) -> np.ndarray:
    """A raster resampled to another grid by nearest neighbour; returns its first band."""
    with rasterio.open(source) as opened:
        profile = opened.profile | {"transform": transform, "height": shape[0], "width": shape[1], "crs": crs}
        bands = np.zeros((opened.count, *shape), dtype=opened.dtypes[0])
        for band in range(opened.count):
            reproject(
                opened.read(band + 1), bands[band], src_transform=opened.transform, src_crs=opened.crs,
                dst_transform=transform, dst_crs=crs, resampling=Resampling.nearest,
            )  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(target, "w", **profile) as opened:
        opened.write(bands)
    return bands[0]


def test_a_coarser_earlier_grid_is_brought_over_by_nearest_neighbour(pair: Pair, tmp_path: Path) -> None:
    with rasterio.open(pair.image("before")) as opened:
        coarse = opened.transform * Affine.translation(0.25, 0.25) * Affine.scale(2)
        crs = opened.crs
    for name in ("image", "labels"):
        labels = rewritten(
            pair.folder / f"before/{name}.tif", tmp_path / f"{name}.tif", coarse, (119, 119), crs
        )
    ys, xs = np.mgrid[0:240, 0:240] + 0.5
    rows, columns = np.floor((ys - 0.25) / 2).astype(int), np.floor((xs - 0.25) / 2).astype(int)
    inside = (rows < 119) & (columns < 119)
    was = np.zeros((240, 240), dtype=bool)
    was[inside] = labels[rows[inside], columns[inside]] == pair.legend["forest"]
    now = pair.of("forest")[1] & inside
    earlier = LabelSegmenter(tmp_path / "labels.tif", pair.folder / "before/legend.json")
    for limits in (None, Limits(tile=(50, 70))):
        answer = ask(
            pair.image("after"), "How much forest was lost?", segmenter=pair.maps("after"),
            before=tmp_path / "image.tif", before_segmenter=earlier, limits=limits,
        )  # fmt: skip
        assert answer.answer == pytest.approx(hectares(was & ~now), rel=1e-12)
        assert any("brought to that of 'image.tif' by nearest neighbour" in said for said in answer.warnings)
        assert any("two dates together cover" in said for said in answer.warnings)
        assert answer.before["grid"] == "nearest"


def test_another_reference_system_is_warped(pair: Pair, tmp_path: Path) -> None:
    with rasterio.open(pair.image("before")) as opened:
        west, south, east, north = rasterio.warp.transform_bounds(opened.crs, "EPSG:4326", *opened.bounds)
    side = 400
    degrees = Affine((east - west) / side, 0, west, 0, (south - north) / side, north)
    for name in ("image", "labels"):
        labels = rewritten(
            pair.folder / f"before/{name}.tif", tmp_path / f"{name}.tif", degrees, (side, side), "EPSG:4326"
        )
    back = np.zeros((240, 240), dtype=np.uint8)
    with rasterio.open(pair.image("after")) as opened:
        ys, xs = np.mgrid[0:240, 0:240] + 0.5
        lon, lat = rasterio.warp.transform(
            opened.crs, "EPSG:4326", *(opened.transform * (xs.ravel(), ys.ravel()))
        )
    columns, rows = (np.floor(values).astype(int) for values in ~degrees * (np.array(lon), np.array(lat)))
    back.ravel()[:] = labels[rows, columns]
    was, now = (array == pair.legend["forest"] for array in (back, pair.after))
    earlier = LabelSegmenter(tmp_path / "labels.tif", pair.folder / "before/legend.json")
    answer = ask(
        pair.image("after"), "How much forest was lost?", segmenter=pair.maps("after"),
        before=tmp_path / "image.tif", before_segmenter=earlier,
    )  # fmt: skip
    assert answer.before["grid"] == "warped"
    nodata = back == 0
    assert answer.answer == pytest.approx(hectares(was & ~now & ~nodata), rel=1e-9)


def moved(pair: Pair, target: Path, east: float) -> Path:
    """The earlier image and labels, further east by metres."""
    for name in ("image", "labels"):
        with rasterio.open(pair.folder / f"before/{name}.tif") as opened:
            profile = opened.profile | {"transform": Affine.translation(east, 0) * opened.transform}
            bands = opened.read()
        target.mkdir(exist_ok=True)
        with rasterio.open(target / f"{name}.tif", "w", **profile) as opened:
            opened.write(bands)
    return target


def test_images_that_overlap_in_part_are_measured_on_the_common_ground(pair: Pair, tmp_path: Path) -> None:
    folder = moved(pair, tmp_path / "east", 60.0)  # 120 of 240 columns
    earlier = LabelSegmenter(folder / "labels.tif", pair.folder / "before/legend.json")
    answer = ask(
        pair.image("after"), "How much forest was gained?", segmenter=pair.maps("after"),
        before=folder / "image.tif", before_segmenter=earlier,
    )  # fmt: skip
    was, now = pair.of("forest")
    assert answer.answer == pytest.approx(hectares(now[:, 120:] & ~was[:, :120]), rel=1e-12)
    assert (
        "The two dates together cover 50 % of the scene: every figure is of that part alone."
        in answer.warnings
    )
    with pytest.raises(SceneError, match="do not overlap"):
        ask(
            pair.image("after"), "How much forest was gained?", segmenter=pair.maps("after"),
            before=moved(pair, tmp_path / "far", 5000.0) / "image.tif", before_segmenter=earlier,
        )  # fmt: skip


def test_nodata_of_either_date_belongs_to_nothing(pair: Pair, tmp_path: Path) -> None:
    holes = np.zeros((2, 240, 240), dtype=bool)
    holes[0, :, 100:110], holes[1, 30:50] = True, True
    for k, date in enumerate(("before", "after")):
        for name in ("image", "labels"):
            with rasterio.open(pair.folder / f"{date}/{name}.tif") as opened:
                profile, bands = opened.profile | {"nodata": 0}, opened.read()
            bands = np.where(bands == 0, 1, bands) if name == "image" else bands
            bands[:, holes[k]] = 0
            (tmp_path / date).mkdir(exist_ok=True)
            with rasterio.open(tmp_path / date / f"{name}.tif", "w", **profile) as opened:
                opened.write(bands)
    maps = [
        LabelSegmenter(tmp_path / d / "labels.tif", pair.folder / "after/legend.json")
        for d in ("before", "after")
    ]
    was, now = pair.of("forest")
    ground = ~holes.any(axis=0)
    wanted = {"lost": was & ~now, "gained": now & ~was, "kept": was & now}
    for what, mask in wanted.items():
        answer = ask(
            tmp_path / "after/image.tif", f"How much forest was {what}?", segmenter=maps[1],
            before=tmp_path / "before/image.tif", before_segmenter=maps[0],
        )  # fmt: skip
        assert answer.answer == pytest.approx(hectares(mask & ground), rel=1e-12)


def test_areas_are_of_the_ground_where_pixels_differ(tmp_path: Path) -> None:
    shape, transform = (60, 50), Affine(0.01, 0, 10.0, 0, -0.02, 61.0)
    rng = np.random.default_rng(2)
    dates = [rng.integers(1, 3, shape).astype(np.uint8) for _ in range(2)]
    for date, values in zip(("before", "after"), dates, strict=True):
        profile = {"driver": "GTiff", "width": 50, "height": 60, "count": 1, "dtype": "uint8"}
        with rasterio.open(
            tmp_path / f"{date}.tif", "w", crs="EPSG:4326", transform=transform, **profile
        ) as out:
            out.write(values, 1)
    legend = tmp_path / "legend.json"
    legend.write_text('{"forest": [1], "water": [2]}', encoding="utf-8")
    geod = Geod(ellps="WGS84")
    row = np.array([
        abs(geod.polygon_area_perimeter([10, 10.01, 10.01, 10], [n, n, n - 0.02, n - 0.02])[0])
        for n in 61.0 - 0.02 * np.arange(60)
    ])  # fmt: skip
    area = np.repeat(row[:, None], 50, axis=1) / 10_000
    was, now = (values == 1 for values in dates)
    options = {
        "segmenter": LabelSegmenter(tmp_path / "after.tif", legend),
        "before": tmp_path / "before.tif",
        "before_segmenter": LabelSegmenter(tmp_path / "before.tif", legend),
    }
    lost = ask(tmp_path / "after.tif", "How much forest was lost?", **options)  # type: ignore[arg-type]
    assert lost.answer == pytest.approx(float(area[was & ~now].sum()), rel=1e-4)
    assert lost.before["shift_pixels"] is None  # label rasters are no pictures
    share = ask(tmp_path / "after.tif", "What percentage of the forest was lost?", **options)  # type: ignore[arg-type]
    assert share.answer == pytest.approx(float(100 * area[was & ~now].sum() / area[was].sum()), rel=1e-4)
    grew = ask(tmp_path / "after.tif", "Did the forest grow?", **options).answer  # type: ignore[arg-type]
    assert grew == ("yes" if area[now].sum() > area[was].sum() else "no")


# --- pictures without a place, and shifts


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Two plain pictures of one place with labels, the later one's content 3 pixels right and 2 up."""
    world = make_world(3, size=260)
    legend = world.legend
    (tmp_path / "legend.json").write_text(json.dumps(legend), encoding="utf-8")
    for name, (x, y) in {"before": (20, 20), "after": (17, 22)}.items():
        part = slice(y, y + 220), slice(x, x + 220)
        Image.fromarray(world.image[part]).save(tmp_path / f"{name}.png")
        Image.fromarray(world.labels[part]).save(tmp_path / f"{name}_labels.png")
    return tmp_path


def png_ask(folder: Path, question: str, **options: Any) -> Any:
    maps = {
        date: LabelSegmenter(folder / f"{date}_labels.png", folder / "legend.json")
        for date in ("before", "after")
    }
    return ask(
        folder / "after.png", question, segmenter=maps["after"], before=folder / "before.png",
        before_segmenter=maps["before"], **options,
    )  # fmt: skip


def test_pictures_are_laid_pixel_by_pixel_and_their_shift_is_found(pictures: Path) -> None:
    answer = png_ask(pictures, "What percentage of the image changed?", gsd=0.5)
    assert answer.before["grid"] == "pixel by pixel"
    assert answer.before["shift_pixels"] == pytest.approx([3, -2], abs=0.2)
    said = " ".join(answer.warnings)
    assert "laid on one another pixel by pixel" in said
    assert "shifted by 3.6 pixels (1.8 m)" in said
    assert "Nothing was moved" in said
    was, now = (
        np.asarray(Image.open(pictures / f"{date}_labels.png")) for date in ("before", "after")
    )  # counted as they lie
    assert answer.answer == pytest.approx(100 * (was != now).mean(), abs=1e-9)


def test_without_a_scale_shares_and_counts_are_answered_and_areas_refused(pictures: Path) -> None:
    was, now = (
        np.asarray(Image.open(pictures / f"{date}_labels.png"))
        == json.loads((pictures / "legend.json").read_text())["grass"][0]
        for date in ("before", "after")
    )
    found = png_ask(pictures, "What percentage of the grass was lost?").answer
    assert found == pytest.approx(100 * (was & ~now).sum() / was.sum())
    assert png_ask(pictures, "Did the grass grow?").answer == ("yes" if now.sum() > was.sum() else "no")
    with pytest.raises(PlanimeterError, match="--gsd"):
        png_ask(pictures, "How much grass was lost?")


def test_pictures_of_two_sizes_are_refused(pictures: Path) -> None:
    Image.fromarray(np.zeros((50, 60, 3), dtype=np.uint8)).save(pictures / "before.png")
    with pytest.raises(SceneError, match="nothing says how one lies on the other"):
        png_ask(pictures, "How much grass was lost?", gsd=0.5)


@pytest.mark.parametrize("move", [(0, 0), (1, 0), (0, 5), (-4, 7), (12, -9)])
def test_a_known_shift_is_found_through_new_light_and_buildings(move: tuple[int, int]) -> None:
    world = make_world(8, size=300)
    grey = world.image.astype(np.float32).mean(axis=2)
    dx, dy = move
    earlier, later = grey[30:270, 30:270], grey[30 - dy : 270 - dy, 30 - dx : 270 - dx].copy()
    later = 0.6 * later + 40 + np.random.default_rng(0).normal(0, 8, later.shape)
    later[50:110, 80:170] = 200.0
    found = shift_between(earlier, later.astype(np.float32))
    assert found.known
    assert (found.dx, found.dy) == pytest.approx(move, abs=0.3)
    assert bool(found.caution(None)) == (found.pixels > 1)


def test_two_places_have_no_shift() -> None:
    one, other = (make_world(seed, size=200).image.astype(np.float32).mean(axis=2) for seed in (1, 2))
    found = shift_between(one, other)
    assert not found.known
    assert "could not be measured" in found.caution(None)
    assert not shift_between(np.zeros((99, 99), np.float32), other[:99, :99]).known


# --- what is refused, and what is said


def test_change_without_an_earlier_image_is_refused_with_the_remedy(pair: Pair) -> None:
    for question in (
        "How much forest was lost?",
        "How many buildings are new?",
        "What changed?",
        "Did the lake shrink?",
    ):
        with pytest.raises(NotMeasurable, match="--before IMAGE"):
            ask(pair.image("after"), question, segmenter=pair.maps("after"))
    text = "answer = len(segment_image_from_path(BEFORE_PATH, ['roof'])['shapes'])"
    with pytest.raises(NotMeasurable, match="--before IMAGE"):
        run(text, pair.image("after"), segmenter=pair.maps("after"))


def test_maps_of_one_date_do_not_stand_for_both(pair: Pair, tmp_path: Path) -> None:
    with pytest.raises(NotMeasurable, match="--before-labels"):
        pair.ask("How much forest was lost?", before_segmenter=None)
    with pytest.raises(UsageError, match="give it as `before`"):
        ask(
            pair.image("after"),
            "How much forest?",
            segmenter=pair.maps("after"),
            before_segmenter=pair.maps("before"),
        )
    (tmp_path / "other.json").write_text('{"forest": [71], "water": [72]}', encoding="utf-8")
    wrong = LabelSegmenter(pair.folder / "before/labels.tif", tmp_path / "other.json")
    with pytest.raises(LabelError, match="--before-legend"):
        pair.ask("How much forest was gained?", before_segmenter=wrong)
    (tmp_path / "water.json").write_text('{"water": [5]}', encoding="utf-8")
    narrow = LabelSegmenter(pair.folder / "before/labels.tif", tmp_path / "water.json")
    with pytest.raises(NotMeasurable, match="earlier date does not show forest"):
        pair.ask("How much forest was gained?", before_segmenter=narrow)


def test_a_question_that_is_not_about_change_is_of_the_later_image(pair: Pair, tmp_path: Path) -> None:
    folder = moved(pair, tmp_path / "east", 60.0)
    alone = ask(pair.image("after"), "What percentage of the image is forest?", segmenter=pair.maps("after"))
    both = ask(
        pair.image("after"), "What percentage of the image is forest?", segmenter=pair.maps("after"),
        before=folder / "image.tif",
        before_segmenter=LabelSegmenter(folder / "labels.tif", pair.folder / "before/legend.json"),
    )  # fmt: skip
    assert both.answer == alone.answer
    assert "Nothing of this answer is about change: the later image alone was measured." in both.warnings
    assert both.before is None


def test_a_percentage_of_nothing_is_refused(pair: Pair) -> None:
    assert not pair.of("solar")[0].any()
    for question in (
        "What percentage of the solar area was gained?",
        "What percentage of the solar panels are new?",
    ):
        with pytest.raises(NotMeasurable, match="At the earlier date there are no solar"):
            pair.ask(question)


def test_vector_layers_of_both_dates(pair: Pair, tmp_path: Path) -> None:
    import geopandas
    import shapely

    with rasterio.open(pair.image("after")) as opened:
        transform, crs = opened.transform, opened.crs

    def block(x: int, y: int, side: int) -> shapely.Polygon:
        (west, north), (east, south) = transform * (x, y), transform * (x + side, y + side)
        return shapely.box(west, south, east, north)

    dates = {
        "before": [block(10, 10, 20), block(60, 60, 20)],
        "after": [block(12, 10, 20), block(120, 60, 30)],
    }
    for date, shapes in dates.items():
        geopandas.GeoDataFrame(geometry=shapes, crs=crs).to_file(tmp_path / f"{date}.gpkg")
    options = {
        "segmenter": VectorSegmenter("roof", tmp_path / "after.gpkg"),
        "before_segmenter": VectorSegmenter("roof", tmp_path / "before.gpkg"),
    }
    assert pair.ask("How many buildings are new?", **options).answer == 1
    assert pair.ask("How many buildings are gone?", **options).answer == 1
    lost = pair.ask("What area of buildings was lost in m²?", **options).answer
    assert lost == pytest.approx((20 * 20 + 2 * 20) * GSD**2, rel=2e-3)
    tiled = pair.ask("How many buildings are new?", **options, limits=Limits(tile=(64, 64))).answer
    assert tiled == 1


def test_grids_are_laid_in_four_ways(pair: Pair, tmp_path: Path) -> None:
    one, other = open_scene(pair.image("before")), open_scene(pair.image("after"))
    same = lay(one, other)
    assert (same.how, same.sentence, same.common()) == ("same grid", "", 1.0)
    half = lay(open_scene(moved(pair, tmp_path / "half", 60.0) / "image.tif"), other)
    assert half.how == "nearest"
    assert half.common() == pytest.approx(0.5, abs=0.01)


def test_the_command_line(pair: Pair) -> None:
    labels, legend = (str(pair.folder / f"after/{name}") for name in ("labels.tif", "legend.json"))
    call = [
        "ask",
        str(pair.image("after")),
        "How much forest was lost?",
        "--labels",
        labels,
        "--legend",
        legend,
    ]
    both = [
        *call,
        "--before",
        str(pair.image("before")),
        "--before-labels",
        str(pair.folder / "before/labels.tif"),
    ]
    done = CliRunner().invoke(group, [*both, "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    was, now = pair.of("forest")
    assert found["answer"] == pytest.approx(hectares(was & ~now))
    assert found["before"] == {
        "image": "image.tif",
        "segmenter": "labels labels.tif (legend.json)",
        "grid": "same grid",
        "shift_pixels": [0.0, 0.0],
    }
    lonely = CliRunner().invoke(group, [*call, "--before-labels", labels])
    assert isinstance(lonely.exception, UsageError)
    refused = CliRunner().invoke(group, call)
    assert isinstance(refused.exception, NotMeasurable)


# --- with tables, and areas of interest


#: What tables of land cover call topics.
_SHOWN = {
    "agric": "agricultural land", "grass": "grassland", "barren": "barren land", "road": "roads", "roof": "buildings",
    "solar": "solar panels",
}  # fmt: skip


def test_what_became_what_is_a_table(pair: Pair) -> None:
    answer = pair.ask("What did the forest become?")
    assert answer.type == "table"
    assert [column.heading for column in answer.answer.columns] == [
        "from",
        "to",
        "area [ha]",
        "share of from [%]",
    ]
    was = pair.of("forest")[0]
    named = {value: _SHOWN.get(topic, topic) for topic, value in pair.legend.items()}
    wanted = {
        named[value]: count
        for value, count in zip(*np.unique(pair.after[was], return_counts=True), strict=True)
    }
    rows = answer.answer.records()
    assert {row["to"]: row["area"] for row in rows} == pytest.approx(
        {topic: count * GSD**2 / 10_000 for topic, count in wanted.items()}
    )
    assert [row["area"] for row in rows] == sorted((row["area"] for row in rows), reverse=True)
    assert sum(row["share of from"] for row in rows) == pytest.approx(100)
    whole = pair.ask("What changed?").answer
    assert sum(row["area"] for row in whole.records()) == pytest.approx(240 * 240 * GSD**2 / 10_000)
    acres = pair.ask("What became farmland, in acres?").answer
    assert acres.columns[2].unit == "acres"
    gained = {row["from"]: row["area"] for row in acres.records()}
    now = pair.of("agric")[1]
    assert gained["forest"] == pytest.approx((was & now).sum() * GSD**2 / 4046.8564224)


def test_change_inside_an_area_of_interest(pair: Pair) -> None:
    box = np.zeros((240, 240), dtype=bool)
    box[30:80, 50:120] = True
    was, now = (mask & box for mask in pair.of("forest"))
    inside = {"area": "pixels:50,30,120,80"}
    assert pair.ask("How much forest was lost?", **inside).answer == pytest.approx(hectares(was & ~now))
    share = pair.ask("What percentage of the forest was lost?", **inside).answer
    assert share == pytest.approx(100 * (was & ~now).sum() / was.sum())
    rows = pair.ask("What did the forest become?", **inside).answer.records()
    assert sum(row["area"] for row in rows) == pytest.approx(hectares(was))
    near = pair.ask("By how much did the number of buildings within 10 m of forest change?", **inside)
    assert near.answer == 0
    assert "BEFORE_PATH" in near.program


# --- a model that looks at both dates


class Bright:
    """Buildings are where the picture is bright: a model of one line, which may look at whole scenes only."""

    name = "bright"
    topics = ("roof",)

    def __init__(self, parts: bool = False) -> None:
        self.parts = parts
        self.looked_at: list[str] = []

    def look(self, scene: Any, topics: Any, box: Any = None) -> Seen:
        if not topics:
            return Seen({})
        self.looked_at.append(str(scene.path.parent.name))
        return Seen(
            {"roof": scene.read_rgb(box)[..., 0] > 128}, None, ("Bright things are taken for buildings.",)
        )

    def fingerprint(self) -> str:
        return f"bright {self.parts}"


def bright_image(
    path: Path, blocks: list[tuple[int, int, int]], side: int = 120, gsd: float = 1.0
) -> np.ndarray:
    """A dark image with bright squares (x, y, size in metres); returns where they are."""
    mask = np.zeros((side, side), dtype=bool)
    for x, y, size in blocks:
        mask[round(y / gsd) : round((y + size) / gsd), round(x / gsd) : round((x + size) / gsd)] = True
    noise = np.random.default_rng(1).integers(0, 20, mask.shape, np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    profile = {
        "driver": "GTiff",
        "width": side,
        "height": side,
        "count": 1,
        "dtype": "uint8",
        "crs": "EPSG:32633",
    }
    with rasterio.open(path, "w", transform=Affine(gsd, 0, 5e5, 0, -gsd, 5e6), **profile) as out:
        out.write(np.where(mask, 220, 30).astype(np.uint8) + noise, 1)
    return mask


@pytest.mark.parametrize("parts", [False, True])
def test_one_model_looks_at_both_images(tmp_path: Path, parts: bool) -> None:
    was = bright_image(tmp_path / "before/image.tif", [(10, 10, 20), (60, 60, 20)])
    now = bright_image(tmp_path / "after/image.tif", [(10, 10, 20), (90, 20, 10)])
    model = Bright(parts)
    earlier = tmp_path / "before/image.tif"
    answer = ask(tmp_path / "after/image.tif", "How many buildings are new?", segmenter=model, before=earlier)
    assert answer.answer == 1
    assert set(model.looked_at) == {"before", "after"}
    assert any("another season, light" in said for said in answer.warnings)
    assert answer.warnings.count("Bright things are taken for buildings.") == 1
    assert not any(said.startswith("Of the earlier date: Bright") for said in answer.warnings)
    question = "What area of buildings was lost in m²?"
    lost = ask(tmp_path / "after/image.tif", question, segmenter=model, before=earlier).answer
    assert lost == pytest.approx((was & ~now).sum())


@pytest.mark.parametrize("parts", [False, True])
def test_a_model_looks_at_a_finer_earlier_image_as_it_is(
    tmp_path: Path, parts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = [(10, 10, 20), (60, 60, 21)]
    fine = bright_image(tmp_path / "before/image.tif", blocks, side=520, gsd=0.25)
    now = bright_image(tmp_path / "after/image.tif", [(10, 10, 20)])
    centres = np.arange(120) * 4 + 2  # the pixel of 0.25 m under the centre of one of 1 m
    was = fine[np.ix_(centres, centres)]
    if parts:
        monkeypatch.setattr("planimeter.segment.dates._WINDOW", 5000)
    answer = ask(
        tmp_path / "after/image.tif", "What area of buildings was lost in m²?", segmenter=Bright(parts),
        before=tmp_path / "before/image.tif",
    )  # fmt: skip
    assert answer.answer == pytest.approx((was & ~now).sum())
    assert answer.before is not None
    assert answer.before["grid"] == "nearest"
