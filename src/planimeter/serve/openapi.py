"""How an application describes itself: errors as problems, and what a request needs to come in."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from planimeter.serve.guard import COOKIE
from planimeter.serve.http_errors import PROBLEM

_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "the server's token, where it was started with one",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "what POST /v1/session gives the page for the token",
    },
}


def describe(app: FastAPI, token: str | None, open_paths: tuple[str, ...]) -> None:
    """Have an application's description say how errors come and who may ask.

    Args:
        app: the application.
        token: what clients must send; None where no other machine can ask.
        open_paths: need no token.
    """
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = made()
            document["components"]["securitySchemes"] = _SCHEMES
            needed: list[dict[str, list[str]]] = [{name: []} for name in _SCHEMES]
            document["security"] = needed if token is not None else [{}, *needed]
            for path, item in document["paths"].items():
                for operation in item.values():
                    _as_problems(operation["responses"])
                    if path in open_paths:
                        operation["security"] = []
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _as_problems(responses: dict[str, Any]) -> None:
    """FastAPI says that models come as JSON; those of errors come as problems."""
    for status, response in responses.items():
        content = response.get("content", {})
        if status[0] in "45" and "application/json" in content:
            content[PROBLEM] = content.pop("application/json")
