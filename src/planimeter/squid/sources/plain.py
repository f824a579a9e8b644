"""Anybody's folder: ``NAME.ext`` with ``NAME_labels.ext`` and one ``legend.json``."""

from __future__ import annotations

from planimeter.errors import InputError
from planimeter.squid.sources.base import LabelledImage, folder_of, labelled_pairs, require_some

_IMAGES = ".jpg .jpeg .png .tif .tiff .jp2 .bmp"


def images(path: str, gsd: float | None = None) -> list[LabelledImage]:
    """All labelled images of a folder.

    Args:
        path: the folder, with ``legend.json`` in it (topic → values or colours, as for ``--legend``).
        gsd: metres per pixel; None takes each file's own, and else asks only what needs no scale.

    Raises:
        InputError: nothing there, or no legend.
    """
    from planimeter.raster import open_scene
    from planimeter.segment.legend import legend_in, parse_legend

    folder = folder_of(path, "folder")
    legend_file = folder / "legend.json"
    if not legend_file.is_file():
        raise InputError(f'The folder {folder} needs a legend.json, like {{"water": [5]}}.')
    legend = legend_in(legend_file)
    parse_legend(legend, legend_file.name)
    endings = {"_labels.png": _IMAGES, "_labels.tif": _IMAGES}
    found = []
    for name, image, labels in labelled_pairs(folder.rglob("*_labels.*"), endings):
        scale = open_scene(image).scale if gsd is None else None
        own = round(scale.gsd, 3) if scale else None
        found.append(LabelledImage(folder.name, name, image, labels, legend, gsd or own))
    return require_some(found, folder, "NAME_labels.png or NAME_labels.tif with NAME.jpg, .png or .tif")
