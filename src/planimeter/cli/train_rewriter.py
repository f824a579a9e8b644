"""``planimeter train rewriter``: the small language model behind the grammar."""

from __future__ import annotations

from pathlib import Path

import click

from planimeter.cli.training import training_module


@click.command("rewriter")
@click.option(
    "--start-from",
    required=True,
    metavar="DIR",
    help="Folder with SmolLM2-135M: config.json, model.safetensors, tokenizer.json; or with an exported rewriter, to "
    "let it learn on.",
)
@click.option(
    "--words-from",
    metavar="DIR",
    help="Folder with SmolLM2-135M, whose commonest tokens an exported rewriter gets beside its own.",
)
@click.option("--out", required=True, metavar="DIR", help="Folder of the run; a run that was killed goes on.")
@click.option(
    "--hours", type=click.FloatRange(min=0, min_open=True), default=0.9, show_default=True, metavar="H"
)
@click.option("--export", "weights", metavar="DIR", help="Then write the model that ships there.")
@click.option(
    "--bits",
    type=click.Choice(["4", "8", "32"]),
    default="4",
    show_default=True,
    help="Of the exported weights.",
)
def rewriter_command(
    start_from: str, words_from: str | None, out: str, hours: float, weights: str | None, bits: str
) -> None:
    """Train the model that says free wordings in plain words, on pairs made from the tables of wordings."""
    training = training_module("rewriter.training")
    config = training.RewriterConfig(hours=hours)
    path = training.train_rewriter(config, start_from, out, report=click.echo, words_from=words_from)
    click.echo(f"wrote {path}")
    if weights:
        card = training_module("rewriter.export").export_rewriter(
            path, Path(weights), int(bits), report=click.echo
        )
        click.echo(f"wrote {card}")
