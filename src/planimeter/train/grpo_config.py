"""How a policy is trained from rewards, as a configuration says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planimeter.errors import UsageError
from planimeter.train.table import build_table, require_positive


@dataclass(frozen=True)
class LoraSettings:
    """Low-rank adapters instead of all weights.

    Attributes:
        rank: of the two matrices.
        alpha: the update is scaled by alpha / rank.
        dropout: on the adapters' input.
        targets: a regular expression that whole module names must match. The default takes the linear layers
            of a language model, also inside a vision-language model, and leaves its vision tower alone.
    """

    rank: int = 16
    alpha: int = 32
    dropout: float = 0.0
    targets: str = r"(?!.*(visual|vision)).*\.(q|k|v|o|gate|up|down)_proj"


@dataclass(frozen=True)
class GrpoConfig:
    """How a policy is trained from rewards; the same configuration and seed give the same weights on the same
    machine.

    Attributes:
        steps: updates of the weights.
        generations: completions per prompt, compared with each other.
        batch: completions per forward pass and process.
        accumulation: forward passes per update; ``batch * processes * accumulation`` must hold whole groups.
        rate: highest learning rate.
        schedule: "linear", "cosine", "constant" or another of transformers' names.
        warmup: updates until the rate is reached.
        cooldown: updates at the end over which a constant rate falls to zero.
        decay: weight decay.
        clip: largest gradient norm.
        beta: weight of the divergence from the model that training starts from; 0 needs no second model.
        epsilon: how far a token's probability ratio may leave 1.
        epsilon_high: likewise upwards; None for the same.
        loss_type: TRL's name; "grpo" is the mean over each completion's tokens.
        scale_rewards: "group", "batch" or "none": what advantages are divided by.
        reward_weights: one per reward; None for ones.
        temperature: of sampling.
        top_p: smallest set of tokens with this probability; 1 for all.
        prompt_tokens: most tokens of a prompt; a longer text prompt is refused, none is cut.
        completion_tokens: most tokens of a completion.
        lora: adapters instead of all weights; None for all weights.
        frozen: parameters whose whole name matches this regular expression are not trained.
        precision: "no", "bf16" or "fp16".
        gradient_checkpointing: less memory for more time.
        vllm: sample with vLLM, which must be installed.
        vllm_memory: share of a GPU's memory that vLLM takes.
        deepspeed: path of DeepSpeed's own configuration.
        save_every: updates between checkpoints.
        keep: how many checkpoints stay.
        log_every: updates between lines of the log.
        tensorboard: write TensorBoard's files too.
        seed: of order, sampling and adapters.
    """

    steps: int = 100
    generations: int = 8
    batch: int = 64
    accumulation: int = 1
    rate: float = 1e-6
    schedule: str = "linear"
    warmup: int = 0
    cooldown: int = 0
    decay: float = 0.0
    clip: float = 1.0
    beta: float = 0.0
    epsilon: float = 0.2
    epsilon_high: float | None = None
    loss_type: str = "grpo"
    scale_rewards: str = "group"
    reward_weights: tuple[float, ...] | None = None
    temperature: float = 1.0
    top_p: float = 1.0
    prompt_tokens: int = 2048
    completion_tokens: int = 256
    lora: LoraSettings | None = None
    frozen: str | None = None
    precision: str = "no"
    gradient_checkpointing: bool = False
    vllm: bool = False
    vllm_memory: float = 0.3
    deepspeed: str | None = None
    save_every: int = 50
    keep: int = 2
    log_every: int = 1
    tensorboard: bool = False
    seed: int = 0


def grpo_config_from(given: Mapping[str, Any], place: str = "grpo") -> GrpoConfig:
    """A configuration from plain values, as YAML holds them.

    Args:
        given: the fields of ``GrpoConfig``; ``lora`` as a table, or nothing.
        place: what the table is called in errors.

    Raises:
        UsageError: a key nobody knows, or a contradiction.

    Example:
        >>> grpo_config_from({"steps": 5, "lora": {"rank": 4}}).lora.rank
        4
    """
    values = dict(given)
    lora = values.pop("lora", None)
    if lora is not None:
        values["lora"] = build_table(LoraSettings, lora, f"{place}.lora")
    config: GrpoConfig = build_table(GrpoConfig, values, place)
    require_positive(config, f"{place}.", "steps", "batch", "accumulation", "rate", "save_every", "log_every")
    if config.precision not in ("no", "bf16", "fp16"):
        raise UsageError(f'`{place}.precision` is {config.precision!r}: give "no", "bf16" or "fp16".')
    if config.cooldown and (not config.schedule.startswith("constant") or config.cooldown > config.steps):
        raise UsageError(
            f"`{place}.cooldown` ends a constant rate within `steps`: give `schedule: constant_with_warmup` and at "
            "most so many updates."
        )
    if config.generations < 2:
        raise UsageError(f"`{place}.generations` is {config.generations}: a group needs 2 or more.")
    return config
