"""Small charts as SVG text: horizontal bars and lines, in a page's ink colour or dark grey on their own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

INK = "var(--ink, #333)"
FAINT = "var(--line, #ddd)"
COLOURS = (
    "#2f6db5", "#d9822b", "#3d9a6b", "#a34a9b", "#8a8a8a", "#b5513c", "#17a2b8", "#c2a200", "#6b4fc8", "#c77d8e",
)  # fmt: skip
_FONT = "font-family:system-ui,sans-serif;font-size:12px"
# Pixels: width of a chart of bars, height of a bar's row, width of labels, room for figures.
_WIDTH, _ROW, _LABEL, _VALUE = 560, 22, 210, 64


def bars(
    rows: Sequence[tuple[str, float]],
    title: str,
    unit: str = "",
    largest: float | None = None,
    colours: Sequence[str] | None = None,
) -> str:
    """A horizontal bar chart.

    Args:
        rows: (label, value), first on top.
        title: said above.
        unit: behind each figure.
        largest: the value of a full bar; by default the largest one.
        colours: one per row.

    Example:
        >>> bars([("Tier 1", 40.0)], "Accuracy", "%").count("<rect")
        1
    """
    full = largest or max((value for _, value in rows), default=0) or 1.0
    room = _WIDTH - _LABEL - _VALUE
    parts = [_text(0, 14, title, weight=600)]
    for number, (label, value) in enumerate(rows):
        top = 26 + number * _ROW
        colour = colours[number] if colours else COLOURS[0]
        length = max(0.0, min(1.0, value / full)) * room
        parts.append(_text(_LABEL - 8, top + 13, label, anchor="end"))
        parts.append(
            f'<rect x="{_LABEL}" y="{top}" width="{length:.1f}" height="{_ROW - 6}" fill="{colour}"/>'
        )
        parts.append(_text(_LABEL + length + 6, top + 13, f"{value:g}{unit}"))
    return _svg(_WIDTH, 30 + _ROW * len(rows), title, parts)


def lines(
    series: Sequence[tuple[str, Sequence[tuple[float, float]]]],
    title: str,
    across: str,
    up: str,
    low: float = 0.0,
    high: float | None = None,
    width: int = 560,
    height: int = 300,
    named: Callable[[float], str] = "{:g}".format,
) -> str:
    """A line chart.

    Args:
        series: (name, points (x, y)).
        title: said above.
        across: what x is.
        up: what y is.
        low: lowest y shown.
        high: highest y shown; by default just above the highest point.
        width: pixels.
        height: pixels, the names below it not counted.
        named: how a place across is written; those that would lie on one another are left out.

    A point whose y is NaN breaks the line.

    Example:
        >>> chart = lines([("ours", [(1, 40.0), (2, 51.0)])], "Range sensitivity", "factor", "accuracy")
        >>> chart.count("<polyline")
        1
    """
    points = [point for _, members in series for point in members if math.isfinite(point[1])]
    every = sorted({x for _, members in series for x, _ in members})
    if not points:
        return ""
    x0, x1 = every[0], every[-1]
    top = high if high is not None else max(y for _, y in points) * 1.08 or 1.0
    left, right, head, foot = 52, width - 16, 50, height - 44

    def place(x: float, y: float) -> tuple[float, float]:
        across_share = (x - x0) / (x1 - x0) if x1 > x0 else 0.5
        up_share = (y - low) / (top - low) if top > low else 0.5
        return left + across_share * (right - left), foot - up_share * (foot - head)

    parts = [_text(0, 14, title, weight=600)]
    for value, said in _ticks(low, top):
        y = place(x0, value)[1]
        parts.append(f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" style="stroke:{FAINT}"/>')
        parts.append(_text(left - 6, y + 4, said, anchor="end"))
    written = -math.inf
    for x in every:
        at, text = place(x, low)[0], named(x)
        wide = 3.5 * len(text)  # half of it
        at = min(at, width - wide)
        if at - wide > written:
            parts.append(_text(at, foot + 18, text, anchor="middle"))
            written = at + wide + 4
    parts.append(_text((left + right) / 2, height - 8, across, anchor="middle"))
    parts.append(_text(left - 30, head - 14, up))
    for number, (name, members) in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        corners = [place(x, y) for x, y in members if math.isfinite(y)]
        for piece in _unbroken(members):
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in piece))
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in corners]
        parts.append(_text(left, height + 12 + number * 18, f"● {name}", colour=colour, weight=600))
    return _svg(width, height + 18 * len(series) + 4, title, parts)


def _ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Round values between two limits, about five, with as many decimals as tell them apart.

    >>> [said for _, said in _ticks(1001.996, 1003.504)]
    ['1,002.0', '1,002.5', '1,003.0', '1,003.5']
    >>> [said for _, said in _ticks(0, 100)]
    ['0', '20', '40', '60', '80', '100']
    """
    if not high > low:
        return [(low, f"{low:g}")]
    rough = (high - low) / 5
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * times for times in (1, 2, 5, 10) if size * times >= rough * (1 - 1e-9))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(k * step, f"{k * step:,.{decimals}f}") for k in range(first, last + 1)]


def _unbroken(members: Sequence[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """The runs of points between those that have no y."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for point in members:
        if math.isfinite(point[1]):
            pieces[-1].append(point)
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def stacked(charts: Sequence[str], width: int = 560) -> str:
    """Several charts above each other, as one picture that stands alone on white."""
    parts: list[str] = []
    top = 12
    for chart in charts:
        height = int(chart.split('height="', 1)[1].split('"', 1)[0])
        parts.append(f'<g transform="translate(12 {top})">{chart}</g>')
        top += height + 16
    ground = f'<rect width="{width + 24}" height="{top}" fill="#fff"/>'
    return _svg(width + 24, top, "charts", [ground, *parts])


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, text: str, anchor: str = "start", weight: int = 400, colour: str = INK) -> str:
    style = f"{_FONT};font-weight:{weight};fill:{colour}"
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="{style}">{escape(text)}</text>'
