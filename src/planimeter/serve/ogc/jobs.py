"""Jobs as the standard tells them, and which of them a list wants."""

from __future__ import annotations

from datetime import UTC, datetime

from planimeter.serve.ask.context import Context
from planimeter.serve.ask.job import Job
from planimeter.serve.ask.old_paths import V1
from planimeter.serve.ask.orders import find_job
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.ogc.messages import JobStatus, Link, StatusInfo
from planimeter.serve.ogc.process import ASK, standard_error
from planimeter.serve.times import time_of

_CANCELLED = 410
_EXCEPTION = "http://www.opengis.net/def/rel/ogc/1.0/exceptions"
_RESULTS = "http://www.opengis.net/def/rel/ogc/1.0/results"


def status_of_job(context: Context, job: Job) -> JobStatus:
    """Where a job is, in the standard's words. One whose answer was taken away is dismissed."""
    if job.state == "queued":
        return "accepted"
    if job.state in ("running", "answered"):
        return "running"
    if job.state == "failed":
        return "dismissed" if job.status == _CANCELLED else "failed"
    return "successful" if context.store.has("answers", job.id) else "dismissed"


def status_info(context: Context, job: Job, root: str) -> StatusInfo:
    """A job as the standard tells it.

    Args:
        context: the server's.
        job: the job.
        root: the address that everything of the standard lies below.
    """
    status = status_of_job(context, job)
    here = f"{root}/jobs/{job.id}"
    links = [Link(href=here, rel="self", type="application/json")]
    if status == "successful":
        links.append(Link(href=f"{here}/results", rel=_RESULTS, type="application/json"))
        links.append(
            Link(href=f"{root.removesuffix(f'{V1}/ogc')}/#answer/{job.id}", rel="alternate", type="text/html")
        )
    elif status == "failed":
        links.append(Link(href=f"{here}/results", rel=_EXCEPTION, type="application/problem+json"))
    progress = 100 if status == "successful" else None
    if status == "running" and job.total:
        progress = min(99, int(100 * (job.done or 0) / job.total))
    created = time_of(job.created)
    assert created is not None
    return StatusInfo(
        jobID=job.id,
        processID=ASK,
        status=status,
        message=job.error.error if job.error is not None else job.step or job.title,
        created=created,
        started=time_of(job.started),
        finished=time_of(job.finished),
        progress=progress,
        links=links,
    )


def job_of(context: Context, name: str) -> Job:
    """A job of this process, also one of before the server was started again.

    Raises:
        Refused: there is none.
    """
    try:
        job = find_job(context, name)
    except HTTPError:
        job = None
    if job is None or job.kind != ASK:
        raise standard_error(
            404, "no-such-job", "There is no such job; GET /v1/ogc/jobs lists what there is."
        )
    return job


def seconds_of(job: Job) -> float:
    """How long a job was or is worked on; 0 while it waits."""
    if job.started is None:
        return 0.0
    return (job.finished or datetime.now(UTC).timestamp()) - job.started


def moments(interval: str) -> tuple[datetime | None, datetime | None]:
    """The ends of an interval as the standard writes it: a moment, or two with a slash, ".." for no end.

    Raises:
        Refused: it is none.

    Example:
        >>> moments("2026-01-01T00:00:00Z/..")
        (datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), None)
    """
    parts = interval.split("/")
    try:
        if len(parts) > 2:
            raise ValueError
        ends = [None if part in ("", "..") else _moment(part) for part in parts]
    except (ValueError, OverflowError):
        raise HTTPError(
            400,
            "The datetime is none; write it like 2026-01-31T12:00:00Z, or two of them with a slash between.",
        ) from None
    if ends == [None]:
        return None, None
    return (ends[0], ends[-1]) if len(ends) == 2 else (ends[0], ends[0])


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
