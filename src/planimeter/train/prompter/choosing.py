"""Answers that choose among the regions which the eyes see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from planimeter.reason.seen import Instance, SeenRegion
from planimeter.train.prompter.samples import Sample

_MOSTLY = 0.5  # of a region that lies in the target
_ALIKE = 0.3  # intersection over union of a region and the target
_SOME = 0.1  # likewise, of the best region where none is meant by these
_CHOSEN = 8  # regions of an answer


class ChosenSamples(Sequence[Sample]):
    """Samples whose answers say which of the seen regions are meant.

    Where none is, the answer teaches nothing (``Sample.teaches``): a box from nowhere cannot be learnt.

    Args:
        samples: whose topics are known.
        look: the regions that the eyes see in a picture, (H, W, 3) uint8.
    """

    def __init__(self, samples: Any, look: Callable[[np.ndarray], Sequence[SeenRegion]]) -> None:
        self._samples, self._look = samples, look
        self.block = getattr(samples, "block", 1)

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        sample = self._samples[index]
        return chosen_among(sample, self.seen_in(sample))

    def seen_in(self, sample: Sample) -> Sequence[SeenRegion]:
        """The regions that the eyes see in a sample's picture."""
        return self._look(sample.image)


def chosen_among(sample: Sample, seen: Sequence[SeenRegion]) -> Sample:
    """The sample with an answer in terms of what is seen.

    A region is meant if it is of the topic and lies mostly in the target, or is nearly the target; else the one that
    comes nearest to it.

    Args:
        sample: one whose topic is not known stays as it is.
        seen: regions of its picture, in a frame of any size.

    Example:
        >>> from planimeter.reason.seen import instance_of
        >>> image, pond = np.zeros((64, 64, 3), np.uint8), np.zeros((64, 64), bool)
        >>> pond[4:20, 40:60] = True
        >>> asked = Sample(image, "the pond", pond, "water", (instance_of(pond),), topic="water")
        >>> part = np.zeros((32, 32), bool)
        >>> part[2:10, 20:29] = True
        >>> told = chosen_among(asked, [SeenRegion("water", False, part, instance_of(part, "water r1"))])
        >>> told.thought, told.told[0].name, told.told[0].box
        ('water', 'water r1', (40.0, 4.0, 58.0, 20.0))
    """
    if not sample.topic:
        return sample
    topic = sample.topic.removeprefix("not ")
    meant = np.zeros(len(seen), bool)
    if not sample.target.any() or not seen:
        return replace(sample, told=(), meant=meant)
    height, width = seen[0].mask.shape
    target = _reduced(sample.target, width, height)
    overlaps = {
        place: _overlap(one.mask, target)
        for place, one in enumerate(seen)
        if one.topic == topic and one.other == (topic != sample.topic)
    }
    chosen = [place for place, (inside, iou) in overlaps.items() if inside >= _MOSTLY or iou >= _ALIKE]
    if not chosen and max((iou for _, iou in overlaps.values()), default=0) >= _SOME:
        chosen = [max(overlaps, key=lambda place: overlaps[place][1])]
    chosen.sort(key=lambda place: -np.count_nonzero(seen[place].mask))
    meant[chosen[:_CHOSEN]] = True
    told = tuple(_in_picture(seen[place], sample.image.shape) for place in np.flatnonzero(meant).tolist())
    return replace(sample, told=told, meant=meant)


def _overlap(mask: np.ndarray, target: np.ndarray) -> tuple[float, float]:
    """How much of a region lies in the target, and their intersection over union."""
    shared, own = np.count_nonzero(mask & target), np.count_nonzero(mask)
    return shared / own, shared / (own + np.count_nonzero(target) - shared)


def _reduced(mask: np.ndarray, width: int, height: int) -> np.ndarray:
    whole: np.ndarray = (
        cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    )
    return whole


def _in_picture(seen: SeenRegion, shape: tuple[int, ...]) -> Instance:
    """A region's instance in the frame of a picture of (height, width, …)."""
    one, across, down = seen.instance, shape[1] / seen.mask.shape[1], shape[0] / seen.mask.shape[0]
    x0, y0, x1, y1 = one.box
    box = x0 * across, y0 * down, x1 * across, y1 * down
    return Instance(box, tuple((x * across, y * down) for x, y in one.points), one.name)
