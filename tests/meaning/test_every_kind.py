"""Every kind of meaning is handled in every file of the room: validated, emitted, read back and combined."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from planimeter.coder.grammar.rules.numbers import COUNT
from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.meaning import records as r
from planimeter.meaning.combine import plan_for
from planimeter.meaning.emit import emit
from planimeter.meaning.reading import FRAMES, condition, sentence
from planimeter.meaning.record import Record, every, replace
from planimeter.meaning.validate import validate
from planimeter.program import check_program
from planimeter.vocabulary.topics import EVERYWHERE, TOPICS
from planimeter.vocabulary.units import HECTARE, METRE, PERCENT, Measure

LAKES = r.Subject(("water",), kind="thing", plural=True, said="lakes")
HOUSES = r.Subject(("roof",), kind="thing", plural=True, said="houses")
FIELDS = r.Subject(("agric",), kind="thing", plural=True, said="fields")
FOREST = r.Subject(("forest",), said="forest")
OVER = r.Bounds(low=Measure(1, HECTARE))
NEAR = r.Away(r.Bounds(high=Measure(50, METRE), high_closed=True), LAKES)
HALVES = tuple(
    r.Subject((EVERYWHERE,), said=name, frame=FRAMES[name]) for name in ("left half", "right half")
)
CONDITIONS: dict[type[Record], Record] = {
    r.Size: r.Size(OVER),
    r.Away: NEAR,
    r.Inside: r.Inside(FOREST),
    r.Core: r.Core(r.Bounds(low=Measure(5, METRE))),
    r.Spaced: r.Spaced(r.Bounds(low=Measure(5, METRE))),
    r.Touching: r.Touching(FOREST),
    r.Holding: r.Holding(LAKES, r.Bounds(low=Measure(3, COUNT))),
    r.Sized: r.Sized(">", r.SizeOf(HOUSES, "mean")),
    r.Besides: r.Besides(True, 2),
    r.Either: r.Either(((NEAR,), (r.Inside(FOREST), r.Size(OVER)))),
}
MEANINGS: dict[type[Record], Record] = {
    r.Count: r.Count(HOUSES),
    r.Area: r.Area(FOREST),
    r.Share: r.Share(FOREST),
    r.SizeOf: r.SizeOf(HOUSES, "mean"),
    r.Distance: r.Distance(HOUSES, LAKES, "min"),
    r.Neighbours: r.Neighbours(HOUSES, "mean"),
    r.Orientation: r.Orientation(r.Subject(("roof",), pick=r.Pick(True), kind="thing", said="house")),
    r.Perimeter: r.Perimeter(LAKES),
    r.Border: r.Border(FOREST, LAKES),
    r.Length: r.Length(r.Subject(("road",), said="roads"), (NEAR,)),
    r.Density: r.Density(HOUSES, HECTARE),
    r.Power: r.Power(r.Subject(("solar",), said="panels")),
    r.ImageArea: r.ImageArea(),
    r.IndexOf: r.IndexOf("NDVI", "mean", FOREST),
    r.Ratio: r.Ratio(r.Area(FOREST), r.Area(LAKES)),
    r.Difference: r.Difference(r.Count(HOUSES), r.Count(LAKES)),
    r.Sum: r.Sum(r.Count(HOUSES), r.Count(LAKES)),
    r.Portion: r.Portion(r.SizeOf(r.Subject(("water",), pick=r.Pick(True)), "max"), r.Area(LAKES)),
    r.PerItem: r.PerItem(r.Area(FOREST), HOUSES),
    r.Presence: r.Presence(LAKES),
    r.All: r.All(HOUSES, (NEAR,)),
    r.Threshold: r.Threshold(r.Share(FOREST), r.Bounds(low=Measure(20, PERCENT))),
    r.Comparison: r.Comparison(r.Area(FOREST), r.Area(LAKES), ">"),
    r.Fragmentation: r.Fragmentation(FOREST),
    r.Which: r.Which((FOREST, LAKES)),
    r.Leads: r.Leads(FOREST),
    r.WhichPart: r.WhichPart(r.Area(FOREST), HALVES),
    r.ByPart: r.ByPart(r.Count(HOUSES), HALVES),
    r.Changed: r.Changed(FOREST, "lost"),
    r.NetChange: r.NetChange(r.Area(FOREST), "growth", percent=True),
    r.Matched: r.Matched(HOUSES, "new"),
    r.Turnover: r.Turnover(percent=True),
    r.Transitions: r.Transitions(of=FOREST),
    r.Composition: r.Composition((FOREST, LAKES)),
    r.Listing: r.Listing(HOUSES, LAKES),
    r.IndexOfEach: r.IndexOfEach(LAKES, "NDVI", highest=False, count=3),
    r.Statistics: r.Statistics(HOUSES, ("count", "sum", "mean", "max")),
    r.Histogram: r.Histogram(HOUSES),
    r.Together: r.Together(
        (r.Count(HOUSES), r.SizeOf(HOUSES, "mean"), r.Presence(LAKES), r.Which(()), r.Leads(FOREST))
    ),
    r.Where: r.Where(HOUSES, LAKES, farthest=True),
    r.ChangedMost: r.ChangedMost(LAKES),
}


def test_the_examples_are_of_every_kind() -> None:
    assert set(MEANINGS) == set(get_args(r.Meaning))
    assert set(CONDITIONS) == set(get_args(r.Condition))
    told = {type(value) for value in (*MEANINGS.values(), *CONDITIONS.values())}
    defined = {kind for kind in vars(r).values() if isinstance(kind, type) and issubclass(kind, Record)}
    parts = {Record, r.Bounds, r.Pick, r.Subject}
    assert defined == told | parts, "a kind without an example here is tested nowhere"


@pytest.mark.parametrize("meaning", MEANINGS.values(), ids=lambda meaning: type(meaning).__name__)
def test_every_meaning_is_handled(meaning: r.Meaning) -> None:
    validate(meaning, TOPICS)
    said = sentence(meaning)
    assert said[0].isupper()
    assert said.endswith(".")
    program = emit(meaning, TOPICS, "test")
    assert program.meaning == meaning
    assert check_program(program.text, TOPICS) == []
    plan = plan_for(meaning, [TOPICS], metric=True)
    assert (plan.refusal is None) == bool(plan.parts)
    assert plan.how or plan.refusal


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        (r.Bounds(low=Measure(0, HECTARE)), "is more than 0."),
        (r.Bounds(low=Measure(0, HECTARE), low_closed=True), "is at least 0 ha."),
    ],
)
def test_nothing_as_a_limit_is_read_back_as_it_is_judged(bounds: r.Bounds, said: str) -> None:
    assert sentence(r.Threshold(r.Area(FOREST), bounds)).endswith(said)


@pytest.mark.parametrize("given", CONDITIONS.values(), ids=lambda given: type(given).__name__)
def test_every_condition_is_handled(given: r.Condition) -> None:
    assert condition(given)
    of = FIELDS if isinstance(given, r.Holding) else HOUSES
    for asked in (
        r.Count(replace(of, where=(given,))),
        r.Area(replace(of, where=(given,))),
        r.Share(of, (given,), of_image=False),
    ):
        validate(asked, TOPICS)
        assert check_program(emit(asked, TOPICS, "test").text, TOPICS) == []
        plan = plan_for(asked, [TOPICS], metric=True)
        assert (plan.refusal is None) == (not isinstance(given, r.Sized | r.Besides))


NEVER: dict[str, tuple[r.Condition, ...]] = {
    "to itself": (r.Away(r.Bounds(high=Measure(50, METRE), high_closed=True), HOUSES),),
    "in itself": (r.Inside(HOUSES),),
    "between 50 and 20 m": (r.Away(r.Bounds(Measure(50, METRE), Measure(20, METRE)), LAKES),),
    "larger than 2 ha and smaller than 1 ha": (
        r.Size(r.Bounds(low=Measure(2, HECTARE))),
        r.Size(r.Bounds(high=Measure(1, HECTARE))),
    ),
}
CUT = {"All", "Area", "IndexOf", "Length", "Share"}


def test_what_has_conditions_beside_those_of_its_regions() -> None:
    with_part = {kind.__name__ for kind in get_args(r.Meaning) if "part" in kind.__match_args__}
    # The part of a portion is a quantity, and the ground around has no regions.
    assert with_part - {"Portion", "Composition"} == CUT


@pytest.mark.parametrize("part", NEVER.values(), ids=NEVER)
@pytest.mark.parametrize("kind", sorted(CUT))
def test_conditions_that_nothing_meets_are_refused_wherever_they_stand(
    kind: str, part: tuple[r.Condition, ...]
) -> None:
    example: Any = next(value for made, value in MEANINGS.items() if made.__name__ == kind)
    asked = replace(example, of=HOUSES, part=part)
    with pytest.raises((NotMeasurable, NotUnderstood)):
        validate(asked, TOPICS)
    possible = (r.Away(r.Bounds(high=Measure(50, METRE), high_closed=True), LAKES), r.Size(OVER))
    validate(replace(asked, part=possible), TOPICS)


@pytest.mark.parametrize(
    "asked",
    [
        r.Composition(part=(r.Away(r.Bounds(Measure(50, METRE), Measure(20, METRE)), LAKES),)),
        r.Count(replace(FIELDS, where=(r.Holding(HOUSES, r.Bounds(Measure(5, COUNT), Measure(3, COUNT))),))),
    ],
    ids=["ground around", "numbers held"],
)
def test_limits_with_nothing_between_them_are_refused(asked: r.Meaning) -> None:
    with pytest.raises(NotUnderstood, match="between the limits"):
        validate(asked, TOPICS)


@pytest.mark.parametrize("meaning", MEANINGS.values(), ids=lambda meaning: type(meaning).__name__)
def test_a_topic_that_is_not_at_hand_is_refused_wherever_it_stands(meaning: r.Meaning) -> None:
    for subject in every(meaning, r.Subject):
        if subject.topics == (EVERYWHERE,):
            continue
        topics = tuple(topic for topic in TOPICS if topic not in subject.topics)
        with pytest.raises(NotMeasurable, match="cannot be measured here"):
            validate(meaning, topics)
