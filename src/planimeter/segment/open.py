"""Topics of an open vocabulary: some by name, and any other noun phrase."""

from __future__ import annotations

from planimeter.vocabulary.topics import TOPICS, canonical

LONGEST = 80  # characters of a phrase


class OpenTopics(tuple[str, ...]):
    """The topics a segmenter has by name; every other noun phrase is one as well.

    Iterating gives the named ones. A synonym of a canonical topic ("houses") is not a topic of its own, so that it is
    read as what it stands for ("roof"), which is one.

    Example:
        >>> topics = OpenTopics(["water"])
        >>> list(topics), "water" in topics, "tennis courts" in topics, "lakes" in topics
        (['water'], True, True, False)
    """

    __slots__ = ()

    def __contains__(self, phrase: object) -> bool:
        if not isinstance(phrase, str) or tuple.__contains__(self, phrase):
            return isinstance(phrase, str)
        if canonical(phrase) is not None:
            return phrase in TOPICS
        return 0 < len(phrase) <= LONGEST and phrase.isprintable() and any(map(str.isalpha, phrase))

    def __add__(self, other: tuple[str, ...]) -> OpenTopics:  # type: ignore[override]
        return OpenTopics((*self, *other))

    def __radd__(self, other: tuple[str, ...]) -> OpenTopics:
        return OpenTopics((*other, *self))


def is_open(topics: tuple[str, ...]) -> bool:
    """Whether any noun phrase is a topic.

    Example:
        >>> is_open(OpenTopics()), is_open(("water",))
        (True, False)
    """
    return isinstance(topics, OpenTopics)
