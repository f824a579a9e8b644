"""Who may ask: the holder of the token, or programs on this machine; never a web page of somebody else's."""

from __future__ import annotations

import hmac
import ipaddress
import time
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from planimeter.errors import UsageError
from planimeter.serve.segment.limits import Refused
from planimeter.serve.segment.metrics import Metrics

OPEN_TO_ALL = ("/health",)  # load balancers hold no token
_FORM_BYTES = 64 << 10  # of a request besides the image


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine reach an address.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
        (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_binding(host: str, token: str | None) -> None:
    """Refuse to serve other machines without a token.

    Raises:
        UsageError: ``host`` is reachable from elsewhere and there is no token, or the token is a weak one.
    """
    if token is None and not is_loopback(host):
        raise UsageError(
            f"--host {host} lets other machines ask, so it needs a secret: give --token, or set PLANIMETER_TOKEN."
        )
    if token is not None and (
        len(token) < 16 or not token.isascii() or not token.isprintable() or " " in token
    ):
        raise UsageError(
            "The token must be at least 16 plain characters without spaces, so that nobody guesses it; make one "
            'with `python -c "import secrets; print(secrets.token_urlsafe())"`.'
        )


class Guard:
    """Middleware: refuses strangers, bounds bodies, counts requests.

    Without a token the server must be asked by a loopback name, and not by a page of another origin: a browser on
    this machine would otherwise let any web page ask.

    Args:
        app: the application.
        token: what ``Authorization: Bearer …`` must hold; None where only this machine can ask.
        upload_bytes: largest image.
        metrics: where requests are counted.
    """

    def __init__(self, app: ASGIApp, token: str | None, upload_bytes: int, metrics: Metrics) -> None:
        self.app = app
        self.token = token
        self.body_bytes = upload_bytes + _FORM_BYTES
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.monotonic(), 500
        received = 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.body_bytes:
                raise self._too_large()
            return message

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            self._check(scope["path"], Headers(scope=scope))
            await self.app(scope, bounded, noted)
        except Refused as refusal:
            await refusal_reply(refusal)(scope, receive, noted)
        finally:
            path = (
                scope["path"] if scope["path"] in ("/segment", "/topics", "/health", "/metrics") else "other"
            )
            self.metrics.request(path, status, time.monotonic() - started)

    def _check(self, path: str, headers: Headers) -> None:
        if self.token is not None:
            kind, _, given = headers.get("authorization", "").partition(" ")
            right = hmac.compare_digest(given.strip().encode(), self.token.encode())
            if path not in OPEN_TO_ALL and not (kind.lower() == "bearer" and right):
                raise Refused(
                    401,
                    "This server needs its token; send it as `Authorization: Bearer TOKEN`.",
                    {"WWW-Authenticate": "Bearer"},
                )
        else:
            host = _host_name(headers.get("host", ""))
            origin = headers.get("origin")
            if not is_loopback(host) or (origin is not None and origin != f"http://{headers.get('host')}"):
                raise Refused(
                    403, "This server answers programs on its own machine only; ask it by 127.0.0.1."
                )
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self.body_bytes:
            raise self._too_large()

    def _too_large(self) -> Refused:
        return Refused(
            413,
            f"The upload is larger than the {(self.body_bytes - _FORM_BYTES) / 2**20:g} MiB this server takes; crop "
            "or compress the image, or start the server with a larger --max-upload.",
        )


def _host_name(header: str) -> str:
    """The name in a Host header, without its port; empty where it is none."""
    try:
        return urlsplit("//" + header).hostname or ""
    except ValueError:
        return ""


def refusal_reply(refusal: Refused) -> JSONResponse:
    """A refusal as a reply: its sentence as ``error``."""
    return JSONResponse({"error": str(refusal)}, refusal.status, refusal.headers)
