"""Vector files as people have them, opened and read: by GDAL, or as GeoParquet."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from planimeter.errors import LabelError, shown_name
from planimeter.raster import geoparquet
from planimeter.raster.files import GDAL_OPTIONS
from planimeter.raster.geometries import Geometries
from planimeter.raster.vector_layer import Bounds, Stored, VectorFile, dimension_of
from planimeter.raster.vector_source import VectorSource, field_called, known_crs, listed, located
from planimeter.raster.vector_table import is_table, table_places
from planimeter.raster.wkb import from_wkb

#: GDAL drivers that may open a vector file. Those that ask a network are left out on purpose.
DRIVERS = (
    "CSV", "DGN", "DXF", "ESRI Shapefile", "ESRIJSON", "FlatGeobuf", "GeoJSON", "GeoJSONSeq", "GML", "GPKG", "GPX",
    "JML", "JSONFG", "KML", "LIBKML", "LVBAG", "MapInfo File", "ODS", "OGR_GMT", "OGR_VRT", "OpenFileGDB", "OSM",
    "PMTiles", "S57", "SQLite", "TopoJSON", "XLSX",
)  # fmt: skip

#: What pyogrio raises of a file, a layer or a condition that GDAL does not take; its own errors are RuntimeErrors.
_DAMAGED = (ValueError, RuntimeError)

#: Drivers that pass on a file's own numbers of features, though several features may have one.
_REPEATING = frozenset({"GeoJSONSeq", "OGR_VRT"})

#: Features from which on a layer is read as columns, and the kinds of geometry for which it may be.
_MANY = 20_000
_AT_ONCE = 1 << 14  # features of a layer in columns that are read together: what a processor's cache holds
_STRAIGHT = frozenset(many + kind for kind in ("Point", "LineString", "Polygon") for many in ("", "Multi"))

# pyogrio tells GDAL's warnings as Python's; `warnings.catch_warnings` around each read would not be safe in threads.
# What they would tell (layers picked, geometries left out) is looked at here and said in our own words.
warnings.filterwarnings("ignore", module=r"pyogrio(\..*)?")
warnings.filterwarnings("ignore", module=r"planimeter\.raster\.vector(file|_table)")


def open_vector(source: VectorSource) -> VectorFile:
    """Look at the header of a vector file.

    Raises:
        LabelError: it cannot be read, holds several layers of which none is named, or has no CRS.
    """
    file, gdal_path = located(source)
    if _is_parquet(gdal_path):
        return geoparquet.open_geoparquet(file, source)
    with _gdal(source):
        return _open_with_gdal(gdal_path, source)


@contextmanager
def _gdal(source: VectorSource) -> Iterator[None]:
    import pyogrio

    # pyogrio brings a GDAL of its own, which knows nothing of rasterio's settings.
    pyogrio.set_gdal_config_options(
        {**GDAL_OPTIONS, "OGR_ORGANIZE_POLYGONS": "DEFAULT", "OGR_GEOJSON_MAX_OBJ_SIZE": 0}
    )
    try:
        yield
    except (*_DAMAGED, OSError) as problem:
        if (
            isinstance(problem, OSError) and problem.errno is not None
        ):  # of the system; Arrow's have no number
            raise
        if source.where is not None and _opens_without_condition(source):
            raise LabelError(
                f"The condition {shown_name(source.where)} on {source.shown} cannot be used; name columns of the layer "
                "and write it in SQL, such as height > 3 or name = 'School'."
            ) from problem
        raise LabelError(
            f"{source.shown} is not a vector layer that can be read; give a vector file such as GeoPackage."
        ) from problem


def _opens_without_condition(source: VectorSource) -> bool:
    """Whether a layer has a header that GDAL reads, so that only a condition on it can be what failed."""
    import pyogrio

    try:
        pyogrio.read_info(located(source)[1], layer=source.layer)
    except (*_DAMAGED, OSError):
        return False
    return True


def _open_with_gdal(path: str, source: VectorSource) -> VectorFile:
    import pyogrio

    layers_of_file = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
    options, table_crs = table_places(path, source) if is_table(path) else ({}, None)
    drawn = [name for name, kind in layers_of_file if kind is not None or options]
    if source.layer is not None:
        if source.layer not in [name for name, _ in layers_of_file]:
            raise LabelError(
                f"{source.shown} has no layer {shown_name(source.layer)}; name one of its layers: {listed(drawn)}."
            )
        layers = [source.layer]
    elif not drawn:
        raise LabelError(f"{source.shown} holds tables without geometry; give a layer with places.")
    else:
        layers = drawn
    infos = [pyogrio.read_info(path, layer=layer, **options) for layer in layers]
    driver = infos[0]["driver"]
    if driver not in DRIVERS:
        raise LabelError(
            f"{source.shown} is of the kind {driver}, which is not read; convert it with ogr2ogr."
        )
    # The folders of a KML are how people sort one layer, not layers of different kinds.
    if len(layers) > 1 and driver not in ("KML", "LIBKML"):
        raise LabelError(
            f"{source.shown} holds several layers: {listed(layers)}; name one, like "
            f'"{Path(source.path).name}|layer={layers[-1]}".'
        )
    crs = known_crs(table_crs or infos[0]["crs"], source)

    def read(boxes: list[Bounds] | None) -> Stored:
        parts = [
            _read(path, layer, source, boxes, info, options)
            for layer, info in zip(layers, infos, strict=True)
        ]
        return parts[0] if len(parts) == 1 else Stored.joined(parts)

    bounds = infos[0]["total_bounds"] if len(infos) == 1 else None
    return VectorFile(source.shown, crs, _dimension(infos), bounds, read)


def _read(
    path: str,
    layer: str,
    source: VectorSource,
    boxes: list[Bounds] | None,
    info: dict[str, Any],
    options: dict[str, str],
) -> Stored:
    import pyogrio

    # Some drivers see only the columns that are read, a condition's among them.
    asked = (source.where or "").lower()
    columns = [name for name in info["fields"] if str(name).lower() in asked]

    def read(**more: Any) -> tuple[np.ndarray, list[Geometries]]:
        if "read_geometry" not in more and _in_columns(info):
            with _gdal(source):
                return _read_columns(path, layer, columns, source.where, options, **more)
        with _gdal(source):
            _, numbers, blobs, _ = pyogrio.raw.read(
                path,
                layer=layer,
                columns=columns,
                where=source.where,
                force_2d=True,
                return_fids=True,
                **more,
                **options,
            )
        return numbers, [from_wkb(blobs if blobs is not None else np.full(len(numbers), None))]

    if info["driver"] in _REPEATING:
        boxes = None  # what two boxes give under one number may be two features
    found = [read(bbox=box) for box in boxes] if boxes is not None else [read()]
    if boxes is None:
        found = [(_unlike(found[0][0]), found[0][1])]
    numbers = np.concatenate([np.zeros(0, np.int64), *(numbers for numbers, _ in found)])
    parts = [part for _, drawn in found for part in drawn]
    if (numbers[1:] <= numbers[:-1]).any():  # read in several boxes, or in no order
        numbers, first = np.unique(numbers, return_index=True)
        parts = [Geometries.joined(parts).take(first)]
    total = len(numbers)
    if boxes is not None:
        total = int(info["features"])
        if source.where is not None or total < 0:
            total = len(read(read_geometry=False)[0])
    known = [part.known for part in parts]
    parts = [part if told.all() else part.take(told) for part, told in zip(parts, known, strict=True)]
    told = np.concatenate([np.zeros(0, bool), *known])
    return Stored(tuple(parts), numbers[told].astype(np.int64), total, int((~told).sum()))


def _unlike(numbers: np.ndarray) -> np.ndarray:
    """Features' own numbers; their places in the file where the file gives one number to several.

    Example:
        >>> _unlike(np.array([7, 9])).tolist(), _unlike(np.array([1, 1, 4])).tolist()
        ([7, 9], [0, 1, 2])
    """
    return numbers if len(np.unique(numbers)) == len(numbers) else np.arange(len(numbers), dtype=np.int64)


def _in_columns(info: dict[str, Any]) -> bool:
    """Whether a layer is read as columns: where that is a gain, GDAL does it by itself, and pyarrow is there."""
    if info["driver"] not in ("GPKG", "FlatGeobuf") or int(info["features"]) < _MANY:
        return False
    # Curves, and kinds that a file does not declare, are straightened on the other way only.
    return info["geometry_type"] in _STRAIGHT and find_spec("pyarrow") is not None


def _read_columns(
    path: str, layer: str, columns: list[str], where: str | None, options: dict[str, str], **more: Any
) -> tuple[np.ndarray, list[Geometries]]:
    """Numbers and geometries of features, without an object for each value on the way."""
    import pyogrio

    numbers, drawn = [np.zeros(0, np.int64)], []
    with pyogrio.raw.open_arrow(
        path,
        layer=layer,
        columns=columns,
        where=where,
        return_fids=True,
        batch_size=_AT_ONCE,
        use_pyarrow=True,
        **more,
        **options,
    ) as (about, batches):
        number, shape = about["fid_column"] or "OGC_FID", about["geometry_name"] or "wkb_geometry"
        for batch in batches:
            numbers.append(batch.column(number).to_numpy().astype(np.int64))
            drawn.append(from_wkb(batch.column(shape)))
    return np.concatenate(numbers), drawn


def _dimension(infos: list[dict[str, Any]]) -> int | None:
    """What the layers declare to hold: 0 points, 1 lines, 2 polygons; None where they do not all say the same."""
    found = {dimension_of(str(info["geometry_type"])) for info in infos}
    return found.pop() if len(found) == 1 else None


def attribute_names(source: VectorSource) -> list[str]:
    """The attributes of a layer's features; none where several layers are read as one, or of GeoParquet.

    Raises:
        LabelError: the file cannot be read.
    """
    _, path = located(source)
    if path.lower().endswith((".parquet", ".geoparquet")):
        return []
    with _gdal(source):
        import pyogrio

        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None or is_table(path)]
        layer = source.layer or (layers[0] if len(layers) == 1 else None)
        if layer is None:
            return []
        options = table_places(path, source)[0] if is_table(path) else {}
        return [str(name) for name in pyogrio.read_info(path, layer=layer, **options)["fields"]]


def read_attribute(source: VectorSource, field: str) -> dict[int, Any]:
    """One attribute of all features of a layer, by the number of the feature in the file.

    Args:
        source: the layer.
        field: the attribute's name; upper and lower case are alike where that is clear.

    Raises:
        LabelError: the file cannot be read, or has no such attribute (those it has are listed).
    """
    file, path = located(source)
    if _is_parquet(path):
        return geoparquet.attribute(file, source, field)
    with _gdal(source):
        place = _attributes(path, source)
        name = field_called(field, list(place.types), source)
        return place.read([name])[name]


def read_texts(source: VectorSource) -> dict[str, dict[int, Any]]:
    """All attributes of a layer that hold text, by name, and each by the number of the feature in the file.

    Args:
        source: the layer.

    Raises:
        LabelError: the file cannot be read.
    """
    file, path = located(source)
    if _is_parquet(path):
        return geoparquet.texts(file)
    with _gdal(source):
        place = _attributes(path, source)
        found = place.read([name for name, kind in place.types.items() if kind == "object"])
    # Lists, bytes and JSON are objects as well.
    return {
        name: values
        for name, values in found.items()
        if all(value is None or isinstance(value, str) for value in values.values())
    }


def _is_parquet(path: str) -> bool:
    return path.lower().endswith((".parquet", ".geoparquet"))


class _Attributes(NamedTuple):
    """The attributes of one layer.

    Attributes:
        path: by which GDAL reads it.
        source: what was asked for.
        layer: its name; None for the only one.
        options: of opening it.
        types: numpy's types by name, in the order of the file.
    """

    path: str
    source: VectorSource
    layer: str | None
    options: dict[str, str]
    types: dict[str, str]

    def read(self, names: Sequence[str]) -> dict[str, dict[int, Any]]:
        """Some attributes of all features that are asked for, by name and number."""
        import pyogrio

        if not names:
            return {}
        asked = (self.source.where or "").lower()
        meta, numbers, _, data = pyogrio.raw.read(
            self.path,
            layer=self.layer,
            columns=[each for each in self.types if each in names or each.lower() in asked],
            where=self.source.where,
            read_geometry=False,
            return_fids=True,
            **self.options,
        )
        columns = dict(zip((str(each) for each in meta["fields"]), data, strict=True))
        features = _unlike(numbers).tolist()
        return {name: dict(zip(features, columns[name].tolist(), strict=True)) for name in names}


def _attributes(path: str, source: VectorSource) -> _Attributes:
    import pyogrio

    options = table_places(path, source)[0] if is_table(path) else {}
    layer = source.layer
    if layer is None and len(pyogrio.list_layers(path)) > 1:
        drawn = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
        if len(drawn) != 1:
            raise LabelError(
                f"{source.shown} holds several layers, whose attributes are not read together; name one with "
                "|layer=NAME."
            )
        layer = drawn[0]
    info = pyogrio.read_info(path, layer=layer, **options)
    types = dict(zip(map(str, info["fields"]), map(str, info["dtypes"]), strict=True))
    return _Attributes(path, source, layer, options, types)
