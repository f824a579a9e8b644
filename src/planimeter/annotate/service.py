"""What the routes do: one project and its store, as the pages need them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

import numpy as np
from starlette.exceptions import HTTPException

from planimeter.annotate.grid import Cells, cells_of, runs_of
from planimeter.annotate.kinds import GRIDS
from planimeter.annotate.measure import checked_work, measured, needs_scale, no_scale
from planimeter.annotate.project import AskedQuestion, Project
from planimeter.annotate.store import ORGANISER, AnnotationStore, Revision
from planimeter.annotate.tiles import TILE, Tiles, levels
from planimeter.annotate.unchanged import image_address, question_address
from planimeter.raster import Scene

_RELOAD = "reload the page to see what is asked now."
_MOST_GRIDS = 64  # kept; one with cells of differing ground takes 0.9 MB at the most


class Service:
    """One project, served.

    Args:
        project: what is annotated.
        store: where answers are kept.

    Attributes:
        project: as given, but for annotators that the organiser adds and removes.
        store: as given.
    """

    def __init__(self, project: Project, store: AnnotationStore) -> None:
        self.project = project
        self.store = store
        self._tiles = Tiles()
        self._cells: OrderedDict[tuple[str, int], Cells] = OrderedDict()
        self._cells_lock = threading.Lock()
        self._image_numbers = {key: number for number, key in enumerate(project.images)}
        self._images = {image_address(picture): key for key, picture in project.images.items()}
        self._addresses = [question_address(q, project.images[q.image]) for q in project.questions]
        self._places = {address: number for number, address in enumerate(self._addresses)}

    def overview(self, annotator: str, reading: bool = False) -> dict[str, Any]:
        """Questions and images, and how far one annotator is.

        Args:
            annotator: whose page it is.
            reading: whether somebody else looks at it, who changes nothing.
        """
        done = self.store.latest(annotator)
        asked = self.store.asked(self.project, annotator)
        return self.images() | {
            "title": self.project.title,
            "annotator": annotator,
            "reading": reading,
            "questions": [
                self.shown(number) | _state(done.get((annotator, question.id)))
                for number, question in enumerate(self.project.questions)
                if question.id in asked
            ],
        }

    def images(self) -> dict[str, Any]:
        """What pages need to show images and the grids over them."""
        return {
            "grids": GRIDS,
            "tile": TILE,
            "images": [
                _about(self.project.images[key].scene) | {"address": address}
                for address, key in self._images.items()
            ],
        }

    def own_work(self, annotator: str, address: str) -> dict[str, Any]:
        """One annotator's marks at a question: the unfinished ones where there are any, else the submitted ones.

        Args:
            annotator: whose.
            address: the question's.
        """
        question = self._asked(annotator, address)
        last = self.store.last(annotator, question.id)
        draft = self.store.draft(annotator, question.id)
        source = draft or last
        return {
            "work": source.work if source else {},
            "note": source.note if source else "",
            "seconds": source.seconds if source else 0.0,
            "unsaved": draft is not None,
        } | _state(last)

    def keep(
        self, annotator: str, address: str, work: dict[str, Any], note: str, seconds: float
    ) -> dict[str, Any]:
        """Keep a draft.

        Raises:
            UsageError: it is not a draft of the page's making.
        """
        self.store.keep_draft(
            annotator, self._asked(annotator, address).id, checked_work(work), note, seconds
        )
        return {"kept": True}

    def submit(
        self, annotator: str, address: str, work: dict[str, Any], note: str, seconds: float, skipped: bool
    ) -> dict[str, Any]:
        """Work out the answer that marks amount to, and keep it; a question passed over keeps its marks unmeasured.

        Raises:
            UsageError: the marks are not what the question needs.
            ScaleError: the question needs a scale and the image has none.
        """
        question = self._asked(annotator, address)
        answer = None
        work = checked_work(work)
        if not skipped:
            key = question.image
            scene = self.project.images[key].scene
            answer = measured(question, work, scene, lambda _, n: self._laid(key, n))
        return _state(self.store.submit(annotator, question.id, answer, work, note, seconds))

    def tile(self, address: str, level: int, column: int, row: int) -> bytes:
        """A part of an image as JPEG.

        Raises:
            UsageError: there is no such part.
        """
        return self._tiles.jpeg(self.project.images[self._key(address)].scene, level, column, row)

    def grid(self, address: str, n: int) -> dict[str, Any]:
        """Which cells of a grid show nothing, and how much ground they cover: in each row, and each where they differ.

        Raises:
            UsageError: there is no such grid.
        """
        cells = self._laid(self._key(address), n)
        return {
            "n": n,
            "nothing": runs_of(~cells.valid),
            "row_hectares": _short(cells.row_hectares),
            "each_hectares": _short(cells.each_hectares),
            "alike": cells.alike,
        }

    def links(self, origin: str) -> dict[str, str]:
        """Every link by name; the organiser's first, under "organiser's page".

        Args:
            origin: scheme, host and port.
        """
        tokens = self.store.tokens()
        found = {"organiser's page": f"{origin}/o/{tokens[ORGANISER]}"}
        return found | {name: f"{origin}/a/{tokens[name]}" for name in self.project.annotators}

    def question(self, address: str) -> AskedQuestion:
        """The question at an address.

        Args:
            address: as ``shown`` states it.

        Raises:
            HTTPException: 409, it is another question by now, or there is none any more.
        """
        if address not in self._places:
            raise HTTPException(
                409, f"This question was changed or taken out since your page was loaded: {_RELOAD}"
            )
        return self.project.questions[self._places[address]]

    def _asked(self, annotator: str, address: str) -> AskedQuestion:
        """A question that somebody may answer: one of theirs, or one that was when their page was loaded."""
        question = self.question(address)
        if question.id not in self.store.asked(self.project, annotator, ever=True):
            raise HTTPException(404, "This question goes to other people; reload the page for yours.")
        return question

    def _key(self, address: str) -> str:
        if address not in self._images:
            raise HTTPException(
                409, f"This image was changed or taken out since your page was loaded: {_RELOAD}"
            )
        return self._images[address]

    def _laid(self, key: str, n: int) -> Cells:
        """A grid over an image; those used last are kept.

        An image goes by its key: under two keys one file may have two scales.
        """
        with self._cells_lock:
            found = self._cells.pop((key, n), None)
            if found is None:
                found = cells_of(self.project.images[key].scene, n)
            self._cells[key, n] = found
            if len(self._cells) > _MOST_GRIDS:
                self._cells.popitem(last=False)
            return found

    def shown(self, number: int) -> dict[str, Any]:
        """A question as pages show it; what is right is no part of it.

        Args:
            number: its place in the project, from 0.
        """
        question = self.project.questions[number]
        scene = self.project.images[question.image].scene
        refused = needs_scale(question) and scene.scale is None
        return {
            "number": number,
            "address": self._addresses[number],
            "id": question.id,
            "image": self._image_numbers[question.image],
            "question": question.text,
            "type": question.type,
            "tool": question.asked.tool,
            "unit": question.asked.unit,
            "categories": question.asked.categories,
            "topic": question.topic,
            "distance_m": question.distance_m,
            "problem": str(no_scale(scene)) if refused else None,
        }


def _about(scene: Scene) -> dict[str, Any]:
    scale = scene.scale
    return {
        "name": scene.name,
        "width": scene.width,
        "height": scene.height,
        "levels": levels(scene),
        "masked": scene.plan.masked,
        "scale": None
        if scale is None
        else {"gsd": scale.gsd, "dx": scale.dx, "dy": scale.dy, "source": scale.source},
        "warnings": scene.warnings,
    }


def _state(revision: Revision | None) -> dict[str, Any]:
    if revision is None:
        return {"state": "open", "answer": None, "revision": None}
    state = "skipped" if revision.skipped else "answered"
    return {"state": state, "answer": revision.answer, "revision": revision.number}


def _short(hectares: np.ndarray | None) -> list[float] | None:
    return None if hectares is None else [float(f"{value:.9g}") for value in hectares]
