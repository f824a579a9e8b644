"""A program from text to measured answer: check, rewrite, sandbox, evidence."""

from __future__ import annotations

import ast
import contextvars
import math
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.errors import CheckFailed, LimitReached, NotMeasurable, ProgramError, ProgramFailed
from planimeter.program import api
from planimeter.program.arguments import Refused, one_line
from planimeter.program.check import parse, problems_of
from planimeter.program.columnwise import Columns, fits
from planimeter.program.evidence import candidates, closing_text, evidence_of
from planimeter.program.host import Host
from planimeter.program.limits import Limits
from planimeter.program.loading import Known
from planimeter.program.problem import Problem
from planimeter.program.result import Result, result_of
from planimeter.program.rewrite import Rewritten, rewrite, shim_text
from planimeter.program.sandbox import SandboxError, Session, Worker, take_worker
from planimeter.program.shape_list import Unfit
from planimeter.program.trace import Evidence, Run
from planimeter.progress import ended_by_cancel, stop_if_cancelled
from planimeter.segment.base import Abilities
from planimeter.segment.dates import of_an_earlier_date
from planimeter.spatial.runs import unite
from planimeter.table import Table

if TYPE_CHECKING:
    from planimeter.program.full_python import AsWritten, PythonProcess, PythonSession
    from planimeter.raster.scene import Scene
    from planimeter.segment.base import Segmenter
    from planimeter.segment.dates import Earlier
    from planimeter.spatial.area import AreaOfInterest

_PRELUDE_FEED, _PROGRAM_FEED = 0, 1  # the sandbox numbers the texts it is fed
_LONGEST_MESSAGE = 300  # of the program's own exceptions


def run_program(
    text: str,
    scene: Scene,
    segmenter: Segmenter,
    *,
    limits: Limits | None = None,
    full_python: bool = False,
    area: AreaOfInterest | None = None,
    known: Known | None = None,
    before: Earlier | None = None,
) -> Run:
    """Run a program on a scene, in the sandbox, and return its measured answer.

    Args:
        text: Python that leaves its result in ``answer``; it may call what ``api.functions`` lists.
        scene: the image; its scale wins over what the program states.
        segmenter: where masks come from.
        limits: budgets; None for the usual ones.
        full_python: run a program that the sandbox's interpreter cannot, or that failed there, once more in
            a jailed CPython (see ``jailed_python``).
        area: where is measured; None for the whole scene.
        known: passes shapes of whole topics from one program to the next on the same scene and segmenter.
        before: the earlier date, which the program knows as BEFORE_PATH.

    Raises:
        CheckFailed: the program was refused before it ran.
        ProgramFailed: it raised, or left no usable ``answer``.
        LimitReached: it passed a budget.
        NotMeasurable: it said so itself, or asked for a topic that the segmenter lacks.
        ScaleError: it needs lengths or areas, and no scale is known.

        Program errors have the attributes ``line`` and ``source_line`` (of the user's text, or
        None) and ``stdout`` (what was printed until then).
    """
    budget = (limits or Limits()).for_pixels(scene.height * scene.width, Abilities.of(segmenter).pace)
    around = {"area": area, "known": known, "before": before}
    ends = time.perf_counter() + budget.seconds  # of all the ways it is tried together
    try:
        return _run_in_sandbox(text, scene, segmenter, budget, around, ends)
    except (CheckFailed, ProgramFailed):
        if not full_python:
            raise
        return _run_in_python(text, scene, segmenter, budget, around, ends)


def _run_in_sandbox(
    text: str, scene: Scene, segmenter: Segmenter, budget: Limits, around: dict[str, Any], ends: float
) -> Run:
    started = time.perf_counter()
    tree = parse(text)
    problems = problems_of(tree)
    if problems:
        raise _refusal(problems, text)
    named = _string_constants(tree)
    if fits(tree):
        try:
            return _run_in_columns(tree, text, scene, segmenter, budget, around, ends)
        except Unfit:
            pass  # the sandbox runs it from its beginning
    try:
        closing = closing_text(tree, marked=True), closing_text(tree)
        rewritten = rewrite(tree)
    # An f-string that needs more kinds of quotes than there are, or deep nesting.
    except (ValueError, RecursionError):
        hint = (
            "The program cannot be prepared: write f-strings without quotes inside, and shorter expressions."
        )
        raise _with_place(CheckFailed(hint), None, text, "") from None
    host = Host(scene, segmenter, budget, named, **around)
    return _measured(_Job(take_worker(), text, rewritten, closing, host, budget), started, ends)


def _run_in_columns(
    tree: ast.Module,
    text: str,
    scene: Scene,
    segmenter: Segmenter,
    budget: Limits,
    around: dict[str, Any],
    ends: float,
) -> Run:
    """A program that is computed as it stands, see ``columnwise``; Unfit where it is not."""
    started = time.perf_counter()
    known: Known | None = around["known"]
    # What is found before a program turns out not to fit is told again, with all its cautions, to the sandbox.
    found = Known() if known is None else replace(known, shapes=dict(known.shapes))
    host = Host(scene, segmenter, budget, _string_constants(tree), **{**around, "known": found})
    run = _measured(_ColumnJob(tree, text, host, budget), started, ends)
    if known is not None:
        known.shapes, known.ground = found.shapes, found.ground
    return run


def _run_in_python(
    text: str, scene: Scene, segmenter: Segmenter, budget: Limits, around: dict[str, Any], ends: float
) -> Run:
    """The second tier: the program as it is written, less what only the sandbox's interpreter lacks."""
    from planimeter.program.full_python import AsWritten
    from planimeter.program.jailed_python import PythonWorker

    started = time.perf_counter()
    tree = parse(text)
    problems = problems_of(tree, full_python=True)
    if problems:
        raise _refusal(problems, text)
    host = Host(scene, segmenter, budget, _string_constants(tree), **around)
    closing = closing_text(tree, marked=True), closing_text(tree)
    return _measured(_Job(PythonWorker(), text, AsWritten(text), closing, host, budget), started, ends)


def _measured(job: _Job | _ColumnJob, started: float, ends: float) -> Run:
    """Run a prepared program until its time ends, and wrap what it found."""
    checked = time.perf_counter()
    host = job.host
    outcome = _within_time(job, ends)
    finished = time.perf_counter()
    evidence = evidence_of(host, outcome.counted, outcome.result.shapes)
    if host.interest is not None:
        evidence.area = host.interest.area
        kinds = [kind for kind, _ in evidence.counted]
        known = evidence.source == "highlight" and set(kinds) <= {*host.topics}
        host.interest.say_what_was_cut(kinds if known else None)
    unsure = host.loaded.unsure
    evidence.unsure = {
        topic: (runs, host.ground.share_of(runs)) for topic, runs in unsure.items() if len(runs)
    }
    if unsure and not of_an_earlier_date(host.topics):
        anywhere = unite(list(unsure.values()), next(iter(unsure.values())).shape)
        evidence.not_sure = host.ground.share_of(anywhere) if len(anywhere) else 0.0
    looked = bool(host.loaded.blocks)  # at pixels of a topic, or of the image itself
    return Run(
        answer=outcome.result.answer,
        stdout=outcome.stdout,
        trace=host.trace,
        evidence=evidence,
        warnings=host.warnings,
        timings={
            "check": checked - started,
            "host": host.seconds,
            "sandbox": finished - checked - host.seconds,
            "total": time.perf_counter() - started,
        },
        scale=host.ground.scale,
        protections=outcome.protections,
        topics=tuple(host.topics),
        seen=tuple(host.seen),
        valid_pixels=host.ground.valid_pixels if looked else 0,
        judged=host.ground.judged if looked else 1.0,
        valid_hectares=host.ground.valid_hectares if looked and host.ground.scale is not None else None,
        listed=isinstance(outcome.result.answer, Table) and bool(outcome.result.shapes),
    )


@dataclass
class _Outcome:
    result: Result
    stdout: str
    counted: Sequence[Sequence[int] | np.ndarray]
    protections: tuple[str, ...]


class _Job:
    """One run, made so that another thread can wait for it and end it."""

    def __init__(
        self,
        worker: Worker | PythonProcess,
        text: str,
        rewritten: Rewritten | AsWritten,
        closing: tuple[str, str],
        host: Host,
        limits: Limits,
    ) -> None:
        self.worker: Any = worker  # one of two kinds with one interface
        self.stdout = ""
        self._text = text
        self._rewritten = rewritten
        self._closing = closing
        self.host = host
        self.limits = limits

    def run(self) -> _Outcome:
        session = self.worker.open(self.limits, self._answer)
        try:
            return self._feed(session)
        finally:
            self.stdout = session.stdout
            self.worker.close(session)

    def _feed(self, session: Session | PythonSession) -> _Outcome:
        session.feed("\n".join([api.prelude(), shim_text(self._rewritten.shims)]))
        try:
            session.feed(self._rewritten.text, _inputs(self.host))
            marked = any(role == "counted" for role, _ in self.host.highlighted)
            kind, value, *counted = session.feed(self._closing[0 if marked else 1])
        except SandboxError as error:
            if self.host.loaded.unmeasured and error.kind == "TypeError" and "NoneType" in error.message:
                # It counted with a measure that something does not have.
                raise NotMeasurable(" ".join(self.host.loaded.unmeasured)) from None
            raise self._failed(error, session.stdout) from None
        except ProgramError as error:
            raise _with_place(error, None, self._text, session.stdout) from None
        result = result_of(kind, value, self.host)
        if isinstance(result, ProgramFailed):
            raise _with_place(result, None, self._text, session.stdout)
        return _Outcome(
            result, session.stdout, [ids for ids in counted if ids is not None], self.worker.protections
        )

    def _answer(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            return {"return_value": self.host.answer(args, kwargs)}
        except Refused as refusal:
            return {"exc_type": refusal.kind, "message": str(refusal)}

    def _failed(self, error: SandboxError, stdout: str) -> ProgramFailed:
        own = [(line, column) for feed, line, column in error.frames if feed == _PROGRAM_FEED]
        line = self._rewritten.original_line(*own[-1]) if own else None
        where = f" in line {line}" if line is not None else ""
        message = one_line(error.message.replace(api.private_name("_"), ""), _LONGEST_MESSAGE)
        what = f"{error.kind}: {message}" if message else error.kind
        failed = ProgramFailed(f"The program failed{where} with {what}; correct the program.")
        return _with_place(failed, line, self._text, stdout)


class _ColumnJob:
    """The same for a program that needs no process of its own."""

    def __init__(self, tree: ast.Module, text: str, host: Host, limits: Limits) -> None:
        self.worker = self
        self.host, self.limits = host, limits
        self._tree, self._text = tree, text
        self._columns = Columns(host, _inputs(host), limits)

    @property
    def stdout(self) -> str:
        """What was printed so far."""
        return self._columns.stdout

    def kill(self) -> None:
        """End it at its next expression; a call that lasts looks itself whether anybody waits for it."""
        self._columns.end()

    def run(self) -> _Outcome:
        try:
            answer = self._columns.run(self._tree)
            marked = any(role == "counted" for role, _ in self.host.highlighted)
            held = [] if marked else [self._columns.ids(expression) for expression in candidates(self._tree)]
        except ProgramError as error:
            raise _with_place(error, None, self._text, self.stdout) from None
        result = result_of(type(answer).__name__, answer, self.host)
        if isinstance(result, ProgramFailed):
            raise Unfit
        return _Outcome(result, self.stdout, [ids for ids in held if ids is not None], ("columns",))


def _inputs(host: Host) -> dict[str, Any]:
    """The names that every program finds."""
    return {
        "IMAGE_PATH": host.images.path,
        "gsd": host.known_gsd,
        "BEFORE_PATH": host.images.before_path,
    }


def _within_time(job: _Job | _ColumnJob, ends: float) -> _Outcome:
    """Run a job in a thread of its own and give up on it when its time is over, whatever it is doing.

    Raises:
        Cancelled: whoever watches does not want it any more; its process is ended.
    """
    box: list[_Outcome | BaseException] = []

    def work() -> None:
        try:
            box.append(job.run())
        except BaseException as error:
            box.append(error)

    context = contextvars.copy_context()  # whoever watches this thread watches that one
    thread = threading.Thread(target=context.run, args=(work,), name="planimeter-program", daemon=True)
    try:
        with ended_by_cancel(job.worker.kill):
            thread.start()
            left = ends - time.perf_counter()
            thread.join(None if math.isinf(left) else max(left, 0) + 0.5)
    except BaseException:  # the user interrupts
        job.worker.kill()
        raise
    if thread.is_alive():
        job.worker.kill()
        thread.join(0.5)
    stop_if_cancelled()
    if not box:
        late = LimitReached(
            f"The program and its measurements took longer than {job.limits.seconds:g} s: "
            "ask for fewer topics, a smaller image, or raise the limit."
        )
        raise _with_place(late, None, "", job.stdout)
    result = box[0]
    if isinstance(result, BaseException):
        raise result
    return result


def _refusal(problems: list[Problem], text: str) -> CheckFailed:
    first = problems[0]
    error = CheckFailed("; ".join(str(problem) for problem in problems[:5]) + ".")
    return _with_place(error, first.line, text, "")


def _with_place(error: Any, line: int | None, text: str, stdout: str) -> Any:
    lines = text.splitlines()
    error.line = line
    error.source_line = lines[line - 1].strip() if line is not None and 0 < line <= len(lines) else None
    error.stdout = stdout
    return error


def _string_constants(tree: ast.AST) -> frozenset[str]:
    """Every text a program names, to see which optional shape keys it may read."""
    return frozenset(
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    )


__all__ = ["Evidence", "run_program"]
