"""The functions a program may call: this text runs in the sandbox, its docstrings are the prompt and the
docs.

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
    for shape, metres in _zip(target_shapes, measured):
        shape["distance_meters"] = _INFINITY if metres is None else metres
    return target_shapes


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
    for shape, metres in _zip(shapes, measured):
        shape["perimeter_meters"] = metres
    return shapes


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
    for shape, metres in _zip(shapes, measured):
        shape["length_meters"] = metres
    return shapes


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


def measure_index(image_input, index, shapes=None, gsd=None):
    """Measure a spectral index, such as NDVI, over shapes or over the whole image, weighted by ground area.

    Args:
        image_input (str): IMAGE_PATH; BEFORE_PATH for the earlier date.
        index (str): "NDVI", "NDWI", "EVI", "SAVI", "MNDWI", "NDMI", "NBR", "NDSI", "NDBI", "BSI" or "NDRE".
        shapes (list[dict] | None): where to measure, each pixel once; None for the whole image.
        gsd (float | None): metres per pixel; pass gsd.

    Returns:
        dict: "mean", "median", "min", "max" and "deviation" (the standard one) of the index, each None where no
        pixel has a value, "area_pixels" and, when the scale is known, "area_hectares" of the ground that has one.

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["forest"], gsd=gsd)["shapes"]
        ndvi = measure_index(IMAGE_PATH, "NDVI", shapes, gsd)
        if ndvi["mean"] is None:
            cannot_answer("There is no forest with an NDVI in this image; ask about ground that is there.")
        answer = ndvi["mean"]
    """
    # Only programs that name an index are told of it: see coder/llm/prompt.py.
    ids = None if shapes is None else _ids(shapes, "shapes")
    return _loads(_ask_host("index", image_input, index, ids, gsd))


def measure_index_of_each(image_input, index, shapes, statistic="mean", gsd=None):
    """Measure a spectral index, such as NDVI, of each shape, weighted by ground area.

    Args:
        image_input (str): IMAGE_PATH; BEFORE_PATH for the earlier date.
        index (str): as for measure_index.
        shapes (list[dict]): shapes to measure; MODIFIED in place.
        statistic (str): "mean", "min", "max" or "deviation" (the standard one).
        gsd (float | None): metres per pixel; pass gsd.

    Returns:
        list[dict]: the SAME list; every dict has gained the statistic under its name and the index's, such as
        "mean_NDVI" (float; None where no pixel of the shape has a value).

    Example:
        fields = segment_image_from_path(IMAGE_PATH, ["agric"], gsd=gsd)["shapes"]
        measure_index_of_each(IMAGE_PATH, "NDVI", fields, "mean", gsd)
        known = [s for s in fields if s["mean_NDVI"] is not None]
        answer = sorted(known, key=lambda s: s["mean_NDVI"])
    """
    measured = _loads(_ask_host("index_of_each", image_input, index, _ids(shapes, "shapes"), statistic, gsd))
    for shape, value in _zip(shapes, measured):
        shape[f"{statistic}_{index}"] = value
    return shapes


def match_shapes(target_shapes, other_shapes, overlap=0.5):
    """Find which shapes of two dates are one: those that share enough of the smaller one's pixels.

    Args:
        target_shapes (list[dict]): shapes of one date; MODIFIED in place.
        other_shapes (list[dict]): shapes of the other date.
        overlap (float): shared pixels by those of the smaller shape, at least this.

    Returns:
        list[dict]: the SAME list; every dict has gained "matched_ids", the ids of the other shapes that it
        matches; without any it is new, or gone.

    Example:
        before = segment_image_from_path(BEFORE_PATH, ["roof"], gsd=gsd)["shapes"]
        after = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)["shapes"]
        match_shapes(after, before)
        new = highlight_shapes([s for s in after if not s["matched_ids"]])
        answer = len(new)
    """
    # Not among the functions that a model's prompt lists unless there is an earlier image: see coder/llm/prompt.py.
    targets = _ids(target_shapes, "target_shapes")
    others = _ids(other_shapes, "other_shapes")
    matched = _loads(_ask_host("match", targets, others, overlap))
    for shape, ids in _zip(target_shapes, matched):
        shape["matched_ids"] = ids
    return target_shapes


def calculate_transitions(before_shapes, after_shapes):
    """Measure what became what between two dates, class by class.

    Args:
        before_shapes (list[dict]): shapes of the earlier date, of one or several classes.
        after_shapes (list[dict]): shapes of the later date.

    Returns:
        list[dict]: one for every pair of classes that share ground: "from" and "to" (class_type; "other" for ground
        without any of the classes), "area_pixels" and, when the scale is known, "area_hectares".

    Example:
        before = segment_image_from_path(BEFORE_PATH, ["forest", "urban"], gsd=gsd)
        after = segment_image_from_path(IMAGE_PATH, ["forest", "urban"], gsd=gsd)
        rows = calculate_transitions(before["shapes"], after["shapes"])
        answer = sum(r["area_pixels"] for r in rows if r["from"] == "forest" and r["to"] == "urban")
    """
    # As match_shapes: in a model's prompt only where there is an earlier image.
    before = _ids(before_shapes, "before_shapes")
    after = _ids(after_shapes, "after_shapes")
    return _loads(_ask_host("transitions", before, after))


def calculate_neighbor_distances(shapes, resolution=None):
    """Measure how far each shape is from the nearest other one of the same list.

    Args:
        shapes (list[dict]): shapes to measure among; MODIFIED in place.
        resolution (float | None): metres per pixel; pass gsd.

    Returns:
        list[dict]: the SAME list; every dict has gained "neighbor_meters" (float, between pixel centres;
        float("inf") for a shape that is alone).

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)["shapes"]
        calculate_neighbor_distances(shapes, gsd)
        answer = sum(s["neighbor_meters"] for s in shapes) / len(shapes)
    """
    # Like the next two, in no model's prompt: see coder/llm/prompt.py.
    measured = _loads(_ask_host("neighbors", _ids(shapes, "shapes"), resolution))
    for shape, metres in _zip(shapes, measured):
        shape["neighbor_meters"] = _INFINITY if metres is None else metres
    return shapes


def calculate_shape_orientations(shapes, resolution=None):
    """Measure which way shapes lie: the direction of their longer axis.

    Args:
        shapes (list[dict]): shapes to measure; MODIFIED in place.
        resolution (float | None): metres per pixel; pass gsd.

    Returns:
        list[dict]: the SAME list, with "orientation_degrees" (float, clockwise from north, from 0 to below 180;
        from the image's upper edge where north is not known) and "elongation" (float, how many times longer than
        wide; 1.0 for a disc or a square, which lies no way).

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)["shapes"]
        calculate_shape_orientations(shapes, gsd)
        answer = max(shapes, key=lambda s: s["area_pixels"])["orientation_degrees"]
    """
    measured = _loads(_ask_host("orientations", _ids(shapes, "shapes"), resolution))
    for shape, (degrees, longer) in _zip(shapes, measured):
        shape["orientation_degrees"] = degrees
        shape["elongation"] = longer
    return shapes


def find_core_shapes(target_shapes, distance_meters, resolution=None):
    """Cut target shapes to their parts farther than a distance from every pixel that is none of them.

    What lies beyond the image, or where there is no data, is no edge.

    Args:
        target_shapes (list[dict]): shapes to cut; they are not changed.
        distance_meters (float): metres.
        resolution (float | None): metres per pixel; pass gsd.

    Returns:
        list[dict]: one NEW shape per target that keeps any pixel, with its "source_id".

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["water"], gsd=gsd)["shapes"]
        answer = sum(s["area_pixels"] for s in find_core_shapes(shapes, 5.0, gsd))
    """
    targets = _ids(target_shapes, "target_shapes")
    return _shapes(_loads(_ask_host("core", targets, distance_meters, resolution)))


def highlight_shapes(shapes, role="counted"):
    """Mark the shapes an answer is made of for the overlay picture.

    Args:
        shapes (list[dict]): shapes to mark.
        role (str): "counted" for what the answer counts or sums, "reference" for what it was measured
            against.

    Returns:
        list[dict]: the shapes it was given.

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)["shapes"]
        large = highlight_shapes([s for s in shapes if s["area_pixels"] >= 5])
        answer = len(large)
    """
    _ask_host("highlight", _ids(shapes, "shapes"), role)
    return shapes


def cannot_answer(reason):
    """End the program, because what was asked cannot be measured here.

    Args:
        reason (str): one sentence that says what is missing.

    Returns:
        never.

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["solar"], gsd=gsd)["shapes"]
        if not shapes:
            cannot_answer("There is no solar panel in this image, so there is no mean size.")
        answer = sum(s["area_pixels"] for s in shapes) / len(shapes)
    """
    _ask_host("cannot_answer", reason)


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


def _closing_answer(value):
    """What `answer` holds, small enough to cross the border: [type name, value or None]."""
    name = _type(value).__name__
    if _isinstance(value, _str):
        return ["str", value[:1000]]
    if _isinstance(value, _bool) or value is None:
        return [name, value]
    if _isinstance(value, _int):
        return [name, value] if -(10**300) < value < 10**300 else ["int beyond 1e300", None]
    if _isinstance(value, _float) or name == "Decimal":
        return ["float", _float(value)]
    if _isinstance(value, (_dict, _list, _tuple)):
        try:
            return ["rows", _dumps(_rows(value))]
        except _Exception:
            return [name, None]
    return [name, None]


_MOST_ROWS, _MOST_CELLS = 10_000, 200_000  # of a table in `answer`; the host has the same


def _rows(value):
    """A dict or list in `answer` as [what it is, its keys or None, its rows]; not more than a table may have."""
    if _len(value) > _MOST_ROWS:
        return ["more than 10,000 rows", None, []]
    is_dict = _isinstance(value, _dict)
    items = _list(value.values()) if is_dict else value
    cells = 0
    for item in items:
        cells += _len(item) if _isinstance(item, (_dict, _list, _tuple)) else 1
    if cells > _MOST_CELLS:
        return ["more than 200,000 cells", None, []]
    # A shape by itself is one row: its own keys.
    return [
        "dict" if is_dict else "list",
        [_key(key) for key in value] if is_dict else None,
        [_row(i) for i in items],
    ]


def _row(item):
    """One item: a cell, or ["dict", keys, cells], or ["list", None, cells]; shapes go without their outlines."""
    if _isinstance(item, _dict):
        shape = "area_pixels" in item
        keys = [key for key in item if not shape or key not in ("polygon", "holes", "bbox", "centroid")]
        return ["dict", [_key(key) for key in keys], [_cell(item[key]) for key in keys]]
    if _isinstance(item, (_list, _tuple)):
        return ["list", None, [_cell(cell) for cell in item]]
    return _cell(item)


def _key(key):
    return _str(key)[:1000]


def _cell(value):
    """A word or a number as it is; what is neither as [name of its type]."""
    if value is None or _isinstance(value, _bool):
        return value
    if _isinstance(value, _str):
        return value[:1000]
    if _isinstance(value, _int):
        return value if -(10**300) < value < 10**300 else ["int beyond 1e300"]
    if _isinstance(value, _float) or _type(value).__name__ == "Decimal":
        return _float(value)
    return [_type(value).__name__]


def _closing_ids(value):
    """Ids of the shapes that a variable holds, or None when it holds no list of shapes."""
    if _isinstance(value, _dict) and "area_pixels" in value:
        value = [value]
    if not _isinstance(value, (_list, _tuple)):
        return None
    ids = []
    for shape in value:
        if not _isinstance(shape, _dict) or "id" not in shape or "area_pixels" not in shape:
            return None
        ids.append(shape["id"])
    return ids
