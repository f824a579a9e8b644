"""Scenes of coloured shapes: small enough that a prompter learns to point at things within minutes.

Scene ``seed`` is always the same, so data sets are ranges of seeds and nothing has to be stored.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

SIDE = 64  # pixels a side
CELLS = 4  # cells a side, in which places are told in words
COLOURS = {
    "red": (210, 50, 45),
    "green": (60, 170, 70),
    "blue": (55, 80, 205),
    "yellow": (225, 205, 60),
    "cyan": (70, 200, 205),
    "magenta": (200, 70, 190),
    "white": (235, 235, 235),
    "black": (25, 25, 25),
}
KINDS = ("disc", "square", "triangle")
_MOST_SHAPES = 4
_SIDES = (10, 24)  # pixels, smallest and largest
_GAP = 2  # pixels between shapes
_TRIES = 40


@dataclass(frozen=True)
class Shape:
    """One shape of a scene.

    Attributes:
        colour: a key of ``COLOURS``; no two shapes of a scene share it.
        kind: one of ``KINDS``.
        mask: (SIDE, SIDE) bool.
    """

    colour: str
    kind: str
    mask: np.ndarray

    @property
    def box(self) -> tuple[int, int, int, int]:
        """x0, y0, x1, y1 in pixels, half-open."""
        rows, columns = np.flatnonzero(self.mask.any(1)), np.flatnonzero(self.mask.any(0))
        return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1

    @property
    def cell(self) -> tuple[int, int]:
        """Column and row, from 0, of the cell that holds the centre of the box."""
        x0, y0, x1, y1 = self.box
        return (x0 + x1) * CELLS // (2 * SIDE), (y0 + y1) * CELLS // (2 * SIDE)


@dataclass(frozen=True)
class ShapeScene:
    """A picture of coloured shapes.

    Attributes:
        image: (SIDE, SIDE, 3) uint8.
        shapes: in reading order of their cells.
        seed: what it was made from.
    """

    image: np.ndarray
    shapes: tuple[Shape, ...]
    seed: int

    def shape(self, colour: str) -> Shape | None:
        """The shape of a colour, or None."""
        return next((shape for shape in self.shapes if shape.colour == colour), None)


def make_scene(seed: int) -> ShapeScene:
    """One to four shapes of different colours on an uneven ground.

    Example:
        >>> scene = make_scene(1)
        >>> scene.image.shape, len({shape.colour for shape in scene.shapes}) == len(scene.shapes)
        ((64, 64, 3), True)
    """
    rng = np.random.default_rng([seed, 6464])
    image = _ground(rng)
    taken = np.zeros((SIDE, SIDE), np.uint8)
    colours = rng.permutation(list(COLOURS))[: rng.integers(1, _MOST_SHAPES + 1)]
    shapes = []
    for colour in colours:
        for _ in range(_TRIES):
            kind = KINDS[rng.integers(len(KINDS))]
            mask = _drawn(kind, rng)
            grown = cv2.dilate(mask, np.ones((2 * _GAP + 1, 2 * _GAP + 1), np.uint8))
            if not (grown & taken).any():
                break
        else:
            continue
        taken |= mask
        paint = np.asarray(COLOURS[colour]) * rng.uniform(0.85, 1.1) + rng.normal(0, 6, 3)
        image[mask > 0] = np.clip(paint, 0, 255)
        shapes.append(Shape(str(colour), kind, mask > 0))
    image = np.clip(image + rng.normal(0, 4, image.shape), 0, 255).astype(np.uint8)
    shapes.sort(key=lambda shape: shape.cell[::-1])
    return ShapeScene(image, tuple(shapes), seed)


def _ground(rng: np.random.Generator) -> np.ndarray:
    """An uneven grey-brown ground, (SIDE, SIDE, 3) float."""
    base = np.array([125.0, 115.0, 100.0]) + rng.normal(0, 8, 3)
    coarse = rng.normal(0, 9, (6, 6, 1)).repeat(3, -1)
    return base + cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


def _drawn(kind: str, rng: np.random.Generator) -> np.ndarray:
    """(SIDE, SIDE) uint8 with one shape somewhere."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    width = int(rng.integers(_SIDES[0], _SIDES[1] + 1))
    height = int(np.clip(round(width * rng.uniform(0.7, 1.4)), *_SIDES))
    x, y = int(rng.integers(1, SIDE - width)), int(rng.integers(1, SIDE - height))
    if kind == "square":
        mask[y : y + height, x : x + width] = 1
    elif kind == "disc":
        cv2.ellipse(mask, ((x + width / 2, y + height / 2), (width - 1, height - 1), 0), 1, -1)
    else:
        corners = [[x, y + height - 1], [x + width - 1, y + height - 1], [x + width // 2, y]]
        cv2.fillPoly(mask, [np.array(corners, np.int32)], 1)
    return mask
