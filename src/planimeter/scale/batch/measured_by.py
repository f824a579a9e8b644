"""What measured a row of the ledger: the code, so that rows of other code are measured anew, and why they are."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import planimeter

#: Rooms that no number in a row comes from. Programs have been written when a row is measured, and are in its key by
#: their text; so are the words and weights of segmenters, by their fingerprint.
BESIDE = ("annotate", "cli", "client.py", "coder", "serve", "squid", "train", "worlds")
_TELLING = (".py", ".json")

#: What a row depends on, in the order in which a change of it is told, and the words that tell it.
CHANGES = {
    "code": "the code that measures has changed",
    "program": "the program has changed",
    "files": "files have changed",
    "masks": "masks come from elsewhere, or from another model",
    "zones": "the zones have changed",
    "options": "options have changed",
    "scenes": "scenes of it were measured anew, or others are joined",
}


@cache
def measured_by() -> str:
    """A digest of the code that measures: another one wherever numbers may have become others.

    It is of the files themselves, so nobody has to remember to raise a number; a changed comment costs time, and no
    wrong row.

    >>> measured_by() == measured_by(), len(measured_by())
    (True, 16)
    """
    return digest_of(Path(planimeter.__file__).parent)


def digest_of(package: Path) -> str:
    """The digest of a package's files that measure.

    Args:
        package: its folder.
    """
    digest = hashlib.sha256(planimeter.__version__.encode())
    for file in sorted(package.rglob("*")):
        name = file.relative_to(package)
        if file.suffix in _TELLING and name.parts[0] not in BESIDE:
            digest.update(f"\0{name.as_posix()}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def why_anew(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Why a row that was measured before is measured again: the first thing it depends on that differs.

    Args:
        before: what the earlier row depends on, by the names of ``CHANGES``.
        now: the same of the row to measure.

    >>> why_anew({"code": "a", "files": 1}, {"code": "b", "files": 2})
    'the code that measures has changed'
    >>> why_anew({"code": "a"}, {"code": "a"})
    'its masks or shapes were deleted'
    """
    return next(
        (said for name, said in CHANGES.items() if before.get(name) != now.get(name)),
        "its masks or shapes were deleted",
    )


def told_anew(reasons: Iterable[str], unit: str) -> list[str]:
    """One sentence for each reason why rows are measured anew.

    >>> told_anew(["files have changed"] * 2, "scene")
    ['2 scenes are measured anew: files have changed.']
    """
    return [
        f"{count:,} {unit}{' is' if count == 1 else 's are'} measured anew: {reason}."
        for reason, count in Counter(reasons).items()
    ]
