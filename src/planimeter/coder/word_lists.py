"""Tables of words, as the grammar and the rewriter write them: words with spaces between."""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of a table.

    >>> sorted(listed("not no"))
    ['no', 'not']
    """
    return frozenset(text.split())
