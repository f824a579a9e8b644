"""RRSIS-D: referring expressions for single objects, in the layout of the REFER interface.

Layout: ``rrsisd/refs(unc).p`` (a pickled list of references: ``ann_id``, ``image_id``, ``split``, ``sentences``),
``rrsisd/instances.json`` (COCO: ``images``, ``annotations`` whose ``segmentation`` is COCO RLE) and
``images/rrsisd/JPEGImages``. Source: the data set's folder as RMSIN publishes it (arXiv:2312.12470).
"""

from __future__ import annotations

import io
import json
import pickle
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from planimeter.errors import InputError
from planimeter.reason.data.sample import INSTANCE, ReferringSample, read_picture, split_folder
from planimeter.segment import rle


class _PlainUnpickler(pickle.Unpickler):
    """Reads lists, dicts, texts and numbers, and nothing that runs code."""

    def find_class(self, module_name: str, global_name: str) -> NoReturn:
        raise pickle.UnpicklingError(f"it wants {module_name}.{global_name}")


def read_rrsisd(root: Path, split: str = "test") -> list[ReferringSample]:
    """The samples of a split: one per reference, with its first sentence, as is usual.

    Raises:
        InputError: the folder does not hold the layout, or its pickle holds more than plain data.
    """
    split_folder(root, split)
    try:
        references = _PlainUnpickler(io.BytesIO((root / "rrsisd" / "refs(unc).p").read_bytes())).load()
        instances = json.loads((root / "rrsisd" / "instances.json").read_text(encoding="utf-8"))
        pictures = {each["id"]: each for each in instances["images"]}
        annotations = {each["id"]: each for each in instances["annotations"]}
        return [
            _sample(root, reference, pictures, annotations)
            for reference in references
            if reference["split"] == split
        ]
    except (OSError, ValueError, LookupError, TypeError, EOFError, pickle.UnpicklingError) as error:
        raise InputError(
            f"{root} does not hold RRSIS-D as published ({type(error).__name__}: {str(error)[:80]}): give the folder "
            "with rrsisd/refs(unc).p, rrsisd/instances.json and images/."
        ) from error


def _sample(
    root: Path, reference: dict[str, Any], pictures: dict[int, Any], annotations: dict[int, Any]
) -> ReferringSample:
    picture = pictures[reference["image_id"]]
    sentence = reference["sentences"][0]
    name = Path(picture["file_name"]).name
    shape = (int(picture["height"]), int(picture["width"]))
    return ReferringSample(
        id=f"{reference['split']}/{reference['ref_id']}",
        dataset="RRSIS-D",
        level=INSTANCE,
        image_name=name,
        phrase=str(sentence.get("raw") or sentence["sent"]),
        read_image=partial(read_picture, root / "images" / "rrsisd" / "JPEGImages" / name),
        read_target=partial(_target, annotations[reference["ann_id"]]["segmentation"], shape),
    )


def _target(segmentation: Any, shape: tuple[int, int]) -> np.ndarray:
    """The union of an annotation's RLEs."""
    target = np.zeros(shape, dtype=bool)
    try:
        for part in [segmentation] if isinstance(segmentation, dict) else segmentation:
            target |= rle.decode(part, shape)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"An annotation of RRSIS-D is no run-length encoding ({error}): copy it again."
        ) from error
    return target
