"""What shares a noun: "the number, total area and perimeter of lakes", "the area of forest and water, respectively"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from planimeter.coder.grammar.classes import CLASSES
from planimeter.coder.grammar.lexer import tokenize
from planimeter.coder.grammar.several_parts import Parts, fitting
from planimeter.errors import NotUnderstood
from planimeter.vocabulary.topics import nouns

_ADJECTIVES = (
    r"(?:total|overall|combined|average|mean|median|largest|smallest|biggest|maximum|minimum|max|min|standard|exact|"
    r"relative)"
)
_NOUNS = (
    r"(?:number|count|area|surface\s+area|size|surface|extent|footprint|acreage|share|percentage|proportion|fraction|"
    r"perimeter|length|density|power|deviation|coverage|quantity|areas|sizes|shares|percentages|numbers|counts|tally)"
)
_ARTICLES = r"(?:(?:the|their|its|an?|both)\s+)*"
_IMAGE = r"\s+of\s+(?:the\s+|this\s+)?(?:image|picture|scene|photo|map)"
_HEAD = rf"(?:{_ADJECTIVES}\s+)*{_NOUNS}(?:{_IMAGE})?"
_SIZE = re.compile(r"(?:size|area|footprint|extent|sizes|areas)$", re.IGNORECASE)
_SUMMED = re.compile(r"\b(?:total|combined|together|overall|sum|altogether|joint(?:ly)?)\b", re.IGNORECASE)


_WISHES = (
    "i'd like to know",
    "i'd like to see",
    "i would like to see",
    "i want to see",
    "i'd like",
    "i would like",
)


@cache
def _ask() -> str:
    phrases = sorted(
        (*CLASSES["ask"], *_WISHES, "show", "tell us", "compute for me", "what is", "what are"),
        key=len,
        reverse=True,
    )
    return rf"(?:(?:{'|'.join(re.escape(phrase) for phrase in phrases)})\s+(?:me\s+|us\s+)?)"


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], tuple[re.Pattern[str], ...]]:
    ask = _ask()
    bare = re.compile(
        rf"^(?:{ask})*{_ARTICLES}(?P<head>{_HEAD}|(?:{_ADJECTIVES}\s+)*{_ADJECTIVES})$", re.IGNORECASE
    )
    full = re.compile(
        rf"^(?:{ask})*{_ARTICLES}(?P<head>{_HEAD})\s+(?:of|for|in|among)\s+(?:all\s+(?:of\s+)?)?(?P<tail>.+)$",
        re.IGNORECASE,
    )
    heads = rf"{_ARTICLES}{_HEAD}(?:\s*,?\s*(?:and|as\s+well\s+as|plus|&|,)\s*{_ARTICLES}{_HEAD})+"
    # "for forest and water give me area and percentage", "Buildings: count, total area"
    front = re.compile(
        rf"^(?:for|of|regarding|concerning|about|considering|take)\s+(?P<noun>(?:the\s+)?[^?.:;]+?)\s*(?:[,:]\s+(?:please\s+)?(?:{ask})*"
        rf"|\s(?:please\s+)?(?:{ask})+)(?P<heads>{heads})[\s?.!]*$",
        re.IGNORECASE,
    )
    label = re.compile(
        rf"^(?P<noun>[a-z][^?.:;,]*?)\s*[:–—-]\s+(?:{ask})*(?P<heads>{heads})[\s?.!]*$", re.IGNORECASE
    )
    steps = re.compile(
        r"^(?:please\s+)?(?:find|identify|locate|detect|take|select|consider|look\s+at|pick)\s+(?:all\s+(?:of\s+)?)?(?P<noun>[^?.:;,]+?)"
        rf"\s*(?:[.;,]|\band\b)\s*(?:and\s+|then\s+)*(?:{ask})+(?=(?:their|its|the)\b)(?P<heads>{heads})[\s?.!]*$",
        re.IGNORECASE,
    )
    table = re.compile(
        rf"^(?:(?:{ask}|make|create|build|produce|draw\s+up)\s*(?:me\s+)?)*(?:a|one)\s+(?:small\s+|single\s+|short\s+)?"
        r"(?:table|overview|summary)\s+(?:with|of|showing|listing|containing|that\s+shows|that\s+lists)\s+",
        re.IGNORECASE,
    )
    return bare, full, table, (steps, front, label)


def is_bare_head(text: str) -> bool:
    """Whether a piece names a measure, or only which one ("mean"), and nothing that it is of.

    >>> is_bare_head("Give me the number"), is_bare_head("mean"), is_bare_head("area of forest")
    (True, True, False)
    """
    return _patterns()[0].match(text.strip()) is not None


def distributed(bare: list[str], full: str, read: Callable[[str], Parts | None]) -> Parts | None:
    """The parts of measures that share what they are of; None where one of them cannot be read.

    Args:
        bare: the measures in front ("the number", "mean").
        full: the last measure with what all are of ("total area of lakes and fields").
        read: reads one question.
    """
    pattern, last, *_ = _patterns()
    found = last.match(full.strip())
    if found is None:
        return None
    tail, unit = _without_unit(found["tail"])
    heads = [pattern.match(piece.strip())["head"] for piece in bare]  # type: ignore[index]
    noun = found["head"].split()[-1]
    if any(not re.search(rf"{_NOUNS}$", head, re.IGNORECASE) for head in heads) and not _SIZE.search(noun):
        return None
    heads = [head if re.search(rf"{_NOUNS}$", head, re.IGNORECASE) else f"{head} {noun}" for head in heads]
    heads.append(found["head"])
    names = listed_nouns(tail)
    if begins_with_list(tail) and not names:
        return None  # under conditions it is open whether each is meant, or all of them
    if names and any(_SUMMED.search(head) for head in heads):
        return None  # the number of each, and the area of all?
    parts: list[Parts] = []
    for name in names or [tail]:
        for head in heads:
            one = read(_question(head, name))
            if one is None or len(one) > 1:
                return None
            parts.append(one)
    of = [replace(part, of=None if names else 0) for one in parts for part in one]
    return _in_unit(tuple(of), unit)


def _question(head: str, name: str) -> str:
    of_image = re.search(_IMAGE, head, re.IGNORECASE)
    if of_image is not None:
        return f"what {head[: of_image.start()]} of the image is covered by {name}"
    return f"what is the {head} of {name}"


def _in_unit(parts: Parts, unit: str) -> Parts | None:
    """The parts with the unit that was named behind all of them; None where none of them has it."""
    if not unit:
        return parts
    (token,) = tokenize(unit)
    fitted = tuple(replace(part, unit=part.unit or fitting(part.meaning, token.unit)) for part in parts)
    return fitted if any(part.unit is not None for part in fitted) else None


def _without_unit(text: str) -> tuple[str, str]:
    """What stands in front of a unit that ends a text, and the unit; "" where there is none.

    >>> _without_unit("lakes in square metres"), _without_unit("lakes in the image")
    (('lakes', 'square metres'), ('lakes in the image', ''))
    """
    found = re.match(
        r"^(?P<rest>.+?),?\s+(?:\(?\s*(?:all\s+)?(?:measured\s+|expressed\s+|given\s+)?in|\()\s+?(?P<unit>[^,]+?)\)?$",
        text,
    )
    if found is None:
        return text, ""
    try:
        tokens = tokenize(found["unit"])
    except NotUnderstood:
        return text, ""
    one = len(tokens) == 1 and tokens[0].unit is not None and tokens[0].unit.dimension != "percent"
    return (found["rest"], found["unit"]) if one else (text, "")


@cache
def _noun() -> str:
    phrases = sorted(nouns(), key=len, reverse=True)
    return rf"(?:the\s+)?(?:{'|'.join(re.escape(phrase) for phrase in phrases)})"


@cache
def _list_pattern() -> re.Pattern[str]:
    noun = _noun()
    return re.compile(rf"\b{noun}(?:\s*,\s*{noun})*\s*,?\s+(?:and|&|plus)\s+{noun}\b", re.IGNORECASE)


def listed_nouns(text: str) -> list[str]:
    """The nouns of a text that is a list of nouns and nothing else; none where it is not.

    >>> listed_nouns("buildings, the lakes and fields"), listed_nouns("forest within 50 m of lakes and fields")
    (['buildings', 'the lakes', 'fields'], [])
    """
    if not _list_pattern().fullmatch(text.strip()):
        return []
    return [name.strip() for name in re.split(r"\s*,\s*(?:and\s+)?|\s+(?:and|&|plus)\s+", text.strip())]


def begins_with_list(text: str) -> bool:
    """Whether a text begins with a list of nouns."""
    return _list_pattern().match(text.strip()) is not None


def asked_of_each(text: str) -> bool:
    """Whether a text ends in "respectively" or a word like it."""
    return _EACH.search(text) is not None


def summed(text: str) -> bool:
    """Whether a text speaks of several together."""
    return _SUMMED.search(text) is not None


_EACH = re.compile(r",?\s+(?:respectively|separately|individually)[\s?.!]*$", re.IGNORECASE)
_BOTH = re.compile(
    rf"\bboth\s+(?=(?:the\s+|their\s+|its\s+)?(?:{_ADJECTIVES}|{_NOUNS}|how)\b)", re.IGNORECASE
)


def in_plain_order(text: str) -> Iterator[str]:
    """A text with what it is about behind what is asked of it, in every way that it can be brought to it.

    >>> list(in_plain_order("for all lakes over 1 ha give me number and area"))
    ['number and area of all lakes over 1 ha']
    """
    _, _, table, turned = _patterns()
    text = table.sub("", _BOTH.sub("", text))
    behind = _EACH.search(text)
    if behind is not None:
        told = _list_pattern().search(text)
        if told is None or _list_pattern().search(text, told.end()):
            return
        rest = text[: behind.start()]
        yield "; ".join(
            rest[: told.start()] + name + rest[told.end() :] for name in listed_nouns(told.group())
        )
        return
    for pattern in turned:
        if found := pattern.match(text):
            each = [] if summed(text) else listed_nouns(found["noun"])
            yield "; ".join(f"{found['heads']} of {name}" for name in each or [found["noun"]])
            return
    yield text
