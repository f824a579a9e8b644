"""What was asked of each scene and answered: read from the answers that the store keeps, so a restart loses nothing."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from planimeter.serve.ask.evidence_files import VIEW
from planimeter.serve.ask.store import AnswerStore
from planimeter.table import Cell, Column, Table


@dataclass(frozen=True)
class PastAnswer:
    """One answer of a scene.

    Attributes:
        id: of the answer.
        scene: id of its scene.
        asked: seconds since 1970.
        question: as it was asked; "" of a program.
        text: the answer with its unit, as people write it; of a table how many rows it has.
        value: a number, or a word; None of a table, list or place.
        unit: of a number.
        type: of the answer.
        reading: how the question was understood.
        order: what was asked, with area, zones and earlier scene; enough to ask it again.
    """

    id: str
    scene: str
    asked: float
    question: str
    text: str
    value: float | int | str | None
    unit: str | None
    type: str
    reading: str
    order: dict[str, Any]


class History:
    """The answers of every scene of a store.

    Args:
        store: where they lie.
    """

    def __init__(self, store: AnswerStore) -> None:
        self._store = store
        self._known: dict[str, PastAnswer | None] = {}  # an answer never changes
        self._lock = threading.Lock()

    def of(self, scene: str) -> list[PastAnswer]:
        """What was asked of a scene, the latest first."""
        names = self._store.names("answers")
        with self._lock:
            self._known = {name: self._known[name] for name in names if name in self._known}
            for name in names:
                if name not in self._known:
                    self._known[name] = self._read(name)
            found = [each for each in self._known.values() if each is not None and each.scene == scene]
        return sorted(found, key=lambda each: each.asked, reverse=True)

    def _read(self, name: str) -> PastAnswer | None:
        """An answer as its folder tells it; None where it is gone or of before there was a history."""
        try:
            view = json.loads((self._store.folder / "answers" / name / VIEW).read_text(encoding="utf-8"))
            order = view["asked"]
            return PastAnswer(
                name,
                view["scene"],
                float(order["asked"]),
                view["question"],
                view["brief"],
                view["value"],
                view["unit"],
                view["type"],
                view["reading"],
                order,
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None


_COLUMNS = (
    Column("asked", kind="text"),
    Column("question", kind="text"),
    Column("answer", kind="text"),
    Column("value", kind="number"),
    Column("unit", kind="text"),
    Column("reading", kind="text"),
    Column("area", kind="text"),
    Column("zones", kind="text"),
    Column("earlier scene", kind="text"),
    Column("corrections", kind="number"),
    Column("masks", kind="text"),
    Column("program by", kind="text"),
    Column("metres per pixel given", kind="number"),
    Column("address", kind="text"),
)


def history_csv(entries: list[PastAnswer]) -> str:
    """A history as CSV, one answer a row."""
    rows: list[tuple[Cell, ...]] = []
    for each in entries:
        order = each.order
        rows.append(
            (
                datetime.fromtimestamp(each.asked, UTC).isoformat(timespec="seconds"),
                each.question or "a program",
                each.text,
                each.value,
                each.unit,
                each.reading,
                order.get("area_name") or order.get("area"),
                order.get("zones_name"),
                order.get("before_name"),
                order.get("corrections"),
                order.get("segmenter") or "the scene's own maps",
                order.get("coder"),
                order.get("gsd"),
                f"/#answer/{each.id}",
            )
        )
    return Table(_COLUMNS, tuple(rows)).csv()
