"""The shapes of topics: looked for once, whole or tile by tile, and given their ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from planimeter.errors import LimitReached
from planimeter.program.interest import Interest
from planimeter.program.limits import Limits
from planimeter.program.measure import Ground, Tally
from planimeter.program.registry import Block, ShapeRegistry
from planimeter.program.tiling import WHOLE, TileQuestion, check_runs, look_at_tile
from planimeter.segment.base import features_in
from planimeter.segment.dates import EARLIER
from planimeter.spatial import Features, Shapes, label_regions
from planimeter.spatial.runs import Runs, intersect, runs_of
from planimeter.spatial.tiles import Piece, Tiling, join_regions, join_runs

if TYPE_CHECKING:
    from planimeter.raster.scene import Scene
    from planimeter.segment.base import Segmenter

_OVERLAP = 0.005  # of features' area counted twice: worth a warning from here

#: A topic's shapes on the whole scene, and their (H, W) mask where it is at hand.
Looked = tuple[Shapes, np.ndarray | None]


@dataclass
class Known:
    """What programs on one scene and segmenter share.

    Attributes:
        shapes: topic → its shapes on the whole scene.
        unsure: topic → pixels that count and of which the segmenter is not sure, where it says so.
        ground: of a program before; None at first.
    """

    shapes: dict[str, Looked] = field(default_factory=dict)
    unsure: dict[str, Runs] = field(default_factory=dict)
    ground: Ground | None = None


class TopicShapes:
    """The shapes of the topics that one program asks for.

    Args:
        scene: the image.
        segmenter: where masks come from.
        ground: which pixels count.
        registry: gives shapes their ids.
        interest: the area of interest; None for the whole scene.
        limits: the program's budgets.
        tiling: how the scene is cut.
        known: what programs before found on the same scene, and gets what this one finds.
        sized: whether the program reads sizes, so that it is told of areas that count twice.

    Attributes:
        blocks: topic → its shapes, inside the area of interest where there is one.
        topics: topics that were looked for, in order.
        seen: those of them of which the scene has anything.
        overlaps: topic in words → the share of its features' area that lies on other features of the layer.
        unmeasured: why a measure that a program may have read is not there.
    """

    def __init__(
        self,
        scene: Scene,
        segmenter: Segmenter,
        *,
        ground: Ground,
        registry: ShapeRegistry,
        interest: Interest | None,
        limits: Limits,
        tiling: Tiling,
        known: Known,
        sized: bool,
    ) -> None:
        self.blocks: dict[str, Block] = {}
        self.topics: list[str] = []
        self.seen: list[str] = []
        self.overlaps: dict[str, float] = {}
        self.unmeasured: list[str] = []
        self._scene, self._segmenter = scene, segmenter
        self._ground, self._registry, self._interest = ground, registry, interest
        self._limits, self._tiling, self._known, self._sized = limits, tiling, known, sized

    @property
    def unsure(self) -> dict[str, Runs]:
        """Topics that the program asked for → pixels of which the segmenter is not sure, in the area of interest."""
        known = {topic: self._known.unsure[topic] for topic in self.topics if topic in self._known.unsure}
        if self._interest is None:
            return known
        return {topic: intersect(runs, self._interest.area.runs)[0] for topic, runs in known.items()}

    def load(self, topics: list[str]) -> None:
        """Have the topics segmented that are not there yet, all in one pass.

        Raises:
            PlanimeterError: a topic cannot be looked for, or they are too many.
        """
        missing = [topic for topic in topics if topic not in self.blocks]
        if not missing:
            return
        for topic in [topic for topic in missing if topic in self._known.shapes]:
            self._keep(topic, self._known.shapes[topic])
            missing.remove(topic)
        if not missing:
            return
        if len(self.blocks) + len(missing) > self._limits.topics:
            raise LimitReached(
                f"The program asked for more than {self._limits.topics} topics: ask only for those it needs."
            )
        if not self._tiling.is_whole:
            self._load_in_tiles(missing)
            return
        looked_for = [topic for topic in missing if topic != WHOLE]
        # Features need no mask of the scene.
        features = features_in(self._segmenter, self._scene, looked_for)
        seen = self._segmenter.look(self._scene, [topic for topic in looked_for if topic not in features])
        features |= seen.features
        for sentence in seen.cautions:
            self._ground.warn(sentence)
        valid = None if not features or self._ground.valid is None else runs_of(self._ground.valid)
        for topic in missing:
            if topic in features:
                self._add_features(topic, features[topic], valid)
                continue
            looked = np.ones(self._tiling.shape, dtype=bool) if topic == WHOLE else seen.masks[topic]
            mask = self._ground.only_valid(looked)
            if topic in seen.unsure:
                self._known.unsure[topic] = runs_of(self._ground.only_valid(seen.unsure[topic]))
            regions = label_regions(mask, pixel_area=self._ground.pixel_area)
            self._keep(topic, (regions, mask))

    def _keep(self, topic: str, looked: Looked) -> None:
        """Give a topic's shapes their ids, and what lies in the area of interest where there is one."""
        shapes, mask = looked
        self._known.shapes[topic], self._known.ground = looked, self._ground
        word = _word(topic)
        if self._interest is None:
            block = self._registry.add(shapes, word, mask=mask)
        else:
            block = self._interest.add(topic, shapes, word, mask)
        self.blocks[topic] = block
        if topic != WHOLE:
            self.topics.append(topic)
            self.seen += [topic] if len(block) else []

    def _load_in_tiles(self, topics: list[str]) -> None:
        """The same, tile by tile; what is kept of a tile are its runs. Features are those of the whole scene."""
        looked_for = [topic for topic in topics if topic != WHOLE]
        features = features_in(self._segmenter, self._scene, looked_for)
        topics = [topic for topic in topics if topic not in features]
        area = None if self._interest is None else self._interest.area.runs
        tiling, question = self._tiling, TileQuestion(self._scene, self._segmenter, tuple(topics), area)
        tally = Tally(self._scene.height)
        pieces: dict[str, list[Piece]] = {topic: [] for topic in topics}
        unsure: dict[str, list[Runs]] = {}
        boxes, valid = tiling.boxes(), []
        for box, seen in zip(boxes, tiling.each(look_at_tile, question, boxes), strict=True):
            tally.add(box[1], seen.valid, seen.square_metres, seen.unjudged)
            valid.append(seen.runs)
            for topic in topics:
                pieces[topic].append(seen.pieces[topic])
            for topic, runs in seen.unsure.items():
                unsure.setdefault(topic, []).append(runs)
            for sentence in seen.cautions:
                self._ground.warn(sentence)
        check_runs([piece for found in pieces.values() for piece in found], self._limits)
        self._ground.tally = tally
        everywhere = tally.pixels == self._scene.height * self._scene.width
        counting = None if everywhere else join_runs(valid, tiling)
        self._ground.counting = counting
        self._known.unsure |= {topic: join_runs(runs, tiling) for topic, runs in unsure.items()}
        for topic in topics:
            regions = join_regions(pieces.pop(topic), tiling, self._ground.pixel_area)
            self._keep(topic, (regions, None))
        for topic, found in features.items():
            self._add_features(topic, found, counting)

    def _add_features(self, topic: str, features: Features, valid: Runs | None) -> None:
        """Take the features of a vector layer as shapes, as far as pixels count (None: all do)."""
        for sentence in features.notes:
            self._ground.warn(sentence)
        kept = features if valid is None else features.cut(valid, inside=True)[0]
        said = topic.replace(EARLIER, "earlier ")
        lost = len(features) - len(kept)
        if lost:
            self._ground.warn(
                f"Of {len(features):,} {said} features {lost:,} lie where there is no data, and count for nothing."
            )
        if features.kind != "polygon":
            has, ask = (
                ("lines, which have a length but no area", "how long they are")
                if features.kind == "line"
                else ("points, which have no size", "how many there are")
            )
            self.unmeasured.append(
                f"The {said} layer holds {has}: ask {ask} or what lies near them, or give polygons."
            )
        elif self._sized and kept.overlap > _OVERLAP:
            self.overlaps[said] = kept.overlap
        self._keep(topic, (kept, None))


def _word(topic: str) -> str:
    """What shapes of a topic are called, of whichever date."""
    return topic.removeprefix(EARLIER).lstrip("*")
