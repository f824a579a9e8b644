"""Short ways to ask a batch, and to ask one scene, from labels that lie beside the pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import planimeter
from planimeter.answer import Answer
from planimeter.scale.batch import BatchAnswer, MapPatterns, Options, batch
from planimeter.segment import LabelSegmenter

MAPS = MapPatterns(("{stem}_labels.tif",), ("{folder}/legend.json",))


def ask_all(question: str, folder: Path, out: Path, **options: Any) -> BatchAnswer:
    """Ask every scene of a folder."""
    return batch(question, [str(folder)], out, Options(**({"maps": MAPS, "workers": 1} | options)))


def ask_one(question: str, image: Path) -> Answer:
    """Ask one scene."""
    maps = LabelSegmenter(image.with_name(f"{image.stem}_labels.tif"), image.with_name("legend.json"))
    return planimeter.ask(image, question, segmenter=maps)
