"""EarthReason: reasoning questions about land, one mask per picture (semantic level).

Layout: ``SPLIT/images/ID.*``, ``SPLIT/labels/ID.png`` (mask > 0) and ``SPLIT/QAs/ID.json`` whose ``questions`` lists
wordings. Source: the data set's folder as SegEarth-R1 publishes it (arXiv:2504.09644).
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

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
    folder = root / split
    pictures = {path.stem: path for path in sorted((folder / "images").glob("*.*"))}
    if not pictures:
        raise InputError(
            f"{folder / 'images'} holds no pictures: give the folder that holds train, val and test."
        )
    samples = []
    for stem, picture in pictures.items():
        asked = _questions(folder / "QAs" / f"{stem}.json")
        for number, question in enumerate(asked if questions == "all" else asked[:1]):
            samples.append(
                ReferringSample(
                    id=f"{split}/{stem}" + (f"/{number}" if number else ""),
                    dataset="EarthReason",
                    level=SEMANTIC,
                    image_name=stem,
                    phrase=question,
                    read_image=partial(read_picture, picture),
                    read_target=partial(read_mask, folder / "labels" / f"{stem}.png"),
                )
            )
    return samples


def _questions(path: Path) -> list[str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["questions"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(f"{path} holds no list `questions`: copy the data set again.") from error
    if not isinstance(found, list) or not found or not all(isinstance(each, str) for each in found):
        raise InputError(f"{path} holds no list `questions`: copy the data set again.")
    return found
