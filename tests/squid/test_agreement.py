"""Agreement measures against published worked examples, and the ranges that follow from a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planimeter.errors import InputError
from planimeter.squid.agreement import (
    icc2k,
    majority,
    median_absolute_deviation,
    normalised_deviation,
    read_annotations,
    reliability,
    rules_from,
)
from planimeter.squid.alpha import _alphas, _parts, alpha_interval, caution, krippendorff_alpha
from planimeter.squid.ranges import RangeRules

NAN = float("nan")
# Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), section C: alpha interval = 0.849.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]


def test_deviations() -> None:
    assert median_absolute_deviation([2.0]) == 0
    assert median_absolute_deviation([1, 1, 2, 2, 4, 6, 9]) == 1
    assert normalised_deviation([8, 10, 12]) == pytest.approx(0.2)
    assert normalised_deviation([0, 0, 3]) is None


def test_alpha_of_the_worked_example() -> None:
    pytest.importorskip("krippendorff")
    assert krippendorff_alpha(np.array(OBSERVERS)) == pytest.approx(0.849, abs=5e-4)
    assert krippendorff_alpha(np.ones((3, 4))) is None


def test_icc_of_the_worked_example() -> None:
    # Shrout and Fleiss 1979, table 2: ICC(2,4) = 0.62.
    targets = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
    assert icc2k(targets.T.astype(float)) == pytest.approx(0.62, abs=5e-3)
    assert icc2k(np.ones((1, 5))) is None
    with_gap = targets.T.astype(float)
    with_gap = np.hstack([with_gap, [[NAN], [1], [2], [3]]])
    assert icc2k(with_gap) == pytest.approx(0.62, abs=5e-3)


def test_majority() -> None:
    assert majority(["a", "b", "a"]) == "a"
    assert majority(["a", "b"]) is None
    assert majority([]) is None


def _table(path: Path, rows: list[tuple[str, str, str, str]]) -> Path:
    lines = ["question_id,annotator,answer,type", *(",".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_rules_from_a_table(tmp_path: Path) -> None:
    rows = []
    for annotator, (share, near, count, word) in enumerate(
        [("10", "20", "8", "yes"), ("12", "26", "10", "yes"), ("14", "23", "12", "no")]
    ):
        rows += [
            ("p", f"a{annotator}", share, "percentage"),
            ("n", f"a{annotator}", near, "proximity_percentage"),
            ("c", f"a{annotator}", count, "count"),
            ("b", f"a{annotator}", word, "binary_presence"),
        ]
    questions = read_annotations(_table(tmp_path / "t.csv", rows))
    rules = rules_from(questions)
    assert (rules.percentage, rules.proximity, rules.count) == (2.0, 3.0, pytest.approx(0.2))
    assert (rules.area, rules.power) == (0.0225, 0.0225)  # points of percentages say nothing about areas
    assert [question.consensus() for question in questions] == [12.0, 23.0, 10, "yes"]
    pytest.importorskip("krippendorff")
    found = {row.group: row for row in reliability(questions)}
    assert found["Numeric"].questions == 3
    assert found["Categorical"].deviation == pytest.approx(2 / 3)


def test_what_a_table_lacks_keeps_its_published_figure(tmp_path: Path) -> None:
    rows = [("p", "a", "10", "percentage"), ("p", "b", "11", "percentage")]
    rules = rules_from(read_annotations(_table(tmp_path / "t.csv", rows)))
    assert rules.percentage == 0.5
    assert (rules.count, rules.area) == (0.19, 0.0225)
    assert rules.source.endswith("count, area, solar area, power as published")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("p", "a", "many", "percentage")], "no number"),
        ([("p", "a", "1", "percentage"), ("p", "a", "2", "percentage")], "twice"),
        ([("p", "a", "1", "whatever")], "neither a kind"),
        ([("p", "a", "", "binary_presence")], "empty"),
        ([("p", "a", "y", "binary_presence")], "'y' is neither yes nor no"),
    ],
)
def test_a_broken_table_is_named(tmp_path: Path, rows: list[tuple[str, str, str, str]], says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_annotations(_table(tmp_path / "t.csv", rows))


def test_yes_and_no_are_read_as_tables_write_them(tmp_path: Path) -> None:
    rows = [
        ("p", name, text, "binary_presence")
        for name, text in zip("abcd", ("1.0", "TRUE", "yes", "0.0"), strict=True)
    ]
    (question,) = read_annotations(_table(tmp_path / "t.csv", rows))
    assert list(question.answers.values()) == ["yes", "yes", "yes", "no"]
    assert question.consensus() == "yes"


HEAD = "question_id,annotator,answer,type,kind,image,question"


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        (
            "q,A,5,count,,a.png,How many?",
            "q,B,50,percentage,,a.png,How many?",
            "type 'percentage', and 'count'",
        ),
        ("q,A,5,count,,,", "q,B,yes,binary_presence,,,", "type 'binary_presence', and 'count'"),
        ("q,A,5,percentage,,,", "q,B,7,size,,,", "type 'size', and 'percentage'"),
        ("q,A,5,,count,,", "q,B,50,,percentage,,", "kind 'percentage', and 'count'"),
        ("q,A,5,count,,a.png,How many?", "q,B,5,count,,b.png,How many?", r"image 'b\.png', and 'a\.png'"),
        ("q,A,5,count,,,How many?", "q,B,5,count,,,How many boats?", r"question 'How many boats\?', and"),
    ],
)
def test_rows_of_one_question_that_contradict_each_other_are_refused(
    tmp_path: Path, first: str, second: str, says: str
) -> None:
    (tmp_path / "t.csv").write_text("\n".join([HEAD, first, "other,A,1,count,,,", "", second]))
    with pytest.raises(InputError, match=rf"t\.csv line 5: q has the {says}.*an id of its own"):
        read_annotations(tmp_path / "t.csv")


def test_rows_of_one_question_may_leave_out_what_another_says(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("\n".join([HEAD, "q,A,5,count,,,", "q,B,6,,count,a.png,How many? "]))
    (question,) = read_annotations(tmp_path / "t.csv")
    assert question.answers == {"A": 5, "B": 6}
    assert question.about["image"] == "a.png"


@pytest.mark.parametrize(
    ("answer", "kind", "possible"),
    [
        ("-5", "count", False),
        ("-0.1", "proximity_area", False),
        ("-1", "percentage", False),
        ("100.5", "percentage", False),
        ("101", "proximity_percentage", False),
        ("100", "percentage", True),
        ("0", "percentage", True),
        ("250", "count", True),
        ("1e6", "total_area", True),
    ],
)
def test_numbers_that_nobody_can_answer_are_refused(
    tmp_path: Path, answer: str, kind: str, possible: bool
) -> None:
    table = _table(tmp_path / "t.csv", [("q", "A", answer, kind)])
    if possible:
        assert read_annotations(table)[0].answers == {"A": float(answer)}
        return
    with pytest.raises(InputError, match=r"t\.csv line 2: .* is no possible"):
        read_annotations(table)


def test_a_table_without_its_columns_is_named(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("who,what\na,b\n")
    with pytest.raises(InputError, match="question_id, annotator, answer"):
        read_annotations(tmp_path / "t.csv")
    with pytest.raises(InputError, match="no annotation table"):
        read_annotations(tmp_path / "absent.csv")


def test_a_table_in_another_encoding_is_named(tmp_path: Path) -> None:
    row = "question_id,annotator,answer,type\np,J\u00fcrgen,1,percentage\n"
    for content in (row.encode("cp1252"), row.encode("utf-16"), row.replace("1", "1" * 200_000).encode()):
        (tmp_path / "t.csv").write_bytes(content)
        with pytest.raises(InputError, match=r"t\.csv cannot be read as CSV .*save it as UTF-8"):
            read_annotations(tmp_path / "t.csv")
    (tmp_path / "t.csv").write_text(row, encoding="utf-8-sig")
    assert read_annotations(tmp_path / "t.csv")[0].answers == {"J\u00fcrgen": 1}


@pytest.mark.parametrize(
    ("kind", "answers", "stated"),
    [
        ("total_area", (10.123, 10.124), 10.12),  # the mean of the middle two, with two decimals
        ("proximity_area", (10.126, 10.1265), 10.13),
        ("percentage", (50.123, 50.124), 50.12),
        ("power_calculation", (3.456, 3.4561), 3.46),
    ],
)
def test_a_consensus_lies_in_its_own_range(
    tmp_path: Path, kind: str, answers: tuple[float, float], stated: float
) -> None:
    rows = [("q", who, str(answer), kind) for who, answer in zip("AB", answers, strict=True)]
    questions = read_annotations(_table(tmp_path / "t.csv", rows))
    (question,) = questions
    assert question.consensus() == stated
    for rules in (rules_from(questions), RangeRules()):
        low, high = question.acceptable_range(rules)
        assert low <= min(stated, *answers)
        assert high >= max(stated, *answers)
    low, high = question.acceptable_range(rules_from(questions))
    assert high - low < 0.02  # and no wider than rounding and people make it


def _rated(rng: np.random.Generator, questions: int) -> np.ndarray:
    """Four people who answer about alike, each of whom left some questions out."""
    truth = rng.uniform(0, 100, questions)
    ratings = truth + rng.normal(0, 15, (4, questions))
    ratings[rng.random(ratings.shape) < 0.3] = NAN
    ratings[:2, np.isnan(ratings).sum(axis=0) > 2] = 50.0  # two answers at least
    return ratings


def test_the_interval_of_alpha_is_the_librarys_own_bootstrap() -> None:
    """Each draw of questions given to the library, one at a time; the same seed draws the same questions."""
    library = pytest.importorskip("krippendorff")
    ratings = _rated(np.random.default_rng(5), 12)
    drawn = np.random.default_rng(0).multinomial(12, np.full(12, 1 / 12), 2000)
    alphas = [
        library.alpha(np.repeat(ratings, times, axis=1), level_of_measurement="interval")
        for times in drawn[:300]
    ]
    ours = _alphas(drawn[:300], *_parts(ratings))
    assert ours == pytest.approx(alphas, abs=1e-9)
    low, high = alpha_interval(ratings)
    assert (low, high) == pytest.approx(np.percentile(_alphas(drawn, *_parts(ratings)), [2.5, 97.5]))
    assert low < library.alpha(ratings, level_of_measurement="interval") < high


def test_a_question_with_one_answer_counts_for_nothing_in_the_interval() -> None:
    ratings = _rated(np.random.default_rng(6), 11)
    alone = np.array([[7000.0], [NAN], [NAN], [NAN]])
    assert alpha_interval(np.hstack([ratings, alone])) == pytest.approx(alpha_interval(ratings))
    assert alpha_interval(np.ones((3, 4))) is None
    assert alpha_interval(np.array([[1.0, 3.0, 3.0], [2.0, NAN, NAN]])) is None


def test_few_questions_bring_a_caution(tmp_path: Path) -> None:
    pytest.importorskip("krippendorff")
    for questions, said in ((1, "of 1 question: not"), (9, "of 9 questions: not"), (10, "")):
        rows = [
            (f"q{q}", who, str(10 * q + k), "count") for q in range(questions) for k, who in enumerate("ab")
        ]
        found = {row.group: row for row in reliability(read_annotations(_table(tmp_path / "t.csv", rows)))}
        assert found["Count"].caution.startswith(said)
        assert bool(found["Count"].caution) == bool(said)
        assert found["Count"].questions == questions
    words = [(f"q{q}", who, "yes", "binary_presence") for q in range(3) for who in "ab"]
    (row,) = reliability(read_annotations(_table(tmp_path / "t.csv", words)))
    assert row.caution.startswith("of 3 questions")


def test_an_alpha_that_may_be_too_low_is_said() -> None:
    assert caution(30, 0.8, (0.5, 0.9)) == "may be below 0.667, the least for tentative conclusions"
    assert caution(30, 0.8, (0.667, 0.9)) == ""
    assert caution(30, 0.5, (0.3, 0.6)) == ""  # nobody takes it for agreement
    assert caution(30, None, None) == ""


def test_one_answer_alone_narrows_no_range_and_is_not_compared(tmp_path: Path) -> None:
    rows = [("p", "a", "10", "percentage"), ("p", "b", "14", "percentage")]
    alone = [(f"alone{k}", "a", str(k), "percentage") for k in range(9)]
    questions = read_annotations(_table(tmp_path / "t.csv", rows + alone))
    assert rules_from(questions).percentage == 2.0  # and not 2 / 10
    pytest.importorskip("krippendorff")
    found = {row.group: row for row in reliability(questions)}
    assert (found["Percentage"].questions, found["Percentage"].deviation) == (1, 2.0)
    assert reliability(read_annotations(_table(tmp_path / "t.csv", alone))) == []
