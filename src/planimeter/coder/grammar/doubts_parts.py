"""Second thoughts on rests, sums and choices: what "other than the largest" belongs to, and what "plus" adds."""

from __future__ import annotations

import re
from itertools import pairwise

from planimeter.coder.grammar.classes import CLASSES
from planimeter.coder.grammar.forms import asks_whether
from planimeter.coder.grammar.lexer import Token
from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.meaning.reading import of_size
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    All,
    Area,
    Away,
    Besides,
    Comparison,
    Count,
    Density,
    Difference,
    Distance,
    Fragmentation,
    Leads,
    Length,
    Meaning,
    Perimeter,
    Power,
    Presence,
    Share,
    Size,
    SizeOf,
    Subject,
    Sum,
    Threshold,
    Which,
)
from planimeter.vocabulary.topics import nouns, topic_of
from planimeter.vocabulary.units import Unit

_LEAVING = tuple(
    sorted((phrase.split() for phrase in CLASSES["besides"] + CLASSES["exclude"]), key=len, reverse=True)
)
_EXTREMES = frozenset(CLASSES["largest"] + CLASSES["smallest"])
_SHAPES = frozenset(CLASSES["shape"] + CLASSES["shapes"])
_QUANTITIES = frozenset(
    ("area", "areas", "number", "count", "size", "extent", "surface", "footprint", "percentage", "share")
)
_TOGETHER = frozenset(("total", "combined", "together", "altogether", "sum", "summed", "overall", "joint"))
_ALL = (["total"], ["combined"], ["average"], ["mean"], ["whole"])
_JUDGEMENTS = (All, Comparison, Fragmentation, Leads, Presence, Threshold)
_MEASURES = frozenset(
    ("within", "more", "less", "over", "under", "larger", "smaller", "between", "at", "touching", "near")
)


def of_the_noun_beside(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Within 50 m of any lake other than the largest": the largest lake is left out, not the largest building.

    Raises:
        NotUnderstood: a noun stands right before what is left out, and another is the one that it was taken from.
    """
    rests = [of for of in every(meaning, Subject) if any(isinstance(value, Besides) for value in of.where)]
    texts = [token.text for token in tokens]
    for place in range(1, len(tokens)):
        leaving = next((words for words in _LEAVING if texts[place : place + len(words)] == words), None)
        if leaving is None or tokens[place].before or texts[place - 1] not in nouns():
            continue
        rest = place + len(leaving)
        while rest < len(tokens) and tokens[rest].number is not None:
            rest += 1
        if texts[rest : rest + 1] == [] or texts[rest] not in _EXTREMES:
            continue
        if texts[rest + 1 : rest + 2] and texts[rest + 1] in nouns():
            continue
        topic = nouns()[texts[place - 1]].topic
        if rests and not any(topic in of.topics for of in rests):
            said, much = tokens[place - 1].said, texts[rest]
            raise NotUnderstood(
                f'Which is left out, the {much} {said} or another? Say "other than the {much} {said}", or put '
                f'"other than the {much}" right behind the noun that is meant.'
            )


def ranked_of_the_rest(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The second largest lake other than the largest": the second of all, or of those that are left.

    Raises:
        NotUnderstood: both a place in the order and what is left out are given.
    """
    for of in every(meaning, Subject):
        ranked = of.pick is not None and of.pick.first > 1
        if ranked and any(isinstance(value, Besides) for value in of.where):
            raise NotUnderstood(
                "Is the place in the order counted before or after the largest is left out? Leave out one of the "
                'two, as in "the area of the second largest lake".'
            )


def added(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The number of buildings plus the area of lakes" is no number; "plus the area of forest within 50 m" is added.

    Raises:
        NotUnderstood: behind "plus" stands a quantity, and the meaning adds nothing.
    """
    texts = [token.text for token in tokens]
    for place, word in enumerate(texts):
        behind = (
            texts[place + 2 : place + 3]
            if texts[place + 1 : place + 2] in _ALL
            else texts[place + 1 : place + 2]
        )
        if word != "plus" or not _QUANTITIES & set(behind) or every(meaning, Sum):
            continue
        if every(meaning, Count) or _MEASURES & set(texts[place + 1 :]):
            raise NotUnderstood(
                'What stands on the two sides of "plus" cannot be added as it is said; ask for each by itself, or for '
                '"the sum of … and …" of two numbers of one kind.'
            )


_AREAS = frozenset(("area", "cover", "coverage", "surface", "extent", "acreage"))
_MEASURED = Area | Count | Density | Distance | Length | Perimeter | Power | Share | SizeOf


def several_quantities(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The number of lakes and the area of the forest" is no number of both.

    Raises:
        NotUnderstood: a quantity stands behind "and", and one number is meant.
    """
    if not isinstance(meaning, _MEASURED):
        return
    texts = [token.text for token in tokens]
    if isinstance(meaning, Power) and any(one in _AREAS and two == "and" for one, two in pairwise(texts)):
        raise NotUnderstood("The question asks for an area and for power; ask for each by itself.")
    if isinstance(meaning, Count) and meaning.of.joined:
        for one, two in pairwise(texts):
            if one in nouns() and two in _AREAS:
                raise NotUnderstood(f'"{one} {two}" is an area beside a number; ask for each by itself.')
    for place in range(1, len(tokens)):
        if texts[place - 1] not in ("and", "or") and tokens[place].before != ",":
            continue
        behind = texts[place + (texts[place : place + 1] in _ALL) :][:2]
        if behind[:1] == [] or behind[0] not in _QUANTITIES or behind[1:] != ["of"]:
            continue
        first = next(word for word in texts if word in _QUANTITIES or word == "many")
        if first != behind[0] or not _TOGETHER & set(texts):
            raise NotUnderstood(
                f'"{behind[0].capitalize()} of …" is a second thing that is asked; ask for each by itself.'
            )


def number_of_one(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The difference between the number of lakes and the largest lake": a number and a thing.

    Raises:
        NotUnderstood: says so.
    """
    for pair in every(meaning, (Difference, Comparison)):
        for side in (pair.first, pair.second):
            if isinstance(side, Count) and side.of.pick is not None and side.of.pick.count == 1:
                raise NotUnderstood(
                    f"A number and {side.of.said} cannot be compared; name one quantity of both, such as their areas."
                )


def more_of_what(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Which has more buildings, forest or water?" asks where buildings are, not which of three covers most.

    Raises:
        NotUnderstood: says what can be asked.
    """
    if not isinstance(meaning, Which) or len(meaning.options) < 2:
        return
    texts = [token.text for token in tokens]
    for place, word in enumerate(texts[:-2]):
        has = word in ("has", "have", "contains", "holds") and texts[place + 1] in (
            "more",
            "most",
            "fewer",
            "less",
        )
        option = texts[place + 2] == meaning.options[0].said and not tokens[place + 2].before
        if has and option and len(meaning.options) > 2:
            raise NotUnderstood(
                f'"Has {texts[place + 1]} {texts[place + 2]}" could be asked of each of the others; ask how many '
                f"{texts[place + 2]} touch or lie within a distance of each of them."
            )


_STATISTIC = r"(?:mean|average|avg|median|max(?:imum)?|min(?:imum)?|largest|smallest|area|count|number|size)"
COMPARED = re.compile(
    rf"^\s*(?:is |whether )?(?:the )?{_STATISTIC}\b(?!.*\b(?:where|with|whose|that|which|if)\b)"
    rf"[^<>?]*[<>]=?\s*(?:the )?{_STATISTIC}\b",
    re.IGNORECASE,
)
"""Two statistics with a sign between: a yes or no, never a condition on what the first is taken of."""


_HARDLY_BEYOND = re.compile(
    r"\b(?:only just|just|slightly|a little|a bit|barely)\s+(?:beyond|outside|over|under|above|below"
    r"|(?:more|less|larger|smaller|farther|closer) than)\s+\d[\d.,]*\s*[a-z%²]+",
    re.IGNORECASE,
)


def judged(meaning: Meaning, text: str) -> None:
    """ "mean(building area) > mean(lake area)" and "…, y/n" ask whether, and "just over 200 m2" has a second limit.

    Raises:
        NotUnderstood: it was read as a number.
        NotMeasurable: the second limit is not said.
    """
    near = _HARDLY_BEYOND.search(text)
    if near:
        raise NotMeasurable(
            f'"{" ".join(near.group().split())}" does not say how far; give both limits, as in "between 50 and 60 m".'
        )
    if asks_whether(text) and not isinstance(meaning, _JUDGEMENTS):
        raise NotUnderstood(
            'It asks for yes or no, and for something that is neither; ask "is there any …?" or leave "yes or no" out.'
        )
    if COMPARED.match(text) and not isinstance(meaning, Comparison) and not hasattr(meaning, "bounds"):
        raise NotUnderstood(
            'Two quantities with a sign between are compared; ask "is the … larger than the …?".'
        )


def all_or_any(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Are all but the largest building near water?" is no question of any, nor "is any building bigger" of their sum.

    Raises:
        NotUnderstood: says what to ask.
    """
    texts = [token.text for token in tokens]
    asked = texts[:1] and texts[0] in ("is", "are", "do", "does", "whether")
    if (
        isinstance(meaning, Presence)
        and asked
        and texts[1:2]
        and texts[1] in ("all", "every", "each", "everything")
    ):
        raise NotUnderstood(
            f'"{texts[1].capitalize()}" with an exception is not judged; ask how many of them there are that do '
            "not meet the condition."
        )
    if not isinstance(meaning, Comparison) or not isinstance(meaning.first, Area):
        return
    of = meaning.first.of
    single = of.kind == "thing" and not of.plural and of.pick is None
    place = next((place for place, word in enumerate(texts) if word == of.said.split()[0]), 0)
    before = tokens[place - 1].text if place else ""
    if single and (tokens[place].indefinite or before in ("any", "every", "each", "one", "no", "single")):
        many = topic_of(of.topics[0]).many
        raise NotUnderstood(
            f'Which of the {many}? Ask how many {many} are larger or smaller than that, or compare "the largest" '
            "of them."
        )


def of_which_percent(meaning: Meaning, text: str, unit: Unit | None) -> None:
    """ "How much bigger is the forest than the water, in percent?": of the water, or of the image?

    Raises:
        NotUnderstood: says what to ask for each.
    """
    larger = re.search(r"\b(?:bigger|larger|smaller|greater|exceeds?)\b", text, re.IGNORECASE)
    points = re.search(
        r"\bpoints?\b|\bof (?:the )?(?:image|picture|scene|total|whole)\b", text, re.IGNORECASE
    )
    if (
        isinstance(meaning, Difference)
        and unit is not None
        and unit.dimension == "percent"
        and larger
        and not points
    ):
        raise NotUnderstood(
            f'"{larger.group()} in percent" leaves open of what: ask by how many percentage points of the image, or '
            "for the ratio of the two areas."
        )


def only_there(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Only within 50 m of forest": and of nothing else, or within no more than 50 m?

    Raises:
        NotUnderstood: says what to say for each.
    """
    texts = [token.text for token in tokens]
    for place, word in enumerate(texts[1:], 1):
        beside = texts[place + 1 : place + 2]
        if (
            word == "only"
            and texts[place - 1] in ("is", "are", "lie", "lies", "stand", "stands")
            and beside == ["within"]
        ):
            raise NotUnderstood(
                '"Only within" leaves open of what else they are not within; leave "only" out, or say "within … of … '
                'and more than … from …".'
            )


def said_twice(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The area of forest and forest": once, or is another one meant?

    Raises:
        NotUnderstood: a word for the same stands on both sides of "and" or "or".
    """
    texts = [token.text for token in tokens]
    for place, word in enumerate(texts[1:-1], 1):
        one, two = texts[place - 1], texts[place + 1]
        if word in ("and", "or", "plus") and one == two and one in nouns():
            raise NotUnderstood(f'"{one} {word} {two}" names one thing twice; name it once, or another one.')


def number_of_the_house(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The number of the house" is a name, no count.

    Raises:
        NotUnderstood: one thing with "the" is counted.
    """
    for count in every(meaning, Count):
        of = count.of
        if (
            of.kind == "thing"
            and of.definite
            and not (of.plural or of.regions or of.where or of.pick or of.then)
        ):
            many = topic_of(of.topics[0]).many
            raise NotUnderstood(f'"The number of the {of.said}" is no count; ask for the number of {many}.')


def several_over(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Are the three largest lakes over 2 ha?": each of them, one of them, or all together.

    Raises:
        NotUnderstood: says what to ask.
    """
    for judged_ in every(meaning, Presence):
        of = judged_.of
        if of.pick is not None and of.pick.count > 1 and any(isinstance(value, Size) for value in of.then):
            raise NotUnderstood(
                f"Is each of the {of.pick.count} meant, or all of them together? Ask for their total area, or how many "
                f"{topic_of(of.topics[0]).many} are larger or smaller than that."
            )


def density_somewhere(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The density of buildings within 100 m of water": per hectare of the image, or of that ground.

    Raises:
        NotUnderstood: says what to ask.
    """
    for density in every(meaning, Density):
        if density.over is None and any(not of_size(value) for value in density.of.where):
            many = topic_of(density.of.topics[0]).many
            raise NotUnderstood(
                f"Is that per {density.per.symbol} of the image, or of the ground where those {many} may lie? Ask for "
                f"the number of those {many}, and for the area of that ground or of the image."
            )


def those_that_have(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The total area of lakes that have a house within 20 m": of whole lakes, though a place cuts what is measured.

    Raises:
        NotUnderstood: says what to ask.
    """
    for area in every(meaning, Area):
        of, cut = area.of, (*area.of.where, *area.part)
        if not of.counted or not any(isinstance(value, Away) and not of_size(value) for value in cut):
            continue
        for one, two in pairwise(token.text for token in tokens):
            if one in ("that", "which", "who") and two in ("have", "has", "had"):
                many = topic_of(of.topics[0]).many
                raise NotUnderstood(
                    f"Are whole {many} meant, or only the part that lies there? Ask for the area of the part of them "
                    "that is within that distance, or for the average area and the number of those that have it."
                )


DOUBTS = (
    said_twice,
    density_somewhere,
    those_that_have,
    several_over,
    number_of_the_house,
    all_or_any,
    only_there,
    of_the_noun_beside,
    ranked_of_the_rest,
    added,
    several_quantities,
    number_of_one,
    more_of_what,
)
