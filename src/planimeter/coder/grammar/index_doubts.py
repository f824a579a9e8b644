"""Numbers that an index never has, and two indices of one ground: what would be answered wrongly is refused."""

from __future__ import annotations

import re
from itertools import pairwise

from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.vocabulary.index_words import index_phrases, with_index_words

_WIDER = frozenset(("EVI", "SAVI"))
"""Indices whose formulas are no normalized difference: their values may lie beyond -1 and 1."""


def check_indices(text: str) -> None:
    """Refuse thresholds beyond an index's range, and "NDVI above 0.5 and NDWI below 0", which asks where both hold.

    Args:
        text: a question with the short names of indices.

    Raises:
        NotMeasurable: a normalized difference is held against a number beyond -1 or 1.
        NotUnderstood: two indices stand side by side, and only the ground where either holds can be measured at once.

    Example:
        >>> check_indices("How much land has NDVI above 0.4?")
    """
    phrases = index_phrases(text)
    for phrase in phrases:
        if phrase.index not in _WIDER and any(abs(number) > 1 for _, number in phrase.bounds):
            raise NotMeasurable(
                f"{phrase.index} lies between -1 and 1, so no ground has {phrase.said}; give a number in that range, "
                "such as 0.4."
            )
    said = with_index_words(text).lower()
    places = sorted(
        ((said.find(phrase.word.lower()), phrase) for phrase in phrases), key=lambda found: found[0]
    )
    for (start, one), (end, other) in pairwise(places):
        between = said[start + len(one.word) : end] if start >= 0 else ""
        if re.fullmatch(
            r"\s*,?\s*(?:and|but|&|with)\s+(?:an?\s+|also\s+|has\s+|have\s+|is\s+|are\s+)*", between
        ):
            raise NotUnderstood(
                f'Where both hold is asked in another form: "How much land with {one.said} is in land with '
                f'{other.said}?"; for where either holds say "or".'
            )
