"""Tables as vector layers: which columns of a CSV hold places."""

from __future__ import annotations

from planimeter.errors import LabelError
from planimeter.raster.vector_source import VectorSource, listed

_WKT_NAMES = ("geometry", "geom", "wkt", "the_geom", "wkt_geom", "geometry_wkt", "shape")
_LONGITUDE_NAMES = ("longitude", "lon", "lng", "long", "decimallongitude")
_LATITUDE_NAMES = ("latitude", "lat", "decimallatitude")
_X_NAMES = ("x", "x_coord", "point_x", "easting", "east")
_Y_NAMES = ("y", "y_coord", "point_y", "northing", "north")


def is_table(path: str) -> bool:
    """Whether a file is a table, by its name."""
    return path.lower().removesuffix(".gz").endswith((".csv", ".tsv", ".psv"))


def table_places(path: str, source: VectorSource) -> tuple[dict[str, str], str | None]:
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
            f"{source.shown} has no column of places among {listed(list(columns.values()))}; name its column of WKT "
            "'geometry', or its columns 'longitude' and 'latitude'."
        )
    return {"X_POSSIBLE_NAMES": x, "Y_POSSIBLE_NAMES": y}, crs


def _first(columns: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((columns[name] for name in names if name in columns), None)
