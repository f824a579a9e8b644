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

_IGNORED = -100


@dataclass(frozen=True)
class Loss:
    """The loss of a batch.

    Attributes:
        weights: of each land class's pixels in the cross-entropy.
        vegetation: indices of the land classes that vegetation is made of.
        dice: weight of the dice loss for land and for objects.
        object_weight: of an object's pixels in its cross-entropy.
    """

    weights: tuple[float, ...]
    vegetation: tuple[int, ...]
    dice: tuple[float, float] = (0.5, 0.7)
    object_weight: float = 2.0

    def __call__(self, logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The loss, averaged over what is known.

        Args:
            logits: (N, channels, H, W).
            target: (N, 1 + objects, H, W) int64, as ``planimeter.train.data`` says.
        """
        # Planes of a channels-last tensor lie scattered in memory: reducing them would take longer than the network.
        logits = logits.float().contiguous()
        land = len(self.weights)
        weights = torch.tensor(self.weights, device=logits.device)
        total = land_loss(logits[:, :land], target[:, 0], weights, self.vegetation, self.dice[0])
        for plane, logit in zip(target[:, 1:].unbind(1), logits[:, land:].unbind(1), strict=True):
            total = total + object_loss(logit, plane, self.dice[1], self.object_weight)
        return total


def loss_of(config: Config) -> Loss:
    """The loss a configuration asks for."""
    vegetation = tuple(config.land.index(part) for part in PARTS_OF_VEGETATION if part in config.land)
    weights = tuple(float(config.land_weights.get(topic, 1.0)) for topic in config.land)
    return Loss(weights, vegetation, config.dice, config.object_weight)


def land_loss(
    logits: torch.Tensor,
    target: torch.Tensor,
    weights: torch.Tensor,
    vegetation: tuple[int, ...],
    dice: float,
) -> torch.Tensor:
    """Weighted cross-entropy over known pixels, and ``dice`` times the mean dice loss of the classes present.

    Args:
        logits: (N, classes, H, W).
        target: (N, H, W): 0 unknown, k + 1 class k, classes + 1 any of ``vegetation``.
        weights: (classes,) of the classes; vegetation of unknown kind has the largest of its parts.
        vegetation: class indices.
        dice: weight.
    """
    classes = logits.shape[1]
    log = functional.log_softmax(logits, 1)
    exact, union = (target >= 1) & (target <= classes), target > classes
    code = torch.where(exact, target - 1, torch.full_like(target, _IGNORED))
    total = functional.nll_loss(log, code, weights, ignore_index=_IGNORED, reduction="sum")
    if vegetation:
        parts = list(vegetation)
        total = total - weights[parts].max() * (torch.logsumexp(log[:, parts], 1) * union).sum()
    total = total / (exact.sum() + union.sum()).clamp(min=1)
    misses = []
    for index in range(classes if dice else 0):
        truth = (target == index + 1).float()
        pixels = truth.sum()
        if pixels > 0:
            share = log[:, index].exp()
            misses.append(1 - (2 * (share * truth).sum() + 1) / ((share * exact).sum() + pixels + 1))
    return total + dice * torch.stack(misses).mean() if misses else total


def object_loss(logit: torch.Tensor, target: torch.Tensor, dice: float, weight: float) -> torch.Tensor:
    """Cross-entropy and dice loss of one object over the pixels that say yes or no; 0 where none does.

    Args:
        logit: (N, H, W).
        target: (N, H, W): 0 no, 1 yes, others unknown.
        dice: weight of the dice loss.
        weight: of pixels that say yes in the cross-entropy.
    """
    known = (target < 2).float()
    count = known.sum()
    if count == 0:
        return logit.sum() * 0
    truth = (target == 1).float()
    emphasis = known * (1 + (weight - 1) * truth)
    pixels = (
        functional.binary_cross_entropy_with_logits(logit, truth, weight=emphasis, reduction="sum") / count
    )
    share = torch.sigmoid(logit) * known
    overlap = 1 - (2 * (share * truth).sum() + 1) / (share.sum() + truth.sum() + 1)
    return pixels + dice * overlap
