"""What a question wants a table by: "NDVI by zone", "water area by date"."""

from __future__ import annotations

import re

#: What a table may be by → how questions say it, at their end or between commas.
_WAYS = {
    "zone": r"(?:by|per|for (?:each|every)|(?:in|of) (?:each|every)|within each)\s+zones?",
    "date": r"(?:by|per|for (?:each|every)|(?:on|at) (?:each|every))\s+(?:acquisition\s+)?dates?",
}

#: What a question by zone is refused with where there are none.
NO_ZONES = "The question asks for a table by zone: give the zones with --zones FILE."


def grouped(text: str) -> tuple[str, str | None]:
    """A question without the words that ask for a table, and what it is to be by: "zone", "date" or None.

    Example:
        >>> grouped("NDVI of the fields by zone"), grouped("What is the water area per date?")
        (('NDVI of the fields', 'zone'), ('What is the water area?', 'date'))
        >>> grouped("How many buildings are within 50 m of water?")[1] is None
        True
    """
    for kind, words in _WAYS.items():
        # From the beginning of a gap only: a thousand blanks are not to be tried at each of them.
        match = re.search(rf"(?<!\s)(?:\s*,)?\s+{words}(?P<end>\s*[?.!]*)\s*$", text, re.IGNORECASE)
        if match is not None:
            return text[: match.start()] + match["end"].strip(), kind
    return text, None
