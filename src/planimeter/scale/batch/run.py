"""A batch from beginning to end: scenes → programs → tasks on a cluster → ledger → tables and one answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

from planimeter.answer.setting import north_where_asked
from planimeter.coder import stated_gsd
from planimeter.errors import PlanimeterError, UsageError, without_surrogates
from planimeter.meaning.combine_plan import Plan
from planimeter.progress import with_progress
from planimeter.scale.batch.answer import BatchAnswer
from planimeter.scale.batch.by_date import dated, days_of
from planimeter.scale.batch.headers import Opened, common_topics_before, open_all, unknown_notes
from planimeter.scale.batch.joined import joined_scene
from planimeter.scale.batch.layout import GroundUnit, lay_out, layout_notes
from planimeter.scale.batch.ledger import Ledger, key_of
from planimeter.scale.batch.measure import measure_scene, measure_unit
from planimeter.scale.batch.measured_by import measured_by, told_anew, why_anew
from planimeter.scale.batch.options import Options
from planimeter.scale.batch.outcome import BatchOutcome, measured_of
from planimeter.scale.batch.rows import KEPT, Row, error_of, failed_row, row_of
from planimeter.scale.batch.sources import find_scenes
from planimeter.scale.batch.tasks import Programs, SceneTask, UnitTask, masks_file, shapes_file
from planimeter.scale.batch.writer import Writer
from planimeter.scale.cluster import connect
from planimeter.spatial.zones import BORDERS, WITHOUT_ZONES
from planimeter.vocabulary.grouping import NO_ZONES, grouped

Task = SceneTask | UnitTask
AnyTask = TypeVar("AnyTask", SceneTask, UnitTask)

_log = logging.getLogger("planimeter.batch")

_FEW = 2  # tasks that are sooner done here than other processes are started


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
    return _Batch(without_surrogates(question), Path(folder), options or Options()).run(scenes)


class _Batch:
    """One batch; the methods follow each other."""

    def __init__(self, question: str, folder: Path, options: Options) -> None:
        plain, by = grouped(question)
        if by == "zone" and options.zones is None:
            raise UsageError(NO_ZONES)
        told = options.zone_name is not None or options.border != BORDERS[0]
        if told and options.zones is None:
            raise UsageError(WITHOUT_ZONES)
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
        return BatchOutcome(
            question=self.question,
            folder=self.folder,
            options=self.options,
            metric=self.metric,
            scenes=self.scenes,
            programs=programs,
            rows=self.rows,
            units=self.units,
            unit_rows=self.unit_rows,
            plans=self.plans,
            notes=self.notes,
        ).answer()

    # --- what is to be done

    def _programs(self, writer: Writer, opened: Opened) -> Programs | PlanimeterError:
        if opened.problem is not None:
            return opened.problem
        try:
            made, plan = writer.programs(
                opened.topics, _by_pixels([opened]), opened.before_topics, self._north(opened)
            )
        except PlanimeterError as error:
            return error
        self.plans.append(plan)
        return made

    def _north(self, opened: Opened) -> str | None:
        """Where north lies in a scene, where the question may name a point of the compass."""
        return None if opened.scene is None else north_where_asked(opened.scene, self.asked)

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
        self.notes += layout_notes([self.scenes[number].footprint for number in usable], self.units)

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
            tasks[number] = _keyed(task, files=opened.state, fingerprint=opened.fingerprint)
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
            there = [n for n in unit.scenes if self.rows[n]["exit_code"] in KEPT]
            if not there:
                continue
            opened = measured_of(unit, self.scenes, self.rows)
            try:
                # Joined scenes are on one grid, so north lies in all of them as in the first.
                north = self._north(opened[0])
                topics = writer.joined_topics(opened, north)
                before = common_topics_before(opened)
                programs, plan = writer.programs(topics, _by_pixels(opened), before, north)
            except PlanimeterError as error:
                refused[number] = failed_row(error)
                continue
            self.plans.append(plan)
            if not plan.covers:
                self.notes += unknown_notes(topics, opened)
            task = UnitTask(
                key="",
                scenes=tuple(tasks[n] for n in there),
                covering=tuple(tasks[n] for n in unit.covered_by if self.rows[n]["exit_code"] in KEPT),
                topics=topics,
                programs=programs,
                folder=str(self.folder.absolute()),
                shapes="degrees" if form and several else form,
                zones=self.options.zone_source,
                before_topics=before,
            )
            content = ([scene.key for scene in (*task.scenes, *task.covering)], len(task.scenes))
            made[number] = _keyed(task, scenes=content)
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
        origins = ledger.origins(task.work for task in left)
        anew = [why_anew(origins[task.work], task.origin) for task in left if task.work in origins]
        for sentence in told_anew(anew, unit):
            _log.warning(sentence)
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
                row, task = row_of(done), left[done.index]
                results[task.key] = row
                if row["exit_code"] in KEPT:
                    ledger.write(task.key, row, task.work, task.origin)
                self._stop_at_error([row])
        return results

    def _stop_at_error(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if self.options.on_error == "stop" and row["error"] is not None:
                raise error_of(row)


def _by_pixels(scenes: Sequence[Opened]) -> bool:
    """Whether counts of pixels stand for areas on the grid that scenes share."""
    scene = scenes[0].scene
    footprints = [opened.footprint for opened in scenes if opened.footprint is not None]
    if scene is not None and len(footprints) == len(scenes) > 1:
        scene = joined_scene(scene, footprints)[0]
    return scene is None or scene.scale is None or scene.scale.by_pixels


def _is_plain(unit: GroundUnit) -> bool:
    """Whether a unit is one scene as it is."""
    return len(unit.scenes) == 1 and not unit.covered_by


def _keyed(task: AnyTask, files: Any = (), fingerprint: str = "", scenes: Any = ()) -> AnyTask:
    """A task with the name of everything that its result depends on, and what that is.

    Args:
        task: what is to be done.
        files: the state of the files that it reads.
        fingerprint: of its segmenter.
        scenes: what a unit is made of.
    """
    beside = ("key", "folder", "budget", "origin", "scenes", "covering")
    state = {name: value for name, value in asdict(task).items() if name not in beside}
    origin = {
        "code": measured_by(),
        "program": key_of([type(task).__name__, state.pop("programs")]),
        "files": key_of(files),
        "masks": key_of([state.pop("maps", None), state.pop("why", None), fingerprint]),
        "zones": key_of(state.pop("zones")),
        "options": key_of(state),
        "scenes": key_of(scenes),
    }
    return replace(task, key=key_of(origin), origin=origin)


def _files_are_there(row: Row, task: Task) -> bool:
    """Whether the files that a finished task left have not been deleted."""
    if row.get("shapes") and not shapes_file(task.folder, task.key).is_file():
        return False
    keeps = isinstance(task, SceneTask) and task.keeps_masks
    return not keeps or masks_file(task.folder, task.key).is_file()


def _exclusive_in_all(scenes: Sequence[Opened]) -> tuple[tuple[str, ...], ...]:
    """Groups of topics no two of which share a pixel in any of some scenes."""
    first = scenes[0].exclusive if scenes else ()
    return first if all(scene.exclusive == first for scene in scenes) else ()
