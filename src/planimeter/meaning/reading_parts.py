"""Meaning → words where parts of the image are compared, and where regions hold others."""

from __future__ import annotations

from planimeter.meaning.reading import frame_name, limits, phrase, several
from planimeter.meaning.records import ByPart, Count, Density, Holding, OfGround, Share, Subject, WhichPart


def phrase_of_parts(meaning: WhichPart | ByPart) -> str:
    """A comparison of parts of the image as a noun phrase."""
    things = several(Subject(meaning.of.of.topics)) if _whole(meaning.of) else ""
    across = f"; {things} across a border count in each part that they reach" if things else ""
    names = [part_named(part) for part in meaning.parts]
    if isinstance(meaning, ByPart):
        return f"the {_of_each(meaning.of)}, of {_listed(names, 'and')} of the image{across}"
    extreme = "largest" if meaning.most else "smallest"
    return f"which part of the image has the {extreme} {_of_each(meaning.of)}: {_listed(names, 'or')}{across}"


def part_named(part: Subject) -> str:
    """A part of the image by the name it was asked by, and by its sides where that is another one."""
    lies = frame_name(part.frame).removesuffix(" of the image")
    return lies if lies == f"the {part.said}" else f"the {part.said} ({lies})"


def holding(value: Holding) -> str:
    """What regions hold, as it follows their noun."""
    many = several(value.reference, cover=not value.reference.counted and (value.none or value.some))
    number = "no" if value.none else "any" if value.some else limits(value.bounds)
    if value.around:
        return f"surrounding {number} {many}"
    return f"holding {number} {many} (at least in part)"


def _whole(of: OfGround) -> bool:
    """Whether things are counted, each as a whole."""
    return isinstance(of, Count | Density)


def _of_each(of: OfGround) -> str:
    """A quantity of one part of the image, without an article."""
    if isinstance(of, Share):
        return f"percentage of its ground covered by {several(of.of, cover=True)}"
    if isinstance(of, Density):
        return f"number of {several(of.of)} per {of.per.symbol} of its ground"
    return phrase(of).removeprefix("the ")


def _listed(names: list[str], word: str) -> str:
    return f"{', '.join(names[:-1])} {word} {names[-1]}"
