"""The default segmenter: topics from the picture alone, by a trained ConvNeXt-UNet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import UsageError
from planimeter.raster import Scene
from planimeter.segment.base import Part, require_topics
from planimeter.segment.convnext.card import ModelCard, load_card
from planimeter.segment.convnext.cautions import area_cautions, scene_cautions
from planimeter.segment.convnext.decide import land_of, objects_of, probabilities_of
from planimeter.segment.convnext.predict import predict
from planimeter.segment.convnext.runtime import LogitModel, RuntimeModel
from planimeter.segment.convnext.seamless import LARGEST
from planimeter.segment.topics import COMPOSED


class ConvNeXtSegmenter:
    """Masks from a picture, seen by a trained network.

    Args:
        card: a model's card file; None for the model that ships with Planimeter.
        tile: pixels a side that are predicted at once, for memory: it decides how many windows go through the
            network together, never what they find.
        model: predict with this instead of the card's model file.

    Raises:
        ModelError: there is no such card.

    Example:
        >>> from planimeter.raster import make_world, open_scene
        >>> import tempfile
        >>> scene = open_scene(make_world(seed=3, size=128).write(tempfile.mkdtemp())["image"])
        >>> ConvNeXtSegmenter().masks(scene, ["water"])["water"].shape
        (128, 128)
    """

    seam = LARGEST  # pixels around a part that are looked at too

    def __init__(
        self,
        card: str | Path | ModelCard | None = None,
        tile: int | None = None,
        model: LogitModel | None = None,
    ) -> None:
        if tile is not None and tile < 1:
            raise UsageError(f"A tile of {tile} pixels is no tile; give a positive number, such as 1024.")
        if model is not None:
            self.card = model.card
        else:
            self.card = card if isinstance(card, ModelCard) else load_card(card)
        self.name = f"{self.card.name} {self.card.version}"
        own = (*self.card.land, *(head.topic for head in self.card.objects))
        whole = [topic for topic, parts in COMPOSED.items() if topic not in own and set(parts) <= set(own)]
        self.topics = (*own, *whole)
        self._batch = max(1, (tile or LARGEST) // LARGEST) ** 2
        self._model = model
        self._seen: tuple[Scene, np.ndarray, np.ndarray] | None = None  # scene, land classes, object bits

    def masks(self, scene: Scene, topics: Sequence[str]) -> dict[str, np.ndarray]:
        """One (H, W) bool mask per topic; see ``Segmenter.masks``."""
        require_topics(topics, self.topics, self.name)
        land, objects = self._decided(scene)
        return {topic: self._mask(topic, land, objects) for topic in topics}

    def part(self, scene: Scene, topics: Sequence[str], box: tuple[int, int, int, int]) -> Part:
        """The same in one part of the scene, without a seam to the next; see ``PartSegmenter.part``."""
        require_topics(topics, self.topics, self.name)
        if not topics:
            return Part({})
        land, objects = self._decisions(scene, (box[3] - box[1], box[2] - box[0]), box)
        masks = {topic: self._mask(topic, land, objects) for topic in topics}
        return Part(masks, cautions=scene_cautions(scene, self.card))

    def __getstate__(self) -> dict[str, Any]:
        """Travel without the scene that was seen last, and without a model that can be opened again."""
        model = None if isinstance(self._model, RuntimeModel) else self._model
        return {**self.__dict__, "_seen": None, "_model": model}

    def probabilities(self, scene: Scene, topics: Sequence[str]) -> dict[str, np.ndarray]:
        """One (H, W) float32 calibrated probability per topic, on the scene's grid.

        Raises:
            NotMeasurable: a topic it does not offer.
        """
        require_topics(topics, self.topics, self.name)
        found = {topic: np.empty(scene.shape, np.float32) for topic in topics}
        for rows, columns, logits in self._predicted(scene):
            shares = probabilities_of(logits, self.card)
            for topic, plane in found.items():
                plane[rows, columns] = sum(shares[channel] for channel in self._channels(topic))
        return found

    def confidence(self, scene: Scene) -> np.ndarray:
        """(H, W) float32: calibrated probability that the pixel's land class is right."""
        found = np.empty(scene.shape, np.float32)
        for rows, columns, logits in self._predicted(scene):
            found[rows, columns] = probabilities_of(logits, self.card)[: len(self.card.land)].max(0)
        return found

    def valid(self, scene: Scene) -> np.ndarray | None:
        """None: it has an opinion on every pixel."""
        return None

    def cautions(self, topics: Sequence[str]) -> tuple[str, ...]:
        """How far areas were off on validation images, and whether the last scene's scale and look suit the model."""
        scene = self._seen[0] if self._seen is not None else None
        return (*scene_cautions(scene, self.card), *area_cautions(topics, self.card))

    def fingerprint(self) -> str:
        """The model file's hash and what the card decides."""
        card = self.card
        return f"{self.name}:{card.sha256}:{card.objects}:{card.contact}:{card.gsd_range}:{card.smooth}"

    def _decided(self, scene: Scene) -> tuple[np.ndarray, np.ndarray]:
        seen = self._seen  # another thread may replace it meanwhile
        if seen is None or seen[0] is not scene:
            seen = self._seen = scene, *self._decisions(scene, scene.shape)
        return seen[1], seen[2]

    def _decisions(
        self, scene: Scene, shape: tuple[int, int], box: tuple[int, int, int, int] | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Land classes and object bits of a scene, or of a box in it: two (h, w) uint8."""
        land, objects = np.empty(shape, np.uint8), np.empty(shape, np.uint8)
        for rows, columns, logits in self._predicted(scene, box):
            land[rows, columns] = land_of(logits, self.card)
            objects[rows, columns] = objects_of(logits, self.card)
        return land, objects

    def _predicted(
        self, scene: Scene, box: tuple[int, int, int, int] | None = None
    ) -> Iterator[tuple[slice, slice, np.ndarray]]:
        """See ``predict``; the model is opened when first needed."""
        if self._model is None:
            self._model = RuntimeModel(self.card)
        return predict(scene, self._model, self._batch, box)

    def _channels(self, topic: str) -> list[int]:
        own = (*self.card.land, *(head.topic for head in self.card.objects))
        return [own.index(part) for part in ((topic,) if topic in own else COMPOSED[topic])]

    def _mask(self, topic: str, land: np.ndarray, objects: np.ndarray) -> np.ndarray:
        mask = np.zeros(land.shape, bool)
        for channel in self._channels(topic):
            head = channel - len(self.card.land)
            mask |= land == channel if head < 0 else (objects >> head) & 1 == 1
        return mask
