"""One question for every zone, in one pass and by a program each, in tiles and whole: against numpy and shapely."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from affine import Affine
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

import planimeter
from planimeter import LabelSegmenter, VectorSegmenter, open_scene
from planimeter.answer import by_zone
from planimeter.answer.zone_values import coverage
from planimeter.cli import group
from planimeter.errors import LabelError, NotMeasurable, ScaleError, UsageError
from planimeter.program import Limits
from planimeter.raster.pixel_areas import PixelAreas, area_of_mask
from planimeter.spatial.fractions import polygon_fractions
from planimeter.spatial.zones import ZoneSums, read_zones, zones_of
from planimeter.table import Table

from .painted import (
    DX,
    DY,
    EIGHT,
    FRAME,
    HEIGHT,
    LIMITS,
    PIXEL,
    UTM,
    WIDTH,
    cells,
    centres,
    fractions,
    on_map,
    painted,
    write_scene,
    write_zones,
)

GRIDS = {
    "UTM": UTM,
    "degrees": ("EPSG:4326", Affine(0.5, 0, -20, 0, -0.4, 80)),
    "Web Mercator": ("EPSG:3857", Affine(9e4, 0, -2e6, 0, -2e5, 1.5e7)),
}


class Place:
    """A scene with labels and zones, on disk."""

    def __init__(self, folder: Path, crs: str | None, transform: Affine) -> None:
        self.folder, self.labels, self.crs, self.transform = folder, painted(4, 50), crs, transform
        self.image, self.map, self.legend = write_scene(folder, "scene", self.labels, crs, transform)
        self.maps = LabelSegmenter(self.map, self.legend)
        self.valid = self.labels != 255

    def layer(self, name: str, polygons: list[Any], names: list[str] | None = None) -> Path:
        return write_zones(self.folder / name, polygons, self.crs, self.transform, names)

    def ask(self, question: str, zones: Path, limits: Limits | None = None, **more: Any) -> Any:
        given: dict[str, Any] = {"segmenter": self.maps, "zone_name": "NAME", **more}
        return planimeter.ask(self.image, question, zones=zones, limits=limits, **given)


@pytest.fixture(scope="module", params=GRIDS)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp(request.param.replace(" ", "")), *GRIDS[request.param])


@pytest.fixture(scope="module")
def utm(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("plain"), *GRIDS["UTM"])


def ground(place: Place) -> np.ndarray:
    """(H, W) m² of every pixel, as the scene's scale has them (which test_ground_not_pixels.py checks)."""
    area = open_scene(place.image).scale.pixel_area  # type: ignore[union-attr]
    if isinstance(area, PixelAreas):
        y, x = np.mgrid[:HEIGHT, :WIDTH].reshape(2, -1)
        return area.of_runs(y, x, x + 1).reshape(HEIGHT, WIDTH)
    return np.broadcast_to(np.reshape(area, (-1, 1)), (HEIGHT, WIDTH)).astype(float)


def column(answer: Any, name: str) -> list[Any]:
    assert isinstance(answer.answer, Table)
    assert answer.type == "table"
    return answer.answer.column(name)


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize("border", ["centre", "exact"])
def test_areas_and_shares_are_those_of_each_zone_and_add_up(place: Place, border: str, limits: str) -> None:
    polygons = cells(9)
    zones = place.layer(f"cells-{border}-{limits}.gpkg", polygons)
    weigh = {"centre": centres, "exact": fractions}[border]
    size = ground(place) / 1e4
    forest, valid = place.labels == 3, place.valid
    areas = [float((weigh(p) * forest * size).sum()) for p in polygons]
    grounds = [float((weigh(p) * valid * size).sum()) for p in polygons]
    answer = place.ask("What is the area of forest in hectares?", zones, LIMITS[limits], border=border)
    total = (forest * size).sum()
    assert column(answer, "area") == pytest.approx([*areas, total], rel=1e-9)
    assert column(answer, "zone") == [*(f"District {k}" for k in range(9)), "all zones"]
    share = place.ask(
        "What percentage of the image is covered by forest?", zones, LIMITS[limits], border=border
    )
    wanted = [100 * a / g for a, g in zip(areas, grounds, strict=True)]
    assert column(share, "share") == pytest.approx([*wanted, 100 * total / (valid * size).sum()], rel=1e-9)
    assert column(share, "area") == pytest.approx([*areas, total], rel=1e-9)
    assert column(share, "zone area") == pytest.approx([*grounds, (valid * size).sum()], rel=1e-9)
    whole = planimeter.ask(place.image, "What is the area of forest in hectares?", segmenter=place.maps)
    assert sum(column(answer, "area")[:-1]) == pytest.approx(whole.answer, rel=1e-9)
    assert not any("zone" in said for said in share.warnings)


@pytest.mark.parametrize("limits", LIMITS)
def test_shapes_are_counted_in_every_zone_that_they_lie_in(utm: Place, limits: str) -> None:
    polygons = cells(9)
    numbers, _ = ndimage.label(utm.labels == 2, EIGHT)
    here = [set(np.unique(numbers[centres(p)])) - {0} for p in polygons]
    cut = [here[k] & set(np.unique(numbers[~centres(p)])) for k, p in enumerate(polygons)]
    zones = utm.layer(f"count-{limits}.gpkg", polygons)
    answer = utm.ask("How many buildings are there?", zones, LIMITS[limits])
    assert column(answer, "count") == [*map(len, here), numbers.max()]
    assert column(answer, "cut by the border") == [*map(len, cut), 0]
    several = sum(sum(k in zone for zone in here) > 1 for k in range(1, numbers.max() + 1))
    assert several
    assert any(said.startswith(f"{several} buildings lie in more than one zone") for said in answer.warnings)
    dense = utm.ask("How many buildings per hectare are there?", zones, LIMITS[limits])
    hectares = [(centres(p) & utm.valid).sum() * PIXEL / 1e4 for p in polygons]
    wanted = [len(k) / area for k, area in zip(here, hectares, strict=True)]
    assert column(dense, "density")[:-1] == pytest.approx(wanted)


QUESTIONS = (
    "What is the area of forest in m2?",
    "What percentage of the image is covered by water?",
    "What percentage of the image is not covered by water?",
    "How many buildings are there?",
    "How many buildings per hectare are there?",
    "What is the area of the image in m2?",
    "What is the area of forest and water in m2?",
    "What is the area of buildings?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_pass_gives_what_a_program_for_each_zone_gives(
    place: Place, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    zones = place.layer("compared.gpkg", [*cells(5)[:4], shapely.box(3.3, 3.3, 40, 50.2)])
    quick = place.ask(question, zones)
    monkeypatch.setattr(by_zone, "one_pass", lambda *_: None)
    slow = place.ask(question, zones)
    assert slow.stdout
    assert not quick.stdout
    assert [(c.name, c.unit) for c in slow.answer.columns][:2] == [
        (c.name, c.unit) for c in quick.answer.columns
    ][:2]
    for k, name in enumerate(column(quick, "zone")):
        first, second = quick.answer.rows[k], slow.answer.rows[k]
        assert second[1] == pytest.approx(first[1], rel=1e-9), name
        if "percentage" in question:
            assert second[2:] == pytest.approx(first[2:], rel=1e-9)


@pytest.mark.parametrize("limits", LIMITS)
def test_every_other_question_is_a_program_for_each_zone(utm: Place, limits: str) -> None:
    polygons = cells(6)
    water, roofs = utm.labels == 1, utm.labels == 2
    apart = ndimage.distance_transform_edt(~water, sampling=(DY, DX))
    numbers, count = ndimage.label(roofs, EIGHT)
    zones = utm.layer(f"programs-{limits}.gpkg", polygons)
    answer = utm.ask("What is the average distance from buildings to water?", zones, LIMITS[limits])
    wanted: list[float | None] = []
    for where in [*map(centres, polygons), np.ones_like(water)]:
        parts = [(numbers == k) & where for k in range(1, count + 1)]
        least = [apart[part].min() for part in parts if part.any()]
        wanted.append(float(np.mean(least)) if least else None)
    assert column(answer, "distance") == pytest.approx(wanted)
    near = utm.ask("What percentage of the image is within 10 m of water?", zones, LIMITS[limits])
    shares = [
        100 * (w & utm.valid & (apart <= 10)).sum() / (w & utm.valid).sum() for w in map(centres, polygons)
    ]
    assert column(near, "share")[:-1] == pytest.approx(shares)
    assert column(near, "area")[:-1] == pytest.approx(
        [(w & utm.valid & (apart <= 10)).sum() * PIXEL / 1e4 for w in map(centres, polygons)]
    )


def test_a_zone_without_what_is_asked_for_has_no_value(utm: Place) -> None:
    lake = ndimage.find_objects(ndimage.label(utm.labels == 1, EIGHT)[0])[0]
    dry = next(
        (x, y) for x in range(WIDTH - 6) for y in range(10, HEIGHT - 6)
        if not (utm.labels[y : y + 6, x : x + 6] == 1).any()
    )  # fmt: skip
    boxes = [shapely.box(dry[0], dry[1], dry[0] + 6, dry[1] + 6)]
    boxes.append(shapely.box(lake[1].start, lake[0].start, lake[1].stop, lake[0].stop))
    zones = utm.layer("dry.gpkg", boxes)
    answer = utm.ask("What is the average size of lakes in m2?", zones)
    assert column(answer, "area")[0] is None
    assert column(answer, "area")[1] is not None
    assert any(said.startswith("1 zone has no value: There are no water regions") for said in answer.warnings)
    empty = utm.layer("nothing.gpkg", [shapely.box(55, 1, 60, 6), *boxes])
    share = utm.ask("What percentage of the image is water?", empty)
    assert column(share, "share")[0] is None  # no pixel of it is valid
    assert column(share, "share")[1] == 0
    with pytest.raises(NotMeasurable, match="no water regions to average"):
        utm.ask("What is the average size of lakes in m2?", utm.layer("drier.gpkg", boxes[:1]))


def test_a_gap_of_few_pixels_is_not_said_as_none() -> None:
    (said,) = coverage(1e6 - 4, 1e6, np.array([1e6 - 4]))
    assert said == "0.0004 % of the scene's pixels lie in no zone."


def test_overlaps_and_gaps_are_said_with_their_size(utm: Place) -> None:
    boxes = [shapely.box(0, 10, 40, 60), shapely.box(20, 10, 60, 60)]
    for border in ("centre", "exact"):
        answer = utm.ask("What is the area of forest in m2?", utm.layer("over.gpkg", boxes), border=border)
        said = " ".join(answer.warnings)
        outside = 1 - 60 * 50 / utm.valid.sum()
        assert f"{100 * outside:.2f} % of the scene's pixels lie in no zone" in said
        assert f"{100 * 20 * 50 / (60 * 50):.2f} % of their pixels are counted in more than one" in said
        forest = utm.labels == 3
        wanted = [forest[10:, :40].sum(), forest[10:, 20:60].sum(), forest[10:, :60].sum()]
        assert column(answer, "area") == pytest.approx([PIXEL * n for n in wanted])


def test_features_of_one_name_are_one_zone(utm: Place) -> None:
    boxes = [shapely.box(0, 10, 20, 60), shapely.box(20, 10, 40, 60), shapely.box(50, 30, 70, 50)]
    zones = utm.layer("named.gpkg", boxes, ["North", "South", "North"])
    answer = utm.ask("What is the area of forest in m2?", zones)
    forest = utm.labels == 3
    assert column(answer, "zone") == ["North", "South", "all zones"]
    north = forest[10:, :20].sum() + forest[30:50, 50:70].sum()
    assert column(answer, "area")[:2] == pytest.approx([north * PIXEL, forest[10:, 20:40].sum() * PIXEL])
    assert any("3 features have 2 names" in said for said in answer.warnings)
    unnamed = utm.ask("What is the area of forest in m2?", zones, zone_name=None)
    assert column(unnamed, "zone") == ["zone 1", "zone 2", "zone 3", "all zones"]
    assert not any("called by" in said for said in unnamed.warnings)


@pytest.mark.parametrize("kind", ["gpkg", "geojson", "shp"])
def test_zones_that_nobody_names_are_called_by_the_only_text_that_tells_them_apart(
    utm: Place, tmp_path: Path, kind: str
) -> None:
    boxes = [shapely.box(0, 10, 20, 60), shapely.box(20, 10, 40, 60), shapely.box(300, 300, 310, 310)]
    geometry = shapely.to_wkb(np.array([on_map(box, UTM[1]) for box in boxes]))

    def written(**columns: list[object]) -> Path:
        path = tmp_path / f"{'_'.join(columns)}.{kind}"
        values = [np.array(each, object if isinstance(each[0], str) else None) for each in columns.values()]
        pyogrio.raw.write(
            path, geometry, values, np.array(list(columns), object), geometry_type="Polygon", crs="EPSG:32633",
            encoding="UTF-8",
        )  # fmt: skip
        return path

    def asked(path: Path) -> tuple[list[object], str]:
        answer = utm.ask("What is the area of forest in m2?", path, zone_name=None)
        return column(answer, "zone"), " ".join(answer.warnings)

    named = {"parish": ["North", "Søuth", "Far"]}
    names, said = asked(written(code=[7, 8, 9], kind=["rural", "rural", "town"], **named))
    assert names == ["North", "Søuth", "all zones"]
    assert "Zones are called by parish, the only text that differs from one to the next" in said
    # Two that would do, one that is empty for a zone nobody sees here, and numbers: none is taken.
    for columns in ({"a": ["x", "y", "z"], **named}, {"a": ["x", "y", ""]}, {"a": [1, 2, 3]}):
        names, said = asked(written(**columns))
        first = 1 if kind == "gpkg" else 0
        assert names == [f"zone {first}", f"zone {first + 1}", "all zones"]
        assert "called by" not in said


def test_zones_beyond_the_scene_are_said(utm: Place) -> None:
    boxes = [shapely.box(60, 40, 200, 200), shapely.box(0, 10, 20, 60), shapely.box(300, 300, 310, 310)]
    answer = utm.ask("How many buildings are there?", utm.layer("beyond.gpkg", boxes))
    said = " ".join(answer.warnings)
    assert "1 zone lies outside the scene and is left out." in said
    assert "1 of 2 zones reaches beyond the scene" in said
    assert len(answer.answer) == 3


def test_a_zone_between_the_centres_of_pixels(utm: Place) -> None:
    sliver = shapely.box(10.1, 20.1, 10.4, 24)
    zones = utm.layer("sliver.gpkg", [sliver, shapely.box(0, 10, 20, 20)])
    answer = utm.ask("What is the area of the image in m2?", zones)
    assert column(answer, "area")[0] is None
    assert any("1 zone covers no pixel's centre" in said for said in answer.warnings)
    exact = utm.ask("What is the area of the image in m2?", zones, border="exact")
    assert column(exact, "area")[0] == pytest.approx(sliver.area * PIXEL)


def test_features_of_a_layer_by_zone(utm: Place) -> None:
    houses = [shapely.box(10.2, 20.3, 14, 23), shapely.box(38, 30, 43.5, 34), shapely.box(60, 50, 60.2, 50.2)]
    maps = VectorSegmenter("roof", utm.layer("houses.gpkg", houses))
    boxes = [shapely.box(0, 10, 40, 60), shapely.box(40, 10, 80, 60)]
    zones = utm.layer("halves.gpkg", boxes)
    answer = utm.ask("What is the area of buildings in m2?", zones, segmenter=maps)
    wanted = [sum(shapely.intersection(house, box).area for house in houses) for box in boxes]
    scaled = [PIXEL * area / 0.9996**2 for area in (*wanted, sum(wanted))]
    assert column(answer, "area") == pytest.approx(scaled, rel=1e-5)
    count = utm.ask("How many buildings are there?", zones, segmenter=maps)
    assert column(count, "count") == [2, 2, 3]


def test_files_hold_the_table_and_the_zones(utm: Place, tmp_path: Path) -> None:
    polygons = cells(4)
    answer = utm.ask("What percentage of the image is covered by forest?", utm.layer("files.gpkg", polygons))
    files = answer.save(tmp_path)
    meta, _, shapes, data = pyogrio.raw.read(files["zones"], layer="zones")
    assert meta["fields"].tolist() == ["zone", "share %", "area ha", "zone area ha"]
    assert data[0].tolist() == [f"District {k}" for k in range(4)]
    assert data[1].tolist() == pytest.approx(column(answer, "share")[:-1])
    for shape, polygon in zip(shapely.from_wkb(shapes), polygons, strict=True):
        assert shape.symmetric_difference(on_map(polygon, utm.transform)).area < 1e-6
    lines = files["table"].read_text(encoding="utf-8").splitlines()
    assert lines[0] == "zone,share [%],area [ha],zone area [ha]"
    assert len(lines) == 6
    content = json.loads(files["answer"].read_text(encoding="utf-8"))
    assert content["type"] == "table"
    assert content["answer"][-1]["zone"] == "all zones"
    assert files["overlay"].stat().st_size > 1000


def test_the_command_line(utm: Place) -> None:
    zones = utm.layer("cli.gpkg", cells(3))
    given = ["ask", str(utm.image), "What is the area of forest in m2?", "--labels", str(utm.map)]
    given += ["--legend", str(utm.legend), "--zones", str(zones), "--zone-name", "NAME"]
    done = CliRunner().invoke(group, given, catch_exceptions=False)
    assert done.exit_code == 0
    assert "area [m²]" in done.output
    assert "all zones" in done.output
    asked = CliRunner().invoke(group, [*given, "--border", "exact", "--json"], catch_exceptions=False)
    forest = json.loads(asked.output)["answer"][-1]["area"]
    assert forest == pytest.approx((utm.labels == 3).sum() * PIXEL)


@pytest.mark.parametrize(
    ("more", "error", "said"),
    [
        (
            {"zone_name": "DISTRICT"},
            LabelError,
            "has no attribute 'DISTRICT'; name one of its attributes: NAME",
        ),
        ({"border": "middle"}, UsageError, "--border is centre or exact"),
        ({"area": "pixels:0,0,9,9"}, UsageError, "give one of them"),
        ({"verify": True}, UsageError, "without --verify"),
    ],
)
def test_what_cannot_be_is_refused(
    utm: Place, more: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        utm.ask("How many buildings are there?", utm.layer("refused.gpkg", cells(2)), **more)


def test_parts_of_pixels_count_in_plain_areas_only(utm: Place) -> None:
    zones = utm.layer("exact.gpkg", cells(2))
    for question in ("How many buildings are there?", "What is the area of forest within 10 m of water?"):
        with pytest.raises(UsageError, match="without --border exact"):
            utm.ask(question, zones, border="exact")
    with pytest.raises(LabelError, match="holds lines"):
        utm.ask("How many buildings?", utm.layer("lines.gpkg", [shapely.LineString([(0, 0), (9, 9)])]))


def test_a_plain_picture_has_no_place_for_zones(tmp_path: Path) -> None:
    plain = Place(tmp_path, None, Affine.identity())
    with pytest.raises(LabelError, match="no georeference"):
        plain.ask("What is the area of forest?", tmp_path / "none.gpkg")


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 30), st.integers(0, 999), st.integers(5, 70), st.integers(5, 90), st.booleans())
def test_zones_that_share_a_scene_out_add_up_to_it(
    count: int, seed: int, rows: int, columns: int, exact: bool
) -> None:
    """Whatever the zones and the tiles: sums over zones are those of the scene, and tiles change nothing."""
    polygons = np.array(cells(count, seed))
    mask = np.random.default_rng(seed).random((HEIGHT, WIDTH)) < 0.4
    zones = zones_of(tuple(map(str, range(len(polygons)))), polygons, (HEIGHT, WIDTH), exact)
    for area in (
        6.0,
        np.linspace(1, 2, HEIGHT),
        PixelAreas((HEIGHT, WIDTH), np.array([[5.0, 1.0], [0.5, 0.0]])),
    ):
        tiled, whole = ZoneSums(zones, area), ZoneSums(zones, area)
        whole.add(mask, (0, 0, WIDTH, HEIGHT))
        for y in range(0, HEIGHT, rows):
            for x in range(0, WIDTH, columns):
                box = x, y, min(x + columns, WIDTH), min(y + rows, HEIGHT)
                tiled.add(mask[box[1] : box[3], box[0] : box[2]], box)
        assert (tiled.pixels == whole.pixels).all()
        assert (tiled.square_metres == whole.square_metres).all()
        assert whole.pixels.sum() == pytest.approx(mask.sum(), rel=1e-12)
        assert whole.square_metres.sum() == pytest.approx(area_of_mask(area, mask), rel=1e-9)
    if not exact:
        assert whole.pixels.sum() == mask.sum()


def test_cover_is_that_of_every_pixel() -> None:
    """Holes, several parts, edges along the grid's lines, slivers inside a pixel: against shapely's intersections."""
    shapes = [
        shapely.difference(shapely.box(3, 3.5, 20, 20.2), shapely.Point(10, 10).buffer(4.3)),
        shapely.union(shapely.Point(9, 9).buffer(3), shapely.box(15, 10, WIDTH, HEIGHT)),
        FRAME,
        shapely.box(2.2, 2.2, 2.3, 2.4),
        shapely.box(4, 4, 9, 9),
        shapely.Polygon([(1.5, 0.2), (30.1, 4.4), (30.2, 4.5), (1.4, 50)]),
    ]
    found = polygon_fractions(np.array([*shapes, *cells(20)]), (HEIGHT, WIDTH))
    cover = np.zeros((len(shapes) + 20, HEIGHT, WIDTH))
    for k, y, x0, x1 in zip(found.owner, *found.runs.rows(), strict=True):
        cover[k, y, x0:x1] += 1
    np.add.at(cover, (found.cell_owner, *np.divmod(found.cells, WIDTH + 1)), found.fraction)
    for k, shape in enumerate([*shapes, *cells(20)]):
        assert np.abs(cover[k] - fractions(shape)).max() < 1e-9
    assert np.abs(cover[len(shapes) :].sum(axis=0) - 1).max() < 1e-9


def test_names_are_read_from_every_kind_of_file(utm: Place) -> None:
    polygons = cells(3)
    scene = open_scene(utm.image)
    change = pyproj.Transformer.from_crs(utm.crs, "EPSG:4326", always_xy=True)
    moved = [
        shapely.transform(on_map(p, utm.transform), lambda points: np.stack(change.transform(*points.T), 1))
        for p in polygons
    ]
    table = utm.folder / "zones.csv"
    table.write_text("name;wkt;longitude;latitude\n".replace(";", ",") + "".join(
        f'"A, {k}","{shape.wkt}",0,0\n' for k, shape in enumerate(moved)
    ))  # fmt: skip
    zones = read_zones(table, "NAME", scene)
    assert zones.names == ("A, 0", "A, 1", "A, 2")
    assert zones.geometry[1].symmetric_difference(polygons[1]).area < 1e-2
    some = read_zones(f"{utm.layer('some.gpkg', polygons)}|where=NAME <> 'District 1'", "NAME", scene)
    assert some.names == ("District 0", "District 2")


def test_no_scale_no_hectares(utm: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    scene = dataclasses.replace(open_scene(utm.image), scale=None)
    zones = utm.layer("noscale.gpkg", cells(2))
    with pytest.raises(ScaleError, match="--gsd"):
        planimeter.ask(scene, "What is the area of forest in m2?", zones=zones, segmenter=utm.maps)
    share = planimeter.ask(scene, "What percentage of the image is forest?", zones=zones, segmenter=utm.maps)
    assert [c.unit for c in share.answer.columns] == [None, "%", "pixels", "pixels"]


def test_a_table_of_zones_names_the_files_it_rests_on(utm: Place) -> None:
    """The report of an answer lists them with their hashes; one by zone is no exception."""
    for question in ("What percentage of the image is forest?", "What is the average area of buildings?"):
        answer = utm.ask(question, utm.layer("sources.gpkg", [shapely.box(0, 0, 30, 30)], ["corner"]))
        assert {source.name for source in answer.sources} >= {utm.image.name, utm.map.name}


@pytest.mark.parametrize("told", [{"zone_name": "name"}, {"border": "exact"}])
def test_what_is_said_of_zones_without_zones_is_refused(utm: Place, told: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="give --zones FILE"):
        planimeter.ask(utm.image, "What percentage is water?", segmenter=utm.maps, **told)
