"""A wording as the guards hear it: without slips, and whether anything speaks against saying it in other words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from planimeter.coder.grammar.clothing import plain_characters, undress
from planimeter.coder.grammar.lexer import tokenize
from planimeter.coder.grammar.slips import MOST, expanded, one_slip, spelled
from planimeter.coder.rewriter.cues import Cues, readable
from planimeter.coder.rewriter.doubts import doubtful, named
from planimeter.coder.rewriter.remarks import without_remarks
from planimeter.coder.rewriter.strange import judged_words, strangeness
from planimeter.errors import NotUnderstood


@dataclass(frozen=True)
class Heard:
    """A wording as the guards hear it.

    Attributes:
        text: without slips.
        taken: misspelt words, each with the word it was taken for.
        says: what it says; None where it is not to be rewritten, for the reason ``against``.
        against: that reason; None where there is none.
    """

    text: str
    taken: tuple[tuple[str, str], ...] = ()
    says: Cues | None = None
    against: str | None = None


def heard(text: str) -> Heard:
    """A wording without slips, and whether it may be rewritten at all."""
    typed = text
    text, taken = _put_right(without_remarks(plain_characters(text)))
    text = without_remarks(text)
    doubt = doubtful(text) or named(typed)
    if doubt is not None:
        return Heard(text, taken, against=doubt)
    asked = readable(text)
    strange = "characters that cannot be read" if asked is None else strangeness(asked)
    if strange or asked is None:
        return Heard(text, taken, against=strange)
    asked.yes_no = asked.yes_no or "yes or no" in typed.lower()
    return Heard(text, taken, asked)


def _put_right(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A wording without slips, and what was taken for what."""
    plain = undress(expanded(plain_characters(text))).text
    try:
        tokens = tokenize(plain)
    except NotUnderstood:
        return text, ()
    known = judged_words()
    right = spelled(plain, tokens, known)
    text, taken = right.text, right.taken
    for word in re.findall(r"(?<![\w'-])[a-z]{5,}(?![\w'-])", text.lower()):
        meant = None if word in known else one_slip(word, known)
        if meant is not None:
            text = re.sub(rf"(?<!\w){word}(?!\w)", meant, text, flags=re.IGNORECASE)
            taken = (*taken, (word, meant))
    return (text, taken) if len(taken) <= MOST else (right.text, right.taken)
