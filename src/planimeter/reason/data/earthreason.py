"""EarthReason: reasoning questions about land, one mask per picture (semantic level).

Layout: ``SPLIT/images/ID.*``, ``SPLIT/labels/ID.png`` (mask > 0) and ``SPLIT/QAs/ID.json`` whose ``questions`` lists
wordings and whose ``answer`` is an empty list where nothing in the picture is asked for. Where names differ, the files
belong together in sorted order, as the data set's own loader has it. Source: the data set's folder as SegEarth-R1
publishes it (arXiv:2504.09644).
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np

from planimeter.errors import InputError
from planimeter.reason.data.sample import SEMANTIC, ReferringSample, read_mask, read_picture, split_folder


def read_earthreason(root: Path, split: str = "test", questions: str = "first") -> list[ReferringSample]:
    """The samples of a split, by picture.

    Args:
        root: holds ``train``, ``val`` and ``test``.
        split: one of them.
        questions: "first" wording of each picture, as many samples as pictures, or "all". (The paper's code draws one
            at random.)

    Raises:
        InputError: the folder does not hold the layout.
    """
    split_folder(root, split)
    samples = []
    for picture, labels, asking in _together(root / split):
        asked, there = _questions(asking)
        for number, question in enumerate(asked if questions == "all" else asked[:1]):
            samples.append(
                ReferringSample(
                    id=f"{split}/{picture.stem}" + (f"/{number}" if number else ""),
                    dataset="EarthReason",
                    level=SEMANTIC,
                    image_name=picture.stem,
                    phrase=question,
                    read_image=partial(read_picture, picture),
                    read_target=partial(_target, labels, there),
                )
            )
    return samples


def _together(folder: Path) -> list[tuple[Path, Path, Path]]:
    """Picture, labels and questions of each sample: by name, or in sorted order where the names differ."""
    pictures, labels, asking = (
        sorted(path for path in (folder / name).glob("*.*") if not path.name.startswith("."))
        for name in ("images", "labels", "QAs")
    )
    if not pictures:
        raise InputError(
            f"{folder / 'images'} holds no pictures: give the folder that holds train, val and test."
        )
    by_name = [{path.stem: path for path in paths} for paths in (labels, asking)]
    if all(path.stem in paths for path in pictures for paths in by_name):
        return [(path, by_name[0][path.stem], by_name[1][path.stem]) for path in pictures]
    if not len(pictures) == len(labels) == len(asking):
        raise InputError(
            f"{folder} holds {len(pictures)} images, {len(labels)} labels and {len(asking)} QAs whose names differ: "
            "copy the data set again."
        )
    return list(zip(pictures, labels, asking, strict=True))


def _target(labels: Path, there: bool) -> np.ndarray:
    found = read_mask(labels)
    return found if there else np.zeros_like(found)


def _questions(path: Path) -> tuple[list[str], bool]:
    """The wordings, and whether what they ask for is in the picture."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        found = said["questions"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(f"{path} holds no list `questions`: copy the data set again.") from error
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise InputError(f"{path} holds no list `questions`: copy the data set again.")
    asked = [each.strip() for each in found if each.strip()]
    if not asked:
        raise InputError(f"{path} holds no list `questions`: copy the data set again.")
    return asked, said.get("answer") != []
