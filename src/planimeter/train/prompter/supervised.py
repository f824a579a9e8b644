"""The supervised baseline: cross-entropy on answers that are derived from masks.

Where samples know which regions of a picture are meant, the image token that numbers a region is also taught to say so:
twenty small answers of a picture beside the one in words (docs/experiments/prompter.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from planimeter.errors import UsageError
from planimeter.reason.frames import FrameRule, original_frame
from planimeter.reason.overhead import PER_REGION
from planimeter.reason.seen import MOST
from planimeter.train.loop import CHECKPOINT, Habits, Schedule, Turn, fit
from planimeter.train.prompter.aim import NOWHERE, TaughtHead, aims_of
from planimeter.train.prompter.conversation import conversation
from planimeter.train.prompter.parts import HERE, token_kinds
from planimeter.train.prompter.samples import Sample

FINAL = "final"
_TOGETHER = 4  # updates whose samples are drawn at once and sorted by length
UNTAUGHT = -100  # the label of a token that does not count, as transformers has it


@dataclass(frozen=True)
class SupervisedConfig:
    """How the warm start is trained.

    Attributes:
        steps: updates; or
        minutes: how long, on the clock.
        batch: samples per update.
        rate: highest learning rate.
        warmup: updates until the rate is reached.
        decay: weight decay.
        clip: largest gradient norm.
        precision: "no" or "bf16".
        frozen: parameters whose whole name matches this regular expression are not trained.
        save_every: updates between checkpoints.
        seed: of the order of samples.
    """

    steps: int | None = None
    minutes: float | None = None
    batch: int = 64
    rate: float = 1e-3
    warmup: int = 50
    decay: float = 0.01
    clip: float = 1.0
    precision: str = "no"
    frozen: str | None = None
    save_every: int = 100
    seed: int = 0


def train_supervised(
    model: Any,
    processor: Any,
    samples: Sequence[Sample],
    config: SupervisedConfig,
    out: str | Path,
    *,
    rule: FrameRule = original_frame,
    step: int = 1,
    evaluate: Callable[[Any], Mapping[str, float]] | None = None,
    evaluate_every: int = 200,
    stop_after: int | None = None,
    report: Callable[[str], None] | None = None,
) -> Path:
    """Teach a prompter the answers of samples, or go on where a killed run stopped.

    Args:
        model: a vision-language model of transformers.
        processor: of the model.
        samples: to learn from.
        config: how.
        out: folder of the run: ``last.pt``, ``log.jsonl``, at the end ``final``.
        rule: the frame in which the model speaks.
        step: numbers of answers are multiples of this.
        evaluate: measures of the model on samples it does not learn from.
        evaluate_every: updates.
        stop_after: stop at this update with a checkpoint.
        report: takes one line of progress.

    Returns:
        the folder ``final``, or the checkpoint when ``stop_after`` came first.

    Raises:
        UsageError: neither ``steps`` nor ``minutes`` is given, or there are no samples.
    """
    if (config.steps is None) == (config.minutes is None):
        raise UsageError("Supervised training says either `steps` or `minutes`: give exactly one.")
    if not len(samples):
        raise UsageError("There are no samples to learn from: check `data`.")
    for name, value in model.named_parameters():
        value.requires_grad_(not (config.frozen and re.fullmatch(config.frozen, name)))

    block = getattr(samples, "block", 1)  # neighbours that are about one picture are learnt from together

    @lru_cache(maxsize=2)
    def drawn(number: int) -> list[Sample]:
        """The samples of neighbouring updates, short answers first: so little of a batch is padding."""
        order = torch.Generator().manual_seed(config.seed * 1_000_003 + number)
        count, chosen = _TOGETHER * config.batch, list[Sample]()
        while len(chosen) < count:
            first = int(torch.randint(len(samples) // block, (1,), generator=order)) * block
            chosen += [one for one in (samples[first + place] for place in range(block)) if one.teaches]
        chosen = chosen[:count]
        return sorted(chosen, key=lambda sample: len(sample.answer(rule, step)))

    def draw(turn: Turn) -> Any:
        number, place = divmod(turn.step, _TOGETHER)
        order = torch.Generator().manual_seed(config.seed * 1_000_003 + number)
        part = int(torch.randperm(_TOGETHER, generator=order)[place])
        batch = drawn(number)[part * config.batch : (part + 1) * config.batch]
        return dict(supervised_batch(processor, batch, rule, step, marks=True))

    here, kinds = processor.tokenizer.convert_tokens_to_ids(HERE), token_kinds(processor.tokenizer)
    head = TaughtHead(model) if kinds else None

    def loss(network: Any, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, Mapping[str, float]]:
        labels, aims = batch.pop("labels")[:, 1:], batch.pop("aims")
        of_image = batch["input_ids"][:, :-1] == network.config.image_token_id
        said, marked = (labels != UNTAUGHT) & ~of_image, (labels != UNTAUGHT) & of_image
        seen = network.model(**batch, output_hidden_states=True)
        logits = network.lm_head(seen.last_hidden_state[:, :-1][said]).float()  # only there are logits needed
        each = functional.cross_entropy(logits, labels[said], reduction="none")
        # Most words of an answer are its form, which is soon known; the mean is of what is not (focal weights).
        unsure = 1 - torch.exp(-each.detach())
        words = (each * unsure).sum() / unsure.sum().clamp(min=1e-6)
        if not marked.any():
            return words, told_apart(each, labels[said])
        # Half-way up: what only the last layer knew of an image token, no answer could look up.
        middle = seen.hidden_states[len(seen.hidden_states) // 2][:, :-1][marked]
        pair = network.lm_head.weight[[here, network.config.image_token_id]]
        between = network.model.language_model.norm(middle) @ (pair[0] - pair[1])
        marks = functional.binary_cross_entropy_with_logits(between.float(), (labels[marked] == here).float())
        told = {"words": words.item(), "marks": marks.item()}
        whole = words + marks
        if head is not None and (aims != NOWHERE).any():
            aim = head.loss(aims, batch["attention_mask"])
            whole, told["aim"] = whole + aim, aim.item()
        return whole, {**told, **told_apart(each, labels[said])}

    def told_apart(each: torch.Tensor, labels: torch.Tensor) -> dict[str, float]:
        """Nats per token of those that number regions, and of places."""
        found = {}
        for name, ids in kinds.items():
            own = torch.isin(labels, ids)
            if own.any():
                found[name] = float(each.detach()[own].mean())
        return found

    folder = Path(out)
    try:
        place = fit(
            model,
            draw,
            loss,
            folder,
            Schedule(
                config.rate,
                config.steps,
                None if config.minutes is None else config.minutes / 60,
                config.warmup,
            ),
            Habits(
                decay=config.decay,
                clip=config.clip,
                precision=config.precision,
                save_every=config.save_every,
                measure_every=evaluate_every,
                threads=1,
                seed=config.seed,
            ),
            measure=evaluate,
            stop_after=stop_after,
            report=report,
        )
    finally:
        if head is not None:
            head.close()
    if place.name == CHECKPOINT:
        return place
    model.eval()
    half = folder / f"{FINAL}.partial"  # a kill leaves no half of the model under its name
    model.save_pretrained(half)
    processor.save_pretrained(half)
    half.replace(folder / FINAL)
    place.unlink()  # the model says it all
    return folder / FINAL


def picture_gain(
    model: Any, processor: Any, samples: Sequence[Sample], rule: FrameRule = original_frame, step: int = 1
) -> float:
    """How much a prompter looks: nats per token that right answers lose when another picture stands in its place.

    A loss that falls and boxes that are usual do not tell; near 0, it does not look at pictures at all.

    Args:
        model: a vision-language model of transformers.
        processor: of the model.
        samples: of several pictures, side by side where they are about the same one.
        rule: the frame in which the model speaks.
        step: numbers of answers are multiples of this.
    """
    swapped = []
    for place, sample in enumerate(samples):
        other = samples[(place + len(samples) // 2) % len(samples)].image
        height, width = sample.image.shape[:2]
        swapped.append(
            replace(sample, image=cv2.resize(other, (width, height), interpolation=cv2.INTER_AREA))
        )
    losses = []
    for shown in (samples, swapped):
        batch = supervised_batch(processor, shown, rule, step).to(model.device)
        with torch.no_grad():
            losses.append(float(model(**batch).loss))
    return losses[1] - losses[0]


def supervised_batch(
    processor: Any,
    samples: Sequence[Sample],
    rule: FrameRule = original_frame,
    step: int = 1,
    *,
    marks: bool = False,
) -> Any:
    """The inputs of one update; the loss counts the tokens of answers, and of image tokens those that are taught.

    Args:
        processor: of the model.
        samples: pictures, phrases and answers.
        rule: the frame in which the model speaks.
        step: numbers of answers are multiples of this.
        marks: image tokens are taught too, where samples know which regions are meant.

    Returns:
        inputs with ``labels``, (N, tokens) int64, ``UNTAUGHT`` where a token does not count; with marks, ``aims`` too,
        (N, tokens) int64: the image token that says the same (``planimeter.train.prompter.aim``).
    """
    tokenizer = processor.tokenizer
    asked = [
        processor.apply_chat_template(conversation(sample.phrase), tokenize=False, add_generation_prompt=True)
        for sample in samples
    ]
    answers = [sample.answer(rule, step) + tokenizer.eos_token for sample in samples]
    numbers = token_kinds(tokenizer).get("regions", torch.empty(0)).tolist() if marks else []
    inputs = processor(
        text=[question + answer for question, answer in zip(asked, answers, strict=True)],
        images=[[Image.fromarray(sample.image)] for sample in samples],
        padding=True,
        padding_side="left",  # then the answer's tokens are the last ones
        return_tensors="pt",
    )
    labels = torch.full_like(inputs["input_ids"], UNTAUGHT)
    aims = torch.full_like(labels, NOWHERE)
    for row, answer in enumerate(answers):
        tokens = tokenizer(answer, add_special_tokens=False)["input_ids"]
        own = inputs["input_ids"][row, -len(tokens) :]
        if own.tolist() != tokens:
            raise UsageError(
                "The tokenizer joins the end of the question and the beginning of the answer: end the chat "
                "template's generation prompt with a special token or a line break."
            )
        labels[row, -len(tokens) :] = own
        if marks and (taught := _marks(samples[row])) is not None:
            at = (inputs["input_ids"][row] == processor.image_token_id).nonzero().flatten()
            at, told = at[-len(taught) :], torch.from_numpy(taught)
            aims[row] = aims_of(inputs["input_ids"][row], numbers, at)
            # What a token says is the next one's label.
            labels[row, at[told >= 0] + 1] = torch.where(
                told[told >= 0] > 0, tokenizer.convert_tokens_to_ids(HERE), processor.image_token_id
            )
    inputs["labels"] = labels
    if marks:
        inputs["aims"] = aims
    return inputs


def _marks(sample: Sample) -> np.ndarray | None:
    """What each of the last image tokens is taught: 1 where its region is meant, 0 where not, -1 where nothing."""
    if sample.meant is None:
        return None
    regions = np.full((MOST, PER_REGION), -1)
    # The token which an answer that has said the topic looks at.
    regions[: len(sample.meant), 1] = sample.meant
    return regions.ravel()
