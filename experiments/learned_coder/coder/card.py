"""What the shipped model says of itself: its files, when its programs are accepted, and how it did."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planimeter.errors import ModelError

SHIPPED = Path(__file__).parent / "weights"
NAME = "learned-coder"


@dataclass(frozen=True)
class Card:
    """A learned coder's files and settings.

    Attributes:
        path: of the card.
        version: of the weights.
        file: the ONNX file beside it.
        sha256: of that file.
        tokenizer: file name of the tokenizer.
        samples: programs sampled besides the likeliest; all must be the same.
        temperature: of the samples.
        least: probability below which a token of the likeliest program is too uncertain.
        default: whether it stands behind the grammar unless told otherwise.
        scores: share of held-out wordings, as measured when it was made.
    """

    path: Path
    version: str
    file: str
    sha256: str
    tokenizer: str
    samples: int
    temperature: float
    least: float
    default: bool
    scores: dict[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The model file.

        Raises:
            ModelError: it is missing, or not the one the card describes.
        """
        try:
            content = (self.path.parent / self.file).read_bytes()
        except OSError as error:
            raise ModelError(
                f"{self.file} cannot be read ({error.strerror}): install Planimeter anew."
            ) from error
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise ModelError(f"{self.file} is not the file that its card describes: install Planimeter anew.")
        return content


def load_card(path: str | Path | None = None) -> Card:
    """Read a card.

    Args:
        path: the card's JSON file; None for the model that ships with Planimeter.

    Raises:
        ModelError: there is none, or it describes no learned coder.
    """
    place = Path(path) if path is not None else SHIPPED / f"{NAME}.json"
    try:
        record = json.loads(place.read_text(encoding="utf-8"))
        accept = record["accept"]
        return Card(
            path=place,
            version=str(record["version"]),
            file=Path(str(record["file"])).name,
            sha256=str(record["sha256"]),
            tokenizer=Path(str(record["tokenizer"])).name,
            samples=int(accept["samples"]),
            temperature=float(accept["temperature"]),
            least=float(accept["least"]),
            default=bool(record["default"]),
            scores=dict(record.get("scores", {})),
        )
    except OSError as error:
        raise ModelError(
            f"The learned coder's card {place.name} cannot be read ({error.strerror}): give the JSON file that "
            "`planimeter train coder-export` wrote."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{place.name} is no card of a learned coder ({type(error).__name__}): give the JSON file that "
            "`planimeter train coder-export` wrote."
        ) from error


def ships() -> bool:
    """Whether this installation has weights of a learned coder."""
    return (SHIPPED / f"{NAME}.json").exists()
