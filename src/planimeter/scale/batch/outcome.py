"""What came out of a batch: the rows of its units combined to one answer, and the files that say where it is from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import planimeter
from planimeter.answer.unsure import unsure_sentences
from planimeter.atomic import write_whole
from planimeter.coder import Program
from planimeter.errors import NotMeasurable, PlanimeterError
from planimeter.meaning.combine_plan import Measured, Plan, Value, plan_without
from planimeter.scale.batch.answer import BatchAnswer
from planimeter.scale.batch.by_date import OfDate, date_table, write_dates
from planimeter.scale.batch.headers import Opened, unknown_notes
from planimeter.scale.batch.layout import GroundUnit
from planimeter.scale.batch.options import Options
from planimeter.scale.batch.rows import KEPT, Row, cells, error_of, lacks, unsure_of
from planimeter.scale.batch.tables import write_shapes, write_table, write_timings
from planimeter.scale.batch.tasks import Programs
from planimeter.scale.batch.zone_table import ZoneFile, read_zone_file, table_by_zone, write_zone_files
from planimeter.table import Column, Table

_UNLIKE = (
    "The question reads differently with what the maps of different scenes know, so their numbers cannot be combined; "
    "ask them apart."
)


@dataclass
class BatchOutcome:
    """A batch in which everything has been measured.

    Attributes:
        question: as it was asked.
        folder: where its files go.
        options: how it was run.
        metric: whether all scenes have a scale.
        scenes: all that were given.
        programs: of each scene, or why it has none.
        rows: of each scene.
        units: the pieces of ground that are combined.
        unit_rows: of each unit.
        plans: how each program's answers are combined.
        notes: what was left out so far; more are added.
    """

    question: str
    folder: Path
    options: Options
    metric: bool
    scenes: list[Opened]
    programs: list[Programs | PlanimeterError]
    rows: list[Row]
    units: list[GroundUnit]
    unit_rows: list[Row]
    plans: list[Plan]
    notes: list[str]

    def answer(self) -> BatchAnswer:
        """Combine, and write tables, shapes and the answer into the folder.

        Raises:
            PlanimeterError: no scene could be answered.
        """
        answered = sum(row["exit_code"] == 0 for row in self.rows)
        never_ran = [isinstance(made, PlanimeterError) for made in self.programs]
        failed: list[Row] = []
        nothing: list[Row] = []
        for row, never in zip(self.rows, never_ran, strict=True):
            if row["error"] is not None:
                (failed if never or row["exit_code"] not in KEPT else nothing).append(row)
        if nothing:
            self.notes.append(
                f"Scenes without an answer of their own: {len(nothing)}; the first says: {nothing[0]['error']}"
            )
        if failed:
            self.notes.append(
                f"Scenes that failed and are not in the answer: {len(failed)}; the first says: {failed[0]['error']}"
            )
        everything = list(range(len(self.unit_rows)))
        value, kind, measure, how, used = self._by_date() if self.options.by else self._combined(everything)
        main = next((made.main for made in self.programs if isinstance(made, Programs)), None)
        files = self._write_tables()
        if main is not None and self.options.zones is not None and self.plans and used:
            value, kind, measure = self._by_zone(main, used), "table", None
            files |= write_zone_files(self.folder, value, self.zone_file)
        shapes = self._write_shapes(main.text if main else "")
        if shapes is not None:
            files["shapes"] = shapes
        if self.options.by and isinstance(value, Table):
            files |= write_dates(self.folder, value, main.reading if main else self.question)
        # The ground of several dates is no sum.
        hectares: list[Any] = [None if self.options.by else row["valid_hectares"] for row in used]
        answer = BatchAnswer(
            question=self.question,
            answer=value,
            type=kind,
            unit=measure,
            reading=self._reading(main),
            how=how,
            scenes=len(self.rows),
            answered=answered,
            units=len(used),
            valid_hectares=None if None in hectares else float(sum(hectares)),
            valid_pixels=sum(row["valid_pixels"] for row in used),
            notes=list(dict.fromkeys(self.notes + self._cautions() + self._unsure(used))),
            coder=main.coder if main else "",
            program=main.text if main else "",
            version=planimeter.__version__,
            files=files,
        )
        answer.files["answer"] = self.folder / "answer.json"
        write_whole(answer.files["answer"], (answer.to_json() + "\n").encode())
        write_timings(
            self.folder / "timings.csv",
            [
                (opened.found.shown, row["seconds"])
                for opened, row in zip(self.scenes, self.rows, strict=True)
            ],
        )
        if not answered and value is None:
            first_error = error_of(next(row for row in self.rows if row["error"] is not None))
            raise type(first_error)(f"{_none_of(len(self.rows), files['scenes csv'])}: {first_error}")
        return answer

    def _by_date(self) -> tuple[Table | None, str | None, str | None, str, list[Row]]:
        """The same of every date by itself, as a table."""
        firsts = {number: unit.scenes[0] for number, unit in enumerate(self.units)}
        of_units: dict[str, list[int]] = {}
        for number in sorted(firsts, key=lambda n: self.scenes[firsts[n]].day):
            of_units.setdefault(self.scenes[firsts[number]].day, []).append(number)
        dates = []
        for day, units in of_units.items():
            value, kind, measure, how, used = self._combined(units)
            rows = [self.rows[n] for n, opened in enumerate(self.scenes) if opened.day == day]
            if value is None and not used:
                how = next((row["error"] for row in rows if row["error"]), how)
            dates.append(OfDate(day, value, kind, measure, how, used, rows))
        if not dates:
            return None, None, None, "There is nothing to combine.", []
        meaning = next((made.main.meaning for made in self.programs if isinstance(made, Programs)), None)
        table, notes = date_table(dates, meaning, self.metric)
        self.notes += notes
        hows = dict.fromkeys(date.why for date in dates if date.value is not None and len(date.used) > 1)
        how = " ".join(["Every date stands for itself.", *hows])
        return table, "table", None, how, [row for date in dates for row in date.used]

    def _combined(
        self, units: list[int]
    ) -> tuple[Value | dict[str, Any] | None, str | None, str | None, str, list[Row]]:
        """Answer, type, unit, how it was combined, and the rows of the units that it rests on."""
        there = [number for number in units if self.unit_rows[number]["values"] is not None]
        rows = [self.unit_rows[number] for number in there]
        if not self.plans or not there:
            return None, None, None, "There is nothing to combine.", []
        plan = self.plans[0]
        typed = next((row for row in rows if row["answer"] is not None), None)
        kind, measure = (typed["type"], typed["unit"]) if typed else (None, None)
        if len(there) == 1 and len(units) == 1:
            (only,) = rows
            self._note_unknown(plan, there)
            return _read_back(only), kind, measure, only["error"] or "All scenes together are one unit.", rows
        if plan.refusal is None and not all(plan.agrees(other) for other in self.plans):
            return None, kind, measure, _UNLIKE, rows
        there = [n for n in there if not lacks(plan, self.unit_rows[n], self._unknown(plan, n))]
        used = [self.unit_rows[number] for number in there]
        if len(used) < len(units):
            out = len(units) - len(used)
            self.notes.append(
                f"{out} unit{'s' * (out > 1)} of ground {'are' if out > 1 else 'is'} not in the combined answer."
            )
        if not used:
            return None, kind, measure, "There is nothing to combine.", []
        self._note_unknown(plan, there)
        measured = [Measured(tuple(row["values"]), self._valid(row)) for row in used]
        try:
            value = plan.combine(measured)
        except NotMeasurable as refusal:
            return None, kind, measure, str(refusal), used
        if left := plan.left_out(measured):
            self.notes.append(
                f"{left:,} of {len(used):,} units of ground have some of what the question speaks of, but not all that "
                "it takes to measure it; the combined answer is without these."
            )
        return (
            value,
            kind
            or ("table" if isinstance(value, Table) else "category" if isinstance(value, str) else "number"),
            measure,
            plan.how,
            used,
        )

    def _by_zone(self, main: Program, used: list[Row]) -> Table:
        """The table of all zones, combined in each as the units are."""
        plan = self.plans[0]
        if not all(plan.agrees(other) for other in self.plans):
            plan = plan_without(_UNLIKE)
        grids = {str(opened.scene.crs): opened.scene for opened in self.scenes if opened.scene is not None}
        planar = [scene.crs for scene in grids.values() if scene.scale is not None and scene.scale.by_pixels]
        crs = planar[0] if len(grids) == 1 and planar and planar[0] is not None else None
        crs = crs if crs is not None and crs.is_projected else None
        table, notes = table_by_zone(self.zone_file, used, plan, main, self.metric, crs)
        self.notes += notes
        return table

    @cached_property
    def zone_file(self) -> ZoneFile:
        """All zones that are asked for."""
        source = self.options.zone_source
        assert source is not None
        return read_zone_file(source)

    def _reading(self, main: Program | None) -> str:
        if main is None:
            return ""
        if self.options.zones is None:
            return main.reading
        exact = self.options.border == "exact"
        how = "each pixel by the share that a zone covers" if exact else "each pixel where its centre lies"
        return f"{main.reading} For each of {len(self.zone_file.names):,} zones, {how}."

    def _unknown(self, plan: Plan, unit: int) -> set[str]:
        """Land covers that no map of a unit knows."""
        known = [opened.topics for opened in measured_of(self.units[unit], self.scenes, self.rows)]
        return {topic for topic in plan.covers.values() if not any(topic in topics for topics in known)}

    def _note_unknown(self, plan: Plan, units: list[int]) -> None:
        scenes = [
            opened for unit in units for opened in measured_of(self.units[unit], self.scenes, self.rows)
        ]
        self.notes += unknown_notes(tuple(plan.covers.values()), scenes)

    def _valid(self, row: Row) -> float:
        return float(row["valid_hectares"] if self.metric else row["valid_pixels"])

    def _unsure(self, used: Sequence[Row]) -> list[str]:
        """On how much of the ground the model is not sure."""
        return unsure_sentences(unsure_of(used, self.metric)[1])

    def _cautions(self) -> list[str]:
        """What units caution of, each once, with how many say so."""
        counts: dict[str, int] = {}
        for row in self.unit_rows:
            for sentence in row["cautions"]:
                counts[sentence] = counts.get(sentence, 0) + 1
        total = len(self.unit_rows)
        return [text if count == total else f"{text} ({count} of {total})" for text, count in counts.items()]

    def _write_tables(self) -> dict[str, Path]:
        unit_of = {scene: number for number, unit in enumerate(self.units, start=1) for scene in unit.scenes}
        rows = []
        for number, (opened, row) in enumerate(zip(self.scenes, self.rows, strict=True)):
            rows.append(
                {"scene": opened.found.shown, "unit": unit_of.get(number)}
                | ({"date": opened.day or None} if self.options.by else {})
                | cells(row, _text_of(self.programs[number]), opened.fingerprint)
            )
        units = []
        for number, (unit, row) in enumerate(zip(self.units, self.unit_rows, strict=True), start=1):
            first = unit.scenes[0]
            units.append(
                {"unit": number, "scene": self.scenes[first].found.shown, "scenes": len(unit.scenes)}
                | ({"date": self.scenes[first].day} if self.options.by else {})
                | cells(row, _text_of(self.programs[first]), self.scenes[first].fingerprint)
            )
        return write_table(self.folder, "scenes", rows) | write_table(self.folder, "units", units)

    def _write_shapes(self, program: str) -> Path | None:
        placed = [
            row["shapes"]
            for unit, row in zip(self.units, self.unit_rows, strict=True)
            if row.get("shapes") and self.scenes[unit.scenes[0]].footprint is not None
        ]
        loose = sum(bool(row.get("shapes")) for row in self.unit_rows) - len(placed)
        if loose and placed:
            self.notes.append(
                f"The shapes of {loose} scenes without a georeference are in the shapes folder only."
            )
        if not placed:
            return None
        provenance = {"question": self.question, "program": program, "version": planimeter.__version__}
        return write_shapes(
            self.folder / "shapes.parquet", [self.folder / "shapes" / name for name in placed], provenance
        )


def measured_of(unit: GroundUnit, scenes: Sequence[Opened], rows: Sequence[Row]) -> list[Opened]:
    """The scenes of a unit that did not fail."""
    return [scenes[n] for n in unit.scenes if rows[n]["exit_code"] in KEPT]


def _read_back(row: Row) -> Any:
    """The answer of a row, a table made of its records again."""
    if row["answer"] is None or not row.get("columns"):
        return row["answer"]
    columns = tuple(Column(**column) for column in row["columns"])
    return Table(columns, tuple(tuple(line[column.name] for column in columns) for line in row["answer"]))


def _text_of(programs: Programs | PlanimeterError) -> str:
    return "" if isinstance(programs, PlanimeterError) else programs.main.text


def _none_of(scenes: int, table: Path) -> str:
    """What stands before the first scene's error where no scene was answered."""
    if scenes == 1:
        return f"The scene could not be answered, see {table}; it says"
    return f"None of the {scenes:,} scenes could be answered, see {table}; the first says"
