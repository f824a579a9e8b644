"""The training loop, from top to bottom."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import set_seed

from planimeter.train import checkpoint
from planimeter.train.config import Config
from planimeter.train.data import load_pictures
from planimeter.train.evaluate import TorchModel, evaluate, summary
from planimeter.train.losses import loss_of
from planimeter.train.patches import Patches
from planimeter.train.pretrained import start_encoder

CHECKPOINT = "last.pt"
FINAL = "final.pt"


def train(
    config: Config,
    out: str | Path,
    *,
    stop_after: int | None = None,
    trackers: Sequence[str] = (),
    report: Any = print,
) -> Path:
    """Train a segmenter, or go on where a killed run stopped.

    Args:
        config: what to train on what.
        out: folder of the run; ``last.pt`` in it is gone on from, ``final.pt`` is written at the end.
        stop_after: stop at this step (and leave a checkpoint), for dry runs and tests.
        trackers: "tensorboard", "wandb", as accelerate knows them.
        report: takes one line of progress.

    Returns:
        path of the last checkpoint, or of ``final.pt`` when the schedule is over.

    Raises:
        UsageError: the data is not there.
        ModelError: a checkpoint is damaged or of another network.
    """
    folder = Path(out)
    accelerator = Accelerator(
        mixed_precision=config.precision, log_with=list(trackers) or None, project_dir=str(folder)
    )
    set_seed(config.seed)
    network = checkpoint.build_network(config)
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if config.network.start:
        start_encoder(network.encoder, config.network.start)
    if config.start_from:
        checkpoint.load_weights(network, config.start_from)
    optimiser = torch.optim.AdamW(_groups(network, config.decay), lr=config.rate, betas=(0.9, 0.98))
    ema = {name: value.clone() for name, value in network.state_dict().items()}
    step, used = 0, 0.0
    last = folder / CHECKPOINT
    if last.exists():
        state = checkpoint.load(last)
        network.load_state_dict(state["net"])
        optimiser.load_state_dict(state["opt"])
        ema, step, used = state["ema"], state["step"], state["used"]
        torch.set_rng_state(state["rng"])
        report(f"going on after step {step}")
    model, optimiser = accelerator.prepare(network, optimiser)
    ema = {name: value.to(accelerator.device) for name, value in ema.items()}
    patches = Patches(load_pictures(config, "train"), config)
    held = load_pictures(config, "validation")
    loss_function = loss_of(config)
    if trackers:
        accelerator.init_trackers(config.name)
    started = time.monotonic() - used
    batches = _ahead(patches, step, accelerator, config.threads)

    def keep(path: Path) -> None:
        used = time.monotonic() - started
        whole = accelerator.unwrap_model(model).state_dict()
        state = {"net": whole, "ema": ema, "opt": optimiser.state_dict(), "step": step, "used": used}
        if accelerator.is_main_process:
            checkpoint.save(path, {**state, "rng": torch.get_rng_state()})

    while (done := _done(config, step, time.monotonic() - started)) < 1 and step != stop_after:
        for group in optimiser.param_groups:
            group["lr"] = config.rate * _schedule(done, step, config.warmup)
        pictures, target = next(batches)
        with accelerator.autocast():
            logits = model(pictures.to(memory_format=torch.channels_last))
        loss = loss_function(logits, target)
        optimiser.zero_grad()
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(model.parameters(), config.clip)
        optimiser.step()
        step += 1
        _average(ema, accelerator.unwrap_model(model).state_dict(), min(config.ema, (1 + step) / (10 + step)))

        if step % 20 == 0 or step == stop_after:
            value = loss.item()
            accelerator.log({"loss": value, "rate": optimiser.param_groups[0]["lr"]}, step=step)
            report(f"step {step}  {100 * done:5.1f} %  loss {value:.3f}")
        if step % config.validate_every == 0 and accelerator.is_main_process:
            averaged = checkpoint.build_network(config).to(accelerator.device)
            averaged.load_state_dict(ema)
            scores = summary(evaluate(TorchModel.of(averaged, config), held, config))
            accelerator.log({f"validation/{name}": value for name, value in scores.items()}, step=step)
            report("validation F1  " + "  ".join(f"{name} {value:.3f}" for name, value in scores.items()))
        if step % config.save_every == 0:
            keep(last)
    over = done >= 1
    keep(folder / FINAL if over else last)
    accelerator.end_training()
    return folder / FINAL if over else last


def _done(config: Config, step: int, seconds: float) -> float:
    """Share of the schedule that is over."""
    return step / config.steps if config.steps is not None else seconds / 3600 / (config.hours or 1)


def _schedule(done: float, step: int, warmup: int) -> float:
    """Factor on the learning rate: a linear warm-up, then half a cosine down to 2 %."""
    return min(1, (step + 1) / warmup) * (0.98 * 0.5 * (1 + math.cos(math.pi * done)) + 0.02)


def _average(ema: dict[str, torch.Tensor], now: dict[str, torch.Tensor], keep: float) -> None:
    for name, value in now.items():
        if value.dtype.is_floating_point:
            ema[name].lerp_(value.detach(), 1 - keep)
        else:
            ema[name].copy_(value)


def _groups(network: torch.nn.Module, decay: float) -> list[dict[str, Any]]:
    """Weight matrices decay; biases, norms and scales do not."""
    matrices = [value for value in network.parameters() if value.ndim > 1]
    others = [value for value in network.parameters() if value.ndim <= 1]
    return [{"params": matrices, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]


def _ahead(
    patches: Patches, first: int, accelerator: Accelerator, threads: int
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Batches from step ``first`` on, prepared by threads while the network works on earlier ones."""
    rank, processes = accelerator.process_index, accelerator.num_processes

    def tensors(ready: tuple[np.ndarray, np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
        picture, target = (torch.from_numpy(part).to(accelerator.device) for part in ready)
        return picture, target

    with ThreadPoolExecutor(threads) as pool:
        queue: list[Future[tuple[np.ndarray, np.ndarray]]] = []
        step = first
        while True:
            while len(queue) <= threads:
                queue.append(pool.submit(patches.batch, step, rank, processes))
                step += 1
            yield tensors(queue.pop(0).result())
