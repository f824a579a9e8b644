"""Two dates on one grid: what of one lies on what of the other, which things match, and what became what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planimeter.errors import UsageError
from planimeter.raster.pixel_areas import PixelArea, area_of_runs, differs
from planimeter.spatial.runs import Runs, expand, intersect, subtract, unite
from planimeter.spatial.shapes import Shapes

#: Two things are one where what they share is at least this part of the smaller of them.
MATCH = 0.5

#: The class of ground that bears none.
OTHER = "other"

# Runs of the first date that are compared at a time.
_MANY = 1 << 18


def overlaps(first: Shapes, second: Shapes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which things of two dates share pixels, and how many.

    Args:
        first: N things.
        second: M things on the same grid; things of either may lie on one another.

    Returns:
        (P,) int64 things of ``first``, (P,) int64 things of ``second``, (P,) int64 pixels that they share, by ascending
        pairs.

    Raises:
        UsageError: the grids differ.

    >>> from planimeter.spatial import label_regions
    >>> one = label_regions(np.array([[1, 1, 0, 1]], bool))
    >>> [part.tolist() for part in overlaps(one, label_regions(np.array([[0, 1, 1, 1]], bool)))]
    [[0, 1], [0, 0], [1, 1]]
    """
    if first.shape != second.shape:
        raise UsageError(
            f"the areas have different sizes, {first.shape} and {second.shape}: bring them onto one scene's grid"
        )
    order = np.argsort(second.runs.start, kind="stable")
    start, stop, owner = second.runs.start[order], second.runs.stop[order], second.owner[order]
    # Runs of features may overlap, so that stops need not ascend; the farthest so far do.
    reach = np.maximum.accumulate(stop) if len(stop) else stop
    keys, counts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for begin in range(0, len(first.runs), _MANY):
        runs = first.runs.take(slice(begin, begin + _MANY))
        low = np.searchsorted(reach, runs.start, side="right")
        high = np.searchsorted(start, runs.stop, side="left")
        one, other = expand(low, high)
        shared = np.minimum(runs.stop[one], stop[other]) - np.maximum(runs.start[one], start[other])
        one, other, shared = one[shared > 0], other[shared > 0], shared[shared > 0]
        pairs = first.owner[begin : begin + _MANY][one].astype(np.int64) * len(second) + owner[other]
        key, of = np.unique(pairs, return_inverse=True)
        keys.append(key)
        counts.append(np.bincount(of, weights=shared, minlength=len(key)).astype(np.int64))
    key, of = np.unique(np.concatenate(keys), return_inverse=True)
    pixels = np.bincount(of, weights=np.concatenate(counts), minlength=len(key)).astype(np.int64)
    wide = max(len(second), 1)
    return key // wide, key % wide, pixels


def matches(first: Shapes, second: Shapes, least: float = MATCH) -> tuple[np.ndarray, np.ndarray]:
    """Which things of two dates are taken for one: those that share at least a part of the smaller one's pixels.

    Args:
        first: N things.
        second: M things on the same grid.
        least: shared pixels by those of the smaller thing, above 0 and up to 1.

    Returns:
        (P,) int64 things of ``first`` and (P,) int64 of ``second``; one may match several, where buildings were joined
        or divided.

    Raises:
        UsageError: the grids differ, or ``least`` is no part.

    >>> from planimeter.spatial import label_regions
    >>> one = label_regions(np.array([[1, 1, 0, 1, 0, 0]], bool))
    >>> [part.tolist() for part in matches(one, label_regions(np.array([[0, 1, 0, 1, 1, 0]], bool)))]
    [[0, 1], [0, 1]]
    """
    if not 0 < least <= 1:
        raise UsageError(f"the part that two things share is above 0 and at most 1, not {least}: give 0.5")
    one, other, shared = overlaps(first, second)
    smaller = np.minimum(first.pixels[one], second.pixels[other])
    kept = shared >= least * smaller
    return one[kept], other[kept]


@dataclass(frozen=True)
class Transition:
    """Ground that bore one class and bears another.

    Attributes:
        before: class of the earlier date, ``OTHER`` where it bore none.
        after: class of the later date.
        pixels: how many.
        square_metres: their ground; None without a scale.
    """

    before: str
    after: str
    pixels: int
    square_metres: float | None


def transitions(
    before: Mapping[str, Runs], after: Mapping[str, Runs], ground: Runs, pixel_area: PixelArea | None = None
) -> list[Transition]:
    """What became what: every pair of classes that shares ground, also of ground that bore or bears none.

    Where the classes of a date lie on one another, a pixel counts for each of them.

    Args:
        before: class → its pixels at the earlier date.
        after: class → its pixels at the later date.
        ground: the pixels that count at both.
        pixel_area: m² of a pixel, as ``Scale.pixel_area``.

    >>> from planimeter.spatial.runs import runs_of
    >>> row = lambda *values: runs_of(np.array([values], bool))
    >>> found = transitions({"forest": row(1, 1, 0)}, {"urban": row(0, 1, 0)}, row(1, 1, 1), 4.0)
    >>> [(each.before, each.after, each.pixels, each.square_metres) for each in found]
    [('forest', 'urban', 1, 4.0), ('forest', 'other', 1, 4.0), ('other', 'other', 1, 4.0)]
    """
    found = []
    later = _with_the_rest(after, ground)
    for name, runs in _with_the_rest(before, ground).items():
        for other, others in later.items():
            both, _ = intersect(runs, others)
            pixels = int((both.stop - both.start).sum())
            if pixels:
                found.append(Transition(name, other, pixels, _square_metres(both, pixels, pixel_area)))
    return found


def overlapping(classes: Mapping[str, Runs]) -> int:
    """How many pixels bear more than one class, each counted as often as it bears another.

    >>> from planimeter.spatial.runs import runs_of
    >>> row = lambda *values: runs_of(np.array([values], bool))
    >>> overlapping({"roof": row(1, 1, 0), "urban": row(0, 1, 1)})
    1
    """
    shape = next(iter(classes.values())).shape if classes else (1, 1)
    together = unite(list(classes.values()), shape)
    every = sum(int((runs.stop - runs.start).sum()) for runs in classes.values())
    return every - int((together.stop - together.start).sum())


def _with_the_rest(classes: Mapping[str, Runs], ground: Runs) -> dict[str, Runs]:
    named = {name: intersect(runs, ground)[0] for name, runs in classes.items()}
    rest, _ = subtract(ground, unite(list(named.values()), ground.shape))
    return {**named, OTHER: rest}


def _square_metres(runs: Runs, pixels: int, pixel_area: PixelArea | None) -> float | None:
    if pixel_area is None:
        return None
    if not differs(pixel_area):
        return float(pixels * pixel_area)  # type: ignore[operator]
    return float(area_of_runs(pixel_area, *runs.rows()).sum())
