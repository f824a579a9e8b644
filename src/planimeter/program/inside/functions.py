"""The functions a program may call: this text runs in the sandbox, its docstrings are the prompt and the
docs. Those that few programs need are in `rarer`, those that end a program in `ending`; in the sandbox they
are one text.

Everything that measures happens in the host; what crosses the border is ids and numbers out, and one JSON
text of columns in. The dicts a program sees are born here, so editing them changes nothing the host
believes, and ``calculate_*`` keep the in-place meaning of the paper.

Builtins are bound to private names first, because a program may well call a variable ``list`` or ``id``.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-any-generics

from __future__ import annotations

import json
from typing import Any

_ask_host: Any = None  # the sandbox leaves this name open: a call of it is answered by the host

_loads, _dumps = json.loads, json.dumps
_len, _zip, _list, _dict, _tuple, _set = len, zip, list, dict, tuple, set
_isinstance, _type, _int, _str, _float, _bool = isinstance, type, int, str, float, bool
_TypeError, _KeyError, _Exception = TypeError, KeyError, Exception
_INFINITY = float("inf")


def segment_image_from_path(image_input, topics, min_area_pixels=0, gsd=None):
    """Find the regions of the given land-cover topics in the image.

    Args:
        image_input (str): always IMAGE_PATH.
        topics (list[str]): topics to look for, e.g. ["water", "roof"]. Ask for all you need in one call.
        min_area_pixels (int): leave out regions with fewer pixels than this; a region with exactly this many
            stays.
        gsd (float | None): metres per pixel; pass the context name gsd. A scale known from the image wins.

    Returns:
        dict: "shapes" (list of shape dicts, one per 8-connected region), "image_width", "image_height"
            (pixels),
        "total_pixels" (valid pixels of the image: the base of percentages) and, when the scale is known,
        "total_hectares" (ground area of the valid pixels).
        A shape has "id" (int), "class_type" (its topic), "area_pixels" (int), "area_hectares" (float, only
        when the scale is known), "bbox" ([x0, y0, x1, y1] in pixels, half-open), "centroid" ([x, y] in
        pixels), "polygon" (exterior ring, list of [x, y]) and "holes" (list of rings).

    Example:
        result = segment_image_from_path(IMAGE_PATH, ["water"], gsd=gsd)
        water_pixels = sum(s["area_pixels"] for s in result["shapes"])
        answer = water_pixels / result["total_pixels"] * 100
    """
    if _isinstance(topics, _str):
        topics = [topics]
    found = _loads(_ask_host("segment", image_input, _list(topics), min_area_pixels, gsd))
    result = {"shapes": _shapes(found["columns"])}
    for key in found["totals"]:
        result[key] = found["totals"][key]
    return result


def find_surrounding_shapes(topics, gsd=None, image_input=None):
    """Find the regions of topics whole, also outside the area of interest: what distances are measured to.

    Where the whole image is measured they are what segment_image_from_path returns. Programs that do not call it
    get the same distances, as far as they measure to all shapes of a topic; so no prompt tells of it.

    Args:
        topics (list[str]): topics to look for.
        gsd (float | None): metres per pixel; pass gsd.
        image_input (str | None): BEFORE_PATH for the earlier date; IMAGE_PATH, or None, for the image itself.

    Returns:
        list[dict]: shapes that no area of interest has cut.

    Example:
        roofs = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)["shapes"]
        lakes = [s for s in find_surrounding_shapes(["water"], gsd) if s["area_pixels"] > 100]
        answer = len(find_shapes_within_distance(roofs, lakes, 50.0, gsd))
    """
    if _isinstance(topics, _str):
        topics = [topics]
    return _shapes(_loads(_ask_host("surroundings", _list(topics), gsd, image_input)))


def find_shapes_within_distance(target_shapes, reference_shapes, distance_meters, resolution=None):
    """Cut target shapes to their parts within a distance of any reference shape.

    A pixel counts when the distance from its centre to the nearest reference pixel centre is at most the
    distance.

    Args:
        target_shapes (list[dict]): shapes to cut; they are not changed.
        reference_shapes (list[dict]): shapes to be near to.
        distance_meters (float): metres.
        resolution (float | None): metres per pixel; pass gsd.

    Returns:
        list[dict]: one NEW shape per target that has any pixel within the distance; its area is that of
        those pixels only, "source_id" is the id of its target.

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["roof", "water"], gsd=gsd)["shapes"]
        roofs = [s for s in shapes if s["class_type"] == "roof"]
        water = [s for s in shapes if s["class_type"] == "water"]
        near = find_shapes_within_distance(roofs, water, 100.0, gsd)
        answer = len(near)
    """
    targets = _ids(target_shapes, "target_shapes")
    references = _ids(reference_shapes, "reference_shapes")
    return _shapes(_loads(_ask_host("within", targets, references, distance_meters, resolution)))


def find_shapes_beyond_distance(target_shapes, reference_shapes, distance_meters, resolution=None):
    """Cut target shapes to their parts farther than a distance from every reference shape.

    The complement of find_shapes_within_distance: a pixel counts when it is farther than the distance.

    Args:
        target_shapes (list[dict]): shapes to cut; they are not changed.
        reference_shapes (list[dict]): shapes to be far from; with none, everything is far.
        distance_meters (float): metres.
        resolution (float | None): metres per pixel; pass gsd.

    Returns:
        list[dict]: one NEW shape per target that has any pixel beyond the distance; its area is that of
        those pixels only, "source_id" is the id of its target.

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["roof", "water"], gsd=gsd)["shapes"]
        roofs = [s for s in shapes if s["class_type"] == "roof"]
        water = [s for s in shapes if s["class_type"] == "water"]
        near = find_shapes_within_distance(roofs, water, 50.0, gsd)
        near_ids = {s["source_id"] for s in near}
        far = find_shapes_beyond_distance(roofs, water, 50.0, gsd)
        answer = len([s for s in far if s["source_id"] not in near_ids])
    """
    targets = _ids(target_shapes, "target_shapes")
    references = _ids(reference_shapes, "reference_shapes")
    return _shapes(_loads(_ask_host("beyond", targets, references, distance_meters, resolution)))


def calculate_shape_distances(target_shapes, reference_shapes, resolution=None):
    """Measure the shortest distance from each target shape to the nearest reference shape.

    Args:
        target_shapes (list[dict]): shapes to measure from; MODIFIED in place.
        reference_shapes (list[dict]): shapes to measure to.
        resolution (float | None): metres per pixel; pass gsd.

    Returns:
        list[dict]: the SAME list; every dict has gained "distance_meters" (float, between pixel centres; 0.0
        where the shapes overlap, float("inf") when there is no reference shape).

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["roof", "water"], gsd=gsd)["shapes"]
        roofs = [s for s in shapes if s["class_type"] == "roof"]
        water = [s for s in shapes if s["class_type"] == "water"]
        calculate_shape_distances(roofs, water, gsd)
        answer = min(s["distance_meters"] for s in roofs)
    """
    targets = _ids(target_shapes, "target_shapes")
    references = _ids(reference_shapes, "reference_shapes")
    measured = _loads(_ask_host("distances", targets, references, resolution))
    return _noted(target_shapes, "distance_meters", measured, _INFINITY)


def calculate_shape_perimeters(shapes, resolution=None):
    """Measure the length of each shape's outline, inner rings included.

    Args:
        shapes (list[dict]): shapes to measure; MODIFIED in place.
        resolution (float | None): metres per pixel; pass gsd.

    Returns:
        list[dict]: the SAME list, with "perimeter_meters" (float, along pixel edges).

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["water"], gsd=gsd)["shapes"]
        calculate_shape_perimeters(shapes, gsd)
        answer = sum(s["perimeter_meters"] for s in shapes)
    """
    measured = _loads(_ask_host("perimeters", _ids(shapes, "shapes"), resolution))
    return _noted(shapes, "perimeter_meters", measured)


def calculate_shape_lengths(shapes, resolution=None):
    """Measure the length of lines of a line layer.

    Args:
        shapes (list[dict]): lines or parts; MODIFIED in place.
        resolution (float | None): metres per pixel.

    Returns:
        list[dict]: the SAME list, with "length_meters".

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["road"], gsd=gsd)["shapes"]
        calculate_shape_lengths(shapes, gsd)
        answer = sum(s["length_meters"] for s in shapes) / 1000
    """
    measured = _loads(_ask_host("lengths", _ids(shapes, "shapes"), resolution))
    return _noted(shapes, "length_meters", measured)


def intersect_shapes(target_shapes, other_shapes):
    """Cut target shapes to their parts inside the union of other shapes.

    Args:
        target_shapes (list[dict]): shapes to cut; they are not changed.
        other_shapes (list[dict]): shapes to keep the inside of.

    Returns:
        list[dict]: one NEW shape per target that keeps any pixel, with its "source_id".

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["solar", "roof"], gsd=gsd)["shapes"]
        solar = [s for s in shapes if s["class_type"] == "solar"]
        roofs = [s for s in shapes if s["class_type"] == "roof"]
        on_roofs = intersect_shapes(solar, roofs)
        answer = sum(s["area_pixels"] for s in on_roofs)
    """
    targets = _ids(target_shapes, "target_shapes")
    others = _ids(other_shapes, "other_shapes")
    return _shapes(_loads(_ask_host("intersect", targets, others)))


def subtract_shapes(target_shapes, other_shapes):
    """Cut target shapes to their parts outside the union of other shapes.

    Args:
        target_shapes (list[dict]): shapes to cut; they are not changed.
        other_shapes (list[dict]): shapes to take away.

    Returns:
        list[dict]: one NEW shape per target that keeps any pixel, with its "source_id".

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["urban", "roof"], gsd=gsd)["shapes"]
        urban = [s for s in shapes if s["class_type"] == "urban"]
        roofs = [s for s in shapes if s["class_type"] == "roof"]
        answer = sum(s["area_pixels"] for s in subtract_shapes(urban, roofs))
    """
    targets = _ids(target_shapes, "target_shapes")
    others = _ids(other_shapes, "other_shapes")
    return _shapes(_loads(_ask_host("subtract", targets, others)))


def merge_shapes(shapes, class_type="merged"):
    """Unite shapes: pixels of several shapes, or topics, become new 8-connected regions.

    Args:
        shapes (list[dict]): shapes to unite; they are not changed. Overlaps count once.
        class_type (str): the "class_type" of the new shapes.

    Returns:
        list[dict]: NEW shapes, one per 8-connected region of the union.

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["forest", "grass"], gsd=gsd)["shapes"]
        green = merge_shapes(shapes, "green")
        answer = len(green)
    """
    return _shapes(_loads(_ask_host("merge", _ids(shapes, "shapes"), class_type)))


def find_image_shapes(left=0, top=0, right=1, bottom=1):
    """The image.

    Args:
        left (float): where the part begins, as a share of the image's width; a pixel belongs where its centre
            lies.
        top (float): where it begins, as a share of the height, from the upper edge.
        right (float): where it ends, as a share of the width.
        bottom (float): where it ends, as a share of the height.

    Returns:
        list[dict]: shapes.

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["water"], gsd=gsd)["shapes"]
        near = find_shapes_within_distance(find_image_shapes(), shapes, 50.0, gsd)
        answer = sum(s["area_pixels"] for s in near)
    """
    return _shapes(_loads(_ask_host("image", left, top, right, bottom)))


def _shapes(columns):
    """Columns, as the host sends them, to one dict per shape."""
    names, rows = _list(columns), _zip(*columns.values())
    # Written out, the dicts of hundreds of thousands of shapes are made in less than half the time.
    if names == ["id", "class_type", "area_pixels", "area_hectares"]:
        return [{"id": a, "class_type": b, "area_pixels": c, "area_hectares": d} for a, b, c, d in rows]
    if names == ["id", "class_type", "area_pixels", "area_hectares", "source_id"]:
        return [
            {"id": a, "class_type": b, "area_pixels": c, "area_hectares": d, "source_id": e}
            for a, b, c, d, e in rows
        ]
    return [_dict(_zip(names, row)) for row in rows]


def _noted(shapes, key, values, missing=None):
    """The same shapes, each with its value under a key; ``missing`` where the host sends none."""
    for shape, value in _zip(shapes, values):
        shape[key] = missing if value is None else value
    return shapes


def _ids(shapes, name):
    """The ids of a program's shapes, or a TypeError that says what was expected."""
    if not _isinstance(shapes, (_list, _tuple)):
        remedy = f'pass {name}["shapes"]' if _isinstance(shapes, _dict) else "pass a list"
        raise _TypeError(f"{name} must be a list of shapes, not {_type(shapes).__name__}; {remedy}")
    try:
        return [shape["id"] for shape in shapes]
    except (_TypeError, _KeyError):
        raise _TypeError(
            f'{name} must hold shapes as segment_image_from_path(...)["shapes"] returns them'
        ) from None
