"""``planimeter run``: a program of your own, in the sandbox."""

from __future__ import annotations

from pathlib import Path

import click

from planimeter.cli.ask import errors_as_json, show
from planimeter.cli.options import (
    answer_options,
    area_option,
    before_options,
    before_segmenter_from,
    corrections_option,
    limits_from,
    refuse_overwriting,
    scene_options,
    segmenter_from,
    size_options,
    source_options,
)
from planimeter.errors import UsageError, shown_name
from planimeter.paths import is_file

_LARGEST_PROGRAM = 1_000_000  # bytes


@click.command("run")
@click.argument("program")
@click.argument("image")
@source_options
@corrections_option
@scene_options
@area_option
@before_options
@size_options
@click.option(
    "--full-python", is_flag=True, help="Let a program the sandbox cannot run go to a confined CPython."
)
@answer_options
def command(
    program: str,
    image: str,
    gsd: float | None,
    labels: tuple[str, ...],
    legend: tuple[str, ...],
    vector: tuple[str, ...],
    segmenter: str | None,
    corrections: str | None,
    bands: str | None,
    clouds: str | None,
    area: str | None,
    before: str | None,
    before_labels: tuple[str, ...],
    before_legend: tuple[str, ...],
    before_vector: tuple[str, ...],
    max_memory: str | None,
    scheduler: str | None,
    full_python: bool,
    as_json: bool,
    out: str | None,
) -> None:
    """Run PROGRAM, a Python file that leaves its result in `answer`, on IMAGE.

    \b
    planimeter run count_ponds.py scene.tif --labels landcover.tif --legend legend.json
    """
    from planimeter.ask import run

    with errors_as_json(as_json):
        path = Path(program)
        if not is_file(path):
            raise UsageError(f"There is no program {shown_name(program)}: give the path of a Python file.")
        if path.stat().st_size > _LARGEST_PROGRAM:
            raise UsageError(
                f"The program {path.name} is larger than 1 MB: give a Python file of ordinary size."
            )
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise UsageError(f"The program {path.name} is not UTF-8 text: give a Python file.") from None
        # The program itself may be that of an earlier evidence: it is written as it was read.
        refuse_overwriting(out, image, labels, legend, vector, corrections, clouds, area)
        refuse_overwriting(out, before, before_labels, before_legend, before_vector)
        has_maps = bool(labels or legend or vector)
        source = segmenter_from(labels, legend, vector, segmenter) if has_maps else segmenter
        earlier = before_segmenter_from(
            before, before_labels, before_legend, before_vector, legend, segmenter
        )
        limits = limits_from(max_memory, scheduler)
        answer = run(
            text,
            image,
            gsd=gsd,
            corrections=corrections,
            bands=bands,
            clouds=clouds,
            segmenter=source,
            limits=limits,
            full_python=full_python,
            area=area,
            before=before,
            before_segmenter=earlier,
        )
        show(answer, as_json, out)
