"""Training the segmenter: an encoder with a U-Net decoder, on sources that each know a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate.utils import set_seed

from planimeter.train import checkpoint
from planimeter.train.config import Config
from planimeter.train.data import load_pictures
from planimeter.train.evaluate import TorchModel, evaluate, summary
from planimeter.train.loop import Habits, Schedule, Turn, fit
from planimeter.train.losses import loss_of
from planimeter.train.patches import Patches
from planimeter.train.pretrained import start_encoder


def train_segmenter(
    config: Config,
    out: str | Path,
    *,
    stop_after: int | None = None,
    trackers: Sequence[str] = (),
    report: Callable[[str], object] = print,
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
    set_seed(config.seed)
    network = checkpoint.build_network(config)
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if config.network.start:
        start_encoder(network.encoder, config.network.start)
    if config.start_from:
        checkpoint.load_weights(network, config.start_from)
    patches = Patches(load_pictures(config, "train"), config)
    held = load_pictures(config, "validation")
    criterion = loss_of(config)

    def draw(turn: Turn) -> tuple[np.ndarray, np.ndarray]:
        return patches.batch(turn.step, turn.rank, turn.processes)

    def loss(
        model: Any, batch: tuple[torch.Tensor, torch.Tensor]
    ) -> tuple[torch.Tensor, Mapping[str, float]]:
        pictures, target = batch
        logits = model(pictures.to(memory_format=torch.channels_last))
        return criterion(logits.float(), target), {}

    def measure(model: Any) -> Mapping[str, float]:
        return summary(evaluate(TorchModel.of(model, config), held, config))

    return fit(
        network,
        draw,
        loss,
        out,
        Schedule(config.rate, config.steps, config.hours, config.warmup),
        Habits(
            decay=config.decay,
            clip=config.clip,
            average=config.ema,
            precision=config.precision,
            save_every=config.save_every,
            measure_every=config.validate_every,
            threads=config.threads,
            seed=config.seed,
        ),
        measure=measure,
        trackers=trackers,
        name=config.name,
        stop_after=stop_after,
        report=report,
    )
