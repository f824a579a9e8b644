"""Second thoughts on wholes: of which whole a share is, what is divided by what, and which holder is meant."""

from __future__ import annotations

from itertools import pairwise

from planimeter.coder.grammar.brought import nouns_at
from planimeter.coder.grammar.lexer import Token
from planimeter.coder.word_lists import listed
from planimeter.errors import NotUnderstood
from planimeter.meaning.reading import condition as describe
from planimeter.meaning.reading import frame_name, of_size
from planimeter.meaning.record import every, replace
from planimeter.meaning.records import (
    All,
    Area,
    Away,
    Comparison,
    Density,
    Distance,
    Holding,
    Inside,
    Matched,
    Meaning,
    NetChange,
    PerItem,
    Ratio,
    Share,
    Subject,
    Threshold,
    Touching,
    WhichPart,
)
from planimeter.meaning.restrict import lying_in
from planimeter.vocabulary.topics import EVERYWHERE, topic_of

_PRESENT = listed("is are lie lies")
_HOLDS = listed("contain contains have has hold holds host hosts enclose encloses")
_AREA = listed("area areas surface extent footprint footprints size acreage coverage hectares acres")
_NUMBER = listed("number count many density patches regions bodies")


def of_holders_asked(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Do all fields contain a house, larger than 1 ha?" asks whether they do, and not how large those are that do.

    Raises:
        NotUnderstood: the verb that asks was read as one that chooses.
    """
    if not isinstance(meaning, All) or not tokens or tokens[0].text not in ("do", "does"):
        return
    if not any(isinstance(value, Holding) for value in meaning.of.where):
        return
    for one, two in pairwise(tokens):
        if two.text in _HOLDS and one.text not in ("that", "which", "there"):
            many = topic_of(meaning.of.topics[0]).many
            raise NotUnderstood(
                f'Is it asked whether all {many} "{two.text}" that, or what is true of those that do? Say "that '
                f'{two.text}" for those that do, and put each condition directly behind its noun.'
            )


def share_where(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Is the share of forest in the left half higher than …": of that half, or of all forest.

    Raises:
        NotUnderstood: says what to ask for each.
    """
    if not isinstance(meaning, Comparison | Threshold | NetChange):
        return
    if not any(one.text in ("share", "percentage", "proportion", "fraction", "percent") for one in tokens):
        return
    texts = [token.text for token in tokens]
    for share in every(meaning, Share):
        if (
            share.by_count
            or EVERYWHERE in share.of.topics
            or any(one in _PRESENT and two == "in" for one, two in pairwise(texts))
        ):
            continue
        where = share.of.where if share.of_image else share.part
        if len(where) != 1 or not isinstance(where[0], Inside) or where[0].reference.frame is None:
            continue
        cover = topic_of(share.of.topics[0]).mass
        place = frame_name(where[0].reference.frame).removesuffix(" of the image")
        raise NotUnderstood(
            f'Is that of {place}, or of all {cover}? Ask "what percentage of {place} is {cover}", or "what percentage '
            f'of the {cover} is in {place}".'
        )


def built_since(meaning: Meaning, tokens: list[Token]) -> None:
    """ "How many houses were built within 50 m of water?": between two dates, or those that stand there.

    Raises:
        NotUnderstood: "were built" was read as where they stand.
    """
    if every(meaning, Matched) or any(of.fate for of in every(meaning, Subject)):
        return
    for one, two in pairwise(tokens):
        if one.text in ("was", "were", "got", "been") and two.text in (
            "built",
            "constructed",
            "erected",
            "added",
        ):
            many = next((topic_of(of.topics[0]).many for of in every(meaning, Subject)), "they")
            raise NotUnderstood(
                f'"{one.text} {two.text}" asks what is new, or where they stand; ask "how many new {many} …" of two '
                f'dates, or "how many {many} are …".'
            )


def area_per_area(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The area of forest per hectare of fields" is no number of forests, nor "per area of houses" one per house.

    Raises:
        NotUnderstood: says what to ask.
    """
    texts = [token.text for token in tokens]
    per = next((place for place, text in enumerate(texts) if text == "per"), None)
    if per is None:
        return
    for density in every(meaning, Density):
        of, words = density.of, set(texts[:per])
        area = words & _AREA and not words & _NUMBER
        if area or (of.kind != "thing" and not (of.regions or of.plural or words & _NUMBER)):
            mass = topic_of(of.topics[0]).mass
            raise NotUnderstood(
                f"Is that an area of {mass} per area? Ask for the percentage that {mass} covers; for a number say "
                f'"the number of {topic_of(of.topics[0]).many} per {density.per.symbol}".'
            )
    if not every(meaning, PerItem | Ratio):
        return
    beside = [length for _, length in nouns_at(tokens, per + 1)] if per + 1 < len(tokens) else []
    behind = per + 1 + max(beside, default=0)
    if _AREA & set(texts[behind : behind + 1]):
        raise NotUnderstood(
            'A number "per area" of something is not divided by how many there are; ask for "the ratio of the area of '
            '… to the area of …", or for a number per hectare of it.'
        )


def neither_panels(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Houses with neither solar panels nor a road within 50 m" bear no panels, however near others are.

    Raises:
        NotUnderstood: the distance behind the last was read of the panels as well.
    """
    words = [token.text for token in tokens]
    if "neither" not in words or "nor" not in words:
        return
    first = words[words.index("neither") + 1 : words.index("nor")]
    if any(token.number is not None for token in tokens[words.index("neither") : words.index("nor")]):
        return
    for of in every(meaning, Subject):
        for value in of.where:
            if isinstance(value, Away) and value.reference.topics == ("solar",) and of.topics == ("roof",):
                raise NotUnderstood(
                    f'Is the distance meant of "{" ".join(first)}" as well? Ask for buildings without solar '
                    "panels that lie more than that distance from the other."
                )


def share_of_those(meaning: Meaning, tokens: list[Token]) -> Meaning:
    """ "The percentage of houses larger than 100 m² that are within 50 m of water" is of those that are that large.

    Args:
        meaning: as parsed, perhaps a share of all of them that meet both conditions.
        tokens: the question.

    Raises:
        NotUnderstood: there are more conditions than two, so that it is open which are those of the whole.
    """
    if not isinstance(meaning, Share) or meaning.of_image or len(meaning.part) < 2 or meaning.of.where:
        return meaning
    texts = [token.text for token in tokens]
    relatives = [place for place, text in enumerate(texts) if text in ("that", "which", "who")]
    limits = [
        place for place, token in enumerate(tokens) if token.unit is not None or token.number is not None
    ]
    place = relatives[0] if relatives else 0
    told = place > 2 and texts[place - 1] not in ("and", "but", "or") and not tokens[place].before
    verb = next((n for n, text in enumerate(texts) if text in _PRESENT), len(texts))
    if (
        not told
        or verb < place
        or not (set(_narrows(tokens, place)) or any(limit < place for limit in limits))
    ):
        return meaning
    if len(meaning.part) > 2 or len(relatives) > 1:
        many = topic_of(meaning.of.topics[0]).many
        raise NotUnderstood(
            f'Of which {many} is the share? Begin with them: "Of the {many} …, what percentage …?"'
        )
    return replace(meaning, of=replace(meaning.of, where=meaning.part[:1]), part=meaning.part[1:])


def _narrows(tokens: list[Token], end: int) -> list[int]:
    """The places in front of one at which a condition without a number begins."""
    return [
        place
        for place in range(end)
        if tokens[place].text in ("touching", "with", "without", "in", "on", "near")
    ]


def larger_than_its_holder(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Fields with a house that are larger than 1 ha": the fields are, for a house is one.

    Raises:
        NotUnderstood: what several are was read of the one that they hold.
    """
    for of in every(meaning, Subject):
        for value in of.where:
            if not isinstance(value, Holding) or not value.reference.where:
                continue
            for place in range(len(tokens) - 2):
                for noun, length in nouns_at(tokens, place):
                    behind = [token.text for token in tokens[place + length : place + length + 2]]
                    one = (
                        tokens[place].indefinite and noun.topic in value.reference.topics and not noun.plural
                    )
                    if (
                        one
                        and behind[:1] in (["that"], ["which"])
                        and behind[1:] in (["are"], ["lie"], ["have"])
                    ):
                        many = topic_of(of.topics[0]).many
                        raise NotUnderstood(
                            f'"that {behind[1]} …" is said of the {many}, behind what they hold; say it in front of '
                            f'that: "{many} … with a {tokens[place].said}".'
                        )


def of_the_ground(meaning: Meaning) -> Meaning:
    """ "The left half that is forest within 50 m of water": the ground is within 50 m, not a whole patch of forest."""
    if not isinstance(meaning, Share) or meaning.by_count or EVERYWHERE not in meaning.of.topics:
        return meaning
    part = tuple(
        each
        for value in meaning.part
        for each in (
            lying_in(value.reference)
            if isinstance(value, Inside) and not (value.outside or value.entirely)
            else (value,)
        )
    )
    return replace(meaning, part=part)


def whole_or_there(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The distance of houses to forest in the left half": to whole patches, to the part there, of houses there?

    Raises:
        NotUnderstood: a place is said of a cover that others are measured to or lie in.
    """
    told = [pair.to for pair in every(meaning, Distance)]
    told += [value.reference for value in every(meaning, (Away, Touching))]
    for cover in told:
        places = [value for value in cover.where if not of_size(value)]
        if cover.kind == "thing" or cover.regions or cover.pick is not None or not places:
            continue
        if EVERYWHERE in cover.topics:
            continue
        mass, said = topic_of(cover.topics[0]).mass, describe(places[-1])
        raise NotUnderstood(
            f'Is "{said}" said of what is asked for, or of the {mass} that it is measured to? Say it right behind what '
            f"is asked for where it is meant of that; of {mass} name whole patches, such as the largest."
        )


def share_of_things(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Which quadrant has the largest share of the houses?": of their number, or of their area.

    Raises:
        NotUnderstood: parts of the image are compared by the area of things of which a share was said.
    """
    if not isinstance(meaning, WhichPart) or not isinstance(meaning.of, Area) or not meaning.of.of.counted:
        return
    if any(token.text in ("share", "percentage", "proportion", "fraction") for token in tokens):
        many = topic_of(meaning.of.of.topics[0]).many
        raise NotUnderstood(
            f'Is that by the number of {many}, or by their area? Ask which has "the most {many}", or "the largest area '
            f'of {many}".'
        )


DOUBTS = (
    share_of_things,
    whole_or_there,
    of_holders_asked,
    share_where,
    built_since,
    area_per_area,
    neither_panels,
    larger_than_its_holder,
)
