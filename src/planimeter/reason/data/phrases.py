"""RefSegRS: a text file of phrases per split, pictures and masks beside it; RISBench so, or as rows with the masks in.

RefSegRS (arXiv:2306.08625): ``output_phrase_SPLIT.txt`` with lines ``ID PHRASE``, ``images/ID.tif``, ``masks/ID.tif``.
RISBench (arXiv:2410.06811): ``output_phrase_SPLIT.txt`` with lines ``FILE PHRASE``, ``img_rgb/FILE``, ``mask/FILE``; or
``*.jsonl`` with rows of ``split, image_id, sent, file_name, segmentation`` (COCO's compressed RLE) and the pictures in
``img_rgb``, ``images`` or beside. In all, everything but 0 is the target.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import InputError
from planimeter.reason.data.sample import (
    INSTANCE,
    SEMANTIC,
    ReferringSample,
    read_mask,
    read_picture,
    split_folder,
)
from planimeter.segment import rle


def read_refsegrs(root: Path, split: str = "test") -> list[ReferringSample]:
    """The samples of a split of RefSegRS, in the file's order.

    Raises:
        InputError: the folder does not hold the layout.
    """
    return _samples(root, split, "RefSegRS", SEMANTIC, ("images", "masks"), ".tif")


def read_risbench(root: Path, split: str = "test") -> list[ReferringSample]:
    """The samples of a split of RISBench, in the file's order.

    Raises:
        InputError: the folder does not hold one of the two layouts.
    """
    if rows := sorted(root.glob("*.jsonl")):
        split_folder(root, split)
        return [sample for path in rows for sample in _rows(path, split)]
    return _samples(root, split, "RISBench", INSTANCE, ("img_rgb", "mask"), "")


def _samples(
    root: Path, split: str, dataset: str, level: str, folders: tuple[str, str], suffix: str
) -> list[ReferringSample]:
    split_folder(root, split)
    listing = root / f"output_phrase_{split}.txt"
    try:
        lines = listing.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise InputError(f"{listing} cannot be read: give the folder that holds it.") from error
    samples = []
    for number, line in enumerate(lines, 1):
        name, _, phrase = line.strip().partition(" ")
        if not name:
            continue
        if not phrase.strip() or Path(name).name != name:
            raise InputError(
                f"{listing.name}, line {number}, is not a file name and a phrase: copy it again."
            )
        image, mask = (root / folder / f"{name}{suffix}" for folder in folders)
        samples.append(
            ReferringSample(
                id=f"{split}/{number}",
                dataset=dataset,
                level=level,
                image_name=name,
                phrase=phrase.strip(),
                read_image=partial(read_picture, image),
                read_target=partial(read_mask, mask),
            )
        )
    return samples


def _rows(path: Path, split: str) -> list[ReferringSample]:
    samples = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                if row["split"] != split:
                    continue
                name, phrase, mask = (
                    str(row["file_name"]),
                    str(row["sent"]).strip(),
                    dict(row["segmentation"]),
                )
                height, width = (int(side) for side in mask["size"])
            except (ValueError, LookupError, TypeError) as error:
                raise InputError(
                    f"{path.name}, line {number}, is no row of RISBench ({type(error).__name__}): copy it again."
                ) from error
            if not phrase or Path(name).name != name:
                raise InputError(f"{path.name}, line {number}, names no file or no phrase: copy it again.")
            samples.append(
                ReferringSample(
                    id=f"{split}/{row.get('image_id', number)}/{number}",
                    dataset="RISBench",
                    level=INSTANCE,
                    image_name=name,
                    phrase=phrase,
                    read_image=partial(_picture_among, path.parent, name),
                    read_target=partial(_decoded, mask, (height, width)),
                )
            )
    return samples


def _picture_among(root: Path, name: str) -> np.ndarray:
    found = [root / folder / name for folder in ("img_rgb", "images", "") if (root / folder / name).is_file()]
    return read_picture(found[0] if found else root / "img_rgb" / name)


def _decoded(mask: dict[str, Any], shape: tuple[int, int]) -> np.ndarray:
    try:
        return rle.decode(mask, shape)
    except (ValueError, TypeError) as error:
        raise InputError(f"A mask of RISBench is no run-length encoding ({error}): copy it again.") from error
