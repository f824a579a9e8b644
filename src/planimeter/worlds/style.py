"""What a synthetic world is made of: biomes, colours, sun, sensor, and how much of everything."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

#: Label values of worlds, by topic.
LABELS = {"agric": 1, "forest": 2, "grass": 3, "barren": 4, "water": 5, "road": 6, "roof": 7, "solar": 8}

# Materials are finer than labels: asphalt and dirt are both road. Crops fill the values from CROP on.
GRASS, MEADOW, FOREST, TREE, BARE, SHORE, WATER, ASPHALT, DIRT, ROOF, SOLAR = range(1, 12)
CROP = 16
CROPS = 96

Color = tuple[float, float, float]

MATERIAL_LABEL = np.zeros(256, np.uint8)
for _topic, _materials in {
    "grass": (GRASS, MEADOW),
    "forest": (FOREST, TREE),
    "barren": (BARE, SHORE),
    "water": (WATER,),
    "road": (ASPHALT, DIRT),
    "roof": (ROOF,),
    "solar": (SOLAR,),
    "agric": range(CROP, CROP + CROPS),
}.items():
    MATERIAL_LABEL[list(_materials)] = LABELS[_topic]


@dataclass(frozen=True)
class Biome:
    """Colours (red, green, blue) and habits of one kind of land.

    Attributes:
        grass, forest, bare, water: two colours each, between which a surface varies.
        crops: colours of fields.
        forest_share, agric_share, bare_share: ranges of the share of land.
        parcel: range of the length of a field's side, metres.
        pivots: chance of round, centre-pivot fields.
        yard: material between the houses of a town.
    """

    grass: tuple[Color, Color]
    forest: tuple[Color, Color]
    bare: tuple[Color, Color]
    water: tuple[Color, Color]
    crops: tuple[Color, ...]
    forest_share: tuple[float, float]
    agric_share: tuple[float, float]
    bare_share: tuple[float, float]
    parcel: tuple[float, float]
    pivots: float = 0.0
    yard: int = GRASS


BIOMES = {
    "temperate": Biome(
        grass=((92, 118, 60), (140, 150, 88)),
        forest=((36, 60, 34), (62, 88, 48)),
        bare=((156, 138, 110), (184, 168, 142)),
        water=((36, 60, 72), (60, 86, 84)),
        crops=((96, 134, 58), (120, 150, 72), (190, 172, 112), (134, 112, 86), (186, 182, 70), (78, 112, 56)),
        forest_share=(0.05, 0.4),
        agric_share=(0.2, 0.8),
        bare_share=(0.0, 0.06),
        parcel=(60, 260),
    ),
    "dormant": Biome(
        grass=((126, 122, 84), (152, 144, 104)),
        forest=((86, 78, 58), (112, 98, 74)),
        bare=((142, 124, 102), (170, 152, 128)),
        water=((40, 54, 62), (72, 84, 84)),
        crops=((122, 102, 80), (144, 122, 96), (104, 88, 72), (166, 150, 112), (104, 122, 66)),
        forest_share=(0.05, 0.4),
        agric_share=(0.2, 0.8),
        bare_share=(0.0, 0.08),
        parcel=(60, 280),
    ),
    "mediterranean": Biome(
        grass=((132, 130, 88), (170, 160, 116)),
        forest=((60, 76, 48), (92, 102, 66)),
        bare=((184, 162, 128), (208, 190, 160)),
        water=((30, 72, 92), (58, 104, 112)),
        crops=((176, 158, 112), (150, 138, 90), (196, 176, 130), (108, 122, 72), (140, 112, 82)),
        forest_share=(0.04, 0.3),
        agric_share=(0.2, 0.7),
        bare_share=(0.05, 0.25),
        parcel=(35, 140),
        yard=MEADOW,
    ),
    "tropical": Biome(
        grass=((92, 126, 54), (130, 152, 78)),
        forest=((28, 62, 28), (56, 96, 42)),
        bare=((166, 106, 72), (192, 136, 100)),
        water=((108, 98, 72), (128, 118, 92)),
        crops=((102, 142, 62), (126, 160, 80), (150, 116, 82), (84, 124, 60), (160, 150, 90)),
        forest_share=(0.15, 0.6),
        agric_share=(0.1, 0.6),
        bare_share=(0.01, 0.12),
        parcel=(18, 70),
        yard=BARE,
    ),
    "savanna": Biome(
        grass=((148, 138, 86), (178, 162, 106)),
        forest=((70, 84, 48), (96, 104, 62)),
        bare=((180, 140, 100), (204, 166, 126)),
        water=((92, 98, 84), (120, 120, 98)),
        crops=((164, 140, 94), (140, 126, 80), (120, 132, 70), (186, 160, 112)),
        forest_share=(0.04, 0.25),
        agric_share=(0.05, 0.5),
        bare_share=(0.05, 0.3),
        parcel=(25, 90),
        yard=BARE,
    ),
    "arid": Biome(
        grass=((158, 146, 106), (182, 166, 124)),
        forest=((78, 88, 58), (104, 110, 74)),
        bare=((196, 168, 128), (220, 196, 158)),
        water=((44, 96, 104), (84, 130, 128)),
        crops=((84, 124, 60), (112, 146, 72), (176, 156, 112), (150, 132, 96)),
        forest_share=(0.0, 0.08),
        agric_share=(0.02, 0.4),
        bare_share=(0.4, 0.9),
        parcel=(80, 300),
        pivots=0.7,
        yard=BARE,
    ),
    "boreal": Biome(
        grass=((98, 108, 68), (128, 130, 90)),
        forest=((30, 48, 36), (52, 72, 50)),
        bare=((134, 126, 114), (164, 156, 144)),
        water=((18, 32, 42), (38, 54, 60)),
        crops=((112, 134, 74), (146, 140, 92), (126, 112, 90)),
        forest_share=(0.35, 0.75),
        agric_share=(0.0, 0.4),
        bare_share=(0.0, 0.08),
        parcel=(50, 200),
    ),
}

ROOF_COLORS: tuple[Color, ...] = (
    (170, 94, 68),
    (148, 76, 58),
    (192, 124, 90),
    (88, 88, 92),
    (118, 116, 114),
    (178, 178, 174),
    (226, 224, 218),
    (126, 102, 86),
    (146, 108, 86),
    (94, 126, 158),
    (196, 184, 158),
    (108, 134, 112),
)
SOLAR_COLORS: tuple[Color, ...] = ((34, 42, 70), (44, 54, 92), (34, 36, 42), (52, 58, 76), (28, 34, 54))


@dataclass(frozen=True)
class Style:
    """Everything about one world that is drawn once for the whole of it."""

    biome: Biome
    forest_share: float
    agric_share: float
    bare_share: float
    lake_share: float
    rivers: int
    towns_per_km2: float
    town_density: float
    farms_per_km2: float
    solar_per_km2: float
    trees_per_ha: float
    parcel: tuple[float, float]
    field_angle: float
    sun: tuple[float, float]
    shadow_per_height: float
    shadow_depth: float
    palette: np.ndarray
    palette_spread: np.ndarray
    crop_rows: np.ndarray
    roof_colors: np.ndarray
    solar_color: np.ndarray
    gain: np.ndarray
    gamma: float
    haze: float
    blur: float
    noise: float
    jpeg: int | None
    texture: float


def draw_style(rng: np.random.Generator, gsd: float, density: float) -> Style:
    """Draw the style of a world.

    Args:
        rng: source of chance.
        gsd: metres per pixel.
        density: factor on the number of buildings and solar arrays; 0 for none. A town has no more than fill its lots.
    """
    biome = BIOMES[str(rng.choice(list(BIOMES)))]
    azimuth = rng.uniform(0, 2 * math.pi)
    elevation = math.radians(rng.uniform(28, 68))
    palette, spread = _palette(rng, biome)
    low, high = np.array(biome.parcel) * rng.uniform(0.6, 1.5)
    urban = rng.random()
    return Style(
        biome=biome,
        forest_share=rng.uniform(*biome.forest_share),
        agric_share=rng.uniform(*biome.agric_share) * (0.4 if urban > 0.7 else 1.0),
        bare_share=rng.uniform(*biome.bare_share),
        lake_share=float(
            rng.choice([0.0, rng.uniform(0.01, 0.06), rng.uniform(0.06, 0.25)], p=[0.3, 0.5, 0.2])
        ),
        rivers=int(rng.choice([0, 1, 2], p=[0.3, 0.6, 0.1])),
        towns_per_km2=float(rng.uniform(0.5, 2.5) if urban < 0.7 else rng.uniform(3, 8)),
        town_density=min(rng.uniform(0.45, 0.95) * density, 1.0),
        farms_per_km2=rng.uniform(2, 20) * density,
        solar_per_km2=rng.uniform(1, 7) * density,
        trees_per_ha=rng.choice([0.5, 2.0, 6.0]) * rng.uniform(0.5, 1.6),
        parcel=(float(low), float(high)),
        field_angle=rng.uniform(0, math.pi / 2),
        sun=(math.cos(azimuth), math.sin(azimuth)),
        shadow_per_height=1 / math.tan(elevation),
        shadow_depth=rng.uniform(0.4, 0.68),
        palette=palette,
        palette_spread=spread,
        crop_rows=_crop_rows(rng, gsd),
        roof_colors=_roof_colors(rng),
        solar_color=np.array(SOLAR_COLORS[rng.integers(len(SOLAR_COLORS))], np.float32),
        gain=(rng.uniform(0.82, 1.18) * rng.uniform(0.93, 1.07, 3)).astype(np.float32),
        gamma=rng.uniform(0.85, 1.2),
        haze=rng.uniform(0, 0.22) if rng.random() < 0.6 else 0.0,
        blur=rng.uniform(0.35, 0.9),
        noise=rng.uniform(0.8, 4.5),
        jpeg=int(rng.integers(60, 96)) if rng.random() < 0.5 else None,
        texture=rng.uniform(0.7, 1.35),
    )


def _palette(rng: np.random.Generator, biome: Biome) -> tuple[np.ndarray, np.ndarray]:
    """Colour of each material and what noise adds to it, (256, 3) float32 each."""
    pairs: dict[int, tuple[Color, Color]] = {
        GRASS: biome.grass,
        MEADOW: (biome.grass[1], biome.bare[0]),
        FOREST: biome.forest,
        TREE: biome.forest,
        BARE: biome.bare,
        SHORE: (biome.bare[1], biome.bare[0]),
        WATER: biome.water,
        ASPHALT: ((104, 104, 106), (136, 134, 132)),
        DIRT: ((170, 150, 122), biome.bare[1]),
    }
    palette, spread = np.zeros((256, 3), np.float32), np.zeros((256, 3), np.float32)
    for material, (first, second) in pairs.items():
        shift = rng.normal(0, 7) + rng.normal(0, 4, 3)
        palette[material] = np.array(first) + shift
        spread[material] = np.array(second) - np.array(first)
    if rng.random() < 0.35:
        palette[WATER] = np.array([(24, 40, 52), (90, 104, 70), (130, 116, 88), (48, 96, 110)])[
            rng.integers(4)
        ]
    palette[ASPHALT] += rng.uniform(-25, 35)
    kinds = np.array(biome.crops, np.float32)
    chosen = rng.integers(len(kinds), size=CROPS)
    palette[CROP : CROP + CROPS] = kinds[chosen] * rng.uniform(0.85, 1.12, (CROPS, 1)) + rng.normal(
        0, 5, (CROPS, 3)
    )
    spread[CROP : CROP + CROPS] = rng.normal(0, 9, (CROPS, 1)) + rng.normal(0, 4, (CROPS, 3))
    return palette, spread


def _crop_rows(rng: np.random.Generator, gsd: float) -> np.ndarray:
    """Row texture of each material: wave numbers along x and y (radians per pixel) and amplitude, (256, 3)."""
    rows = np.zeros((256, 3), np.float32)
    base = rng.uniform(0, math.pi)
    angle = base + rng.choice([0, math.pi / 2], CROPS) + rng.normal(0, 0.05, CROPS)
    period = np.maximum(
        rng.choice([1.5, 3.0, 6.0, 12.0, 24.0], CROPS) * rng.uniform(0.8, 1.2, CROPS), 2.6 * gsd
    )
    amplitude = rng.uniform(0.0, 0.16, CROPS) * (rng.random(CROPS) < 0.75)
    wave = 2 * math.pi / (period / gsd)
    rows[CROP : CROP + CROPS] = np.stack([wave * np.cos(angle), wave * np.sin(angle), amplitude], axis=1)
    return rows


def _roof_colors(rng: np.random.Generator) -> np.ndarray:
    some = rng.permutation(len(ROOF_COLORS))[: rng.integers(3, 8)]
    return np.array(ROOF_COLORS, np.float32)[some]
