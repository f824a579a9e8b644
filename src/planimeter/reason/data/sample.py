"""One thing to be found in one picture, and what would be right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from planimeter.errors import InputError
from planimeter.paths import is_dir

SEMANTIC, INSTANCE = "semantic", "instance"


@dataclass(frozen=True)
class ReferringSample:
    """A phrase about a picture, with its target; both are read when asked for.

    Attributes:
        id: unique in its data set.
        dataset: the data set's name.
        level: "semantic" where all regions that match are meant, "instance" where single objects are.
        image_name: samples of one picture share it.
        phrase: what is to be found: a noun phrase or a question.
        read_image: gives (H, W, 3) uint8.
        read_target: gives (H, W) bool; empty where there is nothing to be found.
    """

    id: str
    dataset: str
    level: str
    image_name: str
    phrase: str
    read_image: Callable[[], np.ndarray] = field(repr=False, compare=False)
    read_target: Callable[[], np.ndarray] = field(repr=False, compare=False)

    def load(self) -> tuple[np.ndarray, np.ndarray]:
        """Picture and target.

        Raises:
            InputError: they cannot be read, or differ in size.
        """
        image, target = self.read_image(), self.read_target()
        if image.shape[:2] != target.shape:
            raise InputError(
                f"{self.id}: the target is {target.shape[1]} x {target.shape[0]} pixels and its picture "
                f"{image.shape[1]} x {image.shape[0]}: copy the data set again."
            )
        return image, target


def read_picture(path: Path) -> np.ndarray:
    """A picture file as (H, W, 3) uint8.

    Raises:
        InputError: it cannot be read.
    """
    found = _read(path, colour=True)
    return np.ascontiguousarray(found[:, :, ::-1])


def read_mask(path: Path) -> np.ndarray:
    """A mask file as (H, W) bool: everything but 0 is the target.

    Raises:
        InputError: it cannot be read.
    """
    found = _read(path, colour=False)
    return np.asarray(found if found.ndim == 2 else found[:, :, :3].max(axis=2)) > 0


def _read(path: Path, colour: bool) -> np.ndarray:
    import cv2

    try:
        content = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise InputError(f"{path} cannot be read: copy the data set again.") from error
    flags = cv2.IMREAD_COLOR if colour else cv2.IMREAD_UNCHANGED
    found = cv2.imdecode(content, flags | cv2.IMREAD_IGNORE_ORIENTATION) if content.size else None
    if found is None:
        raise InputError(f"{path} is no picture: copy the data set again.")
    return np.asarray(found)


def split_folder(root: Path, split: str, splits: tuple[str, ...] = ("train", "val", "test")) -> None:
    """Make sure that a data set's folder and split can be.

    Raises:
        InputError: there is no such folder or split.
    """
    if split not in splits:
        raise InputError(f"There is no split {split[:40]!r}: choose among {', '.join(splits)}.")
    if not is_dir(root):
        raise InputError(f"There is no folder {root}: give the folder of the data set.")
