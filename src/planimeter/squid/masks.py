"""Where masks come from when a benchmark runs: a setting, and the images it opens."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from planimeter.errors import LabelError, NotMeasurable
from planimeter.raster import Scene, open_scene
from planimeter.segment import LabelSegmenter, Segmenter, StackSegmenter, find_segmenter
from planimeter.segment.base import require_topics
from planimeter.squid.published import DataSet

ORACLE = "oracle"
_KEPT_IMAGES = 4  # scenes; what was seen of them is forgotten with them


@dataclass(frozen=True)
class MaskSetting:
    """Which masks a run sees.

    Attributes:
        segmenter: "oracle" for the data set's own labels, "default", a name, or a server's address.
        noise: how masks are degraded, as ``planimeter.segment.noise`` reads it ("0.2",
            "drops=0.1,seed=3"); empty for not at all.
    """

    segmenter: str = ORACLE
    noise: str = ""

    def __str__(self) -> str:
        return f"{self.segmenter} + noise {self.noise}" if self.noise else self.segmenter


class Images:
    """A data set's images, opened; keeps the few used last, with what was seen on them, so go through it by image.

    Safe to use from several threads.

    Args:
        data: the data set.
        setting: where masks come from.
    """

    def __init__(self, data: DataSet, setting: MaskSetting) -> None:
        self.data = data
        self.setting = setting
        self._shared: Segmenter | None = None
        self._kept: OrderedDict[tuple[str, float | None], tuple[Scene, StackSegmenter]] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, image: str, gsd: float | None) -> tuple[Scene, StackSegmenter]:
        """An image as a scene of the stated scale, and what sees it.

        Raises:
            InputError: the image, its labels or the model cannot be had.
        """
        with self._lock:
            key = (image, gsd)
            if key not in self._kept:
                scene = open_scene(self.data.image_path(image), gsd=gsd)
                self._kept[key] = scene, find_segmenter(self._segmenter(image))
                while len(self._kept) > _KEPT_IMAGES:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def check(self) -> None:
        """Load what all images share, so that a missing model ends a run before it begins.

        Raises:
            InputError: there is no such segmenter, or its model is missing.
            UsageError: the noise is not written as it must be.
        """
        if self.setting.noise:
            from planimeter.segment.noise import NoiseSpec

            NoiseSpec.parse(self.setting.noise)
        if self.setting.segmenter != ORACLE:
            with self._lock:
                self._segmenter("")

    def _segmenter(self, image: str) -> Segmenter:
        if self.setting.segmenter == ORACLE:
            truth = self.data.truth.get(image)
            if truth is None:
                raise LabelError(
                    f"The data set has no labels of {image}: generate it with labels, or choose another "
                    "--segmenter."
                )
            source: Segmenter = LabelSegmenter(truth.labels, truth.legend)
        else:
            if self._shared is None:
                name = None if self.setting.segmenter == "default" else self.setting.segmenter
                self._shared = find_segmenter(name)
            source = self._shared
        if not self.setting.noise:
            return source
        from planimeter.segment.noise import noisy_from

        return noisy_from(self.setting.noise, source)


def lacks(segmenter: Segmenter, topics: Sequence[str]) -> NotMeasurable | None:
    """The refusal for topics that a segmenter does not offer, or None when it has them all."""
    try:
        require_topics(topics, segmenter.topics, segmenter.name)
    except NotMeasurable as refusal:
        return refusal
    return None
