"""What training should watch besides the reward: how often answers cannot be read, and how often a group teaches
nothing because all of its rewards are equal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any


class RewardStatistics:
    """Counts over the groups of completions since the last ``take``.

    Example:
        >>> watched = RewardStatistics()
        >>> watched.add_group([2.0, 0.0], [[], None])
        >>> summary = watched.take()
        >>> summary["mask_reward/mean"], summary["parse_failure_rate"], summary["zero_spread_rate"]
        (1.0, 0.5, 0.0)
    """

    def __init__(self) -> None:
        self._rewards: dict[str, list[float]] = {}
        self._clear()

    def _clear(self) -> None:
        self._rewards = {}
        self._completions = self._unread = self._nothing = self._failed = 0
        self._groups = self._flat = self._targetless = 0

    def add_group(
        self, rewards: Sequence[float | None], read: Sequence[Any | None], empty_target: bool = False
    ) -> None:
        """Count one group: completions of one prompt about one image.

        Args:
            rewards: of the completions; None where our own side failed.
            read: what each completion's parser gave: None where it could not be read, empty where the model said that
                there is no target.
            empty_target: the image does not show what was asked for.
        """
        known = [reward for reward in rewards if reward is not None]
        self._rewards.setdefault("mask_reward", []).extend(known)
        self._completions += len(read)
        self._unread += sum(each is None for each in read)
        self._nothing += sum(each is not None and not len(each) for each in read)
        self._failed += len(rewards) - len(known)
        self._groups += 1
        self._targetless += empty_target
        self._flat += len(known) > 1 and max(known) - min(known) == 0

    def add(self, name: str, rewards: Sequence[float | None]) -> None:
        """Count values of another reward, for its mean and spread alone."""
        self._rewards.setdefault(name, []).extend(reward for reward in rewards if reward is not None)

    def summary(self) -> dict[str, float]:
        """Mean and spread (standard deviation) of each reward, and the rates; nothing while nothing was counted."""
        found: dict[str, float] = {}
        for name, values in self._rewards.items():
            if values:
                mean = math.fsum(values) / len(values)
                found[f"{name}/mean"] = mean
                found[f"{name}/spread"] = math.sqrt(
                    math.fsum((value - mean) ** 2 for value in values) / len(values)
                )
        if self._completions:
            found["parse_failure_rate"] = self._unread / self._completions
            found["said_nothing_rate"] = self._nothing / self._completions
            found["own_failure_rate"] = self._failed / self._completions
        if self._groups:
            found["empty_target_rate"] = self._targetless / self._groups
            found["zero_spread_rate"] = self._flat / self._groups
        return found

    def take(self) -> dict[str, float]:
        """The summary, and a fresh start."""
        found = self.summary()
        self._clear()
        return found
