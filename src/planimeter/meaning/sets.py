"""The part of a program that builds sets of shapes: segment, filter, pick, clip."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from planimeter.meaning import fates
from planimeter.meaning.program_text import inside, number
from planimeter.meaning.reading import condition as describe
from planimeter.meaning.reading import frame_name, of_size, split
from planimeter.meaning.records import (
    Away,
    Besides,
    Bounds,
    Condition,
    Core,
    Either,
    Holding,
    Inside,
    Pick,
    Quantity,
    Size,
    Sized,
    Spaced,
    Subject,
    Touching,
)
from planimeter.vocabulary.topics import EVERYWHERE, TOPICS, topic_of

JUST_UNDER = 1e-6
"""Metres taken off a distance to leave its own value out: far below the step between two pixel distances."""

TOUCHING_PIXELS = 1.5
"""Pixels touch up to the diagonal step, 1.41 pixels; the next distance is 2."""


class Sets:
    """Writes the lines that build sets of shapes, each set once.

    A region satisfies a condition of place by its nearest pixel, and stays whole; a cover is cut to the pixels that
    satisfy it.

    Args:
        by_pixels: whether counts of pixels stand for areas where regions are ordered by size.
        area: whether an area of interest ends what is measured; what is measured to is then asked for whole.
    """

    def __init__(self, by_pixels: bool = True, area: bool = False) -> None:
        self._area = area
        self._whole = False
        #: The key of a shape that regions are ordered by size with.
        self.size_key = "area_pixels" if by_pixels else "area_hectares"
        self.lines: list[str] = []
        self._topics: dict[tuple[str, bool], str] = {}  # by whether they are those of the earlier date
        self._names: set[str] = {"result", "before", "shapes", "answer", "gsd", "s"}
        self._known: dict[object, str] = {}
        self._counted: list[str] = []
        #: What the quantity being written has asked for: later uses of it do not count it anew.
        self._asked: set[object] = set()
        self._references: list[str] = []
        #: (role, set) of what was lost, gained and kept, for the picture.
        self.changes: list[tuple[str, str]] = []
        #: Writes a quantity of area, in the unit in which areas are compared; returns its variable.
        self.measured: Callable[[Quantity], str] = _unmeasured

    def line(self, text: str) -> None:
        """Add one line."""
        self.lines.append(text)

    def fresh(self, name: str) -> str:
        """A variable name that is not taken."""
        candidate, count = name, 2
        while candidate in self._names:
            candidate, count = f"{name}_{count}", count + 1
        self._names.add(candidate)
        return candidate

    def count(self, shapes: str) -> None:
        """Note a set of shapes as what the answer counts, for the overlay picture."""
        if shapes not in self._counted:
            self._counted.append(shapes)

    def apart(self, write: Callable[[], str]) -> str:
        """What one quantity counts is shown whatever others make of the same shapes."""
        counted, asked = self._counted, self._asked
        self._counted, self._asked = [], set()
        name = write()
        self._counted, self._asked = list(dict.fromkeys([*counted, *self._counted])), asked
        return name

    def only_count(self, shapes: str) -> None:
        """Mark a set as all that the answer counts."""
        self._counted = [shapes]

    def refer(self, shapes: Sequence[str], instead_of: str = "") -> None:
        """Mark sets as what the answer is measured against, another one no longer."""
        kept = [name for name in self._references if name != instead_of]
        self._references = list(dict.fromkeys([*kept, *shapes]))

    def opening(self) -> list[str]:
        """Lines that segment the image and name the topics' shapes."""
        if not self._topics:
            return []
        lines = []
        for earlier, result, path in ((True, "before", "BEFORE_PATH"), (False, "result", "IMAGE_PATH")):
            named = {topic: name for (topic, before), name in self._topics.items() if before == earlier}
            if not named:
                continue
            listing = ", ".join(f'"{topic}"' for topic in named)
            lines.append(f"{result} = segment_image_from_path({path}, [{listing}], gsd=gsd)")
            for topic, name in named.items():
                lines.append(f'{name} = [s for s in {result}["shapes"] if s["class_type"] == "{topic}"]')
                lines.append(f'print("{"earlier " if earlier else ""}{topic} regions:", len({name}))')
        if not any(not before for _, before in self._topics):
            lines.append("result = before")
        return lines

    def closing(self) -> list[str]:
        """Lines that mark the evidence."""
        lines = [f'highlight_shapes({name}, role="reference")' for name in self._references]
        lines += [f'highlight_shapes({name}, role="counted")' for name in self._counted]
        return lines + [f'highlight_shapes({name}, role="{role}")' for role, name in self.changes]

    # --- sets of whole regions

    def topic(self, topic: str, before: bool = False) -> str:
        """The variable with all shapes of a topic, of the earlier date if ``before``."""
        if (topic, before) not in self._topics:
            own = topic_of(topic).variable or topic
            name = own if topic in TOPICS else "found_" + re.sub(r"\W+", "_", topic)
            self._topics[topic, before] = self.fresh(f"{name}_before" if before else name)
        return self._topics[topic, before] if not self._whole else self._around(topic, before)

    def _around(self, topic: str, before: bool) -> str:
        """The variable with all shapes of a topic, also outside the area of interest."""
        key = ("around", topic, before)
        if key not in self._known:
            self._known[key] = self.fresh(f"{self._topics[topic, before]}_around")
            image = ", BEFORE_PATH" if before else ""
            self.line(f'{self._known[key]} = find_surrounding_shapes(["{topic}"], gsd{image})')
        return self._known[key]

    def frame(self, frame: tuple[float, float, float, float] | str | None) -> str:
        """The variable with the ground of the image, or of a part of it."""
        assert not isinstance(frame, str)  # `directions.placed` has laid it onto the image
        key = ("frame", frame)
        if key not in self._known:
            name = "ground" if frame is None else re.sub(r"\W+", "_", frame_name(frame)).split("_of_")[0][4:]
            self._known[key] = self.fresh(name)
            shares = "" if frame is None else ", ".join(number(share) for share in frame)
            self.line(f"{self._known[key]} = find_image_shapes({shares})")
        return self._known[key]

    def fated(self, topics: tuple[str, ...], fate: str) -> str:
        """The variable with the shapes of which something became between the two dates; see ``Subject.fate``."""

        def write() -> str:
            if fate in fates.OF_COVERS:
                return fates.patches(self, topics, fate)
            return fates.things(self, topics[0], fate)

        found = self.once(("fate", topics, fate, self._whole), write)
        if not self._whole and (fate, found) not in self.changes:
            self.changes.append((fate, found))
        return found

    def once(self, key: object, write: Callable[[], str]) -> str:
        """What ``write`` writes, written once for a key."""
        if key not in self._known:
            self._known[key] = write()
        return self._known[key]

    def regions(self, regions: Subject) -> str:
        """The variable with the regions that meet all conditions, after the pick."""
        key = (regions, self._whole)
        if key in self._known:
            if key not in self._asked:
                self.count(self._known[key])
            self._asked.add(key)
            return self._known[key]
        everywhere = regions.topics == (EVERYWHERE,)
        if regions.fate:
            names = [self.fated(regions.topics, regions.fate)]
        elif everywhere:
            names = [self.frame(regions.frame)]
        else:
            names = [self.topic(topic, regions.before) for topic in regions.topics]
        shapes = names[0]
        if len(names) > 1:
            shapes = self.fresh("_and_".join(names))
            self.line(f"{shapes} = {' + '.join(names)}")
        shapes = self.filtered(shapes, regions.where, regions)
        if regions.pick is not None:
            if regions.pick.only:
                many = topic_of(regions.topics[0]).many
                self.line(f"if len({shapes}) != 1:")
                self.line(
                    f'    cannot_answer("There are " + str(len({shapes})) + " {many} in this image, not one; '
                    'ask for the largest, the average or all of them.")'
                )
            shapes = self._picked(shapes, regions.pick)
        shapes = self.filtered(shapes, regions.then, regions)
        self._known[key] = shapes
        self._asked.add(key)
        self.count(shapes)
        return shapes

    def filtered(self, shapes: str, conditions: tuple[Condition, ...], regions: Subject) -> str:
        """The variable with those of some regions that meet conditions, whole."""
        for value in conditions:
            shapes = self._filter(shapes, value, regions)
        return shapes

    def _filter(self, shapes: str, value: Condition, regions: Subject) -> str:
        if isinstance(value, Size):
            area = 's["area_pixels"]' if value.bounds.dimension == "pixel" else 's["area_hectares"]'
            kept = self.fresh(_stem(shapes, "sized"))
            self.line(f"# {describe(value)}")
            self.line(f"{kept} = [s for s in {shapes} if {inside(area, value.bounds)}]")
        elif isinstance(value, Sized):
            limit = self.aside(lambda: self.measured(value.to))
            factor = "" if value.factor == 1 else f"{number(value.factor)} * "
            kept = self.fresh(_stem(shapes, "sized"))
            self.line(f"# {describe(value)}")
            self.line(f'{kept} = [s for s in {shapes} if s["{self.size_key}"] {value.sign} {factor}{limit}]')
        elif isinstance(value, Besides):
            kept = self.fresh(_stem(shapes, "rest"))
            order = ", reverse=True" if value.largest else ""
            self.line(f"# {describe(value)}")
            self.line(f'{kept} = sorted({shapes}, key=lambda s: s["{self.size_key}"]{order})[{value.count}:]')
        elif isinstance(value, Either):
            groups = [self.aside(partial(self.filtered, shapes, option, regions)) for option in value.options]
            ids, kept = self.fresh("either_ids"), self.fresh(_stem(shapes, "either"))
            self.line(f'{ids} = {{s["id"] for s in {" + ".join(groups)}}}')
            self.line(f'{kept} = [s for s in {shapes} if s["id"] in {ids}]')
        elif isinstance(value, Spaced):
            kept = self._spaced(shapes, value, regions)
        elif isinstance(value, Holding):
            kept = self._holding(shapes, value)
        elif isinstance(value, Core):
            self.line(f"# {describe(value)}")
            part = self._core(shapes, value)
            kept = self._by_source(shapes, part, False, "core")
        elif isinstance(value, Away | Inside) and value.entirely:
            kept = self._entirely(shapes, value)
        elif isinstance(value, Away):
            kept = self._by_distance(shapes, value)
        else:
            reference = self.reference(value.reference)
            self.line(f"# {describe(value)}")
            if isinstance(value, Touching):
                parts = f"find_shapes_within_distance({shapes}, {reference}, {_touch()}, gsd)"
                negated, stem = value.apart, "touching"
            else:
                parts = f"intersect_shapes({shapes}, {reference})"
                negated, stem = value.outside, "inside"
            kept = self._by_source(shapes, parts, negated, stem)
        self.line(f'print("{describe(value)}:", len({kept}))')
        self._replace_counted(shapes, kept)
        return kept

    def aside(self, write: Callable[[], str]) -> str:
        """What is written on the way to something else is not what the answer counts."""
        counted, asked = list(self._counted), set(self._asked)
        name = write()
        self._counted, self._asked = counted, asked
        return name

    def _replace_counted(self, old: str, new: str) -> None:
        if old in self._counted:
            self._counted[self._counted.index(old)] = new

    def _by_distance(self, shapes: str, value: Away) -> str:
        reference = self.reference(value.reference)
        self.line(f"# {describe(value)}")
        high, low = value.bounds.high, value.bounds.low
        if high is not None:
            parts = f"find_shapes_within_distance({shapes}, {reference}, {_upper(value.bounds)}, gsd)"
            shapes = self._by_source(shapes, parts, False, "near")
        if low is not None:
            parts = f"find_shapes_within_distance({shapes}, {reference}, {_lower(value.bounds)}, gsd)"
            shapes = self._by_source(shapes, parts, True, "far")
        return shapes

    def _spaced(self, shapes: str, value: Spaced, regions: Subject) -> str:
        """Those whose nearest other of the kind lies within bounds: of all of the kind, as they were found."""
        kind = self._all_of(regions)
        self.line(f"# {describe(value)}")
        self.line(f"calculate_neighbor_distances({kind}, gsd)")
        kept = self.fresh(_stem(shapes, "spaced"))
        test = inside('s["neighbor_meters"]', value.bounds)
        self.line(f"{kept} = [s for s in {shapes} if {test}]")
        return kept

    def _all_of(self, regions: Subject) -> str:
        """The variable with all of the kind of some regions, at the date that they are of."""
        if regions.fate in fates.OF_COVERS:
            return self.fated(regions.topics, regions.fate)
        return self.topic(regions.topics[0], regions.before or regions.fate in fates.OF_EARLIER)

    def _holding(self, shapes: str, value: Holding) -> str:
        """Those in which so many others lie."""
        reference = self.reference(value.reference)
        self.line(f"# {describe(value)}")
        self.line(f"calculate_contained_counts({shapes}, {reference}{', True' if value.around else ''})")
        kept = self.fresh(_stem(shapes, "holding"))
        test = inside('s["contained_count"]', value.bounds)
        self.line(f"{kept} = [s for s in {shapes} if {test}]")
        return kept

    def _core(self, shapes: str, value: Core) -> str:
        """The call that cuts shapes to what lies so far inside, or near their edge."""
        low, high = value.bounds.low, value.bounds.high
        if low is not None:
            return f"find_core_shapes({shapes}, {_lower(value.bounds)}, gsd)"
        assert high is not None
        return f"subtract_shapes({shapes}, find_core_shapes({shapes}, {_upper(value.bounds)}, gsd))"

    def _entirely(self, shapes: str, value: Away | Inside) -> str:
        """Those of which no pixel misses the condition."""
        reference = self.reference(value.reference)
        self.line(f"# {describe(value)}")
        if isinstance(value, Inside):
            return self._by_source(shapes, f"subtract_shapes({shapes}, {reference})", True, "inside")
        outside = f"find_shapes_beyond_distance({shapes}, {reference}, {_upper(value.bounds)}, gsd)"
        return self._by_source(shapes, outside, True, "near")

    def _by_source(self, shapes: str, parts: str, negated: bool, stem: str) -> str:
        ids = self.fresh(f"{stem}_ids")
        kept = self.fresh(_stem(shapes, stem))
        self.line(f'{ids} = {{s["source_id"] for s in {parts}}}')
        self.line(f'{kept} = [s for s in {shapes} if s["id"] {"not in" if negated else "in"} {ids}]')
        return kept

    def _picked(self, shapes: str, pick: Pick) -> str:
        kept = self.fresh(_stem(shapes, "largest" if pick.largest else "smallest"))
        order = ", reverse=True" if pick.largest else ""
        span = f"[{pick.first - 1}:{pick.first - 1 + pick.count}]"
        self.line(f'{kept} = sorted({shapes}, key=lambda s: s["{self.size_key}"]{order}){span}')
        self._replace_counted(shapes, kept)
        return kept

    def reference(self, regions: Subject) -> str:
        """The variable with the regions others are measured from."""
        before, self._whole = self._whole, self._area
        shapes = self.aside(lambda: self.regions(regions))
        self._whole = before
        if shapes not in self._references:
            self._references.append(shapes)
        return shapes

    # --- covers

    def union(self, shapes: str, regions: Subject, layered: bool = False) -> str:
        """Shapes that count no pixel twice: those of one topic as they are if not layered, of several merged."""
        if len(regions.topics) < 2 and not layered:
            return shapes
        merged = self.fresh("merged")
        self.line(f"{merged} = merge_shapes({shapes})  # no pixel counts twice")
        self._replace_counted(shapes, merged)
        return merged

    def cover(self, regions: Subject, part: tuple[Condition, ...], layered: bool = False) -> str:
        """The variable with the pixels of a cover that meet the conditions; layered: its shapes may overlap."""
        regions, part = split(regions, part)
        shapes = self.regions(regions)
        whole = shapes
        sizes = tuple(value for value in part if of_size(value))
        shapes = self.filtered(shapes, sizes, regions)
        for value in part:
            if not of_size(value):
                shapes = self._clip(shapes, value, regions)
        self._replace_counted(whole, shapes)
        return self.union(shapes, regions, layered)

    def _clip(self, shapes: str, value: Condition, regions: Subject) -> str:
        if isinstance(value, Either):
            return self._clip_either(shapes, value, regions)
        if isinstance(value, Core):
            self.line(f"# only the part {describe(value)}")
            kept = self.fresh(_stem(shapes, "part"))
            self.line(f"{kept} = {self._core(shapes, value)}")
            return kept
        assert isinstance(value, Inside | Touching | Away)
        reference = self.reference(value.reference)
        self.line(f"# only the part {describe(value)}")
        calls: list[str] = []
        if isinstance(value, Inside):
            calls.append(f"{'subtract' if value.outside else 'intersect'}_shapes({{}}, {reference})")
        elif isinstance(value, Touching):
            side = "beyond" if value.apart else "within"
            calls.append(f"find_shapes_{side}_distance({{}}, {reference}, {_touch()}, gsd)")
        else:
            if value.bounds.high is not None:
                calls.append(f"find_shapes_within_distance({{}}, {reference}, {_upper(value.bounds)}, gsd)")
            if value.bounds.low is not None:
                calls.append(f"find_shapes_beyond_distance({{}}, {reference}, {_lower(value.bounds)}, gsd)")
        for call in calls:
            kept = self.fresh(_stem(shapes, "part"))
            self.line(f"{kept} = {call.format(shapes)}")
            shapes = kept
        self.line(f'print("parts {describe(value)}:", len({shapes}))')
        return shapes

    def _clip_either(self, shapes: str, value: Either, regions: Subject) -> str:
        """Pixels for which one of several groups of conditions holds, each counted once."""
        groups = []
        for option in value.options:
            part = self.filtered(shapes, tuple(inner for inner in option if of_size(inner)), regions)
            for inner in option:
                if not of_size(inner):
                    part = self._clip(part, inner, regions)
            groups.append(part)
        kept = self.fresh(_stem(shapes, "part"))
        self.line(f"{kept} = merge_shapes({' + '.join(groups)})  # no pixel counts twice")
        return kept


def _unmeasured(of: Quantity) -> str:
    raise AssertionError(of)


def _stem(shapes: str, word: str) -> str:
    base = shapes
    for prefix in (
        "sized",
        "near",
        "far",
        "inside",
        "either",
        "touching",
        "part",
        "largest",
        "smallest",
        "rest",
        "holding",
    ):
        base = base.removeprefix(prefix + "_")
    return f"{word}_{base.rstrip('0123456789').rstrip('_')}"


def _upper(bounds: Bounds) -> str:
    assert bounds.high is not None
    metres = number(bounds.high.base)
    return metres if bounds.high_closed else f"{metres} - {JUST_UNDER!r}"


def _lower(bounds: Bounds) -> str:
    assert bounds.low is not None
    metres = number(bounds.low.base)
    return f"{metres} - {JUST_UNDER!r}" if bounds.low_closed else metres


def _touch() -> str:
    # Without a scale the call itself says that the distance needs one.
    return f"{TOUCHING_PIXELS} * gsd if gsd else {TOUCHING_PIXELS}"
