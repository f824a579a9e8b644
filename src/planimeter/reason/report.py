"""The report of an evaluation: the paper's table beside ours, and pictures of cases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from planimeter.reason.data.sample import ReferringSample
from planimeter.reason.evaluation import Outcome
from planimeter.reason.metrics import THRESHOLDS, Scores, by_level, scores
from planimeter.reason.protocol import PROTOCOLS
from planimeter.segment import rle

#: EarthReason, test split: system → (cIoU, gIoU) in percent, as Think2Seg-RS prints them.
PAPER_TABLE: dict[str, tuple[str, str]] = {
    "Think2Seg-RS": ("75.60", "73.36"),
    "RemoteReasoner (strongest cIoU before)": ("69.13", ""),
    "SegEarth-R1 (strongest gIoU before)": ("", "70.96"),
}
_FOUND, _MISSED, _WRONG = (70, 200, 90), (255, 140, 0), (220, 40, 60)  # red, green, blue
_LONGEST = 640  # pixels of a case's picture


def write_report(
    folder: Path,
    system: dict[str, str],
    samples: Sequence[ReferringSample],
    outcomes: Sequence[Outcome],
    cases: int = 9,
) -> Path:
    """Write ``report.md`` and the pictures beside it.

    Args:
        folder: where to.
        system: who was evaluated.
        samples: in the order of the outcomes.
        outcomes: of the samples; at least one.
        cases: pictures: the best, the worst and those between, evenly.

    Returns:
        path of the report.
    """
    datasets = list(dict.fromkeys(outcome.dataset for outcome in outcomes))
    parts = [
        "# Reasoning segmentation",
        f"Prompter {system['prompter']}, promptable segmenter {system['promptable']}, coordinates by the protocol "
        f"`{system['protocol']}`; {len(outcomes)} samples of {', '.join(datasets)}.",
        *(_table(name, outcomes) for name in PROTOCOLS),
        _paper(datasets),
        _cases(folder, samples, outcomes, cases),
    ]
    path = folder / "report.md"
    path.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")
    return path


def _table(protocol: str, outcomes: Sequence[Outcome]) -> str:
    chosen = PROTOCOLS[protocol]
    scored = [outcome.scored for outcome in outcomes]
    rows = {f"{level} level": found for level, found in by_level(scored, chosen).items()}
    if len(rows) > 1:
        rows["all"] = scores(scored, chosen)
    head = ["", "samples", "gIoU", "95 %", "cIoU", *(f"Pr@{least:g}" for least in THRESHOLDS), "unreadable"]
    lines = [f"## Protocol `{protocol}`", "", "| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    lines += [f"| {name} | {' | '.join(_cells(found))} |" for name, found in rows.items()]
    return "\n".join(lines)


def _cells(found: Scores) -> list[str]:
    low, high = found.giou_interval
    return [
        str(found.samples),
        _percent(found.giou),
        f"{_percent(low)} to {_percent(high)}",
        _percent(found.ciou),
        *(_percent(share) for share in found.precision),
        _percent(found.unreadable),
    ]


def _percent(share: float) -> str:
    return "–" if share != share else f"{100 * share:.2f}"


def _paper(datasets: Sequence[str]) -> str:
    rows = "\n".join(f"| {name} | {ciou} | {giou} |" for name, (ciou, giou) in PAPER_TABLE.items())
    note = (
        "" if list(datasets) == ["EarthReason"] else " These samples are others: the figures do not compare."
    )
    return (
        "## As printed in the paper\n\nEarthReason, test split of 1,928 pictures; compare with the protocol "
        f"`paper`, semantic level.{note}\n\n| system | cIoU | gIoU |\n|---|---|---|\n{rows}"
    )


def _cases(folder: Path, samples: Sequence[ReferringSample], outcomes: Sequence[Outcome], wanted: int) -> str:
    if not wanted:
        return ""
    order = sorted(range(len(outcomes)), key=lambda index: -outcomes[index].scored.iou)
    places = np.unique(np.linspace(0, len(order) - 1, min(wanted, len(order))).round().astype(int))
    lines = ["## Cases", "Green: found; orange: missed; red: found and not meant."]
    (folder / "cases").mkdir(exist_ok=True)
    for number, place in enumerate(places, 1):
        sample, outcome = samples[order[place]], outcomes[order[place]]
        _draw(folder / "cases" / f"{number:02}.png", sample, outcome)
        verdict = f"IoU {outcome.scored.iou:.2f}" if outcome.scored.readable else "not readable"
        phrase = " ".join(outcome.phrase.split()).replace("|", "/").replace("<", "&lt;")
        lines.append(f"![{outcome.id}](cases/{number:02}.png)\n\n{number}. {phrase} ({verdict})")
    return "\n\n".join(lines)


def _draw(path: Path, sample: ReferringSample, outcome: Outcome) -> None:
    """The picture with what was found, missed and wrong."""
    import cv2

    image, target = sample.load()
    picture = overlaid(image, rle.decode(outcome.mask, target.shape), target)
    factor = min(1.0, _LONGEST / max(picture.shape[:2]))
    if factor < 1.0:
        picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    path.write_bytes(cv2.imencode(".png", np.ascontiguousarray(picture[:, :, ::-1]))[1].tobytes())


def overlaid(image: np.ndarray, found: np.ndarray, target: np.ndarray) -> np.ndarray:
    """A picture with pixels found, missed and wrongly found in colour.

    Args:
        image: (H, W, 3) uint8.
        found: (H, W) bool.
        target: (H, W) bool.

    Returns:
        (H, W, 3) uint8.

    Example:
        >>> black, mask = np.zeros((1, 1, 3), np.uint8), np.ones((1, 1), bool)
        >>> overlaid(black, mask, mask).tolist()
        [[[35, 100, 45]]]
    """
    picture = image.astype(np.uint16)
    for colour, where in ((_FOUND, found & target), (_MISSED, target & ~found), (_WRONG, found & ~target)):
        picture[where] = (picture[where] + np.array(colour, np.uint16)) // 2
    return picture.astype(np.uint8)
