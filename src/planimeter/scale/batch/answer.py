"""The answer of a batch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from planimeter.meaning.combine_plan import Value
from planimeter.table import Table, six_digits


@dataclass(frozen=True)
class BatchAnswer:
    """One answer for many scenes, and the files that say where it comes from.

    Attributes:
        question: as it was asked.
        answer: a number, "yes" or "no", a category, a table, or a place of a single scene (an object); None where the
            scenes cannot be combined.
        type: "number", "yes/no", "category", "table", "list" or "place".
        unit: of a number.
        reading: how the question was understood.
        how: how the scenes were combined, or why not, in one sentence.
        scenes: how many were given, each once.
        answered: how many of them were measured.
        units: how many pieces of ground were combined; joined scenes are one.
        valid_hectares: ground that the answer rests on; None without a scale.
        valid_pixels: pixels that it rests on.
        notes: what was left out, joined or is uncertain, one sentence each.
        coder: who wrote the program.
        program: the program, as it ran on the first scene.
        version: of Planimeter.
        files: what was written, by kind.
    """

    question: str
    answer: Value | dict[str, Any] | None
    type: str | None
    unit: str | None
    reading: str
    how: str
    scenes: int
    answered: int
    units: int
    valid_hectares: float | None
    valid_pixels: int
    notes: list[str]
    coder: str
    program: str
    version: str
    files: dict[str, Path]

    def __str__(self) -> str:
        """The answer with its unit, or that there is none."""
        if self.answer is None:
            return "not combined"
        if isinstance(self.answer, dict):
            return str(self.answer.get("words", ""))
        if isinstance(self.answer, str | Table):
            return str(self.answer)
        number = f"{self.answer:,}" if isinstance(self.answer, int) else six_digits(self.answer)
        return number if self.unit in (None, "count") else f"{number} {self.unit}"

    def to_json(self) -> str:
        """The answer as one JSON object; ``files`` are names in the batch's folder."""
        content = asdict(self) | {"files": {kind: path.name for kind, path in self.files.items()}}
        if isinstance(self.answer, Table):
            content["answer"] = self.answer.records()
            content["columns"] = [asdict(column) for column in self.answer.columns]
        return json.dumps(content, ensure_ascii=False, indent=2)
