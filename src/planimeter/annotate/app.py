"""The routes of annotation.

GET  /a/{token}                              an annotator's page
GET  /a/{token}/project                      questions, images, and which of them this annotator answered
GET  /a/{token}/questions/{address}          this annotator's own answer or draft
PUT  /a/{token}/questions/{address}/draft    keep unfinished marks
POST /a/{token}/questions/{address}/answer   submit, or pass over
GET  /a/{token}/images/{address}/tiles/{level}/{column}/{row}
GET  /a/{token}/images/{address}/grid/{n}    which cells show nothing, ground area of cells
GET  /o/{token}                              the organiser's page; what is below it is in organiser_routes.py

Addresses of questions and images come with the project. One that changed, or is gone, is answered with 409.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

import planimeter
from planimeter.annotate.access import guard_options
from planimeter.annotate.organiser_routes import organiser_routes
from planimeter.annotate.project import Project
from planimeter.annotate.reading_routes import PAGES, reading_routes
from planimeter.annotate.service import Service
from planimeter.annotate.store import AnnotationStore
from planimeter.serve.guard import Guard
from planimeter.serve.replies import answer_errors


class Marks(BaseModel):
    """What an annotator sends about a question: the marks, words, and time spent."""

    work: dict[str, Any] = Field(default_factory=dict)
    note: Annotated[str, Field(max_length=4000)] = ""
    seconds: Annotated[float, Field(ge=0, le=1e7)] = 0.0


class Submission(Marks):
    """Marks that are an answer, or a question passed over."""

    skipped: bool = False


def create_app(project: Project, store: AnnotationStore, origin: str | None = None) -> FastAPI:
    """The application of one project.

    Args:
        project: what is annotated.
        store: where answers are kept, in sync with the project.
        origin: the address that annotators type; None where only this machine can ask.
    """
    service = Service(project, store)
    # The interactive pages would load scripts from other hosts, so there are none.
    app = FastAPI(
        title="Planimeter annotation",
        version=planimeter.__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.add_middleware(Guard, **guard_options(origin))
    answer_errors(app)
    _annotator_routes(app, service)
    organiser_routes(app, service)
    app.mount("/static", StaticFiles(directory=PAGES), name="static")

    @app.get("/")
    def nothing_here() -> FileResponse:
        """People without a link are told that they need one."""
        return FileResponse(PAGES / "closed.html")

    return app


def _annotator_routes(app: FastAPI, service: Service) -> None:
    def annotator(token: str) -> str:
        person = service.store.person(token)
        if not person or person not in service.project.annotators:
            raise HTTPException(404, "There is nothing here; open the link you were given.")
        return person

    reading_routes(app, service, "/a/{token}", annotator)

    @app.get("/a/{token}")
    def page(token: str) -> FileResponse:
        """The page, when the link is somebody's."""
        known = service.store.person(token) in service.project.annotators
        return FileResponse(PAGES / ("annotate.html" if known else "closed.html"))

    @app.put("/a/{token}/questions/{address}/draft")
    def draft(token: str, address: str, marks: Marks) -> dict[str, Any]:
        """Keep unfinished marks."""
        return service.keep(annotator(token), address, marks.work, marks.note, marks.seconds)

    @app.post("/a/{token}/questions/{address}/answer")
    def answer(token: str, address: str, given: Submission) -> dict[str, Any]:
        """Submit an answer; it is on the disk when the reply comes."""
        person = annotator(token)
        return service.submit(person, address, given.work, given.note, given.seconds, given.skipped)
