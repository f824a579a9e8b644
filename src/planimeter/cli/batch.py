"""``planimeter batch``: one question, many scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from planimeter.cli.ask import errors_as_json, shown
from planimeter.cli.models import model_options
from planimeter.cli.options import (
    Asking,
    before_options,
    scene_options,
    source_options,
    written,
    zone_options,
)
from planimeter.errors import UsageError
from planimeter.meaning.combine_plan import WAYS
from planimeter.table import shown as number_shown

if TYPE_CHECKING:
    from planimeter.coder.find import ModelOptions
    from planimeter.scale.batch import EarlierPatterns


def _earlier(
    before: str | None, labels: tuple[str, ...], legends: tuple[str, ...], vectors: tuple[str, ...]
) -> EarlierPatterns | None:
    from planimeter.scale.batch import EarlierPatterns

    if before is None:
        if labels or legends or vectors:
            raise UsageError("--before-labels, --before-legend and --before-vector need --before as well.")
        return None
    return EarlierPatterns(before, labels, legends, vectors)


@click.command("batch", cls=Asking)
@click.argument("question")
@click.argument("scenes", nargs=-1, required=True)
@source_options
@scene_options
@zone_options
@before_options
@model_options
@click.option("--out", required=True, metavar="DIR", help="Where tables, shapes and the ledger go.")
@click.option("--asset", metavar="NAME", help="Which asset of STAC items is the image.")
@click.option(
    "--by",
    type=click.Choice(("date",)),
    help="A row for each day on which scenes were taken, as products, names or tags say, in a CSV file and a chart.",
)
@click.option(
    "--combine",
    type=click.Choice(("auto", "none", *WAYS)),
    default="auto",
    show_default=True,
    help="How answers become one: by what was asked, not at all, or as named.",
)
@click.option(
    "--overlap",
    type=click.Choice(("join", "keep")),
    default="join",
    show_default=True,
    help="Count ground that several scenes show once, or let every scene count whole.",
)
@click.option(
    "--on-error",
    type=click.Choice(("skip", "stop")),
    default="skip",
    show_default=True,
    help="Leave out scenes that fail, with a row that says why, or stop at the first.",
)
@click.option("--no-shapes", is_flag=True, help="Do not write the shapes behind the answers.")
@click.option(
    "--max-joined",
    type=click.IntRange(1),
    default=1 << 28,
    show_default=True,
    metavar="PIXELS",
    help="Join overlapping scenes to at most so many pixels; beyond that seams cut regions.",
)
@click.option(
    "--workers", type=click.IntRange(1), metavar="N", help="Scenes at a time; one per core by default."
)
@click.option("--threads", is_flag=True, help="Let workers be threads of this process instead of processes.")
@click.option(
    "--max-memory",
    metavar="SIZE",
    help="Memory of each worker, such as 4GiB; scenes that need more are measured tile by tile, with the same answer. "
    "By default half of what is free, shared by the workers.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Run on a Dask scheduler, such as tcp://10.0.0.1:8786.")
@click.option("--json", "as_json", is_flag=True, help="Print the combined answer as one JSON object.")
def command(
    question: str,
    scenes: tuple[str, ...],
    gsd: float | None,
    labels: tuple[str, ...],
    legend: tuple[str, ...],
    vector: tuple[str, ...],
    segmenter: str | None,
    bands: str | None,
    clouds: str | None,
    zones: str | None,
    zone_name: str | None,
    border: str,
    before: str | None,
    before_labels: tuple[str, ...],
    before_legend: tuple[str, ...],
    before_vector: tuple[str, ...],
    coder: str | None,
    models: ModelOptions,
    out: str,
    asset: str | None,
    by: str | None,
    combine: str,
    overlap: str,
    on_error: str,
    no_shapes: bool,
    max_joined: int,
    workers: int | None,
    threads: bool,
    max_memory: str | None,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Ask all SCENES one QUESTION and combine what they answer.

    SCENES are image files, folders, patterns, .txt lists or STAC JSON files. In --labels, --legend and --vector
    {stem} stands for a scene's file name without its ending, {name} for the whole name, {folder} for its folder; in
    --before as well, which may also be a folder of images of the same names, and in --before-labels for those of the
    earlier image.
    The same call again goes on where the last one was killed, and measures only what has changed.

    \b
    planimeter batch "How many buildings are within 50 m of water?" tiles/ --out answers \\
        --labels "{stem}_labels.tif" --legend legend.json
    planimeter batch "What percentage of the image is forest?" "county/**/*.tif" --out answers \\
        --labels worldcover.tif --legend worldcover --workers 8
    planimeter batch "What is the mean NDVI of the fields?" products/ --out ndvi --by date --clouds auto
    planimeter batch "How much forest is there?" tiles/ --out answers --labels "{stem}_labels.tif" \\
        --legend legend.json --zones districts.gpkg --zone-name NAME
    planimeter batch "How many solar panels are there?" items.json --asset visual --out /shared/answers \\
        --scheduler tcp://10.0.0.1:8786
    """
    from planimeter.scale.batch import MapPatterns, Options, batch

    with errors_as_json(as_json):
        answer = batch(
            question,
            scenes,
            out,
            Options(
                maps=MapPatterns(labels, legend, vector, segmenter),
                gsd=gsd,
                bands=bands,
                clouds=clouds,
                asset=asset,
                coder=coder,
                models=models,
                by=by or "",
                combine=combine,
                overlap=overlap,
                on_error=on_error,
                shapes=not no_shapes,
                most_joined=max_joined,
                scheduler=scheduler,
                workers=workers,
                threads=threads,
                max_memory=max_memory,
                zones=zones,
                zone_name=zone_name,
                border=border,
                before=_earlier(before, before_labels, before_legend, before_vector),
            ),
        )
    if as_json:
        click.echo(answer.to_json())
        return
    click.echo(shown(answer))
    hectares = "" if answer.valid_hectares is None else f", {number_shown(answer.valid_hectares)} ha"
    ground = (
        "" if answer.units == answer.scenes else f", {answer.units} unit{'s' * (answer.units != 1)} of ground"
    )
    if answer.reading:
        click.echo(f"  reading  {answer.reading}")
    click.echo(f"  combined {answer.how}")
    click.echo(f"  scenes   {answer.answered} of {answer.scenes} answered{ground}{hectares}")
    for note in answer.notes:
        click.echo(f"  note     {note}")
    click.echo(written(answer.files))
