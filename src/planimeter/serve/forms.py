"""Multipart forms with files, within a time."""

from __future__ import annotations

import asyncio

from fastapi import Request
from starlette.datastructures import FormData

from planimeter.serve.http_errors import HTTPError

_LONGEST_FIELD = 1 << 16  # bytes


async def read_form(request: Request, seconds: float, fields: int, files: int = 1) -> FormData:
    """A request's form; its files lie on disk, and are gone when it is closed.

    Args:
        request: what came in; its bytes are bounded by the guard.
        seconds: how long it may take.
        fields: how many there may be.
        files: how many there may be.

    Raises:
        Refused: it takes too long.
    """
    try:
        async with asyncio.timeout(seconds):
            return await request.form(max_files=files, max_fields=fields, max_part_size=_LONGEST_FIELD)
    except TimeoutError:
        raise HTTPError(408, f"The upload took longer than {seconds:g} s; send a smaller image.") from None
