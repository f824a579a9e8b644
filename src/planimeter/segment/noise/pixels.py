"""Errors that come pixel by pixel: confused patches, moved boundaries, holes; each with an exact budget."""

from __future__ import annotations

import cv2
import numpy as np

from planimeter.segment.noise.fields import highest, smooth_field
from planimeter.segment.noise.layers import NoisyLayer, confusable

_PATCH = 24.0  # pixels over which confusion changes
_HOLE = 8.0  # pixels over which holes change
_RIM = 2.0  # holes keep this far from the boundary, so that they do not cut a region in pieces


def confuse(layer: NoisyLayer, amount: float, *key: object) -> None:
    """Hand patches from topic to topic; none gives or gets more than ``amount`` of its clean pixels."""
    room = np.floor(amount * layer.counts(layer.clean)).astype(np.int64)
    gives, gets = room.copy(), room.copy()
    pairs = confusable(layer.topics)
    for share in (0.5, 1.0):  # first half the budgets, so that a topic is confused with more than one other
        for a, b in pairs:
            flow = int(share * min(gives[a], gets[b]))
            if flow == 0:
                continue
            field = smooth_field(
                layer.labels.shape, _PATCH, "confusion", layer.topics[a - 1], layer.topics[b - 1], *key
            )
            moved = highest(field, (layer.labels == a) & (layer.clean == a), flow)
            size = int(np.count_nonzero(moved))
            layer.labels[moved] = b
            gives[a] -= size
            gets[b] -= size


def jitter(layer: NoisyLayer, amount: float, *key: object) -> None:
    """Move boundaries to and fro; no topic loses or gains more than ``amount`` of its clean pixels.

    A boundary is displaced by a smooth random field: a pixel takes the label across the boundary when the
    displacement there exceeds its distance. The displacement is scaled for each topic to meet its budget, and
    where two topics meet the smaller scale holds.
    """
    shape = layer.labels.shape
    field = 0.8 * smooth_field(shape, 32.0, "jitter", *key) + 0.6 * smooth_field(shape, 7.0, "tremor", *key)
    distance, beyond = _nearest_other(layer.labels)
    towards = np.where(layer.labels < beyond, field, -field)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where((towards > 0) & np.isfinite(distance), distance / towards, np.inf)
    budgets = np.floor(amount * layer.counts(layer.clean)).astype(np.int64)
    scale = np.full(budgets.size, np.inf)
    for label in range(1, budgets.size):
        losing = needed[layer.labels == label]
        gaining = needed[beyond == label]
        scale[label] = min(_nth(losing, budgets[label]), _nth(gaining, budgets[label]))
    moved = needed < np.minimum(scale[layer.labels], scale[beyond])
    layer.labels[moved] = beyond[moved]


def punch(layer: NoisyLayer, label: int, count: int, *key: object) -> None:
    """Take exactly ``count`` correct pixels from a topic: from inside its regions, then from their rims.

    The inside gives at most three fifths of its pixels, so that holes stay holes.
    """
    now = layer.labels == label
    correct = now & (layer.clean == label)
    count = min(count, int(np.count_nonzero(correct)))
    if count <= 0:
        return
    depth = cv2.distanceTransform(np.pad(now, 1).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[
        1:-1, 1:-1
    ]
    field = smooth_field(now.shape, _HOLE, "holes", *key)
    inside = correct & (depth > _RIM)
    holes = highest(field, inside, min(count, int(0.6 * np.count_nonzero(inside))))
    rest = count - int(np.count_nonzero(holes))
    if rest:
        holes |= highest(field - 2 * depth, correct & ~holes, rest)
    layer.labels[holes] = 0


def _nearest_other(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each pixel the distance in pixels to the nearest one with another label, and that label."""
    distance = np.full(labels.shape, np.inf, dtype=np.float32)
    beyond = labels.copy()
    present = np.flatnonzero(np.bincount(labels.ravel()))
    if present.size < 2:
        return distance, beyond
    for label in present:
        own = labels == label
        away, nearest = cv2.distanceTransformWithLabels(
            own.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
        )
        owner = np.zeros(int(nearest.max()) + 1, dtype=labels.dtype)
        owner[nearest[~own]] = labels[~own]
        distance[own] = away[own]
        beyond[own] = owner[nearest[own]]
    return distance, beyond


def _nth(values: np.ndarray, count: int) -> float:
    """The bound below which at most ``count`` values lie."""
    if count >= values.size:
        return float("inf")
    return float(np.partition(values, count)[count])
