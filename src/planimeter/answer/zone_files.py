"""The zones of an answer with their values, as a GeoPackage in the scene's CRS."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.answer.qgis_styles import by_class, by_value, embed_styles
from planimeter.answer.zone_classes import zone_classes
from planimeter.atomic import replacing
from planimeter.spatial.file_frame import FileFrame
from planimeter.table import Cell, Column, Table, names_apart

if TYPE_CHECKING:
    from planimeter.answer.answer import Answer


_RESERVED = ("fid", "geom")  # columns of every layer of a GeoPackage


def write_zones(path: Path, answer: Answer) -> None:
    """Write a feature for each row of a zone: the zone's polygon inside the scene, and the row as attributes.

    Args:
        path: file to write; one of that name is replaced.
        answer: a table by zone; rows of all zones together are left out. Of a list, whose shapes have files of their
            own, each zone has one feature with how many are listed.
    """
    import shapely

    table, scene = answer.answer, answer.scene
    assert isinstance(table, Table)
    place = FileFrame(scene.transform, scene.crs, geographic=False, cells=scene.cells)
    zones = answer.run.evidence.zones
    if answer.type == "list":
        table = _lengths(table, [name for name, _, _ in zones])
    polygons = np.array([geometry for _, _, geometry in zones], dtype=object)
    parts, owner = shapely.get_parts(shapely.transform(polygons, place.coordinates), return_index=True)
    shapes = shapely.multipolygons(shapely.orient_polygons(parts, exterior_cw=False), indices=owner)
    write_zone_rows(path, table, dict(zip((name for name, _, _ in zones), shapes, strict=True)), place.wkt)


def write_zone_rows(path: Path, table: Table, polygon_of: Mapping[str, Any], crs: str | None) -> None:
    """Write a feature for each row of a table by zone.

    Args:
        path: file to write; one of that name is replaced.
        table: its first column names the zones; rows of others are left out.
        polygon_of: name → shapely MultiPolygon.
        crs: of the polygons.
    """
    import shapely
    from pyogrio import raw

    rows = [row for row in table.rows if row[0] in polygon_of]
    shapes = [polygon_of[str(row[0])] for row in rows]
    names, data, missing = [], [], []
    for k, column in enumerate(table.columns):
        cells = [row[k] for row in rows]
        names.append(column.name if column.unit in (None, "count") else f"{column.name} {column.unit}")
        data.append(_values(cells, column.kind))
        missing.append(np.array([cell is None for cell in cells], dtype=bool))
    names = names_apart(names, _RESERVED)
    with replacing(path) as temporary, warnings.catch_warnings():
        # A scene without a CRS gives a file without one, as its shapes do.
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        raw.write(
            temporary,
            geometry=np.asarray(shapely.to_wkb(np.array(shapes, dtype=object)), dtype=object),
            field_data=data,
            fields=np.array(names, dtype=object),
            field_mask=missing,
            geometry_type="MultiPolygon",
            crs=crs,
            layer="zones",
            driver="GPKG",
        )
        embed_styles(temporary, _style(rows, table, names))


def _style(rows: list[tuple[Cell, ...]], table: Table, names: list[str]) -> dict[str, str]:
    """Zones in the colours of what the page shows first; of several rows a zone, in those of the first measure."""
    measured = [k for k, column in enumerate(table.columns) if column.kind in ("number", "count")]
    several = len({row[0] for row in rows}) < len(rows)
    k = next(iter(measured), None) if several else 1
    if k is None:
        return {}
    cells = [row[k] for row in rows]
    classes = zone_classes(cells, table.columns[k])
    numbers = [cell for cell in cells if isinstance(cell, int | float)]
    if numbers:
        return {"zones": by_class(names[k], classes, min(numbers))}
    words = {each.label: each.colour for each in classes}
    return {"zones": by_value(names[k], words, "MULTIPOLYGON")} if words else {}


def _lengths(table: Table, names: list[str]) -> Table:
    """How many rows each zone has."""
    counts = Counter(table.column("zone"))
    columns = (Column("zone", None, "text"), Column("listed", "count", "count"))
    return Table(columns, tuple((name, counts[name]) for name in names))


def _values(cells: list[Cell], kind: str) -> np.ndarray:
    if kind == "count":
        return np.array([0 if cell is None else int(cell) for cell in cells], dtype=np.int64)
    if kind == "number":
        return np.array([0.0 if cell is None else float(cell) for cell in cells], dtype=np.float64)
    return np.array([None if cell is None else str(cell) for cell in cells], dtype=object)
