"""How pixel coordinates become coordinates in a vector file: of the scene's CRS, degrees, or pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from affine import Affine

from planimeter.errors import SceneError

if TYPE_CHECKING:
    from rasterio.crs import CRS


_STEP = 1.0  # of x, in the unit of a CRS: far from half a turn in degrees as in metres


class FileFrame:
    """How pixel coordinates become coordinates in a file.

    Args:
        transform: of the grid's cells to CRS coordinates.
        crs: of the scene, or None: coordinates are pixels then.
        geographic: write longitude and latitude where there is a CRS.
        cells: how many cells of the grid lie side by side in a pixel.
    """

    def __init__(self, transform: Affine | None, crs: CRS | None, geographic: bool, cells: int = 1) -> None:
        self.known = transform is not None and crs is not None
        in_pixels = Affine.scale(1 / cells) if cells > 1 else None
        self.transform = transform if self.known else in_pixels
        self.wkt = crs.to_wkt() if self.known and crs is not None else None
        self.geographic = geographic and self.known
        # Exteriors run counterclockwise in pixel coordinates as numbers; a north-up transform mirrors them.
        self.mirrored = self.transform is not None and self.transform.determinant < 0

    def projjson(self) -> dict[str, Any] | None:
        """Return the CRS of the coordinates in a file as PROJJSON, or None where they are pixels."""
        if not self.known:
            return None
        import pyproj

        return pyproj.CRS.from_user_input("OGC:CRS84" if self.geographic else self.wkt).to_json_dict()

    def coordinates(self, vertices: np.ndarray, owner: np.ndarray | None = None) -> np.ndarray:
        """Return file coordinates of pixel corners.

        Args:
            vertices: (V, 2) x, y.
            owner: (V,) which thing each belongs to; things are kept in one piece across the antimeridian. None where
                all belong to one.
        """
        points = vertices.astype(np.float64)
        if self.transform is None:
            return points
        a, b, c, d, e, f = tuple(self.transform)[:6]
        x = a * points[:, 0] + b * points[:, 1] + c
        y = d * points[:, 0] + e * points[:, 1] + f
        if self.geographic and len(points):
            x, y = self._degrees(x, y, np.zeros(len(x), np.int64) if owner is None else owner)
        return np.stack([x, y], axis=1)

    def _degrees(self, x: np.ndarray, y: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        from pyproj import CRS, Transformer
        from pyproj.exceptions import ProjError

        try:
            own = CRS.from_user_input(self.wkt)
            to_degrees = Transformer.from_crs(own, "OGC:CRS84", always_xy=True)
            longitude, latitude = to_degrees.transform(x, y, errcheck=True)
            linear = _is_linear(own)
            if linear:
                # x tells on which turn round the globe a corner is, also of a region wider than half of it.
                start, end = to_degrees.transform([0.0, _STEP], [0.0, 0.0], errcheck=True)[0]
                along = start + (end - start) / _STEP * x
                longitude = longitude + 360 * np.round((along - longitude) / 360)
        except ProjError as error:
            raise SceneError(
                f"the scene's CRS does not lead to longitude and latitude ({error}): write a GeoPackage"
            ) from error
        _, owner = np.unique(owner, return_inverse=True)
        west, east = _extremes(longitude, owner)
        if not linear:
            # What is projected otherwise and seems wider than half the globe lies across the antimeridian.
            torn = (east - west > 180)[owner]
            longitude = np.where(torn & (longitude < 0), longitude + 360, longitude)
            west, east = _extremes(longitude, owner)
        turns = np.where(west >= 180, -360.0, np.where(east <= -180, 360.0, 0.0))
        return longitude + turns[owner], latitude


def _is_linear(crs: Any) -> bool:
    """Whether a longitude is a multiple of x, beside a constant: degrees, and cylinders round the equator."""
    if crs.is_geographic:
        return True
    method = crs.coordinate_operation.method_name if crs.coordinate_operation else ""
    return any(word in method for word in ("Mercator", "Cylindrical")) and not any(
        word in method for word in ("Transverse", "Oblique", "Space")
    )


def _extremes(values: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The smallest and largest value of each owner, numbered from 0."""
    count = int(owner.max()) + 1
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, owner, values)
    np.maximum.at(high, owner, values)
    return low, high
