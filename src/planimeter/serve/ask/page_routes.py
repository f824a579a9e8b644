"""The page, its files, what it may offer, and how it learns to know the token's holder."""

from __future__ import annotations

import hmac
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

import planimeter
from planimeter.serve.ask.context import Context
from planimeter.serve.ask.messages import LONGEST_QUESTION, OptionsReply, TokenRequest
from planimeter.serve.guard import COOKIE, cookie_of
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.replies import documented

WEB = Path(__file__).parents[1] / "web"
OPEN_PATHS = ("/", "/assets/", "/favicon.ico", "/health", "/session")
_ASSETS = {"app.js": "text/javascript", "app.css": "text/css", "icon.svg": "image/svg+xml"}

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def page_routes(context: Context, token: str | None) -> APIRouter:
    """The routes of the page."""
    router = APIRouter(tags=["page"])
    bounds = context.bounds

    @router.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(WEB / "index.html", media_type="text/html")

    @router.get("/assets/{name}", include_in_schema=False)
    def asset(name: str) -> FileResponse:
        if name not in _ASSETS:
            raise HTTPError(404, "The page has no such file; open it anew at /.")
        return FileResponse(WEB / name, media_type=_ASSETS[name], headers={"Cache-Control": "no-cache"})

    @router.get("/favicon.ico", include_in_schema=False)
    def icon() -> FileResponse:
        return FileResponse(WEB / "icon.svg", media_type=_ASSETS["icon.svg"])

    @router.get("/options", responses=documented())
    def options() -> OptionsReply:
        """The segmenters and coders that may be chosen, and the limits."""
        return OptionsReply(
            version=planimeter.__version__,
            segmenters=[offered.name for offered in context.sources.segmenters],
            coders=list(context.sources.coders),
            upload_bytes=bounds.upload_bytes,
            pixels=bounds.pixels,
            answer_seconds=bounds.answer_seconds,
            question_characters=LONGEST_QUESTION,
        )

    @router.post("/session", status_code=204, responses=documented())
    def session(request: TokenRequest) -> Response:
        """Tell the server its token once; the page is known by a cookie from then on."""
        if token is None:
            return Response(status_code=204)
        if not hmac.compare_digest(request.token.strip().encode(), token.encode()):
            raise HTTPError(401, "This is not the server's token; ask whoever started it.")
        reply = Response(status_code=204)
        reply.set_cookie(COOKIE, cookie_of(token), httponly=True, samesite="strict", path="/")
        return reply

    return router
