"""Grammar of regions that hold others: "how many fields contain a building?", "woods with at least two ponds"."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.nouns import merged
from planimeter.coder.grammar.rules.numbers import COUNT
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    All,
    Bounds,
    Condition,
    Count,
    Holding,
    Meaning,
    Presence,
    Quantity,
    Share,
    Subject,
)
from planimeter.vocabulary.topics import topic_of
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


def _hold(np: Subject, bounds: Bounds) -> Condition | None:
    """So many of them in a region; a house and a pond are two conditions, and several kinds are not counted as one."""
    whether = bounds in (_SOME, _NONE)
    if np.pick is not None or np.then or np.joined == "and" or (len(np.topics) > 1 and not whether):
        return None
    return Holding(np, bounds)


@rule("held", "[<any>] {np}")
def _some(np: Subject) -> Condition | None:
    return None if np.definite else _hold(np, _SOME)


@rule("held", "{cbounds:bounds} {np}", "{bounds} {np}")
def _so_many(bounds: Bounds, np: Subject) -> Condition | None:
    whole = all(
        end is None or (end.unit == COUNT and end.value >= 0 and end.value.is_integer())
        for end in (bounds.low, bounds.high)
    )
    return _hold(np, bounds) if whole else None


@rule("held", "{number} {np}", "(exactly|only) {number} {np}")
def _exactly(number: Measure, np: Subject) -> Condition | None:
    """ "Two houses" are two; "one house" or "a single house" is one, and not any."""
    return _hold(np, Bounds(number, number, True, True)) if number.value.is_integer() else None


@rule("held", "(no|not any) {np}", "neither {bare:np} nor {bare:other}")
def _none(np: Subject, other: Subject | None = None) -> Condition | None:
    whole = np if other is None else merged([np, other], "or")
    return None if whole is None else _hold(whole, _NONE)


@rule("holds", "{contains} {held} [{heldin}]", "{bears:contains} {held} [{heldin}]")
def _holds(contains: str, held: Condition, heldin: Any = None) -> Conditions:
    return (held,)


@rule(
    "holds",
    "{contains} {held} (and|but|as well as) {held:second} [{heldin}]",
    "{bears:contains} {held} (and|but|as well as) {held:second} [{heldin}]",
    "{contains} both {held} and {held:second} [{heldin}]",
    "{bears:contains} both {held} and {held:second} [{heldin}]",
)
def _holds_both(contains: str, held: Condition, second: Condition, heldin: Any = None) -> Conditions:
    return (held, second)


@rule(
    "holds",
    "without [<any>] {np} [{heldin}]",
    "(do|does) not {contains} [<any>] {np} [{heldin}]",
    "(do|does) not have [<any>] {np} [{heldin}]",
)
def _holds_none(np: Subject, heldin: Any = None, contains: Any = None) -> Conditions | None:
    none = _hold(np, _NONE)
    return None if none is None else (none,)


def _holding(base: Subject, held: Conditions) -> Subject | None:
    """Regions that hold something: what is in a building does not show from above."""
    objects = any(topic_of(topic).counted for topic in base.topics)
    single = (base.kind == "thing" or base.regions) and not objects
    return replace(base, where=(*base.where, *held)) if single and base.pick is None else None


@rule(
    "np",
    "{bare:base} [that|which] {holds}",
    "{size} {bare:base} [that|which] {holds}",
    "{bare:base} {modifiers:conditions} [and|but] [that|which] {holds}",
    "{bare:base} (that|which) {holds} and {conditions}",
)
def _np_holding(
    base: Subject, holds: Conditions, conditions: Conditions = (), size: Condition | None = None
) -> Subject | None:
    return _holding(base, (*(() if size is None else (size,)), *conditions, *holds))


@rule(
    "question",
    "how many [of] {bare:base} [<exist>|are] {holds}",
    "how many [of] {bare:base} {modifiers:conditions} {holds}",
    "[<ask>] <count> {bare:base} {holds}",
)
def _how_many_hold(base: Subject, holds: Conditions, conditions: Conditions = ()) -> Quantity | None:
    held = _holding(base, (*conditions, *holds))
    return None if held is None else Count(held)


@rule("question", "<does> <all> {bare:base} {holds}", "<does> {bare:base} all {holds}")
def _all_hold(base: Subject, holds: Conditions) -> Meaning | None:
    return None if _holding(base, holds) is None else All(base, holds)


@rule("question", "<does> <any> [of] {bare:base} {holds}", "[<ask>] <whether> <any> [of] {bare:base} {holds}")
def _any_holds(base: Subject, holds: Conditions) -> Meaning | None:
    held = _holding(base, holds)
    return None if held is None else Presence(held)


@rule("shareq", "{sharename} of [all] {bare:base} [that|which] {holds}")
def _share_holding(sharename: Any, base: Subject, holds: Conditions) -> Meaning | None:
    if _holding(base, holds) is None or not base.counted:
        return None
    return Share(base, holds, of_image=False, by_count=True)
