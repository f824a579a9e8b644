"""Second thoughts on single things and all of them together: what "the buildings area" is, and what covers 8 %."""

from __future__ import annotations

from itertools import pairwise

from planimeter.coder.grammar.lexer import Token
from planimeter.errors import NotUnderstood
from planimeter.meaning.record import replace
from planimeter.meaning.records import Count, ImageArea, Meaning, Share, Sized, Which
from planimeter.vocabulary.topics import topic_of

_AREA = frozenset(("area", "surface", "footprint", "acreage"))
_COVER = frozenset(("cover", "covers", "occupy", "occupies"))
_ASKED = frozenset(
    ("how", "many", "number", "count", "that", "which", "each", "single", "list", "individual")
)


def area_of_things(meaning: Meaning, tokens: list[Token]) -> Meaning:
    """ "What percentage of the buildings area is within 50 m of water?" is of their area, and not of their number."""
    if not isinstance(meaning, Share) or not meaning.by_count:
        return meaning
    last = meaning.of.said.split()[-1:]
    said = any([first.text] == last and then.text in _AREA for first, then in pairwise(tokens))
    return replace(meaning, by_count=False) if said else meaning


def all_or_single(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Houses cover more than 8 % of the image" is a statement of all houses, and no condition on single ones.

    Raises:
        NotUnderstood: it was read as one.
    """
    if not isinstance(meaning, Count):
        return
    of_image = any(isinstance(each, Sized) and isinstance(each.to, ImageArea) for each in meaning.of.where)
    texts = {token.text for token in tokens}
    if of_image and texts & _COVER and not texts & _ASKED:
        many = topic_of(meaning.of.topics[0]).many
        raise NotUnderstood(
            f'This says something of all {many} or of single ones, and asks nothing; ask "Do {many} cover more than '
            f'… of the image?" or "How many {many} cover more than … of the image?".'
        )


_FREQUENT = frozenset(
    (
        "common",
        "commonest",
        "commoner",
        "abundant",
        "prevalent",
        "rare",
        "rarer",
        "rarest",
        "scarce",
        "scarcest",
    )
)


def common_by_number(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Which are more common, houses or lakes?": in number, or by the ground they cover.

    Raises:
        NotUnderstood: things were compared by area by a word that counts them too.
    """
    if not isinstance(meaning, Which) or meaning.by != "area" or len(meaning.options) < 2:
        return
    things = all(each.kind == "thing" and each.plural for each in meaning.options)
    said = next((token.said for token in tokens if token.text in _FREQUENT), None)
    if things and said is not None:
        one, two = (topic_of(each.topics[0]).many for each in meaning.options[:2])
        raise NotUnderstood(
            f'Is "{said}" meant in number, or by area? Ask "Are there more {one} than {two}?", or "Which has the '
            f'larger area, …?".'
        )
