"""How pixel coordinates become coordinates in a vector file: of the scene's CRS, degrees, or pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.errors import SceneError

if TYPE_CHECKING:
    from affine import Affine
    from rasterio.crs import CRS


class FileFrame:
    """How pixel coordinates become coordinates in a file."""

    def __init__(self, transform: Affine | None, crs: CRS | None, geographic: bool) -> None:
        self.known = transform is not None and crs is not None
        self.transform = transform if self.known else None
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

    def coordinates(self, vertices: np.ndarray) -> np.ndarray:
        """Return file coordinates of (V, 2) pixel corners, rounded where they are degrees."""
        points = vertices.astype(np.float64)
        if self.transform is None:
            return points
        a, b, c, d, e, f = tuple(self.transform)[:6]
        x = a * points[:, 0] + b * points[:, 1] + c
        y = d * points[:, 0] + e * points[:, 1] + f
        if self.geographic and len(points):
            x, y = self._degrees(x, y)
        return np.stack([x, y], axis=1)

    def _degrees(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        from pyproj import Transformer
        from pyproj.exceptions import ProjError

        try:
            to_degrees = Transformer.from_crs(self.wkt, "OGC:CRS84", always_xy=True)
            longitude, latitude = to_degrees.transform(x, y, errcheck=True)
        except ProjError as error:
            raise SceneError(
                f"the scene's CRS does not lead to longitude and latitude ({error}): write a GeoPackage"
            ) from error
        if longitude.max() - longitude.min() > 180:
            # The scene lies across the antimeridian: keep it in one piece.
            longitude = np.where(longitude < 0, longitude + 360, longitude)
        return longitude, latitude
