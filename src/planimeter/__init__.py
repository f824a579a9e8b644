"""Planimeter: ask a question of a satellite or aerial image, get a measured answer.

Everything a program needs stands here: ``ask`` and ``run``, what opens a scene and makes one to try things on, what
shows topics on it, the answer, and the errors. A name is loaded when it is first used, so importing the package is
fast and loads no library.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from planimeter.answer import Answer
    from planimeter.ask import ask, run
    from planimeter.errors import (
        CheckFailed,
        Elsewhere,
        InputError,
        LabelError,
        LimitReached,
        ModelError,
        NotMeasurable,
        NotUnderstood,
        PlanimeterError,
        ProgramError,
        ProgramFailed,
        QuestionError,
        ScaleError,
        SceneError,
        UsageError,
    )
    from planimeter.raster import Scene, open_scene
    from planimeter.segment import LabelSegmenter, Segmenter, VectorSegmenter, find_segmenter
    from planimeter.worlds import make_world

__all__ = [
    "Answer",
    "CheckFailed",
    "Elsewhere",
    "InputError",
    "LabelError",
    "LabelSegmenter",
    "LimitReached",
    "ModelError",
    "NotMeasurable",
    "NotUnderstood",
    "PlanimeterError",
    "ProgramError",
    "ProgramFailed",
    "QuestionError",
    "ScaleError",
    "Scene",
    "SceneError",
    "Segmenter",
    "UsageError",
    "VectorSegmenter",
    "__version__",
    "ask",
    "find_segmenter",
    "make_world",
    "open_scene",
    "run",
]

# Where a name lives; the errors are all in one file.
_HOMES = {
    "Answer": "answer",
    "LabelSegmenter": "segment",
    "Scene": "raster",
    "Segmenter": "segment",
    "VectorSegmenter": "segment",
    "find_segmenter": "segment",
    "make_world": "worlds",
    "open_scene": "raster",
    "run": "ask",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """The package with ``ask`` always the function.

    The function lives in the file ``ask.py``, and importing a file makes Python assign its module to the attribute of
    the same name on the package. A property takes that assignment and lets it go.
    """

    @property
    def ask(self) -> object:
        return import_module(f"{__name__}.ask").ask

    @ask.setter
    def ask(self, module: ModuleType) -> None:
        """Python's own assignment of the module ``planimeter.ask``, found in ``sys.modules`` all the same."""


sys.modules[__name__].__class__ = _Package
