"""Other ways of reading a question that is refused as it stands: in another order, by its parts, without idle words."""

from __future__ import annotations

import dataclasses

from planimeter.coder.grammar.asides import topical_words, what_is_meant
from planimeter.coder.grammar.clothing import Undressed, undress
from planimeter.coder.grammar.formulas import in_words
from planimeter.coder.grammar.gathered import gathered
from planimeter.coder.grammar.harmless import says_the_same, without_harmless
from planimeter.coder.grammar.judged import judged_by_parts
from planimeter.coder.grammar.lexer import Token
from planimeter.coder.grammar.meanings import meaning_of, prepared_with
from planimeter.coder.grammar.plainly import plainly
from planimeter.coder.grammar.prepare import Prepared
from planimeter.coder.grammar.readings import refuse_two_readings
from planimeter.coder.grammar.resumed import resumed
from planimeter.coder.grammar.slips import expanded
from planimeter.coder.grammar.steps import in_one
from planimeter.coder.grammar.suppositions import supposed
from planimeter.coder.grammar.turned import turned, unframed
from planimeter.errors import NotUnderstood
from planimeter.meaning.reading import sentence
from planimeter.meaning.records import Meaning, Presence
from planimeter.vocabulary.topics import Topic

Read = tuple[Prepared, Meaning, tuple[str, ...]]
"""A question as it was prepared, its meaning, and what to say about how it was read."""


def otherwise(text: str) -> Undressed:
    """A question in plain words, without what they laid bare."""
    aside: list[str] = []
    for _ in range(3):
        before = text
        bare = undress(supposed(resumed(text)))
        aside += bare.aside
        text = plainly(in_words(what_is_meant(in_one(bare.text), topical_words())))
        if text == before:
            break
    bare = undress(text)
    return Undressed(bare.text, (*aside, *bare.aside))


def in_order(text: str, brought: tuple[Topic, ...]) -> Read | None:
    """A question in another order of its words, which the grammar reads in one way; None where there is none."""
    asked = text.rstrip(" \"'”’)").endswith("?")
    bare = unframed(undress(expanded(text)).text)
    tried: set[str] = set()
    for words in (Undressed(bare), undress(bare), otherwise(bare)):
        if words.text in tried:
            continue
        tried.add(words.text)
        try:
            prepared = prepared_with(words.text, brought)
        except NotUnderstood:
            continue
        if not prepared.tokens:
            continue
        notes = tuple(f'Left aside: "{sentence}"' for sentence in words.aside)
        found: list[tuple[Prepared, Meaning]] = []
        prepared = _how_far(prepared)
        for tokens in ([prepared.tokens], turned(prepared.tokens, asked, prepared.unit)):
            for order in tokens:
                one = dataclasses.replace(prepared, tokens=order)
                meaning, _ = meaning_of(one, frozenset())
                if _of_all_or_some(meaning, order, prepared.tokens):
                    continue  # "houses are near a road": all of them, or some
                if meaning is not None and all(meaning != other for _, other in found):
                    found.append((one, meaning))
            if found:
                refuse_two_readings([meaning for _, meaning in found])
                return (*found[0], notes)
        meaning = gathered(prepared.tokens, prepared.unit)
        for order in [prepared.tokens, *turned(prepared.tokens, asked)]:
            meaning = meaning or (None if prepared.unit else judged_by_parts(order))
        if meaning is not None:
            return prepared, meaning, notes
    return None


def _how_far(prepared: Prepared) -> Prepared:
    """ "How many metres is the house from the road" as "how far", with the answer in metres."""
    tokens = prepared.tokens
    for place in range(len(tokens) - 2):
        unit = tokens[place + 2].unit
        asks = [token.text for token in tokens[place : place + 2]] == ["how", "many"]
        if asks and unit is not None and unit.dimension == "length" and prepared.unit in (None, unit):
            far = dataclasses.replace(tokens[place + 1], text="far", said="far")
            return dataclasses.replace(
                prepared, tokens=[*tokens[: place + 1], far, *tokens[place + 3 :]], unit=unit
            )
    return prepared


def _of_all_or_some(meaning: Meaning | None, order: list[Token], tokens: list[Token]) -> bool:
    """Whether a statement about things, now a question, does not say of how many of them it is made."""
    if not isinstance(meaning, Presence) or meaning.absent or order == tokens or meaning.of.pick is not None:
        return False
    first = order[1] if len(order) > 1 else order[0]
    return not (first.indefinite or first.text in ("any", "some", "there", "at", "image"))


def spared(text: str) -> Read | None:
    """A question without the words that narrow nothing, where all that it says is in what is left."""
    for left, out in without_harmless(undress(expanded(text)).text):
        try:
            prepared = prepared_with(left, ())
        except NotUnderstood:
            continue
        if not prepared.tokens:
            continue
        meaning, _ = meaning_of(prepared, frozenset())
        found = (prepared, meaning, ()) if meaning is not None else in_order(left, ())
        if found is None or found[1] is None:
            continue
        unit = "" if found[0].unit is None else f" in {found[0].unit.word}"
        if says_the_same(text, found[1], sentence(found[1]).rstrip(".") + unit):
            return found[0], found[1], (*found[2], f'Left aside: "{out}"')
    return None
