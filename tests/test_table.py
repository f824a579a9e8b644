"""Tables: what people, spreadsheets and programs get of one value."""

from __future__ import annotations

import csv
import io

import pytest

from planimeter.table import Column, Table, shown

COVERS = Table(
    (Column("land cover", kind="text"), Column("area", "ha"), Column("patches", "count", "count")),
    (("water", 12.345678, 3), ("forest", 1234.5678, 12000), ("grass", None, 0)),
)


def test_every_form_says_the_units():
    assert COVERS.csv().splitlines()[0] == "land cover,area [ha],patches"
    assert "area [ha]" in str(COVERS)
    assert "| area [ha] |" in COVERS.markdown()


def test_numbers_are_rounded_for_people_only():
    assert "12.35" in str(COVERS)
    assert "1,234.6" in COVERS.markdown()
    rows = list(csv.reader(io.StringIO(COVERS.csv())))
    assert [float(rows[1][1]), float(rows[2][1])] == [12.345678, 1234.5678]
    assert COVERS.records()[0]["area"] == 12.345678


def test_files_hold_no_noise_of_floating_point():
    table = Table((Column("area", "ha"), Column("n", "count", "count")), ((3 * 0.1, 2**60 + 1), (2 / 3, 1)))
    lines = table.csv().splitlines()
    assert lines[1:] == [f"0.3,{2**60 + 1}", "0.666666666666667,1"]


def test_nothing_is_no_zero():
    assert COVERS.column("area")[2] is None
    assert shown(None) != shown(0)
    assert list(csv.reader(io.StringIO(COVERS.csv())))[3][1] == ""


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_text_is_no_formula(text):
    table = Table((Column("zone", kind="text"),), ((text,),))
    assert next(iter(csv.reader(io.StringIO(table.csv().split("\n", 1)[1]))))[0] == f"'{text}"


def test_bars_and_lines_stay_in_their_cell():
    table = Table((Column("zone", kind="text"),), (("a|b\nc",),))
    assert table.markdown().splitlines()[-1] == "| a\\|b c |"


def test_rows_fit_columns_and_names_differ():
    with pytest.raises(ValueError, match="2 cells"):
        Table((Column("a"), Column("b")), ((1,),))
    with pytest.raises(ValueError, match="names of their own"):
        Table((Column("a"), Column("a")))
    with pytest.raises(KeyError):
        COVERS.column("volume")
