"""What a client would like of a reply: the ``Prefer`` header of RFC 7240."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PREFERENCE = re.compile(rf'\s*({_TOKEN})\s*(?:=\s*(?:"([^"\\]*)"|({_TOKEN})))?')


def preferences(headers: Sequence[str]) -> dict[str, str]:
    """Preference → value, in small letters; "" where it has none. What is no preference is passed over.

    Args:
        headers: the values of all ``Prefer`` headers.

    Example:
        >>> preferences(["respond-async, wait=10", 'Wait="3"', "=;"])
        {'respond-async': '', 'wait': '10'}
    """
    found: dict[str, str] = {}
    for each in ",".join(headers).split(","):
        match = _PREFERENCE.match(each)
        if match is not None:
            found.setdefault(match[1].lower(), match[2] or match[3] or "")
    return found


def seconds_to_wait(headers: Sequence[str], query: float | None, most: float) -> float:
    """How long a request should wait for its result: as the query says, else as ``Prefer: wait`` does, else not.

    Args:
        headers: the values of all ``Prefer`` headers.
        query: seconds in the query.
        most: seconds that are granted.

    Example:
        >>> seconds_to_wait(["wait=10"], None, 60), seconds_to_wait(["wait=10"], 2.5, 60)
        (10.0, 2.5)
        >>> seconds_to_wait(["wait=x"], None, 60)
        0.0
    """
    said = preferences(headers).get("wait", "")
    preferred = float(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0.0
    return min(most, preferred if query is None else query)
