"""Smooth random fields and exact choices from them: the same for the same key, whatever was drawn before."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np


def generator(*key: object) -> np.random.Generator:
    """A random generator that depends on the key alone.

    Example:
        >>> int(generator(1, "water").integers(1000)), int(generator(1, "water").integers(1000))
        (240, 240)
    """
    digest = hashlib.blake2b("\0".join(map(str, key)).encode(), digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))


def smooth_field(shape: tuple[int, int], spacing: float, *key: object) -> np.ndarray:
    """A field of about unit variance whose values change over ``spacing`` pixels.

    Args:
        shape: (H, W).
        spacing: pixels between the random values that are interpolated.

    Returns:
        (H, W) float32.

    Example:
        >>> smooth_field((4, 6), 2.0, "demo").shape
        (4, 6)
    """
    height, width = shape
    coarse = (max(2, round(height / spacing) + 1), max(2, round(width / spacing) + 1))
    values = generator(*key).standard_normal(coarse, dtype=np.float32)
    return cv2.resize(values, (width, height), interpolation=cv2.INTER_CUBIC)


def highest(field: np.ndarray, candidates: np.ndarray, count: int) -> np.ndarray:
    """Exactly ``count`` candidates (or all of them, if fewer): those where the field is highest.

    Args:
        field: (H, W) float.
        candidates: (H, W) bool.

    Returns:
        (H, W) bool.

    Example:
        >>> highest(np.array([[0.3, 0.9, 0.5]]), np.array([[True, False, True]]), 1).tolist()
        [[False, False, True]]
    """
    chosen = np.zeros(candidates.shape, dtype=bool)
    where = np.flatnonzero(candidates)
    if count >= where.size:
        where = where if count > 0 else where[:0]
    elif count <= 0:
        where = where[:0]
    else:
        values = field.ravel()[where]
        where = where[np.argpartition(values, where.size - count)[where.size - count :]]
    chosen.ravel()[where] = True
    return chosen
