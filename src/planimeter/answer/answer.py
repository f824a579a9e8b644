"""An answer: a number, a word, a table, a list or a place, and everything it came from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planimeter.answer.sources import InputFile, sources_of
from planimeter.coder import Program
from planimeter.errors import ModelError, ProgramFailed
from planimeter.place import Place
from planimeter.program import Evidence, Limits, Run, run_program
from planimeter.program.api import asks_of_two_dates
from planimeter.raster import Scene
from planimeter.segment import Segmenter, StackSegmenter
from planimeter.table import Cell, Column, Table, shown
from planimeter.vocabulary.units import unit_called

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planimeter.coder.vlm import VisionModel
    from planimeter.program.loading import Known
    from planimeter.segment.dates import Earlier
    from planimeter.spatial.area import AreaOfInterest


@dataclass
class Answer:
    """A measured answer and everything it came from.

    Attributes:
        answer: a number, "yes" or "no", a category word, a ``Table`` or a ``Place``.
        type: "number", "yes/no", "category", "table", "list" (a table of shapes) or "place"; "text" for a vision
            model's description.
        unit: of a number: "%", "ha", "m²", "m", "count", "MW", …; None otherwise. Tables have units by column.
        question: as it was asked.
        reading: how the question was understood, in plain words.
        program: the program that computed the answer.
        stdout: what the program printed.
        gsd: metres per pixel, or None when the scale is unknown.
        scale_source: "transform", "geodesic", "user", "question" or "program"; None when unknown.
        segmenter: where the masks came from.
        coder: who wrote the program.
        warnings: cautions, one sentence each.
        timings: seconds by step.
        trace: every call of the program, in order.
        writing: how the program came to be: who was chosen to write it and why; for a language model its
            prompt's version, its attempts, tokens, cost and seconds.
        verification: what a second coder's program found, where one was asked (``verify``); otherwise None.
        scene: the image, opened.
        run: what ran, with the shapes that are its evidence.
        before: of two dates, the earlier image: its name, masks, how it was laid on the later one's grid, and the
            measured shift; None where one image was measured.
        sources: files that it rests on, for the report.
        adjusted: of an area or share, the same corrected by the model's measured errors, where that was asked
            (``adjust_area``): value, low and high of the 95 % interval, unit, and what the errors come from;
            otherwise None.
        date: when it was measured, in UTC; evidence that is written later still says this.
    """

    answer: float | int | str | Table | Place
    type: str
    unit: str | None
    question: str
    reading: str
    program: str
    stdout: str
    gsd: float | None
    scale_source: str | None
    segmenter: str
    coder: str
    warnings: list[str]
    timings: dict[str, float]
    trace: list[dict[str, Any]] = field(repr=False)
    writing: dict[str, Any] = field(repr=False)
    verification: dict[str, Any] | None = field(repr=False)
    scene: Scene = field(repr=False, compare=False)
    run: Run = field(repr=False, compare=False)
    before: dict[str, Any] | None = field(default=None, repr=False)
    sources: tuple[InputFile, ...] = field(default=(), repr=False, compare=False)
    adjusted: dict[str, Any] | None = field(default=None, repr=False)
    date: datetime = field(default_factory=lambda: datetime.now(UTC), repr=False, compare=False)

    def __str__(self) -> str:
        """The answer with its unit, as people write it: ``12.5 ha``, ``yes``, ``7``; a table in aligned columns."""
        if isinstance(self.answer, Table):
            return str(self.answer) if self.answer.rows else "none"
        if isinstance(self.answer, str | Place):
            return str(self.answer)
        number = shown(self.answer)
        return number if self.unit in (None, "count") else f"{number} {self.unit}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """What a notebook shows: picture, table of shapes and program; plain text where that is all there is."""
        from planimeter.answer.notebook import answer_html, answer_text

        return {"text/plain": answer_text(self), "text/html": answer_html(self)}

    def to_dict(self) -> dict[str, Any]:
        """The fields that ``--json`` prints, ready for ``json.dumps``."""
        hidden = ("scene", "run", "sources", "date")
        content = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in hidden}
        if isinstance(self.answer, Table):
            content["columns"] = [asdict(column) for column in self.answer.columns]
        return content | {"answer": plain(self.answer)}

    def to_json(self) -> str:
        """The answer as one JSON object."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def save(self, folder: str | Path) -> dict[str, Path]:
        """Write the evidence: overlay picture, shapes, program, trace, JSON, a table's CSV, and the report.

        Args:
            folder: made when it does not exist; with the ending .zip, one file that holds all of it.

        Returns:
            what was written, by kind.

        Raises:
            UsageError: the folder or file cannot be written.
        """
        from planimeter.answer.writer import write_evidence, write_zip

        path = Path(folder)
        return write_zip(self, path) if path.suffix.lower() == ".zip" else write_evidence(self, path)


def plain(answer: float | int | str | Table | Place) -> Any:
    """An answer as JSON has it: a table as an array of objects, a place as an object.

    Example:
        >>> plain(Table((Column("area", "ha"),), ((2.5,),))), plain("yes")
        ([{'area': 2.5}], 'yes')
    """
    if isinstance(answer, Table):
        return answer.records()
    return answer.record() if isinstance(answer, Place) else answer


def in_columns(table: Table, wanted: Sequence[Column]) -> Table:
    """A table with the columns that a program's meaning names: their units, and words for what is in them.

    Args:
        table: as a program left it.
        wanted: columns by name; those of the table that are not named stay as they are.

    Example:
        >>> table = Table((Column("area", "ha"),), ((2.5,),))
        >>> print(in_columns(table, (Column("area", "m²"),)))
        area [m²]
           25,000
    """
    by_name = {column.name: column for column in wanted}
    columns, cells = [], []
    for column, values in zip(
        table.columns, zip(*table.rows, strict=True) if table.rows else (), strict=False
    ):
        new = by_name.get(column.name, column)
        columns.append(new)
        cells.append([_converted(value, column.unit, new.unit) for value in values])
    if not table.rows:
        return Table(tuple(wanted) or table.columns)
    return Table(tuple(columns), tuple(zip(*cells, strict=True)))


def _converted(value: Cell, old: str | None, new: str | None) -> Cell:
    """A measure in another unit of the same dimension."""
    have, want = unit_called(old or ""), unit_called(new or "")
    if not isinstance(value, int | float) or have is None or want is None or have == want:
        return value
    return value * (have.factor / want.factor) if have.dimension == want.dimension else value


def answer_from(
    program: Program,
    question: str,
    scene: Scene,
    segmenter: Segmenter,
    limits: Limits | None = None,
    full_python: bool = False,
    area: AreaOfInterest | None = None,
    known: Known | None = None,
    before: Earlier | None = None,
    compared: bool = True,
) -> Answer:
    """Run a program and wrap what it found; ``ask`` without the coder.

    Args:
        program: text with what is known of its answer's type and unit.
        question: what the program answers; may be empty.
        scene: the image, opened.
        segmenter: where masks come from.
        limits: what the program may use.
        full_python: let a program that the sandbox cannot run go to a confined CPython.
        area: where is measured; None for the whole scene.
        known: passes shapes from one program to the next on the same scene and segmenter.
        before: the earlier date; a program that does not ask for it is measured on the later image alone.
        compared: say how the two dates lie on one another; False where the caller does.

    Raises:
        PlanimeterError: as ``ask``.
    """
    given, before = before, before if asks_of_two_dates(program.text) else None
    source = segmenter if isinstance(segmenter, StackSegmenter) else StackSegmenter([segmenter])
    run = run_program(
        program.text,
        scene,
        source,
        limits=limits,
        full_python=full_python,
        area=area,
        known=known,
        before=before,
    )
    kind = (
        program.type if isinstance(run.answer, Table) and program.type in ("table", "list") else _type_of(run)
    )
    if kind in ("table", "list", "place") and program.type in ("number", "yes/no", "category"):
        raise ProgramFailed(
            f"The program left a {kind} in `answer` where the question asks for {_ASKED[program.type]}: store that."
        )
    if isinstance(run.answer, Table):
        run.answer = in_columns(run.answer, program.columns)
    cautions = (*program.writing.get("cautions", ()), *(area.notes if area is not None else ()))
    answer = wrapped(
        run,
        program,
        question,
        scene,
        source,
        kind=kind,
        reading=program.reading if area is None else _inside(program.reading, area.name),
        warnings=[*scene.warnings, *run.warnings, *cautions],
    )
    if given is not None and compared:
        from planimeter.answer.two_dates import say_of_two_dates
        from planimeter.segment.dates import Earlier as Date

        say_of_two_dates(answer, given, Date(scene, source), measured=before is not None)
    return answer


def wrapped(
    run: Run,
    program: Program,
    question: str,
    scene: Scene,
    source: StackSegmenter,
    *,
    kind: str,
    reading: str,
    warnings: Sequence[object],
) -> Answer:
    """What a run found, as an answer with everything it came from.

    Args:
        run: its ``answer`` in its final form.
        program: that ran.
        question: as it was asked.
        scene: the image.
        source: where masks came from.
        kind: type of the answer.
        reading: how the question was understood.
        warnings: sentences; each is said once.
    """
    scale = run.scale
    return Answer(
        answer=run.answer,
        type=kind,
        unit=program.unit if kind == "number" else None,
        question=question,
        reading=reading,
        program=program.text,
        stdout=run.stdout,
        gsd=scale.gsd if scale else None,
        scale_source=scale.source if scale else None,
        segmenter=source.name,
        coder=program.coder,
        warnings=list(dict.fromkeys(map(str, warnings))),
        timings={name: round(seconds, 4) for name, seconds in run.timings.items()},
        trace=[asdict(call) for call in run.trace],
        writing=program.writing,
        verification=None,
        scene=scene,
        run=run,
        sources=sources_of(scene.path, source, scene.name),
    )


def _inside(reading: str, name: str) -> str:
    """A reading that says where was measured.

    >>> _inside("The number of buildings.", "the box 0,0,9,9")
    'The number of buildings. Measured inside the area of interest, the box 0,0,9,9.'
    """
    return f"{reading} Measured inside the area of interest, {name}.".strip()


_ASKED = {"number": "one number", "yes/no": "yes or no", "category": "a category word"}


def _type_of(run: Run) -> str:
    if isinstance(run.answer, Table):
        return "list" if run.listed else "table"
    if isinstance(run.answer, Place):
        return "place"
    if isinstance(run.answer, str):
        return "yes/no" if run.answer in ("yes", "no") else "category"
    return "number"


def answer_by_looking(vision: VisionModel, reason: str, question: str, scene: Scene) -> Answer:
    """What a vision model reads off the picture, wrapped as an answer; nothing is measured.

    Args:
        vision: the model.
        reason: why it is asked instead of a program.
        question: as it was asked.
        scene: the image, opened.

    Raises:
        ModelError: its server failed, or its reply is not clearly an answer.
    """
    look = vision.look(scene, question)
    if look.answer is None:
        raise ModelError(
            f"{vision.name} gave no answer that can be read ({look.text[:80]!r}): ask in other words, or use "
            "another model."
        )
    note = f"; it was taken as the {look.note}" if look.note else ""
    return Answer(
        answer=look.answer,
        type=look.type,
        unit=look.unit,
        question=question,
        reading="",
        program="",
        stdout="",
        gsd=scene.scale.gsd if scene.scale else None,
        scale_source=scene.scale.source if scene.scale else None,
        segmenter="none",
        coder=vision.name,
        warnings=[*scene.warnings, f"A vision model read this off the picture, nothing was measured{note}."],
        timings={"coder": look.writing["seconds"], "total": look.writing["seconds"]},
        trace=[],
        writing={"route": {"coder": vision.name, "reason": reason}, **look.writing},
        verification=None,
        scene=scene,
        run=Run(look.answer, "", [], Evidence(), [], {}, scene.scale, ()),
    )
