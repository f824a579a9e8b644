"""How well a model does on labelled pictures: the same path as an answer takes, scored per source and topic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

from planimeter.errors import UsageError
from planimeter.segment.inference.card import ModelCard, ObjectHead
from planimeter.segment.inference.decide import land_of, objects_of, probabilities_of
from planimeter.segment.inference.predict import whole_logits
from planimeter.segment.inference.runtime import LogitModel
from planimeter.train.config import PARTS_OF_VEGETATION, Config, SourceConfig, classes_of
from planimeter.train.data import Picture, bits_of, land_masks
from planimeter.train.network import RawPictures


class TorchModel:
    """A network in torch as a model that segmenters take.

    Args:
        network: takes normalised pictures.
        card: of the model.
        mean: of red, green and blue, 0 to 1.
        std: likewise.
    """

    def __init__(
        self, network: nn.Module, card: ModelCard, mean: Sequence[float], std: Sequence[float]
    ) -> None:
        self.card = card
        device = next(network.parameters()).device
        self._device = device
        self._network = RawPictures(network, mean, std).to(device).eval()

    @classmethod
    def of(cls, network: nn.Module, config: Config) -> TorchModel:
        """A model with the card that a configuration implies: thresholds 0, temperatures 1."""
        return cls(network, plain_card(config), config.mean, config.std)

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        """See ``LogitModel.logits``."""
        with torch.inference_mode():
            found: np.ndarray = (
                self._network(torch.from_numpy(pictures).to(self._device)).float().cpu().numpy()
            )
        return found


def plain_card(config: Config) -> ModelCard:
    """The card of a model that has no file yet."""
    return ModelCard(
        path=Path(f"{config.name}.json"),
        name=config.name,
        version=config.version,
        file="",
        sha256="",
        size=0,
        land=config.land,
        land_temperature=1.0,
        objects=tuple(ObjectHead(topic) for topic in config.objects),
        gsd_range=config.gsd_range,
        gsd_centre=config.gsd_centre,
        smooth=config.smooth,
        contact=ObjectHead(config.contact) if config.contact else None,
    )


@dataclass(frozen=True)
class PixelCounts:
    """One topic on one picture, in pixels.

    Attributes:
        source: data set.
        picture: name.
        topic: canonical topic.
        hit: true and found.
        false: found, not true.
        missed: true, not found.
        expected: sum of the calibrated probabilities.
        known: pixels whose label says whether they are the topic.
        true_regions: 8-connected; objects that touch in a known contact apart. None where nobody counted.
        found_regions: likewise.
    """

    source: str
    picture: str
    topic: str
    hit: int
    false: int
    missed: int
    expected: float
    known: int
    true_regions: int | None = None
    found_regions: int | None = None


def evaluate(model: LogitModel, pictures: Iterable[Picture], config: Config) -> list[PixelCounts]:
    """Compare a model's masks with labels, on each picture's own grid.

    Args:
        model: whose masks.
        pictures: with labels.
        config: says what the labels mean.

    Raises:
        UsageError: the model has other classes than the configuration.
    """
    require_classes(model.card, config)
    config = config.judge()
    counts: list[PixelCounts] = []
    for picture in pictures:
        logits = whole_logits(picture.scene(), model)
        land, objects = land_of(logits, model.card), objects_of(logits, model.card)
        shares = probabilities_of(logits, model.card)
        for topic, truth, known in known_masks(picture, config):
            channels = channels_of(topic, config)
            if channels[0] < len(config.land):
                found = np.isin(land, channels)
            else:
                found = (objects >> (channels[0] - len(config.land))) & 1 == 1
            counts.append(
                PixelCounts(
                    picture.source,
                    picture.name,
                    topic,
                    hit=int((found & truth).sum()),
                    false=int((found & known & ~truth).sum()),
                    missed=int((truth & ~found).sum()),
                    expected=float(sum(shares[channel][known].sum(dtype=np.float64) for channel in channels)),
                    known=int(known.sum()),
                    true_regions=true_regions(picture, topic, truth, config),
                    found_regions=regions_in(found & known),
                )
            )
    return counts


def require_classes(card: ModelCard, config: Config) -> None:
    """Refuse a model whose channels are other classes than a configuration's: its planes would be taken for them.

    Args:
        card: of the model.
        config: names the classes.

    Raises:
        UsageError: they differ.
    """
    own, wanted = (*card.land, *(head.topic for head in card.objects)), (*config.land, *config.objects)
    if (card.land, own) != (config.land, wanted):
        raise UsageError(
            f"{card.name} knows {', '.join(own)}, and the configuration {', '.join(wanted)}: give the configuration "
            "that it was trained with."
        )


def regions_in(mask: np.ndarray) -> int:
    """How many 8-connected regions a (H, W) bool mask has.

    Example:
        >>> regions_in(np.eye(3, dtype=bool)), regions_in(np.zeros((2, 2), bool))
        (1, 0)
    """
    return int(cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0]) - 1


def true_regions(picture: Picture, topic: str, truth: np.ndarray, config: Config) -> int:
    """How many things of a topic the labels show; those that touch count apart where the labels know.

    Args:
        picture: the labels.
        topic: of the labels.
        truth: (H, W) bool, where it is.
        config: says of which topic contacts are known.
    """
    if topic == config.contact:
        truth = truth & (picture.target[..., -1] != 1)
    return regions_in(truth)


def known_masks(picture: Picture, config: Config) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Each topic a picture's labels speak of: its name, where it is, and where the labels know."""
    target = picture.target
    source = config.sources[picture.source]
    for topic in scored_land(source, config):
        yield topic, *land_masks(target[..., 0], bits_of(classes_of(topic), config))
    for plane, topic in enumerate(config.objects, start=1):
        if topic in source.objects:
            yield topic, target[..., plane] == 1, target[..., plane] < 2


def scored_land(source: SourceConfig, config: Config) -> list[str]:
    """The land topics that a source's labels both show and deny; others cannot be scored on it.

    Args:
        source: of the labels.
        config: names the classes.
    """
    sets = (
        [bits_of(classes_of(classes), config) for classes in source.land.values()] if source.complete else []
    )
    found = []
    for topic in (*config.land, *(["vegetation"] if set(PARTS_OF_VEGETATION) <= set(config.land) else [])):
        bits = bits_of(classes_of(topic), config)
        if any(one & ~bits == 0 for one in sets) and any(one & bits == 0 for one in sets):
            found.append(topic)
    return found


def channels_of(topic: str, config: Config) -> list[int]:
    """The network's channels whose union a topic is."""
    own = (*config.land, *config.objects)
    parts = PARTS_OF_VEGETATION if topic == "vegetation" else (topic,)
    return [own.index(part) for part in parts if part in own]


@dataclass(frozen=True)
class Score:
    """F1 (Dice) and IoU of a topic over all pixels of a source's pictures."""

    source: str
    topic: str
    f1: float
    iou: float
    precision: float
    recall: float
    true_pixels: int
    pictures: int


def scores_of(counts: Sequence[PixelCounts]) -> list[Score]:
    """Scores per source and topic; pixels of all pictures count together.

    Example:
        >>> scores_of([PixelCounts("s", "p", "water", hit=3, false=1, missed=2, expected=4, known=9)])[0].f1
        0.6666666666666666
    """
    scores = []
    for source, topic in dict.fromkeys((count.source, count.topic) for count in counts):
        own = [count for count in counts if (count.source, count.topic) == (source, topic)]
        hit, false, missed = (
            sum(getattr(count, kind) for count in own) for kind in ("hit", "false", "missed")
        )
        scores.append(
            Score(
                source,
                topic,
                f1=2 * hit / max(1, 2 * hit + false + missed),
                iou=hit / max(1, hit + false + missed),
                precision=hit / max(1, hit + false),
                recall=hit / max(1, hit + missed),
                true_pixels=hit + missed,
                pictures=len(own),
            )
        )
    return scores


def summary(counts: Sequence[PixelCounts]) -> dict[str, float]:
    """F1 by ``source.topic``; topics that no label shows are left out."""
    return {f"{one.source}.{one.topic}": one.f1 for one in scores_of(counts) if one.true_pixels}


def table(counts: Sequence[PixelCounts]) -> str:
    """Scores as Markdown."""
    lines = [
        "| source | topic | images | F1 | IoU | precision | recall |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in scores_of(counts):
        if one.true_pixels:
            numbers = " | ".join(f"{value:.3f}" for value in (one.f1, one.iou, one.precision, one.recall))
            lines.append(f"| {one.source} | {one.topic} | {one.pictures} | {numbers} |")
    return "\n".join(lines)
