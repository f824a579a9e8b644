"""The areas and lengths of features, and what of them is left to parts and to several layers put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


class Measures:
    """What is known of N features besides their pixels.

    Args:
        area_pixels: (N,) areas in pixels; not-a-number where there is no area.
        area_m2: (N,) ground areas; None where no scale is known.
        length_m: (N,) lengths in metres; None for what is no line.
        per_run: by the name of a measure above its amount in each run, (R,), where a feature's pixels are not alike;
            measures that are not here are in proportion to pixels.
    """

    def __init__(
        self,
        area_pixels: np.ndarray,
        area_m2: np.ndarray | None,
        length_m: np.ndarray | None = None,
        per_run: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        self.area_pixels = area_pixels
        self.area_m2 = area_m2
        self.length_m = length_m
        self.per_run = dict(per_run or {})

    def take(self, wanted: np.ndarray, runs: np.ndarray | None) -> Measures:
        """Those of some features, whole, and of their runs; None where nothing is told by runs."""
        kept: dict[str, Any] = {
            name: None if values is None else values[wanted] for name, values in self._columns().items()
        }
        return Measures(**kept, per_run={name: amount[runs] for name, amount in self.per_run.items()})

    def cut(
        self, source: np.ndarray, left: np.ndarray, of_run: np.ndarray, part: np.ndarray, owner: np.ndarray
    ) -> Measures:
        """Those of parts.

        Args:
            source: (M,) the feature of each.
            left: (M,) the share of its pixels that is left.
            of_run: (Q,) the run that each run of the parts comes from.
            part: (Q,) the share of that run which it is.
            owner: (Q,) the part that each run belongs to.
        """
        per_run = {name: amount[of_run] * part for name, amount in self.per_run.items()}
        found: dict[str, Any] = {}
        for name, values in self._columns().items():
            if values is None:
                found[name] = None
            elif name in per_run:
                amount = np.bincount(owner, weights=per_run[name], minlength=len(source))
                found[name] = np.where(left < 1, amount, values[source])
            else:
                found[name] = values[source] * left
        return Measures(**found, per_run=per_run)

    @classmethod
    def joined(cls, tables: Sequence[Measures], order: np.ndarray) -> Measures:
        """Those of several layers one after the other, their runs put into an order."""
        columns: dict[str, Any] = {}
        for name in tables[0]._columns():
            values: list[Any] = [table._columns()[name] for table in tables]
            columns[name] = None if any(value is None for value in values) else np.concatenate(values)
        per_run = {
            name: np.concatenate([table.per_run[name] for table in tables])[order]
            for name in tables[0].per_run
        }
        return cls(**columns, per_run=per_run)

    def _columns(self) -> dict[str, np.ndarray | None]:
        return {
            "area_pixels": self.area_pixels,
            "area_m2": self.area_m2,
            "length_m": self.length_m,
        }
