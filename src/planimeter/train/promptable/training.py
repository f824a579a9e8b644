"""Training the promptable segmenter: what its batches are and what its loss asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from planimeter.train import checkpoint
from planimeter.train.data import load_pictures
from planimeter.train.loop import Habits, Schedule, Turn, fit
from planimeter.train.pretrained import start_encoder
from planimeter.train.promptable.batches import draw_batch
from planimeter.train.promptable.config import PromptableConfig
from planimeter.train.promptable.network import PromptableNetwork
from planimeter.train.promptable.views import Views

_WARMUP = 50  # steps
_CLIP = 2.0  # largest gradient norm


def build_network(config: PromptableConfig) -> PromptableNetwork:
    """The network a configuration describes, with new weights."""
    return PromptableNetwork(config.encoder, config.decoder, config.context)


def network_from(path: str | Path, config: PromptableConfig) -> PromptableNetwork:
    """The network with a checkpoint's averaged weights, ready to predict.

    Raises:
        ModelError: the checkpoint is missing, damaged, or of another network.
    """
    network = build_network(config)
    checkpoint.load_weights(network, path)
    return network.eval()


def train_promptable(
    config: PromptableConfig,
    out: str | Path,
    *,
    stop_after: int | None = None,
    report: Callable[[str], object] = print,
) -> Path:
    """Train the promptable segmenter, or go on where a killed run stopped.

    Args:
        config: what to train on what.
        out: folder of the run; ``last.pt`` in it is gone on from, ``final.pt`` is written at the end.
        stop_after: stop at this step (and leave a checkpoint), for dry runs and tests.
        report: takes one line of progress.

    Returns:
        path of the last checkpoint, or of ``final.pt`` when the schedule is over.

    Raises:
        UsageError: the data is not there.
        ModelError: a checkpoint is damaged or of another network.
    """
    torch.manual_seed(config.seed)
    network = build_network(config).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if config.start is not None:
        start_encoder(network.encoder.backbone, config.start)
    views = Views(load_pictures(config.pictures, "train"), config)

    def draw(turn: Turn) -> dict[str, np.ndarray]:
        nothing = config.nothing if turn.done >= config.nothing_from else 0.0
        return dict(vars(draw_batch(views, config, turn.step, nothing)))

    def loss(
        model: PromptableNetwork, batch: dict[str, torch.Tensor]
    ) -> tuple[torch.Tensor, Mapping[str, float]]:
        features = model.encode(batch["pictures"])
        logits, score = model.decode(features, batch["seen"], batch["maps"], batch["grid"])
        value, iou = loss_of(logits.float(), score.float(), batch)
        return value, {"IoU": iou}

    habits = Habits(
        decay=config.decay,
        clip=_CLIP,
        average=config.ema,
        precision=config.precision,
        save_every=config.save_every,
        seed=config.seed,
    )
    schedule = Schedule(config.rate, config.steps, config.hours, _WARMUP)
    return fit(network, draw, loss, out, schedule, habits, stop_after=stop_after, report=report)


def loss_of(
    logits: torch.Tensor, score: torch.Tensor, batch: dict[str, torch.Tensor]
) -> tuple[torch.Tensor, float]:
    """Cross-entropy and dice of the masks, and cross-entropy of the expected IoU.

    Args:
        logits: (N, S, S).
        score: (N,) logits of the expected IoU.
        batch: its ``target``, ``whole`` and ``maps``.

    Returns:
        the loss; mean IoU of the prompts that mean something.
    """
    target, whole, inside = batch["target"], batch["whole"], batch["maps"][:, 0]
    entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    entropy = (entropy * inside).sum((1, 2)) / inside.sum((1, 2)).clamp(min=1)
    share = logits.sigmoid() * inside
    dice = 1 - (2 * (share * target).sum((1, 2)) + 1) / (share.sum((1, 2)) + target.sum((1, 2)) + 1)
    something = (whole > 0).float()
    with torch.no_grad():
        found = (logits > 0).float() * inside
        shared = (found * (target > 0.5)).sum((1, 2))
        union = found.sum((1, 2)) + torch.maximum(whole, (target > 0.5).sum((1, 2))) - shared
        iou = (shared / union.clamp(min=1)).clamp(0, 1)
    scored = functional.binary_cross_entropy_with_logits(score, iou)
    loss = (entropy + dice * something).mean() + 0.1 * scored
    return loss, float((iou * something).sum() / something.sum().clamp(min=1))
