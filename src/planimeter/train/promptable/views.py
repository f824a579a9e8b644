"""Pictures cut into views, and the regions in them that prompts can mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from planimeter.train.data import Picture
from planimeter.train.promptable.config import PromptableConfig
from planimeter.train.prompter.scenes import ShapeScene, make_scene

VIEW = 448  # pixels a side of a view, at most; larger parts of a picture are reduced to it
_SMALLEST_VIEW = 192  # pixels of the picture
_LEAST, _MOST = 24, 0.6  # pixels, and share of the view, that a region may have
_SHAPE_SEEDS = 1_000_000  # training scenes of shapes start here; held-out scenes are below


@dataclass(frozen=True)
class Region:
    """Something a prompt can mean: pixels ``planes[plane] == value`` inside ``box``."""

    plane: int
    value: int
    box: tuple[int, int, int, int]
    area: int


@dataclass(frozen=True)
class View:
    """A square of a picture with its regions.

    Attributes:
        source: name of its data set.
        image: (H, W, 3) uint8.
        planes: (H, W) int32 numbered regions, one plane per kind of label.
        regions: of all planes.
        closed: nothing else of this kind is in the view, so that a prompt elsewhere means nothing.
    """

    source: str
    image: np.ndarray
    planes: tuple[np.ndarray, ...]
    regions: tuple[Region, ...]
    closed: bool = False

    def mask(self, region: Region) -> np.ndarray:
        """(H, W) bool."""
        mask: np.ndarray = self.planes[region.plane] == region.value
        return mask


class Views:
    """Draws views of pictures; sources by their share, each of a source's pictures equally often.

    Args:
        pictures: of one side of the split.
        config: shares and sizes.
    """

    def __init__(self, pictures: Sequence[Picture], config: PromptableConfig) -> None:
        self._config = config
        self._by_source: dict[str, list[Picture]] = {}
        for picture in pictures:
            self._by_source.setdefault(picture.source, []).append(picture)
        self._names = list(self._by_source)
        shares = np.array([self._share(name) for name in self._names])
        self._shares = shares / shares.sum() if len(shares) else shares

    def draw(self, rng: np.random.Generator, shapes: bool = False) -> View:
        """One view that has a region; ``shapes`` for a scene of coloured shapes."""
        if shapes:
            return shape_view(make_scene(_SHAPE_SEEDS + int(rng.integers(2**31))), rng)
        while True:
            picture = self.pick(rng)
            image, target = cut_view(picture, rng)
            planes, regions = regions_of(target)
            if regions:
                return View(picture.source, image, planes, regions, closed=picture.source == "worlds")

    def pick(self, rng: np.random.Generator) -> Picture:
        """A picture of a source."""
        name = self._names[rng.choice(len(self._names), p=self._shares)]
        own = self._by_source[name]
        return own[int(rng.integers(len(own)))]

    def _share(self, name: str) -> float:
        sources = self._config.pictures.sources
        return sources[name].share if name in sources else self._config.pictures.worlds.share


def cut_view(
    picture: Picture, rng: np.random.Generator, recolour: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """A square of a picture, turned, mirrored and, if wanted, recoloured.

    Args:
        picture: labelled.
        rng: decides.
        recolour: change its colours a little.

    Returns:
        (S, S, 3) uint8; (S, S, planes) what its labels say; S at most ``VIEW``.
    """
    height, width = picture.image.shape[:2]
    largest = min(height, width)
    smallest = min(_SMALLEST_VIEW, largest)
    side = round(math.exp(rng.uniform(math.log(smallest), math.log(largest))))
    y, x = int(rng.integers(height - side + 1)), int(rng.integers(width - side + 1))
    image = picture.image[y : y + side, x : x + side]
    target = picture.target_in((slice(y, y + side), slice(x, x + side)))
    if side > VIEW:
        image = cv2.resize(image, (VIEW, VIEW), interpolation=cv2.INTER_AREA)
        target = cv2.resize(target, (VIEW, VIEW), interpolation=cv2.INTER_NEAREST)
    turns, mirrored = int(rng.integers(4)), rng.random() < 0.5
    image, target = (np.rot90(part, turns) for part in (image, target))
    if mirrored:
        image, target = image[:, ::-1], target[:, ::-1]
    image = np.ascontiguousarray(image)
    return recoloured(image, rng) if recolour else image, np.ascontiguousarray(target)


def regions_of(target: np.ndarray) -> tuple[tuple[np.ndarray, ...], tuple[Region, ...]]:
    """The 8-connected regions of every land class and object in a target.

    Args:
        target: (H, W, planes) uint8, as ``planimeter.train.data`` makes it.

    Returns:
        numbered planes and their regions of a reasonable size.
    """
    most = _MOST * target.shape[0] * target.shape[1]
    planes: list[np.ndarray] = []
    regions: list[Region] = []
    masks = [target[..., 0] == code for code in np.unique(target[..., 0]) if code]
    masks += [target[..., plane] == 1 for plane in range(1, target.shape[-1])]
    for mask in masks:
        if not mask.any():
            continue
        _, numbered, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
        for value in range(1, len(stats)):
            x, y, width, height, area = (int(number) for number in stats[value])
            if _LEAST <= area <= most and min(width, height) >= 4:
                regions.append(Region(len(planes), value, (x, y, x + width, y + height), area))
        planes.append(numbered)
    return tuple(planes), tuple(regions)


def shape_view(scene: ShapeScene, rng: np.random.Generator | None = None) -> View:
    """A scene of coloured shapes as a view, recoloured if ``rng`` is given."""
    numbered = np.zeros(scene.image.shape[:2], np.int32)
    regions = []
    for value, shape in enumerate(scene.shapes, 1):
        numbered[shape.mask] = value
        regions.append(Region(0, value, shape.box, int(shape.mask.sum())))
    image = scene.image if rng is None else recoloured(scene.image, rng)
    return View("shapes", image, (numbered,), tuple(regions), closed=True)


def recoloured(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Random gamma, contrast, brightness, colour cast and saturation, by one table per colour.

    Args:
        image: (h, w, 3) uint8.
        rng: decides.

    Returns:
        (h, w, 3) uint8.
    """
    levels = np.linspace(0, 1, 256) ** math.exp(rng.uniform(-0.35, 0.35))
    levels = (levels - 0.5) * rng.uniform(0.7, 1.35) + 0.5 + rng.uniform(-0.12, 0.12)
    cast = rng.uniform(-0.06, 0.06, 3)
    table = np.clip((levels[:, None] + cast) * 255, 0, 255).astype(np.uint8)
    changed = cv2.LUT(image, table[None])
    grey = cv2.cvtColor(cv2.cvtColor(changed, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    saturation = rng.uniform(0.6, 1.5)
    mixed: np.ndarray = cv2.addWeighted(changed, saturation, grey, 1 - saturation, 0)
    return mixed
