"""Questions of plain topics, measured for all zones in one pass over the scene."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from planimeter.answer.zone_unsure import UnsureGround, ground_in, unsure_in
from planimeter.answer.zone_values import ALL, ByZone, coverage
from planimeter.errors import ScaleError, UsageError
from planimeter.meaning.covers import land_cover
from planimeter.meaning.emit_tables import OTHER_GROUND
from planimeter.meaning.reading import several
from planimeter.meaning.records import (
    Area,
    Changed,
    Composition,
    Count,
    Density,
    ImageArea,
    Share,
    Subject,
)
from planimeter.program import Evidence, Limits, Run
from planimeter.program.host import Host
from planimeter.program.measure import NO_SCALE
from planimeter.program.tiling import tiling_for
from planimeter.raster import Scene
from planimeter.segment import Segmenter, StackSegmenter
from planimeter.segment.base import features_in, look_at
from planimeter.segment.dates import EARLIER, Earlier, TwoDates
from planimeter.spatial import Shapes, label_regions
from planimeter.spatial.runs import Box, Runs, runs_of, unite
from planimeter.spatial.tiles import join_runs
from planimeter.spatial.zones import Zones, ZoneSums, add_to, count_in
from planimeter.table import Cell, Column
from planimeter.vocabulary.topics import EVERYWHERE, topic_of
from planimeter.vocabulary.units import HECTARE, PIXEL, Unit

_DRAWN = 1 << 22  # pixels of a scene whose shapes are drawn although nothing had to be told apart

OnePass = Callable[[Zones, Scene, StackSegmenter, Limits], ByZone]


@dataclass(frozen=True)
class _Cover:
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


def one_pass(
    meaning: Any, unit: Unit | None, source: StackSegmenter, scene: Scene, before: Earlier | None = None
) -> OnePass | None:
    """How a question of plain topics is measured in one pass; None where a program has to run for each zone.

    Args:
        meaning: what is asked, where that is known.
        unit: of the answer.
        source: where masks come from.
        scene: the image.
        before: the earlier date, of what is asked of two.
    """
    if isinstance(meaning, ImageArea):
        return partial(_areas, _Cover("", ()), unit or HECTARE, None)
    if isinstance(meaning, Composition):
        return _of_composition(meaning, source, scene)
    if isinstance(meaning, Changed):
        return None if before is None else _of_change(meaning, unit, source, scene, before)
    of = getattr(meaning, "of", None)
    if not isinstance(of, Subject) or not plain(of) or getattr(meaning, "part", None):
        return None
    if features_in(source, scene, of.topics):
        return None  # features are measured as what they are, not by pixels
    if isinstance(meaning, Area):
        return partial(_areas, _Cover("", of.topics), unit or HECTARE, None)
    if isinstance(meaning, Share) and meaning.of_image and not meaning.by_count:
        return partial(_areas, _Cover("", of.topics), None, meaning)
    if isinstance(meaning, Count) or (isinstance(meaning, Density) and meaning.over is None):
        return partial(_counts, of.topics, getattr(meaning, "per", None))
    return None


def plain(of: Subject) -> bool:
    """Whether a subject is a cover or things without any condition, of the date that is asked."""
    bare = Subject(of.topics, kind=of.kind, plural=of.plural, said=of.said, definite=of.definite)
    same = (bare.where, bare.pick, bare.then, bare.frame, bare.before)
    return EVERYWHERE not in of.topics and same == (of.where, of.pick, of.then, of.frame, of.before)


def _of_composition(meaning: Composition, source: StackSegmenter, scene: Scene) -> OnePass | None:
    if meaning.part or (meaning.unit is not None and scene.scale is None):
        return None  # the program says what is missing
    options = meaning.options or tuple(Subject((topic,)) for topic in land_cover(source.topics))
    topics = tuple(topic for option in options for topic in option.topics)
    if not all(map(plain, options)) or features_in(source, scene, topics):
        return None
    covers = tuple(_Cover(several(option, cover=True), option.topics) for option in options)
    return partial(_composition, covers, meaning)


def _of_change(
    meaning: Changed, unit: Unit | None, source: StackSegmenter, scene: Scene, before: Earlier
) -> OnePass | None:
    of, other = meaning.of, meaning.other
    if meaning.percent or not plain(of) or (other is not None and not plain(other)):
        return None
    then, now = tuple(EARLIER + topic for topic in of.topics), of.topics
    if other is not None:
        along = other.topics if meaning.what == "lost" else tuple(EARLIER + topic for topic in other.topics)
        cover = _Cover("", then if meaning.what == "lost" else now, along=along)
    else:
        cover = {
            "lost": _Cover("", then, without=now),
            "gained": _Cover("", now, without=then),
            "kept": _Cover("", now, along=then),
        }[meaning.what]
    if features_in(TwoDates(source, before), scene, cover.asked):
        return None
    return partial(_areas, cover, unit or HECTARE, None, before=before, role=meaning.what)


# --- sums of covers


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
    covers: tuple[_Cover, ...],
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
    covers: tuple[_Cover, ...],
    sums: list[list[ZoneSums]],
    masks: Mapping[str, np.ndarray],
    valid: np.ndarray,
    box: Box,
    draw: bool,
    area: Any,
) -> list[tuple[str, Shapes]]:
    """Add a tile to all sums; the regions of each cover, where they are to be drawn."""
    drawn: list[tuple[str, Shapes]] = []
    for k, cover in enumerate((*covers, _Cover("", ()))):
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


def _areas(
    cover: _Cover,
    unit: Unit | None,
    share: Share | None,
    zones: Zones,
    scene: Scene,
    source: StackSegmenter,
    limits: Limits,
    before: Earlier | None = None,
    role: str = "",
) -> ByZone:
    """Areas of a cover, or its shares of the ground."""
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


def _composition(
    covers: tuple[_Cover, ...],
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
    wanted = covers if meaning.options else (*covers, _Cover(OTHER_GROUND, (), without=topics))
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
    covers: tuple[_Cover, ...], amounts: list[float], ground: float, meaning: Composition, metric: bool
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


# --- numbers of regions


def _counts(
    topics: tuple[str, ...],
    per: Unit | None,
    zones: Zones,
    scene: Scene,
    source: StackSegmenter,
    limits: Limits,
) -> ByZone:
    """Numbers of regions, or their densities over the zones' ground."""
    if zones.exact:
        raise UsageError("Parts of pixels cannot count in numbers of things; ask without --border exact.")
    host = Host(scene, source, limits, frozenset())
    if per is not None and scene.scale is None:
        raise ScaleError(
            "This needs areas on the ground, but the image does not say how large a pixel is: give the metres per "
            "pixel with --gsd."
        )
    shapes = [host.whole(topic) for topic in topics]
    found = [count_in(zones, each) for each in shapes]
    count = np.sum([each.count for each in found], axis=0)
    cut = np.sum([each.cut for each in found], axis=0)
    together = sum(each.together for each in found)
    ground = _ground(zones, host)
    whole = zones.together(drawn=False)
    whole_ground = _ground(whole, host)
    whole_cut = sum(int(count_in(whole, each).cut[0]) for each in shapes)
    said = list(map(str, host.ground.warnings))
    said += coverage(whole_ground[1][0], host.ground.valid_pixels, ground[1])
    several_zones = sum(each.several for each in found)
    if several_zones:
        name = " or ".join(topic_of(topic).many for topic in topics)
        said.append(
            f"{several_zones:,} {name} lie in more than one zone and are counted in each; in the row of {ALL} they "
            "count once."
        )
    area = None if per is None else (ground[0] / 10_000 / per.factor, whole_ground[0] / 10_000 / per.factor)
    rows: list[list[list[Cell]]] = []
    for at, (numbers, cuts) in enumerate(((count, cut), (np.array([together]), np.array([whole_cut])))):
        rows.append([])
        for k, number in enumerate(numbers.tolist()):
            there = (ground, whole_ground)[at][1][k] > 0
            value: Cell = number if there else None
            if area is not None:
                value = number / area[at][k] if there else None
            rows[at].append([value, int(cuts[k])])
    columns = [Column("count", "count", "count"), Column("cut by the border", "count", "count")]
    if per is not None:
        named = " and ".join(topic_of(topic).many for topic in topics)
        columns[0] = Column("density", f"{named}/{per.symbol}")
    evidence = Evidence(list(zip(topics, shapes, strict=True)))
    valid = host.ground.valid_pixels
    run = Run(
        0, "", [], evidence, [], {}, scene.scale, (), tuple(host.topics), tuple(host.seen), valid,
        judged=host.ground.judged,
    )  # fmt: skip
    metric = scene.scale is not None
    return ByZone(
        columns,
        [[row] for row in rows[0]],
        [rows[1][0]],
        ground[1],
        ground[0] / 10_000 if metric else None,
        (float(whole_ground[1][0]), float(whole_ground[0][0]) / 10_000 if metric else None),
        said,
        run,
        unsure=unsure_in(
            zones,
            host.loaded.unsure,
            tuple(host.topics),
            host.ground.pixel_area,
            ground[0],
            float(whole_ground[0][0]),
        ),
    )


def _ground(zones: Zones, host: Host) -> tuple[np.ndarray, np.ndarray]:
    """(N,) m² (pixels where no scale is known) and (N,) pixels of the zones' ground that counts."""
    counting = host.ground.counting_runs
    area, runs = (
        host.ground.pixel_area,
        counting if counting is not None else unite([zones.runs], zones.runs.shape),
    )
    pixels = ground_in(zones, runs, None)
    return (pixels if area is None else ground_in(zones, runs, area)), pixels
