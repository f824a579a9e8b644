"""Progress of long work: a bar on stderr where a person is looking, nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
_SHORT = 4  # steps that need no bar


def with_progress(items: Iterable[Item], total: int, doing: str, unit: str = "it") -> Iterator[Item]:
    """Pass items on, and show how far they are where stderr is a terminal.

    Args:
        items: what is worked through.
        total: how many there will be.
        doing: what stands before the bar.
        unit: what one of them is called.

    Example:
        >>> list(with_progress("ab", 2, "spelling"))
        ['a', 'b']
    """
    if total < _SHORT or not sys.stderr.isatty():
        yield from items
        return
    from tqdm import tqdm

    yield from tqdm(items, total=total, desc=doing, unit=unit, leave=False)
