"""Losses that ask for what a source knows, and for nothing else.

Land cover: cross-entropy of the set of classes that a pixel may be (the sum of their probabilities), and dice.
Objects: binary cross-entropy and dice, each over the pixels that say yes or no.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch.nn import functional

from planimeter.train.config import Config

_NEVER = -1e4  # a logarithm of a share: adds nothing to a sum of shares, and stays finite


@dataclass(frozen=True)
class Loss:
    """The loss of a batch.

    Attributes:
        weights: of each land class's pixels in the cross-entropy.
        dice: weight of the dice loss for land and for objects.
        object_weight: of an object's pixels in its cross-entropy.
    """

    weights: tuple[float, ...]
    dice: tuple[float, float] = (0.5, 0.7)
    object_weight: float = 2.0

    def __call__(self, logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The loss, averaged over what is known.

        Args:
            logits: (N, channels, H, W).
            target: (N, planes, H, W) int64, as ``planimeter.train.data`` says.
        """
        # Planes of a channels-last tensor lie scattered in memory: reducing them would take longer than the network.
        logits = logits.float().contiguous()
        land = len(self.weights)
        weights = torch.tensor(self.weights, device=logits.device)
        total = land_loss(logits[:, :land], target[:, 0], weights, self.dice[0])
        for plane, logit in zip(target[:, 1:].unbind(1), logits[:, land:].unbind(1), strict=True):
            total = total + object_loss(logit, plane, self.dice[1], self.object_weight)
        return total


def loss_of(config: Config) -> Loss:
    """The loss a configuration asks for."""
    weights = tuple(float(config.land_weights.get(topic, 1.0)) for topic in config.land)
    return Loss(weights, config.dice, config.object_weight)


def land_loss(logits: torch.Tensor, target: torch.Tensor, weights: torch.Tensor, dice: float) -> torch.Tensor:
    """Weighted cross-entropy over known pixels, and ``dice`` times the mean dice loss of the classes present.

    Args:
        logits: (N, classes, H, W).
        target: (N, H, W) int64: bit k is set where the pixel may be class k; 0 unknown.
        weights: (classes,) of the classes; a set has the mean of its members.
        dice: weight.
    """
    log = functional.log_softmax(logits, 1)
    bits = torch.stack([(target >> k) & 1 for k in range(logits.shape[1])], 1).bool()
    members = bits.sum(1)
    known = members > 0
    surprise = -torch.logsumexp(log.masked_fill(~bits, _NEVER), 1)
    weight = torch.einsum("nchw,c->nhw", bits.float(), weights) / members.clamp(min=1)
    total = (surprise * weight * known).sum() / known.sum().clamp(min=1)
    misses = []
    for k in range(logits.shape[1] if dice else 0):
        truth = bits[:, k] & (members == 1)
        pixels = truth.sum()
        if pixels > 0:
            said = truth | (known & ~bits[:, k])  # pixels whose labels know whether they are this class
            share = log[:, k].exp()
            misses.append(1 - (2 * (share * truth).sum() + 1) / ((share * said).sum() + pixels + 1))
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
