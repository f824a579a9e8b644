"""Regions as vector files: GeoJSON in longitude and latitude, GeoPackage in the scene's own CRS."""

from __future__ import annotations

import json
import math
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from affine import Affine

from planimeter.atomic import replacing
from planimeter.errors import UsageError
from planimeter.spatial.features import Features
from planimeter.spatial.file_frame import FileFrame
from planimeter.spatial.rings import Outlines, outlines
from planimeter.spatial.shapes import Shapes

if TYPE_CHECKING:
    from rasterio.crs import CRS

_PIXELS_NOTE = "The scene has no CRS: coordinates are pixels, x right and y down from the upper left corner."

# Outlines are traced of so many runs at once, which bounds the memory: about 300 bytes for each.
_RUNS_AT_ONCE = 1 << 19

# RFC 7946, section 11.2: seven decimals of a degree are about a centimetre.
_DECIMALS = 7
_FINE_DECIMALS = 9  # of features, which may be smaller than a pixel


@dataclass(frozen=True)
class Layer:
    """Regions, or features of a vector layer, to be written, with what is known of them.

    Attributes:
        topic: name of the GeoPackage layer and value of the ``topic`` attribute.
        regions: N of them.
        attributes: further attributes by name: one value for all regions or a sequence of N. Infinite
            numbers and not-a-number become null.
    """

    topic: str
    regions: Shapes
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def columns(self) -> dict[str, list[Any]]:
        """Return all attributes as plain values, N of each.

        Raises:
            UsageError: an attribute has another length.
        """
        count = len(self.regions)
        table: dict[str, list[Any]] = {"topic": [self.topic] * count, "id": list(range(1, count + 1))}
        table["area_pixels"] = self.regions.area_pixels.tolist()
        if self.regions.area_m2 is not None:
            table["area_m2"] = self.regions.area_m2.tolist()
            table["area_ha"] = (self.regions.area_m2 / 10_000).tolist()
        if self.regions.length_m is not None:
            table["length_m"] = self.regions.length_m.tolist()
        table = {name: [_finite(value) for value in values] for name, values in table.items()}
        for name, values in self.attributes.items():
            if isinstance(values, np.ndarray):
                values = values.tolist()
            if isinstance(values, str) or not isinstance(values, Sequence):
                values = [values] * count
            if len(values) != count:
                raise UsageError(
                    f"attribute {name!r} has {len(values)} values for {count} regions: pass one or as many"
                )
            table[name] = [_finite(value) for value in values]
        return table


def _finite(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_geojson(
    path: str | os.PathLike[str],
    layers: Sequence[Layer],
    transform: Affine | None,
    crs: CRS | None,
    cells: int = 1,
) -> Path:
    """Write regions as GeoJSON (RFC 7946): longitude and latitude on WGS 84, exteriors counterclockwise.

    Without a CRS the coordinates are pixels, y down, and a ``note`` in the file says so. Every region is one
    feature, a MultiPolygon where its pixels touch only at corners or it has several parts. The file appears
    complete or not at all.

    Args:
        path: file to write; one of that name is replaced.
        layers: what to write.
        transform: pixels to CRS coordinates (a rasterio ``Affine``).
        crs: the scene's CRS, or None.
        cells: how many cells of the regions' grid lie side by side in a pixel, where coordinates are pixels.

    Raises:
        SceneError: the CRS cannot be brought to WGS 84.
        UsageError: an attribute does not fit its regions.
    """
    place = FileFrame(transform, crs, geographic=True, cells=cells)
    document: dict[str, Any] = {"type": "FeatureCollection"}
    if not place.known:
        document["note"] = _PIXELS_NOTE
    document["features"] = []
    head, tail = json.dumps(document, separators=(",", ":")).rsplit("]", 1)
    target = Path(path)
    with replacing(target) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write(head)
        comma = ""
        for feature in _features(layers, place):
            file.write(comma + json.dumps(feature, separators=(",", ":")))
            comma = ","
        file.write("]" + tail)
    return target


def _features(layers: Sequence[Layer], place: FileFrame) -> Iterator[dict[str, Any]]:
    for layer in layers:
        table = layer.columns()
        for rows, regions in batches(layer.regions):
            for index, geometry in zip(
                range(rows.start, rows.stop), _geojson_geometries(regions, place), strict=True
            ):
                properties = {name: values[index] for name, values in table.items()}
                yield {"type": "Feature", "properties": properties, "geometry": geometry}


def batches(regions: Shapes) -> Iterator[tuple[slice, Shapes]]:
    """Cut regions into groups of as many runs as their outlines are traced at once: indices and regions."""
    runs = np.cumsum(np.bincount(regions.owner, minlength=len(regions)))
    number = runs // _RUNS_AT_ONCE
    edges = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(regions)]
    for first, last in pairwise(edges):
        if last > first:
            whole = (first, last) == (0, len(regions))
            yield slice(first, last), regions if whole else regions.subset(np.arange(first, last))


def write_geopackage(
    path: str | os.PathLike[str],
    layers: Sequence[Layer],
    transform: Affine | None,
    crs: CRS | None,
    cells: int = 1,
) -> Path:
    """Write regions as a GeoPackage in the scene's CRS, one layer of MultiPolygons (or lines, or points) per topic.

    Without a CRS the coordinates are pixels, y down. Layers of the same topic become one. The file appears
    complete or not at all. Arguments as for `write_geojson`.

    Raises:
        UsageError: there is no layer, layers of one topic have different attributes, or an attribute does
            not fit its regions.
    """
    if not layers:
        raise UsageError("a GeoPackage needs at least one layer: pass one, even without regions")
    from pyogrio import raw

    place = FileFrame(transform, crs, geographic=False, cells=cells)
    target = Path(path)
    with replacing(target) as temporary:
        for topic in dict.fromkeys(layer.topic for layer in layers):
            same = [layer for layer in layers if layer.topic == topic]
            tables = [layer.columns() for layer in same]
            if any(table.keys() != tables[0].keys() for table in tables):
                raise UsageError(f"the layers of topic {topic!r} have different attributes: align them")
            columns = {name: [*chain(*(table[name] for table in tables))] for name in tables[0]}
            data = [_column(values) for values in columns.values()]
            kinds = _geometry_type(same)
            missing = [np.array([value is None for value in values], bool) for values in columns.values()]
            for rows, shapes in _stored(same, place):
                with warnings.catch_warnings():
                    # A scene without a CRS gives a file without one: said in the docstring, no news to warn of.
                    warnings.filterwarnings("ignore", message="'crs' was not provided")
                    raw.write(
                        temporary,
                        geometry=shapes,
                        field_data=[values[rows] for values in data],
                        fields=np.array(list(columns), dtype=object),
                        field_mask=[absent[rows] for absent in missing],
                        geometry_type=kinds,
                        crs=place.wkt,
                        layer=topic,
                        driver="GPKG",
                        append=rows.start > 0,
                    )
    return target


def _geometry_type(layers: Sequence[Layer]) -> str:
    """The type of all geometries of some layers; "Unknown", which means any, where they differ."""
    found = {name for layer in layers for name in geometry_types(layer.regions)}
    return found.pop() if len(found) == 1 else "Unknown" if found else "MultiPolygon"


def geometry_types(regions: Shapes) -> set[str]:
    """Return the types of the geometries that shapes are written as.

    >>> from planimeter.spatial import label_regions
    >>> geometry_types(label_regions(np.eye(2, dtype=bool)))
    {'MultiPolygon'}
    """
    if not isinstance(regions, Features) or regions.kind == "polygon":
        return {"MultiPolygon"}
    whole = {"line": "MultiLineString", "point": "MultiPoint"}[regions.kind]
    parts = any(shape is None for shape in regions.geometry)
    return {whole, "MultiPolygon"} if parts else {whole}


def _stored(layers: Sequence[Layer], place: FileFrame) -> Iterator[tuple[slice, np.ndarray]]:
    """The geometries of several layers in groups: rows of all of them together, well-known binary."""
    before = 0
    for layer in layers:
        for rows, regions in batches(layer.regions):
            yield (
                slice(before + rows.start, before + rows.stop),
                _well_known_binary(multipolygons(regions, place)),
            )
        before += len(layer.regions)
    if before == 0:
        yield slice(0, 0), np.zeros(0, dtype=object)


def _decimals(points: np.ndarray) -> int:
    """Return how many decimals keep neighbouring pixel corners well apart."""
    lengths = np.abs(np.diff(points, axis=0)).max(axis=1)
    shortest = lengths[lengths > 0].min(initial=1.0)
    return max(_DECIMALS, math.ceil(-math.log10(shortest)) + 1)


def _geojson_geometries(regions: Shapes, place: FileFrame) -> Iterator[dict[str, Any]]:
    if isinstance(regions, Features):
        yield from _geojson_features(regions, place)
        return
    shape = _traced(regions)
    points = place.coordinates(shape.rings.vertices, _polygons_of(shape))
    if place.geographic and len(points):
        points = np.round(points, _decimals(points))
    listed = points.tolist() if place.transform is not None else shape.rings.vertices.tolist()
    offset = shape.rings.offset.tolist()
    polygons: list[list[list[list[float]]]] = [[] for _ in shape.region]
    for ring, polygon in enumerate(shape.polygon.tolist()):
        outline = listed[offset[ring] : offset[ring + 1]]
        if place.mirrored:
            outline.reverse()
        polygons[polygon].append([*outline, outline[0]])
    bounds = np.searchsorted(shape.region, np.arange(len(regions) + 1)).tolist()
    for index in range(len(regions)):
        parts = polygons[bounds[index] : bounds[index + 1]]
        if len(parts) == 1:
            yield {"type": "Polygon", "coordinates": parts[0]}
        else:
            yield {"type": "MultiPolygon", "coordinates": parts}


def _geojson_features(features: Features, place: FileFrame) -> Iterator[dict[str, Any]]:
    """Features as they are drawn; a single part of a multi-geometry as itself."""
    import shapely

    drawn = multipolygons(features, place)
    if place.geographic:
        drawn = shapely.transform(drawn, lambda points: np.round(points, _FINE_DECIMALS))
    for geometry in drawn:
        parts = shapely.get_parts(geometry)
        yield shapely.geometry.mapping(parts[0] if len(parts) == 1 else geometry)


def geometries(regions: Shapes) -> np.ndarray:
    """Return each region as a valid shapely MultiPolygon, (N,) object array, in pixel coordinates.

    >>> from planimeter.spatial import label_regions
    >>> geometries(label_regions(np.eye(2, dtype=bool)))[0].area
    2.0
    """
    return multipolygons(regions, FileFrame(None, None, geographic=False))


def multipolygons(regions: Shapes, place: FileFrame) -> np.ndarray:
    """Return each region as a valid shapely MultiPolygon in a file's coordinates, (N,) object array.

    Features of a vector layer are given as they are drawn there: MultiPolygons, MultiLineStrings or MultiPoints; their
    parts, which are known by pixels, as those pixels' outlines.
    """

    if len(regions) == 0:
        return np.zeros(0, dtype=object)
    return _drawn(regions, place) if isinstance(regions, Features) else _along_pixels(regions, place)


def _along_pixels(regions: Shapes, place: FileFrame) -> np.ndarray:
    """Outlines along pixel edges."""
    import shapely

    shape = _traced(regions)
    points = place.coordinates(shape.rings.vertices, _polygons_of(shape))
    ring = np.repeat(np.arange(len(shape.polygon)), np.diff(shape.rings.offset))
    rings = shapely.linearrings(points, indices=ring)
    # The first ring of each polygon is taken as its exterior, the others as its holes.
    polygons = shapely.polygons(rings, indices=shape.polygon)
    return shapely.multipolygons(polygons, indices=shape.region)


def _drawn(features: Features, place: FileFrame) -> np.ndarray:
    import shapely

    found = np.empty(len(features), dtype=object)
    whole = np.array([shape is not None for shape in features.geometry], dtype=bool)
    moved = np.array(features.geometry[whole], dtype=object)  # a copy, since coordinates are set in place
    vertices, owner = shapely.get_coordinates(moved, return_index=True)
    moved = shapely.set_coordinates(moved, place.coordinates(vertices, owner))
    gather = {
        "polygon": shapely.multipolygons,
        "line": shapely.multilinestrings,
        "point": shapely.multipoints,
    }
    parts, owner = shapely.get_parts(moved, return_index=True)
    if features.kind == "polygon":
        parts = shapely.orient_polygons(parts, exterior_cw=False)
    if len(parts):
        found[whole] = gather[features.kind](parts, indices=owner)
    if not whole.all():
        found[~whole] = _along_pixels(features.subset(np.flatnonzero(~whole)), place)
    return found


def _traced(regions: Shapes) -> Outlines:
    """The outlines of shapes along pixel edges, those that overlap traced apart and put back in place."""
    runs, owner, moved = regions.apart()
    shape = outlines(runs, owner)
    if moved.any():
        rows = moved[shape.region[shape.polygon]]
        shape.rings.vertices[:, 1] -= np.repeat(rows, np.diff(shape.rings.offset))
    return shape


def _polygons_of(shape: Outlines) -> np.ndarray:
    """(V,) the polygon of each vertex."""
    return np.repeat(shape.polygon, np.diff(shape.rings.offset))


def _well_known_binary(shapes: np.ndarray) -> np.ndarray:
    import shapely

    return np.asarray(shapely.to_wkb(shapes), dtype=object)


def _column(values: list[Any]) -> np.ndarray:
    known = [value for value in values if value is not None]
    if all(isinstance(value, bool) for value in known) and known:
        return np.array([bool(value) for value in values])
    if all(isinstance(value, int) for value in known) and known:
        return np.array([value or 0 for value in values], dtype=np.int64)
    if all(isinstance(value, int | float) for value in known):
        return np.array([0.0 if value is None else value for value in values], dtype=np.float64)
    return np.array([None if value is None else str(value) for value in values], dtype=object)
