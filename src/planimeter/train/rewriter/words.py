"""What fills the gaps of the wordings: nouns, numbers, units, as people write them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cache

from planimeter.vocabulary import units
from planimeter.vocabulary.numbers import word_of
from planimeter.vocabulary.topics import TOPIC_RECORDS, inflected, topic_of
from planimeter.vocabulary.units import Measure, Unit

THINGS = (
    "roof",
    "water",
    "forest",
    "agric",
    "grass",
    "solar",
    "roof",
    "water",
    "barren",
    "urban",
    "vegetation",
)
COVERS = (
    "forest", "agric", "grass", "barren", "water", "roof", "road", "urban", "vegetation", "solar", "forest", "water",
)  # fmt: skip
REFERENCES = (
    "water",
    "forest",
    "road",
    "roof",
    "agric",
    "grass",
    "solar",
    "barren",
    "urban",
    "vegetation",
    "water",
)

_AREAS: dict[Unit, tuple[str, ...]] = {
    units.HECTARE: ("ha", "ha", "hectares", "hectares", "hectare", "hectars"),
    units.SQUARE_METRE: (
        "m2",
        "m²",
        "square metres",
        "square meters",
        "sq m",
        "sqm",
        "square meter",
        "m^2",
        "qm",
    ),
    units.SQUARE_KILOMETRE: ("km2", "km²", "square kilometres", "sq km", "square kilometers"),
    units.ACRE: ("acres", "acres", "ac", "acre"),
    units.SQUARE_FOOT: ("square feet", "sq ft", "ft2", "sqft"),
    units.SQUARE_YARD: ("square yards", "sq yd"),
}
_LENGTHS: dict[Unit, tuple[str, ...]] = {
    units.METRE: ("m", "m", "m", "metres", "meters", "meter", "metre"),
    units.KILOMETRE: ("km", "kilometres", "kilometers"),
    units.FOOT: ("ft", "feet", "foot"),
    units.YARD: ("yards", "yd"),
}
_KEYS = {units.HECTARE: "ha", units.SQUARE_METRE: "m2", units.ACRE: "acres", units.SQUARE_KILOMETRE: "km2"}


@dataclass(frozen=True)
class Words:
    """The ways to say one topic.

    Attributes:
        many: several of its regions.
        one: one of them.
        mass: the cover.
    """

    many: tuple[str, ...]
    one: tuple[str, ...]
    mass: tuple[str, ...]


def _listed(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.split(",") if phrase.strip()]


@cache
def words_of(topic: str) -> Words:
    """The nouns of a topic that grammar and wordings share.

    >>> "houses" in words_of("roof").many, "lake" in words_of("water").one, "crops" in words_of("agric").mass
    (True, True, True)
    """
    record = next(one for one in TOPIC_RECORDS if one.name == topic)
    pairs = [
        (phrase.partition("/")[0], phrase.partition("/")[2] or inflected(phrase)[1])
        for phrase in _listed(record.things)
    ]
    patches = ("patch", "region", "area") if topic not in ("roof", "solar") else ()
    short = {"agric": "farmland", "urban": "urban", "barren": "bare soil"}.get(topic, topic)
    one = [first for first, _ in pairs] + [f"{short} {word}" for word in patches] + [record.one]
    many = [second for _, second in pairs] + [f"{short} {inflected(word)[1]}" for word in patches]
    if patches:
        many += [f"patches of {short}"] if topic != "urban" else []
    mass = _listed(record.masses) + _listed(record.stuff)
    mass = [
        word for word in mass if not word.endswith(("ed", "built-up", "arable", "barren", "bare", "grassy"))
    ]
    if topic == "roof":
        mass = ["buildings", "houses", "roofs", "the buildings", "all roofs"]
    if topic == "solar":
        mass = ["solar panels", "pv", "photovoltaics", "solar"]
    return Words((*many, record.many), tuple(one), tuple(mass) or (record.mass,))


@dataclass
class Choice:
    """A topic that was drawn, with one of its words for each gap."""

    topic: str
    rng: random.Random = field(repr=False)

    def say(self, kind: str) -> str:
        words = getattr(words_of(self.topic), kind)
        # The first words of the table are the usual ones.
        usual = words[: max(3, len(words) // 3)]
        return self.rng.choice(usual if self.rng.random() < 0.5 else words)

    def reference(self) -> str:
        """As something that distances are measured to."""
        draw = self.rng.random()
        record = topic_of(self.topic)
        thing = bool(record.things) and self.topic not in ("urban", "vegetation")
        if thing and draw < 0.25:
            one = self.say("one")
            return self.rng.choice((f"a {one}", f"the {one}", f"any {one}", f"the nearest {one}", one))
        if thing and draw < 0.45:
            many = self.say("many")
            return self.rng.choice((many, f"the {many}", f"any {many}"))
        mass = self.say("mass")
        return self.rng.choice(
            (mass, mass, mass, f"the {mass}" if not mass.startswith(("the", "all")) else mass)
        )


def number(rng: random.Random, value: float) -> str:
    """A number as people write it.

    >>> number(random.Random(3), 250.5)
    '250.5'
    """
    whole = value == int(value)
    if whole and value <= 20 and rng.random() < 0.3:
        return word_of(int(value))
    if whole and value in (30, 40, 50, 60, 80, 100, 200, 300, 500, 1000) and rng.random() < 0.12:
        return {
            100: "a hundred",
            200: "two hundred",
            300: "three hundred",
            500: "five hundred",
            1000: "a thousand",
        }.get(int(value), word_of(int(value)))
    if whole and value >= 1000 and rng.random() < 0.5:
        return f"{int(value):,}"
    return f"{value:g}"


def length(rng: random.Random, above: Measure | None = None) -> tuple[Measure, str]:
    """A distance and how it is said; ``above``: a longer one than that, in its unit."""
    unit = above.unit if above else rng.choices(list(_LENGTHS), (20, 1, 2, 2))[0]
    if above is not None:
        value = round(above.value * rng.choice((1.5, 2, 2, 3, 4, 5)), 3)
    elif unit is units.KILOMETRE:
        value = rng.choice((0.05, 0.1, 0.2, 0.25, 0.5, 1, 2))
    else:
        value = float(
            rng.choice(
                (rng.randrange(5, 200, 5), rng.randrange(10, 100), rng.choice((10, 20, 25, 30, 50, 100, 150)))
            )
        )
    name = rng.choice(_LENGTHS[unit])
    space = "" if name in ("m", "km", "ft") and rng.random() < 0.25 else " "
    said = f"{value:g}{space}{name}" if not space else f"{number(rng, value)} {name}"
    return Measure(value, unit), said


def area(rng: random.Random, above: Measure | None = None) -> tuple[Measure, str]:
    """An area and how it is said; ``above``: a larger one than that, in its unit."""
    unit = above.unit if above else rng.choices(list(_AREAS), (8, 20, 1, 3, 2, 0.3))[0]
    if above is not None:
        value = round(above.value * rng.choice((1.5, 2, 2, 3, 4, 5)), 3)
    elif unit in (units.HECTARE, units.ACRE, units.SQUARE_KILOMETRE):
        value = rng.choice((0.1, 0.2, 0.25, 0.5, 0.5, 1, 1.5, 2, 3, 4, 5, 10, 0.05, 2.5, 20))
    else:
        value = float(
            rng.choice(
                (
                    rng.randrange(50, 1000, 10),
                    rng.randrange(10, 500),
                    rng.choice((80, 100, 150, 200, 250, 300, 400, 500, 1000, 2000, 5000)),
                )
            )
        )
    name = rng.choice(_AREAS[unit])
    if value == 0.5 and rng.random() < 0.3:
        return Measure(
            value, unit
        ), f"half a {({units.HECTARE: 'hectare', units.ACRE: 'acre'}).get(unit, 'square kilometre')}"
    space = "" if name in ("m2", "m²", "ha", "sqm") and rng.random() < 0.2 else " "
    said = f"{value:g}{space}{name}" if not space else f"{number(rng, value)} {name}"
    return Measure(value, unit), said


def area_unit(rng: random.Random) -> tuple[Unit, str, str]:
    """A unit that an area is asked for in: itself, a word for it, a key for it."""
    unit = rng.choices(list(_KEYS), (8, 10, 3, 2))[0]
    return unit, rng.choice(_AREAS[unit]), _KEYS[unit]


def length_unit(rng: random.Random) -> tuple[Unit, str]:
    """A unit that a length is asked for in."""
    unit = rng.choices(list(_LENGTHS), (10, 2, 3, 1))[0]
    return unit, rng.choice(_LENGTHS[unit][-3:])


def asked_in(rng: random.Random, word: str) -> str:
    """A unit as it is asked for behind a question."""
    return rng.choice(
        (
            f", in {word}",
            f" in {word}",
            f" ({word})",
            f", {word}",
            f" in {word}",
            f" [{word}]",
            f", unit: {word}",
            f" {word}",
        )
    )
