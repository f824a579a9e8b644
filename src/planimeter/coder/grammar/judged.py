"""Yes or no, and which of two, by their parts in whatever order: what is compared, with what, and which way.

As in ``gathered``, every word has to belong to a part or be one that measures nothing. What stands behind "than" is the
second of two; a limit has one noun beside it; a choice has "or" between two covers and no "than".
"""

from __future__ import annotations

from planimeter.coder.grammar.apart import Kinds, Phrase, agreed, phrases
from planimeter.coder.grammar.formalism import Parser
from planimeter.coder.grammar.lexer import Token
from planimeter.coder.grammar.rules.areas import measured
from planimeter.meaning.records import (
    Area,
    Bounds,
    Comparison,
    Count,
    Meaning,
    Share,
    SizeOf,
    Subject,
    Threshold,
    Which,
)
from planimeter.vocabulary.topics import EVERYWHERE

_OPENINGS = frozenset(("is", "are", "do", "does", "whether", "which", "what", "has", "have"))

_CUES = {
    ">": phrases(
        "more, larger, bigger, greater, more extensive, more widespread, more abundant, more common, more prevalent, "
        "wider, higher"
    ),
    ">things": phrases("more numerous, more frequent, higher in number, larger in number"),
    "<things": phrases("fewer, less numerous, less frequent, lower in number, smaller in number"),
    "<": phrases("less, smaller, lesser, less extensive, less widespread, less abundant, less common, lower"),
    "most": phrases(
        "most, largest, biggest, greatest, dominant, prevails, dominates, most extensive, prevailing"
    ),
    "least": phrases("least, smallest, rarest"),
    "things": phrases("number, numbers, count, number of, in number"),
    "than": phrases("than, compared to, compared with, in comparison to, in comparison with"),
    "exceeds": phrases(
        "exceed, exceeds, outweigh, outweighs, surpass, surpasses, outstrip, outstrips, dominate over"
    ),
    "or": phrases("or, versus, vs, against"),
    "area": phrases(
        """
        area, land, land area, ground, surface, surface area, extent, share, size, part, portion, space, room, in
        area, in
        size, in extent, by area, of image, of land, cover, covers, covered by, covered with, covered, occupy, occupies,
        occupied by, take up, takes up, taken up by, make up, makes up, account for, accounts for, fill, fills, coverage
        """
    ),
    "total": phrases("total, overall, altogether, in total, together, combined, all in all"),
    "": phrases(
        """
        is, are, there, do, does, be, it, that, of, in, image, by, with, to, which, what, whether, one, of two,
        this, here,
        we see, you see, do you see, do we have, can be seen, can be found, of them
        """
    ),
    "has": phrases("has, have"),
}


_KINDS = Kinds(_CUES)


def judged_by_parts(tokens: list[Token]) -> Meaning | None:
    """What a yes or no, or a choice, means whose parts are known; None where it has no meaning, or two.

    Args:
        tokens: as prepared for the grammar.
    """
    if not tokens or tokens[0].text not in _OPENINGS:
        return None

    def meaning_of(parts: tuple[Phrase, ...]) -> Meaning | None:
        told = tuple(part for part in parts if part.kind)
        return _limit(told, tokens) or _compared(told) or _chosen(told)

    return agreed(tokens, _parts_at, meaning_of)


def _parts_at(parser: Parser, position: int) -> list[Phrase]:
    parts: list[Phrase] = []
    token = parser.tokens[position]
    if token.number == 2 and position and parser.text(position - 1) in ("of", "these", "those"):
        parts.append(Phrase("", position, position + 1))
    for value, end in parser.parse("bounds", position):
        parts.append(Phrase("limit", position, end, value))
    for value, end in parser.parse("base", position):
        if EVERYWHERE not in value.topics and token.text not in ("area", "areas"):
            parts.append(Phrase("noun", position, end, value))
    parts += [Phrase("whole", position, end) for _, end in parser.parse("whole", position)]
    return parts + _KINDS.at(parser, position)


def _limit(told: tuple[Phrase, ...], tokens: list[Token]) -> Meaning | None:
    """ "Do the lakes number more than 10?", "does the water come to over 2 ha?" """
    kinds = [part.kind for part in told]
    if kinds.count("noun") != 1 or kinds.count("limit") != 1:
        return None
    if set(kinds) - {"noun", "limit", "area", "total", "things", "whole"} or tokens[0].text in (
        "which",
        "what",
    ):
        return None
    noun = next(part for part in told if part.kind == "noun")
    limit = next(part for part in told if part.kind == "limit")
    np: Subject = noun.value
    bounds: Bounds = limit.value
    if bounds.dimension == "count":
        fits = np.counted and np.pick is None and not {"area", "total", "whole"} & set(kinds)
        return Threshold(Count(np), bounds) if fits else None
    if "things" in kinds:
        return None
    if bounds.dimension == "percent":
        fits = np.pick is None and ("whole" in kinds or not np.counted)
        return Threshold(Share(np), bounds) if fits else None
    if bounds.dimension not in ("area", "pixel") or "whole" in kinds:
        return None
    if np.pick is not None:
        return Threshold(SizeOf(np, "max"), bounds) if np.pick.count == 1 else None
    single = np.kind == "thing" or np.regions
    of_one = any(token.text == "there" for token in tokens) and limit.start > noun.start
    return Threshold(Area(np), bounds) if not of_one and (not single or "total" in kinds) else None


def _compared(told: tuple[Phrase, ...]) -> Meaning | None:
    """ "Than water, is there more forest?": what is behind "than" is the second."""
    kinds = [part.kind for part in told]
    signs = [kind for kind in kinds if kind[0] in "<>" or kind == "exceeds"]
    if "has" in kinds and "area" not in kinds:
        return None  # what lies in it, not what it covers
    if kinds.count("noun") != 2 or len(signs) != 1 or set(kinds) & {"or", "limit", "most", "least"}:
        return None
    if kinds.count("than") != (0 if signs[0] == "exceeds" else 1):
        return None
    link = kinds.index("exceeds" if signs[0] == "exceeds" else "than")
    if kinds[link + 1 :][:1] != ["noun"] and kinds[link + 1 :][:2] not in (
        ["area", "noun"],
        ["things", "noun"],
    ):
        return None
    behind = kinds.index("noun", link)
    front = next(place for place, kind in enumerate(kinds) if kind == "noun" and place != behind)
    if signs[0] == "exceeds" and front > link:
        return None
    first, second = told[front].value, told[behind].value
    sign = "<" if signs[0][0] == "<" else ">"
    if "things" in kinds or signs[0].endswith("things"):
        both = first.counted and second.counted and first.pick is None and second.pick is None
        return Comparison(Count(first), Count(second), sign) if both and "area" not in kinds else None
    if (_many(first) or _many(second)) and "area" not in kinds:
        return None  # "are the lakes larger than the fields": each of them, on average, or in all
    return Comparison(measured(first), measured(second), sign)


def _many(np: Subject) -> bool:
    return (np.kind == "thing" or np.regions) and np.pick is None


def _chosen(told: tuple[Phrase, ...]) -> Meaning | None:
    """ "Is it forest or water that there is more of?" """
    kinds = [part.kind for part in told]
    signs = [kind for kind in kinds if kind in (">", "<", "most", "least")]
    nouns = [part.value for part in told if part.kind == "noun"]
    if len(nouns) < 2 or len(signs) != 1 or "or" not in kinds:
        return None
    if set(kinds) - {"noun", "or", "area", "total", "whole", "has", signs[0]}:
        return None
    if "has" in kinds and "area" not in kinds:
        return None
    if any(np.pick is not None or len(np.topics) > 1 or (_many(np) and "area" not in kinds) for np in nouns):
        return None
    return Which(tuple(nouns), signs[0] in (">", "most"), "area")
