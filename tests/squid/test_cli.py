"""The commands, from the shell's side."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from planimeter.cli import main
from planimeter.squid.types import TYPES

from .conftest import write_folder


def _run(*arguments: object) -> int:
    try:
        main([str(argument) for argument in arguments])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_generate_run_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("inspect_ai")
    folder = write_folder(tmp_path / "plain", count=2)
    out = tmp_path / "bench"
    arguments = ("--gsd", "folder=0.5", "--questions", 10, "--no-parquet", "--out", out)
    assert _run("squid", "generate", f"folder:{folder}", *arguments) == 0
    assert "10 questions about 2 images" in capsys.readouterr().out
    assert _run("squid", "run", out, "--out", tmp_path / "logs", "--limit", 4) == 0
    said = capsys.readouterr().out
    assert "| builtin on oracle | 4 | 4 | 0 |" in said
    log = said.split("log: ")[1].strip()
    assert _run("squid", "report", log, "--out", tmp_path / "report") == 0
    assert (tmp_path / "report" / "report.html").is_file()
    assert _run("squid", "run", out, "--limit", 0) == 2
    capsys.readouterr()
    asked = {row["type"] for row in json.loads((out / "dataset.json").read_text())}
    (other, *_) = (name for name in TYPES if name not in asked)
    assert _run("squid", "run", out, "--out", tmp_path / "logs", "--types", other) == 2
    assert "no such question" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("generate", "nowhere:x", "--out", "o"), 2, "no source"),
        (("generate", "worlds:2", "--out", "o", "--gsd", "dubai=1"), 2, "--gsd"),
        (("generate", "worlds:2", "--out", "o", "--types", "trees"), 2, "no question type"),
        (("generate", "deepglobe:/absent", "--out", "o"), 3, "no folder"),
        (("run",), 2, "either DATA"),
        (("run", "/absent"), 3, "no data set"),
        (("report", "/absent.eval"), 3, "no log"),
        (("agreement", "/absent.csv"), 3, "no annotation table"),
    ],
)
def test_mistakes_are_one_sentence(
    arguments: tuple[str, ...], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("squid", *arguments) == code
    error = capsys.readouterr().err.strip()
    assert says in error
    assert len(error.splitlines()) == 1


def test_agreement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("krippendorff")
    rows = ["question_id,annotator,answer,type"]
    rows += [f"q{q},a{a},{10 * q + a},percentage" for q in range(5) for a in range(4)]
    (tmp_path / "t.csv").write_text("\n".join(rows))
    assert _run("squid", "agreement", tmp_path / "t.csv") == 0
    said = capsys.readouterr().out
    assert "| Percentage | 5 |" in said
    assert "percentages ± 1.000 points" in said
    assert "Percentage: of 5 questions: not to be relied on" in said
    low, high = re.search(r"\| Percentage \| 5 \| 0\.\d+ \| (0\.\d+) to (0\.\d+) \|", said).groups()
    assert float(low) < float(high)
    assert "one answer only" not in said
    rows += ["alone,a0,50,percentage"]
    (tmp_path / "t.csv").write_text("\n".join(rows))
    assert _run("squid", "agreement", tmp_path / "t.csv") == 0
    assert "one answer only: 1 of 6 questions" in capsys.readouterr().out
