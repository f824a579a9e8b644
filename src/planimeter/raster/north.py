"""Which way north lies in a scene."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planimeter.raster.scene import Scene

if TYPE_CHECKING:
    import numpy as np

#: Degrees by which north may turn from a side of the scene, so that people still call that side the north.
_SLANT = 20.0


def north_of(scene: Scene) -> str | None:
    """The side of a scene that looks north: "up", "down", "left" or "right".

    In a mirror image, such as a raster whose rows run from south to north, "mirrored" follows: east lies to the left
    of north there.

    Returns:
        None where the scene has no georeference, or lies askew.
    """
    steps = _steps(scene)
    if steps is None:
        return None
    north, east = steps
    turned = math.degrees(math.atan2(north[0], -north[1])) % 360
    side = round(turned / 90) % 4
    if abs((turned - 90 * side + 180) % 360 - 180) > _SLANT:
        return None
    return ("up", "right", "down", "left")[side] + ("" if _turns_right(north, east) else " mirrored")


def bearing_of_up(scene: Scene) -> float | None:
    """The direction of a scene's upper edge as seen from its centre, in degrees clockwise from north.

    Returns:
        None where the scene has no georeference, or is a mirror image.
    """
    steps = _steps(scene)
    if steps is None or not _turns_right(*steps):
        return None
    north, _ = steps
    return -math.degrees(math.atan2(north[0], -north[1])) % 360


def _turns_right(north: np.ndarray, east: np.ndarray) -> bool:
    """Whether east lies clockwise from north, seen with y downwards."""
    return bool(north[0] * east[1] - north[1] * east[0] > 0)


def _steps(scene: Scene) -> tuple[np.ndarray, np.ndarray] | None:
    """Short steps to the north and to the east from a scene's centre, (2,) pixels each; None where nobody knows."""
    if scene.crs is None or scene.transform is None:
        return None
    import numpy as np
    import pyproj

    from planimeter.raster.placing import Placing

    try:
        to_degrees = pyproj.Transformer.from_crs(scene.crs.to_wkt(), "OGC:CRS84", always_xy=True)
        x, y = scene.transform * (scene.width / 2, scene.height / 2)
        longitude, latitude = to_degrees.transform(x, y)
        step = 1e-4 if latitude < 89.9 else -1e-4
        places = np.array([(longitude, latitude), (longitude, latitude + step), (longitude + 1e-4, latitude)])
        middle, ahead, aside = Placing(pyproj.CRS.from_user_input("OGC:CRS84"), scene).pixels(places)
    except (pyproj.exceptions.CRSError, pyproj.exceptions.ProjError):
        return None
    north, east = (ahead - middle) * np.sign(step), aside - middle
    flat = north[0] * east[1] - north[1] * east[0] == 0
    return None if flat or not np.isfinite([north, east]).all() else (north, east)
