"""What to ask instead: questions near the one that was refused which the grammar reads and the topics at hand answer.

They are made of the topics, distances and sizes that the question names, and offered only after the grammar has read
them, the likeliest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from planimeter.coder.grammar.clothing import plain_characters, undress
from planimeter.coder.grammar.lexer import MAX_CHARACTERS, Token, tokenize
from planimeter.coder.grammar.made_of_parts import made_of_parts, nearest, roughly
from planimeter.coder.grammar.meanings import known_words
from planimeter.coder.grammar.parse import parse
from planimeter.coder.grammar.slips import expanded, near_words
from planimeter.errors import QuestionError
from planimeter.meaning.directions import SIDE_OF, placed
from planimeter.meaning.units_asked import apply_unit
from planimeter.meaning.validate import validate
from planimeter.vocabulary.topics import Noun, Topic, nouns, nouns_of

MOST = 3  # suggestions for one question
_LONGEST_QUESTION = 45  # tokens; a longer one has more wrong with it than a rewording mends
_MOST_TRIED = 14


def rewordings(
    text: str,
    topics: tuple[str, ...],
    brought: tuple[Topic, ...] = (),
    exclusive: tuple[tuple[str, ...], ...] = (),
    north: str | None = "up",
) -> tuple[str, ...]:
    """Questions close to a refused one that can be answered, the likeliest first.

    Args:
        text: the question as typed.
        topics: canonical topics at hand.
        brought: records of topics that sources bring.
        exclusive: groups of topics no two of which ever share a pixel.
        north: where it lies in the image; None where nobody knows.

    Example:
        >>> rewordings("How big is a lake?", ("water", "roof"))[0]
        'How big is the largest lake?'
    """
    if len(text) > MAX_CHARACTERS:
        return ()
    written = expanded(plain_characters(text))
    plain = undress(written).text
    known = nouns() | {phrase: noun for record in brought for phrase, noun in nouns_of(record).items()}
    direct = list(dict.fromkeys(_changed(plain, known, north)))
    says = roughly(written)
    made = nearest(written, dict.fromkeys(made_of_parts(says, topics))) if says is not None else []
    asked = plain.lower()
    found: list[str] = []
    for candidate in [*direct, *made][:_MOST_TRIED]:
        if candidate.lower().rstrip("?. ") != asked.rstrip("?. ") and _answered(
            candidate, topics, brought, exclusive, north
        ):
            found.append(candidate)
            if len(found) == MOST:
                break
    return tuple(found)


def _changed(text: str, known: Mapping[str, Noun], north: str | None) -> Iterator[str]:
    """The question with one thing changed; none of a long one, in which more than that is wrong."""
    try:
        tokens = tokenize(text)
    except QuestionError:
        tokens = []
    if len(tokens) <= _LONGEST_QUESTION:
        yield from _numbers(text)
        yield from _respelt(text, tokens)
        yield from _reworded(text, known)
        yield from _by_sides(text, north)


def _answered(
    text: str,
    topics: tuple[str, ...],
    brought: tuple[Topic, ...],
    exclusive: tuple[tuple[str, ...], ...],
    north: str | None,
) -> bool:
    """Whether a question has a reading without anything left aside, and the topics at hand can answer it."""
    try:
        parsed = parse(text, brought=brought)
        validate(placed(parsed.meaning, north), topics, exclusive)
        apply_unit(parsed.meaning, parsed.unit)
    except QuestionError:
        return False
    return not parsed.notes


_POINT = re.compile(rf"\b({'|'.join(SIDE_OF)})(?:ern)?(?=\s+(?:half|third)\b)", re.IGNORECASE)


def _by_sides(text: str, north: str | None) -> Iterator[str]:
    """The question by the sides of the image, where nobody knows in which of them north lies."""
    if north is None and _POINT.search(text):
        yield _asked(_POINT.sub(lambda found: SIDE_OF[found[1].lower()], text))


def _asked(text: str) -> str:
    """A question as a sentence."""
    text = " ".join(text.split()).rstrip(" ?.!,;")
    return text[:1].upper() + text[1:] + "?"


def _numbers(text: str) -> Iterator[str]:
    """ "1.000 m2" as a thousand and as one."""
    found = re.search(r"(?<![\d.,])\d[\d.,]*[.,]\d+", text)
    if found is None:
        return
    said = found.group()
    whole, _, part = said.replace(",", ".").rpartition(".")
    if len(part) == 3 and whole != "0":
        joined = int(re.sub(r"\D", "", said))
        yield _asked(text[: found.start()] + f"{joined:,}" + text[found.end() :])
    decimal = f"{whole.replace('.', '')}.{part}".rstrip("0").rstrip(".")
    yield _asked(text[: found.start()] + decimal + text[found.end() :])


def _respelt(text: str, tokens: list[Token]) -> Iterator[str]:
    """The question with a word that may be misspelt put right, also where that was not beyond doubt."""
    for token in tokens:
        if token.text.isalpha() and token.text not in known_words():
            for word in near_words(token.text)[:2]:
                yield _asked(re.sub(rf"(?<!\w){re.escape(token.said)}(?!\w)", word, text))


_EVERY = re.compile(
    r"\b(of|from|to|in|inside|touch|touching)\s+(?:every|each|all)\s+(?:the\s+)?", re.IGNORECASE
)
_ARTICLE = re.compile(r"\b(?:the|an?|any|each|every)\s+(?=[a-z]+\b)", re.IGNORECASE)
_NEAR = re.compile(
    r"\b(?:near|close to|next to|beside|nearby|around|by|adjacent to)\s+(?=(?:the|a|an|any)?\s*[a-z]+)", re.I
)

# Panels lie on what has them; what else stands in something is asked for as it is said.
_WITHOUT = re.compile(
    r"\s+(?:with no|without(?: any)?|(?:(?:that|which) )?(?:do not|does not|don't|doesn't) have(?: any)?|"
    r"(?:(?:that|which) )?(?:have|has|having) no)\s+"
    r"(?=(?:the\s+)?(?:solar|photovoltaic|pv|panels?)\b)",
    re.IGNORECASE,
)


def _reworded(text: str, known: Mapping[str, Noun]) -> Iterator[str]:
    """The question with one phrase changed for one that has a reading."""
    if _EVERY.search(text):
        yield _asked(_EVERY.sub(r"\1 any ", text))
    for found in _ARTICLE.finditer(text):
        noun = re.match(r"[a-z]+(?: [a-z]+)?", text[found.end() :], re.IGNORECASE)
        words = noun.group().lower() if noun else ""
        said = words if words in known else words.split(" ")[0]
        if said in known and known[said].kind == "thing" and not known[said].plural:
            yield _asked(text[: found.start()] + "the largest " + text[found.end() :])
            yield _asked(text[: found.start()] + "the average " + text[found.end() :])
    if _WITHOUT.search(text):
        yield _asked(_WITHOUT.sub(" that do not touch ", text))
        yield _asked(_WITHOUT.sub(" do not touch ", text))
    if _NEAR.search(text) and not re.search(r"\d", text):
        yield _asked(_NEAR.sub("within 50 m of ", text))
    pair = re.match(
        r"(?:compare|contrast) (?:the (?:areas?|sizes?|amounts?) of )?(.+?) (?:and|with|to) (.+?)[.?!]*$",
        text,
        re.IGNORECASE,
    )
    if pair:
        one, two = pair.group(1), pair.group(2)
        yield _asked(f"which is larger, {one} or {two}")
        yield _asked(f"what is the ratio of the area of {one} to the area of {two}")
        yield _asked(f"what is the difference between the area of {one} and the area of {two}")
