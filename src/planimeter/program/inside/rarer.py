"""Functions of programs that a model's prompt tells of only where they may be needed: of bands, of two dates,
and of how shapes lie among each other. They run in the sandbox as `functions` does.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-any-generics

from __future__ import annotations

from planimeter.program.inside.functions import (
    _INFINITY,
    _ask_host,
    _ids,
    _loads,
    _noted,
    _shapes,
    _zip,
)


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
    return _noted(shapes, f"{statistic}_{index}", measured)


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
    return _noted(target_shapes, "matched_ids", matched)


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
    # Like the next three, in no model's prompt: see coder/llm/prompt.py.
    measured = _loads(_ask_host("neighbors", _ids(shapes, "shapes"), resolution))
    return _noted(shapes, "neighbor_meters", measured, _INFINITY)


def calculate_contained_counts(target_shapes, other_shapes, enclosed=False):
    """Count how many other shapes lie in each shape.

    Args:
        target_shapes (list[dict]): shapes that contain others; MODIFIED in place.
        other_shapes (list[dict]): shapes to count.
        enclosed (bool): False: those that share any pixel with the shape; True: also those in its holes, that is,
            inside its outer outline.

    Returns:
        list[dict]: the SAME list; every dict has gained "contained_count" (int).

    Example:
        shapes = segment_image_from_path(IMAGE_PATH, ["agric", "roof"], gsd=gsd)["shapes"]
        fields = [s for s in shapes if s["class_type"] == "agric"]
        roofs = [s for s in shapes if s["class_type"] == "roof"]
        calculate_contained_counts(fields, roofs, True)
        answer = len([s for s in fields if s["contained_count"] > 0])
    """
    targets = _ids(target_shapes, "target_shapes")
    counted = _loads(_ask_host("contained", targets, _ids(other_shapes, "other_shapes"), enclosed))
    return _noted(target_shapes, "contained_count", counted)


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
