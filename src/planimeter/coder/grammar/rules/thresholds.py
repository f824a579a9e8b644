"""Grammar of yes/no questions that hold a quantity against a number."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.subjects import Conditions, predicate
from planimeter.meaning.records import (
    Area,
    Border,
    Bounds,
    Changed,
    Count,
    Density,
    Difference,
    Distance,
    ImageArea,
    IndexOf,
    Length,
    Matched,
    Meaning,
    Neighbours,
    NetChange,
    Perimeter,
    PerItem,
    Portion,
    Power,
    Quantity,
    Ratio,
    Share,
    SizeOf,
    Subject,
    Sum,
    Threshold,
    Turnover,
)
from planimeter.vocabulary.units import PERCENT, Measure


def _threshold(of: Quantity, bounds: Bounds) -> Meaning | None:
    return Threshold(of, bounds) if _fits(of, bounds) else None


def _fits(of: Quantity, bounds: Bounds) -> bool:
    """Whether a quantity can be compared with these bounds: of one dimension, in the unit it is measured in."""
    match of:
        case Difference(first=first) | Sum(first=first):
            return _fits(first, bounds)
        case PerItem(of=amount):
            return _fits(amount, bounds)
        case NetChange(of=amount):
            return bounds.dimension == "percent" or _fits(amount, bounds)
        case Changed() | Turnover():
            wanted: tuple[str, ...] = ("area", "pixel", "percent")
        case Matched():
            wanted = ("count", "percent")
        case Area() | SizeOf():
            wanted = ("area", "pixel")
        case ImageArea():
            wanted = ("area",)
        case Share() | Portion():
            wanted = ("percent",)
        case Border() | Distance() | Neighbours() | Perimeter() | Length():
            wanted = ("length",)
        case Power():
            wanted = ("power",)
        case Count() | Density() | IndexOf():
            wanted = ("count",)
        case Ratio():
            wanted = ("count", "percent")
        case _:
            return False
    return bounds.dimension in wanted


def _split(bounds: Bounds) -> Bounds:
    return bounds


@rule(
    "question",
    "<is> there {cbounds:bounds} {np}",
    "<does> image <have> {cbounds:bounds} {np}",
    "[<ask>] <whether> there <is> {cbounds:bounds} {np}",
    "<can> (i|you|we|one) (see|find) {cbounds:bounds} {np}",
    "<does> {cbounds:bounds} {np} exist",
    "<does> {np} number {cbounds:bounds}",
)
def _count_threshold(np: Subject, bounds: Bounds) -> Meaning | None:
    return Threshold(Count(np), bounds)


@rule(
    "question",
    "(is|are|do|does) {cbounds:bounds} {np:base} {conditions}",
    "(is|are|do|does) {cbounds:bounds} of {np:base} {conditions}",
)
def _count_threshold_placed(base: Subject, bounds: Bounds, conditions: Conditions) -> Meaning | None:
    return Threshold(Count(predicate(base, conditions)), bounds)


@rule("cbounds", "{bounds}")
def _count_bounds(bounds: Bounds) -> Bounds | None:
    return bounds if bounds.dimension == "count" else None


@rule("abounds", "{bounds}")
def _area_bounds(bounds: Bounds) -> Bounds | None:
    return bounds if bounds.dimension in ("area", "pixel") else None


@rule("pbounds", "{bounds}")
def _percent_bounds(bounds: Bounds) -> Bounds | None:
    return bounds if bounds.dimension == "percent" else None


@rule(
    "question",
    "<is> there exactly {number} {np}",
    "<is> there {number} {np}",
    "<does> image <have> [exactly] {number} {np}",
    "[<ask>] <whether> there <is> [exactly] {number} {np}",
)
def _equal(np: Subject, number: Measure) -> Meaning | None:
    return Threshold(Count(np), Bounds(low=number, low_closed=True), equal=True)


@rule(
    "question",
    "<is> there {abounds:bounds} of {np}",
    "<does> image <have> {abounds:bounds} of {np}",
    "<does> {np} [<together>] <cover> {abounds:bounds} [of <land>]",
    "[<ask>] <whether> there <is> {abounds:bounds} of {np}",
    "<is> {abounds:bounds} of <land> [<coveredpassive>] {np}",
    "<is> {abounds:bounds} <coveredpassive> {np}",
    "[<ask>] <whether> {np} [<together>] <cover> {abounds:bounds}",
    "<is> there {abounds:bounds} <coveredpassive> {np}",
    "<is> {abounds:bounds} <covered> {np}",
    "<does> {np} [<together>] <cover> area of {abounds:bounds}",
    "<does> {np} <cover> [total] {bounds}",
)
def _area_threshold(np: Subject, bounds: Bounds) -> Meaning | None:
    if bounds.dimension not in ("area", "pixel"):
        return None
    if np.pick is not None:
        return Threshold(SizeOf(np, "max"), bounds) if np.pick.count == 1 else None
    return Threshold(Area(np), bounds)


@rule(
    "question",
    "<is> {abounds:bounds} of {np:base} {conditions}",
    "<does> {abounds:bounds} of {np:base} {conditions}",
)
def _area_threshold_placed(base: Subject, bounds: Bounds, conditions: Conditions) -> Meaning | None:
    return Threshold(Area(base, conditions), bounds)


@rule("most", "most of", "majority of", "most")
def _most() -> Bounds:
    return Bounds(low=Measure(50, PERCENT))


@rule("parts", "{pbounds} [of]", "{most}")
def _parts(pbounds: Bounds | None = None, most: Bounds | None = None) -> Bounds | None:
    return pbounds or most


@rule(
    "question",
    "<is> {parts} {whole} <covered> {np}",
    "<is> {parts} {whole} [<coveredpassive>] {np}",
    "<does> {np} [<together>] <cover> {parts} {whole}",
    "[<ask>] <whether> {parts} {whole} <covered> {np}",
    "[<ask>] <whether> {np} [<together>] <cover> {parts} {whole}",
    "<is> {np} {pbounds:parts} of {whole}",
    "<does> image <have> {pbounds:parts} {np}",
    "<is> there {pbounds:parts} {np}",
    "<does> {parts} {whole} (consist of|belong to) {np}",
    "<is> image {pbounds:parts} {np}",
)
def _share_threshold(np: Subject, parts: Bounds, whole: Any = None) -> Meaning:
    return Threshold(Share(np), parts)


@rule(
    "question",
    "<is> {parts} {np:base} {conditions}",
    "<does> {parts} {np:base} {conditions}",
    "[<ask>] <whether> {parts} {np:base} {predicate:conditions}",
)
def _part_threshold(base: Subject, parts: Bounds, conditions: Conditions) -> Meaning:
    return Threshold(Share(base, conditions, of_image=False, by_count=base.counted), parts)


@rule(
    "question",
    "<is> {parts} [<total>] <areaname> of {np:base} {conditions}",
    "<does> {parts} [<total>] <areaname> of {np:base} {conditions}",
    "[<ask>] <whether> {parts} [<total>] <areaname> of {np:base} {predicate:conditions}",
    "<is> {parts} {base} <areaname> {conditions}",
)
def _area_part_threshold(base: Subject, parts: Bounds, conditions: Conditions) -> Meaning:
    return Threshold(Share(base, conditions, of_image=False), parts)


@rule(
    "question",
    "<is> {q} {bounds}",
    "<does> {q} (exceed|exceeds) {measure}",
    "[<ask>] <whether> {q} <is> {bounds}",
    "<does> {q} {bounds}",
    "[<ask>] <whether> {q} {bounds}",
    "<is> {q} equal to {bounds}",
    "<does> {q} (amount to|reach|come to|add up to) {bounds}",
)
def _quantity_threshold(
    q: Quantity, bounds: Bounds | None = None, measure: Measure | None = None
) -> Meaning | None:
    if measure is not None:
        bounds = Bounds(low=measure)
    assert bounds is not None
    return _threshold(q, bounds)


@rule(
    "question",
    "<is> average {np} {abounds:bounds}",
    "<is> mean {np} {abounds:bounds}",
    "<is> {np} on average {abounds:bounds}",
    "<is> {np} {abounds:bounds} on average",
    "<does> <mean> {np} [<cover>|<have>] {abounds:bounds}",
    "<does> {np} [<cover>|<have>] {abounds:bounds} on average",
    "<is> {np} <sizename> {abounds:bounds} on average",
)
def _average_threshold(np: Subject, bounds: Bounds) -> Meaning | None:
    return None if np.pick is not None else Threshold(SizeOf(np, "mean"), bounds)


@rule("question", "<is> {np} {pbounds:bounds}", "<is> {np} (cover|coverage) {pbounds:bounds}")
def _cover_threshold(np: Subject, bounds: Bounds) -> Meaning | None:
    """ "Is forest cover above 30 %?" """
    return Threshold(Share(np), bounds) if not np.counted and not np.where and np.pick is None else None


@rule(
    "question",
    "<is> there {number} {np} <ormore>",
    "<is> there {number} or more {np}",
    "<does> image <have> {number} or more {np}",
    "<does> image <have> {number} {np} <ormore>",
)
def _so_many_or_more(np: Subject, number: Measure) -> Meaning | None:
    return Threshold(Count(np), Bounds(low=number, low_closed=True)) if np.pick is None else None


@rule(
    "question",
    "(<can>|<does>|would) (i|you|we|one) (count|see|find|have|spot) {cbounds:bounds} {np}",
    "<can> {cbounds:bounds} {np} be (seen|found|identified|spotted|counted)",
)
def _count_seen_threshold(np: Subject, bounds: Bounds) -> Meaning | None:
    return Threshold(Count(np), bounds) if np.pick is None else None


@rule(
    "question",
    "<is> {picked} {abounds:bounds}",
    "<is> {picked} {abounds:bounds} in (size|area)",
    "<does> {picked} <cover> {abounds:bounds}",
    "<is> {np:picked} {abounds:bounds}",
    "<does> {np:picked} <cover> {abounds:bounds}",
)
def _extreme_threshold(picked: Subject, bounds: Bounds) -> Meaning | None:
    if picked.pick is None and picked.kind == "mass" and not picked.regions:
        return Threshold(Area(picked), bounds)
    if picked.pick is None or picked.pick.count != 1:
        return None
    return Threshold(SizeOf(picked, "max"), bounds)
