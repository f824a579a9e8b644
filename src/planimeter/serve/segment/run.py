"""Running the segmentation server."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from planimeter.errors import UsageError
from planimeter.segment import Segmenter
from planimeter.serve.segment.app import create_app
from planimeter.serve.segment.guard import check_binding
from planimeter.serve.segment.limits import Limits


def serve(
    segmenter: Segmenter,
    host: str = "127.0.0.1",
    port: int = 8600,
    *,
    token: str | None = None,
    limits: Limits | None = None,
    gsd: float | None = None,
    announce: Callable[[str], object] = print,
) -> None:
    """Serve masks until stopped.

    Args:
        segmenter: makes the masks.
        host: address to listen at; one that other machines reach needs a token.
        port: 0 for any free one.
        token: what clients must send.
        limits: what is accepted and kept.
        gsd: metres per pixel of pictures that do not say, when the request does not either.
        announce: is told the server's address when it accepts connections.

    Raises:
        UsageError: the address cannot be had, or needs a token.
    """
    check_binding(host, token)
    listening = _listen(host, port)
    app = create_app(segmenter, limits, token, gsd)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
    )
    shown = f"[{host}]" if ":" in host else host
    announce(f"http://{shown}:{listening.getsockname()[1]}")
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        raise UsageError(
            f"The address {host} port {port} cannot be had ({error.strerror}); choose another with --host and --port."
        ) from error
    return listening
