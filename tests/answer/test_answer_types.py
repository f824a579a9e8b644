"""Tables, lists and places: what a program may leave, and that every form of the answer says the same of it."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import pytest
import rasterio
from affine import Affine
from scipy import ndimage

import planimeter
from planimeter.answer import Answer
from planimeter.answer.answer import in_columns
from planimeter.answer.overlay import draw_overlay
from planimeter.errors import ProgramFailed
from planimeter.place import Place, from_centre
from planimeter.table import Column, Table

SHAPES = 'shapes = segment_image_from_path(IMAGE_PATH, ["roof", "water"], gsd=gsd)["shapes"]\n'
TURNED = Affine.translation(500_000, 5_800_000) * Affine.rotation(40) * Affine.scale(2, -2)
UTM = rasterio.CRS.from_epsg(32633)


def labels() -> np.ndarray:
    """A ring of water, whose centroid is no water, and five roofs of 4 to 36 pixels."""
    made = np.zeros((120, 160), np.uint8)
    y, x = np.mgrid[:120, :160]
    apart = np.hypot(y - 40.0, x - 110.0)
    made[(apart < 30) & (apart > 24)] = 2
    for number, (row, column) in enumerate([(5, 5), (10, 60), (70, 20), (100, 140), (90, 70)], start=2):
        made[row : row + number, column : column + number] = 1
    return made


def write(
    folder: Path, crs: rasterio.CRS | None, transform: Affine | None
) -> tuple[Path, planimeter.LabelSegmenter]:
    made = labels()
    form = {"driver": "GTiff", "height": 120, "width": 160, "dtype": "uint8"}
    if crs is not None:
        form |= {"crs": crs, "transform": transform}
    with rasterio.open(folder / "labels.tif", "w", count=1, **form) as file:
        file.write(made, 1)
    with rasterio.open(folder / "image.tif", "w", count=3, **form) as file:
        file.write(np.full((3, 120, 160), 90, np.uint8))
    (folder / "legend.json").write_text('{"roof": [1], "water": [2]}')
    return folder / "image.tif", planimeter.LabelSegmenter(folder / "labels.tif", folder / "legend.json")


@pytest.fixture(scope="module")
def placed(tmp_path_factory) -> tuple[Path, planimeter.LabelSegmenter]:
    """A grid of 2 m that is turned by 40 degrees."""
    return write(tmp_path_factory.mktemp("placed"), UTM, TURNED)


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> tuple[Path, planimeter.LabelSegmenter]:
    """The same as a mere picture."""
    return write(tmp_path_factory.mktemp("plain"), None, None)


def run(source: tuple[Path, planimeter.LabelSegmenter], text: str, **options: object) -> Answer:
    return planimeter.run(text, source[0], segmenter=source[1], **options)


@pytest.mark.parametrize(
    ("left", "headings", "rows"),
    [
        ('{"water": 1.5, "forest": 2}', ["name", "value"], [("water", 1.5), ("forest", 2)]),
        ("[3, 1, 2]", ["value"], [(3,), (1,), (2,)]),
        ('["roof", "road"]', ["value"], [("roof",), ("road",)]),
        ('[("b", 2), ("a", 1)]', ["name", "value"], [("b", 2), ("a", 1)]),
        (
            '[{"cover": "water", "area_hectares": 1.5}, {"area_hectares": None, "cover": "road"}]',
            ["cover", "area [ha]"],
            [("water", 1.5), ("road", None)],
        ),
        (
            '{"a": {"distance_meters": 2.0, "is_wet": True}, "b": {"distance_meters": 3.0, "is_wet": False}}',
            ["name", "distance [m]", "is wet"],
            [("a", 2.0, "yes"), ("b", 3.0, "no")],
        ),
        ('{"mean_area_m2": 2.5, "roof_count": 3}', ["mean area [m²]", "roof count"], [(2.5, 3)]),
        ('[{"area_hectares": 1.0, "area": 2.0}]', ["area_hectares [ha]", "area"], [(1.0, 2.0)]),
        ("[]", ["value"], []),
        ("{}", ["value"], []),
    ],
)
def test_what_becomes_a_table(plain, left: str, headings: list[str], rows: list[tuple[object, ...]]) -> None:
    answer = run(plain, f"answer = {left}")
    assert answer.type == "table"
    assert answer.unit is None
    assert isinstance(answer.answer, Table)
    assert [column.heading for column in answer.answer.columns] == headings
    assert list(answer.answer.rows) == rows


@pytest.mark.parametrize(
    ("left", "why"),
    [
        ('[1, "a"]', "numbers and words in one column"),
        ('[1, float("inf")]', "not finite"),
        ('{"a": float("nan")}', "not finite"),
        ('[{"a": 1}, {"b": 1}]', "rows with different keys"),
        ('[{"a": {"b": 1}}]', "a value of type dict"),
        ("[1, [2]]", "numbers and lists in one table"),
        ("[[1, 2, 3]]", "lists in a list"),
        ("list(range(10001))", "more than 10,000 rows"),
        ('[{"k" + str(k): 1 for k in range(51)}]', "more than 50 columns"),
        ("[{k: 1 for k in range(40)}] * 6000", "more than 200,000 cells"),
        ("[None, None]", "left nothing"),
        ("{1, 2}", "type set"),
        ("[print]", "builtin_function_or_method"),
        ("[10 ** 400]", "int beyond 1e300"),
        ('{"x": 161, "y": 3}', "outside of the image"),
        (f"{SHAPES.strip()[9:]}[:1] * 2", "one of them twice"),
    ],
)
def test_what_becomes_none_says_what_would_do(plain, left: str, why: str) -> None:
    with pytest.raises(ProgramFailed, match=why) as caught:
        run(plain, f"answer = {left}", gsd=1.0)
    assert "store a finite number" in str(caught.value)


def test_a_program_that_makes_up_shapes_gets_none(plain) -> None:
    with pytest.raises(ProgramFailed, match="no function returned"):
        run(plain, 'answer = [{"id": 7, "class_type": "roof", "area_pixels": 3}]')
    with pytest.raises(ProgramFailed, match="no function returned"):
        run(plain, 'answer = {"id": 7, "class_type": "roof", "area_pixels": 3}')


def test_measures_of_a_list_are_the_hosts_not_the_programs(placed) -> None:
    text = (
        SHAPES
        + 'for s in shapes:\n    s["area_hectares"] = 999\n    s["class_type"] = "gold"\nanswer = shapes'
    )
    table = run(placed, text).answer
    assert isinstance(table, Table)
    assert max(table.column("area")) < 1
    assert set(table.column("topic")) == {"roof", "water"}


def test_text_of_a_program_cannot_break_a_file_or_a_page(plain, tmp_path: Path) -> None:
    hostile = "</table><script>alert(1)</script>\\n|=cmd()"
    answer = run(plain, f'answer = {{"{hostile}": 1, "=1+1": 2}}')
    html = answer._repr_mimebundle_()["text/html"]
    assert "<script>" not in html
    written = answer.save(tmp_path)
    rows = list(csv.reader(io.StringIO(written["table"].read_text())))
    assert len(rows) == 3
    assert rows[2][0] == "'=1+1"
    assert len(answer.answer.markdown().splitlines()) == 4


def test_a_long_word_is_cut(plain) -> None:
    (row,) = run(plain, 'answer = ["x" * 5000]').answer.rows
    assert row[0] == "x" * 199 + "…"


def test_a_list_of_shapes_is_said_alike_everywhere(placed, tmp_path: Path) -> None:
    text = SHAPES + (
        'roofs = [s for s in shapes if s["class_type"] == "roof"]\n'
        'water = [s for s in shapes if s["class_type"] == "water"]\n'
        "calculate_shape_distances(roofs, water, gsd)\n"
        'answer = sorted(roofs, key=lambda s: s["area_pixels"], reverse=True)[:3]\n'
    )
    answer = run(placed, text)
    assert answer.type == "list"
    # the truth, from the labels
    made = labels()
    regions, count = ndimage.label(made == 1, structure=np.ones((3, 3)))
    apart = ndimage.distance_transform_edt(made != 2) * 2
    truth = sorted(((regions == k).sum(), k) for k in range(1, count + 1))[::-1][:3]
    names = ["id", "area", "distance", "x", "y", "longitude", "latitude"]
    table = answer.answer
    assert [column.name for column in table.columns] == names
    to_degrees = pyproj.Transformer.from_crs(32633, 4326, always_xy=True)
    for (pixels, k), row in zip(truth, table.records(), strict=True):
        assert row["area"] == pytest.approx(pixels * 4 / 10_000)
        assert row["distance"] == pytest.approx(apart[regions == k].min())
        y, x = (np.array(np.nonzero(regions == k)) + 0.5).mean(axis=1)
        assert (row["x"], row["y"]) == (pytest.approx(x, abs=0.005), pytest.approx(y, abs=0.005))
        assert (row["longitude"], row["latitude"]) == pytest.approx(
            to_degrees.transform(*(TURNED * (x, y))), abs=1e-7
        )
    said = json.loads(answer.to_json())
    assert said["answer"] == table.records()
    assert [column["unit"] for column in said["columns"]] == [None, "ha", "m", "px", "px", "°", "°"]
    written = answer.save(tmp_path)
    rows = list(csv.DictReader(io.StringIO(written["table"].read_text())))
    assert [float(row["area [ha]"]) for row in rows] == pytest.approx(table.column("area"), rel=1e-14)
    shapes = pyogrio.raw.read(written["geopackage"], layer="roof")
    names = list(shapes[0]["fields"])
    assert shapes[3][names.index("id")].tolist() == [1, 2, 3]
    assert shapes[3][names.index("distance m")].tolist() == table.column("distance")
    assert shapes[3][names.index("area_ha")].tolist() == pytest.approx(table.column("area"))
    features = json.loads(written["shapes"].read_text())["features"]
    listed = [feature["properties"] for feature in features if feature["properties"]["role"] == "counted"]
    assert [each["id"] for each in listed] == [1, 2, 3]
    html = answer._repr_mimebundle_()["text/html"]
    assert html.count("<tr>") == 4


def test_rows_of_several_topics_keep_their_numbers_in_the_files(placed, tmp_path: Path) -> None:
    text = SHAPES + 'answer = sorted(shapes, key=lambda s: s["area_pixels"], reverse=True)'
    answer = run(placed, text)
    topics = answer.answer.column("topic")
    assert topics[0] == "water"
    written = answer.save(tmp_path)
    features = json.loads(written["shapes"].read_text())["features"]
    by_id = {each["properties"]["id"]: each["properties"] for each in features}
    assert {number: each["topic"] for number, each in by_id.items()} == dict(enumerate(topics, start=1))
    areas = {number: pytest.approx(each["area_ha"]) for number, each in by_id.items()}
    assert dict(enumerate(answer.answer.column("area"), start=1)) == areas


def test_a_place_on_a_turned_grid_is_told_by_the_compass(placed) -> None:
    answer = run(placed, SHAPES + 'answer = [s for s in shapes if s["class_type"] == "water"][0]')
    place = answer.answer
    assert answer.type == "place"
    assert isinstance(place, Place)
    # A point of the ring, not its empty middle: the nearest water to the centroid.
    rows, columns = np.nonzero(labels() == 2)
    assert labels()[int(place.y), int(place.x)] == 2
    centre = (rows + 0.5).mean(), (columns + 0.5).mean()
    apart = np.hypot(rows + 0.5 - centre[0], columns + 0.5 - centre[1])
    assert math.hypot(place.y - centre[0], place.x - centre[1]) == pytest.approx(apart.min())
    to_degrees = pyproj.Transformer.from_crs(32633, 4326, always_xy=True)
    here = to_degrees.transform(*(TURNED * (place.x, place.y)))
    middle = to_degrees.transform(*(TURNED * (80, 60)))
    assert (place.longitude, place.latitude) == pytest.approx(here, abs=1e-7)
    azimuth, _, metres = pyproj.Geod(ellps="WGS84").inv(*middle, *here)
    names = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"]
    assert place.words == f"{names[round(azimuth / 45) % 8]} of the centre, {metres:.0f} m from it"
    assert place.area_hectares == pytest.approx(len(rows) * 4 / 10_000)
    assert json.loads(answer.to_json())["answer"]["words"] == place.words
    assert "columns" not in answer.to_dict()


def test_a_place_on_a_picture_is_told_by_the_picture(plain) -> None:
    text = 'answer = {"x": 40, "y": 60}'
    assert str(run(plain, text).answer) == "left of the centre, 40 pixels from it (x 40, y 60)"
    assert run(plain, text, gsd=0.5).answer.words == "left of the centre, 20 m from it"
    assert run(plain, 'answer = {"x": 80, "y": 60}').answer.words == "at the centre"
    assert (
        run(plain, 'answer = {"x": 120, "y": 20}').answer.words
        == "upper right of the centre, 57 pixels from it"
    )


@pytest.mark.parametrize("turn", range(16))
def test_directions_are_the_nearest_of_eight(turn: int) -> None:
    from planimeter.place import from_centre

    angle = math.radians(22.5 * turn + 1)
    names = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"]
    nearest = min(range(8), key=lambda k: abs((22.5 * turn + 1 - 45 * k + 180) % 360 - 180))
    said = from_centre(100 * math.sin(angle), 100 * math.cos(angle), "m", True)
    assert said == f"{names[nearest]} of the centre, 100 m from it"


def test_the_picture_points_at_a_place_and_numbers_a_list(plain) -> None:
    text = 'answer = {"x": 40, "y": 60}'
    bare = run(plain, "answer = 1")
    pointed = run(plain, text)
    without, with_mark = (np.asarray(draw_overlay(each))[:600, :800] for each in (bare, pointed))
    assert without.shape == with_mark.shape == (600, 800, 3)
    changed = np.argwhere((without != with_mark).any(axis=2))
    # x 40, y 60 of 160 x 120 pixels, shown five times as large
    assert np.abs(changed - [300, 200]).max(axis=1).min() < 30
    assert changed[:, 1].min() > 150
    assert changed[:, 1].max() < 430
    listed = run(plain, SHAPES + "answer = shapes")
    counted = run(plain, SHAPES + "answer = len(shapes)")
    numbers = np.asarray(draw_overlay(listed))[:600] != np.asarray(draw_overlay(counted))[:600]
    _, count = ndimage.label(ndimage.binary_dilation(numbers.any(axis=2), iterations=6))
    assert count == len(listed.answer) == 6


def test_a_table_is_converted_to_the_unit_that_was_asked_for() -> None:
    table = Table((Column("area", "ha"), Column("n", "count", "count")), ((2.0, 3), (None, 4)))
    changed = in_columns(table, (Column("area", "m²"), Column("far", "m")))
    assert changed.columns == (Column("area", "m²"), Column("n", "count", "count"))
    assert changed.rows == ((20_000.0, 3), (None, 4))


def test_a_number_that_was_asked_for_is_not_answered_with_a_table(plain) -> None:
    from planimeter.answer import answer_from
    from planimeter.coder import Program
    from planimeter.raster import open_scene

    scene = open_scene(plain[0])
    with pytest.raises(ProgramFailed, match="asks for one number: store that"):
        answer_from(Program("answer = [1, 2]", "model", "number", "ha", ""), "How much?", scene, plain[1])
    told = answer_from(Program("answer = [1, 2]", "model", "any", None, ""), "What?", scene, plain[1])
    assert told.type == "table"


def test_two_programs_agree_on_a_table_when_their_cells_do() -> None:
    from planimeter.coder.verify import same_answer

    one = Table((Column("area", "ha"),), ((1.5,), (None,)))
    assert same_answer(one, Table((Column("size", "m²"),), ((15_000.0,), (None,))), None, None)
    assert not same_answer(one, Table((Column("size", "m²"),), ((15_001.0,), (None,))), None, None)
    assert not same_answer(one, Table((Column("size", "ha"),), ((1.5,), (0.0,))), None, None)
    assert not same_answer(one, Table((Column("size", "ha"),), ((1.5,),)), None, None)
    assert not same_answer(one, 1.5, None, "ha")
    assert not same_answer("yes", one, None, None)
    here = Place("at the centre", 5.0, 5.0)
    assert same_answer(here, Place("left", 4.5, 5.0), None, None)
    assert not same_answer(here, Place("left", 2.5, 5.0), None, None)
    assert not same_answer(here, one, None, None)


def test_full_python_leaves_the_same(plain) -> None:
    text = SHAPES + 'import numpy\nanswer = [{"area": s["area_pixels"]} for s in shapes]'
    with pytest.raises(planimeter.PlanimeterError):
        run(plain, text)
    easy = run(plain, text.replace("import numpy\n", "")).answer
    assert run(plain, text.replace("import numpy\n", ""), full_python=True).answer == easy


def test_places_of_large_scenes_are_written_in_plain_figures():
    found = Place("at the centre", 1_234_567.5, 20.5, None, None, "forest", 123_456.7, 9, 98_765.4)
    assert str(found) == "forest, at the centre, 123,456.7 ha, 98,765.4 m away (x 1,234,567.5, y 20.5)"
    assert str(Place("here", 3, 4, area_hectares=0.999_999_9)) == "here, 10,000 m² (x 3, y 4)"
    said = [
        from_centre(0, metres, "m", True) for metres in (9_999, 10_000, 99_949, 99_950, 999_700, 1_234_567)
    ]
    assert [each.split(", ", 1)[1] for each in said] == [
        f"{figure} from it" for figure in ("9,999 m", "10 km", "99.9 km", "100 km", "1,000 km", "1,235 km")
    ]
