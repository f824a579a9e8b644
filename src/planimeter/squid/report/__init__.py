"""The report on one or several runs: Markdown and one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import planimeter
from planimeter.errors import InputError
from planimeter.squid.attribution import Blame, blames
from planimeter.squid.logs import InspectLog, read_log
from planimeter.squid.published import DataSet, read_data_set
from planimeter.squid.report import figures, tables
from planimeter.squid.report.cases import Case, make_cases
from planimeter.squid.report.html import to_html
from planimeter.squid.report.markdown import to_markdown

__all__ = ["write_report"]


def write_report(
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    cases: int = 60,
    attribute: bool = True,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Path]:
    """Write ``report.md`` and ``report.html`` for one or several logs.

    Args:
        paths: logs of ``planimeter squid run`` or ``inspect eval planimeter/squid``; others are compared
            with the first.
        out: folder; made when it does not exist.
        cases: how many cases the page shows of each run.
        attribute: find out why answers were wrong, by running programs again (needs the data set).
        progress: called with what is being done.

    Returns:
        what was written, by kind.

    Raises:
        InputError: no log, or one that is not of this benchmark.
    """
    if not paths:
        raise InputError("There is no log to report on: give at least one.")
    tell = progress or (lambda _: None)
    logs = _named_apart([read_log(path) for path in paths])
    data_sets: dict[str, DataSet | None] = {}
    found: dict[int, dict[str, Blame]] = {}
    shown: list[Case] = []
    notes: list[str] = []
    for number, log in enumerate(logs):
        where = str(log.about.get("data"))
        if where not in data_sets:
            data_sets[where] = _data_set(log, notes)
        data = data_sets[where]
        if data is not None and attribute:
            tell(f"causes of wrong answers: {log.name}")
            found[number] = blames(log.rows, data, log.setting)
        if cases:
            tell(f"cases: {log.name}")
            shown += make_cases(log, data, found.get(number, {}), cases)
        if not log.finished:
            notes.append(
                f"{log.name} was ended early: resume it with planimeter squid run --resume {log.path.name}."
            )
    shown.sort(key=lambda case: case.row.right)  # what went wrong first
    optional = [tables.comparisons(logs), tables.ablations(logs)]
    blamed = [tables.attribution(found[number], logs[number].name) for number in found if found[number]]
    all_tables = [
        tables.overview(logs),
        tables.by_tier(logs),
        tables.by_type(logs),
        tables.sensitivity(logs),
        *(table for table in optional if table is not None),
        *blamed,
        *(table for table in [tables.problems(logs)] if table is not None),
    ]
    title = "SQuID: " + " and ".join(dict.fromkeys(Path(str(log.about.get("data"))).name for log in logs))
    intro = " ".join([f"Planimeter {planimeter.__version__}. {len(logs)} run(s).", *notes])
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    files = {"markdown": folder / "report.md", "page": folder / "report.html"}
    files["markdown"].write_text(to_markdown(title, all_tables, intro), encoding="utf-8")
    pictures = [figures.overall(logs), figures.sensitivity(logs), figures.noise_curve(logs)]
    files["page"].write_text(to_html(title, all_tables, pictures, shown, intro), encoding="utf-8")
    return files


def _data_set(log: InspectLog, notes: list[str]) -> DataSet | None:
    """The data set of a run, or None with a note when it is no longer where it was."""
    try:
        return read_data_set(str(log.about.get("data")), log.about.get("images"))
    except InputError as error:
        notes.append(f"No pictures and causes for {log.name}: {error}")
        return None


def _named_apart(logs: list[InspectLog]) -> list[InspectLog]:
    """Number runs of the same name, so that tables tell them apart."""
    names = [log.name for log in logs]
    for number, log in enumerate(logs):
        if names.count(log.name) > 1:
            log.name = f"{log.name} #{names[: number + 1].count(names[number])}"
    return logs
