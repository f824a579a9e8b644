"""Before the grammar: leave out what carries no measure, name the image, and lift the unit that is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planimeter.coder.grammar.lexer import Token, tokenize
from planimeter.coder.grammar.vocabulary import (
    FILLER_PHRASES,
    FILLERS,
    IMAGE_ADJECTIVES,
    IMAGE_NOUNS,
    IMAGE_TAILS,
    NEGATED_REMARKS,
    REMARK_LEADS,
    REMARKS,
    SCOPE,
)
from planimeter.errors import NotUnderstood
from planimeter.vocabulary.units import PERCENT, Unit

_ARTICLES = frozenset(("the", "a", "an"))
_STRENGTH = ("", ")", ",", "(", ":", ";", ".", "?")
_ANSWER_VERBS = frozenset(["give", "express", "state", "report", "return", "provide", "answer", "show"])
_ANSWER_NOUNS = frozenset(["answer", "result", "value", "figure", "number", "output", "it", "units", "unit"])
_ANSWER_LINKS = frozenset(("measured", "expressed", "given", "stated", "reported", "calculated"))


@dataclass(frozen=True)
class Remark:
    """A remark that says why something is asked.

    Attributes:
        said: its words ("flood risk").
        denied: whether it was said not to hold ("not at flood risk").
    """

    said: str
    denied: bool = False


@dataclass(frozen=True)
class Prepared:
    """A question ready for the grammar.

    Attributes:
        tokens: what the grammar must understand.
        unit: the unit asked for ("in hectares"), or None.
        remarks: those that were left out ("flood risk assessment").
    """

    tokens: list[Token]
    unit: Unit | None
    remarks: tuple[Remark, ...]


def prepare(text: str) -> Prepared:
    """Tokens of a question without articles, fillers, remarks and the clause that names the unit.

    Raises:
        NotUnderstood: the text cannot be read, or asks for two units.

    >>> prepared = prepare("What is the total pond area (in hectares) in this image, please?")
    >>> [token.text for token in prepared.tokens], prepared.unit.symbol
    (['what', 'is', 'total', 'pond', 'area'], 'ha')
    """
    tokens = _name_image(tokenize(text))
    tokens = _drop_articles(tokens)
    tokens, remarks = _drop_remarks(tokens)
    tokens = _drop_fillers(tokens)
    tokens, units = _lift_units(tokens)
    tokens = _drop_scope(tokens)
    if len(units) > 1:
        names = " and ".join(sorted(unit.word for unit in units))
        raise NotUnderstood(f"The question asks for the answer in {names}; ask for one unit.")
    return Prepared(tokens, next(iter(units), None), remarks)


def _remove(tokens: list[Token], start: int, end: int) -> list[Token]:
    """Tokens without a span; the separators in front of it are kept for what follows."""
    before = max((token.before for token in tokens[start:end]), key=_STRENGTH.index, default="")
    rest = list(tokens[:start])
    for index, token in enumerate(tokens[end:]):
        if index == 0:
            token = replace(token, before=max(before, token.before, key=_STRENGTH.index))
        rest.append(token)
    return rest


def _texts(tokens: list[Token], start: int, count: int) -> list[str]:
    return [token.text for token in tokens[start : start + count]]


def _name_image(tokens: list[Token]) -> list[Token]:
    """Bring "this aerial photograph" and the like to the one word "image"."""
    result: list[Token] = []
    position = 0
    while position < len(tokens):
        end = position
        while end < len(tokens) and (tokens[end].text in _ARTICLES or tokens[end].text in IMAGE_ADJECTIVES):
            end += 1
        if end < len(tokens) and tokens[end].text in IMAGE_NOUNS:
            end += 1
            limit = end + 1 < len(tokens) and tokens[end + 1].number is not None  # "of the image above 50 %"
            if (
                end < len(tokens)
                and tokens[end].text in ("shown", "above", "given", "provided")
                and not limit
            ):
                end += 1
            tail = _texts(tokens, end, 1)
            if (
                tail
                and tail[0] in IMAGE_TAILS
                and (end + 1 >= len(tokens) or (result and result[-1].text == "of"))
            ):
                end += 1
            said = " ".join(token.said for token in tokens[position:end])
            result.append(Token("image", said, before=tokens[position].before))
            position = end
        else:
            result.append(tokens[position])
            position += 1
    return result


def _drop_articles(tokens: list[Token]) -> list[Token]:
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.text not in _ARTICLES:
            position += 1
            continue
        tokens = _remove(tokens, position, position + 1)
        if position < len(tokens):
            the = token.text == "the"
            tokens[position] = replace(tokens[position], definite=the, indefinite=not the)
    return tokens


def _drop_fillers(tokens: list[Token]) -> list[Token]:
    phrases = [phrase.split() for phrase in FILLER_PHRASES]
    position = 0
    while position < len(tokens):
        token = tokens[position]
        length = next((len(p) for p in phrases if _texts(tokens, position, len(p)) == p), 0)
        if length and tokens[position : position + length][-1].text == "in":
            length = 0
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if token.text in FILLERS:
            length = 1
        elif token.text in ("about", "around", "circa", "ca", "~") and following is not None:
            length = int(following.number is not None)
        if length:
            tokens = _remove(tokens, position, position + length)
        else:
            position += 1
    return tokens


_BURNING = ("forest", "wood", "woodland", "bush", "grass", "river", "lake", "water")


def _drop_remarks(tokens: list[Token]) -> tuple[list[Token], tuple[Remark, ...]]:
    found: list[Remark] = []
    position = 0
    leads = [phrase.split() for phrase in REMARK_LEADS]
    remarks = sorted(REMARKS, key=lambda remark: -len(remark.split()))
    while position < len(tokens):
        remark = next((r for r in remarks if _texts(tokens, position, len(r.split())) == r.split()), None)
        if remark is None:
            position += 1
            continue
        start, end = position, position + len(remark.split())
        named = start > 1 and tokens[start - 1].text in _BURNING and not tokens[start].before
        if named and tokens[start - 2].text in ("in", "at", "for", "of", "inside"):
            start -= 1  # "in the forest fire risk zone" does not lie in the forest
        for lead in leads:
            if (
                start >= len(lead)
                and _texts(tokens, start - len(lead), len(lead)) == lead
                and not tokens[start].before
            ):
                start -= len(lead)
                break
        start, safe = _negated(tokens, start)
        tokens = _remove(tokens, start, end)
        found.append(Remark(remark, safe))
        position = start
    return tokens, tuple(found)


def _negated(tokens: list[Token], start: int) -> tuple[int, bool]:
    """Where a remark begins with the "not" that it is denied by, and whether it is.

    The "not" of "not at flood risk (more than 100 m from water)" is the remark's; left behind it would turn the
    condition round.
    """
    for words in NEGATED_REMARKS:
        if (
            start >= len(words)
            and _texts(tokens, start - len(words), len(words)) == words
            and not tokens[start].before
        ):
            return start - len(words), True
    return start, False


def _closes(tokens: list[Token], end: int) -> bool:
    """Whether a separator or the end follows."""
    return end >= len(tokens) or tokens[end].before != ""


def _lift_units(tokens: list[Token]) -> tuple[list[Token], set[Unit]]:
    """Take out "in hectares", "(ha)", "as a percentage", "Answer in m²." and "Answer yes or no."."""
    units: set[Unit] = set()
    position = 0
    while position < len(tokens):
        unit, length = _unit_clause(tokens, position)
        if not length:
            position += 1
            continue
        if unit is not None:
            units.add(unit)
        tokens = _remove(tokens, position, position + length)
    return tokens, units


def _unit_clause(tokens: list[Token], start: int) -> tuple[Unit | None, int]:
    position = start
    fresh = start == 0 or tokens[start].before in (".", "?", ":", ";", "(", ",")
    if fresh and tokens[position].text in _ANSWER_VERBS | _ANSWER_NOUNS:
        if tokens[position].text in _ANSWER_VERBS:
            position += 1
            position += _texts(tokens, position, 1) in (["me"], ["us"])
            position += _texts(tokens, position, 1) in (["your"], ["final"])
        position += bool(_texts(tokens, position, 1)) and tokens[position].text in _ANSWER_NOUNS
        if _texts(tokens, position, 3) in (["yes", "or", "no"], ["yes", "/", "no"]):
            return None, position + 3 - start
        position += _texts(tokens, position, 1) == [":"]
    if position < len(tokens) and tokens[position].text in _ANSWER_LINKS:
        position += 1
    if _texts(tokens, position, 2) in (["as", "percentage"], ["in", "percentage"], ["in", "percentages"]):
        after = position + 2
        return (PERCENT, after - start) if _texts(tokens, after, 1) != ["of"] else (None, 0)
    if (
        position > start
        and position < len(tokens)
        and tokens[position].unit is not None
        and _closes(tokens, position + 1)
    ):
        return tokens[position].unit, position + 1 - start
    if _texts(tokens, position, 1) in (["in"], ["as"]) and position + 1 < len(tokens):
        unit = tokens[position + 1].unit
        after = position + 2
        if unit is not None and not tokens[position + 1].before:
            if unit is PERCENT and _texts(tokens, after, 1) == ["of"]:
                return None, 0
            return unit, after - start
    # "Average roof size m2": a unit alone at the end, behind a noun.
    noun = tokens[start - 1].text if 0 < start == len(tokens) - 1 else ""
    if (
        noun.isalpha()
        and noun not in ("in", "per", "of", "each", "every", "to", "on", "into", "by")
        and tokens[start].unit is not PERCENT
    ):
        return tokens[start].unit, int(tokens[start].unit is not None)
    in_brackets = tokens[start].before == "(" and _closes(tokens, start + 1)
    if position == start and in_brackets and (start == 0 or tokens[start - 1].number is None):
        return tokens[start].unit, int(tokens[start].unit is not None)
    return None, 0


def _drop_scope(tokens: list[Token]) -> list[Token]:
    """Take out "in the image": everything is."""
    position = 0
    while position < len(tokens):
        if tokens[position].text in SCOPE and _texts(tokens, position + 1, 1) == ["image"]:
            tokens = _remove(tokens, position, position + 2)
        elif tokens[position].text in ("in", "within", "across") and _place(tokens, position):
            tokens = _remove(tokens, position, position + 1 + _place(tokens, position))
        elif (
            tokens[position].text in ("for", "from")
            and _texts(tokens, position + 1, 1) == ["image"]
            and (position == 0 or _closes(tokens, position + 2))
        ):
            tokens = _remove(tokens, position, position + 2)
        else:
            position += 1
    return tokens


def _place(tokens: list[Token], position: int) -> int:
    """Length of "this area" after "in", where it means the image."""
    words = _texts(tokens, position + 1, 2)
    if len(words) == 2 and words[0] == "this" and words[1] in ("area", "place", "location", "region"):
        return 2
    return 0
