"""A completion's text → the prompts it holds, in the frame the model speaks.

Two readers: a strict one, which training rewards, and a lenient one for evaluation and use. An empty list means "there
is no target" and is only ever the result of a text that says so; whatever cannot be read is None.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planimeter.reason.answer_text import json_value, lenient_body, strict_body
from planimeter.reason.frames import (
    Frame,
    OriginalFrame,
    clipped_box,
    clipped_point,
    convert_box,
    convert_point,
    ordered_box,
)
from planimeter.reason.prompt import Box, Point, Prompt, thin
from planimeter.reason.protocol import DEFAULT_VARIANT, OURS, Protocol, Variant

MAX_INSTANCES = 200  # more do not fit into 2,048 tokens; a guard for the segmenter behind
_LARGEST = 1e6  # of a coordinate, in any frame
_BOX, _POSITIVE, _NEGATIVE = "bbox_2d", "positive_points", "negative_points"
_BOX_NAMES = (_BOX, "bbox", "box", "bounding_box")
_POSITIVE_NAMES = (_POSITIVE, "points", "point_2d", "point")
_NEGATIVE_NAMES = (_NEGATIVE,)


@dataclass(frozen=True)
class RawPrompt:
    """One instance as a model wrote it: finite numbers, in the frame the model speaks, neither ordered nor clipped.

    Attributes:
        box: (x0, y0, x1, y1), or None.
        positive: points (x, y) inside.
        negative: points (x, y) outside.
    """

    box: Box | None
    positive: tuple[Point, ...] = ()
    negative: tuple[Point, ...] = ()


def parse_strict(
    text: str, variant: Variant = DEFAULT_VARIANT, protocol: Protocol = OURS, *, repair: bool = True
) -> list[RawPrompt] | None:
    """Read a completion in exactly the required form.

    One ``<answer>`` with one fenced ``json`` block: a list of objects, each with a box of four numbers or points (at
    least one of the two), as many points as the variant asks for, and negative points only where it asks for them.

    Args:
        text: the completion.
        variant: what was asked for.
        protocol: whether an empty ``negative_points`` fails.
        repair: mend broken JSON before it is given up; False where the form itself is judged.

    Returns:
        the prompts; an empty list where the model says that there is no target; None where it cannot be read.

    Raises:
        ModelError: JSON is broken and json_repair is not installed.

    Example:
        >>> parse_strict('<answer>```json[{"bbox_2d": [1, 2, 8, 9], "positive_points": [[3, 4], [5, 6]]}]```</answer>')
        [RawPrompt(box=(1.0, 2.0, 8.0, 9.0), positive=((3.0, 4.0), (5.0, 6.0)), negative=())]
        >>> parse_strict("I see no target.") is None
        True
    """
    body = strict_body(text)
    found = None if body is None else json_value(body, repair)
    if not isinstance(found, list) or len(found) > MAX_INSTANCES:
        return None
    prompts = [_strict_instance(instance, variant, protocol) for instance in found]
    return None if None in prompts else [prompt for prompt in prompts if prompt is not None]


def parse_lenient(text: str, protocol: Protocol = OURS) -> list[RawPrompt] | None:
    """Read a completion however it says what it means.

    Tags and fence may be missing, JSON is repaired, one object will do for a list, usual other names of the keys are
    known, any number of points is taken, and instances that cannot be read are left out as long as one can be.

    Args:
        text: the completion.
        protocol: whether an empty ``negative_points`` fails an instance.

    Returns:
        as ``parse_strict``.

    Raises:
        ModelError: JSON is broken and json_repair is not installed.

    Example:
        >>> parse_lenient('<answer>{"bbox_2d": [1, 2, 8, 9]}</answer>')
        [RawPrompt(box=(1.0, 2.0, 8.0, 9.0), positive=(), negative=())]
    """
    body = lenient_body(text)
    found = None if body is None else json_value(body, repair=True)
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list) or len(found) > MAX_INSTANCES:
        return None
    prompts = [_lenient_instance(instance, protocol) for instance in found]
    read = [prompt for prompt in prompts if prompt is not None]
    return read if read or not found else None


def usable_prompts(
    raw: Sequence[RawPrompt], frame: Frame, original: OriginalFrame, protocol: Protocol = OURS
) -> list[Prompt]:
    """Prompts for a segmenter: in the original frame, ordered, clipped, checked, repeated boxes thinned.

    Boxes outside the image and points outside it are left out; a prompt with neither is left out. The paper's
    protocol scales and thins only.

    Args:
        raw: as they were read.
        frame: that they were written in.
        original: of the image.
        protocol: whether coordinates are checked.

    Example:
        >>> from planimeter.reason.frames import ResizedFrame
        >>> usable_prompts([RawPrompt((90, 10, 10, 1200))], ResizedFrame(100, 1000), OriginalFrame(50, 50))
        [Prompt(box=(5.0, 0.5, 45.0, 50.0), positive=(), negative=())]
    """
    prompts = [_usable(prompt, frame, original, protocol.checks_coordinates) for prompt in raw]
    return thin([prompt for prompt in prompts if prompt is not None])


def _usable(raw: RawPrompt, frame: Frame, original: OriginalFrame, check: bool) -> Prompt | None:
    box = None if raw.box is None else convert_box(raw.box, frame, original)
    positive, negative = (
        tuple(convert_point(point, frame, original) for point in points)
        for points in (raw.positive, raw.negative)
    )
    if check:
        box = None if box is None else clipped_box(ordered_box(box), original)
        positive, negative = (
            tuple(kept for point in points if (kept := clipped_point(point, original)) is not None)
            for points in (positive, negative)
        )
    return Prompt(box, positive, negative) if box is not None or positive else None


def _strict_instance(instance: Any, variant: Variant, protocol: Protocol) -> RawPrompt | None:
    if not isinstance(instance, dict):
        return None
    box = as_box(instance[_BOX]) if _BOX in instance else None
    positive = as_points(instance[_POSITIVE]) if _POSITIVE in instance else ()
    negative = as_points(instance[_NEGATIVE]) if _NEGATIVE in instance else ()
    if (_BOX in instance and box is None) or positive is None or negative is None:
        return None
    if _POSITIVE in instance and len(positive) != variant.positives:
        return None
    if box is None and not positive:
        return None
    unasked = _NEGATIVE in instance and not variant.negatives
    if unasked and (negative or protocol.empty_negatives_fail):
        return None
    if _NEGATIVE in instance and variant.negatives and len(negative) != variant.negatives:
        return None
    return RawPrompt(box, positive, negative)


def _lenient_instance(instance: Any, protocol: Protocol) -> RawPrompt | None:
    if not isinstance(instance, dict):
        return None
    box = as_box(_first(instance, _BOX_NAMES))
    positive = as_points(_first(instance, _POSITIVE_NAMES), single=True) or ()
    negative = as_points(_first(instance, _NEGATIVE_NAMES), single=True) or ()
    if box is None and not positive:
        return None
    if protocol.empty_negatives_fail and _NEGATIVE in instance and not negative:
        return None
    return RawPrompt(box, positive, negative)


def _first(instance: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((instance[name] for name in names if name in instance), None)


def as_number(value: Any) -> float | None:
    """A finite number of sensible size, or None; True and "3" are none.

    Example:
        >>> as_number(3), as_number(True), as_number("3"), as_number(float("nan"))
        (3.0, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return float(value) if abs(value) <= _LARGEST else None


def as_box(value: Any) -> Box | None:
    """Four numbers, or None.

    Example:
        >>> as_box([1, 2, 3, 4]), as_box([1, 2, 3])
        ((1.0, 2.0, 3.0, 4.0), None)
    """
    numbers = _numbers(value, 4)
    return None if numbers is None else (numbers[0], numbers[1], numbers[2], numbers[3])


def as_points(value: Any, single: bool = False) -> tuple[Point, ...] | None:
    """A list of pairs of numbers, or None.

    Args:
        value: from JSON.
        single: take one pair for a list of one.

    Example:
        >>> as_points([[1, 2], [3, 4]]), as_points([1, 2]), as_points([1, 2], single=True)
        (((1.0, 2.0), (3.0, 4.0)), None, ((1.0, 2.0),))
    """
    if not isinstance(value, list):
        return None
    if single and (alone := _numbers(value, 2)) is not None:
        return ((alone[0], alone[1]),)
    pairs = [_numbers(pair, 2) for pair in value]
    return None if None in pairs else tuple((pair[0], pair[1]) for pair in pairs if pair is not None)


def _numbers(value: Any, count: int) -> list[float] | None:
    if not isinstance(value, list) or len(value) != count:
        return None
    numbers = [as_number(each) for each in value]
    return None if None in numbers else [number for number in numbers if number is not None]
