"""Indices of single pixels: what a formula is computed of, and the strips in which a scene is read for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from planimeter.errors import NotMeasurable
from planimeter.raster import Scene
from planimeter.raster.spectrum import Channel
from planimeter.segment.index.formulas import Formula

STRIP = 1024  # rows that are read at once: files are stored in blocks of no more
AT_ONCE = 1 << 20  # pixels that are computed at once: what the processor keeps near


def strips(y0: int, y1: int, rows: int = STRIP) -> Iterator[tuple[int, int]]:
    """Rows from y0 to y1, cut at multiples of ``rows`` of the scene.

    Example:
        >>> list(strips(1000, 2100))
        [(1000, 1024), (1024, 2048), (2048, 2100)]
    """
    top = y0
    while top < y1:
        bottom = min(y1, (top // rows + 1) * rows)
        yield top, bottom
        top = bottom


def values_of(
    planes: Mapping[str, tuple[np.ndarray, Channel]], formula: Formula, exactly: bool = False
) -> dict[str, np.ndarray]:
    """What a formula is computed of: reflectance, or stored values that are proportional to it where that is enough.

    Args:
        planes: colour → stored values, and what makes them reflectance.
        formula: what is to be computed.
        exactly: in float64 in any case: for values that are added up, and thresholds that are no ``coarse`` ones.
    """
    chosen = [planes[colour] for colour in formula.colours]
    alike = len({channel.scale for _, channel in chosen}) == 1
    small = all(
        plane.dtype.kind in "iu" and plane.dtype.itemsize <= 2 and channel.shift == round(channel.shift)
        for plane, channel in chosen
    )
    proportional = formula.scale_free and alike
    kind: Any = np.float32 if proportional and small and not exactly else np.float64
    found = {}
    for colour, (plane, channel) in zip(formula.colours, chosen, strict=True):
        values: np.ndarray = plane.astype(kind)
        if channel.shift:
            np.add(values, kind(channel.shift), out=values)
        if not proportional:
            # 300 / 10000 is 0.03 to the last bit, as a threshold is read; 300 × 0.0001 is a little more.
            steps = 1 / channel.scale
            whole = steps > 1 and abs(steps - round(steps)) < 1e-9 * steps
            if whole:
                np.divide(values, kind(round(steps)), out=values)
            else:
                np.multiply(values, kind(channel.scale), out=values)
        found[colour] = values
    return found


def coarse(formula: Formula, limits: Iterable[float]) -> bool:
    """Whether float32 tells the same pixels of 16-bit whole numbers beyond these thresholds as exact numbers do.

    A difference over a sum, at most 2¹⁷, that is no whole hundredth differs from it by 1 / (100 · 2¹⁷) = 7.6e-8 at
    least, and float32 below 1 has steps of 6e-8.

    Example:
        >>> from planimeter.segment.index.formulas import OWN
        >>> coarse(OWN["NDVI"], [0.2]), coarse(OWN["NDVI"], [0.333]), coarse(OWN["BSI"], [0.2])
        (True, False, False)
    """
    return formula.is_contrast and all(abs(limit) < 1 and round(limit, 2) == limit for limit in limits)


def require(formula: Formula, scene: Scene, what: str) -> None:
    """Refuse an index that a scene's bands do not give.

    Args:
        formula: the index.
        scene: the image.
        what: as the sentence names what was asked, such as "vegetation by NDVI".

    Raises:
        NotMeasurable: no band is known to be one that it needs, or it needs reflectance and there is none.
    """
    scene.spectrum.require(formula.colours, what, scene.name)
    if not formula.scale_free and not scene.spectrum.calibrated:
        raise needs_reflectance(what, scene)


def needs_reflectance(what: str, scene: Scene) -> NotMeasurable:
    """Why something cannot be had of values that are no reflectance, and the remedy."""
    return NotMeasurable(
        f"{what} needs reflectance, and {scene.name} does not say how its values become that: give --bands "
        "scale=0.0001,offset=0 with the numbers of your product."
    )
