"""The part of a program that measures a spectral index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planimeter.meaning.reading import several
from planimeter.meaning.record import replace
from planimeter.meaning.units_asked import usual_area
from planimeter.table import Column
from planimeter.vocabulary.topics import EVERYWHERE

if TYPE_CHECKING:
    from planimeter.meaning.emit import ProgramWriter
    from planimeter.meaning.records import IndexOf, IndexOfEach

MOST_LISTED = 10_000
"""Rows of a list; the sandbox lets no longer one out."""


def limit_list(writer: ProgramWriter, found: str, many: str) -> None:
    """Refuse a list of shapes that is too long."""
    writer.sets.line(f"if len({found}) > {MOST_LISTED}:")
    writer.sets.line(
        f'    cannot_answer("There are " + str(len({found})) + " {many} here, and a list holds {MOST_LISTED:,}; '
        'ask for the largest of them, or how many there are.")'
    )


#: Statistics that are the ground which has an index, and no value of it.
GROUND = {"hectares": "area_hectares", "pixels": "area_pixels"}


def write_index(writer: ProgramWriter, of: IndexOf, name: str) -> str:
    """Write a statistic of an index; returns the variable that holds it."""
    sets = writer.sets
    image = "BEFORE_PATH" if of.of.before else "IMAGE_PATH"
    everywhere = of.of.topics == (EVERYWHERE,)
    whole = everywhere and of.of.frame is None and not (of.of.where or of.part)
    if whole:
        covered = ""
    elif everywhere:
        covered = sets.aside(lambda: sets.cover(of.of, of.part))
    else:
        covered = sets.cover(of.of, of.part)
        sets.count(covered)
    measured = sets.fresh(of.index.lower())
    between = f", {covered}" if covered else ""
    sets.line(f'{measured} = measure_index({image}, "{of.index}"{between}, gsd=gsd)')
    if of.statistic in GROUND:
        return writer.keep(name, f'{measured}["{GROUND[of.statistic]}"]', f"ground with {of.index}")
    many = several(of.of, cover=True)
    sets.line(f'if {measured}["mean"] is None:')
    sets.line(
        f'    cannot_answer("No ground of {many} has a value of {of.index}; ask about ground that is there.")'
    )
    return writer.keep(name, f'{measured}["{of.statistic}"]', f"{of.statistic} {of.index}")


def write_index_of_each(writer: ProgramWriter, meaning: IndexOfEach) -> tuple[Column, ...]:
    """Write a list of regions in order of an index; returns its columns."""
    sets = writer.sets
    found = sets.regions(meaning.of)
    sets.count(found)
    key = f"{meaning.statistic}_{meaning.index}"
    image = "BEFORE_PATH" if meaning.of.before else "IMAGE_PATH"
    sets.line(f'measure_index_of_each({image}, "{meaning.index}", {found}, "{meaning.statistic}", gsd)')
    known = sets.fresh("known")
    order = ", reverse=True" if meaning.highest else ""
    sets.line(f'{known} = [s for s in {found} if s["{key}"] is not None]')
    sets.line(f'{known} = sorted({known}, key=lambda s: s["{key}"]{order})')
    many = several(replace(meaning.of, pick=None, then=()))
    sets.line(f"if not {known}:")
    sets.line(
        f'    cannot_answer("There are no {many} with a value of {meaning.index}; ask about ground that is there.")'
    )
    if meaning.count is not None:
        sign = ">=" if meaning.highest else "<="
        sets.line(f'last = {known}[min({meaning.count}, len({known})) - 1]["{key}"]')
        chosen = sets.fresh("highest" if meaning.highest else "lowest")
        sets.line(f'{chosen} = [s for s in {known} if s["{key}"] {sign} last]')
        sets.only_count(chosen)
        writer.last = f"answer = {chosen}"
    else:
        limit_list(writer, known, many)
        # What has no value is listed as well, behind the rest.
        writer.last = f'answer = {known} + [s for s in {found} if s["{key}"] is None]'
    area = Column("area", usual_area(meaning.of).symbol)
    return Column("id", None, "count"), area, Column(key.replace("_", " "))
