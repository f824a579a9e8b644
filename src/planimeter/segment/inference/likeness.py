"""How a scene looks, in a few numbers, beside the pictures a model was trained on.

A network is sure of itself on pictures of any kind. What can be measured cheaply and says that its measured errors may
not hold: a scene darker, flatter, greyer, of another tint, or blurrier than nearly all the training pictures were.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import cv2
import numpy as np

from planimeter.raster import Scene

ACROSS = 5  # patches are looked at in a grid of 5 × 5
SIDE = 64  # pixels a side of a patch
READ_WHOLE = 1 << 22  # pixels of a scene, at most
KEPT = 0.99  # share of training pictures whose values count as usual

_SEEN: dict[int, tuple[weakref.ref[Scene], dict[str, float] | None]] = {}

#: Each number, and how a scene below and above the usual is described.
NUMBERS: dict[str, tuple[str, str]] = {
    "brightness": ("darker", "brighter"),
    "contrast": ("flatter", "richer in contrast"),
    "saturation": ("greyer", "more colourful"),
    "red_blue": ("bluer", "redder"),
    "green": ("less green", "greener"),
    "detail": ("blurrier", "sharper or noisier"),
}


def appearance(scene: Scene) -> dict[str, float] | None:
    """How a scene looks, from 25 small patches spread over it; None where it has no data there.

    Args:
        scene: looked at in its own pixels; grey levels of 0 to 255.

    Returns:
        the mean grey; its standard deviation; the mean difference between a pixel's largest and smallest colour; red
        minus blue; green minus the mean of both; the mean difference to the mean of 3 × 3 pixels, beside the contrast.
    """
    known = _SEEN.get(id(scene))
    if known is None or known[0]() is not scene:  # a scene that is looked at in parts is measured once
        known = weakref.ref(scene, partial(_forget, id(scene))), _measured(scene)
        _SEEN[id(scene)] = known
    return known[1]


def _forget(key: int, _: object) -> None:
    _SEEN.pop(key, None)


def _measured(scene: Scene) -> dict[str, float] | None:
    patches = [patch.astype(np.float32) for patch, valid in _patches(scene) if valid.all()]
    if not patches:
        return None
    colours = np.concatenate([patch.reshape(-1, 3) for patch in patches])
    grey = colours.mean(1)
    contrast = float(grey.std())
    planes = [patch.mean(-1) for patch in patches]
    rough = float(np.mean([np.abs(plane - cv2.blur(plane, (3, 3))).mean() for plane in planes]))
    red, green, blue = colours.mean(0)
    return {
        "brightness": float(grey.mean()),
        "contrast": contrast,
        "saturation": float((colours.max(1) - colours.min(1)).mean()),
        "red_blue": float(red - blue),
        "green": float(green - (red + blue) / 2),
        "detail": rough / (contrast + 1),
    }


def usual_range(seen: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    """Between which values nearly all of some scenes lie, for a model's card.

    Args:
        seen: ``appearance`` of training pictures.

    Example:
        >>> usual_range([{"green": float(k)} for k in range(1001)])
        {'green': [5.0, 995.0]}
    """
    beyond = (1 - KEPT) / 2
    names = seen[0] if seen else {}
    return {
        name: [
            round(float(np.quantile([one[name] for one in seen], share)), 3) for share in (beyond, 1 - beyond)
        ]
        for name in names
    }


def unlike(found: Mapping[str, float] | None, usual: Mapping[str, Sequence[float]]) -> list[str]:
    """In which ways a scene lies outside the usual range.

    Example:
        >>> unlike({"brightness": 3.0, "green": 4.0}, {"brightness": [20, 230], "green": [-30, 30]})
        ['darker']
    """
    ways = []
    for name, (low, high) in usual.items():
        value = found.get(name) if found is not None else None
        if value is not None and name in NUMBERS and not low <= value <= high:
            ways.append(NUMBERS[name][value > high])
    return ways


def _patches(scene: Scene) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Colours and validity of the patches; a small scene is read once, because each reading opens its file."""
    whole = (scene.read_rgb(), scene.valid()) if scene.width * scene.height <= READ_WHOLE else None
    for y in _starts(scene.height):
        for x in _starts(scene.width):
            if whole is not None:
                yield tuple(plane[y : y + SIDE, x : x + SIDE] for plane in whole)  # type: ignore[misc]
            else:
                box = x, y, min(x + SIDE, scene.width), min(y + SIDE, scene.height)
                yield scene.read_rgb(box), scene.valid(box)


def _starts(length: int) -> list[int]:
    """First pixels of the patches along one axis: evenly spread, fewer where they would overlap."""
    count = min(ACROSS, max(1, length // SIDE))
    return [round(k * max(0, length - SIDE) / max(1, count - 1)) for k in range(count)]
