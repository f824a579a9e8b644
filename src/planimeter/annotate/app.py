"""The routes of annotation.

GET  /a/{token}                              an annotator's page
GET  /a/{token}/project                      questions, images, and which of them this annotator answered
GET  /a/{token}/questions/{number}           this annotator's own answer or draft
PUT  /a/{token}/questions/{number}/draft     keep unfinished marks
POST /a/{token}/questions/{number}/answer    submit, or pass over
GET  /a/{token}/images/{number}/tiles/{level}/{column}/{row}
GET  /a/{token}/images/{number}/grid/{n}     which cells show nothing, ground area of cells
GET  /o/{token}                              the organiser's page; /progress, /annotations.csv, /answers.csv below it
GET  /o/{token}/people/{person}              an annotator's page to look at: the same, but nothing can be sent to it
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi.responses import FileResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

import planimeter
from planimeter.annotate.access import guard_options
from planimeter.annotate.agreement import answered_questions
from planimeter.annotate.export import answers_csv, table_csv
from planimeter.annotate.project import Project
from planimeter.annotate.service import Service
from planimeter.annotate.store import ORGANISER, AnnotationStore
from planimeter.serve.guard import Guard
from planimeter.serve.replies import answer_errors

PAGES = Path(__file__).parent / "pages"


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
    _organiser_routes(app, service)
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

    _reading_routes(app, service, "/a/{token}", annotator)

    @app.get("/a/{token}")
    def page(token: str) -> FileResponse:
        """The page, when the link is somebody's."""
        return FileResponse(PAGES / ("annotate.html" if service.store.person(token) else "closed.html"))

    @app.put("/a/{token}/questions/{number}/draft")
    def draft(token: str, number: int, marks: Marks) -> dict[str, Any]:
        """Keep unfinished marks."""
        return service.keep(annotator(token), number, marks.work, marks.note, marks.seconds)

    @app.post("/a/{token}/questions/{number}/answer")
    def answer(token: str, number: int, given: Submission) -> dict[str, Any]:
        """Submit an answer; it is on the disk when the reply comes."""
        person = annotator(token)
        return service.submit(person, number, given.work, given.note, given.seconds, given.skipped)


def _reading_routes(
    app: FastAPI, service: Service, root: str, annotator: Callable[..., str], looks_on: bool = False
) -> None:
    """What an annotator's page reads, below the address of the page.

    Args:
        app: gets the routes.
        service: what they do.
        root: the page's own route.
        annotator: from the route's parameters to whose page it is; refuses who may not see it.
        looks_on: whether somebody else looks at it, who changes nothing.
    """
    whose = Depends(annotator)

    @app.get(root + "/project")
    def project(person: str = whose) -> dict[str, Any]:
        """Everything the page needs, and nothing about anybody else."""
        return service.overview(person, looks_on)

    @app.get(root + "/questions/{number}")
    def question(number: int, person: str = whose) -> dict[str, Any]:
        """What this annotator marked so far."""
        return service.own_work(person, number)

    @app.get(root + "/images/{number}/tiles/{level}/{column}/{row}", dependencies=[whose])
    def tile(number: int, level: int, column: int, row: int) -> Response:
        """A part of an image."""
        content = service.tile(number, level, column, row)
        return Response(content, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})

    @app.get(root + "/images/{number}/grid/{n}", dependencies=[whose])
    def grid(number: int, n: int) -> dict[str, Any]:
        """What a grid over an image needs to know of it."""
        return service.grid(number, n)


def _organiser_routes(app: FastAPI, service: Service) -> None:
    def only_organiser(token: str) -> None:
        if service.store.person(token) != ORGANISER:
            raise HTTPException(404, "There is nothing here; open the organiser's link.")

    def looked_at(token: str, place: int) -> str:
        only_organiser(token)
        if not 0 <= place < len(service.project.annotators):
            raise HTTPException(
                404, "There is no such person in this project; open them on the organiser's page."
            )
        return service.project.annotators[place]

    _reading_routes(app, service, "/o/{token}/people/{place}", looked_at, looks_on=True)

    def table(text: str, name: str) -> Response:
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)

    @app.get("/o/{token}")
    def page(token: str) -> FileResponse:
        """The organiser's page."""
        right = service.store.person(token) == ORGANISER
        return FileResponse(PAGES / ("organise.html" if right else "closed.html"))

    @app.get("/o/{token}/people/{place}")
    def view(token: str, place: int) -> FileResponse:
        """An annotator's page, to look at."""
        looked_at(token, place)
        return FileResponse(PAGES / "annotate.html")

    @app.get("/o/{token}/progress")
    def progress(token: str) -> dict[str, Any]:
        """Who has done how much, what they answered, and how far they agree."""
        only_organiser(token)
        return service.progress()

    @app.get("/o/{token}/annotations.csv")
    def annotations(token: str) -> Response:
        """The table that ``planimeter squid agreement`` reads."""
        only_organiser(token)
        return table(table_csv(answered_questions(service.project, service.store)), "annotations.csv")

    @app.get("/o/{token}/answers.csv")
    def answers(token: str) -> Response:
        """Every revision of every answer."""
        only_organiser(token)
        return table(answers_csv(service.project, service.store), "answers.csv")
