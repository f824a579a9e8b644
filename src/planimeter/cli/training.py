"""What every ``planimeter train`` command needs: the training room, loaded when it is called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any

import click

from planimeter.errors import ModelError

data_option = click.option("--data", metavar="DIR", help="Folder of the sources; else PLANIMETER_DATA.")


def training_module(name: str, extra: str = "train") -> Any:
    """A module of the training room.

    Args:
        name: below ``planimeter.train``.
        extra: of the package, which the module's imports need.

    Raises:
        ModelError: the extra is not installed.
    """
    try:
        return import_module(f"planimeter.train.{name}")
    except ImportError as error:
        if (error.name or "").split(".")[0] == "planimeter":
            raise
        raise ModelError(
            f"Training needs {error.name}, which is not installed: pip install 'planimeter[{extra}]'."
        ) from error


@contextmanager
def run_folder(out: str | None, dry_run: bool) -> Iterator[str]:
    """The folder of a run; of a dry run one that is taken away, so that no run goes on from its small steps.

    Args:
        out: as given; None where the command needs none.
        dry_run: nothing is to be kept.
    """
    if not dry_run:
        yield out or ""
        return
    with TemporaryDirectory(prefix="planimeter-") as folder:
        yield folder
