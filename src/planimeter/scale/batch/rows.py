"""Rows: what one scene or unit gave, as plain values that a ledger keeps and tables show."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Sequence, Set
from pathlib import Path
from typing import Any

import planimeter
from planimeter import errors
from planimeter.errors import InputError, PlanimeterError, UsageError
from planimeter.meaning.combine_plan import Plan
from planimeter.scale.cluster import Done, translated

Row = dict[str, Any]

#: Exit codes of results that another try would not change.
KEPT = (0, 4)


def failed_row(error: PlanimeterError) -> dict[str, Any]:
    """The row of a scene that gave nothing."""
    return {
        "answer": None,
        "type": None,
        "unit": None,
        "values": None,
        "error": str(error),
        "error_kind": type(error).__name__,
        "exit_code": error.exit_code,
        "cautions": [],
        "seconds": {},
    }


def error_from(fault: BaseException) -> PlanimeterError:
    """An exception of whatever kind as an error of the house.

    What nobody foresaw is no reason to lose the other scenes, and none to hide it: its type and place are named, and
    the exit code is that of an internal error.

    >>> str(error_from(ValueError("odd")))
    'Measuring ended with ValueError: odd; this is a fault of Planimeter, please report it.'
    """
    known = translated(fault)
    if isinstance(known, PlanimeterError):
        return known
    if isinstance(known, OSError):
        return UsageError(
            f"Measuring could not read or write a file ({known}): check the disk, and give --out a folder that can be "
            "written."
        )
    frames = traceback.extract_tb(known.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    said = " ".join(f"{type(known).__name__}: {known}".split())[:300]
    return PlanimeterError(
        f"Measuring ended with {said}{place}; this is a fault of Planimeter, please report it."
    )


def row_of(done: Done) -> Row:
    """The row of a task that has ended."""
    if done.error is not None:
        return failed_row(error_from(done.error))
    row: Row = done.result
    return row


def error_of(row: Row) -> PlanimeterError:
    """The error that a row was made from."""
    kind = getattr(errors, row["error_kind"], InputError)
    error: PlanimeterError = kind(row["error"])
    return error


def lacks(plan: Plan, row: Row, unknown: Set[str]) -> bool:
    """Whether a unit lacks a number that every unit must have for the plan to be right.

    Args:
        plan: how units combine.
        row: the unit's.
        unknown: land covers that its maps do not know, which is no lack.
    """
    if plan.refusal is not None:
        return False
    needed = {part.of for part in plan.parts if part.fold == "sum"}
    needed |= {part.weight for part in plan.parts if part.weight is not None and part.weight >= 0}
    needed -= {number for number, topic in plan.covers.items() if topic in unknown}
    return any(row["values"][index] is None for index in needed)


def hidden_in(*rows: Row) -> float | None:
    """Percentage of scenes' own pixels that clouds hide; None where no scene has a mask of clouds."""
    own = sum(row.get("own_pixels") or 0 for row in rows)
    return 100 * (1 - sum(row.get("seen_pixels") or 0 for row in rows) / own) if own else None


def unsure_of(rows: Sequence[Row], metric: bool) -> tuple[float | None, dict[str, float]]:
    """How much of the ground of several rows a model is not sure of.

    Args:
        rows: of units that were measured.
        metric: whether every scene has a scale; by pixels otherwise.

    Returns:
        its share, 0 to 1, None where no model says so; and that of each topic. Maps are sure.

    Example:
        >>> sure = {"valid_pixels": 10, "not_sure": None}
        >>> unsure_of([sure, {"valid_pixels": 30, "not_sure": 0.2, "unsure": {"water": 0.2}}], metric=False)
        (0.15, {'water': 0.15})
    """
    size = "valid_hectares" if metric else "valid_pixels"
    told = [row for row in rows if row.get("not_sure") is not None]
    ground = sum(row[size] for row in rows)
    if not told or not ground:
        return None, {}
    topics = dict.fromkeys(topic for row in told for topic in row["unsure"])
    each = {
        topic: sum(row["unsure"].get(topic, 0.0) * row[size] for row in told) / ground for topic in topics
    }
    return sum(row["not_sure"] * row[size] for row in told) / ground, each


def cells(row: Row, text: str, fingerprint: str) -> Row:
    """The cells of tables that come from a row, the program's text and the segmenter's fingerprint."""
    return {
        "answer": row["answer"],
        "type": row["type"],
        "measure": row["unit"],
        "counted": row.get("counted"),
        "valid_pixels": row.get("valid_pixels"),
        "valid_hectares": row.get("valid_hectares"),
        **({} if row.get("not_sure") is None else {"not_sure": 100 * row["not_sure"]}),
        **({"hidden": hidden_in(row)} if row.get("own_pixels") else {}),
        "gsd": row.get("gsd"),
        "scale_source": row.get("scale_source"),
        "masks": row.get("masks"),
        "cautions": row["cautions"],
        "error": row["error"],
        "exit_code": row["exit_code"],
        "program": hashlib.sha256(text.encode()).hexdigest()[:16] if text else None,
        "segmenter": hashlib.sha256(fingerprint.encode()).hexdigest()[:16] if fingerprint else None,
        "version": planimeter.__version__,
    }
