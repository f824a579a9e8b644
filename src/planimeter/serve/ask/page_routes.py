"""The page and its files."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

from planimeter.serve.http_errors import HTTPError

WEB = Path(__file__).parents[1] / "web"
OPEN_PATHS = ("/", "/assets/", "/favicon.ico", "/health", "/v1/session", "/session")
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


def page_routes() -> APIRouter:
    """The routes of the page."""
    router = APIRouter(tags=["page"])

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

    return router
