"""One question for every zone: a table, whose last row is what all zones hold together.

Areas, shares and counts of plain topics are measured for all zones in one pass over the scene. Every other question is
a program that runs once for each zone, as for an area of interest; the scene is looked at once for all of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.answer.answer import Answer, answer_from, wrapped
from planimeter.answer.value_name import value_name
from planimeter.coder import Program
from planimeter.errors import NotMeasurable, ScaleError, UsageError
from planimeter.meaning.records import Area, Count, Density, ImageArea, Share, Subject
from planimeter.program import Evidence, Limits, Run
from planimeter.program.host import Host, Known
from planimeter.program.measure import NO_SCALE
from planimeter.program.tiling import tiling_for
from planimeter.progress import with_progress
from planimeter.raster import Scene
from planimeter.segment import Segmenter, StackSegmenter
from planimeter.segment.base import features_in, look_at
from planimeter.spatial import Shapes, label_regions
from planimeter.spatial.zones import Zones, ZoneSums, add_to, count_in
from planimeter.table import Cell, Column, Table
from planimeter.vocabulary.topics import EVERYWHERE, topic_of
from planimeter.vocabulary.units import HECTARE, PIXEL, Unit, unit_called

if TYPE_CHECKING:
    from planimeter.spatial.area import AreaOfInterest

ALL = "all zones"
_WORTH_SAYING = 1e-6  # of the ground
_DRAWN = 1 << 22  # pixels of a scene whose shapes are drawn although nothing had to be told apart


@dataclass
class _Found:
    """What was measured: the columns after the name of the zone, and what to say.

    Attributes:
        columns: with their units.
        values: a row for each zone.
        together: the row of all zones.
        warnings: sentences.
        run: the program's over all zones, or as much of one as there is.
    """

    columns: list[Column]
    values: list[list[Cell]]
    together: list[Cell]
    warnings: list[str]
    run: Run


def answer_by_zone(
    program: Program,
    question: str,
    scene: Scene,
    segmenter: Segmenter,
    zones: Zones,
    limits: Limits | None = None,
    full_python: bool = False,
) -> Answer:
    """Answer one question for every zone.

    Args:
        program: what is asked, written for an area of interest; one with a simple meaning is not run.
        question: as it was asked.
        scene: the image.
        segmenter: where masks come from.
        zones: on the scene's grid.
        limits: what a program may use.
        full_python: as for ``answer_from``.

    Raises:
        PlanimeterError: as ``planimeter.ask``.
        UsageError: parts of pixels cannot count in what is asked.
    """
    started = time.perf_counter()
    source = segmenter if isinstance(segmenter, StackSegmenter) else StackSegmenter([segmenter])
    budget = (limits or Limits()).for_pixels(scene.height * scene.width)
    simple = _simple(program.meaning, unit_called(program.unit or ""), source, scene)
    if simple is not None:
        found = simple(zones, scene, source, budget)
    elif zones.exact:
        raise UsageError(
            "Parts of pixels can count in areas and shares of land cover without conditions; ask without --border "
            "exact."
        )
    else:
        found = _one_by_one(program, question, scene, source, zones, limits, full_python)
    rows = [[name, *values] for name, values in zip(zones.names, found.values, strict=True)]
    table = Table(
        (Column("zone", kind="text"), *found.columns), tuple(map(tuple, [*rows, [ALL, *found.together]]))
    )
    run = found.run
    run.answer, run.trace = table, []  # the calls of one zone would not be those of the table
    run.evidence.zones = list(zip(zones.names, _labels(found), zones.geometry, strict=True))
    how = "each pixel by the share that a zone covers" if zones.exact else "each pixel where its centre lies"
    answer = wrapped(
        run,
        program,
        question,
        scene,
        source,
        kind="table",
        reading=f"{program.reading} For each of {len(zones):,} zones, {how}.".strip(),
        warnings=[*scene.warnings, *found.warnings, *program.writing.get("cautions", ()), *zones.notes],
    )
    answer.timings["total"] = round(time.perf_counter() - started, 4)
    return answer


def _labels(found: _Found) -> list[str]:
    """What stands in each zone on the picture: the first value with its unit."""
    from planimeter.table import shown

    unit = found.columns[0].unit
    tail = "" if unit in (None, "count") else f" {unit}"
    return [shown(values[0]) + (tail if values[0] is not None else "") for values in found.values]


# --- one pass for all zones ---------------------------------------------------------------------------------------

_Measure = Callable[[Zones, Scene, StackSegmenter, Limits], _Found]


def _simple(meaning: Any, unit: Unit | None, source: StackSegmenter, scene: Scene) -> _Measure | None:
    """How a question of plain topics is measured in one pass; None where a program has to run for each zone.

    Args:
        meaning: what is asked, where that is known.
        unit: of the answer.
        source: where masks come from.
        scene: the image.
    """
    if isinstance(meaning, ImageArea):
        return partial(_covers, (), unit or HECTARE, None)
    of = getattr(meaning, "of", None)
    if not isinstance(of, Subject) or EVERYWHERE in of.topics:
        return None
    if of.where or of.pick is not None or of.then or of.frame is not None or getattr(meaning, "part", ()):
        return None
    if features_in(source, scene, of.topics):
        return None  # features are measured as what they are, not by pixels
    if isinstance(meaning, Area):
        return partial(_covers, of.topics, unit or HECTARE, None)
    if isinstance(meaning, Share) and meaning.of_image and not meaning.by_count:
        return partial(_covers, of.topics, None, meaning)
    if isinstance(meaning, Count) or (isinstance(meaning, Density) and meaning.over is None):
        return partial(_counts, of.topics, getattr(meaning, "per", None))
    return None


def _covers(
    topics: tuple[str, ...],
    unit: Unit | None,
    share: Share | None,
    zones: Zones,
    scene: Scene,
    source: StackSegmenter,
    limits: Limits,
) -> _Found:
    """Areas of a cover (of the ground itself where there are no topics), or its shares of the ground."""
    scale = scene.scale
    if scale is None and unit not in (None, PIXEL):
        raise ScaleError(NO_SCALE)
    area = None if scale is None else scale.pixel_area
    together = zones.together(drawn=False)
    laid = [(zones, ZoneSums(zones, area), ZoneSums(zones, area))]
    laid.append((together, ZoneSums(together, area), ZoneSums(together, area)))
    tiling, warnings, everywhere = tiling_for(scene, limits, source), dict[str, None](), 0
    drawn: list[tuple[str, Shapes]] = []
    unjudged = 0
    seen_topics = dict[str, None]()
    for box in tiling.boxes():
        whole = tiling.is_whole
        seen = source.look(scene, topics) if whole else look_at(source, scene, topics, box)
        warnings |= dict.fromkeys(map(str, seen.cautions))
        valid = scene.valid() if whole else scene.valid(box)
        if seen.valid is not None:
            unjudged += int(np.count_nonzero(valid & ~seen.valid))
            valid = valid & seen.valid
        seen_topics |= dict.fromkeys(topic for topic in topics if (seen.masks[topic] & valid).any())
        everywhere += int(np.count_nonzero(valid))
        mask = np.logical_or.reduce([seen.masks[topic] for topic in topics]) & valid if topics else valid
        add_to([cover for _, cover, _ in laid], mask, box)
        add_to([ground for _, _, ground in laid], valid, box)
        if whole and topics and scene.width * scene.height <= _DRAWN:
            drawn = [(topics[0], label_regions(mask, pixel_area=area))]
    said = _coverage(zones, laid[1][2].pixels[0], everywhere, laid[0][2].pixels)
    judged = everywhere / (everywhere + unjudged) if unjudged else 1.0
    run = _not_run(scene, drawn, topics, tuple(seen_topics), everywhere, judged)
    parts = [(_amount(cover, unit, scale), _amount(ground, unit, scale)) for _, cover, ground in laid]
    if share is None:
        symbol = (unit or HECTARE).symbol
        columns = [Column("area", symbol)]
        values, total = ([[_value(v, g)] for v, g in zip(*part, strict=True)] for part in parts)
        return _Found(columns, values, total[0], [*warnings, *said], run)
    symbol = "ha" if scale is not None else "pixels"
    columns = [Column("share", "%"), Column("area", symbol), Column("zone area", symbol)]
    rows = [[_row(g - v if share.complement else v, g) for v, g in zip(*part, strict=True)] for part in parts]
    return _Found(columns, rows[0], rows[1][0], [*warnings, *said], run)


def _not_run(
    scene: Scene,
    drawn: list[tuple[str, Shapes]],
    topics: tuple[str, ...],
    seen: tuple[str, ...],
    valid_pixels: int,
    judged: float,
) -> Run:
    """What a run would leave behind, where no program ran."""
    evidence = Evidence(drawn)
    return Run(0, "", [], evidence, [], {}, scene.scale, (), topics, seen, valid_pixels, judged=judged)


def _amount(sums: ZoneSums, unit: Unit | None, scale: Any) -> np.ndarray:
    """(N,) pixels, or ground in a unit (hectares where there is none)."""
    if unit == PIXEL or scale is None:
        return sums.pixels
    return sums.square_metres / 10_000 / (1.0 if unit is None else unit.factor)


def _value(value: float, ground: float) -> Cell:
    return float(value) if ground > 0 else None


def _row(value: float, ground: float) -> list[Cell]:
    return [float(100 * value / ground) if ground > 0 else None, float(value), float(ground)]


def _coverage(zones: Zones, together: float, everywhere: int, each: np.ndarray) -> list[str]:
    """What lies in no zone, and in several."""
    said = []
    if everywhere and everywhere - together > _WORTH_SAYING * everywhere:
        said.append(f"{1 - together / everywhere:.2%} of the scene's pixels lie in no zone.")
    twice = float(each.sum()) - together
    if twice > _WORTH_SAYING * max(together, 1.0):
        said.append(
            f"Zones overlap: {twice / together:.2%} of their pixels are counted in more than one of them; in the row "
            f"of {ALL} each counts once."
        )
    return said


def _counts(
    topics: tuple[str, ...],
    per: Unit | None,
    zones: Zones,
    scene: Scene,
    source: StackSegmenter,
    limits: Limits,
) -> _Found:
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
    said += _coverage(zones, whole_ground[1][0], host.ground.valid_pixels, ground[1])
    several = sum(each.several for each in found)
    if several:
        name = " or ".join(topic_of(topic).many for topic in topics)
        said.append(
            f"{several:,} {name} lie in more than one zone and are counted in each; in the row of {ALL} they count "
            "once."
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
    drawn = list(zip(topics, shapes, strict=True))
    run = _not_run(
        scene, drawn, tuple(host.topics), tuple(host.seen), host.ground.valid_pixels, host.ground.judged
    )
    return _Found(columns, rows[0], rows[1][0], said, run)


def _ground(zones: Zones, host: Host) -> tuple[np.ndarray, np.ndarray]:
    """(N,) m² (pixels where no scale is known) and (N,) pixels of the zones' ground that counts."""
    from planimeter.raster.pixel_areas import area_of_runs
    from planimeter.spatial.runs import intersect

    counting = host.ground.counting_runs
    runs, of = (
        (zones.runs, np.arange(len(zones.runs))) if counting is None else intersect(zones.runs, counting)
    )
    y, x0, x1 = runs.rows()
    owner = zones.owner[of]
    pixels = np.bincount(owner, weights=x1 - x0, minlength=len(zones))
    area = host.ground.pixel_area
    if area is None:
        return pixels, pixels
    return np.bincount(owner, weights=area_of_runs(area, y, x0, x1), minlength=len(zones)), pixels


# --- a program for each zone --------------------------------------------------------------------------------------


def _one_by_one(
    program: Program,
    question: str,
    scene: Scene,
    source: StackSegmenter,
    zones: Zones,
    limits: Limits | None,
    full_python: bool,
) -> _Found:
    known = Known()
    whole = zones.together()
    reasons: dict[str, int] = {}

    def measured(area: AreaOfInterest | None) -> Answer | None:
        if area is None:
            return None
        try:
            return answer_from(program, question, scene, source, limits, full_python, area, known)
        except NotMeasurable as reason:
            reasons[str(reason)] = reasons.get(str(reason), 0) + 1
            return None

    together = measured(whole.area(0))
    each_zone = with_progress(range(len(zones)), len(zones), "measuring zones", "zone")
    found = [measured(zones.area(k)) for k in each_zone]
    answers = [each for each in (together, *found) if each is not None]
    if not answers:
        raise NotMeasurable(next(iter(reasons), "No zone covers a pixel of the scene; give larger zones."))
    first = answers[0]
    if first.type not in ("number", "yes/no", "category"):
        raise NotMeasurable(
            "A table for each zone is more than one table can hold; ask for one number, a yes or no, or a category."
        )
    kind = {"number": "number", "yes/no": "yes/no"}.get(first.type, "text")
    if first.type == "number" and all(isinstance(each.answer, int) for each in answers):
        kind = "count"
    ground = first.run.scale is not None
    share = program.meaning if isinstance(program.meaning, Share) and program.meaning.of_image else None
    name = value_name(program.meaning, first.type)
    columns = [Column(name, first.unit, kind)]
    symbol = "ha" if ground else "pixels"
    columns += [Column("area", symbol), Column("zone area", symbol)] if share is not None else []

    def row(answer: Answer | None) -> list[Cell]:
        if answer is None:
            return [None] * len(columns)
        value: Any = answer.answer
        if share is None:
            return [value]
        size = answer.run.valid_hectares if ground else float(answer.run.valid_pixels)
        return [value, float(value) / 100 * (size or 0.0), size]

    warnings = [] if together is None else list(together.warnings)
    pixels = [0 if each is None else each.run.valid_pixels for each in found]
    if together is not None and known.ground is not None:
        warnings += _coverage(
            zones, together.run.valid_pixels, known.ground.all_pixels, np.array(pixels, dtype=np.float64)
        )
    for reason, count in reasons.items():
        warnings.append(f"{count:,} zone{' has' if count == 1 else 's have'} no value: {reason}")
    if together is not None:
        warnings.append(f"The row of {ALL} was measured over all of them at once; it need not be their sum.")
    first.run.evidence.area = None
    rows = [row(each) for each in found]
    run = first.run if together is None else together.run
    return _Found(columns, rows, row(together), warnings, run)
