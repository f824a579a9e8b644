"""The page and its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from planimeter.serve.ask.context import Context
from planimeter.serve.ask.sharing import Preview, preview_of_answer, preview_of_scene, shared_page
from planimeter.serve.http_errors import HTTPError

WEB = Path(__file__).parents[1] / "web"
OPEN_PATHS = ("/", "/assets/", "/share/", "/favicon.ico", "/health", "/v1/session", "/session")
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
    """The routes of the page.

    Args:
        context: the server's.
        token: what clients must send; None where only this machine can ask.
    """
    router = APIRouter(tags=["page"])

    @router.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(WEB / "index.html", media_type="text/html")

    @router.get("/share/answer/{answer}", include_in_schema=False)
    def shared_answer(answer: str, request: Request) -> Response:
        return _shared(request, lambda: preview_of_answer(context, answer))

    @router.get("/share/scene/{scene}", include_in_schema=False)
    def shared_scene(scene: str, request: Request) -> Response:
        return _shared(request, lambda: preview_of_scene(context, scene))

    @router.get("/assets/{name}", include_in_schema=False)
    def asset(name: str) -> FileResponse:
        if name not in _ASSETS:
            raise HTTPError(404, "The page has no such file; open it anew at /.")
        return FileResponse(WEB / name, media_type=_ASSETS[name], headers={"Cache-Control": "no-cache"})

    @router.get("/favicon.ico", include_in_schema=False)
    def icon() -> FileResponse:
        return FileResponse(WEB / "icon.svg", media_type=_ASSETS["icon.svg"])

    def _shared(request: Request, preview: Callable[[], Preview | None]) -> Response:
        # Whoever previews an address holds no token, and is told nothing where one is needed.
        known = preview() if token is None else None
        if known is None:
            return FileResponse(WEB / "index.html", 200 if token else 404, media_type="text/html")
        return HTMLResponse(
            shared_page(WEB / "index.html", known, context.address(request), request.url.path)
        )

    return router
