"""Grammar of distances and outlines."""

from __future__ import annotations

from planimeter.coder.grammar.rulebook import rule
from planimeter.meaning.records import (
    Distance,
    Perimeter,
    Quantity,
    Subject,
)


@rule("target", "{np}", "<nearest> {np}", "any {np}", "<possessive> <nearest> {np}")
def _target(np: Subject) -> Subject:
    return np


@rule("endpoint", "{target}", "each {np:target}", "every {np:target}", "all {np:target}")
def _endpoint(target: Subject) -> Subject:
    return target


STATISTICS = {"min": "<shortest>", "mean": "<mean>", "median": "<median>", "max": "<longest>"}
"""The words of each statistic of distances."""


def _distance_rules() -> None:
    for name, word in STATISTICS.items():
        rule(
            "q",
            f"{word} distance (from|between|of) {{endpoint:first}} (to|and|from) {{target:second}}",
            f"{word} distance to {{target:second}} (from|of|for) {{endpoint:first}}",
            f"{word} distance of {{endpoint:first}} (to|from) {{target:second}}",
            f"{word} distance [<radius>] [{{elided:first}}] to {{target:second}}",
            f"<possessive> {word} distance {{elided:first}} (to|from) {{target:second}}",
            f"{word} {{endpoint:first}} to {{target:second}} distance",
        )(
            lambda first=None, second=None, _name=name: (
                None if first is None else Distance(first, second, _name)
            )
        )
    rule(
        "question",
        "how far (is|are) {endpoint:first} (from|to|away from) {target:second} on average",
        "on average how far (is|are) {endpoint:first} (from|to|away from) {target:second}",
        "how far on average (is|are) {endpoint:first} (from|to|away from) {target:second}",
        "how far (is|are) <mean> {np:first} (from|to|away from) {target:second}",
    )(lambda first, second: Distance(first, second, "mean"))


_distance_rules()


@rule(
    "nearestpair",
    "<nearest> {np:first} (from|to|away from|and) {target:second}",
    "{np:first} (from|to|away from|and) <nearest> {np:second}",
    "{np:first} (nearest|closest) to {target:second} (from|to|and) (it|them|that)",
    "<nearest> {np:first} (from|to|away from|and) <nearest> {np:second}",
)
def _nearest_pair(first: Subject, second: Subject) -> Quantity | None:
    if first.counted and first.pick is None:
        return None  # "how far are the houses from the nearest road": each house has its own answer
    return Distance(first, second, "min")


@rule("singlepair", "{np:first} (from|to|away from|and) {np:second}")
def _single_pair(first: Subject, second: Subject) -> Quantity | None:
    if (first.counted and first.pick is None) or (
        second.counted and second.pick is None and first.pick is None
    ):
        return None
    return Distance(first, second, "min")


@rule(
    "q",
    "[<shortest>] distance (between|from|of|to) {nearestpair:pair}",
    "distance (between|from|of) {singlepair:pair}",
)
def _distance_pair(pair: Quantity) -> Quantity:
    return pair


@rule("q", "distance (between|from|of) <farthest> {np:first} (from|to|and) {target:second}")
def _distance_farthest(first: Subject, second: Subject) -> Quantity:
    return Distance(first, second, "max")


@rule(
    "question",
    "how far [away] is {nearestpair:pair}",
    "how far apart are {nearestpair:pair}",
    "how far [away] is {singlepair:pair}",
    "how far apart are {singlepair:pair}",
    "how close is {nearestpair:pair}",
    "how near is {nearestpair:pair}",
    "how close is {singlepair:pair}",
    "how near is {singlepair:pair}",
)
def _how_far(pair: Quantity) -> Quantity:
    return pair


@rule(
    "question",
    "how far [away] from {target:second} is <nearest> {np:first}",
    "how close to {target:second} is <nearest> {np:first}",
    "how far is it from {target:second} to <nearest> {np:first}",
    "how close <does> {np:first} get to {target:second}",
    "how far [away] from <nearest> {np:second} is {np:first}",
    "how close to {target:second} <does> <nearest> {np:first} lie",
    "how far from {target:second} <does> <nearest> {np:first} lie",
    "how far is it from <nearest> {np:first} to {target:second}",
    "how far <does> <nearest> {np:first} lie from {target:second}",
    "how close is {np:first} that is <nearest> to {target:second}",
)
def _how_far_from(first: Subject, second: Subject) -> Quantity | None:
    return _nearest_pair(first, second)


@rule("question", "how far (is|are) {elided:first} from {target:second} on average")
def _how_far_they(first: Subject, second: Subject) -> Quantity:
    return Distance(first, second, "mean")


@rule(
    "question",
    "how far [away] is <farthest> {np:first} from {target:second}",
    "how far [away] from {target:second} is <farthest> {np:first}",
    "how far is {np:first} (farthest|furthest) from {target:second}",
    "how far is {np:first} that is (farthest|furthest) from {target:second}",
)
def _how_far_farthest(first: Subject, second: Subject) -> Quantity:
    return Distance(first, second, "max")


def _outline(np: Subject, statistic: str) -> Quantity | None:
    if np.pick is not None:
        return Perimeter(np, "sum")
    return Perimeter(np, statistic)


@rule(
    "q",
    "[<total>] <perimeter> of {np}",
    "{np} [<total>] <perimeter>",
    "{np} 's [<total>] <perimeter>",
    "[<total>] {np} <perimeter>",
    "<perimeter> of all {np}",
)
def _perimeter(np: Subject) -> Quantity | None:
    return _outline(np, "sum")


@rule(
    "question",
    "how long is [<total>] <perimeter> of {np}",
    "how long is {np} [<total>] <perimeter>",
    "how long is {np} 's [<total>] <perimeter>",
)
def _how_long(np: Subject) -> Quantity | None:
    return _outline(np, "sum")


@rule("q", "<mean> <perimeter> of {np}", "<mean> {np} <perimeter>")
def _mean_perimeter(np: Subject) -> Quantity | None:
    return None if np.pick is not None else Perimeter(np, "mean")


@rule("q", "(longest|largest|maximum|greatest) <perimeter> of {np}")
def _longest_perimeter(np: Subject) -> Quantity | None:
    return None if np.pick is not None else Perimeter(np, "max")
