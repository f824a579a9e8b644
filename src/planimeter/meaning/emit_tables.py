"""Meaning → program text where the answer is more than one value: tables, lists of regions, places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planimeter.meaning.covers import OTHER_GROUND, land_cover
from planimeter.meaning.emit_change import transition_columns, write_changed_most, write_transitions
from planimeter.meaning.emit_index import MOST_LISTED, limit_list, write_index_of_each
from planimeter.meaning.emit_parts import write_by_part
from planimeter.meaning.program_text import number, there_is_no
from planimeter.meaning.reading import condition as describe
from planimeter.meaning.reading import several
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    ByPart,
    ChangedMost,
    Composition,
    Histogram,
    IndexOfEach,
    Listing,
    Pick,
    Statistics,
    Subject,
    Tabular,
    Together,
    Transitions,
    Where,
)
from planimeter.meaning.together import write_measures
from planimeter.meaning.units_asked import usual_area
from planimeter.table import Column
from planimeter.vocabulary.topics import EVERYWHERE
from planimeter.vocabulary.units import HECTARE, METRE, PIXEL, Unit

if TYPE_CHECKING:
    from planimeter.meaning.emit import ProgramWriter

_NAMES = {
    "count": "count",
    "sum": "total",
    "mean": "mean",
    "median": "median",
    "min": "smallest",
    "max": "largest",
}


def write_table(writer: ProgramWriter, meaning: Tabular) -> tuple[str, tuple[Column, ...]]:
    """Write the program of a meaning; its last line sets ``answer``.

    Returns:
        the answer's type, and the columns of a table.
    """
    match meaning:
        case ByPart():
            return "table", write_by_part(writer, meaning)
        case Composition():
            return "table", _composition(writer, meaning)
        case Listing():
            return "list", _listing(writer, meaning)
        case IndexOfEach():
            return "list", write_index_of_each(writer, meaning)
        case Statistics():
            return "table", _statistics(writer, meaning)
        case Together():
            return "table", write_measures(writer, meaning)
        case Histogram():
            return "table", _histogram(writer, meaning)
        case Where():
            return "place", _where(writer, meaning)
        case ChangedMost():
            return "place", write_changed_most(writer, meaning)
        case Transitions():
            writer.last = write_transitions(writer, meaning)
            return "table", transition_columns(meaning)


def _composition(writer: ProgramWriter, meaning: Composition) -> tuple[Column, ...]:
    sets = writer.sets
    # A unit of area needs a scale, and says so where there is none.
    metric = writer.metric or meaning.unit is not None
    options = meaning.options or tuple(Subject((topic,)) for topic in land_cover(writer.topics))
    base, key = (HECTARE, "area_hectares") if metric else (PIXEL, "area_pixels")
    entries, names = [], []
    part = meaning.part
    for option in options:
        if part:
            names.append(sets.cover(option, part, writer.overlapping(option)))
            value = f'sum(s["{key}"] for s in {names[-1]})'
        else:
            value = writer.area(option, (), base, once=True)
            names.append(sets.regions(option))
        entries.append(f'    "{several(option, cover=True)}": {value},')
    for line in ("areas = {", *entries, "}", 'print("areas:", areas)'):
        sets.line(line)
    if part:
        ground = sets.cover(Subject((EVERYWHERE,)), part)
        sets.line(f'whole = sum(s["{key}"] for s in {ground})')
    else:
        total = "total_hectares" if metric else "total_pixels"
        sets.line(f'whole = result["{total}"]')
    row = f'"land cover": name, "{key}": areas[name], "share_percent": 100 * areas[name] / whole if whole else 0.0'
    # A topic's shapes may lie on those of another, so the rest is not the difference of sums.
    if not meaning.options:
        together = sets.fresh("together")
        sets.line(f"{together} = merge_shapes({' + '.join(dict.fromkeys(names))})")
        sets.line(f'rest = whole - sum(s["{key}"] for s in {together})')
    order = f"sorted(areas, key=lambda name: areas[name]{', reverse=True' if meaning.largest else ''})"
    sets.line(f"rows = [{{{row}}} for name in {order}]")
    if not meaning.options:
        sets.line("if rest > 1e-9 * whole:")
        sets.line(
            f'    rows.append({{"land cover": "{OTHER_GROUND}", "{key}": rest, "share_percent": 100 * rest / whole}})'
        )
    writer.last = "answer = rows"
    area = (
        Column("area", (meaning.unit or HECTARE).symbol)
        if writer.metric
        else Column("pixels", "count", "count")
    )
    return Column("land cover", None, "text"), area, Column("share", "%")


def _listing(writer: ProgramWriter, meaning: Listing) -> tuple[Column, ...]:
    sets = writer.sets
    found = sets.regions(meaning.of)
    sets.count(found)
    many = several(Subject(meaning.of.topics))
    if meaning.of.pick is None or meaning.of.pick.count > MOST_LISTED:
        limit_list(writer, found, many)
    columns = [Column("id", None, "count"), Column("area", (meaning.unit or usual_area(meaning.of)).symbol)]
    if meaning.to is not None:
        reference = sets.reference(meaning.to)
        writer.need(reference, f"{there_is_no(several(meaning.to, cover=True))} to measure to")
        sets.line(f"calculate_shape_distances({found}, {reference}, gsd)")
        columns.append(Column("distance", (meaning.length or METRE).symbol))
    first = meaning.first or usual_first(meaning)
    if first in ("nearest", "farthest"):
        key = 's["distance_meters"]'
    else:
        # What has no area, such as a point of a layer, is listed as well, behind the rest.
        key = f's["{"area_hectares" if meaning.unit is not None else sets.size_key}"] or 0'
    order = ", reverse=True" if first in ("largest", "farthest") else ""
    writer.last = f"answer = sorted({found}, key=lambda s: {key}{order})"
    return tuple(columns)


def usual_first(listing: Listing) -> str:
    """What stands first in a list whose order nobody asked for.

    >>> usual_first(Listing(Subject(("water",)))), usual_first(Listing(Subject(("roof",)), Subject(("road",))))
    ('largest', 'nearest')
    """
    if listing.to is not None:
        return "nearest"
    return "smallest" if listing.of.pick is not None and not listing.of.pick.largest else "largest"


def statistic_column(name: str, of_distances: bool, unit: Unit) -> Column:
    """The column of one statistic.

    >>> statistic_column("mean", False, HECTARE).heading, statistic_column("count", True, METRE).heading
    ('mean area [ha]', 'count')
    """
    if name == "count":
        return Column("count", "count", "count")
    what = "distance" if of_distances else "area"
    return Column(f"{what} deviation" if name == "deviation" else f"{_NAMES[name]} {what}", unit.symbol)


def _statistics(writer: ProgramWriter, meaning: Statistics) -> tuple[Column, ...]:
    sets = writer.sets
    found = sets.regions(meaning.of)
    sets.count(found)
    writer.need(found, f"there are no {several(meaning.of)} to measure")
    if meaning.to is not None:
        reference = sets.reference(meaning.to)
        writer.need(reference, f"{there_is_no(several(meaning.to, cover=True))} to measure to")
        sets.line(f"calculate_shape_distances({found}, {reference}, gsd)")
        key, base, unit = "distance_meters", "meters", meaning.unit or METRE
    else:
        key, base, unit = "area_hectares", "hectares", meaning.unit or usual_area(meaning.of)
    sets.line(f'values = sorted(s["{key}"] for s in {found})')
    if {"mean", "deviation"} & set(meaning.which):
        sets.line("mean = sum(values) / len(values)")
    values = {
        "count": "len(values)",
        "sum": "sum(values)",
        "mean": "mean",
        "median": "(values[len(values) // 2] + values[-1 - len(values) // 2]) / 2",
        "min": "values[0]",
        "max": "values[-1]",
        "deviation": "(sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5",
    }
    columns, cells = [], []
    for name in dict.fromkeys(meaning.which):
        columns.append(statistic_column(name, meaning.to is not None, unit))
        said = statistic_column(name, meaning.to is not None, unit).name.replace(" ", "_")
        key_of_it = "count" if name == "count" else f"{said}_{base}"
        cells.append(f'"{key_of_it}": {values[name]}')
    sets.line(f"row = {{{', '.join(cells)}}}")
    writer.last = "answer = [row]"
    return tuple(columns)


def _histogram(writer: ProgramWriter, meaning: Histogram) -> tuple[Column, ...]:
    sets = writer.sets
    found = sets.regions(meaning.of)
    sets.count(found)
    writer.need(found, f"there are no {several(meaning.of)} to measure")
    unit = meaning.unit or (meaning.width.unit if meaning.width else usual_area(meaning.of))
    factor = (
        ""
        if unit == HECTARE
        else f" / {number(unit.factor)}"
        if unit.factor >= 1
        else f" * {number(1 / unit.factor)}"
    )
    sets.line("import math")
    sets.line(f'sizes = [s["area_hectares"]{factor} for s in {found}]  # {unit.symbol}')
    if meaning.width is not None:
        sets.line(f"width = {number(meaning.width.base / unit.factor)}")
    else:  # 1, 2 or 5 times a power of ten
        sets.line("power = 10 ** math.floor(math.log10(max(sizes) / 10))")
        sets.line("width = [step * power for step in (1, 2, 5, 10) if step * power >= max(sizes) / 10][0]")
    # A size on a limit belongs above it, also where hectares times 10,000 fall a hair short of it.
    sets.line("classes = [math.floor(size / width + 1e-9) for size in sizes]")
    sets.line(f"if max(classes) >= {MOST_CLASSES}:")
    sets.line(f'    cannot_answer("That makes more than {MOST_CLASSES} classes; ask for wider ones.")')
    row = '"from": k * width, "to": (k + 1) * width, "count": classes.count(k)'
    writer.last = f"answer = [{{{row}}} for k in range(max(classes) + 1)]"
    return Column("from", unit.symbol), Column("to", unit.symbol), Column("count", "count", "count")


MOST_CLASSES = 1_000
"""Classes of a histogram."""


def _where(writer: ProgramWriter, meaning: Where) -> tuple[Column, ...]:
    """One place; several that are exactly equal are listed, for none of them is more right than another."""
    sets = writer.sets
    of, to = meaning.of, meaning.to
    many = several(Subject(of.topics))
    columns = [Column("id", None, "count"), Column("area", usual_area(of).symbol)]
    if to is not None:
        found = sets.regions(of)
        writer.need(found, f"there are no {several(of)} to point at")
        reference = sets.reference(to)
        writer.need(reference, f"{there_is_no(several(to, cover=True))} to measure to")
        sets.line(f"calculate_shape_distances({found}, {reference}, gsd)")
        key, rank, most = "distance_meters", 1, meaning.farthest
        columns.append(Column("distance", "m"))
    else:
        pick = of.pick or Pick(True, only=True)
        found = sets.regions(replace(of, pick=None, then=()))
        writer.need(found, f"there are no {several(replace(of, pick=None, then=()))} to point at")
        key, rank, most = sets.size_key, pick.first, pick.largest
        if pick.only:
            sets.line(f"if len({found}) > 1:")
            sets.line(
                f'    cannot_answer("There are " + str(len({found})) + " {many} in this image, not one; '
                'ask for the largest, or for a list of them.")'
            )
        if rank > 1:
            sets.line(f"if len({found}) < {rank}:")
            sets.line(
                f'    cannot_answer("There are fewer than {rank} {many} in this image; ask for the largest.")'
            )
    place = sets.fresh("place")
    sets.line(f'order = sorted([s["{key}"] for s in {found}]{", reverse=True" if most else ""})')
    sets.line(f'{place} = [s for s in {found} if s["{key}"] == order[{rank - 1}]]')
    sets.only_count(place)
    for condition in of.then:
        place = sets.filtered(place, (condition,), of)
        writer.need(
            place, f"{several(replace(of, then=()))} is not {describe(condition)}, so there is no such place"
        )
    writer.last = f"answer = {place}[0] if len({place}) == 1 else {place}"
    return tuple(columns)
