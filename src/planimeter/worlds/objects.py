"""The countable things of a synthetic world: buildings and solar arrays, placed so that each is one region."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np

from planimeter.worlds.land import Land, fill
from planimeter.worlds.style import ASPHALT, DIRT, FOREST, ROOF, SOLAR, WATER, Style

#: Pixels between an object and anything that may touch it.
GAP = 2
_SMALLEST = 9  # pixels

_FORBIDDEN = np.zeros(256, bool)
_FORBIDDEN[[WATER, ASPHALT, DIRT, ROOF, SOLAR]] = True


@dataclass(frozen=True)
class WorldObject:
    """A building or solar array, exactly as it stands in the labels.

    Attributes:
        kind: "roof" or "solar".
        bbox: (x0, y0, x1, y1) pixels, half-open.
        area_pixels: pixels that bear its label.
        centroid: mean (x, y) of its pixels; the centre of the first pixel is (0.5, 0.5).
        polygon: (n, 2) outline as designed, pixel coordinates, not closed. The pixels follow it to within one pixel.
    """

    kind: str
    bbox: tuple[int, int, int, int]
    area_pixels: int
    centroid: tuple[float, float]
    polygon: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class PlacedObject:
    """An object with what is needed to paint it.

    Attributes:
        kind: "roof" or "solar".
        origin: (x, y) of the mask's first pixel.
        mask: (h, w) bool, its pixels.
        corners: (n, 2) outline, pixels.
        angle: direction of its long side, radians.
        height: metres above ground.
        on_roof: True for an array on a building.
    """

    kind: str
    origin: tuple[int, int]
    mask: np.ndarray
    corners: np.ndarray
    angle: float
    height: float
    on_roof: bool = False

    def record(self) -> WorldObject:
        """The object as the world's truth states it."""
        ys, xs = np.nonzero(self.mask)
        x0, y0 = self.origin
        return WorldObject(
            kind=self.kind,
            bbox=(x0 + int(xs.min()), y0 + int(ys.min()), x0 + int(xs.max()) + 1, y0 + int(ys.max()) + 1),
            area_pixels=len(xs),
            centroid=(x0 + float(xs.mean()) + 0.5, y0 + float(ys.mean()) + 0.5),
            polygon=tuple((float(x), float(y)) for x, y in np.round(self.corners, 2)),
        )


@dataclass
class Site:
    """Where objects may still go.

    Attributes:
        land: the map of materials, into which objects are drawn.
        blocked: (H, W) uint8, 1 within ``GAP`` pixels of an object.
        placed: what stands so far.
    """

    land: Land
    blocked: np.ndarray
    placed: list[PlacedObject] = field(default_factory=list)

    def place(self, kind: str, corners: np.ndarray, angle: float, height: float) -> PlacedObject | None:
        """Put an object down, or return None where there is no room for it."""
        rows, columns = self.blocked.shape
        pad = GAP + 2
        (x0, y0), (x1, y1) = (
            np.floor(corners.min(axis=0)).astype(int),
            np.ceil(corners.max(axis=0)).astype(int),
        )
        x0, y0, x1, y1 = int(x0) - pad, int(y0) - pad, int(x1) + pad, int(y1) + pad
        if x0 < 0 or y0 < 0 or x1 > columns or y1 > rows:
            return None
        view = slice(y0, y1), slice(x0, x1)
        material, blocked = self.land.material[view], self.blocked[view]
        drawn = np.zeros(material.shape, np.uint8)
        fill(drawn, corners - (x0, y0), 1)
        mask = drawn.view(bool)
        if np.count_nonzero(drawn) < _SMALLEST or (blocked & drawn).any() or _FORBIDDEN[material[mask]].any():
            return None
        material[mask] = ROOF if kind == "roof" else SOLAR
        np.bitwise_or(blocked, cv2.dilate(drawn, _SQUARE), out=blocked)
        placed = PlacedObject(kind, (x0, y0), mask, corners, angle, height)
        self.placed.append(placed)
        return placed

    def mount(self, building: PlacedObject, corners: np.ndarray) -> None:
        """Put a solar array on the building placed last, inside its edge; the roof keeps the pixels around it."""
        x0, y0 = building.origin
        drawn = np.zeros(building.mask.shape, np.uint8)
        fill(drawn, corners - (x0, y0), 1)
        inner = cv2.erode(building.mask.view(np.uint8), _SQUARE)
        panel = (drawn & inner).view(bool)
        if np.count_nonzero(panel) < _SMALLEST:
            return
        h, w = panel.shape
        self.land.material[y0 : y0 + h, x0 : x0 + w][panel] = SOLAR
        roof = building.mask & ~panel
        self.placed[-1] = PlacedObject(
            "roof", building.origin, roof, building.corners, building.angle, building.height
        )
        self.placed.append(
            PlacedObject("solar", building.origin, panel, corners, building.angle, building.height, True)
        )


_SQUARE = np.ones((2 * GAP + 1, 2 * GAP + 1), np.uint8)


def place_objects(rng: np.random.Generator, land: Land, style: Style) -> list[PlacedObject]:
    """Place buildings in towns and on farms, and solar arrays on roofs and on the ground.

    Args:
        rng: source of chance.
        land: the map of materials; objects are drawn into it.
        style: the world's style.
    """
    site = Site(land, np.zeros(land.material.shape, np.uint8))
    mounted = rng.choice([0.0, 0.03, 0.15], p=[0.3, 0.4, 0.3])
    for x, y, radius, angle in land.towns:
        _build_town(rng, site, (x, y), radius, angle, style.town_density, mounted)
    height, width = land.material.shape
    km2 = height * width * land.gsd**2 / 1e6
    for _ in range(int(rng.poisson(style.farms_per_km2 * km2))):
        _build_farm(rng, site, rng.uniform((0, 0), (width, height)), mounted)
    for _ in range(int(rng.poisson(style.solar_per_km2 * km2))):
        _build_solar_farm(rng, site, rng.uniform((0, 0), (width, height)))
    return site.placed


def _build_town(
    rng: np.random.Generator,
    site: Site,
    centre: tuple[float, float],
    radius: float,
    angle: float,
    density: float,
    mounted: float,
) -> None:
    pixels = site.land.pixels
    rows, columns = site.blocked.shape
    halls = rng.random() < 0.2
    lot_w, lot_h = (
        (rng.uniform(35, 80), rng.uniform(40, 90)) if halls else (rng.uniform(11, 28), rng.uniform(13, 30))
    )
    cos, sin = math.cos(angle), math.sin(angle)
    frame = np.array([[cos, sin], [-sin, cos]])
    across = np.arange(-radius, radius, pixels(lot_w))
    along = np.arange(-radius, radius, pixels(lot_h))
    lots = np.stack(np.meshgrid(across, along), axis=-1).reshape(-1, 2)
    reach = np.linalg.norm(lots, axis=1) / radius
    # Towns thin out towards their edge.
    lots = lots[(reach < 1) & (rng.random(len(lots)) < density * np.clip(1.7 - reach, 0, 1))]
    spots = lots @ frame + centre + rng.normal(0, pixels(1.2), lots.shape)
    within = (spots > 0).all(axis=1) & (spots < (columns, rows)).all(axis=1)
    spots = spots[within & (site.land.material[_nearest(spots, rows, columns)] != FOREST)]
    share = rng.uniform(0.42, 0.85, (len(spots), 2))
    turns = (
        angle
        + rng.choice([0, math.pi / 2], len(spots)) * (0 if halls else 1)
        + rng.normal(0, 0.04, len(spots))
    )
    for spot, (w, h), turn in zip(spots, share * (lot_w, lot_h), turns, strict=True):
        height = rng.uniform(6, 13) if halls else rng.choice([3.5, 6, 9, 18], p=[0.4, 0.4, 0.15, 0.05])
        _build(rng, site, spot, w, h, turn, float(height), mounted * (2 if halls else 1))


def _nearest(spots: np.ndarray, rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    return np.clip(spots[:, 1].astype(int), 0, rows - 1), np.clip(spots[:, 0].astype(int), 0, columns - 1)


def _build_farm(rng: np.random.Generator, site: Site, spot: np.ndarray, mounted: float) -> None:
    angle = rng.uniform(0, math.pi)
    for _ in range(int(rng.integers(1, 5))):
        offset = rng.normal(0, site.land.pixels(22), 2)
        w, h = rng.uniform(7, 20), rng.uniform(9, 42)
        turn = angle + rng.choice([0, math.pi / 2])
        _build(rng, site, spot + offset, w, h, turn, rng.uniform(3.5, 8), mounted)


def _build(
    rng: np.random.Generator,
    site: Site,
    spot: np.ndarray,
    width: float,
    length: float,
    angle: float,
    height: float,
    mounted: float,
) -> None:
    """One building with sides in metres."""
    w, h = site.land.pixels(width) / 2, site.land.pixels(length) / 2
    if min(w, h) < 1.2:
        return
    kind = rng.random()
    bent = kind < 0.3 and min(w, h) > 4
    corners = _bent_outline(rng, w, h) if bent else np.array([(-w, -h), (w, -h), (w, h), (-w, h)])
    cos, sin = math.cos(angle), math.sin(angle)
    frame = np.array([[cos, sin], [-sin, cos]])
    long_side = angle + (math.pi / 2 if h > w else 0)
    building = site.place("roof", corners @ frame + spot, long_side, height)
    if building is not None and not bent and min(w, h) > 4.5 and rng.random() < mounted:
        low, high = np.sort(rng.uniform(-0.8, 0.8, (2, 2)), axis=0) * (w, h)
        if (high - low > 3).all():
            panel = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
            site.mount(building, panel @ frame + spot)


def _bent_outline(rng: np.random.Generator, w: float, h: float) -> np.ndarray:
    """An L, T or U seen from above, centred; every wing is at least two pixels wide."""
    a, b = rng.uniform(0.35, 0.6), rng.uniform(0.35, 0.6)
    x, y = w * (2 * a - 1), h * (2 * b - 1)
    shape = rng.integers(3)
    if shape == 0:
        corners = [(-w, -h), (w, -h), (w, y), (x, y), (x, h), (-w, h)]
    elif shape == 1:
        s = w * 0.45
        corners = [(-w, -h), (w, -h), (w, y), (s, y), (s, h), (-s, h), (-s, y), (-w, y)]
    else:
        s = w * 0.3
        corners = [(-w, -h), (w, -h), (w, h), (s, h), (s, y), (-s, y), (-s, h), (-w, h)]
    return np.array(corners) * rng.choice([-1, 1], 2)


def _build_solar_farm(rng: np.random.Generator, site: Site, spot: np.ndarray) -> None:
    """Rectangular blocks of panel rows with lanes between them."""
    pixels = site.land.pixels
    angle = rng.choice([0.0, 0.0, rng.uniform(-0.5, 0.5)])
    large = rng.random() < 0.35
    across, along = (
        (int(rng.integers(1, 5)), int(rng.integers(1, 4))) if large else (int(rng.integers(1, 4)), 1)
    )
    w, h = (rng.uniform(25, 90), rng.uniform(20, 60)) if large else (rng.uniform(6, 30), rng.uniform(4, 14))
    w, h = max(pixels(w), 4), max(pixels(h), 4)
    lane = max(pixels(rng.uniform(4, 9)), GAP + 3)
    cos, sin = math.cos(angle), math.sin(angle)
    frame = np.array([[cos, sin], [-sin, cos]])
    for i in range(across):
        for j in range(along):
            x, y = i * (w + lane), j * (h + lane)
            cut = rng.uniform(0.4, 1) if rng.random() < 0.2 else 1.0
            corners = np.array([(x, y), (x + w * cut, y), (x + w * cut, y + h), (x, y + h)])
            site.place("solar", corners @ frame + spot, angle, 1.5)
