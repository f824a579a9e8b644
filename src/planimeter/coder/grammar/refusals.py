"""What a refusal says: which words were followed, which were not, and what to ask instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from itertools import pairwise

from planimeter.coder.grammar.lexer import Token
from planimeter.vocabulary.topics import nouns

_REMEDY = "ask for a count, area, share, average, distance or a yes or no of land cover and buildings"
_OTHER_LANGUAGES = frozenset(
    re.findall(
        r"\w+",
        """
        wie viel viele wieviel wieviele welche welcher welches gibt der die das dem den des ein eine einen und ist sind
        mit von wo im bild fläche gebäude wald wasser
        combien quel quelle quels quelles le la les des du un une de et est sont dans où il y image surface bâtiments
        cuánto cuánta cuántos cuántas cuantos cuantas qué que hay el los las del en es son dónde número área
        quanti quante quanto quanta qual quale gli lo di nel nella sono è dove ci
        quantos quantas quanta há os as do da dos das no na são onde
        hoeveel welke er zijn het een van op waar
        hur många vilken är på och finns hvor mange er og på det
        ile jest są w na kolik je kuinka monta on kaç var berapa
        """,
    )
)
_EVERY = frozenset(("every", "each", "all"))
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


def every_reference(tokens: list[Token]) -> str:
    """ "Within 50 m of every lake": only the nearest of them can be measured to."""
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
            return (
                f'"{before.said} {token.said} {noun}" cannot be measured, only how far the nearest of them is; say '
                f'"{before.said} any {noun}".'
            )
    return ""


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "…"
