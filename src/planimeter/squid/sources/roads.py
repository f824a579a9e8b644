"""Road masks: only roads are labelled, so only roads are asked about."""

from __future__ import annotations

from planimeter.squid.sources.base import LabelledImage, folder_of, labelled_pairs, require_some


def images(path: str, gsd: float | None = None) -> list[LabelledImage]:
    """All road masks of a folder; without ``gsd`` only questions that need no scale can be asked.

    Args:
        path: the folder, ``NAME_labels.png`` beside ``NAME.jpg``.
        gsd: metres per pixel, if you know it.

    Raises:
        InputError: nothing there.
    """
    folder = folder_of(path, "roads")
    pairs = labelled_pairs(folder.rglob("*_labels.png"), {"_labels.png": ".jpg .png"})
    found = [
        LabelledImage("roads", name, image, labels, {"road": [1]}, gsd, nonzero=True)
        for name, image, labels in pairs
    ]
    return require_some(found, folder, "NAME_labels.png with NAME.jpg")
