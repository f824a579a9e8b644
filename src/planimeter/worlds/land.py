"""The land of a synthetic world: fields, woods, waters and roads as a map of materials."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from planimeter.worlds.style import (
    ASPHALT,
    BARE,
    CROP,
    CROPS,
    DIRT,
    FOREST,
    GRASS,
    MEADOW,
    SHORE,
    TREE,
    WATER,
    Style,
)

#: Rows handled at a time, so that scratch arrays stay small.
STRIP = 256
_COARSE = 4
_FRACTION_BITS = 4


@dataclass(frozen=True)
class Field:
    """Smooth noise with mean 0 and deviation 1, kept at a quarter of the resolution.

    Attributes:
        coarse: (ceil(H / 4) + 2, ceil(W / 4) + 2) float32.
        width: pixels in a row of the world.
    """

    coarse: np.ndarray
    width: int

    def rows(self, start: int, stop: int) -> np.ndarray:
        """(stop - start, W) float32; ``start`` must be a multiple of 4."""
        first, last = start // _COARSE, -(-stop // _COARSE) + 2
        part = self.coarse[first:last]
        size = (part.shape[1] * _COARSE, part.shape[0] * _COARSE)
        fine = cv2.resize(part, size, interpolation=cv2.INTER_LINEAR)
        return fine[_COARSE : _COARSE + stop - start, _COARSE : _COARSE + self.width]

    def at(self, x: float, y: float) -> float:
        """Value near a pixel position."""
        rows, columns = self.coarse.shape
        row = min(max(int(y / _COARSE) + 1, 0), rows - 1)
        return float(self.coarse[row, min(max(int(x / _COARSE) + 1, 0), columns - 1)])

    def level(self, share: float) -> float:
        """The value that a share of the pixels exceeds."""
        if share <= 0:
            return math.inf
        return float(np.quantile(self.coarse[::3, ::3], 1 - min(share, 1.0)))


def noise_field(rng: np.random.Generator, shape: tuple[int, int], cell: float, octaves: int) -> Field:
    """Sum of octaves of smooth noise.

    Args:
        rng: source of chance.
        shape: (H, W) of the world.
        cell: size of the largest features, pixels.
        octaves: how many times the features halve in size.
    """
    rows, columns = -(-shape[0] // _COARSE) + 2, -(-shape[1] // _COARSE) + 2
    total = np.zeros((rows, columns), np.float32)
    amplitude, power = 1.0, 0.0
    for octave in range(octaves):
        step = max(cell / _COARSE / 2**octave, 1.0)
        grid = (math.ceil(rows / step) + 3, math.ceil(columns / step) + 3)
        knots = rng.standard_normal(grid, dtype=np.float32)
        matrix = np.array([[1 / step, 0, rng.uniform(1, 2)], [0, 1 / step, rng.uniform(1, 2)]])
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        total += amplitude * cv2.warpAffine(
            knots, matrix, (columns, rows), flags=flags, borderMode=cv2.BORDER_REFLECT
        )
        power += amplitude**2
        amplitude *= 0.55
    return Field(total / np.float32(math.sqrt(power)), shape[1])


@dataclass
class Land:
    """The map of materials while a world is laid out.

    Attributes:
        material: (H, W) uint8, see ``style``.
        gsd: metres per pixel.
        towns: (x, y, radius) in pixels and street angle in radians.
    """

    material: np.ndarray
    gsd: float
    towns: list[tuple[float, float, float, float]]

    def pixels(self, metres: float) -> float:
        """A length in pixels."""
        return metres / self.gsd


def lay_out(
    rng: np.random.Generator, shape: tuple[int, int], gsd: float, style: Style, crowns: np.ndarray
) -> Land:
    """Draw everything but buildings and solar arrays.

    Args:
        rng: source of chance.
        shape: (H, W) of the world.
        gsd: metres per pixel.
        style: the world's style.
        crowns: (n, n) float32 tile of crown heights, which fray the edges of woods.
    """
    _height, _width = shape
    land = Land(np.full(shape, GRASS, np.uint8), gsd, [])
    farmed = noise_field(rng, shape, 700 / gsd, 4)
    wooded = noise_field(rng, shape, rng.uniform(180, 500) / gsd, 5)
    dry = noise_field(rng, shape, 400 / gsd, 5)
    wet = noise_field(rng, shape, 500 / gsd, 5)
    _cover(land, dry, style.bare_share, BARE)
    _cover(land, noise_field(rng, shape, 150 / gsd, 4), 0.3, MEADOW, only=GRASS)
    tracks = _draw_fields(rng, land, style, farmed)
    # Woods keep off the fields but for a few that have grown over.
    _cover(land, wooded, style.forest_share * 0.8, FOREST, crowns=crowns, spare=CROP)
    _cover(land, wooded, style.forest_share * 0.35, FOREST, crowns=crowns)
    _draw_waters(rng, land, style, wet)
    _place_towns(rng, land, style)
    for line, metres, material in tracks:
        _draw_line(land, line, metres, material, bridge=False)
    _draw_main_roads(rng, land)
    _draw_streets(rng, land)
    _draw_trees(rng, land, style)
    return land


def strips(height: int) -> Iterator[slice]:
    """Slices of rows that cover a world."""
    for start in range(0, height, STRIP):
        yield slice(start, min(start + STRIP, height))


def tiled(tile: np.ndarray, rows: slice, width: int) -> np.ndarray:
    """Rows of a plane covered with copies of a tile."""
    size = tile.shape[0]
    part = np.take(tile, np.arange(rows.start, rows.stop), axis=0, mode="wrap")
    return np.tile(part, (1, -(-width // size)))[:, :width]


def _cover(
    land: Land,
    field: Field,
    share: float,
    material: int,
    *,
    only: int | None = None,
    spare: int | None = None,
    crowns: np.ndarray | None = None,
) -> None:
    level = field.level(share)
    if math.isinf(level):
        return
    height, width = land.material.shape
    for rows in strips(height):
        value = field.rows(rows.start, rows.stop)
        if crowns is not None:
            value = value + (tiled(crowns, rows, width) - 0.5) * np.float32(0.25)
        part = land.material[rows]
        chosen = value > level
        if only is not None:
            chosen &= part == only
        if spare is not None:
            chosen &= part < spare
        part[chosen] = material


def _draw_fields(
    rng: np.random.Generator, land: Land, style: Style, farmed: Field
) -> list[tuple[np.ndarray, float, int]]:
    """Split the plane into parcels, fill those on farmed land, return tracks along some of the splits."""
    height, width = land.material.shape
    level = farmed.level(style.agric_share)
    cos, sin = math.cos(style.field_angle), math.sin(style.field_angle)
    frame = np.array([[cos, -sin], [sin, cos]])
    centre = np.array([width / 2, height / 2])
    half = math.hypot(width, height) / 2 * 1.05
    low, high = (max(land.pixels(metres), 8.0) for metres in style.parcel)
    margin = land.pixels(rng.uniform(0.0, 2.5))
    tracks: list[tuple[np.ndarray, float, int]] = []
    todo = [(-half, -half, half, half)]
    paved = rng.random() < 0.4
    while todo:
        x0, y0, x1, y1 = todo.pop()
        w, h = x1 - x0, y1 - y0
        if max(w, h) > rng.uniform(low, high):
            cut = rng.uniform(0.36, 0.64)
            if w > h * rng.uniform(0.6, 1.2):
                at = x0 + w * cut
                todo += [(x0, y0, at, y1), (at, y0, x1, y1)]
                line = np.array([(at, y0), (at, y1)])
            else:
                at = y0 + h * cut
                todo += [(x0, y0, x1, at), (x0, at, x1, y1)]
                line = np.array([(x0, at), (x1, at)])
            if land.pixels(250) < max(w, h) < land.pixels(1500) and rng.random() < 0.35:
                line = line @ frame.T + centre
                if farmed.at(*line.mean(axis=0)) > level:
                    asphalt = paved and rng.random() < 0.5
                    tracks.append(
                        (
                            line,
                            rng.uniform(4, 6.5) if asphalt else rng.uniform(2.5, 4.5),
                            ASPHALT if asphalt else DIRT,
                        )
                    )
            continue
        middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2]) @ frame.T + centre
        outside = not (-high < middle[0] < width + high and -high < middle[1] < height + high)
        if outside or farmed.at(*middle) <= level or rng.random() < 0.06:
            continue
        crop = CROP + int(rng.integers(CROPS))
        if rng.random() < style.biome.pivots and min(w, h) > land.pixels(60):
            radius = min(w, h) / 2 - margin
            cv2.circle(
                land.material, _fixed(middle), int(radius * 2**_FRACTION_BITS), crop, -1, shift=_FRACTION_BITS
            )
            continue
        m = min(margin, w / 6, h / 6)
        corners = np.array([(x0 + m, y0 + m), (x1 - m, y0 + m), (x1 - m, y1 - m), (x0 + m, y1 - m)])
        fill(land.material, corners @ frame.T + centre, crop)
    return tracks


def _draw_waters(rng: np.random.Generator, land: Land, style: Style, wet: Field) -> None:
    height, width = land.material.shape
    shore = rng.random() < 0.6
    if shore:
        _cover(land, wet, style.lake_share * 1.12, SHORE)
    _cover(land, wet, style.lake_share, WATER)
    for _ in range(style.rivers):
        breadth = land.pixels(rng.choice([6, 15, 35, 80]) * rng.uniform(0.7, 1.3))
        line = _meander(rng, width, height, rng.uniform(0.02, 0.16))
        wobble = np.interp(np.arange(len(line)), np.linspace(0, len(line), 24), rng.uniform(0.75, 1.3, 24))
        if shore:
            _draw_river(land, line, breadth * wobble + land.pixels(rng.uniform(2, 8)), SHORE)
        _draw_river(land, line, breadth * wobble, WATER)


def _meander(rng: np.random.Generator, width: int, height: int, swing: float) -> np.ndarray:
    """A winding line across the world, (200, 2) pixel positions."""
    angle = rng.uniform(0, 2 * math.pi)
    along = np.linspace(-0.75, 0.75, 200) * math.hypot(width, height)
    phase = rng.uniform(0, 2 * math.pi, 4)
    waves = sum(
        math.hypot(width, height)
        * swing
        / (k + 1)
        * np.sin(along / math.hypot(width, height) * (k + 1) * 6 + phase[k])
        for k in range(4)
    )
    across = waves + rng.uniform(-0.3, 0.3) * min(width, height)
    cos, sin = math.cos(angle), math.sin(angle)
    return np.stack([width / 2 + along * cos - across * sin, height / 2 + along * sin + across * cos], axis=1)


def _draw_river(land: Land, line: np.ndarray, breadth: np.ndarray, material: int) -> None:
    direction = np.gradient(line, axis=0)
    normal = np.stack([-direction[:, 1], direction[:, 0]], axis=1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    left, right = line + normal * breadth[:, None] / 2, line - normal * breadth[:, None] / 2
    # Segment by segment: the banks of a tight bend may cross, which a single polygon would not survive.
    for k in range(len(line) - 1):
        fill(land.material, np.array([left[k], left[k + 1], right[k + 1], right[k]]), material)


def _place_towns(rng: np.random.Generator, land: Land, style: Style) -> None:
    height, width = land.material.shape
    area = height * width * land.gsd**2 / 1e6
    count = min(int(rng.poisson(style.towns_per_km2 * area)), 2000)
    if count == 0 and area > 0.15 and rng.random() < 0.8:
        count = 1
    for _ in range(count):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        radius = land.pixels(rng.uniform(70, 330))
        angle = rng.uniform(0, math.pi / 2)
        land.towns.append((x, y, radius, angle))
        turn = np.linspace(0, 2 * math.pi, 40, endpoint=False)
        edge = radius * (
            1 + 0.22 * np.sin(turn * 2 + rng.uniform(0, 6)) + 0.12 * np.sin(turn * 5 + rng.uniform(0, 6))
        )
        outline = np.stack([x + edge * np.cos(turn), y + edge * np.sin(turn)], axis=1)
        x0, y0 = np.maximum(np.floor(outline.min(axis=0)).astype(int), 0)
        x1, y1 = np.ceil(outline.max(axis=0)).astype(int) + 1
        part = land.material[y0:y1, x0:x1]
        if part.size == 0:
            continue
        inside = np.zeros(part.shape, np.uint8)
        fill(inside, outline - (x0, y0), 1)
        part[(inside > 0) & (part != WATER)] = style.biome.yard


def _draw_main_roads(rng: np.random.Generator, land: Land) -> None:
    height, width = land.material.shape
    count = int(rng.choice([0, 1, 2, 3], p=[0.15, 0.4, 0.3, 0.15]))
    for _ in range(count):
        line = _meander(rng, width, height, rng.uniform(0.0, 0.05))
        if land.towns:
            line += np.array(land.towns[rng.integers(len(land.towns))][:2]) - line[rng.integers(60, 140)]
        _draw_line(land, line, rng.choice([6, 9, 14, 22]) * rng.uniform(0.85, 1.15), ASPHALT, bridge=True)


def _draw_streets(rng: np.random.Generator, land: Land) -> None:
    for x, y, radius, angle in land.towns:
        cos, sin = math.cos(angle), math.sin(angle)
        along, across = (land.pixels(rng.uniform(low, high)) for low, high in ((60, 140), (42, 80)))
        metres = rng.uniform(4.5, 9)
        material = DIRT if rng.random() < 0.25 else ASPHALT
        for axis, step in ((0, along), (1, across)):
            offset = -radius + rng.uniform(0, step)
            while offset < radius:
                reach = math.sqrt(max(radius**2 - offset**2, 0))
                ends = np.array(
                    [(-reach * rng.uniform(0.7, 1), offset), (reach * rng.uniform(0.7, 1), offset)]
                )
                if axis == 0:
                    ends = ends[:, ::-1]
                if rng.random() < 0.92:
                    line = ends @ np.array([[cos, sin], [-sin, cos]]) + (x, y)
                    _draw_line(land, line, metres, material, bridge=False)
                offset += step * rng.uniform(0.8, 1.25)


def _draw_line(land: Land, line: np.ndarray, metres: float, material: int, *, bridge: bool) -> None:
    breadth = max(land.pixels(metres), 1.0)
    low, high = line.min(axis=0) - breadth - 2, line.max(axis=0) + breadth + 2
    x0, y0 = np.maximum(np.floor(low).astype(int), 0)
    x1, y1 = (int(v) for v in np.maximum(np.ceil(high), 0))
    part = land.material[y0:y1, x0:x1]
    if part.size == 0:
        return
    target = part if bridge else np.zeros(part.shape, np.uint8)
    corners = line - (x0, y0)
    for start, stop in itertools.pairwise(corners):
        direction = (stop - start) / max(float(np.linalg.norm(stop - start)), 1e-9)
        side = np.array([-direction[1], direction[0]]) * max(breadth - 1, 0) / 2
        lengthen = direction * breadth / 4
        fill(
            target,
            np.array(
                [
                    start - lengthen + side,
                    stop + lengthen + side,
                    stop + lengthen - side,
                    start - lengthen - side,
                ]
            ),
            material,
        )
    if not bridge:
        part[(target > 0) & (part != WATER)] = material


def _draw_trees(rng: np.random.Generator, land: Land, style: Style) -> None:
    height, width = land.material.shape
    hectares = height * width * land.gsd**2 / 1e4
    count = min(int(rng.poisson(style.trees_per_ha * hectares)), height * width // 60)
    spots = rng.uniform((0, 0), (width, height), (count, 2))
    radii = rng.uniform(1.3, 4.8, count) / land.gsd
    allowed = np.zeros(256, bool)
    allowed[[GRASS, MEADOW, BARE, SHORE]] = True
    allowed[CROP:] = rng.random(256 - CROP) < 0.08
    kept = allowed[land.material[spots[:, 1].astype(int), spots[:, 0].astype(int)]]
    for spot, radius in zip(spots[kept], radii[kept], strict=True):
        if radius < 0.8:
            continue
        cv2.circle(
            land.material, _fixed(spot), int(radius * 2**_FRACTION_BITS), TREE, -1, shift=_FRACTION_BITS
        )


def _fixed(point: np.ndarray) -> tuple[int, int]:
    """A position in the fixed-point numbers that OpenCV draws with."""
    x, y = np.rint((np.asarray(point) - 0.5) * 2**_FRACTION_BITS).astype(int)
    return int(x), int(y)


def fill(target: np.ndarray, corners: np.ndarray, value: int) -> None:
    fixed = np.rint((corners - 0.5) * 2**_FRACTION_BITS).astype(np.int32)
    cv2.fillPoly(target, [fixed], int(value), shift=_FRACTION_BITS)
