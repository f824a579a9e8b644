"""What a question is asked of: a scene, where its masks come from, the part that counts, perhaps an earlier date.

A coder is told of it as a ``Request``; a program runs in it and gives an ``Answer``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planimeter.answer.answer import Answer, answer_from
from planimeter.answer.by_zone import answer_by_zone
from planimeter.answer.left_out import say_what_was_left_out
from planimeter.answer.sources import InputFile, sources_of
from planimeter.answer.unsure import say_what_is_unsure
from planimeter.coder import Program, Request
from planimeter.errors import UsageError
from planimeter.program import Limits
from planimeter.raster import Scene, open_scene
from planimeter.raster.north import north_of
from planimeter.raster.vector_source import parse_source
from planimeter.segment import Segmenter, StackSegmenter
from planimeter.segment.choose import segmenter_for, with_indices_of
from planimeter.segment.dates import Earlier, earlier_date, on_own_grid
from planimeter.segment.finest import on_finest_grid
from planimeter.spatial.area import AreaOfInterest, is_written, read_area
from planimeter.spatial.zones import BORDERS, WITHOUT_ZONES, Zones, read_zones

_COMPASS = re.compile(r"north|south|east|west|\b[ns][ew]\b", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """What of a scene is measured.

    Attributes:
        area: an area of interest, as ``read_area`` takes it; None for the whole scene.
        zones: a vector file of zones; None for none.
        zone_name: the attribute that names them.
        border: "centre" or "exact", whom a zone's border pixels belong to.
    """

    area: Any = None
    zones: str | Path | None = None
    zone_name: str | None = None
    border: str = "centre"

    def on(self, scene: Scene) -> AreaOfInterest | Zones | None:
        """The area or the zones, laid on a grid.

        Raises:
            UsageError: both are given, zones are named and not given, or what is given cannot be read.
            LabelError: nothing of it lies in the scene.
        """
        if self.zones is not None:
            if self.area is not None:
                raise UsageError("Zones and an area of interest are given at once: give one of them.")
            return read_zones(self.zones, self.zone_name, scene, self.border)
        if self.zone_name is not None or self.border != BORDERS[0]:
            raise UsageError(WITHOUT_ZONES)
        return None if self.area is None else read_area(self.area, scene)


@dataclass(frozen=True)
class Setting:
    """A scene with all that a question or a program needs to know of it.

    Attributes:
        scene: the image.
        source: where its masks come from.
        why: sentences about how the source was chosen, for the answer.
        part: what of the scene is measured.
        laid: the same, on the scene's grid.
        date: the earlier date; None for one image.
    """

    scene: Scene
    source: StackSegmenter
    why: tuple[str, ...] = ()
    part: Part = Part()
    laid: AreaOfInterest | Zones | None = None
    date: Earlier | None = None

    def request(self, question: str) -> Request:
        """What a coder is told."""
        scale = self.scene.scale
        return Request(
            question,
            self.source.topics,
            scale.gsd if scale else None,
            self.source.brought,
            by_pixels=scale is None or scale.by_pixels,
            exclusive=self.source.exclusive,
            layered=self.source.layered,
            area=self.laid is not None,
            before=None if self.date is None else self.date.source.topics,
            metric=scale is not None,
            north=north_where_asked(self.scene, question),
        )

    def run(
        self, program: Program, question: str, limits: Limits | None = None, full_python: bool = False
    ) -> Answer:
        """Run a program, on the finest grid of the maps whose topics it names, and say what the answer leaves out.

        Args:
            program: what to run.
            question: what it answers; may be empty.
            limits: what it may use.
            full_python: let a program that the sandbox cannot run go to a confined CPython.

        Raises:
            PlanimeterError: as ``ask``.
        """
        grid = on_finest_grid(self.scene, self.source, program.text)
        laid = self.laid if grid.shape == self.scene.shape else self.part.on(grid)
        before = on_own_grid(self.date, program.text)
        if isinstance(laid, Zones):
            answer = answer_by_zone(program, question, grid, self.source, laid, limits, full_python, before)
        else:
            answer = answer_from(
                program, question, grid, self.source, limits, full_python, laid, before=before
            )
        say_what_was_left_out(answer, program, self.source)
        say_what_is_unsure(answer)
        answer.warnings += [sentence for sentence in self.why if sentence not in answer.warnings]
        answer.sources += self._also()
        return answer

    def _also(self) -> tuple[InputFile, ...]:
        """Files besides the image and its masks that an answer rests on: the area's, the zones', the earlier date's."""
        found: list[InputFile] = []
        for role, given in (("area of interest", self.part.area), ("zones", self.part.zones)):
            if isinstance(given, Path) or (isinstance(given, str) and not is_written(given)):
                source = parse_source(given)
                found.append(InputFile(role, Path(source.path).name, source.file))
        if self.date is not None:
            scene = self.date.scene
            found += sources_of(scene.path, self.date.source, scene.name, "earlier ")
        return tuple(found)


def north_where_asked(scene: Scene, question: str) -> str | None:
    """Where north lies in a scene, where a question may name a point of the compass.

    Args:
        scene: the image.
        question: as it is asked.
    """
    return north_of(scene) if _COMPASS.search(question) else None


def setting_of(
    scene: Scene,
    segmenter: Segmenter | str | None,
    part: Part,
    *,
    question: str = "",
    before: str | Path | Scene | None = None,
    before_segmenter: Segmenter | str | None = None,
    bands: str | Mapping[str, object] | None = None,
    clouds: str | Path | None = None,
    corrections: str | Path | None = None,
) -> Setting:
    """Choose where masks come from, lay the part that counts on the scene, and open the earlier date.

    Args:
        scene: the image.
        segmenter: as for ``ask``.
        part: what of it is measured.
        question: what will be asked; spectral indices that it names become topics ("NDVI above 0.4").
        before: the earlier image; None for one image.
        before_segmenter: as for ``ask``.
        bands: of the earlier image's file too.
        clouds: likewise, but a file of clouds is of the later image alone.
        corrections: what a person changed in the later image's masks, as for ``ask``.

    Raises:
        InputError: something of it cannot be read.
        UsageError: it contradicts itself.
    """
    source, why = segmenter_for(scene, segmenter, corrections)
    source = with_indices_of(question, source)
    date = None
    if before is not None:
        hidden = clouds if clouds in ("auto", "none") else None
        earlier = before if isinstance(before, Scene) else open_scene(before, bands=bands, clouds=hidden)
        date = earlier_date(earlier, scene, source, before_segmenter)
    elif before_segmenter is not None:
        raise UsageError("Masks of an earlier date need its image as well: give it as `before`.")
    return Setting(scene, source, why, part, part.on(scene), date)
