"""``planimeter train coder`` and its companions: a language model that writes programs, trained from answers."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from planimeter.cli.training import training_module


@click.command("coder")
@click.argument("config")
@click.option("--out", required=True, metavar="DIR", help="Folder of the run; a run that was killed goes on.")
@click.option(
    "--stage",
    "stages",
    multiple=True,
    type=click.Choice(["supervised", "grpo"]),
    help="Do this stage only; may be given twice. Else both.",
)
@click.option(
    "--seed",
    "seeds",
    multiple=True,
    type=int,
    metavar="N",
    help="Of reinforcement; may be repeated. Else CONFIG's.",
)
@click.option("--start-from", metavar="DIR", help="Reinforce this model instead of the run's own warm start.")
@click.option(
    "--steps", type=click.IntRange(min=1), metavar="N", help="Updates of reinforcement, instead of CONFIG's."
)
@click.option(
    "--noise", type=click.FloatRange(0, 0.9), metavar="X", help="Degrade the training masks by this much."
)
@click.option("--dry-run", is_flag=True, help="Two updates per stage, to see that everything is there.")
def coder_command(
    config: str,
    out: str,
    stages: tuple[str, ...],
    seeds: tuple[int, ...],
    start_from: str | None,
    steps: int | None,
    noise: float | None,
    dry_run: bool,
) -> None:
    """Train a coder as CONFIG (YAML) says: a warm start on programs, then reinforcement by answers (GRPO).

    \b
    planimeter train coder configs/coder.yaml --out runs/coder
    planimeter train coder configs/coder.yaml --out runs/coder --stage grpo --seed 0 --seed 1 --seed 2
    """
    settings = training_module("coder.config", "grpo").load_coder_config(config)
    work = training_module("coder.stages", "grpo")
    folder, stop = Path(out), 2 if dry_run else None
    wanted = stages or ("supervised", "grpo")
    start = Path(start_from) if start_from else folder / work.FINAL
    if "supervised" in wanted and not (start_from or start.exists()):
        start = work.train_warm(settings, folder, stop_after=stop, report=click.echo)
        click.echo(f"wrote {start}")
    if "grpo" in wanted and not (dry_run and start.suffix == ".pt"):
        for seed in seeds or (settings.grpo.seed,):
            chosen = work.with_options(settings, seed=seed, steps=steps, noise=noise)
            path = work.train_reinforced(
                chosen, start, folder / f"grpo-{seed}", stop_after=stop, report=click.echo
            )
            click.echo(f"wrote {path}")


@click.command("coder-evaluate")
@click.argument("config")
@click.option("--card", metavar="FILE.json", help="Of this model; else the one that ships.")
@click.option("--questions", type=click.IntRange(min=1), metavar="N", help="How many, instead of CONFIG's.")
@click.option("--by", type=click.Choice(["all", "family", "type"]), default="all", show_default=True)
@click.option(
    "--wrong", "show_wrong", is_flag=True, help="Show questions with a wrong answer, and their programs."
)
def evaluate_command(config: str, card: str | None, questions: int | None, by: str, show_wrong: bool) -> None:
    """Print how often grammar, model and both answer held-out wordings rightly and wrongly."""
    settings = training_module("coder.config", "grpo").load_coder_config(config)
    rows, judge = training_module("coder.stages", "grpo").report_rows(settings, questions)
    tallies = training_module("coder.release", "grpo").compare(_card(card), rows, judge)
    click.echo(training_module("coder.evaluation", "grpo").table(tallies, _groups(tallies, by)))
    if show_wrong:
        for coder, found in tallies.items():
            for question, program in found["all"].cases:
                click.echo(f"\n{coder} was wrong: {question}\n{program}")


@click.command("coder-export")
@click.argument("config")
@click.argument("model")
@click.option("--out", required=True, metavar="DIR", help="Where the network, its tokenizer and its card go.")
def export_command(config: str, model: str, out: str) -> None:
    """Make the files that ship from MODEL, with settings chosen on validation questions and scores on the others."""
    settings = training_module("coder.config", "grpo").load_coder_config(config)
    trained = f"planimeter train coder {shlex.quote(Path(config).name)}"
    release = training_module("coder.release", "grpo").release_coder
    click.echo(f"wrote {release(settings, model, out, trained_by=trained, report=click.echo)}")


@click.command("coder-curve")
@click.argument("runs", nargs=-1, required=True)
@click.option("--out", metavar="FILE.png", help="Draw the curves there.")
def curve_command(runs: tuple[str, ...], out: str | None) -> None:
    """Print held-out shares before and after reinforcement over RUNS, one folder per seed."""
    curve = training_module("coder.curve", "grpo")
    click.echo(curve.curve_table(runs))
    if out:
        click.echo(f"wrote {curve.draw_curve(runs, out)}")


def _card(path: str | None) -> Any:
    from learned_coder.coder.card import load_card

    return load_card(path)


def _groups(tallies: dict[str, dict[str, Any]], by: str) -> list[str]:
    from planimeter.squid.types import TYPES

    found = list(next(iter(tallies.values())))
    if by == "all":
        return [one for one in ("all", "refusal") if one in found]
    return [one for one in found if (one in TYPES) == (by == "type") and one != "all"]
