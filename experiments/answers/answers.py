"""Segmenters that learn from answers alone: an experiment.

The QVLM paper leaves open whether masks can be trained by the answers that programs compute from them. Percentages and
counts are sums over pixels, so they have a form that gradients pass through. Here a trained segmenter is trained on by
nothing but such numbers ("12.4 % of this patch is roof, in 7 regions"): no pixel's class is shown to the loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from planimeter.segment.inference.card import ModelCard
from planimeter.segment.inference.decide import land_of, objects_of
from planimeter.segment.inference.predict import whole_logits
from planimeter.segment.inference.runtime import LogitModel
from planimeter.squid.ranges import RangeRules
from planimeter.train import checkpoint
from planimeter.train.config import PARTS_OF_VEGETATION, Config, classes_of
from planimeter.train.data import UNKNOWN_LAND, Picture, bits_of
from planimeter.train.evaluate import TorchModel, channels_of, evaluate, known_masks, scores_of
from planimeter.train.losses import loss_of
from planimeter.train.patches import Patches

COUNTED = ("roof", "solar")  # topics whose regions are things that people count
SUPERVISIONS = ("masks", "answers", "both")
CELL = 128.0  # metres: the side of the squares that validation questions are about
_SHARPNESS = 2.0  # soft areas come close to those of the decided mask, and gradients stay
_SMALLEST = 20  # pixels of a region that counts


@dataclass(frozen=True)
class AnswerLoss:
    """How far the numbers read off soft masks are from the true ones.

    Percentages are compared by their difference in units of ``percentage`` points, counts by the difference of their
    logarithms in units of ``count``; both through a Huber loss, so that hopeless patches do not rule.

    Attributes:
        config: names the channels.
        percentage: points that are one unit of error.
        count: difference of logarithms that is one unit of error.
    """

    config: Config
    percentage: float = 2.0
    count: float = 0.2

    def __call__(self, logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The mean over all questions that a batch's labels can answer.

        Args:
            logits: (N, channels, H, W).
            target: (N, 1 + objects, H, W) int64, as ``planimeter.train.data`` says; only its sums are used.
        """
        errors = []
        for logit, planes in zip(logits.float(), target, strict=True):
            soft = soft_masks(logit, len(self.config.land))
            for topic, truth, known in _questions(planes, self.config):
                share = soft[channels_of(topic, self.config)].sum(0)
                pixels = known.sum()
                found = 100 * (share * known).sum() / pixels
                right = 100 * (truth & known).sum() / pixels
                errors.append((found - right) / self.percentage)
                if topic in COUNTED:
                    found = soft_count(share * known)
                    right = torch.tensor(float(region_count((truth & known).numpy(force=True))))
                    errors.append((torch.log1p(found) - torch.log1p(right.to(found))) / self.count)
        if not errors:
            return logits.sum() * 0
        gaps = torch.stack(errors)
        return functional.huber_loss(gaps, torch.zeros_like(gaps), delta=1.0)


def soft_masks(logits: torch.Tensor, land: int) -> torch.Tensor:
    """(channels, H, W) shares of 0 to 1: a softmax over the land channels, a sigmoid for each object.

    Args:
        logits: (channels, H, W).
        land: how many of them are land classes.

    Example:
        >>> soft_masks(torch.zeros(3, 1, 1), land=2).flatten().tolist()
        [0.5, 0.5, 0.5]
    """
    sharp = logits * _SHARPNESS
    return torch.cat([torch.softmax(sharp[:land], 0), torch.sigmoid(sharp[land:])])


def soft_count(share: torch.Tensor) -> torch.Tensor:
    """The number of regions of a mask, as the sum over regions of their mean share.

    Regions are those of the decided mask (share above one half); each counts as much as the network is sure of it, so
    that a doubtful region can fade out or grow firm.

    Args:
        share: (H, W), 0 to 1.

    Example:
        >>> share = torch.zeros(20, 20)
        >>> share[2:8, 2:8], share[12:18, 2:8] = 1.0, 0.75
        >>> round(soft_count(share).item(), 4)
        1.75
    """
    number, labels, sizes, _ = cv2.connectedComponentsWithStats(
        (share.detach() > 0.5).numpy(force=True).astype(np.uint8), connectivity=8
    )
    weights = np.zeros(number, np.float32)
    kept = sizes[:, cv2.CC_STAT_AREA] >= _SMALLEST
    kept[0] = False
    weights[kept] = 1 / sizes[kept, cv2.CC_STAT_AREA]
    return (share * torch.from_numpy(weights[labels]).to(share)).sum()


def region_count(mask: np.ndarray) -> int:
    """How many 8-connected regions of at least 20 pixels a mask has.

    Args:
        mask: (H, W) bool.

    Example:
        >>> region_count(np.ones((5, 5), bool)), region_count(np.ones((3, 3), bool))
        (1, 0)
    """
    _, _, sizes, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return int((sizes[1:, cv2.CC_STAT_AREA] >= _SMALLEST).sum())


def _questions(planes: torch.Tensor, config: Config) -> Iterator[tuple[str, torch.Tensor, torch.Tensor]]:
    """Topic, truth and where it is known, (H, W) bool each, for all that a patch's labels can answer.

    Land classes are asked for where most of the patch has one: a source that marks roads on otherwise unknown land
    would answer "100 % urban".
    """
    land = planes[0]
    known = land != UNKNOWN_LAND
    if known.float().mean() > 0.5:
        for topic in (
            *config.land,
            *(["vegetation"] if set(PARTS_OF_VEGETATION) <= set(config.land) else []),
        ):
            bits = bits_of(classes_of(topic), config)
            truth = known & (land & ~bits == 0)
            if not (known & ~truth & (land & bits != 0)).any():  # else the labels do not know
                yield topic, truth, known
    for plane, topic in zip(planes[1 : 1 + len(config.objects)], config.objects, strict=True):
        known = plane < 2
        if known.float().mean() > 0.5:
            yield topic, plane == 1, known


def train_on(
    network: nn.Module,
    patches: Patches,
    config: Config,
    supervision: str,
    steps: int,
    rate: float,
    report: Callable[[str], object] = print,
) -> nn.Module:
    """Train a network further and return its averaged weights.

    Args:
        network: is changed.
        patches: of the training split.
        config: of the network.
        supervision: "masks" (the usual loss), "answers" (``AnswerLoss`` alone) or "both".
        steps: how many.
        rate: learning rate, falling linearly to nothing.
        report: takes one line of progress.
    """
    masks, answers = loss_of(config), AnswerLoss(config)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=config.decay)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.97), use_buffers=True
    )
    network.train()
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = rate * (1 - step / steps)
        pictures, target = (torch.from_numpy(part) for part in patches.batch(step))
        with torch.autocast("cpu", torch.bfloat16, enabled=config.precision == "bf16"):
            logits = network(pictures.to(memory_format=torch.channels_last))
        loss = logits.sum() * 0
        if supervision != "answers":
            loss = loss + masks(logits, target)
        if supervision != "masks":
            loss = loss + answers(logits, target)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), config.clip)
        optimiser.step()
        average.update_parameters(network)
        if (step + 1) % 20 == 0:
            report(f"{supervision}: step {step + 1} of {steps}, loss {loss.item():.3f}")
    averaged: nn.Module = average.module
    return averaged.eval()


@dataclass(frozen=True)
class Outcome:
    """How well a model answers, on squares of validation pictures.

    Attributes:
        f1: mean over sources and topics.
        points: mean absolute error of percentages, in points.
        percentages: share of percentages in the acceptable range of SQuID.
        counts: share of counts of roofs and solar panels in theirs.
        questions: how many percentages and counts.
    """

    f1: float
    points: float
    percentages: float
    counts: float
    questions: tuple[int, int]


def outcome(model: LogitModel, pictures: Sequence[Picture], config: Config) -> Outcome:
    """Ask a model for percentages and counts on every whole square of labelled pictures.

    Args:
        model: whose masks.
        pictures: with labels, and files.
        config: says what the labels mean.
    """
    rules, card = RangeRules(), model.card
    errors, percentages, counts = [], [], []
    for picture in pictures:
        logits = whole_logits(picture.scene(), model)
        decided = (land_of(logits, card), objects_of(logits, card))
        side = min(round(CELL / picture.gsd), *picture.image.shape[:2])
        for topic, truth, known in known_masks(picture, config):
            found = _mask(decided, topic, config, card) & known
            for rows, columns in _squares(truth.shape, side):
                pixels = int(known[rows, columns].sum())
                if pixels < side * side / 2:
                    continue
                right = 100 * float(truth[rows, columns].sum()) / pixels
                said = 100 * float(found[rows, columns].sum()) / pixels
                errors.append(abs(said - right))
                percentages.append(_within(rules.acceptable_range("percentage", right), said))
                if topic in COUNTED:
                    number = region_count(truth[rows, columns])
                    bounds = rules.acceptable_range("count", number)
                    counts.append(_within(bounds, region_count(found[rows, columns])))
    scores = [one.f1 for one in scores_of(evaluate(model, pictures, config)) if one.true_pixels]
    return Outcome(
        float(np.mean(scores)),
        float(np.mean(errors)),
        float(np.mean(percentages)),
        float(np.mean(counts)) if counts else float("nan"),
        (len(percentages), len(counts)),
    )


def _within(bounds: tuple[float, float] | None, value: float) -> bool:
    return bounds is not None and bounds[0] <= value <= bounds[1]


def _squares(shape: tuple[int, ...], side: int) -> Iterator[tuple[slice, slice]]:
    for y in range(0, shape[0] - side + 1, side):
        for x in range(0, shape[1] - side + 1, side):
            yield slice(y, y + side), slice(x, x + side)


def _mask(decided: tuple[np.ndarray, np.ndarray], topic: str, config: Config, card: ModelCard) -> np.ndarray:
    land, objects = decided
    channels = channels_of(topic, config)
    if channels[0] < len(card.land):
        return np.isin(land, channels)
    return (objects >> (channels[0] - len(card.land))) & 1 == 1


def compare(
    config: Config,
    start: str,
    supervisions: Sequence[str],
    steps: int,
    rate: float,
    seeds: Sequence[int],
    train: Sequence[Picture],
    held: Sequence[Picture],
    report: Callable[[str], object] = print,
) -> str:
    """Train on from one checkpoint in several ways, and print what each does to answers, as Markdown.

    Args:
        config: of the network.
        start: checkpoint to start from.
        supervisions: which ways; see ``train_on``.
        steps: of each.
        rate: learning rate.
        seeds: of the patches; one run each.
        train: pictures to learn from.
        held: pictures to judge by.
        report: takes one line of progress.

    Raises:
        ModelError: the checkpoint is missing, damaged, or of another network.
    """
    before = outcome(TorchModel.of(checkpoint.network_from(start, config), config), held, config)
    lines = [
        "| trained on by | seed | F1, mean | error of percentages, points | percentages in range | counts in range |",
        "|---|---|---|---|---|---|",
        _line("nothing", "–", before),
    ]
    report(lines[-1])
    for supervision in supervisions:
        for seed in seeds:
            seeded = replace(config, seed=1000 + seed)
            network = checkpoint.build_network(config).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            checkpoint.load_weights(network, start)
            trained = train_on(network, Patches(train, seeded), seeded, supervision, steps, rate, report)
            lines.append(_line(supervision, str(seed), outcome(TorchModel.of(trained, config), held, config)))
            report(lines[-1])
    lines += ["", f"{before.questions[0]} percentages and {before.questions[1]} counts."]
    return "\n".join(lines)


def _line(name: str, seed: str, one: Outcome) -> str:
    return (
        f"| {name} | {seed} | {one.f1:.3f} | {one.points:.2f} | {100 * one.percentages:.1f} % | "
        f"{100 * one.counts:.1f} % |"
    )
