"""/ask, /run and /jobs: give an order, and follow it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from planimeter.serve.ask.context import Context
from planimeter.serve.ask.jobs import Job, Telling
from planimeter.serve.ask.messages import AskRequest, JobReply, RunRequest
from planimeter.serve.ask.part_messages import LAYER_AREA
from planimeter.serve.ask.scenes import Listed
from planimeter.serve.ask.work import Order, carry_out
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.replies import documented

_EVENT = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "event": {"type": "string", "enum": ["progress", "done", "failed"]},
        "data": {"type": "string", "description": "a job as JSON"},
    },
}
_EVENTS = {
    "description": "`event: progress`, then `event: done` or `event: failed`, each with a job as JSON",
    "content": {"text/event-stream": {"schema": _EVENT}},
}


def job_routes(context: Context) -> APIRouter:
    """The routes of questions and programs on their way."""
    router = APIRouter(tags=["ask"])

    @router.post("/ask", status_code=202, responses=documented(404, 503))
    def ask(request: AskRequest) -> JobReply:
        """Ask a question; the reply names the job to follow, whose id is the answer's."""
        coder = context.sources.coder(request.coder)
        return _submit("ask", request, request.question, coder, None)

    @router.post("/run", status_code=202, responses=documented(404, 503))
    def run(request: RunRequest) -> JobReply:
        """Run a program of your own, in the sandbox."""
        return _submit("run", request, request.program, "you", request.of)

    @router.get("/jobs/{job}", responses=documented(404))
    def show_job(job: str) -> JobReply:
        """How far a job is."""
        return job_reply(find_job(context, job))

    @router.delete("/jobs/{job}", responses=documented(404))
    def cancel_job(job: str) -> JobReply:
        """Cancel a job: what waits is dropped, what is worked on stops; one that is over stays as it is."""
        found = find_job(context, job)
        context.jobs.cancel(found)
        return job_reply(found)

    @router.get(
        "/jobs/{job}/events",
        response_class=StreamingResponse,
        responses={**documented(404, 503, plain=True), 200: _EVENTS},
    )
    async def follow_job(job: str) -> StreamingResponse:
        """How far a job is, as server-sent events until it is over."""
        found = find_job(context, job)
        slot = context.streams.one()
        await slot.__aenter__()

        async def events() -> AsyncIterator[str]:
            try:
                async for state in context.jobs.follow(found):
                    yield ": still there\n\n" if state is None else _event(state)
            finally:
                await slot.__aexit__(None, None, None)

        return StreamingResponse(
            events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    def _submit(
        kind: str, request: AskRequest | RunRequest, text: str, coder: str, of: str | None
    ) -> JobReply:
        listed = context.scenes.find(request.scene)
        chosen = context.sources.segmenter(request.segmenter, bool(listed.maps))
        order = _with_part(Order(kind, text, coder, request.gsd, chosen, of), request, listed)

        def work(job: Job, tell: Telling) -> None:
            tell.step("opening the scene")
            opened = context.scenes.open(request.scene)
            before = None if order.before is None else context.scenes.open(order.before)
            with context.store.adding("answers", job.id) as folder:
                seconds = context.bounds.answer_seconds
                carry_out(order, opened, context.sources.models, seconds, folder, tell, before)

        return job_reply(
            context.jobs.submit(kind, request.scene, work, text if kind == "ask" else "your program")
        )

    def _with_part(order: Order, request: AskRequest | RunRequest, listed: Listed) -> Order:
        """The order with the layers and the earlier scene that a request names; all of them are looked up here.

        Raises:
            Refused: there is no such layer of this scene, or no such scene.
        """
        written, area = request.area, None
        if written is not None and written.startswith(LAYER_AREA):
            area = context.layers.find(listed, written.removeprefix(LAYER_AREA))
        before = None if request.before is None else context.scenes.find(request.before).id
        if before == listed.id:
            raise HTTPError(
                422, "The earlier scene is the scene itself; choose another one of the same place."
            )
        order = replace(order, area=area or written, before=before)
        if not isinstance(request, AskRequest) or request.zones is None:
            return order
        if request.area is not None:
            raise HTTPError(422, "Zones and an area of interest are given at once: give one of them.")
        zones = context.layers.zones(listed, request.zones)
        return replace(order, zones=zones, zone_name=request.zone_name, border=request.border)

    return router


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
    finished = place.stat().st_mtime
    return Job(name, "", "", state="done", step="", created=finished, started=finished, finished=finished)


def job_reply(job: Job) -> JobReply:
    """A job as it is told."""
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
        created=job.created,
        started=job.started,
        finished=job.finished,
        error=job.error,
    )


def _event(job: Job) -> str:
    reply = job_reply(job)
    name = reply.state if reply.state in ("done", "failed") else "progress"
    return f"event: {name}\ndata: {reply.model_dump_json()}\n\n"
