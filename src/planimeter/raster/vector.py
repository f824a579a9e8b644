"""Vector layers: polygons burnt onto a scene's grid."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from affine import Affine

from planimeter.errors import LabelError, shown_name
from planimeter.raster.files import local_file
from planimeter.raster.scene import Scene

_POLYGONS = {"Polygon", "MultiPolygon", "CurvePolygon", "MultiSurface", "GeometryCollection"}


def rasterize(path: str | os.PathLike[str], scene: Scene) -> np.ndarray:
    """Burn the polygons of a vector layer onto a scene's grid; see `polygons_on` and `burn`.

    Raises:
        LabelError: the file cannot be read, has no polygons or CRS, or the scene has no georeference.
    """
    return burn(polygons_on(path, scene), scene)


def burn(shapes: np.ndarray, scene: Scene, box: tuple[int, int, int, int] | None = None) -> np.ndarray:
    """Burn polygons onto a scene's grid.

    Args:
        shapes: polygons in the scene's CRS.
        scene: the scene whose grid is wanted.
        box: (x0, y0, x1, y1) pixels of the scene, half-open; None for all.

    Returns:
        (H, W) bool, of the box's size where there is one, True where a pixel's centre lies inside a polygon.
    """
    import shapely
    from rasterio.features import rasterize as burnt

    x0, y0, x1, y1 = box or (0, 0, scene.width, scene.height)
    assert scene.transform is not None
    transform = scene.transform * Affine.translation(x0, y0)
    if box is not None:
        corners = [transform * corner for corner in ((0, 0), (x1 - x0, 0), (0, y1 - y0), (x1 - x0, y1 - y0))]
        west, south = np.min(corners, axis=0)
        east, north = np.max(corners, axis=0)
        left, low, right, high = shapely.bounds(shapes).reshape(-1, 4).T
        shapes = shapes[(left <= east) & (right >= west) & (low <= north) & (high >= south)]
    if len(shapes) == 0:
        return np.zeros((y1 - y0, x1 - x0), dtype=bool)
    return burnt(shapes, out_shape=(y1 - y0, x1 - x0), transform=transform, dtype="uint8").astype(bool)


def polygons_on(path: str | os.PathLike[str], scene: Scene) -> np.ndarray:
    """Read the polygons of a vector layer, in a scene's CRS.

    Args:
        path: any vector file GDAL reads; ``file.gpkg|layer=name`` picks a layer of a file that holds several.
        scene: the scene whose grid is wanted; the layer is reprojected to its CRS.

    Returns:
        (N,) shapely polygons.

    Raises:
        LabelError: the file cannot be read, has no polygons or CRS, or the scene has no georeference.
    """
    import pyogrio
    import pyogrio.errors
    import shapely

    text = os.fspath(path)
    name, _, layer = str(text).partition("|layer=")
    file = local_file(name, LabelError)
    shown = shown_name(Path(name).name)
    if scene.crs is None or scene.transform is None:
        raise LabelError(
            f"{shown} cannot be laid over {shown_name(scene.name)}, which has no georeference; give labels of the "
            "picture's size with --labels instead."
        )
    try:
        meta, _, blobs, _ = pyogrio.raw.read(file, layer=layer or None, columns=[])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as problem:
        layers = _layers_of(file)
        remedy = (
            f"name one of its layers: {', '.join(layers)}"
            if layers
            else "give a vector file such as GeoPackage"
        )
        raise LabelError(f"{shown} is not a vector layer that can be read; {remedy}.") from problem
    if not meta["crs"]:
        raise LabelError(f"{shown} has no CRS, so its place is unknown; assign one with ogr2ogr -a_srs.")
    shapes = shapely.force_2d(shapely.from_wkb(blobs, on_invalid="ignore"))
    shapes = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
    if len(shapes) and not {shape.geom_type for shape in shapes} <= _POLYGONS:
        raise LabelError(f"{shown} holds points or lines; give polygons, for example by buffering them.")
    return _on_grid(shapes, meta["crs"], scene)


def _layers_of(file: Path) -> list[str]:
    import pyogrio
    import pyogrio.errors

    try:
        return [str(row[0]) for row in pyogrio.list_layers(file)]
    except (pyogrio.errors.DataSourceError, ValueError):
        return []


def _on_grid(shapes: np.ndarray, crs: str, scene: Scene) -> np.ndarray:
    """The shapes in the scene's CRS, those with a vertex that has no place there left out."""
    import pyproj
    import shapely

    assert scene.crs is not None
    source, target = pyproj.CRS.from_user_input(crs), pyproj.CRS.from_wkt(scene.crs.to_wkt())
    if source != target:
        change = pyproj.Transformer.from_crs(source, target, always_xy=True)

        def moved(points: np.ndarray) -> np.ndarray:
            return np.stack(change.transform(points[:, 0], points[:, 1]), axis=1)

        shapes = shapely.transform(shapes, moved)
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    return shapes[np.isfinite(bounds).all(axis=1)]


@dataclass(frozen=True)
class VectorLayer:
    """The features of one vector layer that lie in a scene, cut at its border.

    Attributes:
        name: the layer as errors and notes show it.
        kind: "polygon", "line" or "point": what the layer holds; all features below are of it.
        pixels: (N,) shapely geometries in pixel coordinates of the scene (x right, y down, the first pixel is
            0…1), cut at the scene's border. A polygon may be a MultiPolygon and so on; none is empty; all are valid
            (a polygon that crosses itself was mended by the even-odd rule, which a note says).
        index: (N,) int64, each feature's place in the layer (after ``where``), ascending and without repetition.
        whole: (N,) bool, False where the scene's border cut something off.
        total: features of the kind in the layer (after ``where``), inside the scene or not; ``total - N`` lie outside.
        notes: one sentence for each thing that was left out or mended.
        scene: the scene.
    """

    name: str
    kind: str
    pixels: np.ndarray
    index: np.ndarray
    whole: np.ndarray
    total: int
    notes: tuple[str, ...]
    scene: Scene

    def degrees(self) -> np.ndarray:
        """``pixels`` as (N,) geometries in (longitude, latitude) degrees of the scene's own datum.

        Edges are densified so that none strays from its place by more than a hundredth of a pixel; longitudes run on
        across ±180°. Measure them with ``pyproj.Geod`` of the scene's ellipsoid.
        """
        raise NotImplementedError


def read_features(source: str | os.PathLike[str], scene: Scene) -> VectorLayer:
    """Read the features of a vector layer that lie in a scene: polygons, lines or points.

    Args:
        source: any vector file GDAL reads, a FileGDB folder, GeoParquet, CSV with WKT or with longitudes and
            latitudes, or one of these in a zip. After the path may follow ``|layer=NAME`` (QGIS's ``|layername=``
            too), ``|where=SQL`` (GDAL's own), ``|crs=EPSG:4326`` (for files that do not say theirs).
        scene: the scene; it needs a georeference.

    Returns:
        The features, in the order of the file.

    Raises:
        LabelError: the file cannot be read or holds several layers (they are listed), it has no features or no
            CRS, it lies wholly elsewhere, or the scene has no georeference.
    """
    raise NotImplementedError
