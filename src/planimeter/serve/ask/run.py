"""Running the ask server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from planimeter.errors import UsageError
from planimeter.serve.ask.app import create_app
from planimeter.serve.ask.bounds import AskLimits
from planimeter.serve.ask.sources import Sources
from planimeter.serve.guard import check_binding, check_url
from planimeter.serve.listen import listen, run_app


def serve(
    store: str | Path,
    host: str = "127.0.0.1",
    port: int = 8500,
    *,
    folders: Sequence[str | Path] = (),
    sources: Sources | None = None,
    bounds: AskLimits | None = None,
    token: str | None = None,
    gsd: float | None = None,
    url: str | None = None,
    embedded: bool = False,
    bands: str | None = None,
    clouds: str | None = None,
    announce: Callable[[str], object] = print,
) -> None:
    """Serve the page and its API until stopped.

    Args:
        store: folder for uploads and answers.
        host: address to listen at; one that other machines reach needs a token.
        port: 0 for any free one.
        folders: folders whose images may be opened.
        sources: segmenters and coders that may be chosen.
        bounds: what is accepted, kept and spent.
        token: what clients must send.
        gsd: metres per pixel of pictures that do not say, when the request does not either.
        url: the address that people know the server by, for links to itself; None for the one they asked.
        embedded: whether pages of others may show tiles, for maps in notebooks.
        bands: which band is which, in files that do not say.
        clouds: "auto" or "none", of scenes that bring no mask of clouds; None for a product's own.
        announce: is told the server's address when it accepts connections.

    Raises:
        UsageError: the address, store or a folder cannot be had, the address needs a token, or ``clouds`` is a file.
    """
    check_binding(host, token)
    if url is not None:
        check_url(url)
    if clouds not in (None, "auto", "none"):
        raise UsageError("A server has many scenes, so --clouds is auto or none; masks come with uploads.")
    app = create_app(
        store,
        folders=folders,
        sources=sources,
        bounds=bounds,
        token=token,
        gsd=gsd,
        url=url,
        embedded=embedded,
        bands=bands,
        clouds=clouds,
    )
    run_app(app, listen(host, port), host, announce)
