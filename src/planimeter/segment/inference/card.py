"""A model's card: what the file beside it is, what it knows, and how well."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from planimeter.model_file import ModelFile, read_card
from planimeter.segment.inference.adjusted import Confusion
from planimeter.segment.inference.seamless import HALO

SHIPPED = Path(__file__).parents[1] / "weights"
#: The models that ship: the name that people give → the name of its card.
MODELS = {"default": "efficientnet-unet", "default-open": "efficientnet-unet-open"}
MOST_LAND, MOST_OBJECTS = 200, 32  # an index of a land topic fits a byte; topics with a bit each, an integer
_MOST_STRIDE = 256  # pixels; windows are a few strides large
_MEASURED = ("low", "high", "share", "images")  # of a topic's areas and numbers, at least
_SCALE_TOLERANCE = 1.02
_DAMAGED = "install planimeter again, or export the model again with `planimeter train export`"
_NO_CARD = "give the JSON file that `planimeter train export` wrote"


@dataclass(frozen=True)
class ObjectHead:
    """One object topic: a logit of its own, independent of land cover.

    Attributes:
        topic: its topic.
        threshold: logit above which a pixel is the object.
        temperature: what the logit is divided by for a calibrated probability.
        narrowest: metres; what is nowhere so wide is not taken for the object, and what hangs together by less is
            apart. 0 takes everything.
    """

    topic: str
    threshold: float = 0.0
    temperature: float = 1.0
    narrowest: float = 0.0


@dataclass(frozen=True)
class ModelCard:
    """What a model file contains and how it was made.

    The model's output channels are the land classes, then the object heads, then the contact, in this order.

    Attributes:
        path: the card itself; the model file lies beside it.
        name: how answers name the model.
        version: changes with the weights.
        file: name of the model file (ONNX).
        sha256: of that file.
        size: of that file, bytes.
        land: topics that exclude each other, one logit each.
        land_temperature: what land logits are divided by for calibrated probabilities.
        objects: topics with a logit of their own.
        contact: where two things of one of these topics touch, the last logit; their mask is cut there, so that each
            is counted. None where the model does not say.
        gsd_range: metres per pixel the model was trained for, smallest and largest.
        gsd_centre: what finer scenes are resized to, and those whose scale nobody knows are taken for.
        stride: both sides of an input are multiples of it.
        smooth: side, in the model's pixels, of the box over which logits are averaged; 0 for none.
        area_error: topic → how far areas were off on validation images.
        count_error: topic → how far numbers of regions were off there.
        confusion: topic → how its masks err by pixel there, for error-adjusted areas.
        withheld: topics that it was found too bad at on validation images to be offered.
        appearance: between which values nearly all training images lie; see ``likeness``.
        record: everything else (data, licences, scores, command).
    """

    path: Path
    name: str
    version: str
    file: str
    sha256: str
    size: int
    land: tuple[str, ...]
    land_temperature: float
    objects: tuple[ObjectHead, ...]
    gsd_range: tuple[float, float]
    gsd_centre: float
    stride: int = 32
    smooth: int = 0
    contact: ObjectHead | None = None
    area_error: dict[str, dict[str, float]] = field(default_factory=dict)
    count_error: dict[str, dict[str, float]] = field(default_factory=dict)
    confusion: dict[str, Confusion] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()
    appearance: dict[str, list[float]] = field(default_factory=dict)
    record: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def channels(self) -> int:
        """How many logits the model gives per pixel."""
        return len(self.land) + len(self.objects) + (self.contact is not None)

    def knows(self, gsd: float) -> bool:
        """Whether metres per pixel lie in the range that the model was trained for, give or take 2 %."""
        low, high = self.gsd_range
        return low / _SCALE_TOLERANCE <= gsd <= high * _SCALE_TOLERANCE

    def seen_at(self, gsd: float) -> float:
        """Metres per pixel at which the model looks at a scene of ``gsd`` metres per pixel.

        Coarser scenes go to the coarse end of the range: enlarged further, they would only be blurrier and more.
        """
        high = self.gsd_range[1]
        return gsd if self.knows(gsd) else high if gsd > high else self.gsd_centre

    @cached_property
    def content(self) -> bytes:
        """The model file's bytes, checked against the card.

        Raises:
            ModelError: the file is missing, cut short, or not the one the card describes.
        """
        return ModelFile(self.file, self.sha256, self.size).read(self.path.parent, _DAMAGED)


def shipped_card(name: str) -> Path:
    """The card of a model that ships, by a name of ``MODELS``."""
    return SHIPPED / f"{MODELS[name]}.json"


def load_card(path: str | Path | None = None) -> ModelCard:
    """Read a model's card; the model file itself is read when first needed.

    Args:
        path: the card's JSON file; None for the default model that ships with Planimeter.

    Raises:
        ModelError: there is no such card, or it does not describe a model.

    Example:
        >>> load_card().land
        ('urban', 'forest', 'agric', 'grass', 'barren', 'water')
    """
    place = Path(path) if path is not None else shipped_card("default")
    return read_card(place, partial(_from_record, place), "model card", _NO_CARD)


def _from_record(place: Path, record: dict[str, Any]) -> ModelCard:
    low, high = (float(limit) for limit in record["gsd"]["range"])
    if not isinstance(record["land"]["topics"], list):
        raise ValueError("the land topics must be a list")
    if len(record["objects"]) > MOST_OBJECTS or len(record["land"]["topics"]) > MOST_LAND:
        raise ValueError(f"at most {MOST_LAND} land topics and {MOST_OBJECTS} object topics are possible")
    model = ModelFile.of(record)
    card = ModelCard(
        path=place,
        name=str(record["name"]),
        version=str(record["version"]),
        file=model.file,
        sha256=model.sha256,
        size=model.size,
        land=tuple(str(topic) for topic in record["land"]["topics"]),
        land_temperature=float(record["land"]["temperature"]),
        objects=tuple(_head(topic, head) for topic, head in record["objects"].items()),
        contact=next((_head(topic, head) for topic, head in record.get("contact", {}).items()), None),
        gsd_range=(low, high),
        gsd_centre=float(record["gsd"]["centre"]),
        stride=int(record["stride"]),
        smooth=int(record.get("smooth", 0)),
        area_error=_errors(record.get("area_error", {})),
        count_error=_errors(record.get("count_error", {})),
        confusion={
            str(topic): Confusion.of(measured) for topic, measured in record.get("confusion", {}).items()
        },
        withheld=tuple(str(topic) for topic in record.get("withheld", {})),
        appearance={
            str(name): [float(least), float(most)]
            for name, (least, most) in record.get("appearance", {}).get("usual", {}).items()
        },
        record=record,
    )
    _require_sense(card)
    return card


def _errors(measured: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Topic → how far areas or numbers were off."""
    found = {str(topic): {name: float(value) for name, value in of.items()} for topic, of in measured.items()}
    if any(name not in one for one in found.values() for name in _MEASURED):
        raise ValueError(f"what was measured of a topic must have {', '.join(_MEASURED)}")
    return found


def _require_sense(card: ModelCard) -> None:
    """Refuse numbers that would make masks wrong without a word."""
    heads = (*card.objects, *(() if card.contact is None else (card.contact,)))
    positive = (card.land_temperature, *card.gsd_range, card.gsd_centre, *(one.temperature for one in heads))
    topics = (*card.land, *(head.topic for head in card.objects))
    if not topics or len(set(topics)) < len(topics):
        raise ValueError("there must be topics, each once")
    if not all(0 < number < math.inf for number in positive) or card.gsd_range[0] > card.gsd_range[1]:
        raise ValueError("temperatures and metres per pixel must be positive, the smallest of a range first")
    if not all(math.isfinite(one.threshold) and 0 <= one.narrowest < math.inf for one in heads):
        raise ValueError("thresholds and widths must be numbers")
    if not 1 <= card.stride <= _MOST_STRIDE:
        raise ValueError(f"the stride must be 1 to {_MOST_STRIDE} pixels")
    if card.smooth and not (0 < card.smooth < 2 * HALO and card.smooth % 2):
        raise ValueError(f"the box to smooth with must have an odd side below {2 * HALO} pixels, or 0")


def _head(topic: str, head: dict[str, float]) -> ObjectHead:
    threshold, temperature = float(head["threshold"]), float(head.get("temperature", 1.0))
    return ObjectHead(str(topic), threshold, temperature, float(head.get("narrowest", 0.0)))
