"""The configuration of a prompter's training: one YAML file, every key checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from planimeter.errors import UsageError
from planimeter.reason.frames import FrameRule, normalised_frame, original_frame, square_frame
from planimeter.train.grpo_config import GrpoConfig, grpo_config_from
from planimeter.train.prompter.eyes import STEP
from planimeter.train.prompter.parts import Parts
from planimeter.train.prompter.supervised import SupervisedConfig
from planimeter.train.prompter.tiny import ARCHITECTURES, TinyShape
from planimeter.train.table import build_table, load_table, require_positive, require_precision

TINY, PARTS = "tiny", "parts"
SHAPES, IMAGERY = "shapes", "imagery"
FRAMES: dict[str, FrameRule] = {"pixels": original_frame, "thousandths": normalised_frame}


@dataclass(frozen=True)
class DataConfig:
    """What is learnt on.

    Attributes:
        name: "shapes" for scenes of coloured shapes, "imagery" for labelled pictures; else a data set as
            ``planimeter.reason.data`` knows it: earthreason, rrsisd, refsegrs, risbench, folder, or worlds:COUNT.
        folder: of the data set; None for --data.
        side: pixels a side to which pictures and targets are resized; None leaves them.
        pictures: configuration of the promptable segmenter, which names the pictures of "imagery" and their split.
        train: how many questions to train on, for "shapes" and "imagery".
        absent: share of questions about a colour that is not there, for "shapes".
        every: share of questions about every shape, for "shapes".
        held_out: how many samples to score on; None for all there are.
    """

    name: str = SHAPES
    folder: str | None = None
    side: int | None = None
    pictures: str = "configs/promptable.yaml"
    train: int = 16_000
    absent: float = 0.08
    every: float = 0.0
    held_out: int | None = 512


@dataclass(frozen=True)
class PrompterConfig:
    """Everything a training run of a prompter depends on.

    Attributes:
        model: "tiny" for one with new weights, "parts" for one of pretrained parts, else a folder or a name on the hub.
        tiny: shape of the tiny one.
        parts: what the one of parts is made of.
        data: what is learnt on.
        segmenter: that the mask reward uses, as ``--promptable`` names it.
        cross: more segmenters, which only scores use.
        frame: "pixels" of the picture that is shown, "thousandths" of its sides (Qwen3-VL), or a number of steps
            that each side is divided into: fewer numbers are sooner learnt.
        supervised: the warm start; None for none.
        grpo: reinforcement; None for none.
        answer_tokens: most tokens of an answer when it is scored.
        batch: answers at once when they are scored.
        watch: held-out samples that are scored while training goes on; 0 for none, as several processes need it.
        watch_every: updates of the warm start between these scores.
        grpo_watch_every: updates of reinforcement between them, which takes longer per update.
        seed: of new weights.
    """

    model: str = TINY
    tiny: TinyShape = field(default_factory=TinyShape)
    parts: Parts = field(default_factory=Parts)
    data: DataConfig = field(default_factory=DataConfig)
    segmenter: str = "embedded"
    cross: tuple[str, ...] = ("box",)
    frame: str | int = "pixels"
    supervised: SupervisedConfig | None = None
    grpo: GrpoConfig | None = None
    answer_tokens: int = 64
    batch: int = 64
    watch: int = 128
    watch_every: int = 50
    grpo_watch_every: int = 10
    seed: int = 0

    @property
    def rule(self) -> FrameRule:
        """The frame in which the model speaks."""
        return square_frame(self.frame) if isinstance(self.frame, int) else FRAMES[self.frame]

    @property
    def step(self) -> int:
        """Numbers of its answers are multiples of this."""
        return STEP if self.model == PARTS else 1

    def with_data(self, folder: str | None) -> PrompterConfig:
        """The same configuration with another data folder; None leaves it."""
        return self if folder is None else replace(self, data=replace(self.data, folder=folder))


def load_prompter(path: str | Path) -> PrompterConfig:
    """Read a configuration.

    Raises:
        UsageError: it cannot be read, has a key nobody knows, or contradicts itself.
    """
    return prompter_from(load_table(path))


def prompter_from(given: Mapping[str, Any]) -> PrompterConfig:
    """A configuration from plain values, as YAML holds them.

    Raises:
        UsageError: a key nobody knows, or a contradiction.

    Example:
        >>> prompter_from({"supervised": {"steps": 5}}).supervised.steps
        5
    """
    values = dict(given)
    tables: dict[str, Any] = {}
    for key, kind in (
        ("tiny", TinyShape),
        ("parts", Parts),
        ("data", DataConfig),
        ("supervised", SupervisedConfig),
    ):
        if values.get(key) is not None:
            tables[key] = build_table(kind, values[key], key)
        values.pop(key, None)
    if values.get("grpo") is not None:
        tables["grpo"] = grpo_config_from(values["grpo"], "grpo")
    values.pop("grpo", None)
    config: PrompterConfig = build_table(PrompterConfig, {**values, **tables}, "")
    if config.frame not in FRAMES and not (isinstance(config.frame, int) and config.frame > 1):
        raise UsageError(
            f"`frame` is {config.frame!r}: give {', '.join(FRAMES)}, or a number of steps a side."
        )
    if config.tiny.architecture not in ARCHITECTURES:
        raise UsageError(
            f"`tiny.architecture` is {config.tiny.architecture!r}: give one of {', '.join(ARCHITECTURES)}."
        )
    require_positive(config, "", "answer_tokens", "batch", "watch_every", "grpo_watch_every")
    if config.supervised is not None:
        require_positive(config.supervised, "supervised.", "steps", "minutes", "batch", "rate", "save_every")
        require_precision(config.supervised, "supervised.")
    if config.supervised is None and config.grpo is None:
        raise UsageError("There is nothing to train: give `supervised`, `grpo` or both.")
    return config
