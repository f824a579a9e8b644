"""Errors and comparisons against slow or textbook computations."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planimeter.squid.scoring import is_right
from planimeter.squid.statistics import accuracy, clustered_error, compare, mcnemar


def test_one_question_per_image_is_the_ordinary_error() -> None:
    values = [1.0, 0.0, 0.0, 1.0, 1.0]
    mean = sum(values) / 5
    ordinary = math.sqrt(sum((value - mean) ** 2 for value in values) / 4 / 5)
    assert clustered_error(values, list("abcde")) == pytest.approx(ordinary)


def test_images_that_fail_together_widen_the_error() -> None:
    values = [1.0] * 10 + [0.0] * 10
    alone = clustered_error(values, [str(number) for number in range(20)])
    together = clustered_error(values, [str(number // 5) for number in range(20)])
    assert together > 2 * alone


def test_clustered_error_is_that_of_many_drawn_benchmarks() -> None:
    rng = random.Random(1)

    def draw() -> tuple[list[float], list[str]]:
        values, clusters = [], []
        for image in range(40):
            easy = rng.random()
            values += [float(rng.random() < easy) for _ in range(6)]
            clusters += [str(image)] * 6
        return values, clusters

    drawn = [draw() for _ in range(400)]
    means = [sum(values) / len(values) for values, _ in drawn]
    middle = sum(means) / len(means)
    spread = math.sqrt(sum((mean - middle) ** 2 for mean in means) / (len(means) - 1))
    estimated = sum(clustered_error(*one) for one in drawn) / len(drawn)
    assert estimated == pytest.approx(spread, rel=0.1)


def test_all_right_is_not_certainty() -> None:
    found = accuracy([True] * 100, [str(number) for number in range(100)])
    assert (found.share, found.error) == (1.0, 0.0)
    assert found.low == pytest.approx(0.963, abs=1e-3)
    assert math.isnan(accuracy([], []).share)


@given(st.integers(0, 1100), st.integers(0, 1100))
def test_mcnemar_is_a_probability_and_symmetric(first: int, second: int) -> None:
    assert 0 <= mcnemar(first, second) <= 1
    assert mcnemar(first, second) == mcnemar(second, first)


def test_mcnemar_of_the_textbook() -> None:
    # scipy.stats.binomtest(6, 26).pvalue
    assert mcnemar(20, 6) == pytest.approx(0.009355306625366211, rel=1e-12)


def test_comparison_is_paired_on_common_questions() -> None:
    first = {"a": True, "b": True, "c": False, "only": True}
    second = {"a": True, "b": False, "c": True, "other": False}
    found = compare(first, second, {name: name for name in first})
    assert (found.total, found.difference, found.only_first, found.only_second, found.p) == (
        3,
        0.0,
        1,
        1,
        1.0,
    )
    assert compare({"a": True}, {"b": True}, {}).total == 0


@pytest.mark.parametrize(
    ("answer", "reference", "bounds", "right"),
    [
        (31.4, 33.13, (31.4, 34.87), True),
        (31.39, 33.13, (31.4, 34.87), False),
        ("33", 33.13, (31.4, 34.87), True),
        ("many", 4, (3.0, 5.0), False),
        (float("nan"), 4, (3.0, 5.0), False),
        (float("inf"), 4, (3.0, 5.0), False),
        (None, 4, (3.0, 5.0), False),
        ("Yes", "yes", None, True),
        ("1", "yes", None, True),
        ("no", "yes", None, False),
        ("Connected ", "connected", None, True),
        ("connected", "fragmented", None, False),
        (1, "yes", None, True),
        (3, 3, None, True),
    ],
)
def test_what_counts_as_right(
    answer: float | str | None, reference: float | str, bounds: tuple[float, float] | None, right: bool
) -> None:
    assert is_right(answer, reference, bounds) is right
