"""In which frame each family of vision-language models speaks, and the picture it is shown."""

from __future__ import annotations

from typing import Any

import numpy as np

from planimeter.errors import UsageError
from planimeter.reason.frames import Frame, NormalisedFrame, ResizedFrame

RESIZED, NORMALISED = "resized", "normalised"
FAMILIES: dict[str, str] = {
    "qwen2_vl": NORMALISED,
    "qwen2_5_vl": RESIZED,
    "qwen3_vl": NORMALISED,
    "qwen3_vl_moe": NORMALISED,
    "internvl": NORMALISED,
    "planimeter_overhead": NORMALISED,
}
"""transformers' model type → frame; of a prompter from parts, the type of its eyes."""


def family_frame(model_type: str, wanted: str | None) -> str:
    """The kind of frame a model speaks in.

    Args:
        model_type: as transformers' configuration names the family.
        wanted: what the user says; it wins.

    Raises:
        UsageError: nobody knows, or there is no such frame.

    Example:
        >>> family_frame("qwen2_5_vl", None), family_frame("qwen3_vl", None)
        ('resized', 'normalised')
    """
    kind = wanted or FAMILIES.get(model_type)
    if kind not in (RESIZED, NORMALISED):
        known = "is not a frame" if wanted else f"of models of type {model_type!r} is not known"
        raise UsageError(
            f"The frame {repr(wanted) + ' ' if wanted else ''}{known}: say whether its coordinates are pixels of the "
            'picture it is shown ("frame": "resized") or thousandths ("frame": "normalised").'
        )
    return kind


def shown_frame(kind: str, picture: np.ndarray, grid: Any = None, patch: int | None = None) -> Frame:
    """The frame of one picture.

    Args:
        kind: "resized" or "normalised".
        picture: (h, w, 3) as it was handed to the model's processor.
        grid: (frames, rows, columns) of patches where the processor says them (``image_grid_thw``).
        patch: pixels of a patch's side.

    Example:
        >>> shown_frame("resized", np.zeros((50, 60, 3), np.uint8), (1, 4, 6), 14)
        ResizedFrame(width=84, height=56)
    """
    if kind == NORMALISED:
        return NormalisedFrame()
    if grid is not None and patch:
        return ResizedFrame(int(grid[2]) * patch, int(grid[1]) * patch)
    return ResizedFrame(picture.shape[1], picture.shape[0])


def squared(image: np.ndarray, side: int | None) -> np.ndarray:
    """The picture resized to a square, as the paper shows it to its prompters; unchanged for None.

    Example:
        >>> squared(np.zeros((50, 60, 3), np.uint8), 84).shape
        (84, 84, 3)
    """
    if side is None or image.shape[:2] == (side, side):
        return image
    import cv2

    shrinks = image.shape[0] * image.shape[1] > side * side
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    resized: np.ndarray = cv2.resize(image, (side, side), interpolation=how)
    return resized
