"""What a source of labelled images gives: pairs of image and labels, and what the labels mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import InputError
from planimeter.paths import is_dir, is_file

LegendContent = dict[
    str, Any
]  # as a legend file holds it: topic → values or "#RRGGBB"; see segment/legend.py


@dataclass(frozen=True)
class LabelledImage:
    """One image with its labels.

    Attributes:
        source: the source's name.
        name: the image's name inside its source.
        image: where the picture is; None when it is made.
        labels: where the labels are; None when they are made.
        legend: what the labels say.
        gsd: metres per pixel; None when nobody stated it.
        nonzero: the label file is a mask in which everything but 0 is the legend's one topic.
        make: for images that are made: gives the picture, (H, W, 3) uint8, and the labels, (H, W) uint8.
    """

    source: str
    name: str
    image: Path | None
    labels: Path | None
    legend: LegendContent
    gsd: float | None
    nonzero: bool = False
    make: Callable[[], tuple[np.ndarray, np.ndarray]] | None = field(default=None, repr=False, compare=False)

    @property
    def folder(self) -> str:
        """The sub-folder its files get in a data set, as published ("deepglobe_0.5m")."""
        return self.source if self.gsd is None else f"{self.source}_{self.gsd:g}m"


def folder_of(path: str, source: str) -> Path:
    """The folder of a source.

    Raises:
        InputError: there is none.
    """
    folder = Path(path).expanduser()
    if not path or not is_dir(folder):
        raise InputError(f"There is no folder {path!r} for {source}: write SOURCE as {source}:FOLDER.")
    return folder


def labelled_pairs(labels: Iterable[Path], image_of: dict[str, str]) -> list[tuple[str, Path, Path]]:
    """Label files with their images: (name, image, labels), in the order of names.

    Args:
        labels: label files.
        image_of: ending of a label file → endings an image may have instead, separated by spaces.
    """
    found = []
    for file in sorted(labels):
        for ending, endings in image_of.items():
            if not file.name.endswith(ending):
                continue
            stem = file.name.removesuffix(ending)
            candidates = (file.with_name(stem + image_ending) for image_ending in endings.split())
            image = next((candidate for candidate in candidates if is_file(candidate)), None)
            if image is not None:
                found.append((stem, image, file))
                break
    return found


def require_some(images: list[LabelledImage], folder: Path, looked_for: str) -> list[LabelledImage]:
    """The images, when there are any.

    Raises:
        InputError: there are none; the sentence says what was looked for.
    """
    if not images:
        raise InputError(f"The folder {folder} holds no labelled images: {looked_for} were looked for.")
    return images
