"""Grammar of regions that hold others: "how many fields contain a building?", "woods with at least two ponds"."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.numbers import COUNT
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.record import replace
from planimeter.meaning.records import Bounds, Condition, Count, Holding, Meaning, Quantity, Share, Subject
from planimeter.vocabulary.units import Measure

_ONE = Measure(1.0, COUNT)
_SOME = Bounds(low=_ONE, low_closed=True)
_NONE = Bounds(high=_ONE)


@rule("heldin", "(in|on|inside|within) (it|them)", "(inside|therein|thereon)", "on top")
def _held_in() -> str:
    return "in"


@rule(
    "contains",
    "(contain|contains|containing|hold|holds|holding|enclose|encloses|enclosing|host|hosts|hosting)",
)
def _contains() -> str:
    return "contain"


@rule("bears", "(with|have|has|having)")
def _bears() -> str:
    return "with"


@rule("held", "[<any>] {bare}", "<any> {bare}")
def _some(bare: Subject) -> Condition | None:
    return None if bare.definite else Holding(bare, _SOME)


@rule("held", "{cbounds:bounds} {bare}", "{bounds} {bare}")
def _so_many(bounds: Bounds, bare: Subject) -> Condition | None:
    whole = all(
        end is None or (end.unit == COUNT and end.value >= 0 and float(end.value).is_integer())
        for end in (bounds.low, bounds.high)
    )
    return Holding(bare, bounds) if whole else None


@rule("held", "{number} {bare}", "exactly {number} {bare}", "only {number} {bare}")
def _exactly(number: Measure, bare: Subject) -> Condition | None:
    if not number.value.is_integer():
        return None
    one = number.value == 1 and not bare.plural
    return Holding(bare, _SOME if one else Bounds(number, number, True, True))


@rule("held", "(no|not any) {bare}")
def _none(bare: Subject) -> Condition:
    return Holding(bare, _NONE)


@rule("holds", "{contains} {held} [{heldin}]", "{bears:contains} {held} [{heldin}]")
def _holds(contains: str, held: Condition, heldin: Any = None) -> Condition:
    return held


@rule(
    "holds", "without [<any>] {bare} [{heldin}]", "(do|does) not ({contains}|have) [<any>] {bare} [{heldin}]"
)
def _holds_none(bare: Subject, heldin: Any = None, contains: Any = None) -> Condition:
    return Holding(bare, _NONE)


def _holding(base: Subject, *held: Condition) -> Subject | None:
    single = base.kind == "thing" or base.regions
    return replace(base, where=(*base.where, *held)) if single and base.pick is None else None


@rule(
    "np",
    "{bare:base} [that|which] {holds}",
    "{bare:base} {modifiers:conditions} [and|that|which|but] {holds}",
    "{bare:base} (that|which) {holds} and {conditions}",
)
def _np_holding(base: Subject, holds: Condition, conditions: Conditions = ()) -> Subject | None:
    return _holding(base, *conditions, holds)


@rule(
    "question",
    "how many [of] {bare:base} {holds}",
    "how many [of] {bare:base} {modifiers:conditions} {holds}",
    "[<ask>] <count> {bare:base} {holds}",
)
def _how_many_hold(base: Subject, holds: Condition, conditions: Conditions = ()) -> Quantity | None:
    held = _holding(base, *conditions, holds)
    return None if held is None else Count(held)


@rule(
    "shareq",
    "{sharename} of [all] {bare:base} {holds}",
    "{sharename} of [all] {bare:base} (that|which) {holds}",
)
def _share_holding(sharename: Any, base: Subject, holds: Condition) -> Meaning | None:
    if _holding(base, holds) is None or not base.counted:
        return None
    return Share(base, (holds,), of_image=False, by_count=True)
