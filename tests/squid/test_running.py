"""Runs through Inspect: everything counted once, and the benchmark's own failures apart from wrong answers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("inspect_ai")

from planimeter.coder import Program, Request
from planimeter.errors import InputError, NotUnderstood, UsageError
from planimeter.squid.logs import read_log
from planimeter.squid.published import read_data_set
from planimeter.squid.running import resume_run, run_squid


class FixedCoder:
    """A coder that always writes the same program, or refuses."""

    def __init__(self, text: str) -> None:
        self.name = "fixed"
        self.text = text

    def write(self, request: Request) -> Program:
        if not self.text:
            raise NotUnderstood("I do not understand anything: ask another coder.")
        return Program(self.text, self.name, "any", None, "always the same")


@pytest.fixture(scope="module")
def oracle_log(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_squid(str(made), tmp_path_factory.mktemp("logs"))


def test_the_built_in_coder_is_right_on_labels(oracle_log: Path) -> None:
    log = read_log(oracle_log)
    wrong = [(row.question.question, row.outcome) for row in log.rows if not row.right]
    assert not wrong
    assert len(log.rows) == 24
    assert log.finished
    assert all(row.outcome.program and row.outcome.coder == "builtin" for row in log.rows)


def test_refused_and_failed_are_wrong(made: Path, tmp_path: Path) -> None:
    for text, status in (("", "refused"), ("answer = 1 // 0", "failed")):
        log = read_log(run_squid(str(made), tmp_path / status, coder=FixedCoder(text), limit=3))
        assert [row.outcome.status for row in log.rows] == [status] * 3
        assert [row.right for row in log.rows] == [False] * 3
        assert len(log.scored) == 3


def test_our_own_failures_are_unscored(made: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(made, broken)
    rows = json.loads((broken / "dataset.json").read_text())
    rows[0]["image"] = "plain_0.5m/absent.png"
    rows[1]["answer"] = None
    rows[2]["type"] = "tree_count"
    (broken / "dataset.json").write_text(json.dumps(rows))
    first_image = rows[3]["image"]
    truth = json.loads((broken / "truth.json").read_text())
    del truth["images"][first_image]
    (broken / "truth.json").write_text(json.dumps(truth))
    log = read_log(run_squid(str(broken), tmp_path / "logs"))
    without_labels = sum(row["image"] == first_image for row in rows[2:])
    unscored = [row for row in log.rows if not row.scored]
    assert len(log.rows) == len(rows)
    assert len(unscored) == 2 + without_labels
    assert all(row.right for row in log.scored)
    assert {problem["kind"] for problem in log.about["problems"]} == {
        "missing image",
        "broken row",
        "unknown type",
    }


def test_a_question_about_what_the_labels_do_not_show_is_unscored(made: Path, tmp_path: Path) -> None:
    data = tmp_path / "asks"
    shutil.copytree(made, data)
    rows = json.loads((data / "dataset.json").read_text())[:1]
    rows[0] |= {
        "question": "What percentage of the image is covered by solar panels?",
        "type": "percentage",
        "answer": 0,
        "acceptable_range": [0, 1.74],
    }
    (data / "dataset.json").write_text(json.dumps(rows))
    (row,) = read_log(run_squid(str(data), tmp_path / "logs")).rows
    assert row.outcome.status == "unscored"
    assert "solar" in row.outcome.error


def test_noise_lowers_the_score(made: Path, oracle_log: Path, tmp_path: Path) -> None:
    log = read_log(run_squid(str(made), tmp_path, noise="0.4"))
    assert log.setting.noise == "0.4"
    assert sum(row.right for row in log.rows) < sum(row.right for row in read_log(oracle_log).rows)


def test_a_setting_nobody_has_is_named(made: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no question type"):
        run_squid(str(made), tmp_path, types="tree_count")
    with pytest.raises(InputError, match="no data set"):
        run_squid(str(tmp_path / "absent"), tmp_path)
    with pytest.raises(InputError, match="no segmenter"):
        run_squid(str(made), tmp_path, segmenter="nobody-has-this")
    with pytest.raises(UsageError, match="noise"):
        run_squid(str(made), tmp_path, noise="much")
    with pytest.raises(InputError, match="no log"):
        read_log(tmp_path / "absent.eval")


def test_inspect_finds_the_task_by_its_name(made: Path, tmp_path: Path) -> None:
    from importlib.metadata import entry_points

    assert [entry.value for entry in entry_points(group="inspect_ai", name="planimeter")] == [
        "planimeter.squid.tasks"
    ]
    from inspect_ai import eval as inspect_eval

    (log,) = inspect_eval(
        "planimeter/squid",
        task_args={"data": str(made), "types": ["percentage", "size"]},
        model="none",
        log_dir=str(tmp_path),
        display="none",
    )
    assert log.status == "success"
    assert log.results.scores[0].metrics["accuracy"].value == 1.0
    assert "stderr" in log.results.scores[0].metrics


def test_a_killed_run_goes_on_with_nothing_lost_or_counted_twice(made: Path, tmp_path: Path) -> None:
    # Enough questions that the kill falls into the middle: each image's questions under many names.
    data = tmp_path / "many"
    shutil.copytree(made, data)
    rows = json.loads((data / "dataset.json").read_text())
    many = [{**row, "id": f"{row['id']}_{turn}"} for turn in range(5) for row in rows]
    (data / "dataset.json").write_text(json.dumps(many))
    code = f"from planimeter.squid.running import run_squid; run_squid({str(data)!r}, {str(tmp_path / 'logs')!r})"
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        _wait_for_answers(tmp_path / "logs", process)
    finally:
        process.kill()
        process.wait()
    (log,) = (tmp_path / "logs").glob("*.eval")
    before = read_log(log)
    assert 0 < len(before.rows) < len(many)
    assert not before.finished
    after = read_log(resume_run(log))
    assert after.finished
    assert sorted(row.question.id for row in after.rows) == sorted(row["id"] for row in many)
    assert all(row.right for row in after.rows)


def _wait_for_answers(folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Until the log holds answers; the run must still be going then."""
    from inspect_ai.log import read_eval_log

    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "the run ended before it could be killed"
        for log in folder.glob("*.eval"):
            try:
                samples = read_eval_log(str(log)).samples
            except ValueError:  # it is being written
                continue
            if samples:
                return
        time.sleep(0.2)
    pytest.fail("no answers within two minutes")


def test_the_data_set_can_be_read_again(made: Path) -> None:
    assert read_data_set(made).questions
