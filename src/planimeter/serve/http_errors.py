"""How a server says no: a status, one sentence, and what kind of error it is."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel, Field, computed_field
from starlette.responses import JSONResponse

from planimeter.errors import (
    InputError,
    LimitReached,
    ModelError,
    PlanimeterError,
    ProgramError,
    QuestionError,
    UsageError,
    error_object,
)

PROBLEM = "application/problem+json"  # RFC 9457

ExitName = Literal["usage", "input", "question", "program"]

_EXIT_CODES: dict[ExitName, int] = {
    "usage": UsageError.exit_code,
    "input": InputError.exit_code,
    "question": QuestionError.exit_code,
    "program": ProgramError.exit_code,
}
_EXIT_NAMES: dict[int, ExitName] = {code: name for name, code in _EXIT_CODES.items()}
_KINDS = {
    400: "BadRequest",
    401: "TokenNeeded",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    408: "TooSlow",
    409: "NotReady",
    410: "Cancelled",
    413: "TooLarge",
    415: "NotAnImage",
    422: "UsageError",
    500: "ServerFailed",
    503: "Busy",
    504: "LimitReached",
    507: "StoreFull",
}


class ErrorReply(BaseModel):
    """Every error of every server: the body of a reply whose status is 400 or more, a problem as RFC 9457 has it."""

    type: str = Field(default="about:blank", description="a URI where a standard names the error")
    status: int = Field(description="of HTTP, once more")
    error: str = Field(description="one plain sentence that ends with what to do")
    kind: str = Field(description="the error's name, such as NotUnderstood, ScaleError, TooLarge or Busy")
    exit_code: int = Field(description="what the command line would have exited with: 2 to 5")
    exit_name: ExitName = Field(description="what that code means")
    suggestions: list[str] = Field(
        default=[], description="questions close to a refused one that can be answered, the likeliest first"
    )

    @computed_field(description="what the status is called")
    def title(self) -> str:
        """What the status is called."""
        return HTTPStatus(self.status).phrase

    @computed_field(description="`error`, under the name that RFC 9457 has for it")
    def detail(self) -> str:
        """The sentence, under the name that the standard has for it."""
        return self.error


class HTTPError(Exception):
    """A request that is not answered.

    Args:
        status: the HTTP status.
        sentence: what is wrong, and what to do.
        headers: to send along.
        reply: the body, where it is not the one that goes with the status.
    """

    def __init__(
        self,
        status: int,
        sentence: str,
        headers: dict[str, str] | None = None,
        reply: ErrorReply | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = headers or {}
        self.reply = reply or status_error(status, sentence)


def error_response(status: int, reply: ErrorReply, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error as a reply."""
    return JSONResponse(reply.model_dump(), status, headers, media_type=PROBLEM)


def status_error(status: int, sentence: str) -> ErrorReply:
    """The error body that goes with a status.

    Example:
        >>> status_error(413, "Too large; crop it.").kind, status_error(413, "Too large; crop it.").exit_name
        ('TooLarge', 'input')
    """
    name: ExitName = "program" if status >= 500 else "input" if status in (408, 413, 415) else "usage"
    return ErrorReply(
        status=status,
        error=sentence,
        kind=_KINDS.get(status, "BadRequest"),
        exit_code=_EXIT_CODES[name],
        exit_name=name,
    )


def named_error(error: PlanimeterError) -> ErrorReply:
    """The error body of an error of Planimeter's own.

    Example:
        >>> from planimeter.errors import NotUnderstood
        >>> named_error(NotUnderstood("Say it otherwise.")).exit_name
        'question'
    """
    name = _EXIT_NAMES[error.exit_code]
    return ErrorReply.model_validate({**error_object(error), "exit_name": name, "status": status_of(error)})


def status_of(error: PlanimeterError) -> int:
    """The status that goes with an error of Planimeter's own.

    Example:
        >>> from planimeter.errors import ScaleError
        >>> status_of(ScaleError("Give a scale.")), status_of(LimitReached("Too long."))
        (422, 504)
    """
    if isinstance(error, ModelError):
        return 500
    return 504 if isinstance(error, LimitReached) else 422
