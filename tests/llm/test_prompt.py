"""The prompt: what it says, that it stays small, and that a change of wording is a change of version."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from planimeter.coder import Request
from planimeter.coder.llm import (
    MAX_PROMPT_TOKENS,
    PROMPT_VERSION,
    answer_format,
    build_prompt,
    estimate_tokens,
)
from planimeter.coder.llm.formats import AnswerFormat, stated_unit
from planimeter.program import functions
from planimeter.segment.open import OpenTopics
from planimeter.vocabulary.topics import TOPICS

SNAPSHOT = Path(__file__).with_name("prompt_snapshot.txt")
LONGEST_QUESTION = (
    "Find vegetation patches larger than 2 hectares, then calculate how much of their area (in hectares) "
    "falls within 200m of water bodies (flood risk assessment) but farther than 100m from a road (GSD: 0.5m)"
)


def test_snapshot() -> None:
    """After a change that is meant, raise PROMPT_VERSION and run once with PLANIMETER_SNAPSHOTS=write."""
    prompt = build_prompt(Request(LONGEST_QUESTION, TOPICS, 0.5))
    text = f"{prompt.version}\n\n[system]\n{prompt.system}\n[user]\n{prompt.user}\n"
    if os.environ.get("PLANIMETER_SNAPSHOTS") == "write":
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert text == SNAPSHOT.read_text(encoding="utf-8")


def test_size() -> None:
    prompt = build_prompt(Request(LONGEST_QUESTION, TOPICS, 0.5))
    assert estimate_tokens(prompt.system + prompt.user) <= MAX_PROMPT_TOKENS


def test_every_function_and_every_topic_is_named() -> None:
    prompt = build_prompt(Request("How many ponds?", ("water", "roof", "tents"), None))
    two_dates = build_prompt(Request("How many ponds?", ("water",), None, before=("water",)))
    untold = {"find_surrounding_shapes", "measure_index", "measure_index_of_each", "find_core_shapes"}
    untold |= {"calculate_neighbor_distances", "calculate_contained_counts", "calculate_shape_orientations"}
    of_an_index = build_prompt(Request("What is the mean NDVI of the ponds?", ("water",), None))
    of_two = {"match_shapes", "calculate_transitions"}
    assert functions()["measure_index"].signature in of_an_index.system
    for name, function in functions().items():
        told = name not in untold
        assert (function.signature in prompt.system) is (told and name not in of_two)
        assert (function.signature in two_dates.system) is told
    assert "BEFORE_PATH" in two_dates.system
    assert "BEFORE_PATH" not in prompt.system
    assert "Topics: water, roof (buildings), tents." in prompt.system
    assert "gsd is None" in prompt.user


def test_an_open_vocabulary_is_said() -> None:
    closed, open_ = (
        build_prompt(Request("How many pools are there?", topics, 0.5))
        for topics in (("water",), OpenTopics(("water",)))
    )
    assert "any other noun phrase" in open_.system
    assert "any other noun phrase" not in closed.system


def test_the_version_follows_the_system_message_only() -> None:
    one = build_prompt(Request("How many ponds?", ("water",), 0.3))
    other = build_prompt(Request("How much forest?", ("water",), None))
    more = build_prompt(Request("How many ponds?", ("water", "roof"), 0.3))
    assert one.version == other.version != more.version
    assert one.version.startswith(f"v{PROMPT_VERSION}-")


@pytest.mark.parametrize(
    ("question", "kind", "unit"),
    [
        ("What percentage of the image is covered by barren land? (GSD: 0.3m)", "number", "%"),
        (
            "How many separate urban area regions are there? Ignore patches under 0.1 hectares.",
            "number",
            "count",
        ),
        ("What percentage of the image is covered by the largest vegetation region?", "number", "%"),
        (
            "What is the total solar panel area in hectares (excluding less than 0.01 hectares)?",
            "number",
            "ha",
        ),
        ("Is there more barren land than forest area in this image?", "yes/no", None),
        ("Is there more than 1 hectare of solar panels?", "yes/no", None),
        ("Are there multiple separate solar installations larger than 0.01 hectares?", "yes/no", None),
        (
            "How many separate agricultural patches between 0.125 and 10 hectares are there?",
            "number",
            "count",
        ),
        ("Is the forest area connected or fragmented (more than 5 patches)?", "category", None),
        ("How many buildings are within 100m of water bodies (flood risk)?", "number", "count"),
        ("Calculate the solar potential MW output assuming 200W/m² efficiency. (GSD: 0.3m)", "number", "MW"),
        (
            "Find barren patches larger than 1 hectares, then how much of their area (in hectares) is near?",
            "number",
            "ha",
        ),
        ("What is the average size of solar installations in hectares?", "number", "ha"),
        ("What is the total area of forest?", "number", "ha"),
        ("How large is the largest pond in square metres?", "number", "m²"),
        ("How many acres of grass are there?", "number", "acres"),
        ("How many square kilometers of forest lie within 2 km of a road?", "number", "km²"),
        ("How far is the nearest roof from water?", "number", "m"),
        ("What is the perimeter of the largest lake in km?", "number", "km"),
        ("What is the ratio of forest to grass?", "number", None),
        ("What is the building density per hectare?", "number", "per ha"),
        ("Which is larger, forest or water?", "category", None),
        ("Is it urban or rural?", "category", None),
        ("Are there trees or water?", "yes/no", None),
        ("Compute something clever.", "any", None),
        ("How many buildings lie at a distance of less than 50 m from water?", "number", "count"),
        ("How many buildings have a lake as their closest neighbour within 50 m?", "number", "count"),
        ("How many buildings are wider than long, with a width over 5 m?", "number", "count"),
        ("How many roofs are nearest to the road?", "number", "count"),
        ("How many fields make up a large share of the area?", "number", "count"),
        ("What is the number of solar panels with capacity above 1 kW?", "number", "count"),
        ("Count the ponds whose perimeter is over 1 km.", "number", "count"),
        ("What is the average distance between the number of roofs given?", "number", "m"),
        ("How many of the roofs are near water, as a percentage?", "number", "%"),
        ("How many buildings are there per hectare?", "number", "per ha"),
        ("How many forest hectares are there?", "number", "ha"),
        ("How many more hectares of forest than of grass are there?", "number", "ha"),
        ("What is the number of square metres of water?", "number", "m²"),
        ("How many metres of river bank are there?", "number", "m"),
        ("How much of the land is forest, in hectares?", "number", "ha"),
        ("In acres, how much of the land is forest?", "number", "acres"),
        ("How much of the area is water in square metres?", "number", "m²"),
        ("How much of the area is water?", "number", "%"),
        ("How large are the panels of the highest capacity, in m²?", "number", "m²"),
        ("What is the ratio of the forest in hectares to the water in hectares?", "number", None),
    ],
)
def test_the_answer_format_follows_the_question(question: str, kind: str, unit: str | None) -> None:
    wanted = answer_format(question)
    assert (wanted.type, wanted.unit) == (kind, unit)
    assert wanted.for_program.startswith("Store the final answer in `answer` as ")
    assert "program" not in wanted.for_reader


def test_a_program_states_its_unit_only_where_the_question_leaves_it_open() -> None:
    text = "# unit: km\nanswer = 2.5\n"
    assert stated_unit(text, AnswerFormat("any")) == "km"
    assert stated_unit(text, AnswerFormat("number", "ha")) == "ha"
    assert stated_unit("# unit: none\nanswer = 1", AnswerFormat("any")) is None
