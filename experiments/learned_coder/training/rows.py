"""Questions with scenes whose true answers tell a right program from a lucky one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from learned_coder.training.questions import (
    FORMS,
    FREQUENT,
    PER_AREA,
    Asked,
    Worded,
    draw,
    refuse,
    roughened,
    say,
)
from learned_coder.training.scenes import SeenScene
from learned_coder.training.wordings import Family

from planimeter.errors import NotMeasurable
from planimeter.squid.question import Value
from planimeter.squid.ranges import RangeRules
from planimeter.squid.types import TYPES

RULES = RangeRules()
_TRIES = 60  # draws of topics and numbers for one question
_WATTS = 200  # that SQuID's power questions assume


@dataclass(frozen=True)
class Expected:
    """The right answer on one scene.

    Attributes:
        scene: its number.
        value: exact.
        bounds: lowest and highest number that counts as right; None where only ``value`` does.
    """

    scene: int
    value: Value
    bounds: tuple[float, float] | None


@dataclass(frozen=True)
class Row:
    """A question, and what its program must answer on each of its scenes.

    Attributes:
        question: in words.
        unit: that numbers are in: "%", "count", "ha", "m²" …, "MW"; None for words.
        expected: one per scene; for a question that no mask answers, values are empty words.
    """

    question: Worded
    unit: str | None
    expected: tuple[Expected, ...]

    @property
    def answerable(self) -> bool:
        """Whether a measurement can answer it."""
        return self.question.asked is not None


def make_rows(
    scenes: Sequence[SeenScene],
    families: dict[str, Family],
    count: int,
    seed: int,
    *,
    refusals: tuple[str, ...] = (),
    refusal_share: float = 0.0,
    rough: float = 0.0,
    per_question: int = 3,
) -> list[Row]:
    """Questions over all forms and families in turn, each with scenes that tell.

    Scenes tell when no constant is right on all of them, and when leaving out a size or a distance, or asking for
    another end, is wrong on one.

    Args:
        scenes: to measure on.
        families: of wordings.
        count: how many.
        seed: of words, numbers and scenes.
        refusals: wordings of questions that no mask answers.
        refusal_share: how many of these.
        rough: share of questions with slips of the fingers.
        per_question: scenes of one question.
    """
    rng = random.Random(f"rows {seed}")
    rows: list[Row] = []
    kinds = [
        (name, form) for name in families for form in FORMS if FORMS[form].base in families[name].templates
    ]
    kinds += [kind for kind in kinds if kind[1] in FREQUENT]
    rng.shuffle(kinds)
    number = 0
    while len(rows) < count:
        if refusals and rng.random() < refusal_share:
            words = refuse(refusals, "refusal", rng)
            shown = rng.sample(range(len(scenes)), per_question)
            rows.append(Row(words, None, tuple(Expected(one, "", None) for one in shown)))
            continue
        name, form = kinds[number % len(kinds)]
        number += 1
        found = _telling(scenes, form, rng, per_question)
        if found is None:
            continue
        asked, expected = found
        question = say(asked, families[name], name, rng)
        if rng.random() < rough:
            question = Worded(roughened(question.text, rng), name, asked)
        rows.append(Row(question, unit_of(asked), expected))
    return rows


def unit_of(asked: Asked) -> str | None:
    """The unit that an answer is expected in.

    Example:
        >>> from planimeter.squid.wording import Slots
        >>> unit_of(Asked("total_all", Slots("water"), "acres")), unit_of(Asked("count_all", Slots("roof")))
        ('acres', 'count')
    """
    kind = TYPES[asked.type].kind
    if kind in ("yes/no", "category"):
        return None
    if kind in ("area", "solar area"):
        return asked.unit
    return {"count": "count", "power": "MW"}.get(kind, "%")


def expected_answer(asked: Asked, scene: SeenScene, number: int) -> Expected | None:
    """The right answer on a scene; None where there is nothing to measure.

    Args:
        asked: the question.
        scene: with its exact masks.
        number: of the scene.
    """
    kind = TYPES[asked.type]
    try:
        value = kind.measure(scene.truth, asked.slots)
    except NotMeasurable:
        return None
    if isinstance(value, str):
        return Expected(number, value, None)
    if asked.type == "power_calculation":
        value *= asked.watts / _WATTS
    bounds = RULES.acceptable_range(kind.kind, RULES.published(kind.kind, value))
    factor = PER_AREA[asked.unit] if kind.kind in ("area", "solar area") else 1.0
    assert bounds is not None
    return Expected(number, value / factor, (bounds[0] / factor, bounds[1] / factor))


def is_right(expected: Expected, answer: Value) -> bool:
    """Whether an answer, in the row's unit, counts as right.

    Example:
        >>> is_right(Expected(0, 12.0, (10.0, 14.0)), 13), is_right(Expected(0, "yes", None), "no")
        (True, False)
    """
    if expected.bounds is None:
        return isinstance(answer, str) and answer.lower() == expected.value
    return not isinstance(answer, str) and expected.bounds[0] <= answer <= expected.bounds[1]


def _telling(
    scenes: Sequence[SeenScene], form: str, rng: random.Random, wanted: int
) -> tuple[Asked, tuple[Expected, ...]] | None:
    order = list(range(len(scenes)))
    for _ in range(_TRIES):
        asked = draw(rng, form)
        rng.shuffle(order)
        found: list[Expected] = []
        for index in order[: wanted * 3]:
            one = expected_answer(asked, scenes[index], index)
            if one is None or (one.value == 0 and any(other.value == 0 for other in found)):
                continue
            found.append(one)
            if len(found) > wanted:
                found = [other for other in found if other is not _most_alike(found)]
        if len(found) == wanted and _tells(found) and _conditions_matter(asked, found, scenes):
            return asked, tuple(found)
    return None


def _most_alike(found: list[Expected]) -> Expected:
    """The first whose value another one has, else the first of all."""
    values = [one.value for one in found]
    return next((one for one in found if values.count(one.value) > 1), found[0])


def _tells(found: list[Expected]) -> bool:
    """Whether no constant is right everywhere."""
    if found[0].bounds is None:
        return len({one.value for one in found}) > 1
    bounds = [one.bounds for one in found if one.bounds is not None]
    return max(low for low, _ in bounds) > min(high for _, high in bounds)


def _conditions_matter(asked: Asked, found: list[Expected], scenes: Sequence[SeenScene]) -> bool:
    """Whether every condition of the question changes an answer on one of the scenes."""
    slots = asked.slots
    without = []
    if slots.minimum is not None:
        without.append(replace(slots, minimum=0.0))
    if slots.maximum is not None:
        without.append(replace(slots, maximum=1e9))
    if slots.distance is not None:
        without.append(replace(slots, distance=1e6))
    if slots.end is not None:
        without.append(replace(slots, end="smallest" if slots.end == "largest" else "largest"))
    for changed in without:
        others = [
            expected_answer(replace(asked, slots=changed), scenes[one.scene], one.scene) for one in found
        ]
        if all(
            other is not None and is_right(one, other.value) for one, other in zip(found, others, strict=True)
        ):
            return False
    return True
