"""Which way north lies in a scene."""

from __future__ import annotations

import math

from planimeter.raster.scene import Scene

#: Degrees by which north may turn from a side of the scene, so that people still call that side the north.
_SLANT = 20.0


def north_of(scene: Scene) -> str | None:
    """The side of a scene that looks north: "up", "down", "left" or "right".

    Returns:
        None where the scene has no georeference, is a mirror image, or lies askew.
    """
    up = bearing_of_up(scene)
    if up is None:
        return None
    turned = -up % 360
    side = round(turned / 90) % 4
    apart = abs((turned - 90 * side + 180) % 360 - 180)
    return ("up", "right", "down", "left")[side] if apart <= _SLANT else None


def bearing_of_up(scene: Scene) -> float | None:
    """The direction of a scene's upper edge as seen from its centre, in degrees clockwise from north.

    Returns:
        None where the scene has no georeference, or is a mirror image.
    """
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
        middle, north, east = Placing(pyproj.CRS.from_user_input("OGC:CRS84"), scene).pixels(places)
    except (pyproj.exceptions.CRSError, pyproj.exceptions.ProjError):
        return None
    ahead, aside = (north - middle) * np.sign(step), east - middle
    # Seen with y downwards, east lies clockwise from north.
    if not np.isfinite([ahead, aside]).all() or ahead[0] * aside[1] - ahead[1] * aside[0] <= 0:
        return None
    return -math.degrees(math.atan2(ahead[0], -ahead[1])) % 360
