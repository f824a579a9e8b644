"""Grammar of parts of the image held against each other: "which half has more forest?", "houses in each quadrant"."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.part_names import Amount, Parts, amount_of, green
from planimeter.meaning.emit_parts import in_part
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

# --- which part ---------------------------------------------------------------------------------------------------


@rule("whichpart", "(which|what) {partone:parts}", "(which|what) [one] of {allparts:parts}")
def _which(parts: Parts) -> Parts:
    return parts


@rule("allparts", "[all] [{number}] {partkind}")
def _all_parts(partkind: Parts, number: Any = None) -> Parts | None:
    return partkind if number is None or number.value == len(partkind) else None


@rule("there", "[in|on|at|to|towards] {partsor}")
def _there(partsor: Parts) -> Parts:
    return partsor


@rule(
    "question",
    "{whichpart} <have> {amountof} [in it]",
    "{whichpart} <have> {amountof} than (other|other {partone:others})",
    "{whichpart} [is] with {amountof}",
    "(in|for) {whichpart} (is|are) there {amountof}",
    "in {whichpart} (do|does|can) (i|you|we|one) (find|see|have|count) {amountof}",
    "in {whichpart} (is|are|lie|lies|stand) {amountof} [found|located]",
    "{whichpart} (is|are) {amountof} in",
    "{whichpart} is {degree:amountof}",
    "(which|what) [is] {degree:amountof} {partone}",
    "(<pointverb>|name) {degree:amountof} {partone}",
    "(<pointverb>|name) {partone} (with|that has|containing|which has) {amountof}",
    "(which|what) is {partone} (with|that has|which has) {amountof}",
    "(which|what) ({partone}|side) <have> {amountof} {there:partsor}",
    "(which|what) ({partone}|side) is {degree:amountof} {partsor}",
    "(which|what) ({partone}|side) {partsor} <have> {amountof}",
    "(which|what) ({partone}|side) {partsor} is {degree:amountof}",
    "(of|out of|among) {allparts:partkind} which [one|{number}] <have> {amountof}",
    "(of|out of|among) {allparts:partkind} which [one|{number}] is {degree:amountof}",
    "(which|what) [one] <have> {amountof} {there:partsor}",
    "(which|what) [one] is {degree:amountof} {partsor}",
    "where (is|are) there {amountof} {there:partsor}",
    "(is|are) there {amountof} {there:partsor}",
    "(is|are) {amountof} [found] {there:partsor}",
    "<does> {amountof} (lie|stand|grow|exist|occur) {there:partsor}",
    "<does> {partsor} <have> {amountof}",
    "<is> {partsor} {degree:amountof}",
    "[<ask>] <whether> {partsor} <have> {amountof}",
    "[<ask>] <whether> {partsor} <is> {degree:amountof}",
    "[<ask>] <whether> there (is|are) {amountof} {there:partsor}",
    "{partsor} which [one] <have> {amountof}",
    "{partsor} which [one] is {degree:amountof}",
    "(between|of) {partsand:partsor} which [one] <have> {amountof}",
    "(between|of) {partsand:partsor} which [one] is {degree:amountof}",
    "{amountof} {there:partsor}",
    "{degree:amountof} {partsor}",
)
@rule(
    "top",
    "[<ask>] {partone} (with|that has|containing|which has) {amountof}",
    "[<ask>] {degree:amountof} {partone}",
)
def _which_part(
    amountof: Amount,
    whichpart: Parts = (),
    partone: Parts = (),
    partkind: Parts = (),
    partsor: Parts = (),
    others: Parts = (),
    number: Any = None,
) -> Meaning | None:
    kind, (of, most) = whichpart or partone or partkind, amountof
    same = all(not named or not kind or _of_kind(named, kind) for named in (partsor, others))
    return WhichPart(of, partsor or kind, most) if same and _plain(of) else None


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


def _table(of: Quantity, parts: Parts) -> Meaning | None:
    if not isinstance(of, Count | Area | Share | Density | Length) or getattr(of, "complement", False):
        return None
    return ByPart(of, parts) if _plain(of) else None


@rule("top", "[<ask>] {q} {eachpart:parts}", "[<ask>] {q} compared {eachpart:parts}")
def _quantity_of_each(q: Quantity, parts: Parts) -> Meaning | None:
    """ "The share of forest in each quadrant" may be of the quadrant, or of the forest."""
    return None if isinstance(q, Share) else _table(q, parts)


@rule(
    "top",
    "[compare|comparison of|breakdown of|[<ask>] table of] {np} {eachpart:parts}",
    "(compare|comparison of) {q} {eachpart:parts}",
)
def _compared(parts: Parts, np: Subject | None = None, q: Quantity | None = None) -> Meaning | None:
    if q is not None:
        return _table(q, parts)
    return None if np is None else _table(amount_of(np), parts)


@rule(
    "question",
    "compare {partsand:parts} (by|for|in terms of|with respect to|on) {np}",
    "compare {partsversus:parts} (by|for|in terms of|with respect to|on) {np}",
)
def _compared_by(parts: Parts, np: Subject) -> Meaning | None:
    return _table(amount_of(np), parts)


@rule(
    "question",
    "how many {np} <exist> {eachpart:parts}",
    "how many {np} {eachpart:parts} [<exist>]",
    "how many {np} <does> {eachpart:parts} <have>",
    "how many {np} <does> (each|every) {partkind:parts} <have>",
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
    "<much> {np} <does> (each|every) {partkind:parts} <have>",
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


@rule(
    "question",
    "<much> of {framename} <covered> {np}",
    "<much> of {framename} is green",
    "[what] {sharename} of {framename} is green",
    "how {coveradjective:np} is {framename}",
)
def _much_of_part(framename: Subject, np: Subject | None = None, sharename: Any = None) -> Quantity:
    return Share(framename, (Inside(np or green()),), of_image=False)


@rule("question", "how {coveradjective} is image")
@rule("question", "<much> of {whole} is green", "[what] {sharename} of {whole} is green")
def _how_green(coveradjective: Subject | None = None, whole: Any = None, sharename: Any = None) -> Quantity:
    return Share(coveradjective or green())


@rule(
    "question",
    "<is> {framename:first} {degree} than {framename:second}",
    "[<ask>] <whether> {framename:first} <is> {degree} than {framename:second}",
)
def _more_than(first: Subject, second: Subject, degree: Amount) -> Meaning:
    share, most = degree
    one, other = (Share(part, (Inside(share.of),), of_image=False) for part in (first, second))
    return Comparison(one, other, ">" if most else "<")


@rule(
    "question",
    "<does> {framename:first} <have> {amountof} than {framename:second} [<does>]",
    "[<ask>] <whether> {framename:first} <have> {amountof} than {framename:second}",
)
def _has_more_than(first: Subject, second: Subject, amountof: Amount) -> Meaning | None:
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
