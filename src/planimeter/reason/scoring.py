"""Intersection over union of what was found with what was meant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planimeter.reason.prompt import Prompt
from planimeter.reason.promptable import Encoded, PromptableSegmenter

_AT_ONCE = 64 << 20  # bytes of masks that are decoded together


def union_mask(segmenter: PromptableSegmenter, encoded: Encoded, prompts: Sequence[Prompt]) -> np.ndarray:
    """(H, W) bool: the pixels of any of the prompts' instances.

    Args:
        segmenter: that encoded the image.
        encoded: the image.
        prompts: in the image's own frame; none give an empty mask.
    """
    found = np.zeros(encoded.size, dtype=bool)
    together = max(1, _AT_ONCE // found.size)
    for start in range(0, len(prompts), together):
        found |= segmenter.decode(encoded, prompts[start : start + together]).any(axis=0)
    return found


def mask_iou(found: np.ndarray, target: np.ndarray) -> float:
    """Intersection over union of two masks; 1 where both are empty.

    Args:
        found: (H, W) bool.
        target: (H, W) bool.

    Raises:
        ValueError: they are in different frames.

    Example:
        >>> mask_iou(np.array([[True, True]]), np.array([[True, False]]))
        0.5
    """
    if found.shape != target.shape:
        raise ValueError(f"a mask of {found.shape} cannot be compared with a target of {target.shape}")
    union = np.count_nonzero(found | target)
    return float(np.count_nonzero(found & target) / union) if union else 1.0


def prompted_iou(found: np.ndarray, target: np.ndarray, said_nothing: bool) -> float:
    """The paper's IoU of one completion, in [0, 1].

    An empty target is met by an empty list alone; prompts that happen to give no pixel do not meet it.

    Args:
        found: (H, W) bool, union of the instances.
        target: (H, W) bool.
        said_nothing: the completion's list was empty.

    Example:
        >>> nothing = np.zeros((2, 2), bool)
        >>> prompted_iou(nothing, nothing, said_nothing=True), prompted_iou(nothing, nothing, said_nothing=False)
        (1.0, 0.0)
    """
    if not target.any():
        return 1.0 if said_nothing else 0.0
    return 0.0 if said_nothing else mask_iou(found, target)
