"""The calls of a program, one function each: arguments that are not believed in, a result and a summary out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.errors import LabelError, NotMeasurable
from planimeter.program.arguments import Refused, check_topics, number, one_line
from planimeter.program.columns import Sent
from planimeter.program.dates import matched_ids, transition_rows
from planimeter.program.form_calls import contained, core, neighbors, shape_orientations
from planimeter.program.image_parts import pixels_at, pixels_in, shares_of
from planimeter.program.index_values import OF_EACH, index_of_each, index_values
from planimeter.program.registry import Block, BlockPart
from planimeter.program.tiling import WHOLE
from planimeter.program.trace import CHANGES
from planimeter.segment.index.formulas import Formula, formula_named
from planimeter.spatial import Features, Regions, Shapes, merge, perimeters
from planimeter.spatial.runs import unite
from planimeter.vocabulary.topics import GROUND

if TYPE_CHECKING:
    from planimeter.program.host import Host

_AREA_KEYS = frozenset({"area_hectares", "total_hectares"})
_PIXEL_KEYS = frozenset({"area_pixels", "total_pixels"})
_ALIKE = 0.005  # pixels whose areas differ by no more stand for areas well enough
_ROLES = ("counted", "reference", *CHANGES)
_LONGEST_REASON = 300  # characters of a program's own text that reach the user


def _segment(
    host: Host, image: Any, topics: Any, min_area_pixels: Any, gsd: Any
) -> tuple[dict[str, Any], str]:
    find = host.images.topics_of(image)
    smallest = number(min_area_pixels, "min_area_pixels")
    check_topics(topics)
    host.use_scale(gsd, "gsd", needed=bool(host.keys & _AREA_KEYS))
    if host.keys & _PIXEL_KEYS and host.ground.spread > _ALIKE:
        host.ground.warn(
            f"The pixels of this scene differ by up to {host.ground.spread:.0%} in ground area, and the program "
            "counts them: for shares and comparisons of the ground use area_hectares and total_hectares."
        )
    wanted = {topic: find(topic) for topic in dict.fromkeys(topics)}
    host.loaded.load(list(dict.fromkeys(wanted.values())))
    found: list[tuple[str, np.ndarray]] = []
    for asked, topic in wanted.items():
        block = host.loaded.blocks[topic]
        found.append((asked, np.flatnonzero(_at_least(block.regions, smallest)) + block.first))
    sent = _named(host, found)
    totals: dict[str, int | float] = {
        "image_width": host.scene.width,
        "image_height": host.scene.height,
        "total_pixels": host.ground.valid_pixels,
    }
    if host.ground.scale is not None:
        totals["total_hectares"] = host.ground.valid_hectares
    return {"columns": sent, "totals": totals}, f"{len(sent.ids)} shapes"


def _surroundings(host: Host, topics: Any, gsd: Any, image: Any = None) -> tuple[Sent, str]:
    find = host.images.topics_of(host.images.path if image is None else image)
    check_topics(topics)
    host.use_scale(gsd, "gsd", needed=bool(host.keys & _AREA_KEYS))
    wanted = {topic: find(topic) for topic in dict.fromkeys(topics)}
    host.loaded.load(list(dict.fromkeys(wanted.values())))
    blocks = host.loaded.blocks if host.interest is None else host.interest.surroundings()
    found = [(asked, _all_ids(blocks[topic])) for asked, topic in wanted.items()]
    sent = _named(host, found)
    return sent, f"{len(sent.ids)} shapes"


def _named(host: Host, found: list[tuple[str, np.ndarray]]) -> Sent:
    """Shapes by the words they were asked for."""
    for word, ids in found:
        host.registry.rename(ids, word)
    words = np.repeat(np.array([word for word, _ in found], dtype=object), [len(ids) for _, ids in found])
    return host.sent(np.concatenate([ids for _, ids in found]), words)


def _all_ids(block: Block) -> np.ndarray:
    return np.arange(block.first, block.first + len(block))


def _within(host: Host, targets: Any, references: Any, metres: Any, resolution: Any) -> tuple[Any, str]:
    return _by_distance(host, targets, references, metres, resolution, beyond=False)


def _beyond(host: Host, targets: Any, references: Any, metres: Any, resolution: Any) -> tuple[Any, str]:
    return _by_distance(host, targets, references, metres, resolution, beyond=True)


def _by_distance(
    host: Host, targets: Any, references: Any, metres: Any, resolution: Any, beyond: bool
) -> tuple[Any, str]:
    target_ids = host.known(targets, "target_shapes")
    reference = host.reference(host.known(references, "reference_shapes"))
    distance = number(metres, "distance_meters")
    host.use_scale(resolution, "resolution", needed=True)
    host.band = (reference, distance, beyond)
    return host.cut(target_ids, host.nearness.area_within(reference, distance), inside=not beyond)


def _intersect(host: Host, targets: Any, others: Any) -> tuple[Any, str]:
    target_ids = host.known(targets, "target_shapes")
    other = host.registry.parts(host.known(others, "other_shapes"))
    _cut_by(host, other)
    return host.cut(target_ids, host.nearness.union(other), inside=True)


def _subtract(host: Host, targets: Any, others: Any) -> tuple[Any, str]:
    target_ids = host.known(targets, "target_shapes")
    other = host.registry.parts(host.known(others, "other_shapes"))
    _cut_by(host, other)
    return host.cut(target_ids, host.nearness.union(other), inside=False)


def _cut_by(host: Host, other: list[BlockPart]) -> None:
    """What shapes are cut by is what they are measured against, unless a distance was: its band is still to be seen."""
    if host.band is None or host.band[1] is None:
        host.band = (other, None, False)


def _distances(host: Host, targets: Any, references: Any, resolution: Any) -> tuple[list[float | None], str]:
    target_ids = host.known(targets, "target_shapes")
    reference = host.reference(host.known(references, "reference_shapes"))
    scale = host.use_scale(resolution, "resolution", needed=True)
    assert scale is not None
    host.band = (reference, None, False)
    host.distances_to = reference
    found = host.per_region(target_ids, lambda part: host.nearness.distances(part, reference, scale))
    host.last_shapes = target_ids
    return [value if math.isfinite(value) else None for value in found], f"{len(found)} distances"


def _perimeters(host: Host, shapes: Any, resolution: Any) -> tuple[list[float], str]:
    ids = host.known(shapes, "shapes")
    scale = host.use_scale(resolution, "resolution", needed=True)
    assert scale is not None
    found = host.per_region(ids, lambda part: perimeters(part.regions(), *scale.sides))
    host.last_shapes = ids
    return found, f"{len(found)} perimeters"


def _lengths(host: Host, shapes: Any, resolution: Any) -> tuple[list[float], str]:
    ids = host.known(shapes, "shapes")
    host.use_scale(resolution, "resolution", needed=True)
    found = host.per_region(ids, _length_of)
    host.last_shapes = ids
    return found, f"{len(found)} lengths"


def _merge(host: Host, shapes: Any, class_type: Any) -> tuple[Any, str]:
    ids = host.known(shapes, "shapes")
    if not isinstance(class_type, str):
        raise Refused("class_type must be a word", "TypeError")
    parts: list[Shapes] = [part.regions() for part in host.registry.parts(ids)]
    if not parts:
        return host.sent(ids), "0 shapes"
    regions = merge(parts, pixel_area=host.ground.pixel_area)
    host.merges = True
    block = host.registry.add(regions, one_line(class_type, 60))
    if host.interest is not None:
        host.interest.derived(block, [part.block for part in host.registry.parts(ids)])
    return host.sent(_all_ids(block)), f"{len(block)} shapes"


def _match(host: Host, targets: Any, others: Any, overlap: Any) -> tuple[list[list[int]], str]:
    target_ids = host.known(targets, "target_shapes")
    other = host.registry.parts(host.known(others, "other_shapes"))
    least = number(overlap, "overlap")
    if not 0 < least <= 1:
        raise Refused("overlap is a part of the smaller shape, above 0 and at most 1")
    found = matched_ids(host.registry.parts(target_ids), other, least)
    host.last_shapes = target_ids
    return [found.get(shape_id, []) for shape_id in target_ids.tolist()], f"{len(found)} matched"


def _transitions(host: Host, before: Any, after: Any) -> tuple[list[dict[str, Any]], str]:
    earlier, later = host.known(before, "before_shapes"), host.known(after, "after_shapes")
    host.use_scale(None, "gsd", needed=bool(host.keys & _AREA_KEYS))
    host.loaded.load([WHOLE])
    ground = host.loaded.blocks[WHOLE].regions.united()
    sides = host.registry.parts(earlier), host.registry.parts(later)
    rows = transition_rows(sides[0], sides[1], ground, host.ground)
    host.last_shapes = np.concatenate([earlier, later])
    return rows, f"{len(rows)} transitions"


def _index(host: Host, image: Any, index: Any, shapes: Any, gsd: Any) -> tuple[dict[str, Any], str]:
    host.images.topics_of(image)
    formula = _formula(index)
    host.use_scale(gsd, "gsd", needed=bool(host.keys & _AREA_KEYS))
    if shapes is None:
        host.loaded.load([WHOLE])
        covered = host.loaded.blocks[WHOLE].regions.united()
    else:
        parts = host.registry.parts(host.known(shapes, "shapes"))
        covered = unite([part.regions().runs for part in parts], host.scene.shape)
    scene = host.images.scene_of(image)
    found = index_values(formula, scene, host.scene, covered, host.ground, "median" in host.keys)
    return found, f"{found['area_pixels']} pixels"


def _index_of_each(
    host: Host, image: Any, index: Any, shapes: Any, statistic: Any, gsd: Any
) -> tuple[list[float | None], str]:
    host.images.topics_of(image)
    formula = _formula(index)
    if statistic not in OF_EACH:
        raise Refused(f"statistic must be one of {', '.join(OF_EACH)}")
    ids = host.known(shapes, "shapes")
    host.use_scale(gsd, "gsd", needed=False)
    scene = host.images.scene_of(image)
    found = host.per_region(
        ids, lambda part: index_of_each(formula, scene, host.scene, part.regions(), host.ground, statistic)
    )
    host.last_shapes = ids
    return [value if math.isfinite(value) else None for value in found], f"{len(found)} values"


def _formula(index: Any) -> Formula:
    if not isinstance(index, str):
        raise Refused('index must be the name of a spectral index such as "NDVI"', "TypeError")
    try:
        return formula_named(index)
    except LabelError as unknown:
        raise Refused(str(unknown)) from None


def _image(host: Host, left: Any, top: Any, right: Any, bottom: Any) -> tuple[Any, str]:
    shares = shares_of(left, top, right, bottom)
    host.use_scale(None, "gsd", needed=bool(host.keys & _AREA_KEYS))
    host.loaded.load([WHOLE])
    if shares[:2] == shares[2:]:  # a place, whether its pixels count or not
        runs = pixels_at(shares[0], shares[1], host.scene.shape)
        place = Regions(runs, np.zeros(len(runs), dtype=np.int32), 1, host.ground.pixel_area)
        block = host.registry.add(place, [GROUND])
        return host.sent(_all_ids(block)), "1 shapes"
    block = host.loaded.blocks[WHOLE]
    ids = _all_ids(block)
    if shares == (0.0, 0.0, 1.0, 1.0):
        return host.sent(ids), f"{len(ids)} shapes"
    return host.cut(ids, pixels_in(shares, host.scene.shape), inside=True)


def _highlight(host: Host, shapes: Any, role: Any) -> tuple[None, str]:
    if not isinstance(role, str) or role not in _ROLES:  # a list of shapes is an array here
        more = "" if host.images.before_path is None else f", or of two dates one of {', '.join(CHANGES)}"
        raise Refused(f'role must be "counted" or "reference"{more}')
    ids = host.known(shapes, "shapes")
    host.highlighted.append((role, ids))
    return None, f"{len(ids)} {role}"


def _cannot_answer(host: Host, reason: Any) -> tuple[None, str]:
    text = one_line(reason if isinstance(reason, str) else "", _LONGEST_REASON)
    raise NotMeasurable(text or "The program says that this cannot be measured here: ask differently.")


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


@dataclass(frozen=True)
class Served:
    """A function that the host answers.

    Attributes:
        public: what programs call it.
        measure: answers a call: host and arguments to what crosses the border, and a summary for the trace.
    """

    public: str
    measure: Callable[..., tuple[Any, str]]


CALLS = {
    "segment": Served("segment_image_from_path", _segment),
    "surroundings": Served("find_surrounding_shapes", _surroundings),
    "within": Served("find_shapes_within_distance", _within),
    "beyond": Served("find_shapes_beyond_distance", _beyond),
    "distances": Served("calculate_shape_distances", _distances),
    "perimeters": Served("calculate_shape_perimeters", _perimeters),
    "lengths": Served("calculate_shape_lengths", _lengths),
    "intersect": Served("intersect_shapes", _intersect),
    "subtract": Served("subtract_shapes", _subtract),
    "merge": Served("merge_shapes", _merge),
    "match": Served("match_shapes", _match),
    "transitions": Served("calculate_transitions", _transitions),
    "neighbors": Served("calculate_neighbor_distances", neighbors),
    "orientations": Served("calculate_shape_orientations", shape_orientations),
    "contained": Served("calculate_contained_counts", contained),
    "core": Served("find_core_shapes", core),
    "image": Served("find_image_shapes", _image),
    "index": Served("measure_index", _index),
    "index_of_each": Served("measure_index_of_each", _index_of_each),
    "highlight": Served("highlight_shapes", _highlight),
    "cannot_answer": Served("cannot_answer", _cannot_answer),
}
"""By the name that crosses the border."""
