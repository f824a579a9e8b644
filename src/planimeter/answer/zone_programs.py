"""Every other question by zone: its program runs once for each, as for an area of interest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.answer.answer import Answer, answer_from
from planimeter.answer.zone_counts import ground_of
from planimeter.answer.zone_unsure import unsure_in
from planimeter.answer.zone_values import ALL, ByZone, coverage
from planimeter.coder import Program
from planimeter.errors import NotMeasurable
from planimeter.meaning.emit import emit
from planimeter.meaning.record import replace
from planimeter.meaning.records import Histogram, IndexOf, Share, Together
from planimeter.meaning.together import side_by_side
from planimeter.place import Place
from planimeter.program import Limits
from planimeter.program.loading import Known
from planimeter.progress import with_progress
from planimeter.raster import Scene
from planimeter.segment import StackSegmenter
from planimeter.spatial.zones import Zones
from planimeter.table import Cell, Column, Table
from planimeter.vocabulary.units import HECTARE, Measure, unit_called

if TYPE_CHECKING:
    from planimeter.segment.dates import Earlier
    from planimeter.spatial.area import AreaOfInterest

Rows = list[list[Cell]]

_LISTED = "What lies in several zones is listed in each with its part there; a list has no row of all zones."
_MEASURED_AT_ONCE = "The row of {all} was measured over all of them at once; it need not be their sum."
_TABLES = (
    "The rows of {all} were measured over all of them at once: areas add up to them where zones do not overlap and "
    "cut nothing, shares, means and classes of whole things do not."
)


def by_programs(
    program: Program,
    question: str,
    scene: Scene,
    source: StackSegmenter,
    zones: Zones,
    limits: Limits | None = None,
    full_python: bool = False,
    before: Earlier | None = None,
) -> ByZone:
    """Run a program for all zones together and for each of them; the scene is looked at once.

    Args:
        program: written for an area of interest.
        question: what it answers.
        scene: the image.
        source: where masks come from.
        zones: on its grid.
        limits: what the program may use.
        full_python: as for ``answer_from``.
        before: the earlier date.

    Raises:
        NotMeasurable: no zone has anything to measure.
        PlanimeterError: as ``answer_from``.
    """
    known = Known()
    reasons: dict[str, int] = {}

    def measured(written: Program, area: AreaOfInterest | None) -> Answer | None:
        if area is None:
            return None
        try:
            return answer_from(
                written, question, scene, source, limits, full_python, area, known, before, compared=False
            )
        except NotMeasurable as reason:
            reasons[str(reason)] = reasons.get(str(reason), 0) + 1
            return None

    together = measured(program, zones.together().area(0))
    program = _with_classes(program, together, scene, source)
    each_zone = with_progress(range(len(zones)), len(zones), "measuring zones", "zone")
    found = [measured(program, zones.area(k)) for k in each_zone]
    there = [each for each in (together, *found) if each is not None]
    if not there:
        raise NotMeasurable(next(iter(reasons), "No zone covers a pixel of the scene; give larger zones."))
    metric = there[0].run.scale is not None
    columns, rows_of, kind, note = _form(program, there, metric)
    # A list has no row for what is not there.
    rows = [[] if kind == "list" and each is None else _rows(each, rows_of, len(columns)) for each in found]
    # What nothing can be measured in is still ground, so a zone's is that of the scene, not of its run.
    all_zones = zones.together(drawn=False)
    nothing = np.zeros(len(zones)), np.zeros(len(zones))
    ground, pixels = nothing if known.ground is None else ground_of(zones, known.ground)
    whole = (np.zeros(1), np.zeros(1)) if known.ground is None else ground_of(all_zones, known.ground)
    warnings = [] if together is None else list(together.warnings)
    if together is not None and known.ground is not None:
        warnings += coverage(float(whole[1][0]), known.ground.all_pixels, pixels)
    for reason, count in reasons.items():
        warnings.append(f"{count:,} zone{' has' if count == 1 else 's have'} no value: {reason}")
    if kind == "list":
        empty = sum(not each for each in rows)
        if empty:
            warnings.append(f"{empty:,} zone{' has' if empty == 1 else 's have'} none of them.")
    if together is not None:
        warnings.append(note.format(all=ALL))
    run = (together or there[0]).run
    unsure = None
    if together is not None and known.ground is not None:
        asked = together.run.topics
        doubted = {topic: known.unsure[topic] for topic in asked if topic in known.unsure}
        area = known.ground.pixel_area
        unsure = unsure_in(zones, doubted, asked, area, ground, float(whole[0][0]))
    run.evidence.area = None
    if kind == "list":
        rows = _numbered(rows)
        run.evidence.counted, run.evidence.rows = _listed(found)
        run.evidence.source = "answer"
    return ByZone(
        columns,
        rows,
        [] if kind == "list" else _rows(together, rows_of, len(columns)),
        pixels,
        ground / 10_000 if metric else None,
        (float(whole[1][0]), float(whole[0][0]) / 10_000 if metric else None),
        warnings,
        run,
        kind,
        unsure,
    )


def _rows(answer: Answer | None, rows_of: Callable[[Answer], Rows], count: int) -> Rows:
    """The rows of one zone; one of empty cells where nothing was measured."""
    return [[None] * count] if answer is None else rows_of(answer)


def _form(
    program: Program, there: Sequence[Answer], metric: bool
) -> tuple[list[Column], Callable[[Answer], Rows], str, str]:
    """The columns of the table, what gives the rows of one answer, the type, and what to say of all zones."""
    if any(each.type == "place" for each in there):
        degrees = any(isinstance(each.answer, Place) and each.answer.longitude is not None for each in there)
        columns = _place_columns(program, there, metric, degrees)
        return columns, lambda answer: _places(answer, columns), "table", _MEASURED_AT_ONCE
    tables = [each for each in there if isinstance(each.answer, Table)]
    if isinstance(program.meaning, Together) and tables:
        meaning = program.meaning

        def side(answer: Answer) -> Table:
            assert isinstance(answer.answer, Table)
            return side_by_side(meaning, answer.answer)

        return (
            list(side(tables[0]).columns),
            lambda answer: [list(side(answer).rows[0])],
            "table",
            _MEASURED_AT_ONCE,
        )
    if tables:
        listed = any(each.type == "list" for each in tables)
        columns = _columns_of([each.answer for each in tables if isinstance(each.answer, Table)])
        names = [column.name for column in columns]

        def lines(answer: Answer) -> Rows:
            assert isinstance(answer.answer, Table)
            return [[record.get(name) for name in names] for record in answer.answer.records()]

        return columns, lines, "list" if listed else "table", _LISTED if listed else _TABLES
    columns, row = _numbers(program, there, metric)
    return columns, lambda answer: [row(answer)], "table", _MEASURED_AT_ONCE


# --- numbers, yes or no, words


def _numbers(
    program: Program, there: Sequence[Answer], metric: bool
) -> tuple[list[Column], Callable[[Answer], list[Cell]]]:
    first = there[0]
    kind = {"number": "number", "yes/no": "yes/no"}.get(first.type, "text")
    if first.type == "number" and all(isinstance(each.answer, int) for each in there):
        kind = "count"
    share = program.meaning if isinstance(program.meaning, Share) and program.meaning.of_image else None
    columns = [Column(name_of(program.meaning, first.type), first.unit, kind)]
    symbol = "ha" if metric else "pixels"
    columns += [Column("area", symbol), Column("zone area", symbol)] if share is not None else []

    def row(answer: Answer) -> list[Cell]:
        value: Any = answer.answer
        if share is None:
            return [value]
        size = answer.run.valid_hectares if metric else float(answer.run.valid_pixels)
        return [value, float(value) / 100 * (size or 0.0), size]

    return columns, row


def name_of(meaning: Any, kind: str) -> str:
    """What the column of values is called.

    Args:
        meaning: what was asked, where that is known.
        kind: type of the answer.

    >>> name_of(None, "yes/no"), name_of(None, "number")
    ('answer', 'value')
    """
    if kind != "number":
        return "answer"
    if isinstance(meaning, IndexOf):
        return f"{meaning.statistic} {meaning.index}"
    known = {
        "SizeOf": "area",
        "Portion": "share",
        "PerItem": "amount",
        "ImageArea": "area",
        "Changed": "area",
        "NetChange": "change",
        "Matched": "count",
        "Turnover": "area",
    }
    name = type(meaning).__name__ if meaning is not None else "value"
    if getattr(meaning, "percent", False):
        return "share" if name != "NetChange" else "change"
    if name == "Matched" and meaning.by == "area":
        return "area"
    return known.get(name, name.lower())


# --- tables and lists


def _columns_of(tables: Sequence[Table]) -> list[Column]:
    """The columns of several tables of one program, in the order of the longest."""
    widest = max(tables, key=lambda table: (bool(table.rows), len(table.columns)))
    columns = {column.name: column for column in widest.columns}
    for table in tables:
        for column in table.columns if table.rows else ():
            known = columns.setdefault(column.name, column)
            if known.kind == "count" and column.kind == "number":  # whole numbers in one zone by chance
                columns[column.name] = column
    return list(columns.values())


def _with_classes(program: Program, together: Answer | None, scene: Scene, source: StackSegmenter) -> Program:
    """A histogram whose classes nobody named, in those that suit all zones together: zones then compare."""
    meaning = program.meaning
    if not isinstance(meaning, Histogram) or meaning.width is not None or together is None:
        return program
    table = together.answer
    if not isinstance(table, Table) or not table.rows:
        return program
    low, high = table.column("from")[0], table.column("to")[0]
    unit = unit_called(table.columns[0].unit or "") or HECTARE
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    scale = scene.scale
    return emit(
        replace(meaning, width=Measure(float(high) - float(low), unit), unit=unit),
        source.topics,
        program.coder,
        scale is None or scale.by_pixels,
        source.layered,
        area=True,
        metric=scale is not None,
    )


def _numbered(rows: list[Rows]) -> list[Rows]:
    """Rows of lists with numbers of their own from the first zone to the last."""
    number = 0
    found = []
    for zone in rows:
        found.append([[number + k, *row[1:]] for k, row in enumerate(zone, start=1)])
        number += len(zone)
    return found


def _listed(found: Sequence[Answer | None]) -> tuple[list[tuple[str, Any]], list[list[int]]]:
    """The listed shapes of all zones, with the numbers of their rows."""
    counted, numbers, before = [], [], 0
    for answer in found:
        if answer is None or not isinstance(answer.answer, Table):
            continue  # no row either
        evidence = answer.run.evidence
        if answer.run.listed:
            for entry, rows in zip(evidence.counted, evidence.rows, strict=True):
                counted.append(entry)
                numbers.append([before + row for row in rows])
        before += len(answer.answer)
    return counted, numbers


# --- places


def _place_columns(program: Program, there: Sequence[Answer], metric: bool, degrees: bool) -> list[Column]:
    """Of places: where they lie in words, how large what lies there is, and their coordinates."""
    named = {column.name: column for column in program.columns}
    columns = [Column("place", None, "text")]
    columns += [named.get("area", Column("area", "ha"))] if metric else [Column("pixels", "count", "count")]
    apart = any(isinstance(each.answer, Place) and each.answer.distance_meters is not None for each in there)
    columns += [Column("distance", "m")] if apart else []
    columns += [Column("x", "px"), Column("y", "px")]
    return columns + ([Column("longitude", "°"), Column("latitude", "°")] if degrees else [])


def _places(answer: Answer, columns: Sequence[Column]) -> Rows:
    """A row for the place; several where they are exactly equal."""
    if isinstance(answer.answer, Table):
        return [[record.get(column.name) for column in columns] for record in answer.answer.records()] or [
            [None] * len(columns)
        ]
    place = answer.answer
    assert isinstance(place, Place)
    unit = next((unit_called(column.unit or "") for column in columns if column.name == "area"), None)
    hectares = place.area_hectares
    cells: dict[str, Cell] = {
        "place": place.words,
        "area": None if hectares is None or unit is None else hectares / unit.factor,
        "pixels": None if place.area_pixels is None else int(place.area_pixels),
        "distance": place.distance_meters,
        "x": place.x,
        "y": place.y,
        "longitude": place.longitude,
        "latitude": place.latitude,
    }
    return [[cells[column.name] for column in columns]]
