"""Choose questions from a pool: SQuID's proportions, no image too often, answers balanced."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from planimeter.squid.types import TYPES

if TYPE_CHECKING:
    from planimeter.squid.generate import Candidate

ZERO_SHARE = 0.051  # of all questions; SQuID has 102 in 2,000 (paper, section 3.4)


def quotas(available: dict[str, int], total: int) -> dict[str, int]:
    """How many questions of each type: SQuID's proportions, as far as there are any.

    Every type that can be asked is asked at least once, when the total allows; what a type cannot give goes
    to the others in proportion.

    Args:
        available: type → how many there are.
        total: how many are wanted together.

    Example:
        >>> quotas({"count": 100, "size": 2, "binary_presence": 5}, 20)
        {'count': 17, 'size': 2, 'binary_presence': 1}
    """
    found = {name: 0 for name, count in available.items() if count > 0}
    for name in sorted(found, key=lambda name: -TYPES[name].published)[:total]:
        found[name] = 1
    while sum(found.values()) < total:
        open_types = [name for name in found if found[name] < available[name]]
        if not open_types:
            break
        # The type furthest below its proportion is next (Sainte-Laguë's way of dealing out seats).
        neediest = max(open_types, key=lambda name: TYPES[name].published / (2 * found[name] + 1))
        found[neediest] += 1
    return found


def choose(pool: Sequence[Candidate], total: int, per_image: int, rng: random.Random) -> list[Candidate]:
    """Choose questions from a pool.

    Args:
        pool: what may be asked.
        total: how many are wanted.
        per_image: most of one image.
        rng: settles what is level.

    Returns:
        at most ``total``, in the order of images and types.
    """
    by_type: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in pool:
        by_type[candidate.type].append(candidate)
    for members in by_type.values():
        rng.shuffle(members)
    choice = _Choice(by_type, per_image, round(total * ZERO_SHARE))
    left = {name: len(members) for name, members in by_type.items()}
    while len(choice.taken) < total and any(left.values()):
        wanted = quotas(left, total - len(choice.taken))
        if not choice.take_in_turn(wanted):
            break
        left = {name: len(members) for name, members in by_type.items()}
    order = {name: number for number, name in enumerate(TYPES)}
    return sorted(choice.taken, key=lambda candidate: (candidate.image, order[candidate.type]))


class _Choice:
    """What has been chosen so far, and what to prefer next."""

    def __init__(self, by_type: dict[str, list[Candidate]], per_image: int, zeros: int) -> None:
        self.by_type = by_type
        self.per_image = per_image
        self.zeros_left = zeros
        self.types: set[str] = set()
        self.types_with_zero: set[str] = set()
        self.taken: list[Candidate] = []
        self.of_image: Counter[str] = Counter()
        self.of_image_and_type: Counter[tuple[str, str]] = Counter()
        self.of_word: Counter[tuple[str, str]] = Counter()

    def take_in_turn(self, wanted: dict[str, int]) -> int:
        """Choose up to ``wanted[type]`` questions of each type, in turn; return how many were found.

        In turn, because types compete for images: one that can only ask about few must not find them full.
        """
        missing = dict(wanted)
        found = 0
        while any(missing.values()):
            name = max(
                missing, key=lambda name: (missing[name] / max(1, wanted[name]), -len(self.by_type[name]))
            )
            taken = self.take(name)
            found += taken
            missing[name] = missing[name] - 1 if taken else 0
        return found

    def take(self, name: str) -> int:
        """Choose the most wanted question of a type; 1 when there was one, else 0."""
        members = self.by_type[name]
        free = [index for index, member in enumerate(members) if self._allowed(member)]
        if not free:
            members.clear()  # its images are full, and they do not become free again
            return 0
        candidate = members.pop(min(free, key=lambda index: (*self._rank(members[index]), index)))
        self.taken.append(candidate)
        self.types.add(name)
        self.of_image[candidate.image] += 1
        self.of_image_and_type[candidate.image, name] += 1
        if candidate.zero:
            self.zeros_left -= 1
            self.types_with_zero.add(name)
        if isinstance(candidate.answer, str):
            self.of_word[name, candidate.answer] += 1
        return 1

    def _allowed(self, candidate: Candidate) -> bool:
        """Whether its image has room, and another zero is wanted or is all that its type can ask."""
        if self.of_image[candidate.image] >= self.per_image:
            return False
        return not candidate.zero or self.zeros_left > 0 or candidate.type not in self.types

    def _rank(self, candidate: Candidate) -> tuple[int, int, int, int]:
        """Lower is chosen first: the rarer word, one zero per type, types and images not used yet."""
        word = self.of_word[candidate.type, candidate.answer] if isinstance(candidate.answer, str) else 0
        zero = 1 if not candidate.zero else 2 if candidate.type in self.types_with_zero else 0
        return (
            word,
            zero,
            self.of_image_and_type[candidate.image, candidate.type],
            self.of_image[candidate.image],
        )
