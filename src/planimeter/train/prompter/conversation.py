"""How a phrase is put to a prompter in training: exactly as ``planimeter.reason.wording`` puts it in use."""

from __future__ import annotations

from typing import Any

from planimeter.reason.protocol import DEFAULT_VARIANT, Variant
from planimeter.reason.wording import chat


def conversation(phrase: str, variant: Variant = DEFAULT_VARIANT) -> list[dict[str, Any]]:
    """The question about one picture, as messages with a place for the picture.

    Example:
        >>> [message["role"] for message in conversation("red shape")]
        ['system', 'user']
    """
    return chat(phrase, variant)
