"""One question or program on one scene: from the order to the files of a finished answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.answer import Answer
from planimeter.answer.palette import BAND as BAND_COLOUR
from planimeter.answer.palette import COUNTED, REFERENCE
from planimeter.answer.writer import row_attributes, write_evidence
from planimeter.ask import ask, run
from planimeter.errors import UsageError
from planimeter.program import Limits
from planimeter.raster.masks import write_masks
from planimeter.segment.open import is_open
from planimeter.serve.ask.jobs import Telling
from planimeter.serve.ask.scenes import OpenedScene
from planimeter.serve.ask.sources import Offered, Watched
from planimeter.serve.ask.wording import page_sentence
from planimeter.spatial import region_distances, within_distance
from planimeter.spatial.area import is_written
from planimeter.spatial.export import Layer, write_geojson
from planimeter.vocabulary.topics import topic_of

MASKS = "masks.tif"
PIXEL_SHAPES = "pixels.geojson"
VIEW = "view.json"
MOST_DRAWN = 20_000  # shapes that a page can draw one by one

BAND = "distance-band"
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
        area: where is measured, as a box or WKT; None for the whole scene.
    """

    kind: str
    text: str
    coder: str
    gsd: float | None
    chosen: Offered | None
    of: str | None = None
    area: str | None = None


def carry_out(
    order: Order,
    opened: OpenedScene,
    models: Any,
    seconds: float,
    folder: Path,
    tell: Telling,
) -> Answer:
    """Answer, and write the answer's files.

    Args:
        order: what is to be done.
        opened: the scene.
        models: ``ModelOptions`` of the server.
        seconds: how long the program and its measurements may take.
        folder: gets the files.
        tell: is told what happens, and the answer before its files are written.

    Raises:
        PlanimeterError: as ``planimeter.ask``.
        Cancelled: nobody wants the answer any more.
    """
    scene = opened.scene if order.gsd is None else opened.scene.with_gsd(order.gsd, "user")
    chosen = order.chosen
    limits = Limits(seconds=seconds)
    if order.area is not None and not is_written(order.area):
        raise UsageError("The area is neither a box nor WKT: write it x0,y0,x1,y1, or POLYGON((…)).")
    tell.step("waiting for the segmenter" if chosen is not None else "reading the question")
    with _held(chosen.lock, tell) if chosen is not None else nullcontext():
        source = _stack(opened, chosen, tell.step)
        if order.kind == "ask":
            tell.step("writing the program")
            answer = ask(
                scene,
                order.text,
                segmenter=source,
                coder=order.coder,
                models=models,
                limits=limits,
                area=order.area,
            )
        else:
            tell.step("running the program")
            answer = run(order.text, scene, segmenter=source, limits=limits, area=order.area)
        judged = source.look(answer.scene, ()).valid
    known = answer.to_dict()
    del known["trace"]
    tell.answered({**known, "text": str(answer), "cautions": cautions_of(answer)})
    _write_evidence(answer, source.found, judged, opened, order, folder)
    tell.watch.check()
    return answer


def cautions_of(answer: Answer) -> list[str]:
    """An answer's warnings as the page says them."""
    return [page_sentence(sentence) for sentence in answer.warnings]


@contextmanager
def _held(lock: threading.Lock, tell: Telling) -> Iterator[None]:
    """Hold a lock; whoever waits for it may be cancelled."""
    while not lock.acquire(timeout=_LOOK_UP):
        tell.watch.check()
    try:
        yield
    finally:
        lock.release()


def _stack(opened: OpenedScene, chosen: Offered | None, tell: Callable[[str], object]) -> Watched:
    if chosen is None:
        return Watched(opened.maps, None, tell)
    # An open vocabulary stands behind, as in find_segmenter: in front, only the topics it has by name would be known.
    if opened.maps or is_open(chosen.segmenter.topics):
        return Watched(opened.maps, chosen.segmenter, tell)
    return Watched([chosen.segmenter], None, tell)


def _write_evidence(
    answer: Answer,
    found: dict[str, np.ndarray],
    judged: np.ndarray | None,
    opened: OpenedScene,
    order: Order,
    folder: Path,
) -> None:
    """The evidence folder, and what the page shows over the scene: masks, and shapes in pixels."""
    scene, evidence, scale = answer.scene, answer.run.evidence, answer.run.scale
    valid = scene.valid()
    valid = valid if judged is None else valid & judged
    masks = {topic: mask & valid for topic, mask in found.items()}
    layers = [_layer(topic, topic_of(topic).mass, topic_of(topic).colour, "topic") for topic in masks]
    together = np.zeros(scene.shape, bool)
    for _, regions in evidence.reference:
        together |= regions.mask()
    has_reference = scale is not None and bool(together.any())
    if has_reference and evidence.distance_m is not None:
        assert scale is not None
        masks[BAND] = within_distance(together, evidence.distance_m, *scale.sides) & ~together
        layers.append(_layer(BAND, f"within {evidence.distance_m:,.6g} m", BAND_COLOUR, "band"))
    if masks:  # on the grid of the picture that they are shown over
        write_masks(
            folder / MASKS,
            {name: _in_pixels(mask, scene.cells) for name, mask in masks.items()},
            opened.scene,
        )
    shapes: list[Layer] = []
    for k, (topic, regions) in enumerate(evidence.counted):
        name = f"counted-{k}"
        distances = [None] * len(regions)
        if has_reference and scale is not None and len(regions):
            distances = region_distances(regions, together, *scale.sides).tolist()
        layer = _layer(name, topic_of(topic).many, COUNTED[k % len(COUNTED)], "counted", len(regions))
        layers.append({**layer, "one": topic_of(topic).one})
        said = {"role": "counted", "layer": name, "distance_m": distances}
        shapes.append(Layer(topic, regions, said | row_attributes(answer, k)))
    for k, (topic, regions) in enumerate(evidence.reference):
        name = f"reference-{k}"
        distances = [None] * len(regions)
        layers.append(
            _layer(name, topic_of(topic).mass, REFERENCE[k % len(REFERENCE)], "reference", len(regions))
        )
        shapes.append(Layer(topic, regions, {"role": "reference", "layer": name, "distance_m": distances}))
    write_evidence(answer, folder, shapes)
    drawn = sum(len(layer.regions) for layer in shapes) <= MOST_DRAWN
    write_geojson(folder / PIXEL_SHAPES, shapes if drawn else [], None, None, scene.cells)
    view = {
        "kind": order.kind,
        "of": order.of,
        "scene": opened.listed.id,
        "scene_name": opened.listed.name,
        "text": str(answer),
        "cautions": cautions_of(answer),
        "layers": layers,
        "shapes_drawn": drawn,
        "distance_m": evidence.distance_m,
        "beyond": evidence.beyond,
    }
    (folder / VIEW).write_text(json.dumps(view, ensure_ascii=False), encoding="utf-8")


def _in_pixels(mask: np.ndarray, cells: int) -> np.ndarray:
    """(H, W) bool: pixels of which any cell is in a mask of cells."""
    height, width = mask.shape
    if cells == 1:
        return mask
    blocks = mask.reshape(height // cells, cells, width // cells, cells)
    return np.asarray(blocks.any(axis=(1, 3)))


def _layer(name: str, shown: str, colour: str, role: str, count: int | None = None) -> dict[str, Any]:
    return {"name": name, "shown": shown, "colour": colour, "role": role, "count": count}
