"""Questions about real labelled pictures: referring, semantic and reasoning ones, with targets measured from labels.

A picture is cut into a view; the topics of which its labels know every pixel there are masks; phrases about them come
from ``planimeter.reason.data.referring_phrases``, which makes only those that mean one thing by a clear margin. Some
phrases ask for what is not there.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planimeter.reason.data import INSTANCE, SEMANTIC, referring_phrases
from planimeter.reason.seen import Instance, instance_of, topic_label
from planimeter.spatial import label_regions
from planimeter.train.config import PARTS_OF_VEGETATION
from planimeter.train.data import bits_of, land_masks
from planimeter.train.promptable.config import PromptableConfig
from planimeter.train.promptable.views import Views, cut_view
from planimeter.train.prompter.implied import implied_questions
from planimeter.train.prompter.samples import Sample
from planimeter.vocabulary.topics import topic_of

CELLS = 4  # a side, as many as the eyes have tokens of their grid
REASONING = "reasoning"
ABSENT = "absent"
KINDS = (INSTANCE, SEMANTIC, REASONING, ABSENT)
_SHARES = (0.36, 0.20, 0.30, 0.14)
_MOST = 6  # instances of an answer; pictures where more would be needed are not asked about
_WHOLE = 0.93  # of the target that these instances hold
_LEAST = 0.002  # of the view, the smallest instance
BLOCK = 4  # questions about one view
_SEEDS = {"train": 7, "held_out": 8, "watched": 9}
_WATCHED = 4  # of the pictures that are not trained on, one in so many is watched while training goes on


@dataclass(frozen=True)
class PictureQuestion:
    """One question about a view.

    Attributes:
        kind: one of ``KINDS``.
        phrase: what is asked.
        topic: that it is about.
        target: (H, W) bool.
    """

    kind: str
    phrase: str
    topic: str
    target: np.ndarray


class ImagerySamples(Sequence[Sample]):
    """Questions about views, each a pure function of its number; ``BLOCK`` neighbours are about one view.

    Args:
        views: draws pictures of one side of the split.
        config: what their labels mean.
        split: "train", "held_out" or "watched"; decides families of reasoning questions and seeds.
        count: how many.
    """

    block = BLOCK

    def __init__(self, views: Views, config: PromptableConfig, split: str, count: int) -> None:
        self._views, self._config, self._count = views, config, count
        self._seed = _SEEDS[split]
        self._split = "train" if split == "train" else "held_out"
        self._last: tuple[int, list[Sample]] = (-1, [])

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        if not 0 <= index < self._count:
            raise IndexError(index)
        number, place = divmod(index, BLOCK)
        known, block = self._last
        if known != number:
            block = self._block(number)
            self._last = number, block
        return block[place]

    def _block(self, number: int) -> list[Sample]:
        """The questions about one view."""
        rng = np.random.default_rng([number, self._seed])
        while True:
            picture = self._views.pick(rng)
            image, target = cut_view(picture, rng, recolour=self._split == "train")
            masks = known_masks(target, self._config)
            if not any(mask.any() for mask in masks.values()):
                continue
            chosen = _chosen(list(asked_of(masks, self._split, rng)), rng)
            if len(chosen) == BLOCK:
                return [sample_of(image, one, f"{picture.source}/{picture.name}") for one in chosen]

    def texts(self, count: int) -> list[str]:
        """What a tokenizer must know: phrases and thoughts of the first questions, and all reasoning wordings."""
        drawn = [self[index] for index in range(min(count, len(self)))]
        pictures = self._config.pictures
        wordings = [
            wording
            for topic in (*pictures.land, *pictures.objects)
            for split in ("train", "held_out")
            for wording in implied_questions(topic, split)
        ]
        return [*(one.phrase for one in drawn), *(one.thought for one in drawn), *wordings]


def is_watched(name: str) -> bool:
    """Whether a picture that is not trained on is looked at while training goes on, and so not reported.

    Args:
        name: of the picture.

    Example:
        >>> is_watched("01"), is_watched("02")
        (False, True)
    """
    return zlib.crc32(name.encode()) % _WATCHED == 0


def known_masks(target: np.ndarray, config: PromptableConfig) -> dict[str, np.ndarray]:
    """Topic → (H, W) bool, of every topic of which the labels know each pixel of the view.

    Args:
        target: (H, W, planes) uint16, as ``planimeter.train.data`` makes it.
        config: names the planes.
    """
    pictures = config.pictures
    masks = {}
    for topic in (*pictures.land, "vegetation"):
        parts = PARTS_OF_VEGETATION if topic == "vegetation" else (topic,)
        if not set(parts) <= set(pictures.land):
            continue
        truth, known = land_masks(target[..., 0], bits_of(parts, pictures))
        if known.all():
            masks[topic] = truth
    for plane, topic in enumerate(pictures.objects, start=1):
        if (target[..., plane] <= 1).all():
            masks[topic] = target[..., plane] == 1
    return masks


def asked_of(masks: dict[str, np.ndarray], split: str, rng: np.random.Generator) -> Iterator[PictureQuestion]:
    """Every question that a view allows, reasoning ones in one wording each.

    Args:
        masks: topic → mask.
        split: decides families of reasoning questions.
        rng: draws wordings.
    """
    for one in referring_phrases(masks, None):
        topic = _topic_in(one.phrase, masks)
        kind = one.level if one.target.any() else ABSENT
        yield PictureQuestion(kind, one.phrase, topic, one.target)
    for topic, mask in masks.items():
        if mask.any() and not mask.all():
            words = topic_of(topic).mass
            phrase = str(rng.choice([f"everything that is not {words}", f"everything but the {words}"]))
            yield PictureQuestion(SEMANTIC, phrase, f"not {topic}", ~mask)
        wordings = implied_questions(topic, split)
        if wordings:
            phrase = str(rng.choice(wordings))
            yield PictureQuestion(REASONING if mask.any() else ABSENT, phrase, topic, mask)


def _chosen(found: list[PictureQuestion], rng: np.random.Generator) -> list[PictureQuestion]:
    """Different questions, kinds by their shares as far as the view has them."""
    left = {
        kind: [found[int(k)] for k in rng.permutation(len(found)) if found[int(k)].kind == kind]
        for kind in KINDS
    }
    chosen: list[PictureQuestion] = []
    while len(chosen) < BLOCK and any(left.values()):
        shares = np.array([share if left[kind] else 0.0 for kind, share in zip(KINDS, _SHARES, strict=True)])
        kind = KINDS[int(rng.choice(len(KINDS), p=shares / shares.sum()))]
        one = left[kind].pop()
        if answerable(one):
            chosen.append(one)
            if kind == ABSENT:
                left[ABSENT] = []  # one of a view is enough
    return chosen


def answerable(one: PictureQuestion) -> bool:
    """Whether a few instances of a good size say it all."""
    if not one.target.any():
        return True
    areas = np.sort(label_regions(one.target).area_pixels)[::-1][:_MOST]
    return bool(
        areas.sum() >= _WHOLE * one.target.sum()
        and areas[0] >= _LEAST * one.target.size
        and one.target.mean() < 0.95
    )


def sample_of(image: np.ndarray, one: PictureQuestion, picture: str) -> Sample:
    """A question with its picture, thought and answer.

    Example:
        >>> pond = np.zeros((64, 64), bool)
        >>> pond[4:20, 40:60] = True
        >>> asked = PictureQuestion("semantic", "all water", "water", pond)
        >>> sample = sample_of(np.zeros((64, 64, 3), np.uint8), asked, "demo")
        >>> sample.thought, sample.instances[0].box
        ('water', (40, 4, 60, 20))
    """
    said = one.topic.removeprefix("not ")
    name = topic_label(said, one.topic != said)
    instances = tuple(_instances(one.target))
    return Sample(
        image,
        one.phrase,
        one.target,
        name if instances else f"no {name}",
        instances,
        one.kind,
        picture,
        one.topic,
    )


def _instances(mask: np.ndarray) -> list[Instance]:
    """The largest regions, in the order in which image tokens tell of their first cells."""
    regions = label_regions(mask)
    order = np.argsort(-regions.area_pixels, kind="stable")[:_MOST]
    kept = [int(each) for each in order if regions.area_pixels[each] >= _LEAST * mask.size]
    found = [instance_of(regions.mask([each])) for each in kept or [int(each) for each in order[:1]]]
    return sorted(found, key=lambda one: (one.box[1], one.box[0]))


def _topic_in(phrase: str, masks: dict[str, np.ndarray]) -> str:
    """The topic a referring phrase is about: the one whose words come first."""
    places = {}
    for topic in masks:
        record = topic_of(topic)
        found = [phrase.find(words) for words in (record.mass, record.one, record.many) if words in phrase]
        if found:
            places[topic] = (min(found), -max(len(words) for words in (record.mass, record.one, record.many)))
    return min(places, key=lambda topic: places[topic])
