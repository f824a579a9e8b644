"""The default segmenter: topics from the picture alone, by a trained U-Net."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from planimeter.errors import UsageError
from planimeter.raster import Scene
from planimeter.segment.base import Seen, require_topics, shape_of
from planimeter.segment.inference.adjusted import Confusion
from planimeter.segment.inference.card import ModelCard, load_card, shipped_card
from planimeter.segment.inference.cautions import area_cautions, scene_cautions
from planimeter.segment.inference.decide import bits_for, land_of, objects_of, probabilities_of, unsure_of
from planimeter.segment.inference.predict import predict
from planimeter.segment.inference.runtime import LazyModel, LogitModel, RuntimeModel
from planimeter.segment.inference.seamless import LARGEST
from planimeter.segment.inference.views import TurnedModel
from planimeter.spatial.runs import Box
from planimeter.vocabulary.topics import COMPOSED

#: In a segmenter's name: look several times.
HIGH = "high"


class UNetSegmenter:
    """Masks from a picture, seen by a trained network.

    Args:
        card: a model's card file; None for the model that ships with Planimeter.
        tile: pixels a side that are predicted at once, for memory: it decides how many windows go through the
            network together, never what they find.
        model: predict with this instead of the card's model file.
        high: look eight times, turned and mirrored, and take the mean; see ``planimeter.segment.inference.views``.

    Raises:
        ModelError: there is no such card.

    Example:
        >>> from planimeter.raster import open_scene
        >>> from planimeter.worlds import make_world
        >>> import tempfile
        >>> scene = open_scene(make_world(seed=3, size=128).write(tempfile.mkdtemp())["image"])
        >>> UNetSegmenter().look(scene, ["water"]).masks["water"].shape
        (128, 128)
    """

    parts = True
    seam = LARGEST
    together = True

    def __init__(
        self,
        card: str | Path | ModelCard | None = None,
        tile: int | None = None,
        model: LogitModel | None = None,
        high: bool = False,
    ) -> None:
        if tile is not None and tile < 1:
            raise UsageError(f"A tile of {tile} pixels is no tile; give a positive number, such as 1024.")
        if model is not None:
            self.card = model.card
        else:
            self.card = card if isinstance(card, ModelCard) else load_card(card)
        self.name = f"{self.card.name} {self.card.version}{' in high quality' if high else ''}"
        own = (*self.card.land, *(head.topic for head in self.card.objects))
        whole = [topic for topic, parts in COMPOSED.items() if topic not in own and set(parts) <= set(own)]
        self.topics = tuple(topic for topic in (*own, *whole) if topic not in self.card.withheld)
        self._batch = max(1, (tile or LARGEST) // LARGEST) ** 2
        self._model: LogitModel = model if model is not None else LazyModel(self.card, RuntimeModel)
        if high:
            self._model = TurnedModel(self._model)

    @classmethod
    def shipped(cls, quality: str = "", name: str = "default") -> UNetSegmenter:
        """A model that ships, from what stands behind ``default:`` in a segmenter's name.

        Args:
            quality: "" or "high".
            name: a name of ``planimeter.segment.inference.card.MODELS``.

        Raises:
            UsageError: the quality is neither nothing nor "high".
        """
        if quality not in ("", HIGH):
            raise UsageError(f"Behind {name}: may stand {HIGH} and nothing else, not {quality[:40]!r}.")
        return cls(shipped_card(name), high=quality == HIGH)

    @classmethod
    def shipped_open(cls, quality: str = "") -> UNetSegmenter:
        """The model that was trained on sources with open licences alone, from what stands behind ``default-open:``.

        Raises:
            UsageError: as ``shipped``.
        """
        return cls.shipped(quality, "default-open")

    @classmethod
    def from_name(cls, card: str) -> UNetSegmenter:
        """A model from what stands behind ``unet:`` in a segmenter's name: its card, and perhaps ",high".

        Raises:
            ModelError: there is no such card.
        """
        return cls(card.removesuffix(f",{HIGH}"), high=card.endswith(f",{HIGH}"))

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """What the network decides, the same for a part as for the whole scene; see ``Segmenter.look``.

        It has an opinion on every pixel, and says where it is not sure of it. Cautions say whether the scene's scale
        and look suit the model, and how far areas and counts were off on validation images.

        Raises:
            NotMeasurable: a topic it does not offer.
            ModelError: the model file cannot be opened.
        """
        require_topics(topics, self.topics, self.name)
        if not topics:
            return Seen({})
        shape = shape_of(scene, box)
        groups = [self._channels(topic) for topic in topics]
        land, objects = np.empty(shape, np.uint8), np.empty(shape, bits_for(len(self.card.objects)))
        unsure = np.empty(shape, bits_for(len(groups)))
        for rows, columns, logits in predict(scene, self._model, self._batch, box):
            land[rows, columns] = land_of(logits, self.card)
            objects[rows, columns] = objects_of(logits, self.card)
            unsure[rows, columns] = unsure_of(logits, self.card, groups)
        return Seen(
            {topic: self._mask(topic, land, objects) for topic in topics},
            None,
            (*scene_cautions(scene, self.card), *area_cautions(topics, self.card)),
            unsure={topic: _bit(unsure, k) for k, topic in enumerate(topics)},
        )

    def probabilities(self, scene: Scene, topics: Sequence[str]) -> dict[str, np.ndarray]:
        """One (H, W) float32 calibrated probability per topic, on the scene's grid.

        Raises:
            NotMeasurable: a topic it does not offer.
        """
        require_topics(topics, self.topics, self.name)
        found = {topic: np.empty(scene.shape, np.float32) for topic in topics}
        for rows, columns, logits in predict(scene, self._model, self._batch):
            shares = probabilities_of(logits, self.card)
            for topic, plane in found.items():
                plane[rows, columns] = sum(shares[channel] for channel in self._channels(topic))
        return found

    def confidence(self, scene: Scene) -> np.ndarray:
        """(H, W) float32: calibrated probability that the pixel's land class is right."""
        found = np.empty(scene.shape, np.float32)
        for rows, columns, logits in predict(scene, self._model, self._batch):
            found[rows, columns] = probabilities_of(logits, self.card)[: len(self.card.land)].max(0)
        return found

    def confusion(self, topic: str) -> Confusion | None:
        """How its masks of a topic err by pixel; see ``planimeter.segment.base.confusion_in``."""
        return self.card.confusion.get(topic)

    def fingerprint(self) -> str:
        """The model file's hash and what the card decides."""
        card = self.card
        decides = (
            *(card.land, card.land_temperature, card.objects, card.contact),
            *(card.gsd_range, card.gsd_centre, card.smooth),
        )
        return f"{self.name}:{card.sha256}:{decides}"

    def _channels(self, topic: str) -> list[int]:
        own = (*self.card.land, *(head.topic for head in self.card.objects))
        return [own.index(part) for part in ((topic,) if topic in own else COMPOSED[topic])]

    def _mask(self, topic: str, land: np.ndarray, objects: np.ndarray) -> np.ndarray:
        mask = np.zeros(land.shape, bool)
        for channel in self._channels(topic):
            head = channel - len(self.card.land)
            mask |= land == channel if head < 0 else _bit(objects, head)
        return mask


def _bit(planes: np.ndarray, k: int) -> np.ndarray:
    """(h, w) bool: where bit k is set."""
    found: np.ndarray = (planes >> planes.dtype.type(k)) & planes.dtype.type(1) == 1
    return found
