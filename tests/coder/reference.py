"""Brute force over label masks: what the questions' answers are, without any program.

Regions are boolean masks, found by flood fill through ``scipy.ndimage.label`` with 8-connectivity; distances compare
every pixel with the nearest of the reference, found in a tree of points.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

Region = np.ndarray
"""(H, W) bool."""


class Truth:
    """Answers from masks.

    Args:
        masks: topic → (H, W) bool.
        valid: (H, W) bool, pixels that count.
        gsd: metres per pixel.
    """

    def __init__(self, masks: dict[str, np.ndarray], valid: np.ndarray, gsd: float) -> None:
        self.masks = {topic: mask & valid for topic, mask in masks.items()}
        self.valid = valid
        self.gsd = gsd
        self._regions: dict[str, list[Region]] = {}
        self._maps: dict[bytes, np.ndarray] = {}

    # --- regions

    def regions(self, topic: str) -> list[Region]:
        if topic not in self._regions:
            labels, count = ndimage.label(self.masks[topic], structure=np.ones((3, 3)))
            self._regions[topic] = [labels == k + 1 for k in range(count)]
        return self._regions[topic]

    def sized(
        self,
        topic: str,
        gt: float = -1.0,
        ge: float = -1.0,
        lt: float = np.inf,
        le: float = np.inf,
    ) -> list[Region]:
        def kept(area: float) -> bool:
            return area > gt and area >= ge and area < lt and area <= le

        return [region for region in self.regions(topic) if kept(self.px_ha(int(region.sum())))]

    def sized_px(self, topic: str, gt: int) -> list[Region]:
        return [region for region in self.regions(topic) if region.sum() > gt]

    def ranked_mask(self, regions: Sequence[Region], rank: int) -> Region:
        return sorted(regions, key=lambda region: -int(region.sum()))[rank - 1]

    def top(self, regions: Sequence[Region], count: int) -> list[Region]:
        return sorted(regions, key=lambda region: -int(region.sum()))[:count]

    def largest(self, regions: Sequence[Region]) -> list[Region]:
        return self.top(regions, 1)

    def ranked(self, regions: Sequence[Region], rank: int) -> list[Region]:
        return [self.ranked_mask(regions, rank)]

    def smallest(self, regions: Sequence[Region]) -> list[Region]:
        return sorted(regions, key=lambda region: int(region.sum()))[:1]

    # --- areas

    def px(self, topic: str) -> int:
        return int(self.masks[topic].sum())

    def union_px(self, *topics: str) -> int:
        return int(np.logical_or.reduce([self.masks[topic] for topic in topics]).sum())

    def px_ha(self, pixels: float) -> float:
        return pixels * self.gsd * self.gsd / 10_000

    def ha(self, regions: Iterable[Region]) -> float:
        return self.px_ha(sum(int(region.sum()) for region in regions))

    def image_ha(self) -> float:
        return self.px_ha(int(self.valid.sum()))

    def percent(self, part: float | Sequence[Region]) -> float:
        pixels = part if isinstance(part, (int, float)) else sum(int(region.sum()) for region in part)
        return 100 * pixels / int(self.valid.sum())

    def share(self, part: float, whole: float) -> float:
        """Percent; of nothing it is 0."""
        return 100 * part / whole if whole else 0.0

    def mean_ha(self, regions: Sequence[Region]) -> float:
        return self.ha(regions) / len(regions)

    def median_ha(self, regions: Sequence[Region]) -> float:
        return float(np.median([self.px_ha(int(region.sum())) for region in regions]))

    # --- distances

    def _mask(self, what: str | Sequence[str] | Sequence[Region]) -> np.ndarray:
        if isinstance(what, str):
            return self.masks[what]
        parts = [self.masks[item] if isinstance(item, str) else item for item in what]
        return np.logical_or.reduce(parts) if parts else np.zeros_like(self.valid)

    def distance_map(self, reference: str | Sequence[str] | Sequence[Region]) -> np.ndarray:
        """Metres from every pixel's centre to the nearest pixel centre of the reference."""
        mask = self._mask(reference)
        points = np.argwhere(mask)
        if not len(points):
            return np.full(self.valid.shape, np.inf)
        key = mask.tobytes()
        if key not in self._maps:
            everywhere = np.argwhere(np.ones_like(self.valid))
            distances, _ = cKDTree(points).query(everywhere)
            # Squared pixel distances are whole numbers: rounding them makes "at most D" exact.
            self._maps[key] = np.sqrt(np.round(distances**2)).reshape(self.valid.shape) * self.gsd
        return self._maps[key]

    def near_px(self, target: str | Sequence[Region], reference: str, metres: float) -> int:
        return int((self._mask(target) & (self.distance_map(reference) <= metres)).sum())

    def ring_px(self, target: str, reference: str, low: float, high: float) -> int:
        away = self.distance_map(reference)
        return int((self.masks[target] & (away >= low) & (away <= high)).sum())

    def distances(
        self, regions: Sequence[Region], reference: str | Sequence[str] | Sequence[Region]
    ) -> list[float]:
        away = self.distance_map(reference)
        return [float(away[region].min()) for region in regions]

    def near(
        self,
        regions: Sequence[Region],
        reference: str | Sequence[str] | Sequence[Region],
        metres: float,
        strict: bool = False,
    ) -> list[Region]:
        away = self.distances(regions, reference)
        return [r for r, d in zip(regions, away, strict=True) if (d < metres if strict else d <= metres)]

    def far(self, regions: Sequence[Region], reference: str, metres: float) -> list[Region]:
        return [r for r, d in zip(regions, self.distances(regions, reference), strict=True) if d > metres]

    def touching(self, regions: Sequence[Region], reference: str) -> list[Region]:
        grown = ndimage.binary_dilation(self.masks[reference], structure=np.ones((3, 3)))
        return [region for region in regions if (region & grown).any()]

    def overlapping(self, regions: Sequence[Region], reference: str) -> list[Region]:
        return [region for region in regions if (region & self.masks[reference]).any()]

    def perimeter(self, regions: Sequence[Region]) -> float:
        total = 0
        for region in regions:
            padded = np.pad(region, 1)
            total += int((padded[1:] != padded[:-1]).sum()) + int((padded[:, 1:] != padded[:, :-1]).sum())
        return total * self.gsd
