"""Grammar of presence: any, none, all, several."""

from __future__ import annotations

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.subjects import Conditions, predicate
from planimeter.meaning.records import (
    All,
    Bounds,
    Count,
    Meaning,
    Presence,
    Size,
    Subject,
    Threshold,
)
from planimeter.vocabulary.units import Measure


@rule(
    "question",
    "<is> there [<any>] {np} [<present>]",
    "<does> image <have> [<any>] {np}",
    "<can> (i|you|we|one) (see|find|spot|identify|make out) [<any>] {np}",
    "<can> [<any>] {np} be (seen|found|identified|spotted)",
    "<any> {np} [<present>]",
    "<does> (you|we) (see|have) [<any>] {np}",
    "<is> [<any>] {np} <present>",
    "is there <any> {np}",
    "<does> [<any>] {np} (exist|occur|appear)",
    "[<ask>] <whether> there <is> [<any>] {np} [<present>]",
    "[<ask>] <whether> [<any>] {np} <is> <present>",
    "[<ask>] <whether> image <have> [<any>] {np}",
    "[<ask>] <whether> <any> {np} (exist|exists)",
    "check [for|<whether> there <is>] [<any>] {np}",
    "presence of [<any>] {np}",
    "<is> there [<any>] {np} to be (seen|found)",
    "there <is> [<any>] {np} right",
)
def _presence(np: Subject) -> Meaning | None:
    return None if np.pick is not None else Presence(np)


@rule(
    "question",
    "<is> there (no|not any) {np} [<present>]",
    "[<ask>] <whether> there <is> (no|not any) {np}",
    "<is> image (free of|without|devoid of) [<any>] {np}",
    "<does> image (lack|have no|contain no|show no) {np}",
    "<is> {np} (absent|missing) [from image]",
)
def _absence(np: Subject) -> Meaning | None:
    return None if np.pick is not None else Presence(np, absent=True)


@rule(
    "question",
    "<is> <any> [of] {np:base} {conditions}",
    "<does> <any> [of] {np:base} {conditions}",
    "[<ask>] <whether> <any> [of] {np:base} {conditions}",
    "<is> there {base} <present> {conditions}",
    "<can> [<any>] {np:base} be (seen|found|identified|spotted) {conditions}",
    "<is> at least part of {np:base} {conditions}",
    "<does> at least part of {np:base} {conditions}",
)
def _some_placed(base: Subject, conditions: Conditions) -> Meaning | None:
    return Presence(predicate(base, conditions))


@rule(
    "question",
    "<is> {np:base} {conditions}",
    "<does> {np:base} {conditions}",
    "[<ask>] <whether> {np:base} {conditions}",
)
def _placed(base: Subject, conditions: Conditions) -> Meaning | None:
    if base.pick is None:
        # "Are the houses within 50 m of water?" asks about all of them, or any: both are fair readings.
        if base.counted and base.definite:
            return None
        # "Is the forest larger than 2 ha?" asks about its total area, not whether one region is.
        if any(isinstance(value, Size) for value in conditions):
            return None
    return Presence(predicate(base, conditions))


@rule(
    "question",
    "<is> any of {elided:base} {conditions}",
    "<is> any {elided:base} {conditions}",
    "<does> any of {pronoun:base} {conditions}",
    "<is> any of {pronoun:base} {conditions}",
)
def _placed_antecedent(base: Subject, conditions: Conditions) -> Meaning | None:
    return Presence(predicate(base, conditions))


@rule(
    "question",
    "<is> <all> {np:base} {conditions}",
    "<does> <all> {np:base} {conditions}",
    "<is> {np:base} all {conditions}",
    "[<ask>] <whether> <all> {np:base} {conditions}",
    "<does> {np:base} all {conditions}",
)
def _all(base: Subject, conditions: Conditions) -> Meaning | None:
    if base.pick is not None or not (base.counted or base.kind == "thing" or base.regions):
        return None
    return All(base, conditions)


@rule(
    "question",
    "<is> there <multiple> {np} [<present>]",
    "<does> image <have> <multiple> {np}",
    "[<ask>] <whether> there <is> <multiple> {np}",
    "<can> (i|you|we|one) (see|find) <multiple> {np}",
    "<does> <multiple> {np} exist",
    "<is> <multiple> {np} <present>",
    "<is> there <multiple> of {np}",
    "<is> <multiple> {np} there",
)
def _multiple(np: Subject) -> Meaning | None:
    return None if np.pick is not None else Presence(np, least=2)


@rule(
    "question",
    "<is> there only {number} {np}",
    "<is> there {number} {np} only",
    "<does> image <have> only {number} {np}",
)
def _only_so_many(np: Subject, number: Measure) -> Meaning | None:
    return Threshold(Count(np), Bounds(low=number, low_closed=True), equal=True) if np.pick is None else None
