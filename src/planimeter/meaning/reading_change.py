"""Meanings of two dates in words."""

from __future__ import annotations

from planimeter.meaning.change import GROWN
from planimeter.meaning.reading import all_conditions, phrase, picked, several
from planimeter.meaning.records import (
    Changed,
    ChangedMost,
    Matched,
    NetChange,
    Subject,
    Transitions,
    Turnover,
)
from planimeter.spatial.change import MATCH
from planimeter.vocabulary.topics import topic_of

_THEN_AND_NOW = {
    "lost": "there at the earlier date and not at the later",
    "gained": "there at the later date and not at the earlier",
    "kept": "there at both dates",
}
_ONE = f"two being one where they share at least {100 * MATCH:g} % of the smaller"
_THINGS = {
    "new": "that are new, with none of the earlier date in their place",
    "gone": "of the earlier date that are gone, with none of the later in their place",
    "kept": "of the earlier date that are still there",
    "grown": f"that have grown by more than {100 * GROWN:g} % of their earlier area",
    "shrunk": f"that have shrunk by more than {100 * GROWN:g} % of their earlier area",
}


_PATCHES = {
    "lost": "that were lost, connected ground that is {name} at the earlier date and not at the later",
    "gained": "that were gained, connected ground that is {name} at the later date and not at the earlier",
}


def fated(of: Subject) -> str:
    """A set of regions with what became of them between two dates; see ``Subject.fate``.

    >>> from planimeter.meaning.records import Subject
    >>> fated(Subject(("roof",), fate="new"))[:61]
    'buildings that are new, with none of the earlier date in thei'
    """
    placed = f" {all_conditions(of.where)}" if of.where else ""
    if of.fate in _PATCHES:
        name = " and ".join(topic_of(topic).mass for topic in of.topics)
        text = f"patches of {name}{placed} {_PATCHES[of.fate].format(name=name)}"
    else:
        text = (
            f"{' and '.join(topic_of(topic).many for topic in of.topics)}{placed} {_THINGS[of.fate]}, {_ONE}"
        )
    if of.pick is not None:
        text = f"{picked(of.pick, None)} of the {text}"
    return text + (f", that are {all_conditions(of.then)}" if of.then else "")


def phrase_of_change(
    meaning: Changed | NetChange | Matched | Turnover | Transitions | ChangedMost,
) -> str:
    """A meaning of two dates as a noun phrase.

    >>> from planimeter.meaning.records import Subject
    >>> phrase_of_change(Changed(Subject(("forest",)), "lost"))
    'the area of forest that was lost, there at the earlier date and not at the later'
    """
    match meaning:
        case Changed(of, what, other, _, percent):
            cover = several(of, cover=True)
            if other is not None:
                beside = several(other, cover=True)
                then, now = (cover, beside) if what == "lost" else (beside, cover)
                text = f"that was {then} at the earlier date and is {now} at the later"
                if percent:
                    return f"the area {text}, as a percentage of the earlier area of {cover}"
                return f"the area {text}"
            text = f"the area of {cover} that was {what}, {_THEN_AND_NOW[what]}"
            return f"{text}, as a percentage of its earlier area" if percent else text
        case NetChange(of, way, percent):
            word = {"change": "net change", "growth": "net growth", "loss": "net loss"}[way]
            order = "earlier date minus later" if way == "loss" else "later date minus earlier"
            text = f"the {word} of {phrase(of)}, {order}"
            return f"{text}, as a percentage of the earlier value" if percent else text
        case Matched(of, what, by, _, percent):
            many = several(of)
            text = f"the {'total area' if by == 'area' else 'number'} of {many} {_THINGS[what]}, {_ONE}"
            if not percent:
                return text
            whole = "area" if by == "area" else "number"
            return f"{text}, as a percentage of the {whole} of {many} at the earlier date"
        case ChangedMost(of, way):
            one = topic_of(of.topics[0]).one
            if way == "shrunk":
                return (
                    f"where the {one} of the earlier date lies that lost the most area, by what of it is none at the "
                    f"later date, of those that are still there, {_ONE}"
                )
            return (
                f"where the {one} lies that gained the most area, by what of it was none at the earlier date, of those "
                f"that were there, {_ONE}"
            )
        case Turnover(covers, _, percent):
            what = "percentage of the ground that both dates show" if percent else "area of ground"
            return f"the {what} whose land cover is another at the later date{_listed(covers)}"
        case Transitions(of, to, covers):
            then = "all ground" if of is None else several(of, cover=True)
            now = "" if to is None else f", as far as it is {several(to, cover=True)} now"
            return f"what {then} of the earlier date is at the later date, with areas{now}{_listed(covers)}"
    raise AssertionError(meaning)


def _listed(covers: tuple[object, ...]) -> str:
    names = [several(cover, cover=True) for cover in covers]  # type: ignore[arg-type]
    return f" (told apart: {', '.join(names)})" if names else ""
