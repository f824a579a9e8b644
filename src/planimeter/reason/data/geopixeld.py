"""GeoPixelD: descriptions of pictures with a mask for each thing that is named.

Layout: ``GeoPixelD.json`` lists pictures (``image``, ``polygons``: paths that end in ``SPLIT/NAME.png`` and
``SPLIT/NAME.json``); ``SPLIT/NAME.json`` holds ``gcg_description``, in which ``<p> tennis court-2 </p> [SEG]`` names a
thing, and ``polygons``, for each thing in the text's order a list of rings of pixel coordinates. Source: the data set's
folder as GeoPixel publishes it (arXiv:2501.13925).

A name with a number ("tennis court-2") tells nobody which court is meant, so things of one noun are one sample, all of
them; a noun with one thing is a sample about that.
"""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from planimeter.errors import InputError
from planimeter.reason.data.sample import INSTANCE, SEMANTIC, ReferringSample, read_picture, split_folder

_NAMED = re.compile(r"<p>\s*(.*?)\s*</p>")
_NUMBER = re.compile(r"\s*-\s*\d+$")
Rings = list[list[list[float]]]


def read_geopixeld(root: Path, split: str = "train") -> list[ReferringSample]:
    """The samples of a split: one for each noun of each picture.

    Args:
        root: holds ``GeoPixelD.json``.
        split: the folder that pictures lie in.

    Raises:
        InputError: the folder does not hold the layout.
    """
    split_folder(root, split)
    listing = root / "GeoPixelD.json"
    try:
        entries = json.loads(listing.read_text(encoding="utf-8"))
        places = [PurePosixPath(str(entry["image"])) for entry in entries]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(f"{listing} is no list of pictures: give the folder that holds it.") from error
    return [
        sample
        for place in places
        if place.parent.name == split
        for sample in _of_picture(root / split / place.name, split)
    ]


def _of_picture(picture: Path, split: str) -> list[ReferringSample]:
    samples = []
    for noun, things in _things(picture.with_suffix(".json")).items():
        samples.append(
            ReferringSample(
                id=f"{split}/{picture.stem}/{noun}",
                dataset="GeoPixelD",
                level=INSTANCE if len(things) == 1 else SEMANTIC,
                image_name=picture.name,
                phrase=noun if len(things) == 1 else f"every {noun}",
                read_image=partial(read_picture, picture),
                read_target=partial(_target, picture, things),
            )
        )
    return samples


def _things(path: Path) -> dict[str, list[Rings]]:
    """The outlines of each noun's things."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        names, outlines = _NAMED.findall(said["gcg_description"]), list(said["polygons"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(f"{path} holds no description with polygons: copy the data set again.") from error
    if len(names) != len(outlines):
        raise InputError(
            f"{path} names {len(names)} things and outlines {len(outlines)}: copy the data set again."
        )
    found: dict[str, list[Any]] = {}
    for name, rings in zip(names, outlines, strict=True):
        found.setdefault(_NUMBER.sub("", name), []).append(rings)
    return found


def _target(picture: Path, things: list[Rings]) -> np.ndarray:
    """Pixels inside any thing; of a thing's rings, one within another is a hole (even and odd)."""
    import cv2

    shape = read_picture(picture).shape[:2]
    target = np.zeros(shape, np.uint8)
    for rings in things:
        one = np.zeros(shape, np.uint8)
        try:
            points = [
                np.rint(np.asarray(ring, dtype=np.float64)).astype(np.int32).reshape(-1, 2) for ring in rings
            ]
        except (ValueError, TypeError) as error:
            raise InputError(f"An outline of {picture.name} is no list of points: copy it again.") from error
        cv2.fillPoly(one, points, 1)
        target |= one
    return target > 0
