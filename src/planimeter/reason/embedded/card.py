"""The card of the embedded promptable segmenter: what its model files are, and how good they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from planimeter.model_file import ModelFile, read_card
from planimeter.segment.inference import card as segmenter

SHIPPED = Path(__file__).parents[1] / "weights"
DEFAULT = "promptable"
_REMEDY = "install planimeter again, or export the model again with `planimeter train promptable`"


@dataclass(frozen=True)
class PromptableCard:
    """What a promptable segmenter's files contain and how it was made.

    Attributes:
        path: the card itself; the model files lie beside it, but for the backbone's.
        name: how answers name the model.
        version: changes with the weights.
        backbone: the model file of the segmenter that ships, where the encoder goes on from features inside it; None
            where it begins with the picture.
        encoder: (1, h, w, 3) uint8 picture, or the backbone's features → features.
        decoder: features, windows, prompt maps, places → logits and scores.
        longest: pixels of the longer side of the picture that is encoded.
        record: everything else (scores, data, licences, command).
    """

    path: Path
    name: str
    version: str
    backbone: ModelFile | None
    encoder: ModelFile
    decoder: ModelFile
    longest: int
    record: dict[str, Any] = field(default_factory=dict, repr=False)

    def content(self, model: ModelFile) -> bytes:
        """A model file's bytes, checked against the card.

        Raises:
            ModelError: the file is missing, cut short, or not the one the card describes.
        """
        return model.read(segmenter.SHIPPED if model is self.backbone else self.path.parent, _REMEDY)


def load_promptable_card(path: str | Path | None = None) -> PromptableCard:
    """Read a card; the model files are read when first needed.

    Args:
        path: the card's JSON file; None for the model that ships with Planimeter.

    Raises:
        ModelError: there is no such card, or it does not describe a promptable segmenter.

    Example:
        >>> load_promptable_card().name
        'promptable'
    """
    place = Path(path) if path is not None else SHIPPED / f"{DEFAULT}.json"
    return read_card(place, partial(_from_record, place), "card of a promptable segmenter", _REMEDY)


def _from_record(place: Path, record: dict[str, Any]) -> PromptableCard:
    if int(record["longest"]) < 1:
        raise ValueError("the longer side of a picture must have pixels")
    return PromptableCard(
        place,
        str(record["name"]),
        str(record["version"]),
        ModelFile.of(record["backbone"]) if "backbone" in record else None,
        ModelFile.of(record["encoder"]),
        ModelFile.of(record["decoder"]),
        int(record["longest"]),
        record,
    )
