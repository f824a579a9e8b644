"""Training patches: random affine windows at a random scale of the model's range, with random colours.

Patch ``index`` of step ``step`` is a pure function of the configuration's seed and these two numbers. Nothing about
the order of data has to be stored, and a resumed run sees what an uninterrupted one would have seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from planimeter.train.config import Config
from planimeter.train.data import BEYOND, Picture

_SMALLEST_FACTOR = 0.25  # a finer picture would have to be read far beyond the patch
_LARGEST_FACTOR = 1.6  # enlarged further, a picture only teaches what blur looks like
_LEAST_COVERED = 0.7  # of a patch's side, by the picture
_STRETCH = 0.1  # of the logarithm of width against height
_TRIES = 3


class Patches:
    """Draws patches from pictures; sources by their share, pictures by the root of their area.

    Args:
        pictures: of the training split.
        config: shares, scales and sizes.
    """

    def __init__(self, pictures: Sequence[Picture], config: Config) -> None:
        self._config = config
        self._by_source: dict[str, list[Picture]] = {}
        for picture in pictures:
            self._by_source.setdefault(picture.source, []).append(picture)
        self._names = list(self._by_source)
        shares = np.array([self._share(name) for name in self._names])
        self._shares = shares / shares.sum()
        self._weights = {}
        for name, own in self._by_source.items():
            weights = np.sqrt([picture.image.shape[0] * picture.image.shape[1] for picture in own])
            self._weights[name] = weights / weights.sum()

    def batch(self, step: int, rank: int = 0, processes: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """A process's part of a step's batch.

        Args:
            step: number of the step.
            rank: of this process.
            processes: how many share the batch.

        Returns:
            (n, 3, size, size) float32 normalised pictures, (n, planes, size, size) int64 targets.
        """
        drawn = []
        for index, name in list(enumerate(self.sources_of(step)))[rank::processes]:
            drawn.append(self.patch(np.random.default_rng([self._config.seed, step, index]), name))
        pictures, targets = (np.stack(part) for part in zip(*drawn, strict=True))
        normal = (pictures - np.asarray(self._config.mean, np.float32)) / np.asarray(
            self._config.std, np.float32
        )
        return np.ascontiguousarray(normal.transpose(0, 3, 1, 2)), targets.astype(np.int64)

    def sources_of(self, step: int) -> list[str]:
        """The source of each of a step's patches: evenly by share, so that every step sees nearly all of them."""
        rng = np.random.default_rng([self._config.seed, step])
        places = (np.arange(self._config.batch) + rng.random()) / self._config.batch
        order = rng.permutation(len(self._names))  # else neighbours in the list would rarely meet
        borders = np.cumsum(self._shares[order])
        return [self._names[order[min(np.searchsorted(borders, at), len(order) - 1)]] for at in places]

    def patch(self, rng: np.random.Generator, name: str) -> tuple[np.ndarray, np.ndarray]:
        """One patch of a source: (size, size, 3) float32 colours of 0 to 1, (planes, size, size) uint16 target."""
        picture = self._by_source[name][rng.choice(len(self._by_source[name]), p=self._weights[name])]
        seek = self._config.sources[name].seek if name in self._config.sources else 0.0
        for tried in range(_TRIES):
            colours, target = affine_patch(picture, self._config.size, self._config.gsd_range, rng)
            if tried + 1 == _TRIES or (target[1:] == 1).any() or rng.random() >= seek:
                break
        return recoloured(colours, rng), target

    def _share(self, name: str) -> float:
        sources = self._config.sources
        return sources[name].share if name in sources else self._config.worlds.share


def affine_patch(
    picture: Picture, size: int, gsd_range: tuple[float, float], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """A turned, mirrored, stretched window of a picture, resampled to a random scale of the range.

    Args:
        picture: where it is taken from.
        size: pixels a side.
        gsd_range: metres per pixel, smallest and largest; drawn evenly in the logarithm.
        rng: decides.

    Returns:
        (size, size, 3) uint8 picture, (planes, size, size) uint16 target; unknown beyond the picture's border.
    """
    low, high = (math.log(limit) for limit in gsd_range)
    height, width = picture.image.shape[:2]
    smallest = max(_SMALLEST_FACTOR, _LEAST_COVERED * size / min(height, width))
    factor = min(max(picture.gsd / math.exp(rng.uniform(low, high)), smallest), _LARGEST_FACTOR)
    angle, stretch = rng.uniform(0, 2 * math.pi), math.exp(rng.uniform(-_STRETCH, _STRETCH))
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    linear = turn @ np.diag([factor * stretch, factor / stretch])
    if rng.random() < 0.5:
        linear = linear @ np.diag([-1, 1])
    reach = 0.7 * min(size / 2 / factor, min(height, width) / 2)  # mostly inside the picture
    centre = np.array([rng.uniform(reach, width - reach), rng.uniform(reach, height - reach)])

    around = int(size * 0.75 / factor) + 8
    x0, y0 = (max(0, int(value) - around) for value in centre)
    window = slice(y0, int(centre[1]) + around), slice(x0, int(centre[0]) + around)
    image = picture.image[window]
    if factor < 0.75:  # the same low pass that inference applies before it samples
        image = cv2.GaussianBlur(image, (0, 0), 0.45 / factor)
    matrix = np.column_stack([linear, size / 2 - linear @ (centre - (x0, y0))])
    colours = cv2.warpAffine(
        image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    labels = np.ascontiguousarray(picture.labels[window])
    labels = cv2.warpAffine(labels, matrix, (size, size), flags=cv2.INTER_NEAREST, borderValue=BEYOND)
    return colours, np.ascontiguousarray(picture.meaning[labels].transpose(2, 0, 1))


def recoloured(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Random gamma, contrast, brightness, colour cast, saturation, noise and blur.

    Args:
        image: (h, w, 3) uint8.
        rng: decides.

    Returns:
        (h, w, 3) float32 of 0 to 1.
    """
    colours = (image.astype(np.float32) / 255) ** math.exp(rng.uniform(-0.35, 0.35))
    cast = rng.uniform(-0.12, 0.12) + rng.uniform(-0.06, 0.06, 3)
    colours = (colours - 0.5) * rng.uniform(0.7, 1.35) + 0.5 + cast
    grey = colours.mean(-1, keepdims=True)
    colours = grey + (colours - grey) * rng.uniform(0.5, 1.5)
    if rng.random() < 0.2:
        colours = colours + rng.normal(0, 0.02, colours.shape)
    if rng.random() < 0.15:
        colours = cv2.GaussianBlur(colours.astype(np.float32), (0, 0), rng.uniform(0.4, 1.2))
    return np.clip(colours, 0, 1).astype(np.float32)
