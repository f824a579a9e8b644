"""The report as Markdown."""

from __future__ import annotations

from planimeter.squid.report.tables import ReportTable


def to_markdown(title: str, tables: list[ReportTable], intro: str = "") -> str:
    """Title, tables and their notes.

    Args:
        title: the first heading.
        tables: in order.
        intro: a paragraph below the title.
    """
    parts = [f"# {title}", ""]
    if intro:
        parts += [intro, ""]
    for table in tables:
        parts += [f"## {table.title}", "", _line(table.columns), _rule(table), *map(_line, table.rows), ""]
        if table.note:
            parts += [table.note, ""]
    return "\n".join(parts)


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _rule(table: ReportTable) -> str:
    return (
        "|" + "|".join("---" if number < table.left else "---:" for number in range(len(table.columns))) + "|"
    )
