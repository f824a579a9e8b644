"""What the paper does not ask, and sentences whose parts attach in more than one way."""

from __future__ import annotations

from tests.coder.questions.group import group

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
