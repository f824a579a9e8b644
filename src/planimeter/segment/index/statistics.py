"""The values of an index over some ground: mean, extremes, spread and median, each pixel by its ground area.

A scene is read in strips that are its own, whatever the tile, the memory or the number of workers, so that sums are
the same to the last bit; no more than a strip is ever held.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from planimeter.progress import stop_if_cancelled
from planimeter.raster import Scene
from planimeter.raster.laid import Laid
from planimeter.raster.pixel_areas import PixelArea, areas_in
from planimeter.segment.index.formulas import Formula
from planimeter.segment.index.pixels import AT_ONCE, STRIP, strips, values_of
from planimeter.spatial.runs import Box, Runs, crop, expand, paint

_STRIP_PIXELS = 1 << 22  # of a strip, at most
_BINS = 2048
_FEW = 1 << 20  # values that are sorted at once
_DIFFERENCE = re.compile(r"\(+(.+) - (.+?)\)+ / \(+\1 \+ \2\)+")


@dataclass(frozen=True)
class IndexStatistics:
    """What an index is over some ground.

    Attributes:
        pixels: how many pixels of it have a value.
        weight: their ground in m², or their number where no scale is known.
        mean: weighted by ground; NaN where no pixel has a value, as are the following.
        deviation: standard deviation, weighted alike.
        low: the smallest value.
        high: the largest.
        median: half of the ground has a smaller value; None where it was not asked for.
        without: pixels of the ground that have no value.
        beyond: pixels whose value a ratio of two reflectances cannot have.
    """

    pixels: int
    weight: float
    mean: float
    deviation: float
    low: float
    high: float
    median: float | None
    without: int
    beyond: int


class IndexPixels:
    """An index of a scene's pixels, by the pixels of a grid.

    Args:
        scene: whose bands it is computed of; it has those that the formula needs.
        formula: the index.
        laid: how the scene lies on the grid, where that is the grid of another scene.
        corner: (x, y) pixel of the grid at which the scene begins, or that other one, where the grid is larger.
    """

    def __init__(
        self, scene: Scene, formula: Formula, laid: Laid | None = None, corner: tuple[int, int] = (0, 0)
    ) -> None:
        self.scene = scene
        self.formula = formula
        self._laid = None if laid is None or laid.is_same else laid
        self._corner = corner

    def over(
        self, ground: Runs, area: PixelArea | None
    ) -> Iterator[tuple[np.ndarray, np.ndarray | None, int]]:
        """Values on some ground, strip by strip.

        Args:
            ground: pixels of the grid.
            area: m² of a pixel; None where no scale is known.

        Yields:
            (n,) float64 values, (n,) their weights or None where all pixels have the same, and how many pixels of
            the strip have no value.
        """
        y, x0, x1 = ground.rows()
        if not len(y):
            return
        left, right = int(x0.min()), int(x1.max())
        rows = min(STRIP, max(1, _STRIP_PIXELS // (right - left)))
        uneven = area if isinstance(area, np.ndarray) or not isinstance(area, float | int | None) else None
        for top, bottom in strips(int(y.min()), int(y.max()) + 1, rows):
            stop_if_cancelled()
            box = (left, top, right, bottom)
            part = crop(ground, box)[0]
            if not len(part.start):
                continue
            wanted, weights = paint(part), None if uneven is None else areas_in(uneven, box)
            index, known = self._index(box)
            has = wanted & known & np.isfinite(index)
            missing = int(np.count_nonzero(wanted)) - int(np.count_nonzero(has))
            yield index[has], None if weights is None else weights[has], missing

    def _index(self, box: Box) -> tuple[np.ndarray, np.ndarray]:
        """(h, w) values and where there is data, of a box of the grid."""
        x, y = self._corner
        box = (box[0] - x, box[1] - y, box[2] - x, box[3] - y)
        if self._laid is None:
            return self._own(box)
        shape = box[3] - box[1], box[2] - box[0]
        values, known = np.zeros(shape), np.zeros(shape, bool)
        window = self._laid.window(box)
        if window is not None:
            columns, rows = self._laid.pixels(box)
            inside = columns >= 0
            found, there = self._own(window)
            at = rows[inside] - window[1], columns[inside] - window[0]
            values[inside], known[inside] = found[at], there[at]
        return values, known

    def _own(self, box: Box) -> tuple[np.ndarray, np.ndarray]:
        planes = self.scene.colours(self.formula.colours, box)
        known = self.scene.known(self.formula.colours, box, planes)
        shape = box[3] - box[1], box[2] - box[0]
        values = np.empty(shape)
        step = max(1, AT_ONCE // shape[1])
        for first in range(0, shape[0], step):
            rows = slice(first, first + step)
            here = {colour: (plane[rows], channel) for colour, (plane, channel) in planes.items()}
            values[rows] = self.formula.of(values_of(here, self.formula, exactly=True))
        return values, np.ones(shape, bool) if known is None else known

    def of_each(
        self, runs: Runs, owner: np.ndarray, area: PixelArea | None
    ) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Values by the shapes whose pixels they are of, strip by strip; shapes may share pixels.

        Args:
            runs: pixels of the grid, of which each run belongs to one shape.
            owner: (R,) shape of each run.
            area: m² of a pixel; None where no scale is known.

        Yields:
            (n,) shapes, (n,) float64 values and (n,) their weights.
        """
        y, x0, x1 = runs.rows()
        if not len(y):
            return
        left, right = int(x0.min()), int(x1.max())
        rows = min(STRIP, max(1, _STRIP_PIXELS // 4 // (right - left)))
        for top, bottom in strips(int(y.min()), int(y.max()) + 1, rows):
            stop_if_cancelled()
            box = (left, top, right, bottom)
            part, of_run = crop(runs, box)
            if not len(part.start):
                continue
            index, known = self._index(box)
            run, place = expand(part.start, part.stop)
            at = place // part.stride, place % part.stride
            has = (known & np.isfinite(index))[at]
            if area is None or isinstance(area, float | int):
                weights = np.full(int(has.sum()), 1.0 if area is None else area)
            else:
                weights = areas_in(area, box)[at][has]
            yield owner[of_run[run[has]]], index[at][has], weights


def statistic_of_each(
    pictures: Sequence[tuple[IndexPixels, Runs, np.ndarray]],
    count: int,
    statistic: str,
    area: PixelArea | None = None,
) -> np.ndarray:
    """(count,) float64: a statistic of an index over each of some shapes; NaN where none of its pixels has a value.

    Args:
        pictures: an index of a picture's pixels, the pixels that are its own by runs, and the shape of each run.
        count: how many shapes there are.
        statistic: "mean", "min", "max" or "deviation" (the standard one), pixels weighted by their ground.
        area: m² of a pixel of the grid; None where no scale is known.
    """
    weight, mean, squares = np.zeros(count), np.zeros(count), np.zeros(count)
    low, high = np.full(count, math.inf), np.full(count, -math.inf)
    for index, runs, owner in pictures:
        for of, values, weights in index.of_each(runs, owner, area):
            np.minimum.at(low, of, values)
            np.maximum.at(high, of, values)
            more = np.bincount(of, weights, count)
            there = more > 0
            own = np.zeros(count)
            own[there] = np.bincount(of, values * weights, count)[there] / more[there]
            apart = np.bincount(of, weights * (values - own[of]) ** 2, count)
            # Two parts' means and sums of squares make those of both (Chan et al. 1979).
            both = np.where(there, weight + more, 1.0)
            step = np.where(there, own - mean, 0.0)
            squares += apart + step**2 * weight * more / both
            mean += step * more / both
            weight += more
    has = weight > 0
    found = {
        "mean": mean,
        "min": low,
        "max": high,
        "deviation": np.sqrt(squares / np.where(has, weight, 1.0)),
    }
    return np.where(has, found[statistic], math.nan)


#: Pictures of parts of a grid: an index of their pixels, and the pixels of the grid that are theirs.
Pictures = Sequence[tuple[IndexPixels, Runs]]


def _over(pictures: Pictures, area: PixelArea | None) -> Iterator[tuple[np.ndarray, np.ndarray | None, int]]:
    for index, ground in pictures:
        yield from index.over(ground, area)


def statistics_over(
    pictures: Pictures, area: PixelArea | None = None, median: bool = False
) -> IndexStatistics:
    """What an index is over some ground.

    Args:
        pictures: of the ground, no pixel of it twice.
        area: m² of a pixel of the grid; None where no scale is known: then every pixel weighs the same.
        median: whether the median is wanted, for which the scene is read some more times.
    """
    pixels = without = beyond = 0
    low, high = math.inf, -math.inf
    parts: list[tuple[float, float, float]] = []  # weight, sum, sum of squares about the strip's own mean
    bounded = _DIFFERENCE.fullmatch(pictures[0][0].formula.text) is not None
    for values, weights, missing in _over(pictures, area):
        without += missing
        if not len(values):
            continue
        pixels += len(values)
        low, high = min(low, float(values.min())), max(high, float(values.max()))
        beyond += int(np.count_nonzero(np.abs(values) > 1)) if bounded else 0
        weight = float(len(values)) if weights is None else float(weights.sum())
        total = float((values if weights is None else values * weights).sum())
        apart = (values - total / weight) ** 2
        parts.append((weight, total, float((apart if weights is None else apart * weights).sum())))
    if not pixels:
        return IndexStatistics(0, 0.0, math.nan, math.nan, math.nan, math.nan, None, without, 0)
    whole = math.fsum(weight for weight, _, _ in parts)
    mean = math.fsum(total for _, total, _ in parts) / whole
    spread = math.fsum(squares + weight * (total / weight - mean) ** 2 for weight, total, squares in parts)
    even = isinstance(area, float | int)
    return IndexStatistics(
        pixels,
        whole * float(area) if even else whole,  # type: ignore[arg-type]
        mean,
        math.sqrt(spread / whole),
        low,
        high,
        _median(pictures, area, low, high, whole) if median else None,
        without,
        beyond,
    )


def _median(pictures: Pictures, area: PixelArea | None, low: float, high: float, whole: float) -> float:
    """The value that parts the ground in halves; the mean of two where it parts exactly between them.

    Classes of values are counted, and the one that holds the middle is divided again, until few values are left.
    """
    below, half = 0.0, whole / 2
    while low < high:
        edges = np.linspace(low, high, _BINS + 1)
        counts, held = np.zeros(_BINS), np.zeros(_BINS, np.int64)
        for values, weights, _ in _over(pictures, area):
            inside = (values >= low) & (values <= high)
            place = np.minimum(np.searchsorted(edges, values[inside], side="right") - 1, _BINS - 1)
            counts += np.bincount(place, None if weights is None else weights[inside], _BINS)
            held += np.bincount(place, minlength=_BINS)
        at = min(int(np.searchsorted(below + np.cumsum(counts), half)), _BINS - 1)
        while not held[at]:
            at -= 1
        if edges[at] <= low and edges[at + 1] >= high:
            break  # no number lies between
        below += float(counts[:at].sum())
        # The class itself lacks its upper edge: the number before it is its last.
        low = float(edges[at])
        high = high if at == _BINS - 1 else float(np.nextafter(edges[at + 1], -math.inf))
        if held[at] <= _FEW:
            break
    tallies: list[tuple[np.ndarray, np.ndarray]] = []
    following = math.inf
    for values, weights, _ in _over(pictures, area):
        above = values[values > high]
        following = min(following, float(above.min())) if len(above) else following
        inside = (values >= low) & (values <= high)
        distinct, back = np.unique(values[inside], return_inverse=True)
        tallies.append(
            (distinct, np.bincount(back, None if weights is None else weights[inside], len(distinct)))
        )
    every, back = np.unique(np.concatenate([values for values, _ in tallies]), return_inverse=True)
    reached = below + np.cumsum(np.bincount(back, np.concatenate([w for _, w in tallies]), len(every)))
    at = min(int(np.searchsorted(reached, half)), len(every) - 1)
    if reached[at] == half:
        after = float(every[at + 1]) if at + 1 < len(every) else following
        if math.isfinite(after):
            return (float(every[at]) + after) / 2
    return float(every[at])
