"""Tables, lists, places and change by zone: against numpy, scipy and shapely, in tiles and whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from scipy import ndimage

import planimeter
from planimeter import LabelSegmenter
from planimeter.answer import by_zone

from .painted import (
    EIGHT,
    HEIGHT,
    LEGEND,
    LIMITS,
    PIXEL,
    UTM,
    WIDTH,
    cells,
    centres,
    fractions,
    painted,
    write_scene,
    write_zones,
)

NAMES = {"water": "water", "roof": "buildings", "forest": "forest"}


class Place:
    """Two dates with labels, and zones, on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.was, self.now = painted(7, 40), painted(4, 50)
        self.valid = (self.was != 255) & (self.now != 255)
        self.images, self.maps = [], []
        for name, grid in (("was", self.was), ("now", self.now)):
            image, labels, legend = write_scene(folder, name, grid, *UTM)
            self.images.append(image)
            self.maps.append(LabelSegmenter(labels, legend))

    def zones(self, name: str, polygons: list[Any]) -> Path:
        return write_zones(self.folder / name, polygons, *UTM)

    def ask(self, question: str, zones: Path, before: bool = False, **more: Any) -> Any:
        given: dict[str, Any] = {"segmenter": self.maps[1], "zone_name": "NAME", **more}
        if before:
            given |= {"before": self.images[0], "before_segmenter": self.maps[0]}
        return planimeter.ask(self.images[1], question, zones=zones, **given)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("place"))


def of_zone(answer: Any, zone: str) -> list[dict[str, Any]]:
    return [record for record in answer.answer.records() if record["zone"] == zone]


# --- compositions


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize("border", ["centre", "exact"])
def test_the_land_cover_of_each_zone_adds_up(place: Place, border: str, limits: str) -> None:
    polygons = cells(6)
    answer = place.ask(
        "land cover breakdown", place.zones(f"cover-{border}-{limits}.gpkg", polygons),
        border=border, limits=LIMITS[limits],
    )  # fmt: skip
    assert answer.type == "table"
    weigh = {"centre": centres, "exact": fractions}[border]
    valid = place.now != 255
    for name, weights in [
        *((f"District {k}", weigh(polygon)) for k, polygon in enumerate(polygons)),
        ("all zones", np.ones((HEIGHT, WIDTH))),
    ]:
        rows = {row["land cover"]: row for row in of_zone(answer, name)}
        ground = (weights * valid).sum()
        assert sum(row["share"] for row in rows.values()) == pytest.approx(100)
        for topic, (value,) in LEGEND.items():
            amount = (weights * (place.now == value)).sum()
            assert rows[NAMES[topic]]["area"] == pytest.approx(amount * PIXEL / 1e4)
            assert rows[NAMES[topic]]["share"] == pytest.approx(100 * amount / ground)
        if "other ground" in rows:
            rest = (weights * (place.now == 0)).sum()
            assert rows["other ground"]["area"] == pytest.approx(rest * PIXEL / 1e4)
        sizes = [row["area"] for row in of_zone(answer, name) if row["land cover"] != "other ground"]
        assert sizes == sorted(sizes, reverse=True)
    total = [row for row in answer.answer.records() if row["land cover"] == "forest"]
    assert sum(row["area"] for row in total[:-1]) == pytest.approx(total[-1]["area"])


def test_a_composition_in_one_pass_is_that_of_a_program_for_each_zone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    zones = place.zones("compared.gpkg", [*cells(4)[:3], shapely.box(3.3, 3.3, 40, 50.2)])
    for question in ("land cover breakdown", "Rank forest, water and buildings by area."):
        quick = place.ask(question, zones)
        with monkeypatch.context() as patch:
            patch.setattr(by_zone, "one_pass", lambda *_: None)
            slow = place.ask(question, zones)
        assert slow.answer.columns == quick.answer.columns
        assert len(slow.answer) == len(quick.answer)
        for one, other in zip(quick.answer.rows, slow.answer.rows, strict=True):
            assert one[:2] == other[:2]
            assert one[2:] == pytest.approx(other[2:], rel=1e-9)


# --- statistics, classes of size, lists, places


def pieces(mask: np.ndarray) -> list[int]:
    """Pixels of each region."""
    numbers, count = ndimage.label(mask, EIGHT)
    return ndimage.sum_labels(mask, numbers, range(1, count + 1)).astype(int).tolist()


def test_statistics_of_each_zone(place: Place) -> None:
    polygons = cells(5)
    answer = place.ask("mean, median and total area of buildings in m2", place.zones("stat.gpkg", polygons))
    for k, where in enumerate([*map(centres, polygons), np.ones((HEIGHT, WIDTH), bool)]):
        sizes = [PIXEL * size for size in _cut(place.now == 2, where)]
        (row,) = of_zone(answer, f"District {k}" if k < 5 else "all zones")
        assert row["mean area"] == pytest.approx(np.mean(sizes))
        assert row["median area"] == pytest.approx(np.median(sizes))
        assert row["total area"] == pytest.approx(sum(sizes))
    assert any("shares, means and classes of whole things do not" in said for said in answer.warnings)


def test_several_things_of_each_zone_stand_side_by_side(place: Place, tmp_path: Path) -> None:
    polygons = cells(5)
    question = "How many buildings are there, what is their average size in m2, and is there any water?"
    for limits in LIMITS.values():
        answer = place.ask(question, place.zones("several.gpkg", polygons), limits=limits)
        assert [column.heading for column in answer.answer.columns] == [
            "zone",
            "number of buildings",
            "average area of single buildings [m²]",
            "whether there are any water regions",
        ]
        for k, where in enumerate([*map(centres, polygons), np.ones((HEIGHT, WIDTH), bool)]):
            sizes = [PIXEL * size for size in _cut(place.now == 2, where)]
            (row,) = of_zone(answer, f"District {k}" if k < 5 else "all zones")
            assert row["number of buildings"] == len(sizes)
            assert row["average area of single buildings"] == pytest.approx(np.mean(sizes))
            assert row["whether there are any water regions"] == (
                "yes" if _cut(place.now == 1, where) else "no"
            )
    files = answer.save(tmp_path)
    zones = pyogrio.read_dataframe(files["zones"], layer="zones")
    assert zones["number of buildings"].tolist() == answer.answer.column("number of buildings")[:5]


def _cut(mask: np.ndarray, where: np.ndarray) -> list[int]:
    """Pixels of what a zone has of each region of the whole scene."""
    numbers, _ = ndimage.label(mask, EIGHT)
    return [n for n in np.bincount(numbers[where & mask])[1:].tolist() if n]


def test_classes_of_size_are_those_of_all_zones_together(place: Place) -> None:
    polygons = cells(4)
    answer = place.ask("histogram of building sizes", place.zones("classes.gpkg", polygons))
    records = answer.answer.records()
    assert len({round(row["to"] - row["from"], 9) for row in records}) == 1
    for k, polygon in enumerate(polygons):
        rows = of_zone(answer, f"District {k}")
        assert sum(row["count"] for row in rows) == len(_cut(place.now == 2, centres(polygon)))


def test_a_list_for_each_zone_with_outlines(place: Place, tmp_path: Path) -> None:
    polygons = [*cells(4), shapely.box(51, 1, 70, 7)]  # where nothing is valid
    answer = place.ask("List all lakes with their areas", place.zones("lists.gpkg", polygons))
    assert answer.type == "list"
    records = answer.answer.records()
    assert [row["id"] for row in records] == list(range(1, len(records) + 1))
    assert not of_zone(answer, "all zones")
    for k, polygon in enumerate(polygons):
        wanted = sorted((n * PIXEL / 1e4 for n in _cut(place.now == 1, centres(polygon))), reverse=True)
        assert [row["area"] for row in of_zone(answer, f"District {k}")] == pytest.approx(wanted)
    said = " ".join(answer.warnings)
    assert "is listed in each with its part there" in said
    assert "1 zone has none of them." in said
    files = answer.save(tmp_path)
    shapes = pyogrio.read_dataframe(files["geopackage"], layer=pyogrio.list_layers(files["geopackage"])[0][0])
    counted = shapes[shapes["role"] == "counted"]
    assert sorted(counted["id"]) == list(range(1, len(records) + 1))
    by_id = {row["id"]: row["zone"] for row in records}
    assert all(by_id[k] == zone for k, zone in zip(counted["id"], counted["zone"], strict=True))
    zones = pyogrio.read_dataframe(files["zones"], layer="zones")
    assert zones["listed"].tolist() == [len(of_zone(answer, f"District {k}")) for k in range(5)]


def test_the_largest_of_each_zone(place: Place) -> None:
    polygons = cells(5)
    answer = place.ask("Where is the largest lake?", place.zones("places.gpkg", polygons))
    numbers, _ = ndimage.label(place.now == 1, EIGHT)
    for k, polygon in enumerate(polygons):
        where = centres(polygon) & (numbers > 0)
        rows = of_zone(answer, f"District {k}")
        sizes = np.bincount(numbers[where], minlength=2)
        if not where.any():
            assert rows[0]["area"] is None
            continue
        assert rows[0]["area"] == pytest.approx(sizes.max() * PIXEL / 1e4)
        x, y = int(rows[0]["x"]), int(rows[0]["y"])
        assert where[y, x]
        assert sizes[numbers[y, x]] == sizes.max()
    (whole,) = of_zone(answer, "all zones")
    assert whole["area"] == pytest.approx(max(pieces(place.now == 1)) * PIXEL / 1e4)
    assert whole["place"]


# --- change


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize(
    ("question", "truth"),
    [
        ("How much forest was lost in m2?", lambda was, now: was & ~now),
        ("How many m2 of forest were gained?", lambda was, now: now & ~was),
        ("How many m2 of forest were kept?", lambda was, now: was & now),
    ],
)
def test_change_by_zone_adds_up(place: Place, question: str, truth: Any, limits: str) -> None:
    polygons = cells(6, 3)
    answer = place.ask(
        question, place.zones(f"change-{limits}.gpkg", polygons), before=True, limits=LIMITS[limits]
    )
    changed = truth(place.was == 3, place.now == 3) & place.valid
    wanted = [(changed & centres(polygon)).sum() * PIXEL for polygon in polygons]
    assert answer.answer.column("area") == pytest.approx([*wanted, changed.sum() * PIXEL])
    assert answer.before is not None
    seen = f"The two dates together cover {100 * place.valid.sum() / (place.now != 255).sum():.0f} % of the scene"
    assert any(said.startswith(seen) for said in answer.warnings)


@pytest.mark.parametrize("limits", LIMITS)
def test_change_with_a_program_for_each_zone(place: Place, limits: str) -> None:
    polygons = cells(4, 3)
    zones = place.zones(f"programs-{limits}.gpkg", polygons)
    share = place.ask("What percentage of the forest was lost?", zones, before=True, limits=LIMITS[limits])
    was, now = (place.was == 3) & place.valid, (place.now == 3) & place.valid
    wheres = [*map(centres, polygons), np.ones((HEIGHT, WIDTH), bool)]
    wanted = [100 * (was & ~now & w).sum() / (was & w).sum() for w in wheres]
    assert share.answer.column("share") == pytest.approx(wanted)
    net = place.ask("What is the net change in forest area in m2?", zones, before=True, limits=LIMITS[limits])
    assert net.answer.column("change") == pytest.approx(
        [PIXEL * ((now & w).sum() - int((was & w).sum())) for w in wheres]
    )


def test_one_pass_of_two_dates_is_that_of_a_program(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    zones = place.zones("two.gpkg", cells(3, 3))
    for question in (
        "How much forest was lost?",
        "How much forest became water?",
        "How much water was gained?",
    ):
        quick = place.ask(question, zones, before=True)
        with monkeypatch.context() as patch:
            patch.setattr(by_zone, "one_pass", lambda *_: None)
            slow = place.ask(question, zones, before=True)
        assert quick.answer.column("area") == pytest.approx(slow.answer.column("area"))
        assert quick.answer.columns == slow.answer.columns
        assert quick.before == slow.before


def test_what_became_what_in_each_zone(place: Place) -> None:
    polygons = cells(3, 3)
    answer = place.ask("What changed?", place.zones("became.gpkg", polygons), before=True)
    shown = {"roof": "buildings"}
    value = {shown.get(topic, topic): values[0] for topic, values in LEGEND.items()} | {"other ground": 0}
    for k, where in enumerate([*map(centres, polygons), np.ones((HEIGHT, WIDTH), bool)]):
        rows = of_zone(answer, f"District {k}" if k < 3 else "all zones")
        found = {(row["from"], row["to"]): row["area"] for row in rows}
        wanted = {
            (a, b): (place.valid & where & (place.was == u) & (place.now == v)).sum() * PIXEL / 1e4
            for a, u in value.items() for b, v in value.items()
        }  # fmt: skip
        assert found == pytest.approx({pair: area for pair, area in wanted.items() if area})


def test_of_one_date_by_zone_says_so_where_two_are_given(place: Place) -> None:
    zones = place.zones("one.gpkg", cells(2))
    answer = place.ask("What is the area of forest in m2?", zones, before=True)
    assert answer.answer.column("area")[-1] == pytest.approx((place.now == 3).sum() * PIXEL)
    assert any("the later image alone was measured" in said for said in answer.warnings)


# --- parts of the image


def test_a_half_without_ground_in_a_zone_has_no_density_and_the_others_have_theirs(place: Place) -> None:
    zones = place.zones("sides.gpkg", [shapely.box(0, 0, 34, HEIGHT), shapely.box(41, 0, WIDTH, HEIGHT)])
    answer = place.ask("building density in each half", zones)
    middle, half = WIDTH // 2, HEIGHT // 2
    halves = {
        "upper half": np.s_[:half],
        "lower half": np.s_[half:],
        "left half": np.s_[:, :middle],
        "right half": np.s_[:, middle:],
    }
    numbers, _ = ndimage.label(place.now == 2, EIGHT)
    for zone, columns in (("District 0", np.s_[:, :34]), ("District 1", np.s_[:, 41:])):
        rows = {row["part"]: row["density"] for row in of_zone(answer, zone)}
        assert len(rows) == 4
        for name, part in halves.items():
            inside = np.zeros((HEIGHT, WIDTH), bool)
            inside[part] = True
            outside = np.ones((HEIGHT, WIDTH), bool)
            outside[columns] = False
            inside &= ~outside & (place.now != 255)
            if not inside.any():
                assert rows[name] is None
                continue
            count = len(set(numbers[inside]) - {0})
            assert rows[name] == pytest.approx(count / (inside.sum() * PIXEL / 1e4))
    assert {row["part"] for row in answer.answer.records() if row["density"] is None} == {
        "left half",
        "right half",
    }
