"""/ask, /run and /jobs: give an order, and follow it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from planimeter.serve.ask.context import Context
from planimeter.serve.ask.job import Job, State
from planimeter.serve.ask.messages import AskRequest, JobList, JobReply, RunRequest
from planimeter.serve.ask.old_paths import V1
from planimeter.serve.ask.orders import SentOnce, answered_reply, find_job, job_reply, submit, wait_for
from planimeter.serve.paging import Cursor, Limit, link_next, page_of
from planimeter.serve.preferences import seconds_to_wait
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
_AT = {"Location": {"description": "the job's own address", "schema": {"type": "string"}}}
_SENT: dict[int | str, dict[str, Any]] = {
    200: {"model": JobReply, "description": "the request waited, and here is its answer", "headers": _AT},
    202: {"description": "the job to follow; its id is the answer's", "headers": _AT},
}
Wait = Annotated[
    float | None,
    Query(
        ge=0,
        description="seconds to wait for the answer, instead of being told its job; also `Prefer: wait=…`",
    ),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        description="the same key with the same request is done once, however often it is sent",
    ),
]


def job_routes(context: Context) -> APIRouter:
    """The routes of questions and programs on their way."""
    router = APIRouter(tags=["ask"])
    sent = SentOnce()

    @router.post("/ask", status_code=202, responses=_SENT | documented(404, 410, 503, 504, 507))
    async def ask(
        order: AskRequest,
        request: Request,
        response: Response,
        wait: Wait = None,
        idempotency_key: IdempotencyKey = None,
    ) -> JobReply:
        """Ask a question: the reply names the job to follow, or holds the answer where the request waits for it."""
        return await _take(order, request, response, wait, idempotency_key)

    @router.post("/run", status_code=202, responses=_SENT | documented(404, 410, 503, 504, 507))
    async def run(
        order: RunRequest,
        request: Request,
        response: Response,
        wait: Wait = None,
        idempotency_key: IdempotencyKey = None,
    ) -> JobReply:
        """Run a program of your own, in the sandbox."""
        return await _take(order, request, response, wait, idempotency_key)

    @router.get("/jobs", responses=documented())
    def list_jobs(
        request: Request,
        response: Response,
        limit: Limit = 100,
        cursor: Cursor = "",
        scene: Annotated[str, Query(max_length=64, description="only those of this scene")] = "",
        state: Annotated[State | None, Query(description="only those in this state")] = None,
    ) -> JobList:
        """The jobs since the server was started, the latest first."""
        wanted = [
            job
            for job in context.jobs.listed()
            if (not scene or job.scene == scene) and state in (None, job.state)
        ]
        page, more = page_of(wanted, lambda job: (-job.created, job.id), cursor, limit)
        link_next(request, response, more)
        return JobList(jobs=[job_reply(job) for job in page], next=more)

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

    async def _take(
        order: AskRequest | RunRequest,
        request: Request,
        response: Response,
        wait: float | None,
        key: str | None,
    ) -> JobReply:
        anew = "no-cache" in request.headers.get("cache-control", "").lower()

        def give() -> Job:
            if key is None:
                return submit(context, order, anew)
            whole = f"{request.url.path} {order.model_dump_json()}"
            return find_job(context, sent.once(key, whole, lambda: submit(context, order, anew).id))

        job = await asyncio.to_thread(give)
        response.headers["Location"] = f"{V1}/jobs/{job.id}"
        seconds = seconds_to_wait(request.headers.getlist("prefer"), wait, context.bounds.wait_seconds)
        if seconds:
            response.headers["Preference-Applied"] = f"wait={seconds:g}"
            await wait_for(context, job, seconds)
            if job.is_over:
                response.status_code = 200
                return await asyncio.to_thread(answered_reply, context, job)
        return job_reply(job)

    return router


def _event(job: Job) -> str:
    reply = job_reply(job)
    name = reply.state if reply.state in ("done", "failed") else "progress"
    return f"event: {name}\ndata: {reply.model_dump_json()}\n\n"
