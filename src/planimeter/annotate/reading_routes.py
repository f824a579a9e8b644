"""What an annotator's page reads, for the annotator and for the organiser who looks at it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.responses import Response

from planimeter.annotate.service import Service

PAGES = Path(__file__).parent / "pages"


def reading_routes(
    app: FastAPI, service: Service, root: str, annotator: Callable[..., str], looks_on: bool = False
) -> None:
    """Questions, one person's marks, and the images, below the address of the page.

    Args:
        app: gets the routes.
        service: what they do.
        root: the page's own route.
        annotator: from the route's parameters to whose page it is; refuses who may not see it.
        looks_on: whether somebody else looks at it, who changes nothing.
    """
    whose = Depends(annotator)
    image_routes(app, service, root, annotator)

    @app.get(root + "/project")
    def project(person: str = whose) -> dict[str, Any]:
        """Everything the page needs, and nothing about anybody else."""
        return service.overview(person, looks_on)

    @app.get(root + "/questions/{address}")
    def question(address: str, person: str = whose) -> dict[str, Any]:
        """What this annotator marked so far."""
        return service.own_work(person, address)


def image_routes(app: FastAPI, service: Service, root: str, allowed: Callable[..., object]) -> None:
    """The images and the grids over them.

    Args:
        app: gets the routes.
        service: what they do.
        root: the page's own route.
        allowed: refuses who may not see it, by the route's parameters.
    """
    only = [Depends(allowed)]

    @app.get(root + "/images/{address}/tiles/{level}/{column}/{row}", dependencies=only)
    def tile(address: str, level: int, column: int, row: int) -> Response:
        """A part of an image."""
        content = service.tile(address, level, column, row)
        return Response(content, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})

    @app.get(root + "/images/{address}/grid/{n}", dependencies=only)
    def grid(address: str, n: int) -> dict[str, Any]:
        """What a grid over an image needs to know of it."""
        return service.grid(address, n)
