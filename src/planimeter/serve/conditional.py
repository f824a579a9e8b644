"""HEAD for whatever can be had, and "not modified" for those who have it already."""

from __future__ import annotations

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KEPT_AT_304 = ("cache-control", "content-location", "date", "etag", "expires", "vary")


class Conditional:
    """Middleware: gives replies an ETag, answers ``If-None-Match`` with 304, and HEAD like GET without its body.

    ETags are weak: what is compressed on the way keeps its tag.

    Args:
        app: the application; it answers GET.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        reply = _Reply(scope, receive, send)
        asked = {**scope, "method": "GET"}  # the server itself looks at what was asked
        try:
            await self.app(asked, reply.receive, reply.send)
        finally:
            scope["route"] = asked.get("route")  # for those who watch from outside


class _Reply:
    """One reply on its way."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._only_head = scope["method"] == "HEAD"
        self._known = Headers(scope=scope).get("if-none-match", "")
        self._receive, self._send = receive, send
        self._start: Message | None = None
        self._over = False

    async def receive(self) -> Message:
        """What the client sends; it is gone once it has what it wants."""
        return {"type": "http.disconnect"} if self._over else await self._receive()

    async def send(self, message: Message) -> None:
        """A part of the reply."""
        if self._over:
            return
        if message["type"] == "http.response.start" and message["status"] == 200:
            self._start = message  # its body decides its tag
            return
        start, self._start = self._start, None
        if start is None:
            await self._send(message)
            return
        headers = MutableHeaders(scope=start)
        whole = message["type"] == "http.response.body" and not message.get("more_body", False)
        tag = headers.get("etag")
        if tag is None and whole:
            tag = f'"{hashlib.sha256(message.get("body", b"")).hexdigest()[:32]}"'
        if tag is not None:
            tag = tag if tag.startswith("W/") else f"W/{tag}"
            headers["etag"] = tag
            if _is_among(tag, self._known):
                await self._end(304, [pair for pair in start["headers"] if pair[0].decode() in _KEPT_AT_304])
                return
        if self._only_head:
            await self._end(200, start["headers"])
            return
        await self._send(start)
        await self._send(message)

    async def _end(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self._over = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": b""})


def _is_among(tag: str, known: str) -> bool:
    """Whether a weak ETag is one of an If-None-Match header.

    Example:
        >>> _is_among('W/"a"', '"b", "a"'), _is_among('W/"a"', "*"), _is_among('W/"a"', "")
        (True, True, False)
    """
    given = [each.strip().removeprefix("W/") for each in known.split(",")]
    return known.strip() == "*" or tag.removeprefix("W/") in given
