"""What ``--segmenter reason:…`` names: a prompter, a promptable segmenter, and who knows the usual topics."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from planimeter.errors import InputError, ModelError, UsageError
from planimeter.paths import is_dir
from planimeter.reason.families import NORMALISED, RESIZED
from planimeter.reason.promptable import EMBEDDED
from planimeter.reason.prompter import PrompterOptions
from planimeter.reason.protocol import find_variant

_KEYS = ("base", "max_side", "promptable", "prompter")


@dataclass(frozen=True)
class ReasonSpec:
    """An open-vocabulary segmenter, described.

    Attributes:
        prompter: as ``find_prompter`` takes it.
        options: how the prompter is asked.
        promptable: as ``find_promptable`` takes it.
        base: a segmenter, by name, that answers for the topics it knows; None: the prompter sees everything.
        max_side: longer side, in pixels, of what is looked at; larger scenes are scaled down.
    """

    prompter: str
    options: PrompterOptions = field(default_factory=PrompterOptions)
    promptable: str = EMBEDDED
    base: str | None = None
    max_side: int = 2048


def read_spec(place: str) -> ReasonSpec:
    """What stands behind ``reason:``.

    Args:
        place: a JSON file with the keys "prompter", "promptable", "base" and "max_side" (only the first is needed), or
            the folder of a prompter, which goes with the promptable segmenter that ships.

    Raises:
        ModelError: there is no such file or folder.
        InputError: the file does not describe a segmenter.
        UsageError: a variant or frame that is none.
    """
    path = Path(place.removesuffix(",download"))
    if is_dir(path):
        return ReasonSpec(f"vlm:{place}")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(
            f"There is no {path} to find topics with: give reason:FILE.json, which names a prompter, or reason:FOLDER "
            "of one (docs/reason.md)."
        ) from error
    except ValueError as error:
        raise InputError(f"{path.name} is not JSON ({error}): see docs/reason.md for an example.") from error
    return _spec(found, path)


def _spec(found: Any, path: Path) -> ReasonSpec:
    if not isinstance(found, dict) or "prompter" not in found or set(found) - set(_KEYS):
        raise InputError(
            f"{path.name} must be an object with the keys {', '.join(_KEYS)}, of which prompter is needed: see "
            "docs/reason.md for an example."
        )
    prompter = found["prompter"]
    told = {"name": prompter} if isinstance(prompter, str) else prompter
    base, side, promptable = (
        found.get("base"),
        found.get("max_side", ReasonSpec.max_side),
        found.get("promptable", EMBEDDED),
    )
    fits = (
        isinstance(told, dict)
        and isinstance(told.get("name"), str)
        and isinstance(promptable, str)
        and (base is None or isinstance(base, str))
        and isinstance(side, int)
        and 64 <= side <= 16384
    )
    if not fits:
        raise InputError(
            f"{path.name} names its prompter, promptable segmenter and base by words and max_side by a number from 64 "
            "to 16384: see docs/reason.md for an example."
        )
    return ReasonSpec(
        _near(told["name"], path.parent), _options(told, path), _near(promptable, path.parent), base, side
    )


def _options(told: Mapping[str, Any], path: Path) -> PrompterOptions:
    given = {key: value for key, value in told.items() if key != "name"}
    known = {each.name for each in fields(PrompterOptions)}
    numbers = [given[key] for key in ("side", "max_new_tokens", "batch") if key in given]
    if "side" in given and given["side"] is None:  # as large as it is
        numbers.remove(None)
    if set(given) - known or not all(
        isinstance(n, int) and not isinstance(n, bool) and 0 < n <= 65536 for n in numbers
    ):
        raise InputError(
            f"{path.name} says of its prompter what is not known: besides name there are {', '.join(sorted(known))}."
        )
    if "variant" in given:
        given["variant"] = find_variant(str(given["variant"]))
    if given.get("frame") not in (None, RESIZED, NORMALISED):
        raise UsageError(f'{path.name} names a frame that is none: give "{RESIZED}" or "{NORMALISED}".')
    return PrompterOptions(**given)


def _near(name: str, folder: Path) -> str:
    """A name whose folder lies beside the file that names it."""
    kind, colon, rest = name.partition(":")
    near = folder / rest
    return f"{kind}:{near}" if colon and kind in ("vlm", "sam2") and is_dir(near) else name
