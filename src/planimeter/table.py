"""A table of measured values: named columns with units, and rows; what answers, zones and change are given as."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

#: What a cell may hold; None where there is nothing to measure.
Cell = float | int | str | None

#: Kinds of columns: whole numbers, measured numbers, words, "yes" or "no".
KINDS = ("count", "number", "text", "yes/no")
_MOST_DIGITS = 12  # of a share: more than tell one pixel of any scene


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: as people call it, "area" or "land cover"; once in a table.
        unit: of its numbers: "ha", "m²", "m", "%", "count"; None for words.
        kind: one of ``KINDS``.

    Example:
        >>> Column("area", "ha").heading
        'area [ha]'
    """

    name: str
    unit: str | None = None
    kind: str = "number"

    @property
    def heading(self) -> str:
        """The name with its unit, as it stands over the column."""
        return self.name if self.unit in (None, "count") else f"{self.name} [{self.unit}]"


@dataclass(frozen=True)
class Table:
    """Rows of measured values under named columns.

    Attributes:
        columns: at least one.
        rows: each as long as ``columns``.

    Raises:
        ValueError: a row of another length, or two columns of one name.

    Example:
        >>> table = Table((Column("cover", kind="text"), Column("area", "ha")), (("water", 12.5), ("forest", 3.0)))
        >>> table.records()[0]
        {'cover': 'water', 'area': 12.5}
        >>> print(table.markdown())
        | cover | area [ha] |
        |---|---:|
        | water | 12.5 |
        | forest | 3 |
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"columns need names of their own, not {names}")
        if any(len(row) != len(names) for row in self.rows):
            raise ValueError(f"every row has {len(names)} cells")

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> list[Cell]:
        """The cells under a name, from top to bottom.

        Raises:
            KeyError: there is no such column.
        """
        place = {column.name: index for index, column in enumerate(self.columns)}[name]
        return [row[place] for row in self.rows]

    def records(self) -> list[dict[str, Cell]]:
        """One dictionary a row, as ``--json`` prints it; units are those of the columns."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def csv(self) -> str:
        """As CSV with a line of headings; numbers with the 15 digits that floating point is sure of.

        Text that a spreadsheet would take for a formula gets an apostrophe in front, as names come from files.
        """
        written = io.StringIO()
        lines = csv.writer(written, lineterminator="\n")
        lines.writerow([harmless(column.heading) for column in self.columns])
        lines.writerows([_sure(harmless(cell)) for cell in row] for row in self.rows)
        return written.getvalue()

    def markdown(self) -> str:
        """As a Markdown table, numbers rounded for reading."""
        marks = ["---" if column.kind in ("text", "yes/no") else "---:" for column in self.columns]
        lines = [_bar(_escaped(column.heading) for column in self.columns), f"|{'|'.join(marks)}|"]
        return "\n".join([*lines, *(_bar(_escaped(text) for text in self._shown(row)) for row in self.rows)])

    def _shown(self, row: Sequence[Cell]) -> list[str]:
        return [shown(cell, column.unit) for cell, column in zip(row, self.columns, strict=True)]

    def __str__(self) -> str:
        """As text in aligned columns, for a terminal."""
        cells = [
            [column.heading for column in self.columns],
            *(self._shown(row) for row in self.rows),
        ]
        widths = [max(len(row[index]) for row in cells) for index in range(len(self.columns))]
        left = [column.kind in ("text", "yes/no") for column in self.columns]
        return "\n".join(_aligned(row, widths, left) for row in cells)


def names_apart(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Names that differ from those taken and from one another, in capitals or not; one that does not gets a number.

    Example:
        >>> names_apart(["area", "Area", "fid"], taken=["fid"])
        ['area', 'Area 2', 'fid 2']
    """
    used, found = {name.casefold() for name in taken}, []
    for name in names:
        free, number = name, 2
        while free.casefold() in used:
            free, number = f"{name} {number}", number + 1
        used.add(free.casefold())
        found.append(free)
    return found


def shown(cell: Cell, unit: str | None = None) -> str:
    """A value as people read it: four significant digits, thousands apart, "–" for nothing; degrees to a metre.

    Example:
        >>> shown(1234567), shown(0.123456), shown(None), shown(12345.678)
        ('1,234,567', '0.1235', '–', '12,345.7')
    """
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int):
        return f"{cell:,}"
    if unit == "°":
        return f"{cell:.5f}"
    return f"{cell:,.1f}".removesuffix(".0") if abs(cell) >= 1000 else f"{cell:,.4g}"


def percent(share: float, digits: int = 0) -> str:
    """A share as people say it, never rounded to nothing or to all.

    Args:
        share: 0 to 1.
        digits: behind the point, where these suffice.

    >>> percent(0.5), percent(0.004), percent(0.9996), percent(0.0763, 2)
    ('50 %', '0.4 %', '99.96 %', '7.63 %')
    >>> percent(2e-8), percent(1 - 2e-8), percent(1)
    ('0.000002 %', '99.999998 %', '100 %')
    """
    while 0 < share < 1 and digits < _MOST_DIGITS and round(100 * share, digits) in (0, 100):
        digits += 1
    return f"{100 * share:.{digits}f} %"


def six_digits(value: float) -> str:
    """A value with six significant digits, but never fewer than stand before the point; thousands apart.

    Example:
        >>> six_digits(0.123456789), six_digits(5_300_123.4), six_digits(250_000.0)
        ('0.123457', '5,300,123.4', '250,000')
    """
    return f"{value:,.6g}" if abs(value) < 99_999.5 else f"{value:,.1f}".removesuffix(".0")


def area_shown(hectares: float) -> str:
    """An area as people read it, a small one in square metres.

    Example:
        >>> area_shown(12_345.6), area_shown(0.02)
        ('12,345.6 ha', '200 m²')
    """
    return f"{shown(hectares)} ha" if hectares >= 1 else f"{shown(hectares * 10_000)} m²"


def harmless(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula: a text that begins like one gets an apostrophe before it.

    >>> harmless("=1+1"), harmless("a.tif"), harmless(-1.5)
    ("'=1+1", 'a.tif', -1.5)
    """
    return "'" + value if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _sure(cell: Cell) -> Cell:
    """A measured number without the noise in its last digit.

    >>> _sure(0.1 + 0.2), _sure(1 / 3), _sure(2**60 + 1), _sure("0.30000000000000004")
    (0.3, 0.333333333333333, 1152921504606846977, '0.30000000000000004')
    """
    return float(f"{cell:.15g}") if isinstance(cell, float) else cell


def _bar(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").split())


def _aligned(row: Sequence[str], widths: Sequence[int], left: Sequence[bool]) -> str:
    pairs = zip(row, widths, left, strict=True)
    return "  ".join(
        text.ljust(width) if is_left else text.rjust(width) for text, width, is_left in pairs
    ).rstrip()
