"""The bench of wordings: its truth on cases done by hand, its scoring, and its files."""

from __future__ import annotations

import doctest
import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

pytest.importorskip("scipy")

BENCH = Path(__file__).resolve().parents[1] / "bench"


def loaded(module: str) -> ModuleType:
    """A module of ``bench/questions``, under a name that nothing else has."""
    if "bench_questions" not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            "bench_questions",
            BENCH / "questions" / "__init__.py",
            submodule_search_locations=[str(BENCH / "questions")],
        )
        assert spec is not None
        assert spec.loader is not None
        sys.modules["bench_questions"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["bench_questions"])
    return importlib.import_module(f"bench_questions.{module}")


truth, scoring, families, scenes = (loaded(name) for name in ("truth", "scoring", "families", "scenes"))

# Pixels of 2 m (4 m²). Roofs (7): one of 4 pixels, one of 2 that touch at a corner, one of 8 around a panel (8); water
# (5): a column of 5 and one pixel apart; forest (4) of 3; the rest is fields (2) and 2 pixels of road (9).
SCENE = np.array(
    [
        [5, 2, 7, 7, 2, 2, 2, 2, 2, 2, 2, 4],
        [5, 2, 7, 7, 2, 2, 2, 7, 7, 7, 2, 4],
        [5, 2, 2, 2, 2, 2, 2, 7, 8, 7, 2, 4],
        [5, 2, 2, 2, 7, 2, 2, 7, 7, 7, 2, 2],
        [5, 2, 2, 2, 2, 7, 2, 2, 2, 2, 2, 2],
        [2, 2, 2, 2, 2, 2, 2, 9, 9, 2, 2, 5],
    ],
    np.uint8,
)
CLASSES = {
    "urban": 1,
    "agric": 2,
    "grass": 3,
    "forest": 4,
    "water": 5,
    "barren": 6,
    "roof": 7,
    "solar": 8,
    "road": 9,
}


@pytest.mark.parametrize(
    ("expression", "by_hand"),
    [
        ("n(roof.parts)", 3),
        ("n(water.parts)", 2),
        ("area(roof, 'm2')", 14 * 4),
        ("area(roof.parts.mean)", 56 / 3),
        ("area(roof.parts.median)", 16),
        ("area(roof.parts.most)", 32),
        ("area(roof.parts.least)", 8),
        ("n(roof.parts.over(16))", 1),
        ("n(roof.parts.atleast(16))", 2),
        ("n(roof.parts.under(16))", 1),
        ("n(roof.parts.atmost(16))", 2),
        ("share(forest)", 100 * 3 / 72),
        ("pct(roof.parts.within(4, water), roof.parts)", 100 / 3),
        ("n(roof.parts.within(3.99, water))", 0),  # two columns of 2 m, so 4 m, between centres
        ("n(roof.parts.beyond(4, water))", 2),
        ("length(gap(roof, water))", 4),
        ("length(gap(forest, roof))", 4),
        ("length(roof.parts.gaps(water).max())", 8),  # the pair, four columns from the column
        ("length(roof.parts.gaps(water)[1])", 2 * 8**0.5),  # the ring's pixel (3, 9) to (5, 11)
        ("length(roof.parts.gaps(water).mean())", (4 + 8 + 2 * 8**0.5) / 3),
        ("length(max(roof.parts.closest_of_own()))", 2 * 5**0.5),  # ring to pair: (3, 7) to (4, 5)
        ("area(roof.near(4, water))", 2 * 4),
        ("area(roof.far(4, water))", 12 * 4),
        ("n(roof.parts.containing(solar))", 1),
        ("pct(roof.largest, roof)", 100 * 8 / 14),
        ("area(agric & top)", 4 * 20),
        ("area(image - vegetation)", 4 * (14 + 6 + 1 + 2)),
        ("num(len(roof.parts) / (image.area / ha), 'ha')", 3 / 0.0288),
        ("area(image.near(2, road) - road)", 4 * 4),
        ("n(len([1 for g in roof.parts.closest_of_own() if g > 4]))", 3),
    ],
)
def test_truth_is_what_one_counts_by_hand(expression: str, by_hand: float) -> None:
    assert eval(expression, truth.names(SCENE, CLASSES, 2.0)).value == pytest.approx(by_hand)


def test_truth_of_yes_or_no_and_of_classes() -> None:
    over = truth.names(SCENE, CLASSES, 2.0)
    assert eval("yes(roof.area > water.area)", over).value == "yes"
    assert eval("yes(len(water.parts) >= 3)", over).value == "no"
    assert eval("cat(ranked()[0])", over).value == "agric"
    assert eval("bigger('forest', 'water')", over).value == "water"


def test_lengths_and_areas_of_units() -> None:
    assert truth.AREAS["acre"] == pytest.approx(43560 * truth.AREAS["sqft"])
    assert truth.AREAS["sqmi"] == pytest.approx(640 * truth.AREAS["acre"])
    assert truth.LENGTHS["mi"] == pytest.approx(1760 * truth.LENGTHS["yd"])


@pytest.mark.parametrize(
    ("answer", "unit", "expression", "good"),
    [
        (0.0056, "ha", "area(roof)", True),
        (0.0056, "ha", "area(roof, 'm2')", False),  # another unit than asked for
        (56.0, "m²", "area(roof, 'm2')", True),
        (56.3, "m²", "area(roof, 'm2')", False),
        (56.0, "m", "area(roof)", False),
        (3, "count", "n(roof.parts)", True),
        (3.01, "count", "n(roof.parts)", False),
        (3, "%", "n(roof.parts)", False),
        (3, "m²", "n(roof.parts)", False),
        ("yes", None, "yes(roof.area > 0)", True),
        (1, None, "yes(roof.area > 0)", False),
        ("agricultural land", None, "cat(ranked()[0])", True),
        ("forest", None, "cat(ranked()[0])", False),
        (400 / 72 * 3 / 4, "%", "share(forest)", True),
        (3 / 72, None, "share(forest)", False),
        (3 / 0.0288, "1/ha", "num(len(roof.parts) / (image.area / ha), 'ha')", True),
        (300 / 0.0288, "per km²", "num(len(roof.parts) / (image.area / ha), 'ha')", True),
        (3 / 0.0288, "per km²", "num(len(roof.parts) / (image.area / ha), 'ha')", False),
        (4 / 0.3048, "ft", "length(gap(roof, water))", True),
        (0.6, "kW", "watts(150 * solar.area, 'kW')", True),
    ],
)
def test_an_answer_is_right_with_its_unit(
    answer: object, unit: str | None, expression: str, good: bool
) -> None:
    assert scoring.matches(answer, unit, eval(expression, truth.names(SCENE, CLASSES, 2.0))) is good


def test_a_question_is_right_only_where_both_scenes_are() -> None:
    right = [[truth.n(3)], [truth.n(4), truth.n(5)]]
    assert scoring.verdict([(3, "count"), (5, "count")], right) == "right"
    assert scoring.verdict([(3, "count"), (6, "count")], right) == "wrong"
    assert scoring.verdict([None, (4, "count")], right) == "refused"
    assert scoring.verdict([(3, "count"), ([4], None)], right) == scoring.OTHER


def bench(outcomes: list[tuple[str, str, str]], monkeypatch: pytest.MonkeyPatch, *options: str) -> None:
    """Run the bench with outcomes in place of a coder's: wording, group, verdict."""
    spec = importlib.util.spec_from_file_location("bench_questions_bench", BENCH / "questions_bench.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, script)
    monkeypatch.setattr(sys, "path", [*sys.path])
    spec.loader.exec_module(script)
    made = [
        script.Outcome(text, group, "manner", verdict, [None, None], "") for text, group, verdict in outcomes
    ]
    monkeypatch.setattr(script, "own_outcomes", lambda coder, held_out: made)
    monkeypatch.setattr(sys, "argv", ["questions_bench.py", *options])
    assert script.main() == 0


def test_held_out_wordings_are_listed_only_on_purpose(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = [
        ("known one", "learning, measurable", "wrong"),
        ("hidden one", "held out, measurable", "wrong"),
        ("hidden two", "held out, unmeasurable", "answered"),
        ("known two", "learning, unmeasurable", "refused"),
    ]
    bench(outcomes, monkeypatch, "--show", "wrong")
    printed = capsys.readouterr().out
    assert "known one" in printed
    assert "hidden" not in printed
    assert "held out, measurable, 1: right 0 = 0.0%" in printed
    assert "held out, unmeasurable, 1: refused 0 = 0.0%" in printed
    bench(outcomes, monkeypatch, "--show", "refused")
    assert "one" not in capsys.readouterr().out  # what has to be refused is no fault
    bench(outcomes, monkeypatch, "--show", "wrong", "--held-out")
    assert "hidden two" in capsys.readouterr().out


def test_the_interval_of_a_share() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, 15 of 148, 0 of 20, by Wilson's method.
    assert scoring.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert scoring.wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert scoring.wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_the_wordings_are_as_many_and_as_various_as_they_say() -> None:
    asked = families.questions()
    counts = Counter(question.stratum for question in asked)
    drawn = {question.family: question.held_out for question in asked}
    assert len({question.text for question in asked}) == len(asked)
    assert counts["measurable"] >= 500
    assert counts["unmeasurable"] >= 60
    assert counts["unclear"] >= 30
    assert len(drawn) >= 60
    assert len({question.asker for question in asked}) >= 12
    assert sum(question.held_out for question in asked) >= 500  # what measures, in families held out whole
    assert sum(drawn.values()) == 62
    assert len({(question.asker, question.family) for question in asked}) == len(drawn)


def test_every_answer_of_a_file_is_one() -> None:
    # On every fourth pixel of a scene: that the expressions give answers, not what they come to.
    over = truth.names(scenes.scenes()[0][::4, ::4], scenes.LEGEND, 4 * scenes.GSD)
    for question in families.questions():
        for right in (eval(answer, over) for answer in question.answers):
            assert isinstance(right, truth.Right), question.family
            assert isinstance(right.value, str) or np.isfinite(right.value), question.family
            assert not right.unit or right.unit in {**truth.AREAS, **truth.LENGTHS, "kW": 1e3, "MW": 1e6}
    assert {question.stratum for question in families.questions() if not question.answers} <= {
        "unmeasurable",
        "unclear",
    }


def test_the_scenes_are_the_same_every_time() -> None:
    assert (scenes.paint(scenes.COUNTRY) == scenes.scenes()[1]).all()
    for labels in scenes.scenes():
        assert set(np.unique(labels)) == set(scenes.LEGEND.values())


@pytest.mark.parametrize("module", [truth, scoring, families, scenes], ids=lambda module: module.__name__)
def test_the_examples_of_the_bench_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
