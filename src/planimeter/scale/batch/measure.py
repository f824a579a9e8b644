"""What a worker does: measure one scene, or one unit of several, and leave its masks and shapes as files."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from planimeter.answer import Answer, answer_from
from planimeter.answer.answer import plain
from planimeter.answer.left_out import say_what_was_left_out
from planimeter.coder import Program
from planimeter.errors import NotMeasurable
from planimeter.program import Limits
from planimeter.program.measure import Ground
from planimeter.raster import Scene
from planimeter.raster.clouds import counted_clear
from planimeter.raster.laid import lay
from planimeter.scale.batch.budget import CountingTiles
from planimeter.scale.batch.joined import JoinedPiece, JoinedSegmenter, covered_by, joined_scene
from planimeter.scale.batch.layout import Footprint
from planimeter.scale.batch.mask_cache import KeptBefore, KeptMasks, keep_masks
from planimeter.scale.batch.rows import error_from, failed_row
from planimeter.scale.batch.tasks import Programs, SceneTask, UnitTask, masks_file, shapes_file
from planimeter.scale.batch.zones import cells_by_zone
from planimeter.segment import Segmenter, StackSegmenter, VectorSegmenter
from planimeter.segment.base import Seen
from planimeter.segment.dates import EARLIER, Earlier, TwoDates, on_own_grid
from planimeter.segment.finest import on_finest_grid
from planimeter.spatial import Shapes
from planimeter.spatial.export import Layer
from planimeter.spatial.parquet import write_geoparquet


def measure_scene(task: SceneTask) -> dict[str, Any]:
    """Run the programs on one scene.

    Returns:
        a row of plain values, also where the scene failed: then with ``error`` and ``exit_code``.
    """
    started = time.perf_counter()
    try:
        scene = task.opened()
        source = task.maps.source()
        text = "\n".join(task.programs.texts)
        scene = on_finest_grid(scene, source, text, alone=not task.keeps_masks)
        before = None
        if task.before is not None and task.programs.of_two_dates:
            before = on_own_grid(task.before.date(scene, source), text)
        limits = None
        if task.keeps_masks:
            task.budget.check_kept(scene, max(1, task.programs.names(source.topics)))
        else:
            limits = task.budget.limits_of(scene, source)
        asked: list[str] = []
        row = _measured(
            scene, source, task, lambda regions: [task.shown] * len(regions), asked, limits, before
        )
        if scene.clouds is not None:
            row["own_pixels"], row["seen_pixels"] = counted_clear(scene)
        row["cautions"] += [sentence for sentence in task.why if sentence not in row["cautions"]]
        if task.keeps_masks:
            both: Segmenter = source if before is None else TwoDates(source, before)
            seen = both.look(scene, list(dict.fromkeys(asked)) or source.topics[:1])
            valid = Ground(scene, both).valid
            keep_masks(masks_file(task.folder, task.key), replace(seen, valid=valid))
    except Exception as fault:  # whatever it is, the other scenes go on
        row = failed_row(error_from(fault))
    row["seconds"]["all"] = round(time.perf_counter() - started, 4)
    return row


def measure_unit(task: UnitTask) -> dict[str, Any]:
    """Run the programs on several scenes as one; returns a row as ``measure_scene`` does."""
    started = time.perf_counter()
    try:
        first = task.scenes[0].opened()
        pieces = [_piece(scene) for scene in task.scenes]
        scene, grid = joined_scene(first, [piece.footprint for piece in pieces])
        others = [_piece(other) for other in task.covering]
        covered = (
            covered_by(scene, [(other.footprint, other.kept.valid()) for other in others]) if others else None
        )
        source = task.scenes[0].maps.source()
        shared = all(each.maps.vectors == task.scenes[0].maps.vectors for each in task.scenes)
        apart = (
            frozenset() if shared else frozenset(topic for topic in task.topics if _of_vectors(source, topic))
        )
        joined = JoinedSegmenter(pieces, grid, covered, source, task.topics, apart)
        scene = replace(scene, pictures=joined.pictures())
        before = None
        if task.before_topics is not None and task.programs.of_two_dates:
            before = _joined_before(task, pieces, grid, covered, scene, first)
        row = _measured(scene, StackSegmenter([joined]), task, joined.owners, [], None, before)
    except Exception as fault:  # whatever it is, the other scenes go on
        row = failed_row(error_from(fault))
    row["seconds"]["all"] = round(time.perf_counter() - started, 4)
    return row


def _joined_before(
    task: UnitTask,
    pieces: Sequence[JoinedPiece],
    grid: Footprint,
    covered: np.ndarray | None,
    scene: Scene,
    first: Scene,
) -> Earlier:
    """The earlier dates of several scenes as one, on the grid of the later."""
    assert task.before_topics is not None
    date = task.scenes[0].before
    assert date is not None
    source = date.date(first, task.scenes[0].maps.source()).source
    earlier = [_before(each, piece) for each, piece in zip(task.scenes, pieces, strict=True)]
    apart = frozenset(topic for topic in task.before_topics if _of_vectors(source, topic))
    joined = JoinedSegmenter(earlier, grid, covered, source, task.before_topics, apart)
    return Earlier(replace(scene, pictures=joined.pictures()), StackSegmenter([joined]))


def _before(task: SceneTask, later: JoinedPiece) -> JoinedPiece:
    """The earlier date of one scene of several, on the grid of the later."""
    assert task.before is not None
    assert later.scene is not None
    image = task.before.date(later.scene, task.maps.source()).scene
    laid = lay(image, later.scene)
    return replace(
        later,
        kept=KeptBefore(later.kept),
        look=partial(_look_before, later.look),
        scene=image,
        laid=None if laid.is_same else laid,
    )


def _look_before(look: Callable[[str], Seen], topic: str) -> Seen:
    seen = look(EARLIER + topic)
    return Seen({topic: seen.masks[EARLIER + topic]}, seen.valid, seen.cautions)


def _of_vectors(source: StackSegmenter, topic: str) -> bool:
    return any(topic in each.topics for each in source.maps if isinstance(each, VectorSegmenter))


def _piece(task: SceneTask) -> JoinedPiece:
    scene = task.opened()
    footprint = Footprint.of(scene)
    assert footprint is not None  # only scenes with a georeference are joined or covered

    def look(topic: str) -> Seen:
        source: Segmenter = task.maps.source()
        if task.before is not None:
            source = TwoDates(source, task.before.date(scene, task.maps.source()))
        if topic not in source.topics:  # land covers that others of the unit know
            return Seen({topic: np.zeros((scene.height, scene.width), dtype=bool)})
        return source.look(scene, [topic])

    return JoinedPiece(task.shown, footprint, KeptMasks(masks_file(task.folder, task.key)), look, scene)


def _measured(
    scene: Scene,
    source: Segmenter,
    task: SceneTask | UnitTask,
    scene_of: Callable[[Shapes], list[str]],
    asked: list[str],
    limits: Limits | None = None,
    before: Earlier | None = None,
) -> dict[str, Any]:
    """One row: the answer, the plan's numbers, and what they rest on.

    Args:
        scene: what is measured.
        source: where masks come from.
        task: what is run.
        scene_of: the scene that each region belongs to.
        asked: gets the topics that programs asked for.
        limits: for a scene that is measured in tiles; None for one measured at once.
        before: the earlier date, where the programs ask for it.

    Raises:
        PlanimeterError: nothing can be measured here at all.
    """
    programs = task.programs
    row: dict[str, Any] = {
        "answer": None,
        "type": None,
        "unit": None,
        "error": None,
        "error_kind": None,
        "exit_code": 0,
        "gsd": scene.scale.gsd if scene.scale else None,
        "scale_source": scene.scale.source if scene.scale else None,
        "masks": source.name,
        "counted": None,
        "shapes": None,
        "cautions": list(scene.warnings),
        "seconds": {},
    }
    row |= _answered(scene, source, task, scene_of, asked, limits, before)
    row["values"] = [
        row["answer"],
        *(_value(part, programs, scene, source, asked, limits, before) for part in programs.parts),
    ]
    if task.zones is not None:
        every = (programs.main, *programs.parts)
        row |= cells_by_zone(
            task.zones, every, programs.question, scene, source, limits, programs.full_python, before
        )
    if before is not None:
        source = TwoDates(source, before)
    # After the programs: what counts is then known from the same look as their masks.
    row |= _valid(scene, source, limits)
    return row if row["valid_pixels"] else _of_nothing(row)


def _of_nothing(row: dict[str, Any]) -> dict[str, Any]:
    """The row of ground of which no pixel counts: 0 of nothing is no answer."""
    nothing = NotMeasurable(
        "Clouds or missing data leave no ground that could be measured; take another date."
    )
    error = {} if row["error"] is not None else failed_row(nothing)
    cells = {name: error[name] for name in ("error", "error_kind", "exit_code") if name in error}
    return row | cells | {"answer": None, "values": [None] * len(row["values"])}


def _valid(scene: Scene, source: Segmenter, limits: Limits | None) -> dict[str, Any]:
    """How many pixels count and how large their ground is; of tiles, as the programs saw them."""
    ground = Ground(scene, source)
    if limits is not None:
        assert isinstance(limits.each, CountingTiles)
        ground.tally = limits.each.tally(scene, source)
    return {
        "valid_pixels": ground.valid_pixels,
        "valid_hectares": ground.valid_hectares if ground.scale is not None else None,
    }


def _answered(
    scene: Scene,
    source: Segmenter,
    task: SceneTask | UnitTask,
    scene_of: Callable[[Shapes], list[str]],
    asked: list[str],
    limits: Limits | None,
    before: Earlier | None,
) -> dict[str, Any]:
    """The cells of a row that the main program gives; its shapes are written, and forgotten with this call."""
    programs = task.programs
    try:
        # Pictures of joined scenes are never read; each scene by itself has said how its dates lie.
        told = isinstance(task, SceneTask)
        answer = _run(programs.main, programs, scene, source, limits, before, told)
        asked += answer.run.topics
        if isinstance(task, SceneTask):  # of joined scenes every scene leaves out the ground of the others
            say_what_was_left_out(answer, programs.main, task.maps.source(), alone=False)
    except NotMeasurable as error:
        return {name: failed_row(error)[name] for name in ("error", "error_kind", "exit_code")}
    counted = answer.run.evidence.counted
    cells = {
        "answer": plain(answer.answer),
        "type": answer.type,
        "unit": answer.unit,
        "columns": answer.to_dict().get("columns"),
        "counted": sum(len(regions) for _, regions in counted),
        "not_sure": answer.run.evidence.not_sure,
        "unsure": {topic: share for topic, (_, share) in answer.run.evidence.unsure.items()},
        "gsd": answer.gsd,
        "scale_source": answer.scale_source,
        "cautions": answer.warnings,
        "seconds": {name: answer.timings[name] for name in ("host", "sandbox")},
    }
    if task.shapes:
        layers = [Layer(topic, regions, {"scene": scene_of(regions)}) for topic, regions in counted]
        cells["shapes"] = _write_shapes(task, layers, scene, programs, source.name)
    return cells


def _run(
    program: Program,
    programs: Programs,
    scene: Scene,
    source: Segmenter,
    limits: Limits | None,
    before: Earlier | None,
    compared: bool = False,
) -> Answer:
    return answer_from(
        program,
        programs.question,
        scene,
        source,
        limits,
        programs.full_python,
        before=before,
        compared=compared,
    )


def _value(
    part: Program | None,
    programs: Programs,
    scene: Scene,
    source: Segmenter,
    asked: list[str],
    limits: Limits | None,
    before: Earlier | None,
) -> float | int | str | None:
    """One number of the plan; None where there is nothing to measure."""
    if part is None:
        return None
    try:
        answer = _run(part, programs, scene, source, limits, before)
    except NotMeasurable:
        return None
    asked += answer.run.topics
    value = plain(answer.answer)
    return value if isinstance(value, int | float | str) else None


def _write_shapes(
    task: SceneTask | UnitTask, layers: Sequence[Layer], scene: Scene, programs: Programs, masks: str
) -> str:
    file = shapes_file(task.folder, task.key)
    provenance = {"question": programs.question, "program": programs.main.text, "masks": masks}
    degrees = task.shapes == "degrees" and scene.crs is not None and scene.transform is not None
    return write_geoparquet(
        file, layers, scene.transform, scene.crs, provenance, geographic=degrees, cells=scene.cells
    ).name
