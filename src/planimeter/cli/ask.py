"""``planimeter ask``: question and image in, measured answer out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from planimeter.cli.models import model_options
from planimeter.cli.offers import answered_or_offered
from planimeter.cli.options import (
    QUALITIES,
    Asking,
    answer_options,
    area_option,
    before_options,
    before_segmenter_from,
    corrections_option,
    in_quality,
    limits_from,
    refuse_overwriting,
    scene_options,
    segmenter_from,
    size_options,
    source_options,
    written,
    zone_options,
)
from planimeter.errors import PlanimeterError, UsageError, error_object, of_system, shown_name
from planimeter.paths import is_dir, is_file
from planimeter.table import Table
from planimeter.table import shown as number_shown

if TYPE_CHECKING:
    from planimeter.answer import Answer
    from planimeter.coder.find import ModelOptions
    from planimeter.scale.batch import BatchAnswer


_MOST_ROWS = 40  # of a table that are printed


@click.command("ask", cls=Asking)
@click.argument("image")
@click.argument("question")
@source_options
@corrections_option
@scene_options
@area_option
@zone_options
@before_options
@size_options
@model_options
@click.option(
    "--quality",
    type=click.Choice(QUALITIES),
    default="normal",
    help="high: the model looks eight times, turned and mirrored, for a little less error at eight times the cost; the "
    "same as --segmenter default:high, default-open:high or unet:CARD.json,high.",
)
@click.option(
    "--adjust-area",
    is_flag=True,
    help="Beside an area or share that the model saw, estimate the true one from how its masks erred on validation "
    "images, with a 95 % interval.",
)
@click.option("--verify", is_flag=True, help="Let a second coder write as well, and say whether both agree.")
@answer_options
def command(
    image: str,
    question: str,
    gsd: float | None,
    labels: tuple[str, ...],
    legend: tuple[str, ...],
    vector: tuple[str, ...],
    segmenter: str | None,
    corrections: str | None,
    bands: str | None,
    clouds: str | None,
    area: str | None,
    zones: str | None,
    zone_name: str | None,
    border: str,
    before: str | None,
    before_labels: tuple[str, ...],
    before_legend: tuple[str, ...],
    before_vector: tuple[str, ...],
    max_memory: str | None,
    scheduler: str | None,
    coder: str | None,
    models: ModelOptions,
    quality: str,
    adjust_area: bool,
    verify: bool,
    as_json: bool,
    out: str | None,
) -> None:
    """Ask IMAGE a QUESTION and print the measured answer.

    \b
    planimeter ask scene.tif "How many houses are within 100 m of water?" \\
        --labels landcover.tif --legend legend.json
    planimeter ask photo.png "What is the area of forest in acres?" --gsd 0.5 \\
        --labels photo_labels.png --legend deepglobe --out evidence
    planimeter ask 2024.tif "How much forest was lost?" --before 2018.tif \\
        --labels cover2024.tif --before-labels cover2018.tif --legend worldcover
    planimeter ask scene.tif "Is the largest lake rounder than the second largest?" \\
        --coder llama3.1:8b --base-url http://localhost:11434/v1 --labels landcover.tif --legend legend.json
    """
    from planimeter.ask import ask

    with errors_as_json(as_json):
        if is_file(question) and not is_file(image) and not is_dir(image):
            raise UsageError(
                f"The image comes first, then the question: planimeter ask {shown_name(question)} "
                '"How many buildings are there?"'
            )
        refuse_overwriting(out, image, labels, legend, vector, corrections, clouds, area, zones)
        refuse_overwriting(out, before, before_labels, before_legend, before_vector)
        has_maps = bool(labels or legend or vector)
        segmenter = in_quality(segmenter, quality, has_maps)
        # Without maps `ask` finds the segmenter, and only for what is measured: a description needs none.
        source = segmenter_from(labels, legend, vector, segmenter) if has_maps else segmenter
        earlier = before_segmenter_from(
            before, before_labels, before_legend, before_vector, legend, segmenter
        )
        limits = limits_from(max_memory, scheduler)
        answered = partial(
            ask,
            image,
            gsd=gsd,
            corrections=corrections,
            bands=bands,
            clouds=clouds,
            segmenter=source,
            coder=coder,
            models=models,
            verify=verify,
            limits=limits,
            area=area,
            zones=zones,
            zone_name=zone_name,
            border=border,
            before=before,
            before_segmenter=earlier,
            adjust_area=adjust_area,
        )
        answer = answered(question) if as_json else answered_or_offered(answered, question)
        show(answer, as_json, out)


@contextmanager
def errors_as_json(wanted: bool) -> Iterator[None]:
    """Print an error as one JSON object too, where JSON was asked for; it still ends the command."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (PlanimeterError, OSError, UnicodeEncodeError) as error:
        if wanted:
            known = error if isinstance(error, PlanimeterError) else of_system(error)
            click.echo(json.dumps(error_object(known), ensure_ascii=False))
        raise


def show(answer: Answer, as_json: bool, out: str | None) -> None:
    """Print an answer and write its evidence when a folder is given."""
    try:
        files = answer.save(out) if out else {}
    except (PlanimeterError, OSError, UnicodeEncodeError):
        if not as_json:  # whatever is wrong with the folder, the answer is not lost
            click.echo(shown(answer))
        raise
    if as_json:
        click.echo(answer.to_json())
        return
    click.echo(shown(answer))
    scale = answer.run.scale.said if answer.run.scale else "unknown"
    lines = {"reading": answer.reading, "scale": scale, "masks": answer.segmenter}
    if answer.before is not None:
        lines["before"] = f"{answer.before['image']} ({answer.before['segmenter']}, {answer.before['grid']})"
    if answer.adjusted is not None:
        value, low, high = (number_shown(answer.adjusted[name]) for name in ("value", "low", "high"))
        lines["adjusted"] = f"{value} {answer.adjusted['unit']} (95 %: {low} to {high})"
    lines["coder"] = _coder_line(answer)
    for name, value in lines.items():
        if value:
            click.echo(f"  {name:<8} {value}")
    if not answer.question and answer.stdout:
        click.echo(answer.stdout, nl=False)
    for warning in answer.warnings:
        click.echo(f"  note     {warning}")
    if files:
        click.echo(written(files))


def shown(answer: Answer | BatchAnswer) -> str:
    """An answer for a terminal: of a long list the first rows, and how many there are."""
    table = answer.answer
    if not isinstance(table, Table) or len(table) <= _MOST_ROWS:
        return str(answer)
    return f"{Table(table.columns, table.rows[:_MOST_ROWS])}\n… {len(table):,} rows; --json and --out give them all"


def _coder_line(answer: Answer) -> str:
    """Who wrote the program and why, where it was not plainly the built-in coder or the user."""
    if not answer.writing:
        return ""
    parts = [answer.coder]
    attempts = len(answer.writing.get("attempts", ()))
    if attempts > 1:
        parts.append(f"{attempts} attempts")
    if answer.verification and answer.verification["agrees"]:
        parts.append(f"a second program by {answer.verification['coder']} agrees")
    if "route" in answer.writing:
        parts.append(answer.writing["route"]["reason"])
    return "; ".join(parts)
