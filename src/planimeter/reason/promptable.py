"""Promptable segmenters: an image is encoded once, then prompts are decoded to masks, as often as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from planimeter.errors import InputError
from planimeter.reason.prompt import Prompt

EMBEDDED = "embedded"


@dataclass(frozen=True)
class Encoded:
    """An image as a promptable segmenter sees it.

    Attributes:
        size: (H, W) of the original image, in which prompts and masks are given.
        features: whatever its segmenter decodes from; opaque to everybody else.
        nbytes: memory that the features take.
    """

    size: tuple[int, int]
    features: Any
    nbytes: int


@runtime_checkable
class PromptableSegmenter(Protocol):
    """Anything that segments what boxes and points show.

    Attributes:
        name: how answers name it; it changes with model, weights and number format.
    """

    name: str

    def encode(self, image: np.ndarray) -> Encoded:
        """The expensive half.

        Args:
            image: (H, W, 3) uint8, red, green, blue.
        """
        ...

    def decode(self, encoded: Encoded, prompts: Sequence[Prompt]) -> np.ndarray:
        """The cheap half: (N, H, W) bool, one mask per prompt, True = instance."""
        ...


def find_promptable(name: str) -> PromptableSegmenter:
    """The promptable segmenter that a name stands for.

    Args:
        name: "embedded" for the one that ships with Planimeter; "sam2:FOLDER" or "sam2:HUB-NAME" for SAM 2.1,
            with ",download" behind it where weights may be fetched.

    Raises:
        InputError: there is none of that name.
        ModelError: an extra or its weights are missing.
    """
    if name == EMBEDDED:
        from planimeter.reason.embedded import EmbeddedPromptable

        return EmbeddedPromptable()
    kind, colon, rest = name.partition(":")
    if colon and kind == "sam2" and rest:
        from planimeter.reason.sam2 import Sam2Promptable

        source, comma, flag = rest.rpartition(",")
        if comma and flag == "download":
            return Sam2Promptable(source, download=True)
        return Sam2Promptable(rest)
    raise InputError(
        f"There is no promptable segmenter {name[:60]!r}: give embedded, sam2:FOLDER or "
        "sam2:facebook/sam2.1-hiera-small,download."
    )
