"""Who comes in: browsers that ask by the right name, to pages that load nothing from anywhere else."""

from __future__ import annotations

import secrets
from typing import Any

from planimeter.errors import UsageError
from planimeter.serve.guard import is_loopback, split_address
from planimeter.serve.metrics import Metrics

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address of a page is its secret
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def public_origin(url: str | None, host: str) -> str | None:
    """The scheme, host and port that annotators type; None where only this machine can ask.

    Args:
        url: as stated by the organiser.
        host: address the server listens at.

    Raises:
        UsageError: other machines reach the server and no usable address is stated.

    Example:
        >>> public_origin("https://annotate.example.org/", "0.0.0.0")
        'https://annotate.example.org'
    """
    if url is None:
        if is_loopback(host):
            return None
        raise UsageError(
            f"--host {host} lets other machines in: give --url with the address that annotators will open, such as "
            "https://annotate.example.org."
        )
    parts = split_address(url)
    usable = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)
    if parts is None or not usable or parts.path.strip("/") or parts.query:
        raise UsageError(
            f"--url {url[:80]!r} is no address of a server: write it like https://annotate.example.org."
        )
    return f"{parts.scheme}://{parts.netloc}"


def guard_options(origin: str | None) -> dict[str, Any]:
    """How ``Guard`` watches this server.

    On this machine alone, it asks for a loopback name and for no page of another origin. Where other machines reach
    the server, the links themselves are the secrets: no cookie and no header can be abused from another page, and
    nothing but the links' own paths is open.

    Args:
        origin: from ``public_origin``.
    """
    return {
        "token": None if origin is None else secrets.token_urlsafe(24),
        "upload_bytes": 0,
        "metrics": Metrics(),
        "uploads": (),
        "open_paths": ("/", "/a/", "/o/", "/static/"),
        "headers": HEADERS,
    }
