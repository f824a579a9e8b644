"""Answers of several dates of one place: a row for each date, a CSV file and a chart."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from planimeter.answer.charts import lines, stacked
from planimeter.answer.zone_programs import name_of
from planimeter.answer.zone_unsure import NOT_SURE
from planimeter.atomic import write_whole
from planimeter.errors import SceneError, shown_name
from planimeter.raster.acquired import acquired
from planimeter.scale.batch.headers import Opened
from planimeter.scale.batch.rows import Row, hidden_in, unsure_of
from planimeter.table import Cell, Column, Table

_WORTH_SAYING = 0.5  # per cent of the ground


def dated(opened: Opened) -> Opened:
    """A scene with the day on which it was taken; one that nothing dates has a problem."""
    if opened.scene is None or opened.problem is not None:
        return opened
    found = acquired(opened.scene)
    if found is None:
        problem = SceneError(
            f"Nothing says on which day {shown_name(opened.scene.name)} was taken: put the day into its name, as in "
            "scene_2021-06-04.tif."
        )
        return replace(opened, problem=problem)
    said = () if "made" not in found.source else (f"Its day is that of {found.source}.",)
    return replace(opened, day=found.day.isoformat(), why=(*opened.why, *said))


def days_of(scenes: Sequence[Opened], numbers: Sequence[int]) -> dict[str, list[int]]:
    """The numbers of scenes by their day, in order of time."""
    found: dict[str, list[int]] = {}
    for number in numbers:
        found.setdefault(scenes[number].day, []).append(number)
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class OfDate:
    """What one date gave.

    Attributes:
        day: as ISO 8601 writes it.
        value: a number, a word, a table or a place; None where nothing can be said.
        kind: its type.
        unit: of a number.
        why: why there is no value; how units were combined otherwise.
        used: rows of the units of ground that it rests on.
        scenes: rows of the scenes of that date.
    """

    day: str
    value: Any
    kind: str | None
    unit: str | None
    why: str
    used: list[Row]
    scenes: list[Row]


def date_table(dates: Sequence[OfDate], meaning: Any, metric: bool) -> tuple[Table, list[str]]:
    """The table of all dates, and sentences on what is missing or uncertain.

    Args:
        dates: in order of time.
        meaning: what was asked, where that is known.
        metric: whether every scene has a scale.
    """
    notes = []
    doubts = [unsure_of(date.used, metric)[0] for date in dates]
    doubted = any(doubt is not None for doubt in doubts)
    clouded = any(row.get("own_pixels") for date in dates for row in date.scenes)
    kind = next((date.kind for date in dates if date.kind is not None), None) or "number"
    unit = next((date.unit for date in dates if date.unit is not None), None)
    inner = next((date.value.columns for date in dates if isinstance(date.value, Table)), None)
    if inner is None:
        whole = all(isinstance(date.value, int) for date in dates if date.value is not None)
        shape = "count" if kind == "number" and whole else kind if kind in ("number", "yes/no") else "text"
        inner = (Column(name_of(meaning, kind), unit, shape),)
    ground = Column("seen", "ha") if metric else Column("seen", "pixels", "count")
    tail: tuple[Column, ...] = (Column(NOT_SURE, "%"),) if doubted else ()
    tail += (Column("hidden", "%"),) if clouded else ()
    rows: list[tuple[Cell, ...]] = []
    most = 0.0
    for date, doubt in zip(dates, doubts, strict=True):
        seen = sum(row["valid_pixels"] for row in date.used)
        value = date.value if seen else None
        if value is None:
            reason = (
                date.why if seen or not date.used else "clouds or missing data leave nothing of that date."
            )
            notes.append(f"{date.day} has no value: {reason}")
        size = sum(row["valid_hectares"] for row in date.used) if metric else seen
        hidden = hidden_in(*date.scenes)
        most = max(most, hidden or 0.0)
        share = None if doubt is None else 100 * doubt
        end = (size, *((share,) if doubted else ()), *((hidden,) if clouded else ()))
        if isinstance(value, Table):
            rows += [(date.day, *row, *end) for row in value.rows]
        else:
            cell = value.get("words", "") if isinstance(value, dict) else value
            rows.append((date.day, cell, *[None] * (len(inner) - 1), *end))
    if most > _WORTH_SAYING and kind == "number" and unit != "%":
        notes.append(
            "Clouds hide a part of some dates: an area or a number is of the ground that was seen, so compare dates by "
            "shares, or those of which little is hidden."
        )
    return Table((Column("date", kind="text"), *inner, ground, *tail), tuple(rows)), notes


def write_dates(folder: Path, table: Table, reading: str) -> dict[str, Path]:
    """Write the table as CSV, and its numbers over time as a chart where there are several.

    Raises:
        UsageError: the folder cannot be written.
    """
    files = {"dates csv": write_whole(folder / "dates.csv", table.csv().encode())}
    chart = _chart(table, reading)
    path = folder / "dates.svg"
    if chart:
        files["dates chart"] = write_whole(path, chart.encode())
    else:
        path.unlink(missing_ok=True)
    return files


def _chart(table: Table, reading: str) -> str:
    """Numbers over time, a line that breaks where a date has none; empty where there is nothing to draw."""
    value, days = table.columns[1], table.column("date")
    numbers = [cell if isinstance(cell, int | float) else None for cell in table.column(value.name)]
    known = [number for number in numbers if number is not None]
    if value.kind not in ("number", "count") or len(known) < 2 or len(set(days)) < len(days):
        return ""
    points = [
        (datetime.date.fromisoformat(str(day)).toordinal(), float("nan") if number is None else float(number))
        for day, number in zip(days, numbers, strict=True)
    ]
    low, high = min(known), max(known)
    room = (high - low) * 0.08 or abs(high) * 0.08 or 1.0
    bottom = 0.0 if low >= 0 and low < 0.6 * high else low - room
    return stacked(
        [
            lines(
                [(value.name, points)],
                reading.rstrip("."),
                "",
                value.heading,
                low=bottom,
                high=high + room,
                named=lambda day: datetime.date.fromordinal(int(day)).isoformat(),
                width=640,
            )
        ],
        width=640,
    )
