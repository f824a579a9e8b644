"""The part of a program about the form of regions, their neighbours of the same kind and borders with others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planimeter.meaning.program_text import in_unit_of_length
from planimeter.meaning.reading import several
from planimeter.meaning.records import Border, Neighbours, Orientation, Subject
from planimeter.vocabulary.topics import topic_of
from planimeter.vocabulary.units import METRE

if TYPE_CHECKING:
    from planimeter.meaning.emit import ProgramWriter

ROUND = 1.2
"""A region less than so many times longer than wide lies no way."""


def write_form(writer: ProgramWriter, of: Neighbours | Orientation | Border, name: str) -> str:
    """Write a quantity of form; returns the variable that holds it."""
    if isinstance(of, Border):
        return _border(writer, of, name)
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
        value = writer.statistic("neighbor_meters", found, of.statistic, of.of)
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


def _border(writer: ProgramWriter, of: Border, name: str) -> str:
    """Write the length of a shared border; returns the variable that holds it.

    Both outlines together have every edge of the border twice, and the outline of both covers as one has it no more.
    """
    sets = writer.sets
    first, second = _pixels(writer, of.of), _pixels(writer, of.to)
    here, there = several(of.of, cover=True), several(of.to, cover=True)
    sets.line(f"if intersect_shapes({first}, {second}):")
    sets.line(
        f'    cannot_answer("Some ground is both {here} and {there}, so that no line parts them; ask how much of the '
        'one lies in the other.")'
    )
    both = sets.fresh("both")
    sets.line(f"{both} = merge_shapes({first} + {second})")
    outlines = []
    for shapes in (first, second, both):
        sets.line(f"calculate_shape_perimeters({shapes}, gsd)")
        outlines.append(f'sum(s["perimeter_meters"] for s in {shapes})')
    sets.line("# the border is part of both outlines, and inside that of both together")
    unit = of.unit or METRE
    value = in_unit_of_length(f"round(({outlines[0]} + {outlines[1]} - {outlines[2]}) / 2, 6)", unit)
    return writer.keep(name, value, f"border [{unit.symbol}]")


def _pixels(writer: ProgramWriter, of: Subject) -> str:
    """The variable with the ground of some regions as regions of pixels."""
    found = writer.sets.regions(of)
    merged = writer.sets.fresh("pixels")
    writer.sets.line(f"{merged} = merge_shapes({found})")
    return merged
