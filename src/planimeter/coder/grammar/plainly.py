"""Everyday ways of saying, brought to the plain ones that the grammar has: other verbs, other orders of words.

These are asked only after a question has been refused as it stands and without its clothing. Each says the same in
other words, whatever the nouns; what was made of them stands in the reading. Nothing is dropped here but words that
measure nothing.
"""

from __future__ import annotations

import re

from planimeter.coder.grammar.patterns import Rewrites
from planimeter.coder.grammar.strips import stripped
from planimeter.coder.grammar.ways import WAYS

_everyday = Rewrites(WAYS)


def plainly(text: str) -> str:
    """A question in the plain words that the grammar has for the same; unchanged where none of the ways is taken.

    >>> plainly("how many times does the water fit into the forest?")
    'what is the ratio of forest to water?'
    >>> plainly("How many fields are within 50 m of water?")
    'How many fields are within 50 m of water?'
    """
    text = re.sub(r"(?<=[a-z)]) [-–—] (?=[a-z])", ", ", text)
    return re.sub(r"\s+([?.,;:])", r"\1", " ".join(_everyday(stripped(text)).split()))
