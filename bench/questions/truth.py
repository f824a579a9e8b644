"""What is right for a question on a label raster, with numpy and scipy and nothing of planimeter.

The answers in the wordings' files are expressions over the names of ``names``: masks of the classes, ``parts`` of a
mask (its 8-connected components), lengths and areas of units, and one function per kind of answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

AREAS = {
    "m2": 1.0,
    "ha": 1e4,
    "km2": 1e6,
    "acre": 4046.8564224,
    "sqft": 0.3048**2,
    "sqyd": 0.9144**2,
    "sqmi": 1609.344**2,
    "are": 100.0,
    "sqcm": 1e-4,
}
LENGTHS = {"m": 1.0, "km": 1000.0, "cm": 0.01, "ft": 0.3048, "yd": 0.9144, "mi": 1609.344}


@dataclass(frozen=True)
class Right:
    """One acceptable answer: its kind, the value in SI units (m, m², W), the unit asked for, a relative tolerance."""

    kind: str  # n, area, pct, length, yes_no, category, number, power
    value: float | str
    unit: str | None = None
    tolerance: float = 2e-3


class Mask:
    """Pixels of a scene, with the set operations, and distances in metres between pixel centres."""

    def __init__(self, pixels: np.ndarray, gsd: float) -> None:
        self.pixels, self.gsd = pixels, gsd

    def __or__(self, other: Mask) -> Mask:
        return Mask(self.pixels | other.pixels, self.gsd)

    def __and__(self, other: Mask) -> Mask:
        return Mask(self.pixels & other.pixels, self.gsd)

    def __sub__(self, other: Mask) -> Mask:
        return Mask(self.pixels & ~other.pixels, self.gsd)

    def __invert__(self) -> Mask:
        return Mask(~self.pixels, self.gsd)

    @cached_property
    def area(self) -> float:
        """Ground area in m²."""
        return float(self.pixels.sum()) * self.gsd**2

    @cached_property
    def distance(self) -> np.ndarray:
        """Metres from every pixel's centre to the nearest one of these."""
        if not self.pixels.any():
            return np.full(self.pixels.shape, np.inf)
        return ndimage.distance_transform_edt(~self.pixels) * self.gsd

    def near(self, metres: float, other: Mask) -> Mask:
        """Those at most so far from another mask."""
        return Mask(self.pixels & (other.distance <= metres + 1e-9), self.gsd)

    def far(self, metres: float, other: Mask) -> Mask:
        """Those farther than that from another mask."""
        return self - self.near(metres, other)

    @cached_property
    def parts(self) -> Parts:
        labels, number = ndimage.label(self.pixels, np.ones((3, 3)))
        return Parts(labels, np.arange(1, number + 1), self.gsd)

    @property
    def largest(self) -> Mask:
        """The pixels of its largest component."""
        return self.parts.largest


class Parts:
    """Some of the components of a mask; filters give fewer of them."""

    def __init__(self, labels: np.ndarray, chosen: np.ndarray, gsd: float) -> None:
        self.labels, self.chosen, self.gsd = labels, chosen, gsd

    def _where(self, good: np.ndarray) -> Parts:
        return Parts(self.labels, self.chosen[good], self.gsd)

    def _each(self) -> Iterator[tuple[tuple[slice, ...], np.ndarray]]:
        """The window around each, and its pixels there."""
        boxes = ndimage.find_objects(self.labels)
        for one in self.chosen:
            box = boxes[one - 1]
            yield box, self.labels[box] == one

    def __len__(self) -> int:
        return len(self.chosen)

    @cached_property
    def areas(self) -> np.ndarray:
        """Area of each, m²."""
        return (
            np.bincount(self.labels.ravel(), minlength=int(self.labels.max()) + 1)[self.chosen] * self.gsd**2
        )

    @property
    def area(self) -> float:
        return float(self.areas.sum())

    @property
    def mean(self) -> float:
        return float(self.areas.mean())

    @property
    def median(self) -> float:
        return float(np.median(self.areas))

    @property
    def most(self) -> float:
        return float(self.areas.max())

    @property
    def least(self) -> float:
        return float(self.areas.min())

    @property
    def mask(self) -> Mask:
        return Mask(np.isin(self.labels, self.chosen), self.gsd)

    @property
    def largest(self) -> Mask:
        return self._where(self.areas == self.areas.max()).mask

    def over(self, area: float) -> Parts:
        return self._where(self.areas > area)

    def atleast(self, area: float) -> Parts:
        return self._where(self.areas >= area)

    def under(self, area: float) -> Parts:
        return self._where(self.areas < area)

    def atmost(self, area: float) -> Parts:
        return self._where(self.areas <= area)

    def gaps(self, other: Mask) -> np.ndarray:
        """Metres from each to another mask: the least distance of its pixels."""
        return np.array([other.distance[box][own].min() for box, own in self._each()], float)

    def within(self, metres: float, other: Mask) -> Parts:
        return self._where(self.gaps(other) <= metres + 1e-9)

    def beyond(self, metres: float, other: Mask) -> Parts:
        return self._where(self.gaps(other) > metres + 1e-9)

    def closest_of_own(self) -> np.ndarray:
        """Metres from each to the nearest other one, between pixel centres."""
        pixels = [np.argwhere(self.labels == one) for one in self.chosen]
        nearest = []
        for index, own in enumerate(pixels):
            others = np.concatenate(pixels[:index] + pixels[index + 1 :])
            nearest.append(cKDTree(others).query(own)[0].min() * self.gsd)
        return np.array(nearest)

    def containing(self, other: Mask) -> Parts:
        """Those whose outline, holes filled, takes in any of another mask."""
        good = [(ndimage.binary_fill_holes(own) & other.pixels[box]).any() for box, own in self._each()]
        return self._where(np.array(good, bool))


def parts(mask: Mask) -> Parts:
    """The 8-connected components of a mask.

    Example:
        >>> pixels = np.array([[1, 0, 0, 1], [0, 1, 0, 1]], bool)
        >>> parts(Mask(pixels, 2.0)).areas.tolist()
        [8.0, 8.0]
    """
    return mask.parts


def _size(thing: Mask | Parts | float) -> float:
    """The area of pixels, the number of parts, or a number itself."""
    return thing.area if isinstance(thing, Mask) else float(len(thing) if isinstance(thing, Parts) else thing)


def n(count: Parts | float) -> Right:
    return Right("n", _size(count), None, 0.0)


def area(what: Mask | Parts | float, unit: str | None = None, tolerance: float = 2e-3) -> Right:
    return Right("area", float(what.area if isinstance(what, Mask | Parts) else what), unit, tolerance)


def pct(part: Mask | Parts | float, whole: Mask | Parts | float, tolerance: float = 2e-3) -> Right:
    """A share in percent: by area of masks, by number of parts."""
    return Right("pct", 100 * _size(part) / _size(whole), None, tolerance)


def num(value: Mask | Parts | float, unit: str | None = None) -> Right:
    return Right("number", _size(value), unit)


def length(metres: float, unit: str | None = None) -> Right:
    return Right("length", float(metres), unit)


def yes(truth: bool) -> Right:
    return Right("yes_no", "yes" if truth else "no")


def cat(name: str) -> Right:
    return Right("category", name)


def watts(power: float, unit: str | None = None) -> Right:
    return Right("power", float(power), unit)


def names(labels: np.ndarray, legend: Mapping[str, int], gsd: float) -> dict[str, object]:
    """What the expressions may name, for one label raster.

    Args:
        labels: (H, W), one value per pixel.
        legend: the value of each class.
        gsd: metres per pixel.

    Example:
        >>> over = names(np.array([[5, 5, 2]]), {"agric": 2, "water": 5}, 1.0)
        >>> eval("pct(water, image)", over).value
        66.66666666666667
    """
    masks = {name: Mask(labels == value, gsd) for name, value in legend.items()}
    image = Mask(np.ones(labels.shape, bool), gsd)
    rows, columns = np.indices(labels.shape)
    halves = {
        "top": rows < labels.shape[0] / 2,
        "bottom": rows >= labels.shape[0] / 2,
        "left": columns < labels.shape[1] / 2,
        "right": columns >= labels.shape[1] / 2,
    }

    def gap(one: Mask, other: Mask) -> float:
        """Metres between the nearest pixel centres of two masks."""
        return float(other.distance[one.pixels].min())

    def share(mask: Mask) -> Right:
        return pct(mask, image)

    def ranked(*among: str) -> list[str]:
        """Class names by area, the largest first."""
        return sorted(among or masks, key=lambda name: -masks[name].area)

    def bigger(one: str, other: str) -> Right:
        return cat(ranked(one, other)[0])

    spread: dict[str, object] = {**masks, **{name: Mask(pixels, gsd) for name, pixels in halves.items()}}
    if {"forest", "agric", "grass"} <= masks.keys():
        spread["vegetation"] = masks["forest"] | masks["agric"] | masks["grass"]
    if {"urban", "roof", "road"} <= masks.keys():
        spread["built"] = masks["urban"] | masks["roof"] | masks["road"]
    rights: tuple[Callable, ...] = (n, area, pct, num, length, yes, cat, watts, parts)
    builtins: dict[str, Callable] = {
        "min": min,
        "max": max,
        "abs": abs,
        "len": len,
        "round": round,
        "sum": sum,
    }
    builtins |= {"zip": zip, "sorted": sorted, "float": float}
    builtins["__import__"] = __import__  # numpy imports parts of itself when they are first used
    return {
        "__builtins__": builtins,
        **spread,
        **{function.__name__: function for function in rights},
        **{"gap": gap, "share": share, "ranked": ranked, "bigger": bigger, "image": image},
        **AREAS,
        **LENGTHS,
    }
