"""The grammar formalism, and that every production fits its action."""

from __future__ import annotations

import inspect
import re

import pytest

from planimeter.coder.grammar import rules  # noqa: F401  (fills the grammar)
from planimeter.coder.grammar.formalism import Grammar, Parser, TooAmbiguous
from planimeter.coder.grammar.lexer import tokenize
from planimeter.coder.grammar.rulebook import GRAMMAR
from planimeter.meaning.record import Record, replace

PRODUCTIONS = [
    (rule, production) for rule, productions in GRAMMAR.productions.items() for production in productions
]


def test_every_pattern_names_rules_and_classes_that_exist() -> None:
    for _, production in PRODUCTIONS:
        GRAMMAR.node(production)  # raises for an unknown class or an unbalanced bracket
        for rule in re.findall(r"\{([a-z_]+)", production.pattern):
            assert rule in GRAMMAR.productions or rule in GRAMMAR.primitives, (rule, production.pattern)


def test_every_action_takes_what_its_patterns_capture() -> None:
    for _, production in PRODUCTIONS:
        names = {
            name or rule for rule, name in re.findall(r"\{([a-z_]+)(?::([a-z_]+))?\}", production.pattern)
        }
        parameters = inspect.signature(production.action).parameters
        assert names <= set(parameters), production.pattern
        # What a pattern does not capture, or only in an optional part, must have a default.
        sure = re.sub(r"\[[^\]]*\]", "", production.pattern)
        certain = {name or rule for rule, name in re.findall(r"\{([a-z_]+)(?::([a-z_]+))?\}", sure)}
        for name, parameter in parameters.items():
            if parameter.default is inspect.Parameter.empty:
                assert name in certain or "|" in production.pattern, (name, production.pattern)


def test_no_rule_begins_with_itself() -> None:
    for rule, production in PRODUCTIONS:
        assert not production.pattern.startswith((f"{{{rule}}}", f"{{{rule}:")), production.pattern


def test_no_class_is_unused() -> None:
    import pathlib

    import planimeter.coder.grammar as package

    text = "".join(path.read_text() for path in pathlib.Path(package.__path__[0]).rglob("*.py"))
    for name in GRAMMAR.classes:
        assert f"<{name}>" in text or text.count(f'"{name}"') > 1, name


@pytest.fixture
def small() -> Grammar:
    grammar = Grammar({"animal": ("cat", "black cat", "dog")})
    grammar.rule("pair", "<animal> and <animal>", "two (cats|dogs)")(lambda: "pair")
    grammar.rule("top", "{pair:first} [, ] {pair:second}")(lambda first, second: (first, second))
    grammar.rule("loop", "{loop} x", "x")(lambda loop=None: "x")
    return grammar


def test_patterns(small: Grammar) -> None:
    assert Parser(small, tokenize("black cat and dog")).complete("pair") == ["pair"]
    assert Parser(small, tokenize("cat and")).complete("pair") == []
    # Number words are numbers before the grammar sees them.
    assert Parser(small, tokenize("two cats")).complete("pair") == []


def test_a_rule_that_begins_with_itself_ends(small: Grammar) -> None:
    assert Parser(small, tokenize("x")).complete("loop") == ["x"]


def test_too_many_steps_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planimeter.coder.grammar.formalism.MAX_STEPS", 10)
    with pytest.raises(TooAmbiguous):
        Parser(GRAMMAR, tokenize("how many houses are within 50 m of water")).complete("top")


class Point(Record):
    x: float
    y: float = 0.0


class Other(Record):
    x: float
    y: float = 0.0


def test_records_are_equal_by_class_and_fields() -> None:
    assert Point(1.0) == Point(x=1.0, y=0.0)
    assert Point(1.0) != Other(1.0)
    assert len({Point(1.0), Point(1.0, 0.0), Other(1.0)}) == 2
    assert replace(Point(1.0), y=3.0) == Point(1.0, 3.0)
    with pytest.raises(AttributeError):
        Point(1.0).x = 2.0  # type: ignore[misc]
    with pytest.raises(TypeError):
        Point(1.0, 2.0, 3.0)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Point(1.0, x=2.0)  # type: ignore[misc]
