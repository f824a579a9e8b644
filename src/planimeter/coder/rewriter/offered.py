"""What is offered where a wording is refused: the closest questions that can be answered, the model's first."""

from __future__ import annotations

import re
from dataclasses import replace

from planimeter.coder import Coder, Request
from planimeter.coder.grammar.made_of_parts import roughly
from planimeter.coder.grammar.parse import Parsed, parse
from planimeter.coder.grammar.rewordings import MOST
from planimeter.errors import QuestionError
from planimeter.meaning.records import Together
from planimeter.segment.open import is_open
from planimeter.vocabulary.topics import records_at_hand

#: How a plain sentence begins, and what a person would ask instead.
_ASKED = (
    (
        re.compile(r"the number of (\S+(?: regions| installations| arrays)?)\b(.*)"),
        r"how many \1 are there\2",
    ),
    (re.compile(r"whether there (is|are) (.*)"), r"\1 there \2"),
    (re.compile(r"whether all (\S+(?: regions| installations)?) are (.*)"), r"are all \1 \2"),
    (re.compile(r"whether (the .*?) is ((?:more|less|larger|smaller|at least|at most)\b.*)"), r"is \1 \2"),
    (re.compile(r"whether (.*?) (is|are) (connected or .*)"), r"\2 \1 \3"),
    (re.compile(r"((?:the|a|an) .*)"), r"what is \1"),
    (re.compile(r"((?:how|what|which) .*)"), r"\1"),
)


def read_plainly(text: str, request: Request) -> Parsed | None:
    """A sentence that says one thing, as the grammar reads it; None where it does not."""
    try:
        read = parse(text, is_open(request.topics), records_at_hand(request.topics, request.brought))
    except QuestionError:
        return None
    # The model was taught to say one thing at a time.
    return None if isinstance(read.meaning, Together) else read


def as_question(plain: str, request: Request) -> str:
    """A plain sentence as a person would ask it, if the grammar reads both alike.

    Example:
        >>> at_hand = Request("", ("roof", "water"), 0.5)
        >>> as_question("the number of buildings within 50 m of water", at_hand)
        'How many buildings are there within 50 m of water?'
        >>> as_question("whether there are any buildings", at_hand)
        'Are there any buildings?'
    """
    meant = read_plainly(plain, request)
    for beginning, asked in _ASKED:
        if beginning.fullmatch(plain):
            sentence = f"{beginning.sub(asked, plain)}?"
            found = read_plainly(sentence, request)
            if meant is not None and found is not None and _same(found, meant):
                plain = sentence
            break
    return plain[:1].upper() + plain[1:]


def offered(plain: str, suggestions: tuple[str, ...], request: Request, grammar: Coder) -> tuple[str, ...]:
    """The questions to offer: the model's plain sentence, if it can be answered, before the grammar's own.

    Args:
        plain: what the model took the wording for; "" where it took it for nothing. One that names other topics
            comes second.
        suggestions: the grammar's, the likeliest first.
        request: the one that is refused.
        grammar: the coder that has to be able to answer them.

    Returns:
        At most ``MOST``, no two of one meaning.
    """
    meant = read_plainly(plain, request) if plain else None
    if meant is None:
        return suggestions
    try:
        grammar.write(replace(request, text=plain))
    except QuestionError:
        return suggestions
    others = [
        one for one in suggestions if (read := read_plainly(one, request)) is None or not _same(read, meant)
    ]
    before = 0 if _topics(plain) == _topics(request.text) else 1
    return (*others[:before], as_question(plain, request), *others[before:])[:MOST]


def _topics(text: str) -> set[str]:
    said = roughly(text)
    return set(said.topics) if said is not None else set()


def _same(one: Parsed, other: Parsed) -> bool:
    return (one.meaning, one.unit) == (other.meaning, other.unit)
