"""Topics by spectral indices: vegetation, water, snow, burnt, bare and built-up ground, by stated thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from planimeter.errors import NotMeasurable
from planimeter.raster import Scene
from planimeter.raster.bands import preview_shape
from planimeter.segment.base import Caution, Seen, require_topics, shape_of
from planimeter.segment.index.formulas import Formula
from planimeter.segment.index.otsu import SIDE, otsu
from planimeter.segment.index.pixels import AT_ONCE, STRIP, coarse, needs_reflectance, strips, values_of
from planimeter.segment.index.rules import USUAL, Condition, Rules, load_rules, with_otsu
from planimeter.segment.memory import MEMORY
from planimeter.spatial.runs import Box
from planimeter.vocabulary.index_words import index_topic

_HOLDS = {
    (True, False): np.greater, (False, False): np.less, (True, True): np.greater_equal, (False, True): np.less_equal,
}  # fmt: skip
_RAW = (
    "The indices are of the file's own numbers, which it does not call reflectance: published thresholds may not fit; "
    "use --segmenter index:otsu, or say --bands scale=,offset=."
)


class IndexSegmenter:
    """Masks where an index of the bands is above or below a number.

    Args:
        rules: which index and number is which topic; None for the published ones.

    Example:
        >>> from planimeter.raster import open_scene
        >>> from planimeter.worlds import make_world
        >>> import tempfile
        >>> picture = make_world(seed=3, size=128).write(tempfile.mkdtemp())["image"]
        >>> scene = open_scene(picture, bands="red=1,green=2,nir=3")
        >>> IndexSegmenter().look(scene, ["water"]).cautions[0]
        'Water is where NDWI > 0 (McFeeters 1996); shadows and dark roofs can look the same.'
    """

    parts = True

    def __init__(self, rules: Rules | None = None) -> None:
        self.rules = rules or USUAL
        self.name = f"index ({self.rules.name})"
        self.topics = tuple(self.rules.rules)
        self.brought = self.rules.brought

    @classmethod
    def from_name(cls, rest: str) -> IndexSegmenter:
        """From what stands behind ``index:``: nothing, ``otsu``, or a file of rules.

        Raises:
            LabelError: the file is no file of rules.

        Example:
            >>> IndexSegmenter.from_name("otsu").name
            "index (Otsu's thresholds)"
        """
        if not rest:
            return cls()
        return cls(with_otsu(USUAL) if rest == "otsu" else load_rules(Path(rest)))

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """Where the indices say so; pixels count that have all of them. See ``Segmenter.look``.

        Raises:
            NotMeasurable: a topic it does not offer, or one whose bands the scene does not have.
        """
        require_topics(topics, self.topics, self.name)
        ways = self._ways(scene)
        for topic in topics:
            if topic not in ways:
                self._refuse(scene, topic)
        conditions = {condition for way in ways.values() for condition in way}
        wanted = {topic: ways[topic] for topic in topics}
        limits = self._limits(scene, {condition for way in wanted.values() for condition in way})
        masks, valid = _compute(scene, wanted, conditions, limits, box)
        return Seen(masks, valid, self._cautions(scene, wanted, limits))

    def fingerprint(self) -> str:
        """The rules."""
        return f"{self.name}:{self.rules.rules}"

    def _ways(self, scene: Scene) -> dict[str, tuple[Condition, ...]]:
        """How each topic is told on a scene; without those that its bands do not allow."""
        found = {topic: rule.way(scene.spectrum) for topic, rule in self.rules.rules.items()}
        return {topic: way for topic, way in found.items() if way is not None}

    def _refuse(self, scene: Scene, topic: str) -> None:
        """Say what a scene lacks for a topic."""
        way = self.rules.rules[topic].ways[-1]
        names = " and ".join(dict.fromkeys(condition.formula.name for condition in way))
        colours = dict.fromkeys(colour for condition in way for colour in condition.formula.colours)
        asked = index_topic(topic)  # named by a question, in its words
        what = asked.mass if asked is not None else f"{topic} by {names}"
        scene.spectrum.require(colours, what, scene.name)
        raise needs_reflectance(what, scene)

    def _limits(self, scene: Scene, conditions: set[Condition]) -> dict[Condition, float]:
        """The thresholds on a scene."""
        limits = {}
        for condition in conditions:
            if condition.number is not None:
                limits[condition] = condition.number
                continue
            name = f"otsu:{condition.formula}:{scene.spectrum}"
            found = MEMORY.recall(scene, name, partial(_otsu_of, scene, condition.formula), lambda _: 64)[0]
            if found is None:
                raise NotMeasurable(
                    f"{condition.formula.name} is the same all over {scene.name}, so Otsu's method finds no threshold: "
                    "use plain --segmenter index."
                )
            limits[condition] = found
        return limits

    def _cautions(
        self, scene: Scene, wanted: Mapping[str, tuple[Condition, ...]], limits: Mapping[Condition, float]
    ) -> tuple[str, ...]:
        said: list[str] = []
        masses = {record.name: record.mass for record in self.brought}
        for topic, way in wanted.items():
            told = " and ".join(condition.written(limits[condition]) for condition in way)
            doubt = self.rules.rules[topic].doubt
            name = masses.get(topic, topic.replace("_", " "))
            sentence = f"{name[:1].upper()}{name[1:]} is where {told}{'; ' + doubt if doubt else ''}."
            said.append(Caution(sentence, [topic]))
        if wanted:
            said += scene.spectrum.notes
            said += [] if scene.spectrum.calibrated else [_RAW]
        return tuple(said)


def _otsu_of(scene: Scene, formula: Formula) -> tuple[float | None]:
    """Otsu's threshold, in a tuple, because None is an answer too."""
    shape = preview_shape(scene.height, scene.width, SIDE)
    rows = np.unique(np.linspace(0, scene.height - 1, shape[0]).round().astype(int))
    columns = np.unique(np.linspace(0, scene.width - 1, shape[1]).round().astype(int))
    found = []
    for y0 in range(0, scene.height, STRIP):
        box = (0, y0, scene.width, min(y0 + STRIP, scene.height))
        here = rows[(rows >= y0) & (rows < box[3])] - y0
        if not len(here):
            continue
        at = np.ix_(here, columns)
        planes = {
            c: (plane[at], channel) for c, (plane, channel) in scene.colours(formula.colours, box).items()
        }
        values, known = formula.of(values_of(planes, formula)), scene.known(formula.colours, box)
        counts = scene.valid(box)[at] if known is None else scene.valid(box)[at] & known[at]
        found.append(values[counts])
    return (otsu(np.concatenate(found)),)


def _compute(
    scene: Scene,
    wanted: Mapping[str, tuple[Condition, ...]],
    conditions: set[Condition],
    limits: Mapping[Condition, float],
    box: Box | None,
) -> tuple[dict[str, np.ndarray], np.ndarray | None]:
    """Masks of topics, and the pixels that have every index of ``conditions``."""
    x0, y0, x1, y1 = box or (0, 0, scene.width, scene.height)
    shape = shape_of(scene, box)
    masks = {topic: np.ones(shape, bool) for topic in wanted}
    valid = np.ones(shape, bool)
    formulas = {condition.formula.name: condition.formula for condition in conditions}
    colours = sorted({colour for formula in formulas.values() for colour in formula.colours})
    by_formula = {
        name: [c for c in {c for way in wanted.values() for c in way} if c.formula.name == name]
        for name in formulas
    }
    exactly = {
        name: not coarse(formula, [limits[condition] for condition in by_formula[name]])
        for name, formula in formulas.items()
    }
    for top, bottom in strips(y0, y1):
        planes = scene.colours(colours, (x0, top, x1, bottom))
        known = scene.known(colours, (x0, top, x1, bottom), planes)
        if known is not None:
            valid[top - y0 : bottom - y0] &= known
        step = max(1, AT_ONCE // (x1 - x0))
        for first in range(top, bottom, step):
            last = min(first + step, bottom)
            rows, own = slice(first - y0, last - y0), slice(first - top, last - top)
            here = {c: (plane[own], channel) for c, (plane, channel) in planes.items()}
            for name, formula in formulas.items():
                index = formula.of(values_of(here, formula, exactly[name]))
                valid[rows] &= np.isfinite(index)
                for condition in by_formula[name]:
                    limit = index.dtype.type(limits[condition])
                    holds = _HOLDS[condition.above, condition.equal](index, limit)
                    for topic, way in wanted.items():
                        if condition in way:
                            masks[topic][rows] &= holds
    for mask in masks.values():
        mask &= valid
    return masks, None if valid.all() else valid
