"""Regions as GeoParquet: one table of shapes with CRS and provenance, for pipelines that read columns."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.atomic import replacing
from planimeter.errors import ModelError
from planimeter.spatial.export import Layer, batches, geometry_types, multipolygons
from planimeter.spatial.file_frame import FileFrame

if TYPE_CHECKING:
    from affine import Affine
    from rasterio.crs import CRS

#: Key of the file's metadata under which its provenance lies, as JSON.
PROVENANCE_KEY = b"planimeter"

_VERSION = "1.1.0"  # https://geoparquet.org/releases/v1.1.0
_CORNERS = ("xmin", "ymin", "xmax", "ymax")


def write_geoparquet(
    path: str | os.PathLike[str],
    layers: Iterable[Layer],
    transform: Affine | None,
    crs: CRS | None,
    provenance: Mapping[str, str] | None = None,
    geographic: bool = False,
    cells: int = 1,
) -> Path:
    """Write regions as one GeoParquet table (version 1.1), in the scene's CRS: a MultiPolygon per row, or a
    layer's lines or points.

    The columns are those of all layers together, null where a layer lacks one, and ``bbox``, by which readers
    skip what they do not need. Without a CRS the coordinates are pixels, y down, and the file's CRS is null. The
    file appears complete or not at all.

    Args:
        path: file to write; one of that name is replaced.
        layers: what to write.
        transform: pixels to CRS coordinates (a rasterio ``Affine``).
        crs: the scene's CRS, or None.
        provenance: what the shapes were made from and by what; see `read_provenance`.
        geographic: write longitude and latitude (OGC:CRS84) instead, so that tables of several CRSs can be put
            together.
        cells: how many cells of the regions' grid lie side by side in a pixel, where coordinates are pixels.

    Raises:
        ModelError: pyarrow is not installed.
        SceneError: the CRS cannot be brought to WGS 84.
        UsageError: an attribute does not fit its regions.

    >>> import tempfile
    >>> from planimeter.spatial import label_regions
    >>> roofs = Layer("roof", label_regions(np.eye(3, dtype=bool)))
    >>> path = write_geoparquet(tempfile.mkdtemp() + "/a.parquet", [roofs], None, None, {"question": "How many?"})
    >>> read_provenance(path)
    {'question': 'How many?'}
    """
    arrow, parquet = load_pyarrow()
    listed = list(layers)
    tables = [layer.columns() for layer in listed]
    place = FileFrame(transform, crs, geographic, cells)
    fields = [arrow.field(name, _type_of(name, tables, arrow)) for name in _names(tables)]
    corners = arrow.struct([arrow.field(corner, arrow.float64()) for corner in _CORNERS])
    fields += [arrow.field("bbox", corners), arrow.field("geometry", arrow.binary())]
    kinds = sorted({name for layer in listed for name in geometry_types(layer.regions)} or {"MultiPolygon"})
    metadata = {b"geo": json.dumps(_geo(place, kinds)).encode()}
    if provenance is not None:
        metadata[PROVENANCE_KEY] = json.dumps(dict(provenance), ensure_ascii=False).encode()
    schema = arrow.schema(fields, metadata=metadata)
    target = Path(path)
    with replacing(target) as temporary, parquet.ParquetWriter(temporary, schema, compression="zstd") as file:
        for layer, table in zip(listed, tables, strict=True):
            for rows, shapes in _batches(layer, place):
                file.write_table(arrow.table(_columns(table, rows, shapes, schema, arrow), schema=schema))
    return target


def read_provenance(path: str | os.PathLike[str]) -> dict[str, str]:
    """Return what `write_geoparquet` was told of a file's origin; empty where it was told nothing.

    Raises:
        ModelError: pyarrow is not installed.
    """
    metadata = load_pyarrow()[1].read_schema(path).metadata or {}
    return dict(json.loads(metadata.get(PROVENANCE_KEY, b"{}")))


def load_pyarrow() -> tuple[Any, Any]:
    """``pyarrow`` and ``pyarrow.parquet``.

    Raises:
        ModelError: pyarrow is not installed.

    >>> load_pyarrow()[1].__name__
    'pyarrow.parquet'
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ModelError(
            "Parquet needs pyarrow, which is not installed: pip install 'planimeter[scale]'."
        ) from None
    return pyarrow, parquet


def _batches(layer: Layer, place: FileFrame) -> Iterator[tuple[slice, np.ndarray]]:
    for rows, regions in batches(layer.regions):
        yield rows, multipolygons(regions, place)


def _columns(
    table: dict[str, list[Any]], rows: slice, shapes: np.ndarray, schema: Any, arrow: Any
) -> dict[str, Any]:
    import shapely

    nothing = [None] * (rows.stop - rows.start)
    columns = {
        field.name: arrow.array(_plain(table[field.name][rows], field.type, arrow), type=field.type)
        if field.name in table
        else arrow.array(nothing, type=field.type)
        for field in schema
        if field.name not in ("bbox", "geometry")
    }
    bounds = shapely.bounds(shapes).T
    columns["bbox"] = arrow.StructArray.from_arrays([arrow.array(side) for side in bounds], list(_CORNERS))
    columns["geometry"] = arrow.array(shapely.to_wkb(shapes), type=arrow.binary())
    return columns


def _names(tables: list[dict[str, list[Any]]]) -> list[str]:
    return list(dict.fromkeys(name for table in tables for name in table))


def _type_of(name: str, tables: list[dict[str, list[Any]]], arrow: Any) -> Any:
    kinds = {type(value) for table in tables for value in table.get(name, ()) if value is not None}
    if kinds == {bool}:
        return arrow.bool_()
    if kinds == {int}:
        return arrow.int64()
    return arrow.float64() if kinds and kinds <= {int, float} else arrow.string()


def _plain(values: list[Any], kind: Any, arrow: Any) -> list[Any]:
    return (
        [None if value is None else str(value) for value in values]
        if kind == arrow.string()
        else list(values)
    )


def _geo(place: FileFrame, kinds: list[str]) -> dict[str, Any]:
    """The ``geo`` metadata that makes a Parquet file GeoParquet."""
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": kinds,
        "crs": place.projjson(),
        "covering": {"bbox": {corner: ["bbox", corner] for corner in _CORNERS}},
    }
    return {"version": _VERSION, "primary_column": "geometry", "columns": {"geometry": column}}
