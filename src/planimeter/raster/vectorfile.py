"""Vector files as people have them: which layer a ``--vector`` means, and its geometries as they are stored."""

from __future__ import annotations

import os
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from planimeter.errors import LabelError, shown_name
from planimeter.raster.files import GDAL_OPTIONS, local_file, refuse_remote_sources
from planimeter.raster.geometries import Geometries
from planimeter.raster.wkb import from_wkb

#: (x0, y0, x1, y1) in a layer's own coordinates.
Bounds: TypeAlias = tuple[float, float, float, float]

#: GDAL drivers that may open a vector file. Those that ask a network are left out on purpose.
DRIVERS = (
    "CSV", "DGN", "DXF", "ESRI Shapefile", "ESRIJSON", "FlatGeobuf", "GeoJSON", "GeoJSONSeq", "GML", "GPKG", "GPX",
    "JML", "JSONFG", "KML", "LIBKML", "LVBAG", "MapInfo File", "ODS", "OGR_GMT", "OGR_VRT", "OpenFileGDB", "OSM",
    "PMTiles", "S57", "SQLite", "TopoJSON", "XLSX",
)  # fmt: skip

#: Features from which on a layer is read as columns, and the kinds of geometry for which it may be.
_MANY = 20_000
_AT_ONCE = 1 << 14  # features of a layer in columns that are read together: what a processor's cache holds
_STRAIGHT = frozenset(many + kind for kind in ("Point", "LineString", "Polygon") for many in ("", "Multi"))

_KEYS = {"layer": "layer", "layername": "layer", "where": "where", "subset": "where", "crs": "crs"}
_PART = re.compile(r"\|(?=[a-zA-Z]+=)")
_WRITTEN = 'write it like "roof=town.gpkg|layer=buildings|where=height > 3"'
_INNER = (
    ".csv", ".dxf", ".fgb", ".gdb", ".geojson", ".geojsonl", ".gml", ".gpkg", ".gpx", ".json", ".kml", ".kmz",
    ".osm", ".parquet", ".pbf", ".shp", ".sqlite", ".tab", ".topojson",
)  # fmt: skip
_WKT_NAMES = ("geometry", "geom", "wkt", "the_geom", "wkt_geom", "geometry_wkt", "shape")
_LONGITUDE_NAMES = ("longitude", "lon", "lng", "long", "decimallongitude")
_LATITUDE_NAMES = ("latitude", "lat", "decimallatitude")
_X_NAMES = ("x", "x_coord", "point_x", "easting", "east")
_Y_NAMES = ("y", "y_coord", "point_y", "northing", "north")

# pyogrio tells GDAL's warnings as Python's; `warnings.catch_warnings` around each read would not be safe in threads.
# What they would tell (layers picked, geometries left out) is looked at here and said in our own words.
warnings.filterwarnings("ignore", module=r"pyogrio(\..*)?")
warnings.filterwarnings("ignore", module=r"planimeter\.raster\.vectorfile")


@dataclass(frozen=True)
class Stored:
    """Geometries as a file holds them.

    Attributes:
        parts: N geometries in the layer's own coordinates, in the order of the file, as many at a time as were read;
            some may be empty.
        index: (N,) int64, the number of each feature in the file.
        total: features in the layer, read or not.
        unread: features whose geometry is missing or cannot be read.
    """

    parts: tuple[Geometries, ...]
    index: np.ndarray
    total: int
    unread: int

    @property
    def shapes(self) -> np.ndarray:
        """(N,) shapely geometries."""
        return Geometries.joined(self.parts).geometry


@dataclass(frozen=True)
class VectorFile:
    """One layer of one file, known by its header.

    Attributes:
        name: how errors and notes show it.
        crs: its coordinate reference system, as pyproj reads it.
        dimension: of its geometries: 0 points, 1 lines, 2 polygons; None where the file does not say.
        bounds: of all its geometries where that is known without reading them.
        read: geometries that may touch any of some bounds, or all of them.
    """

    name: str
    crs: str
    dimension: int | None
    bounds: Bounds | None
    read: Callable[[list[Bounds] | None], Stored]


@dataclass(frozen=True)
class VectorSource:
    """What a user wrote after ``--vector TOPIC=``.

    Attributes:
        path: the file or FileGDB folder; a member of a zip is written ``town.zip/houses.shp``.
        layer: the layer's name, or None.
        where: a condition on attributes in GDAL's SQL, or None.
        crs: the coordinate reference system of a file that does not say it, or None.
    """

    path: str
    layer: str | None = None
    where: str | None = None
    crs: str | None = None

    @property
    def shown(self) -> str:
        """How errors show it."""
        return shown_name(Path(self.path).name)

    @property
    def named(self) -> str:
        """How answers name it: the file, and what of it."""
        parts = (("layer", self.layer), ("where", self.where))
        return Path(self.path).name + "".join(f"|{key}={value}" for key, value in parts if value is not None)

    def fingerprint(self) -> str:
        """A text that changes when the file does, or what is read of it."""
        path = Path(self.path)
        file = next((place for place in (path, *path.parents) if place.is_file()), path)
        files = sorted(file.iterdir()) if file.is_dir() else [file] if file.is_file() else []
        states = [(place.name, place.stat().st_size, place.stat().st_mtime_ns) for place in files]
        return f"{self.path}|{self.layer}|{self.where}|{self.crs}:{states}"


def parse_source(text: str | os.PathLike[str]) -> VectorSource:
    """Split ``town.gpkg|layer=buildings|where=height > 3|crs=EPSG:4326`` into its parts.

    Args:
        text: a path and what may follow it; QGIS's ``layername`` and ``subset`` are understood as well.

    Raises:
        LabelError: a part is not known, twice there, or empty.

    Example:
        >>> parse_source("town.gpkg|layername=buildings").layer
        'buildings'
    """
    path, *parts = _PART.split(os.fspath(text))
    found: dict[str, str] = {}
    for part in parts:
        key, _, value = part.partition("=")
        name = _KEYS.get(key.lower())
        if name is None or not value.strip():
            raise LabelError(f"{shown_name(part)} after {shown_name(path)} is not understood; {_WRITTEN}.")
        if name in found:
            raise LabelError(f"{shown_name(path)} is given two values for {name}; {_WRITTEN}.")
        found[name] = value.strip()
    return VectorSource(path, **found)


def open_vector(source: VectorSource) -> VectorFile:
    """Look at the header of a vector file.

    Raises:
        LabelError: it cannot be read, holds several layers of which none is named, or has no CRS.
    """
    file, gdal_path = _located(source)
    if gdal_path.lower().endswith((".parquet", ".geoparquet")):
        from planimeter.raster.geoparquet import open_geoparquet

        return open_geoparquet(file, source)
    with _gdal(source):
        return _open_with_gdal(gdal_path, source)


def _located(source: VectorSource) -> tuple[Path, str]:
    """The file on disk, and the path by which GDAL reads it."""
    path = Path(source.path)
    if path.is_dir() and path.suffix.lower() == ".gdb":
        return path, str(path.absolute())
    archive = next((parent for parent in (path, *path.parents) if _is_zip(parent)), None)
    if archive is not None:
        member = path.relative_to(archive).as_posix()
        inner = _member(archive, "" if member == "." else member)
        return archive, f"/vsizip/{archive.absolute()}/{inner}"
    file = local_file(path, LabelError)
    refuse_remote_sources(file, LabelError)
    if file.suffix.lower() == ".gz":
        return file, f"/vsigzip/{file}"
    return file, str(file)


def _is_zip(path: Path) -> bool:
    # A KMZ is a zip that GDAL opens by itself.
    return path.suffix.lower() == ".zip" and path.is_file()


def _member(archive: Path, wanted: str) -> str:
    """The one vector file in a zip."""
    shown = shown_name(archive.name)
    try:
        with zipfile.ZipFile(archive) as content:
            names = content.namelist()
    except (zipfile.BadZipFile, OSError) as problem:
        raise LabelError(f"{shown} is not a zip that can be read; copy or export it again.") from problem
    files = dict.fromkeys(
        name[: name.lower().index(".gdb/") + 4] if ".gdb/" in name.lower() else name for name in names
    )
    found = [name for name in files if name.lower().endswith(_INNER) and "__MACOSX" not in name]
    if wanted:
        if wanted in found:
            return wanted
        raise LabelError(f"{shown} holds no {shown_name(wanted)}; it holds {_listed(found)}.")
    if not found:
        raise LabelError(f"{shown} holds no vector file; give a zip of a GeoPackage, shapefile or GeoJSON.")
    if len(found) > 1:
        raise LabelError(
            f"{shown} holds several vector files: {_listed(found)}; name one, like {archive.name}/{found[0]}."
        )
    return found[0]


def _listed(names: list[str]) -> str:
    shown = ", ".join(name[:60] for name in names[:12])
    return f"{shown} and {len(names) - 12} more" if len(names) > 12 else shown or "nothing that can be read"


@contextmanager
def _gdal(source: VectorSource) -> Iterator[None]:
    import pyogrio
    import pyogrio.errors

    # pyogrio brings a GDAL of its own, which knows nothing of rasterio's settings.
    pyogrio.set_gdal_config_options(
        {**GDAL_OPTIONS, "OGR_ORGANIZE_POLYGONS": "DEFAULT", "OGR_GEOJSON_MAX_OBJ_SIZE": 0}
    )
    try:
        yield
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        ValueError,
        RuntimeError,
    ) as problem:
        if source.where is not None and "where" in str(problem).lower():
            raise LabelError(
                f"The condition {shown_name(source.where)} on {source.shown} cannot be used; name columns of the layer "
                "and write it in SQL, such as height > 3 or name = 'School'."
            ) from problem
        raise LabelError(
            f"{source.shown} is not a vector layer that can be read; give a vector file such as GeoPackage."
        ) from problem


def _open_with_gdal(path: str, source: VectorSource) -> VectorFile:
    import pyogrio

    listed = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
    options, table_crs = _table_places(path, source) if _is_table(path) else ({}, None)
    drawn = [name for name, kind in listed if kind is not None or options]
    if source.layer is not None:
        if source.layer not in [name for name, _ in listed]:
            raise LabelError(
                f"{source.shown} has no layer {shown_name(source.layer)}; name one of its layers: {_listed(drawn)}."
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
            f"{source.shown} holds several layers: {_listed(layers)}; name one, like "
            f'"{Path(source.path).name}|layer={layers[-1]}".'
        )
    crs = known_crs(table_crs or infos[0]["crs"], source)

    def read(boxes: list[Bounds] | None) -> Stored:
        parts = [
            _read(path, layer, source, boxes, info, options)
            for layer, info in zip(layers, infos, strict=True)
        ]
        return parts[0] if len(parts) == 1 else _joined(parts)

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

    found = [read(bbox=box) for box in boxes] if boxes is not None else [read()]
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


def _joined(parts: list[Stored]) -> Stored:
    starts = np.cumsum([0, *(part.total for part in parts)])
    return Stored(
        tuple(drawn for part in parts for drawn in part.parts),
        np.concatenate([part.index + start for part, start in zip(parts, starts, strict=False)]),
        int(starts[-1]),
        sum(part.unread for part in parts),
    )


def _dimension(infos: list[dict[str, Any]]) -> int | None:
    """What the layers declare to hold: 0 points, 1 lines, 2 polygons; None where they do not all say the same."""
    found = {dimension_of(str(info["geometry_type"])) for info in infos}
    return found.pop() if len(found) == 1 else None


def dimension_of(kind: str) -> int | None:
    """The dimension of a named geometry type, None for a mixture.

    Example:
        >>> dimension_of("MultiPolygon Z"), dimension_of("Unknown")
        (2, None)
    """
    for word, dimension in (
        ("Point", 0), ("Line", 1), ("Curve", 1), ("Circular", 1), ("Poly", 2), ("Surface", 2),
    ):  # fmt: skip
        if word in kind.replace("CurvePolygon", "Polygon"):
            return dimension
    return None


def known_crs(own: str | None, source: VectorSource) -> str:
    """The CRS of a layer: its own, or the one that the user states for a layer without.

    Raises:
        LabelError: there is none, or the user's is no CRS or contradicts the layer's own.
    """
    import pyproj

    if source.crs is not None:
        try:
            stated = pyproj.CRS.from_user_input(source.crs)
        except pyproj.exceptions.CRSError as problem:
            raise LabelError(
                f"{shown_name(source.crs)} is no CRS; give one like |crs=EPSG:4326."
            ) from problem
        if own and not stated.equals(pyproj.CRS.from_user_input(own), ignore_axis_order=True):
            raise LabelError(
                f"{source.shown} says itself that its CRS is {shown_name(own[:60])}, not {source.crs}; leave |crs= "
                "out, or assign another one to the file with ogr2ogr -a_srs."
            )
        return own or source.crs
    if not own:
        raise LabelError(
            f"{source.shown} has no CRS, so its place is unknown; state it after the path, like "
            f'"{Path(source.path).name}|crs=EPSG:4326".'
        )
    return own


def _is_table(path: str) -> bool:
    return path.lower().removesuffix(".gz").endswith((".csv", ".tsv", ".psv"))


def _table_places(path: str, source: VectorSource) -> tuple[dict[str, str], str | None]:
    """How GDAL finds the places in a table, and their CRS where the names of the columns tell it.

    Places are a column of WKT, or two columns of coordinates; longitudes and latitudes by name are degrees of WGS 84.
    """
    import pyogrio

    columns = {str(name).strip().lower(): str(name) for name in pyogrio.read_info(path)["fields"]}
    longitude, latitude = _first(columns, _LONGITUDE_NAMES), _first(columns, _LATITUDE_NAMES)
    crs = "EPSG:4326" if longitude and latitude else None
    wkt = _first(columns, _WKT_NAMES)
    if wkt is not None:
        return {"GEOM_POSSIBLE_NAMES": wkt, "KEEP_GEOM_COLUMNS": "NO"}, crs
    x, y = (longitude, latitude) if crs else (_first(columns, _X_NAMES), _first(columns, _Y_NAMES))
    if x is None or y is None:
        raise LabelError(
            f"{source.shown} has no column of places among {_listed(list(columns.values()))}; name its column of WKT "
            "'geometry', or its columns 'longitude' and 'latitude'."
        )
    return {"X_POSSIBLE_NAMES": x, "Y_POSSIBLE_NAMES": y}, crs


def _first(columns: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((columns[name] for name in names if name in columns), None)


def read_attribute(source: VectorSource, field: str) -> dict[int, Any]:
    """One attribute of all features of a layer, by the number of the feature in the file.

    Args:
        source: the layer.
        field: the attribute's name; upper and lower case are alike where that is clear.

    Raises:
        LabelError: the file cannot be read, or has no such attribute (those it has are listed).
    """
    file, path = _located(source)
    if path.lower().endswith((".parquet", ".geoparquet")):
        from planimeter.raster.geoparquet import attribute

        return attribute(file, source, field)
    with _gdal(source):
        import pyogrio

        options = _table_places(path, source)[0] if _is_table(path) else {}
        layer = source.layer
        if layer is None and len(pyogrio.list_layers(path)) > 1:
            drawn = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
            if len(drawn) != 1:
                raise LabelError(
                    f"{source.shown} holds several layers, whose attributes are not read together; name one with "
                    "|layer=NAME."
                )
            layer = drawn[0]
        known = [str(name) for name in pyogrio.read_info(path, layer=layer, **options)["fields"]]
        name = field_called(field, known, source)
        asked = (source.where or "").lower()
        columns = [each for each in known if each == name or each.lower() in asked]
        meta, numbers, _, data = pyogrio.raw.read(
            path,
            layer=layer,
            columns=columns,
            where=source.where,
            read_geometry=False,
            return_fids=True,
            **options,
        )
    values = data[[str(each) for each in meta["fields"]].index(name)]
    return dict(zip(numbers.tolist(), values.tolist(), strict=True))


def field_called(field: str, known: list[str], source: VectorSource) -> str:
    """The attribute that is meant: of this very name, or the only one that differs in upper and lower case alone.

    Raises:
        LabelError: there is none.

    Example:
        >>> field_called("name", ["NAME", "id"], VectorSource("a.gpkg"))
        'NAME'
    """
    alike = [name for name in known if name.lower() == field.lower()]
    if field in known:
        return field
    if len(alike) == 1:
        return alike[0]
    raise LabelError(
        f"{source.shown} has no attribute {shown_name(field)}; name one of its attributes: {_listed(known)}."
    )
