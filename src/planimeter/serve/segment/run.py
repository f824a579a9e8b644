"""Running the segmentation server."""

from __future__ import annotations

from collections.abc import Callable

from planimeter.segment import Segmenter
from planimeter.serve.guard import check_binding
from planimeter.serve.listen import listen, run_app
from planimeter.serve.segment.app import create_app
from planimeter.serve.segment.limits import SegmentLimits


def serve(
    segmenter: Segmenter,
    host: str = "127.0.0.1",
    port: int = 8600,
    *,
    token: str | None = None,
    limits: SegmentLimits | None = None,
    gsd: float | None = None,
    announce: Callable[[str], object] = print,
) -> None:
    """Serve masks until stopped.

    Args:
        segmenter: makes the masks.
        host: address to listen at; one that other machines reach needs a token.
        port: 0 for any free one.
        token: what clients must send.
        limits: what is accepted and kept.
        gsd: metres per pixel of pictures that do not say, when the request does not either.
        announce: is told the server's address when it accepts connections.

    Raises:
        UsageError: the address cannot be had, or needs a token.
    """
    check_binding(host, token)
    listening = listen(host, port)
    run_app(create_app(segmenter, limits, token, gsd), listening, host, announce)
