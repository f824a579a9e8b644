"""Every range the paper prints, and the bounds that no range leaves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planimeter.squid.ranges import NUMERIC_KINDS, RangeRules, widened

# (kind, answer, low, high): tables 2, 7 and 11, figures 2, 10 and 11.
PRINTED = [
    ("percentage", 33.13, 31.4, 34.87),
    ("percentage", 23.36, 21.62, 25.09),
    ("percentage", 75.81, 74.08, 77.55),
    ("percentage", 3.67, 1.93, 5.41),
    ("percentage", 14.6, 12.86, 16.34),
    ("proximity percentage", 34.35, 32.1, 36.6),
    ("proximity percentage", 4.84, 2.59, 7.09),
    ("count", 0, 0, 1),
    ("count", 2, 1, 3),
    ("count", 3, 2, 4),
    ("count", 4, 3, 5),
    ("count", 5, 4, 6),
    ("count", 6, 4, 8),
    ("count", 14, 11, 17),
    ("area", 105.55, 103.18, 107.92),
    ("area", 7.78, 7.6, 7.96),
    ("area", 17.75, 17.35, 18.15),
    ("area", 1.4, 1.37, 1.43),
    ("area", 1.49, 1.46, 1.52),
    ("area", 63.93, 62.49, 65.37),
    ("area", 4.47, 4.37, 4.57),
    ("area", 3.02, 2.95, 3.09),
    ("area", 4.03, 3.94, 4.12),
    ("solar area", 3.14, 3.08, 3.2),
    ("solar area", 1.33, 1.31, 1.35),
    ("solar area", 0, 0.0, 0.0),
    ("power", 0.74, 0.72, 0.76),
]


@pytest.mark.parametrize(("kind", "answer", "low", "high"), PRINTED)
def test_every_printed_range(kind: str, answer: float, low: float, high: float) -> None:
    assert RangeRules().acceptable_range(kind, answer) == (low, high)


@pytest.mark.parametrize("kind", ["yes/no", "category"])
def test_words_have_no_range(kind: str) -> None:
    assert RangeRules().acceptable_range(kind, "yes") is None


@given(kind=st.sampled_from(NUMERIC_KINDS), value=st.floats(0, 100))
def test_ranges_hold_the_answer_and_stay_possible(kind: str, value: float) -> None:
    rules = RangeRules()
    answer = rules.published(kind, value)
    low, high = rules.acceptable_range(kind, answer)
    assert 0 <= low <= answer <= high
    if kind.endswith("percentage"):
        assert high <= 100


@given(kind=st.sampled_from(NUMERIC_KINDS), value=st.floats(1e-3, 5000))
def test_the_exact_value_is_within_the_range_of_the_published_one(kind: str, value: float) -> None:
    if kind.endswith("percentage"):
        value = min(value, 100.0)
    if kind == "count":
        value = round(value)
    rules = RangeRules()
    low, high = rules.acceptable_range(kind, rules.published(kind, value))
    assert low <= value <= high


def test_small_areas_keep_a_range_of_some_width() -> None:
    rules = RangeRules()
    assert rules.published("area", 0.05512) == 0.0551
    assert rules.acceptable_range("area", 0.0551) == (0.0539, 0.0563)


def test_wider_ranges_stay_possible() -> None:
    assert widened((98.0, 100.0), 3, limit=100.0) == (96.0, 100.0)
    assert widened((0.0, 2.0), 2) == (0.0, 3.0)
