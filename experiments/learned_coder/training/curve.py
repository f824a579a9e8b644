"""Curves of reinforcement over several seeds, and a table of before and after."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from planimeter.errors import UsageError
from planimeter.train.run_log import LOG, read_log

_T95 = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776}  # Student's t for 95 %, by number of seeds
MEASURES = ("greedy", "sampled")


def read_curves(runs: Sequence[str | Path]) -> dict[str, dict[int, list[float]]]:
    """Measure → update → held-out share in range of each run, where all runs have it.

    Args:
        runs: folders of ``planimeter train coder`` with several seeds.

    Raises:
        UsageError: a folder has no log, or the runs share no update.
    """
    curves: dict[str, dict[int, list[float]]] = {name: {} for name in MEASURES}
    for run in runs:
        lines = [one for one in read_log(Path(run) / LOG) if "held_out/greedy" in one]
        if not lines:
            raise UsageError(f"{run} has no log with held-out measures: give a folder of reinforcement.")
        for line in lines:
            for name in MEASURES:
                curves[name].setdefault(line["step"], []).append(line[f"held_out/{name}"])
    whole = {
        name: {step: values for step, values in sorted(curve.items()) if len(values) == len(runs)}
        for name, curve in curves.items()
    }
    if not whole["greedy"]:
        raise UsageError("The runs share no update with a measure: give runs of one configuration.")
    return whole


def interval_of(values: Sequence[float]) -> tuple[float, float]:
    """Mean over seeds and half the width of its 95 % interval (Student's t); 0 for a single seed.

    Example:
        >>> mean, half = interval_of([0.5, 0.6, 0.7])
        >>> round(mean, 3), round(half, 3)
        (0.6, 0.248)
    """
    if len(values) < 2:
        return values[0], 0.0
    factor = _T95.get(len(values), 2.0)
    return statistics.fmean(values), factor * statistics.stdev(values) / len(values) ** 0.5


def curve_table(runs: Sequence[str | Path]) -> str:
    """Before and after, per measure: mean over seeds, interval, and each seed."""
    lines = ["| programs | seeds | before | after | of each seed |", "|---|---|---|---|---|"]
    for name, curve in read_curves(runs).items():
        first, last = min(curve), max(curve)
        shown = [
            f"{100 * mean:.1f} % ± {100 * half:.1f}"
            for mean, half in map(interval_of, (curve[first], curve[last]))
        ]
        seeds = ", ".join(f"{100 * one:.1f}" for one in curve[last])
        lines.append(f"| {name} | {len(curve[last])} | {shown[0]} | {shown[1]} | {seeds} |")
    return "\n".join(lines)


def draw_curve(runs: Sequence[str | Path], out: str | Path) -> Path:
    """Draw the curves with their intervals.

    Args:
        runs: one folder per seed.
        out: the picture's path.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.4, 4.0), layout="constrained")
    for (name, curve), colour in zip(read_curves(runs).items(), ("#1f5a8a", "#c4722b"), strict=True):
        steps = list(curve)
        pairs = [interval_of(curve[step]) for step in steps]
        mean = [100 * one for one, _ in pairs]
        axes.plot(steps, mean, marker="o", color=colour, label=f"{name} programs")
        low = [100 * (one - half) for one, half in pairs]
        high = [100 * (one + half) for one, half in pairs]
        axes.fill_between(steps, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.set_xlabel("updates from answers alone")
    axes.set_ylabel("right on every scene, % of held-out questions")
    axes.set_title(f"Mean and 95 % interval over {len(runs)} seeds", fontsize=10)
    axes.grid(alpha=0.3)
    axes.legend()
    path = Path(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
    pyplot.close(figure)
    return path
