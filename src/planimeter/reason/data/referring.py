"""Referring samples from any labelled picture: phrases whose targets are computed exactly from the labels.

"the largest water region", "the building nearest to the water", "the northernmost forest region", "all buildings within
20 m of water": a phrase is only made where it means one thing by a clear margin, so that a target is never a matter of
a pixel. Some phrases ask for a topic that is not there; their target is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from planimeter.reason.data.sample import INSTANCE, SEMANTIC, ReferringSample
from planimeter.spatial import Regions, label_regions, region_distances
from planimeter.vocabulary.topics import TOPICS, topic_of

SMALLEST = 30  # pixels of a region that is spoken of
MARGIN = 1.25  # a superlative wins by this factor
CLEAR = 4.0  # pixels by which the nearest or outermost one wins
WITHIN = (10.0, 20.0, 50.0)  # metres


@dataclass(frozen=True)
class Referred:
    """A phrase and what it means.

    Attributes:
        phrase: what is to be found.
        level: "semantic" or "instance".
        target: (H, W) bool.
    """

    phrase: str
    level: str
    target: np.ndarray


def referring_phrases(masks: Mapping[str, np.ndarray], gsd: float | None) -> list[Referred]:
    """Every phrase that these masks give a clear meaning.

    Args:
        masks: topic → (H, W) bool; a topic that is not in it is not asked for.
        gsd: metres per pixel; None leaves out phrases with metres.

    Example:
        >>> pond = np.zeros((20, 20), bool)
        >>> pond[2:10, 3:12] = True
        >>> [each.phrase for each in referring_phrases({"water": pond, "solar": ~pond & False}, None)]
        ['all water', 'the water region', 'all solar panels']
    """
    regions = {
        topic: label_regions(mask, min_area_pixels=SMALLEST) for topic, mask in masks.items() if mask.any()
    }
    found: list[Referred] = []
    for topic, mask in masks.items():
        found.append(Referred(f"all {topic_of(topic).mass}", SEMANTIC, mask))
        if topic in regions:
            # Specks too small to speak of could be meant by anything but the largest.
            specks = int(regions[topic].area_pixels.sum()) != int(np.count_nonzero(mask))
            singles = _single(topic, regions[topic])
            found += [each for each in singles if not specks or "largest" in each.phrase]
            found += [] if specks else _beside(topic, regions[topic], masks, gsd)
    return found


def _single(topic: str, regions: Regions) -> Iterator[Referred]:
    """Phrases about one region, or two, that size or place tells apart."""
    name = topic_of(topic).one
    if len(regions) == 1:
        yield Referred(f"the {name}", INSTANCE, regions.mask())
    if len(regions) < 2:
        return
    by_area = np.argsort(regions.area_pixels)
    areas = regions.area_pixels[by_area]
    if areas[-1] >= MARGIN * areas[-2]:
        yield Referred(f"the largest {name}", INSTANCE, regions.mask([int(by_area[-1])]))
    if len(regions) > 2 and areas[-2] >= MARGIN * areas[-3]:
        pair = [int(index) for index in by_area[-2:]]
        yield Referred(f"the two largest {topic_of(topic).many}", INSTANCE, regions.mask(pair))
    if areas[1] >= MARGIN * areas[0]:
        yield Referred(f"the smallest {name}", INSTANCE, regions.mask([int(by_area[0])]))
    for word, axis, sign in (
        ("topmost", 1, 1),
        ("bottommost", 1, -1),
        ("leftmost", 0, 1),
        ("rightmost", 0, -1),
    ):
        place = sign * regions.centroid[:, axis]
        order = np.argsort(place)
        if place[order[1]] - place[order[0]] >= CLEAR:
            yield Referred(f"the {word} {name}", INSTANCE, regions.mask([int(order[0])]))


def _beside(
    topic: str, regions: Regions, masks: Mapping[str, np.ndarray], gsd: float | None
) -> Iterator[Referred]:
    """Phrases that tell regions apart by their distance to another topic."""
    for other, mask in masks.items():
        if other == topic or not mask.any() or (mask & regions.mask()).any():
            continue
        pixels = region_distances(regions, mask, 1.0, 1.0)
        order = np.argsort(pixels)
        if len(regions) > 1 and pixels[order[1]] - pixels[order[0]] >= CLEAR:
            phrase = f"the {topic_of(topic).one} nearest to the {topic_of(other).mass}"
            yield Referred(phrase, INSTANCE, regions.mask([int(order[0])]))
        if gsd is None or len(regions) < 3:
            continue
        for metres in WITHIN:
            near = pixels * gsd <= metres
            doubtful = np.abs(pixels - metres / gsd) < CLEAR / 2
            if 0 < near.sum() < len(regions) and not doubtful.any():
                phrase = f"all {topic_of(topic).many} within {metres:g} m of the {topic_of(other).mass}"
                yield Referred(phrase, SEMANTIC, regions.mask(np.flatnonzero(near).tolist()))
                break


def world_samples(
    count: int, first_seed: int = 0, size: int = 256, per_world: int = 6
) -> list[ReferringSample]:
    """Referring samples about synthetic worlds.

    Args:
        count: worlds.
        first_seed: of the first world.
        size: pixels a side.
        per_world: most phrases about one world, drawn by its seed.

    Example:
        >>> sample = world_samples(1, size=96)[0]
        >>> image, target = sample.load()
        >>> image.shape[:2] == target.shape
        True
    """
    samples = []
    for seed in range(first_seed, first_seed + count):
        for number, referred in enumerate(_drawn(seed, size, per_world)):
            samples.append(
                ReferringSample(
                    id=f"world/{seed}/{size}/{number}",
                    dataset="worlds",
                    level=referred.level,
                    image_name=f"world-{seed}",
                    phrase=referred.phrase,
                    read_image=_WorldImage(seed, size),
                    read_target=_Kept(referred.target),
                )
            )
    return samples


def _drawn(seed: int, size: int, most: int) -> list[Referred]:
    from planimeter.worlds import make_world

    world = make_world(seed, size=size)
    masks = {
        topic: np.isin(world.labels, values) for topic, values in world.legend.items() if topic in TOPICS
    }
    found = referring_phrases(masks, world.gsd)
    order = np.random.default_rng(seed).permutation(len(found))[:most]
    return [found[index] for index in sorted(order)]


@dataclass(frozen=True)
class _WorldImage:
    seed: int
    size: int

    def __call__(self) -> np.ndarray:
        from planimeter.worlds import make_world

        return make_world(self.seed, size=self.size).image


class _Kept:
    """A target in one bit per pixel."""

    def __init__(self, target: np.ndarray) -> None:
        self._bits, self._shape = np.packbits(target), target.shape

    def __call__(self) -> np.ndarray:
        count = self._shape[0] * self._shape[1]
        return np.unpackbits(self._bits, count=count).reshape(self._shape).astype(bool)
