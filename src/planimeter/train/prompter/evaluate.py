"""How well a prompter points: mean IoU with a confidence interval, the geometry of its prompts, other segmenters.

A mask reward can be earned by prompts that only one segmenter forgives. So the boxes and points themselves are
compared with the instances, and the same prompts go to segmenters that training never saw.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image

from planimeter.reason.embeddings import EmbeddingCache
from planimeter.reason.frames import FrameRule, OriginalFrame
from planimeter.reason.metrics import Scored, by_level, scores
from planimeter.reason.parse import parse_strict, usable_prompts
from planimeter.reason.prompt import Prompt, box_iou
from planimeter.reason.promptable import PromptableSegmenter
from planimeter.reason.scoring import union_mask
from planimeter.train.prompter.conversation import conversation
from planimeter.train.prompter.samples import Sample

_DRAWS = 2000  # of the bootstrap


@dataclass(frozen=True)
class Geometry:
    """How prompts lie, whatever a segmenter makes of them.

    Attributes:
        box_iou: mean over instances of the IoU of their box with the best prompt's; 0 where none was given.
        points_inside: share of given points that lie in the target.
    """

    box_iou: float
    points_inside: float


@dataclass(frozen=True)
class PrompterScore:
    """A prompter on held-out samples.

    Attributes:
        iou: per segmenter, per sample; an unreadable answer counts 0.
        geometry: of its prompts.
        unreadable: share of answers that are not in the required form.
        entropy: mean entropy of the next token over its answers, nats.
        outcomes: per sample, by the first segmenter; for gIoU and cIoU by kind of question.
        thought: how far thoughts agree with those of the samples, 0 to 1; see ``thought_agreement``. No reward sees
            them, so they show what reinforcement lets decay. None where samples have no thoughts.
    """

    iou: dict[str, np.ndarray] = field(repr=False)
    geometry: Geometry
    unreadable: float
    entropy: float
    outcomes: tuple[Scored, ...] = field(repr=False, default=())
    thought: float | None = None

    def measures(self) -> dict[str, float]:
        """Plain numbers for a log: ``iou`` and its interval for the first segmenter, the mean for the others."""
        names = list(self.iou)
        mean, low, high = interval(self.iou[names[0]], groups=[each.image for each in self.outcomes] or None)
        return {
            "iou": mean,
            "iou_low": low,
            "iou_high": high,
            **({"ciou": scores(self.outcomes).ciou} if self.outcomes else {}),
            **{f"iou/{name}": float(self.iou[name].mean()) for name in names},
            "box_iou": self.geometry.box_iou,
            "points_inside": self.geometry.points_inside,
            "unreadable": self.unreadable,
            "entropy": self.entropy,
            **({} if self.thought is None else {"thought": self.thought}),
        }

    def by_kind(self) -> dict[str, dict[str, float]]:
        """gIoU, cIoU and the number of samples for each kind of question."""
        return {
            kind: {"samples": found.samples, "giou": found.giou, "ciou": found.ciou}
            for kind, found in by_level(self.outcomes).items()
        }


def interval(
    values: np.ndarray, level: float = 0.95, seed: int = 0, groups: Sequence[str] | None = None
) -> tuple[float, float, float]:
    """A mean and its bootstrap confidence interval (percentile method).

    Args:
        values: (N,) of samples.
        level: of confidence.
        seed: of the draws.
        groups: which of them belong together (questions about one picture) and are drawn together; None: none.

    Example:
        >>> mean, low, high = interval(np.array([0.0, 1.0] * 50))
        >>> mean, 0.38 < low < 0.43, 0.57 < high < 0.62
        (0.5, True, True)
    """
    low, high = np.quantile(
        _resampled(values, np.ones(len(values)), seed, groups), [(1 - level) / 2, (1 + level) / 2]
    )
    return float(values.mean()), float(low), float(high)


def paired_gain(
    before: np.ndarray, after: np.ndarray, groups: Sequence[str] | None = None
) -> tuple[float, float, float]:
    """Mean difference on the same samples, with its interval; narrower than that of two separate means.

    Example:
        >>> paired_gain(np.array([0.1, 0.9]), np.array([0.3, 1.1]))[0]
        0.2
    """
    mean, low, high = interval(after - before, groups=groups)
    return round(mean, 12), low, high


def paired_ciou_gain(before: Sequence[Scored], after: Sequence[Scored]) -> tuple[float, float, float]:
    """Difference of two cIoUs on the same samples, with its interval over pictures.

    Example:
        >>> poor = [Scored("semantic", "a", True, False, 10, 20, 30)]
        >>> good = [Scored("semantic", "a", True, False, 20, 20, 30)]
        >>> [round(value, 3) for value in paired_ciou_gain(poor, good)]
        [0.417, 0.417, 0.417]
    """
    groups = [each.image for each in before]
    drawn = [
        _resampled(
            np.array([each.intersection if each.readable else 0 for each in outcomes], float),
            np.array(
                [
                    each.found + each.target - each.intersection if each.readable else each.target
                    for each in outcomes
                ],
                float,
            ),
            0,
            groups,
        )
        for outcomes in (before, after)
    ]
    low, high = np.quantile(drawn[1] - drawn[0], [0.025, 0.975])
    return scores(after).ciou - scores(before).ciou, float(low), float(high)


def _resampled(
    values: np.ndarray, weights: np.ndarray, seed: int, groups: Sequence[str] | None
) -> np.ndarray:
    """Sums of values over sums of weights, of as many draws of whole groups; the same draws for the same groups."""
    _, place = np.unique(np.arange(len(values)) if groups is None else np.array(groups), return_inverse=True)
    sums, counts = np.bincount(place, values), np.bincount(place, weights)
    drawn = np.random.default_rng(seed).integers(len(sums), size=(_DRAWS, len(sums)))
    ratios: np.ndarray = sums[drawn].sum(1) / counts[drawn].sum(1)
    return ratios


def thought_agreement(text: str, thought: str) -> float:
    """Items that an answer's thought and the right one share, of all that either has.

    Args:
        text: the answer.
        thought: the right thought, items between commas.

    Example:
        >>> thought_agreement("<think>red a1, blue b2</think> …", "red a1, blue b3, black d4")
        0.25
    """
    said = re.search(r"<think>(.*?)</think>", text, re.DOTALL)
    items = {item.strip() for item in said[1].split(",")} if said else set()
    right = {item.strip() for item in thought.split(",")}
    return len(items & right) / len(items | right)


def answers_of(
    model: Any,
    processor: Any,
    samples: Sequence[Sample],
    *,
    tokens: int,
    temperature: float | None = None,
    batch: int = 64,
    seed: int = 0,
) -> tuple[list[str], float]:
    """What a prompter says about samples.

    Args:
        model: a vision-language model of transformers.
        processor: of the model.
        samples: pictures and phrases.
        tokens: most tokens of an answer.
        temperature: of sampling; None for greedy.
        batch: answers at once.
        seed: of sampling.

    Returns:
        the answers; the mean entropy of the next token, nats.
    """
    import torch

    texts: list[str] = []
    entropies: list[float] = []
    if temperature is not None:
        torch.manual_seed(seed)
    sampling: dict[str, Any] = (
        {"do_sample": False}
        if temperature is None
        else {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 1.0}
    )
    for start in range(0, len(samples), batch):
        part = [samples[index] for index in range(start, min(start + batch, len(samples)))]
        inputs = processor(
            text=[
                processor.apply_chat_template(
                    conversation(one.phrase), tokenize=False, add_generation_prompt=True
                )
                for one in part
            ],
            images=[[Image.fromarray(one.image)] for one in part],
            padding=True,
            padding_side="left",
            return_tensors="pt",
        ).to(model.device)
        with torch.no_grad():
            found = model.generate(
                **inputs, **sampling, max_new_tokens=tokens, return_dict_in_generate=True, output_logits=True
            )
        written = found.sequences[:, inputs["input_ids"].shape[1] :]
        texts += processor.batch_decode(written, skip_special_tokens=True)
        logits = torch.stack(found.logits, 1).float().log_softmax(-1)
        each = -(logits.exp() * logits.clamp(min=-1e4)).sum(-1)
        ended = (written == processor.tokenizer.eos_token_id).cumsum(1)
        alive = (ended == 0) | ((ended == 1) & (written == processor.tokenizer.eos_token_id))
        entropies += [float((each * alive).sum() / alive.sum())] * len(part)
    return texts, float(np.mean(entropies))


def score_answers(
    texts: Sequence[str],
    samples: Sequence[Sample],
    segmenters: Mapping[str, PromptableSegmenter],
    rule: FrameRule,
    entropy: float = 0.0,
    caches: Mapping[str, EmbeddingCache] | None = None,
) -> PrompterScore:
    """Score answers with every segmenter, and their geometry without any.

    Args:
        texts: one answer per sample.
        samples: pictures, targets and instances.
        segmenters: by the name that a report shows; the first is the one of training.
        rule: the frame in which answers speak.
        entropy: handed on.
        caches: of encoded pictures, per segmenter.
    """
    iou: dict[str, list[float]] = {name: [] for name in segmenters}
    boxes: list[float] = []
    inside: list[float] = []
    unreadable = 0
    kept = caches or {name: EmbeddingCache() for name in segmenters}
    outcomes: list[Scored] = []
    for number, (text, sample) in enumerate(zip(texts, samples, strict=True)):
        raw = parse_strict(text)
        unreadable += raw is None
        original = OriginalFrame(sample.image.shape[1], sample.image.shape[0])
        prompts = usable_prompts(raw or [], rule(original), original)
        boxes += [_best_box(instance.box, prompts) for instance in sample.instances]
        points = [point for prompt in prompts for point in prompt.positive]
        inside += [float(sample.target[int(y), int(x)]) for x, y in points]
        for name, segmenter in segmenters.items():
            found = np.zeros(sample.target.shape, bool)
            if prompts:
                found = union_mask(segmenter, kept[name].encode(segmenter, sample.image), prompts)
            outcome = Scored(
                sample.kind,
                sample.picture or str(number),
                raw is not None,
                not raw,
                int(np.count_nonzero(found & sample.target)),
                int(np.count_nonzero(found)),
                int(np.count_nonzero(sample.target)),
            )
            iou[name].append(outcome.iou)
            if name == next(iter(segmenters)):
                outcomes.append(outcome)
    thoughts = [
        thought_agreement(t, sample.thought)
        for t, sample in zip(texts, samples, strict=True)
        if sample.thought
    ]
    geometry = Geometry(float(np.mean(boxes)) if boxes else 0.0, float(np.mean(inside)) if inside else 0.0)
    values = {name: np.array(found) for name, found in iou.items()}
    thought = float(np.mean(thoughts)) if thoughts else None
    return PrompterScore(values, geometry, unreadable / max(len(texts), 1), entropy, tuple(outcomes), thought)


def _best_box(box: Sequence[float], prompts: Sequence[Prompt]) -> float:
    wanted = (box[0], box[1], box[2], box[3])
    return max((box_iou(prompt.box, wanted) for prompt in prompts if prompt.box is not None), default=0.0)
