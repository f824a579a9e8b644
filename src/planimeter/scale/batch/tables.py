"""The files that a batch leaves: a table of scenes, one of units, all shapes, and the answer.

Rows and columns depend on the inputs and results alone, never on when or where something was measured, so the files
are the same however often a batch was interrupted. Times are kept apart, in ``timings.csv``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from planimeter.atomic import write_whole, writing
from planimeter.errors import UsageError, shown_name
from planimeter.spatial.parquet import PROVENANCE_KEY, load_pyarrow
from planimeter.table import harmless

#: Columns of both tables, with what they hold.
COLUMNS = {
    "unit": "number of the unit whose ground this is",
    "date": "day on which it was taken, with --by date",
    "scene": "the scene, or the first scene of a joined unit",
    "scenes": "how many scenes",
    "answer": "a number, yes or no, a category; a table, list or place as JSON; empty where there is none",
    "type": "number, yes/no, category, table, list or place",
    "measure": "unit of measure of a number",
    "counted": "shapes behind the answer",
    "valid_pixels": "pixels that count",
    "valid_hectares": "their ground area; empty without a scale",
    "not_sure": "percentage of the ground on which the model is not sure of what is asked; empty where none says so",
    "hidden": "percentage of its pixels that clouds hide; empty without a mask of clouds",
    "gsd": "metres per pixel",
    "scale_source": "who says so",
    "masks": "where the masks came from",
    "cautions": "what a reader should know, sentences divided by |",
    "error": "why there is no answer",
    "exit_code": "as of planimeter ask: 0, 2, 3, 4 or 5",
    "program": "first 16 digits of the SHA-256 of the program's text",
    "segmenter": "the same of the segmenter's fingerprint",
    "version": "of Planimeter",
}
_NUMBERS = {
    "valid_hectares": float,
    "not_sure": float,
    "hidden": float,
    "gsd": float,
    "unit": int,
    "scenes": int,
    "counted": int,
}
_NUMBERS |= {"valid_pixels": int, "exit_code": int}


def write_table(folder: Path, name: str, rows: Sequence[dict[str, Any]]) -> dict[str, Path]:
    """Write rows as CSV, JSON lines and Parquet; each file appears complete or not at all.

    Args:
        folder: where to.
        name: of the files, without ending.
        rows: values by ``COLUMNS``.

    Raises:
        UsageError: the folder cannot be written.
        ModelError: pyarrow is not installed.
    """
    columns = [column for column in COLUMNS if any(column in row for row in rows)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    lines = []
    for row in rows:
        writer.writerow(
            ["" if row.get(column) is None else harmless(_plain(row[column])) for column in columns]
        )
        lines.append(json.dumps({column: row.get(column) for column in columns}, ensure_ascii=False))
    files = {ending: folder / f"{name}.{ending}" for ending in ("csv", "jsonl", "parquet")}
    write_whole(files["csv"], text.getvalue().encode())
    write_whole(files["jsonl"], "".join(line + "\n" for line in lines).encode())
    arrow, parquet = load_pyarrow()
    buffer = io.BytesIO()
    parquet.write_table(_arrow_table(rows, columns, arrow), buffer, compression="zstd")
    write_whole(files["parquet"], buffer.getvalue())
    return {f"{name} {ending}": path for ending, path in files.items()}


def write_timings(path: Path, rows: Iterable[tuple[str, dict[str, float]]]) -> Path:
    """Write seconds by scene: in all, in the host (segmenting and measuring) and in the sandbox."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["scene", "all", "host", "sandbox"])
    for scene, seconds in rows:
        writer.writerow([harmless(scene), *(seconds.get(name, "") for name in ("all", "host", "sandbox"))])
    return write_whole(path, text.getvalue().encode())


def write_shapes(path: Path, parts: Sequence[Path], provenance: dict[str, str]) -> Path | None:
    """Put GeoParquet files of one CRS together, part by part; None where they hold no shape.

    Raises:
        UsageError: it cannot be written, or a part cannot be read.
        ModelError: pyarrow is not installed.
    """
    arrow, parquet = load_pyarrow()
    try:
        schemas = [parquet.read_schema(part) for part in parts if parquet.read_metadata(part).num_rows]
        if not schemas:
            path.unlink(missing_ok=True)
            return None
        schema = arrow.unify_schemas(
            [schema.remove_metadata() for schema in schemas], promote_options="permissive"
        )
        text = json.dumps(provenance, ensure_ascii=False).encode()
        schema = schema.with_metadata({b"geo": schemas[0].metadata[b"geo"], PROVENANCE_KEY: text})
        with writing(path) as temporary, parquet.ParquetWriter(temporary, schema, compression="zstd") as file:
            for part in parts:
                table = parquet.read_table(part)
                if table.num_rows:
                    file.write_table(_in_schema(table, schema, arrow))
    except (OSError, arrow.ArrowException) as problem:
        folder = shown_name(str(parts[0].parent))
        raise UsageError(
            f"The shapes in {folder} cannot be put together ({problem}): remove that folder, and repeat the command."
        ) from None
    return path


def _in_schema(table: Any, schema: Any, arrow: Any) -> Any:
    columns = [
        table[field.name].cast(field.type)
        if field.name in table.column_names
        else arrow.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return arrow.table(columns, schema=schema)


def _arrow_table(rows: Sequence[dict[str, Any]], columns: Sequence[str], arrow: Any) -> Any:
    arrays = {}
    for column in columns:
        values = [row.get(column) for row in rows]
        kind = _NUMBERS.get(column, str)
        if column == "answer":
            known = [value for value in values if value is not None]
            kind = str
            if known and all(isinstance(value, int | float) for value in known):
                kind = int if all(isinstance(value, int) for value in known) else float
        form = {int: arrow.int64(), float: arrow.float64(), str: arrow.string()}[kind]
        arrays[column] = arrow.array(
            [None if value is None else kind(_plain(value)) for value in values], type=form
        )
    return arrow.table(arrays)


def _plain(value: Any) -> Any:
    """A value as one cell: sentences on one line; a table or a place as JSON."""
    if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
        return json.dumps(value, ensure_ascii=False)
    return " | ".join(value) if isinstance(value, list) else value
