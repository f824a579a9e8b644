"""Paths from before version 1 of the API: for one version they point to where their things are now."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

V1 = "/v1"
_MOVED = ("answers", "ask", "jobs", "legends", "openapi.json", "options", "run", "scenes", "session")
_SINCE = f"@{int(datetime(2026, 11, 29, tzinfo=UTC).timestamp())}"  # as RFC 9745 writes a date


class OldPaths:
    """Middleware: a request to an old path is told its new one; method and body stay (308).

    Args:
        app: the application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not is_old(scope["path"]):
            await self.app(scope, receive, send)
            return
        while (await receive()).get("more_body"):  # whoever sends a body listens when it is sent
            pass
        path = V1 + quote(scope["path"], safe="/!$&'()*+,;=:@")
        query = scope.get("query_string", b"").decode("latin-1")
        moved = Response(
            status_code=308,
            headers={
                "Location": f"{path}?{query}" if query else path,
                "Deprecation": _SINCE,
                "Link": f'<{path}>; rel="successor-version"',
            },
        )
        await moved(scope, receive, send)


def is_old(path: str) -> bool:
    """Whether a path is one of before version 1.

    Example:
        >>> is_old("/scenes/u-1"), is_old("/v1/scenes"), is_old("/health"), is_old("/scenes-of-mine")
        (True, False, False, False)
    """
    return path.split("/", 2)[1:2] in [[name] for name in _MOVED]
