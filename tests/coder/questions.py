"""Questions and what they mean: per group one reference value and the wordings that must give it.

A reference is an expression over ``tests.coder.reference.Truth`` (brute force over label masks), independent of any
program. Wordings are as different people would put them: terse, chatty, imperative, passive, British, American.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .reference import Truth


@dataclass(frozen=True)
class Group:
    """Wordings that mean the same.

    Attributes:
        type: SQuID question type (table 8), or a name for what lies beyond it.
        expected: the answer, by brute force.
        questions: the wordings.
    """

    type: str
    expected: Callable[[Truth], Any]
    questions: tuple[str, ...]


def group(type: str, expected: Callable[[Truth], Any], *questions: str) -> Group:
    return Group(type, expected, questions)


TABLE_7 = (
    group(
        "percentage",
        lambda t: t.percent(t.px("barren")),
        "What percentage of the image is covered by barren land? (GSD: 0.3m)",
    ),
    group(
        "count",
        lambda t: len(t.sized("urban", ge=0.1)),
        "How many separate urban area regions are there? When counting, ignore patches smaller than 0.1 hectares. "
        "(GSD: 0.5m)",
    ),
    group(
        "size",
        lambda t: t.percent(t.largest(t.sized("vegetation", gt=0.125))),
        "What percentage of the image is covered by the largest vegetation region (among regions larger than 0.125 "
        "hectares)? (GSD: 0.5m)",
    ),
    group(
        "total_area",
        lambda t: t.ha(t.sized("solar", ge=0.01)),
        "What is the total solar panel area in hectares (excluding installations smaller than 0.01 hectares)? "
        "(GSD: 0.3m)",
    ),
    group(
        "binary_comparison",
        lambda t: t.px("barren") > t.px("forest"),
        "Is there more barren land than forest area in this image? (GSD: 0.3m)",
    ),
    group(
        "binary_threshold",
        lambda t: t.ha(t.sized("solar", ge=0.01)) > 1,
        "Is there more than 1 hectare of solar panels (excluding installations smaller than 0.01 hectares)? "
        "(GSD: 0.3m)",
    ),
    group(
        "binary_presence",
        lambda t: len(t.sized("solar", gt=0.01)) > 0,
        "Are there any solar panels larger than 0.01 hectares in this image? (GSD: 0.3m)",
    ),
    group(
        "binary_multiple",
        lambda t: len(t.sized("solar", gt=0.01)) > 1,
        "Are there multiple separate solar installations larger than 0.01 hectares? (GSD: 0.3m)",
    ),
    group(
        "proximity_percentage",
        lambda t: t.percent(t.near_px("urban", "vegetation", 500)),
        "What percentage of the image is urban area within 500m of vegetation? (GSD: 0.5m)",
    ),
    group(
        "proximity_area",
        lambda t: t.px_ha(t.near_px("vegetation", "barren", 200)),
        "What is the total vegetation area (in hectares) within 200m of barren land? (GSD: 0.5m)",
    ),
    group(
        "connectivity",
        lambda t: len(t.sized("agric", ge=0.125, le=10)),
        "How many separate agricultural land patches between 0.125 and 10 hectares are there? (GSD: 0.3m)",
    ),
    group(
        "fragmentation",
        lambda t: "fragmented" if len(t.sized("forest", gt=0.125)) > 5 else "connected",
        "Is the forest area connected or fragmented (more than 5 separate patches larger than 0.125 hectares)? "
        "(GSD: 0.3m)",
    ),
    group(
        "binary_proximity",
        lambda t: len(t.near(t.regions("barren"), "urban", 100)) > 0,
        "Is there any barren land within 100m of urban area? (GSD: 0.5m)",
    ),
    group(
        "building_proximity",
        lambda t: len(t.near(t.sized("roof", gt=0.01), "agric", 500)),
        "How many buildings (larger than 0.01 hectares) are within 500m of agricultural land? (GSD: 0.3m)",
    ),
    group(
        "building_flood_risk",
        lambda t: len(t.near(t.sized("roof", gt=0.01), "water", 100)),
        "How many buildings (larger than 0.01 hectares) are located within 100m of water bodies (flood risk "
        "assessment)? (GSD: 0.3m)",
    ),
    group(
        "building_fire_risk",
        lambda t: len(t.near(t.sized("roof", gt=0.01), "forest", 50)),
        "How many buildings (larger than 0.01 hectares) are located within 50m of forest area (fire risk "
        "assessment)? (GSD: 0.3m)",
    ),
    group(
        "power_calculation",
        lambda t: t.px_ha(t.px("solar")) * 10_000 * 200 / 1e6,
        "Calculate the solar potential MW output assuming 200W/m² efficiency. (GSD: 0.3m)",
    ),
    group(
        "complex_multi_condition",
        lambda t: t.px_ha(t.near_px(t.sized("barren", gt=1), "forest", 200)),
        "Find barren land patches larger than 1 hectares, then calculate how much of their area (in hectares) falls "
        "within 200m of forest area (GSD: 0.3m)",
    ),
    group(
        "complex_vegetation_water_access",
        lambda t: t.px_ha(t.near_px(t.sized("vegetation", gt=2), "water", 200)),
        "Find vegetation patches larger than 2 hectares, then calculate how much of their area (in hectares) falls "
        "within 200m of water bodies (GSD: 0.5m)",
    ),
    group(
        "complex_agriculture_water_access",
        lambda t: t.px_ha(t.near_px(t.sized("agric", gt=2), "water", 200)),
        "Find agricultural land patches larger than 2 hectares, then calculate how much of their area (in hectares) "
        "falls within 200m of water bodies (GSD: 0.3m)",
    ),
    group(
        "complex_urban_fire_risk",
        lambda t: t.px_ha(t.near_px(t.sized("urban", gt=1), "vegetation", 50)),
        "Find urban patches larger than 1 hectare, then calculate how much of their area (in hectares) falls within "
        "50m of vegetation (fire risk assessment) (GSD: 0.5m)",
    ),
    group(
        "complex_urban_flood_risk",
        lambda t: t.px_ha(t.near_px(t.sized("urban", gt=1), "water", 100)),
        "Find urban patches larger than 1 hectare, then calculate how much of their area (in hectares) falls within "
        "100m of water bodies (flood risk assessment) (GSD: 0.5m)",
    ),
    group(
        "complex_size_filter",
        lambda t: t.ha(t.sized("solar", gt=5)),
        "What is the total area (in hectares) of solar installations larger than 5 hectares (utility-scale)? "
        "(GSD: 0.3m)",
    ),
    group(
        "complex_average",
        lambda t: t.mean_ha(t.sized("solar", ge=0.01)),
        "What is the average size of solar installations in hectares (excluding installations smaller than 0.01 "
        "hectares)? (GSD: 0.3m)",
    ),
)
"""Every complete question text of table 7."""

ABBREVIATED = (
    group(
        "count", lambda t: len(t.sized("roof", ge=0.01)), "How many buildings are there? (ignore <0.01 ha)"
    ),
    group(
        "binary_comparison", lambda t: t.px("water") > t.px("barren"), "Is there more water than barren land?"
    ),
    group(
        "proximity_percentage",
        lambda t: t.percent(t.near_px("agric", "grass", 50)),
        "What % agricultural land within 50m of grassland?",
    ),
    group(
        "building_flood_risk",
        lambda t: len(t.near(t.regions("roof"), "water", 100)),
        "Buildings within 100m of water (flood risk)?",
    ),
    group(
        "complex_multi_condition",
        lambda t: t.px_ha(t.near_px(t.sized("water", gt=5), "grass", 200)),
        "Find water >5 ha, calc area within 200m of grassland",
    ),
    group(
        "complex_urban_flood_risk",
        lambda t: t.px_ha(t.near_px(t.sized("urban", gt=1), "water", 100)),
        "Find urban >1 ha, calc area within 100m of water",
    ),
    group("percentage", lambda t: t.percent(t.px("barren")), "What % barren land?"),
    group(
        "count",
        lambda t: len(t.sized("agric", ge=0.125)),
        "How many agricultural regions? (ignore <0.125 ha)",
    ),
    group(
        "complex_multi_condition",
        lambda t: t.px_ha(t.near_px(t.sized("water", gt=1), "barren", 500)),
        "Water >1 ha within 500m of barren?",
    ),
    group("percentage", lambda t: t.percent(t.px("forest")), "What % of the image is forest?"),
    group(
        "count",
        lambda t: len(t.sized("agric", gt=0.125)),
        "How many agricultural regions larger than 0.125ha?",
    ),
)
"""The abbreviated texts of table 2, figure 2 and section 4.2."""

PARAPHRASES = (
    group(
        "percentage",
        lambda t: t.percent(t.px("forest")),
        "What percentage of the image is covered by forest?",
        "What share of this picture is woodland?",
        "What fraction of the scene is taken up by trees?",
        "How much of the image is forest?",
        "Give me the forest percentage.",
        "What proportion of the photo do woods cover?",
        "Woods cover what percentage of the image?",
        "Tell me the percentage of forest in the image.",
        "Forest as a percentage of the image, please.",
        "What per cent of the total area is wooded?",
        "I'd like to know what percentage of this aerial photograph is made up of forest.",
    ),
    group(
        "percentage",
        lambda t: t.percent(t.px("water")),
        "How much of the picture is occupied by water, as a percentage?",
        "Compute the proportion of the scene that is water.",
        "What portion of the tile is under water?",
        "Please determine the water coverage in percent.",
    ),
    group(
        "percentage",
        lambda t: 100 - t.percent(t.px("vegetation")),
        "What percentage of the image is not covered by vegetation?",
        "What share of the image is not vegetation?",
    ),
    group(
        "percentage",
        lambda t: t.percent(t.union_px("water", "forest")),
        "What percentage of the image is covered by water and forest combined?",
        "What share of the scene is water or forest?",
        "How much of the image do forests and lakes cover together, in percent?",
    ),
    group(
        "count",
        lambda t: len(t.regions("roof")),
        "How many houses are there?",
        "Count the buildings.",
        "Number of buildings?",
        "How many buildings does this image show?",
        "What is the total number of houses in the picture?",
        "Tell me how many homes you can see.",
        "How many rooftops can be seen in this aerial image?",
        "Building count?",
        "Please count all the buildings in the scene.",
        "Could you tell me the number of houses in this picture?",
        "How many individual buildings are visible here?",
    ),
    group(
        "count",
        lambda t: len(t.sized("roof", gt=0.02)),
        "How many houses are larger than 200 m²?",
        "How many buildings have an area of more than 200 square metres?",
        "Count the houses bigger than 200 sq m.",
        "Number of buildings over 0.02 ha",
        "How many buildings are there with a footprint greater than 200 square meters?",
        "How many buildings exceed 200 m2 in area?",
        "How many houses cover more than 200 sqm?",
        "How many buildings > 200 m² are there?",
    ),
    group(
        "count",
        lambda t: len(t.sized("roof", ge=0.02)),
        "How many houses are at least 200 m² in size?",
        "How many buildings are there, not counting those smaller than 200 m²?",
        "Count buildings, ignoring anything below 200 square metres.",
        "How many buildings of 200 m² or more are there?",
        "How many buildings no smaller than 0.02 hectares are there?",
        "Ignoring those under 200 m², how many buildings are there?",
        "How many buildings ≥ 200 m²?",
    ),
    group(
        "count",
        lambda t: len(t.sized("water", lt=0.5)),
        "How many ponds are smaller than half a hectare?",
        "How many lakes under 0.5 ha are there?",
        "Count water bodies of less than 5,000 square metres.",
        "How many water bodies below 5000 m² does the image contain?",
    ),
    group(
        "count",
        lambda t: len(t.sized("forest", le=1)),
        "How many forest patches of at most one hectare are there?",
        "How many separate stretches of forest are no larger than a hectare?",
        "How many forest regions are up to 1 ha in size?",
    ),
    group(
        "count",
        lambda t: len(t.sized("agric", gt=1.01171410560)),
        "How many fields are bigger than two and a half acres?",
        "How many crop fields exceed 2.5 acres?",
    ),
    group(
        "size",
        lambda t: t.percent(t.largest(t.regions("water"))),
        "What percentage of the image does the largest lake cover?",
        "What share of the scene is taken up by the biggest water body?",
        "The biggest lake covers what percentage of the picture?",
        "How much of the image is covered by the largest body of water?",
    ),
    group(
        "size",
        lambda t: t.ha(t.largest(t.regions("forest"))),
        "How large is the largest forest patch?",
        "What is the size of the biggest forest region in hectares?",
        "What's the area of the largest contiguous patch of forest?",
        "Give the area of the most extensive woodland region, in ha.",
        "What is the maximum forest patch size?",
        "How many hectares does the largest forest cover?",
        "How big is the biggest forest in hectares?",
        "What is the largest forest's area?",
    ),
    group(
        "size",
        lambda t: t.ha(t.smallest(t.regions("roof"))) * 10_000,
        "What is the area of the smallest building in m²?",
        "How big is the smallest house, in square metres?",
        "Smallest building size in sq m?",
    ),
    group(
        "size",
        lambda t: t.ha(t.ranked(t.regions("water"), 2)),
        "How large is the second largest lake?",
        "What is the area of the 2nd biggest water body, in hectares?",
    ),
    group(
        "size",
        lambda t: t.percent(t.smallest(t.sized("agric", ge=0.125))),
        "What percentage of the image is covered by the smallest agricultural region, ignoring regions smaller than "
        "0.125 hectares?",
    ),
    group(
        "total_area",
        lambda t: t.px_ha(t.px("forest")),
        "What is the total area of forest?",
        "How much forest is there?",
        "How many hectares of woodland are there?",
        "How much land is covered by trees, in hectares?",
        "Total forest area in ha?",
        "What area do the woods cover?",
        "Forest area?",
        "How many hectares are forested?",
        "Measure the forest area in this image.",
        "How much ground does the forest take up?",
        "What's the combined area of all forest patches?",
        "How large is the forest?",
        "Please add up the area of all the woods.",
    ),
    group(
        "total_area",
        lambda t: t.px_ha(t.px("roof")) * 10_000,
        "What is the combined footprint of all buildings in square metres?",
        "How many square metres of roof are there?",
        "Total building area (m²)?",
        "What is the total roof area in sq. m?",
        "How much area do the houses cover in total, in m2?",
    ),
    group(
        "total_area",
        lambda t: t.px_ha(t.px("agric")) / 0.40468564224,
        "How many acres of cropland are there?",
        "What is the farmland area in acres?",
        "How many acres are cultivated?",
    ),
    group(
        "total_area",
        lambda t: t.px_ha(t.px("water")) / 100,
        "How many square kilometres of water does the image show?",
        "What's the water area in km²?",
    ),
    group(
        "total_area",
        lambda t: t.px_ha(t.union_px("road", "roof")),
        "What is the total area of roads and buildings together?",
        "How much land do buildings and roads cover combined (in hectares)?",
    ),
    group(
        "binary_comparison",
        lambda t: t.px("water") > t.px("grass"),
        "Does water cover more area than grass?",
        "Is the water area larger than the grass area?",
        "Is there more water than grassland?",
        "Is the total area of water greater than that of pasture?",
        "Is more of the image covered by water than by grass?",
        "Tell me whether there is more water than grass.",
        "Does the image contain more water than meadow?",
    ),
    group(
        "binary_comparison",
        lambda t: t.px("forest") < t.px("agric"),
        "Is there less forest than farmland?",
        "Does forest cover less land than agriculture?",
        "Is the forest smaller than the cropland?",
    ),
    group(
        "binary_comparison",
        lambda t: len(t.regions("roof")) > len(t.regions("water")),
        "Are there more buildings than lakes?",
        "Do houses outnumber ponds?",
        "Is the number of buildings greater than the number of water bodies?",
    ),
    group(
        "binary_comparison",
        lambda t: t.px("forest") > 2 * t.px("water"),
        "Is there more than twice as much forest as water?",
    ),
    group(
        "binary_threshold",
        lambda t: t.px_ha(t.px("water")) > 2,
        "Is there more than 2 ha of water?",
        "Does water cover more than two hectares?",
        "Is the total water area greater than 20,000 m²?",
        "Do the lakes cover over 2 hectares in total?",
        "Does the image contain more than 2 hectares of water?",
        "Is the total area of ponds above 2 ha?",
    ),
    group(
        "binary_threshold",
        lambda t: t.percent(t.px("agric")) > 25,
        "Does farmland cover more than a quarter of the image?",
        "Is more than 25% of the picture agricultural land?",
        "Do crops make up over 25 percent of the scene?",
    ),
    group(
        "binary_threshold",
        lambda t: len(t.regions("roof")) >= 10,
        "Are there at least 10 buildings?",
        "Are there ten or more houses?",
        "Does the scene contain no fewer than ten buildings?",
    ),
    group(
        "binary_threshold",
        lambda t: len(t.regions("roof")) < 12,
        "Are there fewer than a dozen houses?",
        "Is the number of buildings below 12?",
    ),
    group(
        "binary_presence",
        lambda t: len(t.regions("solar")) > 0,
        "Are there any solar panels?",
        "Is any PV installation visible?",
        "Does the image show solar arrays?",
        "Can you see any photovoltaic panels?",
        "Do you see any solar farms here?",
        "Any PV panels?",
        "Is there at least one solar installation?",
        "Does this picture contain any solar panels?",
    ),
    group(
        "binary_presence",
        lambda t: len(t.sized("water", ge=1)) > 0,
        "Is there any lake of at least 1 ha?",
        "Does the scene include a water body of one hectare or more?",
    ),
    group(
        "binary_presence",
        lambda t: len(t.regions("water")) == 0,
        "Is there no water in the image?",
        "Is the scene free of water?",
    ),
    group(
        "binary_multiple",
        lambda t: len(t.sized("solar", gt=0.05)) > 1,
        "Are there several solar farms bigger than 500 m²?",
        "Is there more than one solar installation larger than 0.05 ha?",
        "Does the image contain multiple solar arrays over 500 square meters?",
        "Are there at least two PV systems exceeding 0.05 hectares?",
    ),
    group(
        "proximity_percentage",
        lambda t: t.percent(t.near_px("agric", "water", 60)),
        "What percentage of the image is cropland within 60 m of water?",
        "What share of the picture is covered by farmland lying within 60 metres of a lake?",
        "How much of the image, in percent, is agricultural land no more than 60 m from water?",
        "What percentage of the scene is taken up by fields that are at most 60 m away from water?",
    ),
    group(
        "proximity_percentage",
        lambda t: 100 * t.near_px("forest", "water", 60) / t.px("forest"),
        "What percentage of the forest is within 60 m of water?",
        "What share of the woodland lies within 60 metres of a water body?",
        "What fraction of the forest area falls within 60m of a river?",
        "How much of the forest is within 60 m of water, in percent?",
    ),
    group(
        "proximity_percentage",
        lambda t: 100 * (t.px("forest") - t.near_px("forest", "road", 40)) / t.px("forest"),
        "What percentage of the forest is farther than 40 m from a road?",
        "What share of the forest lies more than 40 metres away from any road?",
        "What proportion of the woods is not within 40 m of a street?",
    ),
    group(
        "proximity_percentage",
        lambda t: 100 * len(t.near(t.regions("roof"), "road", 30)) / len(t.regions("roof")),
        "What percentage of the buildings are within 30 m of a road?",
        "What share of houses lie within 30 metres of a street?",
        "What fraction of the houses is located at most 30m from a highway?",
    ),
    group(
        "proximity_area",
        lambda t: t.px_ha(t.near_px("agric", "forest", 25)),
        "How much farmland is within 25 m of forest?",
        "How many hectares of cropland lie within 25 metres of trees?",
        "What area of agricultural land falls inside a 25 m buffer around the forest?",
        "Agricultural area (ha) within 25m of woodland?",
        "Calculate the area of fields no farther than 25 m from the woods.",
        "How much of the agricultural land lies within 25 m of the forest, in hectares?",
    ),
    group(
        "proximity_area",
        lambda t: t.px_ha(t.px("grass") - t.near_px("grass", "road", 100 * 0.3048)) * 10_000,
        "How many square metres of grass are more than 100 feet from a road?",
        "What is the area of grassland, in m², that lies beyond 100 ft of any road?",
    ),
    group(
        "proximity_area",
        lambda t: t.px_ha(t.ring_px("agric", "water", 20, 80)),
        "How much cropland is between 20 and 80 m from water?",
        "What is the area of farmland lying between 20 m and 80 m of a lake?",
        "How many hectares of fields are 20 to 80 metres away from water?",
    ),
    group(
        "connectivity",
        lambda t: len(t.sized("forest", ge=0.1, le=2)),
        "How many forest patches are between 0.1 and 2 hectares?",
        "How many separate woodland regions of 0.1 to 2 ha are there?",
        "Count the forest patches ranging from 0.1 ha to 2 ha.",
        "Number of distinct forest areas between 1,000 and 20,000 m²",
        "How many forest patches have a size between 0.1 and 2 ha?",
        "How many forest regions are at least 0.1 ha and at most 2 ha?",
    ),
    group(
        "connectivity",
        lambda t: len(t.sized("forest", gt=0.1, lt=2)),
        "How many forest patches are larger than 0.1 ha but smaller than 2 ha?",
        "How many forest regions over 0.1 and under 2 hectares are there?",
    ),
    group(
        "fragmentation",
        lambda t: "fragmented" if len(t.sized("grass", gt=0.05)) > 3 else "connected",
        "Is the grassland connected or fragmented, where fragmented means more than 3 patches larger than 0.05 ha?",
        "Would you call the pasture fragmented or connected (fragmented means more than three "
        "separate patches over 500 m²)?",
        "Grass: connected or fragmented (more than 3 patches larger than 0.05 ha)?",
        "Tell me whether the grass is connected or fragmented into more than 3 patches larger than 0.05 ha.",
    ),
    group(
        "fragmentation",
        lambda t: len(t.sized("forest", ge=0.125)) >= 4,
        "Is the forest fragmented, meaning at least 4 patches of at least 0.125 ha?",
        "Does the forest consist of at least four patches of 0.125 ha or more?",
    ),
    group(
        "fragmentation",
        lambda t: "fragmented" if len(t.sized("forest", gt=0.125)) > 5 else "connected",
        "Is the woodland connected or fragmented?",
        "Is the forest one connected block or broken up?",
    ),
    group(
        "binary_proximity",
        lambda t: len(t.near(t.regions("roof"), "water", 20)) > 0,
        "Is there a house within 20 m of water?",
        "Are there any buildings within 20 metres of a lake?",
        "Does any building lie within 20m of water?",
        "Are any houses located at most 20 m from a river?",
        "Is at least one house within 20 m of the water?",
        "Any buildings within 20 m of water?",
    ),
    group(
        "binary_proximity",
        lambda t: len(t.near(t.regions("roof"), "water", 20, strict=True)) > 0,
        "Is there a building closer than 20 m to water?",
        "Is there any house less than 20 metres away from a pond?",
    ),
    group(
        "binary_proximity",
        lambda t: len(t.near(t.regions("roof"), "road", 90)) == len(t.regions("roof")),
        "Are all buildings within 90 m of a road?",
        "Is every house within 90 metres of a street?",
        "Do all the houses lie within 90 m of a road?",
    ),
    group(
        "building_proximity",
        lambda t: len(t.near(t.regions("roof"), "road", 15)),
        "How many houses are within 15 m of a road?",
        "How many houses stand within 15 metres of a street?",
        "Count the buildings that lie no more than 15 m from a road.",
        "Number of buildings at most 15 m away from the nearest road",
        "How many houses have a road within 15 m?",
        "How many buildings are in a 15 m radius of a road?",
        "How many buildings are up to 15 m from a road?",
        "Within 15 m of a road, how many buildings are there?",
    ),
    group(
        "building_proximity",
        lambda t: len(t.regions("roof")) - len(t.near(t.regions("roof"), "road", 15)),
        "How many houses are farther than 15 m from a road?",
        "How many buildings are more than 15 metres away from any street?",
        "How many houses are not within 15 m of a road?",
        "Count the buildings beyond 15 m of a road.",
        "How many houses have no road within 15 m?",
        "How many houses lie outside a 15 m buffer around roads?",
    ),
    group(
        "building_proximity",
        lambda t: len(t.near(t.sized("roof", gt=0.01), t.sized("water", gt=0.1), 50)),
        "How many houses larger than 100 m² are within 50 m of lakes bigger than 0.1 ha?",
        "How many buildings over 100 sq m lie within 50 m of a water body over 1000 sq m?",
    ),
    group(
        "building_flood_risk",
        lambda t: len(t.near(t.sized("roof", ge=0.01), "water", 35)),
        "How many buildings of at least 0.01 ha are at risk of flooding, i.e. within 35 m of water?",
        "For a flood risk assessment, count the houses of 100 m² or more within 35 m of a river.",
        "Flood risk: how many buildings of at least 100 m² lie within 35 m of water?",
    ),
    group(
        "building_fire_risk",
        lambda t: len(t.near(t.sized("roof", ge=0.01), "forest", 40)),
        "How many houses are within 40 m of forest (fire risk), ignoring buildings smaller than 100 m²?",
        "For fire risk assessment: number of buildings no smaller than 0.01 ha within 40 m of trees",
    ),
    group(
        "power_calculation",
        lambda t: t.px_ha(t.px("solar")) * 10_000 * 180 / 1e6,
        "How many MW could the solar panels produce at 180 W/m²?",
        "Assuming 180 W per square metre, estimate the power output of the PV panels in megawatts.",
        "What is the solar power capacity with 180 W/m²?",
        "Estimate the solar capacity (MW) assuming an efficiency of 180 W/m².",
    ),
    group(
        "power_calculation",
        lambda t: t.ha(t.sized("solar", ge=0.02)) * 10_000 * 150 / 1e3,
        "What is the power output in kW of solar installations of at least 0.02 ha, assuming 150 W/m²?",
        "How many kilowatts could the solar arrays generate at 150 watts per square metre, ignoring arrays smaller "
        "than 200 m²?",
    ),
    group(
        "power_calculation",
        lambda t: t.px_ha(t.px("solar")) * 10_000 * 200 / 1e6,
        "How much power can the solar panels generate?",
    ),
    group(
        "complex_multi_condition",
        lambda t: t.px_ha(t.near_px(t.sized("grass", gt=0.2), "road", 30)),
        "Find grass patches bigger than 0.2 ha, then tell me how many hectares of them lie within 30 m of a road.",
        "Take all grassland regions over 2,000 m² and compute the area within 30 m of roads.",
        "For grass patches larger than 0.2 ha, how much of their area falls within 30 m of a road?",
        "Consider the meadows larger than 0.2 ha. How much of their area, in hectares, lies within 30 m of a road?",
        "What is the area of grass patches larger than 0.2 ha within 30 m of a road?",
        "Identify pasture patches larger than 0.2 ha; how much of them lies within 30 m of a street?",
    ),
    group(
        "complex_vegetation_water_access",
        lambda t: t.px_ha(t.near_px(t.sized("vegetation", gt=0.5), "water", 70)),
        "How much vegetation in hectares, counting only patches larger than 0.5 ha, is within 70 m of water?",
        "Find green spaces larger than half a hectare, then calculate how much of their area lies within 70 m of "
        "water bodies.",
    ),
    group(
        "complex_agriculture_water_access",
        lambda t: t.px_ha(t.near_px(t.sized("agric", ge=0.4), "water", 70)),
        "Look for fields of at least 0.4 ha, and then work out how much of their area (ha) is within 70 m of water.",
        "Of the farmland patches no smaller than 0.4 ha, how many hectares are within 70 m of water?",
    ),
    group(
        "complex_urban_fire_risk",
        lambda t: t.px_ha(t.near_px(t.sized("urban", gt=0.3), "vegetation", 12)),
        "Find built-up patches larger than 0.3 ha and calculate the area within 12 m of vegetation (fire risk).",
        "Select urban areas over 3,000 m², then measure how much of their area falls within 12 m of greenery.",
    ),
    group(
        "complex_urban_flood_risk",
        lambda t: t.px_ha(t.near_px(t.sized("urban", gt=0.3), "water", 33)),
        "Find the built-up areas bigger than 0.3 hectares. How much of their area lies within 33 m of water?",
    ),
    group(
        "complex_size_filter",
        lambda t: t.ha(t.sized("solar", gt=0.04)),
        "What is the total area of solar farms larger than 400 m², in hectares?",
        "How many hectares do solar installations bigger than 0.04 ha cover?",
        "Total area of PV installations above 0.04 ha?",
    ),
    group(
        "complex_average",
        lambda t: t.mean_ha(t.regions("roof")) * 10_000,
        "What is the average building size in m²?",
        "How large is the average house, in square metres?",
        "On average, how big are the buildings (m²)?",
        "Mean area of the buildings in square meters?",
        "What is the mean footprint of the houses in sq m?",
        "How big are the buildings on average, in m²?",
    ),
    group(
        "complex_average",
        lambda t: t.mean_ha(t.near(t.regions("roof"), "road", 25)) * 10_000,
        "What is the average area of the buildings within 25 m of a road, in m²?",
    ),
)

BEYOND = (
    group(
        "median",
        lambda t: t.median_ha(t.regions("roof")) * 10_000,
        "What is the median building size in m²?",
        "Give the median area of the houses in square metres.",
    ),
    group(
        "conditions",
        lambda t: len(t.far(t.near(t.sized("roof", gt=0.01), "water", 50), "road", 20)),
        "How many houses larger than 100 m² are within 50 m of water but farther than 20 m from a road?",
        "How many houses over 100 m² lie within 50 m of water and more than 20 m from any road?",
        "Count houses larger than 100 m², within 50 m of water and not within 20 m of a road.",
    ),
    group(
        "conditions",
        lambda t: len(t.near(t.near(t.regions("roof"), "water", 60), "forest", 30)),
        "How many buildings are within 60 m of water and within 30 m of forest?",
        "How many houses lie both within 60 m of water and within 30 m of trees?",
        "Of the buildings within 60 m of water, how many are within 30 m of forest?",
    ),
    group(
        "conditions",
        lambda t: len(t.near(t.regions("roof"), ("water", "forest"), 20)),
        "How many buildings are within 20 m of water or forest?",
    ),
    group(
        "ratio",
        lambda t: t.px("forest") / t.px("water"),
        "What is the ratio of forest to water?",
        "What is the forest to water ratio?",
        "What is the ratio between the forest area and the water area?",
        "How many times larger is the forest than the water?",
    ),
    group(
        "difference",
        lambda t: t.px_ha(t.px("forest")) - t.px_ha(t.px("water")),
        "How much more forest than water is there, in hectares?",
        "How many more hectares of forest are there than of water?",
    ),
    group(
        "difference",
        lambda t: len(t.regions("roof")) - len(t.regions("water")),
        "How many more buildings than lakes are there?",
    ),
    group(
        "density",
        lambda t: len(t.regions("roof")) / t.image_ha() * 100,
        "How many buildings are there per square kilometre?",
        "What is the building density per km²?",
        "Number of houses per square kilometer?",
    ),
    group(
        "density",
        lambda t: len(t.regions("roof")) / t.image_ha(),
        "How many houses per hectare are there?",
        "What's the density of buildings?",
    ),
    group(
        "distance",
        lambda t: min(t.distances(t.regions("roof"), "water")),
        "How far is the nearest house from water?",
        "What is the shortest distance between a building and water?",
        "How close is the closest building to the water?",
        "What is the distance from the nearest house to the water, in metres?",
        "What is the minimum distance from buildings to water?",
    ),
    group(
        "distance",
        lambda t: max(t.distances(t.regions("roof"), "road")),
        "How far is the farthest building from a road?",
        "What is the maximum distance from a house to the nearest road?",
    ),
    group(
        "distance",
        lambda t: sum(t.distances(t.regions("roof"), "water")) / len(t.regions("roof")),
        "What is the average distance from buildings to water?",
        "On average, how far are the houses from the nearest water body?",
        "How far are houses from water on average, in m?",
    ),
    group(
        "distance",
        lambda t: t.distances([t.ranked_mask(t.regions("roof"), 1)], "road")[0],
        "How far is the largest building from the nearest road?",
        "What is the distance between the biggest house and the road?",
    ),
    group(
        "perimeter",
        lambda t: t.perimeter([t.ranked_mask(t.regions("water"), 1)]),
        "What is the perimeter of the largest lake?",
        "How long is the shoreline of the biggest water body, in metres?",
    ),
    group(
        "image",
        lambda t: t.image_ha() / 100,
        "What area does the image cover, in km²?",
        "How many square kilometres does this image cover?",
    ),
    group(
        "image",
        lambda t: t.image_ha(),
        "How large is the image?",
        "What is the area of the scene in hectares?",
    ),
    group(
        "which",
        lambda t: "forest" if t.px("forest") > t.px("water") else "water",
        "Which is larger, forest or water?",
        "Which covers more area: the forest or the water?",
        "Is there more forest or more water?",
        "What covers more of the image, woods or lakes?",
        "Of forest and water, which covers more?",
    ),
    group(
        "which",
        lambda t: min(("forest", "water", "grass"), key=t.px),
        "Which covers the least area: forest, water or grass?",
    ),
    group(
        "extremes",
        lambda t: t.ha(t.top(t.regions("forest"), 3)),
        "What is the total area of the three largest forest patches?",
        "What is the combined area of the 3 biggest forest patches in hectares?",
    ),
    group(
        "extremes",
        lambda t: t.distances([t.ranked_mask(t.regions("water"), 1)], "road")[0] <= 200,
        "Is the largest lake within 200 m of a road?",
    ),
    group(
        "extremes",
        lambda t: t.px_ha(t.near_px([t.ranked_mask(t.regions("forest"), 1)], "water", 50)),
        "How much of the largest forest patch is within 50 m of water, in hectares?",
    ),
    group(
        "share",
        lambda t: 100 * t.ha(t.sized("forest", gt=0.5)) / t.px_ha(t.px("forest")),
        "What share of the forest is in patches larger than 0.5 ha?",
    ),
    group(
        "share",
        lambda t: 100 * len(t.sized("roof", gt=0.015)) / len(t.regions("roof")),
        "What percentage of the houses are larger than 150 m²?",
    ),
    group(
        "threshold",
        lambda t: 100 * t.near_px("forest", "water", 60) / t.px("forest") > 50,
        "Is more than half of the forest within 60 m of water?",
        "Is most of the forest within 60 m of water?",
    ),
    group(
        "threshold",
        lambda t: t.mean_ha(t.regions("roof")) > 0.01,
        "Is the average building larger than 100 m²?",
        "Is the mean building size above 0.01 ha?",
    ),
    group(
        "pixels",
        lambda t: len(t.sized_px("roof", gt=20)),
        "How many buildings are larger than 20 pixels?",
    ),
    group(
        "touching",
        lambda t: len(t.touching(t.regions("roof"), "road")),
        "How many buildings touch a road?",
        "How many houses are adjacent to a road?",
    ),
    group(
        "inside",
        lambda t: len(t.overlapping(t.regions("roof"), "urban")),
        "How many buildings overlap urban areas?",
    ),
    group(
        "inside",
        lambda t: t.px_ha(t.px("vegetation") - t.px("forest")),
        "How much vegetation lies outside the forest, in ha?",
    ),
)

ATTACHMENTS = (
    group(
        "subject and predicate",
        lambda t: len(t.near(t.sized("roof", gt=0.01), "water", 50)),
        "How many buildings within 50 m of water are larger than 100 m²?",
        "How many buildings within 50 m from water have an area larger than 100 m²?",
        "How many houses within 50 m of lakes exceed 100 m²?",
        "How many houses that are within 50 m of water and are larger than 100 m² are there?",
        "How many buildings have a footprint larger than 100 m² and are within 50 m of water?",
        "How many houses that are larger than 100 m² lie within 50 m of water?",
    ),
    group(
        "subject and predicate",
        lambda t: t.share(
            len(t.near(t.sized("roof", gt=0.01), "water", 50)), len(t.near(t.regions("roof"), "water", 50))
        ),
        "What percentage of buildings within 50 m of water are larger than 100 m²?",
        "What share of the houses that are within 50 m of water have an area of more than 100 m²?",
    ),
    group(
        "subject and predicate",
        lambda t: t.share(len(t.near(t.sized("roof", gt=0.01), "water", 50)), len(t.sized("roof", gt=0.01))),
        "What percentage of buildings larger than 100 m² are within 50 m of water?",
        "What fraction of the houses over 100 m² lie within 50 m of a lake?",
    ),
    group(
        "subject and predicate",
        lambda t: len(t.near(t.sized("roof", gt=0.01), "road", 40)) == len(t.sized("roof", gt=0.01)),
        "Are all buildings larger than 100 m² within 40 m of a road?",
    ),
    group(
        "pick and predicate",
        lambda t: len(t.near(t.top(t.regions("water"), 3), "road", 60)),
        "How many of the three largest lakes are within 60 m of a road?",
    ),
    group(
        "pick and modifier",
        lambda t: t.ha(t.largest(t.near(t.regions("roof"), "road", 20))) * 10_000,
        "What is the area of the largest building within 20 m of a road, in m²?",
    ),
    group(
        "two references",
        lambda t: len(t.near(t.near(t.regions("roof"), "water", 60), "road", 60)),
        "Count buildings that are within 60 m of both a road and water.",
    ),
    group(
        "two references",
        lambda t: len(t.near(t.regions("roof"), t.sized("water", gt=0.1, lt=1), 60)),
        "How many houses are within 60 m of lakes larger than 0.1 ha and smaller than 1 ha?",
    ),
    group(
        "cover of a cover",
        lambda t: 100 * t.px("forest") / t.px("vegetation"),
        "What percentage of the vegetation is forest?",
    ),
    group(
        "negated",
        lambda t: len(t.far(t.regions("roof"), "water", 50)),
        "How many houses don't lie within 50 m of water?",
        "How many buildings aren't within 50 m of a lake?",
    ),
    group(
        "units",
        lambda t: len(t.far(t.regions("roof"), "water", 0.05 * 1609.344)),
        "How many houses are more than 0.05 miles from water?",
    ),
    group(
        "units",
        lambda t: t.mean_ha(t.regions("agric")) / 0.40468564224,
        "Calculate the average area of agricultural fields in acres.",
    ),
    group(
        "power_calculation",
        lambda t: t.px_ha(t.px("solar")) * 10_000 * 0.2 * 900 / 1e6,
        "How much power would the solar panels produce assuming 20% efficiency and 900 W/m² irradiance?",
    ),
    group(
        "difference",
        lambda t: t.px_ha(t.px("water")) - t.px_ha(t.px("forest")),
        "What is the water area minus the forest area?",
    ),
    group(
        "threshold",
        lambda t: min(t.distances(t.regions("roof"), "water")) < 30,
        "Is the distance from the nearest building to water less than 30 m?",
    ),
    group(
        "dominant",
        lambda t: max(("urban", "forest", "agric", "grass", "barren", "water"), key=t.px),
        "Which land cover type is the most common?",
        "What is the dominant land cover class?",
        "Which land cover covers the largest area?",
    ),
)

ANSWERABLE = (*TABLE_7, *ABBREVIATED, *PARAPHRASES, *BEYOND, *ATTACHMENTS)
