"""The organiser's routes, below /o/{token}.

GET    /progress                     who has done how much, what they answered, how far they agree
POST   /people                       add an annotator
DELETE /people/{person}              remove one
GET    /people/{person}              an annotator's page to look at: the same, but nothing can be sent to it
GET    /review                       the page of everybody's marks at a question; read only
GET    /review/questions/{address}   the marks
GET    /annotations.csv, /answers.csv, /people.csv, /agreement.csv, /marks.zip
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi.responses import FileResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from planimeter.annotate.organiser import Organiser
from planimeter.annotate.reading_routes import PAGES, image_routes, reading_routes
from planimeter.annotate.service import Service
from planimeter.annotate.store import ORGANISER


class NewPerson(BaseModel):
    """Somebody who is to annotate."""

    name: Annotated[str, Field(max_length=200)]


def organiser_routes(app: FastAPI, service: Service) -> None:
    """Add the organiser's pages and what they ask for.

    Args:
        app: gets the routes.
        service: what annotators see.
    """
    organiser = Organiser(service)

    def only_organiser(token: str) -> None:
        if service.store.person(token) != ORGANISER:
            raise HTTPException(404, "There is nothing here; open the organiser's link.")

    only = [Depends(only_organiser)]

    def looked_at(token: str, person: str) -> str:
        only_organiser(token)
        if person not in service.project.annotators:
            raise HTTPException(
                404, "There is no such person in this project; open them on the organiser's page."
            )
        return person

    reading_routes(app, service, "/o/{token}/people/{person}", looked_at, looks_on=True)
    image_routes(app, service, "/o/{token}/review", only_organiser)

    @app.get("/o/{token}")
    def page(token: str) -> FileResponse:
        """The organiser's page."""
        right = service.store.person(token) == ORGANISER
        return FileResponse(PAGES / ("organise.html" if right else "closed.html"))

    @app.get("/o/{token}/people/{person}")
    def view(token: str, person: str) -> FileResponse:
        """An annotator's page, to look at."""
        looked_at(token, person)
        return FileResponse(PAGES / "annotate.html")

    @app.post("/o/{token}/people", dependencies=only)
    def add(new: NewPerson) -> dict[str, Any]:
        """Add an annotator, to the project file as well."""
        return organiser.add(new.name)

    @app.delete("/o/{token}/people/{person}", dependencies=only)
    def remove(person: str) -> dict[str, Any]:
        """Remove an annotator, from the project file as well; answers stay in the store."""
        return organiser.remove(person)

    @app.get("/o/{token}/progress", dependencies=only)
    def progress() -> dict[str, Any]:
        """Who has done how much, what they answered, and how far they agree."""
        return organiser.progress()

    @app.get("/o/{token}/review", dependencies=only)
    def review_page() -> FileResponse:
        """The page of everybody's marks."""
        return FileResponse(PAGES / "review.html")

    @app.get("/o/{token}/review/project", dependencies=only)
    def review() -> dict[str, Any]:
        """Questions, images and names."""
        return organiser.review()

    @app.get("/o/{token}/review/questions/{address}", dependencies=only)
    def marks(address: str) -> dict[str, Any]:
        """Everybody's submitted marks at a question."""
        return organiser.marks(address)

    def table(name: str) -> None:
        @app.get(f"/o/{{token}}/{name}", dependencies=only, name=name)
        def csv() -> Response:
            """A table of the export."""
            return _file(organiser.table(name), name, "text/csv; charset=utf-8")

    for name in ("annotations.csv", "answers.csv", "people.csv", "agreement.csv"):
        table(name)

    @app.get("/o/{token}/marks.zip", dependencies=only)
    def marks_zip() -> Response:
        """Marks as GeoPackages and COCO."""
        return _file(organiser.marks_zip(), "marks.zip", "application/zip")


def _file(content: str | bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
