"""The training loop of the promptable segmenter, from top to bottom."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from planimeter.errors import ModelError
from planimeter.train import checkpoint
from planimeter.train.data import load_pictures
from planimeter.train.promptable.batches import Batch, draw_batch
from planimeter.train.promptable.config import PromptableConfig
from planimeter.train.promptable.network import PromptableNetwork
from planimeter.train.promptable.views import Views

CHECKPOINT, FINAL = "last.pt", "final.pt"
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
    config: PromptableConfig, out: str | Path, *, stop_after: int | None = None, report: Any = print
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
    folder = Path(out)
    torch.manual_seed(config.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = build_network(config).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    matrices = [value for value in network.parameters() if value.ndim > 1]
    others = [value for value in network.parameters() if value.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": config.decay}, {"params": others, "weight_decay": 0.0}],
        lr=config.rate,
        betas=(0.9, 0.98),
    )
    averaged = {name: value.clone() for name, value in network.state_dict().items()}
    step, used = 0, 0.0
    last = folder / CHECKPOINT
    if last.exists():
        state = checkpoint.load(last)
        try:
            network.load_state_dict(state["net"])
        except RuntimeError as error:
            raise ModelError(
                f"{last} holds the weights of another network: give the configuration it was trained with."
            ) from error
        optimiser.load_state_dict(state["opt"])
        averaged = {name: value.to(device) for name, value in state["ema"].items()}
        step, used = state["step"], state["used"]
        report(f"going on after step {step}")
    views = Views(load_pictures(config.pictures, "train"), config)
    started = time.monotonic() - used

    def done() -> float:
        if config.steps is not None:
            return step / config.steps
        return (time.monotonic() - started) / 3600 / (config.hours or 1)

    def nothing(at: int) -> float:
        share = at / config.steps if config.steps is not None else done()
        return config.nothing if share >= config.nothing_from else 0.0

    def keep(path: Path) -> None:
        state = {"net": network.state_dict(), "ema": averaged, "opt": optimiser.state_dict()}
        checkpoint.save(path, {**state, "step": step, "used": time.monotonic() - started})

    batches = _ahead(views, config, step, nothing)
    sums = np.zeros(3)
    while (share := done()) < 1 and step != stop_after:
        rate = (
            config.rate * min(1, (step + 1) / _WARMUP) * (0.98 * 0.5 * (1 + math.cos(math.pi * share)) + 0.02)
        )
        for group in optimiser.param_groups:
            group["lr"] = rate
        tensors = {name: torch.from_numpy(value).to(device) for name, value in vars(next(batches)).items()}
        with torch.autocast(device, torch.bfloat16, enabled=config.precision == "bf16"):
            features = network.encode(tensors["pictures"])
            logits, score = network.decode(features, tensors["seen"], tensors["maps"], tensors["grid"])
        loss, iou = loss_of(logits.float(), score.float(), tensors)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
        optimiser.step()
        step += 1
        _average(averaged, network.state_dict(), min(config.ema, (1 + step) / (10 + step)))
        sums += (loss.item(), iou, 1)
        if step % 20 == 0 or step == stop_after:
            report(
                f"step {step}  {100 * share:5.1f} %  loss {sums[0] / sums[2]:.3f}  IoU {sums[1] / sums[2]:.3f}"
            )
            sums[:] = 0
        if step % config.save_every == 0:
            keep(last)
    over = done() >= 1
    keep(folder / FINAL if over else last)
    return folder / FINAL if over else last


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


def _average(averaged: dict[str, torch.Tensor], now: dict[str, torch.Tensor], keep: float) -> None:
    for name, value in now.items():
        if value.dtype.is_floating_point:
            averaged[name].lerp_(value.detach(), 1 - keep)
        else:
            averaged[name].copy_(value)


def _ahead(
    views: Views, config: PromptableConfig, first: int, nothing: Callable[[int], float]
) -> Iterator[Batch]:
    """Batches from step ``first`` on, prepared by a thread while the network works on earlier ones."""
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(draw_batch, views, config, first, nothing(first))
        step = first + 1
        while True:
            following = pool.submit(draw_batch, views, config, step, nothing(step))
            yield waiting.result()
            waiting, step = following, step + 1
