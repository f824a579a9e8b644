"""A batch from beginning to end: scenes → programs → tasks on a cluster → ledger → tables and one answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import planimeter
from planimeter.answer.unsure import unsure_sentences
from planimeter.atomic import write_whole
from planimeter.coder import Program, stated_gsd
from planimeter.errors import NotMeasurable, PlanimeterError, UsageError
from planimeter.meaning.combine import Measured, Plan, Value, plan_without
from planimeter.progress import with_progress
from planimeter.scale.batch.by_date import OfDate, date_table, dated, days_of, write_dates
from planimeter.scale.batch.joined import joined_scene
from planimeter.scale.batch.layout import GroundUnit, lay_out
from planimeter.scale.batch.ledger import Ledger, key_of
from planimeter.scale.batch.measure import (
    Programs,
    SceneTask,
    UnitTask,
    masks_file,
    measure_scene,
    measure_unit,
    shapes_file,
)
from planimeter.scale.batch.prepare import (
    Opened,
    Options,
    Writer,
    common_topics_before,
    open_all,
    unknown_notes,
)
from planimeter.scale.batch.rows import Row, cells, error_of, failed_row, lacks, row_of, unsure_of
from planimeter.scale.batch.sources import find_scenes
from planimeter.scale.batch.tables import write_shapes, write_table, write_timings
from planimeter.scale.batch.zone_table import ZoneFile, read_zone_file, table_by_zone, write_zone_files
from planimeter.scale.cluster import connect
from planimeter.table import Column, Table
from planimeter.vocabulary.grouping import NO_ZONES, grouped

Task = SceneTask | UnitTask

_FEW = 2  # tasks that are sooner done here than other processes are started
_UNLIKE = (
    "The question reads differently with what the maps of different scenes know, so their numbers cannot be combined; "
    "ask them apart."
)
_KEPT = (0, 4)  # exit codes of results that another try would not change


@dataclass(frozen=True)
class BatchAnswer:
    """One answer for many scenes, and the files that say where it comes from.

    Attributes:
        question: as it was asked.
        answer: a number, "yes" or "no", a category, a table, or a place of a single scene (an object); None where the
            scenes cannot be combined.
        type: "number", "yes/no", "category", "table", "list" or "place".
        unit: of a number.
        reading: how the question was understood.
        how: how the scenes were combined, or why not, in one sentence.
        scenes: how many were given, each once.
        answered: how many of them were measured.
        units: how many pieces of ground were combined; joined scenes are one.
        valid_hectares: ground that the answer rests on; None without a scale.
        valid_pixels: pixels that it rests on.
        notes: what was left out, joined or is uncertain, one sentence each.
        coder: who wrote the program.
        program: the program, as it ran on the first scene.
        version: of Planimeter.
        files: what was written, by kind.
    """

    question: str
    answer: Value | dict[str, Any] | None
    type: str | None
    unit: str | None
    reading: str
    how: str
    scenes: int
    answered: int
    units: int
    valid_hectares: float | None
    valid_pixels: int
    notes: list[str]
    coder: str
    program: str
    version: str
    files: dict[str, Path]

    def __str__(self) -> str:
        """The answer with its unit, or that there is none."""
        if self.answer is None:
            return "not combined"
        if isinstance(self.answer, dict):
            return str(self.answer.get("words", ""))
        if isinstance(self.answer, str | Table):
            return str(self.answer)
        number = f"{self.answer:,}" if isinstance(self.answer, int) else f"{self.answer:,.6g}"
        return number if self.unit in (None, "count") else f"{number} {self.unit}"

    def to_json(self) -> str:
        """The answer as one JSON object; ``files`` are names in the batch's folder."""
        content = asdict(self) | {"files": {kind: path.name for kind, path in self.files.items()}}
        if isinstance(self.answer, Table):
            content["answer"] = self.answer.records()
            content["columns"] = [asdict(column) for column in self.answer.columns]
        return json.dumps(content, ensure_ascii=False, indent=2)


def batch(
    question: str, scenes: Sequence[str], folder: str | Path, options: Options | None = None
) -> BatchAnswer:
    """Ask many scenes one question, and combine what they answer.

    What has been measured is kept in a ledger in ``folder``: the same call goes on where it was killed, and measures
    only what has changed.

    Several workers on this machine are processes: a script that calls this needs ``if __name__ == "__main__":``.

    Args:
        question: in English.
        scenes: image files, folders, patterns, lists, STAC files; see ``find_scenes``.
        folder: where tables, shapes and the ledger go; with a scheduler, a folder that all workers share.
        options: how it is run.

    Raises:
        PlanimeterError: no scene could be answered, or the first error with ``on_error="stop"``.

    >>> import tempfile
    >>> from planimeter.worlds import make_world
    >>> from planimeter.scale.batch import MapPatterns
    >>> place = Path(tempfile.mkdtemp())
    >>> worlds = [make_world(seed=seed, size=128) for seed in (1, 2)]
    >>> paths = [world.write(place / f"world{n}")["image"] for n, world in enumerate(worlds)]
    >>> maps = MapPatterns(("{folder}/labels.tif",), ("{folder}/legend.json",))
    >>> options = Options(maps, workers=1)
    >>> found = batch("What is the area of water in m2?", [str(path) for path in paths], place / "out", options)
    >>> found.answer == sum(float((world.labels == world.legend["water"][0]).sum()) * 0.25 for world in worlds)
    True
    """
    return _Batch(question, Path(folder), options or Options()).run(scenes)


class _Batch:
    """One batch; the methods follow each other."""

    def __init__(self, question: str, folder: Path, options: Options) -> None:
        plain, by = grouped(question)
        if by == "zone" and options.zones is None:
            raise UsageError(NO_ZONES)
        self.question = question
        #: What every scene is asked.
        self.asked = question if by is None else plain
        self.folder = folder
        self.options = replace(options, by="date") if by == "date" else options
        self.budget = options.budget
        self.notes: list[str] = []
        self.scenes: list[Opened] = []
        self.units: list[GroundUnit] = []
        self.rows: list[Row] = []
        self.unit_rows: list[Row] = []
        self.plans: list[Plan] = []
        self.metric = False

    def run(self, given: Sequence[str]) -> BatchAnswer:
        if self.options.by and self.options.zones is not None:
            raise UsageError(
                "Dates and zones are asked for at once, which no table holds: ask by date without zones, or by zone "
                "for the scenes of one date."
            )
        found, notes = find_scenes(given, self.options.asset)
        self.scenes, more = open_all(found, self.asked, self.options)
        if self.options.by:
            self.scenes = [dated(opened) for opened in self.scenes]
        self.notes += notes + more
        scales = [opened.scene.scale for opened in self.scenes if opened.scene is not None]
        self.metric = bool(scales) and all(scale is not None for scale in scales)
        sizes = {scale.gsd for scale in scales if scale is not None}
        writer = Writer(
            self.asked,
            self.options,
            self.metric,
            sizes.pop() if self.metric and len(sizes) == 1 else None,
            [opened.topics for opened in self.scenes if opened.problem is None],
            [record for opened in self.scenes for record in opened.brought],
            _exclusive_in_all([opened for opened in self.scenes if opened.problem is None]),
            tuple(dict.fromkeys(topic for opened in self.scenes for topic in opened.layered)),
        )
        programs = [self._programs(writer, opened) for opened in self.scenes]
        usable = [n for n, made in enumerate(programs) if isinstance(made, Programs)]
        self._lay_out(usable)
        with Ledger(self.folder / "ledger.sqlite") as ledger:
            tasks = self._scene_tasks(programs)
            results = self._measure(ledger, measure_scene, list(tasks.values()), "measuring", "scene")
            for number, made in enumerate(programs):
                failed = made if isinstance(made, PlanimeterError) else None
                self.rows.append(failed_row(failed) if failed else results[tasks[number].key])
            self._stop_at_error(self.rows)
            unit_tasks, refused = self._unit_tasks(tasks, writer)
            results = self._measure(ledger, measure_unit, list(unit_tasks.values()), "joining", "unit")
        for number, unit in enumerate(self.units):
            if number in unit_tasks:
                self.unit_rows.append(results[unit_tasks[number].key])
            else:
                self.unit_rows.append(refused.get(number, self.rows[unit.scenes[0]]))
        self._stop_at_error(self.unit_rows)
        return self._finish(programs)

    # --- what is to be done

    def _programs(self, writer: Writer, opened: Opened) -> Programs | PlanimeterError:
        if opened.problem is not None:
            return opened.problem
        try:
            made, plan = writer.programs(opened.topics, _by_pixels([opened]), opened.before_topics)
        except PlanimeterError as error:
            return error
        self.plans.append(plan)
        return made

    def _lay_out(self, usable: list[int]) -> None:
        if self.options.overlap == "keep":
            self.units = [GroundUnit([number]) for number in usable]
            return
        # Scenes of two dates show the same ground, and neither hides the other.
        groups = days_of(self.scenes, usable).values() if self.options.by else [usable]
        for group in groups:
            footprints = [self.scenes[number].footprint for number in group]
            units, notes = lay_out(footprints, self.options.most_joined)
            self.notes += notes
            self.units += [
                GroundUnit([group[n] for n in unit.scenes], [group[n] for n in unit.covered_by])
                for unit in units
            ]

    def _scene_tasks(self, programs: list[Programs | PlanimeterError]) -> dict[int, SceneTask]:
        plain = {unit.scenes[0] for unit in self.units if _is_plain(unit)}
        needed = {n for unit in self.units if not _is_plain(unit) for n in (*unit.scenes, *unit.covered_by)}
        several = (
            len({str(opened.scene.crs) for opened in self.scenes if opened.scene and opened.scene.crs}) > 1
        )
        form = "" if not self.options.shapes else "degrees" if several else "crs"
        tasks = {}
        for number, made in enumerate(programs):
            if isinstance(made, PlanimeterError):
                continue
            opened = self.scenes[number]
            task = SceneTask(
                key="",
                shown=opened.found.shown,
                path=str(opened.scene.path) if opened.scene else "",
                opening=self.options.opening,
                stated=stated_gsd(self.asked),
                maps=opened.maps,
                programs=made if number in plain else replace(made, parts=()),
                folder=str(self.folder.absolute()),
                keeps_masks=number in needed,
                shapes=form if number in plain else "",
                why=opened.why,
                zones=self.options.zone_source if number in plain else None,
                before=opened.before,
            )
            tasks[number] = replace(task, key=_key(task, opened.state, opened.fingerprint))
        return tasks

    def _unit_tasks(
        self, tasks: dict[int, SceneTask], writer: Writer
    ) -> tuple[dict[int, UnitTask], dict[int, Row]]:
        """Tasks of the units that are more than one scene as it is, without the scenes that failed.

        Returns:
            tasks by unit, and the rows of the units that cannot be asked at all.
        """
        form = "" if not self.options.shapes else "crs"
        several = (
            len({str(opened.scene.crs) for opened in self.scenes if opened.scene and opened.scene.crs}) > 1
        )
        made: dict[int, UnitTask] = {}
        refused: dict[int, Row] = {}
        for number, unit in enumerate(self.units):
            if _is_plain(unit):
                continue
            there = [n for n in unit.scenes if self.rows[n]["exit_code"] in _KEPT]
            if not there:
                continue
            opened = self._measured_of(number)
            try:
                topics = writer.joined_topics(opened)
                before = common_topics_before(opened)
                programs, plan = writer.programs(topics, _by_pixels(opened), before)
            except PlanimeterError as error:
                refused[number] = failed_row(error)
                continue
            self.plans.append(plan)
            if not plan.covers:
                self.notes += unknown_notes(topics, opened)
            task = UnitTask(
                key="",
                scenes=tuple(tasks[n] for n in there),
                covering=tuple(tasks[n] for n in unit.covered_by if self.rows[n]["exit_code"] in _KEPT),
                topics=topics,
                programs=programs,
                folder=str(self.folder.absolute()),
                shapes="degrees" if form and several else form,
                zones=self.options.zone_source,
                before_topics=before,
            )
            content = ([scene.key for scene in (*task.scenes, *task.covering)], len(task.scenes))
            made[number] = replace(task, key=_key(task, content, ""))
        return made, refused

    # --- doing it

    def _measure(
        self, ledger: Ledger, function: Callable[[Any], Row], tasks: Sequence[Any], doing: str, unit: str
    ) -> dict[str, Row]:
        """The results of tasks by key, from the ledger where they are, from the cluster otherwise."""
        known = ledger.read(task.key for task in tasks)
        results = {
            task.key: known[task.key]
            for task in tasks
            if task.key in known and _files_are_there(known[task.key], task)
        }
        left = [task for task in tasks if task.key not in results]
        if not left:
            return results
        uses_model = any(task.maps.uses_model for task in left if isinstance(task, SceneTask))
        options = self.options
        # One scene at a time, or very few in all, need no process beside this one.
        alone = options.threads or options.workers == 1 or len(left) <= _FEW
        workers = 1 if len(left) <= _FEW and options.scheduler is None else options.workers
        with connect(options.scheduler, workers, processes=not alone) as cluster:
            budget = self.budget
            if options.scheduler is None:
                budget = budget.of_one(1 if alone else cluster.workers)
            given = [replace(task, budget=budget) if isinstance(task, SceneTask) else task for task in left]
            arriving = cluster.map(function, given, uses_model=uses_model)
            for done in with_progress(arriving, len(left), doing, unit):
                row = row_of(done)
                results[left[done.index].key] = row
                if row["exit_code"] in _KEPT:
                    ledger.write(left[done.index].key, row)
                self._stop_at_error([row])
        return results

    def _stop_at_error(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if self.options.on_error == "stop" and row["error"] is not None:
                raise error_of(row)

    # --- what came out

    def _finish(self, programs: list[Programs | PlanimeterError]) -> BatchAnswer:
        answered = sum(row["exit_code"] == 0 for row in self.rows)
        never_ran = [isinstance(made, PlanimeterError) for made in programs]
        failed: list[Row] = []
        nothing: list[Row] = []
        for row, never in zip(self.rows, never_ran, strict=True):
            if row["error"] is not None:
                (failed if never or row["exit_code"] not in _KEPT else nothing).append(row)
        if nothing:
            self.notes.append(
                f"Scenes without an answer of their own: {len(nothing)}; the first says: {nothing[0]['error']}"
            )
        if failed:
            self.notes.append(
                f"Scenes that failed and are not in the answer: {len(failed)}; the first says: {failed[0]['error']}"
            )
        everything = list(range(len(self.unit_rows)))
        value, kind, measure, how, used = (
            self._by_date(programs) if self.options.by else self._combined(everything)
        )
        main = next((made.main for made in programs if isinstance(made, Programs)), None)
        files = self._write_tables(programs)
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
            raise type(first_error)(
                f"None of the {len(self.rows)} scenes could be answered, see {files['scenes csv']}; the first says: "
                f"{first_error}"
            )
        return answer

    def _by_date(
        self, programs: list[Programs | PlanimeterError]
    ) -> tuple[Table | None, str | None, str | None, str, list[Row]]:
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
        meaning = next((made.main.meaning for made in programs if isinstance(made, Programs)), None)
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
        if not all(plan.agrees(other) for other in self.plans):
            return None, kind, measure, _UNLIKE, rows
        there = [n for n in there if not lacks(plan, self.unit_rows[n], self._unknown(plan, n))]
        used = [self.unit_rows[number] for number in there]
        if len(used) < len(units):
            self.notes.append(f"{len(units) - len(used)} units of ground are not in the combined answer.")
        self._note_unknown(plan, there)
        try:
            value = plan.combine([Measured(tuple(row["values"]), self._valid(row)) for row in used])
        except NotMeasurable as refusal:
            return None, kind, measure, str(refusal), used
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

    def _measured_of(self, unit: int) -> list[Opened]:
        """The scenes of a unit that did not fail."""
        return [self.scenes[n] for n in self.units[unit].scenes if self.rows[n]["exit_code"] in _KEPT]

    def _unknown(self, plan: Plan, unit: int) -> set[str]:
        """Land covers that no map of a unit knows."""
        known = [opened.topics for opened in self._measured_of(unit)]
        return {topic for topic in plan.covers.values() if not any(topic in topics for topics in known)}

    def _note_unknown(self, plan: Plan, units: list[int]) -> None:
        scenes = [opened for unit in units for opened in self._measured_of(unit)]
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

    def _write_tables(self, programs: list[Programs | PlanimeterError]) -> dict[str, Path]:
        unit_of = {scene: number for number, unit in enumerate(self.units, start=1) for scene in unit.scenes}
        rows = []
        for number, (opened, row) in enumerate(zip(self.scenes, self.rows, strict=True)):
            rows.append(
                {"scene": opened.found.shown, "unit": unit_of.get(number)}
                | ({"date": opened.day or None} if self.options.by else {})
                | cells(row, _text_of(programs[number]), opened.fingerprint)
            )
        units = []
        for number, (unit, row) in enumerate(zip(self.units, self.unit_rows, strict=True), start=1):
            first = unit.scenes[0]
            units.append(
                {"unit": number, "scene": self.scenes[first].found.shown, "scenes": len(unit.scenes)}
                | ({"date": self.scenes[first].day} if self.options.by else {})
                | cells(row, _text_of(programs[first]), self.scenes[first].fingerprint)
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


def _by_pixels(scenes: Sequence[Opened]) -> bool:
    """Whether counts of pixels stand for areas on the grid that scenes share."""
    scene = scenes[0].scene
    footprints = [opened.footprint for opened in scenes if opened.footprint is not None]
    if scene is not None and len(footprints) == len(scenes) > 1:
        scene = joined_scene(scene, footprints)[0]
    return scene is None or scene.scale is None or scene.scale.by_pixels


def _read_back(row: Row) -> Any:
    """The answer of a row, a table made of its records again."""
    if row["answer"] is None or not row.get("columns"):
        return row["answer"]
    columns = tuple(Column(**column) for column in row["columns"])
    return Table(columns, tuple(tuple(line[column.name] for column in columns) for line in row["answer"]))


def _text_of(programs: Programs | PlanimeterError) -> str:
    return "" if isinstance(programs, PlanimeterError) else programs.main.text


def _is_plain(unit: GroundUnit) -> bool:
    """Whether a unit is one scene as it is."""
    return len(unit.scenes) == 1 and not unit.covered_by


def _key(task: Task, *content: Any) -> str:
    """Names everything a task's result depends on."""
    state = {name: value for name, value in asdict(task).items() if name not in ("key", "folder", "budget")}
    if isinstance(task, UnitTask):
        state = {name: state[name] for name in ("topics", "programs", "shapes", "zones", "before_topics")}
    return key_of([planimeter.__version__, type(task).__name__, state, content])


def _files_are_there(row: Row, task: Task) -> bool:
    """Whether the files that a finished task left have not been deleted."""
    if row.get("shapes") and not shapes_file(task.folder, task.key).is_file():
        return False
    keeps = isinstance(task, SceneTask) and task.keeps_masks
    return not keeps or masks_file(task.folder, task.key).is_file()


__all__ = ["BatchAnswer", "batch"]


def _exclusive_in_all(scenes: Sequence[Opened]) -> tuple[tuple[str, ...], ...]:
    """Groups of topics no two of which share a pixel in any of some scenes."""
    first = scenes[0].exclusive if scenes else ()
    return first if all(scene.exclusive == first for scene in scenes) else ()
