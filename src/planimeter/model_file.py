"""Model files and the card (JSON) beside them: written, read, and refused where a file is not what its card says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from planimeter.errors import ModelError

Card = TypeVar("Card")
_NONE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class ModelFile:
    """One model file, as its card describes it.

    Attributes:
        file: its name; it lies beside the card.
        sha256: of its bytes.
        size: bytes.
    """

    file: str
    sha256: str
    size: int

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> ModelFile:
        """The file that ``file``, ``sha256`` and ``bytes`` of a card describe; of a path, only the name counts.

        Raises:
            ValueError: no file can have such a name.

        Example:
            >>> ModelFile.of({"file": "../unet.onnx", "sha256": "0a", "bytes": 7})
            ModelFile(file='unet.onnx', sha256='0a', size=7)
        """
        name = Path(str(record["file"])).name
        if not name.isprintable():
            raise ValueError("its model file's name cannot be printed")
        return cls(name, str(record["sha256"]), int(record["bytes"]))

    def read(self, folder: Path, remedy: str) -> bytes:
        """Its bytes, checked against the card.

        Args:
            folder: of the card.
            remedy: what to do about a damaged file, for the sentence.

        Raises:
            ModelError: the file is missing, cut short, or not the one the card describes.
        """
        try:
            content = (folder / self.file).read_bytes()
        except OSError as error:
            raise ModelError(
                f"The model file {self.file} cannot be read ({error.strerror}): {remedy}."
            ) from error
        if len(content) != self.size:
            raise ModelError(
                f"The model file {self.file} has {len(content):,} bytes instead of {self.size:,}, so it is cut "
                f"short or another file: {remedy}."
            )
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise ModelError(
                f"The model file {self.file} is not the one its card describes (its SHA-256 differs): {remedy}."
            )
        return content


def read_card(path: Path, build: Callable[[dict[str, Any]], Card], what: str, remedy: str) -> Card:
    """Read a card; the model files are read when first needed.

    Args:
        path: the JSON file.
        build: what it holds → a card; an error of ``_NONE`` says that it is none.
        what: is described, for sentences: "model card".
        remedy: what to do about a card that is missing or none, for sentences.

    Raises:
        ModelError: there is no such card, or it does not describe such a model.
    """
    try:
        return build(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ModelError(
            f"The model card {path.name} cannot be read ({error.strerror}): {remedy}."
        ) from error
    except _NONE as error:
        raise ModelError(
            f"{path.name} is no {what} ({type(error).__name__}: {str(error)[:80]}): {remedy}."
        ) from error


def write_file(path: Path, content: bytes) -> dict[str, Any]:
    """Write a model file; what its card says of it, as ``ModelFile.of`` reads it."""
    path.write_bytes(content)
    return {"file": path.name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def write_card(path: Path, record: Mapping[str, Any]) -> Path:
    """Write a card; its path."""
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
