"""Answers that choose among the regions which the eyes see, where those are right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from planimeter.reason.seen import MOST, Instance, Seen
from planimeter.train.prompter.samples import Sample

_MOSTLY = 0.5  # of a region that lies in the target
_ALIKE = 0.3  # intersection over union of a region and the target
_FOUND = 0.5  # of an instance that chosen regions hold: then it needs no box of its own
_CHOSEN = 8  # regions of an answer


class ChosenSamples(Sequence[Sample]):
    """Samples whose answers say which of the seen regions are meant; boxes of their own only where none is.

    Args:
        samples: whose topics are known.
        look: the regions that the eyes see in a picture, (H, W, 3) uint8.
    """

    def __init__(self, samples: Any, look: Callable[[np.ndarray], Sequence[Seen]]) -> None:
        self._samples, self._look = samples, look
        self.block = getattr(samples, "block", 1)

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        sample = self._samples[index]
        return chosen_among(sample, self._look(sample.image))


def chosen_among(sample: Sample, seen: Sequence[Seen]) -> Sample:
    """The sample with an answer in terms of what is seen.

    A region is meant if it is of the topic and lies mostly in the target, or is nearly the target.

    Args:
        sample: whose topic is known.
        seen: regions of its picture, in a frame of any size.

    Example:
        >>> from planimeter.reason.seen import instance_of
        >>> image, pond = np.zeros((64, 64, 3), np.uint8), np.zeros((64, 64), bool)
        >>> pond[4:20, 40:60] = True
        >>> asked = Sample(image, "the pond", pond, "water", (instance_of(pond),), topic="water")
        >>> part = np.zeros((32, 32), bool)
        >>> part[2:10, 20:29] = True
        >>> told = chosen_among(asked, [Seen("water", False, part, instance_of(part, "r1"))])
        >>> told.thought, told.instances[0].name, told.instances[0].box
        ('water r1', 'r1', (40.0, 4.0, 58.0, 20.0))
    """
    topic = sample.topic.removeprefix("not ")
    alike = [one.topic == topic and one.other == (topic != sample.topic) for one in seen]
    meant = np.zeros(MOST, bool)
    meant[: len(seen)] = alike
    if not sample.target.any() or not seen:
        return replace(sample, meant=meant)
    height, width = seen[0].mask.shape
    target = _reduced(sample.target, width, height)
    chosen = [one for one, fits in zip(seen, alike, strict=True) if fits and _means(one.mask, target)]
    chosen = sorted(chosen, key=lambda one: -np.count_nonzero(one.mask))[:_CHOSEN]
    chosen.sort(key=lambda one: int(one.instance.name[1:]))
    found = np.logical_or.reduce([np.zeros_like(target), *(one.mask for one in chosen)])
    across, down = sample.image.shape[1] / width, sample.image.shape[0] / height
    named = [_scaled(one.instance, across, down) for one in chosen]
    own = [one for one in sample.instances if not _covers(found, one, sample)]
    names = ", ".join(one.name for one in named)
    thought = f"{sample.thought} {names}" if names else sample.thought
    return replace(sample, thought=thought, instances=(*named, *own), meant=meant)


def _means(mask: np.ndarray, target: np.ndarray) -> bool:
    shared, own = np.count_nonzero(mask & target), np.count_nonzero(mask)
    union = own + np.count_nonzero(target) - shared
    return bool(shared >= _MOSTLY * own or shared >= _ALIKE * union)


def _covers(found: np.ndarray, one: Instance, sample: Sample) -> bool:
    """Whether an instance is held by what was chosen already, to a good part of its target in its box."""
    x0, y0, x1, y1 = (int(side) for side in one.box)
    own = np.zeros(sample.target.shape, bool)
    own[y0:y1, x0:x1] = sample.target[y0:y1, x0:x1]
    part = _reduced(own, found.shape[1], found.shape[0])
    return bool(np.count_nonzero(found & part) >= _FOUND * max(int(part.sum()), 1))


def _reduced(mask: np.ndarray, width: int, height: int) -> np.ndarray:
    whole: np.ndarray = (
        cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    )
    return whole


def _scaled(one: Instance, across: float, down: float) -> Instance:
    x0, y0, x1, y1 = one.box
    box = x0 * across, y0 * down, x1 * across, y1 * down
    return Instance(box, tuple((x * across, y * down) for x, y in one.points), one.name)
