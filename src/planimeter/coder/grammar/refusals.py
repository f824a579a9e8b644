"""What a refusal says: which words were followed, which were not, and what to ask instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from itertools import pairwise

from planimeter.coder.grammar.lexer import Token
from planimeter.coder.word_lists import listed
from planimeter.errors import NotUnderstood
from planimeter.vocabulary.topics import nouns, topic_of
from planimeter.vocabulary.units import FOREIGN, known_units

_REMEDY = "ask for a count, area, share, average, distance or a yes or no of land cover and buildings"
_OTHER_LANGUAGES = listed("""
        wie viel viele wieviel wieviele welche welcher welches gibt der die das dem den des ein eine einen und ist sind
        mit von wo im bild fläche gebäude wald wasser
        combien quel quelle quels quelles le la les des du un une de et est sont dans où il y image surface bâtiments
        cuánto cuánta cuántos cuántas cuantos cuantas qué que hay el los las del en es son dónde número área
        quanti quante quanto quanta qual quale gli lo di nel nella sono è dove ci
        quantos quantas quanta há os as do da dos das no na são onde
        hoeveel welke er zijn het een van op waar
        hur många vilken är på och finns hvor mange er og på det
        ile jest są w na kolik je kuinka monta on kaç var berapa
        """)
_EVERY = frozenset(("every", "each", "all"))
_DISTANCES = frozenset(
    ("far", "near", "nearest", "close", "closest", "distance", "distances", "away", "within")
)
_INTO = frozenset(("in", "inside", "touch", "touching"))
_REACHES = frozenset(("of", "from", "to", "in", "inside", "touch", "touching", "within", "near"))


def complaint(tokens: list[Token], unknown: list[Token], furthest: int) -> str:
    """One sentence about a question that has no reading.

    Args:
        tokens: the question.
        unknown: those of its words that nobody knows.
        furthest: how many tokens the grammar could follow.
    """
    every = every_reference(tokens)
    if every:
        return every
    known = " ".join(token.said for token in tokens if token not in unknown)
    if unknown:
        words = " and ".join(f'"{word}"' for word in dict.fromkeys(token.said for token in unknown[:4]))
        rest = f'; I did follow "{_short(known)}"' if known else ""
        return f"I do not know {words}{rest}; {_REMEDY}."
    if any(pair == ("how", "much") for pair in pairwise(token.text for token in tokens)):
        return (
            f'I cannot read "{_short(known)}" one way; say "how many" for a number, or "what area do they cover" for '
            "an area."
        )
    if not furthest:
        return f'I could not follow "{_short(known)}"; {_REMEDY}.'
    followed = " ".join(token.said for token in tokens[:furthest])
    behind = " ".join(token.said for token in tokens[furthest:])
    if not behind:
        return f'"{_short(followed)}" is not a whole question I can read one way; {_REMEDY}.'
    return f'I followed "{_short(followed)}" but not "{_short(behind)}"; {_REMEDY}.'


ENGLISH_ONLY = (
    "Questions are read in English only; ask in English, such as "
    '"How many buildings are within 50 m of water?".'
)


def in_another_language(text: str, known: Container[str]) -> bool:
    """Whether a question is in another language: another script, or its small words.

    >>> in_another_language("Wie viele Häuser gibt es?", ()), in_another_language("How many castles?", ("how", "many"))
    (True, False)
    """
    words = re.findall(r"[^\W\d_]+", text.lower())
    strange = [word for word in words if word not in known and word not in ("the", "a", "an")]
    letters = [letter for word in strange for letter in word]
    if letters and 2 * sum("LATIN" in unicodedata.name(letter, "") for letter in letters) < len(letters):
        return True
    small = sum(word in _OTHER_LANGUAGES for word in strange)
    return small > 0 and len(strange) >= 2 and 2 * len(strange) >= len(words)


def refuse_measures(tokens: list[Token], known: Container[str]) -> None:
    """Refuse a distance or size without a unit, and a unit that is not known.

    Args:
        tokens: a question that has no reading.
        known: every word of the grammar and of the topics.

    Raises:
        NotUnderstood: says which of them it is, and how to write it.
    """
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else Token("", "")
        after = tokens[place + 1] if place + 1 < len(tokens) else Token("", "")
        if token.text in FOREIGN and not token.named and token.text not in known:
            asked = before.text == "in" and place + 1 + (after.unit is not None) == len(tokens)
            if asked or before.number is not None:
                said = f"{token.said} {after.said}" if after.unit is not None else token.said
                raise NotUnderstood(
                    f'"{said}" is no unit that I know; lengths can be in {known_units(["length"])}, areas in '
                    f"{known_units(['area'])}."
                )
        if token.number is None or after.unit is not None:
            continue
        near = before.text in _WITHIN and after.text in ("of", "from")
        away = after.text in ("from", "away")
        if (near or (away and before.text in _WITHIN | {"than", "least", "most"})) and not token.fraction:
            said = " ".join(one.said for one in tokens[max(0, place - 1) : place + 1])
            raise NotUnderstood(
                f'"{said}" has no unit; write the distance with one, such as "{said} m" (units: '
                f"{known_units(['length'])})."
            )


_TIME = "in since from between until till by before after during around year years and to of"
_OF_TIME = frozenset(re.findall(r"\w+", _TIME))
_YEARS = range(1900, 2100)


def refuse_dates(tokens: list[Token]) -> None:
    """Refuse a year, which says nothing: an image is of one date.

    Args:
        tokens: a question that has no reading.

    Raises:
        NotUnderstood: says which, and how change is asked for.

    >>> refuse_dates([Token("since", "since"), Token("", "2018", number=2018.0)])
    Traceback (most recent call last):
        ...
    planimeter.errors.NotUnderstood: I cannot tell what was there in "2018": ...
    """
    for (before, token), after in zip(pairwise(tokens), [*tokens[2:], Token("", "")], strict=False):
        year = token.number in _YEARS and re.fullmatch(r"\d{4}", token.said)
        if year and before.text in _OF_TIME and after.unit is None and after.text != "of":
            raise NotUnderstood(
                f'I cannot tell what was there in "{token.said}": an image is of one date; leave the year out, and for '
                "what changed give the image of that date with --before IMAGE."
            )


_WITHIN = frozenset(("within", "inside", "under", "over", "beyond", "up"))


def refuse_bare_noun(tokens: list[Token]) -> None:
    """Refuse a topic's name that stands alone ("forest"), and say what can be asked of it.

    Raises:
        NotUnderstood: it is one.
    """
    said = " ".join(token.said for token in tokens).lower()
    noun = nouns().get(" ".join(token.text for token in tokens))
    if noun is None:
        return
    topic = topic_of(noun.topic)
    many = said if noun.plural else topic.many
    number = [f'"How many {many} are there?"'] if topic.counted or noun.kind == "thing" else []
    cover = topic.many if topic.counted else said if noun.kind == "mass" else topic.mass
    asked = [*number, f'"What is the total area of {cover}?"', f'"What percentage of the image is {cover}?"']
    raise NotUnderstood(
        f'"{said}" names something, but asks nothing of it; ask such as {" or ".join(asked)}.'
    )


_SORTS = frozenset(("rank", "ranked", "order", "ordered", "sort", "sorted", "arrange", "arranged"))
_ORDERS = frozenset(("ascending", "descending", "increasing", "decreasing", "alphabetical", "alphabetically"))
_ORDERED_BY = frozenset(("size", "sizes", "area", "areas", "distance", "ndvi"))


def refuse_order(tokens: list[Token]) -> None:
    """Refuse a list in an order that no list has.

    Raises:
        NotUnderstood: says which there are.
    """
    said = next((token.said for token in tokens if token.text in _SORTS | _ORDERS and not token.named), None)
    if said is not None and not any(token.text in _ORDERED_BY for token in tokens):
        raise NotUnderstood(
            f'"{said}" is read of a list in order of size ("list the lakes by size, smallest first"), of distance '
            '("list the lakes by distance to the nearest road") or of a spectral index, and of land covers by area; '
            "ask for one of these."
        )


def every_reference(tokens: list[Token]) -> str:
    """ "Within 50 m of every lake": only the nearest of them can be measured to. "Half of all water" is no distance."""
    far = any(
        (token.unit is not None and token.unit.dimension == "length") or token.text in _DISTANCES
        for token in tokens
    )
    for place, (before, token) in enumerate(pairwise(tokens)):
        noun = tokens[place + 2].said if place + 2 < len(tokens) else ""
        if before.text in _REACHES and token.text in _EVERY and noun.lower() in nouns():
            if place == 0 or tokens[place - 1].text in (
                "share",
                "percentage",
                "fraction",
                "area",
                "number",
                "%",
            ):
                continue
            if before.text in _INTO:
                return (
                    f'"{before.said} {token.said} {noun}" leaves open whether each is asked about or any of them; '
                    f'say "{before.said} any {noun}".'
                )
            if not far:
                continue
            return (
                f'"{before.said} {token.said} {noun}" cannot be measured, only how far the nearest of them is; say '
                f'"{before.said} any {noun}".'
            )
    return ""


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "…"


_HEAD = r"(?:the )?(?:total )?(area|number|count|share|percentage)\b"
_NARROWS = re.compile(
    r"\b(?:within|than|over|under|above|below|inside|outside|near|with|without|touching|from|in the)\b|[<>]",
    re.IGNORECASE,
)


def refuse_heads(text: str) -> None:
    """Refuse quantities behind one noun of which one has a condition: "lakes: area over 1 ha, area near a road".

    Whether the next has it as well is open, and what it is asked of is not said again.

    Raises:
        NotUnderstood: says what to ask.

    >>> refuse_heads("lakes: number, area")
    """
    behind = re.match(rf"[^:,]*:\s*(?={_HEAD})", text, re.IGNORECASE)
    if behind is None:
        return
    asked = re.split(r",\s*(?:and )?|;\s*|\band\b\s*", text[behind.end() :])
    heads = [part for part in asked if re.match(_HEAD, part, re.IGNORECASE)]
    if len(heads) > 1 and any(map(_NARROWS.search, heads)):
        raise NotUnderstood(
            f'"{heads[0].strip()}" and "{heads[1].strip()}" are two things that are asked; ask each by itself, with '
            "its noun."
        )


def list_and_question(named: str) -> NotUnderstood:
    """The refusal of a list with a question about it behind.

    Args:
        named: what is listed, as it is to be said.
    """
    return NotUnderstood(
        f"A list of {named} and a question about them are two answers; ask for the list by itself, and name them again "
        "in the question."
    )
