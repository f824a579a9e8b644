"""The part of a program about the form of regions and their neighbours of the same kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planimeter.meaning.program_text import in_unit_of_length
from planimeter.meaning.reading import several
from planimeter.meaning.records import Neighbours, Orientation
from planimeter.vocabulary.topics import topic_of
from planimeter.vocabulary.units import METRE

if TYPE_CHECKING:
    from planimeter.meaning.emit import ProgramWriter

ROUND = 1.2
"""A region less than so many times longer than wide lies no way."""


def write_form(writer: ProgramWriter, of: Neighbours | Orientation, name: str) -> str:
    """Write a quantity of form; returns the variable that holds it."""
    sets = writer.sets
    found = sets.regions(of.of)
    sets.count(found)
    if isinstance(of, Neighbours):
        many = several(of.of)
        sets.line(f"if len({found}) < 2:")
        sets.line(
            f'    cannot_answer("There are fewer than two {many} in this image, so none has a neighbour; ask how many '
            'there are.")'
        )
        sets.line(f"calculate_neighbor_distances({found}, gsd)")
        listing = f'[s["neighbor_meters"] for s in {found}]'
        value = writer.statistic([listing, found], of.statistic, of.of)
        unit = of.unit or METRE
        return writer.keep(name, in_unit_of_length(value, unit), f"distance [{unit.symbol}]")
    one = topic_of(of.of.topics[0]).one
    sets.line(f"if len({found}) != 1:")
    sets.line(
        f'    cannot_answer("There are " + str(len({found})) + " of them, and each lies its own way; ask of the '
        f'largest {one}.")'
    )
    sets.line(f"calculate_shape_orientations({found}, gsd)")
    sets.line(f'if {found}[0]["elongation"] < {ROUND}:')
    sets.line(
        f'    cannot_answer("This {one} is about as long as wide, so that it lies no way; ask of another.")'
    )
    return writer.keep(name, f'{found}[0]["orientation_degrees"]', "degrees clockwise from north")
