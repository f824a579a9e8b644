"""Running the annotation server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from planimeter.annotate.access import public_origin
from planimeter.annotate.app import create_app
from planimeter.annotate.project import read_project
from planimeter.annotate.service import Service
from planimeter.annotate.store import AnnotationStore
from planimeter.serve.listen import listen, run_app


def serve(
    folder: str | Path,
    host: str = "127.0.0.1",
    port: int = 8700,
    *,
    url: str | None = None,
    announce: Callable[[dict[str, str]], object] = print,
) -> None:
    """Serve a project until stopped.

    Args:
        folder: the project.
        host: address to listen at; one that other machines reach needs ``url``.
        port: 0 for any free one.
        url: the address that annotators open, where it is not the one listened at.
        announce: is told the links by name when the server accepts connections.

    Raises:
        InputError: the project or its answers cannot be read.
        UsageError: the address cannot be had, or needs ``url``.
    """
    origin = public_origin(url, host)
    project = read_project(folder)
    store = AnnotationStore(project.store_path)
    store.sync(project)
    service = Service(project, store)
    run_app(
        create_app(project, store, origin),
        listen(host, port),
        host,
        lambda address: announce(service.links(origin or address)),
    )
