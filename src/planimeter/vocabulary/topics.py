"""The topics Planimeter measures, and the words people use for them.

A topic is one of ten canonical names. A noun phrase ("houses", "bare soil", "PV arrays") stands for one of them, in
one of three grammatical kinds that decide what may be asked of it:

* ``thing``: something whose regions are counted one by one (a building, a lake, a field);
* ``mass``: a cover that has an area (forest, bare soil);
* ``stuff``: a plural that is a cover all the same (trees, crops, roads), because its single members cannot be told
  apart in a mask; it has an area and its separate regions can be counted, its members cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

TOPICS: tuple[str, ...] = (
    "urban",
    "forest",
    "agric",
    "grass",
    "barren",
    "water",
    "solar",
    "roof",
    "road",
    "vegetation",
)
"""Canonical names, as programs and legends spell them."""

COMPOSED: dict[str, tuple[str, ...]] = {
    "vegetation": ("forest", "agric", "grass"),
    "urban": ("roof", "road"),
}
"""Topics that are the union of others, only where a source lacks them."""


@dataclass(frozen=True)
class Names:
    """How a topic is called in sentences.

    Attributes:
        mass: the cover as a whole ("agricultural land").
        one: one region of it ("agricultural region").
        many: several regions ("agricultural regions").
        countable: True where a region is an object people count (a building), False for land cover.
    """

    mass: str
    one: str
    many: str
    countable: bool = False


MARK = "?"  # in front of words that are no topic's name


class _Displayed(dict[str, Names]):
    """How topics are called; a topic of an open vocabulary is called what it is."""

    def __missing__(self, topic: str) -> Names:
        said = topic.removeprefix(MARK)
        return Names(said, said, said, countable=True)


DISPLAY: dict[str, Names] = _Displayed(
    {
        "urban": Names("urban land", "urban region", "urban regions"),
        "forest": Names("forest", "forest region", "forest regions"),
        "agric": Names("agricultural land", "agricultural region", "agricultural regions"),
        "grass": Names("grassland", "grass region", "grass regions"),
        "barren": Names("barren land", "barren region", "barren regions"),
        "water": Names("water", "water region", "water regions"),
        "solar": Names("solar panels", "solar installation", "solar installations", countable=True),
        "roof": Names("buildings", "building", "buildings", countable=True),
        "road": Names("roads", "road region", "road regions"),
        "vegetation": Names("vegetation", "vegetation region", "vegetation regions"),
    }
)


@dataclass(frozen=True)
class Noun:
    """What one noun phrase stands for.

    Attributes:
        topic: canonical topic.
        kind: "thing", "mass" or "stuff" (see the module's docstring).
        plural: True for a plural form.
    """

    topic: str
    kind: str
    plural: bool = False


# Regular things are listed in the singular; irregular plurals follow a slash.
_THINGS: dict[str, str] = {
    "urban": "city/cities, town, village, settlement",
    "forest": "forest, woodland, woodlot, grove, wood lot, rainforest",
    "agric": "field, farm field, crop field, agricultural field, farm, cultivated field, agricultural parcel, "
    "paddock",
    "grass": "meadow, lawn, pasture, grassland, prairie, grass field",
    "barren": "",
    "water": "water body/water bodies, waterbody/waterbodies, lake, pond, river, stream, creek, canal, "
    "reservoir, lagoon, waterway",
    "solar": "solar installation, solar array, solar farm, solar park, solar plant, solar power plant, solar "
    "field, solar facility/solar facilities, solar site, solar panel, solar module, solar system, "
    "photovoltaic panel, photovoltaic array, photovoltaic installation, photovoltaic system, "
    "photovoltaic module, photovoltaic plant, photovoltaic facility/photovoltaic facilities, pv panel, "
    "pv array, pv installation, pv system, pv module, pv plant, pv farm, pv site, pv park, solar pv "
    "installation, solar pv array, solar pv panel, solar pv system, panel",
    "roof": "building, house, structure, building structure, roof, rooftop, home, dwelling, building roof, "
    "building footprint, house roof, building rooftop",
    "road": "",
    "vegetation": "green space",
}

_MASS: dict[str, str] = {
    "urban": "urban, urban land, urban fabric, built-up, built-up land, built up, built area, developed, "
    "developed land, developed area, paved, paved land, paved ground, paved surface, built environment, "
    "urbanised land, urbanized land, urbanised, urbanized, impervious surface, city area, urban cover",
    "forest": "forest, forested, forested land, forest land, forestland, woodland, wooded, wooded land, tree "
    "cover, tree canopy, canopy, timberland, forestry, wood cover",
    "agric": "agric, agriculture, agricultural, agricultural land, farmland, farm land, cropland, crop land, "
    "cultivated, cultivated land, arable land, arable, cultivation, farming, farming land, crop cover",
    "grass": "grass, grassland, grass land, grassy, grassy land, pasture, pastureland, pasture land, rangeland, "
    "range land, meadow, lawn, turf, prairie, meadowland, grass cover",
    "barren": "barren, barren land, barren ground, barren soil, bare, bare land, bare soil, bare earth, bare "
    "ground, exposed soil, exposed earth, sand, wasteland, barren earth, bare sand, open soil, soil, "
    "desert",
    "water": "water, water cover, open water, surface water, standing water, inland water",
    "solar": "solar, pv, photovoltaic, photovoltaics, solar pv, solar power, solar generation",
    "roof": "roof, roofing, rooftop, building, building cover",
    "road": "road, road network, roadway, road surface, street network",
    "vegetation": "vegetation, vegetated, vegetated land, greenery, green area, green land, green cover, plant cover, "
    "plant life",
}

_STUFF: dict[str, str] = {
    "urban": "cities and towns, impervious surfaces, paved surfaces",
    "forest": "trees, woods",
    "agric": "crops, croplands, farmlands",
    "grass": "rangelands, grasses",
    "barren": "bare soils, sands, barren lands, bare lands",
    "water": "waters",
    "solar": "solar cells, pv cells",
    "roof": "",
    "road": "roads, streets, highways, motorways, roadways, freeways, avenues",
    "vegetation": "plants, green areas",
}

_SINGULAR_STUFF: dict[str, str] = {
    "forest": "tree",
    "road": "street, highway, motorway, freeway, avenue",
    "agric": "crop",
}


def _phrases(listing: str) -> list[str]:
    return [phrase.strip() for phrase in listing.split(",") if phrase.strip()]


def _words(phrase: str) -> str:
    return " ".join(phrase.lower().replace("-", " ").split())


@cache
def nouns() -> dict[str, Noun]:
    """Every noun phrase (lower case, hyphens as spaces) and what it stands for.

    >>> nouns()["water bodies"]
    Noun(topic='water', kind='thing', plural=True)
    """
    table: dict[str, Noun] = {}
    for topic in TOPICS:
        for phrase in _phrases(_THINGS[topic]):
            one, _, many = phrase.partition("/")
            many = many or one + "s"
            table[_words(one)] = Noun(topic, "thing")
            table[_words(many)] = Noun(topic, "thing", plural=True)
        for phrase in _phrases(_STUFF[topic]):
            table[_words(phrase)] = Noun(topic, "stuff", plural=True)
        for phrase in _phrases(_SINGULAR_STUFF.get(topic, "")):
            table[_words(phrase)] = Noun(topic, "stuff")
    for topic in TOPICS:
        for phrase in _phrases(_MASS[topic]):
            # A word that is both (forest, meadow, building) is the cover when nothing makes it plural.
            words = _words(phrase)
            if words not in table or words not in ("building", "roof", "rooftop"):
                table[words] = Noun(topic, "mass")
    return table


SYNONYMS: dict[str, str] = {phrase: noun.topic for phrase, noun in nouns().items()}
"""Noun phrase → topic."""

_SHAPE_WORDS = frozenset(
    [
        "area",
        "areas",
        "region",
        "regions",
        "patch",
        "patches",
        "body",
        "bodies",
        "land",
        "zone",
        "zones",
        "parcel",
        "parcels",
        "cover",
        "surface",
    ]
)


def canonical(phrase: str) -> str | None:
    """The topic a word or phrase stands for, or None.

    Args:
        phrase: a topic's name or any synonym, in any case, singular or plural, hyphens or spaces, with or without a
            closing "area", "region", "patches" and the like.

    >>> canonical("Building"), canonical("woods"), canonical("bare-soil patches"), canonical("boats")
    ('roof', 'forest', 'barren', None)
    """
    words = _words(phrase).split()
    while words:
        text = " ".join(words)
        if text in TOPICS:
            return text
        if text in SYNONYMS:
            return SYNONYMS[text]
        if words[-1] not in _SHAPE_WORDS:
            return None
        words.pop()
    return None
