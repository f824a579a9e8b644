"""The report's tables, as plain rows of text that Markdown and HTML show alike."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from planimeter.squid.answering import FAILED, REFUSED, UNSCORED
from planimeter.squid.attribution import CAUSES, Blame, tally
from planimeter.squid.logs import InspectLog, Row
from planimeter.squid.paper import BY_TIER, BY_TYPE, SYSTEMS, TOTAL
from planimeter.squid.statistics import Accuracy, accuracy, compare
from planimeter.squid.types import TYPES

FACTORS = (1.0, 1.2, 1.4, 1.6, 1.8, 2.0)
_TIERS = (1, 2, 3)


@dataclass(frozen=True)
class ReportTable:
    """A table: title, columns, rows of text, and what is said below it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    left: int = 1  # columns aligned left; the others hold figures


def overview(logs: list[InspectLog]) -> ReportTable:
    """What each run came to."""
    rows = []
    for log in logs:
        found = share(log.scored)
        status = Counter(row.outcome.status for row in log.rows)
        wrong = found.total - found.right
        rows.append(
            (
                log.name,
                str(len(log.rows)),
                str(found.right),
                str(wrong),
                str(status[REFUSED]),
                str(status[FAILED]),
                str(status[UNSCORED]),
                percent(found),
                interval(found),
                f"{log.seconds:.0f} s" if log.seconds is not None else "",
            )
        )
    columns = (
        "system", "questions", "right", "wrong", "of these refused", "of these failed", "unscored",
        "accuracy", "95 %", "wall time",
    )  # fmt: skip
    note = (
        "Refused: the system said that it cannot answer. Failed: its program broke or hit a limit. Both "
        "count as wrong. Unscored: the benchmark itself failed (an image, labels or a model are missing); "
        "not in the accuracy."
    )
    return ReportTable("Runs", columns, tuple(rows), note)


def by_tier(logs: list[InspectLog]) -> ReportTable:
    """Accuracy by tier, with the paper's table 4 below."""
    rows = []
    for log in logs:
        cells = [
            percent_error(share([row for row in log.scored if row.question.tier == tier])) for tier in _TIERS
        ]
        rows.append((log.name, *cells, percent_error(share(log.scored))))
    for name, figures in BY_TIER.items():
        rows.append((f"{name}: {SYSTEMS[name]} (paper)", *(f"{figure:.2f}" for figure in figures)))
    note = (
        "Per cent right; ± is one standard error, clustered by image. The paper's figures are of its own "
        "2,000 questions and images, so they say where others stand and are no comparison on the same "
        "questions."
    )
    return ReportTable(
        "Accuracy by tier", ("system", "tier 1", "tier 2", "tier 3", "overall"), tuple(rows), note
    )


def by_type(logs: list[InspectLog]) -> ReportTable:
    """Accuracy by question type, with the paper's table 10 beside it."""
    present = {row.question.type for log in logs for row in log.rows}
    names = [name for name in BY_TYPE if name in present] + sorted(present - set(BY_TYPE))
    rows = []
    for name in names:
        members = [[row for row in log.scored if row.question.type == name] for log in logs]
        count = max(len(group) for group in members)
        paper = [f"{figure:.2f}" for figure in BY_TYPE.get(name, ())] or [""] * len(SYSTEMS)
        size = str(TYPES[name].published) if name in TYPES else ""
        rows.append((name, str(count), *(percent(share(group)) for group in members), size, *paper))
    total = [percent(share(log.scored)) for log in logs]
    count = max((len(log.scored) for log in logs), default=0)
    rows.append(("total", str(count), *total, "2000", *(f"{figure:.2f}" for figure in TOTAL)))
    columns = ("type", "N", *(log.name for log in logs), "paper N", *SYSTEMS)
    return ReportTable(
        "Accuracy by question type", columns, tuple(rows), "The last seven columns are the paper's table 10."
    )


def sensitivity(logs: list[InspectLog]) -> ReportTable:
    """Accuracy with wider ranges, as in figure 7."""
    rows = tuple(
        (log.name, *(f"{100 * value:.2f}" for _, value in sensitivity_points(log)))
        for log in logs
        if log.scored
    )
    columns = ("system", *(f"{factor:.1f} ×" for factor in FACTORS))
    note = "Paper: QVLM (GPT-5 + ConvNeXt) 42.0 at 1.0 × and 51.4 at 2.0 ×; GPT-5 alone 28.1 and 33.9."
    return ReportTable("Range sensitivity", columns, rows, note)


def sensitivity_points(log: InspectLog) -> list[tuple[float, float]]:
    """(range multiplier, share right) of a run."""
    rows = log.scored
    return [(factor, sum(row.right_within(factor) for row in rows) / len(rows)) for factor in FACTORS]


def comparisons(logs: list[InspectLog]) -> ReportTable | None:
    """Every later run against the first, on the same questions; None for a single run."""
    if len(logs) < 2:
        return None
    rows = []
    first = logs[0]
    for other in logs[1:]:
        images = {_asked(row): row.question.image for row in first.rows}
        found = compare(
            {_asked(row): row.right for row in first.scored},
            {_asked(row): row.right for row in other.scored},
            images,
        )
        if not found.total:
            rows.append((f"{first.name} − {other.name}", "0", "no question in common", "", "", ""))
            continue
        rows.append(
            (
                f"{first.name} − {other.name}",
                str(found.total),
                f"{100 * found.difference:+.2f}"
                + ("" if math.isnan(found.error) else f" ± {100 * found.error:.2f}"),
                str(found.only_first),
                str(found.only_second),
                f"{found.p:.2g}",
            )
        )
    columns = (
        "systems",
        "questions",
        "difference in points",
        "only the first right",
        "only the second right",
        "p",
    )
    note = (
        "Paired on the questions that both were scored on; ± one standard error, by image; p: McNemar, exact."
    )
    return ReportTable("Paired comparison", columns, tuple(rows), note)


def _asked(row: Row) -> str:
    """What tells a question from those of other data sets, whose ids may be the same."""
    return "\n".join((row.question.id, row.question.image, row.question.question))


def ablations(logs: list[InspectLog]) -> ReportTable | None:
    """Runs by coder, segmenter and noise; None for a single run."""
    if len(logs) < 2:
        return None
    rows = tuple(
        (
            str(log.about.get("coder", "")),
            log.setting.segmenter,
            log.setting.noise or "0",
            str(len(log.scored)),
            percent_error(share(log.scored)),
        )
        for log in logs
    )
    columns = ("coder", "segmenter", "noise", "scored", "accuracy")
    return ReportTable(
        "Ablations", columns, rows, "Noise x: every topic's IoU with the clean mask is 1 − x.", left=3
    )


def attribution(found: dict[str, Blame], name: str) -> ReportTable:
    """Causes of wrong answers of one run."""
    counts = tally(found)
    total = sum(counts.values())
    rows = tuple(
        (cause, str(counts[cause]), f"{100 * counts[cause] / total:.1f} %" if total else "", meaning)
        for cause, meaning in CAUSES.items()
    )
    return ReportTable(f"Why answers were wrong: {name}", ("cause", "answers", "share", "that is"), rows)


def problems(logs: list[InspectLog]) -> ReportTable | None:
    """Rows of the data sets that something is wrong with; None when nothing is."""
    seen: dict[tuple[str, str, str], None] = {}
    for log in logs:
        for problem in log.about.get("problems", []):
            seen[problem["kind"], problem["id"], problem["sentence"]] = None
    if not seen:
        return None
    counts = Counter(kind for kind, _, _ in seen)
    note = "; ".join(f"{count} × {kind}" for kind, count in counts.items()) + "."
    return ReportTable(
        "Problems of the data set", ("kind", "question", "what is wrong"), tuple(seen), note, left=3
    )


def share(rows: list[Row]) -> Accuracy:
    """Accuracy over rows."""
    return accuracy([row.right for row in rows], [row.question.image for row in rows])


def percent(found: Accuracy) -> str:
    """Per cent with two decimals, as the paper prints it; empty for nothing."""
    return "" if not found.total else f"{100 * found.share:.2f}"


def percent_error(found: Accuracy) -> str:
    """Per cent with its standard error."""
    if not found.total:
        return ""
    return percent(found) if math.isnan(found.error) else f"{percent(found)} ± {100 * found.error:.2f}"


def interval(found: Accuracy) -> str:
    """The 95 % interval in per cent."""
    if not found.total or math.isnan(found.low):
        return ""
    return f"{100 * found.low:.1f} to {100 * found.high:.1f}"
