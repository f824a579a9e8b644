"""The part of a program that compares two dates: what was lost and gained, which things match, what became what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from planimeter.meaning.change import earlier
from planimeter.meaning.covers import OTHER_GROUND, land_cover
from planimeter.meaning.fates import matched
from planimeter.meaning.program_text import area_key, converted, there_is_no, total_area
from planimeter.meaning.reading import several
from planimeter.meaning.records import (
    Area,
    Change,
    Changed,
    ChangedMost,
    Matched,
    NetChange,
    Quantity,
    Subject,
    Transitions,
    Turnover,
)
from planimeter.meaning.units_asked import usual_area
from planimeter.spatial.change import OTHER
from planimeter.table import Column
from planimeter.vocabulary.topics import topic_of
from planimeter.vocabulary.units import HECTARE, PIXEL

if TYPE_CHECKING:
    from planimeter.meaning.emit import ProgramWriter


def write_change(writer: ProgramWriter, of: Change, name: str) -> str:
    """Write a quantity of two dates; returns the variable that holds it."""
    match of:
        case Changed():
            return _changed(writer, of, name)
        case NetChange(quantity, way, percent):
            return _net(writer, quantity, way, percent, name)
        case Matched():
            return _matched(writer, of, name)
        case Turnover():
            return _turnover(writer, of, name)


def _cover(writer: ProgramWriter, of: Subject) -> str:
    """The variable with the pixels of a cover, each once."""
    return writer.sets.cover(of, (), layered=writer.overlapping(of))


def _mark(writer: ProgramWriter, of: Subject) -> tuple[str, str, dict[str, str]]:
    """Write what of a cover was lost, gained and kept; the variables of both dates, and these by their names."""
    sets = writer.sets
    was, now = sets.aside(lambda: _cover(writer, earlier(of))), sets.aside(lambda: _cover(writer, of))
    calls = {
        "lost": f"subtract_shapes({was}, {now})",
        "gained": f"subtract_shapes({now}, {was})",
        "kept": f"intersect_shapes({was}, {now})",
    }
    for role, call in calls.items():
        kept = sets.fresh(role)
        sets.line(f"{kept} = {call}")
        sets.changes.append((role, kept))
        calls[role] = kept
    return was, now, calls


def _changed(writer: ProgramWriter, of: Changed, name: str) -> str:
    sets = writer.sets
    was, now, parts = _mark(writer, of.of)
    part = parts[of.what]
    if of.other is not None:
        beside = of.other if of.what == "lost" else earlier(of.other)
        other = sets.aside(lambda: _cover(writer, beside))
        source = was if of.what == "lost" else now
        part = sets.fresh("part")
        sets.line(
            f"{part} = intersect_shapes({source}, {other})  # {'became' if of.what == 'lost' else 'was'} that"
        )
    sets.count(part)
    if not of.percent:
        unit = of.unit or HECTARE
        return writer.keep(name, total_area(part, unit), f"{of.what} [{unit.symbol}]")
    unit = writer.compared
    _need_earlier(writer, was, of.of)
    top = writer.keep("part", total_area(part, unit), of.what)
    whole = writer.keep("earlier", total_area(was, unit), "earlier area")
    return writer.keep(name, f"100 * {top} / {whole}", "percent of the earlier area")


def _need_earlier(writer: ProgramWriter, shapes: str, of: Subject) -> None:
    many = several(of, cover=True)
    writer.sets.line(f"if not {shapes}:")
    writer.sets.line(
        f'    cannot_answer("At the earlier date {there_is_no(many)}, so that a percentage of what there was has '
        'no meaning; ask for the area or the number.")'
    )


def _net(writer: ProgramWriter, quantity: Quantity, way: str, percent: bool, name: str) -> str:
    sets = writer.sets
    if isinstance(quantity, Area) and not (quantity.part or quantity.of.where or quantity.of.pick):
        _mark(writer, quantity.of)
    now = writer.value(quantity, "now")
    was = sets.aside(lambda: writer.value(earlier(quantity), "earlier"))
    change = f"{was} - {now}" if way == "loss" else f"{now} - {was}"
    if not percent:
        return writer.keep(name, change, way)
    sets.line(f"if {was} == 0:")
    sets.line(
        '    cannot_answer("At the earlier date it is 0, so a percentage of it has no meaning; ask for the change '
        'itself.")'
    )
    return writer.keep(name, f"100 * ({change}) / {was}", f"{way}, percent of the earlier value")


def _matched(writer: ProgramWriter, of: Matched, name: str) -> str:
    sets = writer.sets
    was, now = matched(sets, of.of.topics[0])
    found = sets.fated(of.of.topics, of.what)
    mine = earlier(of.of) if of.what in ("gone", "kept") else of.of
    found = sets.filtered(found, mine.where, mine)
    sets.count(found)
    if of.percent:
        whole = was if not of.of.where else sets.aside(lambda: sets.regions(earlier(of.of)))
        _need_earlier(writer, whole, of.of)
    sets.changes[:] = [(of.what, found)]
    if of.what in ("new", "gone"):
        for role, source, test in (
            ("new", now, 'not s["matched_ids"]'),
            ("gone", was, 'not s["matched_ids"]'),
            ("kept", now, 's["matched_ids"]'),
        ):
            if role != of.what:
                beside = sets.fresh(role)
                sets.line(f"{beside} = [s for s in {source} if {test}]")
                sets.changes.append((role, beside))
    if of.by == "area":
        if of.percent:
            top, bottom = (
                writer.keep(n, total_area(s, writer.compared), n)
                for n, s in (("part", found), ("earlier", whole))
            )
            return writer.keep(name, f"100 * {top} / {bottom}", "percent of the earlier area")
        unit = of.unit or HECTARE
        return writer.keep(name, total_area(found, unit), f"{of.what} [{unit.symbol}]")
    if of.percent:
        return writer.keep(name, f"100 * len({found}) / len({whole})", "percent of the earlier number")
    return writer.keep(name, f"len({found})", f"{of.what} {topic_of(of.of.topics[0]).many}")


def _told_apart(writer: ProgramWriter, covers: tuple[Subject, ...]) -> list[str]:
    return [cover.topics[0] for cover in covers] or list(land_cover(writer.topics)) or list(writer.topics)


def _covers(writer: ProgramWriter, covers: tuple[Subject, ...]) -> tuple[str, str]:
    """The variables with all shapes of the land covers, of the earlier date and of the later."""
    chosen = _told_apart(writer, covers)
    sets = writer.sets
    was = [sets.topic(topic, before=True) for topic in chosen]
    now = [sets.topic(topic) for topic in chosen]
    sets.line(f"covers_before = {' + '.join(was)}")
    sets.line(f"covers_now = {' + '.join(now)}")
    return "covers_before", "covers_now"


def _turnover(writer: ProgramWriter, of: Turnover, name: str) -> str:
    was, now = _covers(writer, of.covers)
    sets = writer.sets
    unit = writer.compared if of.percent else of.unit or HECTARE
    key = area_key(unit)
    sets.line(f"transitions = calculate_transitions({was}, {now})")
    total = converted(f'sum(t["{key}"] for t in transitions if t["from"] != t["to"])', unit)
    if not of.percent:
        return writer.keep(name, total, f"changed [{unit.symbol}]")
    part = writer.keep("part", total, "changed")
    whole = f'result["total_{"pixels" if unit == PIXEL else "hectares"}"]'
    return writer.keep(name, f"100 * {part} / {whole} if {whole} else 0.0", "percent of the common ground")


def transition_columns(of: Transitions) -> tuple[Column, ...]:
    """The columns of a table of what became what."""
    return (
        Column("from", None, "text"),
        Column("to", None, "text"),
        Column("area", (of.unit or HECTARE).symbol),
        Column("share of from", "%"),
    )


def write_transitions(writer: ProgramWriter, of: Transitions) -> str:
    """Write a table of what became what; returns the line that sets the answer."""
    was, now = _covers(writer, of.covers)
    unit = of.unit or HECTARE
    key = area_key(unit)
    sets = writer.sets
    sets.line(f"transitions = calculate_transitions({was}, {now})")
    sets.line("whole = {}")
    sets.line("for t in transitions:")
    sets.line(f'    whole[t["from"]] = whole.get(t["from"], 0) + t["{key}"]')
    tests = []
    for side, subject in (("from", of.of), ("to", of.to)):
        if subject is not None:
            named = ", ".join(f'"{topic}"' for topic in subject.topics)
            tests.append(f't["{side}"] in [{named}]')
    chosen = "transitions"
    if tests:
        sets.line(f"chosen = [t for t in transitions if {' and '.join(tests)}]")
        chosen = f'sorted(chosen, key=lambda t: t["{key}"], reverse=True)'
        sets.line("if not chosen:")
        sets.line(
            '    cannot_answer("None of the ground that both dates show is of that kind; ask for another.")'
        )
    _show_transitions(writer, of)
    area = converted(f't["{key}"]', unit)
    share = f'100 * t["{key}"] / whole[t["from"]]'
    called = {topic: several(Subject((topic,)), cover=True) for topic in _told_apart(writer, of.covers)}
    sets.line(f"names = {json.dumps(called | {OTHER: OTHER_GROUND}, ensure_ascii=False)}")
    row = f'"from": names[t["from"]], "to": names[t["to"]], "area": {area}, "share of from": {share}'
    return f"answer = [{{{row}}} for t in {chosen}]"


def _show_transitions(writer: ProgramWriter, of: Transitions) -> None:
    """Write what the picture shows: the ground in question by what it is now, or by what it was."""
    sets = writer.sets
    was_asked = [sets.topic(topic, before=True) for topic in of.of.topics] if of.of is not None else []
    now_asked = [sets.topic(topic) for topic in of.to.topics] if of.to is not None else []
    sets.line(f"# for the picture: the ground by what it {'is now' if was_asked or not now_asked else 'was'}")
    for topic in _told_apart(writer, of.covers):
        was, now = sets.topic(topic, before=True), sets.topic(topic)
        if was_asked:
            if now_asked and now not in now_asked:
                continue
            name, call = "became", f"intersect_shapes({now}, {' + '.join(was_asked)})"
        elif now_asked:
            name, call = "was", f"intersect_shapes({was}, {' + '.join(now_asked)})"
        else:
            name, call = "became", f"subtract_shapes({now}, {was})"
        shown = sets.fresh(f"{name}_{now}")
        sets.line(f"{shown} = {call}")
        sets.count(shown)


def write_changed_most(writer: ProgramWriter, of: ChangedMost) -> tuple[Column, ...]:
    """Write where the thing lies that lost, or gained, the most area; returns the columns of a list of equals."""
    sets = writer.sets
    was, now = matched(sets, of.of.topics[0])
    source, other = (was, now) if of.way == "shrunk" else (now, was)
    many, word = several(of.of), "lost" if of.way == "shrunk" else "gained"
    key = sets.size_key
    sets.line(f'there = [s for s in {source} if s["matched_ids"]]  # of both dates')
    writer.need("there", f"there are no {many} that both dates show")
    sets.line(f'amount = {{p["source_id"]: p["{key}"] for p in subtract_shapes(there, {other})}}')
    sets.line("if not amount:")
    sets.line(
        f'    cannot_answer("None of the {many} that both dates show has {word} any area; ask which are new or '
        'gone.")'
    )
    sets.line("most = max(amount.values())")
    sets.line(f'print("{word} [{"px" if key == "area_pixels" else "ha"}]:", most)')
    sets.line('place = [s for s in there if amount.get(s["id"], 0) == most]')
    sets.only_count("place")
    sets.changes.append((of.way, "place"))
    writer.last = "answer = place[0] if len(place) == 1 else place"
    return Column("id", None, "count"), Column("area", usual_area(of.of).symbol)
