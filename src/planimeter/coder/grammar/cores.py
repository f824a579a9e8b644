"""The part of a text that is a question by itself, where all that stands around it is talk.

People tell who they are, why they ask and what the weather is like. What is talk (``talk.py``) goes, clause by clause,
and is said with the answer. Asked after everything that keeps more of the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from planimeter.coder.grammar.stories import HEAD, POINTS_BACK
from planimeter.coder.grammar.talk import talk
from planimeter.coder.word_lists import listed

_MOST = 8  # cores that are tried
_PIECES = re.compile(r"(?<=[.!?;])\s+|\s*[;:]\s+|\s+[-–—]+\s+|,\s+|\s*(?:\.{3}|…)\s*")
_SPEAKERS = listed("i i'm i've i'd i'll we we're we've we'd my our me us")


def cores(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Parts of a text that may be the question, those that keep most of it first; with what each leaves aside.

    >>> next(cores("This one's gorgeous! How big is the biggest lawn?"))
    ('How big is the biggest lawn?', ("This one's gorgeous",))
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
