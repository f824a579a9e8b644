"""The curves of a prompter's run: held-out mean IoU and prompt geometry, through warm start and reinforcement."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planimeter.errors import UsageError
from planimeter.train.run_log import LOG, read_log

COLUMNS = ("stage", "step", "iou", "iou_low", "iou_high", "box_iou", "points_inside", "entropy", "reward")
_HELD = "held_out/"


def curve_of(run: str | Path) -> list[dict[str, Any]]:
    """What a run's logs say, as rows of ``COLUMNS``.

    Args:
        run: folder of the run.

    Raises:
        UsageError: it holds no log with held-out scores.
    """
    rows: list[dict[str, Any]] = []
    for stage in ("supervised", "grpo"):
        rewards: list[float] = []
        for line in read_log(Path(run) / stage / LOG):
            if line.get("reward") is not None:
                rewards.append(float(line["reward"]))
            if f"{_HELD}iou" in line:
                row: dict[str, Any] = {"stage": stage, "step": line["step"]}
                row |= {name: line.get(f"{_HELD}{name}") for name in COLUMNS[2:-1]}
                row["reward"] = sum(rewards) / len(rewards) if rewards else None
                rows.append(row)
                rewards = []
    if not rows:
        raise UsageError(f"{Path(run).name} holds no held-out scores yet: wait, or lower `watch_every`.")
    return rows


def write_curve(rows: Sequence[dict[str, Any]], path: str | Path) -> None:
    """Rows as CSV, four digits."""
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow(
                [round(value, 4) if isinstance(value := row[name], float) else value for name in COLUMNS]
            )


def read_curve(path: str | Path) -> list[dict[str, Any]]:
    """Rows as ``write_curve`` wrote them."""
    with Path(path).open(newline="", encoding="utf-8") as file:
        return [
            {
                name: value if name == "stage" else (float(value) if value else None)
                for name, value in row.items()
            }
            for row in csv.DictReader(file)
        ]


def draw_run(run: str | Path, figure: str | Path) -> None:
    """Draw a run's curves, and write their numbers beside the picture as CSV.

    Args:
        run: folder of the run, or a CSV that ``write_curve`` wrote.
        figure: path of the picture.

    Raises:
        UsageError: there is nothing to draw.
    """
    if Path(run).is_dir():
        rows = curve_of(run)
        write_curve(rows, Path(figure).with_suffix(".csv"))
    else:
        rows = read_curve(run)
    draw(rows, figure)


def draw(rows: Sequence[dict[str, Any]], figure: str | Path) -> None:
    """One panel per stage: mean IoU with its 95 % interval, box IoU, share of points inside."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    stages = [name for name in ("supervised", "grpo") if sum(row["stage"] == name for row in rows) > 1] or [
        rows[0]["stage"]
    ]
    picture, panels = pyplot.subplots(
        1, len(stages), figsize=(4.6 * len(stages), 3.6), sharey=True, squeeze=False, layout="constrained"
    )
    titles = {
        "supervised": "warm start: answers from masks",
        "grpo": "reinforcement: mask reward alone",
    }
    for panel, stage in zip(panels[0], stages, strict=True):
        own = [row for row in rows if row["stage"] == stage]
        steps = [row["step"] for row in own]
        low, high = [row["iou_low"] for row in own], [row["iou_high"] for row in own]
        panel.fill_between(steps, low, high, alpha=0.2, color="tab:blue", linewidth=0)
        for name, label, style in (
            ("iou", "mask IoU (greedy, 95 % interval)", "-"),
            ("box_iou", "box IoU of the prompts", "--"),
            ("points_inside", "share of points inside", ":"),
        ):
            panel.plot(steps, [row[name] for row in own], style, label=label, marker=".", markersize=4)
        panel.set(title=titles[stage], xlabel="updates", ylim=(0, 1))
        panel.grid(alpha=0.3)
    panels[0][0].set_ylabel("held-out scenes")
    panels[0][-1].legend(loc="lower right", fontsize=8)
    picture.savefig(figure, dpi=130)
    pyplot.close(picture)
