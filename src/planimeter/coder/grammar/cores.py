"""The part of a text that is a question by itself, where all that stands around it is talk.

People tell who they are, why they ask and what the weather is like, in words that no list holds. What matters is not
which words these are but what they are not: a clause of its own goes, whatever it says, where it names no topic, place,
number, unit or time and has no word that measures, compares, denies, demands, chooses or restricts. It is said with
the answer. Asked after everything that keeps more of the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache

from planimeter.coder.grammar.asides import abstract
from planimeter.coder.grammar.clothing import DEMANDS
from planimeter.coder.grammar.remarks import kept_words
from planimeter.coder.grammar.stories import HEAD, POINTS_BACK, placeless
from planimeter.coder.rewriter.harmless import HARMLESS
from planimeter.coder.rewriter.phrases import listed
from planimeter.coder.rewriter.places import PEOPLE, QUALITIES
from planimeter.vocabulary.numbers import NUMBER_WORDS
from planimeter.vocabulary.units import UNITS

_MOST = 8  # cores that are tried
_PIECES = re.compile(r"(?<=[.!?;])\s+|\s*[;:]\s+|\s+[-–—]+\s+|,\s+|\s*(?:\.{3}|…)\s*")
_WHERE = re.compile(
    r"\b(?:in|at|for|near|around|inside|on|along|by|towards?|from|of|behind|across|through|down|up)\s+"
    r"(?:the\s+|our\s+|my\s+|your\s+|a\s+|an\s+|this\s+|that\s+|his\s+|her\s+)?([a-z]+)"
)
_FRONT = listed(
    "in at for near around inside on along by toward towards from of behind across with without among"
)
# A clause that begins so says when, or what would have to be.
_SUPPOSES = listed(
    """
    following during upon once after before if unless until till assuming given suppose supposing imagine should were
    had despite except while whenever wherever
    """
)
_SPEAKERS = listed("i i'm i've i'd i'll we we're we've we'd my our me us")
_TALK = listed(
    """
    i i'm i've i'd i'll we we're we've we'd you you're my our your me us he she his her it's that's this they they're
    who what lol ok okay so well hi hello thanks sorry please because since just gonna gotta wanna
    """
)


@cache
def _units() -> frozenset[str]:
    words = {word for spelling in UNITS for word in spelling if word.isalpha()}
    return frozenset(words) - {"a", "m", "in", "of", "per"} | {"percent", "percentage"}


def talk(clause: str) -> bool:
    """Whether a clause tells nothing of what is asked.

    >>> talk("just parked up and this one is gorgeous"), talk("my bit is about energy")
    (True, True)
    >>> talk("in Springfield"), talk("those by the lake"), talk("we look after the harbour"), talk("thatched")
    (False, False, False, False)
    """
    said = clause.lower().replace("’", "'")
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", said)
    if not words or re.search(r"\d|n't\b|[=<>%]|\bthe one\b", said):
        return not words
    bare = {word.removesuffix("'s") for word in words} | set(words)
    if HEAD.search(said) or (bare - {"up"}) & (
        kept_words() | _units() | (frozenset(NUMBER_WORDS) - {"one", "a", "an"})
    ):
        return False
    if words[0] in _SUPPOSES or DEMANDS.match(said):
        return False
    known = HARMLESS | PEOPLE | QUALITIES | _TALK
    if words[0] in _FRONT and not all(word in known or abstract(word) for word in words[1:]):
        return False
    if not all(placeless(word) or word in known for word in _WHERE.findall(said)):
        return False
    return bool(bare & known)


def cores(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Parts of a text that may be the question, those that keep most of it first; with what each leaves aside.

    >>> next(cores("Hiya, just parked up and this one's gorgeous!! How big is the biggest lawn in square metres?"))[0]
    'How big is the biggest lawn in square metres?'
    >>> list(cores("In Springfield, how many houses are there?"))
    []
    """
    yield from itertools.islice(_cores(" ".join(text.split())), _MOST)


def _cores(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    ends = [
        (found.start(), found.end())
        for found in _PIECES.finditer(text)
        if 0 < found.start() < found.end() < len(text)
    ]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    pieces = [text[start:stop] for start, stop in zip(starts, stops, strict=True)]
    idle = [talk(piece) for piece in pieces]
    front = next((place for place, one in enumerate(idle) if not one), len(pieces))
    back = next((place for place, one in enumerate(reversed(idle)) if not one), len(pieces))
    if front == len(pieces):
        return
    for dropped in range(1, front + back + 1):
        for ahead in range(min(front, dropped), -1, -1):
            behind = dropped - ahead
            if behind > back:
                break
            core = text[starts[ahead] : stops[len(pieces) - 1 - behind]]
            aside = (*pieces[:ahead], *(pieces[len(pieces) - behind :] if behind else ()))
            if ahead and POINTS_BACK.search(core):
                continue
            yield core, tuple(piece.strip(" ,;:.!–-") for piece in aside)
    # A question that begins inside of the first clause that says something.
    rest = text[starts[front] : stops[len(pieces) - 1 - back]]
    head = HEAD.search(rest)
    if head is None or not head.start() or POINTS_BACK.search(rest):
        return
    told = rest[: head.start()]
    if _SPEAKERS & set(re.findall(r"[a-z']+", told.lower())) and talk(told):
        aside = (*pieces[:front], rest[: head.start()], *(pieces[len(pieces) - back :] if back else ()))
        yield rest[head.start() :], tuple(piece.strip(" ,;:.!–-") for piece in aside)
