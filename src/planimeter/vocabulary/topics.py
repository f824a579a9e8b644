"""The topics Planimeter measures: one record each, which everything that speaks of topics reads.

A topic is one of the canonical names, or one that a source brings ("parking", "clouds"). A noun phrase ("houses",
"bare soil", "PV arrays") stands for one of them, in one of three grammatical kinds that decide what may be asked of it:

* ``thing``: something whose regions are counted one by one (a building, a lake, a field);
* ``mass``: a cover that has an area (forest, bare soil);
* ``stuff``: a plural that is a cover all the same (trees, crops, roads), because its single members cannot be told
  apart in a mask; it has an area and its separate regions can be counted, its members cannot.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

SMALLEST = 0.125
"""Hectares below which a patch of land cover is an artefact of its mask (SQuID, table 6)."""


@dataclass(frozen=True)
class BenchmarkForms:
    """The forms in which SQuID's questions name one topic.

    Attributes:
        noun: the topic as such ("buildings").
        amount: the topic as an amount of ground ("building area").
        area: as in "the total … within 200m" ("building area").
        region: one region ("building").
        regions: several, as in "how many separate …".
        patches: several, as in "find … larger than 1 hectares".
        items: several, as in "excluding … smaller than".
    """

    noun: str
    amount: str
    area: str
    region: str
    regions: str
    patches: str
    items: str


def _cover(noun: str, short: str = "", area: str = "") -> BenchmarkForms:
    short = short or noun
    return BenchmarkForms(
        noun, noun, area or f"{noun} area", f"{noun} region", f"{noun} regions", f"{short} patches", "patches"
    )


@dataclass(frozen=True)
class Topic:
    """Everything that is known of one topic.

    Attributes:
        name: as programs and legends spell it.
        mass: the cover as a whole, as sentences call it ("agricultural land").
        one: one region of it ("agricultural region").
        many: several regions ("agricultural regions").
        colour: "#RRGGBB", of its mask on a page.
        counted: True where a region is an object people count (a building), False for land cover, None where that
            is not known.
        things: noun phrases of the kind "thing", in the singular, by commas; an irregular plural follows a slash.
        masses: noun phrases of the kind "mass".
        stuff: noun phrases of the kind "stuff", in the plural.
        single: their singulars, of those that have one.
        composed_of: topics whose union it is, where a source lacks it.
        joined_by: topics of a source's own that belong to that union as well, where the source has them.
        upon: the topic that it stands on, which shares its ground (panels stand on roofs).
        smallest: hectares below which a region is an artefact (SQuID, table 6; roads are ours).
        variable: what programs call its shapes; empty: its name.
        forms: how SQuID's questions name it; None: by the names above.
    """

    name: str
    mass: str
    one: str
    many: str
    colour: str
    counted: bool | None = False
    things: str = ""
    masses: str = ""
    stuff: str = ""
    single: str = ""
    composed_of: tuple[str, ...] = ()
    joined_by: tuple[str, ...] = ()
    upon: str | None = None
    smallest: float = SMALLEST
    variable: str = ""
    forms: BenchmarkForms | None = None

    @property
    def benchmark_forms(self) -> BenchmarkForms:
        """How benchmark questions name it.

        >>> topic_of("bus stop", counted=True).benchmark_forms.amount, topic_of("forest").benchmark_forms.patches
        ('bus stop area', 'forest patches')
        """
        if self.forms is not None:
            return self.forms
        if self.counted:
            area = f"{self.one} area"
            return BenchmarkForms(self.many, area, area, self.one, self.many, self.many, self.many)
        one = self.one.removesuffix(" region")
        if self.mass != one and self.mass == inflected(one)[1]:
            # A cover that is called by a plural ("clouds") is asked about by its singular ("does cloud area cover …").
            return _cover(f"{one} area", one, f"{one} area")
        return replace(_cover(one), noun=self.mass, amount=self.mass)


TOPIC_RECORDS: tuple[Topic, ...] = (
    Topic(
        name="urban",
        mass="urban land",
        one="urban region",
        many="urban regions",
        colour="#E4572E",
        things="city/cities, town, village, settlement",
        masses=(
            "urban, urban land, urban fabric, built-up, built-up land, built up, built area, developed, "
            "developed land, developed area, paved, paved land, paved ground, paved surface, built "
            "environment, urbanised land, urbanized land, urbanised, urbanized, impervious surface, city "
            "area, urban cover"
        ),
        stuff="cities and towns, impervious surfaces, paved surfaces",
        composed_of=("roof", "road"),
        smallest=0.1,
        forms=_cover("urban area", "urban", "urban area"),
    ),
    Topic(
        name="forest",
        mass="forest",
        one="forest region",
        many="forest regions",
        colour="#2E9E4F",
        things="forest, woodland, woodlot, grove, wood lot, rainforest",
        masses=(
            "forest, forested, forested land, forest land, forestland, woodland, wooded, wooded land, tree "
            "cover, tree canopy, canopy, timberland, forestry, wood cover"
        ),
        stuff="trees, woods",
        single="tree",
        forms=_cover("forest area", "forest", "forest area"),
    ),
    Topic(
        name="agric",
        mass="agricultural land",
        one="agricultural region",
        many="agricultural regions",
        colour="#E3C04B",
        things=(
            "field, farm field, crop field, agricultural field, farm, cultivated field, agricultural parcel, "
            "paddock"
        ),
        masses=(
            "agric, agriculture, agricultural, agricultural land, farmland, farm land, cropland, crop land, "
            "cultivated, cultivated land, arable land, arable, cultivation, farming, farming land, crop cover, "
            "farmed, farmed land"
        ),
        stuff="crops, croplands, farmlands",
        single="crop",
        forms=_cover("agricultural land"),
    ),
    Topic(
        name="grass",
        mass="grassland",
        one="grass region",
        many="grass regions",
        colour="#9BD15B",
        things="meadow, lawn, pasture, grassland, prairie, grass field",
        masses=(
            "grass, grassland, grass land, grassy, grassy land, pasture, pastureland, pasture land, "
            "rangeland, range land, meadow, lawn, turf, prairie, meadowland, grass cover"
        ),
        stuff="rangelands, grasses",
        forms=_cover("grassland"),
    ),
    Topic(
        name="barren",
        mass="barren land",
        one="barren region",
        many="barren regions",
        colour="#C8A27A",
        masses=(
            "barren, barren land, barren ground, barren soil, bare, bare land, bare soil, bare earth, bare "
            "ground, exposed soil, exposed earth, sand, wasteland, barren earth, bare sand, open soil, soil, "
            "desert"
        ),
        stuff="bare soils, sands, barren lands, bare lands",
        forms=_cover("barren land"),
    ),
    Topic(
        name="water",
        mass="water",
        one="water region",
        many="water regions",
        colour="#3B9EFF",
        things=(
            "water body/water bodies, waterbody/waterbodies, lake, pond, river, stream, creek, canal, "
            "reservoir, lagoon, waterway, watercourse, body of water/bodies of water"
        ),
        masses="water, water cover, open water, surface water, standing water, inland water",
        stuff="waters",
        smallest=0.1,
        forms=BenchmarkForms(
            "water bodies",
            "water",
            "water area",
            "water body",
            "water bodies",
            "water bodies",
            "water bodies",
        ),
    ),
    Topic(
        name="solar",
        mass="solar panels",
        one="solar installation",
        many="solar installations",
        colour="#7A5CFF",
        counted=True,
        things=(
            "solar installation, solar array, solar farm, solar park, solar plant, solar power plant, solar "
            "field, solar facility/solar facilities, solar site, solar panel, solar module, solar system, "
            "photovoltaic panel, photovoltaic array, photovoltaic installation, photovoltaic system, "
            "photovoltaic module, photovoltaic plant, photovoltaic facility/photovoltaic facilities, pv "
            "panel, pv array, pv installation, pv system, pv module, pv plant, pv farm, pv site, pv park, "
            "solar pv installation, solar pv array, solar pv panel, solar pv system, panel"
        ),
        masses="solar, pv, photovoltaic, photovoltaics, solar pv, solar power, solar generation",
        stuff="solar cells, pv cells",
        upon="roof",
        smallest=0.01,
        variable="panels",
        forms=BenchmarkForms(
            "solar panels",
            "solar panel area",
            "solar panel area",
            "solar installation",
            "solar installations",
            "solar installations",
            "installations",
        ),
    ),
    Topic(
        name="roof",
        mass="buildings",
        one="building",
        many="buildings",
        colour="#FF7A45",
        counted=True,
        things=(
            "building, house, structure, building structure, roof, rooftop, home, dwelling, building roof, "
            "building footprint, house roof, building rooftop"
        ),
        masses="roof, roofing, rooftop, building, building cover",
        smallest=0.01,
        variable="buildings",
        forms=BenchmarkForms(
            "buildings", "building area", "building area", "building", "buildings", "buildings", "buildings"
        ),
    ),
    Topic(
        name="road",
        mass="roads",
        one="road region",
        many="road regions",
        colour="#C3C9D4",
        masses="road, road network, roadway, road surface, street network",
        stuff="roads, streets, highways, motorways, roadways, freeways, avenues",
        single="street, highway, motorway, freeway, avenue",
        smallest=0.1,
        variable="roads",
        forms=BenchmarkForms(
            "roads", "road area", "road area", "road region", "road regions", "road patches", "patches"
        ),
    ),
    Topic(
        name="vegetation",
        mass="vegetation",
        one="vegetation region",
        many="vegetation regions",
        colour="#57B36A",
        things="green space",
        masses=(
            "vegetation, vegetated, vegetated land, greenery, green area, green land, green cover, plant "
            "cover, plant life"
        ),
        stuff="plants, green areas",
        composed_of=("forest", "agric", "grass"),
        joined_by=("shrubland",),
        forms=_cover("vegetation"),
    ),
)
"""The canonical topics, in the order in which answers and programs list them."""


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


TOPICS: tuple[str, ...] = tuple(topic.name for topic in TOPIC_RECORDS)
"""Canonical names, as programs and legends spell them."""

COMPOSED: dict[str, tuple[str, ...]] = {
    topic.name: topic.composed_of for topic in TOPIC_RECORDS if topic.composed_of
}
"""Topics that are the union of others, only where a source lacks them."""

JOINED: dict[str, tuple[str, ...]] = {
    topic.name: topic.joined_by for topic in TOPIC_RECORDS if topic.joined_by
}
"""Topics of a source's own that belong to such a union as well, where the source has them."""

_RECORDS = {topic.name: topic for topic in TOPIC_RECORDS}

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

EVERYWHERE = "*"
"""In place of a topic: the ground of the image itself, whatever it shows."""

GROUND = "image"
"""The class of shapes that are the image or parts of it, as programs see it."""

MARK = "?"  # in front of words that are no topic's name

# Of topics that a source brings, drawn by their names: apart from each other and from those of the records.
_OTHER_COLOURS = ("#F2C6DE", "#00A6A6", "#B5651D", "#8E8E38", "#D36BD3", "#5E7CE2", "#FFD1A6", "#6B4F4F")


# --- records ------------------------------------------------------------------------------------------------------


@cache
def topic_of(name: str, counted: bool | None = None) -> Topic:
    """The record of a topic: a canonical one's, or one made from the name of a topic that a source brings.

    Args:
        name: as programs spell it ("roof", "bus_stop", "tennis courts").
        counted: of a topic that is brought, whether its regions are objects; None where nobody says.

    >>> topic_of("roof").many, topic_of("bus_stop").many, topic_of("clouds").one
    ('buildings', 'bus stops', 'cloud')
    >>> topic_of("shrubland", counted=False).many
    'shrubland regions'
    """
    if name in _RECORDS:
        return _RECORDS[name]
    if name == EVERYWHERE:
        return Topic(name, "the image", "part of the image", "parts of the image", "#FFFFFF")
    if name == GROUND:
        return Topic(name, "part of the image", "part of the image", "parts of the image", "#FFFFFF")
    from planimeter.vocabulary.index_words import index_topic  # which makes topics

    of_index = index_topic(name)
    if of_index is not None:
        return of_index
    said = name.removeprefix(MARK).replace("_", " ").strip()
    one, many = inflected(said)
    mass = many if counted else said
    if counted is False:
        one, many = f"{one} region", f"{one} regions"
    colour = _OTHER_COLOURS[zlib.crc32(said.encode()) % len(_OTHER_COLOURS)]
    return Topic(name, mass, one, many, colour, counted, smallest=0.01 if counted else SMALLEST)


def brought_topic(name: str, words: Sequence[str] = (), counted: bool | None = None) -> Topic:
    """The record of a topic as a source brings it, with the words that the source lists for it.

    Args:
        name: as programs spell it.
        words: noun phrases besides the name, in the singular or in the plural.
        counted: whether its regions are objects that people count.

    >>> sorted(nouns_of(brought_topic("parking", ["car park"], counted=True)))
    ['car park', 'car parks', 'parking', 'parkings']
    >>> nouns_of(brought_topic("water", ["sea"]))["seas"].topic
    'water'
    """
    own = _RECORDS.get(name)
    record = topic_of(name, counted)
    if own is not None and counted is not None:
        record = replace(own, counted=counted)
    phrases = list(words) if own is not None else [name.replace("_", " "), *words]
    pairs = [inflected(_words(phrase)) for phrase in phrases]
    both = ", ".join(f"{one}/{many}" for one, many in pairs if one)
    if record.counted or own is not None:
        return replace(record, things=", ".join(part for part in (record.things, both) if part))
    covers = ", ".join(one for one, _ in pairs)
    if record.counted is None:
        return replace(record, things=both, masses=covers)
    plurals = ", ".join(many for one, many in pairs if many != one)
    return replace(record, masses=covers, stuff=plurals)


def inflected(phrase: str) -> tuple[str, str]:
    """The singular and the plural of a noun phrase that is either.

    >>> inflected("bus stop"), inflected("swimming pools"), inflected("grass")
    (('bus stop', 'bus stops'), ('swimming pool', 'swimming pools'), ('grass', 'grasses'))
    """
    import inflection

    many = inflection.pluralize(phrase)
    return (inflection.singularize(phrase) if many == phrase else phrase), many


def topic_name(phrase: str) -> str:
    """How programs spell a topic that a source calls by a phrase: a canonical name, or its words with underscores.

    >>> topic_name("Buildings"), topic_name("Bus-Stop")
    ('roof', 'bus_stop')
    """
    return canonical(phrase) or _words(phrase).replace(" ", "_")


def is_topic_name(name: str) -> bool:
    """Whether programs and files can spell a topic so.

    >>> is_topic_name("bus_stop"), is_topic_name("2nd"), is_topic_name("../roof")
    (True, False, False)
    """
    return _NAME.fullmatch(name) is not None


# --- words --------------------------------------------------------------------------------------------------------


def _phrases(listing: str) -> list[str]:
    return [phrase.strip() for phrase in listing.split(",") if phrase.strip()]


def _words(phrase: str) -> str:
    return " ".join(phrase.lower().replace("-", " ").replace("_", " ").split())


def nouns_of(topic: Topic) -> dict[str, Noun]:
    """The noun phrases of one topic's record (lower case, hyphens as spaces).

    >>> nouns_of(brought_topic("clouds"))  # doctest: +NORMALIZE_WHITESPACE
    {'cloud': Noun(topic='clouds', kind='mass', plural=False),
     'clouds': Noun(topic='clouds', kind='thing', plural=True)}
    """
    table: dict[str, Noun] = {}
    for phrase in _phrases(topic.things):
        one, _, many = phrase.partition("/")
        table[_words(one)] = Noun(topic.name, "thing")
        table[_words(many or one + "s")] = Noun(topic.name, "thing", plural=True)
    for phrase in _phrases(topic.stuff):
        table[_words(phrase)] = Noun(topic.name, "stuff", plural=True)
    for phrase in _phrases(topic.single):
        table[_words(phrase)] = Noun(topic.name, "stuff")
    for phrase in _phrases(topic.masses):
        # A word that is both (forest, meadow) is the cover when nothing makes it plural; of what is counted, the thing.
        words = _words(phrase)
        if not topic.counted or words not in table:
            table[words] = Noun(topic.name, "mass")
    return table


@cache
def nouns() -> dict[str, Noun]:
    """Every noun phrase of the canonical topics (lower case, hyphens as spaces) and what it stands for.

    >>> nouns()["water bodies"]
    Noun(topic='water', kind='thing', plural=True)
    """
    return {phrase: noun for topic in TOPIC_RECORDS for phrase, noun in nouns_of(topic).items()}


SYNONYMS: dict[str, str] = {phrase: noun.topic for phrase, noun in nouns().items()}
"""Noun phrase → canonical topic."""

_SHAPE_WORDS = frozenset(
    (
        "area", "areas", "region", "regions", "patch", "patches", "body", "bodies", "land", "zone", "zones", "parcel",
        "parcels", "cover", "surface",
    )
)  # fmt: skip


def canonical(phrase: str) -> str | None:
    """The canonical topic a word or phrase stands for, or None.

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


def topic_words(topic: str) -> str:
    """A topic as people call it.

    Example:
        >>> topic_words("roof"), topic_words("agric"), topic_words("bus stop")
        ('buildings', 'agricultural land', 'bus stop')
    """
    known = topic_of(topic)
    return known.many if known.counted else known.mass


def topic_among(phrase: str, topics: Sequence[str], brought: Iterable[Topic] = ()) -> str | None:
    """Which of the topics at hand a program means by a word or phrase, or None.

    Args:
        phrase: a topic's name, a synonym of a canonical one, or a word for a brought one, singular or plural.
        topics: those at hand.
        brought: records of those that sources bring.

    >>> topic_among("Bus stops", ("water", "bus_stop")), topic_among("houses", ("roof",)), topic_among("sea", ("roof",))
    ('bus_stop', 'roof', None)
    """
    if phrase in topics:
        return phrase
    words = _words(phrase)
    for record in records_at_hand(topics, brought):
        if words in nouns_of(record):
            return record.name
    known = canonical(phrase)
    return known if known is not None and known in topics else None


def records_at_hand(topics: Iterable[str], brought: Iterable[Topic] = ()) -> tuple[Topic, ...]:
    """The records of topics that are not canonical, or are called by more words than the canonical record has.

    Args:
        topics: the topics at hand.
        brought: what sources say of those they bring.

    >>> [record.name for record in records_at_hand(("water", "parking"))]
    ['parking']
    """
    told = {record.name: record for record in brought}
    records = []
    for topic in topics:
        if topic in told:
            records.append(told[topic])
        elif topic not in _RECORDS:
            records.append(brought_topic(topic))
    return tuple(records)
