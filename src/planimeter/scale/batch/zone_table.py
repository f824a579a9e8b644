"""One table by zone over all scenes of a batch, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.answer.zone_files import write_zone_rows
from planimeter.answer.zone_programs import name_of
from planimeter.answer.zone_unsure import NOT_SURE
from planimeter.answer.zone_values import name_of_all
from planimeter.atomic import write_whole
from planimeter.coder import Program
from planimeter.errors import LabelError, NotMeasurable
from planimeter.meaning.combine_plan import Measured, Plan
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    Besides,
    Distance,
    Meaning,
    Neighbours,
    Perimeter,
    Sized,
    SizeOf,
    Subject,
    Together,
)
from planimeter.meaning.together import side_by_side
from planimeter.raster.geometries import made_valid
from planimeter.raster.vector_source import parse_source
from planimeter.raster.vectorfile import open_vector
from planimeter.scale.batch.rows import Row
from planimeter.scale.batch.zones import ZoneSource
from planimeter.spatial.zone_names import names_of
from planimeter.table import Cell, Column, Table, names_apart, percent

_COVERED = 0.995  # from here on a zone counts as covered: pixels at its border are whole ones
_MORE_THAN_ONCE = 1.001  # of a zone, by which rounding may exceed it
_MOST_REASONS = 3


@dataclass(frozen=True, eq=False)
class ZoneFile:
    """All zones of a file, whole, where they lie.

    Attributes:
        names: N of them, each once, in the order of the file.
        geometry: (N,) shapely polygons in the file's own CRS.
        crs: as WKT or "EPSG:…".
        said: a sentence on where their names come from, where nobody said so.
    """

    names: tuple[str, ...]
    geometry: np.ndarray
    crs: str
    said: str = ""

    def square_metres(self, crs: Any | None) -> tuple[np.ndarray, float]:
        """(N,) float64 ground of each zone, and that of all together, where what lies in several counts once.

        Args:
            crs: of the scenes, where all have one whose metres are true to scale: areas are then planar, as theirs
                are; None for areas on the ellipsoid.
        """
        import shapely

        # Long edges bend where they are brought elsewhere.
        bounds = shapely.bounds(self.geometry)
        side = float(np.nanmax(np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]))) / 200
        each = self._measured(self.geometry, side, crs)
        known = np.isfinite(each)
        if not known.any():
            return each, 0.0
        union = np.array([shapely.union_all(self.geometry[known])], dtype=object)
        return each, float(self._measured(union, side, crs)[0])

    def _measured(self, geometry: np.ndarray, side: float, crs: Any | None) -> np.ndarray:
        """(N,) float64 ground of polygons in the file's CRS, whose edges get a vertex for every ``side`` of length."""
        import pyproj
        import shapely

        own = pyproj.CRS.from_user_input(self.crs)
        ends = pyproj.CRS.from_user_input(crs if crs is not None else "OGC:CRS84")
        change = pyproj.Transformer.from_crs(own, ends, always_xy=True)
        dense = shapely.segmentize(geometry, side) if side > 0 else geometry
        moved = shapely.transform(dense, lambda xy: np.stack(change.transform(*xy.T), axis=1))
        if crs is not None:
            factor = ends.axis_info[0].unit_conversion_factor
            return np.asarray(shapely.area(moved) * factor**2)
        geod = own.get_geod() or pyproj.Geod(ellps="WGS84")
        return np.array([abs(geod.geometry_area_perimeter(shapely.orient_polygons(one))[0]) for one in moved])


def read_zone_file(source: ZoneSource) -> ZoneFile:
    """Read all zones of a file.

    Raises:
        LabelError: it cannot be read, or holds no polygons.
    """
    import shapely

    wanted = parse_source(source.path)
    layer = open_vector(wanted)
    stored = layer.read(None)
    kept = (shapely.get_dimensions(stored.shapes) == 2) & ~shapely.is_empty(stored.shapes)
    if not kept.any():
        raise LabelError(f"{layer.name} holds no polygons; give a layer of zones.")
    shapes = made_valid(shapely.force_2d(stored.shapes[kept]))
    numbers = stored.index[kept].tolist()
    names, said = names_of(wanted, source.name, numbers)
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    geometry = np.array([shapely.union_all(shapes[found]) for found in places.values()], dtype=object)
    return ZoneFile(tuple(places), geometry, layer.crs, said)


def table_by_zone(
    zones: ZoneFile, rows: Sequence[Row], plan: Plan, program: Program, metric: bool, crs: Any | None
) -> tuple[Table, list[str]]:
    """Combine what units measured in each zone, as the batch combines units.

    Args:
        zones: all there are.
        rows: of the units that were measured.
        plan: how numbers combine.
        program: of the question.
        metric: whether every scene has a scale.
        crs: see ``ZoneFile.square_metres``.

    Returns:
        the table, one row for each zone (several where the answer of one is a table) and for all of them, and notes.

    Raises:
        LabelError: no scene shows any zone.
        NotMeasurable: no zone has anything to measure.
    """
    parts: dict[str, list[dict[str, Any]]] = {name: [] for name in zones.names}
    together = []
    for row in rows:
        for part in row.get("zones") or ():
            if part["pixels"] > 0:
                parts.setdefault(part["name"], []).append(part)
        if row.get("all_zones"):
            together.append(row["all_zones"])
    if not any(parts.values()):
        raise LabelError("No scene shows a pixel of any zone; give zones of their place.")
    columns = next((row["zone_columns"] for row in rows if row.get("zone_columns")), None)
    known = None if columns is None else tuple(Column(**column) for column in columns)
    reasons: dict[str, int] = {}
    found = [_combined(parts[name], plan, metric, known, reasons) for name in parts]
    whole = _combined(together, plan, metric, known, {})
    if isinstance(program.meaning, Together):
        asked = program.meaning
        beside = [side_by_side(asked, each) if isinstance(each, Table) else each for each in (*found, whole)]
        found, whole = beside[:-1], beside[-1]
    ground = np.array([_ground(parts[name], metric) for name in parts])
    own, total = np.full(len(parts), np.nan), 0.0
    if metric:
        each, all_of_them = zones.square_metres(crs)
        own, total = each / 10_000, all_of_them / 10_000
    covered = np.minimum(ground / np.where(own > 0, own, np.nan), 1.0)
    first, inner = _columns(program, found, known)
    names = names_apart([column.name for column in inner], ["zone", "zone area", "covered", NOT_SURE])
    heads = [replace(column, name=name) for column, name in zip(inner, names, strict=True)]
    heads += [Column("zone area", "ha" if metric else "pixels")]
    heads += [Column("covered", "%")] if metric else []
    doubted = any(part.get("not_sure") is not None for own in parts.values() for part in own)
    heads += [Column(NOT_SURE, "%")] if doubted else []
    lines: list[tuple[Cell, ...]] = []
    for name, answer, amount, share in zip(parts, found, ground, covered, strict=True):
        tail: list[Cell] = [float(amount), *([float(100 * share)] if metric else [])]
        tail += [_not_sure(parts[name], metric)] if doubted else []
        lines += [(name, *cells, *tail) for cells in _lines(answer, first)]
    all_zones = name_of_all(parts)
    amount = _ground(together, metric)
    tail = [amount, *([min(100.0, 100 * amount / total) if total else None] if metric else [])]
    tail += [_not_sure(together, metric)] if doubted else []
    # A list has no row of all zones.
    if known is None or any(cell is not None for cells in _lines(whole, first) for cell in cells):
        lines += [(all_zones, *cells, *tail) for cells in _lines(whole, first)]
    notes = [zones.said] if zones.said else []
    notes += _notes(parts, covered, metric, together, ground, all_zones)
    if metric and np.any(ground > own * _MORE_THAN_ONCE):
        notes.append(
            "Scenes overlap and were kept apart, so the zone area counts ground as often as scenes show it; --overlap "
            "join counts it once."
        )
    partly = sum(bool(plan.left_out(_units(own, metric))) for own in parts.values() if len(own) > 1)
    if plan.refusal is None and partly:
        notes.append(
            f"{partly:,} of {len(parts):,} zones lie in several scenes, of which some have not all that it takes to "
            "measure what is asked; their figures are without these scenes."
        )
    for reason, count in list(reasons.items())[:_MOST_REASONS]:
        notes.append(f"{count:,} zone{' has' if count == 1 else 's have'} no value: {reason}")
    return Table((Column("zone", None, "text"), *heads), tuple(lines)), notes


def _combined(
    parts: list[dict[str, Any]],
    plan: Plan,
    metric: bool,
    columns: tuple[Column, ...] | None,
    reasons: dict[str, int],
) -> Any:
    """One zone's answer: a number, a word or a table; None where it has none."""
    if not parts:
        return None
    telling = parts
    if _is_of_what_is_there(plan.meanings[0]):
        telling = [part for part in parts if part["values"][0] is not None] or parts[:1]
    if len(telling) == 1:  # as it is: a median of one scene is a median
        value = telling[0]["values"][0]
        if isinstance(value, list) and columns is not None:
            return Table(columns, tuple(tuple(row.get(c.name) for c in columns) for row in value))
        return value
    try:
        return plan.combine(_units(parts, metric))
    except NotMeasurable as reason:
        reasons[str(reason)] = reasons.get(str(reason), 0) + 1
        return None


def _units(parts: Sequence[dict[str, Any]], metric: bool) -> list[Measured]:
    return [Measured(tuple(part["values"]), _amount(part, metric)) for part in parts]


def _is_of_what_is_there(meaning: Meaning | None) -> bool:
    """Whether a scene that has nothing to measure leaves a number, which scenes cannot combine, as others tell it."""
    if not isinstance(meaning, SizeOf | Distance | Neighbours | Perimeter):
        return False
    named = any(subject.pick is not None for subject in every(meaning, Subject))
    of_its_own = named or every(meaning, Sized) or every(meaning, Besides)
    return meaning.statistic in ("median", "deviation") and not of_its_own


def _amount(part: dict[str, Any], metric: bool) -> float:
    return float(part["hectares"] or 0.0) if metric else float(part["pixels"])


def _ground(parts: list[dict[str, Any]], metric: bool) -> float:
    return float(sum(_amount(part, metric) for part in parts))


def _not_sure(parts: list[dict[str, Any]], metric: bool) -> float | None:
    """Per cent of a zone's ground on which a model is not sure; None where none says so. Maps are sure."""
    told = [part for part in parts if part.get("not_sure") is not None]
    ground = _ground(parts, metric)
    if not told or not ground:
        return None
    return sum(part["not_sure"] * _amount(part, metric) for part in told) / ground


def _columns(
    program: Program, found: Sequence[Any], known: tuple[Column, ...] | None
) -> tuple[list[str], list[Column]]:
    """The names and the columns of the answer's own cells."""
    tables = [each for each in found if isinstance(each, Table)]
    if tables:
        columns = list(tables[0].columns)
        return [column.name for column in columns], columns
    numbers = [each for each in found if isinstance(each, int | float)]
    kind = "number" if numbers else "text"
    if numbers and all(isinstance(each, int) for each in numbers):
        kind = "count"
    if program.type == "yes/no":
        kind = "yes/no"
    name = known[0].name if known else name_of(program.meaning, program.type)
    return [name], [Column(name, program.unit if numbers else None, kind)]


def _lines(answer: Any, names: list[str]) -> list[list[Cell]]:
    if isinstance(answer, Table) and answer.rows:
        return [[record.get(name) for name in names] for record in answer.records()]
    return [[None if isinstance(answer, Table) else answer] + [None] * (len(names) - 1)]


def _notes(
    parts: dict[str, list[dict[str, Any]]],
    covered: np.ndarray,
    metric: bool,
    together: list[dict[str, Any]],
    ground: np.ndarray,
    all_zones: str,
) -> list[str]:
    notes = []
    nowhere = sum(not each for each in parts.values())
    if nowhere:
        notes.append(f"{nowhere:,} of {len(parts):,} zones lie in no scene, and have no values.")
    there = np.array([bool(each) for each in parts.values()])
    partly = there & (covered < _COVERED)
    if metric and partly.any():
        least = int(np.nanargmin(np.where(partly, covered, np.nan)))
        notes.append(
            f"{int(partly.sum()):,} of {len(parts):,} zones are covered in part by the scenes (the least is "
            f"{list(parts)[least]}, {percent(float(covered[least]), 1)}): their figures are of that part alone."
        )
    whole = _ground(together, metric)
    if ground.sum() - whole > 1e-6 * max(whole, 1e-9):
        notes.append(
            f"Zones overlap: {percent((ground.sum() - whole) / whole, 2)} of their ground is counted in more than one "
            f"of them; in the row of {all_zones} it counts once."
        )
    return notes


def write_zone_files(folder: Path, table: Table, zones: ZoneFile) -> dict[str, Path]:
    """Write the table as CSV, and its rows with their zones' polygons as GeoPackage in the zones' own CRS.

    Raises:
        UsageError: the folder cannot be written.
    """
    import shapely

    files = {"zones csv": folder / "zones.csv", "zones": folder / "zones.gpkg"}
    write_whole(files["zones csv"], table.csv().encode())
    parts, owner = shapely.get_parts(zones.geometry, return_index=True)
    flat = shapely.get_type_id(parts) == 3  # mended polygons may have left lines
    shapes = shapely.multipolygons(parts[flat], indices=owner[flat])
    write_zone_rows(files["zones"], table, dict(zip(zones.names, shapes, strict=True)), zones.crs)
    return files
