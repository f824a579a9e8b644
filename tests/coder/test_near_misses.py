"""Questions that differ by little and must not mean the same."""

from __future__ import annotations

import pytest

from planimeter.coder import Program, Request, builtin_coder
from planimeter.vocabulary.topics import TOPICS

PAIRS = (
    ("How many houses are larger than 100 m²?", "How many houses are at least 100 m²?"),
    ("How many houses are larger than 100 m²?", "How many houses are smaller than 100 m²?"),
    ("How many houses are no larger than 100 m²?", "How many houses are smaller than 100 m²?"),
    ("How many houses are larger than 100 m²?", "How many houses are larger than 100 ha?"),
    ("How many houses are larger than 100 m²?", "How many houses are larger than 100 sq ft?"),
    ("Are there more than 5 houses?", "Are there at least 5 houses?"),
    ("Are there more than 5 houses?", "Are there fewer than 5 houses?"),
    ("Are there at least 5 houses?", "Are there exactly 5 houses?"),
    ("Are there any houses?", "Are there no houses?"),
    ("Are there any houses?", "Are there several houses?"),
    ("Is there a house within 50 m of water?", "Is every house within 50 m of water?"),
    (
        "What percentage of the forest is within 50 m of water?",
        "What percentage of the image is forest within 50 m of water?",
    ),
    ("What percentage of the image is forest?", "What percentage of the image is not forest?"),
    ("How many houses are within 50 m of water?", "How many houses are farther than 50 m from water?"),
    ("How many houses are within 50 m of water?", "How many houses are within 50 ft of water?"),
    ("How many houses are within 50 m of water?", "How many houses are less than 50 m from water?"),
    ("How many houses are within 50 m of water?", "How many houses are not within 50 m of water?"),
    ("How many houses are more than 50 m from water?", "How many houses are at least 50 m from water?"),
    ("How many houses are within 50 m of water?", "How many lakes are within 50 m of houses?"),
    ("How large is the largest lake?", "How large is the smallest lake?"),
    ("How large is the largest lake?", "How large is the second largest lake?"),
    ("What is the area of the largest lake?", "What is the total area of the lakes?"),
    ("What is the area of the largest lake?", "What is the total area of the three largest lakes?"),
    ("What is the average house size?", "What is the median house size?"),
    ("What is the average house size?", "What is the total house area?"),
    ("How many lakes are there?", "How many hectares of lakes are there?"),
    ("How many houses are there?", "How many houses per hectare are there?"),
    ("How many houses per hectare are there?", "How many houses per hectare of forest are there?"),
    ("Is there more forest than water?", "Is there more water than forest?"),
    ("Is there more forest than water?", "Is there less forest than water?"),
    ("Is there more forest than water?", "Is there more forest or water?"),
    ("Is there more forest than water?", "Is there at least twice as much forest as water?"),
    ("Are there more lakes than houses?", "Do lakes cover more than houses?"),
    ("How far is the nearest house from water?", "How far is the farthest house from water?"),
    (
        "What is the average distance from houses to water?",
        "What is the shortest distance from houses to water?",
    ),
    ("How many houses are within 50 m of water or forest?", "How many houses are within 50 m of water?"),
    (
        "How many houses are within 50 m of a lake larger than 1 ha?",
        "How many houses larger than 1 ha are within 50 m of a lake?",
    ),
    (
        "How many houses are within 50 m of a lake, ignoring houses under 100 m²?",
        "How many houses are within 50 m of a lake, ignoring lakes under 100 m²?",
    ),
    (
        "How many houses are within 50 m of a lake and larger than 100 m²?",
        "How many houses are within 50 m of a lake larger than 100 m²?",
    ),
    ("How much forest is within 50 m of water?", "How much water is within 50 m of forest?"),
    ("How much forest is within 50 m of water, in ha?", "How much forest is within 50 m of water, in m²?"),
    ("How much forest is between 50 and 100 m from water?", "How much forest is within 100 m of water?"),
    ("Is the forest fragmented (more than 5 patches)?", "Is the forest fragmented (more than 6 patches)?"),
    ("Is the forest fragmented (more than 5 patches)?", "Is the forest fragmented (at least 5 patches)?"),
    (
        "Is the forest fragmented (more than 5 patches)?",
        "Is the forest connected or fragmented (more than 5 patches)?",
    ),
    ("Is the largest lake within 50 m of a road?", "Is there a lake within 50 m of a road?"),
    ("What is the perimeter of the largest lake?", "What is the area of the largest lake?"),
    ("What is the solar power at 150 W/m²?", "What is the solar power at 200 W/m²?"),
    ("What is the solar power in kW at 150 W/m²?", "What is the solar power in MW at 150 W/m²?"),
    ("Which is larger, forest or water?", "Which is smaller, forest or water?"),
    ("How many ponds touch a road?", "How many ponds do not touch a road?"),
    ("Does water cover more than 2 ha?", "Is there any lake larger than 2 ha?"),
)


def write(question: str) -> Program:
    return builtin_coder().write(Request(question, TOPICS, 0.3))


def code(program: Program) -> str:
    """The program without its comments and printed words."""
    lines = [line for line in program.text.splitlines() if not line.lstrip().startswith(("#", "print("))]
    return "\n".join(lines)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_near_misses_are_told_apart(one: str, other: str) -> None:
    first, second = write(one), write(other)
    assert (code(first), first.type) != (code(second), second.type)
    assert first.reading != second.reading


SAME = (
    ("How many houses are within 50 m of water?", "how many HOUSES are within 50m of the water"),
    ("How many houses are within 50 m of water?", "How many buildings are within fifty metres of water?"),
    ("How many houses are larger than 100 m²?", "How many houses are larger than 100 m^2?"),
    (
        "How many houses are larger than 1,000 m²?",
        "How many houses are larger than one thousand square meters?",
    ),
    ("How much forest is there?", "How much forest is there? (GSD: 0.3m)"),
    ("How much forest is there, in ha?", "In hectares, how much forest is there?"),
    ("How many lakes are between 0.1 and 2 ha?", "How many lakes are between 0.1–2 ha?"),
    ("Is there a built-up area larger than 1 ha?", "Is there a built‑up area larger than 1 ha?"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spelling_does_not_matter(one: str, other: str) -> None:
    assert code(write(one)) == code(write(other))
