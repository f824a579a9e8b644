"""Numbers, units and separators as people type them."""

from __future__ import annotations

import pytest

from planimeter.coder.grammar.lexer import tokenize
from planimeter.errors import NotUnderstood


def told(text: str) -> list[object]:
    """Tokens as values: numbers, unit symbols in angle brackets, words."""
    return [
        token.number if token.number is not None else f"<{token.unit.symbol}>" if token.unit else token.text
        for token in tokenize(text)
    ]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("1,000 m²", [1000.0, "<m²>"]),
        ("1,234,567.5 m2", [1234567.5, "<m²>"]),
        ("0.5ha", [0.5, "<ha>"]),
        (".5 hectares", [0.5, "<ha>"]),
        ("half a hectare", [0.5, "<ha>"]),
        ("half an acre", [0.5, "<acres>"]),
        ("a quarter of a hectare", [0.25, "<ha>"]),
        ("a quarter hectare", [0.25, "<ha>"]),
        ("three quarters of an acre", [0.75, "<acres>"]),
        ("a tenth of a hectare", [0.1, "<ha>"]),
        ("one tenth of a square kilometre", [0.1, "<km²>"]),
        ("two thirds of the forest", [2 / 3, "of", "the", "forest"]),
        ("half of the image", [0.5, "of", "the", "image"]),
        ("1/2 ha", [0.5, "<ha>"]),
        ("½ ha", [0.5, "<ha>"]),
        ("2½ ha", [2.5, "<ha>"]),
        ("two and a half hectares", [2.5, "<ha>"]),
        ("a hectare", [1.0, "<ha>"]),
        ("a square mile", [1.0, "<mi²>"]),
        ("a lake", ["a", "lake"]),
        ("twenty-five buildings", [25.0, "buildings"]),
        ("one hundred and fifty metres", [150.0, "<m>"]),
        ("one hundred fifty", [150.0]),
        ("a hundred metres", [100.0, "<m>"]),
        ("hundred metres", [100.0, "<m>"]),
        ("five hundred m", [500.0, "<m>"]),
        ("5 hundred m", [500.0, "<m>"]),
        ("a thousand", [1000.0]),
        ("two thousand five hundred", [2500.0]),
        ("one hundred and twenty thousand", [120000.0]),
        ("1.5 million", [1500000.0]),
        ("a dozen", [12.0]),
        ("two dozen lakes", [24.0, "lakes"]),
        ("a couple of houses", [2.0, "houses"]),
        ("one or two", [1.0, "or", 2.0]),
        (
            "larger than 1 and smaller than 2 ha",
            ["larger", "than", 1.0, "and", "smaller", "than", 2.0, "<ha>"],
        ),
        ("0.1–10 ha", [0.1, "to", 10.0, "<ha>"]),
        ("0.1 - 10 ha", [0.1, "to", 10.0, "<ha>"]),
        ("0.1 to 10 ha", [0.1, "to", 10.0, "<ha>"]),
        ("0.1 ha-10 ha", [0.1, "<ha>", "to", 10.0, "<ha>"]),
        ("20-metre buffer", [20.0, "<m>", "buffer"]),
        ("a third largest", ["a", "third", "largest"]),
        ("the 2nd largest", ["the", "second", "largest"]),
        ("200W/m²", [200.0, "<W/m²>"]),
        ("200 watts per square metre", [200.0, "<W/m²>"]),
        ("100 sq. m", [100.0, "<m²>"]),
        ("100 sq ft", [100.0, "<ft²>"]),
        ("100 metres squared", [100.0, "<m²>"]),
        ("100 m^2", [100.0, "<m²>"]),
        ("10 per cent", [10.0, "<%>"]),
        ("<0.01 ha", ["<", 0.01, "<ha>"]),
        ("≥ 5 ha", [">=", 5.0, "<ha>"]),
        ("100 m", [100.0, "<m>"]),
        ("10\u202f000 m²", [10000.0, "<m²>"]),
        ("what's the lake's area", ["what", "is", "the", "lake", "'s", "area"]),
        ("there aren't any", ["there", "are", "not", "any"]),
        ("built‑up", ["built", "up"]),
        ("i.e. within", ["within"]),
    ],
)
def test_tokens(text: str, tokens: list[object]) -> None:
    assert (
        told(text) == pytest.approx(tokens)
        if all(isinstance(t, float) for t in tokens)
        else told(text) == tokens
    )


@pytest.mark.parametrize(
    "text", ["within -5 m", "€50", "x{}#", "7th largest", "a_b", "50 €", "larger than −1 ha"]
)
def test_what_has_no_sense_here_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood, match=r"\.$"):
        tokenize(text)


def test_separators_are_kept_in_front_of_what_follows() -> None:
    assert [token.before for token in tokenize("Houses (big), lakes. Roads")] == ["", "(", ",", "."]
