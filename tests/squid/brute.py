"""The answers of all 24 types once more, slowly and from nothing but masks: flood fill and every pair of pixels."""

from __future__ import annotations

from collections import deque

import numpy as np

from planimeter.squid.wording import Slots

PIXEL = 4.0  # m² at 2 m per pixel


def regions(mask: np.ndarray) -> list[list[tuple[int, int]]]:
    """8-connected regions as lists of (row, column)."""
    left = {(int(y), int(x)) for y, x in zip(*np.nonzero(mask), strict=True)}
    found = []
    while left:
        start = left.pop()
        region, queue = [start], deque([start])
        while queue:
            y, x = queue.popleft()
            for step in ((y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)):
                if step in left:
                    left.remove(step)
                    region.append(step)
                    queue.append(step)
        found.append(region)
    return found


def near(mask: np.ndarray, distance: float, gsd: float) -> np.ndarray:
    """Pixels whose centre lies within a distance of the centre of a pixel of the mask."""
    found = np.zeros_like(mask)
    if not mask.any():
        return found
    reach = distance / gsd
    steps = int(np.ceil(reach))
    padded = np.pad(mask, steps)
    height, width = mask.shape
    for dy in range(-steps, steps + 1):
        if abs(dy) > reach:
            continue
        # All horizontal steps of a row at once: a running count over the row says whether any pixel is set.
        span = int(np.floor(np.sqrt(reach**2 - dy**2) + 1e-12))
        row = padded[steps + dy : steps + dy + height].astype(np.int32)
        total = np.concatenate([np.zeros((height, 1), np.int32), np.cumsum(row, axis=1)], axis=1)
        low, high = steps - span, steps + span + 1
        found |= total[:, high : high + width] - total[:, low : low + width] > 0
    return found


def brute_force(
    name: str, slots: Slots, masks: dict[str, np.ndarray], valid: int, gsd: float
) -> float | int | str | None:
    """The answer of a type; None where there is none (the average of nothing)."""
    target = masks[slots.target]
    if name == "percentage":
        return 100 * int(target.sum()) / valid
    if name == "binary_comparison":
        return "yes" if target.sum() > masks[slots.reference].sum() else "no"
    if name == "power_calculation":
        return int(target.sum()) * PIXEL * 200 / 1e6
    band = near(masks[slots.reference], slots.distance, gsd) if slots.reference else None
    if name == "proximity_percentage":
        return 100 * int((target & band).sum()) / valid
    if name == "proximity_area":
        return int((target & band).sum()) * PIXEL / 1e4
    if name == "binary_proximity":
        return "yes" if (target & band).any() else "no"
    found = regions(target)
    sizes = np.array([len(region) * PIXEL / 1e4 for region in found])
    least = slots.minimum
    larger = [region for region, size in zip(found, sizes, strict=True) if size > (least or 0)]
    kept = sizes[sizes >= (least or 0)]
    if name == "count":
        return len(kept)
    if name == "connectivity":
        return int((kept <= slots.maximum).sum())
    if name == "size":
        pixels = [len(region) for region in larger]
        chosen = (max if slots.end == "largest" else min)(pixels, default=0)
        return 100 * chosen / valid
    if name == "total_area":
        return float(kept.sum())
    if name == "binary_threshold":
        return "yes" if kept.sum() > 1 else "no"
    if name == "binary_presence":
        return "yes" if larger else "no"
    if name == "binary_multiple":
        return "yes" if len(larger) > 1 else "no"
    if name == "fragmentation":
        return "fragmented" if len(larger) > 5 else "connected"
    if name == "complex_size_filter":
        return sum(map(len, larger)) * PIXEL / 1e4
    if name == "complex_average":
        return float(kept.mean()) if kept.size else None
    inside = [sum(bool(band[place]) for place in region) for region in larger]
    if name.startswith("building_"):
        return sum(count > 0 for count in inside)
    return sum(inside) * PIXEL / 1e4
