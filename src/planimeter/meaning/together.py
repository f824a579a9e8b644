"""Several things asked in one question: the table that they make, and the program that fills it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from planimeter.meaning.quantity_units import unit_of
from planimeter.meaning.reading import phrase
from planimeter.meaning.records import Count, Fragmentation, Judgement, Together, Which
from planimeter.table import Cell, Column, Table, names_apart

if TYPE_CHECKING:
    from planimeter.meaning.emit import ProgramWriter

MOST = 6
"""Things asked in one question."""

_WHAT = Column("measure", None, "text")
_NUMBER = (Column("value"), Column("unit", None, "text"))


def measure_columns(meaning: Together) -> tuple[Column, ...]:
    """The columns of the table: what is measured, its value and unit, and a word for what is judged.

    A column that no part of the question fills is not there.
    """
    judged = [part for part in meaning.parts if isinstance(part, Judgement)]
    numbers = _NUMBER if len(judged) < len(meaning.parts) else ()
    return (_WHAT, *numbers, *((Column("answer", None, "text"),) if judged else ()))


def measure_names(meaning: Together) -> list[str]:
    """What each row is called.

    >>> from planimeter.meaning.records import Area, Count, Subject
    >>> measure_names(Together((Count(Subject(("roof",))), Area(Subject(("forest",))))))
    ['number of buildings', 'area of forest']
    """
    return [phrase(part).removeprefix("the ") for part in meaning.parts]


def measures_table(meaning: Together, values: Sequence[Cell]) -> Table:
    """The table of what was found, part by part.

    Args:
        meaning: what was asked.
        values: one a part: a number in the part's unit, or a word.
    """
    columns = measure_columns(meaning)
    rows = []
    for name, part, value in zip(measure_names(meaning), meaning.parts, values, strict=True):
        cells = dict.fromkeys((column.name for column in columns), None) | _cells(part, value)
        rows.append((name, *list(cells.values())[1:]))
    return Table(columns, tuple(rows))


def side_by_side(meaning: Together, table: Table) -> Table:
    """The one row of a table of measures with a column for each, as it stands in a table by zone.

    Args:
        meaning: what was asked.
        table: of ``measure_columns``.

    >>> from planimeter.meaning.records import Count, Presence, Subject
    >>> lakes = Subject(("water",))
    >>> both = Together((Count(lakes), Presence(lakes)))
    >>> print(side_by_side(both, measures_table(both, [3, "yes"])))
    number of water regions  whether there are any water regions
                          3  yes
    """
    columns, cells = [], []
    names = names_apart(measure_names(meaning))
    for name, part, record in zip(names, meaning.parts, table.records(), strict=True):
        if isinstance(part, Judgement):
            words = isinstance(part, Which) or (isinstance(part, Fragmentation) and not part.yes_means)
            columns.append(Column(name, None, "text" if words else "yes/no"))
            cells.append(record["answer"])
        else:
            columns.append(Column(name, unit_of(part), "count" if isinstance(part, Count) else "number"))
            cells.append(record["value"])
    return Table(tuple(columns), (tuple(cells),))


def _cells(part: object, value: Cell) -> dict[str, Cell]:
    if isinstance(part, Judgement):
        return {"answer": value}
    return {"value": value, "unit": unit_of(part)}  # type: ignore[arg-type]


def write_measures(writer: ProgramWriter, meaning: Together) -> tuple[Column, ...]:
    """Write the program of several measures: each in turn on the same shapes, then the table.

    Returns:
        the columns of the table.
    """
    sets = writer.sets
    columns = measure_columns(meaning)
    sets.line("rows = []")
    for name, part in zip(measure_names(meaning), meaning.parts, strict=True):
        if isinstance(part, Judgement):
            writer.answer(writer.spelled_out(part))
            found = sets.fresh("judged")
            sets.line(f"{found} = {writer.last.removeprefix('answer = ')}")
        else:
            found = writer.value(part, "value")
        texts = dict.fromkeys((column.name for column in columns), "None")
        texts["measure"] = _quoted(name)
        if isinstance(part, Judgement):
            texts["answer"] = found
        else:
            unit = unit_of(part)
            texts |= {"value": found, "unit": "None" if unit is None else _quoted(unit)}
        row = ", ".join(f'"{key}": {text}' for key, text in texts.items())
        sets.line(f"rows.append({{{row}}})")
    writer.last = "answer = rows"
    return columns


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
