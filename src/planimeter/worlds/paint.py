"""The picture of a synthetic world: surfaces, light, shadow and the sensor that sees them."""

from __future__ import annotations

import math

import cv2
import numpy as np

from planimeter.worlds.land import Field, fill, noise_field, strips, tiled
from planimeter.worlds.objects import PlacedObject
from planimeter.worlds.style import (
    ASPHALT,
    BARE,
    CROP,
    DIRT,
    FOREST,
    GRASS,
    MEADOW,
    SHORE,
    TREE,
    WATER,
    Style,
)

_TILE = 1024
_TREE_HEIGHT = 7.0  # metres


def crown_tile(rng: np.random.Generator, gsd: float) -> np.ndarray:
    """Heights of a closed canopy, (1024, 1024) float32 from 0 to 1; wraps around."""
    diameter = max(rng.uniform(4, 9) / gsd, 1.5)
    seeds = np.zeros((_TILE, _TILE), np.float32)
    count = int(1.6 * _TILE**2 / diameter**2)
    at = rng.integers(0, _TILE, (2, count))
    seeds[at[0], at[1]] = rng.uniform(0.35, 1, count)
    if diameter < 2.5:
        return cv2.normalize(seeds, None, 0, 1, cv2.NORM_MINMAX)
    pad = 64
    size = int(diameter) | 1
    wrapped = np.pad(seeds, pad, mode="wrap")
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    crowns = cv2.GaussianBlur(cv2.dilate(wrapped, disc), (0, 0), diameter / 5)
    crowns = crowns[pad:-pad, pad:-pad] + rng.normal(0, 0.03, seeds.shape).astype(np.float32)
    return cv2.normalize(crowns, None, 0, 1, cv2.NORM_MINMAX)


def paint(
    rng: np.random.Generator,
    material: np.ndarray,
    placed: list[PlacedObject],
    crowns: np.ndarray,
    gsd: float,
    style: Style,
) -> np.ndarray:
    """Paint a world.

    Args:
        rng: source of chance.
        material: (H, W) uint8 map of materials.
        placed: its objects.
        crowns: tile of crown heights.
        gsd: metres per pixel.
        style: the world's style.

    Returns:
        (H, W, 3) uint8, red, green, blue.
    """
    tint = noise_field(rng, material.shape, 160 / gsd, 4)
    patch = noise_field(rng, material.shape, max(14 / gsd, 8), 3)
    shadow = _shadows(material, placed, gsd, style)
    image = np.empty((*material.shape, 3), np.uint8)
    _paint_ground(rng, image, material, shadow, (tint, patch), crowns, style)
    for thing in placed:
        if thing.kind == "roof":
            _paint_roof(rng, image, thing, gsd, style)
        else:
            _paint_panels(rng, image, thing, gsd, style)
    return _expose(rng, image, style)


def _shadows(material: np.ndarray, placed: list[PlacedObject], gsd: float, style: Style) -> np.ndarray:
    """Where the sun does not reach, (H, W) uint8 from 0 to 255."""
    reach = -np.array(style.sun) * style.shadow_per_height / gsd
    trees = np.zeros(256, np.uint8)
    trees[[FOREST, TREE]] = 255
    canopy = cv2.LUT(material, trees)
    shadow = np.zeros_like(canopy)
    for part in (0.35, 0.7, 1.0):
        dx, dy = (round(v) for v in reach * _TREE_HEIGHT * part)
        target, source = _shifted(shadow, dx, dy), _shifted(canopy, -dx, -dy)
        np.maximum(target, source, out=target)
    shadow[canopy > 0] = 0
    for thing in placed:
        if thing.on_roof:
            continue
        step = reach * thing.height
        following = np.roll(thing.corners, -1, axis=0)
        low = np.minimum(thing.corners, thing.corners + step).min(axis=0)
        high = np.maximum(thing.corners, thing.corners + step).max(axis=0)
        x0, y0 = (max(int(v) - 2, 0) for v in low)
        part = shadow[y0 : int(high[1]) + 3, x0 : int(high[0]) + 3]
        if part.size == 0:
            continue
        for a, b in zip(thing.corners - (x0, y0), following - (x0, y0), strict=True):
            fill(part, np.array([a, b, b + step, a + step]), 255)
        fill(part, thing.corners - (x0, y0) + step, 255)
    return cv2.GaussianBlur(shadow, (0, 0), max(0.3 / gsd, 0.4))


def _shifted(plane: np.ndarray, dx: int, dy: int) -> np.ndarray:
    """The part of a plane that is still on it after a shift, at its new place; nothing of one that is smaller."""
    height, width = plane.shape
    return plane[max(dy, 0) : max(height + min(dy, 0), 0), max(dx, 0) : max(width + min(dx, 0), 0)]


def _paint_ground(
    rng: np.random.Generator,
    image: np.ndarray,
    material: np.ndarray,
    shadow: np.ndarray,
    fields: tuple[Field, Field],
    crowns: np.ndarray,
    style: Style,
) -> None:
    width = material.shape[1]
    grain = cv2.GaussianBlur(rng.standard_normal((_TILE - 7, _TILE - 7), dtype=np.float32), (0, 0), 0.7)
    grain /= grain.std()
    fine, broad = _texture_strengths(rng, style)
    light = _light_on(crowns, style.sun) * np.float32(style.texture)
    canopy = np.zeros(256, np.float32)
    canopy[[FOREST, TREE]] = 1.0
    columns = np.arange(width, dtype=np.float32)
    shade = np.float32(style.shadow_depth / 255) * (1 - 0.5 * (np.arange(256) == WATER)).astype(np.float32)
    for rows in strips(material.shape[0]):
        part = material[rows]
        tint, patch = (field.rows(rows.start, rows.stop) for field in fields)
        texture = np.take(fine, part) * tiled(grain, rows, width) + np.take(broad, part) * patch
        woods = np.take(canopy, part)
        if woods.any():
            texture += woods * tiled(light, rows, width)
        if part.max() >= CROP:
            _add_rows(texture, part, rows, columns, patch, style)
        texture += 1
        texture *= 1 - np.take(shade, part) * shadow[rows]
        mix = np.clip(tint * np.float32(0.3) + np.float32(0.5), 0, 1)
        for band in range(3):
            value = np.take(style.palette_spread[:, band].copy(), part)
            value *= mix
            value += np.take(style.palette[:, band].copy(), part)
            value *= texture
            np.clip(value, 0, 255, out=value)
            image[rows, :, band] = value


def _texture_strengths(rng: np.random.Generator, style: Style) -> tuple[np.ndarray, np.ndarray]:
    """Relative strength of fine grain and of patches by material."""
    fine, broad = np.zeros(256, np.float32), np.zeros(256, np.float32)
    strengths = {
        GRASS: (0.05, 0.05),
        MEADOW: (0.07, 0.09),
        FOREST: (0.09, 0.06),
        TREE: (0.09, 0.02),
        BARE: (0.05, 0.06),
        SHORE: (0.04, 0.03),
        WATER: (0.015, 0.015),
        ASPHALT: (0.03, 0.03),
        DIRT: (0.05, 0.04),
    }
    for material, (a, b) in strengths.items():
        fine[material], broad[material] = a * rng.uniform(0.5, 1.5), b * rng.uniform(0.5, 1.5)
    fine[CROP:] = rng.uniform(0.015, 0.07, 256 - CROP)
    broad[CROP:] = rng.uniform(0.0, 0.06, 256 - CROP)
    return fine * np.float32(style.texture), broad * np.float32(style.texture)


def _light_on(crowns: np.ndarray, sun: tuple[float, float]) -> np.ndarray:
    """Relative brightness of a canopy under a low sun: lit flanks, dark gaps."""
    slope = (np.roll(crowns, -1, 1) - np.roll(crowns, 1, 1)) * sun[0]
    slope += (np.roll(crowns, -1, 0) - np.roll(crowns, 1, 0)) * sun[1]
    slope /= max(float(slope.std()), 1e-6)
    lit = -0.16 * slope + 0.55 * (crowns - crowns.mean())
    return np.clip(lit, -0.6, 0.6).astype(np.float32)


def _add_rows(
    texture: np.ndarray, part: np.ndarray, rows: slice, columns: np.ndarray, patch: np.ndarray, style: Style
) -> None:
    """Add the rows of crops, which run straight across a field."""
    lines = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None]
    phase = np.take(style.crop_rows[:, 0].copy(), part) * columns
    phase += np.take(style.crop_rows[:, 1].copy(), part) * lines
    phase += patch * np.float32(0.4)
    np.sin(phase, out=phase)
    phase *= np.take(style.crop_rows[:, 2].copy(), part)
    texture += phase


def _paint_roof(
    rng: np.random.Generator, image: np.ndarray, thing: PlacedObject, gsd: float, style: Style
) -> None:
    x0, y0 = thing.origin
    h, w = thing.mask.shape
    color = style.roof_colors[rng.integers(len(style.roof_colors))] * rng.uniform(0.8, 1.15) + rng.normal(
        0, 5, 3
    )
    across, along = _frame_coordinates(thing, gsd)
    short = float(np.abs(across[thing.mask]).max())
    shade = np.full((h, w), 1.0, np.float32)
    if len(thing.corners) == 4 and short < 9 and rng.random() < 0.75:
        lit = -math.sin(thing.angle) * style.sun[0] + math.cos(thing.angle) * style.sun[1]
        shade += np.where(across > 0, 1, -1) * np.float32(0.24 * lit)
        if rng.random() < 0.4:  # a hip roof has two more faces
            reach = float(np.abs(along[thing.mask]).max())
            face = np.abs(along) - reach + short > np.abs(across)
            lit = math.cos(thing.angle) * style.sun[0] + math.sin(thing.angle) * style.sun[1]
            shade[face] = 1 + np.where(along > 0, 1, -1)[face] * np.float32(0.24 * lit)
    else:
        rim = thing.mask & ~cv2.erode(thing.mask.view(np.uint8), np.ones((3, 3), np.uint8)).view(bool)
        shade[rim] *= np.float32(rng.choice([0.82, 1.0, 1.12]))
        for _ in range(int(rng.integers(0, 5)) if short > 6 else 0):
            cx, cy = rng.uniform(-0.7, 0.7) * short, rng.uniform(-0.7, 0.7) * short
            box = (np.abs(across - cx) < rng.uniform(0.6, 2)) & (np.abs(along - cy) < rng.uniform(0.6, 2))
            shade[box] *= np.float32(rng.uniform(0.55, 1.3))
    if rng.random() < 0.4:
        period = max(rng.uniform(0.8, 3), 2.5 * gsd)
        shade += np.float32(0.05) * np.sin(along * np.float32(2 * math.pi / period))
    shade += rng.normal(0, 0.03, (h, w)).astype(np.float32)
    painted = np.clip(color.astype(np.float32) * shade[..., None], 0, 255).astype(np.uint8)
    image[y0 : y0 + h, x0 : x0 + w][thing.mask] = painted[thing.mask]


def _paint_panels(
    rng: np.random.Generator, image: np.ndarray, thing: PlacedObject, gsd: float, style: Style
) -> None:
    x0, y0 = thing.origin
    h, w = thing.mask.shape
    across, along = _frame_coordinates(thing, gsd)
    color = np.broadcast_to(style.solar_color * np.float32(rng.uniform(0.85, 1.2)), (h, w, 3)).copy()
    if thing.on_roof:
        lines = (np.mod(across, max(1.7, 3 * gsd)) < gsd) | (np.mod(along, max(1.1, 3 * gsd)) < gsd)
        color[lines] *= np.float32(1.25)
    else:
        period = rng.uniform(3.2, 8)
        filled = rng.uniform(0.5, 0.72)
        soil = style.palette[GRASS if rng.random() < 0.6 else BARE] * np.float32(0.75)
        # Share of panel in each pixel, so that rows narrower than a pixel blend.
        ramp = (filled * period / 2 - np.abs(np.mod(across, period) - period / 2)) / gsd + 0.5
        share = np.clip(ramp, 0, 1) if period > 2 * gsd else np.full((h, w), filled)
        color = color * share[..., None] + soil * (1 - share[..., None])
    color *= (1 + rng.normal(0, 0.03, (h, w, 1))).astype(np.float32)
    painted = np.clip(color, 0, 255).astype(np.uint8)
    image[y0 : y0 + h, x0 : x0 + w][thing.mask] = painted[thing.mask]


def _frame_coordinates(thing: PlacedObject, gsd: float) -> tuple[np.ndarray, np.ndarray]:
    """Metres across and along an object, from its middle, for each pixel of its mask's rectangle."""
    h, w = thing.mask.shape
    middle = (thing.corners.min(axis=0) + thing.corners.max(axis=0)) / 2 - thing.origin
    x = (np.arange(w, dtype=np.float32)[None, :] + np.float32(0.5 - middle[0])) * np.float32(gsd)
    y = (np.arange(h, dtype=np.float32)[:, None] + np.float32(0.5 - middle[1])) * np.float32(gsd)
    cos, sin = np.float32(math.cos(thing.angle)), np.float32(math.sin(thing.angle))
    return y * cos - x * sin, x * cos + y * sin


def _expose(rng: np.random.Generator, image: np.ndarray, style: Style) -> np.ndarray:
    """What a sensor makes of the scene: blur, haze, gain, gamma, noise, compression."""
    image = cv2.GaussianBlur(image, (0, 0), style.blur)
    air = np.array([176, 188, 200]) * style.haze
    value = np.arange(256)[:, None] * (1 - style.haze) + air
    curve = 255 * (np.clip(value * style.gain / 255, 0, 1) ** style.gamma)
    image = cv2.LUT(image, np.clip(np.rint(curve), 0, 255).astype(np.uint8)[None])
    noise = np.rint(rng.normal(0, style.noise, (_TILE - 3, _TILE - 3, 3))).astype(np.int16)
    size = noise.shape[0]
    for rows in strips(image.shape[0]):
        offset = int(rng.integers(size))
        lines = np.take(noise, np.arange(rows.start, rows.stop) + offset, axis=0, mode="wrap")
        for start in range(0, image.shape[1], size):
            part = image[rows, start : start + size]
            part[...] = np.clip(part + lines[:, : part.shape[1]], 0, 255)
    if style.jpeg is not None:
        quality = [cv2.IMWRITE_JPEG_QUALITY, style.jpeg]
        _, packed = cv2.imencode(".jpg", image[..., ::-1], quality)
        unpacked = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR))
        image = np.ascontiguousarray(unpacked[..., ::-1])
    return image
