"""The part of a program that measures a spectral index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planimeter.meaning.reading import several
from planimeter.vocabulary.topics import EVERYWHERE

if TYPE_CHECKING:
    from planimeter.meaning.emit import ProgramWriter
    from planimeter.meaning.records import IndexOf

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
        covered = sets._aside(lambda: sets.cover(of.of, of.part))
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
