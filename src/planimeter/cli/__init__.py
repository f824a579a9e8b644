"""The command line: one file per command, loaded only when it is called."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from importlib import import_module
from typing import Any

import click

import planimeter
from planimeter.errors import InputError, PlanimeterError, of_system, without_surrogates

_READER_GONE = 141  # as a shell says of a program that a closed pipe ended

COMMANDS = {
    "annotate": "Let people answer questions about images, and export what they answered.",
    "ask": "Ask an image a question and print the measured answer.",
    "batch": "Ask many scenes one question and combine their answers.",
    "composite": "Several dates of one place as one scene: medians without clouds.",
    "reason": "Find what a phrase describes, and score how well that is done.",
    "run": "Run a program of your own on an image, in the sandbox.",
    "segment": "Write the masks of an image as a GeoTIFF, one band per topic.",
    "serve": "Ask in a browser and over HTTP; serve segmentation.",
    "squid": "Generate the SQuID benchmark, run a system on it, and report.",
    "train": "Train a segmenter, score it on held-out images, export it.",
    "world": "Make a synthetic scene with exact labels, to try things on.",
}


class _LazyGroup(click.Group):
    """Imports a command's file when it is called, so that ``planimeter --help`` and every command start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        return import_module(f"planimeter.cli.{name}").command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # The reader went away (`planimeter ask … | head -1`); there is nobody left to tell, nor is there when the
            # interpreter ends and writes what it still holds.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(_READER_GONE)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(planimeter.__version__, prog_name="planimeter")
def group() -> None:
    """Ask a question of a satellite or aerial image, get a measured answer.

    \b
    planimeter world --out demo
    planimeter ask demo/image.tif "How many buildings are within 50 m of water?" \\
        --labels demo/labels.tif --legend demo/legend.json --out demo/answer
    """


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the ``planimeter`` command; errors become one sentence and an exit code."""
    # rasterio imports boto3 where it happens to be installed, which takes half a second; no command opens files in
    # the cloud, so this process does without it.
    sys.modules.setdefault("boto3", None)  # type: ignore[arg-type]
    # At its end the interpreter looks for rings among all objects, modules and grammar included, to free what the
    # system takes back anyway: a third of a second of a short command.
    atexit.register(gc.freeze)
    # A file's name may hold bytes that are no text, and a terminal may lack a letter: neither spoils what is printed.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        group.main(args=arguments, prog_name="planimeter", standalone_mode=False)
    except PlanimeterError as error:
        click.echo(f"planimeter: {error}", err=True)
        for question in getattr(error, "suggestions", ()):
            click.echo(f"  try      {question}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        click.echo("planimeter: stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (OSError, UnicodeEncodeError) as error:
        if isinstance(error, UnicodeEncodeError) and without_surrogates(error.object) == error.object:
            raise
        click.echo(f"planimeter: {of_system(error)}", err=True)
        sys.exit(InputError.exit_code)
