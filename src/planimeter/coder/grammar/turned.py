"""The same question in another order of words: statements, frames around them, denied verbs, words that float.

Asked only after a question has been refused as it stands. Nothing is dropped or added here but what asks ("would you
say"), and the "n't" of a question that begins with it: "isn't every house near a road?" is answered as "is every
house …?" is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from planimeter.coder.grammar.classes import CLASSES
from planimeter.coder.grammar.lexer import Token
from planimeter.vocabulary.units import Unit

_WHO = r"(?:you|we|one|i|anyone|anybody|somebody|someone)"
_SAY = (
    r"(?:say|think|agree|confirm|claim|argue|believe|reckon|guess|suppose|assume|suspect|tell\s+(?:me|us)|state|"
    r"conclude|expect|imagine|feel)"
)
_RIGHT = r"(?:true|right|correct|fair|so|accurate|possible|safe)"
_NO = r"(?!.*\b(?:no|not|none|never|nor|neither|nothing)\b|.*n['’]t\b)"

_FRAMES = (
    # "would you say that …", "wouldn't you agree …", "can one say that …"
    rf"^(?:would|do|could|can|should|may|might|did)(?:n['’]t)?\s+{_WHO}\s+{_SAY}(?:\s+that)?[,:]?\s+",
    # "is it true that …", "isn't it fair to say that …"
    rf"^(?:is|was|would)(?:n['’]t)?\s+it\s+(?:be\s+)?{_RIGHT}(?:\s+to\s+(?:say|claim|assume|conclude))?(?:\s+that)?[,:]?\s+",
    r"^(?:is|isn['’]t)\s+it\s+(?:the\s+case|a\s+fact)(?:\s+that)?[,:]?\s+",
    # "I think that …", "it seems to me that …"
    rf"^(?:i|we)(?:['’]d|\s+would)?\s+{_SAY}(?:\s+that)?[,:]?\s+(?=[^?]*\?)",
    r"^(?:it\s+(?:seems|looks|appears)(?:\s+to\s+(?:me|us))?|someone\s+(?:says|claims)|they\s+say|people\s+say|my\s+\w+\s+(?:says|claims|thinks))"
    r"(?:\s+that|\s+like|\s+as\s+if)?[,:]?\s+(?=[^?]*\?)",
)  # fmt: skip
_TAGS = (
    rf"[,.;]?\s*(?:is|isn['’]t)\s+(?:that|this|it)\s+(?:{_RIGHT}|the\s+case)\s*\?\s*$",
    r"[,.;]?\s*(?:am|are)\s+(?:i|we)\s+(?:right|correct|wrong)\s*\?\s*$",
    rf"[,.;]\s*(?:would|do|don['’]t|wouldn['’]t)\s+{_WHO}\s+{_SAY}\s*\?\s*$",
    r"[,.;]\s*(?:is|are|does|do|has|have)(?:n['’]t)?\s+(?:it|they|there|that)\s*\?\s*$",
    r"[,.;]\s*(?:true\s+or\s+false|right\s+or\s+wrong|yes\s+or\s+no|agreed|right|correct|true|no|huh|eh)\s*\?\s*$",
)
_FRAME = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _FRAMES)
_TAG = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _TAGS)
_DENIED = re.compile(rf"^(is|are|do|does|has|have|can|could|would)n['’]t\s+{_NO}", re.IGNORECASE)
# "Would be lost" is no "was lost" between two dates.
_MODAL = re.compile(
    r"\b(?:would|might)\s+be\b(?!\s+(?:if|when|lost|gone|gained|destroyed|demolished|removed|cleared|felled|built|converted))",
    re.IGNORECASE,
)

_ASKS = frozenset(
    [
        "how",
        "what",
        "which",
        "where",
        "who",
        "whether",
        "is",
        "are",
        "was",
        "were",
        "do",
        "does",
        "did",
        "can",
        "could",
        "would",
        "will",
        "has",
        "have",
        "count",
        "list",
        "show",
        "find",
        "tell",
        "give",
        "compare",
        "rank",
        "if",
    ]
)
_QUESTION_WORDS = frozenset(("how", "what", "which", "where"))
_BE = frozenset(("is", "are", "was", "were"))
_VERBS = frozenset(
    phrase.split()[0]
    for phrase in (*CLASSES["cover"], *CLASSES["finite"], *CLASSES["touching"])
    if " " not in phrase or phrase.split()[1] in ("up", "for", "on")
) - {"is", "are", "was", "were", "do", "does", "can", "use", "uses", "form", "forms"} | frozenset(
    (
        "exceeds",
        "exceed",
        "outnumber",
        "outweigh",
        "outnumbers",
        "outweighs",
        "has",
        "have",
        "dominates",
        "dominate",
    )
)


def unframed(text: str) -> str:
    """A question without the frame around what it asks, and without the "n't" that it begins with.

    >>> unframed("Would you say there's more grass than forest?")
    "whether there's more grass than forest?"
    >>> unframed("Isn't every house within 50 m of a road?")
    'Is every house within 50 m of a road?'
    """
    text = " ".join(text.split())
    bare = text
    for tag in _TAG:
        found = tag.search(bare)
        if found and found.start() > 8:
            bare = bare[: found.start()].rstrip(" ,.;") + "?"
            break
    for frame in _FRAME:
        found = frame.match(bare)
        if found and found.end() < len(bare):
            rest = bare[found.end() :]
            first = re.match(r"[a-z]+", rest, re.IGNORECASE)
            asks = first is not None and first.group().lower() in _ASKS
            return rest if asks else f"whether {rest}"
    if bare != text:
        opening = bare.split()[0].lower()
        return bare if opening in _ASKS else f"whether {bare}"
    return _MODAL.sub("is", _DENIED.sub(r"\1 ", text))


def turned(tokens: list[Token], asked: bool, unit: Unit | None = None) -> Iterator[list[Token]]:
    """The question in other orders of its words, likeliest first.

    Args:
        tokens: as prepared for the grammar.
        asked: whether a question mark ends it.
        unit: that the answer is asked in, which is no longer among the tokens.
    """
    texts = [token.text for token in tokens]
    yield from _floating(tokens, texts)
    yield from _without_presence(tokens, texts)
    if texts[:1] and texts[0] in ("has", "have", "had") and len(tokens) > 2:
        for place in range(2, min(len(tokens), 8)):
            yield [*_words("does"), *_opening(tokens[1:place]), *_words("have"), *tokens[place:]]
    places = [place for place, word in enumerate(texts) if word in _QUESTION_WORDS]
    if texts[:1] == ["whether"]:
        yield from _as_question(tokens[1:])
    elif places and places[0] > 1 and texts[0] not in _ASKS:
        yield from _fronted(tokens, places[0], unit)
    elif not places and asked and texts[:1] and texts[0] not in _ASKS:
        yield from _as_question(tokens)


def _words(said: str) -> list[Token]:
    return [Token(word, word) for word in said.split()]


def _opening(tokens: list[Token]) -> list[Token]:
    """Tokens with nothing in front of the first."""
    return [replace(tokens[0], before=""), *tokens[1:]] if tokens else []


_PRESENT = frozenset(("present", "visible", "shown", "depicted", "pictured", "detected", "appearing"))


def _without_presence(tokens: list[Token], texts: list[str]) -> Iterator[list[Token]]:
    """ "The houses shown" are all that there are; "are shown" is a verb and stays."""
    for place in range(1, len(tokens)):
        if texts[place] in _PRESENT and texts[place - 1] not in (*_BE, "be", "there", "not"):
            rest = tokens[place + 1 :]
            if rest and tokens[place].before and not rest[0].before:
                rest = [replace(rest[0], before=tokens[place].before), *rest[1:]]
            yield [*tokens[:place], *rest]


def _floating(tokens: list[Token], texts: list[str]) -> Iterator[list[Token]]:
    """ "On average" put at the end, where the grammar has it."""
    for place in range(len(tokens) - 1):
        if texts[place : place + 2] == ["on", "average"]:
            adverb = [replace(token, before="") for token in tokens[place : place + 2]]
            rest = tokens[place + 2 :]
            if rest and not place:
                rest = _opening(rest)
            elif rest:
                rest = [replace(rest[0], before=""), *rest[1:]]
            ended = [*tokens[:place], *rest]
            yield [*ended, *adverb]
            if "per" in texts:
                yield ended  # so many per hectare are an average by themselves
            if place:
                yield [*adverb, *ended]
            return


def _as_question(tokens: list[Token]) -> Iterator[list[Token]]:
    """ "The forest is larger than the water" with its verb in front, for each word that can be it."""
    for place in range(1, len(tokens)):
        word = tokens[place].text
        if word in _BE:
            rest = [
                replace(token, before="") if not step else token
                for step, token in enumerate(tokens[place + 1 :])
            ]
            yield [replace(tokens[place], before=""), *tokens[:place], *rest]
        elif word in _VERBS:
            yield [*_words("does"), *_opening(tokens)]
    if not any(token.text in _BE or token.text in _VERBS for token in tokens):
        yield [*_words("is"), *_opening(tokens)]


def _fronted(tokens: list[Token], place: int, unit: Unit | None) -> Iterator[list[Token]]:
    """ "The largest lake is how large?" with the question word in front."""
    verb, subject, rest = tokens[place - 1], tokens[: place - 1], _opening(tokens[place:])
    if not subject:
        return
    if [token.text for token in rest] in (["how", "many"], ["how", "much"], ["what"]):
        # "The roofs cover how many square metres?", whose unit has been lifted
        if unit is not None and unit.dimension == "area":
            yield [*_words("how large is"), *_opening(subject)]
            yield [*_words("what area does"), *_opening(subject), *_words("cover")]
        return
    if verb.text in _BE:
        for end in (2, len(rest)):
            yield [*rest[:end], verb, *subject, *rest[end:]]
    elif verb.text in _VERBS:
        yield [*rest, *_words("does"), *_opening(subject), verb]
