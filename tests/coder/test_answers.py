"""Questions end to end: the coder's program in the sandbox against brute force over the masks."""

from __future__ import annotations

from typing import Any

import pytest

from planimeter.errors import NotMeasurable
from planimeter.program import check_program

from .conftest import Ground
from .questions import ABBREVIATED, ANSWERABLE, ATTACHMENTS, BEYOND, PARAPHRASES, TABLE_7, Group

SQUID_TYPES = frozenset(
    [
        "count",
        "binary_comparison",
        "size",
        "percentage",
        "binary_threshold",
        "binary_presence",
        "binary_multiple",
        "total_area",
        "proximity_percentage",
        "binary_proximity",
        "proximity_area",
        "connectivity",
        "fragmentation",
        "building_proximity",
        "power_calculation",
        "building_fire_risk",
        "building_flood_risk",
        "complex_multi_condition",
        "complex_agriculture_water_access",
        "complex_vegetation_water_access",
        "complex_urban_fire_risk",
        "complex_urban_flood_risk",
        "complex_average",
        "complex_size_filter",
    ]
)
CASES = [
    pytest.param(group, question, id=f"{group.type}-{question[:60]}")
    for group in ANSWERABLE
    for question in group.questions
]


def spoken(value: Any) -> Any:
    """A reference value as answers state it."""
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    return value


@pytest.mark.parametrize(("group", "question"), CASES)
def test_answer_equals_brute_force(group: Group, question: str, grounds: list[Ground]) -> None:
    program = grounds[0].write(question)
    assert check_program(program.text) == []
    for ground in grounds:
        try:
            expected = spoken(group.expected(ground.truth))
        except (ZeroDivisionError, IndexError, ValueError):
            with pytest.raises(NotMeasurable):
                ground.run(question)
            continue
        answer = ground.run(question).answer
        if isinstance(expected, str):
            assert answer == expected
        else:
            assert answer == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_worlds_tell_readings_apart(grounds: list[Ground]) -> None:
    """Most groups have an answer that is neither zero nor the same in all worlds."""
    telling = 0
    for group in ANSWERABLE:
        values = set()
        for ground in grounds:
            try:
                values.add(str(group.expected(ground.truth)))
            except (ZeroDivisionError, IndexError, ValueError):
                values.add("undefined")
        telling += len(values) > 1
    assert telling > 0.7 * len(ANSWERABLE)


def test_every_squid_type_is_asked_in_several_ways() -> None:
    assert {group.type for group in TABLE_7} == SQUID_TYPES
    asked = {group.type for group in PARAPHRASES}
    assert asked == SQUID_TYPES
    own = sum(len(group.questions) for group in (*PARAPHRASES, *BEYOND, *ATTACHMENTS))
    assert own >= 200
    assert len({q for g in ANSWERABLE for q in g.questions}) == own + sum(
        len(group.questions) for group in (*TABLE_7, *ABBREVIATED)
    )
