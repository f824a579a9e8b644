"""Who is asked which question, where not everybody is asked all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from hashlib import sha256

Pair = tuple[str, str]
"""A question's id and an annotator's name."""


def assigned(
    questions: Sequence[str],
    people: Sequence[str],
    overlap: int,
    touched: Collection[Pair] = frozenset(),
    before: Collection[Pair] = frozenset(),
) -> set[Pair]:
    """Give each question to some people, so that all have about as many.

    The same arguments give the same pairs. What somebody began stays with them, whoever comes or goes; of the rest as
    much stays as balance allows.

    Args:
        questions: ids.
        people: names.
        overlap: how many people each question goes to, or all of them where there are fewer.
        touched: pairs that are answered, skipped or begun.
        before: pairs that were given out earlier.

    Example:
        >>> pairs = assigned(["a", "b", "c"], ["Ada", "Ben", "Cem"], 2)
        >>> sorted(Counter(person for _, person in pairs).values()), len(pairs)
        ([2, 2, 2], 6)
    """
    wanted = min(overlap, len(people))
    given = {q: {person for person in people if (q, person) in touched} for q in questions}
    for q in questions:
        earlier = [person for person in people if (q, person) in before and person not in given[q]]
        given[q] |= set(_ranked(q, earlier)[: max(0, wanted - len(given[q]))])
    load = Counter(dict.fromkeys(people, 0))
    load.update(person for asked in given.values() for person in asked)
    for q in questions:
        while len(given[q]) < wanted:
            free = _ranked(q, [person for person in people if person not in given[q]])
            person = min(free, key=load.__getitem__)
            given[q].add(person)
            load[person] += 1
    while _level_once(given, load, touched):
        pass
    return {(q, person) for q, asked in given.items() for person in asked}


def _level_once(given: dict[str, set[str]], load: Counter[str], touched: Collection[Pair]) -> bool:
    """Move one question that nobody began from somebody with many to somebody with few; whether there was one."""
    order = sorted(load, key=lambda person: (load[person], person))
    for heavy in reversed(order):
        for light in order:
            if load[heavy] - load[light] < 2:
                break
            movable = [
                q
                for q, asked in given.items()
                if heavy in asked and light not in asked and (q, heavy) not in touched
            ]
            if movable:
                moved = min((_rank(q, light), q) for q in movable)[1]
                given[moved] = (given[moved] - {heavy}) | {light}
                load[heavy] -= 1
                load[light] += 1
                return True
    return False


def _ranked(question: str, people: list[str]) -> list[str]:
    return sorted(people, key=lambda person: _rank(question, person))


def _rank(question: str, person: str) -> bytes:
    """An order of its own for each question, so that not the same people meet at all of them."""
    return sha256(f"{question}\n{person}".encode()).digest()
