"""A wording as the guards hear it: without slips, and whether anything speaks against saying it in other words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from planimeter.coder.grammar.clothing import plain_characters, undress
from planimeter.coder.grammar.lexer import tokenize
from planimeter.coder.grammar.slips import MOST, expanded, one_slip, spelled
from planimeter.coder.grammar.talk import talk
from planimeter.coder.rewriter.changed import changed, signs
from planimeter.coder.rewriter.cues import Cues, readable
from planimeter.coder.rewriter.doubts import doubtful, named
from planimeter.coder.rewriter.remarks import without_remarks
from planimeter.coder.rewriter.strange import judged_words, narrowed, number_words, strangeness, unknown_words
from planimeter.errors import NotUnderstood


@dataclass(frozen=True)
class Heard:
    """A wording as the guards hear it.

    Attributes:
        text: without slips.
        taken: misspelt words, each with the word it was taken for.
        says: what it says; None where it cannot be read.
        against: why it is not to be rewritten; None where nothing speaks against it.
        unknown: words of which nothing is known, where they are all that speaks against it.
    """

    text: str
    taken: tuple[tuple[str, str], ...] = ()
    says: Cues | None = None
    against: str | None = None
    unknown: tuple[str, ...] = ()


def heard(text: str) -> Heard:
    """A wording without slips, and whether it may be rewritten at all."""
    typed = text
    text = _HOW_MANY.sub("how many", _LABELLED.sub(r"\1", plain_characters(text)))
    text, taken = _put_right(without_remarks(text))
    text = without_remarks(text)
    asked = readable(text)
    if asked is None:
        return Heard(text, taken, against="characters that cannot be read")
    asked.yes_no = asked.yes_no or "yes or no" in typed.lower()
    hard = doubtful(text) or named(typed) or _added(typed) or narrowed(asked)
    hard = hard or changed(text) or changed(typed) or signs(typed, asked.topics)
    unknown = unknown_words(asked) if hard is None else ()
    return Heard(text, taken, asked, hard or strangeness(asked), unknown)


#: Numbers that name a page or a step, and no thing on the map: "page 3 of the booklet".
_LABELS = (
    "pages?|items?|shift|sheet|section|question|appendix|ticket|step|clause|chapter|day|week|slide|version|round|task|annex|"
    "figure|box|line|exercise|paragraph|criterion|requirement|verse|episode|module|lesson|worksheet|footnote|scene|act|heat|"
    "booth|table"
)
_UNITS = r"%|[a-z]*m2?\b|ha\b|km|ft|feet|yd|yards?|acres?|hect|met|sq|per|or|and|to"
_LABELLED = re.compile(
    rf"\b({_LABELS}) \d{{1,4}}(?:st|nd|rd|th)?\b(?!\s*(?:{_UNITS}|of the (?!book)))", re.IGNORECASE
)
_HOW_MANY = re.compile(r"\b(?:hw|hwo|hoe|hou|hiw|ho|howw|hhow|hoow) ?many\b", re.IGNORECASE)
_CLAUSES = re.compile(r"[.,](?!\d)|[;:!?()\[\]]|\s[-–—]+\s")
_NAME = r"[A-Z][\w'-]{0,20}\.?"
_SIGNED = re.compile(rf"(?:^|[\s,.;:!-])[\s,.;:!-]{{0,8}}{_NAME}(?:[\s,]{{1,3}}{_NAME}){{0,2}}[\s.!]{{0,5}}$")
_SIGNATURE = 90  # characters at the end among which a signature is looked for
_THANKS = re.compile(
    r"\b(?:many |kind |best )?(?:thanks|thank you|thx|tx|ta|cheers|regards|merci|danke|gracias)\b"
)


def _added(typed: str) -> str | None:
    """What is said behind a question or in the middle of it, where it is no talk: it may narrow it, or ask for more."""
    for mark in re.finditer(r"\?+", typed):
        asked, behind = typed[: mark.start()], typed[mark.end() :]
        if not re.search(r"\w", behind) or _topics(asked) == 0 or _topics(behind):
            continue
        for clause in _CLAUSES.split(_unsigned(behind)):
            clause = _THANKS.sub(" ", clause.lower())
            if re.search(r"\w", clause) and not talk(clause):
                return f'"{behind.strip()}" behind the question'
    first, *others = _CLAUSES.split(_unsigned(typed)) if re.search(r"\w", typed) else [""]
    named_yet = _topics(first) > 0
    for clause in others:
        said = readable(clause)
        tells = said is None or bool(said.topics or said.figures or said.measures)
        clause = _THANKS.sub(" ", clause.lower())
        words = set(re.findall(r"[a-z]+(?:'[a-z]+)?", clause))
        if named_yet and not tells and words - judged_words() and not talk(clause):
            return f'"{clause.strip()}" beside what is asked'
        named_yet = named_yet or bool(said and said.topics)
    return None


def _unsigned(text: str) -> str:
    """A text without the name that signs it."""
    return text[:-_SIGNATURE] + _SIGNED.sub("", text[-_SIGNATURE:])


def _topics(text: str) -> int:
    """How many topics a text names."""
    said = readable(text)
    return len(said.topics) if said is not None else 0


def _put_right(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A wording without slips, and what was taken for what."""
    plain = undress(expanded(plain_characters(text))).text
    try:
        tokens = tokenize(plain)
    except NotUnderstood:
        return text, ()
    known = judged_words()
    likely = known - number_words()  # "tents" are no "tenths"
    right = spelled(plain, tokens, known)
    text, taken = right.text, right.taken
    for word in re.findall(r"(?<![\w'-])[a-z]{5,}(?![\w'-])", text.lower()):
        meant = None if word in known else one_slip(word, likely)
        if meant is not None:
            text = re.sub(rf"(?<!\w){word}(?!\w)", meant, text, flags=re.IGNORECASE)
            taken = (*taken, (word, meant))
    return (text, taken) if len(taken) <= MOST else (right.text, right.taken)
