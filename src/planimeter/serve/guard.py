"""Who may ask: the holder of the token, or programs on this machine; never a web page of somebody else's."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from planimeter.errors import UsageError
from planimeter.serve.http_errors import ErrorReply, HTTPError, error_response
from planimeter.serve.metrics import Metrics

OPEN_TO_ALL = ("/health",)  # load balancers hold no token
COOKIE = "planimeter"
_FORM_BYTES = 64 << 10  # of a request besides the image
_PLAIN_BYTES = 1 << 20  # of a request that is no upload
_PLAIN_SECONDS = 30.0  # for such a request to come in
_log = logging.getLogger("planimeter.access")
_SAFE = ("GET", "HEAD", "OPTIONS")
_METHODS = (*_SAFE, "DELETE", "PATCH", "POST", "PUT")


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine reach an address.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
        (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_binding(host: str, token: str | None) -> None:
    """Refuse to serve other machines without a token.

    Raises:
        UsageError: ``host`` is reachable from elsewhere and there is no token, or the token is a weak one.
    """
    if token is None and not is_loopback(host):
        raise UsageError(
            f"--host {host} lets other machines ask, so it needs a secret: give --token, or set PLANIMETER_TOKEN."
        )
    if token is not None and (
        len(token) < 16 or not token.isascii() or not token.isprintable() or " " in token
    ):
        raise UsageError(
            "The token must be at least 16 plain characters without spaces, so that nobody guesses it; make one "
            'with `python -c "import secrets; print(secrets.token_urlsafe())"`.'
        )


def check_url(url: str) -> None:
    """Refuse a public address that is none.

    Raises:
        UsageError: it has no scheme or host, or more than that and a path.
    """
    parts = split_address(url)
    if (
        parts is None
        or parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.query
        or parts.username
    ):
        raise UsageError(
            f"--url {url[:80]!r} is no address of a server: write it like https://maps.example.org."
        )


def cookie_of(token: str) -> str:
    """What a browser keeps instead of the token, which cannot be computed back from it.

    Example:
        >>> len(cookie_of("a-secret-of-the-house"))
        64
    """
    return hmac.new(token.encode(), b"planimeter page", hashlib.sha256).hexdigest()


def split_address(address: str) -> SplitResult | None:
    """The parts of an address; None where it is none.

    Example:
        >>> split_address("http://a.example:80").netloc, split_address("http://["), split_address("http://a:x")
        ('a.example:80', None, None)
    """
    try:
        parts = urlsplit(address)
        _ = parts.port  # looked at only when asked for
    except ValueError:
        return None
    return parts


class Guard:
    """Middleware: refuses strangers, bounds bodies, counts requests.

    Without a token the server must be asked by a loopback name, and not by a page of another origin: a browser on
    this machine would otherwise let any web page ask.

    Args:
        app: the application.
        token: what ``Authorization: Bearer …`` must hold, or its cookie for the server's own page; None where only
            this machine can ask.
        upload_bytes: largest image.
        metrics: where requests are counted.
        uploads: paths that take images; bodies of all others are small.
        open_paths: paths, or beginnings of paths that end in "/", that need no token.
        headers: sent with every reply that does not set them itself.
        words: says an error for those who ask this application.

    Every request is told to the logger "planimeter.access": method, route, status and seconds. The route is that of
    the application ("/v1/answers/{answer}"), so that no id, token or query is ever written down.
    """

    plain_seconds = _PLAIN_SECONDS

    def __init__(
        self,
        app: ASGIApp,
        token: str | None,
        upload_bytes: int,
        metrics: Metrics,
        *,
        uploads: Sequence[str] = ("/segment",),
        open_paths: Sequence[str] = OPEN_TO_ALL,
        headers: Mapping[str, str] | None = None,
        words: Callable[[ErrorReply], ErrorReply] = lambda reply: reply,
    ) -> None:
        self.app = app
        self.words = words
        self.token = token
        self.upload_bytes = upload_bytes
        self.metrics = metrics
        self.uploads = tuple(uploads)
        self.open_paths = tuple(open_paths)
        self._open_folders = tuple(path for path in open_paths if path.endswith("/") and path != "/")
        self.headers = dict(headers or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.monotonic(), 500
        received, whole, begun = 0, False, False
        too_large: HTTPError | None = None
        path: str = scope["path"]

        async def bounded() -> Message:
            nonlocal received, whole, too_large
            if whole or path in self.uploads:
                message = await receive()
            else:
                message = await self._in_time(receive, started)
            whole = whole or not message.get("more_body", False)
            received += len(message.get("body", b""))
            if received > self._most(path):
                too_large = self._too_large(path)
                raise too_large
            return message

        async def replied(message: Message) -> None:
            if too_large is None or begun:  # else it is what the application made of the refusal
                await noted(message)

        async def noted(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self._check(scope["method"], path, Headers(scope=scope))
            await self.app(scope, bounded, replied)
            if too_large is not None and not begun:
                raise too_large
        except HTTPError as refusal:
            reply = error_response(refusal.status, self.words(refusal.reply), refusal.headers)
            await reply(scope, receive, noted)
        finally:
            seconds = time.monotonic() - started
            self.metrics.request(path, status, seconds)
            _log.info("%s %s %d %.3f s", _method(scope), _route(scope), status, seconds)

    async def _in_time(self, receive: Receive, started: float) -> Message:
        try:
            async with asyncio.timeout(max(1.0, started + self.plain_seconds - time.monotonic())):
                return await receive()
        except TimeoutError:
            raise HTTPError(
                408, f"The request took longer than {self.plain_seconds:g} s to come in; send it again."
            ) from None

    def _check(self, method: str, path: str, headers: Headers) -> None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if self.token is not None:
            if not self._is_open(path) and not self._knows_token(method, headers):
                raise HTTPError(
                    401,
                    "This server needs its token; send it as `Authorization: Bearer TOKEN`.",
                    {"WWW-Authenticate": "Bearer"},
                )
        elif not is_loopback(_host_name(host)) or (origin is not None and origin != f"http://{host}"):
            raise HTTPError(403, "This server answers programs on its own machine only; ask it by 127.0.0.1.")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:20]) > self._most(path):
            raise self._too_large(path)

    def _is_open(self, path: str) -> bool:
        return path in self.open_paths or path.startswith(self._open_folders)

    def _knows_token(self, method: str, headers: Headers) -> bool:
        assert self.token is not None
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return hmac.compare_digest(given.strip().encode(), self.token.encode())
        origin = headers.get("origin")
        # A browser says where a request comes from, unless it only reads.
        if origin is None:
            from_own_page = method in _SAFE
        else:
            parts = split_address(origin)
            from_own_page = parts is not None and parts.netloc == headers.get("host")
        return from_own_page and hmac.compare_digest(_cookie(headers), cookie_of(self.token).encode())

    def _most(self, path: str) -> int:
        return self.upload_bytes + _FORM_BYTES if path in self.uploads else _PLAIN_BYTES

    def _too_large(self, path: str) -> HTTPError:
        if path not in self.uploads:
            return HTTPError(
                413, "The request is larger than 1 MiB; send images to the paths that take uploads."
            )
        return HTTPError(
            413,
            f"The upload is larger than the {self.upload_bytes / 2**20:g} MiB this server takes; crop "
            "or compress the image, or start the server with a larger --max-upload.",
        )


def _method(scope: Scope) -> str:
    """A request's method as it may be written down."""
    method: str = scope["method"]
    return method if method in _METHODS else "?"


def _route(scope: Scope) -> str:
    """The route that a request took; "-" where it took none."""
    route = scope.get("route")
    return str(getattr(route, "path", "-"))


def _cookie(headers: Headers) -> bytes:
    """The page's cookie in a request; empty where there is none."""
    try:
        jar = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return b""
    return jar[COOKIE].value.encode() if COOKIE in jar else b""


def _host_name(header: str) -> str:
    """The name in a Host header, without its port; empty where it is none."""
    parts = split_address("//" + header)
    return (parts.hostname or "") if parts is not None else ""
