"""Words for topics, and how numbers with units are written."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """Words for one topic.

    Attributes:
        many: several regions and one of them.
        mass: the cover, as an amount of ground.
        noun: the cover, as something to be near to.
    """

    many: tuple[tuple[str, str], ...]
    mass: tuple[str, ...]
    noun: tuple[str, ...]


def _many(listing: str) -> tuple[tuple[str, str], ...]:
    pairs = [one.strip().split("/") for one in listing.split(",")]
    return tuple((pair[0], pair[1]) for pair in pairs)


def _words(listing: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in listing.split(","))


TOPIC_WORDS: dict[str, Topic] = {
    "roof": Topic(
        _many(
            "buildings/building, houses/house, roofs/roof, structures/structure, dwellings/dwelling, homes/home, "
            "rooftops/rooftop, building footprints/building footprint, bldgs/bldg"
        ),
        _words("building area, buildings, roof area, rooftops, building roofs, roofs"),
        _words("buildings, houses, the buildings, a building, any building, homes, a house, bldgs"),
    ),
    "water": Topic(
        _many(
            "water bodies/water body, lakes/lake, ponds/pond, bodies of water/body of water, waterbodies/waterbody"
        ),
        _words("water, open water, water area, surface water, water bodies, water surface"),
        _words(
            "water, water bodies, the water, a water body, open water, any water, a lake, a body of water"
        ),
    ),
    "forest": Topic(
        _many(
            "forest patches/forest patch, forests/forest, forest stands/forest stand, woodlands/woodland, "
            "forest regions/forest region, wooded patches/wooded patch"
        ),
        _words("forest, woodland, tree cover, forest area, wooded land, trees, forest cover"),
        _words("forest, woodland, trees, the forest, woods, any forest, the trees, wooded land"),
    ),
    "agric": Topic(
        _many(
            "fields/field, farm fields/farm field, agricultural patches/agricultural patch, crop fields/crop field, "
            "farmland patches/farmland patch, agricultural parcels/agricultural parcel"
        ),
        _words("farmland, cropland, agricultural land, agriculture, crops, arable land, cultivated land"),
        _words("farmland, fields, cropland, agricultural land, crops, the fields, any farmland"),
    ),
    "grass": Topic(
        _many(
            "meadows/meadow, grass patches/grass patch, lawns/lawn, grassland regions/grassland region, "
            "pastures/pasture, grassland patches/grassland patch"
        ),
        _words("grass, grassland, meadow, grass cover, pasture, lawn"),
        _words("grass, grassland, meadows, the grass, lawns, any grass, pasture"),
    ),
    "barren": Topic(
        _many(
            "bare soil patches/bare soil patch, barren patches/barren patch, bare patches/bare patch, "
            "barren land patches/barren land patch, patches of bare soil/patch of bare soil"
        ),
        _words("bare soil, barren land, bare ground, bare land, bare earth, exposed soil"),
        _words("bare soil, barren land, bare ground, the bare soil, exposed soil, bare land"),
    ),
    "solar": Topic(
        _many(
            "solar panels/solar panel, solar arrays/solar array, solar installations/solar installation, "
            "pv arrays/pv array, photovoltaic installations/photovoltaic installation, solar farms/solar farm, "
            "pv systems/pv system"
        ),
        _words("solar panels, solar panel area, photovoltaics, pv, solar arrays, photovoltaic panels"),
        _words("solar panels, solar installations, pv, solar arrays, the solar panels, a solar array"),
    ),
    "road": Topic(
        _many("road patches/road patch, road regions/road region, road sections/road section"),
        _words("road, road surface, roads, streets, road network, road area"),
        _words("roads, a road, the roads, streets, any road, the road network, a street"),
    ),
    "urban": Topic(
        _many(
            "urban patches/urban patch, built-up patches/built-up patch, urban regions/urban region, "
            "settlements/settlement, urban areas/urban area"
        ),
        _words("urban area, built-up land, urban land, developed land, built-up area, paved land"),
        _words("urban area, built-up land, urban land, the urban area, developed land, built-up area"),
    ),
    "vegetation": Topic(
        _many(
            "vegetation patches/vegetation patch, vegetated patches/vegetated patch, green patches/green patch, "
            "vegetation regions/vegetation region, green spaces/green space"
        ),
        _words("vegetation, greenery, vegetated land, plant cover, green cover, green area"),
        _words("vegetation, greenery, plants, the vegetation, any vegetation, green area"),
    ),
}

# unit → spellings, and what a number in it is in metres or hectares, as a program writes it
LENGTHS: dict[str, tuple[tuple[str, ...], str]] = {
    "m": (("m", " m", " metres", " meters", " metre", "-meter", " mtrs"), "{}"),
    "km": (("km", " km", " kilometres", " kilometers"), "{} * 1000"),
    "ft": (("ft", " ft", " feet"), "{} * 0.3048"),
    "yd": ((" yd", " yards", "yd"), "{} * 0.9144"),
}
AREAS: dict[str, tuple[tuple[str, ...], str]] = {
    "ha": ((" ha", "ha", " hectares", " hectare", " hectares", " ha"), "{}"),
    "m²": ((" m²", " m2", "m2", " square metres", " square meters", " sq m", " sqm"), "{} / 10000"),
    "acres": ((" acres", " ac", " acre"), "{} * 0.40468564224"),
    "km²": ((" km²", " km2", " square kilometres", " sq km"), "{} * 100"),
}
ANSWER_UNITS: dict[str, tuple[str, ...]] = {
    "ha": ("hectares", "ha", "hectares"),
    "m²": ("square metres", "m²", "square meters", "m2", "sq m"),
    "acres": ("acres",),
    "km²": ("square kilometres", "km²", "km2"),
}
WATTS = (
    "{}W/m²",
    "{} W/m²",
    "{} W/m2",
    "{} watts per square metre",
    "{} watts per square meter",
    "{}W per m²",
)

NUMBER_WORDS = {
    1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 10: "ten", 20: "twenty", 30: "thirty", 40: "forty",
    50: "fifty", 60: "sixty", 80: "eighty", 100: "a hundred", 200: "two hundred", 300: "three hundred",
    500: "five hundred",
}  # fmt: skip


def written_number(value: float, rng: random.Random) -> tuple[str, str]:
    """A number as people write it, and as a program does.

    Example:
        >>> written_number(0.5, random.Random(0))[1], written_number(2000, random.Random(0))[1]
        ('0.5', '2000')
    """
    plain = f"{value:.6f}".rstrip("0").rstrip(".")
    choice = rng.random()
    if choice < 0.1 and value in NUMBER_WORDS:
        return NUMBER_WORDS[int(value)], plain
    if choice < 0.18 and 0 < value < 1:
        return plain[1:], plain
    if choice < 0.4 and value >= 1000:
        whole, _, rest = plain.partition(".")
        return f"{int(whole):,}" + (f".{rest}" if rest else ""), plain
    if choice < 0.14 and "." not in plain:
        return plain + ".0", plain
    return plain, plain
