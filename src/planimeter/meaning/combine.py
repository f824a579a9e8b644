"""How the numbers of many scenes become one: sums add, extremes compare, means weigh, the rest is refused.

What is right depends on what was asked, so the plan is made from the question's meaning: a mean distance is weighed by
the number of houses of each scene, "more than 50 ponds" is judged on the sum, a ratio is the ratio of two sums. Every
number that such a plan needs is measured on every unit (a scene, or several joined to one) by a program of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from planimeter.errors import NotMeasurable
from planimeter.meaning.combine_change import change
from planimeter.meaning.combine_judgements import judgement
from planimeter.meaning.combine_plan import VALID, Finish, FoldedPart, Plan, Value, as_number
from planimeter.meaning.combine_tables import table
from planimeter.meaning.quantity_units import compared_in, counted_once, of_an_item
from planimeter.meaning.reading import whole_of
from planimeter.meaning.record import every, replace
from planimeter.meaning.records import (
    Area,
    Besides,
    Border,
    Changed,
    Count,
    Density,
    Difference,
    Distance,
    ImageArea,
    IndexOf,
    Judgement,
    Length,
    Matched,
    Meaning,
    Neighbours,
    NetChange,
    Orientation,
    Perimeter,
    PerItem,
    Portion,
    Power,
    Quantity,
    Ratio,
    Share,
    Size,
    Sized,
    SizeOf,
    Spaced,
    Subject,
    Sum,
    Tabular,
    Turnover,
)
from planimeter.vocabulary.topics import topic_of
from planimeter.vocabulary.units import HECTARE, PIXEL, Unit


def plan_for(meaning: Meaning, offered: Sequence[tuple[str, ...]], metric: bool) -> Plan:
    """How a question that the built-in coder understands is combined.

    Args:
        meaning: what was asked.
        offered: the topics of each scene; together they spell out "which land cover is largest".
        metric: whether every scene has a scale; areas are compared in pixels otherwise.

    >>> from planimeter.coder.grammar.parse import parse
    >>> plan_for(parse("How many houses are there?").meaning, [("roof",)], True).how
    'Counts were added.'
    >>> plan_for(parse("What is the median size of houses?").meaning, [("roof",)], True).refusal[:40]
    'A median cannot be found from the median'
    """
    planner = Planner(meaning, metric)
    try:
        planner.plan.finish = planner.question(meaning, offered)
    except NotMeasurable as refusal:
        planner.plan.refusal = str(refusal)
        return planner.plan
    if every(meaning, Spaced):
        planner.said.append(_SAME_SCENE)
    area, weighed = ("valid ground area", "ground area") if metric else ("valid pixels", "pixels")
    sentence = "; ".join(dict.fromkeys(planner.said)).format(area=area, weighed=weighed)
    planner.plan.how = f"{sentence[0].upper()}{sentence[1:]}."
    return planner.plan


_SAME_SCENE = "neighbours are those of the same scene, or of scenes joined to it"


class Planner:
    """Collects the parts of one plan while it walks through a meaning.

    Args:
        meaning: what was asked.
        metric: whether every scene has a scale.

    Attributes:
        plan: gets the parts.
        said: how they combine, in words.
    """

    def __init__(self, meaning: Meaning, metric: bool) -> None:
        self.plan = Plan([meaning])
        self.metric = metric
        self.said: list[str] = []

    def part(
        self, of: Meaning, fold: str, weight: Quantity | int | None = None, empty: float | None = None
    ) -> Finish:
        """Have a number folded; returns what fetches it."""
        by = weight if weight is None or isinstance(weight, int) else self.number_of(weight)
        part = FoldedPart(self.number_of(of), fold, by, empty)
        if part not in self.plan.parts:
            self.plan.parts.append(part)
        return lambda folded: folded[part]

    def number_of(self, meaning: Meaning) -> int:
        """The place of a meaning among those that are measured; a new one is the last."""
        if meaning not in self.plan.meanings:
            self.plan.meanings.append(meaning)
        return self.plan.meanings.index(meaning)

    def question(self, meaning: Meaning, offered: Sequence[tuple[str, ...]]) -> Finish:
        """What finishes any question.

        Args:
            meaning: what was asked.
            offered: the topics of each scene.

        Raises:
            NotMeasurable: it is one of a single scene; says what to ask instead.
        """
        if isinstance(meaning, Judgement):
            return judgement(self, meaning, offered)
        if isinstance(meaning, Tabular):
            return table(self, meaning, offered)
        return self.quantity(meaning)

    def quantity(self, of: Quantity) -> Finish:
        """What finishes a quantity, a part of the question or all of it."""
        if isinstance(of, SizeOf) and of.of.pick is not None:
            return self._picked(of)
        if isinstance(of, Orientation):
            raise NotMeasurable(
                "Directions of different things are no one direction; every scene's own is in scenes.csv."
            )
        if not isinstance(of, Portion):  # whose two quantities are looked at one by one
            self.refuse_picks(of)
        match of:
            case Changed() | NetChange() | Matched() | Turnover():
                return change(self, of)
            case Count():
                return self._said("counts were added", self.part(of, "sum", empty=0))
            case Area() | ImageArea():
                return self._said("areas were added", self.part(of, "sum", empty=0))
            case Power():
                return self._said("powers were added", self.part(of, "sum", empty=0))
            case Length() | Border():
                return self._said("lengths were added", self.part(of, "sum", empty=0))
            case Perimeter(regions, statistic):
                if statistic == "sum":
                    return self._said("lengths were added", self.part(of, "sum", empty=0))
                if statistic == "mean" and len(regions.topics) > 1:
                    raise NotMeasurable(
                        "Outlines of several kinds run around those that touch, and how many there are of these is "
                        "not known of scenes; ask of one kind after the other."
                    )
                return self._statistic(of, regions, statistic, 0.0)
            case SizeOf(regions, statistic):
                return self._statistic(of, regions, statistic, 0.0)
            case Distance(regions, _, statistic):
                self.said.append("distances reach no farther than their own scene, or scenes joined to it")
                return self._statistic(of, regions, statistic, None)
            case Neighbours(regions, statistic):
                self.said.append(_SAME_SCENE)
                return self._statistic(of, regions, statistic, None)
            case Share():
                return self._share(of)
            case Density():
                return self._density(of)
            case IndexOf():
                return self._index(of)
            case Ratio(first, second):
                top, bottom = (
                    self.quantity(compared_in(first, self.area_unit)),
                    self.quantity(compared_in(second, self.area_unit)),
                )
                self.said.append("the combined numbers were divided")
                return lambda folded: _quotient(as_number(top(folded)), as_number(bottom(folded)))
            case Portion(part, whole):
                if isinstance(whole, ImageArea):
                    part = counted_once(part)
                top, bottom = (
                    self.quantity(compared_in(part, self.area_unit)),
                    self.quantity(compared_in(whole, self.area_unit)),
                )
                self.said.append("the combined numbers were divided")
                return lambda folded: _percentage(as_number(top(folded)), as_number(bottom(folded)))
            case PerItem(quantity, by):
                top, bottom = self.quantity(of_an_item(quantity)), self.quantity(Count(by))
                self.said.append("the combined numbers were divided")
                return lambda folded: _quotient(as_number(top(folded)), as_number(bottom(folded)))
            case Difference(first, second, absolute):
                top, bottom = self.quantity(first), self.quantity(second)
                self.said.append("the combined numbers were subtracted")

                def apart(folded: dict[FoldedPart, Value]) -> Value:
                    difference = as_number(top(folded)) - as_number(bottom(folded))
                    return abs(difference) if absolute else difference

                return apart
            case Sum(first, second):
                one, two = self.quantity(first), self.quantity(second)
                self.said.append("the combined numbers were added")
                return lambda folded: as_number(one(folded)) + as_number(two(folded))
        raise AssertionError(of)

    def _said(self, words: str, finish: Finish) -> Finish:
        self.said.append(words)
        return finish

    def _statistic(self, of: Quantity, regions: Subject, statistic: str, empty: float | None) -> Finish:
        if statistic == "deviation":
            raise NotMeasurable(
                "A standard deviation cannot be found from those of scenes; ask for the average, or for the answers of "
                "the scenes."
            )
        if statistic == "median":
            raise NotMeasurable(
                "A median cannot be found from the medians of scenes; ask for the average, or for the answers of the "
                "scenes."
            )
        if statistic == "mean":
            return self._said(
                "means were weighed by how many each scene has", self.part(of, "mean", Count(regions))
            )
        if statistic == "sum":
            return self._said("totals were added", self.part(of, "sum", empty=0))
        words = {"max": "the largest was taken", "min": "the smallest was taken"}[statistic]
        return self._said(words, self.part(of, statistic, Count(regions), empty))

    def _density(self, of: Density) -> Finish:
        # Scenes without the ground it refers to have no density, and yet regions that count.
        number = self.part(Count(of.of), "sum", empty=0)
        over = ImageArea(of.per) if of.over is None else Area(of.over, (), of.per)
        ground = self.part(over, "sum", empty=0)
        self.said.append("counts, and the ground they refer to, were added and divided")

        def density(folded: dict[FoldedPart, Value]) -> Value:
            whole = as_number(ground(folded))
            if whole == 0:
                raise NotMeasurable(
                    "There is no ground to refer the density to in these scenes; ask for a count."
                )
            return as_number(number(folded)) / whole

        return density

    def _index(self, of: IndexOf) -> Finish:
        if of.statistic in ("median", "deviation"):
            raise NotMeasurable(
                f"A {'median' if of.statistic == 'median' else 'standard deviation'} of an index cannot be found from "
                "those of scenes; ask for the average, or for the answers of the scenes."
            )
        ground = replace(of, statistic="hectares" if self.metric else "pixels")
        if of.statistic in ("hectares", "pixels"):
            return self._said("areas were added", self.part(of, "sum", empty=0))
        if of.statistic == "mean":
            self.said.append(f"means were weighed by the {{weighed}} that has {of.index}")
            return self.part(of, "mean", ground)
        words = {"max": "the largest was taken", "min": "the smallest was taken"}[of.statistic]
        return self._said(words, self.part(of, of.statistic, ground))

    def _picked(self, of: SizeOf) -> Finish:
        pick = of.of.pick
        assert pick is not None
        rest = replace(of.of, pick=None)
        if pick.only:
            raise NotMeasurable(
                f"The question speaks of one {topic_of(rest.topics[0]).one}, and there are several scenes; ask "
                "for the largest."
            )
        if (pick.first, pick.count) != (1, 1) or of.of.then:
            raise NotMeasurable(
                "Only the very largest or smallest can be found among scenes asked one by one; ask for that one."
            )
        self.refuse_picks(rest)
        words = "the largest was taken" if pick.largest else "the smallest was taken"
        return self._said(words, self.part(of, "max" if pick.largest else "min", Count(rest), 0.0))

    def _share(self, of: Share) -> Finish:
        if of.by_count:
            self.said.append("shares were weighed by how many each scene has")
            return self.part(of, "mean", Count(of.of), 0.0)
        if of.of_image:
            self.said.append("percentages were weighed by {area}")
            return self.part(of, "mean", VALID, 0.0)
        self.said.append("percentages were weighed by the {weighed} they refer to")
        cover, cut = whole_of(of)
        if cut:
            return self.part(of, "mean", Area(cover, cut, self.area_unit), 0.0)
        if len(of.of.topics) == 1:
            return self.part(of, "mean", SizeOf(of.of, "sum", self.area_unit), 0.0)
        if any(not isinstance(condition, Size) for condition in of.of.where):
            raise NotMeasurable(
                "A share of several topics under conditions cannot be combined; ask for the two areas instead."
            )
        return self.part(of, "mean", Area(of.of, (), self.area_unit), 0.0)

    @property
    def area_unit(self) -> Unit:
        """The unit in which areas are compared."""
        return HECTARE if self.metric else PIXEL

    def refuse_picks(self, meaning: Any) -> None:
        """Refuse what only all scenes together could tell.

        Raises:
            NotMeasurable: says what to ask instead.
        """
        for tells, refusal in _OF_ALL_SCENES:
            if tells(meaning):
                raise NotMeasurable(refusal)


#: What scenes asked one by one cannot know: whether a meaning speaks of it, and the sentence that refuses it.
_OF_ALL_SCENES: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (
        lambda meaning: any(regions.pick is not None for regions in every(meaning, Subject)),
        "The question singles out the largest or smallest, which scenes asked one by one cannot know of each other; "
        "ask without it.",
    ),
    (
        lambda meaning: bool(every(meaning, Besides)),
        "The question leaves out the largest or smallest, which scenes asked one by one cannot know of each other; "
        "ask without that.",
    ),
    (
        lambda meaning: bool(every(meaning, Sized)),
        "The question compares sizes with an average or an area of the scene itself, which scenes asked one by one do "
        "not share; give the size in hectares.",
    ),
    (
        lambda meaning: any(subject.frame is not None for subject in every(meaning, Subject)),
        "The question speaks of a part of each image, and the parts together are no place; ask the scenes apart.",
    ),
)


def _percentage(part: float, whole: float) -> float:
    return 100.0 * part / whole if whole else 0.0


def _quotient(top: float, bottom: float) -> float:
    if bottom == 0:
        raise NotMeasurable("There is nothing to divide by in these scenes; ask for a difference instead.")
    return top / bottom
