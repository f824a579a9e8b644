"""Question text → meaning."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import Any

# Importing the grammar's parts fills it.
from planimeter.coder.builtin import judgements, quantities  # noqa: F401
from planimeter.coder.builtin.grammar import Parser, TooAmbiguous
from planimeter.coder.builtin.lexer import Token
from planimeter.coder.builtin.meaning import Away, Condition, Inside, Meaning, Regions, Size, Touching
from planimeter.coder.builtin.phrases import GRAMMAR, negation, rule
from planimeter.coder.builtin.prepare import Prepared, prepare
from planimeter.coder.builtin.units import Unit
from planimeter.coder.builtin.vocabulary import REMARKS
from planimeter.errors import NotUnderstood


@dataclasses.dataclass(frozen=True)
class Parsed:
    """A meaning and the unit its answer was asked for in."""

    meaning: Meaning
    unit: Unit | None


# --- clauses that restrict what is counted, wherever they stand ("ignore patches smaller than 0.1 ha") ---------------


@rule("clausenoun", "{base}", "{shapes_any}")
def _clause_noun(base: Regions | None = None, shapes_any: Any = None) -> tuple[str, ...]:
    return () if base is None else base.topics


@rule("shapes_any", "[<any>] [<apart>] <shapes>", "[<any>] [<apart>] <shape>", "<things>", "[<any>] of <things>", "any <shapes>", "any <shape>")
def _shapes_any() -> str:
    return "any"


@rule("clause", "<exclude> {clausenoun} {conditions} [each]", "<exclude> {conditions}", "<exclude> [<any>] {clausenoun} {conditions}", "<exclude> all {clausenoun} {conditions}")
def _excluding(conditions: tuple[Condition, ...], clausenoun: tuple[str, ...] = ()) -> Any:
    if len(conditions) != 1:
        return None
    inverse = negation(conditions[0])
    return None if inverse is None else ((inverse,), clausenoun)


@rule("clause", "<only> {clausenoun} {conditions} [each]", "<only> {conditions}", "<only> [<any>] {clausenoun} {conditions}", "<only> (if|when) {conditions}",
      "<only> {size} <shapes>", "(minimum size|minimum area|min area|min size|minimum mapping unit) [of|is] {area:minimum}")  # fmt: skip
def _only(conditions: tuple[Condition, ...] = (), clausenoun: tuple[str, ...] = (), size: Size | None = None, minimum: Any = None) -> Any:
    if minimum is not None:
        from planimeter.coder.builtin.meaning import Bounds

        return ((Size(Bounds(low=minimum, low_closed=True)),), ())
    return (conditions or (size,), clausenoun)


def parse(text: str) -> Parsed:
    """What a question means.

    Raises:
        NotUnderstood: some word or the form of the question is not known; says what was followed.
    """
    prepared = prepare(text)
    if not prepared.tokens:
        raise NotUnderstood("There is no question here; ask for a count, an area, a share, a distance or a yes or no.")
    try:
        meaning = _read(prepared)
    except TooAmbiguous:
        raise NotUnderstood("The question can be read in too many ways; ask it in a shorter sentence.") from None
    for remark in prepared.remarks:
        if not _contains(meaning, REMARKS[remark]):
            measure = "a distance in metres" if REMARKS[remark] == "Away" else "a size in hectares"
            raise NotUnderstood(f'"{remark.capitalize()}" is not a measure by itself; say {measure}.')
    return Parsed(meaning, prepared.unit)


def _read(prepared: Prepared) -> Meaning:
    furthest = 0
    tokens = prepared.tokens
    meaning, furthest = _sentence(tokens)
    if meaning is not None:
        return meaning
    lifted, clauses = _lift(tokens)
    if clauses:
        meaning, _ = _sentence(lifted)
        if meaning is not None:
            for conditions, topics in clauses:
                meaning = _restrict(meaning, conditions, topics)
            return meaning
    raise NotUnderstood(_complaint(tokens, furthest))


def _sentence(tokens: list[Token]) -> tuple[Meaning | None, int]:
    """The meaning of tokens, with or without a first clause that says what "they" are."""
    if not tokens:
        return None, 0
    parser = Parser(GRAMMAR, tokens)
    whole = parser.complete("top")
    if whole:
        return whole[0], len(tokens)
    meaning = _condition_first(parser, tokens)
    if meaning is not None:
        return meaning, len(tokens)
    furthest = parser.furthest
    for antecedent, end in sorted(parser.parse("prelude", 0), key=lambda item: -item[1]):
        if end >= len(tokens) or tokens[end].before not in (",", ".", ";", ":", "?", "(", ")") and tokens[end].text not in ("and", "then"):
            continue
        starts = [end, *Parser(GRAMMAR, tokens).phrases(GRAMMAR.classes["then"], end)]
        for start in sorted(set(starts), reverse=True):
            rest = Parser(GRAMMAR, tokens[start:], antecedent)
            found = rest.complete("top")
            furthest = max(furthest, start + rest.furthest)
            for meaning in found:
                if _mentions(meaning, antecedent.topics):
                    return meaning, len(tokens)
    return None, furthest


def _condition_first(parser: Parser, tokens: list[Token]) -> Meaning | None:
    """ "Within 50 m of a road, how many houses are there?" """
    for conditions, end in parser.parse("conditions", 0):
        if end < len(tokens) and tokens[end].before == ",":
            found = Parser(GRAMMAR, tokens[end:]).complete("top")
            if found:
                meaning: Meaning = _add(found[0], conditions, (), False)
                return meaning
    return None


def _lift(tokens: list[Token]) -> tuple[list[Token], list[tuple[tuple[Condition, ...], tuple[str, ...]]]]:
    clauses = []
    position = 0
    while position < len(tokens):
        found = Parser(GRAMMAR, tokens).parse("clause", position)
        if not found:
            position += 1
            continue
        value, end = max(found, key=lambda item: item[1])
        clauses.append(value)
        before = tokens[position].before
        rest = tokens[end:]
        if rest and not rest[0].before and before != "(":
            rest = [replace(rest[0], before=before or ","), *rest[1:]]
        tokens = tokens[:position] + rest
    return tokens, clauses


# --- walking over meanings ----------------------------------------------------------------------------------------


def _contains(value: Any, name: str) -> bool:
    if type(value).__name__ == name:
        return True
    if isinstance(value, tuple):
        return any(_contains(item, name) for item in value)
    if dataclasses.is_dataclass(value):
        return any(_contains(getattr(value, field.name), name) for field in dataclasses.fields(value))
    return False


def _mentions(value: Any, topics: tuple[str, ...]) -> bool:
    """Whether a meaning is about regions of these topics (conditions' references do not count)."""
    if isinstance(value, Regions):
        return value.topics == topics
    if isinstance(value, (Size, Away, Inside, Touching)):
        return False
    if isinstance(value, tuple):
        return any(_mentions(item, topics) for item in value)
    if dataclasses.is_dataclass(value):
        return any(_mentions(getattr(value, field.name), topics) for field in dataclasses.fields(value))
    return False


def _restrict(value: Any, conditions: tuple[Condition, ...], topics: tuple[str, ...]) -> Any:
    """Add conditions to what the question is about, or, where a noun was named, to the regions of that noun."""
    subjects = _mentions(value, topics) if topics else True
    if topics and not subjects and not _named_anywhere(value, topics):
        raise NotUnderstood(f'The question leaves out some of "{topics[0]}", but does not ask about any.')
    return _add(value, conditions, topics, references=bool(topics) and not subjects)


def _named_anywhere(value: Any, topics: tuple[str, ...]) -> bool:
    if isinstance(value, Regions) and value.topics == topics:
        return True
    if isinstance(value, tuple):
        return any(_named_anywhere(item, topics) for item in value)
    if dataclasses.is_dataclass(value):
        return any(_named_anywhere(getattr(value, field.name), topics) for field in dataclasses.fields(value))
    return False


def _add(value: Any, conditions: tuple[Condition, ...], topics: tuple[str, ...], references: bool) -> Any:
    if isinstance(value, Regions):
        if not references and (not topics or value.topics == topics):
            return replace(value, where=(*value.where, *conditions))
        if references:
            return replace(value, where=_add(value.where, conditions, topics, references))
        return value
    if isinstance(value, (Away, Inside, Touching)):
        if references and value.reference.topics == topics:
            return replace(value, reference=replace(value.reference, where=(*value.reference.where, *conditions)))
        return value
    if isinstance(value, tuple):
        return tuple(_add(item, conditions, topics, references) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and not isinstance(value, Size):
        changes = {
            field.name: _add(getattr(value, field.name), conditions, topics, references)
            for field in dataclasses.fields(value)
            if isinstance(getattr(value, field.name), tuple) or dataclasses.is_dataclass(getattr(value, field.name))
        }
        return replace(value, **changes)
    return value


# --- saying no ----------------------------------------------------------------------------------------------------

_REMEDY = "ask for a count, area, share, average, distance or a yes or no of land cover and buildings"


def _complaint(tokens: list[Token], furthest: int) -> str:
    unknown = [
        token.said
        for token in tokens
        if token.text and token.text.isalpha() and token.text not in GRAMMAR.words
    ]
    known = " ".join(token.said for token in tokens if token.said not in unknown)
    if unknown:
        words = " and ".join(f'"{word}"' for word in dict.fromkeys(unknown[:4]))
        rest = f'; I did follow "{_short(known)}"' if known else ""
        return f"I do not know {words}{rest}; {_REMEDY}."
    followed = " ".join(token.said for token in tokens[:furthest])
    behind = " ".join(token.said for token in tokens[furthest:])
    if not behind:
        return f'"{_short(followed)}" is not a whole question I can read one way; {_REMEDY}.'
    return f'I followed "{_short(followed)}" but not "{_short(behind)}"; {_REMEDY}.'


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "…"
