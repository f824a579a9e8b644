"""Published data sets of referring and reasoning segmentation as samples to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from planimeter.errors import UsageError
from planimeter.reason.data import ReferringSample, find_samples
from planimeter.reason.seen import instance_of
from planimeter.spatial import label_regions
from planimeter.train.prompter.samples import Sample

_CELLS = 4  # a side, in which places are told in words
_MOST, _LEAST = 10, 0.001  # instances of an answer; share of the target below which a region is left out
_HELD = 5  # where a data set has no splits, every fifth picture is held out


class ReferringSamples(Sequence[Sample]):
    """Samples read when they are asked for; answers are derived from the regions of the target.

    Args:
        found: phrases about pictures.
        side: pixels a side to which pictures and targets are resized; None leaves them.
    """

    def __init__(self, found: Sequence[ReferringSample], side: int | None = None) -> None:
        self._found, self._side = found, side

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        one = self._found[index]
        image, target = one.load()
        if self._side is not None and image.shape[:2] != (self._side, self._side):
            size = self._side, self._side
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
            target = cv2.resize(target.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
        return sample_of(image, one.phrase, target)


def sample_of(image: np.ndarray, phrase: str, target: np.ndarray) -> Sample:
    """A sample whose answer is derived from a mask: a box and two points for each of its larger regions.

    Args:
        image: (H, W, 3) uint8.
        phrase: what is asked for.
        target: (H, W) bool.

    Example:
        >>> target = np.zeros((40, 40), bool)
        >>> target[2:8, 3:9] = target[30:38, 22:30] = True
        >>> sample = sample_of(np.zeros((40, 40, 3), np.uint8), "the sheds", target)
        >>> sample.thought, [instance.box for instance in sample.instances]
        ('2 found: c4, a1', [(22, 30, 30, 38), (3, 2, 9, 8)])
    """
    regions = label_regions(target)
    order = np.argsort(-regions.area_pixels, kind="stable")[:_MOST]
    kept = [int(one) for one in order if regions.area_pixels[one] >= _LEAST * target.sum()]
    instances = tuple(instance_of(regions.mask([one])) for one in kept)
    height, width = target.shape
    cells = []
    for instance in instances:
        x0, y0, x1, y1 = instance.box
        column, row = int((x0 + x1) * _CELLS / (2 * width)), int((y0 + y1) * _CELLS / (2 * height))
        cells.append(f"{chr(ord('a') + column)}{row + 1}")
    thought = f"{len(cells)} found: {', '.join(cells)}" if cells else "none found"
    return Sample(image, phrase, target, thought, instances)


def referring_samples(
    name: str, folder: str | None, split: str, side: int | None, most: int | None
) -> ReferringSamples:
    """The samples of one side of a data set's split.

    Args:
        name: as ``planimeter.reason.data.find_samples`` knows it, with the folder behind a colon or apart.
        folder: of the data set, where ``name`` does not hold it.
        split: "train" or "held_out" (the data set's validation; every fifth picture where it has none).
        side: pixels a side to which pictures and targets are resized; None leaves them.
        most: samples, evenly chosen; None for all.

    Raises:
        InputError: the data set cannot be read.
        UsageError: its folder is not known.
    """
    if ":" not in name and folder is None:
        raise UsageError(f"The folder of {name} is not known: give --data DIR, or `data.folder`.")
    whole = name if ":" in name else f"{name}:{folder}"
    if name.split(":")[0] in ("worlds", "folder"):
        everything = find_samples(whole)
        pictures = sorted({one.image_name for one in everything})
        held = set(pictures[_HELD - 1 :: _HELD])
        found = [one for one in everything if (one.image_name in held) == (split == "held_out")]
    else:
        found = find_samples(whole, "train" if split == "train" else "val")
    if most is not None and len(found) > most:
        found = [found[index] for index in np.linspace(0, len(found) - 1, most).astype(int)]
    return ReferringSamples(found, side)
