"""One question or program on one scene: from the order to the files of a finished answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from planimeter.answer import Answer
from planimeter.ask import ask, run
from planimeter.errors import UsageError
from planimeter.program import Limits
from planimeter.segment import LabelSegmenter, StackSegmenter, VectorSegmenter
from planimeter.segment.corrections import Corrections
from planimeter.segment.open import is_open
from planimeter.serve.ask.correction_files import count_of, write_corrections
from planimeter.serve.ask.evidence_files import cautions_of, write_answer_files
from planimeter.serve.ask.jobs import Telling
from planimeter.serve.ask.layers import LayerFile
from planimeter.serve.ask.part_messages import LAYER_AREA
from planimeter.serve.ask.scenes import OpenedScene
from planimeter.serve.ask.sources import MEASURING, Offered, Watched
from planimeter.spatial.area import is_written

_LOOK_UP = 0.5  # seconds


@dataclass(frozen=True)
class Order:
    """What is to be done.

    Attributes:
        kind: "ask" or "run".
        text: the question, or the program.
        coder: who writes the program.
        gsd: metres per pixel as the request says; None where it does not.
        chosen: the segmenter; None where the scene's maps do.
        of: the answer whose program was changed, as the request says; None where it does not.
        area: where is measured: a box, WKT, or a layer of the scene; None for the whole scene.
        zones: a layer whose polygons are asked about one by one; None for none.
        zone_name: the attribute that names them.
        border: whom the pixels at their borders belong to.
        before: id of the earlier scene; None for one date.
        corrections: what a person changed in the masks; None for nothing.
        adjust_area: whether an area is also adjusted by the model's measured errors.
    """

    kind: str
    text: str
    coder: str
    gsd: float | None
    chosen: Offered | None
    of: str | None = None
    area: str | LayerFile | None = None
    zones: LayerFile | None = None
    zone_name: str | None = None
    border: Literal["centre", "exact"] = "centre"
    before: str | None = None
    corrections: Corrections | None = None
    adjust_area: bool = False


def carry_out(
    order: Order,
    opened: OpenedScene,
    models: Any,
    seconds: float,
    folder: Path,
    tell: Telling,
    before: OpenedScene | None = None,
) -> Answer:
    """Answer, and write the answer's files.

    Args:
        order: what is to be done.
        opened: the scene.
        models: ``ModelOptions`` of the server.
        seconds: how long the program and its measurements may take.
        folder: gets the files.
        tell: is told what happens, and the answer before its files are written.
        before: the earlier scene, where the order names one.

    Raises:
        PlanimeterError: as ``planimeter.ask``.
        LimitReached: all zones together took longer than one answer may.
        Cancelled: nobody wants the answer any more.
    """
    scene = opened.scene if order.gsd is None else opened.scene.with_gsd(order.gsd, "user")
    chosen = order.chosen
    limits = Limits(seconds=seconds)
    if isinstance(order.area, str) and not is_written(order.area):
        raise UsageError("The area is neither a box nor WKT: write it x0,y0,x1,y1, or POLYGON((…)).")
    area = str(order.area.path) if isinstance(order.area, LayerFile) else order.area
    earlier = None if before is None else before.scene
    tell.step("waiting for the segmenter" if chosen is not None else "reading the question")
    with _held(chosen.lock, tell) if chosen is not None else nullcontext():
        step = _within(seconds, tell) if order.zones is not None else tell.step
        source = _stack(opened, chosen, step, order.corrections)
        earlier_source = None if before is None else _of_earlier(before, chosen)
        if order.kind == "ask":
            tell.step("writing the program")
            answer = ask(
                scene,
                order.text,
                segmenter=source,
                coder=order.coder,
                models=models,
                limits=limits,
                area=area,
                zones=None if order.zones is None else str(order.zones.path),
                zone_name=order.zone_name,
                border=order.border,
                before=earlier,
                before_segmenter=earlier_source,
                adjust_area=order.adjust_area,
            )
        else:
            tell.step("running the program")
            answer = run(
                order.text,
                scene,
                segmenter=source,
                limits=limits,
                area=area,
                before=earlier,
                before_segmenter=earlier_source,
            )
        judged = source.look(answer.scene, ()).valid
    tell.watch.until = None
    known = answer.to_dict()
    del known["trace"]
    tell.answered({**known, "text": str(answer), "cautions": cautions_of(answer)})
    correctable = source.correctable(tuple(source.found))
    write_answer_files(
        answer, source.found, judged, opened, asked_of(order, opened, before), folder, correctable
    )
    if order.corrections is not None:
        write_corrections(order.corrections, opened.scene, folder)
    tell.watch.check()
    return answer


def asked_of(order: Order, opened: OpenedScene, before: OpenedScene | None) -> dict[str, Any]:
    """What was asked, as its answer keeps it: enough to ask it again, with names for people."""
    area = order.area
    return {
        "kind": order.kind,
        "of": order.of,
        "scene": opened.listed.id,
        "scene_name": opened.listed.name,
        "area": f"{LAYER_AREA}{area.id}" if isinstance(area, LayerFile) else area,
        "area_name": area.name if isinstance(area, LayerFile) else None,
        "zones": None if order.zones is None else order.zones.id,
        "zones_name": None if order.zones is None else order.zones.name,
        "zone_name": order.zone_name,
        "border": order.border,
        "adjust_area": order.adjust_area,
        "before": None if before is None else before.listed.id,
        "before_name": None if before is None else before.listed.name,
        "corrections": 0 if order.corrections is None else count_of(order.corrections, opened.scene),
        "gsd": order.gsd,
        "segmenter": None if order.chosen is None else order.chosen.name,
        "coder": order.coder,
        "asked": time.time(),
    }


def _within(seconds: float, tell: Telling) -> Callable[[str], None]:
    """Tells steps, and bounds how long all zones together are measured once everything is seen."""

    def step(words: str) -> None:
        tell.step(words)
        tell.watch.until = time.monotonic() + seconds if words == MEASURING else None

    return step


def _of_earlier(before: OpenedScene, chosen: Offered | None) -> StackSegmenter | None:
    """Where the earlier scene's masks come from: its own maps; None for the model that looks at the later one."""
    if not before.maps:
        return None
    behind = () if chosen is None else chosen.segmenter.maps
    models = [each for each in behind if not isinstance(each, LabelSegmenter | VectorSegmenter)]
    last = None if chosen is None else chosen.segmenter.fallback
    return StackSegmenter(before.maps, StackSegmenter(models, last) if models else last)


@contextmanager
def _held(lock: threading.Lock, tell: Telling) -> Iterator[None]:
    """Hold a lock; whoever waits for it may be cancelled."""
    while not lock.acquire(timeout=_LOOK_UP):
        tell.watch.check()
    try:
        yield
    finally:
        lock.release()


def _stack(
    opened: OpenedScene,
    chosen: Offered | None,
    tell: Callable[[str], object],
    corrections: Corrections | None,
) -> Watched:
    if chosen is None:
        return Watched(opened.maps, None, tell, corrections)
    # An open vocabulary stands behind, as in find_segmenter: in front, only the topics it has by name would be known.
    if opened.maps or is_open(chosen.segmenter.topics):
        return Watched(opened.maps, chosen.segmenter, tell, corrections)
    # Its parts, so that maps of the server's own are known as maps and never stand for an earlier date.
    return Watched(chosen.segmenter.maps, chosen.segmenter.fallback, tell, corrections)
