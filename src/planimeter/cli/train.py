"""``planimeter train``: train segmenters, score them, and make the files that ship."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import click

from planimeter.cli.train_prompter import promptable_command, prompter_command
from planimeter.cli.train_rewriter import rewriter_command
from planimeter.cli.training import data_option as _data
from planimeter.cli.training import run_folder
from planimeter.cli.training import training_module as _module
from planimeter.errors import UsageError


@click.group("train")
def command() -> None:
    """Train segmenters and prompters, score them on held-out images, and export them.

    \b
    planimeter train segmenter configs/segmenter.yaml --data DIR --out runs/segmenter
    planimeter train evaluate configs/segmenter.yaml --data DIR
    planimeter train export configs/segmenter.yaml runs/segmenter/final.pt --data DIR --out weights
    planimeter train promptable configs/promptable.yaml --data DIR --out runs/promptable --export weights
    planimeter train prompter configs/prompter-toy.yaml --out runs/prompter-toy
    planimeter train rewriter --start-from SmolLM2-135M --out runs/rewriter --export weights
    """


@command.command("segmenter")
@click.argument("config")
@_data
@click.option("--out", required=True, metavar="DIR", help="Folder of the run; a run that was killed goes on.")
@click.option("--start-from", metavar="FILE.pt", help="Start from the weights of another run.")
@click.option(
    "--steps", type=click.IntRange(min=1), metavar="N", help="Steps, instead of the configuration's."
)
@click.option(
    "--hours",
    type=click.FloatRange(min=0, min_open=True),
    metavar="H",
    help="Hours, instead of the configuration's length.",
)
@click.option("--tracker", "trackers", multiple=True, type=click.Choice(["tensorboard", "wandb"]))
@click.option(
    "--dry-run", is_flag=True, help="Two small steps, to see that everything is there; nothing is kept."
)
def segmenter_command(
    config: str,
    data: str | None,
    out: str,
    start_from: str | None,
    steps: int | None,
    hours: float | None,
    trackers: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Train a segmenter as CONFIG (YAML) says; on several GPUs with `accelerate launch -m planimeter`."""
    train = _module("segmenter").train_segmenter
    settings = _module("config").load_config(config).with_data(data)
    if start_from:
        settings = replace(settings, start_from=start_from)
    if steps or hours:
        settings = replace(settings, steps=steps, hours=None if steps else hours)
    if dry_run:
        settings = replace(settings, batch=2, size=64)
    with run_folder(out, dry_run) as folder:
        path = train(
            settings, folder, stop_after=2 if dry_run else None, trackers=trackers, report=click.echo
        )
    click.echo("everything is there; nothing was kept" if dry_run else f"wrote {path}")


@command.command("dinov3")
@click.argument("config")
@_data
@click.option(
    "--out", required=True, metavar="DIR", help="Folder of the model; a run that was killed goes on."
)
@click.option(
    "--backbone",
    metavar="NAME",
    help="Folder with a DINOv3's weights, or its name on the hub, perhaps with @REVISION.",
)
@click.option("--download", is_flag=True, help="Fetch the backbone when it is not on this machine.")
@click.option(
    "--topic",
    "topics",
    multiple=True,
    metavar="T=A,B",
    help="Topic T is shown by classes A and B; may be repeated.",
)
@click.option(
    "--rate", type=click.FloatRange(min=0, min_open=True), metavar="R", help="Learning rate; else 1e-4."
)
@click.option(
    "--steps", type=click.IntRange(min=1), metavar="N", help="Steps, instead of the configuration's."
)
def dinov3_command(
    config: str,
    data: str | None,
    out: str,
    backbone: str | None,
    download: bool,
    topics: tuple[str, ...],
    rate: float | None,
    steps: int | None,
) -> None:
    """Train a Mask2Former head on a frozen DINOv3, for `--segmenter dinov3:DIR`."""
    training = _module("dinov3")
    settings = _module("config").load_config(config).with_data(data)
    if steps:
        settings = replace(settings, steps=steps, hours=None)
    path = training.train_dinov3(
        settings,
        out,
        backbone=backbone or training.BACKBONE,
        download=download,
        topics={name: classes.split(",") for name, _, classes in (one.partition("=") for one in topics)}
        or None,
        rate=rate or training.RATE,
        report=click.echo,
    )
    click.echo(f"wrote {path}")


@command.command("evaluate")
@click.argument("config")
@click.argument("checkpoint", required=False)
@_data
@click.option(
    "--card", metavar="FILE.json", help="Score this exported model; else the one that ships from CONFIG."
)
@click.option("--split", type=click.Choice(["validation", "train"]), default="validation", show_default=True)
def evaluate_command(
    config: str, checkpoint: str | None, data: str | None, card: str | None, split: str
) -> None:
    """Print F1 and IoU per source and topic, of CHECKPOINT or of an exported model."""
    if checkpoint is not None and card is not None:
        raise UsageError("CHECKPOINT and --card are two models: give one of them.")
    settings = _module("config").load_config(config).with_data(data)
    pictures = [one for one in _module("data").load_pictures(settings, split) if one.path is not None]
    scoring = _module("evaluate")
    if checkpoint is not None:
        network = _module("checkpoint").network_from(checkpoint, settings)
        model = scoring.TorchModel.of(network, settings)
    else:
        from planimeter.segment.inference import RuntimeModel, load_card
        from planimeter.segment.inference.card import MODELS, shipped_card

        name = next((name for name, file in MODELS.items() if file == settings.name), "default")
        model = RuntimeModel(load_card(card or shipped_card(name)))
    scores = scoring.table(scoring.evaluate(model, pictures, settings))
    click.echo(f"{model.card.name} {model.card.version}\n\n{scores}")


@command.command("export")
@click.argument("config")
@click.argument("checkpoint")
@_data
@click.option("--out", required=True, metavar="DIR", help="Where the model file and its card go.")
@click.option("--trained-by", metavar="TEXT", help="For the card; else the command that CONFIG stands for.")
def export_command(config: str, checkpoint: str, data: str | None, out: str, trained_by: str | None) -> None:
    """Make a model file and its card, with thresholds, calibration and scores, from CHECKPOINT.

    An exported model's card (JSON) in place of CHECKPOINT keeps its weights and measures everything else anew.
    """
    settings = _module("config").load_config(config).with_data(data)
    trained = trained_by or f"planimeter train segmenter {shlex.quote(Path(config).name)}"
    card = _module("release").release(settings, checkpoint, out, trained, report=click.echo)
    click.echo(f"wrote {card.path} ({card.size / 2**20:.1f} MiB)")


command.add_command(promptable_command)
command.add_command(prompter_command)
command.add_command(rewriter_command)
