"""Grammar of several parts of the image, and of how much they have: "the north or the south", "most houses"."""

from __future__ import annotations

from planimeter.coder.grammar.formalism import Parser, Values
from planimeter.coder.grammar.rulebook import primitive, rule
from planimeter.coder.grammar.rules.ground import framed, part_named, part_words
from planimeter.meaning.reading import FRAMES
from planimeter.meaning.records import (
    Area,
    Count,
    Density,
    OfGround,
    Share,
    Subject,
)
from planimeter.vocabulary.units import HECTARE, Unit

Parts = tuple[Subject, ...]

# --- several parts ------------------------------------------------------------------------------------------------


@primitive("partone")
def _part_one(parser: Parser, position: int) -> Values:
    """As "partkind", but one of them: "which halves" may be several."""
    plural = position < len(parser.tokens) and parser.tokens[position].said.lower().endswith("s")
    return [] if plural else _part_kind(parser, position)


@primitive("partkind")
def _part_kind(parser: Parser, position: int) -> Values:
    """ "Half", "quadrants", "corner of the image": all of that kind; of the four halves, each overlaps two others.

    Thirds are no kind: three from top to bottom or from left to right make nine, and people mean three of them.
    """
    kind = part_words(parser, position)
    if kind is None or kind == "third":
        return []
    parts = tuple(part_named(name) for name in FRAMES if name.endswith(f" {kind}") and "central" not in name)
    return [(parts, end) for end in _of_image(parser, position + 1)]


def _of_image(parser: Parser, end: int) -> list[int]:
    """Where the name of a part may end: with "of the image", or without."""
    if parser.text(end) == "of":
        return [end + 2] if parser.text(end + 1) == "image" else []
    return [end + 1, end] if parser.text(end) == "image" else [end]


def _list_of(parser: Parser, position: int, joins: tuple[str, ...]) -> Values:
    """Two or more parts with a word between them: "the north and the south", "upper or lower half"."""
    values: Values = []

    def extend(found: list[list[str]], kinds: list[str | None], at: int, joined: bool) -> None:
        words, end = framed(parser, at)
        if not words:
            return
        kind = part_words(parser, end) or ("half" if parser.text(end) in ("side", "sides") else None)
        end += kind is not None or (end < len(parser.tokens) and parser.tokens[end].number == 1 and joined)
        found, kinds = [*found, words], [*kinds, kind]
        if joined and (parts := _named(found, kinds)) is not None:
            values.extend((parts, stop) for stop in _of_image(parser, end))
        if len(found) == 4 or joined:
            return
        for stop in {end, *_of_image(parser, end)}:
            comma = stop < len(parser.tokens) and parser.tokens[stop].before == ","
            join = parser.text(stop)
            if join in joins:
                skipped = stop + 1
                skipped += parser.text(skipped) in ("in", "on", "at", "to", "that")
                skipped += parser.text(skipped) == "of" and parser.text(skipped - 1) == "that"
                extend(found, kinds, skipped, True)
            elif comma:
                extend(found, kinds, stop, False)

    extend([], [], position, False)
    return values


def _named(found: list[list[str]], kinds: list[str | None]) -> Parts | None:
    """The parts of a list in which perhaps only the last says whether halves or quarters are meant."""
    last = kinds[-1]
    parts = []
    for words, kind in zip(found, kinds, strict=True):
        kind = kind or last or ("quarter" if len(words) > 1 or "-" in words[0] else "half")
        part = part_named(" ".join([*words, kind]))
        if part is None:
            return None
        parts.append(part)
    apart = len({part.said for part in parts}) == len(parts)
    same = len({part.said.rpartition(" ")[2] for part in parts}) == 1
    return tuple(parts) if apart and same else None


@primitive("partsor")
def _parts_or(parser: Parser, position: int) -> Values:
    return _list_of(parser, position, ("or",))


@primitive("partsand")
def _parts_and(parser: Parser, position: int) -> Values:
    return _list_of(parser, position, ("and",))


@primitive("partsversus")
def _parts_versus(parser: Parser, position: int) -> Values:
    return _list_of(parser, position, ("versus", "vs", "against", "with", "to"))


# --- how much of what ---------------------------------------------------------------------------------------------


@rule("comparative", "(more|most)")
def _more() -> tuple[bool]:
    return (True,)


@rule("comparative", "(less|least|fewer|fewest)")
def _less() -> tuple[bool]:
    return (False,)


@rule("more", "(larger|largest|bigger|biggest|greater|greatest|higher|highest|maximum)")
def _larger() -> tuple[bool]:
    return (True,)


@rule("more", "(smaller|smallest|lower|lowest|minimum)")
def _smaller() -> tuple[bool]:
    return (False,)


@rule("more", "{comparative}")
def _either(comparative: tuple[bool]) -> tuple[bool]:
    return comparative


Amount = tuple[OfGround, bool]


@rule(
    "amountof",
    "{comparative:more} {np}",
    "{comparative:more} of {np}",
    "{more} (number|count|amount) of {np}",
)
def _amount(more: tuple[bool], np: Subject) -> Amount:
    """ "The largest lake" is no amount of lakes."""
    return amount_of(np), more[0]


def amount_of(np: Subject) -> OfGround:
    """Things are counted, a cover is measured."""
    return Count(np) if np.counted else Area(np)


@rule(
    "amountof",
    "{more} <areaname> of {np}",
    "{more} {bare:np} (area|extent|surface)",
    "{more} area (under|covered by) {np}",
)
def _area_amount(more: tuple[bool], np: Subject) -> Amount:
    return Area(np), more[0]


@rule(
    "amountof",
    "{more} <sharename> of {bare:np}",
    "{more} {bare:np} (cover|coverage|share|percentage)",
    "{more} <sharename> (covered by|under) {bare:np}",
)
def _share_amount(more: tuple[bool], np: Subject) -> Amount:
    """ "The largest share of the forest" is a part of it, "the highest percentage of forest" is of the ground."""
    return (Area(np) if np.definite else Share(np)), more[0]


@rule("amountof", "{comparative:more} {areaunit} of {np}")
def _units_amount(more: tuple[bool], np: Subject, areaunit: Unit) -> Amount:
    return Area(np), more[0]


@rule(
    "amountof",
    "{more} {bare:np} density",
    "{more} <density> of {bare:np}",
    "{more} {bare:np} (per|a) {areaunit}",
)
def _density_amount(more: tuple[bool], np: Subject, areaunit: Unit = HECTARE) -> Amount:
    return Density(np, areaunit), more[0]


_ADJECTIVES = frozenset(
    (
        "forested", "wooded", "vegetated", "urban", "built up", "urbanised", "urbanized", "developed", "paved",
        "cultivated", "farmed", "barren", "grassy", "agricultural",
    )
)  # fmt: skip


@rule("coveradjective", "{noun}")
def _adjective(noun: Subject) -> Subject | None:
    return noun if noun.said.replace("-", " ") in _ADJECTIVES else None


@rule("coveradjective", "green")
def green() -> Subject:
    return Subject(("vegetation",), said="green")


@rule("degree", "(more|most) [heavily] {coveradjective}")
def _more_so(coveradjective: Subject) -> Amount:
    return Share(coveradjective), True


@rule("degree", "(less|least) [heavily] {coveradjective}")
def _less_so(coveradjective: Subject) -> Amount:
    return Share(coveradjective), False


@rule("degree", "(greener|greenest)")
def greener() -> Amount:
    return Share(green()), True
