"""Second thoughts on a parse: readings that fit the grammar and would still be a wrong answer.

Each doubt is about one kind of question that people ask and that has two honest readings, or none that a mask can
give. It refuses with what to say instead, or, where one reading is clearly meant, puts it in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from planimeter.coder.grammar.classes import CLASSES
from planimeter.coder.grammar.doubts_holding import fate_of_which, of_holder_or_held, others_in_part
from planimeter.coder.grammar.doubts_image import (
    in_two_parts,
    one_of_each_part,
    over_its_part,
    per_hectare_of_what,
    share_of_what,
    so_many_on_so_much,
)
from planimeter.coder.grammar.doubts_parts import DOUBTS
from planimeter.coder.grammar.doubts_scope import DOUBTS as OF_SCOPE
from planimeter.coder.grammar.doubts_things import all_or_single, area_of_things, common_by_number
from planimeter.coder.grammar.doubts_wholes import DOUBTS as OF_WHOLES
from planimeter.coder.grammar.doubts_wholes import of_the_ground, share_of_those
from planimeter.coder.grammar.lexer import Token
from planimeter.coder.word_lists import listed
from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.meaning.reading import of_size
from planimeter.meaning.record import Record, every, fields, replace
from planimeter.meaning.records import (
    Area,
    Away,
    Besides,
    Bounds,
    Comparison,
    Condition,
    Difference,
    Distance,
    Either,
    IndexOf,
    Inside,
    Listing,
    Meaning,
    Perimeter,
    Pick,
    Presence,
    Ratio,
    Share,
    SizeOf,
    Subject,
    Threshold,
    Touching,
)
from planimeter.vocabulary.topics import MARK, nouns, topic_of
from planimeter.vocabulary.units import PIXEL, Measure

_SETTLEMENTS = listed("city cities town towns village villages settlement settlements")
_GROUPS = listed("cluster clusters block blocks group groups")
_SINGLE = listed("individual single separate distinct discrete")
_PANELS = listed("panel panels module modules cell cells")
_AREA_WORDS = listed("area areas surface extent footprint footprints size acreage coverage land")
_CHOSEN = listed("largest biggest smallest")
_SUMMED = listed(
    "total combined overall together sum summed average mean median all aggregate altogether largest biggest "
    "smallest"
)
_EXTREME = listed(
    "shortest minimum smallest least closest minimal nearest longest maximum greatest largest maximal farthest "
    "furthest average mean median"
)
_SHAPES = frozenset(CLASSES["shape"])
_SHAPES_MANY = frozenset(CLASSES["shapes"]) | {"ones", "those"}
_CLAUSES = listed("excluding ignoring ignore exclude omitting omit except without skipping disregarding only")
_SKIPPED = listed("any all that are lie counting count considering consider include including")
_ONE = frozenset(("any", "one", "each", "every", "single"))
_PLACES = frozenset(("within", "inside", "in", "touching", "near", "adjacent", "on", "outside", "at"))


# What begins a condition, whose denial may reach as far as the next one.
_DENIED = _PLACES | listed(
    "larger smaller bigger greater less more over under above below farther further closer nearer beyond exceed "
    "exceeding cover covering touch lie lying be being stand standing located situated"
)


def settle(meaning: Meaning, tokens: list[Token]) -> Meaning:
    """The meaning, or the one that is meant in its place.

    Args:
        meaning: as parsed.
        tokens: the question, as the grammar read it.

    Raises:
        NotUnderstood: the question has two honest readings; says what to write for each.
        NotMeasurable: it asks for what no mask can tell.
    """
    if any(topic.startswith(MARK) for regions in every(meaning, Subject) for topic in regions.topics):
        return meaning  # a noun that is no topic is refused as such
    meaning = _besides_its_largest(_list_of_areas(_the_only(meaning, tokens), tokens))
    meaning = area_of_things(meaning, tokens)
    meaning = of_the_ground(share_of_those(over_its_part(meaning), tokens))
    for doubt in _DOUBTS:
        doubt(meaning, tokens)
    return _presence_by_area(meaning)


_SEALED = listed("impervious paved developed sealed")


def widened(meaning: Any, topics: tuple[str, ...]) -> Any:
    """A meaning whose paved, developed or impervious land takes in roofs and roads, where they have labels.

    Args:
        meaning: as parsed.
        topics: canonical topics at hand.
    """
    if isinstance(meaning, tuple):
        return tuple(widened(item, topics) for item in meaning)
    if not isinstance(meaning, Record):
        return meaning
    meaning = type(meaning)(*(widened(item, topics) for item in fields(meaning)))
    if isinstance(meaning, Subject) and meaning.topics == ("urban",) and _SEALED & set(meaning.said.split()):
        more = tuple(topic for topic in ("roof", "road") if topic in topics)
        return replace(meaning, topics=("urban", *more), joined="or") if more else meaning
    return meaning


def _besides_its_largest(meaning: Any) -> Any:
    """ "The water outside the largest water body" is that of all others."""
    if isinstance(meaning, tuple):
        return tuple(_besides_its_largest(item) for item in meaning)
    if not isinstance(meaning, Record):
        return meaning
    meaning = type(meaning)(*(_besides_its_largest(item) for item in fields(meaning)))
    if isinstance(meaning, Subject):
        where = tuple(_rest(value, meaning.topics) for value in meaning.where)
        return replace(meaning, where=where) if where != meaning.where else meaning
    if isinstance(meaning, Area) and meaning.part:
        part = tuple(_rest(value, meaning.of.topics) for value in meaning.part)
        return replace(meaning, part=part) if part != meaning.part else meaning
    return meaning


def _rest(value: Condition, topics: tuple[str, ...]) -> Condition:
    if not isinstance(value, Inside) or not value.outside or value.reference.topics != topics:
        return value
    pick = value.reference.pick
    plain = pick is not None and pick.first == 1 and not pick.only
    if pick is None or not plain or value.reference.where or value.reference.then:
        return value
    return Besides(pick.largest, pick.count)


def _texts(tokens: list[Token]) -> list[str]:
    return [token.text for token in tokens]


def _the_only(meaning: Meaning, tokens: list[Token]) -> Meaning:
    """ "How big is the lake?" is answered where there is one; how many there are is known when the masks are."""
    if not isinstance(meaning, Area) or meaning.part or _SUMMED & set(_texts(tokens)):
        return meaning
    of = meaning.of
    plain = of.kind == "thing" and of.definite and len(of.topics) == 1 and not (of.where or of.then)
    if not plain or not _single(of, _articled(tokens)):
        return meaning
    return SizeOf(replace(of, pick=Pick(True, only=True)), "max", meaning.unit)


def _one_of_several(meaning: Meaning, tokens: list[Token]) -> None:
    """ "How much of the image is the lake?": there may be five."""
    words = _texts(tokens)
    first = next((place for place, token in enumerate(tokens) if token.number is not None), len(tokens))
    # "The lake within 50 m of the largest house": the house is the one that is chosen.
    chosen = {word for word in words[first:] if word in _CHOSEN} - set(words[:first])
    if (_SUMMED & set(words)) - chosen:
        return
    singular = _articled(tokens)
    for quantity in every(meaning, (Area, IndexOf, SizeOf, Perimeter, Distance, Share)):
        of: Subject = quantity.of
        if isinstance(quantity, Distance) and _EXTREME & set(_texts(tokens)):
            continue  # "the shortest distance from a house to water" is one number, whatever "a house" is
        if _single(of, singular):
            raise NotUnderstood(
                f'"{_shown(tokens, of.said)}" is one, and there may be several; say "the largest {of.said}", "the '
                f'average {of.said}", or for their sum "all {topic_of(of.topics[0]).many}".'
            )
    for judged in every(meaning, Presence):
        if judged.of.definite and _single(judged.of, singular):
            raise NotUnderstood(
                f'"{_shown(tokens, judged.of.said)}" is one, and there may be several; say "any {judged.of.said}" or '
                f'"the largest {judged.of.said}".'
            )


def _single(of: Subject, singular: set[str]) -> bool:
    """Whether a phrase names one thing, without saying which."""
    if of.plural or of.pick is not None:
        return False
    if of.kind == "thing" and not of.regions:
        return of.said in singular
    return of.regions and any(f"{of.said} {shape}" in singular for shape in _SHAPES)


def _shown(tokens: list[Token], said: str) -> str:
    """A singular noun with the article it had."""
    first = said.split()[0]
    token = next((token for token in tokens if token.text == first or token.said.lower() == first), None)
    if token is None:
        return said
    return f"the {said}" if token.definite else f"a {said}" if token.indefinite else said


def _articled(tokens: list[Token]) -> set[str]:
    """Every run of words behind an article, "any", "one" or "each", unless a word for its area closes it.

    "The lake area" is the area of all that is lake; "the area of the lake" is not.
    """
    found: set[str] = set()
    for start, token in enumerate(tokens):
        before = tokens[start - 1] if start else None
        one = before is not None and (before.text in _ONE or before.number == 1) and not token.before
        if not (token.definite or token.indefinite or one):
            continue
        for end in range(start + 1, min(start + 5, len(tokens) + 1)):
            after = tokens[end].text if end < len(tokens) and not tokens[end].before else ""
            if after in _AREA_WORDS:
                break
            found.add(" ".join(t.said for t in tokens[start:end]).lower())
    return found


def _list_of_areas(meaning: Meaning, tokens: list[Token]) -> Meaning:
    """ "What are the areas of the buildings?" asks for a list, not for the sum."""
    words = _texts(tokens)
    listed = "list" in words[:3]
    summed = (_SUMMED - {"all"}) & set(words)
    if isinstance(meaning, Area) and meaning.of.pick is not None and meaning.of.pick.count > 1:
        summed -= _CHOSEN
    if summed or isinstance(meaning, Listing):
        return meaning
    for place, word in enumerate(words):
        plural = word in ("areas", "sizes", "perimeters", "extents") and words[place + 1 : place + 2] == [
            "of"
        ]
        if not plural and not listed:
            continue
        for quantity in every(meaning, (Area, SizeOf, Perimeter)):
            if not quantity.of.counted:
                continue
            if isinstance(meaning, Area) and quantity is meaning and not meaning.part:
                return Listing(meaning.of, unit=meaning.unit)
            many = quantity.of.said
            raise NotUnderstood(
                f'The question asks for a list; ask for one number: "the total area of {many}" or "the average '
                f'area of {many}".'
            )
    return meaning


def _settlements(meaning: Meaning, tokens: list[Token]) -> None:
    """A map of built-up land does not say where one village ends."""
    for regions in every(meaning, Subject):
        words = regions.said.split()
        if regions.topics == ("urban",) and words and words[-1] in _SETTLEMENTS and regions.kind == "thing":
            raise NotMeasurable(
                f'"{regions.said}" cannot be told from other built-up land; ask for urban regions or urban land.'
            )


def _groups(meaning: Meaning, tokens: list[Token]) -> None:
    """Clusters and blocks of houses are not the houses; single panels are not the installations."""
    words = _texts(tokens)
    # "Single buildings within 50 m of panels" are single buildings.
    others = {
        word
        for regions in every(meaning, Subject)
        if regions.topics != ("solar",)
        for word in regions.said.split()
    }
    for regions in every(meaning, Subject):
        word = next((word for word in words if word in _GROUPS), "")
        if regions.topics == ("roof",) and regions.regions and word:
            raise NotMeasurable(
                f'"{word}" of {topic_of("roof").many} cannot be told apart here; ask for the buildings themselves.'
            )
        single = regions.topics == ("solar",) and any(
            word in _SINGLE and after not in others
            for word, after in zip(words, (*words[1:], ""), strict=True)
        )
        if single and set(regions.said.split()) & _PANELS:
            raise NotMeasurable(
                "Single panels of an installation cannot be told apart in a mask; ask for solar installations, or "
                "for the area of the panels."
            )


def _same_twice(meaning: Meaning, tokens: list[Token]) -> None:
    """ "More rivers than lakes?": both are water."""
    for pair in every(meaning, (Comparison, Ratio, Difference)):
        first, second = pair.first, pair.second
        one, two = getattr(first, "of", None), getattr(second, "of", None)
        if one is None or two is None or type(first) is not type(second):
            continue
        same = (one.topics, one.frame, one.where) == (two.topics, two.frame, two.where)
        same = same and (one.pick, one.then) == (two.pick, two.then)
        same = same and getattr(first, "statistic", "") == getattr(second, "statistic", "")
        if same and getattr(first, "part", ()) == getattr(second, "part", ()):
            name = topic_of(one.topics[0]).mass
            raise NotMeasurable(
                f'"{one.said}" and "{two.said}" are both {name} here and cannot be told apart; compare '
                "other topics."
            )


def _scope_of_not(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Not within 50 m of water and within 50 m of forest": which of the two is denied?"""
    words = _texts(tokens)
    for place, word in enumerate(words):
        if word != "not":
            continue
        following = words[place + 1 : place + 2]
        if following == ["both"] or (
            following and following[0] in ("within", "be", "lie") and "both" in words[place:]
        ):
            raise NotUnderstood(
                '"Not both" leaves open which of the two is missing; ask for those that meet one condition and not '
                "the other."
            )
        if not following or following[0] not in _DENIED:
            continue
        rest = words[place + 1 :]
        for step, later in enumerate(rest[:-1]):
            if later == "but" or (later in ("and", "or") and rest[step + 1] == "not"):
                break
            if later in ("and", "or") and rest[step + 1] in _DENIED:
                raise NotUnderstood(
                    f'"Not … {later} …" leaves open whether the second condition is denied as well; say "but" or '
                    f'"{later} not".'
                )


def _whole_or_part(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Forest area, excluding patches within 50 m of roads": whole patches, where an area is cut pixel by pixel."""
    if not every(meaning, Area) and not any(not share.by_count for share in every(meaning, Share)):
        return
    words = _texts(tokens)
    for place, word in enumerate(words):
        if word not in _CLAUSES:
            continue
        rest = [w for w in words[place + 1 : place + 5] if w not in _SKIPPED]
        noun = rest[:1] and (rest[0] in _SHAPES_MANY or (rest[0] in nouns() and nouns()[rest[0]].plural))
        if noun and rest[1:2] and rest[1] in _PLACES:
            raise NotUnderstood(
                f'Are whole {rest[0]} meant, or only the part that lies there? Ask for the area "{word} what is '
                f'{rest[1]} …", or for the number of {rest[0]}.'
            )


def _edge_of_a_part(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The forest edge within 50 m of a road" is a part of the outline, and outlines are those of whole regions."""
    for outline in every(meaning, Perimeter):
        of = outline.of
        if not of.counted and of.pick is None and any(not of_size(value) for value in of.where):
            regions = topic_of(of.topics[0], counted=False).many
            raise NotUnderstood(
                f"Is the whole outline of {regions} that lie there meant, or only the edge that does? Outlines are "
                f'measured whole; ask for "the perimeter of {regions}" with the condition.'
            )


_BORDERS = listed("border borders boundary boundaries")


def _border_of_two(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The border length of forest and water" is that between them, or both outlines."""
    several = any(outline.of.joined == "and" for outline in every(meaning, Perimeter))
    if several and _BORDERS & set(_texts(tokens)):
        raise NotUnderstood(
            'Is it the border between them, or the outlines of both? Say "the border between … and …" or "the total '
            'perimeter of … and …".'
        )


def _presence_by_area(meaning: Meaning) -> Meaning:
    """ "Is there any farmland more than 100 m from a road?" is yes where some ground of it is.

    A field that begins at the road has ground far from it: regions as wholes would say no.
    """
    if not isinstance(meaning, Presence) or meaning.least > 1:
        return meaning
    of = meaning.of
    if of.kind == "thing" or of.regions or of.pick is not None or of.then:
        return meaning
    places = [value for value in of.where if not of_size(value)]
    if not any(_far(value) for value in places) and len(places) < 2:
        return meaning
    nothing = Measure(0.0, PIXEL)
    if meaning.absent:
        return Threshold(Area(of), Bounds(low=nothing, low_closed=True), equal=True)
    return Threshold(Area(of), Bounds(low=nothing))


def _far(value: Condition) -> bool:
    """Whether a part may meet a condition that the whole does not."""
    if isinstance(value, Away):
        return value.bounds.low is not None
    if isinstance(value, Inside):
        return value.outside
    if isinstance(value, Either):
        return any(_far(inner) for option in value.options for inner in option)
    return isinstance(value, Touching) and value.apart


_DOUBTS: tuple[Callable[[Meaning, list[Token]], None], ...] = (
    _settlements,
    _groups,
    _one_of_several,
    _same_twice,
    _whole_or_part,
    _edge_of_a_part,
    _border_of_two,
    _scope_of_not,
    all_or_single,
    common_by_number,
    in_two_parts,
    per_hectare_of_what,
    one_of_each_part,
    share_of_what,
    so_many_on_so_much,
    of_holder_or_held,
    fate_of_which,
    others_in_part,
    *DOUBTS,
    *OF_SCOPE,
    *OF_WHOLES,
)
