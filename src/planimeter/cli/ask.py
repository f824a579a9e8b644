"""``planimeter ask``: question and image in, measured answer out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from planimeter.cli.options import segmenter_from, source_options, written

if TYPE_CHECKING:
    from planimeter.ask import Answer


@click.command("ask")
@click.argument("image")
@click.argument("question")
@source_options
@click.option("--coder", metavar="builtin|MODEL", help="Who writes the program; the built-in coder by default.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option("--out", metavar="DIR", help="Write the evidence: overlay picture, shapes, program, trace, JSON.")
def command(
    image: str,
    question: str,
    gsd: float | None,
    labels: tuple[str, ...],
    legend: tuple[str, ...],
    vector: tuple[str, ...],
    segmenter: str | None,
    coder: str | None,
    as_json: bool,
    out: str | None,
) -> None:
    """Ask IMAGE a QUESTION and print the measured answer.

    \b
    planimeter ask scene.tif "How many houses are within 100 m of water?" \\
        --labels landcover.tif --legend legend.json
    planimeter ask photo.png "What is the area of forest in acres?" --gsd 0.5 \\
        --labels photo_labels.png --legend deepglobe --out evidence
    """
    from planimeter.ask import ask

    source = segmenter_from(labels, legend, vector, segmenter)
    answer = ask(image, question, gsd=gsd, segmenter=source, coder=coder)
    show(answer, as_json, out)


def show(answer: Answer, as_json: bool, out: str | None) -> None:
    """Print an answer and write its evidence when a folder is given."""
    files = answer.save(out) if out else {}
    if as_json:
        click.echo(answer.to_json())
        return
    click.echo(str(answer))
    scale = f"{answer.gsd:.4g} m per pixel ({answer.scale_source})" if answer.gsd else "unknown"
    lines = {"reading": answer.reading, "scale": scale, "masks": answer.segmenter}
    for name, value in lines.items():
        if value:
            click.echo(f"  {name:<8} {value}")
    if not answer.question and answer.stdout:
        click.echo(answer.stdout, nl=False)
    for warning in answer.warnings:
        click.echo(f"  note     {warning}")
    if files:
        click.echo(written(files))
