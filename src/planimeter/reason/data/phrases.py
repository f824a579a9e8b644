"""RefSegRS and RISBench: a text file of phrases per split, pictures and masks beside it.

RefSegRS (arXiv:2306.08625): ``output_phrase_SPLIT.txt`` with lines ``ID PHRASE``, ``images/ID.tif``, ``masks/ID.tif``.
RISBench (arXiv:2410.06811): ``output_phrase_SPLIT.txt`` with lines ``FILE PHRASE``, ``img_rgb/FILE``, ``mask/FILE``.
In both, everything but 0 is the target.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from planimeter.errors import InputError
from planimeter.reason.data.sample import (
    INSTANCE,
    SEMANTIC,
    ReferringSample,
    read_mask,
    read_picture,
    split_folder,
)


def read_refsegrs(root: Path, split: str = "test") -> list[ReferringSample]:
    """The samples of a split of RefSegRS, in the file's order.

    Raises:
        InputError: the folder does not hold the layout.
    """
    return _samples(root, split, "RefSegRS", SEMANTIC, ("images", "masks"), ".tif")


def read_risbench(root: Path, split: str = "test") -> list[ReferringSample]:
    """The samples of a split of RISBench, in the file's order.

    Raises:
        InputError: the folder does not hold the layout.
    """
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
