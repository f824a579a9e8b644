"""Two dates as one segmenter: an earlier image and its masks, laid on the grid of the later one.

The topics of the earlier date are topics of their own here, so that tiles, memory, features and programs treat them as
any other mask of the scene. Pixels count where both dates have an opinion: nodata of either belongs to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from planimeter.errors import LabelError, NotMeasurable
from planimeter.raster import Scene, open_scene
from planimeter.raster.laid import Laid, lay
from planimeter.segment.base import (
    Abilities,
    Caution,
    Seen,
    Segmenter,
    brought_by,
    features_in,
    shape_of,
    with_composed,
)
from planimeter.segment.find import find_segmenter
from planimeter.segment.finest import on_finest_grid
from planimeter.segment.labels import LabelSegmenter
from planimeter.segment.memory import look
from planimeter.segment.open import OpenTopics, is_open
from planimeter.segment.stack import StackSegmenter
from planimeter.segment.vector import VectorSegmenter
from planimeter.spatial import Features
from planimeter.spatial.runs import Box, crop, paint, unite
from planimeter.vocabulary.topics import Topic

#: In front of a topic of the earlier date; no topic of a source begins so.
EARLIER = "*before "

#: In front of a caution that its source gives of the earlier date alone.
OF_THE_EARLIER = "Of the earlier date: "

#: Pixels of the earlier scene that are looked at for one box, beyond which the box is divided.
_WINDOW = 1 << 26


def of_an_earlier_date(topics: Iterable[str]) -> bool:
    """Whether any of the topics is asked of the earlier of two dates, of which no doubt of a model is known."""
    return any(topic.startswith(EARLIER) for topic in topics)


@dataclass(frozen=True)
class Earlier:
    """The earlier date.

    Attributes:
        scene: its image.
        source: where its masks come from.
    """

    scene: Scene
    source: StackSegmenter


def earlier_date(
    image: str | Path | Scene, scene: Scene, later: StackSegmenter, wanted: Segmenter | str | None
) -> Earlier:
    """The earlier date: with the masks that are given for it, or with those of the later date's own model.

    Args:
        image: the earlier image. Where it does not say how large a pixel is and is as large as the later one, its
            pixels are as large as those.
        scene: the later image.
        later: where the later date's masks come from.
        wanted: where the earlier date's come from; None for the same as the later's, which maps cannot be.

    Raises:
        NotMeasurable: the later date has maps only, which show nothing of the earlier.
        SceneError: the earlier image cannot be read, or does not lie over the later one.
        InputError: as ``find_segmenter``.
    """
    before = image if isinstance(image, Scene) else open_scene(image)
    if before.scale is None and scene.scale is not None and before.shape == scene.shape:
        before = before.with_gsd(scene.scale.gsd, scene.scale.source)
    lay(before, scene)
    if wanted is not None:
        return Earlier(before, find_segmenter(wanted))
    models = [each for each in later.maps if not _is_map(each)]
    if later.fallback is None and not models:
        raise NotMeasurable(
            "The maps that are given show the later date alone: give those of the earlier date with --before-labels "
            "FILE --before-legend FILE or --before-vector TOPIC=FILE, or a model for both with --segmenter NAME."
        )
    return Earlier(before, StackSegmenter(models, later.uncorrected))


def on_own_grid(date: Earlier | None, program: str) -> Earlier | None:
    """The earlier date on a grid as fine as its labels; see ``planimeter.segment.finest.on_finest_grid``."""
    return None if date is None else replace(date, scene=on_finest_grid(date.scene, date.source, program))


def _is_map(source: Segmenter) -> bool:
    return isinstance(source, LabelSegmenter | VectorSegmenter)


def seen_by_a_model(source: StackSegmenter, topics: Sequence[str]) -> bool:
    """Whether a model shows any of these topics; maps show the others."""
    maps = [each for each in source.maps if _is_map(each)]
    mapped = with_composed(tuple(topic for each in maps for topic in each.topics))
    models = [each for each in source.maps if not _is_map(each)]
    shown = {topic for each in models for topic in with_composed(each.topics)}
    return any(topic in shown or topic not in mapped for topic in topics)


def image_is_a_map(earlier: Earlier) -> bool:
    """Whether the earlier image is itself one of its label rasters: then there is no picture to compare."""
    maps = [each.path for each in earlier.source.maps if isinstance(each, LabelSegmenter)]
    return any(_same_file(path, earlier.scene.path) for path in maps)


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.resolve() == other.resolve()
    except OSError:
        return False


def check_legends(earlier: Earlier, topics: Sequence[str]) -> None:
    """Refuse labels of the earlier date of which the legend names nothing: everything would look new.

    Raises:
        LabelError: says what they hold.
    """
    for each in earlier.source.maps:
        if not isinstance(each, LabelSegmenter) or not set(topics) & set(each.topics):
            continue
        amounts = each.amounts(earlier.scene)
        if amounts.unnamed and not any(amounts.topics.values()) and len(each.topics) > 1:
            names = " and ".join(list(amounts.unnamed)[:3])
            raise LabelError(
                f"On the earlier image {each.path.name} holds {names}, and nothing that the legend "
                f"{each.legend.name} names: give the legend that belongs to it with --before-legend."
            )


class TwoDates:
    """The later date's segmenter, with the earlier date's topics under names of their own.

    Args:
        later: where the later date's masks come from.
        earlier: the earlier date.

    Example:
        >>> from tempfile import mkdtemp
        >>> from planimeter.raster import open_scene
        >>> from planimeter.worlds import make_world
        >>> paths = make_world(1, size=64).write(mkdtemp())
        >>> scene = open_scene(paths["image"])
        >>> maps = find_segmenter(LabelSegmenter(paths["labels"], paths["legend"]))
        >>> both = TwoDates(maps, Earlier(scene, maps)).look(scene, ["water", EARLIER + "water"])
        >>> bool((both.masks["water"] == both.masks[EARLIER + "water"]).all())
        True
    """

    remembered = False  # what its sources saw is

    def __init__(self, later: Segmenter, earlier: Earlier) -> None:
        self.later = later
        self.earlier = earlier
        own, before = later.topics, earlier.source.topics
        both = (*own, *(EARLIER + topic for topic in before))
        #: The later date's topics, and behind them those of the earlier.
        self.topics: tuple[str, ...] = OpenTopics(both) if is_open(own) or is_open(before) else both
        same = later.name == earlier.source.name
        self.name = later.name if same else f"{later.name}; earlier date: {earlier.source.name}"

    @property
    def brought(self) -> tuple[Topic, ...]:
        """Records of the topics that either source brings."""
        return (*brought_by(self.later), *self.earlier.source.brought)

    @property
    def parts(self) -> bool:
        """Whether both can look at a part of a scene."""
        return Abilities.of(self.later).parts and self.earlier.source.parts

    @property
    def seam(self) -> int:
        """Pixels around a part that they look at."""
        return max(Abilities.of(self.later).seam, self.earlier.source.seam)

    @property
    def holds(self) -> int:
        """Bytes that they need while they look."""
        return Abilities.of(self.later).holds + self.earlier.source.holds

    @property
    def pace(self) -> float:
        """Seconds that both dates may take for a million pixels."""
        return Abilities.of(self.later).pace + self.earlier.source.pace

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """Both dates on the later one's grid; see ``Segmenter.look``.

        Raises:
            SceneError: the images do not overlap.
            NotMeasurable: a topic that its date does not have.
        """
        own = [topic for topic in topics if not topic.startswith(EARLIER)]
        before = [topic.removeprefix(EARLIER) for topic in topics if topic.startswith(EARLIER)]
        laid = self._laid(scene)
        self._require(before)
        seen = look(self.later, scene, own, box)
        wanted = box or (0, 0, scene.width, scene.height)
        features = features_in(self.earlier.source, scene if not laid.is_same else laid.earlier, before)
        masks, valid, said = self._earlier(
            laid, [t for t in before if t not in features], wanted, box is None
        )
        for topic, layer in features.items():
            masks[topic] = _painted(layer, scene, box)
        if seen.valid is not None:
            valid = seen.valid if valid is None else valid & seen.valid
        return Seen(
            {**seen.masks, **{EARLIER + topic: mask for topic, mask in masks.items()}},
            valid,
            (*seen.cautions, *(_of_the_earlier(sentence, seen.cautions) for sentence in said)),
            {**seen.features, **{EARLIER + topic: layer for topic, layer in features.items()}},
            seen.unsure,
        )

    def features(self, scene: Scene, topics: Sequence[str]) -> dict[str, Features]:
        """The features of both dates' vector layers; see ``planimeter.segment.base.features_in``."""
        laid = self._laid(scene)
        own = [topic for topic in topics if not topic.startswith(EARLIER)]
        before = [topic.removeprefix(EARLIER) for topic in topics if topic.startswith(EARLIER)]
        found = features_in(self.earlier.source, scene if not laid.is_same else laid.earlier, before)
        return {
            **features_in(self.later, scene, own),
            **{EARLIER + topic: layer for topic, layer in found.items()},
        }

    def fingerprint(self) -> str:
        """Both fingerprints, and the earlier image."""
        return (
            f"{self.later.fingerprint()}|before:{self.earlier.scene.path}|{self.earlier.source.fingerprint()}"
        )

    def _require(self, topics: list[str]) -> None:
        missing = [topic for topic in topics if topic not in self.earlier.source.topics]
        if missing:
            raise NotMeasurable(
                f"The earlier date has no {' or '.join(repr(topic[:40]) for topic in missing)}: its source "
                f"{self.earlier.source.name} knows {', '.join(self.earlier.source.topics)}; add one that shows it with "
                "--before-labels or --before-vector."
            )

    def _laid(self, scene: Scene) -> Laid:
        known: Laid | None = self.__dict__.get("_known")
        if known is None or known.later is not scene:
            known = self.__dict__["_known"] = lay(self.earlier.scene, scene)
        return known

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "_known"}

    def _earlier(
        self, laid: Laid, topics: list[str], box: Box, whole: bool
    ) -> tuple[dict[str, np.ndarray], np.ndarray | None, tuple[str, ...]]:
        """Masks of the earlier date in a box of the later, its valid pixels (None: all), and cautions."""
        source, scene = self.earlier.source, self.earlier.scene
        if laid.is_same:
            seen = look(source, scene, topics, None if whole else box)
            valid = scene.valid(box)
            valid = valid if seen.valid is None else valid & seen.valid
            return dict(seen.masks), None if valid.all() else valid, seen.cautions
        shape = box[3] - box[1], box[2] - box[0]
        window = laid.window(box)
        if window is None:
            nothing = np.zeros(shape, dtype=bool)
            return {topic: nothing.copy() for topic in topics}, nothing, ()
        size = (window[2] - window[0]) * (window[3] - window[1])
        cut = Abilities.of(source).parts and size < scene.width * scene.height
        if cut and size > _WINDOW and shape[0] * shape[1] > 1:
            return self._in_quarters(laid, topics, box)
        window = window if cut else (0, 0, scene.width, scene.height)
        seen = look(source, scene, topics, window if cut else None)
        valid = scene.valid(window)
        valid = valid if seen.valid is None else valid & seen.valid
        brought = laid.bring({**seen.masks, None: valid}, box, window)
        valid = brought.pop(None)
        return brought, None if valid.all() else valid, seen.cautions

    def _in_quarters(
        self, laid: Laid, topics: list[str], box: Box
    ) -> tuple[dict[str, np.ndarray], np.ndarray, tuple[str, ...]]:
        """The same, a quarter of the box after the other: the earlier image is much finer."""
        x0, y0, x1, y1 = box
        x, y = (x0 + x1 + 1) // 2, (y0 + y1 + 1) // 2
        masks = {topic: np.zeros((y1 - y0, x1 - x0), dtype=bool) for topic in topics}
        valid, cautions = np.zeros((y1 - y0, x1 - x0), dtype=bool), dict[str, None]()
        for left, right in ((x0, x), (x, x1)):
            for top, low in ((y0, y), (y, y1)):
                if right == left or low == top:
                    continue
                part = slice(top - y0, low - y0), slice(left - x0, right - x0)
                found, known, said = self._earlier(laid, topics, (left, top, right, low), False)
                for topic, mask in found.items():
                    masks[topic][part] = mask
                valid[part] = True if known is None else known
                cautions |= dict.fromkeys(said)
        return masks, valid, tuple(cautions)


def _painted(layer: Features, scene: Scene, box: Box | None) -> np.ndarray:
    """(h, w) bool: the pixels that features stand by."""
    runs = layer.united() if box is None else unite([crop(layer.runs, box)[0]], shape_of(scene, box))
    return paint(runs)


def _of_the_earlier(sentence: str, known: Sequence[str]) -> str:
    """A caution of the earlier date under its own name, unless the later date says the same."""
    if sentence in known:
        return sentence
    said = f"{OF_THE_EARLIER}{sentence}"
    return Caution(said, [EARLIER + t for t in sentence.topics]) if isinstance(sentence, Caution) else said
