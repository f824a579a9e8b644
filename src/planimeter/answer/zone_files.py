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
from planimeter.answer.zone_unsure import NOT_SURE
from planimeter.atomic import replacing
from planimeter.spatial.file_frame import FileFrame
from planimeter.table import Cell, Column, Table, names_apart, shown

if TYPE_CHECKING:
    from planimeter.answer.answer import Answer


_RESERVED = ("fid", "geom")  # columns of every layer of a GeoPackage
_OF_ZONES = ("zone", "zone area", "covered", NOT_SURE)  # columns that say the same in all rows of a zone
_OF_PLACES = ("x", "y")  # of answers that are places, whose words are no classes


def write_zones(path: Path, answer: Answer) -> None:
    """Write a feature for each zone: its polygon inside the scene, and its rows as attributes.

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
    """Write a feature for each zone of a table, so that none hides another: of several rows each is columns.

    Args:
        path: file to write; one of that name is replaced.
        table: its first column names the zones; rows of others are left out. Rows that no text tells apart (places
            that are equal) stay a feature each.
        polygon_of: name → shapely MultiPolygon.
        crs: of the polygons.
    """
    import shapely
    from pyogrio import raw

    table = _a_row_each(Table(table.columns, tuple(row for row in table.rows if row[0] in polygon_of)))
    rows = list(table.rows)
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


def _a_row_each(table: Table) -> Table:
    """A table with one row for each zone, where its rows are of classes.

    Of several rows a zone, such as those of its land covers, every measure of every class becomes a column ("forest
    area"), and a column says which class has the most in the zone; it is empty where several have as much.
    """
    zones = list(dict.fromkeys(str(row[0]) for row in table.rows))
    heads = [column.name for column in table.columns]
    inner = [k for k, name in enumerate(heads) if name not in _OF_ZONES]
    keys = [k for k in inner if table.columns[k].kind == "text" or heads[k] in ("from", "to")]
    measures = [k for k in inner if k not in keys]
    named = {(str(row[0]), _class_of(row, table, keys)): row for row in table.rows}
    if (
        len(zones) == len(table.rows)
        or len(named) < len(table.rows)
        or not (keys and measures)
        or {*_OF_PLACES} <= {*heads}
    ):
        return table
    classes = list(dict.fromkeys(name for _, name in named))
    tail = [k for k, name in enumerate(heads) if k and name in _OF_ZONES]
    first = measures[0]
    columns = [table.columns[0], Column(f"most {heads[first]}", None, "text")]
    columns += [
        Column(f"{name} {heads[k]}", table.columns[k].unit, table.columns[k].kind)
        for name in classes
        for k in measures
    ]
    columns += [table.columns[k] for k in tail]
    rows: list[tuple[Cell, ...]] = []
    for zone in zones:
        own = {name: named[zone, name] for name in classes if (zone, name) in named}
        any_row = next(iter(own.values()))
        cells: list[Cell] = [own[name][k] if name in own else None for name in classes for k in measures]
        leading = _leading({name: row[first] for name, row in own.items()})
        rows.append((any_row[0], leading, *cells, *(any_row[k] for k in tail)))
    return Table(tuple(columns), tuple(rows))


def _class_of(row: tuple[Cell, ...], table: Table, keys: list[int]) -> str:
    """The class of one row in words: "forest", "forest to water", "0 to 50 m²"."""
    units = dict.fromkeys(table.columns[k].unit for k in keys)
    unit = next(iter(units)) if len(units) == 1 else None
    return " to ".join(shown(row[k], unit) for k in keys) + (f" {unit}" if unit else "")


def _leading(amounts: Mapping[str, Cell]) -> str | None:
    """The class with the most; None where there is none, or several have as much."""
    known = {name: amount for name, amount in amounts.items() if isinstance(amount, int | float) and amount}
    best = [name for name, amount in known.items() if amount == max(known.values())]
    return best[0] if len(best) == 1 else None


def _style(rows: list[tuple[Cell, ...]], table: Table, names: list[str]) -> dict[str, str]:
    """Zones in the colours of their first column, or of several rows a zone in those of the first measure."""
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
