"""The warm start: questions in the training families' words, and the programs that answer them."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from learned_coder.training.questions import FORMS, FREQUENT, Worded, draw, refuse, roughened, say
from learned_coder.training.styles import Compact, Style
from learned_coder.training.wordings import TRAIN, VALIDATION, Family, refusals

STATE = "supervised.pt"
FINAL = "supervised"
LOG = "supervised.jsonl"
SMALLEST = (5, 10, 20)  # pixels; what programs may drop as specks
_COMPACT = Compact()
_POOL = 4  # batches that are drawn together and sorted by length


@dataclass(frozen=True)
class SupervisedConfig:
    """How the warm start goes.

    Attributes:
        steps: updates.
        batch: questions per update.
        rate: highest learning rate.
        warmup: updates until it is reached.
        decay: weight decay.
        refusals: share of questions that no mask answers.
        rough: share of questions with slips of the fingers.
        minimum_area: share of programs that drop tiny shapes, for reinforcement on imperfect masks to choose from.
        families: of wordings; none for all that train.
        save_every: updates between checkpoints.
        validate_every: updates between looks at held-out wordings.
    """

    steps: int = 3000
    batch: int = 48
    rate: float = 2e-3
    warmup: int = 100
    decay: float = 0.01
    refusals: float = 0.08
    rough: float = 0.3
    minimum_area: float = 0.0
    families: tuple[str, ...] = ()
    save_every: int = 250
    validate_every: int = 500


def train_supervised(
    model: Any,
    tokenizer: Any,
    config: SupervisedConfig,
    out: str | Path,
    *,
    seed: int = 0,
    style: Style = _COMPACT,
    stop_after: int | None = None,
    report: Callable[[str], None] | None = None,
) -> Path:
    """Train a model on programs, or go on where a killed run stopped.

    Args:
        model: causal, of transformers.
        tokenizer: its own.
        config: how.
        out: folder; the model ends in ``supervised`` there.
        seed: of questions.
        style: how questions and programs are put to the model.
        stop_after: stop at this update with a checkpoint.
        report: takes one line of progress.

    Returns:
        folder of the model, or the checkpoint's path when ``stop_after`` came first.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=config.rate, betas=(0.9, 0.98), weight_decay=config.decay
    )
    step = 0
    last = folder / STATE
    if last.exists():
        state = torch.load(last, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        step = state["step"]
    held = validation_questions(64, seed)
    model.train()
    started = time.monotonic()
    while step < config.steps and step != stop_after:
        for group in optimiser.param_groups:
            group["lr"] = config.rate * _schedule(step, config)
        # Every batch has a generator of its own, so a run that goes on draws what an unbroken one draws.
        questions = _batch(config, step, seed)
        ids, mask, labels = encode(tokenizer, questions, style)
        loss = _loss(model(input_ids=ids, attention_mask=mask).logits, labels)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        measured = {}
        if step % config.validate_every == 0 or step == config.steps:
            measured = exact_share(model, tokenizer, held, style)
        if step % 50 == 0 or measured:
            line = {"step": step, "loss": loss.item(), "seconds": time.monotonic() - started, **measured}
            with (folder / LOG).open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
            if report:
                report("  ".join(f"{name} {value:.4g}" for name, value in line.items()))
        if step % config.save_every == 0 or step == stop_after:
            partial = last.with_suffix(".partial")
            torch.save(
                {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step}, partial
            )
            partial.replace(last)
    if step < config.steps:
        return last
    model.save_pretrained(folder / FINAL)
    tokenizer.save_pretrained(folder / FINAL)
    return folder / FINAL


def _batch(config: SupervisedConfig, step: int, seed: int) -> list[Worded]:
    """The questions of a step: of similar length, so that little of a batch is padding."""
    drawn = training_questions(config, config.batch * _POOL, random.Random(f"{seed}:{step // _POOL}"))
    drawn.sort(key=lambda one: len(one.text))
    start = step % _POOL * config.batch
    return drawn[start : start + config.batch]


def training_questions(config: SupervisedConfig, count: int, rng: random.Random) -> list[Worded]:
    """Questions of the training families."""
    families = {name: TRAIN[name] for name in config.families} if config.families else TRAIN
    return [_question(families, config, rng) for _ in range(count)]


def validation_questions(count: int, seed: int) -> list[Worded]:
    """Questions of the validation families, the same for a seed."""
    rng = random.Random(f"validation {seed}")
    plain = SupervisedConfig(refusals=0.0, rough=0.0)
    return [_question(VALIDATION, plain, rng) for _ in range(count)]


def _question(families: dict[str, Family], config: SupervisedConfig, rng: random.Random) -> Worded:
    if rng.random() < config.refusals:
        asked = refuse(refusals.TRAIN, "refusal", rng)
    else:
        forms = (*FORMS, *FREQUENT)
        while True:
            name, form = rng.choice(tuple(families)), rng.choice(forms)
            if FORMS[form].base in families[name].templates:
                break
        asked = say(draw(rng, form), families[name], name, rng)
    if rng.random() < config.rough:
        asked = replace(asked, text=roughened(asked.text, rng))
    if rng.random() < config.minimum_area:
        asked = replace(asked, smallest=rng.choice(SMALLEST))
    return asked


def encode(
    tokenizer: Any, questions: Sequence[Worded], style: Style = _COMPACT
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Batch of prompts with programs.

    Returns:
        token ids (N, L) int64, padded on the right; mask (N, L); labels (N, L): -100 but for the programs.
    """
    heads = tokenizer([style.prompt(one.text) for one in questions], add_special_tokens=False)["input_ids"]
    bodies = tokenizer([style.target(one) for one in questions], add_special_tokens=False)["input_ids"]
    rows = [
        ([*head, *body, tokenizer.eos_token_id], len(head)) for head, body in zip(heads, bodies, strict=True)
    ]
    length = max(len(row) for row, _ in rows)
    ids = torch.full((len(rows), length), tokenizer.pad_token_id or 0)
    labels = torch.full((len(rows), length), -100)
    mask = torch.zeros((len(rows), length), dtype=torch.int64)
    for index, (row, head) in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
        labels[index, head : len(row)] = torch.tensor(row[head:])
        mask[index, : len(row)] = 1
    return ids, mask, labels


@torch.no_grad()
def write_programs(
    model: Any,
    tokenizer: Any,
    prompts: Sequence[str],
    *,
    temperature: float = 0.0,
    longest: int = 96,
    batch: int = 64,
) -> list[str]:
    """Programs for prompts: the likeliest, or samples at a temperature."""
    was_training = model.training
    model.eval()
    texts: list[str] = []
    for start in range(0, len(prompts), batch):
        inputs = tokenizer(
            list(prompts[start : start + batch]), return_tensors="pt", padding=True, add_special_tokens=False
        )
        sampling = (
            {"do_sample": True, "temperature": temperature, "top_k": 0}
            if temperature
            else {"do_sample": False}
        )
        written = model.generate(
            input_ids=inputs["input_ids"].to(model.device),
            attention_mask=inputs["attention_mask"].to(model.device),
            max_new_tokens=longest,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
            **sampling,
        )
        texts += tokenizer.batch_decode(written[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
    model.train(was_training)
    return texts


def exact_share(
    model: Any, tokenizer: Any, questions: Sequence[Worded], style: Style = _COMPACT
) -> dict[str, float]:
    """How often the likeliest program is letter for letter the built-in coder's."""
    written = write_programs(model, tokenizer, [style.prompt(one.text) for one in questions])
    right = sum(text == style.target(one) for text, one in zip(written, questions, strict=True))
    return {"exact": right / len(questions)}


def _loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.cross_entropy(
        logits[:, :-1].flatten(0, 1).float(), labels[:, 1:].flatten(), ignore_index=-100
    )


def _schedule(step: int, config: SupervisedConfig) -> float:
    """Factor on the learning rate: a linear warm-up, then half a cosine down to 5 %."""
    return min(1, (step + 1) / config.warmup) * (
        0.95 * 0.5 * (1 + math.cos(math.pi * step / config.steps)) + 0.05
    )
