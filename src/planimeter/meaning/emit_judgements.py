"""Meaning → program text where the answer is a yes or no, or a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planimeter.meaning.change import asks_for_any_change
from planimeter.meaning.covers import land_cover
from planimeter.meaning.emit_parts import write_which_part
from planimeter.meaning.program_text import inside, number, there_is_no
from planimeter.meaning.quantity_units import compared_in, counted_once, in_base
from planimeter.meaning.reading import several
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    DEFAULT_PATCHES,
    All,
    Bounds,
    Comparison,
    Fragmentation,
    Judgement,
    Leads,
    Presence,
    Quantity,
    Size,
    Subject,
    Threshold,
    Which,
    WhichPart,
)
from planimeter.vocabulary.topics import topic_of
from planimeter.vocabulary.units import HECTARE, Measure

if TYPE_CHECKING:
    from planimeter.meaning.emit import ProgramWriter


def write_judgement(writer: ProgramWriter, meaning: Judgement) -> str:
    """Write the program of a judgement, whose last line sets ``answer``; returns the answer's type."""
    match meaning:
        case Presence(of, least, absent):
            found = writer.sets.regions(of)
            writer.sets.count(found)
            writer.last = f"answer = len({found}) {'<' if absent else '>='} {least}"
        case All():
            _all(writer, meaning)
        case Threshold():
            _threshold(writer, meaning)
        case Comparison(first, second, sign, factor):
            left, right = _side(writer, first, "first"), _side(writer, second, "second")
            times = "" if factor == 1 else f"{number(factor)} * "
            writer.last = f"answer = {left} {sign} {times}{right}"
        case Fragmentation():
            return _fragmentation(writer, meaning)
        case Which(options, most, by, rank):
            _rank(writer, options, most, by, rank)
            writer.last = "answer = winners[0]"
            return "category"
        case Leads(of, most, options):
            options = options or tuple(Subject((topic,)) for topic in land_cover(writer.topics))
            _rank(writer, options, most, "area", 1)
            writer.last = f'answer = winners[0] == "{of.topics[0]}"'
        case WhichPart():
            write_which_part(writer, meaning)
            return "category"
    return "yes/no"


def _side(writer: ProgramWriter, of: Quantity, name: str) -> str:
    """One side of a comparison, the ground that shapes of a layer share counted once."""
    return writer.value(counted_once(compared_in(of, writer.compared)), name)


def _all(writer: ProgramWriter, meaning: All) -> None:
    whole = writer.sets.regions(meaning.of)
    writer.need(whole, f"there are no {several(meaning.of)}")
    kept = writer.sets.filtered(whole, meaning.part, meaning.of)
    writer.sets.count(kept)
    writer.last = f"answer = len({kept}) == len({whole})"


def _threshold(writer: ProgramWriter, meaning: Threshold) -> None:
    of, bounds = meaning.of, meaning.bounds
    # More or less ground, whatever the unit: as areas are compared, so that pictures without a scale do too.
    of = compared_in(of, writer.compared) if asks_for_any_change(meaning) else in_base(of, bounds)
    value = writer.value(of, "value")
    if meaning.equal:
        assert bounds.low is not None
        writer.last = f"answer = {value} == {number(bounds.low.base)}"
    else:
        writer.last = f"answer = {inside(value, bounds)}"


def _fragmentation(writer: ProgramWriter, meaning: Fragmentation) -> str:
    of, bounds = meaning.of, meaning.bounds
    everything = writer.sets.regions(replace(of, where=()))
    writer.need(everything, there_is_no(several(replace(of, where=()), cover=True)))
    if bounds is None and not any(isinstance(value, Size) for value in of.where):
        size = Measure(topic_of(of.topics[0]).smallest, HECTARE)
        of = replace(of, where=(*of.where, Size(Bounds(low=size))))
    patches = writer.sets.regions(of)
    writer.sets.count(patches)
    test = f"len({patches}) > {DEFAULT_PATCHES}" if bounds is None else inside(f"len({patches})", bounds)
    if meaning.yes_means:
        writer.last = f"answer = {test}" if meaning.yes_means == "fragmented" else f"answer = not ({test})"
        return "yes/no"
    writer.last = f'answer = "fragmented" if {test} else "connected"'
    return "category"


def _rank(writer: ProgramWriter, options: tuple[Subject, ...], most: bool, by: str, rank: int) -> None:
    """Write which of several subjects is at a place by area or number, and the refusal where several are."""
    sets = writer.sets
    entries = []
    for option in options:
        amount = (
            f"len({sets.regions(option)})"
            if by == "count"
            else writer.area(option, (), writer.compared, once=True)
        )
        entries.append(f'    "{option.topics[0]}": {amount},')
    for line in ("amounts = {", *entries, "}", 'print("amounts:", amounts)'):
        sets.line(line)
    best = f"{'max' if most else 'min'}(list(amounts.values()))"
    if rank > 1:
        sets.line(f"if len(amounts) < {rank}:")
        sets.line(f'    cannot_answer("There are fewer than {rank} of them; ask for the largest.")')
        best = f"sorted(amounts.values(){', reverse=True' if most else ''})[{rank - 1}]"
    sets.line(f"best = {best}")
    sets.line("winners = [topic for topic in amounts if amounts[topic] == best]")
    sets.line("if len(winners) > 1:")
    sets.line('    cannot_answer("They are exactly equal: " + ", ".join(winners) + "; ask for their areas.")')
