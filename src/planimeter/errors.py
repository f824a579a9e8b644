"""Every error Planimeter raises on purpose, as one small tree.

    PlanimeterError
    ├── UsageError            2  the call itself is wrong
    ├── InputError            3  an input cannot be read, or lacks what is needed
    │   ├── SceneError           an image cannot be opened or is not what it says
    │   ├── LabelError           a label raster, vector layer or legend does not fit
    │   │   └── Elsewhere        a vector layer has nothing where the scene lies
    │   ├── ScaleError           metres per pixel are needed and unknown
    │   └── ModelError           weights, an extra or a server is missing or broken
    ├── QuestionError         4  the question was not understood, or cannot be measured
    │   ├── NotUnderstood
    │   └── NotMeasurable
    └── ProgramError          5  a program failed or hit a limit
        ├── CheckFailed          refused before it ran
        ├── ProgramFailed        raised while it ran
        └── LimitReached         time, memory, calls or shapes

The number is the exit code of the command line. A message is one plain sentence that ends with what to do about it.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class PlanimeterError(Exception):
    """Base of all errors; ``str(error)`` is a sentence a user can act on."""

    exit_code = 5


class UsageError(PlanimeterError):
    """The call itself is wrong (exit code 2)."""

    exit_code = 2


class InputError(PlanimeterError):
    """An input cannot be read, or lacks what is needed (exit code 3)."""

    exit_code = 3


class SceneError(InputError):
    """An image cannot be opened, is damaged, or is too large."""


class LabelError(InputError):
    """A label raster, vector layer or legend cannot be read or does not fit the scene."""


class Elsewhere(LabelError):
    """A vector layer has nothing where the scene lies."""


class ScaleError(InputError):
    """Metres per pixel are needed and unknown; the remedy is ``--gsd``."""


class ModelError(InputError):
    """Model weights, an optional extra or a server is missing, damaged or unreachable."""


class QuestionError(PlanimeterError):
    """The question cannot be answered (exit code 4).

    Args:
        sentence: what is wrong, and what to do.
        suggestions: whole questions, close to the one that was asked, that can be answered.

    Example:
        >>> QuestionError("Say which.", suggestions=("How big is the largest lake?",)).suggestions
        ('How big is the largest lake?',)
    """

    exit_code = 4

    def __init__(self, sentence: str = "", *, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.suggestions = suggestions


class NotUnderstood(QuestionError):
    """The coder did not understand the question.

    Attributes:
        unfollowed: whether it only could not follow the words, and nothing else speaks against the question.
    """

    unfollowed: bool = False

    @classmethod
    def of_words(cls, sentence: str) -> NotUnderstood:
        """One where only the words could not be followed."""
        error = cls(sentence)
        error.unfollowed = True
        return error


class NotMeasurable(QuestionError):
    """The question was understood, but what it asks for cannot be measured here."""


class ProgramError(PlanimeterError):
    """A program failed or hit a limit (exit code 5)."""

    exit_code = 5


class CheckFailed(ProgramError):
    """The static check refused the program before it ran."""


class ProgramFailed(ProgramError):
    """The program raised an error, or left no usable ``answer``."""


class LimitReached(ProgramError):
    """The program ran out of time, memory, calls or shapes."""


def error_object(error: PlanimeterError) -> dict[str, object]:
    """An error as one JSON object: what the command line prints with ``--json`` and servers reply.

    >>> error_object(NotUnderstood("Say which.", suggestions=("How big is the largest lake?",)))["suggestions"]
    ['How big is the largest lake?']
    """
    return {
        "error": str(error),
        "kind": type(error).__name__,
        "exit_code": error.exit_code,
        "suggestions": list(getattr(error, "suggestions", ())),
    }


def of_system(error: OSError | UnicodeEncodeError) -> InputError:
    """What the system refused, where no command has words of its own for it.

    Args:
        error: of a file, or of a text with bytes that are no UTF-8.

    >>> str(of_system(OSError(36, "File name too long", "n.tif")))
    "'n.tif' cannot be read or written (File name too long): check the path, who may use it, and the room on its disk."
    """
    if isinstance(error, UnicodeEncodeError):
        return InputError(
            f"{shown_name(error.object)} holds bytes that are no UTF-8 text, which nothing can be called by here: use "
            "another name."
        )
    which = "A file" if error.filename is None else shown_name(error.filename)
    return InputError(
        f"{which} cannot be read or written ({error.strerror or error}): check the path, who may use it, and the room "
        "on its disk."
    )


def shown_name(path: object) -> str:
    """A path as it may stand in an error: one line, quoted, printable, at most 200 characters.

    >>> shown_name("a\\nb.tif")
    "'a\\\\nb.tif'"
    """
    text = repr(str(path))
    return text if len(text) <= 200 else text[:80] + "…" + text[-80:]


def without_surrogates(text: str) -> str:
    """Text that can be written as UTF-8: halves of characters, as bytes that are no UTF-8 leave them, become "?".

    >>> without_surrogates("caf\\udce9?")
    'caf??'
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A hint that names the closest known word.

    Example:
        >>> did_you_mean("area_ha", ["area_hectares", "id"], "use another key")
        'did you mean area_hectares?'
    """
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else otherwise
