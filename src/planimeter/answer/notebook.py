"""How an answer shows itself in a notebook: picture, number, shapes, cautions, program."""

from __future__ import annotations

import base64
import io
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from planimeter.answer.overlay import draw_overlay
from planimeter.place import Place
from planimeter.table import Table, shown
from planimeter.vocabulary.topics import topic_of

if TYPE_CHECKING:
    from planimeter.answer.answer import Answer
    from planimeter.spatial import Shapes

WIDEST = 720  # pixels of the picture
_MOST_ROWS = 10  # of the table of shapes
_MOST_LISTED = 40  # rows of an answer that is a table
# Colours come from the notebook's theme, so that both light and dark ones fit.
_FRAME = "font-family:system-ui,sans-serif;line-height:1.45;max-width:46rem"
_VALUE = "font-size:1.9em;font-weight:650;line-height:1.2"
_SOFT = "opacity:.72"
_CAUTION = "border-left:4px solid #d98a00;padding:.15em .7em;margin:.5em 0"
_CODE = "white-space:pre-wrap;overflow-x:auto;padding:.7em;border:1px solid rgba(128,128,128,.35);border-radius:6px"


def answer_text(answer: Answer) -> str:
    """An answer as a few lines of plain text.

    Args:
        answer: as ``planimeter.ask`` returns it.
    """
    lines = [str(answer)]
    if answer.question:
        lines.append(f"question: {answer.question}")
    if answer.reading:
        lines.append(f"read as:  {answer.reading}")
    lines += [f"scale:    {_scale(answer)}", f"masks:    {answer.segmenter}", f"coder:    {answer.coder}"]
    return "\n".join([*lines, *(f"caution:  {warning}" for warning in answer.warnings)])


def answer_html(answer: Answer) -> str:
    """An answer as HTML that needs no script and loads nothing.

    Everything that people or files wrote (question, topics, program, cautions) is escaped.

    Args:
        answer: as ``planimeter.ask`` returns it.
    """
    parts = [f'<div class="planimeter-answer" style="{_FRAME}">']
    if answer.question:
        parts.append(f'<div style="{_SOFT}">{escape(answer.question)}</div>')
    parts.append(value_html(answer, _MOST_LISTED))
    parts += [f'<div style="{_CAUTION}">{escape(warning)}</div>' for warning in answer.warnings]
    source = f"Scale: {_scale(answer)} · masks: {answer.segmenter} · coder: {answer.coder}"
    if answer.reading:
        parts.append(f'<div style="{_SOFT}">Read as: {escape(answer.reading)}</div>')
    parts.append(f'<div style="{_SOFT}">{escape(source)}</div>')
    parts.append(
        f'<img alt="The answer drawn on its scene" style="max-width:100%;margin:.6em 0" src="{_picture(answer)}">'
    )
    if answer.type != "list":  # which is that table
        parts += [_table(topic, regions, k) for k, (topic, regions) in enumerate(answer.run.evidence.counted)]
    if answer.program:
        parts.append(
            f'<details><summary>Program</summary><pre style="{_CODE}">{escape(answer.program)}</pre></details>'
        )
    return "".join([*parts, "</div>"])


def value_html(answer: Answer, most: int | None = None) -> str:
    """The answer itself as HTML: a number or words in large letters, a table as a table.

    Args:
        answer: of any type.
        most: rows of a table that are shown; None for all.
    """
    table = answer.answer
    if isinstance(table, Place):
        details = escape(str(table).removeprefix(f"{table.what}, ").removeprefix(table.words).lstrip(", "))
        head = f"{table.what}, {table.words}" if table.what else table.words
        return f'<div style="{_VALUE}">{escape(head)}</div><div style="{_SOFT}">{details}</div>'
    if not isinstance(table, Table) or not table.rows:
        return f'<div style="{_VALUE}">{escape(str(answer))}</div>'
    left = [column.kind in ("text", "yes/no") for column in table.columns]
    aligned = ["text-align:left" if is_left else "text-align:right" for is_left in left]
    head = "".join(
        f'<th style="{style}">{escape(column.heading)}</th>'
        for column, style in zip(table.columns, aligned, strict=True)
    )
    rows = []
    for row in table.rows[:most]:
        cells = zip(row, table.columns, aligned, strict=True)
        rows.append(
            "<tr>"
            + "".join(f'<td style="{style}">{escape(shown(cell, of.unit))}</td>' for cell, of, style in cells)
            + "</tr>"
        )
    rest = "" if most is None or len(table) <= most else f"<div>… {len(table):,} rows in all</div>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{rest}"


def _scale(answer: Answer) -> str:
    return answer.run.scale.said if answer.run.scale else "unknown, so no lengths and areas"


def _picture(answer: Answer) -> str:
    """The overlay as a small PNG in a data address; a palette keeps a notebook's file small."""
    overlay = draw_overlay(answer)
    overlay.thumbnail((WIDEST, 10 * WIDEST), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    overlay.quantize(256, method=Image.Quantize.MEDIANCUT).save(stream, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def _table(topic: str, regions: Shapes, number: int) -> str:
    """The largest shapes of one topic."""
    if len(regions) == 0:
        return ""
    name = topic_of(topic).many
    heads = ["shape", "pixels", "x", "y"]
    size = regions.area_m2 if regions.length_m is None else regions.length_m
    if size is not None:
        heads.insert(2, "area, m²" if regions.length_m is None else "length, m")
    rank = np.nan_to_num(regions.pixels if size is None else size)
    order = np.argsort(-rank, kind="stable")[:_MOST_ROWS].tolist()
    rows = []
    for k in order:
        x, y = regions.centroid[k]
        cells = [str(k), f"{int(regions.pixels[k]):,}", f"{x:.1f}", f"{y:.1f}"]
        if size is not None:
            cells.insert(2, "–" if np.isnan(size[k]) else f"{float(size[k]):,.1f}")
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    shown = f", the {len(order)} largest" if len(order) < len(regions) else ""
    head = "".join(f"<th>{name_of}</th>" for name_of in heads)
    return (
        f"<details{' open' if number == 0 else ''}><summary>{len(regions):,} {escape(name)} counted{shown}</summary>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></details>"
    )
