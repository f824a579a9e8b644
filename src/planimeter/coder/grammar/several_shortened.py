"""Several things asked in fewer words: what the later ones leave out, said again.

"How many houses are within 20 m of water and how many within 50 m of a road?" leaves out of what; "how many are
not" and "how many are smaller" leave out the condition; "the largest and smallest lake" and "within 20, 50 and 100 m of
water" leave out all but what differs. Each is written out as questions that are read by themselves, and is taken only
where all of them are read, of the same things, and each with the one thing more that it says.
"""

from __future__ import annotations

import dataclasses
import re
from itertools import pairwise

from planimeter.coder.grammar.clothing import undress
from planimeter.coder.grammar.negation import negation
from planimeter.coder.grammar.several import table
from planimeter.coder.grammar.several_heads import summed
from planimeter.coder.grammar.several_parts import OneAsked, Parts, read_alone
from planimeter.coder.grammar.slips import expanded
from planimeter.errors import NotUnderstood
from planimeter.meaning.record import every, replace
from planimeter.meaning.records import (
    Away,
    Bounds,
    Condition,
    Count,
    Inside,
    Meaning,
    Size,
    SizeOf,
    Subject,
    Touching,
)
from planimeter.vocabulary.topics import EVERYWHERE, Topic

_COUNT = r"(?:how many|(?:what is )?(?:the )?(?:total )?number of)"
_FIRST = re.compile(rf"^{_COUNT} (?P<rest>.+)$", re.IGNORECASE)
# Where the next count begins; behind "how many of them" and "the number of lakes" stands what it is of.
_NEXT = re.compile(
    r"[,;:?.!]? (?:(?:and|but|then) ){0,2}(?:how many|(?:the )?number) (?!of\b)",
    re.IGNORECASE,
)
_VERBS = ("are", "lie", "stand", "touch", "border", "overlap", "have", "contain")
_ARE_THERE = re.compile(r" (?:are there|there are|exist)$", re.IGNORECASE)
_THERE = re.compile(r"^(?:are there|there are|that are|which are) ", re.IGNORECASE)
_IS_SO = re.compile(r"are|do", re.IGNORECASE)
_NEGATIVE = re.compile(r"\bnot\b|n't\b", re.IGNORECASE)
_NOT = re.compile(r"(?:(?:are|do|lie|stand) not|(?:are|do)n'?t|not)(?: there)?", re.IGNORECASE)
_BARE = re.compile(
    r"(?:are |lie |stand )?(?P<way>smaller|less|larger|bigger|greater|more|closer|nearer|farther|further)"
    r"(?: away| off)?(?: than (?:that|this))?",
    re.IGNORECASE,
)
_DOWN = {Size: ("smaller", "less"), Away: ("closer", "nearer", "less")}
_UP = {Size: ("larger", "bigger", "greater", "more"), Away: ("farther", "further", "more")}
# "… and how many within 50 m?" leaves out of what.
_BARE_DISTANCE = re.compile(
    r"(?:are |lie |stand )?(?P<way>within|(?:less|more|closer|farther|further|nearer) than) "
    r"[\d.,]+ ?[a-z]+(?P<away> away)?",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\d ?[a-z]+ (?:away )?(?:of|from|to) (?P<of>.+)$", re.IGNORECASE)
# What speaks of those before, or of what is left of them.
_ASIDE = re.compile(
    r"\b(?:it|its|they|them|their|those|these|that|also|too|only|just|still|even|both|others?|rest|remaining|else|"
    r"additionally|likewise|same|neither|none|such|which|who)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 5
_ACROSS = ("What lies across a border counts in each part of the image that it reaches.",)

_EXTREME = r"largest|biggest|smallest|tiniest"
_HOW_LARGE = r"how (?:large|big) (?:are|is)"
_OF_BOTH = re.compile(
    rf"^(?:{_HOW_LARGE} |(?:(?:what (?:is|are) )?the |what )?(?:area|size)s? of )?(?:both )?(?:the )?"
    rf"(?P<one>{_EXTREME}) (?:(?P<first>[^,;:?.!]+?),? )?(?:and|and {_HOW_LARGE}|and of) (?:the )?(?P<other>{_EXTREME})"
    r"(?: (?P<noun>[^,;:?.!]+))?$",
    re.IGNORECASE,
)
_SIZE_BEHIND = re.compile(r" (?:areas?|sizes?)$", re.IGNORECASE)
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_LIST = re.compile(
    rf"\b(?P<cue>within|than|over|under|above|below|at least|at most) (?P<values>{_NUMBER}(?P<unit>(?: ?[a-z]+[²2]?)?)"
    rf"(?:, {_NUMBER}(?P=unit))*,? and {_NUMBER})(?P<last> ?[a-z]+[²2]?)(?![\w²])",
    re.IGNORECASE,
)
_ITEMS = re.compile(r"(?:,? and |, )(?!\d)", re.IGNORECASE)
_LEAST_VALUES = 3


def shortened(text: str, brought: tuple[Topic, ...]) -> tuple[Meaning, tuple[str, ...]] | None:
    """What a text means that asks several things in fewer words, and what to say about how it was read.

    Args:
        text: a question that cannot be read in another way.
        brought: records of topics that sources bring.

    Returns:
        None where it is no such text, or one of the things cannot be read.

    Raises:
        NotUnderstood: it asks too many, or what a later one is asked of is open.
    """
    words = " ".join(undress(expanded(text)).text.split()).strip(" ?.!,;:")
    for read in (_counts, _sized, _extremes, _values):
        parts = read(words, brought)
        if parts is not None and len(set(parts)) == len(parts):
            return table(parts)
    return None


def _one(text: str, brought: tuple[Topic, ...]) -> OneAsked | None:
    parts = read_alone(text, brought)
    return parts[0] if parts is not None and len(parts) == 1 else None


def _count(text: str, brought: tuple[Topic, ...]) -> OneAsked | None:
    """A plain count of things with conditions; None where a text asks something else."""
    part = _one(text, brought)
    if part is None or part.unit is not None or not isinstance(part.meaning, Count):
        return None
    of = part.meaning.of
    plain = of == Subject(
        of.topics,
        of.where,
        kind=of.kind,
        plural=of.plural,
        said=of.said,
        definite=of.definite,
        regions=of.regions,
    )
    return part if plain and EVERYWHERE not in of.topics else None


# --- "How many houses are within 20 m of water, and how many are not?"


def _counts(text: str, brought: tuple[Topic, ...]) -> Parts | None:
    head = _FIRST.match(text)
    if head is None:
        return None
    first, *later = (_ARE_THERE.sub("", piece) for piece in _NEXT.split(head["rest"]))
    if not later or any(_ASIDE.search(piece) and not _BARE.fullmatch(piece) for piece in later):
        return None
    asked = _count(f"how many {first}", brought)
    noun, of = _things(first, brought)
    if asked is None or of is None or (more := _more(asked, of)) is None:
        return None
    parts = [asked]
    for piece in later:
        other = _contrary(piece, more, first) if len(later) == 1 else None
        part = (
            _count(_whole(noun, piece, first), brought)
            if other is None
            else OneAsked(Count(replace(of, where=(*of.where, other))), None, asked.notes)
        )
        if part is None or (its := _more(part, of)) is None:
            return None
        if _kind(its) != _kind(more):
            raise NotUnderstood(
                f'Is "how many {piece}" asked of all {noun}, or of those before? Say "of them" for those before, or '
                f'"how many {noun}" for all.'
            )
        parts.append(part)
    across = _ACROSS if sum(_reaches(part.meaning) for part in parts) > 1 else ()
    return tuple(dataclasses.replace(part, notes=(*part.notes, *across)) for part in parts)


def _things(first: str, brought: tuple[Topic, ...]) -> tuple[str, Subject | None]:
    """The things that a first count is of, in words and as they are read: what stands before its verb, or its noun."""
    words = first.split()
    verb = next((place for place, word in enumerate(words) if word.lower() in _VERBS), 0)
    for end in (verb,) if verb else range(1, min(_MOST_WORDS, len(words))):
        noun = re.sub(r" (?:that|which|there)$", "", " ".join(words[:end]), flags=re.IGNORECASE)
        part = _count(f"how many {noun} are there", brought)
        if part is not None and isinstance(part.meaning, Count):
            return noun, part.meaning.of
    return "", None


def _more(part: OneAsked, of: Subject) -> Condition | None:
    """The one condition that a count has more than the things that it is of; None where that is not one."""
    assert isinstance(part.meaning, Count)
    its = part.meaning.of
    more = [value for value in its.where if value not in of.where]
    same = replace(its, where=()) == replace(of, where=()) and set(of.where) < set(its.where)
    return more[0] if same and len(more) == 1 else None


def _whole(noun: str, piece: str, first: str) -> str:
    """A later count with what it leaves out.

    >>> _whole("houses", "within 50 m", "houses are within 20 m of water")
    'how many houses are within 50 m of water'
    """
    piece = _THERE.sub("", piece)
    reference, bare = _REFERENCE.search(first), _BARE_DISTANCE.fullmatch(piece)
    if reference is not None and bare is not None:
        within = bare["way"].lower() == "within" and not bare["away"]
        piece = f"{piece} {'of' if within else 'from'} {reference['of']}"
    verb = "" if piece.split()[0].lower() in _VERBS else "are "
    return f"how many {noun} {verb}{piece}"


def _contrary(piece: str, condition: Condition, first: str) -> Condition | None:
    """What "are not" or "are smaller" says behind a condition; None where a count says something of its own.

    "Larger than 100 m², and how many are smaller?" leaves out what has just that size, as it says.
    """
    if _NOT.fullmatch(piece) or (_IS_SO.fullmatch(piece) and _NEGATIVE.search(first)):
        return negation(condition)
    bare = _BARE.fullmatch(piece)
    if bare is None or not isinstance(condition, Size | Away):
        return None
    bounds, way = condition.bounds, bare["way"].lower()
    if bounds.low is not None and bounds.high is None and way in _DOWN[type(condition)]:
        return replace(condition, bounds=Bounds(high=bounds.low))
    if bounds.high is not None and bounds.low is None and way in _UP[type(condition)]:
        return replace(condition, bounds=Bounds(low=bounds.high))
    return None


def _reaches(meaning: Meaning) -> bool:
    """Whether things count that reach into a part of the image."""
    return any(
        value.reference.frame is not None and not value.outside and not value.entirely
        for value in every(meaning, Inside)
    )


def _kind(condition: Condition) -> str:
    """What a condition is of: conditions of one kind stand beside each other, others may be meant one in another."""
    if isinstance(condition, Inside) and condition.reference.frame is not None:
        return "part of the image"
    return "place" if isinstance(condition, Away | Inside | Touching) else type(condition).__name__


# --- "How many fields larger than 1 ha and lakes smaller than 1 ha are there?"


def _sized(text: str, brought: tuple[Topic, ...]) -> Parts | None:
    """Counts of things that each have a size of their own; one without may share it, or have none."""
    head = re.match(rf"^(?:{_COUNT}|count) (?P<rest>.+)$", text, re.IGNORECASE)
    if head is None or summed(text):
        return None
    items = _ITEMS.split(_ARE_THERE.sub("", head["rest"]))
    if not 1 < len(items) <= 2 * _MOST_WORDS:
        return None
    parts = []
    for item in items:
        part = _count(f"how many {item} are there", brought)
        if part is None or not _of_own_size(part.meaning):
            return None
        parts.append(part)
    return tuple(parts)


def _of_own_size(meaning: Meaning) -> bool:
    return (
        isinstance(meaning, Count)
        and any(meaning.of.where)
        and all(isinstance(value, Size) for value in meaning.of.where)
    )


# --- "How large are the largest and the smallest lake?"


def _extremes(text: str, brought: tuple[Topic, ...]) -> Parts | None:
    found = _OF_BOTH.match(text)
    if found is None:
        return None
    noun, first = (_SIZE_BEHIND.sub("", found[name] or "") for name in ("noun", "first"))
    noun = "" if noun.lower() in ("one", "ones") else noun
    parts = []
    for extreme, of in ((found["one"], first or noun), (found["other"], noun or first)):
        said = (f"how large is the {extreme} {of}", f"how large is the {extreme} of the {of}")
        part = next((one for words in said if of and (one := _one(words, brought)) is not None), None)
        if part is None or not _is_extreme(part.meaning):
            return None
        parts.append(part)
    one, two = (about for part in parts for about in every(part.meaning, Subject) if about.pick is not None)
    if one.joined or two.joined or (first and noun and one.where != two.where):
        # "the largest lake and the smallest house within 50 m of a road": one of them, or both?
        return None
    return tuple(parts) if one != two else None


def _is_extreme(meaning: Meaning) -> bool:
    return isinstance(meaning, SizeOf) and meaning.of.pick is not None and meaning.of.pick.count == 1


# --- "How many houses are within 20, 50 and 100 m of water?"


def _values(text: str, brought: tuple[Topic, ...]) -> Parts | None:
    """One question with each of three values or more; two may be the ends of one range."""
    lists = list(_LIST.finditer(text))
    if len(lists) != 1:
        return None
    (found,) = lists
    if found["unit"] and found["unit"].strip() != found["last"].strip():
        return None
    values = re.findall(_NUMBER, found["values"])
    parts = []
    for value in values:
        said = f"{text[: found.start('values')]}{value}{found['last']}{text[found.end() :]}"
        part = _one(said, brought)
        if part is None or not _says(part.meaning, value):
            return None
        parts.append(part)
    if len(values) < _LEAST_VALUES:
        raise NotUnderstood(
            f'Is "{found["values"]}{found["last"]}" one range, or two limits? Say "between" for a range, or '
            "ask for one after the other."
        )
    alike = all(type(one.meaning) is type(two.meaning) for one, two in pairwise(parts))
    return tuple(parts) if alike else None


def _says(meaning: Meaning, value: str) -> bool:
    number = float(value.replace(",", ""))
    ends = [end for bounds in every(meaning, Bounds) for end in (bounds.low, bounds.high) if end is not None]
    return number in [end.value for end in ends]
