"""Photovoltaic panel masks: PV01, PV03 and PV08 as released, or ``NAME.jpg`` with ``NAME_labels.png``."""

from __future__ import annotations

import re

from planimeter.squid.sources.base import LabelledImage, folder_of, labelled_pairs, require_some

GSD = 0.5  # metres; what the folder of NREL's masks says
_RELEASED = re.compile(r"PV(\d)(\d)_")  # PV03_315083_1197025 was flown at 0.3 m


def images(path: str, gsd: float | None = None) -> list[LabelledImage]:
    """All panel masks of a folder; only panels are labelled, so only panels are asked about.

    Args:
        path: the folder; ``NAME_label.bmp`` beside ``NAME.bmp``, or ``NAME_labels.png`` beside ``NAME.jpg``.
        gsd: metres per pixel; None reads it from names like PV03_…, and else takes 0.5.

    Raises:
        InputError: nothing there.
    """
    folder = folder_of(path, "solar")
    endings = {"_label.bmp": ".bmp", "_label.png": ".png", "_labels.png": ".jpg .png"}
    files = [*folder.rglob("*.bmp"), *folder.rglob("*.png")]
    found = [
        LabelledImage("solar", name, image, labels, {"solar": [1]}, gsd or _gsd(name), nonzero=True)
        for name, image, labels in labelled_pairs(files, endings)
    ]
    return require_some(found, folder, "NAME_label.bmp with NAME.bmp, or NAME_labels.png with NAME.jpg,")


def _gsd(name: str) -> float:
    released = _RELEASED.match(name)
    return float(f"{released[1]}.{released[2]}") if released else GSD
