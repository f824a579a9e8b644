"""DeepGlobe 2018 land cover: complete labels at 0.5 m, as released or as JPEG with ``NAME_labels.png``."""

from __future__ import annotations

from planimeter.segment.legend import legend_content
from planimeter.squid.sources.base import (
    LabelledImage,
    folder_of,
    labelled_pairs,
    require_some,
)

GSD = 0.5


def images(path: str, gsd: float | None = None) -> list[LabelledImage]:
    """All labelled images of a DeepGlobe folder.

    Args:
        path: the folder; ``*_mask.png`` beside ``*_sat.jpg``, or ``*_labels.png`` beside ``*.jpg``.
        gsd: metres per pixel, instead of the stated 0.5.

    Raises:
        InputError: nothing there.
    """
    folder = folder_of(path, "deepglobe")
    pairs = labelled_pairs(folder.rglob("*.png"), {"_mask.png": "_sat.jpg", "_labels.png": ".jpg .png"})
    legend = legend_content("deepglobe")
    found = [
        LabelledImage("deepglobe", name, image, labels, legend, gsd or GSD) for name, image, labels in pairs
    ]
    return require_some(found, folder, "NAME_mask.png with NAME_sat.jpg, or NAME_labels.png with NAME.jpg,")
