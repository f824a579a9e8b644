"""Checkpoints: everything a run needs to go on as if it had never stopped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch
from torch import nn

from planimeter.errors import ModelError
from planimeter.paths import is_file
from planimeter.train.config import Config
from planimeter.train.network import UNet


def save(path: Path, state: dict[str, Any]) -> None:
    """Write a checkpoint so that a kill at any moment leaves the old one or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def save_averaged(path: Path, network: nn.Module, steps: int | None = None) -> None:
    """Write averaged weights alone, small enough to ship, for ``--start-from``, and after how many steps, if known.

    Matrices go to half precision. Vectors keep single: the statistics of normalisations go beyond what half precision
    holds, and an infinite variance would silence their layer for good.
    """
    weights = {
        name: value.half() if value.is_floating_point() and value.ndim > 1 else value
        for name, value in network.state_dict().items()
    }
    save(path, {"ema": weights, **({} if steps is None else {"step": steps})})


def load(path: str | Path) -> dict[str, Any]:
    """Read a checkpoint; nothing in it is executed.

    Raises:
        ModelError: it is missing or damaged.
    """
    if not is_file(path):
        raise ModelError(f"There is no checkpoint {path}: check its path.")
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # what is damaged ends in errors of any kind
        raise ModelError(
            f"{path} is no whole checkpoint ({type(error).__name__}): take an older one."
        ) from error
    if not isinstance(state, dict):
        raise ModelError(f"{path} holds no checkpoint: give one that a training wrote.")
    return state


def build_network(config: Config) -> UNet:
    """The network a configuration describes, with new weights."""
    shape = config.network
    return UNet(config.channels, shape.encoder, shape.decoder, shape.dims, shape.depths, shape.layer_scale)


def network_from(path: str | Path, config: Config) -> UNet:
    """The network with a checkpoint's averaged weights, ready to predict.

    Raises:
        ModelError: the checkpoint is missing, damaged, or of another network.
    """
    network = build_network(config)
    load_weights(network, path)
    return network.eval()


def load_weights(network: nn.Module, path: str | Path) -> None:
    """Put a checkpoint's averaged weights into a network.

    Raises:
        ModelError: the checkpoint is missing, damaged, of another network, or holds values that are no numbers.
    """
    state = load(path)
    try:
        network.load_state_dict(state["ema"])
    except (KeyError, RuntimeError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path} holds the weights of another network: give the configuration it was trained with."
        ) from error
    for name, value in network.state_dict().items():
        if value.is_floating_point() and not torch.isfinite(value).all():
            raise ModelError(f"{path} holds values in {name} that are no numbers: take an older checkpoint.")
