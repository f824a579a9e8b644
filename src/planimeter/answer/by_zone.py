"""One question for every zone: a table, whose last row is what all zones hold together.

Areas, shares, counts and compositions of plain topics are measured for all zones in one pass over the scene. Any other
question is a program that runs once for each zone, as for an area of interest; the scene is looked at once for all
of them.
"""

from __future__ import annotations

import time
from dataclasses import replace

from planimeter.answer.answer import Answer, wrapped
from planimeter.answer.two_dates import say_of_two_dates
from planimeter.answer.zone_covers import Cover, areas
from planimeter.answer.zone_pass import one_pass
from planimeter.answer.zone_programs import by_programs
from planimeter.answer.zone_unsure import NOT_SURE
from planimeter.answer.zone_values import ByZone, name_of_all
from planimeter.coder import Program
from planimeter.errors import UsageError
from planimeter.meaning.change import is_of_two_dates
from planimeter.program import Limits
from planimeter.program.api import asks_of_two_dates
from planimeter.raster import Scene
from planimeter.segment import Segmenter, StackSegmenter
from planimeter.segment.base import Abilities
from planimeter.segment.dates import Earlier
from planimeter.spatial.zones import Zones
from planimeter.table import Column, Table, names_apart
from planimeter.vocabulary.units import unit_called


def answer_by_zone(
    program: Program,
    question: str,
    scene: Scene,
    segmenter: Segmenter,
    zones: Zones,
    limits: Limits | None = None,
    full_python: bool = False,
    before: Earlier | None = None,
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
        before: the earlier date, for what is asked of two.

    Raises:
        PlanimeterError: as ``planimeter.ask``.
        UsageError: parts of pixels cannot count in what is asked.
    """
    started = time.perf_counter()
    source = segmenter if isinstance(segmenter, StackSegmenter) else StackSegmenter([segmenter])
    asked = before if asks_of_two_dates(program.text) else None
    found = measured_by_zone(program, question, scene, source, zones, limits, full_python, asked)
    together = (name_of_all(zones.names), found.together, None)
    lines = [*zip(zones.names, found.rows, range(len(zones)), strict=True), together]
    # Each row of a list is a shape, of which shares of ground say nothing.
    unsure = found.unsure if found.kind != "list" else None
    rows = [
        (name, *row, *(() if unsure is None else (unsure.cell(zone),)))
        for name, own, zone in lines
        for row in own
    ]
    tail = () if unsure is None else (Column(NOT_SURE, "%"),)
    names = names_apart([column.name for column in found.columns], ["zone", NOT_SURE])
    inner = [replace(column, name=name) for column, name in zip(found.columns, names, strict=True)]
    table = Table((Column("zone", kind="text"), *inner, *tail), tuple(rows))
    run = found.run
    if found.unsure is not None:
        run.evidence.unsure = found.unsure.topics
    run.answer, run.trace = table, []  # the calls of one zone would not be those of the table
    run.evidence.zones = list(zip(zones.names, found.said(), zones.geometry, strict=True))
    how = "each pixel by the share that a zone covers" if zones.exact else "each pixel where its centre lies"
    answer = wrapped(
        run,
        program,
        question,
        scene,
        source,
        kind=found.kind,
        reading=f"{program.reading} For each of {len(zones):,} zones, {how}.".strip(),
        warnings=[*scene.warnings, *found.warnings, *program.writing.get("cautions", ()), *zones.notes],
    )
    if before is not None:
        say_of_two_dates(answer, before, Earlier(scene, source), measured=asked is not None)
    answer.timings["total"] = round(time.perf_counter() - started, 4)
    return answer


def measured_by_zone(
    program: Program,
    question: str,
    scene: Scene,
    source: StackSegmenter,
    zones: Zones,
    limits: Limits | None = None,
    full_python: bool = False,
    before: Earlier | None = None,
) -> ByZone:
    """What a program measures in every zone, in one pass where that can be; see ``answer_by_zone``.

    Args:
        program: as for ``answer_by_zone``.
        question: as for ``answer_by_zone``.
        scene: the image.
        source: where masks come from.
        zones: on the scene's grid.
        limits: what a program may use.
        full_python: as for ``answer_from``.
        before: the earlier date, where the program asks for it.

    Raises:
        PlanimeterError: as ``planimeter.ask``.
        UsageError: parts of pixels cannot count in what is asked.
    """
    unit = unit_called(program.unit or "")
    if before is not None or not is_of_two_dates(program.meaning):
        simple = one_pass(program.meaning, unit, source, scene, before)
        if simple is not None:
            return simple(zones, scene, source, _budget(scene, source, limits))
    if zones.exact:
        raise UsageError(
            "Parts of pixels can count in areas and shares of land cover without conditions; ask without --border "
            "exact."
        )
    return by_programs(program, question, scene, source, zones, limits, full_python, before)


def ground_by_zone(
    scene: Scene, source: StackSegmenter, zones: Zones, limits: Limits | None, before: Earlier | None
) -> ByZone:
    """The ground of every zone that counts, for what none of them has anything of; see ``measured_by_zone``."""
    return areas(Cover("", ()), None, None, zones, scene, source, _budget(scene, source, limits), before)


def _budget(scene: Scene, source: StackSegmenter, limits: Limits | None) -> Limits:
    return (limits or Limits()).for_pixels(scene.height * scene.width, Abilities.of(source).pace)
