"""What a program left in ``answer``, in its final form: a number, a word, a table, a list of shapes or a place.

Nothing of it is believed: it is a value of somebody else's program, and so are its keys and its words.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from planimeter.errors import ProgramFailed
from planimeter.place import Place
from planimeter.program.arguments import one_line
from planimeter.program.host import Host
from planimeter.program.places import one_of
from planimeter.table import Cell, Column, Table

Value = float | int | str | Table | Place

MOST_COLUMNS = 50
MOST_ROWS = 10_000
MOST_CELLS = 200_000
_LONGEST_CATEGORY = 100  # characters
_LONGEST_CELL = 200

_STORE = (
    "store a finite number, True or False, a category word, or a table: a dict of numbers, a list of numbers, "
    "of shapes or of dicts with the same keys."
)

#: Keys whose unit is known, with the column they become.
_KNOWN = {
    "area_hectares": Column("area", "ha"),
    "total_hectares": Column("total area", "ha"),
    "area_pixels": Column("pixels", "count"),
    "total_pixels": Column("total pixels", "count"),
    "distance_meters": Column("distance", "m"),
    "perimeter_meters": Column("perimeter", "m"),
    "length_meters": Column("length", "m"),
    "class_type": Column("topic", None, "text"),
    "count": Column("count", "count"),
    "number": Column("number", "count"),
}
#: Endings that name a unit.
_ENDINGS = {
    "_hectares": "ha",
    "_ha": "ha",
    "_m2": "m²",
    "_sqm": "m²",
    "_square_meters": "m²",
    "_km2": "km²",
    "_acres": "acres",
    "_meters": "m",
    "_metres": "m",
    "_m": "m",
    "_km": "km",
    "_percent": "%",
    "_percentage": "%",
    "_pct": "%",
    "_count": "count",
    "_pixels": "count",
}
_SHAPE = frozenset({"id", "class_type", "area_pixels"})
_OWN = _SHAPE | {"area_hectares", "source_id", "matched_ids"}


@dataclass(frozen=True)
class Result:
    """What a program found.

    Attributes:
        answer: in its final form.
        shapes: ids of the shapes that it lists, in the order of its rows, or of the one whose place it is.
    """

    answer: Value
    shapes: tuple[int, ...] = ()


def result_of(kind: str, value: Any, host: Host) -> Result | ProgramFailed:
    """The answer in its final form, or the error that says what to store instead.

    Args:
        kind: name of the type of what was left in ``answer``; "rows" for a dict or a list.
        value: as it crossed the border.
        host: knows the shapes.
    """
    if kind == "rows":
        return _of_rows(value, host)
    if kind == "bool":
        return Result("yes" if value else "no")
    if kind == "str":
        word = " ".join(str(value).split())
        if not word or len(word) > _LONGEST_CATEGORY or not word.isprintable():
            return ProgramFailed(
                "The program left no usable text in `answer`: store a number, True or False, or a short word."
            )
        return Result({"true": "yes", "false": "no", "yes": "yes", "no": "no"}.get(word.lower(), word))
    if kind in ("int", "float") and value is not None and math.isfinite(value):
        return Result(value)
    what = {"NoneType": "nothing", "float": "a number that is not finite"}.get(
        kind, f"a value of type {kind}"
    )
    return _unusable(what)


def _unusable(what: str) -> ProgramFailed:
    return ProgramFailed(f"The program left {what} in `answer`: {_STORE}")


class _Odd(Exception):
    """What cannot stand in a table, in words."""


def _of_rows(text: Any, host: Host) -> Result | ProgramFailed:
    try:
        what, keys, rows = _checked(text)
        if what == "dict" and keys is not None and set(keys) >= _SHAPE:
            return _place_of_shape(dict(zip(keys, rows, strict=True)), host)
        if what == "dict" and keys is not None and set(keys) == {"x", "y"}:
            return _place_of_point(dict(zip(keys, rows, strict=True)), host)
        if what == "list" and rows and all(_is_shape(row) for row in rows):
            return _list_of_shapes([dict(zip(row[1], row[2], strict=True)) for row in rows], host)
        return Result(_table(keys, rows))
    except _Odd as odd:
        return _unusable(str(odd))


def _checked(text: Any) -> tuple[str, list[str] | None, list[Any]]:
    """The report of the sandbox, whose form is not to be relied on: a program may have tampered with it."""
    try:
        what, keys, rows = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        raise _Odd("a table that cannot be read") from None
    if what not in ("dict", "list"):
        raise _Odd(
            f"a table of {what}" if isinstance(what, str) and what.startswith("more than") else "no table"
        )
    is_list = isinstance(rows, list) and len(rows) <= MOST_ROWS
    if not is_list or (keys is not None and not _words(keys, len(rows))):
        raise _Odd("a table that cannot be read")
    cells = 0
    for row in rows:
        if (
            isinstance(row, list)
            and len(row) == 3
            and row[0] in ("dict", "list")
            and isinstance(row[2], list)
        ):
            if row[1] is not None and not _words(row[1], len(row[2])):
                raise _Odd("a table that cannot be read")
            cells += len(row[2])
    if cells > MOST_CELLS:
        raise _Odd("a table of more than 200,000 cells")
    return what, keys, rows


def _words(keys: Any, count: int) -> bool:
    return isinstance(keys, list) and len(keys) == count and all(isinstance(key, str) for key in keys)


def _is_shape(row: Any) -> bool:
    return isinstance(row, list) and len(row) == 3 and row[0] == "dict" and set(row[1]) >= _SHAPE


# --- tables


def _table(keys: list[str] | None, rows: list[Any]) -> Table:
    if not rows:
        return Table((Column("value"),))
    nested = [isinstance(row, list) and len(row) == 3 for row in rows]
    if any(nested) != all(nested):
        raise _Odd("numbers and lists in one table")
    if keys is not None and not any(nested):
        return _of_pairs(keys, rows)
    if not any(nested):
        return _built([("value", [_cell(row) for row in rows])])
    if any(row[0] != rows[0][0] or (row[1] != rows[0][1] and set(row[1]) != set(rows[0][1])) for row in rows):
        raise _Odd("rows with different keys")
    if rows[0][0] == "list":
        return _of_tuples(keys, [row[2] for row in rows])
    first = rows[0][1]
    columns = [(key, [_cell(dict(zip(row[1], row[2], strict=True))[key]) for row in rows]) for key in first]
    if keys is not None:
        columns = [("name", [_text(key) for key in keys]), *columns]
    return _built(columns)


def _of_pairs(keys: list[str], cells: list[Any]) -> Table:
    """A dict of values: one row where its keys name measures with their units, else a row for each."""
    if len(keys) <= MOST_COLUMNS and all(_named_unit(key) for key in keys):
        return _built([(key, [_cell(cell)]) for key, cell in zip(keys, cells, strict=True)])
    return _built([("name", [_text(key) for key in keys]), ("value", [_cell(cell) for cell in cells])])


def _of_tuples(keys: list[str] | None, rows: list[list[Any]]) -> Table:
    """A list of pairs, such as sorted(amounts.items()); longer tuples have no names."""
    if keys is not None or any(len(row) != 2 for row in rows):
        raise _Odd("lists in a list")
    return _built([("name", [_cell(row[0]) for row in rows]), ("value", [_cell(row[1]) for row in rows])])


def _built(columns: Sequence[tuple[str, list[Cell]]]) -> Table:
    if len(columns) > MOST_COLUMNS:
        raise _Odd(f"a table of more than {MOST_COLUMNS} columns")
    if all(cell is None for _, cells in columns for cell in cells):
        raise _Odd("nothing")
    made = [_column(key, cells) for key, cells in columns]
    names = [column.name for column in made]
    if len(set(names)) < len(names):  # two keys lead to one name: they keep their own
        made = [
            Column(_text(key), column.unit, column.kind)
            for (key, _), column in zip(columns, made, strict=True)
        ]
    if len({column.name for column in made}) < len(made):
        raise _Odd("two columns of one name")
    return Table(tuple(made), tuple(zip(*(cells for _, cells in columns), strict=True)))


def _column(key: str, cells: Sequence[Cell]) -> Column:
    there = [cell for cell in cells if cell is not None]
    words = [isinstance(cell, str) for cell in there]
    if any(words) and not all(words):
        raise _Odd("numbers and words in one column")
    if any(words):
        kind = "yes/no" if set(there) <= {"yes", "no"} else "text"
        return Column(_spoken(key), None, kind)
    kind = "count" if all(isinstance(cell, int) for cell in there) else "number"
    known = _KNOWN.get(key)
    if known is not None:
        return Column(known.name, known.unit, kind)
    unit = _named_unit(key)
    if unit is not None:
        bare = key[: -len(next(ending for ending in _ENDINGS if key.endswith(ending)))]
        return Column(_spoken(bare if unit != "count" else key), unit, kind)
    return Column(_spoken(key), None, kind)


def _named_unit(key: str) -> str | None:
    known = _KNOWN.get(key)
    if known is not None:
        return known.unit
    return next((unit for ending, unit in _ENDINGS.items() if key.endswith(ending) and key != ending), None)


def _spoken(key: str) -> str:
    known = _KNOWN.get(key)
    return known.name if known is not None else _text(key.replace("_", " "))


def _text(value: str) -> str:
    return one_line(value, _LONGEST_CELL) or "–"


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return None
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _Odd("a table with a number that is not finite")
        return value
    kind = value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) else "list"
    raise _Odd(f"a table with a value of type {kind[:40]}")


# --- shapes


def _list_of_shapes(rows: list[dict[str, Any]], host: Host) -> Result:
    """Shapes as a table: number, measures as the host has them, what the program added, and where they lie."""
    ids = [row["id"] for row in rows]
    if not host.registry.knows_all(ids) or len(set(ids)) < len(ids):
        raise _Odd("shapes with ids that no function returned, or one of them twice")
    measured = host.whereabouts.measures(ids)
    columns: list[tuple[Column, list[Cell]]] = [(Column("id", None, "count"), list(range(1, len(ids) + 1)))]
    if len(set(measured["topic"])) > 1:
        columns.append((Column("topic", None, "text"), [_text(topic) for topic in measured["topic"]]))
    size = "area_hectares" if host.ground.scale is not None else "area_pixels"
    if any(value is not None for value in measured[size]):
        columns.append((_KNOWN[size], measured[size]))
    added = [key for key in rows[0] if key not in _OWN]
    if any(set(row) - _OWN != set(added) for row in rows):
        raise _Odd("shapes of which only some were given a measure")
    for key in added:
        cells = [_cell(None if row[key] == math.inf else row[key]) for row in rows]
        columns.append((_column(key, cells), cells))
    columns += host.whereabouts.columns(measured["centroid"])
    names = [column.name for column, _ in columns]
    if len(names) > MOST_COLUMNS or len(set(names)) < len(names):
        raise _Odd("shapes with two measures of one name, or more than 50")
    lines = tuple(zip(*(cells for _, cells in columns), strict=True))
    return Result(Table(tuple(column for column, _ in columns), lines), tuple(ids))


def _place_of_shape(shape: dict[str, Any], host: Host) -> Result:
    shape_id = shape["id"]
    if not host.registry.knows_all([shape_id]):
        raise _Odd("a shape with an id that no function returned")
    measured = host.whereabouts.measures([shape_id])
    distance = shape.get("distance_meters")
    if not isinstance(distance, float) or not math.isfinite(distance):
        distance = None
    point = None if distance is None else host.nearest_point(shape_id, distance)
    place = host.whereabouts.place(
        *(point or host.whereabouts.point_on(shape_id)),
        what=_text(one_of(measured["topic"][0])),
        area_hectares=measured["area_hectares"][0],
        area_pixels=measured["area_pixels"][0],
        distance_meters=distance,
    )
    return Result(place, (shape_id,))


def _place_of_point(point: dict[str, Any], host: Host) -> Result:
    x, y = _cell(point["x"]), _cell(point["y"])
    if not isinstance(x, int | float) or not isinstance(y, int | float):
        raise _Odd("a point whose x and y are no numbers")
    if not host.whereabouts.covers(x, y):
        raise _Odd("a point outside of the image")
    return Result(host.whereabouts.place(float(x), float(y)))
