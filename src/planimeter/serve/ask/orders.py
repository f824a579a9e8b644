"""Taking orders: each once where its sender says that it is the same, and its answer awaited where it is short."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from planimeter.answer.writer import FILES
from planimeter.raster.vector_source import VectorSource
from planimeter.segment.corrections import Corrections
from planimeter.serve.ask.context import Context
from planimeter.serve.ask.evidence_files import VIEW
from planimeter.serve.ask.job import Job
from planimeter.serve.ask.jobs import Telling
from planimeter.serve.ask.layers import LayerFile
from planimeter.serve.ask.messages import AskRequest, JobReply, RunRequest
from planimeter.serve.ask.part_messages import LAYER_AREA
from planimeter.serve.ask.scenes import Listed
from planimeter.serve.ask.work import Order, carry_out
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.times import time_of
from planimeter.spatial.zones import BORDERS

_MOST_KEYS = 10_000


class SentOnce:
    """Idempotency-Key: what was sent with a key is done once, however often it is sent.

    Example:
        >>> sent, done = SentOnce(), []
        >>> [sent.once("a-key", "a body", lambda: done.append(1) or "job-1") for _ in range(2)], done
        (['job-1', 'job-1'], [1])
    """

    def __init__(self) -> None:
        self._done: OrderedDict[str, tuple[bytes, str]] = OrderedDict()  # key → hash of what was sent, job
        self._lock = threading.Lock()

    def once(self, key: str, sent: str, do: Callable[[], str]) -> str:
        """The job of what was sent.

        Args:
            key: as the client chose it.
            sent: all that was sent.
            do: submits it; returns the job's id.

        Raises:
            Refused: something else was sent with this key.
        """
        digest = hashlib.sha256(sent.encode()).digest()
        with self._lock:
            known = self._done.get(key)
            if known is None:
                known = self._done[key] = digest, do()
                if len(self._done) > _MOST_KEYS:
                    self._done.popitem(last=False)
        if known[0] != digest:
            raise HTTPError(
                422, "Another request was sent with this Idempotency-Key; give each request a key of its own."
            )
        return known[1]


def submit(context: Context, request: AskRequest | RunRequest, anew: bool = False) -> Job:
    """Queue a question or a program.

    Args:
        context: the server's.
        request: what is wanted.
        anew: whether it has to be computed even where an equal one was.

    Raises:
        Refused: there is no such scene, segmenter or coder, or the queue is full.
    """
    listed = context.scenes.find(request.scene)
    chosen = context.sources.segmenter(request.segmenter, bool(listed.maps))
    if isinstance(request, AskRequest):
        kind, title, of = "ask", request.question, None
        text, coder = request.question, context.sources.coder(request.coder)
    else:
        kind, title, of = "run", "your program", request.of
        text, coder = request.program, "you"
    drawn = None if request.corrections is None else request.corrections.model_dump()["features"]
    fixed = None if drawn is None else Corrections.of(drawn)
    adjust = isinstance(request, AskRequest) and request.adjust_area
    order = Order(kind, text, coder, request.gsd, chosen, of, corrections=fixed, adjust_area=adjust)
    order = _with_part(context, order, request, listed)
    earlier = None if order.before is None else context.scenes.find(order.before)

    def work(job: Job, tell: Telling) -> None:
        tell.step("opening the scene")
        opened = context.scenes.open(request.scene)
        before = None if order.before is None else context.scenes.open(order.before)
        with context.store.adding("answers", job.id) as folder:
            seconds = context.bounds.answer_seconds
            carry_out(order, opened, context.sources.models, seconds, folder, tell, before)

    same = None
    if not anew:
        files = [each.stamp() for each in (listed, earlier) if each is not None]
        layers = [
            VectorSource(str(each.path)).fingerprint()
            for each in (order.area, order.zones)
            if isinstance(each, LayerFile)
        ]
        same = (
            request.model_dump_json(),
            coder,
            chosen and chosen.fingerprint(),
            listed.name,
            tuple(files),
            tuple(layers),
        )
    return context.jobs.submit(kind, request.scene, work, title, same)


def _with_part(context: Context, order: Order, request: AskRequest | RunRequest, listed: Listed) -> Order:
    """The order with the layers and the earlier scene that a request names; all of them are looked up here.

    Raises:
        Refused: there is no such layer of this scene, or no such scene.
    """
    written, area = request.area, None
    if written is not None and written.startswith(LAYER_AREA):
        area = context.layers.find(listed, written.removeprefix(LAYER_AREA))
    before = None if request.before is None else context.scenes.find(request.before).id
    if before == listed.id:
        raise HTTPError(422, "The earlier scene is the scene itself; choose another one of the same place.")
    order = replace(order, area=area or written, before=before)
    if not isinstance(request, AskRequest):
        return order
    if request.zones is None:
        if request.zone_name is not None or request.border != BORDERS[0]:
            raise HTTPError(
                422, "A zone name and a border say something of zones, and there are none: name a layer."
            )
        return order
    if request.area is not None:
        raise HTTPError(422, "Zones and an area of interest are given at once: give one of them.")
    zones = context.layers.zones(listed, request.zones)
    return replace(order, zones=zones, zone_name=request.zone_name, border=request.border)


async def wait_for(context: Context, job: Job, seconds: float) -> None:
    """Wait until a job is over, but not longer than some seconds.

    Raises:
        Refused: too many wait already.
    """
    async with context.streams.one():
        try:
            async with asyncio.timeout(seconds):
                async for _ in context.jobs.follow(job):
                    pass
        except TimeoutError:
            return


def find_job(context: Context, name: str) -> Job:
    """A job by its id, also one of before the server was started again.

    Raises:
        Refused: there is none.
    """
    job = context.jobs.find(name)
    if job is not None:
        return job
    place = context.store.find("answers", name)
    if place is None:
        raise HTTPError(404, "There is no such job, or its answer has expired; ask again with POST /v1/ask.")
    view = json.loads((place / VIEW).read_text(encoding="utf-8"))
    finished = (place / VIEW).stat().st_mtime
    return Job(
        name,
        view["kind"],
        view["scene"],
        state="done",
        step="",
        created=finished,
        started=finished,
        finished=finished,
    )


def job_reply(job: Job) -> JobReply:
    """A job as it is told."""
    created = time_of(job.created)
    assert created is not None
    return JobReply(
        id=job.id,
        kind=job.kind,
        title=job.title,
        scene=job.scene,
        state=job.state,
        step=job.step,
        done=job.done,
        total=job.total,
        answer=job.answer,
        created=created,
        started=time_of(job.started),
        finished=time_of(job.finished),
        error=job.error,
    )


def answered_reply(context: Context, job: Job) -> JobReply:
    """A job as it is told to whoever waited for it: with its answer.

    Raises:
        Refused: it failed, or its answer has been removed.
    """
    if job.error is not None:
        raise HTTPError(job.status, job.error.error, reply=job.error)
    place = context.store.find("answers", job.id)
    if place is None:
        raise HTTPError(404, "This answer has been removed; ask again with POST /v1/ask.")
    answer = json.loads((place / FILES["answer"]).read_text(encoding="utf-8"))
    view = json.loads((place / VIEW).read_text(encoding="utf-8"))
    answer.pop("trace", None)
    answer |= {"text": view["text"], "cautions": view["cautions"]}
    return job_reply(job).model_copy(update={"answer": answer})
