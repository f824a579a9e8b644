"""Every error of an application becomes one sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from planimeter.errors import ModelError, PlanimeterError
from planimeter.serve.http_errors import (
    PROBLEM,
    ErrorReply,
    HTTPError,
    error_response,
    named_error,
    status_error,
    status_of,
)

_log = logging.getLogger("planimeter.serve")
_MODEL_BROKEN = "The server's model does not work; see the server's log."
_WORDS = {
    400: "the request is not what is expected",
    401: "the token is missing or wrong",
    403: "a stranger, or a page of another origin",
    404: "there is nothing of that name",
    405: "this path knows other methods",
    408: "the upload takes too long",
    409: "not finished yet",
    410: "cancelled",
    413: "more bytes, pixels or bands than the server takes",
    415: "no image of a kind that is accepted",
    422: "not readable, not understood or not measurable",
    500: "the server failed; its log says how",
    503: "the queue is full; Retry-After says when to come back",
    504: "a program or its measurements took too long",
    507: "larger than the server's whole store",
}


def documented(*statuses: int, plain: bool = False) -> dict[int | str, dict[str, Any]]:
    """What a route's ``responses`` says of its errors.

    Args:
        statuses: besides those that every route has.
        plain: the route's own reply is no JSON; some other route of the application has to have one.

    Example:
        >>> sorted(documented(404))
        [400, 401, 403, 404, 413, 422, 500]
    """
    every = {400, 401, 403, 413, 422, 500, *statuses}
    body: dict[str, Any] = {"model": ErrorReply}
    if plain:  # FastAPI would give a model the media type of the route's own reply
        schema = {"$ref": f"#/components/schemas/{ErrorReply.__name__}"}
        body = {"content": {PROBLEM: {"schema": schema}}}
    return {status: {**body, "description": _WORDS[status]} for status in sorted(every)}


def reply_of(error: PlanimeterError) -> tuple[int, ErrorReply]:
    """Status and body of an error of Planimeter's own; what only the log may know is left out."""
    if isinstance(error, ModelError):
        _log.error("%s", error)
        return 500, named_error(error).model_copy(update={"error": _MODEL_BROKEN})
    return status_of(error), named_error(error)


def server_failed() -> ErrorReply:
    """What is said of an error that nobody expected; the log says more."""
    return status_error(500, "The server failed on this request; see the server's log.")


def answer_errors(app: FastAPI, words: Callable[[ErrorReply], ErrorReply] = lambda reply: reply) -> None:
    """Have an application answer every error with an ``ErrorReply``.

    Args:
        app: the application.
        words: says an error for those who ask this application.
    """

    @app.exception_handler(HTTPError)
    async def refused(_: Request, error: HTTPError) -> JSONResponse:
        return error_response(error.status, words(error.reply), error.headers)

    @app.exception_handler(PlanimeterError)
    async def named(_: Request, error: PlanimeterError) -> JSONResponse:
        status, reply = reply_of(error)
        return error_response(status, words(reply))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return error_response(422, status_error(422, _sentence(error, app.openapi_url)))

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        listed = f": GET {app.openapi_url} lists what there is." if app.openapi_url else "."
        sentence = f"{error.detail.rstrip('.')}{listed}"
        headers = dict(error.headers) if error.headers else None
        return error_response(error.status_code, status_error(error.status_code, sentence), headers)

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> JSONResponse:
        _log.error("unexpected error", exc_info=error)
        return error_response(500, server_failed())


def _sentence(error: RequestValidationError, described: str | None) -> str:
    """The first thing that is wrong with a request, without repeating what was sent."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return "The request is no JSON that can be read; send one JSON object."
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    message = str(first["msg"]).rstrip(".")
    message = message[:1].lower() + message[1:]
    named = where[:80] if where.isprintable() else ""
    remedy = f"; see {described}." if described else "; open the page anew."
    return f"The request's {named or 'body'} is wrong: {message}{remedy}"
