"""Errors that come region by region: dropped, split in two, merged with a neighbour."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from planimeter.segment.noise.fields import generator
from planimeter.segment.noise.layers import NoisyLayer

_SPLIT_LEAST_PIXELS = 100
_GAP = 3
_REACH = 24


class _Region:
    """One 8-connected region of a topic, with its crop of the scene."""

    def __init__(self, components: np.ndarray, index: int, stats: np.ndarray) -> None:
        x, y, width, height, self.area = (int(value) for value in stats)
        self.window = (slice(y, y + height), slice(x, x + width))
        self.index = index
        self._components = components

    @property
    def mask(self) -> np.ndarray:
        """(h, w) bool within ``window``."""
        return self._components[self.window] == self.index

    def padded(self, pixels: int) -> tuple[slice, slice]:
        """The window, wider by some pixels on each side where the scene goes on."""
        height, width = self._components.shape
        rows, columns = self.window
        return (
            slice(max(0, rows.start - pixels), min(height, rows.stop + pixels)),
            slice(max(0, columns.start - pixels), min(width, columns.stop + pixels)),
        )


def drop(layer: NoisyLayer, label: int, amount: float, *key: object) -> None:
    """Lose each clean region with probability ``amount``, together at most that share of the pixels."""
    budget = amount * np.count_nonzero(layer.clean == label)
    for region, _ in _chosen(layer.clean == label, amount, "drops", *key):
        if region.area <= budget:
            budget -= region.area
            view = layer.labels[region.window]
            view[region.mask & (view == label)] = 0


def split(layer: NoisyLayer, label: int, amount: float, *key: object) -> None:
    """Cut regions in two across their long axis, through the middle."""
    now = layer.labels == label
    budget = amount / 4 * np.count_nonzero(layer.clean == label)
    for region, _ in _chosen(now, amount, "splits", *key):
        if region.area < _SPLIT_LEAST_PIXELS:
            continue
        mask = region.mask
        gap = mask & _across(mask)
        size = np.count_nonzero(gap)
        pieces = cv2.connectedComponents((mask & ~gap).astype(np.uint8), connectivity=8)[0] - 1
        if size <= budget and pieces > 1:
            budget -= size
            layer.labels[region.window][gap] = 0


def merge(layer: NoisyLayer, label: int, amount: float, room: np.ndarray, *key: object) -> None:
    """Build a bridge from a region to the nearest other region of its topic.

    Args:
        layer: of the topic.
        label: the topic's.
        amount: probability that a region is joined.
        room: (K + 1,) pixels that each label may still lose to others' bridges; what is built is taken off.
        key: of chance.
    """
    now = layer.labels == label
    budget = amount / 4 * np.count_nonzero(layer.clean == label)
    for region, components in _chosen(now, amount, "merges", *key):
        window = region.padded(_REACH)
        crop = components[window]
        own, other = crop == region.index, (crop != 0) & (crop != region.index)
        bridge = _bridge(own, other)
        if bridge is None:
            continue
        view = layer.labels[window]
        bridge &= view != label
        size = np.count_nonzero(bridge)
        taken = np.bincount(view[bridge], minlength=len(room))
        if size <= budget and (taken <= room).all():
            budget -= size
            room -= taken
            view[bridge] = label


def _chosen(mask: np.ndarray, amount: float, *key: object) -> Iterator[tuple[_Region, np.ndarray]]:
    """Regions picked with probability ``amount``; those of a lower amount are among those of a higher one."""
    count, components, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    draws = generator(*key).random(max(0, count - 1))
    for index in np.argsort(draws, kind="stable"):
        if draws[index] >= amount:
            return
        yield _Region(components, int(index) + 1, stats[index + 1]), components


def _across(mask: np.ndarray) -> np.ndarray:
    """The line through a region's centroid, across its longest axis, ``_GAP`` pixels wide: (h, w) bool."""
    rows, columns = np.nonzero(mask)
    points = np.stack([columns - columns.mean(), rows - rows.mean()])
    axis = np.linalg.eigh(points @ points.T)[1][:, -1]
    y, x = np.ogrid[: mask.shape[0], : mask.shape[1]]
    along = (x - columns.mean()) * axis[0] + (y - rows.mean()) * axis[1]
    return np.abs(along) <= _GAP / 2


def _bridge(own: np.ndarray, other: np.ndarray) -> np.ndarray | None:
    """A line between the nearest pixels of two masks, (h, w) bool, or None when they are too far apart."""
    if not other.any():
        return None
    distance, nearest = cv2.distanceTransformWithLabels(
        (~other).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    distance = np.where(own, distance, np.inf)
    start = np.unravel_index(int(np.argmin(distance)), distance.shape)
    if distance[start] > _REACH:
        return None
    targets = np.flatnonzero((nearest == nearest[start]).ravel() & other.ravel())
    end = np.unravel_index(int(targets[0]), distance.shape)
    line = np.zeros(own.shape, dtype=np.uint8)
    cv2.line(line, (int(start[1]), int(start[0])), (int(end[1]), int(end[0])), 1, thickness=_GAP)
    return line.astype(bool)
