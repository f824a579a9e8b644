"""The zones of an answer with their values, as a GeoPackage in the scene's CRS."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from planimeter.answer.palette import LOW_TO_HIGH
from planimeter.answer.qgis_styles import by_range, embed_styles
from planimeter.spatial.export import FileFrame, replacing
from planimeter.table import Cell, Table

if TYPE_CHECKING:
    from planimeter.answer.answer import Answer


def write_zones(path: Path, answer: Answer) -> None:
    """Write one feature for each zone: its polygon inside the scene, and the row of the table as attributes.

    Args:
        path: file to write; one of that name is replaced.
        answer: a table by zone; the row of all zones together is left out.
    """
    import shapely
    from pyogrio import raw

    table, scene = answer.answer, answer.scene
    assert isinstance(table, Table)
    place = FileFrame(scene.transform, scene.crs, geographic=False)
    polygons = np.array([geometry for _, _, geometry in answer.run.evidence.zones], dtype=object)
    parts, owner = shapely.get_parts(shapely.transform(polygons, place.coordinates), return_index=True)
    shapes = shapely.multipolygons(shapely.orient_polygons(parts, exterior_cw=False), indices=owner)
    names, data, missing = [], [], []
    for column in table.columns:
        cells = table.column(column.name)[:-1]
        names.append(column.name if column.unit in (None, "count") else f"{column.name} {column.unit}")
        data.append(_values(cells, column.kind))
        missing.append(np.array([cell is None for cell in cells], dtype=bool))
    with replacing(path) as temporary, warnings.catch_warnings():
        # A scene without a CRS gives a file without one, as its shapes do.
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        raw.write(
            temporary,
            geometry=np.asarray(shapely.to_wkb(shapes), dtype=object),
            field_data=data,
            fields=np.array(names, dtype=object),
            field_mask=missing,
            geometry_type="MultiPolygon",
            crs=place.wkt,
            layer="zones",
            driver="GPKG",
        )
        measured = [k for k, column in enumerate(table.columns) if column.kind in ("number", "count")]
        if measured:
            values = data[measured[0]][~missing[measured[0]]].tolist()
            embed_styles(
                temporary, {"zones": by_range(names[measured[0]], values, LOW_TO_HIGH)} if values else {}
            )


def _values(cells: list[Cell], kind: str) -> np.ndarray:
    if kind == "count":
        return np.array([0 if cell is None else int(cell) for cell in cells], dtype=np.int64)
    if kind == "number":
        return np.array([0.0 if cell is None else float(cell) for cell in cells], dtype=np.float64)
    return np.array([None if cell is None else str(cell) for cell in cells], dtype=object)
