"""Grammar of parts of the image held against each other: "which half has more forest?", "houses in each quadrant"."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.formalism import Parser, Values
from planimeter.coder.grammar.rulebook import primitive, rule
from planimeter.coder.grammar.rules.ground import framed, part_named, part_words
from planimeter.meaning.reading import FRAMES
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Area,
    ByPart,
    Comparison,
    Composition,
    Count,
    Density,
    Inside,
    Length,
    Meaning,
    Quantity,
    Share,
    Subject,
    WhichPart,
)
from planimeter.vocabulary.topics import EVERYWHERE
from planimeter.vocabulary.units import HECTARE, Unit

Parts = tuple[Subject, ...]

# --- several parts ------------------------------------------------------------------------------------------------


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
        kind = part_words(parser, end)
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
                skipped += parser.text(skipped) in ("in", "that", "one")
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


Amount = tuple[Quantity, bool]


@rule(
    "amountof",
    "{comparative:more} {np}",
    "{comparative:more} of {np}",
    "{more} (number|count|amount) of {np}",
)
def _amount(more: tuple[bool], np: Subject) -> Amount:
    """ "The largest lake" is no amount of lakes."""
    return _of(np), more[0]


def _of(np: Subject) -> Quantity:
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
    return Share(np), more[0]


@rule(
    "amountof",
    "{more} {bare:np} density",
    "{more} <density> of {bare:np}",
    "{more} {bare:np} (per|a) {areaunit}",
)
def _density_amount(more: tuple[bool], np: Subject, areaunit: Unit = HECTARE) -> Amount | None:
    return (Density(np, areaunit), more[0]) if np.counted else None


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
def _green() -> Subject:
    return Subject(("vegetation",), said="green")


@rule("degree", "(more|most) [heavily] {coveradjective}")
def _more_so(coveradjective: Subject) -> Amount:
    return Share(coveradjective), True


@rule("degree", "(less|least) [heavily] {coveradjective}")
def _less_so(coveradjective: Subject) -> Amount:
    return Share(coveradjective), False


@rule("degree", "(greener|greenest)")
def _greener() -> Amount:
    return Share(_green()), True


# --- which part ---------------------------------------------------------------------------------------------------


@rule("whichpart", "(which|what) [one] of {partkind}", "(which|what) {partkind}")
def _which(partkind: Parts) -> Parts:
    return partkind


@rule("onepart", "{partkind}")
def _one(partkind: Parts) -> Parts:
    return partkind


@rule(
    "question",
    "{whichpart} <have> {amountof} [in it]",
    "{whichpart} [is] with {amountof}",
    "(in|for) {whichpart} (is|are) there {amountof}",
    "in {whichpart} (do|does|can) (i|you|we|one) (find|see|have|count) {amountof}",
    "in {whichpart} (is|are|lie|lies|stand) {amountof} [found|located]",
    "{whichpart} (is|are) {amountof} in",
    "{whichpart} is {degree:amountof}",
    "(which|what) [is] {degree:amountof} {partkind}",
    "(<pointverb>|name) {degree:amountof} {partkind}",
    "(<pointverb>|name) {partkind} (with|that has|that have|containing|which has) {amountof}",
    "(which|what) is {partkind} (with|that has|which has) {amountof}",
    "(which|what) {partkind} <have> {amountof} {partsor}",
    "(which|what) {partkind} is {degree:amountof} {partsor}",
    "(which|what) [one] <have> {amountof} {partsor}",
    "(which|what) [one] is {degree:amountof} {partsor}",
    "where (is|are) there {amountof} [in] {partsor}",
    "(is|are) there {amountof} [in] {partsor}",
    "(is|are) {amountof} [found] in {partsor}",
    "<does> {amountof} (lie|stand|grow|exist|occur) in {partsor}",
    "<does> {partsor} <have> {amountof}",
    "<is> {partsor} {degree:amountof}",
    "[<ask>] <whether> {partsor} <have> {amountof}",
    "[<ask>] <whether> {partsor} <is> {degree:amountof}",
    "[<ask>] <whether> there (is|are) {amountof} in {partsor}",
    "{partsor} which [one] <have> {amountof}",
    "{partsor} which [one] is {degree:amountof}",
    "(between|of) {partsand:partsor} which [one] <have> {amountof}",
    "(between|of) {partsand:partsor} which [one] is {degree:amountof}",
    "{amountof} [in] {partsor}",
    "{degree:amountof} {partsor}",
)
@rule(
    "top",
    "[<ask>] {partkind} (with|that has|that have|containing|which has) {amountof}",
    "[<ask>] {degree:amountof} {partkind}",
)
def _which_part(
    amountof: Amount, whichpart: Parts = (), partkind: Parts = (), partsor: Parts = ()
) -> Meaning | None:
    kind, parts = whichpart or partkind, partsor or whichpart or partkind
    if partsor and kind and not _of_kind(partsor, kind):
        return None
    of, most = amountof
    return WhichPart(of, parts, most) if _plain(of) else None


def _of_kind(parts: Parts, kind: Parts) -> bool:
    """Whether named parts are such as "which half" asks for."""
    return parts[0].said.rpartition(" ")[2] == kind[0].said.rpartition(" ")[2]


def _plain(of: Any) -> bool:
    """Whether something is asked that every part of the image has an amount of."""
    np: Subject = of.of
    return np.pick is None and not np.then and EVERYWHERE not in np.topics and not _framed(np)


def _framed(np: Subject) -> bool:
    """Whether a phrase names a part of the image already."""
    return any(isinstance(value, Inside) and value.reference.frame is not None for value in np.where)


# --- tables -------------------------------------------------------------------------------------------------------


@rule(
    "eachpart",
    "(in|within|for|of) (each|every|all) [of] [{number}] {partkind}",
    "(in|within|for|of) {number} {partkind}",
    "(per|by) {partkind}",
)
def _each_part(partkind: Parts, number: Any = None) -> Parts | None:
    return partkind if number is None or number.value == len(partkind) else None


@rule("eachpart", "[both] [in|for|of|between|across] [both] {partsand}", "[in] {partsversus}")
def _both_parts(partsand: Parts = (), partsversus: Parts = ()) -> Parts:
    return partsand or partsversus


@primitive("partsversus")
def _parts_versus(parser: Parser, position: int) -> Values:
    return _list_of(parser, position, ("versus", "vs", "against", "with", "to"))


def _table(of: Quantity, parts: Parts) -> Meaning | None:
    kinds = isinstance(of, Count | Area | Share | Density | Length)
    return ByPart(of, parts) if kinds and _plain(of) and not getattr(of, "complement", False) else None


@rule("top", "[<ask>] {q} {eachpart:parts}", "[<ask>] {q} compared {eachpart:parts}")
def _quantity_of_each(q: Quantity, parts: Parts) -> Meaning | None:
    return _table(q, parts)


@rule(
    "top",
    "[<ask>] [compare|comparison of] {bare:np} {eachpart:parts}",
    "(compare|comparison of) {q} {eachpart:parts}",
)
def _compared(parts: Parts, np: Subject | None = None, q: Quantity | None = None) -> Meaning | None:
    if q is not None:
        return _table(q, parts)
    return None if np is None else _table(_of(np), parts)


@rule(
    "question",
    "compare {partsand:parts} (by|for|in terms of|with respect to|on) {np}",
    "compare {partsversus:parts} (by|for|in terms of|with respect to|on) {np}",
)
def _compared_by(parts: Parts, np: Subject) -> Meaning | None:
    return _table(_of(np), parts)


@rule(
    "question",
    "how many {np} <exist> {eachpart:parts}",
    "how many {np} {eachpart:parts} [<exist>]",
    "how many {np} <does> {eachpart:parts} <have>",
    "count {np} {eachpart:parts}",
)
def _how_many_in_each(np: Subject, parts: Parts) -> Meaning | None:
    return _table(Count(np), parts)


@rule(
    "question",
    "<much> {np} <exist> {eachpart:parts}",
    "<much> {np} {eachpart:parts} [<exist>]",
    "how many {areaunit} of {np} [<exist>] {eachpart:parts}",
    "<much> {np} <does> {eachpart:parts} <have>",
)
def _how_much_in_each(np: Subject, parts: Parts, areaunit: Unit | None = None) -> Meaning | None:
    return None if np.counted and areaunit is None else _table(Area(np, unit=areaunit), parts)


@rule(
    "question",
    "how many {np} {per} [<exist>] {eachpart:parts}",
    "how many {np} <exist> {per} {eachpart:parts}",
)
def _how_dense_in_each(np: Subject, per: Unit, parts: Parts) -> Meaning | None:
    return _table(Density(np, per), parts)


@rule(
    "question",
    "[<ask>|what] {sharename} {eachpart:parts} <covered> {np}",
    "<much> {eachpart:parts} <covered> {np}",
    "how {coveradjective:np} is (each|every) {partkind:parts}",
    "how {coveradjective:np} (is|are) {partsand:parts}",
)
def _share_of_each(np: Subject, parts: Parts, sharename: Any = None) -> Meaning | None:
    return _table(Share(np), parts)


# --- one part -----------------------------------------------------------------------------------------------------


@rule("question", "<much> of {framename} <covered> {np}", "how {coveradjective:np} is {framename}")
def _much_of_part(framename: Subject, np: Subject) -> Quantity:
    return Share(framename, (Inside(np),), of_image=False)


@rule("question", "how {coveradjective} is image")
def _how_green(coveradjective: Subject) -> Quantity:
    return Share(coveradjective)


@rule(
    "question",
    "<is> {framename:first} {degree} than {framename:second}",
    "[<ask>] <whether> {framename:first} <is> {degree} than {framename:second}",
)
def _more_than(first: Subject, second: Subject, degree: Amount) -> Meaning:
    share, most = degree
    cover = (Inside(share.of),)  # type: ignore[union-attr]
    pair = (Share(part, cover, of_image=False) for part in (first, second))
    return Comparison(*pair, ">" if most else "<")


@rule(
    "question",
    "<does> {framename:first} <have> {amountof} than {framename:second} [<does>]",
    "[<ask>] <whether> {framename:first} <have> {amountof} than {framename:second}",
)
def _has_more_than(first: Subject, second: Subject, amountof: Amount) -> Meaning | None:
    from planimeter.meaning.emit_parts import in_part

    of, most = amountof
    return Comparison(in_part(of, first), in_part(of, second), ">" if most else "<") if _plain(of) else None


@rule(
    "q",
    "{bare:np} <density> [{per}] (in|of|within|for|across) {framename}",
    "<density> of {bare:np} [{per}] (in|within|across) {framename}",
    "<count> {bare:np} {per} (in|of|within|across) {framename}",
    "{bare:np} {per} (in|of|within|across) {framename}",
)
@rule(
    "question",
    "how many {bare:np} {per} [<exist>] (in|of|within|across) {framename}",
    "how many {bare:np} <exist> {per} (in|of|within|across) {framename}",
    "how many {bare:np} <exist> (in|within|across) {framename} {per}",
    "how many {bare:np} {per} <does> {framename} <have>",
    "how many {bare:np} <does> {framename} <have> {per}",
)
def _density_there(np: Subject, framename: Subject, per: Unit = HECTARE) -> Quantity | None:
    if np.pick is not None:
        return None
    return Density(replace(np, where=(*np.where, Inside(framename))), per, framename)


@rule(
    "question",
    "<coverclass> [<breakdown>] (in|of|within) {framename}",
    "<breakdown> of (<coverclass>|<coverclasses>) (in|of|within) {framename}",
    "<coverclasses> (in|of|within) {framename}",
    "<breakdown> of {framename}",
    "what [<coverclass>|<coverclasses>] (is|are) there in {framename}",
)
def _cover_of_part(framename: Subject) -> Meaning:
    return Composition(part=(Inside(framename),))
