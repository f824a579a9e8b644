"""Grammar of two dates, one thing at a time: which buildings are new, where forest was lost, which lake shrank most."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.subjects import Conditions, predicate
from planimeter.meaning.fates import OF_COVERS, OF_THINGS
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Area,
    ChangedMost,
    Listing,
    Matched,
    Meaning,
    Pick,
    Quantity,
    Share,
    Size,
    SizeOf,
    Statistics,
    Subject,
    Where,
)
from planimeter.vocabulary.units import Unit


def _plain_things(np: Subject) -> bool:
    return np.pick is None and not np.where and not np.then and (np.kind == "thing" or np.regions)


def _with_fate(np: Subject, fate: str) -> Subject | None:
    return replace(np, fate=fate, plural=True) if _plain_things(np) else None


def _patches(np: Subject, lostword: str) -> Subject | None:
    """The patches of a cover that were lost or gained; of things it is asked which are gone."""
    fate = {"lost": "lost", "gained": "gained"}.get(lostword)
    if fate is None or np.pick is not None or np.where or np.then or np.kind == "thing":
        return None
    return replace(np, fate=fate, plural=True, regions=True, definite=False)


# --- what is new, gone, grown: a set of things


@rule(
    "fated",
    "<new> {bare:np}",
    "{bare:np} (that|which) {fate}",
    "{bare:np} (that|which) <been> {fate}",
)
def _fated(np: Subject, fate: str = "new") -> Subject | None:
    return _with_fate(np, fate)


@rule("fated", "(demolished|removed|vanished|disappeared|destroyed) {bare:np}")
def _demolished(np: Subject) -> Subject | None:
    return _with_fate(np, "gone")


@rule(
    "fated",
    "(lost|cleared|felled|deforested) {bare:np}",
    "{bare:np} (patches|areas) [that|which] [<been>] (lost|cleared|felled|cut down)",
    "(patches|areas) of {bare:np} [that|which] [<been>] (lost|cleared|felled|cut down)",
    "(patches|areas) of (lost|cleared|felled) {bare:np}",
    "<lossname> of {bare:np}",
)
def _lost_patches(np: Subject) -> Subject | None:
    return _patches(np, "lost")


@rule(
    "fated",
    "(gained|new|newly planted|planted) {bare:np} [patches|areas]",
    "{bare:np} (patches|areas) [that|which] [<been>] (gained|added|planted)",
    "(patches|areas) of (gained|new|planted) {bare:np}",
)
def _gained_patches(np: Subject) -> Subject | None:
    return _patches(np, "gained")


@rule("fatednp", "{fated}")
def _fated_np(fated: Subject) -> Subject:
    return fated


@rule("fatednp", "{fated:base} {predicate:conditions}", "{fated:base} {conditions}")
def _fated_where(base: Subject, conditions: Conditions) -> Subject:
    return predicate(base, conditions)


# --- lists


@rule(
    "question",
    "(which|what) {bare:np} [<been>] {fate} {sincethen}",
    "(which|what) are [<every>] <new> {bare:np} {sincethen}",
    "(which|what) of {bare:np} [<been>] {fate} {sincethen}",
)
def _which_are(np: Subject, fate: str = "new", sincethen: str = "") -> Meaning | None:
    found = _with_fate(np, fate) if np.plural else None
    return None if found is None else Listing(found)


@rule(
    "question",
    "<listverb> [<every>] {fatednp} [(with|and) [<possessive>] <ownmeasures>] {sincethen}",
    "<ask> <listverb> [<every>] {fatednp} [(with|and) [<possessive>] <ownmeasures>] {sincethen}",
    "[me] <listnoun> of [<every>] {fatednp} [(with|and) [<possessive>] <ownmeasures>] {sincethen}",
    "<findverb> <every> {fatednp} [(with|and) [<possessive>] <ownmeasures>] {sincethen}",
    "where are [<every>] {fatednp} [located|situated|found] {sincethen}",
    "<coordinates> of [<every>] {fatednp} {sincethen}",
    "<listverb> which {fatednp} {sincethen}",
)
def _list_fated(fatednp: Subject, sincethen: str = "") -> Meaning:
    return Listing(fatednp)


@rule("question", "(areas|sizes|individual areas) of [<every>] {fatednp} {sincethen}")
def _areas_of_each(fatednp: Subject, sincethen: str = "") -> Meaning | None:
    return Listing(fatednp) if fatednp.kind == "thing" else None


@rule("question", "(which|what) {fated:base} {predicate:conditions} {sincethen}")
def _which_fated_are(base: Subject, conditions: Conditions, sincethen: str = "") -> Meaning:
    return Listing(predicate(base, conditions))


@rule("question", "<listverb> which {bare:np} [<been>] {fate} {sincethen}")
def _list_which(np: Subject, fate: str, sincethen: str = "") -> Meaning | None:
    found = _with_fate(np, fate)
    return None if found is None else Listing(found)


# --- places


@rule(
    "question",
    "where <been> {bare:np} [<been>] {lostword} {sincethen}",
    "where <does> {bare:np} [<been>] {lostword} {sincethen}",
    "where <been> most {bare:np} [<been>] {lostword} {sincethen}",
    "where <does> most {bare:np} {lostword} {sincethen}",
    "where [<been>] most {bare:np} [<been>] {lostword} {sincethen}",
    "where is {bare:np} that [<been>] {lostword} {sincethen}",
    "where <does> {bare:np} (disappear|vanish|shrink) [most] {sincethen}",
    "where <does> most {bare:np} (disappear|vanish) {sincethen}",
)
def _where_lost(np: Subject, lostword: str = "lost", sincethen: str = "") -> Meaning | None:
    found = _patches(np, lostword)
    return None if found is None else Where(replace(found, pick=Pick(True)))


@rule("pickedfated", "<largest> {fatednp}")
def _largest_fated(fatednp: Subject) -> Subject:
    return _picked(fatednp, True)


@rule("pickedfated", "<smallest> {fatednp}")
def _smallest_fated(fatednp: Subject) -> Subject:
    return _picked(fatednp, False)


def _picked(of: Subject, largest: bool) -> Subject:
    return replace(of, pick=Pick(largest), plural=False)


@rule(
    "question",
    "where is {pickedfated} [located|situated|found] {sincethen}",
    "(which|what) is {pickedfated} {sincethen}",
    "<pointverb> {pickedfated} {sincethen}",
    "<coordinates> of {pickedfated} {sincethen}",
)
def _where_is_fated(pickedfated: Subject, sincethen: str = "") -> Meaning:
    return Where(pickedfated)


@rule(
    "question",
    "(which|what) {bare:np} [<been>] {grewword} most {sincethen}",
    "(which|what) {bare:np} [<been>] {grewword} (largest|greatest) [amount] {sincethen}",
    "(which|what) {bare:np} (lost|has lost) most (area|ground|land|surface) {sincethen}",
    "where is {bare:np} that [<been>] {grewword} most {sincethen}",
)
def _which_most(np: Subject, grewword: str = "loss", sincethen: str = "") -> Meaning | None:
    way = {"loss": "shrunk", "growth": "grown"}.get(grewword)
    if way is None or not _plain_things(np):
        return None
    return ChangedMost(replace(np, plural=True, definite=False), way)


# --- measures of them


@rule("q", "[<sizename>|<areaname>] of {pickedfated} {sincethen}")
@rule("question", "how (large|big) is {pickedfated} {sincethen}")
def _size_of_fated(pickedfated: Subject, sincethen: str = "") -> Quantity:
    return SizeOf(pickedfated, "max")


@rule("q", "<mean> <sizename> of {fatednp} {sincethen}", "<mean> {fatednp} <sizename> {sincethen}")
def _mean_of_fated(fatednp: Subject, sincethen: str = "") -> Quantity:
    return SizeOf(fatednp, "mean")


@rule("question", "{statistics} (<sizename>|<areaname>) of [<every>] {fatednp} {sincethen}")
def _statistics_of_fated(statistics: tuple[str, ...], fatednp: Subject, sincethen: str = "") -> Meaning:
    return Statistics(fatednp, statistics)


# --- how much of a cover, by the size of the pieces


@rule("inpieces", "in (patches|pieces|blocks|tracts|fragments|regions|stretches|chunks|clearings) {size}")
@rule("inpieces", "in (patches|pieces|blocks|tracts|fragments|regions|stretches) (that|which) {lead} {size}")
def _in_pieces(size: Size, lead: Any = None) -> Size:
    return size


def _lost_in_pieces(np: Subject, lostword: str, size: Size) -> Subject | None:
    """ "Forest lost in patches over 1 ha": pieces of what was lost."""
    found = _patches(replace(np, kind="mass" if not np.counted else np.kind), lostword)
    return None if found is None else replace(found, where=(size,))


@rule(
    "question",
    "<much> [<land>] [of] {bare:np} [<been>] {lostword} {inpieces:size} {sincethen}",
    "<much> [<land>] [of] {bare:np} [<been>] {lostword} {sincethen} {inpieces:size}",
    "how many {areaunit} of {bare:np} [<been>] {lostword} {inpieces:size} {sincethen}",
    "how many {areaunit} of {bare:np} [<been>] {lostword} {sincethen} {inpieces:size}",
)
@rule(
    "q",
    "<areaname> of {bare:np} [that|which] [<been>] {lostword} {inpieces:size} {sincethen}",
    "[<total>] {bare:np} [<areaname>] <lossname> {inpieces:size} {sincethen}",
    "<lossname> of {bare:np} {inpieces:size} {sincethen}",
)
def _how_much_in_pieces(
    np: Subject, size: Size, lostword: str = "lost", areaunit: Unit | None = None, sincethen: str = ""
) -> Quantity | None:
    found = _lost_in_pieces(np, lostword, size)
    return None if found is None else Area(found, unit=areaunit)


@rule(
    "q",
    "[<total>] {bare:np} [<areaname>] <gainname> {inpieces:size} {sincethen}",
    "<gainname> of {bare:np} {inpieces:size} {sincethen}",
)
def _gain_in_pieces(np: Subject, size: Size, sincethen: str = "") -> Quantity | None:
    return _how_much_in_pieces(np, size, "gained")


def _of_a_cover(of: Subject) -> bool:
    return of.fate in OF_COVERS


@rule("q", "[<total>] <areaname> of [all] {fatednp} {sincethen}")
@rule("question", "<much> [<land>] [of] {fated:fatednp} {lead} {inpieces:size} {sincethen}")
def _area_of_fated(
    fatednp: Subject, sincethen: str = "", size: Size | None = None, lead: Any = None
) -> Quantity | None:
    if not _of_a_cover(fatednp):
        return None
    return Area(fatednp if size is None else replace(fatednp, where=(*fatednp.where, size)))


@rule("shareq", "{sharename} of {fated} {lead} {inpieces:size} {sincethen}")
def _share_of_fated(
    fated: Subject, size: Size, sharename: str, lead: Any = None, sincethen: str = ""
) -> Quantity | None:
    return Share(fated, (size,), of_image=False) if _of_a_cover(fated) else None


@rule("top", "{fatednp} {sincethen}")
def _telegram(fatednp: Subject, sincethen: str = "") -> Meaning | None:
    """ "New buildings larger than 100 m2" counts, as things with a condition do in telegrams."""
    if fatednp.pick is not None or not fatednp.where or fatednp.fate not in OF_THINGS:
        return None
    return Matched(replace(fatednp, fate=""), fatednp.fate)
