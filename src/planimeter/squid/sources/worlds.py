"""Synthetic worlds: image and labels made from a seed, every topic present, truth exact."""

from __future__ import annotations

from functools import partial

import numpy as np

from planimeter.errors import UsageError
from planimeter.squid.sources.base import LabelledImage, LegendContent

SIZES = (768, 1024, 896, 1280)  # pixels a side, in turn
SCALES = (0.5, 0.3, 1.0)  # metres per pixel, in turn: those of SQuID


def images(count: str, gsd: float | None = None, first_seed: int = 1000) -> list[LabelledImage]:
    """As many worlds as asked for.

    Args:
        count: how many, as text ("40").
        gsd: metres per pixel of all; None takes SQuID's scales in turn.
        first_seed: the first world's seed; the next have the next.

    Raises:
        UsageError: the count is no whole number from 1 to 10,000.
    """
    from planimeter.worlds import make_world

    if not count.isdecimal() or not 1 <= int(count) <= 10_000:
        raise UsageError(f"worlds:{count} must say how many to make, for example worlds:40.")
    legend: LegendContent = {
        topic: list(values) for topic, values in make_world(seed=0, size=64).legend.items()
    }
    found = []
    for number in range(int(count)):
        metres = gsd or SCALES[number % len(SCALES)]
        make = partial(_make, first_seed + number, SIZES[number % len(SIZES)], metres)
        found.append(LabelledImage("worlds", f"{first_seed + number}", None, None, legend, metres, make=make))
    return found


def _make(seed: int, size: int, gsd: float) -> tuple[np.ndarray, np.ndarray]:
    from planimeter.worlds import make_world

    world = make_world(seed=seed, size=size, gsd=gsd)
    return world.image, world.labels
