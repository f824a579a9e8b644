"""The stages of a coder's training, one after the other: warm start, reinforcement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from learned_coder.training.config import CoderConfig, RowConfig
from learned_coder.training.evaluation import in_range_evaluation
from learned_coder.training.rewards import Judge, coder_rewards
from learned_coder.training.rows import Row, make_rows
from learned_coder.training.scenes import SceneConfig, load_scenes
from learned_coder.training.styles import STYLES
from learned_coder.training.supervised import FINAL, train_supervised
from learned_coder.training.tokenizer import build_tokenizer
from learned_coder.training.wordings import TEST, TRAIN, VALIDATION, refusals

from planimeter.errors import ModelError
from planimeter.segment.torchvision import let_torchvision_load
from planimeter.train.grpo import train_grpo

Report = Callable[[str], None]


def train_warm(
    config: CoderConfig, out: str | Path, *, stop_after: int | None = None, report: Report | None = None
) -> Path:
    """The warm start: a model, new or named, on the built-in coder's programs.

    Args:
        config: what to train.
        out: folder of the run; ``supervised`` in it is the model.
        stop_after: stop at this update with a checkpoint.
        report: takes one line of progress.

    Returns:
        folder of the model, or the checkpoint when ``stop_after`` came first.
    """
    model, tokenizer = _start(config)
    return train_supervised(
        model,
        tokenizer,
        config.supervised,
        out,
        seed=config.seed,
        style=STYLES[config.prompt],
        stop_after=stop_after,
        report=report,
    )


def train_reinforced(
    config: CoderConfig,
    start: str | Path,
    out: str | Path,
    *,
    stop_after: int | None = None,
    report: Report | None = None,
) -> Path:
    """Reinforcement by answers, from a model that writes programs already.

    Args:
        config: what to train.
        start: folder or hub name of that model.
        out: folder of the run.
        stop_after: stop at this update with a checkpoint.
        report: takes one line of progress.

    Returns:
        folder of the final weights, or of a checkpoint.
    """
    model, tokenizer = open_model(start)
    style = STYLES[config.prompt]
    rows, judge = training_rows(config)
    evaluate = None
    if config.rows.held_out:
        held, held_judge = validation_rows(config, config.rows.held_out)
        evaluate = in_range_evaluation(held, held_judge, tokenizer, style)
    return train_grpo(
        model,
        tokenizer,
        [{"prompt": style.prompt(row.question.text), "row": row} for row in rows],
        coder_rewards(judge, style),
        config.grpo,
        out,
        evaluate=evaluate,
        evaluate_every=config.evaluate_every,
        stop_after=stop_after,
        report=report,
    )


def training_rows(config: CoderConfig) -> tuple[list[Row], Judge]:
    """Questions to learn from; made once for all seeds of a process, with what was found out about programs."""
    return _rows("training", config.scenes, config.rows)


def validation_rows(config: CoderConfig, count: int) -> tuple[list[Row], Judge]:
    """Questions to choose settings by: families and scenes that nothing is trained on."""
    return _rows("validation", config.validation_scenes, replace(config.rows, count=count))


@cache
def _rows(purpose: str, scenes: SceneConfig, wanted: RowConfig) -> tuple[list[Row], Judge]:
    judge = Judge(load_scenes(scenes))
    if purpose == "validation":
        return make_rows(judge.scenes, VALIDATION, wanted.count, wanted.seed + 1), judge
    return make_rows(
        judge.scenes,
        TRAIN,
        wanted.count,
        wanted.seed,
        refusals=refusals.TRAIN,
        refusal_share=wanted.refusals,
        rough=wanted.rough,
    ), judge


def report_rows(config: CoderConfig, count: int | None = None) -> tuple[list[Row], Judge]:
    """Questions to report: other families and scenes, looked at once everything is chosen."""
    judge = Judge(load_scenes(config.test_scenes))
    wanted = count or config.test_questions
    return make_rows(
        judge.scenes, TEST, wanted, config.test_seed, refusals=refusals.TEST, refusal_share=0.1
    ), judge


def open_model(place: str | Path) -> tuple[Any, Any]:
    """A causal language model and its tokenizer, padded on the left.

    Raises:
        ModelError: there is none.
    """
    let_torchvision_load()
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(str(place), padding_side="left")
        model = AutoModelForCausalLM.from_pretrained(str(place))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{place} holds no language model ({str(error).splitlines()[0]}): give a folder or a hub name."
        ) from error
    return model, tokenizer


def _start(config: CoderConfig) -> tuple[Any, Any]:
    if config.model is not None:
        return open_model(config.model)
    let_torchvision_load()
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = build_tokenizer()
    torch.manual_seed(config.seed)
    shape = config.network
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=shape.hidden,
            intermediate_size=shape.inner,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            max_position_embeddings=512,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
            bos_token_id=None,
            tie_word_embeddings=True,
        )
    ), tokenizer


def with_options(
    config: CoderConfig, *, seed: int | None = None, steps: int | None = None, noise: float | None = None
) -> CoderConfig:
    """The same configuration with another seed of reinforcement, length, or noise on the training masks."""
    grpo = replace(
        config.grpo,
        seed=config.grpo.seed if seed is None else seed,
        steps=steps or config.grpo.steps,
    )
    scenes = config.scenes if noise is None else replace(config.scenes, noise=noise)
    return replace(config, grpo=grpo, scenes=scenes)


__all__ = [
    "FINAL",
    "open_model",
    "report_rows",
    "train_reinforced",
    "train_warm",
    "validation_rows",
    "with_options",
]
