"""What changed, one thing at a time: lists of what is new, where ground was lost, and which thing changed most."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
from scipy import ndimage

from planimeter.errors import NotMeasurable
from planimeter.place import Place
from planimeter.program import Limits

from .painted import EIGHT, GSD, Pair, painted, write_pair

PIXEL = GSD**2


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """With a small new building, and a lake that shrank and one that is new."""
    before, after, legend = painted()
    was, now, roof, water = before.labels, after.labels, legend["roof"], legend["water"]
    for array in (was, now):
        array[200:235, 5:100] = legend["grass"]
    now[150:153, 120:124] = roof  # new, and small
    was[202:232, 10:40], now[202:220, 10:40] = water, water  # lost the most
    was[202:207, 60:90], now[202:205, 60:90] = water, water
    now[225:231, 10:40] = water  # new
    return write_pair(tmp_path_factory.mktemp("pair"), before, after, legend)


def unmatched(mask: np.ndarray, other: np.ndarray) -> list[int]:
    """Pixels of the regions of a mask that share less than half of the smaller one with each of the other's."""
    numbers, count = ndimage.label(mask, EIGHT)
    others, many = ndimage.label(other, EIGHT)
    size = np.bincount(others.ravel(), minlength=many + 1)
    found = []
    for k in range(1, count + 1):
        own = int((numbers == k).sum())
        shared = np.bincount(others[numbers == k], minlength=many + 1)
        if not (shared[1:] >= 0.5 * np.minimum(size[1:], own)).any():
            found.append(own)
    return sorted(found, reverse=True)


def regions(mask: np.ndarray) -> list[int]:
    numbers, count = ndimage.label(mask, EIGHT)
    return sorted((int((numbers == k).sum()) for k in range(1, count + 1)), reverse=True)


def areas(answer: Any) -> list[float]:
    assert answer.type == "list"
    return answer.answer.column("area")


@pytest.mark.parametrize("limits", [None, Limits(tile=(64, 96))], ids=["whole", "tiled"])
def test_new_and_gone_buildings_are_listed(pair: Pair, tmp_path: Path, limits: Limits | None) -> None:
    was, now = pair.of("roof")
    new = pair.ask("List the new buildings with their areas", limits=limits)
    assert areas(new) == pytest.approx([n * PIXEL for n in unmatched(now, was)])
    assert len(new.answer) > 3
    gone = pair.ask("Which buildings were demolished?", limits=limits)
    assert areas(gone) == pytest.approx([n * PIXEL for n in unmatched(was, now)])
    files = new.save(tmp_path)
    layers = [name for name, _ in pyogrio.list_layers(files["geopackage"]) if "style" not in name]
    shapes = [pyogrio.read_dataframe(files["geopackage"], layer=layer) for layer in layers]
    listed = sum(int((layer["role"] == "counted").sum()) for layer in shapes)
    assert listed == len(new.answer)


def test_conditions_hold_at_the_date_of_the_things(pair: Pair) -> None:
    was, now = pair.of("roof")
    south = np.zeros_like(now)
    south[120:] = True
    numbers, count = ndimage.label(now, EIGHT)
    others, many = ndimage.label(was, EIGHT)
    size = np.bincount(others.ravel(), minlength=many + 1)
    wanted = []
    for k in range(1, count + 1):
        own = numbers == k
        shared = np.bincount(others[own], minlength=many + 1)[1:]
        if not (shared >= 0.5 * np.minimum(size[1:], own.sum())).any() and (own & south).any():
            wanted.append(float(own.sum()) * PIXEL)
    answer = pair.ask("List the new buildings in the lower half larger than 10 m2")
    assert areas(answer) == pytest.approx(sorted((a for a in wanted if a > 10), reverse=True))
    assert 0 < len(answer.answer) < len(wanted)


def test_where_forest_was_lost_is_its_largest_patch(pair: Pair) -> None:
    was, now = pair.of("forest")
    patches = regions(was & ~now)
    place = pair.ask("Where was forest lost?").answer
    assert isinstance(place, Place)
    assert place.area_pixels == patches[0]
    assert (was & ~now)[int(place.y), int(place.x)]
    assert pair.ask("Where did the most forest disappear?").answer == place
    listed = pair.ask("List the lost forest patches larger than 20 m2")
    assert areas(listed) == pytest.approx([n * PIXEL / 1e4 for n in patches if n * PIXEL > 20])
    mean = pair.ask("What is the average size of lost forest patches in m2?")
    assert mean.answer == pytest.approx(PIXEL * np.mean(patches))


def test_which_changed_most(pair: Pair) -> None:
    was, now = pair.of("water")
    numbers, count = ndimage.label(was, EIGHT)
    others, _ = ndimage.label(now, EIGHT)
    lost = {}
    for k in range(1, count + 1):
        own = numbers == k
        shared = np.bincount(others[own & now])
        sizes = np.bincount(others.ravel(), minlength=len(shared))[: len(shared)]
        if (shared[1:] >= 0.5 * np.minimum(sizes[1:], own.sum())).any():
            lost[k] = int((own & ~now).sum())
    worst = max(lost, key=lambda k: lost[k])
    place = pair.ask("Which lake shrank most?").answer
    assert isinstance(place, Place)
    assert numbers[int(place.y), int(place.x)] == worst
    assert place.area_pixels == (numbers == worst).sum()
    with pytest.raises(NotMeasurable, match="has gained any area"):
        pair.ask("Which lake grew most?")
    grown = pair.ask("Which building grew most?").answer
    first, second = pair.of("roof")
    parts, many = ndimage.label(second, EIGHT)
    there = [k for k in range(1, many + 1) if ((parts == k) & first).any()]
    gained = {k: int(((parts == k) & ~first).sum()) for k in there}
    assert gained[int(parts[int(grown.y), int(grown.x)])] == max(gained.values())


def test_the_box_of_an_area_of_interest_holds_for_lists(pair: Pair) -> None:
    was, now = (mask[90:, :120] for mask in pair.of("roof"))
    answer = pair.ask("List the new buildings", area="pixels:0,90,120,240")
    assert areas(answer) == pytest.approx([n * PIXEL for n in unmatched(now, was)])
