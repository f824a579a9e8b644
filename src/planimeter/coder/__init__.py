"""Question → program.

A coder turns the words of a question into the text of a program for Planimeter's program API. It sees the
question, the topics that can be measured and the scale, never a pixel. The built-in coder is a grammar:
offline, deterministic, and it says no rather than guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from planimeter.meaning.program import Program
from planimeter.vocabulary.topics import Topic

__all__ = ["Coder", "Program", "Request", "builtin_coder", "find_coder", "stated_gsd"]


@dataclass(frozen=True)
class Request:
    """What a coder is asked.

    Attributes:
        text: the question, as typed.
        topics: canonical topics that can be measured in this scene, composed ones included.
        gsd: metres per pixel where known, else None.
        brought: records of topics that the scene's sources bring.
        by_pixels: whether counts of pixels stand for areas; they do not where pixels differ in size on the ground.
        exclusive: groups of topics no two of which ever share a pixel, as labels of one map.
        layered: topics of vector layers, whose shapes may lie on each other.
        area: whether an area of interest ends what is measured.
        before: topics that can be measured at an earlier date as well; None where there is no earlier image.
        metric: whether a scale is known, though perhaps not one ``gsd`` for all scenes.
        north: the side of the image that looks north ("up", "down", "left", "right", with "mirrored" behind it where
            east lies to the left of north); None where it is not known.
    """

    text: str
    topics: tuple[str, ...]
    gsd: float | None = None
    brought: tuple[Topic, ...] = ()
    by_pixels: bool = True
    exclusive: tuple[tuple[str, ...], ...] = ()
    layered: tuple[str, ...] = ()
    area: bool = False
    before: tuple[str, ...] | None = None
    metric: bool = True
    north: str | None = None


class Coder(Protocol):
    """Anything that turns a request into a program."""

    name: str

    def write(self, request: Request) -> Program:
        """The program for a request.

        Raises:
            NotUnderstood: the question has words or a form this coder does not know.
            NotMeasurable: the question was understood, but asks for something that cannot be measured here.
        """
        ...


def builtin_coder() -> Coder:
    """The built-in coder, loaded on first use.

    >>> request = Request("How many houses are within 50 m of water?", topics=("roof", "water"))
    >>> print(builtin_coder().write(request).reading)
    The number of buildings within 50 m of water.
    """
    from planimeter.coder.grammar import BuiltinCoder

    return BuiltinCoder()


def find_coder(wanted: Coder | str | None = None, *options: Any, **named: Any) -> Coder:
    """The coder that a name stands for: "builtin", "auto", or a language model; ``coder/find.py`` has the
    options.

    >>> find_coder().name
    'rewriter'
    """
    from planimeter.coder.find import find_coder as find

    return find(wanted, *options, **named)


def stated_gsd(text: str) -> float | None:
    """Metres per pixel that a question states, as in "(GSD: 0.3m)", or None.

    >>> stated_gsd("How much forest is there? (GSD: 30 cm)")
    0.3
    """
    from planimeter.coder.grammar.lexer import read_gsd

    return read_gsd(text)
