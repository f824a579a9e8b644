"""Reports: figures that add up, causes that are right, and a page that needs nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("inspect_ai")

from planimeter.coder import Program, Request
from planimeter.squid.answering import SystemAnswer
from planimeter.squid.attribution import BOTH, EXECUTION, LANGUAGE, SEGMENTATION, blames
from planimeter.squid.logs import InspectLog, Row, read_log
from planimeter.squid.masks import MaskSetting
from planimeter.squid.published import read_data_set
from planimeter.squid.question import Question
from planimeter.squid.report import tables, write_report
from planimeter.squid.report.cases import pick
from planimeter.squid.running import run_squid


class WrongUnits:
    """Writes programs that answer everything with the same number."""

    name = "wrong units"

    def write(self, request: Request) -> Program:
        return Program("answer = 123456", self.name, "number", None, "a fixed number")


class Failing:
    """Writes programs that break."""

    name = "failing"

    def write(self, request: Request) -> Program:
        return Program("answer = [][1]", self.name, "number", None, "nothing")


@pytest.fixture(scope="module")
def logs(made: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Right on labels; blurred masks; a coder that is always wrong."""
    folder = tmp_path_factory.mktemp("logs")
    return [
        run_squid(str(made), folder / "clean"),
        run_squid(str(made), folder / "noise", noise="0.5"),
        run_squid(str(made), folder / "wrong", coder=WrongUnits()),
    ]


def test_causes(made: Path, logs: list[Path], tmp_path: Path) -> None:
    data = read_data_set(made)
    noisy = read_log(logs[1])
    causes = blames(noisy.rows, data, noisy.setting)
    assert causes
    assert {blame.cause for blame in causes.values()} == {SEGMENTATION}
    wrong = read_log(logs[2])
    assert {blame.cause for blame in blames(wrong.rows, data, wrong.setting).values()} == {LANGUAGE}
    both = {blame.cause for blame in blames(wrong.rows, data, MaskSetting("oracle", "0.5")).values()}
    assert BOTH in both
    failing = read_log(run_squid(str(made), tmp_path, coder=Failing(), limit=2))
    assert {blame.cause for blame in blames(failing.rows, data, failing.setting).values()} <= {
        EXECUTION,
        LANGUAGE,
    }


def test_tables_add_up(logs: list[Path]) -> None:
    read = [read_log(path) for path in logs]
    overview = tables.overview(read)
    for row, log in zip(overview.rows, read, strict=True):
        questions, right, wrong, _, _, unscored = map(int, row[1:7])
        assert right + wrong + unscored == questions == len(log.rows)
    by_type = tables.by_type(read)
    assert sum(int(row[1]) for row in by_type.rows[:-1]) == int(by_type.rows[-1][1]) == 24
    assert by_type.columns[-6:] == ("Q-A", "Q-B", "Q-C", "Q-D", "VLM-A", "VLM-B")
    assert tables.by_tier(read).rows[3][-1] == "42.00"


def test_questions_of_two_data_sets_are_not_one_by_their_ids(made: Path) -> None:
    setting = {"segmenter": "oracle", "noise": "", "data": str(made), "coder": "builtin"}

    def log(name: str, image: str, right: bool) -> InspectLog:
        question = Question("SQuID_0000", image, "How many roads?", 4, "count", 1, None, (4.0, 4.0))
        outcome = SystemAnswer("answered", answer=4 if right else 9)
        return InspectLog(Path(name), name, [Row(question, outcome)], setting)

    apart = tables.comparisons([log("one", "a.png", True), log("two", "b.png", False)])
    assert apart is not None
    assert apart.rows == (("one − two", "0", "no question in common", "", "", ""),)
    same = tables.comparisons([log("one", "a.png", True), log("two", "a.png", False)])
    assert same is not None
    assert same.rows[0][1:5] == ("1", "+100.00", "1", "0")  # one image says nothing of chance


def test_wider_ranges_never_lower_the_score(logs: list[Path]) -> None:
    points = tables.sensitivity_points(read_log(logs[1]))
    shares = [share for _, share in points]
    assert shares == sorted(shares)
    assert points[0] == (1.0, tables.share(read_log(logs[1]).scored).share)


def test_the_page_needs_nothing_else(logs: list[Path], tmp_path: Path) -> None:
    files = write_report(logs, tmp_path, cases=6)
    page = files["page"].read_text()
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)
    assert "$" not in re.sub(r"<pre>.*?</pre>", "", page, flags=re.S)
    assert page.count("<details") == 18
    assert page.count("data:image/jpeg") >= 18
    assert "Paired comparison" in page
    assert "Why answers were wrong" in page
    markdown = files["markdown"].read_text()
    assert "| total | 24 |" in markdown
    assert "Accuracy by tier" in markdown


def test_text_of_a_question_is_not_markup(logs: list[Path], tmp_path: Path) -> None:
    from dataclasses import replace

    from planimeter.squid.report.cases import Case
    from planimeter.squid.report.html import to_html

    row = read_log(logs[0]).rows[0]
    evil = Row(replace(row.question, question="<script>alert(1)</script>"), row.outcome)
    page = to_html("t", [], [], [Case("s", evil, None, (), ())])
    assert "<script>alert" not in page


def test_a_report_without_its_data_set_says_so(
    logs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = read_log(logs[0])
    gone.about["data"] = str(tmp_path / "gone")
    monkeypatch.setattr("planimeter.squid.report.read_log", lambda path: gone)
    files = write_report([logs[0]], tmp_path / "out", cases=2)
    assert "No pictures and causes" in files["page"].read_text()


def test_cases_show_wrong_ones_first_and_many_types(logs: list[Path]) -> None:
    log: InspectLog = read_log(logs[1])
    picked = pick(log, 9)
    assert len(picked) == 9
    assert not picked[0].right
    assert len({row.question.id for row in picked}) == 9
