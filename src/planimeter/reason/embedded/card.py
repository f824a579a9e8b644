"""The card of the embedded promptable segmenter: what the two files beside it are, and how good they are."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planimeter.errors import ModelError

SHIPPED = Path(__file__).parents[1] / "weights"
DEFAULT = "promptable"
_REMEDY = "install planimeter again, or export the model again with `planimeter train promptable`"


@dataclass(frozen=True)
class ModelFile:
    """One model file.

    Attributes:
        file: its name (ONNX).
        sha256: of its bytes.
        size: bytes.
    """

    file: str
    sha256: str
    size: int


@dataclass(frozen=True)
class PromptableCard:
    """What a promptable segmenter's files contain and how it was made.

    Attributes:
        path: the card itself; the model files lie beside it.
        name: how answers name the model.
        version: changes with the weights.
        encoder: (1, h, w, 3) uint8 picture → features.
        decoder: features, windows, prompt maps, places → logits and scores.
        longest: pixels of the longer side of the picture that is encoded.
        record: everything else (scores, data, licences, command).
    """

    path: Path
    name: str
    version: str
    encoder: ModelFile
    decoder: ModelFile
    longest: int
    record: dict[str, Any] = field(default_factory=dict, repr=False)

    def content(self, model: ModelFile) -> bytes:
        """A model file's bytes, checked against the card.

        Raises:
            ModelError: the file is missing, cut short, or not the one the card describes.
        """
        try:
            content = (self.path.parent / model.file).read_bytes()
        except OSError as error:
            raise ModelError(
                f"The model file {model.file} cannot be read ({error.strerror}): {_REMEDY}."
            ) from error
        if len(content) != model.size:
            raise ModelError(
                f"The model file {model.file} has {len(content):,} bytes instead of {model.size:,}, so it is cut "
                f"short or another file: {_REMEDY}."
            )
        if hashlib.sha256(content).hexdigest() != model.sha256:
            raise ModelError(
                f"The model file {model.file} is not the one its card describes (its SHA-256 differs): {_REMEDY}."
            )
        return content


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
    try:
        record = json.loads(place.read_text(encoding="utf-8"))
        encoder, decoder = (
            ModelFile(Path(str(part["file"])).name, str(part["sha256"]), int(part["bytes"]))
            for part in (record["encoder"], record["decoder"])
        )
        return PromptableCard(
            place,
            str(record["name"]),
            str(record["version"]),
            encoder,
            decoder,
            int(record["longest"]),
            record,
        )
    except OSError as error:
        raise ModelError(
            f"The model card {place.name} cannot be read ({error.strerror}): {_REMEDY}."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{place.name} is no card of a promptable segmenter ({type(error).__name__}: {str(error)[:80]}): "
            f"{_REMEDY}."
        ) from error
