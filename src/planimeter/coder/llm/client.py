"""One language-model server, spoken to through the OpenAI client library: bounded in time and size, keys
unseen.

Chat Completions is the dialect that hosted services, vLLM, Ollama, llama.cpp and LM Studio share. What a
server does not support (a temperature, a reasoning effort, a system role) is dropped and the request sent
again, and the reply says so.
"""

from __future__ import annotations

import json
import math
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from planimeter.coder.llm.cache import ReplyCache
from planimeter.coder.llm.failures import Failure, failure_of, model_error
from planimeter.errors import ModelError, UsageError, without_surrogates

OPENAI_URL = "https://api.openai.com/v1"
MAX_BODY_BYTES = 8 << 20  # a reply of the longest program is a few kilobytes
MAX_RETRIES = 2
LONGEST_PATIENCE = 60.0  # seconds that a server may ask us to wait before we give the question back

Message = dict[str, Any]


@dataclass(frozen=True)
class Generation:
    """How a model is asked to generate; None leaves the choice to the server.

    Attributes:
        temperature: 0 for the likeliest program.
        max_tokens: tokens it may write, reasoning included.
        reasoning_effort: "minimal", "low", "medium", "high", for models that reason.
        seed: for a second, different sample.
    """

    temperature: float | None = 0.0
    max_tokens: int | None = 4096
    reasoning_effort: str | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Reply:
    """What a model wrote, and what it took.

    Attributes:
        text: the visible reply; may be empty.
        reasoning: what the server sent apart from it as reasoning.
        finish_reason: "stop", "length", …, as the server says.
        prompt_tokens: as the server counts them; None where it does not.
        completion_tokens: likewise, reasoning included.
        reasoning_tokens: likewise.
        cost: in the server's currency (US dollars where it is known), only where the server reports it.
        seconds: waiting time; 0 from the cache.
        cached: True when it came from disk.
        dropped: request fields that the server did not support.
    """

    text: str
    reasoning: str = ""
    finish_reason: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost: float | None = None
    seconds: float = 0.0
    cached: bool = False
    dropped: tuple[str, ...] = ()


def shown_url(url: str) -> str:
    """A server's address without user, password and query, for messages and traces.

    Example:
        >>> shown_url("https://me:secret@models.example.org/v1?key=1")
        'https://models.example.org/v1'
    """
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return re.sub(r"//[^/]*@", "//", re.split(r"[?#]", url)[0])
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, host + port, parts.path, "", ""))


def _no_address(url: str) -> UsageError:
    return UsageError(
        f"The base URL {shown_url(url)[:200]!r} is not an address: give one like http://localhost:8000/v1."
    )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and not re.search(r"[\s\0-\x1f]", url)
        )
    except ValueError:  # a port that is no number, or brackets without their end
        return False


def key_from_environment(base_url: str) -> str | None:
    """The key for a server: ``PLANIMETER_API_KEY`` for any; ``OPENAI_API_KEY`` for OpenAI or
    ``OPENAI_BASE_URL``.

    A key that was made for one service is not handed to another just because its address was typed.

    Raises:
        ModelError: the key holds a character that no key has.

    Example:
        >>> key_from_environment("http://localhost:8000/v1") == os.environ.get("PLANIMETER_API_KEY")
        True
    """
    own = _key("PLANIMETER_API_KEY")
    if own:
        return own
    meant = {OPENAI_URL, os.environ.get("OPENAI_BASE_URL", OPENAI_URL).rstrip("/")}
    return _key("OPENAI_API_KEY") if base_url in meant else None


def _key(variable: str) -> str | None:
    """The key in a variable of the environment, without the white space around it.

    Raises:
        ModelError: no key can look like this; it is not shown.
    """
    key = os.environ.get(variable, "").strip()
    if key and not (key.isascii() and key.isprintable()):
        raise ModelError(
            f"The key in {variable} holds a character that no key has, such as a typographic quote or a line break: "
            "set it again."
        )
    return key or None


@dataclass
class ChatClient:
    """A model on a server.

    Args:
        model: as the server names it.
        base_url: where its ``/chat/completions`` lies, usually ending in ``/v1``; None: ``OPENAI_BASE_URL``,
            else OpenAI.
        timeout: seconds for one reply, waiting and retries included.
        cache: replies on disk; None asks every time.

    Example:
        >>> ChatClient("any-model", "http://localhost:8000/v1/", cache=None).base_url
        'http://localhost:8000/v1'
    """

    model: str
    base_url: str | None = None
    timeout: float = 300.0
    cache: ReplyCache | None = field(default_factory=ReplyCache)
    _unsupported: set[str] = field(default_factory=set, init=False, repr=False)
    _openai: Any = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        url = (self.base_url or os.environ.get("OPENAI_BASE_URL") or OPENAI_URL).rstrip("/")
        if not _is_address(url):
            raise _no_address(url)
        self.base_url = url
        self.model = without_surrogates(self.model)

    @property
    def shown_url(self) -> str:
        """The server's address without anything secret."""
        return shown_url(self.base_url or "")

    def chat(
        self, messages: Sequence[Message], generation: Generation, extra: dict[str, Any] | None = None
    ) -> Reply:
        """Send a conversation and return the model's next message.

        Args:
            messages: dicts with "role" and "content".
            generation: how to generate.
            extra: further request fields that only some servers know.

        Raises:
            ModelError: the server or the client library is missing, refuses, fails, or replies with nonsense.
        """
        messages = [_clean(message) for message in messages]
        request = {
            "base_url": self.base_url,
            "model": self.model,
            "messages": messages,
            "extra": extra or {},
            **asdict(generation),
        }
        kept = self.cache.get(request) if self.cache else None
        if kept is not None:
            known = {name: kept[name] for name in Reply.__dataclass_fields__ if name in kept}
            return replace(Reply(**known), cached=True, seconds=0.0, dropped=tuple(kept.get("dropped", ())))
        reply = self._ask(messages, generation, extra or {})
        if self.cache and (reply.text or reply.reasoning):
            self.cache.put(request, asdict(reply))
        return reply

    def _ask(self, messages: Sequence[Message], generation: Generation, extra: dict[str, Any]) -> Reply:
        started = time.perf_counter()
        deadline = started + self.timeout
        retries = 0
        while True:
            fields = self._fields(messages, generation, extra)
            try:
                body = self._post(fields, deadline)
                reply = self._read(body)
            except Failure as failure:
                dropped = failure.unsupported(set(fields) | {"system"}) - self._unsupported
                if dropped:
                    self._unsupported |= dropped
                    continue
                wait = failure.retry_after if failure.retry_after is not None else 0.5 * 2**retries
                too_late = time.perf_counter() + wait >= deadline or wait > LONGEST_PATIENCE
                if not failure.may_pass or retries >= MAX_RETRIES or too_late:
                    raise model_error(failure, self.model, self.shown_url) from None
                time.sleep(wait)
                retries += 1
                continue
            seconds = round(time.perf_counter() - started, 3)
            return replace(reply, seconds=seconds, dropped=tuple(sorted(self._unsupported)))

    def _fields(
        self, messages: Sequence[Message], generation: Generation, extra: dict[str, Any]
    ) -> dict[str, Any]:
        """The request without what this server has said it does not support."""
        limit = "max_completion_tokens" if self.base_url == OPENAI_URL else "max_tokens"
        if limit in self._unsupported:
            limit = "max_tokens" if limit == "max_completion_tokens" else "max_completion_tokens"
        wanted = {
            "temperature": generation.temperature,
            limit: generation.max_tokens,
            "reasoning_effort": generation.reasoning_effort,
            "seed": generation.seed,
        }
        fields = {k: v for k, v in wanted.items() if v is not None and k not in self._unsupported}
        sent = list(messages)
        if "system" in self._unsupported and sent and sent[0]["role"] == "system":
            first, second, *rest = sent
            sent = [{**second, "content": f"{first['content']}\n\n{second['content']}"}, *rest]
        return {"messages": sent, **fields, **({"extra_body": extra} if extra else {})}

    def _post(self, fields: dict[str, Any], deadline: float) -> bytes:
        """Send one request and read its body, no longer than the deadline and the size limit allow."""
        openai = _import_openai()
        import httpx2

        remaining = deadline - time.perf_counter()
        if remaining <= 0:
            raise Failure("timeout")
        stream = self._library().chat.completions.with_streaming_response
        try:
            with stream.create(model=self.model, timeout=remaining, **fields) as response:
                return _bounded(response.iter_bytes(), deadline)
        except openai.APIError as error:
            raise failure_of(error, self._secret()) from None
        except (httpx2.InvalidURL, UnicodeError):  # a host that cannot be looked up
            raise _no_address(self.base_url or "") from None
        except httpx2.TimeoutException:
            raise Failure("timeout") from None
        except (httpx2.TransportError, httpx2.DecodingError):
            raise Failure("broken off") from None

    def _library(self) -> Any:
        """The OpenAI client, made once."""
        if self._openai is None:
            openai = _import_openai()
            import httpx2

            try:
                self._openai = openai.OpenAI(
                    api_key=self._secret()
                    or "none",  # servers of one's own want no key, the library wants some text
                    base_url=self.base_url,
                    max_retries=0,  # `_ask` retries, within one deadline
                )
            except (httpx2.InvalidURL, ValueError):
                raise _no_address(self.base_url or "") from None
        return self._openai

    def _secret(self) -> str | None:
        return key_from_environment(self.base_url or "")

    def _read(self, body: bytes) -> Reply:
        """The reply in a response body; every text in it is cleared of our key."""
        try:
            found = json.loads(body)
            choice = found["choices"][0]
            message = choice["message"]
            usage = found.get("usage") or {}
            content, reasoning = (
                message.get("content"),
                _first_text(message, "reasoning_content", "reasoning"),
            )
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise Failure("nonsense", detail=_excerpt(body, self._secret())) from None
        details = usage.get("completion_tokens_details") or {} if isinstance(usage, dict) else {}
        clean = _scrubber(self._secret())
        return Reply(
            text=clean(_as_text(content)),
            reasoning=clean(reasoning),
            finish_reason=clean(_as_text(choice.get("finish_reason")))[:40],
            prompt_tokens=_as_count(usage, "prompt_tokens"),
            completion_tokens=_as_count(usage, "completion_tokens"),
            reasoning_tokens=_as_count(details, "reasoning_tokens"),
            cost=_as_cost(usage),
        )


def _import_openai() -> Any:
    try:
        import openai
    except ModuleNotFoundError:
        raise ModelError(
            "Asking a language model needs the OpenAI client library: install it with "
            "`pip install 'planimeter[llm]'`, or use --coder builtin."
        ) from None
    return openai


def _bounded(chunks: Iterator[bytes], deadline: float) -> bytes:
    """All chunks as one, unless they are too many or come too slowly."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Failure("too long")
        if time.perf_counter() > deadline:
            raise Failure("timeout")
    return bytes(body)


def _scrubber(secret: str | None) -> Callable[[str], str]:
    return lambda text: without_surrogates(text.replace(secret, "[key]") if secret else text)


def _clean(message: Message) -> Message:
    """A message without what no UTF-8 can hold, in its text or in that of its parts."""
    content = message["content"]
    if isinstance(content, str):
        return {**message, "content": without_surrogates(content)}
    parts = [
        {**part, "text": without_surrogates(part["text"])} if "text" in part else part for part in content
    ]
    return {**message, "content": parts}


def _excerpt(body: bytes, secret: str | None) -> str:
    text = _scrubber(secret)(body[:4000].decode("utf-8", "replace"))
    return " ".join(text.split())[:120]


def _first_text(message: dict[str, Any], *names: str) -> str:
    return next((message[name] for name in names if isinstance(message.get(name), str)), "")


def _as_text(content: Any) -> str:
    """Content as text: some servers send a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        return "".join(part for part in parts if isinstance(part, str))
    return ""


def _as_count(usage: Any, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _as_cost(usage: Any) -> float | None:
    value = usage.get("cost") if isinstance(usage, dict) else None
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        cost = float(value)
    except OverflowError:
        return None
    return cost if math.isfinite(cost) and cost >= 0 else None
