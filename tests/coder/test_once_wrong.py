"""Kinds of questions that were once answered wrongly: each is read rightly, or refused with what to say instead.

The truth is counted with numpy and scipy on a label raster drawn here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

import planimeter
from planimeter.errors import NotMeasurable, NotUnderstood, QuestionError
from planimeter.raster import open_scene
from planimeter.segment import LabelSegmenter

GSD = 0.5
LEGEND = {"urban": [1], "agric": [2], "forest": [3], "water": [4], "roof": [5], "solar": [6], "road": [7]}
LABELS = np.zeros((240, 240), np.uint8)
# (label, rows, columns)
for _label, _rows, _columns in (
    (2, (0, 90), (0, 120)),  # one field that begins at the road and ends far from it
    (7, (90, 96), (0, 240)),
    (1, (96, 150), (0, 80)),
    (3, (110, 170), (90, 150)),
    (3, (180, 230), (20, 60)),
    (3, (100, 112), (190, 200)),
    (4, (10, 60), (150, 200)),
    (4, (200, 236), (120, 200)),
    (4, (120, 130), (220, 232)),
    (5, (98, 110), (160, 180)),
    (5, (40, 52), (205, 225)),
    (5, (100, 116), (10, 30)),
    (5, (190, 204), (90, 110)),
    (5, (150, 158), (200, 214)),
    (6, (102, 106), (164, 172)),
):
    LABELS[slice(*_rows), slice(*_columns)] = _label


def mask(topic: str) -> np.ndarray:
    return LEGEND[topic][0] == LABELS


def away(topic: str) -> np.ndarray:
    """Metres from every pixel centre to the nearest one of a topic."""
    return ndimage.distance_transform_edt(~mask(topic)) * GSD


def parts(topic: str, least: float = 0.0) -> list[np.ndarray]:
    """Regions larger than some square metres."""
    labels, count = ndimage.label(mask(topic), np.ones((3, 3)))
    found = [labels == k + 1 for k in range(count)]
    return [part for part in found if part.sum() * GSD**2 > least]


def far_roofs(topic: str, metres: float) -> int:
    return sum(away(topic)[part].min() > metres for part in parts("roof"))


def area_share(regions: list[np.ndarray], topic: str, metres: float) -> float:
    whole = np.logical_or.reduce(regions)
    return 100 * float((whole & (away(topic) <= metres)).sum() / whole.sum())


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], planimeter.Answer]:
    folder = tmp_path_factory.mktemp("once_wrong")
    Image.fromarray(LABELS).save(folder / "labels.png")
    Image.fromarray(np.full((*LABELS.shape, 3), 90, np.uint8)).save(folder / "image.png")
    (folder / "legend.json").write_text(json.dumps(LEGEND))
    scene = open_scene(Path(folder / "image.png"), gsd=GSD)
    maps = LabelSegmenter(folder / "labels.png", folder / "legend.json")
    return lambda question: planimeter.ask(scene, question, segmenter=maps)


@pytest.mark.parametrize(
    "question",
    [
        "How many houses are not at flood risk, i.e. farther than 30 m from water?",
        "Count the buildings that are not in danger of flooding (more than 30 m from water).",
        "Number of structures without flood risk, more than 30 m away from water",
        "How many roofs are safe from flood risk (beyond 30 m of any lake)?",
        "buildings with no flood risk (further than 30 m from water)",
    ],
)
def test_a_denied_remark_does_not_deny_the_distance(ask: Callable, question: str) -> None:
    assert 0 < far_roofs("water", 30) < len(parts("roof"))
    assert ask(question).answer == far_roofs("water", 30)


@pytest.mark.parametrize(
    "question",
    [
        "How many houses are at flood risk (more than 30 m from water)?",
        "How many houses are not at flood risk (within 30 m of water)?",
        "Number of buildings free of fire risk, i.e. closer than 20 m to forest",
    ],
)
def test_a_remark_that_says_the_opposite_is_refused(ask: Callable, question: str) -> None:
    with pytest.raises(NotUnderstood, match="opposite"):
        ask(question)


@pytest.mark.parametrize(
    ("question", "topic", "least", "near", "metres"),
    [
        ("What share of the area of buildings is within 15 m of water?", "roof", 0, "water", 15),
        ("What percentage of building area lies within 15 m of water?", "roof", 0, "water", 15),
        ("Take forests > 0.02 ha. What share of their area is within 25 m of water?", "forest", 200, "water", 25),
        ("Of the area of forest patches over 200 m2, what share is within 25 m of water?", "forest", 200, "water", 25),
        ("What percent of the total area of the forest patches is within 25 m of water?", "forest", 0, "water", 25),
        ("What percentage of buildings by area is within 15 m of water?", "roof", 0, "water", 15),
    ],
)  # fmt: skip
def test_a_share_of_the_area_is_by_area(
    ask: Callable, question: str, topic: str, least: float, near: str, metres: float
) -> None:
    regions = parts(topic, least)
    truth = area_share(regions, near, metres)
    by_number = 100 * sum(away(near)[part].min() <= metres for part in regions) / len(regions)
    assert abs(truth - by_number) > 1
    assert ask(question).answer == pytest.approx(truth)


def test_a_share_of_the_area_over_half_is_by_area(ask: Callable) -> None:
    truth = area_share(parts("forest", 100), "water", 25)
    over = "yes" if truth > 10 else "no"
    assert (
        ask("Is more than 10 % of the area of forest patches larger than 100 m2 within 25 m of water?").answer
        == over
    )


@pytest.mark.parametrize(
    "question",
    [
        "How many houses are within 20 m of every lake?",
        "How many buildings lie within 20 m of all water bodies?",
        "Number of buildings within 20 m of each road",
        "Is there any house within 20 m of each lake?",
        "How much forest lies within 20 m of all buildings?",
        "What is the average distance from buildings to all lakes?",
        "Are all buildings within 50 m of all lakes?",
    ],
)
def test_every_reference_is_not_any_reference(ask: Callable, question: str) -> None:
    with pytest.raises(NotUnderstood, match="any"):
        ask(question)


@pytest.mark.parametrize(
    "question",
    [
        "How big is a lake?",
        "What is the area of a building?",
        "What area does a house cover?",
        "How many square metres is a pond?",
        "What is the perimeter of the lake?",
        "How far is the house from the water?",
        "What is the size of any field?",
        "How much of the image does the lake cover?",
        "What is the area of the forest patch?",
        "Is the house within 30 m of water?",
    ],
)
def test_one_of_several_is_not_their_sum(ask: Callable, question: str) -> None:
    with pytest.raises(NotUnderstood, match="several"):
        ask(question)


def test_the_one_there_is_has_a_size_and_one_of_several_has_none(ask: Callable) -> None:
    (farm,) = parts("solar")
    answer = ask("How large is the solar farm in m2?")
    assert answer.answer == pytest.approx(farm.sum() * GSD**2)
    assert "the only solar installation" in answer.reading
    for question, topic in (
        ("How large is the lake?", "water"),
        ("What is the area of the building?", "roof"),
    ):
        with pytest.raises(QuestionError, match=f"There are {len(parts(topic))} .* not one"):
            ask(question)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What are the areas of the lakes?", "water"),
        ("List the areas of all houses", "roof"),
        ("the sizes of buildings", "roof"),
        ("areas of lakes", "water"),
    ],
)
def test_a_list_asked_is_not_a_sum(ask: Callable, question: str, topic: str) -> None:
    answer = ask(question)
    assert answer.type == "list"
    factor = {"ha": 1e4, "m²": 1.0}[answer.answer.columns[1].unit]
    truth = sorted((part.sum() * GSD**2 for part in parts(topic)), reverse=True)
    assert [area * factor for area in answer.answer.column("area")] == pytest.approx(truth)


@pytest.mark.parametrize(
    "question",
    [
        "How many villages are in the picture?",
        "Is there a town?",
        "What is the area of the settlement?",
        "How many buildings are in the village?",
        "How many clusters of buildings are there?",
        "Count the blocks of houses",
        "How many individual solar panels are there?",
        "How many separate panels can you count?",
    ],
)
def test_named_places_groups_and_single_panels_are_not_regions(ask: Callable, question: str) -> None:
    with pytest.raises(NotMeasurable, match="cannot be told"):
        ask(question)


def test_single_buildings_beside_panels_are_buildings(ask: Callable) -> None:
    near = [part.sum() * GSD**2 for part in parts("roof") if away("solar")[part].min() <= 40]
    assert 0 < len(near) < len(parts("roof"))
    said = ask("What is the average area of single buildings within 40 m of solar panels, in m2?").answer
    assert said == pytest.approx(np.mean(near))


@pytest.mark.parametrize(
    ("question", "topic", "metres"),
    [
        ("Is there any farmland more than 20 m away from a road?", "agric", 20),
        ("Does any cropland lie farther than 20 m from a road?", "agric", 20),
        ("Is there farmland beyond 20 m of roads?", "agric", 20),
        ("Is there any farmland more than 200 m from a road?", "agric", 200),
    ],
)
def test_presence_of_a_part_agrees_with_its_area(
    ask: Callable, question: str, topic: str, metres: float
) -> None:
    part = mask(topic) & (away("road") > metres)
    assert ask(question).answer == ("yes" if part.any() else "no")
    area = ask(f"How many m2 of farmland are more than {metres} m from a road?").answer
    assert area == pytest.approx(part.sum() * GSD**2)


def test_the_field_begins_at_the_road() -> None:
    assert all(away("road")[part].min() < 20 for part in parts("agric"))


@pytest.mark.parametrize(
    "question",
    [
        "How many buildings are larger than 1.000 m2?",
        "Buildings within 1.500 m of water",
        "How many lakes are larger than 0,5 ha?",
        "How many lakes are larger than 1,25 ha?",
        "Number of buildings > 1.000.000 m²",
        "How many buildings > 1.000,50 m²?",
    ],
)
def test_continental_numbers_are_asked_about(ask: Callable, question: str) -> None:
    with pytest.raises(NotUnderstood, match="point for decimals"):
        ask(question)


@pytest.mark.parametrize("number", ["1,000", "1000", "1000.0", "0.125", "10.5", "12.25", "0.5"])
def test_english_numbers_are_not(ask: Callable, number: str) -> None:
    truth = sum(part.sum() * GSD**2 > float(number.replace(",", "")) for part in parts("roof"))
    assert ask(f"How many buildings are larger than {number} m2?").answer == truth


@pytest.mark.parametrize(
    "question",
    [
        "How many houses are not within 20 m of water and within 20 m of forest?",
        "Buildings not both within 20 m of water and within 20 m of forest",
        "How many buildings aren't both within 20 m of water and within 20 m of forest?",
    ],
)
def test_a_not_of_unclear_reach_is_refused(ask: Callable, question: str) -> None:
    with pytest.raises(QuestionError):
        ask(question)


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("What is the amount of buildings?", True),
        ("Give the total amount of houses", True),
        ("What is the amount of forest in m2?", False),
    ],
)
def test_an_amount_of_things_is_a_number(ask: Callable, question: str, counted: bool) -> None:
    truth = len(parts("roof")) if counted else mask("forest").sum() * GSD**2
    assert ask(question).answer == pytest.approx(truth)


@pytest.mark.parametrize(
    "question",
    [
        "Compare the number of lakes and buildings",
        "Are there more rivers than lakes?",
        "What is the ratio of lakes to ponds?",
    ],
)
def test_a_comparison_is_not_a_sum(ask: Callable, question: str) -> None:
    with pytest.raises(QuestionError):
        ask(question)


@pytest.mark.parametrize("question", ["Compare the area of forest and water", "Compare forest and water"])
def test_covers_that_are_compared_stand_side_by_side(ask: Callable, question: str) -> None:
    table = ask(question).answer
    assert table.column("land cover") == ["forest", "water"]
    hectares = [mask(topic).sum() * GSD**2 / 1e4 for topic in ("forest", "water")]
    assert table.column("area") == pytest.approx(hectares)


def test_the_average_distance_of_a_road_from_houses_is_that_of_the_houses(ask: Callable) -> None:
    near = ndimage.distance_transform_edt(~mask("road")) * GSD
    truth = np.mean([near[part].min() for part in parts("roof")])
    assert ask("How far is a road from a building on average?").answer == pytest.approx(truth)


def test_the_closest_of_them_is_asked_about_not_any(ask: Callable) -> None:
    """Some water lies farther than the closest does: "any water more than 20 m away" would be yes."""
    near = ndimage.distance_transform_edt(~mask("roof")) * GSD
    closest, farthest = near[mask("water")].min(), near[mask("water")].max()
    between = round((closest + farthest) / 2)
    answer = ask(f"Is the closest water to a building more than {between} m away?").answer
    assert answer == ("yes" if closest > between else "no") == "no"


@pytest.mark.parametrize(
    "question",
    [
        "Forest area excluding patches within 20 m of roads",
        "How much forest is there, ignoring those within 20 m of a road?",
        "Forest in ha, only counting patches within 20 m of roads",
    ],
)
def test_whole_patches_or_their_part(ask: Callable, question: str) -> None:
    with pytest.raises(NotUnderstood):
        ask(question)


@pytest.mark.parametrize(
    "question",
    [
        "How many buildings are in urban areas?",
        "How many houses stand inside the forest?",
        "Are there any lakes in the forest?",
        "What percentage of the roof area is covered with solar panels?",
        "How much of the building area is inside built-up land?",
    ],
)
def test_labels_that_exclude_each_other_give_no_nought(ask: Callable, question: str) -> None:
    with pytest.raises(NotMeasurable):
        ask(question)


@pytest.mark.parametrize("words", ["impervious surface", "paved land", "developed land"])
def test_sealed_ground_takes_roofs_and_roads_in(ask: Callable, words: str) -> None:
    truth = np.isin(LABELS, [LEGEND[topic][0] for topic in ("urban", "roof", "road")]).sum() * GSD**2
    assert truth > mask("urban").sum() * GSD**2
    assert ask(f"How many m2 of {words} are there?").answer == pytest.approx(truth)


def test_no_power_is_no_power(ask: Callable) -> None:
    answer = ask("What is the power of the solar panels at 0 W/m2?")
    assert answer.answer == 0
    assert "at 0 W/m²" in answer.reading


@pytest.mark.parametrize("opening", ["For", "Considering", "For the"])
@pytest.mark.parametrize(
    ("things", "question", "measure"),
    [
        ("buildings within 30 m of water", "what is the mean building area in m²", "mean"),
        ("buildings within 30 m of water", "what is the total building area in m²", "sum"),
        ("buildings within 30 m of water", "how many buildings are there", "len"),
        ("buildings over 50 m²", "how many buildings are there", "len"),
        ("buildings larger than 50 m²", "what is the average building size in m²", "mean"),
        ("forest patches larger than 100 m²", "how large is the mean forest patch in m²", "mean"),
    ],
)
def test_what_a_first_clause_names_is_what_is_measured(
    ask: Callable, opening: str, things: str, question: str, measure: str
) -> None:
    topic = "forest" if "forest" in things else "roof"
    least = 0.0 if "within" in things else 50.0 if topic == "roof" else 100.0
    kept = [part for part in parts(topic, least) if "within" not in things or away("water")[part].min() <= 30]
    assert 0 < len(kept) < len(parts(topic))
    areas = [part.sum() * GSD**2 for part in kept]
    truth = {"mean": np.mean, "sum": np.sum, "len": len}[measure](areas)
    try:
        answer = ask(f"{opening} {things}, {question}?")
    except QuestionError:
        return
    assert answer.answer == pytest.approx(truth)


def test_a_first_clause_is_kept_where_its_noun_is_said_again(ask: Callable) -> None:
    """The refusals that the test above allows are few: these are answered."""
    for question in (
        "For buildings within 30 m of water, what is the mean building area in m²?",
        "For buildings over 50 m², how many buildings are there?",
    ):
        assert ask(question).answer > 0


def test_what_a_first_clause_picks_is_not_dropped(ask: Callable) -> None:
    with pytest.raises(QuestionError):
        ask("For the largest building, how many buildings are there?")
