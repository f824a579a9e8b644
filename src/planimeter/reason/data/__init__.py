"""Data sets of reasoning and referring segmentation, and samples made from labelled pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from planimeter.errors import InputError, UsageError
from planimeter.reason.data.earthreason import read_earthreason
from planimeter.reason.data.folder import read_folder
from planimeter.reason.data.geopixeld import read_geopixeld
from planimeter.reason.data.phrases import read_refsegrs, read_risbench
from planimeter.reason.data.referring import Referred, referring_phrases, world_samples
from planimeter.reason.data.rrsisd import read_rrsisd
from planimeter.reason.data.sample import INSTANCE, SEMANTIC, ReferringSample

__all__ = [
    "INSTANCE",
    "SEMANTIC",
    "Referred",
    "ReferringSample",
    "find_samples",
    "read_earthreason",
    "read_folder",
    "read_geopixeld",
    "read_refsegrs",
    "read_risbench",
    "read_rrsisd",
    "referring_phrases",
    "world_samples",
]

_READERS: dict[str, Callable[[Path, str], list[ReferringSample]]] = {
    "earthreason": read_earthreason,
    "rrsisd": read_rrsisd,
    "refsegrs": read_refsegrs,
    "risbench": read_risbench,
    "geopixeld": read_geopixeld,
}


def find_samples(name: str, split: str = "test") -> list[ReferringSample]:
    """The samples a name stands for.

    Args:
        name: "earthreason:FOLDER", "rrsisd:FOLDER", "refsegrs:FOLDER", "risbench:FOLDER", "geopixeld:FOLDER",
            "folder:FOLDER" for labelled pictures of one's own, or "worlds:COUNT" for synthetic ones.
        split: of a published data set.

    Raises:
        InputError: the data set cannot be read.
        UsageError: the name is not written like that.

    Example:
        >>> len({sample.image_name for sample in find_samples("worlds:2")})
        2
    """
    kind, _, rest = name.partition(":")
    if kind in _READERS and rest:
        return _READERS[kind](Path(rest), split)
    if kind == "folder" and rest:
        return read_folder(Path(rest))
    if kind == "worlds":
        if not rest.isdecimal() or not 0 < int(rest) <= 100_000:
            raise UsageError("worlds:COUNT needs a number of worlds, such as worlds:20.")
        return world_samples(int(rest))
    raise InputError(
        f"There is no data set {name[:60]!r}: give {', '.join(f'{each}:FOLDER' for each in _READERS)}, folder:FOLDER "
        "or worlds:COUNT."
    )
