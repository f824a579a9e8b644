"""The part of a program that asks the same of several parts of the image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planimeter.errors import NotMeasurable
from planimeter.meaning.directions import CENTRE
from planimeter.meaning.program_text import converted
from planimeter.meaning.quantity_units import compared_in, counted_once, unit_of
from planimeter.meaning.record import every, fields, replace
from planimeter.meaning.records import (
    Area,
    ByPart,
    Comparison,
    Count,
    Density,
    Difference,
    Inside,
    Length,
    OfGround,
    Ratio,
    Share,
    Subject,
    WhichPart,
)
from planimeter.meaning.restrict import lying_in
from planimeter.table import Column
from planimeter.vocabulary.units import HECTARE, METRE, Unit

if TYPE_CHECKING:
    from planimeter.meaning.emit import ProgramWriter


def in_part(of: OfGround, part: Subject) -> OfGround:
    """A quantity as it is asked of one part of the image."""
    here = Inside(part)
    match of:
        case Count(regions) | Length(regions):
            return replace(of, of=replace(regions, where=(*regions.where, here)))
        case Area(regions, cut) if cut:
            return replace(of, part=(*cut, here))
        case Area(regions):
            return replace(of, of=replace(regions, where=(*regions.where, here)))
        case Share(regions):
            return Share(part, lying_in(regions), of_image=False)
        case Density(regions):
            return replace(of, of=replace(regions, where=(*regions.where, here)), over=part)


def refuse_parts_compared(meaning: Any) -> None:
    """Refuse to compare amounts of parts of the image inside of an area, which covers more of one than another.

    Shares and densities are of the ground that is covered, and may be compared.

    Raises:
        NotMeasurable: what is asked would mostly tell where the area lies.
    """
    if any(_compares_parts(asked) for asked in every(meaning, WhichPart | Comparison | Difference | Ratio)):
        raise NotMeasurable(
            "Parts of the image are compared, and an area or a zone covers more of one part than of another, so the "
            "answer would tell where it lies: ask of the whole image, or give the parts as zones."
        )


def _compares_parts(asked: WhichPart | Comparison | Difference | Ratio) -> bool:
    """Whether amounts of different parts of the image are compared."""
    if isinstance(asked, WhichPart):
        return not isinstance(asked.of, Share | Density)
    if isinstance(asked.first, Share | Density):
        return False
    first, second = (
        {subject.frame for subject in every(side, Subject) if subject.frame not in (None, CENTRE)}
        for side in fields(asked)[:2]
    )
    return bool(first and second) and first != second


def write_which_part(writer: ProgramWriter, meaning: WhichPart) -> None:
    """Write the comparison of parts; equal ones are named, for none of them is more right than another."""
    sets = writer.sets
    # Of what has no data there is the least, and no share: that is no answer.
    if not meaning.most or isinstance(meaning.of, Share | Density):
        for part in meaning.parts:
            sets.line(f"if not {sets.frame(part.frame)}:")
            sets.line(
                f'    cannot_answer("There is no ground with data in the {part.said} of this image; compare others.")'
            )
    amounts = [
        writer.value(counted_once(compared_in(in_part(meaning.of, part), writer.compared)), "amount")
        for part in meaning.parts
    ]
    _show(writer, meaning)
    entries = (f'    "{part.said}": {amount},' for part, amount in zip(meaning.parts, amounts, strict=True))
    for line in ("amounts = {", *entries, "}"):
        sets.line(line)
    sets.line(f"best = {'max' if meaning.most else 'min'}(list(amounts.values()))")
    sets.line("winners = [part for part in amounts if amounts[part] == best]")
    sets.line("if len(winners) > 1:")
    sets.line(
        '    cannot_answer("They are exactly equal: " + ", ".join(winners) + " with " + str(best) + " each; ask for a '
        'table of them.")'
    )
    writer.last = "answer = winners[0]"


def write_by_part(writer: ProgramWriter, meaning: ByPart) -> tuple[Column, ...]:
    """Write the table of parts, in the order of the question."""
    sets = writer.sets
    name, base, column = _column(meaning.of)
    rows = []
    for part in meaning.parts:
        quantity = in_part(meaning.of, part)
        if base is not None:
            quantity = replace(quantity, unit=base)  # type: ignore[call-arg]
        value = _amount_there(writer, quantity)
        if isinstance(meaning.of, Share):
            ground = sets.frame(part.frame)
            value = f"{value} if {ground} else None"
        rows.append(f'    {{"part": "{part.said}", "{name}": {value}}},')
    _show(writer, meaning)
    for line in ("rows = [", *rows, "]"):
        sets.line(line)
    writer.last = "answer = rows"
    return Column("part", None, "text"), column


def _show(writer: ProgramWriter, meaning: ByPart | WhichPart) -> None:
    """Write what the picture shows: what was measured in any of the parts, once where parts overlap, and the parts."""
    sets = writer.sets
    frames = list(dict.fromkeys(sets.frame(part.frame) for part in meaning.parts))
    of = meaning.of
    # A share is of the part, and what covers it is looked at from there; what is shown is the cover.
    covered = sets.aside(lambda: sets.regions(of.of)) if isinstance(of, Share) else ""
    sets.refer(frames, instead_of=covered)
    if isinstance(of, Count | Density):
        return  # whole regions: one of two parts is the same one
    cover = sets.aside(lambda: sets.cover(of.of, of.part if isinstance(of, Area | Length) else ()))
    sets.line("# for the picture: all of it that lies in one of these parts")
    shown = sets.fresh("shown")
    sets.line(f"{shown} = intersect_shapes({cover}, merge_shapes({' + '.join(frames)}))")
    sets.only_count(shown)


def _amount_there(writer: ProgramWriter, of: OfGround) -> str:
    """The number of one row; a part without ground has no density, and the others keep theirs."""
    if not isinstance(of, Density) or of.over is None:
        return writer.value(of, "amount")
    over = of.over
    count = writer.value(Count(of.of), "amount")
    ground = writer.sets.aside(lambda: writer.value(Area(over, unit=HECTARE), "ground"))
    return f"{count} / ({converted(ground, of.per)}) if {ground} else None"


def _column(of: OfGround) -> tuple[str, Unit | None, Column]:
    """The key of a row, the unit that it is measured in, and the column that it becomes."""
    match of:
        case Count():
            return "count", None, Column("count", "count", "count")
        case Area(_, _, unit):
            return "area_hectares", HECTARE, Column("area", (unit or HECTARE).symbol)
        case Length(_, _, unit):
            return "length_meters", METRE, Column("length", (unit or METRE).symbol)
        case Share():
            return "share_percent", None, Column("share", "%")
    return "density", None, Column("density", unit_of(of))
