"""Dubai land cover by Humans in the Loop: complete labels; the scale is not stated and differs by tile."""

from __future__ import annotations

from planimeter.segment.legend import legend_content
from planimeter.squid.sources.base import (
    LabelledImage,
    folder_of,
    labelled_pairs,
    require_some,
)


def images(path: str, gsd: float | None = None) -> list[LabelledImage]:
    """All labelled images of a folder; without ``gsd`` only questions that need no scale can be asked.

    Args:
        path: the folder, ``NAME_labels.png`` beside ``NAME.jpg``.
        gsd: metres per pixel, if you know it.

    Raises:
        InputError: nothing there.
    """
    folder = folder_of(path, "dubai")
    pairs = labelled_pairs(folder.rglob("*_labels.png"), {"_labels.png": ".jpg .png"})
    legend = legend_content("dubai")
    found = [LabelledImage("dubai", name, image, labels, legend, gsd) for name, image, labels in pairs]
    return require_some(found, folder, "NAME_labels.png with NAME.jpg")
