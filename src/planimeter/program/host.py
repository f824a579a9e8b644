"""The host's side of the border: it checks what a program asks, measures, and hands back ids and numbers.

Nothing a program sends is believed: an image is only ever IMAGE_PATH, a shape is only its id, numbers are
checked, and every call is charged to the program's budgets.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.errors import LabelError, LimitReached, NotMeasurable, PlanimeterError, ScaleError
from planimeter.program.dates import matched_ids, transition_rows
from planimeter.program.index_values import index_values
from planimeter.program.interest import Interest
from planimeter.program.limits import Limits
from planimeter.program.measure import NO_SCALE, Ground, Tally
from planimeter.program.places import Whereabouts
from planimeter.program.registry import Block, BlockPart, ShapeRegistry
from planimeter.program.tiling import WHOLE, TileQuestion, check_runs, look_at_tile, tiling_for
from planimeter.program.trace import CHANGES, Call
from planimeter.progress import stop_if_cancelled
from planimeter.segment.base import features_in
from planimeter.segment.dates import EARLIER, TwoDates
from planimeter.segment.index.formulas import Formula, formula_named
from planimeter.spatial import Features, Regions, Shapes, clip, label_regions, merge, perimeters, subtract
from planimeter.spatial.runs import Runs, runs_of, unite
from planimeter.spatial.tiled import near_runs, shape_distances
from planimeter.spatial.tiles import Piece, join_regions, join_runs
from planimeter.vocabulary.topics import topic_among

if TYPE_CHECKING:
    from planimeter.raster.scale import Scale
    from planimeter.raster.scene import Scene
    from planimeter.segment.base import Segmenter
    from planimeter.segment.dates import Earlier
    from planimeter.spatial.area import AreaOfInterest

_AREA_KEYS = frozenset({"area_hectares", "total_hectares"})
_PIXEL_KEYS = frozenset({"area_pixels", "total_pixels"})
_ALIKE = 0.005  # pixels whose areas differ by no more stand for areas well enough
_SIZE_KEYS = frozenset({"area_pixels", "area_hectares"})
_OVERLAP = 0.005  # of features' area counted twice: worth a warning from here
_ROLES = ("counted", "reference", *CHANGES)
_LONGEST_TOPIC = 100  # characters
_LONGEST_REASON = 300  # characters of a program's own text that reach the user
_HAIR = 1e-6  # metres: far below the step between two distances of pixels
_CACHED = 4  # answers kept of "within D of these shapes", and of distances to them

#: What shapes were measured against: the reference, metres (None: no distance) and whether beyond them.
Band = tuple[list[BlockPart], float | None, bool]
Area = np.ndarray | Runs
#: A topic's shapes on the whole scene, and their (H, W) mask where it is at hand.
Looked = tuple[Shapes, np.ndarray | None]


class Refused(Exception):
    """A call that a program may catch: bad arguments. ``kind`` names the Python exception it becomes."""

    def __init__(self, message: str, kind: str = "ValueError") -> None:
        super().__init__(message)
        self.kind = kind


@dataclass
class Known:
    """What programs on one scene and segmenter share.

    Attributes:
        shapes: topic → its shapes on the whole scene.
        ground: of a program before; None at first.
    """

    shapes: dict[str, Looked] = field(default_factory=dict)
    ground: Ground | None = None


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
        self._later, self._before = segmenter, before
        self._segmenter: Segmenter = segmenter if before is None else TwoDates(segmenter, before)
        self.ground = Ground(scene, self._segmenter, None if area is None else area.runs)
        self._known_before = Known() if known is None else known
        if self._known_before.ground is not None:
            self.ground.share(self._known_before.ground)
        self.registry = ShapeRegistry()
        self.interest = None if area is None else Interest(area, self.registry, self.ground.warn)
        self.whereabouts = Whereabouts(scene, self.ground, self.registry)
        self.trace: list[Call] = []
        self.highlighted: list[tuple[str, list[int]]] = []
        self.band: Band | None = None
        self.last_shapes: list[int] = []
        self.topics: list[str] = []
        self.seen: list[str] = []
        self.seconds = 0.0
        self.image_path = scene.name
        self.before_path = None if before is None else f"before/{before.scene.name}"
        self.known_gsd = None if scene.scale is None else float(scene.scale.gsd)
        self._scene = scene
        self._limits = limits
        self._keys = named_keys
        self._bands: dict[int, Band | None] = {}
        self._shapes: dict[str, Block] = {}
        self._near: dict[tuple[Any, ...], Runs] = {}
        self._tiling = tiling_for(scene, limits, self._segmenter)
        self._distances_of: dict[tuple[Any, ...], np.ndarray] = {}
        self._overlaps: dict[str, float] = {}
        self._merges = False
        self._measured_once: set[tuple[Any, ...]] = set()
        #: Why a measure that a program may have read is not there, for the error of a program that used it.
        self.unmeasured: list[str] = []
        self._shapes_sent = 0
        self._calls: dict[str, Callable[..., Any]] = {
            "segment": self._segment,
            "surroundings": self._surroundings,
            "within": self._within,
            "beyond": self._beyond,
            "distances": self._distances,
            "perimeters": self._perimeters,
            "lengths": self._lengths,
            "intersect": self._intersect,
            "subtract": self._subtract,
            "merge": self._merge,
            "match": self._match,
            "transitions": self._transitions,
            "image": self._image,
            "index": self._index,
            "highlight": self._highlight,
            "cannot_answer": self._cannot_answer,
        }

    def answer(self, args: Sequence[Any], kwargs: dict[str, Any]) -> str:
        """Answer one call; the result crosses the border as JSON text.

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
        name, *rest = args if args and isinstance(args[0], str) else ("",)
        if kwargs or name not in self._calls:
            raise Refused("no such function: call the documented ones", "TypeError")
        started = time.perf_counter()
        try:
            result, summary = self._calls[name](*rest)
        except (PlanimeterError, Refused) as error:
            self._record(name, rest, f"{type(error).__name__}: {error}", started)
            raise
        except TypeError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is None:
                raise Refused(f"wrong arguments for {name}", "TypeError") from None
            raise
        self._record(name, rest, summary, started)
        return json.dumps(result)

    @property
    def warnings(self) -> list[str]:
        """What a reader of the answer should know, complete once the program has ended."""
        counted = "counted for each of them"
        if self._merges:
            counted = "counted once where they were merged, else for each of them"
        return self.ground.warnings + [
            f"About {overlap:.0%} of the {topic} features' area lies on other features of the layer and is {counted}."
            for topic, overlap in self._overlaps.items()
        ]

    @property
    def looked(self) -> bool:
        """Whether any pixel was asked for, be it of a topic or of the image."""
        return bool(self._shapes)

    def whole(self, topic: str) -> Shapes:
        """All shapes of a topic, for who measures without a program.

        Raises:
            PlanimeterError: as a program that asks for the topic.
        """
        self._load([topic])
        return (self._shapes if self.interest is None else self.interest.around)[topic].regions

    # -- calls ---------------------------------------------------------------------------------------------

    def _segment(self, image: Any, topics: Any, min_area_pixels: Any, gsd: Any) -> tuple[dict[str, Any], str]:
        find = self._topics_of(image)
        smallest = _number(min_area_pixels, "min_area_pixels")
        _check_topics(topics)
        self._use_scale(gsd, "gsd", needed=bool(self._keys & _AREA_KEYS))
        if self._keys & _PIXEL_KEYS and self.ground.spread > _ALIKE:
            self.ground.warn(
                f"The pixels of this scene differ by up to {self.ground.spread:.0%} in ground area, and the program "
                "counts them: for shares and comparisons of the ground use area_hectares and total_hectares."
            )
        wanted = {topic: find(topic) for topic in dict.fromkeys(topics)}
        self._load(list(dict.fromkeys(wanted.values())))
        ids: list[int] = []
        words: list[str] = []
        for asked, topic in wanted.items():
            block = self._shapes[topic]
            kept = np.flatnonzero(_at_least(block.regions, smallest)) + block.first
            ids.extend(kept.tolist())
            words.extend([asked] * len(kept))
        totals: dict[str, int | float] = {
            "image_width": self._scene.width,
            "image_height": self._scene.height,
            "total_pixels": self.ground.valid_pixels,
        }
        if self.ground.scale is not None:
            totals["total_hectares"] = self.ground.valid_hectares
        return {"columns": self._columns(ids, words), "totals": totals}, f"{len(ids)} shapes"

    def _surroundings(self, topics: Any, gsd: Any, image: Any = None) -> tuple[dict[str, Any], str]:
        find = self._topics_of(self.image_path if image is None else image)
        _check_topics(topics)
        self._use_scale(gsd, "gsd", needed=bool(self._keys & _AREA_KEYS))
        wanted = {topic: find(topic) for topic in dict.fromkeys(topics)}
        self._load(list(dict.fromkeys(wanted.values())))
        blocks = self._shapes if self.interest is None else self.interest.around
        ids: list[int] = []
        words: list[str] = []
        for asked, topic in wanted.items():
            block = blocks[topic]
            ids.extend(range(block.first, block.first + len(block)))
            words.extend([asked] * len(block))
        return self._columns(ids, words), f"{len(ids)} shapes"

    def _within(self, targets: Any, references: Any, metres: Any, resolution: Any) -> tuple[Any, str]:
        return self._by_distance(targets, references, metres, resolution, beyond=False)

    def _beyond(self, targets: Any, references: Any, metres: Any, resolution: Any) -> tuple[Any, str]:
        return self._by_distance(targets, references, metres, resolution, beyond=True)

    def _by_distance(
        self, targets: Any, references: Any, metres: Any, resolution: Any, beyond: bool
    ) -> tuple[Any, str]:
        target_ids = self._known(targets, "target_shapes")
        reference = self._reference(self._known(references, "reference_shapes"))
        distance = _number(metres, "distance_meters")
        self._use_scale(resolution, "resolution", needed=True)
        self.band = (reference, distance, beyond)
        return self._cut(target_ids, self._near_area(reference, distance), inside=not beyond)

    def _intersect(self, targets: Any, others: Any) -> tuple[Any, str]:
        target_ids = self._known(targets, "target_shapes")
        other = self.registry.parts(self._known(others, "other_shapes"))
        self.band = (other, None, False)
        return self._cut(target_ids, self._union(other), inside=True)

    def _subtract(self, targets: Any, others: Any) -> tuple[Any, str]:
        target_ids = self._known(targets, "target_shapes")
        other = self.registry.parts(self._known(others, "other_shapes"))
        self.band = (other, None, False)
        return self._cut(target_ids, self._union(other), inside=False)

    def _distances(self, targets: Any, references: Any, resolution: Any) -> tuple[list[float | None], str]:
        target_ids = self._known(targets, "target_shapes")
        reference = self._reference(self._known(references, "reference_shapes"))
        scale = self._use_scale(resolution, "resolution", needed=True)
        assert scale is not None
        self.band = (reference, None, False)
        found = self._per_region(target_ids, lambda part: self._part_distances(part, reference, scale))
        self.last_shapes = target_ids
        return [value if math.isfinite(value) else None for value in found], f"{len(found)} distances"

    def _part_distances(self, part: BlockPart, reference: list[BlockPart], scale: Scale) -> np.ndarray:
        """Distances of a part; asked about one block again and again, the whole block is measured once."""
        key = (part.block.first, *(other.key for other in reference), *scale.sides)
        if key in self._distances_of:
            return self._distances_of[key][part.indices]
        area = self._union(reference)
        if not part.is_whole and key not in self._measured_once:
            self._measured_once.add(key)
            return shape_distances(part.regions(), area, *scale.sides, self._tiling)
        if len(self._distances_of) >= _CACHED:
            del self._distances_of[next(iter(self._distances_of))]
        self._distances_of[key] = shape_distances(part.block.regions, area, *scale.sides, self._tiling)
        return self._distances_of[key][part.indices]

    def _perimeters(self, shapes: Any, resolution: Any) -> tuple[list[float], str]:
        ids = self._known(shapes, "shapes")
        scale = self._use_scale(resolution, "resolution", needed=True)
        assert scale is not None
        found = self._per_region(ids, lambda part: perimeters(part.regions(), *scale.sides))
        self.last_shapes = ids
        return found, f"{len(found)} perimeters"

    def _lengths(self, shapes: Any, resolution: Any) -> tuple[list[float], str]:
        ids = self._known(shapes, "shapes")
        self._use_scale(resolution, "resolution", needed=True)
        found = self._per_region(ids, _length_of)
        self.last_shapes = ids
        return found, f"{len(found)} lengths"

    def _merge(self, shapes: Any, class_type: Any) -> tuple[Any, str]:
        ids = self._known(shapes, "shapes")
        if not isinstance(class_type, str):
            raise Refused("class_type must be a word", "TypeError")
        parts: list[Shapes] = [part.regions() for part in self.registry.parts(ids)]
        if not parts:
            return self._columns([]), "0 shapes"
        regions = merge(parts, pixel_area=self.ground.pixel_area)
        self._merges = True
        block = self.registry.add(regions, [one_line(class_type, 60)] * len(regions))
        if self.interest is not None:
            self.interest.derived(block, [part.block for part in self.registry.parts(ids)])
        new = list(range(block.first, block.first + len(block)))
        return self._columns(new), f"{len(new)} shapes"

    def _image(self, left: Any, top: Any, right: Any, bottom: Any) -> tuple[Any, str]:
        shares = [
            _number(left, "left"),
            _number(top, "top"),
            _number(right, "right"),
            _number(bottom, "bottom"),
        ]
        point = shares[0] == shares[2] and shares[1] == shares[3]
        if max(shares) > 1 or (not point and (shares[0] >= shares[2] or shares[1] >= shares[3])):
            raise Refused("a part of the image lies between 0 and 1, left before right and top before bottom")
        self._use_scale(None, "gsd", needed=bool(self._keys & _AREA_KEYS))
        self._load([WHOLE])
        if point:
            return self._place(shares[0], shares[1])
        block = self._shapes[WHOLE]
        ids = list(range(block.first, block.first + len(block)))
        if shares == [0.0, 0.0, 1.0, 1.0]:
            return self._columns(ids), f"{len(ids)} shapes"
        return self._cut(ids, self._box(shares), inside=True)

    def _place(self, across: float, down: float) -> tuple[Any, str]:
        """The pixels nearest to a place of the image, whether they count or not: up to four where it is a corner."""
        sides: list[tuple[int, int]] = []
        for share, count in ((across, self._scene.width), (down, self._scene.height)):
            at = share * count
            first = math.floor(at) - (1 if at == math.floor(at) else 0)
            sides.append((max(0, first), min(count, math.floor(at) + 1)))
        (x0, x1), (y0, y1) = sides
        rows = np.arange(y0, y1, dtype=np.int64) * (self._scene.width + 1)
        runs = Runs((self._scene.height, self._scene.width), rows + x0, rows + x1)
        shapes = Regions(runs, np.zeros(len(rows), dtype=np.int32), 1, self.ground.pixel_area)
        block = self.registry.add(shapes, ["image"])
        return self._columns([block.first]), "1 shapes"

    def _box(self, shares: list[float]) -> Runs:
        """The pixels whose centres lie in a part of the image, given by shares of its width and height."""
        width, height = self._scene.width, self._scene.height
        x0, x1 = (math.ceil(share * width - 0.5) for share in shares[::2])
        y0, y1 = (math.ceil(share * height - 0.5) for share in shares[1::2])
        rows = np.arange(y0, y1 if x1 > x0 else y0, dtype=np.int64) * (width + 1)
        return Runs((height, width), rows + x0, rows + x1)

    def _index(self, image: Any, index: Any, shapes: Any, gsd: Any) -> tuple[dict[str, Any], str]:
        self._topics_of(image)
        formula = _formula(index)
        self._use_scale(gsd, "gsd", needed=bool(self._keys & _AREA_KEYS))
        if shapes is None:
            self._load([WHOLE])
            covered = self._shapes[WHOLE].regions.united()
        else:
            parts = self.registry.parts(self._known(shapes, "shapes"))
            covered = unite([part.regions().runs for part in parts], self._tiling.shape)
        scene = self._scene if image == self.image_path or self._before is None else self._before.scene
        found = index_values(formula, scene, self._scene, covered, self.ground, "median" in self._keys)
        return found, f"{found['area_pixels']} pixels"

    def _highlight(self, shapes: Any, role: Any) -> tuple[None, str]:
        if role not in _ROLES:
            more = "" if self._before is None else f", or of two dates one of {', '.join(CHANGES)}"
            raise Refused(f'role must be "counted" or "reference"{more}')
        ids = self._known(shapes, "shapes")
        self.highlighted.append((role, ids))
        return None, f"{len(ids)} {role}"

    def _match(self, targets: Any, others: Any, overlap: Any) -> tuple[list[list[int]], str]:
        target_ids = self._known(targets, "target_shapes")
        other = self.registry.parts(self._known(others, "other_shapes"))
        least = _number(overlap, "overlap")
        if not 0 < least <= 1:
            raise Refused("overlap is a part of the smaller shape, above 0 and at most 1")
        found = matched_ids(self.registry.parts(target_ids), other, least)
        self.last_shapes = target_ids
        return [found.get(shape_id, []) for shape_id in target_ids], f"{len(found)} matched"

    def _transitions(self, before: Any, after: Any) -> tuple[list[dict[str, Any]], str]:
        earlier, later = self._known(before, "before_shapes"), self._known(after, "after_shapes")
        self._use_scale(None, "gsd", needed=bool(self._keys & _AREA_KEYS))
        self._load([WHOLE])
        ground = self._shapes[WHOLE].regions.united()
        sides = self.registry.parts(earlier), self.registry.parts(later)
        rows = transition_rows(sides[0], sides[1], ground, self.ground)
        self.last_shapes = [*earlier, *later]
        return rows, f"{len(rows)} transitions"

    def _cannot_answer(self, reason: Any) -> tuple[None, str]:
        text = one_line(reason if isinstance(reason, str) else "", _LONGEST_REASON)
        raise NotMeasurable(text or "The program says that this cannot be measured here: ask differently.")

    # -- what calls share ----------------------------------------------------------------------------------

    def _topic(self, asked: str) -> str:
        return topic_among(asked, self._later.topics, getattr(self._later, "brought", ())) or asked

    def _topics_of(self, image: Any) -> Callable[[str], str]:
        """What finds the topics of one of the two dates, for the name of its image."""
        if image is None:
            raise NotMeasurable(
                "The program asks for an earlier image, and there is none: give it with --before IMAGE."
            )
        if not isinstance(image, str) or image not in (self.image_path, self.before_path):
            raise Refused("image_input must be IMAGE_PATH: a program measures the one image it was given")
        return self._topic if image == self.image_path else self._earlier_topic

    def _earlier_topic(self, asked: str) -> str:
        assert self._before is not None
        source = self._before.source
        return EARLIER + (topic_among(asked, source.topics, source.brought) or asked)

    def _load(self, topics: list[str]) -> None:
        """Have the topics segmented that are not there yet, all in one pass."""
        missing = [topic for topic in topics if topic not in self._shapes]
        if not missing:
            return
        for topic in [topic for topic in missing if topic in self._known_before.shapes]:
            self._keep(topic, self._known_before.shapes[topic])
            missing.remove(topic)
        if not missing:
            return
        if len(self._shapes) + len(missing) > self._limits.topics:
            raise LimitReached(
                f"The program asked for more than {self._limits.topics} topics: ask only for those it needs."
            )
        if not self._tiling.is_whole:
            self._load_in_tiles(missing)
            return
        shape = self._scene.height, self._scene.width
        looked_for = [topic for topic in missing if topic != WHOLE]
        # Features need no mask of the scene.
        features = features_in(self._segmenter, self._scene, looked_for)
        seen = self._segmenter.look(self._scene, [topic for topic in looked_for if topic not in features])
        features |= seen.features
        for sentence in seen.cautions:
            self.ground.warn(sentence)
        valid = None if not features or self.ground.valid is None else runs_of(self.ground.valid)
        for topic in missing:
            if topic in features:
                self._add_features(topic, features[topic], valid)
                continue
            looked = np.ones(shape, dtype=bool) if topic == WHOLE else seen.masks[topic]
            mask = self.ground.only_valid(looked)
            regions = label_regions(mask, pixel_area=self.ground.pixel_area)
            self._keep(topic, (regions, mask))

    def _keep(self, topic: str, looked: Looked) -> None:
        """Give a topic's shapes their ids, and what lies in the area of interest where there is one."""
        shapes, mask = looked
        self._known_before.shapes[topic], self._known_before.ground = looked, self.ground
        words = [_word(topic)] * len(shapes)
        if self.interest is None:
            block = self.registry.add(shapes, words, mask=mask)
        else:
            block = self.interest.add(topic, shapes, words, mask)
        self._shapes[topic] = block
        if topic != WHOLE:
            self.topics.append(topic)
            self.seen += [topic] if len(block) else []

    def _load_in_tiles(self, topics: list[str]) -> None:
        """The same, tile by tile; what is kept of a tile are its runs. Features are those of the whole scene."""
        looked_for = [topic for topic in topics if topic != WHOLE]
        features = features_in(self._segmenter, self._scene, looked_for)
        topics = [topic for topic in topics if topic not in features]
        area = None if self.interest is None else self.interest.area.runs
        tiling, question = self._tiling, TileQuestion(self._scene, self._segmenter, tuple(topics), area)
        tally = Tally(self._scene.height)
        pieces: dict[str, list[Piece]] = {topic: [] for topic in topics}
        boxes, valid = tiling.boxes(), []
        for box, seen in zip(boxes, tiling.each(look_at_tile, question, boxes), strict=True):
            tally.add(box[1], seen.valid, seen.square_metres, seen.unjudged)
            valid.append(seen.runs)
            for topic in topics:
                pieces[topic].append(seen.pieces[topic])
            for sentence in seen.cautions:
                self.ground.warn(sentence)
        check_runs([piece for found in pieces.values() for piece in found], tiling, self._limits)
        self.ground.tally = tally
        everywhere = tally.pixels == self._scene.height * self._scene.width
        counting = None if everywhere else join_runs(valid, tiling)
        self.ground.counting = counting
        for topic in topics:
            regions = join_regions(pieces.pop(topic), tiling, self.ground.pixel_area)
            self._keep(topic, (regions, None))
        for topic, found in features.items():
            self._add_features(topic, found, counting)

    def _add_features(self, topic: str, features: Features, valid: Runs | None) -> None:
        """Take the features of a vector layer as shapes, as far as pixels count (None: all do)."""
        for sentence in features.notes:
            self.ground.warn(sentence)
        kept = features if valid is None else features.cut(valid, inside=True)[0]
        said = topic.replace(EARLIER, "earlier ")
        lost = len(features) - len(kept)
        if lost:
            self.ground.warn(
                f"Of {len(features):,} {said} features {lost:,} lie where there is no data, and count for nothing."
            )
        if features.kind != "polygon":
            has = (
                "lines, which have a length but no area"
                if features.kind == "line"
                else "points, which have no size"
            )
            self.unmeasured.append(
                f"The {said} layer holds {has}: ask how many there are or what lies near them, or give polygons."
            )
        elif self._keys & _SIZE_KEYS and kept.overlap > _OVERLAP:
            self._overlaps[said] = kept.overlap
        self._keep(topic, (kept, None))

    def _use_scale(self, given: Any, name: str, needed: bool) -> Any:
        stated = None if given is None else _number(given, name)
        if stated == 0:
            raise Refused(f"{name} must be greater than 0")
        scale = self.ground.use(stated)
        if scale is None and needed:
            raise ScaleError(NO_SCALE)
        return scale

    def _known(self, ids: Any, name: str) -> list[int]:
        if not isinstance(ids, list):
            raise Refused(f"{name} must be a list of shapes", "TypeError")
        if len(ids) > self._limits.shapes:
            raise LimitReached(f"{name} holds more than {self._limits.shapes} shapes: filter them first.")
        if not self.registry.knows_all(ids):
            raise Refused(f"{name} holds a shape with an id that no function returned: do not change ids")
        return ids

    def _reference(self, ids: list[int]) -> list[BlockPart]:
        """Shapes that are measured to, which no area of interest ends."""
        parts = self.registry.parts(ids)
        return parts if self.interest is None else self.interest.reference(parts)

    def _union(self, parts: list[BlockPart]) -> Area:
        if not self._tiling.is_whole or all(isinstance(part.block.regions, Features) for part in parts):
            return unite([part.regions().runs for part in parts], self._tiling.shape)
        if len(parts) == 1:
            return parts[0].mask()
        union = np.zeros((self._scene.height, self._scene.width), dtype=bool)
        for part in parts:
            union |= part.mask()
        return union

    def _near_area(self, reference: list[BlockPart], metres: float) -> Runs:
        """Pixels within a distance of shapes, as runs: repeated cuts of single shapes then cost little."""
        scale = self.ground.scale
        assert scale is not None
        key = (*(part.key for part in reference), metres, *scale.sides)
        if key not in self._near:
            while len(self._near) >= _CACHED:
                del self._near[next(iter(self._near))]
            area = self._union(reference)
            self._near[key] = near_runs(area, metres, scale.dx, scale.dy, self._tiling)
        return self._near[key]

    def _cut(self, target_ids: list[int], area: Area, inside: bool) -> tuple[Any, str]:
        """New shapes from the pixels of targets inside (or outside) an area, in the order of the targets."""
        new_id: dict[int, int] = {}
        for part in self.registry.parts(target_ids):
            regions, source = (clip if inside else subtract)(part.regions(), area)
            origin = part.indices[source]
            words = [part.block.class_types[k] for k in origin.tolist()]
            block = self.registry.add(regions, words, sources=origin + part.block.first)
            if self.interest is not None:
                self.interest.derived(block, [part.block])
            self._bands[block.first] = self.band
            new_ids = range(block.first, block.first + len(block))
            new_id.update(zip((origin + part.block.first).tolist(), new_ids, strict=True))
        ids = [new_id[shape_id] for shape_id in target_ids if shape_id in new_id]
        return self._columns(ids), f"{len(ids)} shapes"

    def nearest_point(self, shape_id: int, metres: float) -> tuple[float, float] | None:
        """The point of a shape that its distance was measured from, in cells of the grid; None where it was not.

        Args:
            shape_id: a known id.
            metres: the distance that the program has of it.
        """
        scale = self.ground.scale
        if self.band is None or scale is None or not self.band[0]:
            return None
        (part,) = self.registry.parts([shape_id])
        reference = self.band[0]
        measured = float(self._part_distances(part, reference, scale)[0])
        if not math.isclose(measured, metres, rel_tol=1e-9, abs_tol=1e-9):
            return None  # a distance to something else
        kept, _ = clip(part.regions(), self._near_area(reference, measured + _HAIR))
        if not len(kept):
            return None
        row, start, _ = kept.united().rows()
        return float(start[0]) + 0.5, float(row[0]) + 0.5

    def band_of(self, parts: list[BlockPart]) -> Band | None:
        """The reference and distance that shapes were cut by; the last one used where they were not cut."""
        cut = [self._bands[part.block.first] for part in parts if part.block.first in self._bands]
        return cut[0] if cut else self.band

    def _per_region(self, ids: list[int], measure: Callable[[BlockPart], np.ndarray]) -> list[float]:
        found: dict[int, float] = {}
        for part in self.registry.parts(ids):
            values = np.asarray(measure(part), dtype=np.float64).tolist()
            found.update(zip((part.indices + part.block.first).tolist(), values, strict=True))
        return [found[shape_id] for shape_id in ids]

    def _columns(self, ids: list[int], words: list[str] | None = None) -> dict[str, list[Any]]:
        """One list per shape key, in the order of ``ids``."""
        self._shapes_sent += len(ids)
        if self._shapes_sent > self._limits.shapes:
            raise LimitReached(
                f"The program asked for more than {self._limits.shapes} shapes: "
                "leave out small ones with min_area_pixels."
            )
        self.last_shapes = ids
        columns: dict[str, list[Any]] = {"id": ids, "class_type": [], "area_pixels": []}
        metric = self.ground.scale is not None
        if metric:
            columns["area_hectares"] = []
        position = 0
        while position < len(ids):  # runs of one block, as whole columns
            block = self.registry.block_of(ids[position])
            end = position
            last = block.first + len(block)
            while end < len(ids) and block.first <= ids[end] < last:
                end += 1
            index = np.asarray(ids[position:end], dtype=np.int64) - block.first
            columns["class_type"] += [block.class_types[k] for k in index.tolist()]
            columns["area_pixels"] += _known_numbers(block.regions.area_pixels[index])
            if metric:
                columns["area_hectares"] += _known_numbers(self.ground.area_m2(block.regions)[index] / 10_000)
            if block.sources is not None:
                columns.setdefault("source_id", []).extend(block.sources[index].tolist())
            for key in self._keys & _GEOMETRY:
                columns.setdefault(key, []).extend(block.column(key, index))
            position = end
        if words is not None:
            columns["class_type"] = words
        return columns

    def _record(self, name: str, args: Sequence[Any], summary: str, started: float) -> None:
        spent = time.perf_counter() - started
        self.seconds += spent
        function = _PUBLIC_NAMES.get(name, name)
        self.trace.append(Call(function, ", ".join(map(_short, args)), summary[:200], round(spent, 6)))


def _formula(index: Any) -> Formula:
    if not isinstance(index, str):
        raise Refused('index must be the name of a spectral index such as "NDVI"', "TypeError")
    try:
        return formula_named(index)
    except LabelError as unknown:
        raise Refused(str(unknown)) from None


def _check_topics(topics: Any) -> None:
    if not isinstance(topics, list) or not topics or not all(isinstance(t, str) for t in topics):
        raise Refused('topics must be a list of topic names such as ["water", "roof"]', "TypeError")
    if max(map(len, topics)) > _LONGEST_TOPIC:
        raise Refused("a topic is one or a few words")


_PUBLIC_NAMES = {
    "segment": "segment_image_from_path",
    "surroundings": "find_surrounding_shapes",
    "within": "find_shapes_within_distance",
    "beyond": "find_shapes_beyond_distance",
    "distances": "calculate_shape_distances",
    "perimeters": "calculate_shape_perimeters",
    "lengths": "calculate_shape_lengths",
    "intersect": "intersect_shapes",
    "subtract": "subtract_shapes",
    "merge": "merge_shapes",
    "match": "match_shapes",
    "transitions": "calculate_transitions",
    "image": "find_image_shapes",
    "index": "measure_index",
    "highlight": "highlight_shapes",
}

_GEOMETRY = frozenset({"bbox", "centroid", "polygon", "holes"})


def _word(topic: str) -> str:
    """What shapes of a topic are called, of whichever date."""
    return topic.removeprefix(EARLIER).lstrip("*")


def _at_least(regions: Shapes, smallest: float) -> np.ndarray:
    """(N,) bool: which are not smaller than so many pixels. A feature that is smaller than one pixel is one still."""
    if isinstance(regions, Features) and smallest <= 1:
        return np.ones(len(regions), dtype=bool)
    return ~(regions.area_pixels < smallest)


def _length_of(part: BlockPart) -> np.ndarray:
    length = part.regions().length_m
    if length is None:
        kind = part.block.class_types[int(part.indices[0])]
        raise NotMeasurable(
            f"The length of {kind} is that of lines, and here lines alone do not show it: give a line layer with "
            f"--vector {kind}=FILE and no labels or other layers of {kind}, or ask for an area or an outline."
        )
    return length


def _known_numbers(values: np.ndarray) -> list[Any]:
    """Numbers for a program; None for what has none, which no program can count with by mistake."""
    listed = values.tolist()
    if values.dtype.kind == "f" and np.isnan(values).any():
        return [None if math.isnan(value) else value for value in listed]
    return listed


def _number(value: Any, name: str) -> float:
    """A finite number ≥ 0 from a program, or a refusal."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"{name} must be a number, not {type(value).__name__}", "TypeError")
    if isinstance(value, int) and abs(value) > 10**15:
        raise Refused(f"{name} is too large")
    if not math.isfinite(value) or value < 0:
        raise Refused(f"{name} must be a finite number that is not negative, got {value}")
    return float(value)


def one_line(text: str, longest: int) -> str:
    """Printable text on one line, cut to a length."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text[: longest * 4]).split())
    return clean if len(clean) <= longest else clean[: longest - 1].rstrip() + "…"


def _short(value: Any) -> str:
    """An argument as the trace shows it."""
    if isinstance(value, list) and value and isinstance(value[0], int):
        return f"{len(value)} shapes"
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
