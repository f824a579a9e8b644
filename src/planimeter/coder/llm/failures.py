"""What can go wrong with a language-model server, each as one plain sentence with its remedy."""

from __future__ import annotations

import email.utils
import math
import re
import time
from typing import Any

from planimeter.errors import ModelError

#: Request fields that a server may refuse and that a request can do without.
_OPTIONAL = (
    "temperature",
    "max_tokens",
    "max_completion_tokens",
    "reasoning_effort",
    "seed",
)


class Failure(Exception):
    """One request that came to nothing.

    Args:
        kind: "timeout", "unreachable", "broken off", "too long", "nonsense", or "status".
        status: HTTP status where there was one.
        detail: what the server said, without anything secret.
        retry_after: seconds that the server asks to wait.
    """

    def __init__(
        self, kind: str, status: int = 0, detail: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.status = status
        self.detail = detail
        self.retry_after = retry_after

    @property
    def may_pass(self) -> bool:
        """Whether the same request may succeed a little later."""
        if self.kind == "status":
            return self.status in (408, 409, 429) or self.status >= 500
        return self.kind in ("unreachable", "broken off")

    def unsupported(self, sent: set[str]) -> set[str]:
        """Which of the sent fields the server refuses and a request can do without.

        Example:
            >>> text = "Unsupported value: 'temperature' does not support 0 with this model."
            >>> Failure("status", 400, text).unsupported({"temperature", "max_tokens"})
            {'temperature'}
        """
        if self.status not in (400, 422):
            return set()
        text = self.detail.lower()
        named = {name for name in _OPTIONAL if name in sent and re.search(rf"\b{name}\b", text)}
        # "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." names both, sent is one.
        if "system" in sent and re.search(
            r"system\W+(role|message|prompt|instruction)|roles? must alternate", text
        ):
            named.add("system")
        return named


def failure_of(error: Any, secret: str | None) -> Failure:
    """The failure behind an error of the OpenAI client library.

    Args:
        error: an ``openai.APIError``.
        secret: the key in use; never part of the failure.
    """
    import openai

    if isinstance(error, openai.APITimeoutError):
        return Failure("timeout")
    if isinstance(error, openai.APIConnectionError):
        return Failure("unreachable")
    if not isinstance(error, openai.APIStatusError):
        return Failure("nonsense")
    detail = _said(error.body) or error.message
    if secret:
        detail = detail.replace(secret, "[key]")
    retry_after = _seconds(error.response.headers.get("retry-after"))
    return Failure("status", error.status_code, " ".join(detail.split())[:300], retry_after)


def model_error(failure: Failure, model: str, url: str) -> ModelError:
    """The sentence for a failure.

    Example:
        >>> str(model_error(Failure("timeout"), "llama", "http://localhost:8000/v1"))[:40]
        'llama at http://localhost:8000/v1 did no'
    """
    said = f" ({failure.detail.rstrip('.')})" if failure.detail else ""
    return ModelError(_sentence(failure, model[:120], url, said))


def _sentence(failure: Failure, model: str, url: str, said: str) -> str:
    if failure.kind == "timeout":
        return f"{model} at {url} did not answer in time: try again, or ask for less with --max-tokens."
    if failure.kind == "unreachable":
        return f"Nothing answers at {url}: start the model server there, or correct the address."
    if failure.kind == "broken off":
        return f"{url} broke off in the middle of a reply: look at the server's log and try again."
    if failure.kind == "too long":
        return f"The reply of {model} at {url} does not end: lower --max-tokens or use another model."
    if failure.kind == "nonsense":
        return (
            f"{url} did not send a chat completion{said}: give the address of an "
            "OpenAI-compatible server, which usually ends in /v1."
        )
    if failure.status in (401, 403):
        return (
            f"{url} refused the key (HTTP {failure.status}): set PLANIMETER_API_KEY for this server, or "
            "OPENAI_API_KEY for OpenAI."
        )
    if failure.status == 404:
        return (
            f"There is no model {model!r} or no chat completions at {url}{said}: check the model's name and "
            "the address, which usually ends in /v1."
        )
    if failure.status == 429:
        wait = f" for {failure.retry_after:.0f} s" if failure.retry_after else ""
        return f"{url} is limiting requests{wait}{said}: wait and try again, or use another server."
    if failure.status >= 500:
        return f"{url} failed with HTTP {failure.status}{said}: look at the server's log and try again."
    return f"{url} refused the request (HTTP {failure.status}){said}: check the model and its options."


def _said(body: object) -> str:
    """What an error body says, in the forms that servers use."""
    if isinstance(body, dict):
        for name in ("message", "detail", "error"):
            value = body.get(name)
            if isinstance(value, str) and value:
                return value
            if isinstance(value, dict | list):
                return _said(value)
    if isinstance(body, list) and body:
        return _said(body[0])
    return body if isinstance(body, str) and "<html" not in body.lower() else ""


def _seconds(header: str | None) -> float | None:
    """Seconds in a Retry-After header: a number or an HTTP date.

    Example:
        >>> _seconds("3"), _seconds("soon") is None
        (3.0, True)
    """
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        when = email.utils.parsedate_tz(header)
        if when is None:
            return None
        seconds = email.utils.mktime_tz(when) - time.time()
    return max(0.0, seconds) if math.isfinite(seconds) else None
