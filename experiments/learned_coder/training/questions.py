"""Questions: a form, its topics and numbers, the words for it, and the program that answers it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from learned_coder.training.programs import program_for, refusal_program
from learned_coder.training.wordings import Family, expand
from learned_coder.training.wordings.lexicon import (
    ANSWER_UNITS,
    AREAS,
    LENGTHS,
    TOPIC_WORDS,
    WATTS,
    written_number,
)

from planimeter.squid.wording import Slots

_ALL = tuple(TOPIC_WORDS)
_COUNTED = ("roof", "solar", "water")
_FAMILIES_OF_GROUND = (("urban", ("roof", "road", "solar")), ("vegetation", ("forest", "agric", "grass")))


@dataclass(frozen=True)
class Form:
    """One kind of question.

    Attributes:
        type: of SQuID; decides how the true answer is measured and its acceptable range.
        base: whose wordings it takes.
        needs: which of "a", "b", "d", "e", "u", "w", "R", "N" (see ``wordings.language``) it has.
        targets: topics that may be measured.
        references: topics that may be near or compared.
        remarks: why it is asked, one of which is said at the end.
    """

    type: str
    base: str
    needs: str = ""
    targets: tuple[str, ...] = _ALL
    references: tuple[str, ...] = _ALL
    remarks: tuple[str, ...] = ()


def _form(type_name: str, base: str, needs: str = "", **options: str | tuple[str, ...]) -> Form:
    return Form(type_name, base, needs, **options)  # type: ignore[arg-type]


FORMS: dict[str, Form] = {
    "percentage": _form("percentage", "percentage"),
    "count": _form("count", "count", "a"),
    "count_all": _form("count", "count_all"),
    "size": _form("size", "size", "ae"),
    "total_area": _form("total_area", "total_area", "au"),
    "total_all": _form("total_area", "total_all", "u"),
    "comparison": _form("binary_comparison", "comparison", "N"),
    "threshold": _form("binary_threshold", "threshold", "a"),
    "presence": _form("binary_presence", "presence", "a"),
    "presence_any": _form("binary_presence", "presence_any"),
    "multiple": _form("binary_multiple", "multiple", "a"),
    "prox_pct": _form("proximity_percentage", "prox_pct", "Rd"),
    "prox_area": _form("proximity_area", "prox_area", "Rdu"),
    "connectivity": _form("connectivity", "connectivity", "ab"),
    "fragmentation": _form("fragmentation", "fragmentation", "a"),
    "prox_any": _form("binary_proximity", "prox_any", "Rd"),
    "near_count": _form("building_proximity", "near_count", "aRd"),
    "near_count_all": _form("building_proximity", "near_count_all", "Rd"),
    "flood": _form(
        "building_flood_risk",
        "near_count",
        "aRd",
        targets=("roof",),
        references=("water",),
        remarks=(" (flood risk assessment)", " (flood risk)", ""),
    ),
    "fire": _form(
        "building_fire_risk",
        "near_count",
        "aRd",
        targets=("roof",),
        references=("forest",),
        remarks=(" (fire risk assessment)", " (fire risk)", ""),
    ),
    "power": _form("power_calculation", "power", "w", targets=("solar",)),
    "large_near": _form("complex_multi_condition", "large_near", "aRdu"),
    "vegetation_access": _form(
        "complex_vegetation_water_access",
        "large_near",
        "aRdu",
        targets=("vegetation",),
        references=("water",),
    ),
    "agriculture_access": _form(
        "complex_agriculture_water_access", "large_near", "aRdu", targets=("agric",), references=("water",)
    ),
    "urban_fire": _form(
        "complex_urban_fire_risk",
        "large_near",
        "aRdu",
        targets=("urban",),
        references=("vegetation",),
        remarks=(" (fire risk assessment)", " (fire risk)", ""),
    ),
    "urban_flood": _form(
        "complex_urban_flood_risk",
        "large_near",
        "aRdu",
        targets=("urban",),
        references=("water",),
        remarks=(" (flood risk assessment)", " (flood risk)", ""),
    ),
    "size_filter": _form("complex_size_filter", "size_filter", "au"),
    "average": _form("complex_average", "average", "au"),
    "average_all": _form("complex_average", "average_all", "u"),
}
FREQUENT = (
    "percentage",
    "count",
    "count_all",
    "total_all",
    "near_count_all",
    "prox_area",
    "large_near",
    "near_count",
)
"""Forms drawn twice as often: many wordings, or two conditions to keep apart."""

DISTANCES = (5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 100, 120, 150, 200, 250, 300, 400, 500)
SIZES = (0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5)
PER_AREA = {"ha": 1.0, "m²": 1e-4, "acres": 0.40468564224, "km²": 100.0}
PER_LENGTH = {"m": 1.0, "km": 1000.0, "ft": 0.3048, "yd": 0.9144}


@dataclass(frozen=True)
class Asked:
    """What a question asks for: everything but its words.

    Attributes:
        form: its name in ``FORMS``.
        slots: topics, hectares and metres.
        unit: of an area that is asked for.
        watts: per square metre.
        numbers: part ("a", "b", "d", "w") → as said and as a program writes it.
    """

    form: str
    slots: Slots
    unit: str = "ha"
    watts: int = 200
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict, hash=False)

    @property
    def type(self) -> str:
        """SQuID's type."""
        return FORMS[self.form].type

    @property
    def program(self) -> str:
        """The compact program that answers it."""
        text = program_for(
            self.form, self.type, self.slots.target, self.slots.reference, self.slots.end, self.unit
        )
        names = {"a": "{minimum}", "b": "{maximum}", "d": "{distance}", "w": "{watts}"}
        for part, place in names.items():
            if part in self.numbers:
                text = text.replace(place, self.numbers[part][1])
        return text


@dataclass(frozen=True)
class Worded:
    """A question in words.

    Attributes:
        text: as typed.
        family: of its wording.
        asked: what it asks for; None where no mask answers it.
        smallest: pixels below which its program drops shapes as specks; 0 keeps all.
    """

    text: str
    family: str
    asked: Asked | None
    smallest: int = 0

    @property
    def program(self) -> str:
        """The program to learn."""
        if self.asked is None:
            return refusal_program()
        if not self.smallest:
            return self.asked.program
        return self.asked.program.replace("], gsd=gsd)", f"], {self.smallest}, gsd=gsd)", 1)


def draw(rng: random.Random, form: str, units: bool = True) -> Asked:
    """A question of a form, with random topics and numbers.

    Args:
        rng: decides.
        form: its name in ``FORMS``.
        units: also in feet, acres and the like.
    """
    kind = FORMS[form]
    target, reference = rng.choice(kind.targets), None
    if "R" in kind.needs or "N" in kind.needs:
        possible = [one for one in kind.references if not overlap(one, target)]
        reference = rng.choice(possible)
    numbers: dict[str, tuple[str, str]] = {}
    minimum = maximum = distance = None
    if "a" in kind.needs:
        numbers["a"], minimum = _area(rng, units)
    if "b" in kind.needs:
        assert minimum is not None
        numbers["b"], maximum = _area(rng, units, above=minimum)
    if "d" in kind.needs:
        numbers["d"], distance = _length(rng, units)
    watts = 200
    if "w" in kind.needs:
        watts = rng.choice((200, 200, 150, 160, 175, 180, 190, 210, 220, 250))
        numbers["w"] = rng.choice(WATTS).format(watts), str(watts)
    unit = "ha"
    if "u" in kind.needs and units and rng.random() < 0.35:
        unit = rng.choice(tuple(ANSWER_UNITS))
    end = rng.choice(("largest", "smallest", "largest")) if "e" in kind.needs else None
    slots = Slots(target, reference, minimum=minimum, maximum=maximum, distance=distance, end=end)  # type: ignore[arg-type]
    return Asked(form, slots, unit, watts, numbers)


def say(asked: Asked, family: Family, name: str, rng: random.Random) -> Worded:
    """A question in a family's words.

    Raises:
        KeyError: the family has no wording for this form.
    """
    kind = FORMS[asked.form]
    text = expand(rng.choice(family.templates[kind.base]), family.phrases, rng)
    if kind.remarks:
        mark = text[-1] if text[-1] in ".?" else ""
        text = text[: len(text) - len(mark)] + rng.choice(kind.remarks) + mark
    words = TOPIC_WORDS[asked.slots.target]
    many, one = rng.choice(words.many)
    values = {
        "T": many,
        "1": one,
        "M": rng.choice(words.mass),
        "e": _end(asked.slots.end, rng),
        "u": rng.choice(ANSWER_UNITS[asked.unit]),
        **{part: said for part, (said, _) in asked.numbers.items()},
    }
    if asked.slots.reference is not None:
        other = TOPIC_WORDS[asked.slots.reference]
        values["R"], values["N"] = rng.choice(other.noun), rng.choice(other.mass)
    for part, value in values.items():
        text = text.replace("{" + part + "}", value)
    return Worded(text, name, asked)


def refuse(templates: tuple[str, ...], name: str, rng: random.Random) -> Worded:
    """A question that no mask answers."""
    text = expand(rng.choice(templates), {}, rng)
    words = TOPIC_WORDS[rng.choice(_ALL)]
    many, one = rng.choice(words.many)
    values = {"T": many, "1": one, "M": rng.choice(words.mass), "u": "hectares", "e": "largest"}
    for part, value in values.items():
        text = text.replace("{" + part + "}", value)
    return Worded(text, name, None)


def roughened(text: str, rng: random.Random) -> str:
    """The same question with a slip of the fingers, lost punctuation or other capitals; numbers stay.

    Example:
        >>> roughened("How many buildings are there?", random.Random(4)) != "How many buildings are there?"
        True
    """
    words = text.split(" ")
    long = [index for index, word in enumerate(words) if word.isalpha() and len(word) >= 5]
    if long and rng.random() < 0.5:
        index = rng.choice(long)
        word, at = words[index], rng.randrange(1, len(words[index]) - 1)
        slip = rng.random()
        if slip < 0.4:
            word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        elif slip < 0.7:
            word = word[:at] + word[at + 1 :]
        else:
            word = word[:at] + word[at] + word[at:]
        words[index] = word
    text = " ".join(words)
    if rng.random() < 0.5:
        text = text.rstrip("?.! ")
    if rng.random() < 0.2:
        text = rng.choice(("hello, ", "please: ", "now ", "question: ", "ok ")) + text
    return text


def overlap(first: str, second: str) -> bool:
    """Whether two topics share ground by their meaning."""
    if first == second or {first, second} == {"roof", "solar"}:
        return True
    return any(
        (first == whole and second in parts) or (second == whole and first in parts)
        for whole, parts in _FAMILIES_OF_GROUND
    )


def _end(end: str | None, rng: random.Random) -> str:
    if end is None:
        return ""
    return rng.choice(
        ("largest", "biggest", "largest") if end == "largest" else ("smallest", "smallest", "tiniest")
    )


def _area(rng: random.Random, units: bool, above: float = 0.0) -> tuple[tuple[str, str], float]:
    while True:
        unit = rng.choice(("ha", "ha", "ha", "m²", "m²", "acres")) if units else "ha"
        value: float
        if unit == "m²":
            value = rng.choice(
                (50, 80, 100, 150, 200, 250, 300, 400, 500, 750, 1000, 1200, 1500, 2000, 2500, 5000, 10000)
            )
            if rng.random() < 0.2:
                value = rng.randrange(20, 9999)
        else:
            value = (
                rng.choice(SIZES)
                if rng.random() < 0.75
                else round(rng.uniform(0.01, 9), rng.choice((1, 2, 3)))
            )
        hectares = value * PER_AREA[unit]
        if value > 0 and hectares > above:
            return _with_unit(value, AREAS[unit], rng), hectares


def _length(rng: random.Random, units: bool) -> tuple[tuple[str, str], float]:
    unit = rng.choice(("m",) * 8 + ("km", "ft", "yd")) if units else "m"
    value: float
    if unit == "km":
        value = rng.choice((0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 0.75, 1))
    else:
        value = rng.choice(DISTANCES) if rng.random() < 0.75 else rng.randrange(3, 999)
    return _with_unit(value, LENGTHS[unit], rng), value * PER_LENGTH[unit]


def _with_unit(value: float, unit: tuple[tuple[str, ...], str], rng: random.Random) -> tuple[str, str]:
    said, written = written_number(value, rng)
    spelling = rng.choice(unit[0])
    if said.isalpha() or " " in said:
        spelling = " " + spelling.lstrip(" -")
    return said + spelling, unit[1].format(written)
