"""Areas, shares and compositions of land covers, summed for all zones in one pass over the scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planimeter.answer.zone_unsure import UnsureGround, unsure_in
from planimeter.answer.zone_values import ByZone, coverage
from planimeter.errors import ScaleError
from planimeter.meaning.covers import OTHER_GROUND
from planimeter.meaning.records import Composition, Share
from planimeter.program import Evidence, Limits, Run
from planimeter.program.measure import NO_SCALE
from planimeter.program.tiling import tiling_for
from planimeter.raster import Scene
from planimeter.segment import Segmenter, StackSegmenter
from planimeter.segment.base import look_at
from planimeter.segment.dates import EARLIER, Earlier, TwoDates
from planimeter.spatial import Shapes, label_regions
from planimeter.spatial.runs import Box, Runs, runs_of
from planimeter.spatial.tiles import join_runs
from planimeter.spatial.zones import Zones, ZoneSums, add_to
from planimeter.table import Cell, Column
from planimeter.vocabulary.units import HECTARE, PIXEL, Unit

_DRAWN = 1 << 22  # pixels of a scene whose shapes are drawn although nothing had to be told apart


@dataclass(frozen=True)
class Cover:
    """Ground to sum: where any of some topics is, and also any of ``along``, and none of ``without``.

    Attributes:
        name: what it is called in a table.
        topics: none for all ground that counts.
        along: none for no further condition.
        without: likewise.
    """

    name: str
    topics: tuple[str, ...]
    along: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """The topics that have to be seen."""
        return (*self.topics, *self.along, *self.without)

    def mask(self, masks: Mapping[str, np.ndarray], valid: np.ndarray) -> np.ndarray:
        """(h, w) bool."""
        found = valid
        if self.topics:
            found = np.logical_or.reduce([masks[topic] for topic in self.topics]) & valid
        if self.along:
            found = found & np.logical_or.reduce([masks[topic] for topic in self.along])
        for topic in self.without:
            found = found & ~masks[topic]
        return found


@dataclass
class _Sums:
    """Sums of several covers and of the ground, by zone and over all zones together."""

    covers: list[tuple[np.ndarray, np.ndarray]]  # amount by zone, and of all zones (1,)
    ground: tuple[np.ndarray, np.ndarray]
    pixels: np.ndarray
    hectares: np.ndarray | None
    whole: tuple[float, float | None]
    drawn: list[tuple[str, Shapes]]
    seen: tuple[str, ...]
    everywhere: int
    judged: float
    warnings: list[str]
    unsure: UnsureGround | None


def _summed(
    covers: tuple[Cover, ...],
    unit: Unit | None,
    zones: Zones,
    scene: Scene,
    source: Segmenter,
    limits: Limits,
) -> _Sums:
    """Go through the scene once."""
    scale = scene.scale
    if scale is None and unit not in (None, PIXEL):
        raise ScaleError(NO_SCALE)
    area = None if scale is None else scale.pixel_area
    together = zones.together(drawn=False)
    asked = tuple(dict.fromkeys(topic for cover in covers for topic in cover.asked))
    sums = [[ZoneSums(laid, area) for _ in (*covers, None)] for laid in (zones, together)]
    tiling, warnings, everywhere, unjudged = tiling_for(scene, limits, source), dict[str, None](), 0, 0
    drawn: list[tuple[str, Shapes]] = []
    doubted: dict[str, list[Runs]] = {}
    seen_topics = dict.fromkeys(asked, False)
    for box in tiling.boxes():
        whole = tiling.is_whole
        seen = source.look(scene, asked) if whole else look_at(source, scene, asked, box)
        warnings |= dict.fromkeys(map(str, seen.cautions))
        valid = scene.valid() if whole else scene.valid(box)
        if seen.valid is not None:
            unjudged += int(np.count_nonzero(valid & ~seen.valid))
            valid = valid & seen.valid
        for topic, doubt in seen.unsure.items():
            doubted.setdefault(topic, []).append(runs_of(doubt & valid))
        for topic in asked:
            seen_topics[topic] = seen_topics[topic] or bool((seen.masks[topic] & valid).any())
        everywhere += int(np.count_nonzero(valid))
        drawn += _add(covers, sums, seen.masks, valid, box, whole and _is_small(scene), area)
    found = [[_amount(each, unit, scale) for each in laid] for laid in sums]
    ground = sums[0][-1], sums[1][-1]
    amounts = [each.pixels if area is None else each.square_metres for each in ground]
    unsure = {topic: join_runs(parts, tiling) for topic, parts in doubted.items()}
    return _Sums(
        [(found[0][k], found[1][k]) for k in range(len(covers))],
        (found[0][-1], found[1][-1]),
        ground[0].pixels,
        None if scale is None else ground[0].square_metres / 10_000,
        (
            float(ground[1].pixels[0]),
            None if scale is None else float(ground[1].square_metres[0]) / 10_000,
        ),
        drawn,
        tuple(topic for topic, there in seen_topics.items() if there),
        everywhere,
        everywhere / (everywhere + unjudged) if unjudged else 1.0,
        [*warnings, *coverage(ground[1].pixels[0], everywhere, ground[0].pixels)],
        unsure_in(zones, unsure, asked, area, amounts[0], float(amounts[1][0])),
    )


def _is_small(scene: Scene) -> bool:
    return scene.width * scene.height <= _DRAWN


def _add(
    covers: tuple[Cover, ...],
    sums: list[list[ZoneSums]],
    masks: Mapping[str, np.ndarray],
    valid: np.ndarray,
    box: Box,
    draw: bool,
    area: Any,
) -> list[tuple[str, Shapes]]:
    """Add a tile to all sums; the regions of each cover, where they are to be drawn."""
    drawn: list[tuple[str, Shapes]] = []
    for k, cover in enumerate((*covers, Cover("", ()))):
        mask = cover.mask(masks, valid)
        add_to([laid[k] for laid in sums], mask, box)
        if draw and cover.topics:
            drawn.append((cover.topics[0].removeprefix(EARLIER), label_regions(mask, pixel_area=area)))
    return drawn


def _amount(sums: ZoneSums, unit: Unit | None, scale: Any) -> np.ndarray:
    """(N,) pixels, or ground in a unit (hectares where there is none)."""
    if unit == PIXEL or scale is None:
        return sums.pixels
    return sums.square_metres / 10_000 / (1.0 if unit is None else unit.factor)


def areas(
    cover: Cover,
    unit: Unit | None,
    share: Share | None,
    zones: Zones,
    scene: Scene,
    source: StackSegmenter,
    limits: Limits,
    before: Earlier | None = None,
    role: str = "",
) -> ByZone:
    """Areas of a cover, or its shares of the ground.

    Raises:
        ScaleError: areas are asked for and no scale is known.
    """
    dates = source if before is None else TwoDates(source, before)
    sums = _summed((cover,), unit, zones, scene, dates, limits)
    run = _not_run(scene, sums, cover.asked, {role: sums.drawn} if role else {})
    parts = [
        (amount, ground) for amount, ground in zip(sums.covers[0], sums.ground, strict=True)
    ]  # by zone, together
    if share is None:
        columns = [Column("area", (unit or HECTARE).symbol)]
        rows = [[[_value(v, g)] for v, g in zip(*part, strict=True)] for part in parts]
    else:
        symbol = "ha" if scene.scale is not None else "pixels"
        columns = [Column("share", "%"), Column("area", symbol), Column("zone area", symbol)]
        rows = [
            [_shares(g - v if share.complement else v, g) for v, g in zip(*part, strict=True)]
            for part in parts
        ]
    return ByZone(
        columns,
        [[row] for row in rows[0]],
        [rows[1][0]],
        sums.pixels,
        sums.hectares,
        sums.whole,
        sums.warnings,
        run,
        unsure=sums.unsure,
    )


def composition(
    covers: tuple[Cover, ...],
    meaning: Composition,
    zones: Zones,
    scene: Scene,
    source: StackSegmenter,
    limits: Limits,
) -> ByZone:
    """Area and share of every land cover in each zone, and of the ground that none of them covers."""
    topics = tuple(dict.fromkeys(topic for cover in covers for topic in cover.topics))
    metric = scene.scale is not None
    unit = (meaning.unit or HECTARE) if metric else None
    wanted = covers if meaning.options else (*covers, Cover(OTHER_GROUND, (), without=topics))
    sums = _summed(wanted, unit, zones, scene, source, limits)
    rows: list[list[list[list[Cell]]]] = []
    for side in (0, 1):
        amounts, grounds = [pair[side] for pair in sums.covers], sums.ground[side]
        rows.append(
            [
                _composed(wanted, [float(amount[k]) for amount in amounts], float(ground), meaning, metric)
                for k, ground in enumerate(grounds)
            ]
        )
    size = Column("area", (meaning.unit or HECTARE).symbol) if metric else Column("pixels", "count", "count")
    run = _not_run(scene, sums, topics)
    columns = [Column("land cover", None, "text"), size, Column("share", "%")]
    if zones.exact and not metric:
        columns[1] = Column("pixels", "count")
    said, unsure = sums.warnings, sums.unsure
    return ByZone(
        columns, rows[0], rows[1][0], sums.pixels, sums.hectares, sums.whole, said, run, unsure=unsure
    )


def _composed(
    covers: tuple[Cover, ...], amounts: list[float], ground: float, meaning: Composition, metric: bool
) -> list[list[Cell]]:
    """The rows of one zone, in order of area, other ground last."""
    if ground <= 0:
        return [[None, None, None]]
    found = list(zip((cover.name for cover in covers), amounts, strict=True))
    rest = found.pop()[1] if not meaning.options else 0.0
    found.sort(key=lambda pair: pair[1], reverse=meaning.largest)
    if rest > 1e-9 * ground:
        found.append((OTHER_GROUND, rest))
    whole = [area if metric or not area.is_integer() else int(area) for _, area in found]
    return [[name, size, 100 * area / ground] for (name, area), size in zip(found, whole, strict=True)]


def _value(value: float, ground: float) -> Cell:
    return float(value) if ground > 0 else None


def _shares(value: float, ground: float) -> list[Cell]:
    return [float(100 * value / ground) if ground > 0 else None, float(value), float(ground)]


def _not_run(
    scene: Scene,
    sums: _Sums,
    topics: tuple[str, ...],
    changes: dict[str, list[tuple[str, Shapes]]] | None = None,
) -> Run:
    """What a run would leave behind, where no program ran."""
    evidence = Evidence(sums.drawn, changes=changes or {})
    return Run(
        0, "", [], evidence, [], {}, scene.scale, (), topics, sums.seen, sums.everywhere, judged=sums.judged
    )
