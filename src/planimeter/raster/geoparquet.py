"""GeoParquet: Overture's files, and our own of a batch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import LabelError, ModelError
from planimeter.raster.vector_layer import Bounds, Stored, VectorFile, dimension_of
from planimeter.raster.vector_source import VectorSource, field_called, known_crs
from planimeter.raster.wkb import from_wkb


def open_geoparquet(file: Path, source: VectorSource) -> VectorFile:
    """Look at the metadata of a GeoParquet file; see `open_vector`.

    Raises:
        LabelError: it is no Parquet, has no geometry, or one in an encoding other than WKB.
        ModelError: pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ModelError(
            'Parquet is read with pyarrow, which is not installed; install it with pip install "planimeter[scale]", or '
            "convert the file to GeoPackage with ogr2ogr."
        ) from None
    if source.path.lower().endswith(".zip") or ".zip/" in source.path.lower():
        raise LabelError(f"{source.shown} is a Parquet file in a zip; unpack it first.")
    try:
        schema = pyarrow.parquet.read_schema(file)
        text = (schema.metadata or {}).get(b"geo")
        column, about = _geometry(json.loads(text)) if text else ("", {})
    except (pyarrow.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise LabelError(
            f"{source.shown} is not a Parquet file that can be read; copy or export it again."
        ) from problem
    if not column:
        raise LabelError(
            f"{source.shown} is a table without geometry (it has no GeoParquet metadata); write it with geopandas."
        )
    if about.get("encoding") != "WKB":
        raise LabelError(
            f"{source.shown} holds geometry as {shown(about.get('encoding'))}; write it as WKB, which geopandas does."
        )
    if source.layer is not None:
        raise LabelError(f"{source.shown} has no layers; choose rows with |where=.")
    # A CRS that is not mentioned is longitude and latitude; one that is null is unknown (GeoParquet 1.1).
    own = about.get("crs", "OGC:CRS84")
    dimensions = {dimension_of(kind) for kind in about.get("geometry_types") or ["Unknown"]}
    bounds = about.get("bbox")

    def read(boxes: list[Bounds] | None) -> Stored:
        return _read(file, column, about, source, boxes)

    return VectorFile(
        source.shown,
        known_crs(json.dumps(own) if isinstance(own, dict) else own, source),
        dimensions.pop() if len(dimensions) == 1 else None,
        tuple(bounds) if bounds and len(bounds) == 4 else None,
        read,
    )


def shown(encoding: object) -> str:
    """An encoding as an error may show it."""
    return repr(str(encoding)[:40])


def _geometry(geo: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    name = str(geo["primary_column"])
    return name, dict(geo["columns"][name])


def _read(
    file: Path, column: str, about: dict[str, Any], source: VectorSource, boxes: list[Bounds] | None
) -> Stored:
    import pyarrow.compute as pc
    import pyarrow.parquet

    rows = pyarrow.parquet.read_metadata(file).num_rows
    chosen = None if source.where is None else _where(file, column, source)
    total = rows if chosen is None else len(chosen)
    cover = ((about.get("covering") or {}).get("bbox") or {}) if boxes is not None else {}
    numbers = np.arange(rows)
    if {"xmin", "ymin", "xmax", "ymax"} <= cover.keys():
        # The columns of bounds are a small part of the file, so that only the geometries near the scene are read.
        names = ["/".join(cover[key]).split("/") for key in ("xmin", "ymin", "xmax", "ymax")]
        with pyarrow.parquet.ParquetFile(file) as content:
            table = content.read(columns=sorted({".".join(name) for name in names}))
        x0, y0, x1, y1 = (
            pc.struct_field(table[name[0]], name[1:]).to_numpy()
            if len(name) > 1
            else table[name[0]].to_numpy()
            for name in names
        )
        near = np.zeros(rows, bool)
        for west, south, east, north in boxes or []:
            # Overture's bounds are in single precision; a millionth is more than that rounds off.
            slack = 1e-6 * max(map(abs, (west, south, east, north)))
            near |= (
                (x0 <= east + slack) & (x1 >= west - slack) & (y0 <= north + slack) & (y1 >= south - slack)
            )
        numbers = numbers[near]
    if chosen is not None:
        numbers = np.intersect1d(numbers, chosen)
    blobs = _geometries(file, column, numbers)
    drawn = from_wkb(blobs)
    known = drawn.known
    return Stored((drawn.take(known),), numbers[known], total, int((~known).sum()))


def _geometries(file: Path, column: str, numbers: np.ndarray) -> np.ndarray:
    """The WKB of some rows, row group by row group, so that no more than one is in memory."""
    import pyarrow.parquet

    found = []
    with pyarrow.parquet.ParquetFile(file) as content:
        start = 0
        for group in range(content.num_row_groups):
            end = start + content.metadata.row_group(group).num_rows
            here = numbers[np.searchsorted(numbers, start) : np.searchsorted(numbers, end)] - start
            if len(here):
                table = content.read_row_group(group, columns=[column])
                found.append(table.column(0).take(here).to_numpy(zero_copy_only=False))
            start = end
    return np.concatenate(found) if found else np.zeros(0, object)


def _where(file: Path, column: str, source: VectorSource) -> np.ndarray:
    """The rows that meet a condition: the plain columns that it names as a table of SQLite, which it asks."""
    import sqlite3
    from contextlib import closing

    import pyarrow.parquet

    schema = pyarrow.parquet.read_schema(file)
    plain = [field.name for field in schema if field.name != column and _is_plain(field.type)]
    asked = str(source.where).lower()
    named = [name for name in plain if name.lower() in asked]
    key = "row" + "_" * max((len(name) for name in plain), default=0)  # no column is called so
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in named)
    marks = ", ".join("?" for _ in range(len(named) + 1))
    try:
        with closing(sqlite3.connect(":memory:")) as table:
            table.execute(f"CREATE TABLE layer ({key} INTEGER PRIMARY KEY{', ' if named else ''}{names})")
            start = 0
            with pyarrow.parquet.ParquetFile(file) as content:
                for batch in content.iter_batches(columns=named or plain[:1] or [column]):
                    columns = [_as_sqlite(batch.column(name)) for name in named]
                    rows = zip(range(start, start + batch.num_rows), *columns, strict=True)
                    table.executemany(f"INSERT INTO layer VALUES ({marks})", rows)
                    start += batch.num_rows
            table.set_authorizer(_only_reading)
            found = table.execute(f"SELECT {key} FROM layer WHERE ({source.where}) ORDER BY 1").fetchall()
    except (sqlite3.Error, OverflowError) as problem:
        raise LabelError(
            f"The condition {str(source.where)[:80]!r} on {source.shown} cannot be used ({problem}); name columns of "
            f"the file ({', '.join(plain)[:200]}) and write it in SQL, such as height > 3."
        ) from problem
    return np.array([row for (row,) in found], np.int64)


def _is_plain(kind: Any) -> bool:
    """Whether a condition can be about a column of this type: numbers, texts, yes and no, days and times."""
    import pyarrow as pa

    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    tests = ("integer", "floating", "boolean", "string", "large_string", "string_view", "decimal", "temporal")
    return any(getattr(pa.types, f"is_{test}")(value) for test in tests if hasattr(pa.types, f"is_{test}"))


def _as_sqlite(column: Any) -> list[Any]:
    """Values as SQLite compares them: decimals as numbers, days and times as ISO 8601, as GDAL gives them."""
    from datetime import date, time
    from decimal import Decimal

    def plain(value: Any) -> Any:
        if isinstance(value, Decimal):
            return float(value)
        if isinstance(value, date | time):  # a datetime is a date
            return value.isoformat()
        return value if value is None or isinstance(value, int | float | str) else str(value)

    return [plain(value) for value in column.to_pylist()]


def _only_reading(action: int, *_: object) -> int:
    import sqlite3

    allowed = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION)
    return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY


def attribute(file: Path, source: VectorSource, field: str) -> dict[int, Any]:
    """One column of all rows, by the number of the row.

    Raises:
        LabelError: there is no such column.
    """
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(file) as content:
        known = [str(name) for name in content.schema_arrow.names]
        table = content.read(columns=[field_called(field, known, source)])
    return dict(enumerate(table.column(0).to_pylist()))


def texts(file: Path) -> dict[str, dict[int, Any]]:
    """All columns of text, by name, and each by the number of the row."""
    import pyarrow
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(file) as content:
        names = [
            str(field.name)
            for field in content.schema_arrow
            if pyarrow.types.is_string(field.type) or pyarrow.types.is_large_string(field.type)
        ]
        table = content.read(columns=names)
    return {name: dict(enumerate(table.column(name).to_pylist())) for name in names}
