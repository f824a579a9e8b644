"""The routes of OGC API – Processes.

GET    /                           landing page
GET    /conformance                what of the standard is there
GET    /processes, /processes/ask  what may be asked for
POST   /processes/ask/execution    ask: the results at once, or a job where the request prefers that
GET    /jobs, /jobs/ID             jobs; DELETE dismisses one
GET    /jobs/ID/results            its results
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import NonNegativeInt

from planimeter.serve.ask.context import Context
from planimeter.serve.ask.job import Job
from planimeter.serve.ask.old_paths import V1
from planimeter.serve.ask.orders import submit, wait_for
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.ogc.jobs import job_of, moments, seconds_of, status_info, status_of_job
from planimeter.serve.ogc.messages import (
    Conformance,
    ExecuteRequest,
    JobStatus,
    LandingPage,
    Link,
    OutputWanted,
    ProcessDescription,
    ProcessList,
    StatusInfo,
    StatusList,
)
from planimeter.serve.ogc.process import (
    ASK,
    CONFORMS_TO,
    OUTPUTS,
    description,
    order_of,
    relation,
    standard_error,
    summary,
    wanted_outputs,
)
from planimeter.serve.ogc.results import results
from planimeter.serve.paging import Cursor, Limit, page_of
from planimeter.serve.preferences import preferences
from planimeter.serve.replies import documented
from planimeter.serve.times import time_of

OGC = "/ogc"
_MOST_KEPT = 10_000
_JSON = "application/json"
_RESULTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the outputs",
        "content": {
            _JSON: {"schema": {"type": "object"}},
            "application/geo+json": {"schema": {"type": "object"}},
            "multipart/related": {"schema": {"type": "string"}},
        },
    },
    204: {"description": "the outputs are where the Link header says"},
}
_EXECUTED = _RESULTS | {201: {"model": StatusInfo, "description": "a job, where the request prefers that"}}
_Wanted = tuple[dict[str, OutputWanted], str]


def ogc_routes(context: Context) -> APIRouter:
    """The routes of the standard."""
    router = APIRouter(prefix=OGC, tags=["OGC API – Processes"])
    replies: OrderedDict[str, _Wanted] = OrderedDict()  # job → how its results are wanted

    def _root(request: Request) -> str:
        return f"{context.address(request)}{V1}{OGC}"

    @router.get("", responses=documented(), response_model_exclude_none=True)
    @router.get("/", response_model_exclude_none=True, include_in_schema=False)
    def landing_page(request: Request) -> LandingPage:
        """Where everything is."""
        root = _root(request)
        return LandingPage(
            title="Planimeter",
            description="Ask a question of a satellite or aerial image, get a measured answer.",
            links=[
                Link(href=root, rel="self", type=_JSON, title="this page"),
                Link(
                    href=f"{context.address(request)}{V1}/openapi.json",
                    rel="service-desc",
                    type="application/vnd.oai.openapi+json;version=3.1",
                    title="the API described",
                ),
                Link(
                    href=f"{root}/conformance",
                    rel=relation("conformance"),
                    type=_JSON,
                    title="what of the standard is there",
                ),
                Link(href=f"{root}/processes", rel=relation("processes"), type=_JSON, title="the processes"),
                Link(href=f"{root}/jobs", rel=relation("job-list"), type=_JSON, title="the jobs"),
            ],
        )

    @router.get("/conformance", responses=documented())
    def conformance() -> Conformance:
        """The conformance classes of the standard that hold here."""
        return Conformance(conformsTo=CONFORMS_TO)

    @router.get("/processes", responses=documented(), response_model_exclude_none=True)
    def list_processes(request: Request, limit: Limit = 100) -> ProcessList:
        """The processes: there is one."""
        root = _root(request)
        here = Link(href=f"{root}/processes", rel="self", type=_JSON)
        return ProcessList(processes=[summary(root)][:limit], links=[here])

    @router.get("/processes/{process}", responses=documented(404), response_model_exclude_none=True)
    def describe_process(process: str, request: Request) -> ProcessDescription:
        """What a process takes and gives."""
        _known(process)
        return description(_root(request))

    @router.post(
        "/processes/{process}/execution",
        response_class=Response,
        response_model=None,
        responses=_EXECUTED | documented(404, 410, 503, 504, 507, plain=True),
    )
    async def execute(process: str, order: ExecuteRequest, request: Request) -> Response:
        """Ask: the reply holds the results, or, with `Prefer: respond-async`, says which job to follow."""
        _known(process)
        asked, wanted = order_of(order), (wanted_outputs(order), order.response)
        job = await asyncio.to_thread(submit, context, asked)
        replies[job.id] = wanted
        if len(replies) > _MOST_KEPT:
            replies.popitem(last=False)
        if "respond-async" in preferences(request.headers.getlist("prefer")):
            said = status_info(context, job, _root(request))
            return Response(
                said.model_dump_json(exclude_none=True),
                201,
                {
                    "Location": f"{_root(request)}/jobs/{job.id}",
                    "Preference-Applied": "respond-async",
                },
                media_type=_JSON,
            )
        await wait_for(context, job, context.bounds.wait_seconds)
        if not job.is_over:
            raise HTTPError(
                504,
                f"The answer takes longer than {context.bounds.wait_seconds:g} s and goes on as a job: follow "
                f"{V1}{OGC}/jobs/{job.id}, or send such questions with `Prefer: respond-async`.",
            )
        reply = await asyncio.to_thread(_results, job, request)
        reply.headers.append("Link", f'<{_root(request)}/jobs/{job.id}>; rel="monitor"')
        return reply

    @router.get("/jobs", responses=documented(), response_model_exclude_none=True)
    def list_jobs_of_processes(
        request: Request,
        limit: Limit = 100,
        cursor: Cursor = "",
        type: Annotated[list[str] | None, Query(description="process")] = None,
        process: Annotated[
            list[str] | None, Query(alias="processID", description="only those of these processes")
        ] = None,
        status: Annotated[list[JobStatus] | None, Query(description="only those in these states")] = None,
        datetime: Annotated[
            str,
            Query(
                max_length=100,
                description="only those created then: a moment, or START/END, .. for none",
            ),
        ] = "",
        least: Annotated[
            list[NonNegativeInt] | None,
            Query(alias="minDuration", description="only those that took longer, in seconds"),
        ] = None,
        most: Annotated[
            list[NonNegativeInt] | None,
            Query(alias="maxDuration", description="only those that took less, in seconds"),
        ] = None,
    ) -> StatusList:
        """The jobs since the server was started, the latest first."""
        start, end = moments(datetime) if datetime else (None, None)

        def is_wanted(job: Job) -> bool:
            created, seconds = time_of(job.created), seconds_of(job)
            assert created is not None
            return (
                job.kind == ASK
                and (not type or "process" in type)
                and (not process or ASK in process)
                and (not status or status_of_job(context, job) in status)
                and (start is None or start <= created)
                and (end is None or created <= end)
                and (not least or seconds > max(least))
                and (not most or seconds < min(most))
            )

        root = _root(request)
        wanted = [job for job in context.jobs.listed() if is_wanted(job)]
        page, more = page_of(wanted, lambda job: (-job.created, job.id), cursor, limit)
        links = [Link(href=f"{root}/jobs", rel="self", type=_JSON)]
        if more is not None:
            query = str(request.url.include_query_params(cursor=more).query)
            links.append(Link(href=f"{root}/jobs?{query}", rel="next", type=_JSON))
        return StatusList(jobs=[status_info(context, job, root) for job in page], links=links)

    @router.get("/jobs/{job}", responses=documented(404), response_model_exclude_none=True)
    def show_status(job: str, request: Request) -> StatusInfo:
        """How far a job is."""
        return status_info(context, job_of(context, job), _root(request))

    @router.delete("/jobs/{job}", responses=documented(404), response_model_exclude_none=True)
    def dismiss(job: str, request: Request) -> StatusInfo:
        """Cancel a job, or take its results away."""
        found = job_of(context, job)
        context.jobs.cancel(found)
        context.store.remove("answers", found.id)
        said = status_info(context, found, _root(request))
        links = [link for link in said.links if link.rel == "self"]
        return said.model_copy(update={"status": "dismissed", "progress": None, "links": links})

    @router.get(
        "/jobs/{job}/results",
        response_class=Response,
        response_model=None,
        responses=_RESULTS | documented(404, 410, 503, 504, 507, plain=True),
    )
    def show_results(job: str, request: Request) -> Response:
        """What a job gave, as its request wanted it; a failed one gives its error."""
        return _results(job_of(context, job), request)

    def _results(job: Job, request: Request) -> Response:
        if job.error is not None:
            raise HTTPError(job.status, job.error.error, reply=job.error)
        if not job.is_over:
            raise standard_error(404, "result-not-ready", "The results are not there yet; follow the job.")
        place = context.store.find("answers", job.id)
        if place is None:
            raise standard_error(404, "no-such-job", "The results of this job were taken away; ask again.")
        every = {name: OutputWanted() for name in OUTPUTS}, "document"
        wanted, response = replies.get(job.id, every)
        return results(place, context.address(request), wanted, response)

    return router


def _known(process: str) -> None:
    if process != ASK:
        raise standard_error(
            404, "no-such-process", "There is no such process; GET /v1/ogc/processes lists what there is."
        )
