"""What the small model reads: a question, brought to plain form."""

from __future__ import annotations

import re
import unicodedata

PROGRAM = "<program>"  # between the question and its program
LONGEST = 300  # characters of a question; longer ones are not for this model

_SCALE = re.compile(r"[(\[]?\s*\bgsd\b[^)\]?]*[)\]]?", re.IGNORECASE)


def plain(question: str) -> str:
    """A question in lower case, on one line, without the scale that it may state: programs take that from ``gsd``.

    Example:
        >>> plain("How much  Water,\\n in m² ? (GSD: 0.3m)")
        'how much water, in m2 ?'
    """
    text = _SCALE.sub(" ", unicodedata.normalize("NFKC", question))
    text = text.replace("<", " < ").replace(">", " > ").replace("_", " _ ")
    return re.sub(r"\s+", " ", text).strip().lower()
