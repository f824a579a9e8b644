"""Vector layers: polygons burnt onto a scene's grid."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from planimeter.errors import LabelError
from planimeter.raster.files import local_file, shown_name
from planimeter.raster.scene import Scene

_POLYGONS = {"Polygon", "MultiPolygon", "CurvePolygon", "MultiSurface", "GeometryCollection"}


def rasterize(path: str | os.PathLike[str], scene: Scene) -> np.ndarray:
    """Burn the polygons of a vector layer onto a scene's grid.

    Args:
        path: any vector file GDAL reads; ``file.gpkg|layer=name`` picks a layer of a file that holds several.
        scene: the scene whose grid is wanted; the layer is reprojected to its CRS.

    Returns:
        (H, W) bool, True where a pixel's centre lies inside a polygon.

    Raises:
        LabelError: the file cannot be read, has no polygons or CRS, or the scene has no georeference.
    """
    import pyogrio
    import pyogrio.errors
    import shapely
    from rasterio.features import rasterize as burn

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
    shapes = _on_grid(shapes, meta["crs"], scene)
    if len(shapes) == 0:
        return np.zeros((scene.height, scene.width), dtype=bool)
    burnt = burn(shapes, out_shape=(scene.height, scene.width), transform=scene.transform, dtype="uint8")
    return burnt.astype(bool)


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
