"""Training a Mask2Former head on a frozen DINOv3 backbone.

The recipe is table 5 of the QVLM paper: AdamW at 1e-4, batches of 20, bfloat16, cross-entropy and dice, 200 epochs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from planimeter.errors import UsageError
from planimeter.segment.dinov3.segmenter import load_backbone, save_model
from planimeter.segment.dinov3.settings import BACKBONE, SAT_MEAN, SAT_STD, HeadSettings
from planimeter.train.config import Config
from planimeter.train.data import load_pictures
from planimeter.train.loop import CHECKPOINT, Habits, Schedule, Turn, fit
from planimeter.train.patches import Patches
from planimeter.vocabulary.topics import TOPICS

if TYPE_CHECKING:
    from planimeter.segment.dinov3.network import DINOv3Mask2Former

RATE, DECAY, CLIP = 1e-4, 0.05, 0.01


class _LossOf(nn.Module):
    """A network whose result is its loss, as training on several GPUs wants it."""

    def __init__(self, network: DINOv3Mask2Former) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """See ``DINOv3Mask2Former.loss``."""
        return self.network.loss(pictures, target)


def train_dinov3(
    config: Config,
    out: str | Path,
    *,
    backbone: str = BACKBONE,
    download: bool = False,
    settings: HeadSettings | None = None,
    topics: dict[str, Sequence[str]] | None = None,
    rate: float = RATE,
    stop_after: int | None = None,
    report: Callable[[str], object] = print,
) -> Path:
    """Train a head and write it, with its card.

    Args:
        config: data, classes (``land``), patch size, batch, steps and seed; its colour statistics are replaced by the
            backbone's. Objects have no place in this head.
        out: folder of the trained model; a run that was killed goes on from ``last.pt`` in it.
        backbone: a folder with the backbone's weights, or its name on the hub.
        download: fetch the backbone when it is not on this machine.
        settings: the head's shape; None for the paper's.
        topics: topic → classes that show it; None for the classes that are topics.
        rate: learning rate.
        stop_after: stop at this step, leaving a checkpoint, for dry runs and tests.
        report: takes one line of progress.

    Returns:
        path of the card, for ``DINOv3Segmenter(path.parent)``; of the checkpoint when stopped before the end.

    Raises:
        UsageError: the configuration has objects or no steps, ``topics`` names something else than its classes, or the
            data is not there.
        ModelError: the backbone is not there, or a checkpoint is damaged or of another head.
    """
    if config.objects:
        raise UsageError(
            "This head has land classes only: list buildings and roads under `land`, not `objects`."
        )
    if config.steps is None:
        raise UsageError("The length of this training is counted in steps: give `steps`, not `hours`.")
    for topic, classes in (topics or {}).items():
        if topic not in TOPICS or not set(classes) <= set(config.land):
            raise UsageError(
                f"The topic {topic} cannot be made of {', '.join(classes)}: topics are {', '.join(TOPICS)}, and "
                f"classes those under `land`, {', '.join(config.land)}."
            )
    config = replace(config, mean=SAT_MEAN, std=SAT_STD)
    settings = settings or HeadSettings()
    halved = torch.cuda.is_available() and torch.cuda.is_bf16_supported()
    frozen = load_backbone(backbone, settings, download)
    from planimeter.segment.dinov3.network import DINOv3Mask2Former  # after the check that its extra is there

    torch.manual_seed(config.seed)
    network = DINOv3Mask2Former(frozen, len(config.land), settings)
    patches = Patches(load_pictures(config, "train"), config)

    def draw(turn: Turn) -> tuple[np.ndarray, np.ndarray]:
        pictures, planes = patches.batch(turn.step, turn.rank, turn.processes)
        return pictures, class_indices(planes[:, 0], len(config.land))

    def loss(
        model: Any, batch: tuple[torch.Tensor, torch.Tensor]
    ) -> tuple[torch.Tensor, Mapping[str, float]]:
        return model(*batch), {}

    place = fit(
        _LossOf(network),
        draw,
        loss,
        out,
        Schedule(rate, config.steps, constant=True),
        Habits(
            decay=DECAY,
            betas=(0.9, 0.999),
            clip=CLIP,
            precision="bf16" if halved else "no",
            save_every=config.save_every,
            threads=config.threads,
            seed=config.seed,
        ),
        learns=network.head,
        stop_after=stop_after,
        report=report,
    )
    if place.name == CHECKPOINT:
        return place
    return save_model(
        network,
        out,
        classes=config.land,
        topics=topics or {name: (name,) for name in config.land if name in TOPICS},
        settings=settings,
        backbone=str(Path(backbone).absolute()) if Path(backbone).is_dir() else backbone,
        gsd_range=config.gsd_range,
        gsd_centre=config.gsd_centre,
        version=config.version,
        record={"data": {name: source.licence for name, source in config.sources.items()}},
    )


def class_indices(land: np.ndarray, classes: int) -> np.ndarray:
    """Land planes as ``planimeter.train.data`` has them to class indices; what is not exactly known is ignored.

    Args:
        land: (N, H, W): bit k is set where the pixel may be class k; 0 unknown.
        classes: how many there are.

    Returns:
        (N, H, W) int64: class, or 255.

    Example:
        >>> class_indices(np.array([[[0, 1, 2, 3]]]), 2).tolist()
        [[[255, 0, 1, 255]]]
    """
    found = np.full(land.shape, 255, np.int64)
    for index in range(classes):
        found[land == 1 << index] = index
    return found
