"""Zones of a batch: what a worker is told of them, and what it measures in each on one scene or unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planimeter.answer.by_zone import ground_by_zone, measured_by_zone
from planimeter.answer.zone_values import ByZone
from planimeter.coder import Program
from planimeter.errors import Elsewhere, NotMeasurable
from planimeter.program import Limits
from planimeter.raster import Scene
from planimeter.raster.vector_source import parse_source
from planimeter.scale.batch.ledger import file_state
from planimeter.segment import Segmenter, StackSegmenter
from planimeter.spatial.zones import Zones, read_zones

if TYPE_CHECKING:
    from planimeter.segment.dates import Earlier

_WORDS = ("number", "yes/no", "category")


@dataclass(frozen=True)
class ZoneSource:
    """Which zones a batch asks for; small, and sent to workers in place of polygons.

    Attributes:
        path: the vector file, absolute, with what may follow it (``|layer=``, ``|where=``, ``|crs=``).
        name: the attribute that names zones.
        border: "centre" or "exact".
        state: tells whether the file has changed.
    """

    path: str
    name: str | None = None
    border: str = "centre"
    state: tuple[Any, ...] = ()

    @classmethod
    def of(cls, written: str | Path, name: str | None, border: str) -> ZoneSource:
        """The zones of a file, wherever workers run."""
        text = str(written)
        source = parse_source(text)
        path = source.path
        rest = text[len(path) :] if text.startswith(path) else ""
        return cls(
            f"{Path(path).absolute()}{rest}", name, border, tuple(map(tuple, map(file_state, source.files())))
        )


def zones_on(source: ZoneSource, scene: Scene) -> Zones | None:
    """The zones that a scene shows something of; None where it shows none.

    Raises:
        LabelError: the file cannot be read, or the scene has no georeference.
    """
    try:
        return read_zones(source.path, source.name, scene, source.border)
    except Elsewhere:
        return None


def cells_by_zone(
    wanted: ZoneSource,
    programs: Sequence[Program | None],
    question: str,
    scene: Scene,
    source: Segmenter,
    limits: Limits | None,
    full_python: bool,
    before: Earlier | None = None,
) -> dict[str, Any]:
    """What each program measures in every zone of a scene, as plain values for the ledger.

    Args:
        wanted: the zones.
        programs: that of the question and those of the numbers that combining needs, None for one that cannot be had.
        question: as it was asked.
        scene: what is measured.
        source: where masks come from.
        limits: for a scene that is measured in tiles.
        full_python: as for ``answer_from``.
        before: the earlier date.

    Returns:
        "zones": name, ``values`` (one for each program, None where there is nothing to measure), ``pixels`` and
        ``hectares`` that count, and per cent of that ground on which a model is ``not_sure``, of each zone;
        "all_zones": the same of all of them together; "zone_columns" of the answer.

    Raises:
        PlanimeterError: nothing can be measured here.
    """
    laid = zones_on(wanted, scene)
    nothing: dict[str, Any] = {"zones": [], "all_zones": None, "zone_columns": None}
    if laid is None:
        return nothing
    stack = source if isinstance(source, StackSegmenter) else StackSegmenter([source])
    found: list[ByZone | None] = []
    for program in programs:
        try:
            found.append(
                None
                if program is None
                else measured_by_zone(program, question, scene, stack, laid, limits, full_python, before)
            )
        except NotMeasurable:
            found.append(None)
    there = next((each for each in found if each is not None), None)
    if there is None:  # what no zone has anything of is still ground
        there = ground_by_zone(scene, stack, laid, limits, before)
    zones = [
        _cells(
            name,
            [_value(program, each, k) for program, each in zip(programs, found, strict=True)],
            there.pixels[k],
            None if there.hectares is None else there.hectares[k],
            None if there.unsure is None else there.unsure.cell(k),
        )
        for k, name in enumerate(laid.names)
    ]
    whole = [_value(program, each, None) for program, each in zip(programs, found, strict=True)]
    main = found[0]
    return {
        "zones": zones,
        "all_zones": _cells(
            "", whole, *there.whole, None if there.unsure is None else there.unsure.cell(None)
        ),
        "zone_columns": None if main is None else [asdict(column) for column in main.columns],
    }


def _cells(
    name: str, values: list[Any], pixels: float, hectares: float | None, not_sure: float | None = None
) -> dict[str, Any]:
    return {
        "name": name,
        "values": values,
        "pixels": float(pixels),
        "hectares": None if hectares is None else float(hectares),
        "not_sure": not_sure,
    }


def _value(program: Program | None, found: ByZone | None, zone: int | None) -> Any:
    """What one program gave for a zone, or for all (None): a number or word, or the records of a table."""
    if program is None or found is None:
        return None
    rows = found.together if zone is None else found.rows[zone]
    if program.type in _WORDS or (program.type == "any" and len(found.columns) == 1 and len(rows) == 1):
        return rows[0][0] if rows else None
    records = [dict(zip([column.name for column in found.columns], row, strict=True)) for row in rows]
    return None if all(value is None for record in records for value in record.values()) else records
