"""The host's side of the border: it checks what a program asks, measures, and hands back ids and numbers.

Nothing a program sends is believed: an image is only ever IMAGE_PATH, a shape is only its id, numbers are
checked, and every call is charged to the program's budgets.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.errors import LimitReached, PlanimeterError, ScaleError
from planimeter.program.arguments import Refused, number, short
from planimeter.program.calls import CALLS
from planimeter.program.columns import Sent
from planimeter.program.images import NamedImages
from planimeter.program.interest import Interest
from planimeter.program.limits import Limits
from planimeter.program.loading import Known, TopicShapes
from planimeter.program.measure import NO_SCALE, Ground
from planimeter.program.nearness import Area, Nearness
from planimeter.program.places import Whereabouts
from planimeter.program.registry import BlockPart, ShapeRegistry
from planimeter.program.tiling import tiling_for
from planimeter.program.trace import Call
from planimeter.progress import stop_if_cancelled
from planimeter.segment.dates import TwoDates
from planimeter.spatial import Shapes, clip, subtract
from planimeter.table import percent

if TYPE_CHECKING:
    from planimeter.raster.scene import Scene
    from planimeter.segment.base import Segmenter
    from planimeter.segment.dates import Earlier
    from planimeter.spatial.area import AreaOfInterest

_SIZE_KEYS = frozenset({"area_pixels", "area_hectares"})

#: What shapes were measured against: the reference, metres (None: no distance) and whether beyond them.
Band = tuple[list[BlockPart], float | None, bool]


class Host:
    """Answers one program's calls.

    Args:
        scene: the image.
        segmenter: where masks come from.
        limits: the program's budgets.
        named_keys: shape and result keys that the program's source names.
        area: where is measured; None for the whole scene.
        known: what programs before found on the same scene, and gets what this one finds.
        before: the earlier date, where there is one.

    Attributes:
        scene: the image.
        images: what a program calls it.
        keys: ``named_keys``.
        ground: scale, and pixels that count.
        registry: every shape of the program.
        loaded: the shapes of topics.
        nearness: distances between shapes.
        interest: the area of interest; None for the whole scene.
        whereabouts: where shapes lie.
        trace: the calls so far.
        seconds: what they took.
        highlighted: (role, ids) of shapes that the program marked.
        band: what was measured against last.
        last_shapes: ids that the last call was about.
        merges: whether the program united shapes.
        known_gsd: metres per pixel, where the image says so.
    """

    def __init__(
        self,
        scene: Scene,
        segmenter: Segmenter,
        limits: Limits,
        named_keys: frozenset[str],
        area: AreaOfInterest | None = None,
        known: Known | None = None,
        before: Earlier | None = None,
    ) -> None:
        both: Segmenter = segmenter if before is None else TwoDates(segmenter, before)
        self.ground = Ground(scene, both, None if area is None else area.runs)
        known = Known() if known is None else known
        if known.ground is not None:
            self.ground.share(known.ground)
        self.registry = ShapeRegistry()
        self.interest = None if area is None else Interest(area, self.registry, self.ground.warn)
        self.whereabouts = Whereabouts(scene, self.ground, self.registry)
        self.trace: list[Call] = []
        self.highlighted: list[tuple[str, np.ndarray]] = []
        self.band: Band | None = None
        self.distances_to: list[
            BlockPart
        ] = []  # what the program measured distances to, the last time it did
        self.last_shapes: np.ndarray = np.zeros(0, dtype=np.int64)
        self.seconds = 0.0
        self.images = NamedImages(scene, segmenter, before)
        self.known_gsd = None if scene.scale is None else float(scene.scale.gsd)
        self.scene = scene
        self._limits = limits
        self.keys = named_keys
        self._bands: dict[int, Band | None] = {}
        tiling = tiling_for(scene, limits, both)
        self.loaded = TopicShapes(
            scene,
            both,
            ground=self.ground,
            registry=self.registry,
            interest=self.interest,
            limits=limits,
            tiling=tiling,
            known=known,
            sized=bool(named_keys & _SIZE_KEYS),
        )
        self.nearness = Nearness(self.ground, tiling)
        self.merges = False
        self._shapes_sent = 0

    def answer(self, args: Sequence[Any], kwargs: dict[str, Any]) -> str:
        """Answer one call of the sandbox; the result crosses the border as JSON text. See ``call``."""
        name, *rest = args if args and isinstance(args[0], str) else ("",)
        if kwargs:
            name = ""
        return json.dumps(self.call(name, *rest), default=Sent.listed)

    def call(self, name: str, *rest: Any) -> Any:
        """Answer one call; shapes come as ``Sent``.

        Raises:
            Refused: the arguments are wrong; the program may catch it.
            PlanimeterError: the program ends here.
            Cancelled: whoever watches does not want it any more.
        """
        stop_if_cancelled()
        if len(self.trace) >= self._limits.calls:
            raise LimitReached(
                f"The program made more than {self._limits.calls} calls: "
                "measure whole lists of shapes at once instead of one shape at a time."
            )
        if name not in CALLS:
            raise Refused("no such function: call the documented ones", "TypeError")
        started = time.perf_counter()
        try:
            result, summary = CALLS[name].measure(self, *rest)
        except (PlanimeterError, Refused) as error:
            self._record(name, rest, f"{type(error).__name__}: {error}", started)
            raise
        except TypeError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is None:
                raise Refused(f"wrong arguments for {name}", "TypeError") from None
            raise
        self._record(name, rest, summary, started)
        return result

    @property
    def warnings(self) -> list[str]:
        """What a reader of the answer should know, complete once the program has ended."""
        counted = "counted for each of them"
        if self.merges:
            counted = "counted once where they were merged, else for each of them"
        return self.ground.warnings + [
            f"About {percent(overlap)} of the {topic} features' area lies on other features of the layer and is "
            f"{counted}."
            for topic, overlap in self.loaded.overlaps.items()
        ]

    def whole(self, topic: str) -> Shapes:
        """All shapes of a topic, for who measures without a program.

        Raises:
            PlanimeterError: as a program that asks for the topic.
        """
        self.loaded.load([topic])
        return (self.loaded.blocks if self.interest is None else self.interest.around)[topic].regions

    @property
    def topics(self) -> list[str]:
        """Topics that were looked for, in order."""
        return self.loaded.topics

    @property
    def seen(self) -> list[str]:
        """Those of them of which the scene has anything."""
        return self.loaded.seen

    # -- what calls share, see ``calls`` -------------------------------------------------------------------

    def use_scale(self, given: Any, name: str, needed: bool) -> Any:
        """The scale to measure with; what a program states of it is checked.

        Raises:
            Refused: it states no scale.
            ScaleError: one is needed, and none is known.
        """
        stated = None if given is None else number(given, name)
        if stated == 0:
            raise Refused(f"{name} must be greater than 0")
        scale = self.ground.use(stated)
        if scale is None and needed:
            raise ScaleError(NO_SCALE)
        return scale

    def known(self, ids: Any, name: str) -> np.ndarray:
        """Ids from a program, checked, (N,) int64.

        Raises:
            Refused: they are no ids of shapes.
            LimitReached: they are too many.
        """
        if not isinstance(ids, list | np.ndarray):
            raise Refused(f"{name} must be a list of shapes", "TypeError")
        if len(ids) > self._limits.shapes:
            raise LimitReached(f"{name} holds more than {self._limits.shapes} shapes: filter them first.")
        if not self.registry.knows_all(ids):
            raise Refused(f"{name} holds a shape with an id that no function returned: do not change ids")
        return np.asarray(ids, dtype=np.int64)

    def reference(self, ids: np.ndarray) -> list[BlockPart]:
        """Shapes that are measured to, which no area of interest ends."""
        parts = self.registry.parts(ids)
        return parts if self.interest is None else self.interest.reference(parts)

    def cut(self, target_ids: np.ndarray, area: Area, inside: bool) -> tuple[Sent, str]:
        """New shapes from the pixels of targets inside (or outside) an area, in the order of the targets."""
        old, new = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for part in self.registry.parts(target_ids):
            regions, source = (clip if inside else subtract)(part.regions(), area)
            origin = part.indices[source]
            block = self.registry.add(
                regions,
                part.block.class_types[origin],
                sources=origin + part.block.first,
                words=part.block.words[origin],
            )
            if self.interest is not None:
                self.interest.derived(block, [part.block])
            if len(block):  # a block of nothing has the number of the next one
                self._bands[block.first] = self.band
            old.append(origin + part.block.first)
            new.append(np.arange(block.first, block.first + len(block)))
        ids = _looked_up(target_ids, np.concatenate(old), np.concatenate(new))
        return self.sent(ids), f"{len(ids)} shapes"

    def nearest_point(self, shape_id: int, metres: float) -> tuple[float, float] | None:
        """The point of a shape that its distance was measured from, in cells of the grid; None where it was not.

        Args:
            shape_id: a known id.
            metres: the distance that the program has of it.
        """
        if self.band is None:
            return None
        (part,) = self.registry.parts([shape_id])
        return self.nearness.nearest_point(part, self.band[0], metres)

    def band_of(self, parts: list[BlockPart]) -> Band | None:
        """The reference and distance that shapes were cut by; the last one used where they were not cut."""
        cut = [self._bands[part.block.first] for part in parts if part.block.first in self._bands]
        return cut[0] if cut else self.band

    def per_region(self, ids: np.ndarray, measure: Callable[[BlockPart], np.ndarray]) -> list[float]:
        """What is measured of each shape, in the order of ``ids``."""
        known, values = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
        for part in self.registry.parts(ids):
            known.append(part.indices + part.block.first)
            values.append(np.asarray(measure(part), dtype=np.float64))
        return _looked_up(ids, np.concatenate(known), np.concatenate(values)).tolist()

    def sent(self, ids: np.ndarray, words: np.ndarray | None = None) -> Sent:
        """Shapes for the program, charged to its budget; ``words`` as in ``Sent``."""
        self._shapes_sent += len(ids)
        if self._shapes_sent > self._limits.shapes:
            raise LimitReached(
                f"The program asked for more than {self._limits.shapes} shapes: "
                "leave out small ones with min_area_pixels."
            )
        self.last_shapes = ids
        return Sent(ids, self.registry, self.ground, self.keys, words)

    def _record(self, name: str, args: Sequence[Any], summary: str, started: float) -> None:
        spent = time.perf_counter() - started
        self.seconds += spent
        function = CALLS[name].public if name in CALLS else name
        self.trace.append(Call(function, ", ".join(map(short, args)), summary[:200], round(spent, 6)))


def _looked_up(wanted: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The value of each wanted key, in order; what is not among the ascending keys is left out."""
    if not len(keys):
        return values[:0]
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return values[at[keys[at] == wanted]]
