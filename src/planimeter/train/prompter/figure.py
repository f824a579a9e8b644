"""The curves of a prompter's run: held-out mean IoU and prompt geometry, through warm start and reinforcement."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planimeter.errors import UsageError
from planimeter.train.prompter.scores import GRPO, SUPERVISED
from planimeter.train.run_log import LOG, read_log

COLUMNS = ("stage", "step", "iou", "iou_low", "iou_high", "box_iou", "points_inside", "entropy", "reward")
_HELD = "held_out/"
_COLOURS = ("tab:blue", "tab:orange", "tab:green", "tab:red", "tab:purple")


def curve_of(run: str | Path) -> list[dict[str, Any]]:
    """What a run's logs say, as rows of ``COLUMNS``.

    Args:
        run: folder of the run.

    Raises:
        UsageError: it holds no log with held-out scores.
    """
    rows: list[dict[str, Any]] = []
    reinforced = sorted(each.parent.name for each in Path(run).glob(f"{GRPO}*/{LOG}"))
    for stage in (SUPERVISED, *reinforced):
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
    """Two panels, warm start and reinforcement: mean IoU with its 95 % interval, box IoU, share of points inside.

    Several seeds of reinforcement have a colour each.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = list(dict.fromkeys(row["stage"] for row in rows if _of_stage(rows, row["stage"]) > 1)) or [
        rows[0]["stage"]
    ]
    kinds = [kind for kind in (SUPERVISED, GRPO) if any(name.startswith(kind) for name in names)]
    picture, panels = pyplot.subplots(
        1, len(kinds), figsize=(4.6 * len(kinds), 3.6), sharey=True, squeeze=False, layout="constrained"
    )
    titles = {SUPERVISED: "warm start: answers from masks", GRPO: "reinforcement: mask reward alone"}
    for panel, kind in zip(panels[0], kinds, strict=True):
        runs = [name for name in names if name.startswith(kind)]
        for name, colour in zip(runs, _COLOURS, strict=False):
            own = [row for row in rows if row["stage"] == name]
            steps = [row["step"] for row in own]
            low, high = [row["iou_low"] for row in own], [row["iou_high"] for row in own]
            panel.fill_between(steps, low, high, alpha=0.15, color=colour, linewidth=0)
            run = f", {name}" if len(runs) > 1 else ""
            for measure, label, style in (
                ("iou", f"mask IoU (greedy, 95 % interval{run})", "-"),
                ("box_iou", "box IoU of the prompts", "--"),
                ("points_inside", "share of points inside", ":"),
            ):
                values = [row[measure] for row in own]
                # The styles are explained once.
                said = label if measure == "iou" or name == runs[0] else None
                panel.plot(steps, values, style, label=said, color=colour, marker=".", markersize=4)
        panel.set(title=titles[kind], xlabel="updates", ylim=(0, 1))
        panel.grid(alpha=0.3)
    panels[0][0].set_ylabel("held-out scenes")
    panels[0][-1].legend(loc="upper right", fontsize=8)
    picture.savefig(figure, dpi=130)
    pyplot.close(picture)


def _of_stage(rows: Sequence[dict[str, Any]], stage: str) -> int:
    return sum(row["stage"] == stage for row in rows)
