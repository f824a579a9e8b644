"""The report of an answer: one HTML file to read, print and keep; it runs no script and loads nothing."""

from __future__ import annotations

import base64
import io
import platform
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

import planimeter
from planimeter.answer.notebook import value_html
from planimeter.segment.dates import EARLIER
from planimeter.table import Table, percent

if TYPE_CHECKING:
    from planimeter.answer.answer import Answer
    from planimeter.answer.sources import InputFile

_MOST_ROWS = 1_000  # of a table; the CSV beside the report has all

_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; color: #181c22;
  background: #fff; max-width: 52rem; margin: 2rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .35rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 1.6rem 0 .4rem; padding-bottom: .2rem; border-bottom: 1px solid #d5d9e0; }
p { margin: .3rem 0; overflow-wrap: anywhere; }
.soft { color: #586170; }
.answer { margin: 1rem 0; padding: .7rem 1rem; background: #f3f5f8; border-left: 4px solid #2a62c9; }
.caution { margin: .4rem 0; padding: .25rem .8rem; border-left: 4px solid #d98a00; background: #fdf6e8; }
img { display: block; max-width: 100%; margin: .6rem 0; border: 1px solid #d5d9e0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .7rem; border-bottom: 1px solid #e3e6eb; vertical-align: top; overflow-wrap: anywhere; }
th { color: #586170; font-weight: 600; }
.facts th { text-align: left; white-space: nowrap; padding-left: 0; }
.facts td { text-align: left; }
code, pre { font: 12.5px/1.45 ui-monospace, "SF Mono", Consolas, "Liberation Mono", monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .7rem .9rem; background: #f3f5f8; }
footer { margin: 2rem 0 0; font-size: .85rem; }
@page { size: A4; margin: 16mm 15mm; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10.5pt; }
  .answer, .caution, pre { background: none; }
  h2 { break-after: avoid; }
  tr, .caution, .answer p { break-inside: avoid; }
  thead { display: table-header-group; }
  img { break-inside: avoid; max-height: 235mm; width: auto; }
  pre { font-size: 8.5pt; }
}
"""


def write_report(answer: Answer, path: Path, picture: Image.Image) -> None:
    """Write the report of an answer.

    Args:
        answer: as ``planimeter.ask`` returns it.
        path: the file.
        picture: the overlay, as ``draw_overlay`` draws it.

    Raises:
        OSError: the file cannot be written.
    """
    path.write_text(report_html(answer, picture), encoding="utf-8")


def report_html(answer: Answer, picture: Image.Image) -> str:
    """The report as HTML: question, reading, answer, cautions, picture, sources, program.

    Everything that people, files or programs wrote is escaped.

    Args:
        answer: as ``planimeter.ask`` returns it.
        picture: the overlay.
    """
    title = answer.question or "A program of your own"
    measured = f"{answer.date:%Y-%m-%d %H:%M:%S} UTC"
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; style-src '
        "'unsafe-inline'\">",
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
    ]
    if answer.reading:
        parts.append(f'<p class="soft">Read as: {escape(answer.reading)}</p>')
    parts.append(f'<div class="answer">{value_html(answer, _MOST_ROWS)}</div>')
    parts += [f'<div class="caution">{escape(warning)}</div>' for warning in answer.warnings]
    if answer.verification and answer.verification["agrees"]:
        parts.append(
            f"<p>A second program, by {escape(str(answer.verification['coder']))}, found the same.</p>"
        )
    parts += [
        "<h2>Where it was measured</h2>",
        f'<img alt="The answer drawn on its scene" src="{_data(picture)}">',
    ]
    parts += ["<h2>What it rests on</h2>", _facts(_particulars(answer, measured))]
    parts += ["<h2>Sources</h2>", _sources(answer.sources)]
    if answer.program:
        parts += ["<h2>Program</h2>", f"<pre>{escape(answer.program.rstrip())}</pre>"]
    if answer.stdout.strip():
        parts += ["<h2>What the program printed</h2>", f"<pre>{escape(answer.stdout.strip()[:20_000])}</pre>"]
    beside = "answer.json, shapes and program lie beside this file"
    if isinstance(answer.answer, Table):
        beside = f"answer.csv has the whole table; {beside}"
    parts.append(
        f'<footer class="soft">Planimeter {escape(planimeter.__version__)}, {measured}. {beside}.</footer>'
    )
    return "".join([*parts, "</body></html>\n"])


def _particulars(answer: Answer, measured: str) -> list[tuple[str, str]]:
    scene, scale = answer.scene, answer.run.scale
    size = f"{scene.width // scene.cells:,} × {scene.height // scene.cells:,} pixels"
    told = "unknown: no lengths and areas"
    # Labels finer than the image are measured in cells of their own.
    unit = "pixel" if scene.cells == 1 else "cell"
    if scale is not None:
        sides = f"{scale.dx:.6g} m" if scale.dx == scale.dy else f"{scale.dx:.6g} m × {scale.dy:.6g} m"
        told = f"{sides} per {unit}, from the {_SCALES.get(scale.source, scale.source)}"
        told += "" if scene.cells == 1 else f"; {scene.cells} × {scene.cells} cells to a pixel of the image"
    rows = [("Image", f"{scene.name}, {size}"), ("Scale", told)]
    if scene.crs is not None:
        rows.append(("CRS", scene.crs.to_string()[:200]))
    if answer.run.topics:
        valid = f"{answer.run.valid_pixels:,} {unit}s that count"
        judged = "" if answer.run.judged >= 1 else f", {percent(answer.run.judged, 2)} of the scene"
        rows += [("Topics", ", ".join(map(_dated, answer.run.topics))), ("Ground", valid + judged)]
    rows += [
        ("Masks", answer.segmenter),
        ("Program by", answer.coder),
        ("Date", measured),
        ("Versions", f"Planimeter {planimeter.__version__}, Python {platform.python_version()}"),
    ]
    return rows


def _dated(topic: str) -> str:
    """A topic, and of two dates which one's.

    >>> _dated("forest"), _dated(f"{EARLIER}forest")
    ('forest', 'forest of the earlier date')
    """
    name = topic.removeprefix(EARLIER)
    return name if name == topic else f"{name} of the earlier date"


_SCALES = {
    "transform": "image's georeference",
    "geodesic": "image's georeference, on the ellipsoid",
    "user": "user",
    "question": "question",
    "program": "program",
}


def _facts(rows: Sequence[tuple[str, str]]) -> str:
    lines = "".join(f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in rows)
    return f'<table class="facts"><tbody>{lines}</tbody></table>'


def _sources(sources: Sequence[InputFile]) -> str:
    lines = []
    for source in sources:
        more = (
            ""
            if not source.said or source.path is None
            else f'<br><span class="soft">{escape(source.said)}</span>'
        )
        lines.append(
            f"<tr><th>{escape(source.role)}</th><td>{escape(source.name)}<br><code>{escape(source.identity())}</code>"
            f"{more}</td></tr>"
        )
    return f'<table class="facts"><tbody>{"".join(lines)}</tbody></table>'


def _data(picture: Image.Image) -> str:
    stream = io.BytesIO()
    picture.convert("RGB").save(stream, "JPEG", quality=90, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
