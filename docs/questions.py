"""The page of the kinds of question: what each means in words, as a program and on the demo scene.

questions.toml holds three wordings for every kind; everything else on the page is what Planimeter makes of them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, get_args

if TYPE_CHECKING:
    from planimeter import Scene
    from planimeter.coder import Program
    from planimeter.segment.stack import StackSegmenter

Table = Mapping[str, Sequence[Mapping[str, Any]]]

WORDINGS = Path(__file__).with_name("questions.toml")
_MOST_ROWS = 8  # of an answer that is a table
_SEED = 4  # of the demo scene: `planimeter world --out demo`

_HEAD = """\
# Kinds of question

Written by `python docs/generate.py` from `docs/questions.toml`: three wordings of every kind of meaning that the
built-in [coder](coders.md) knows. Other words and other topics, sizes, distances and units do as well. Each entry says
how its wordings are read, which program they all become, and the answer on the demo scene:

    planimeter world --out demo --seed 4
    planimeter ask demo/image.tif "QUESTION" --labels demo/labels.tif --legend demo/legend.json

What is not read in one way is refused, with the nearest questions that are. The names are those of the records in
`src/planimeter/meaning/records.py`; to add one, see [a kind of question](contributing/question.md).
"""


class Faults(Exception):
    """Entries of the table that do not hold; one line each."""


def kinds() -> dict[str, tuple[type, ...]]:
    """Every kind of meaning, under the headings of the page."""
    from planimeter.meaning import records

    return {
        "Numbers": get_args(records.Quantity),
        "Yes or no, or a word": get_args(records.Judgement),
        "Tables, lists and places": get_args(records.Tabular),
        "Conditions": get_args(records.Condition),
        "The largest and the smallest": (records.Pick,),
    }


def question_page() -> str:
    """The page; raises ``Faults`` where the table is not what it must be."""
    return page_of(tomllib.loads(WORDINGS.read_text(encoding="utf-8")))


def page_of(table: Table) -> str:
    """The page of a table: kind → entries, each with its ``wordings`` and perhaps ``refused``."""
    wanted = [kind.__name__ for group in kinds().values() for kind in group]
    faults = [f"{name} has no entry" for name in wanted if not table.get(name)]
    faults += [f"{name} is no kind of meaning" for name in table if name not in wanted]
    parts = [_HEAD]
    with TemporaryDirectory() as folder:
        scene, maps = _demo(folder)
        for heading, group in kinds().items():
            parts.append(f"## {heading}\n")
            for kind in group:
                parts.append(f"### {kind.__name__}\n\n{_what_it_is(kind)}\n")
                for entry in table.get(kind.__name__, ()):
                    try:
                        parts.append(_entry(kind, entry, scene, maps))
                    except Faults as fault:
                        faults.append(str(fault))
    if faults:
        raise Faults("\n".join(faults))
    return "\n".join(parts)


def _demo(folder: str) -> tuple[Scene, StackSegmenter]:
    from planimeter import LabelSegmenter, find_segmenter, make_world, open_scene

    paths = make_world(seed=_SEED).write(folder)
    maps = LabelSegmenter(paths["labels"], paths["legend"])
    return open_scene(paths["image"]), find_segmenter(maps)


def _what_it_is(kind: type) -> str:
    text = (kind.__doc__ or "").split("\n\n")[0]
    return " ".join(text.split()).replace("``", "`")


def _entry(kind: type, entry: Mapping[str, Any], scene: Scene, maps: StackSegmenter) -> str:
    wordings = entry["wordings"]
    if len(set(wordings)) != 3:
        raise Faults(f"{kind.__name__}: an entry has three wordings, not {len(set(wordings))}: {wordings}")
    programs = [_program(kind, wording, scene, maps) for wording in wordings]
    for wording, program in zip(wordings, programs, strict=True):
        if _without_notes(program) != _without_notes(programs[0]):
            raise Faults(
                f'{kind.__name__}: "{wordings[0]}" is read as "{programs[0].reading}" in {programs[0].unit}, '
                f'"{wording}" as "{program.reading}" in {program.unit}, by another program'
            )
    answer, notes = _answer(kind, wordings[0], programs[0], bool(entry.get("refused")), scene, maps)
    return "\n".join(
        [
            *(f"- {wording}" for wording in wordings),
            "",
            f"Read as: {programs[0].reading} {answer}",
            *(f"\nNote: {note}" for note in notes),
            "",
            '<details markdown="1"><summary>Program</summary>',
            "",
            f"```python\n{programs[0].text.rstrip()}\n```",
            "",
            "</details>",
            "",
        ]
    )


#: What a reading adds where a word was taken for a wider one ("lake" for all water); the program is the same.
_NOTE = re.compile(r' "[^"]*" was read as all \w+\.')


def _without_notes(program: Program) -> tuple[str, str, str | None, str]:
    """What a program measures, apart from remarks on how words were taken."""
    return _NOTE.sub("", program.text), program.type, program.unit, _NOTE.sub("", program.reading)


def _program(kind: type, wording: str, scene: Scene, maps: StackSegmenter) -> Program:
    """What a wording becomes; its meaning has to be of the kind or, for a condition or a pick, to hold one."""
    from planimeter import PlanimeterError
    from planimeter.coder import Request, builtin_coder

    scale = scene.scale
    assert scale is not None  # the demo scene has one
    request = Request(
        wording,
        maps.topics,
        scale.gsd,
        by_pixels=scale.by_pixels,
        exclusive=maps.exclusive,
        before=maps.topics,
    )
    try:
        program = builtin_coder().write(request)
    except PlanimeterError as error:
        raise Faults(f'{kind.__name__}: "{wording}" is refused: {error}') from error
    meaning = program.meaning
    groups = kinds()
    asked = kind in groups["Numbers"] + groups["Yes or no, or a word"] + groups["Tables, lists and places"]
    if not any(isinstance(part, kind) for part in ([meaning] if asked else _parts(meaning))):
        raise Faults(
            f'{kind.__name__}: "{wording}" means {type(meaning).__name__} and holds no {kind.__name__}'
        )
    return program


def _answer(
    kind: type, wording: str, program: Program, refused: bool, scene: Scene, maps: StackSegmenter
) -> tuple[str, list[str]]:
    """The answer with its cautions, or the refusal where the table says that the demo scene cannot answer.

    One wording is run for all: they have the same program, and a program sees the scene and no question.
    """
    from planimeter import PlanimeterError, ask
    from planimeter.table import Table

    try:
        answer = ask(scene, wording, segmenter=maps)
    except PlanimeterError as error:
        if refused:
            return f"No answer here: {error}", []
        raise Faults(f'{kind.__name__}: "{wording}" is refused: {error}') from error
    if refused:
        raise Faults(f'{kind.__name__}: "{wording}" is not refused: its answer is {answer}')
    if answer.program != program.text:
        raise Faults(f'{kind.__name__}: "{wording}" is asked with another program than it is shown with')
    if isinstance(answer.answer, Table):
        first = Table(answer.answer.columns, answer.answer.rows[:_MOST_ROWS])
        rest = f"\n\n… {len(answer.answer)} rows in all" if len(answer.answer) > _MOST_ROWS else ""
        return f"Answer:\n\n{first.markdown()}{rest}", answer.warnings
    return f"Answer: **{answer}**", answer.warnings


def _parts(value: Any) -> Iterator[Any]:
    """A meaning and everything in it."""
    from planimeter.meaning.record import Record, fields

    yield value
    for inner in fields(value) if isinstance(value, Record) else value if isinstance(value, tuple) else ():
        yield from _parts(inner)
