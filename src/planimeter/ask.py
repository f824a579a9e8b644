"""The whole flow on one page: question + image → coder → program → check → sandbox → answer + evidence.

scene      = the image, opened, with its scale            (raster/)
segmenter  = whatever can show topics on that scene       (segment/)
program    = the question, as Python text                 (coder/)
run        = the program in the sandbox, on exact masks   (program/)
answer     = the number, its unit, and how it came about
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from planimeter.coder import Coder, Program, Request, find_coder, stated_gsd
from planimeter.coder.find import ModelOptions, verifier
from planimeter.coder.repair import run_with_repair
from planimeter.coder.router import Looks
from planimeter.coder.verify import verify_answer
from planimeter.errors import ModelError, UsageError
from planimeter.program import Evidence, Limits, Run, run_program, warm_up
from planimeter.raster import Scene, open_scene
from planimeter.segment import Segmenter, StackSegmenter, find_segmenter

if TYPE_CHECKING:
    from planimeter.coder.vlm import VisionModel


@dataclass
class Answer:
    """A measured answer and everything it came from.

    Attributes:
        answer: a number, "yes" or "no", or a category word.
        type: "number", "yes/no" or "category"; "text" for a vision model's description.
        unit: of a number: "%", "ha", "m²", "m", "count", "MW", …; None otherwise.
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
    """

    answer: float | int | str
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

    def __str__(self) -> str:
        """The answer with its unit, as people write it: ``12.5 ha``, ``yes``, ``7``."""
        if isinstance(self.answer, str):
            return self.answer
        number = f"{self.answer:,}" if isinstance(self.answer, int) else f"{self.answer:,.4g}"
        if isinstance(self.answer, float) and abs(self.answer) >= 1000:
            number = f"{self.answer:,.1f}"
        return number if self.unit in (None, "count") else f"{number} {self.unit}"

    def to_dict(self) -> dict[str, Any]:
        """The fields that ``--json`` prints, ready for ``json.dumps``."""
        hidden = ("scene", "run")
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in hidden}

    def to_json(self) -> str:
        """The answer as one JSON object."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def save(self, folder: str | Path) -> dict[str, Path]:
        """Write the evidence: overlay picture, shapes, program, trace and JSON.

        Args:
            folder: made when it does not exist.

        Returns:
            what was written, by kind.

        Raises:
            UsageError: the folder cannot be written.
        """
        from planimeter.evidence import write_evidence

        return write_evidence(self, Path(folder))


def ask(
    image: str | Path | Scene,
    question: str,
    *,
    gsd: float | None = None,
    segmenter: Segmenter | str | None = None,
    coder: Coder | str | None = None,
    models: ModelOptions | None = None,
    verify: bool = False,
    limits: Limits | None = None,
) -> Answer:
    """Ask a question of an overhead image and get a measured answer.

    Args:
        image: a path (GeoTIFF, COG, VRT, PNG, JPEG, JP2) or an open ``Scene``.
        question: in English, such as "How many buildings are within 50 m of water?".
        gsd: metres per pixel, for pictures that do not say.
        segmenter: where masks come from: a ``Segmenter``, a name, or None for the default.
        coder: who writes the program: a ``Coder``, "builtin" or None for the built-in one, "auto", "vision",
            or the name of a language model; see docs/coders.md.
        models: how language and vision models are reached and asked.
        verify: let a second coder write independently, and say whether both find the same.
        limits: what the program may use.

    Raises:
        InputError: the image cannot be read, or a scale is needed and unknown.
        QuestionError: the question is not understood, or cannot be measured with the topics at hand.
        ProgramError: the program failed or hit a limit.
        ModelError: a language or vision model's server failed (an ``InputError``).

    Example:
        >>> import tempfile
        >>> from planimeter.raster import make_world
        >>> from planimeter.segment import LabelSegmenter
        >>> world = make_world(seed=7, size=256)
        >>> paths = world.write(tempfile.mkdtemp())
        >>> maps = LabelSegmenter(paths["labels"], paths["legend"])
        >>> answer = ask(paths["image"], "What percentage of the image is water?", segmenter=maps)
        >>> answer.unit, answer.answer == float((world.labels == world.legend["water"][0]).mean() * 100)
        ('%', True)
    """
    started = time.perf_counter()
    warm_up()  # the sandbox's process starts while the scene is opened
    scene = image if isinstance(image, Scene) else open_scene(image, gsd=gsd)
    options = models or ModelOptions()
    writer = find_coder(coder, options)
    second = verifier(writer, options) if verify else None
    stated = stated_gsd(question)
    if stated is not None:
        scene = scene.with_gsd(stated, "question")
    chosen = writer.looks_at(question) if isinstance(writer, Looks) else None
    if chosen is not None:
        return answer_by_looking(*chosen, question, scene)
    source = find_segmenter(segmenter)
    request = Request(question, source.topics, scene.scale.gsd if scene.scale else None)
    opened = time.perf_counter()

    def run_it(program: Program) -> Answer:
        return answer_from(program, question, scene, source, limits, options.full_python)

    answer = run_with_repair(writer, request, run_it)
    written = time.perf_counter() - answer.timings["total"]
    if second is not None:
        check = verify_answer(second, request, answer, run_it)
        answer.verification = asdict(check)
        answer.warnings += [check.warning] if check.warning else []
    answer.timings = {
        "open": round(opened - started, 4),
        "coder": round(written - opened, 4),
        **answer.timings,
        "total": round(time.perf_counter() - started, 4),
    }
    return answer


def answer_from(
    program: Program,
    question: str,
    scene: Scene,
    segmenter: Segmenter,
    limits: Limits | None = None,
    full_python: bool = False,
) -> Answer:
    """Run a program and wrap what it found; ``ask`` without the coder.

    Args:
        program: text with what is known of its answer's type and unit.
        question: what the program answers; may be empty.
        scene: the image, opened.
        segmenter: where masks come from.
        limits: what the program may use.
        full_python: let a program that the sandbox cannot run go to a jailed CPython.

    Raises:
        PlanimeterError: as ``ask``.
    """
    source = segmenter if isinstance(segmenter, StackSegmenter) else StackSegmenter([segmenter])
    run = run_program(program.text, scene, source, limits=limits, full_python=full_python)
    scale = run.scale
    is_number = not isinstance(run.answer, str)
    return Answer(
        answer=run.answer,
        type="number" if is_number else "yes/no" if run.answer in ("yes", "no") else "category",
        unit=program.unit if is_number else None,
        question=question,
        reading=program.reading,
        program=program.text,
        stdout=run.stdout,
        gsd=scale.gsd if scale else None,
        scale_source=scale.source if scale else None,
        segmenter=source.name,
        coder=program.coder,
        warnings=list(dict.fromkeys([*scene.warnings, *source.cautions(run.topics), *run.warnings])),
        timings={name: round(seconds, 4) for name, seconds in run.timings.items()},
        trace=[asdict(call) for call in run.trace],
        writing=program.writing,
        verification=None,
        scene=scene,
        run=run,
    )


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


def run(
    program: str,
    image: str | Path | Scene,
    *,
    gsd: float | None = None,
    segmenter: Segmenter | str | None = None,
    limits: Limits | None = None,
    full_python: bool = False,
) -> Answer:
    """Run a program of your own on an image, in the sandbox.

    Args:
        program: Python text that leaves its result in ``answer``; docs/program-api.md lists what it may call.
        image: as for ``ask``.
        gsd: as for ``ask``.
        segmenter: as for ``ask``.
        limits: what the program may use.
        full_python: let a program that the sandbox cannot run go to a jailed CPython (Linux on x86-64).

    Raises:
        PlanimeterError: as ``ask``.

    Example:
        >>> import tempfile
        >>> from planimeter.raster import make_world
        >>> from planimeter.segment import LabelSegmenter
        >>> paths = make_world(seed=7, size=128).write(tempfile.mkdtemp())
        >>> text = "answer = len(segment_image_from_path(IMAGE_PATH, ['roof'])['shapes'])"
        >>> run(text, paths["image"], segmenter=LabelSegmenter(paths["labels"], paths["legend"])).type
        'number'
    """
    if not program.strip():
        raise UsageError("The program is empty: write Python that leaves its result in `answer`.")
    started = time.perf_counter()
    scene = image if isinstance(image, Scene) else open_scene(image, gsd=gsd)
    given = Program(text=program, coder="you", type="any", unit=None, reading="")
    answer = answer_from(given, "", scene, find_segmenter(segmenter), limits, full_python)
    answer.timings["total"] = round(time.perf_counter() - started, 4)
    return answer


class _CallableModule(ModuleType):
    """Lets ``planimeter.ask`` be the function and this file at once.

    Importing this file makes Python set the package's attribute ``ask`` to the module, whoever imports it and
    when; calling the module therefore has to be the same as calling the function.
    """

    def __call__(self, *arguments: Any, **options: Any) -> Answer:
        return ask(*arguments, **options)


sys.modules[__name__].__class__ = _CallableModule
