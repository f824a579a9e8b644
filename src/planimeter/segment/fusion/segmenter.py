"""The segmenter that fuses several models."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from planimeter.raster import Scene
from planimeter.segment.base import Caution, Seen, distinct, require_topics, shape_of
from planimeter.segment.fusion.plan import FusionPlan, Source, load_plan
from planimeter.segment.fusion.scores import land_score, object_score
from planimeter.segment.inference.card import ModelCard
from planimeter.segment.inference.cautions import scale_cautions
from planimeter.segment.inference.decide import mode_filtered
from planimeter.segment.inference.predict import predict
from planimeter.segment.inference.runtime import LazyModel, LogitModel, RuntimeModel
from planimeter.segment.inference.seamless import LARGEST
from planimeter.spatial.runs import Box

_NOTHING = 255  # index of pixels that no topic wins


class FusionSegmenter:
    """Masks from several models: land cover by the largest logit, objects each for itself.

    Every model sees the scene at a scale it knows, and its logits come back onto the scene's grid before they are
    compared; models run one after the other, so that memory holds one of them at work and a few bytes per pixel.

    Args:
        plan: a plan, or its file.
        models: key → what gives its logits, instead of the cards' model files.

    Raises:
        ModelError: the plan or a card cannot be read.

    Example:
        >>> from planimeter.segment.fusion import plan_from
        >>> plan = plan_from({"models": {"own": {"card": "default"}}, "objects": {"roof": ["own.roof"]}})
        >>> FusionSegmenter(plan).topics
        ('roof',)
    """

    parts = True
    seam = LARGEST
    together = True

    def __init__(self, plan: FusionPlan | str | Path, models: Mapping[str, LogitModel] | None = None) -> None:
        self.plan = plan if isinstance(plan, FusionPlan) else load_plan(plan)
        self.name = self.plan.name
        self.topics: tuple[str, ...] = self.plan.topics
        given = models or {}
        self._models: dict[str, LogitModel] = {
            key: given[key] if key in given else LazyModel(card, RuntimeModel)
            for key, card in self.plan.cards.items()
        }

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """What the models find together, the same for a part as for the whole scene; see ``Segmenter.look``.

        It has an opinion on every pixel. Cautions say which models saw a topic, and which the scene's scale does not
        suit.

        Raises:
            NotMeasurable: a topic it does not offer.
            ModelError: a model file cannot be opened.
        """
        require_topics(topics, self.topics, self.name)
        if not topics:
            return Seen({})
        # The mode filter looks half its side beyond the box.
        rim = self._filter_side(scene) // 2
        x0, y0, x1, y1 = box or (0, 0, scene.width, scene.height)
        wide = max(x0 - rim, 0), max(y0 - rim, 0), min(x1 + rim, scene.width), min(y1 + rim, scene.height)
        land, objects = self._fused(scene, None if box is None else wide)
        land = self._smoothed(land, scene)
        core = slice(y0 - wide[1], y1 - wide[1]), slice(x0 - wide[0], x1 - wide[0])
        masks = self._masks(topics, land[core], {topic: mask[core] for topic, mask in objects.items()})
        return Seen(masks, None, self._cautions(topics, scene))

    def _masks(
        self, topics: Sequence[str], land: np.ndarray, objects: dict[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        order = list(self.plan.land)

        def mask(topic: str) -> np.ndarray:
            parts = self.plan.composites.get(topic)
            if parts is not None:
                return np.logical_or.reduce([mask(part) for part in parts])
            return objects[topic].copy() if topic in objects else land == order.index(topic)

        return {topic: mask(topic) for topic in topics}

    def _cautions(self, topics: Sequence[str], scene: Scene) -> tuple[str, ...]:
        found: list[str] = []
        for topic in topics:
            found += (
                Caution(sentence, [topic])
                for card in self._cards_of([topic])
                for sentence in scale_cautions(scene, card)
            )
        for topic in topics:
            names = " and ".join(dict.fromkeys(card.name for card in self._cards_of([topic])))
            found.append(Caution(f"Masks of {topic} come from {names}, not from a map.", [topic]))
        return distinct(found)

    def _cards_of(self, topics: Sequence[str]) -> list[ModelCard]:
        """The cards of the models that see some topics."""
        groups = {**self.plan.land, **self.plan.objects}
        parts = [part for topic in topics for part in self.plan.composites.get(topic, (topic,))]
        keys = dict.fromkeys(source.model for part in parts for source in groups.get(part, ()))
        return [self.plan.cards[key] for key in keys]

    def fingerprint(self) -> str:
        """The plan and the hashes of the model files."""
        plan = self.plan
        cards = [
            (
                key,
                card.sha256,
                card.gsd_range,
                card.gsd_centre,
                card.land_temperature,
                card.objects,
                card.smooth,
            )
            for key, card in plan.cards.items()
        ]
        rules = (plan.land, plan.background, plan.objects, plan.composites, plan.mode_filter_metres, cards)
        return f"fusion:{hashlib.sha256(repr(rules).encode()).hexdigest()}"

    def _fused(self, scene: Scene, box: Box | None) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """The land topic of each pixel, (h, w) uint8, and the masks of objects."""
        shape = shape_of(scene, box)
        best = np.full(shape, -np.inf, np.float32)
        land = np.full(shape, _NOTHING, np.uint8)
        objects = {topic: np.zeros(shape, bool) for topic in self.plan.objects}
        competing = [*enumerate(self.plan.land.values()), (_NOTHING, self.plan.background)]
        for key, card in self.plan.cards.items():
            claims = [(index, source) for index, sources in competing for source in _of(key, sources)]
            finds = [
                (topic, one) for topic, sources in self.plan.objects.items() for one in _of(key, sources)
            ]
            for rows, columns, logits in predict(scene, self._models[key], box=box):
                for index, source in claims:
                    score = land_score(logits, card, source.channel) + np.float32(source.shift)
                    more = score > best[rows, columns]
                    land[rows, columns][more] = index
                    best[rows, columns][more] = score[more]
                for topic, source in finds:
                    score = object_score(logits, card, source.channel) + np.float32(source.shift)
                    objects[topic][rows, columns] |= score > 0
        return land, objects

    def _smoothed(self, land: np.ndarray, scene: Scene) -> np.ndarray:
        """Land cover by the most common topic around each pixel; see ``FusionPlan.mode_filter_metres``."""
        side = self._filter_side(scene)
        if side < 3:
            return land
        topics = len(self.plan.land)
        smooth = mode_filtered(np.where(land == _NOTHING, topics, land).astype(np.uint8), side, topics + 1)
        return np.where(smooth == topics, _NOTHING, smooth).astype(np.uint8)

    def _filter_side(self, scene: Scene) -> int:
        """Pixels a side of the box that the mode filter looks at; below 3 it changes nothing."""
        if not self.plan.mode_filter_metres:
            return 1
        centre = min(card.gsd_centre for card in self.plan.cards.values())
        gsd = scene.scale.gsd if scene.scale is not None else centre
        whole = 2 * max(scene.shape) + 1  # from any pixel, all of the scene
        side = min(self.plan.mode_filter_metres / gsd, whole)
        return max(1, 2 * round((side - 1) / 2) + 1)


def _of(key: str, sources: Sequence[Source]) -> list[Source]:
    return [source for source in sources if source.model == key]
