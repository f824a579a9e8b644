"""Dubai land cover by Humans in the Loop: complete labels; the scale is not stated and differs by tile."""

from __future__ import annotations

from planimeter.squid.sources.base import (
    LabelledImage,
    LegendContent,
    folder_of,
    labelled_pairs,
    require_some,
)

LEGEND: LegendContent = {
    "roof": [1, "#3C1098"],
    "barren": [2, "#8429F6"],
    "road": [3, "#6EC1E4"],
    "vegetation": [4, "#FEDD3A"],
    "water": [5, "#E2A929"],
    "nodata": [0, "#9B9B9B"],
}


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
    found = [LabelledImage("dubai", name, image, labels, LEGEND, gsd) for name, image, labels in pairs]
    return require_some(found, folder, "NAME_labels.png with NAME.jpg")
