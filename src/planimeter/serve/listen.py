"""Listening at an address and serving an application there."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from planimeter.errors import UsageError

_HEADER_SECONDS = 10.0
_HEADER_BYTES = 32 << 10


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


class HeaderTimeout(H11Protocol):
    """uvicorn's HTTP, but for connections on which no whole request head arrives in time: they are closed.

    uvicorn ends what idles after a reply, not who connects and says nothing, or a letter now and then; nor is there
    an option for it. Bodies are timed by those who read them.
    """

    head_seconds = _HEADER_SECONDS
    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Wait for the first head from now on."""
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """A head may be complete, or the next one may begin."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._head_came()
        elif self._head is None:
            self._wait_for_head()

    def on_response_complete(self) -> None:
        """Between two requests, the time to keep a connection alive counts, or a head that is here already."""
        self._head_came()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._head_came()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        self._head = self.loop.call_later(self.head_seconds, self.transport.close)

    def _head_came(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None


def settings(app: ASGIApp, **changed: Any) -> uvicorn.Config:
    """How every server of Planimeter speaks HTTP.

    Args:
        app: what to serve.
        changed: settings of uvicorn that differ.
    """
    chosen: dict[str, Any] = {
        "http": HeaderTimeout,
        "ws": "none",
        "h11_max_incomplete_event_size": _HEADER_BYTES,
        "log_level": "warning",
        "access_log": False,  # uvicorn's has query strings; the guard writes one without secrets
        "server_header": False,
        "proxy_headers": False,
        "timeout_keep_alive": 15,
        "timeout_graceful_shutdown": 10,
    }
    return uvicorn.Config(app, **chosen | changed)


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
    shown = f"[{host}]" if ":" in host else host
    announce(f"http://{shown}:{listening.getsockname()[1]}")
    uvicorn.Server(settings(app)).run(sockets=[listening])
