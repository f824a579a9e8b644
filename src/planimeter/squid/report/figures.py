"""The report's figures as SVG."""

from __future__ import annotations

from planimeter.answer.charts import COLOURS, bars, lines
from planimeter.squid.logs import InspectLog
from planimeter.squid.paper import SENSITIVITY, SYSTEMS, TOTAL
from planimeter.squid.report.tables import sensitivity_points, share

_PAPER = "#b8bfc6"


def overall(logs: list[InspectLog]) -> str:
    """Accuracy of the runs beside the paper's systems (figure 6)."""
    rows = [(log.name, round(100 * share(log.scored).share, 1)) for log in logs if log.scored]
    colours = [COLOURS[0]] * len(rows)
    for name, figure in zip(SYSTEMS, TOTAL, strict=True):
        rows.append((f"{name} (paper)", figure))
        colours.append(_PAPER)
    return bars(rows, "Overall accuracy (paper: on its own questions)", " %", 100.0, colours)


def sensitivity(logs: list[InspectLog]) -> str:
    """Accuracy with wider ranges (figure 7)."""
    series = [(log.name, [(x, 100 * y) for x, y in sensitivity_points(log)]) for log in logs if log.scored]
    series += [(f"{name} (paper)", list(points)) for name, points in SENSITIVITY.items()]
    return lines(series, "Range sensitivity", "range multiplier", "per cent right", 0.0, 100.0)


def noise_curve(logs: list[InspectLog]) -> str:
    """Accuracy against noise, where runs with several levels are given; empty otherwise."""
    curves: dict[str, list[tuple[float, float]]] = {}
    for log in logs:
        level = _level(log.setting.noise)
        if level is None or not log.scored:
            continue
        name = f"{log.about.get('coder')} on {log.setting.segmenter}"
        curves.setdefault(name, []).append((level, 100 * share(log.scored).share))
    series = [(name, sorted(points)) for name, points in curves.items() if len(dict(points)) > 1]
    if not series:
        return ""
    return lines(
        series, "Accuracy against noise in the masks", "noise (1 − IoU)", "per cent right", 0.0, 100.0
    )


def _level(noise: str) -> float | None:
    """The level a noise setting states; None for one of single amounts."""
    try:
        return float(noise.split(",", 1)[0] or 0)
    except ValueError:
        return None
