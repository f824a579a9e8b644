"""What a training run writes down: ``log.jsonl``, one JSON line per logged update."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

LOG = "log.jsonl"


class RunLog:
    """Appends to ``log.jsonl`` and tells of it.

    Args:
        folder: of the run; it is there.
        report: takes one line of progress; None for silence.
        resumed_at: step that the run goes on after; lines of later steps, which a killed run left, are taken away.

    Example:
        >>> import tempfile
        >>> log = RunLog(Path(tempfile.mkdtemp()), print)
        >>> log.write(20, {"loss": 1.25}, {"rate": 0.001})
        step 20  loss 1.25
        >>> read_log(log.path)
        [{'step': 20, 'loss': 1.25, 'rate': 0.001}]
    """

    def __init__(
        self, folder: Path, report: Callable[[str], object] | None = None, resumed_at: int = 0
    ) -> None:
        self.path = folder / LOG
        self.report = report
        kept = [one for one in read_log(self.path) if 0 < resumed_at >= one["step"]]
        self.path.write_text("".join(json.dumps(one) + "\n" for one in kept), encoding="utf-8")

    def write(self, step: int, said: Mapping[str, Any], silent: Mapping[str, Any] | None = None) -> None:
        """One line; ``said`` is reported as well."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"step": step, **said, **(silent or {})}) + "\n")
        if self.report is not None:
            self.report(f"step {step}  " + "  ".join(f"{name} {value:.4g}" for name, value in said.items()))


def read_log(path: str | Path) -> list[dict[str, Any]]:
    """The lines of a run's log; a last line that a kill cut short is left out.

    Args:
        path: of ``log.jsonl``; none gives no lines.
    """
    place = Path(path)
    if not place.exists():
        return []
    lines = []
    for line in place.read_text(encoding="utf-8").splitlines():
        try:
            lines.append(json.loads(line))
        except ValueError:
            break
    return lines
