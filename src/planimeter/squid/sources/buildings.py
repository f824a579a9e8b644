"""Building masks as GeoTIFFs: only buildings are labelled; the scale is the file's own, on the ground."""

from __future__ import annotations

from planimeter.errors import InputError
from planimeter.squid.sources.base import LabelledImage, folder_of, labelled_pairs, require_some

_DECIMALS = 3  # of the stated scale: a millimetre


def images(path: str, gsd: float | None = None) -> list[LabelledImage]:
    """All building masks of a folder.

    Args:
        path: the folder, ``NAME_labels.tif`` beside ``NAME.tif``.
        gsd: metres per pixel; None takes each file's own, which is not its pixel width in Web Mercator.

    Raises:
        InputError: nothing there, or a file says no scale.
    """
    from planimeter.raster import open_scene

    folder = folder_of(path, "buildings")
    found = []
    for name, image, labels in labelled_pairs(folder.rglob("*_labels.tif"), {"_labels.tif": ".tif"}):
        scale = open_scene(image).scale
        if gsd is None and scale is None:
            raise InputError(f"{image.name} does not say its scale: state it with --gsd buildings=METRES.")
        own = round(scale.gsd, _DECIMALS) if scale else None
        found.append(LabelledImage("buildings", name, image, labels, {"roof": [1]}, gsd or own, nonzero=True))
    return require_some(found, folder, "NAME_labels.tif with NAME.tif")
