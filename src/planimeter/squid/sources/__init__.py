"""Where labelled images come from, one file per data set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

from planimeter.errors import InputError, UsageError
from planimeter.squid.sources import buildings, deepglobe, dubai, earthvqa, panels, plain, roads, worlds
from planimeter.squid.sources.base import LabelledImage
from planimeter.squid.sources.naip import AnsweredImage, answered

SOURCES: dict[str, Callable[[str, float | None], list[LabelledImage]]] = {
    "deepglobe": deepglobe.images,
    "earthvqa": earthvqa.images,
    "loveda": earthvqa.images,
    "solar": panels.images,
    "dubai": dubai.images,
    "roads": roads.images,
    "buildings": buildings.images,
    "folder": plain.images,
    "worlds": worlds.images,
}
"""What ``SOURCE`` may be on the command line, besides ``naip:FOLDER`` with people's answers."""


def read_source(text: str, gsd: float | None = None) -> list[LabelledImage] | list[AnsweredImage]:
    """The images that a SOURCE such as "deepglobe:data/deepglobe" or "worlds:40" stands for.

    Args:
        text: NAME:FOLDER, or worlds:COUNT.
        gsd: metres per pixel stated for the source.

    Raises:
        UsageError: no such source.
        InputError: nothing there.
    """
    name, colon, rest = text.partition(":")
    if name == "naip" and colon:
        return answered(rest, gsd)
    if name not in SOURCES or not colon:
        raise UsageError(
            f"{text[:60]!r} is no source: write NAME:FOLDER with NAME one of {', '.join([*SOURCES, 'naip'])} "
            "(worlds takes a number: worlds:40)."
        )
    return SOURCES[name](rest, gsd)


def chosen_images(
    images: Sequence[LabelledImage | AnsweredImage], patterns: Sequence[str] | None, source: str
) -> list[LabelledImage | AnsweredImage]:
    """The images whose names fit one of several patterns; all of them without patterns.

    Args:
        images: of one source.
        patterns: such as "tile2_*", or "every 5" for the last of every five.
        source: what errors call it.

    Raises:
        InputError: no image fits one of the patterns.
    """
    if patterns is None:
        return list(images)
    kept: set[int] = set()
    for pattern in patterns:
        found = {id(image) for image in _fitting(images, pattern)}
        if not found:
            raise InputError(
                f"No image of {source} is called {pattern!r}: names have no folder and no ending."
            )
        kept |= found
    return [image for image in images if id(image) in kept]


def _fitting(
    images: Sequence[LabelledImage | AnsweredImage], pattern: str
) -> Sequence[LabelledImage | AnsweredImage]:
    """The images whose names fit a pattern, or the last of every N in the order of names."""
    count = pattern.removeprefix("every ")
    if count != pattern and count.isdecimal() and int(count):
        return sorted(images, key=lambda image: image.name)[int(count) - 1 :: int(count)]
    return [image for image in images if fnmatchcase(image.name, pattern)]
