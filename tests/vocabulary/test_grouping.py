"""What a table is wanted by."""

from __future__ import annotations

import pytest

from planimeter.vocabulary.grouping import grouped


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NDVI of the fields by zone", ("NDVI of the fields", "zone")),
        ("water area , per date ?", ("water area?", "date")),
        ("area, by zones.", ("area.", "zone")),
        ("x  ,  in each zone  ??", ("x??", "zone")),
        ("area by  zone \n", ("area", "zone")),
        ("How many zones are there?", ("How many zones are there?", None)),
    ],
)
def test_the_words_are_taken_off(text: str, found: tuple[str, str | None]) -> None:
    assert grouped(text) == found


def test_thousands_of_blanks_cost_no_more_than_reading_them() -> None:
    gap = " " * 20_000  # at each of which a search that begins anew would take hours
    assert grouped(f"How many{gap}buildings{gap}?{gap}")[1] is None
    assert grouped(f"How many{gap}buildings,{gap}by zone{gap}") == (f"How many{gap}buildings", "zone")
