"""What a person corrected by hand: polygons that add ground to a topic, or take it away."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import LabelError, UsageError, shown_name
from planimeter.raster import Scene
from planimeter.raster.geometries import made_valid
from planimeter.segment.base import Caution
from planimeter.segment.memory import MEMORY
from planimeter.spatial.covered import polygon_pixels
from planimeter.spatial.runs import Box, Runs, crop, paint
from planimeter.vocabulary.topics import canonical

ADD, REMOVE = "add", "remove"
STRIP = 1.5
"""Pixels: how wide the strip is that a line takes away, wide enough to part what touches at corners only."""
_REMEDY = 'Each polygon needs the attributes topic ("roof") and action ("add" or "remove").'


@dataclass(frozen=True)
class Edit:
    """One correction on a scene's grid.

    Attributes:
        topic: whose mask it changes.
        adds: whether its pixels become the topic; else they cease to be it.
        pixels: those whose centres its polygon covers.
    """

    topic: str
    adds: bool
    pixels: Runs


class Corrections:
    """Polygons with the attributes ``topic`` and ``action``, of a file or as a person drew them, in their order.

    A later polygon wins over an earlier one. Where topics share no pixel (``exclusive_in``), what is added to one is
    taken from the others.

    Args:
        path: a vector file as for ``planimeter.raster.vector.read_features``; of a scene without georeference a GeoJSON
            whose coordinates are pixels, x right and y down from the upper left corner. Of that, lines that are taken
            away are strips of ``STRIP`` pixels.

    Attributes:
        path: the file; None of what ``of`` made.
        name: among the names of what masks come from.

    Example:
        >>> Corrections("fixed.geojson").name
        'corrections fixed.geojson'
    """

    def __init__(self, path: str | Path) -> None:
        from planimeter.raster.vector_source import parse_source

        self._source = parse_source(path)
        self.path: Path | None = self._source.file
        self._drawn: Sequence[Mapping[str, Any]] | None = None
        self._called = self._source.named
        self.name = f"corrections {self._called}"

    @classmethod
    def of(cls, features: Sequence[Mapping[str, Any]]) -> Corrections:
        """Corrections that are in no file: GeoJSON features in pixels of the scene, whether it has a place or not.

        Args:
            features: Polygons and MultiPolygons, and LineStrings that are taken away, with their properties; x right
                and y down from the upper left corner of the scene.

        Example:
            >>> ring = [[0, 0], [4, 0], [4, 4], [0, 0]]
            >>> drawn = {"geometry": {"type": "Polygon", "coordinates": [ring]}}
            >>> Corrections.of([{**drawn, "properties": {"topic": "roof", "action": "add"}}]).name
            'corrections by hand'
        """
        made = cls.__new__(cls)
        made.path, made._drawn = None, tuple(features)
        made._called, made.name = "What was drawn", "corrections by hand"
        return made

    def fingerprint(self) -> str:
        """Changes when the file does, what is read of it, or what was drawn."""
        if self._drawn is not None:
            return f"sha256 {hashlib.sha256(json.dumps(self._drawn, sort_keys=True).encode()).hexdigest()}"
        return self._source.fingerprint()

    def edits(self, scene: Scene) -> tuple[Edit, ...]:
        """The corrections that lie in a scene.

        Raises:
            LabelError: the file cannot be read, or a polygon lacks what it needs.
        """
        name = f"edits {self.fingerprint()}"
        return MEMORY.recall(
            scene, name, lambda: self._read(scene), lambda found: 100 + 16 * sum(len(e.pixels) for e in found)
        )

    def corrected(
        self,
        topic: str,
        mask: np.ndarray,
        scene: Scene,
        box: Box | None = None,
        exclusive: Sequence[Sequence[str]] = (),
    ) -> np.ndarray:
        """A topic's mask as it was corrected.

        Args:
            topic: what the mask shows.
            mask: (h, w) bool, of the scene or of the box; it is left as it is.
            scene: the image.
            box: (x0, y0, x1, y1) pixels, half-open; None for all.
            exclusive: groups of topics that share no pixel.
        """
        rivals = {other for group in exclusive if topic in group for other in group} - {topic}
        found = mask
        for edit in self.edits(scene):
            if edit.topic != topic and not (edit.adds and edit.topic in rivals):
                continue
            if found is mask:
                found = mask.copy()
            pixels = edit.pixels if box is None else crop(edit.pixels, box)[0]
            if len(pixels):
                _put(found, pixels, edit.adds and edit.topic == topic)
        return found

    def cautions(self, topics: Sequence[str], scene: Scene) -> list[Caution]:
        """A sentence for each topic that was corrected in a scene."""
        counted = Counter((edit.topic, edit.adds) for edit in self.edits(scene) if len(edit.pixels))
        small = Counter(edit.topic for edit in self.edits(scene) if not len(edit.pixels))
        said = []
        for topic in topics:
            if small[topic]:
                said.append(
                    Caution(
                        f"{small[topic]} correction{'' if small[topic] == 1 else 's'} of {topic} covered no pixel's "
                        "centre and changed nothing: draw larger.",
                        [topic],
                    )
                )
            done = [
                f"{count} place{'' if count == 1 else 's'} {word}"
                for adds, word in ((True, "added"), (False, "removed"))
                if (count := counted[topic, adds])
            ]
            if done:
                file = "" if self.path is None else f" ({self.path.name})"
                sentence = f"A person corrected {topic} by hand{file}: {' and '.join(done)}."
                said.append(Caution(sentence, [topic]))
        return said

    def check(self, scene: Scene, own: Sequence[str], layered: Sequence[str]) -> None:
        """Refuse corrections of what cannot be corrected.

        Args:
            scene: the image.
            own: topics that are not composed of others.
            layered: topics that vector layers alone show.

        Raises:
            LabelError: names the topic, and what to do.
        """
        for topic in dict.fromkeys(edit.topic for edit in self.edits(scene)):
            if topic in layered:
                raise LabelError(
                    f"{topic} is shown by a vector layer, whose features are not corrected as pixels: edit the "
                    "layer itself."
                )
            if topic not in own:
                raise LabelError(
                    f"{self._called} corrects {shown_name(topic)}, which nothing here shows as its own: correct "
                    f"one of {', '.join(own)}."
                )

    def polygons(self, scene: Scene) -> tuple[np.ndarray, list[tuple[Any, Any]]]:
        """(N,) shapely polygons in pixels of a scene, inside it, and the topic and action of each as they are written.

        Raises:
            LabelError: the file cannot be read, or a polygon lies outside the scene.
        """
        if self._drawn is not None or scene.crs is None or scene.transform is None:
            return self._on_pixels(scene)
        return self._on_ground(scene)

    def _read(self, scene: Scene) -> tuple[Edit, ...]:
        polygons, told = self.polygons(scene)
        if not len(polygons):
            return ()
        covered = polygon_pixels(polygons, scene.shape)
        assert covered.centres is not None
        edits = []
        for number, (topic, action) in enumerate(told):
            word = str(topic or "").strip()
            if not word or action not in (ADD, REMOVE):
                raise LabelError(
                    f"{self._called} has a polygon with topic {shown_name(word)} and action "
                    f"{shown_name(str(action))}. {_REMEDY}"
                )
            own = covered.owner == number if covered.centres[number] else np.zeros(len(covered.owner), bool)
            edits.append(Edit(canonical(word) or word, action == ADD, covered.runs.take(np.flatnonzero(own))))
        return tuple(edits)

    def _on_ground(self, scene: Scene) -> tuple[np.ndarray, list[tuple[Any, Any]]]:
        from planimeter.raster.vector import read_features
        from planimeter.raster.vectorfile import read_attribute

        layer = read_features(self._source, scene)
        if layer.kind != "polygon":
            raise LabelError(f"{layer.name} holds {layer.kind}s; corrections are polygons.")
        if layer.notes:  # one that was left out or mended is not what a person drew
            raise LabelError(
                f"{layer.notes[0]} Corrections have to be used as they were drawn: mend the file."
            )
        topics, actions = (read_attribute(self._source, field) for field in ("topic", "action"))
        return layer.pixels, [(topics.get(number), actions.get(number)) for number in layer.index.tolist()]

    def _on_pixels(self, scene: Scene) -> tuple[np.ndarray, list[tuple[Any, Any]]]:
        import shapely

        from planimeter.spatial.area import parts_of_kind

        try:
            if self.path is None:
                features: Any = self._drawn
            else:
                features = json.loads(self.path.read_text(encoding="utf-8"))["features"]
            shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
            told = [
                (feature["properties"].get("topic"), feature["properties"].get("action"))
                for feature in features
            ]
        except (
            OSError,
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            shapely.errors.ShapelyError,
        ) as error:
            raise LabelError(
                f"{self._called} is no GeoJSON of polygons in pixels, which a picture without georeference needs "
                f"({type(error).__name__}). {_REMEDY}"
            ) from error
        frame = shapely.box(0, 0, scene.width, scene.height)
        whole = np.array(shapes, dtype=object)
        lines = shapely.get_dimensions(whole) == 1
        for topic, action in (told[k] for k in np.flatnonzero(lines).tolist()):
            if action != REMOVE:
                raise LabelError(
                    f"{self._called} adds a line to {shown_name(str(topic))}; only what is taken away may be a line, a "
                    "strip that cuts: draw a polygon."
                )
        whole[lines] = shapely.buffer(whole[lines], STRIP / 2, cap_style="flat", join_style="mitre")
        # What is drawn is in pixels of the scene, which may be divided into cells.
        whole = shapely.transform(whole, lambda points: points * scene.cells)
        whole = made_valid(whole)
        cut = parts_of_kind(shapely.intersection(whole, frame), "polygon")
        outside = np.flatnonzero(shapely.is_empty(cut))
        if len(outside):
            width, height = scene.width // scene.cells, scene.height // scene.cells
            raise LabelError(
                f"Correction {outside[0] + 1} of {len(cut)} has no area inside the scene of {width} x {height} "
                f"pixels: take it away, or draw it again."
            )
        return cut, told


def _put(mask: np.ndarray, pixels: Runs, value: bool) -> None:
    """Set pixels of a mask, at the cost of the box around them."""
    row, left, right = pixels.rows()
    box = int(left.min()), int(row.min()), int(right.max()), int(row.max()) + 1
    mask[box[1] : box[3], box[0] : box[2]][paint(crop(pixels, box)[0])] = value


def corrections_from(given: Corrections | str | Path | None) -> Corrections | None:
    """Corrections, opened where a path is given.

    Raises:
        UsageError: it is something else.
    """
    if given is None or isinstance(given, Corrections):
        return given
    if isinstance(given, str | Path):
        return Corrections(given)
    raise UsageError("Corrections are a vector file's path: polygons with the attributes topic and action.")
