"""Losses that leave out what a source does not know.

Land cover: cross-entropy, where a pixel known only as vegetation asks for the sum of its parts' probabilities, and
dice.
Objects: binary cross-entropy and dice, each over the pixels that say yes or no.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional

from planimeter.train.config import Config
from planimeter.train.data import PARTS_OF_VEGETATION


@dataclass(frozen=True)
class Loss:
    """The loss of a batch.

    Attributes:
        land: how many channels are land classes.
        vegetation: which of them vegetation is made of.
        dice: weight of the dice loss for land and for objects.
        object_weight: of an object's pixels in its cross-entropy.
    """

    land: int
    vegetation: tuple[int, ...]
    dice: tuple[float, float] = (0.5, 0.7)
    object_weight: float = 2.0

    def __call__(self, logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The loss, averaged over what is known.

        Args:
            logits: (N, channels, H, W).
            target: (N, 1 + objects, H, W) int64, as ``planimeter.train.data`` says.
        """
        logits = logits.float()
        total = land_loss(logits[:, : self.land], target[:, 0], self.vegetation, self.dice[0])
        for plane, logit in zip(target[:, 1:].unbind(1), logits[:, self.land :].unbind(1), strict=True):
            total = total + object_loss(logit, plane, self.dice[1], self.object_weight)
        return total


def loss_of(config: Config) -> Loss:
    """The loss a configuration asks for."""
    vegetation = tuple(config.land.index(part) for part in PARTS_OF_VEGETATION if part in config.land)
    return Loss(len(config.land), vegetation, config.dice, config.object_weight)


def land_loss(
    logits: torch.Tensor, target: torch.Tensor, vegetation: tuple[int, ...], dice: float
) -> torch.Tensor:
    """Cross-entropy over known pixels, and ``dice`` times the mean dice loss of the classes present.

    Args:
        logits: (N, classes, H, W).
        target: (N, H, W): 0 unknown, k + 1 class k, classes + 1 any of ``vegetation``.
        vegetation: class indices.
        dice: weight.
    """
    classes = logits.shape[1]
    log = functional.log_softmax(logits, 1)
    exact = (target >= 1) & (target <= classes)
    index = (target.clamp(1, classes) - 1)[:, None]
    surprise = torch.where(exact, -log.gather(1, index)[:, 0], torch.zeros_like(log[:, 0]))
    if vegetation:
        union = -torch.logsumexp(log[:, list(vegetation)], 1)
        surprise = torch.where(target == classes + 1, union, surprise)
    total = surprise.sum() / (target > 0).sum().clamp(min=1)
    if dice and exact.any():
        truth = functional.one_hot(index[:, 0], classes).movedim(-1, 1).float() * exact[:, None]
        found = log.exp() * exact[:, None]
        shared, both = (truth * found).sum((0, 2, 3)), (truth + found).sum((0, 2, 3))
        present = truth.sum((0, 2, 3)) > 0
        total = total + dice * (1 - (2 * shared + 1) / (both + 1))[present].mean()
    return total


def object_loss(logit: torch.Tensor, target: torch.Tensor, dice: float, weight: float) -> torch.Tensor:
    """Cross-entropy and dice loss of one object over the pixels that say yes or no; 0 where none does.

    Args:
        logit: (N, H, W).
        target: (N, H, W): 0 no, 1 yes, others unknown.
        dice: weight of the dice loss.
        weight: of pixels that say yes in the cross-entropy.
    """
    known = target < 2
    if not known.any():
        return logit.sum() * 0
    found, truth = logit[known], target[known].float()
    pixels = functional.binary_cross_entropy_with_logits(
        found, truth, pos_weight=torch.tensor(weight, device=found.device)
    )
    share = torch.sigmoid(found)
    overlap = 1 - (2 * (share * truth).sum() + 1) / ((share + truth).sum() + 1)
    return pixels + dice * overlap
