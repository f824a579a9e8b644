"""How a scene is looked at: which bands are shown, how they are stretched, and where on earth a pixel lies."""

from __future__ import annotations

import dataclasses
import math
import threading
from collections import OrderedDict
from functools import lru_cache
from typing import Literal

import numpy as np
import pyproj
from rasterio.crs import CRS

from planimeter.raster import Scene
from planimeter.raster.bands import compute_stretch
from planimeter.raster.files import opened
from planimeter.raster.georeference import horizontal
from planimeter.serve.http_errors import HTTPError

StretchName = Literal["auto", "percent", "full"]
_PERCENTILES: dict[StretchName, tuple[float, float]] = {"percent": (2.0, 98.0), "full": (0.0, 100.0)}
_KEPT = 32
_STEP = 0.001  # degrees northwards, to see which way north is


class Pictures:
    """Scenes in other bands or stretches than their own; what was computed for one tile is kept for the next."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], tuple[Scene, Scene]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, scene: Scene, bands: str, stretch: StretchName) -> Scene:
        """A scene whose ``read_rgb`` shows chosen bands.

        Args:
            scene: as it was opened.
            bands: one or three band numbers by commas, such as "4,3,2"; empty for the scene's own.
            stretch: "auto" as the scene is shown by itself, "percent" from 2 % to 98 %, "full" from the lowest value
                to the highest.

        Raises:
            Refused: there are no such bands.
        """
        wanted = _numbers(bands, scene.count)
        if not wanted and stretch == "auto":
            return scene
        key = (id(scene), wanted, stretch)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept[0] is scene:
                self._kept.move_to_end(key)
                return kept[1]
        shown = _shown(scene, wanted, stretch)
        with self._lock:
            self._kept[key] = (scene, shown)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return shown


def _numbers(bands: str, count: int) -> tuple[int, ...]:
    if not bands:
        return ()
    parts = bands.split(",")
    numbers = tuple(int(part) for part in parts if part.isdecimal() and len(part) < 4)
    if len(numbers) != len(parts) or len(parts) not in (1, 3) or not all(1 <= n <= count for n in numbers):
        raise HTTPError(422, f"The picture needs one or three bands among 1 to {count}, such as bands=3,2,1.")
    return numbers


def _shown(scene: Scene, bands: tuple[int, ...], stretch: StretchName) -> Scene:
    plan = scene.plan
    if bands:
        with opened(scene.path) as dataset:
            small = all(dataset.dtypes[index - 1] == "uint8" for index in bands)
        plan = dataclasses.replace(plan, display=bands, colors=None, stretched=not small)
    if stretch != "auto" and plan.colors is None:
        plan = dataclasses.replace(plan, stretched=True)
    other = dataclasses.replace(scene, plan=plan)
    if stretch != "auto" and plan.stretched:
        with opened(scene.path) as dataset:
            other.__dict__["_stretch"] = compute_stretch(
                dataset, plan, scene._alpha_is_mask, _PERCENTILES[stretch]
            )
    return other


def values_at(scene: Scene, x: float, y: float) -> list[float | None]:
    """What every band holds at a pixel; None for what is no number.

    Args:
        scene: the scene.
        x: pixels from the left.
        y: pixels from the top.
    """
    column, row = int(x), int(y)
    values = scene.read((column, row, column + 1, row + 1))[:, 0, 0]
    return [float(value) if np.isfinite(value) else None for value in values]


def longitude_latitude(scene: Scene, x: float, y: float) -> tuple[float, float] | None:
    """Degrees on WGS 84 of a place in a scene; None where nobody knows.

    Args:
        scene: the scene.
        x: pixels from the left edge.
        y: pixels from the upper edge.

    Example:
        >>> import tempfile
        >>> from planimeter.raster import open_scene
        >>> from planimeter.worlds import make_world
        >>> scene = open_scene(make_world(seed=1, size=64).write(tempfile.mkdtemp())["image"])
        >>> longitude_latitude(scene, 0, 0) is None or len(longitude_latitude(scene, 0, 0)) == 2
        True
    """
    if scene.crs is None or scene.transform is None:
        return None
    forth = _to_degrees(scene.crs)
    if forth is None:
        return None
    longitude, latitude = forth.transform(*(scene.transform * (x, y)))
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        return None
    return (longitude + 180) % 360 - 180, latitude


def north_of(scene: Scene) -> float | None:
    """Degrees clockwise from "up" to north at the middle of a scene; None where nobody knows."""
    middle = longitude_latitude(scene, scene.width / 2, scene.height / 2)
    if middle is None or scene.crs is None or scene.transform is None:
        return None
    forth = _to_degrees(scene.crs)
    assert forth is not None
    longitude, latitude = middle
    step = _STEP if latitude < 89 else -_STEP
    here = forth.transform(longitude, latitude, direction="INVERSE")
    there = forth.transform(longitude, latitude + step, direction="INVERSE")
    if not all(math.isfinite(value) for value in (*here, *there)):
        return None
    back = ~scene.transform
    (x0, y0), (x1, y1) = back * here, back * there
    dx, dy = (x1 - x0) * np.sign(step), (y1 - y0) * np.sign(step)
    return float(math.degrees(math.atan2(dx, -dy))) if dx or dy else None


def _to_degrees(crs: CRS) -> pyproj.Transformer | None:
    return _transformer(crs.to_wkt(version="WKT2_2019"), threading.get_ident())


@lru_cache(maxsize=64)
def _transformer(wkt: str, _: int) -> pyproj.Transformer | None:
    """One for each thread, as pyproj asks."""
    try:
        return pyproj.Transformer.from_crs(horizontal(pyproj.CRS.from_wkt(wkt)), 4326, always_xy=True)
    except pyproj.exceptions.ProjError:
        return None
