"""The configuration of a coder's training: one YAML file, every key checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from learned_coder.training.scenes import SceneConfig
from learned_coder.training.styles import STYLES
from learned_coder.training.supervised import SupervisedConfig

from planimeter.errors import UsageError
from planimeter.train.grpo_config import GrpoConfig, grpo_config_from
from planimeter.train.table import build_table


@dataclass(frozen=True)
class SmallNetwork:
    """A language model of one's own (a Llama in small), where none is named.

    Attributes:
        hidden: width.
        layers: depth.
        heads: of attention.
        inner: width of the feed-forward parts.
    """

    hidden: int = 96
    layers: int = 4
    heads: int = 4
    inner: int = 256


@dataclass(frozen=True)
class RowConfig:
    """Questions for reinforcement.

    Attributes:
        count: how many to train on.
        held_out: how many, of the validation families on the validation scenes, to measure on meanwhile.
        refusals: share of questions that no mask answers.
        rough: share with slips of the fingers.
        seed: of both.
    """

    count: int = 400
    held_out: int = 96
    refusals: float = 0.08
    rough: float = 0.2
    seed: int = 0


@dataclass(frozen=True)
class CoderConfig:
    """Everything a coder's training depends on.

    Attributes:
        model: folder or hub name of a causal language model; None for a small one of one's own.
        network: its shape, where ``model`` is None.
        prompt: "compact" for the small model, "llm" for the LLM coder's own prompt.
        supervised: the warm start.
        grpo: reinforcement.
        rows: its questions.
        scenes: to train on.
        validation_scenes: to measure on meanwhile and to choose settings by.
        test_scenes: to report.
        test_questions: how many.
        test_seed: of their wordings.
        evaluate_every: updates of reinforcement between measures.
        seed: of weights and of the warm start's questions.
    """

    model: str | None = None
    network: SmallNetwork = SmallNetwork()
    prompt: str = "compact"
    supervised: SupervisedConfig = field(default_factory=SupervisedConfig)
    grpo: GrpoConfig = field(default_factory=GrpoConfig)
    rows: RowConfig = RowConfig()
    scenes: SceneConfig = field(default_factory=lambda: SceneConfig(seed=100))
    validation_scenes: SceneConfig = field(default_factory=lambda: SceneConfig(count=8, seed=5000))
    test_scenes: SceneConfig = field(default_factory=lambda: SceneConfig(count=10, seed=9000))
    test_questions: int = 352
    test_seed: int = 2
    evaluate_every: int = 20
    seed: int = 0


def load_coder_config(path: str | Path) -> CoderConfig:
    """Read a configuration.

    Args:
        path: a YAML file; keys are the fields of ``CoderConfig``.

    Raises:
        UsageError: it cannot be read, or has a key nobody knows.
    """
    import yaml

    try:
        given = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{Path(path).name} cannot be read ({error.strerror}): give a YAML file.") from error
    except yaml.YAMLError as error:
        raise UsageError(
            f"{Path(path).name} is no YAML: {str(error).splitlines()[0]}; correct it."
        ) from error
    return coder_config_from(given)


def coder_config_from(given: dict[str, Any] | None) -> CoderConfig:
    """A configuration from plain values, as YAML holds them.

    Raises:
        UsageError: a key nobody knows, or a contradiction.

    Example:
        >>> coder_config_from({"network": {"hidden": 64}, "grpo": {"steps": 5}}).grpo.steps
        5
    """
    values = dict(given or {})
    tables = {
        "network": SmallNetwork,
        "supervised": SupervisedConfig,
        "rows": RowConfig,
        "scenes": SceneConfig,
        "validation_scenes": SceneConfig,
        "test_scenes": SceneConfig,
    }
    for name, kind in tables.items():
        if name in values:
            values[name] = build_table(kind, values[name], name)
    if "grpo" in values:
        values["grpo"] = grpo_config_from(values["grpo"])
    config: CoderConfig = build_table(CoderConfig, values, "")
    if config.prompt not in STYLES:
        raise UsageError(f"`prompt` is {config.prompt!r}: give one of {', '.join(STYLES)}.")
    if config.model is None and config.prompt != "compact":
        raise UsageError(
            "A small model of one's own reads the compact prompt: name a `model`, or leave `prompt` out."
        )
    return config
