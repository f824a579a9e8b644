"""``planimeter train promptable`` and ``planimeter train prompter``: the two halves of reasoning segmentation."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import click

from planimeter.cli.training import data_option, run_folder, training_module
from planimeter.errors import UsageError


@click.command("promptable")
@click.argument("config")
@data_option
@click.option("--out", metavar="DIR", help="Folder of the run; a run that was killed goes on.")
@click.option(
    "--export", "weights", metavar="DIR", help="Then write model files and a card with scores there."
)
@click.option(
    "--card",
    metavar="FILE.json",
    help="Instead of training, export this model again: its scores with the segmenter that ships now.",
)
@click.option(
    "--steps", type=click.IntRange(min=1), metavar="N", help="Steps, instead of the configuration's."
)
@click.option(
    "--dry-run", is_flag=True, help="Two small steps, to see that everything is there; nothing is kept."
)
def promptable_command(
    config: str,
    data: str | None,
    out: str | None,
    weights: str | None,
    card: str | None,
    steps: int | None,
    dry_run: bool,
) -> None:
    """Train the small promptable segmenter (boxes and points to masks) as CONFIG (YAML) says."""
    if bool(out) == bool(card) or (card and not weights):
        raise UsageError("Give --out DIR to train, or --card FILE.json with --export DIR to export again.")
    settings = training_module("promptable.config").load_promptable(config).with_data(data)
    if steps:
        settings = replace(settings, steps=steps, hours=None)
    if dry_run:
        settings = replace(settings, images=1, per_image=2)
    with run_folder(out, dry_run) as folder:
        path = card
        if path is None:
            train = training_module("promptable.training").train_promptable
            path = train(settings, folder, stop_after=2 if dry_run else None, report=click.echo)
            click.echo("two steps went well" if dry_run else f"wrote {path}")
        if weights:
            release = training_module("promptable.release").release_promptable
            command = f"planimeter train promptable {shlex.quote(Path(config).name)}"
            place = Path(folder) / "weights" if dry_run else weights
            made = release(settings, path, place, command, report=click.echo)
            size = (made.encoder.size + made.decoder.size) / 2**20
            click.echo(
                f"{'would write' if dry_run else 'wrote'} {Path(weights) / made.path.name} ({size:.1f} MiB)"
            )


@click.command("prompter")
@click.argument("config")
@data_option
@click.option("--out", required=True, metavar="DIR", help="Folder of the run; a run that was killed goes on.")
@click.option(
    "--stage",
    "stages",
    multiple=True,
    type=click.Choice(["supervised", "grpo", "scores"]),
    help="Do this stage only; may be given several times. Else all that CONFIG has.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", help="Seed of reinforcement, beside another's run."
)
@click.option("--figure", metavar="FILE.png", help="Then draw the run's curves.")
@click.option(
    "--sheet", metavar="FILE.jpg", help="Then draw ten held-out reasoning questions with their answers."
)
@click.option("--download", is_flag=True, help="Fetch weights that are not on this machine.")
@click.option(
    "--dry-run",
    is_flag=True,
    help="Two updates of the next stage that is not finished, to see that everything is there; nothing is kept.",
)
def prompter_command(
    config: str,
    data: str | None,
    out: str,
    stages: tuple[str, ...],
    seed: int | None,
    figure: str | None,
    sheet: str | None,
    download: bool,
    dry_run: bool,
) -> None:
    """Train a prompter (phrase and picture to boxes and points): supervised start, then GRPO by mask reward."""
    settings = training_module("prompter.config", "grpo").load_prompter(config).with_data(data)
    if seed is not None and settings.grpo is not None:
        settings = replace(settings, grpo=replace(settings.grpo, seed=seed))
    work = training_module("prompter.stages", "grpo")
    chosen = stages or work.STAGES
    if dry_run:
        if figure or sheet or chosen == ("scores",):
            raise UsageError(
                "--dry-run keeps nothing and scores nothing: leave --figure, --sheet and scores out."
            )
        chosen = tuple(stage for stage in chosen if stage != "scores")
    with run_folder(out, dry_run) as folder:
        if dry_run:
            work.see_finished(out, folder)
        path = work.train_prompter(
            settings,
            folder,
            stages=chosen,
            download=download,
            stop_after=2 if dry_run else None,
            report=click.echo,
        )
    if dry_run:
        click.echo("everything is there; nothing was kept")
        return
    click.echo(f"wrote {path}")
    if figure:
        training_module("prompter.figure").draw_run(out, figure)
        click.echo(f"wrote {figure}")
    if sheet:
        work.draw_answers(settings, out, sheet, "reasoning")
        click.echo(f"wrote {sheet}")
