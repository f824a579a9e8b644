"""Listening at an address and serving an application there."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from planimeter.errors import UsageError


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections.

    Args:
        host: address to listen at.
        port: 0 for any free one.

    Raises:
        UsageError: the address cannot be had.
    """
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


def run_app(
    app: ASGIApp, listening: socket.socket, host: str, announce: Callable[[str], object] = print
) -> None:
    """Serve an application until stopped.

    Args:
        app: what to serve.
        listening: as ``listen`` returns it.
        host: as people name it.
        announce: is told the address.
    """
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
