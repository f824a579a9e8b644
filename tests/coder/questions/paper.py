"""Questions of table 7 of the QVLM paper, whole and abbreviated."""

from __future__ import annotations

from tests.coder.questions.group import group

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
