"""Lists of shapes, of their measures and sets of their ids, as columns: what ``columnwise`` computes with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from planimeter.program.columns import Sent

#: Whole numbers below are exact as float64.
EXACT = 1 << 53
_WIDEST = 16  # times as many flags as ids are looked up faster than the ids
_MOST_LISTS = 64  # that are one after the other in a list


class Unfit(Exception):
    """A program needs more of Python than columns have, or fails: the sandbox runs it from its beginning."""


@dataclass(frozen=True, eq=False)
class ShapeList:
    """A list of shapes that a program holds, in its order.

    Attributes:
        sent: what the host returned, one or several lists one after the other.
        at: of each list the positions that are left.
    """

    sent: tuple[Sent, ...]
    at: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, sent: Sent) -> ShapeList:
        """All that a call returned."""
        return cls((sent,), (np.arange(len(sent.ids)),))

    def __len__(self) -> int:
        return sum(map(len, self.at))

    @property
    def ids(self) -> np.ndarray:
        """(N,) int64."""
        return self.column("id")

    def column(self, key: str) -> np.ndarray:
        """(N,) the values of one key of each shape.

        Raises:
            Unfit: a shape has no such key, or no number for it.
        """
        try:
            lists = zip(self.sent, self.at, strict=True)
            found = [values for sent, at in lists if len(at) for values in sent.columns(key, at)]
        except KeyError:
            raise Unfit from None
        if not found:
            return np.zeros(0, dtype=object if key == "class_type" else np.int64)
        if len({values.dtype for values in found}) > 1:
            raise Unfit  # whole numbers beside others stay whole
        values = np.concatenate(found) if len(found) > 1 else found[0]
        if values.dtype.kind == "f" and np.isnan(values).any():
            raise Unfit  # the sandbox has None for it
        return values

    def kept(self, chosen: np.ndarray) -> ShapeList:
        """Those of them that an (N,) bool mask keeps, or that (M,) ascending positions name."""
        if chosen.dtype != bool:
            if len(self.sent) == 1:
                return ShapeList(self.sent, (self.at[0][chosen],))
            # Positions in any order, across lists: each becomes a list of its own.
            raise Unfit
        edges = np.cumsum([len(at) for at in self.at])[:-1]
        parts = np.split(chosen, edges)
        return ShapeList(self.sent, tuple(at[part] for at, part in zip(self.at, parts, strict=True)))

    def followed_by(self, other: ShapeList) -> ShapeList:
        """Both lists, one after the other.

        Raises:
            Unfit: they are more lists than a program has use for; the sandbox bounds its memory.
        """
        if len(self.sent) + len(other.sent) > _MOST_LISTS:
            raise Unfit
        return ShapeList(self.sent + other.sent, self.at + other.at)


@dataclass(frozen=True, eq=False)
class IdSet:
    """A set of ids.

    Attributes:
        ids: (N,) int64, ascending, each once.
    """

    ids: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray) -> IdSet:
        """The set of some ids."""
        ids = np.sort(values)
        return cls(ids[np.append(True, ids[1:] != ids[:-1])[: len(ids)]])

    def __len__(self) -> int:
        return len(self.ids)

    def holds(self, values: np.ndarray) -> np.ndarray:
        """(N,) bool: which of some ids are in the set."""
        if not len(self.ids) or not len(values):
            return np.zeros(len(values), dtype=bool)
        first, last = int(self.ids[0]), int(self.ids[-1])
        if last - first > _WIDEST * (len(self.ids) + len(values)):  # no ids, but what a program made of them
            return is_among(values, self.ids)
        flags = np.zeros(last - first + 1, dtype=bool)
        flags[self.ids - first] = True
        place = values - first
        inside = (place >= 0) & (place < len(flags))
        return inside & flags[np.where(inside, place, 0)]


@dataclass(frozen=True, eq=False)
class ValueList:
    """A list of measures or words that a program holds, one for each of some shapes.

    Attributes:
        values: (N,) numbers, words or flags.
    """

    values: np.ndarray

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, place: int) -> Any:
        return self.values[place]


def is_among(values: np.ndarray, ascending: np.ndarray) -> np.ndarray:
    """(N,) bool: which of some numbers are among others, which are in ascending order.

    Example:
        >>> is_among(np.array([2, 5, 9]), np.array([2.0, 4.5, 5.0])).tolist()
        [True, True, False]
    """
    if not len(ascending):
        return np.zeros(len(values), dtype=bool)
    place = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    return np.asarray(ascending[place] == values, dtype=bool)


def total(values: np.ndarray) -> int | float:
    """What ``sum`` of a list of numbers is: added from left to right.

    Raises:
        Unfit: words have no sum, and whole numbers that large are no int64.

    Example:
        >>> total(np.array([0.1, 0.2, 0.3])) == 0.1 + 0.2 + 0.3
        True
    """
    if not len(values):
        return 0
    if values.dtype.kind == "f":
        return float(np.cumsum(values)[-1])
    if values.dtype.kind != "i" or largest(values) * len(values) >= EXACT:
        raise Unfit
    return int(values.sum())


def largest(values: np.ndarray | int) -> int:
    """The largest size of whole numbers, whatever their sign; 0 of none.

    Example:
        >>> largest(np.array([3, -(2**63)])) == 2**63, largest(-7), largest(np.array([], dtype=np.int64))
        (True, 7, 0)
    """
    if not isinstance(values, np.ndarray):
        return abs(values)
    # As Python's own numbers: int64 has no opposite of its smallest one.
    return max(abs(int(values.min())), abs(int(values.max()))) if len(values) else 0


def exact(value: Any) -> Any:
    """An operand, as long as columns compute with it as Python does.

    Raises:
        Unfit: a whole number beyond float64's.
    """
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "if" or (value.dtype.kind == "i" and largest(value) >= EXACT):
            raise Unfit
    elif isinstance(value, bool) or not isinstance(value, int | float) or abs(value) >= EXACT:
        raise Unfit
    return value
