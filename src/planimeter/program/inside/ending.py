"""How a program ends: what it marks, why it cannot answer, and what of its answer crosses the border. It runs
in the sandbox as `functions` does.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-any-generics

from __future__ import annotations

from planimeter.program.inside.functions import (
    _ask_host,
    _bool,
    _dict,
    _dumps,
    _Exception,
    _float,
    _ids,
    _int,
    _isinstance,
    _len,
    _list,
    _str,
    _tuple,
    _type,
)


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
