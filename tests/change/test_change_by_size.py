"""What changed, by the size of the pieces: against numpy and scipy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import ndimage

from planimeter.errors import QuestionError
from planimeter.program import Limits

from .painted import EIGHT, GSD, Pair, painted, write_pair

PIXEL = GSD**2


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """With a small new building, forest that was cut in three places and planted in two."""
    before, after, legend = painted()
    was, now = before.labels, after.labels
    now[150:153, 120:124] = legend["roof"]
    was[205:225, 10:40] = legend["forest"]
    now[205:225, 10:40] = legend["forest"]
    now[205:210, 10:20] = legend["grass"]
    now[220:225, 30:34] = legend["grass"]
    now[160:170, 60:80] = legend["forest"]
    now[190:193, 60:64] = legend["forest"]
    return write_pair(tmp_path_factory.mktemp("pair"), before, after, legend)


def sizes(mask: np.ndarray) -> list[float]:
    """Square metres of every connected piece."""
    numbers, count = ndimage.label(mask, EIGHT)
    return [float((numbers == k).sum()) * PIXEL for k in range(1, count + 1)]


def lost(pair: Pair) -> list[float]:
    was, now = pair.of("forest")
    return sizes(was & ~now)


def gained(pair: Pair) -> list[float]:
    was, now = pair.of("forest")
    return sizes(now & ~was)


def unmatched(mask: np.ndarray, other: np.ndarray) -> list[float]:
    """Square metres of the regions of a mask that share less than half of the smaller one with each of the other's."""
    numbers, count = ndimage.label(mask, EIGHT)
    others, many = ndimage.label(other, EIGHT)
    size = np.bincount(others.ravel(), minlength=many + 1)
    found = []
    for k in range(1, count + 1):
        own = int((numbers == k).sum())
        shared = np.bincount(others[numbers == k], minlength=many + 1)
        if not (shared[1:] >= 0.5 * np.minimum(size[1:], own)).any():
            found.append(own * PIXEL)
    return found


def new(pair: Pair) -> list[float]:
    was, now = pair.of("roof")
    return unmatched(now, was)


def gone(pair: Pair) -> list[float]:
    was, now = pair.of("roof")
    return unmatched(was, now)


NUMBERS: dict[str, Callable[[Pair], float]] = {
    "new buildings larger than 20 m²": lambda pair: sum(size > 20 for size in new(pair)),
    "how many new buildings of more than 20 m2": lambda pair: sum(size > 20 for size in new(pair)),
    "New buildings of at most 20 m2": lambda pair: sum(size <= 20 for size in new(pair)),
    "demolished houses larger than 20 m2": lambda pair: sum(size > 20 for size in gone(pair)),
    "how much forest was lost in patches over 10 m2, in m2": lambda pair: sum(
        size for size in lost(pair) if size > 10
    ),
    "How many m2 of forest were lost in pieces of at most 10 m2?": lambda pair: sum(
        size for size in lost(pair) if size <= 10
    ),
    "forest loss in patches smaller than 15 m2, in m2": lambda pair: sum(
        size for size in lost(pair) if size < 15
    ),
    "How much forest was gained in patches larger than 10 m2, in m2?": lambda pair: sum(
        size for size in gained(pair) if size > 10
    ),
    "What is the total area of lost forest patches larger than 10 m2, in m2?": lambda pair: sum(
        size for size in lost(pair) if size > 10
    ),
    "What percentage of the lost forest is in patches over 10 m2?": lambda pair: (
        100 * sum(size for size in lost(pair) if size > 10) / sum(lost(pair))
    ),
}


@pytest.mark.parametrize("question", NUMBERS)
def test_what_changed_is_told_by_its_size(question: str, pair: Pair) -> None:
    wanted = NUMBERS[question](pair)
    assert wanted > 0
    for limits in (None, Limits(tile=(64, 96))):
        answer = pair.ask(question, limits=limits)
        assert answer.answer == pytest.approx(wanted), answer.program


def test_new_buildings_are_listed_in_the_order_asked_for(pair: Pair) -> None:
    rows = pair.ask("List the new buildings, smallest first").answer.column("area")
    assert rows == pytest.approx(sorted(new(pair)))


def test_the_neighbours_of_what_is_new_are_all_of_the_later_date(pair: Pair) -> None:
    was, now = pair.of("roof")
    numbers, count = ndimage.label(now, EIGHT)
    others, _ = ndimage.label(was, EIGHT)
    alone = 0
    for k in range(1, count + 1):
        own = numbers == k
        shared = np.bincount(others[own], minlength=others.max() + 1)[1:]
        half = 0.5 * np.minimum(np.bincount(others.ravel())[1:], own.sum())
        away = ndimage.distance_transform_edt(~(now & ~own)) * GSD
        alone += not (shared >= half).any() and away[own].min() > 8
    assert alone > 0
    assert pair.ask("How many new buildings have no other building within 8 m?").answer == alone


#: One word beside: of which whole, of which date, of both.
NOT_READ = (
    "how much forest was lost in patches over 10 m2, in percent",
    "what percentage of the forest was lost in patches over 10 m2",
    "net loss of forest in patches over 10 m2",
    "how much forest was not lost in patches over 10 m2",
    "how much forest was lost or gained in patches over 10 m2",
    "how much forest was lost to farmland in patches over 10 m2",
    "how much forest was lost in the largest patch",
    "how much farmland was lost in fields over 10 m2",
    "how many new isolated buildings are there",
    "new buildings that are more than 8 m from any other",
)


@pytest.mark.parametrize("question", NOT_READ)
def test_what_says_something_else_is_refused(question: str, pair: Pair) -> None:
    with pytest.raises(QuestionError):
        pair.ask(question)
