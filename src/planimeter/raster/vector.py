"""Vector layers on a scene: their features, cut at its border."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyproj
import pyproj.exceptions
import shapely

from planimeter.errors import Elsewhere, LabelError, shown_name
from planimeter.raster.clip import features, of_kind, place, touch, was
from planimeter.raster.geometries import Geometries
from planimeter.raster.georeference import horizontal
from planimeter.raster.placing import Placing, full_turn, longest_chord
from planimeter.raster.scene import Scene
from planimeter.raster.vector_layer import Bounds, VectorFile
from planimeter.raster.vector_source import VectorSource, parse_source
from planimeter.raster.vectorfile import open_vector
from planimeter.table import six_digits

_KINDS = ("point", "line", "polygon")
_SAMPLES = 33


@dataclass(frozen=True)
class VectorLayer:
    """The features of one vector layer that lie in a scene, cut at its border.

    Attributes:
        name: the layer as errors and notes show it.
        kind: "polygon", "line" or "point": what the layer holds; all features below are of it.
        drawn: N geometries in pixel coordinates of the scene (x right, y down, the first pixel is 0…1), cut at the
            scene's border. A polygon may be a MultiPolygon and so on; none is empty and all are valid (a polygon that
            crosses itself was mended, which a note says).
        index: (N,) int64, each feature's number in the file, ascending and without repetition.
        whole: (N,) bool, False where the scene's border cut something off.
        outside: features of the layer that lie outside the scene.
        notes: one sentence for each thing that was left out or mended.
        scene: the scene.
    """

    name: str
    kind: str
    drawn: Geometries
    index: np.ndarray
    whole: np.ndarray
    outside: int
    notes: tuple[str, ...]
    scene: Scene

    @property
    def pixels(self) -> np.ndarray:
        """``drawn`` as (N,) shapely geometries."""
        return self.drawn.geometry

    def degrees(self) -> np.ndarray:
        """``pixels`` as (N,) geometries in (longitude, latitude) degrees of the scene's own datum.

        They are meant for ``pyproj.Geod`` of the scene's ellipsoid: they have so many vertices that no geodesic from
        one to the next strays by more than a hundredth of a pixel, and longitudes jump at ±180°.

        Raises:
            LabelError: the scene's CRS has no longitudes and latitudes.
        """
        return _in_degrees(self.pixels, self.scene)


def read_features(source: VectorSource | str | os.PathLike[str], scene: Scene) -> VectorLayer:
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
    wanted = source if isinstance(source, VectorSource) else parse_source(source)
    if scene.crs is None or scene.transform is None:
        raise LabelError(
            f"{wanted.shown} cannot be laid over {shown_name(scene.name)}, which has no georeference; give labels of "
            "the picture's size with --labels instead."
        )
    layer = open_vector(wanted)
    try:
        placing = Placing(pyproj.CRS.from_user_input(layer.crs), scene)
    except (pyproj.exceptions.CRSError, pyproj.exceptions.ProjError) as problem:
        raise LabelError(
            f"{layer.name} cannot be brought to the scene's grid; reproject it with ogr2ogr -t_srs."
        ) from problem
    boxes = _boxes(layer, placing)
    stored = layer.read(boxes)
    parts, index, notes = stored.parts, stored.index, []
    dimensions = np.concatenate([np.zeros(0, int), *(part.dimensions() for part in parts)])
    kind = layer.dimension if layer.dimension is not None else _most(dimensions)
    kept = dimensions == kind
    strays = dimensions[(dimensions >= 0) & ~kept]
    if len(strays):
        notes.append(_left_out(layer.name, strays, kind))
    empty = int((dimensions < 0).sum()) + stored.unread
    if empty:
        notes.append(
            f"{features(empty)} of {layer.name} without a geometry that can be read {was(empty)} left out."
        )
    if not kept.all():
        parts, index = (Geometries.joined(parts).take(kept),), index[kept]
    # A collection counts as the kind of its largest parts, and the others are no part of it.
    for others in (part.others for part in parts if part.others is not None):
        mixed = np.flatnonzero(shapely.get_type_id(others) == 7)
        others[mixed] = [of_kind(shape, kind) for shape in others[mixed]]
    if stored.total == 0 and wanted.where is not None:
        raise LabelError(
            f"No feature of {layer.name} meets the condition {shown_name(wanted.where)}; check its columns and values."
        )
    if stored.total == 0 or (len(index) == 0 and boxes is None):
        raise LabelError(f"{layer.name} holds no features that can be used; give a layer with some.")
    found = place(parts, kind, placing, layer.name)
    if len(found.drawn) == 0:
        _refuse_elsewhere(layer, placing, parts if boxes is None else None)
    outside = stored.total - len(found.drawn) - len(strays) - empty
    return VectorLayer(
        layer.name,
        _KINDS[kind],
        found.drawn,
        index[found.at],
        found.whole,
        outside,
        (*notes, *found.notes),
        scene,
    )


def _in_degrees(pixels: np.ndarray, scene: Scene) -> np.ndarray:
    assert scene.crs is not None
    assert scene.transform is not None
    system = horizontal(pyproj.CRS.from_wkt(scene.crs.to_wkt(version="WKT2_2019")))
    degrees = system.geodetic_crs
    if degrees is None:
        raise LabelError(
            f"The CRS of {shown_name(scene.name)} has no longitudes and latitudes; warp it with gdalwarp."
        )
    change = None if system.is_geographic else pyproj.Transformer.from_crs(system, degrees, always_xy=True)
    factor = 360.0 / full_turn(degrees)
    a, b, c, d, e, f = scene.transform[:6]

    def moved(points: np.ndarray) -> np.ndarray:
        column, row = points[:, 0], points[:, 1]
        x, y = a * column + b * row + c, d * column + e * row + f
        if change is not None:
            x, y = change.transform(x, y)
        return np.stack([np.multiply(x, factor), np.multiply(y, factor)], axis=1)

    columns, rows = np.meshgrid(np.linspace(0, scene.width, _SAMPLES), np.linspace(0, scene.height, _SAMPLES))
    longitude, latitude = np.radians(moved(np.stack([columns.ravel(), rows.ravel()], axis=1))).T
    globe = np.stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], axis=1
    ).reshape(_SAMPLES, _SAMPLES, 3)
    dx, dy = scene.width / (_SAMPLES - 1), scene.height / (_SAMPLES - 1)
    size = float(np.nanmedian(np.linalg.norm(np.diff(globe, axis=1), axis=2))) / dx
    longest = (
        longest_chord(globe / size, np.ones(globe.shape[:2], bool), dx, dy, globe=True)
        if size > 0
        else math.inf
    )
    if math.isfinite(longest):
        pixels = shapely.segmentize(pixels, longest)
    return shapely.transform(pixels, moved)


def _boxes(layer: VectorFile, placing: Placing) -> list[Bounds] | None:
    """Which parts of a layer are read; None for all of it.

    All of it is read where the kind of most features decides what the layer is, and where a file has no index.
    """
    if layer.dimension is None or layer.bounds is None:
        return None
    boxes = [window.own for window in placing.windows]
    return [box for box in boxes if touch(np.array([layer.bounds]), box)[0]]


def _most(dimensions: np.ndarray) -> int:
    """The kind of most features; of two that are equally many the one of the higher dimension."""
    counts = np.bincount(dimensions[dimensions >= 0], minlength=3)
    return int(2 - np.argmax(counts[::-1]))


def _left_out(name: str, others: np.ndarray, kind: int) -> str:
    parts = []
    for dimension, word in enumerate(_KINDS):
        count = int((others == dimension).sum())
        if count:
            parts.append(f"{count:,} {word}{'' if count == 1 else 's'}")
    return f"{name} is a layer of {_KINDS[kind]}s; {' and '.join(parts)} in it {was(len(others))} left out."


def _refuse_elsewhere(layer: VectorFile, placing: Placing, parts: Sequence[Geometries] | None) -> None:
    """Refuse a layer that lies far from the scene; one that ends near it just has nothing here."""
    bounds = layer.bounds if parts is None else Geometries.joined(parts).total_bounds()
    if bounds is None or not np.isfinite(bounds).all():
        return
    windows = sorted((window.own for window in placing.windows), key=lambda box: abs(box[0]))
    for box in windows:
        apart = math.hypot(
            max(bounds[0] - box[2], box[0] - bounds[2], 0.0), max(bounds[1] - box[3], box[1] - bounds[3], 0.0)
        )
        sizes = [math.hypot(part[2] - part[0], part[3] - part[1]) for part in (bounds, box)]
        if apart <= max(sizes):
            return
    place = _range(bounds)
    if not windows:
        raise Elsewhere(
            f"{layer.name} ({place}) has no place in the scene's projection; give a layer of the place."
        )
    remedy = "give a layer of the same place"
    if placing.turn and any(
        touch(np.array([[bounds[1], bounds[0], bounds[3], bounds[2]]]), box)[0] for box in windows
    ):
        remedy = (
            "its longitudes and latitudes seem to be exchanged, so swap them (QGIS: Swap X and Y coordinates)"
        )
    raise Elsewhere(
        f"{layer.name} lies elsewhere: it reaches over {place}, the scene over {_range(windows[0])}; {remedy}."
    )


def _range(box: Bounds | np.ndarray) -> str:
    left, bottom, right, top = map(six_digits, box)
    return f"x {left} to {right}, y {bottom} to {top}"
