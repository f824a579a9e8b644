"""Lists in pages: so many entries, and a cursor that says where the next page begins."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from planimeter.serve.http_errors import HTTPError

Item = TypeVar("Item")
Key = tuple[int | float | str, ...]

_MOST = 1000
Limit = Annotated[int, Query(ge=1, le=_MOST, description="entries of a page")]
Cursor = Annotated[
    str,
    Query(max_length=500, description="where the page begins: `next` of the one before; none: at the start"),
]


def page_of(
    items: Sequence[Item], key: Callable[[Item], Key], cursor: str, limit: int
) -> tuple[list[Item], str | None]:
    """The entries after a cursor, and the cursor of the next page; None where there is none.

    The cursor holds the last entry's key, so that a page neither repeats nor skips anything when entries come and go.

    Args:
        items: all of them, in any order.
        key: orders them; each has its own.
        cursor: as it was given out; empty for the first page.
        limit: how many.

    Raises:
        Refused: the cursor is none.

    Example:
        >>> page_of("dbca", lambda letter: (letter,), "", 3)
        (['a', 'b', 'c'], 'WyJjIl0')
        >>> page_of("dbca", lambda letter: (letter,), "WyJjIl0", 3)
        (['d'], None)
    """
    ordered = sorted(items, key=key)
    if cursor:
        last = _decoded(cursor)
        try:
            ordered = [item for item in ordered if key(item) > last]
        except TypeError:
            raise _no_cursor() from None
    page = list(ordered[:limit])
    more = len(ordered) > limit
    return page, _encoded(key(page[-1])) if more else None


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Say in a reply's ``Link`` header where the next page is."""
    if cursor is not None:
        query = urlencode({**dict(request.query_params), "cursor": cursor})
        response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'


def _encoded(key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _decoded(cursor: str) -> Key:
    try:
        key = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
    except (ValueError, RecursionError):
        raise _no_cursor() from None
    if not isinstance(key, list) or not all(isinstance(part, int | float | str) for part in key):
        raise _no_cursor()
    return tuple(key)


def _no_cursor() -> HTTPError:
    return HTTPError(422, "The cursor is none of this list; take `next` of the page before, or leave it out.")
