"""Two small label scenes, painted with numpy alone and the same every time: the edge of a town, and open country.

600 x 600 pixels of 0.5 m (9 ha). Every patch is painted only where it touches nothing of its kind, so the number of
patches is the number painted; the background is what roads leave between them. Buildings are rectangles, some with
panels inside their outline; the other arrays stand on open ground, away from buildings.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

SIZE = 600
GSD = 0.5
LEGEND = {
    "urban": 1,
    "agric": 2,
    "grass": 3,
    "forest": 4,
    "water": 5,
    "barren": 6,
    "roof": 7,
    "solar": 8,
    "road": 9,
}
GAP = 5  # pixels left free around whatever is painted


@dataclass(frozen=True)
class Plan:
    """What a scene is painted from: its seed, the ground, road axes, and patches as (number, least, most radius)."""

    seed: int
    ground: str
    roads: tuple[tuple[float, float, float, float, float], ...]  # x0, y0, x1, y1, width, in pixels
    patches: tuple[tuple[str, int, float, float], ...]
    ponds_inside: tuple[tuple[str, str, float], ...]  # what, inside what, radius
    buildings: int
    arrays: int


TOWN = Plan(
    seed=11,
    ground="urban",
    roads=((0, 190, 599, 230, 14), (330, 0, 290, 599, 12), (0, 470, 300, 500, 9)),
    patches=(
        ("forest", 1, 72, 72),
        ("agric", 1, 82, 82),
        ("water", 1, 46, 46),
        ("grass", 4, 26, 38),
        ("forest", 3, 16, 30),
        ("agric", 2, 30, 40),
        ("water", 3, 12, 24),
        ("barren", 4, 14, 28),
        ("grass", 3, 10, 14),
    ),
    ponds_inside=(("water", "forest", 11), ("grass", "agric", 13)),
    buildings=38,
    arrays=2,
)
COUNTRY = Plan(
    seed=5,
    ground="agric",
    roads=((0, 410, 599, 330, 10), (170, 0, 215, 392, 7)),
    patches=(
        ("forest", 2, 62, 76),
        ("water", 1, 52, 52),
        ("grass", 3, 30, 52),
        ("urban", 2, 30, 44),
        ("forest", 4, 14, 34),
        ("water", 4, 9, 20),
        ("barren", 3, 12, 30),
        ("grass", 5, 11, 20),
    ),
    ponds_inside=(("water", "grass", 9), ("grass", "forest", 14)),
    buildings=21,
    arrays=4,
)

_ROWS, _COLUMNS = np.mgrid[0:SIZE, 0:SIZE].astype(float)


def _strip(x0: float, y0: float, x1: float, y1: float, width: float) -> np.ndarray:
    """Pixels whose centre lies within half a width of the line through two points."""
    along = np.hypot(x1 - x0, y1 - y0)
    return np.abs((_COLUMNS - x0) * (y1 - y0) - (_ROWS - y0) * (x1 - x0)) / along <= width / 2


class Blob:
    """A round patch with a wavy edge."""

    def __init__(self, radius: float, rng: np.random.Generator) -> None:
        self.radius = radius
        self.waves = [(wave, rng.uniform(0.02, 0.26 / wave), rng.uniform(0, 2 * np.pi)) for wave in (2, 3, 5)]
        self.reach = 1.4 * radius

    def __call__(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        angle = np.arctan2(y, x)
        edge = 1 + sum(high * np.cos(wave * angle + phase) for wave, high, phase in self.waves)
        return np.hypot(x, y) <= self.radius * edge


class Box:
    """A turned rectangle."""

    def __init__(self, length: float, width: float, turn: float = 0.0) -> None:
        self.half, self.turn = (length / 2, width / 2), turn
        self.reach = np.hypot(*self.half)

    def __call__(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        u = x * np.cos(self.turn) + y * np.sin(self.turn)
        v = y * np.cos(self.turn) - x * np.sin(self.turn)
        return (np.abs(u) <= self.half[0]) & (np.abs(v) <= self.half[1])


def _drawn(shape: Blob | Box, x: float, y: float) -> tuple[tuple[slice, slice], np.ndarray]:
    """The window around a shape at a place, with the margin that stays free, and the shape in it."""
    reach = shape.reach + GAP + 1
    window = (
        slice(max(0, int(y - reach)), min(SIZE, int(y + reach) + 1)),
        slice(max(0, int(x - reach)), min(SIZE, int(x + reach) + 1)),
    )
    return window, shape(_COLUMNS[window] - x, _ROWS[window] - y)


def _grown(mask: np.ndarray, by: int) -> np.ndarray:
    """A mask and all pixels within a square of it, in the same window."""
    rows, columns = mask.shape
    padded = np.pad(mask, by)
    tall = np.zeros((rows, columns + 2 * by), bool)
    for shift in range(2 * by + 1):
        tall |= padded[shift : shift + rows]
    grown = np.zeros_like(mask)
    for shift in range(2 * by + 1):
        grown |= tall[:, shift : shift + columns]
    return grown


def paint(plan: Plan) -> np.ndarray:
    """The labels of a plan, shape (600, 600), uint8.

    Example:
        >>> labels = paint(TOWN)
        >>> labels.shape, sorted(set(labels.ravel().tolist()))
        ((600, 600), [1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    rng = np.random.default_rng(plan.seed)
    labels = np.full((SIZE, SIZE), LEGEND[plan.ground], np.uint8)
    for road in plan.roads:
        labels[_strip(*road)] = LEGEND["road"]

    def place(name: str, on: str, shape: Blob | Box) -> tuple[float, float]:
        """Paint a shape at a place where it and a margin lie wholly on one class."""
        for _ in range(4000):
            x, y = rng.uniform(8, SIZE - 8, 2)
            if labels[int(y), int(x)] != LEGEND[on]:
                continue
            window, mask = _drawn(shape, x, y)
            if (labels[window][_grown(mask, GAP)] == LEGEND[on]).all():
                labels[window][mask] = LEGEND[name]
                return x, y
        raise RuntimeError(f"no room for {name} on {on}")

    for name, number, least, most in plan.patches:
        for _ in range(number):
            place(name, plan.ground, Blob(rng.uniform(least, most), rng))
    for name, on, radius in plan.ponds_inside:
        place(name, on, Blob(radius, rng))
    for number in range(plan.buildings):
        on = "grass" if number in (3, 8, 13) else plan.ground
        length, width = (17.0, 13.0) if on == "grass" else (rng.uniform(14, 46), rng.uniform(12, 26))
        if number % 7 == 0:
            length, width = 1.7 * length, 1.5 * width
        turn = rng.choice([0.0, 0.0, 0.3, 1.1])
        x, y = place("roof", on, Box(length, width, turn))
        if number % 4 == 1:
            window, panels = _drawn(Box(0.5 * length, 0.5 * width, turn), x, y)
            labels[window][panels] = LEGEND["solar"]
    for _ in range(plan.arrays):
        place("solar", plan.ground, Box(rng.uniform(30, 60), rng.uniform(16, 26)))
    return labels


@cache
def scenes() -> tuple[np.ndarray, np.ndarray]:
    """The labels of both scenes, read-only.

    Example:
        >>> [scene.shape for scene in scenes()]
        [(600, 600), (600, 600)]
    """
    painted = paint(TOWN), paint(COUNTRY)
    for labels in painted:
        labels.setflags(write=False)
    return painted
