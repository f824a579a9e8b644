"""The command line: one file per command, loaded only when it is called."""

from __future__ import annotations

import atexit
import gc
import sys
from importlib import import_module

import click

import planimeter
from planimeter.errors import InputError, PlanimeterError, shown_name

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
    except BrokenPipeError:
        # The reader went away (`planimeter ask … | head -1`); there is nobody left to tell.
        sys.stderr.close()
        sys.exit(141)
    except OSError as error:
        click.echo(f"planimeter: {_sentence(error)}", err=True)
        sys.exit(InputError.exit_code)


def _sentence(error: OSError) -> str:
    """What the system refused, where no command has words of its own for it.

    >>> _sentence(OSError(36, "File name too long", "n.tif"))
    "'n.tif' cannot be read or written (File name too long): check the path, who may use it, and the room on its disk."
    """
    which = "A file" if error.filename is None else shown_name(error.filename)
    return (
        f"{which} cannot be read or written ({error.strerror or error}): check the path, who may use it, and the room "
        "on its disk."
    )
