"""Several things asked in one text ("How many lakes are there and how large is the largest?"), read part by part.

A text is cut at every joint; runs of its pieces are read, each as a question of its own, with what "they" are from the
parts before it. Only a text of which every piece is in a part that is read is taken, and only where all ways of
cutting it mean the same: half of what was asked is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from planimeter.coder.grammar.asides import topical_words
from planimeter.coder.grammar.refusals import list_and_question
from planimeter.coder.grammar.several_doubts import open_scope, refuse_behind_a_part
from planimeter.coder.grammar.several_heads import (
    asked_of_each,
    begins_with_list,
    distributed,
    in_plain_order,
    is_bare_head,
    summed,
)
from planimeter.coder.grammar.several_parts import (
    OneAsked,
    Parts,
    first_named,
    in_one_unit,
    of_whole_things,
    read_alone,
    read_of_them,
)
from planimeter.errors import NotUnderstood
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    Area,
    Comparison,
    Difference,
    Length,
    Meaning,
    Portion,
    Ratio,
    Share,
    Subject,
    Sum,
    Together,
    Which,
)
from planimeter.meaning.together import MOST
from planimeter.vocabulary.topics import Topic

_ASKING = re.compile(r"\b(?:how|what|which|where|is|are|do|does|has|have)\b")
# "The number of houses. The number of lakes."
_REQUESTS = re.compile(
    r"(?:^|[.;!?]\s)\s*(?:the\s+)?(?:total\s+|average\s+|mean\s+)?(?:number|count|area|size|share|percentage|perimeter|length)\s+of\b",
    re.IGNORECASE,
)
# "In the left half: number of houses, area of forest"
_HEAD = re.compile(
    r"^\W*(?P<head>(?:(?:with)?in|inside|for|on)\s+[^:;?.!]{3,60}?)\s*:\s*(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_AND_WHETHER = re.compile(
    r"^\W*(?:please\s+)?(?:give|tell|report|state|compute|calculate|measure|count|what|how)\b.*\band\s+(?:also\s+)?(?:if|whether)\s+(?:it|they|that)\b",
    re.IGNORECASE,
)
# "Can you show me the lakes larger than 1 ha? How many are there?"
_SHOW_FIRST = re.compile(
    r"^\W*(?:please\s+)?(?:(?:can|could|would|will)\s+you\s+(?:please\s+)?(?:list|show)|i\s+want\s+to\s+see|"
    r"i(?:'d|\s+would)\s+like\s+to\s+see)\s+"
    r"(?P<named>(?:(?!\b(?:how|what|which|where|if|whether|number|count|area|size|share|percentage|largest|biggest|smallest)\b)"
    r"[^.?!;:])+?)(?:[.?!;:]|,?\s+and)\s*(?:(?:and|then|also)\s+)*(?:how|what|which|is|are)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\s*(?:and\s+|so\s+)?(?:how|what|which|where|is\s+there|are\s+there)\b", re.IGNORECASE)
# A question that begins at a joint.
_BEGINS = re.compile(
    r"(?:^|[,.;:?!]|\band\b|\bof\s+(?:them|those|these),?)\s*(?:(?:and|also|then|so)\s+)*(?:of\s+(?:them|those|these),?\s+)?"
    r"(?:how\s+(?:many|much|large|big|far|long)|what\s+(?:is|are|percentage|share|proportion|fraction|area)|what's)\b",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"(?:(?:^|\n|(?<=[.?!;,:]\s))\(?(?P<number>\d{1,2}|[a-f])[.)]|(?<![\w.,(])\(?(?P<bracket>\d{1,2}|[a-f])\))\s+"
)
_BULLET = re.compile(
    r"(?:^|\n)\s*[-–—*•]\s+|(?:^|(?<=[.?!;,:]\s))(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|lastly)[,:]?\s+",
    re.IGNORECASE,
)
# Behind a joint: words that only join.
_ALSO = (
    r"(?:(?:and|also|plus|then|too|as\s+well|in\s+addition|additionally|furthermore|moreover|besides\s+that|next|finally|lastly|"
    r"if\s+so|if\s+there\s+(?:is|are)|if\s+yes|if\s+any|please)\b[\s,:]*)*"
)
_JOINT = re.compile(
    rf"(?:\s*[?;]+\s*|\s*[.!](?!\d)\s+|\s*,\s+(?!(?:all\s+)?(?:(?:measured|expressed|given)\s+)?(?:in|as)\s)|\s+(?:and|as\s+well\s+as|along\s+with|together\s+with|plus|&|\+|alongside)\s+|\s*\n\s*"
    rf"|\s+[-–—]\s+)+{_ALSO}",
    re.IGNORECASE,
)
_CUES = re.compile(
    r"\bhow\b|%|\b(?:percent|number|count|area|size|share|percentage|proportion|fraction|perimeter|length|density|distance|average|mean|median|"
    r"largest|biggest|smallest|maximum|minimum|total|coverage|extent|ratio|power|what|which|where|is\s+there|are\s+there)\b",
    re.IGNORECASE,
)  # fmt: skip
_PLUS = re.compile(r"\bplus\b|\+", re.IGNORECASE)
# What makes one number of two, and needs both of them.
_RELATES = re.compile(
    r"\b(?:sum|difference|differ|ratio|quotient|product|gap|compared?|comparison|versus|vs)\b", re.IGNORECASE
)
_OF_TWO = (Difference, Ratio, Sum, Portion, Comparison, Which)
_OF_IMAGE = re.compile(r"\bhow\s+much\s+of\s+(?P<whole>(?:the|this)\s+[a-z]+)\s+(?:is|are)\b", re.IGNORECASE)
_AGAIN = re.compile(r"\bhow\s+much\s+(?=(?:is|are)\s+(?!there\b))", re.IGNORECASE)
# "What share of the left half is forest? What share is water?"
_PORTION = r"\b(?P<ask>how\s+much|what\s+(?:percentage|share|proportion|fraction))\s+"
_OF_PART = re.compile(
    rf"{_PORTION}of\s+(?P<whole>the\s+(?:[a-z-]+\s+){{1,2}}(?:half|third|quarter|corner|part))\s+(?:is|are)\b",
    re.IGNORECASE,
)
_AGAIN_OF_PART = re.compile(rf"{_PORTION}(?=(?:is|are)\s+(?!there\b))", re.IGNORECASE)
# "How many houses and how many lakes are within 50 m of a road?"
_QUESTION = (
    r"(?:how\s+many|how\s+much|what\s+area\s+of)\s+"
    r"(?:(?!\b(?:is|are|do|does|lie|there|and|how|what|them|those|these|it|they)\b)[^,;?.!]){2,40}?"
)
_SHARED = re.compile(
    rf"\b({_QUESTION})(\s*,?\s+and\s+|\s*,\s+)({_QUESTION})\s+((?:is|are|lie|lies|stand|stands|fall|falls)\s+(?!there\b)[^;?!]+)",
    re.IGNORECASE,
)
_OF_THOSE = re.compile(
    r"\bof\s+(them|those|these)\s*,?\s+(how\s+many|how\s+much|what\s+(?:percentage|share|proportion|fraction))\b",
    re.IGNORECASE,
)
# Words for what was spoken of before; behind a noun "that" begins a condition.
_POINTS_BACK = re.compile(
    r"\b(?:its?|they|their|them)\b|\bof\s+(?:those|these|that|this)\b|\b(?:that|this|those|these)\s*$|^(?:that|this)\b",
    re.IGNORECASE,
)
# "… and what percentage of grass does?" leaves out what it does.
_LEFT_OPEN = re.compile(
    r"(?<!there )(?<!they )(?<!it )\b(?:is|are|isn't|aren't|does|do|doesn't|don't|not|lie|lies)$",
    re.IGNORECASE,
)
_INDIRECT = re.compile(r"(?:what|how\s+(?:large|big|far))\s+(?:the|their|its)\b", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\(\s*(?:and|as\s+well\s+as|plus)\s+([^()]*)\)", re.IGNORECASE)
_MOST_PIECES = 14
_MOST_WAYS = 40


def asks_twice(text: str) -> bool:
    """Whether a text has more than one question.

    >>> asks_twice("How many buildings are there? How many of them are larger than 100 m²?")
    True
    >>> asks_twice("How many buildings are there? Thanks!"), asks_twice("How many lakes are there, what is their area?")
    (False, True)
    """
    marked = sum(bool(_ASKING.search(part.lower())) for part in re.findall(r"[^?]*\?", text))
    return marked > 1 or len(_BEGINS.findall(text)) > 1 or len(_REQUESTS.findall(text)) > 1


def asked_before(text: str) -> str:
    """A question about something on the map in front of the last one of a text; "" where there is none.

    >>> asked_before("How tall are the houses? How many lakes are there?")
    'How tall are the houses?'
    >>> asked_before("Ready? How many lakes are there?")
    ''
    """
    for asked in re.findall(r"[^?]*\?", text)[:-1]:
        words = re.findall(r"[a-z]+", asked.lower())
        if _ASKS.match(asked) and topical_words() & set(words):
            return asked.strip()
    return ""


def refuse_unanswered(text: str) -> None:
    """Refuse a text of which one thing was read where a question in front of it asks something else.

    Raises:
        NotUnderstood: says which.
    """
    asked = asked_before(text)
    shown = _SHOW_FIRST.match(text)
    if shown and topical_words() & set(re.findall(r"[a-z]+", shown["named"].lower())):
        raise list_and_question(f'"{shown["named"]}"')
    if _AND_WHETHER.match(text):
        raise NotUnderstood(
            "The question asks for a measure and for yes or no of it; ask for one after the other."
        )
    if asked:
        raise NotUnderstood(
            f'"{asked}" has no place in one table with the rest; ask each question by itself.'
        )


def several_asked(
    text: str, brought: tuple[Topic, ...], dry: bool = False
) -> tuple[Meaning, tuple[str, ...]] | None:
    """What a text means that asks several things, each in its unit, and what to say about how it was read.

    Args:
        text: the question.
        brought: records of topics that sources bring.
        dry: whether land was called dry in it.

    Returns:
        None where it asks one thing, or one of them cannot be read.

    Raises:
        NotUnderstood: it asks too many, or can be cut in two ways that mean different things.
    """
    if dry or (len(_CUES.findall(text)) < 2 and not asked_of_each(text)):
        return None
    headed = _under_a_head(_unmarked(text), brought)
    if headed is not None:
        return table(headed)
    for words in in_plain_order(_unmarked(text)):
        if words != text and (one := read_alone(words, brought)) is not None and len(one) > 1:
            return table(one)
        cut = _Cut(words, brought)
        found = cut.ways()
        if not found and cut.open_part:
            raise NotUnderstood(
                f'Whether what "{cut.open_part}" says is meant for all that is asked is open; say it with each of them.'
            )
        meant = {tuple((part.meaning, part.unit) for part in parts): parts for parts in found}
        most = max(map(len, meant.values()), default=0)
        finest = [parts for parts in meant.values() if len(parts) == most]
        if len(finest) > 1 or (len(meant) > 1 and summed(text)):
            raise NotUnderstood(
                "The question asks several things and can be taken apart in more than one way; ask for each by itself."
            )
        if finest:
            refuse_behind_a_part(finest[0])
            return table(finest[0])
    return None


def _under_a_head(text: str, brought: tuple[Topic, ...]) -> Parts | None:
    """The parts of a list under a head that says where all of it is asked; None where there is no such head.

    "In the left half: number of houses, area of forest" is asked of that half, each part of it.
    """
    head = _HEAD.match(text)
    if head is None or _CUES.search(head["head"]):
        return None
    found = _Cut(head["rest"], brought).ways()
    most = max(map(len, found), default=0)
    finest = {tuple(part.said for part in parts) for parts in found if len(parts) == most}
    if len(finest) != 1:
        return None
    parts: list[OneAsked] = []
    for said in next(iter(finest)):
        read = (read_alone(words, brought) for words in _said_there(head["head"], said))
        one = next((each for each in read if each is not None), ())
        if len(one) != 1 or not _asked_there(one[0].meaning):
            return None
        parts += one
    return tuple(parts)


def _said_there(head: str, said: str) -> Iterator[str]:
    """One of a list with the head that stands over all of it, as it is said by itself.

    >>> list(_said_there("For the left half", "share of forest"))
    ['what percentage of the left half is forest']
    >>> list(_said_there("In the left half", "number of houses"))
    ['In the left half, number of houses', 'In the left half, what is the number of houses']
    """
    share = re.fullmatch(
        r"(?:the\s+)?(?:percentage|share|proportion|fraction)\s+of\s+(?P<of>[^,;]+)", said, re.IGNORECASE
    )
    part = re.fullmatch(r"(?:in|inside|within|for|on)\s+(?P<part>.+)", head, re.IGNORECASE)
    if share and part:
        yield f"what percentage of {part['part']} is {share['of']}"
        return
    head = re.sub(r"^(?:for|on)\b", "in", head, flags=re.IGNORECASE)
    yield f"{head}, {said}"
    yield f"{head}, what is the {re.sub(r'^the ', '', said)}"


def _asked_there(meaning: Meaning) -> bool:
    """Whether a place narrows what is asked, or is what a share is taken of."""
    return any(of.where or of.frame for of in every(meaning, Subject)) or any(
        cut.part for cut in every(meaning, Area | Share | Length)
    )


def _unmarked(text: str) -> str:
    """A text without the numbers, letters and dashes of a list, each a joint.

    >>> _unmarked("1) number of lakes 2) area of forest"), _unmarked("Are there more than 10? 3. Thanks")
    ('number of lakes ; area of forest', 'Are there more than 10? 3. Thanks')
    """
    labels = [found["number"] or found["bracket"] for found in _MARKER.finditer(text)]
    if len(labels) > 1 and "".join(labels) in ("123456789", "abcdef")[labels[0] == "a"]:
        text = _MARKER.sub("; ", text) if labels[0] in ("1", "a") else text
    return " ".join(_BULLET.sub("; ", text).split()).strip(" ;")


def table(parts: Parts) -> tuple[Meaning, tuple[str, ...]] | None:
    """The table of several parts and what to say about how they were read; None where all are one and the same.

    Raises:
        NotUnderstood: they are too many.
    """
    whole = of_whole_things(in_one_unit(parts))
    meanings = tuple(dict.fromkeys(part.in_unit() for part in whole))
    if len(meanings) > MOST:
        raise NotUnderstood(f"The question asks {len(meanings)} things; ask at most {MOST} at once.")
    notes = tuple(dict.fromkeys(note for part in whole for note in part.notes))
    return (Together(meanings), notes) if len(meanings) > 1 else None


def _of_the_same_part(text: str) -> str:
    """A text with the part of the image said again where a later question leaves it out.

    >>> _of_the_same_part("how much of the left half is forest and how much is water?")
    'how much of the left half is forest and how much of the left half is water?'
    """
    wholes = list(_OF_PART.finditer(text))
    if len(wholes) != 1:
        return text
    said, end = wholes[0]["whole"], wholes[0].end()
    return text[:end] + _AGAIN_OF_PART.sub(rf"\g<ask> of {said} ", text[end:])


class _Cut:
    """One text, cut at its joints."""

    def __init__(self, text: str, brought: tuple[Topic, ...]) -> None:
        text = _IN_BRACKETS.sub(r", and \1", text)
        text = _OF_THOSE.sub(r"\2 of \1", text)
        text = _SHARED.sub(r"\1 \4; \3 \4", text)
        of_image = _OF_IMAGE.search(text)
        text = text if of_image is None else _AGAIN.sub(f"how much of {of_image['whole']} ", text)
        text = _of_the_same_part(text)
        self.text = text.strip(" .?!,;")
        self.brought = brought
        joints = [(found.start(), found.end()) for found in _JOINT.finditer(self.text)]
        joints = [(start, end) for start, end in joints if start > 0 and end < len(self.text)]
        self.starts = [0, *(end for _, end in joints)]
        self.added = [False, *(bool(_PLUS.search(self.text[start:end])) for start, end in joints)]
        self.ends = [*(start for start, _ in joints), len(self.text)]
        self._alone: dict[tuple[int, int], Parts | None] = {}
        self.found: list[Parts] = []
        self.about: Subject | None = None
        self.open_part = ""

    def ways(self) -> list[Parts]:
        """Every way of taking all pieces for parts."""
        if 1 < len(self.starts) <= _MOST_PIECES:
            self._from(0, ())
        return self.found

    def _run(self, first: int, last: int) -> str:
        return self.text[self.starts[first] : self.ends[last]]

    def _from(self, place: int, before: Parts) -> None:
        if len(self.found) >= _MOST_WAYS:
            return
        if place == len(self.starts):
            if len(before) > 1:
                open_part = open_scope(before, self.about)
                self.open_part = open_part or self.open_part
                self.found += [] if open_part else [before]
            return
        for last in range(place, len(self.starts)):
            whole = place == 0 and last == len(self.starts) - 1
            for parts in self._parts(place, last, before, whole):
                parts = self._joined(parts, len(before), place)
                alike = before and type(parts[len(before)].meaning) is type(before[-1].meaning)
                if not (
                    self.added[place] and alike
                ):  # "the area of forest plus the area of grass" is one number
                    self._from(last + 1, parts)
        if not place and (about := first_named(self._run(0, 0), self.brought)) is not None:
            self.about = about
            self._from(1, ())

    def _joined(self, parts: Parts, known: int, place: int) -> Parts:
        joint = self.text[self.ends[place - 1] : self.starts[place]] if place else ""
        return (*parts[:known], *(replace(part, joint=joint) for part in parts[known:]))

    def _parts(self, first: int, last: int, before: Parts, whole: bool) -> list[Parts]:
        """The parts so far with a run of pieces, in every way it can be read."""
        found: list[Parts] = []
        alone = None if whole else self._read_alone(first, last)
        if alone is not None:
            # "The number of houses, lakes and forest area": lakes are counted, or have an area.
            return [] if first and begins_with_list(self._run(first, last)) else [(*before, *alone)]
        heads = first
        while heads < last and is_bare_head(self._run(heads, heads)):
            heads += 1
        for count in range(1, heads - first + 1):
            bare = [self._run(each, each) for each in range(first, first + count)]
            shared = distributed(bare, self._run(first + count, last), self._read_one)
            if shared is not None:
                found.append((*before, *shared))
        if not found and (before or self.about is not None):
            them = read_of_them(self._run(first, last), before, self.brought, self.about)
            if them is not None:
                found.append(them)
        return found

    def _read_alone(self, first: int, last: int) -> Parts | None:
        if (first, last) not in self._alone:
            self._alone[first, last] = self._read_one(self._run(first, last), first == 0)
        return self._alone[first, last]

    def _read_one(self, text: str, first: bool = False) -> Parts | None:
        if not _CUES.search(text) or asks_twice(text):
            return None
        left_open = _LEFT_OPEN.search(text) and not _INDIRECT.match(text)
        if not first and (left_open or _POINTS_BACK.search(text)):
            return None
        parts = read_alone(text, self.brought)
        related = parts is not None and _RELATES.search(text)
        return (
            None if related and not all(isinstance(part.meaning, _OF_TWO) for part in parts or ()) else parts
        )
