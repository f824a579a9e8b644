"""Masks of one image, measured: the reference answers come from here, through ``spatial`` alone.

Nothing of the coder or of the program API is used, so a benchmark answered right is an independent check of
both.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np

from planimeter.raster.pixel_areas import area_of_mask
from planimeter.spatial import Regions, clip, label_regions, within_distance

if TYPE_CHECKING:
    from planimeter.raster import Scene
    from planimeter.segment import Segmenter

_SQUARE_METRES = 10_000  # in a hectare
_KEPT_BANDS = 12  # distance bands kept per image: (H, W) bool each


class SceneView:
    """What a segmenter sees on one scene, with the measurements that questions need, each made once.

    Args:
        scene: the image; its scale may be unknown.
        segmenter: where masks come from.

    Attributes:
        topics: what can be asked about.
        gsd: metres per pixel, or None.
        valid_pixels: how many pixels count.

    Raises:
        InputError: the masks cannot be had.
    """

    def __init__(self, scene: Scene, segmenter: Segmenter) -> None:
        self.scene = scene
        self.segmenter = segmenter
        self.topics = segmenter.topics
        self.gsd = scene.scale.gsd if scene.scale else None
        covered = segmenter.look(scene, ()).valid
        self.valid = scene.valid() if covered is None else scene.valid() & covered
        self.valid_pixels = int(np.count_nonzero(self.valid))
        scale = scene.scale
        #: m² of pixels where these differ in size; None where counts of pixels stand for areas.
        self._areas = None if scale is None or scale.by_pixels else scale.pixel_area
        self._whole = self.amount(self.valid)
        self._masks: dict[str, np.ndarray] = {}
        self._regions: dict[str, Regions] = {}
        self._bands: OrderedDict[tuple[str, float], np.ndarray] = OrderedDict()

    @property
    def extent(self) -> float:
        """Metres along the shorter side; 0 without a scale."""
        return min(self.scene.width, self.scene.height) * (self.gsd or 0.0)

    def mask(self, topic: str) -> np.ndarray:
        """(H, W) bool, True = topic, on valid pixels only."""
        if topic not in self._masks:
            self._masks[topic] = self.segmenter.look(self.scene, [topic]).masks[topic] & self.valid
        return self._masks[topic]

    def regions(self, topic: str) -> Regions:
        """The topic's 8-connected regions, with ground areas where there is a scale."""
        if topic not in self._regions:
            scale = self.scene.scale
            area = scale.pixel_area if scale else None
            self._regions[topic] = label_regions(self.mask(topic), pixel_area=area)
        return self._regions[topic]

    def near(self, topic: str, distance: float) -> np.ndarray:
        """(H, W) bool: pixels within ``distance`` metres of a topic."""
        key = (topic, distance)
        if key not in self._bands:
            scale = self.scene.scale
            assert scale is not None  # types that use distances need a scale
            self._bands[key] = within_distance(self.mask(topic), distance, *scale.sides)
            if len(self._bands) > _KEPT_BANDS:
                self._bands.popitem(last=False)
        return self._bands[key]

    def hectares(self, topic: str) -> np.ndarray:
        """(N,) float64 ground area of each region; all 0 without a scale."""
        area = self.regions(topic).area_m2
        return np.zeros(len(self.regions(topic))) if area is None else area / _SQUARE_METRES

    def amount(self, mask: np.ndarray) -> float:
        """What percentages are of: pixels of an (H, W) bool mask, or m² where pixels differ in size on the ground."""
        return float(np.count_nonzero(mask)) if self._areas is None else area_of_mask(self._areas, mask)

    def amounts(self, regions: Regions) -> np.ndarray:
        """(N,) the same of regions."""
        return regions.area_pixels if self._areas is None or regions.area_m2 is None else regions.area_m2

    def percentage(self, amount: float | np.number) -> float:
        """An amount, in the unit of ``amount``, as per cent of the valid pixels'."""
        return 100.0 * float(amount) / self._whole if self._whole else 0.0

    def share(self, topic: str) -> float:
        """Per cent of the image that a topic covers."""
        return self.percentage(self.amount(self.mask(topic)))

    def larger(self, topic: str, minimum: float) -> Regions:
        """Regions larger than ``minimum`` hectares; one of exactly that size is not."""
        return self.regions(topic).subset(np.flatnonzero(self.hectares(topic) > minimum))

    def at_least(self, topic: str, minimum: float, maximum: float = np.inf) -> Regions:
        """Regions of ``minimum`` hectares or more, and no more than ``maximum``."""
        area = self.hectares(topic)
        return self.regions(topic).subset(np.flatnonzero((area >= minimum) & (area <= maximum)))

    def clipped(self, regions: Regions, topic: str, distance: float) -> Regions:
        """The parts of regions that lie within a distance of a topic, one per region that has any."""
        return clip(regions, self.near(topic, distance))[0]


def total_hectares(regions: Regions) -> float:
    """Ground area of regions together, in hectares."""
    return 0.0 if regions.area_m2 is None else float(regions.area_m2.sum()) / _SQUARE_METRES
