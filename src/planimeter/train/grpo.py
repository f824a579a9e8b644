"""Group-relative policy optimisation (GRPO): the one loop behind the coder's and the prompter's training.

A row is a table of values: ``prompt`` (text, or a conversation for models with a chat template), ``image`` where
the model looks at one, and whatever the rewards need. A reward is a plain function of lists that gives one number
per completion, or None where it does not apply.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from planimeter.errors import ModelError, UsageError
from planimeter.segment.hub import missing_weights
from planimeter.segment.torchvision import let_torchvision_load
from planimeter.train.grpo_config import GrpoConfig, LoraSettings
from planimeter.train.grpo_log import HeldOut, Logged
from planimeter.train.precision import precision_here
from planimeter.train.run_log import RunLog

Rows = Sequence[Mapping[str, Any]]
Reward = Callable[..., Sequence[float | None]]
"""Called with ``prompts``, ``completions`` and every other column of the rows by name, all lists of one length."""
Evaluate = Callable[[Any], Mapping[str, float]]
"""Measures of a model on questions or pictures it does not train on."""

FINAL = "final"
REFERENCE = "reference"
STATE = "trainer_state.json"  # the last file of a checkpoint: with it, the checkpoint is whole


def train_grpo(
    model: Any,
    processor: Any,
    rows: Rows,
    rewards: Sequence[Reward],
    config: GrpoConfig,
    out: str | Path,
    *,
    evaluate: Evaluate | None = None,
    evaluate_every: int = 50,
    stop_after: int | None = None,
    report: Callable[[str], None] | None = None,
) -> Path:
    """Train a policy from rewards, or go on where a killed run stopped.

    Args:
        model: a causal or a vision-language model of transformers, with weights. When a checkpoint is found its
            weights are replaced.
        processor: its tokenizer, or its processor for one that looks at images.
        rows: any sequence, read one by one as they are needed; see above.
        rewards: in the order of ``config.reward_weights``; the log names them by their ``__name__``.
        config: how.
        out: folder of the run: ``checkpoint-N``, ``log.jsonl``, at the end ``final``.
        evaluate: called with the model before the first update, after every ``evaluate_every`` and at the end.
        evaluate_every: updates.
        stop_after: stop at this update with a checkpoint, for dry runs and tests.
        report: takes one line of progress.

    Returns:
        the folder of the final weights, or of the last checkpoint when ``stop_after`` came first.

    Raises:
        UsageError: the rows or sizes do not fit together.
        ModelError: a checkpoint does not hold this model's weights.
    """
    let_torchvision_load()
    from trl import GRPOTrainer

    if not rows:
        raise UsageError("There are no rows to train on: give at least one prompt.")
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    arguments = _arguments(config, folder, report)
    start = _reference(model, config, folder)
    checkpoint = last_checkpoint(folder)
    if checkpoint is not None and config.lora is None:
        model = reloaded(model, checkpoint, start)
    _freeze(model, config.frozen)
    groups = arguments.generation_batch_size // config.generations
    log = RunLog(folder, report, resumed_at=_step_of(checkpoint))
    callbacks: list[Any] = [Logged(log)]
    if evaluate is not None:
        callbacks.append(HeldOut(evaluate, evaluate_every, log))
    functions: list[Any] = list(rewards)
    trainer = GRPOTrainer(
        model=model,
        reward_funcs=functions,
        args=arguments,
        train_dataset=_dataset(rows, groups * config.steps, config, processor),
        processing_class=processor,
        callbacks=callbacks,
        peft_config=_adapters(config.lora),
    )
    if checkpoint is not None and config.lora is not None:
        _load_adapters(trainer.model, checkpoint)
    if stop_after is not None:
        trainer.add_callback(_stop_at(stop_after))
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    if trainer.state.global_step < config.steps:
        reached = last_checkpoint(folder)
        assert reached is not None  # stopping saves
        return reached
    half = folder / f"{FINAL}.partial"  # a kill leaves no half of the model under its name
    trainer.save_model(str(half))
    trainer.accelerator.wait_for_everyone()
    if trainer.accelerator.is_main_process:
        processor.save_pretrained(str(half))
        half.replace(folder / FINAL)
    return folder / FINAL


def last_checkpoint(folder: str | Path) -> Path | None:
    """The newest whole checkpoint of a run; what a kill left half-written is taken away.

    Raises:
        ModelError: one cannot be read, which may be whole.

    Example:
        >>> import tempfile
        >>> last_checkpoint(tempfile.mkdtemp()) is None
        True
    """
    found = [
        one
        for one in Path(folder).glob("checkpoint-*")
        if re.fullmatch(r"checkpoint-[0-9]+", one.name) and one.is_dir()
    ]
    for one in sorted(found, key=_step_of, reverse=True):
        if _is_whole(one):
            return one
        shutil.rmtree(one)
    return None


def reloaded(model: Any, checkpoint: Path, start: str | None = None) -> Any:
    """The same kind of model with a checkpoint's weights, every one of them.

    Trainer's own resume fits names of parameters to names in the file, and for some vision-language models, whose
    files name them otherwise, it finds none and goes on from the initial weights with no more than a warning.

    Args:
        model: says which class, precision and attention.
        checkpoint: a folder.
        start: where the model that training starts from lies, for the divergence from it.

    Raises:
        ModelError: weights are missing in the file or of another shape.
    """
    try:
        fresh, loading = type(model).from_pretrained(
            checkpoint,
            dtype=model.dtype,
            attn_implementation=model.config._attn_implementation,
            output_loading_info=True,
        )
    except (OSError, RuntimeError, ValueError, SafetensorError) as error:
        raise ModelError(
            f"{checkpoint.name} cannot be loaded ({error}): take it away to go on from the one before."
        ) from error
    if missing := missing_weights(fresh, loading):
        raise ModelError(
            f"{checkpoint.name} lacks {len(missing)} of the model's weights ({missing[0]}): it is another model's."
        )
    if start is not None:
        fresh.config._name_or_path = start
    return fresh.to(model.device)


def _schedule(config: GrpoConfig) -> dict[str, Any]:
    if not config.cooldown:
        return {"lr_scheduler_type": config.schedule}
    kind = {"num_decay_steps": config.cooldown, "decay_type": "linear"}
    return {"lr_scheduler_type": "warmup_stable_decay", "lr_scheduler_kwargs": kind}


def _arguments(config: GrpoConfig, folder: Path, report: Callable[[str], None] | None) -> Any:
    from trl import GRPOConfig

    precision = precision_here(config.precision, "cuda" if torch.cuda.is_available() else "cpu", report)
    try:
        return GRPOConfig(
            output_dir=str(folder),
            max_steps=config.steps,
            num_generations=config.generations,
            per_device_train_batch_size=config.batch,
            gradient_accumulation_steps=config.accumulation,
            learning_rate=config.rate,
            **_schedule(config),
            warmup_steps=config.warmup,
            weight_decay=config.decay,
            max_grad_norm=config.clip,
            beta=config.beta,
            epsilon=config.epsilon,
            epsilon_high=config.epsilon_high,
            loss_type=config.loss_type,
            scale_rewards=config.scale_rewards,
            reward_weights=list(config.reward_weights) if config.reward_weights else None,
            temperature=config.temperature,
            top_p=config.top_p,
            max_completion_length=config.completion_tokens,
            bf16=precision == "bf16",
            fp16=precision == "fp16",
            gradient_checkpointing=config.gradient_checkpointing,
            use_vllm=config.vllm,
            vllm_mode="colocate",
            vllm_gpu_memory_utilization=config.vllm_memory,
            vllm_max_model_length=config.prompt_tokens + config.completion_tokens,
            deepspeed=config.deepspeed,
            save_steps=config.save_every,
            save_total_limit=config.keep,
            logging_steps=config.log_every,
            report_to=["tensorboard"] if config.tensorboard else "none",
            shuffle_dataset=False,  # ``_dataset`` is in a random order already
            seed=config.seed,
            data_seed=config.seed,
            use_cpu=not torch.cuda.is_available(),
            disable_tqdm=True,
        )
    except ValueError as error:
        raise UsageError(
            f"The training's sizes do not fit: {error}; batch × processes × accumulation must be a multiple of "
            "generations."
        ) from error


def _dataset(rows: Rows, count: int, config: GrpoConfig, processor: Any) -> Any:
    """Every row in a new random order again and again, as many as the run needs.

    One long pass, because a resumed run finds its place in a pass, but not the order of a later one. Rows stay
    Python values (masks, scenes, pictures that are opened late): the table holds their numbers only.
    """
    from datasets import Dataset

    generator = torch.Generator().manual_seed(config.seed)
    order: list[int] = []
    while len(order) < count:
        order += torch.randperm(len(rows), generator=generator).tolist()
    first = rows[0]
    if isinstance(first["prompt"], str) and "image" not in first:
        for row in rows:
            length = len(processor(text=row["prompt"])["input_ids"])
            if length > config.prompt_tokens:
                raise UsageError(
                    f"A prompt has {length} tokens, more than the {config.prompt_tokens} of `prompt_tokens`: "
                    "raise it or shorten the prompt."
                )

    def look_up(batch: dict[str, list[int]]) -> dict[str, list[Any]]:
        chosen = [rows[index] for index in batch["row"]]
        return {name: [one[name] for one in chosen] for name in chosen[0]}

    return Dataset.from_dict({"row": order[:count]}).with_transform(look_up)


def _reference(model: Any, config: GrpoConfig, folder: Path) -> str | None:
    """Where the model that training starts from lies; TRL reads it from there when ``beta`` needs it."""
    if config.beta == 0 or config.lora is not None:
        return None
    place = folder / REFERENCE
    if not (place / "config.json").exists():
        half = folder / f"{REFERENCE}.partial"
        model.save_pretrained(half)
        half.replace(place)
    model.config._name_or_path = str(place)
    return str(place)


def _adapters(lora: LoraSettings | None) -> Any:
    if lora is None:
        return None
    from peft import LoraConfig

    return LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules=lora.targets,
        task_type="CAUSAL_LM",
    )


def _load_adapters(model: Any, checkpoint: Path) -> None:
    from peft import set_peft_model_state_dict
    from safetensors.torch import load_file

    result: Any = set_peft_model_state_dict(model, load_file(checkpoint / "adapter_model.safetensors"))
    absent = [name for name in result.missing_keys if "lora_" in name]
    if absent or result.unexpected_keys:
        raise ModelError(
            f"{checkpoint.name} holds other adapters than this model's: take it away to start anew."
        )


def _freeze(model: Any, pattern: str | None) -> None:
    if pattern is None:
        return
    matched = [value for name, value in model.named_parameters() if re.fullmatch(pattern, name)]
    if not matched:
        raise UsageError(
            f"`frozen` ({pattern}) matches no parameter: look at the model's names and correct it."
        )
    for value in matched:
        value.requires_grad_(False)


def _stop_at(step: int) -> Any:
    from transformers import TrainerCallback

    class StopAt(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.global_step >= step:
                control.should_save = control.should_training_stop = True

    return StopAt()


def _is_whole(checkpoint: Path) -> bool:
    try:
        json.loads((checkpoint / STATE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # the kill came before it, or into it
        return False
    except OSError as error:
        raise ModelError(
            f"{checkpoint.name} cannot be read ({error.strerror}): make it readable, or take it away to go on from the "
            "one before."
        ) from error
    return True


def _step_of(checkpoint: Path | None) -> int:
    name = "" if checkpoint is None else checkpoint.name.rpartition("-")[2]
    return int(name) if name.isdigit() else 0
