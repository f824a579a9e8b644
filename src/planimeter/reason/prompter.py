"""Prompters: a picture and a phrase in, the text of an answer out, with the frame its coordinates are in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from planimeter.errors import InputError
from planimeter.reason.frames import Frame
from planimeter.reason.protocol import DEFAULT_VARIANT, Variant

MAX_NEW_TOKENS = 2048  # as the paper evaluates


@dataclass(frozen=True)
class PrompterLook:
    """One thing to look for.

    Attributes:
        image: (H, W, 3) uint8, red, green, blue.
        phrase: what to find: a noun phrase or a question.
    """

    image: np.ndarray
    phrase: str


@dataclass(frozen=True)
class Said:
    """What a prompter said.

    Attributes:
        text: the completion.
        frame: that its coordinates are in.
    """

    text: str
    frame: Frame


@runtime_checkable
class Prompter(Protocol):
    """Anything that says where something is.

    Attributes:
        name: how answers name it; it changes with model, weights and prompt.
    """

    name: str

    def say(self, looks: Sequence[PrompterLook]) -> list[Said]:
        """What it says to each, in order.

        Raises:
            ModelError: its model or server failed.
        """
        ...


@dataclass(frozen=True)
class PrompterOptions:
    """How a prompter is asked.

    Attributes:
        variant: what to give for each instance.
        side: resize every picture to a square of this many pixels first, as the paper does with 840; None does not.
        frame: in which frame the model speaks: "resized" (pixels of the picture it is shown) or "normalised"
            (thousandths); None for what is known of its family.
        max_new_tokens: longest answer.
        batch: looks answered together.
    """

    variant: Variant = DEFAULT_VARIANT
    side: int | None = None
    frame: str | None = None
    max_new_tokens: int = MAX_NEW_TOKENS
    batch: int = 4

    def shown(self, frame: str) -> str:
        """What of it changes answers, for a prompter's name.

        Args:
            frame: the frame that the model speaks.

        Example:
            >>> PrompterOptions(side=840).shown("resized")
            'box+2, 840 px, resized, 2048 tokens'
        """
        side = [f"{self.side} px"] if self.side else []
        return ", ".join([self.variant.name, *side, frame, f"{self.max_new_tokens} tokens"])


def find_prompter(name: str, options: PrompterOptions | None = None) -> Prompter:
    """The prompter that a name stands for.

    Args:
        name: "vlm:FOLDER" or "vlm:HUB-NAME" for an image-text-to-text model of transformers, with ",download" behind it
            where weights may be fetched; "openai:MODEL" or "openai:MODEL@URL" for a model behind an
            OpenAI-compatible server.
        options: how it is asked.

    Raises:
        InputError: there is none of that name.
        ModelError: an extra or its weights are missing.

    Example:
        >>> find_prompter("openai:any-model@http://localhost:8000/v1").name
        'any-model at http://localhost:8000/v1 (box+2, resized, 2048 tokens)'
    """
    chosen = options or PrompterOptions()
    kind, colon, rest = name.partition(":")
    if colon and kind == "vlm" and rest:
        from planimeter.reason.vlm import VlmPrompter

        source, comma, flag = rest.rpartition(",")
        if comma and flag == "download":
            return VlmPrompter(source, chosen, download=True)
        return VlmPrompter(rest, chosen)
    if colon and kind == "openai" and rest:
        from planimeter.reason.endpoint import EndpointPrompter

        model, at, url = rest.partition("@")
        return EndpointPrompter(model, url if at else None, chosen)
    raise InputError(
        f"There is no prompter {name[:60]!r}: give vlm:FOLDER, vlm:RicardoString/Think2Seg-RS-3B,download or "
        "openai:MODEL@URL."
    )
