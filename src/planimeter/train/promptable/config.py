"""The configuration of the promptable segmenter's training: one YAML file, every key checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from planimeter.errors import UsageError
from planimeter.train.config import Config, config_from
from planimeter.train.table import build_table, load_table, require_positive, require_precision

_SOURCES = ("land", "objects", "sources", "worlds")  # keys that mean what they mean for the segmenter


@dataclass(frozen=True)
class PromptableConfig:
    """Everything a training run of the promptable segmenter depends on.

    Attributes:
        pictures: labelled data, as the segmenter's configuration describes it.
        name: of the model.
        version: of the weights.
        encoder: channels of the encoder at strides 2 to 32; or the name of a model of timm.
        start: weights of such a model: a file, a package, or the checkpoint of a segmenter with that encoder.
        shared: leave the weights of such a model to the file of the segmenter that ships, which has the same.
        decoder: channels of the decoder at strides 2 to 16 of a window.
        context: channels between them.
        longest: pixels of the longer side of the picture that is encoded.
        shapes: share of steps on scenes of coloured shapes.
        prompts: how prompts are made: shares of "both" (box and points), "box" and "points".
        nothing: share of prompts that fit nothing, once ``nothing_from`` of the schedule is over.
        nothing_from: share of the schedule.
        images: pictures per step.
        per_image: prompts per picture.
        hours: how long to train, or
        steps: how many steps.
        rate: highest learning rate.
        decay: weight decay.
        ema: share of the averaged weights kept each step, once warm.
        precision: "no" or "bf16".
        save_every: steps between checkpoints.
        seed: of everything random.
    """

    pictures: Config
    name: str = "promptable"
    version: str = "1.0"
    encoder: tuple[int, ...] | str = (16, 32, 64, 96, 128)
    start: str | None = None
    shared: bool = False
    decoder: tuple[int, ...] = (24, 48, 80, 112)
    context: int = 32
    longest: int = 512
    shapes: float = 0.2
    prompts: dict[str, float] = field(default_factory=lambda: {"both": 0.5, "box": 0.2, "points": 0.3})
    nothing: float = 0.3
    nothing_from: float = 0.35
    images: int = 4
    per_image: int = 8
    hours: float | None = None
    steps: int | None = None
    rate: float = 2e-3
    decay: float = 0.02
    ema: float = 0.996
    precision: str = "bf16"
    save_every: int = 100
    seed: int = 0

    def with_data(self, folder: str | None) -> PromptableConfig:
        """The same configuration with another data folder; None leaves it."""
        return replace(self, pictures=self.pictures.with_data(folder))


def load_promptable(path: str | Path) -> PromptableConfig:
    """Read a configuration.

    Raises:
        UsageError: it cannot be read, has a key nobody knows, or contradicts itself.
    """
    return promptable_from(load_table(path))


def promptable_from(given: Mapping[str, Any]) -> PromptableConfig:
    """A configuration from plain values, as YAML holds them.

    Raises:
        UsageError: a key nobody knows, or a contradiction.

    Example:
        >>> promptable_from({"land": ["water"], "objects": [], "steps": 3}).per_image
        8
    """
    values = dict(given)
    pictures = config_from({"steps": 1, **{key: values.pop(key) for key in _SOURCES if key in values}})
    config: PromptableConfig = build_table(PromptableConfig, values, "", pictures=pictures)
    if (config.steps is None) == (config.hours is None):
        raise UsageError("A configuration says either `steps` or `hours`: give exactly one.")
    if isinstance(config.encoder, str) != (config.start is not None):
        raise UsageError("An `encoder` by name needs `start`, its weights; one of new weights has none.")
    if config.shared and config.start is None:
        raise UsageError("An encoder of new weights cannot be `shared`: give one by name, and `start`.")
    require_positive(config, "", "steps", "hours", "longest", "images", "per_image", "rate", "save_every")
    require_precision(config, "")
    if strange := sorted(set(config.prompts) - {"both", "box", "points"}):
        raise UsageError(f"`prompts` names {', '.join(strange)}; it may name both, box and points.")
    return config
