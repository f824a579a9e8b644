"""Questions whose answer is a table, a list or a place, on made worlds, against brute force."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
import pytest

import planimeter
from planimeter.answer import Answer
from planimeter.coder import Request, builtin_coder
from planimeter.errors import NotMeasurable, QuestionError
from planimeter.place import Place
from planimeter.raster import open_scene
from planimeter.table import Table
from planimeter.vocabulary.topics import TOPICS

from .conftest import GSD, Ground, Masks
from .reference import Region

COVERS = {
    "urban land": "urban",
    "forest": "forest",
    "agricultural land": "agric",
    "grassland": "grass",
    "barren land": "barren",
    "water": "water",
}


def ask(ground: Ground, question: str) -> Answer:
    return planimeter.ask(ground.scene, question, segmenter=ground.segmenter)


def centroid(region: Region) -> tuple[float, float]:
    rows, columns = np.nonzero(region)
    return float((columns + 0.5).mean()), float((rows + 0.5).mean())


def distances(ground: Ground, regions: list[Region], to: str | list[Region]) -> list[float]:
    return ground.truth.distances(regions, to)


# --- compositions


@pytest.mark.parametrize(
    "question",
    [
        "Show me the land cover composition.",
        "What is the percentage of each land use class?",
        "Which land cover types are present and how much of each?",
        "Break the picture down by land cover.",
        "Rank all the land covers by area.",
    ],
)
def test_a_composition_is_of_all_ground_once(grounds: list[Ground], question: str) -> None:
    for ground in grounds:
        answer = ask(ground, question)
        truth = ground.truth
        assert answer.type == "table"
        rows = {row["land cover"]: row for row in answer.answer.records()}
        assert (
            answer.answer.column("area") == sorted(answer.answer.column("area"), reverse=True)
            or "other ground" in rows
        )
        union = np.zeros_like(truth.valid)
        for name, topic in COVERS.items():
            assert rows[name]["area"] == pytest.approx(truth.px_ha(truth.px(topic)))
            assert rows[name]["share"] == pytest.approx(truth.percent(truth.px(topic)))
            union |= truth.masks[topic]
        other = truth.px_ha(int((truth.valid & ~union).sum()))
        assert ("other ground" in rows) == (other > 0)
        assert sum(answer.answer.column("area")) == pytest.approx(truth.image_ha())
        assert sum(answer.answer.column("share")) == pytest.approx(100)


def test_ground_that_no_cover_covers_is_a_row_of_its_own(grounds: list[Ground]) -> None:
    ground = grounds[0]
    request = Request("land cover breakdown", ("water", "forest"), GSD)
    found = planimeter.run(builtin_coder().write(request).text, ground.scene, segmenter=ground.segmenter)
    truth = ground.truth
    *_, last = found.answer.rows
    assert last[0] == "other ground"
    rest = truth.valid & ~truth.masks["water"] & ~truth.masks["forest"]
    assert last[1:] == (pytest.approx(truth.px_ha(rest.sum())), pytest.approx(truth.percent(int(rest.sum()))))


def test_classes_that_a_legend_does_not_name_are_told(tmp_path) -> None:
    labels = np.ones((40, 50), np.uint8)
    labels[:, :10], labels[:, 40:] = 2, 7
    cv2.imwrite(str(tmp_path / "labels.png"), labels)
    cv2.imwrite(str(tmp_path / "image.png"), np.full((40, 50, 3), 90, np.uint8))
    (tmp_path / "legend.json").write_text('{"forest": [1], "water": [2]}')
    maps = planimeter.LabelSegmenter(tmp_path / "labels.png", tmp_path / "legend.json")
    answer = planimeter.ask(tmp_path / "image.png", "land cover breakdown", segmenter=maps, gsd=10.0)
    assert answer.answer.rows == (
        ("forest", pytest.approx(12.0), pytest.approx(60.0)),
        ("water", pytest.approx(4.0), pytest.approx(20.0)),
        ("other ground", pytest.approx(4.0), pytest.approx(20.0)),
    )
    said = "20 % of the map is class 7, which the legend legend.json does not name: all of it counts as other ground."
    assert answer.warnings == [said]


def test_covers_that_lie_on_one_another_are_told(tmp_path) -> None:
    cv2.imwrite(str(tmp_path / "plain.png"), np.full((40, 50, 3), 90, np.uint8))
    masks = {topic: np.zeros((40, 50), bool) for topic in TOPICS}
    masks["water"][:30] = masks["forest"][10:] = True
    source = Masks(masks, np.ones((40, 50), bool))
    answer = planimeter.ask(open_scene(tmp_path / "plain.png"), "land cover breakdown", segmenter=source)
    rows = {row["land cover"]: row["share"] for row in answer.answer.records()}
    assert (rows["water"], rows["forest"]) == (75.0, 75.0)
    assert "other ground" not in rows  # every pixel has at least one of them
    assert any("add up to 150" in sentence for sentence in answer.warnings)


def test_a_ranking_has_those_that_were_named_in_order(grounds: list[Ground]) -> None:
    for ground in grounds:
        px = ground.truth.px
        down = ask(ground, "Sort grassland, farmland and water by area, in km2.").answer
        named = {"grassland": px("grass"), "agricultural land": px("agric"), "water": px("water")}
        assert down.column("land cover") == sorted(named, key=named.__getitem__, reverse=True)
        assert down.columns[1].heading == "area [km²]"
        assert down.column("area") == pytest.approx(sorted((n * 1e-6 for n in named.values()), reverse=True))
        up = ask(ground, "Order grassland, farmland and water by size from smallest to largest").answer
        assert up.column("land cover") == down.column("land cover")[::-1]


def test_without_a_scale_a_composition_is_in_pixels_and_percent(grounds: list[Ground]) -> None:
    ground = grounds[0]
    scene = open_scene(ground.scene.path)
    found = planimeter.ask(scene, "percentages of all land cover classes", segmenter=ground.segmenter).answer
    assert [column.heading for column in found.columns] == ["land cover", "pixels", "share [%]"]
    rows = {row["land cover"]: row for row in found.records()}
    assert rows["water"]["pixels"] == ground.truth.px("water")
    with pytest.raises(planimeter.PlanimeterError, match="--gsd"):
        planimeter.ask(
            scene, "How much area does each land cover have, in acres?", segmenter=ground.segmenter
        )


# --- lists


Chosen = Callable[[Ground], list[Region]]


@pytest.mark.parametrize(
    ("question", "chosen"),
    [
        ("List all ponds larger than 0.02 ha with their areas.", lambda g: g.truth.sized("water", gt=0.02)),
        ("Show every forest patch.", lambda g: g.truth.regions("forest")),
        ("How large is each of the forest patches?", lambda g: g.truth.regions("forest")),
        ("What are the sizes of the four largest houses?", lambda g: g.truth.top(g.truth.regions("roof"), 4)),
        ("Where are the two biggest forest patches?", lambda g: g.truth.top(g.truth.regions("forest"), 2)),
        (
            "Find all houses within 30 m of a road, with their positions.",
            lambda g: g.truth.near(g.truth.regions("roof"), "road", 30),
        ),
    ],
)
def test_a_list_has_every_region_with_its_measures(
    grounds: list[Ground], question: str, chosen: Chosen
) -> None:
    for ground in grounds:
        answer = ask(ground, question)
        assert answer.type == "list"
        unit = answer.answer.columns[1].unit
        factor = {"ha": 1.0, "m²": 1e4}[unit]
        regions = sorted(chosen(ground), key=lambda region: -int(region.sum()))
        if not regions:
            assert len(answer.answer) == 0
            assert str(answer) == "none"
            continue
        assert answer.answer.column("id") == list(range(1, len(regions) + 1))
        areas = [ground.truth.px_ha(int(region.sum())) * factor for region in regions]
        assert answer.answer.column("area") == pytest.approx(areas)
        # Regions of one size may stand in any order among themselves.
        where = sorted((round(x, 2), round(y, 2)) for x, y in map(centroid, regions))
        told = sorted(zip(answer.answer.column("x"), answer.answer.column("y"), strict=True))
        assert told == [(pytest.approx(x, abs=0.011), pytest.approx(y, abs=0.011)) for x, y in where]
        assert sum(len(shapes) for _, shapes in answer.run.evidence.counted) == len(regions)


def test_the_smallest_stand_first_where_they_are_asked_for(grounds: list[Ground]) -> None:
    for ground in grounds:
        found = ask(ground, "List the three smallest buildings in square feet.").answer
        pixels = sorted(int(region.sum()) for region in ground.truth.regions("roof"))[:3]
        assert found.columns[1].unit == "ft²"
        assert found.column("area") == pytest.approx([each * GSD**2 / 0.09290304 for each in pixels])


@pytest.mark.parametrize(
    "question", ["How far is each house from water?", "list the distances of all houses to the water"]
)
def test_distances_of_each_are_the_nearest_ones(grounds: list[Ground], question: str) -> None:
    for ground in grounds:
        truth = sorted(distances(ground, ground.truth.regions("roof"), "water"))
        assert ask(ground, question).answer.column("distance") == pytest.approx(truth)
        feet = ask(ground, question.rstrip("?") + ", in feet").answer
        assert feet.columns[2].heading == "distance [ft]"
        assert feet.column("distance") == pytest.approx([value / 0.3048 for value in truth])


def test_areas_of_several_are_listed_and_their_sum_only_where_it_is_asked_for(grounds: list[Ground]) -> None:
    ground = grounds[0]
    listed = ask(ground, "the areas of the three largest forest patches")
    total = ask(ground, "the total area of the three largest forest patches")
    assert listed.type == "list"
    assert len(listed.answer) == 3
    assert total.type == "number"
    assert sum(listed.answer.column("area")) == pytest.approx(total.answer)


# --- statistics


def test_statistics_at_once_are_those_of_numpy(grounds: list[Ground]) -> None:
    for ground in grounds:
        sizes = np.array([region.sum() for region in ground.truth.regions("roof")]) * GSD**2
        (row,) = ask(
            ground, "What are the mean, median, total and standard deviation of house sizes?"
        ).answer.records()
        assert list(row) == ["mean area", "median area", "total area", "area deviation"]
        truth = [sizes.mean(), np.median(sizes), sizes.sum(), sizes.std()]
        assert list(row.values()) == pytest.approx(truth)
        (row,) = ask(ground, "summary statistics of buildings, in hectares").answer.records()
        assert row["count"] == len(sizes)
        assert [row["smallest area"], row["largest area"]] == pytest.approx(
            [sizes.min() / 1e4, sizes.max() / 1e4]
        )
        away = distances(ground, ground.truth.regions("roof"), "forest")
        (row,) = ask(ground, "minimum, average and maximum distance from houses to forest").answer.records()
        assert list(row.values()) == pytest.approx([min(away), np.mean(away), max(away)])
        one = ask(ground, "What is the standard deviation of house sizes in m2?")
        assert (one.answer, one.unit) == (pytest.approx(sizes.std()), "m²")


def test_classes_of_size_hold_every_region_once(grounds: list[Ground]) -> None:
    for ground in grounds:
        sizes = np.array([region.sum() for region in ground.truth.regions("roof")]) * GSD**2
        told = ask(ground, "histogram of house sizes in classes of 50 m2").answer
        edges = np.arange(len(told) + 1) * 50.0
        assert told.column("from") == pytest.approx(edges[:-1])
        assert told.column("to") == pytest.approx(edges[1:])
        # numpy's last class has its upper limit too; a limit above everything leaves it empty there
        truth, _ = np.histogram(sizes, [*edges, edges[-1] + 50])
        assert told.column("count") == truth[:-1].tolist()
        assert truth[-1] == 0
        free = ask(ground, "How are the sizes of the houses distributed?").answer
        assert sum(free.column("count")) == len(sizes)
        width = free.column("to")[0]
        assert round(width / 10 ** math.floor(math.log10(width)), 9) in (1, 2, 5)
        assert 5 <= len(free) <= 11 or len(set(sizes)) == 1


# --- places


def single(regions: list[Region], by: list[float], most: bool) -> list[Region]:
    best = max(by) if most else min(by)
    return [region for region, value in zip(regions, by, strict=True) if value == best]


@pytest.mark.parametrize(
    ("question", "topic", "by", "most"),
    [
        ("Where does the largest lake lie?", "water", "size", True),
        ("Which house is the biggest?", "roof", "size", True),
        ("Show me the smallest house.", "roof", "size", False),
        ("Which house lies farthest from water?", "roof", "water", True),
        ("Where is the house closest to forest?", "roof", "forest", False),
        ("Which forest patch is farthest from a road?", "forest", "road", True),
    ],
)
def test_a_place_is_on_the_region_that_was_asked_for(
    grounds: list[Ground], question: str, topic: str, by: str, most: bool
) -> None:
    places = 0
    for ground in grounds:
        regions = ground.truth.regions(topic)
        values = [float(r.sum()) for r in regions] if by == "size" else distances(ground, regions, by)
        found = single(regions, values, most)
        answer = ask(ground, question)
        if len(found) > 1:  # none of several equal ones is more right than another
            assert answer.type == "list"
            assert len(answer.answer) == len(found)
            continue
        places += 1
        assert isinstance(answer.answer, Place)
        (region,) = found
        place = answer.answer
        assert region[int(place.y), int(place.x)]
        assert place.area_pixels == region.sum()
        rows, columns = np.nonzero(region)
        x, y = centroid(region)
        if by == "size":
            nearest = np.hypot(columns + 0.5 - x, rows + 0.5 - y).min()
            assert math.hypot(place.x - x, place.y - y) == pytest.approx(nearest)
        else:  # the point that the distance is measured from
            away = ground.truth.distance_map(by)
            assert (
                away[int(place.y), int(place.x)] == away[region].min() == pytest.approx(place.distance_meters)
            )
        middle = ground.truth.valid.shape[1] / 2, ground.truth.valid.shape[0] / 2
        apart = math.hypot(place.x - middle[0], place.y - middle[1]) * GSD
        assert f"{apart:.0f} m from it" in place.words
        if by != "size":
            assert place.distance_meters == pytest.approx(values[[r is region for r in regions].index(True)])
    assert places


def test_the_nearest_of_one_topic_to_one_of_another(grounds: list[Ground]) -> None:
    for ground in grounds:
        house = ground.truth.largest(ground.truth.regions("roof"))
        away = distances(ground, ground.truth.regions("water"), house)
        answer = ask(ground, "Where is the water nearest to the largest house?")
        place = answer.answer
        assert place.distance_meters == pytest.approx(min(away))
        assert ground.truth.masks["water"][int(place.y), int(place.x)]
        assert ground.truth.distance_map(house)[int(place.y), int(place.x)] == pytest.approx(min(away))
        assert answer.run.evidence.reference[0][0] == "roof"


def test_equal_regions_are_all_told(tmp_path) -> None:
    cv2.imwrite(str(tmp_path / "plain.png"), np.full((60, 80, 3), 90, np.uint8))
    masks = {topic: np.zeros((60, 80), bool) for topic in TOPICS}
    masks["water"][5:15, 5:15] = masks["water"][30:40, 50:60] = masks["water"][50:52, 70:75] = True
    scene = open_scene(tmp_path / "plain.png", gsd=2.0)
    source = Masks(masks, np.ones((60, 80), bool))
    twins = planimeter.ask(scene, "Where is the largest lake?", segmenter=source)
    assert twins.type == "list"
    assert isinstance(twins.answer, Table)
    assert twins.answer.column("area") == pytest.approx([0.04, 0.04])
    third = planimeter.ask(scene, "Where is the third largest lake?", segmenter=source)
    assert third.answer.area_hectares == pytest.approx(0.004)
    with pytest.raises(NotMeasurable, match="fewer than 4"):
        planimeter.ask(scene, "Where is the fourth largest lake?", segmenter=source)
    with pytest.raises(NotMeasurable, match="There are 3 water regions in this image, not one"):
        planimeter.ask(scene, "Where is the lake?", segmenter=source)
    with pytest.raises(NotMeasurable, match="no buildings to point at"):
        planimeter.ask(scene, "Where is the largest house?", segmenter=source)
    with pytest.raises(NotMeasurable, match="no road"):
        planimeter.ask(scene, "Which lake is nearest to a road?", segmenter=source)


# --- what stays refused


@pytest.mark.parametrize(
    "question",
    [
        "Which house is nicest?",
        "Where is the forest?",
        "List all houses in order of height.",
        "Rank the cities by population.",
        "Which side has more houses?",
        "Where is the nearest house to the nearest house?",
        "histogram of house sizes in classes of 0 m2",
        "List all houses in percent",
        "mean and sum of distances from houses to water",
        "Show all trees with their heights",
    ],
)
def test_what_is_not_clear_is_refused(question: str) -> None:
    with pytest.raises(QuestionError):
        builtin_coder().write(Request(question, TOPICS, GSD))
