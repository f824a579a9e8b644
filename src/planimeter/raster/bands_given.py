"""Which band is which, as a caller says it: ``--bands red=3,nir=4``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace

from planimeter.errors import UsageError
from planimeter.raster.band_colours import colour_of
from planimeter.raster.spectrum import COLOURS, LANDSAT, LEVELS, SENTINEL2, Channel, Spectrum


def told_by_user(given: str | Mapping[str, object], count: int, found: Spectrum) -> Spectrum:
    """What a file says of its bands, overruled by what the caller says.

    Args:
        given: ``red=3,nir=4`` with 1-based numbers; ``scale=0.0001``, ``offset=-0.1`` (reflectance = value × scale +
            offset), ``sensor=sentinel-2`` and ``level=L2A`` may stand among them.
        count: bands of the scene.
        found: what the file says.

    Raises:
        UsageError: it is not written so, or names a band that the scene does not have.

    Example:
        >>> told_by_user("nir=4", 4, Spectrum({"red": Channel(1), "green": Channel(4)})).channels
        {'red': Channel(index=1, scale=1.0, offset=0.0), 'nir': Channel(index=4, scale=1.0, offset=0.0)}
    """
    pairs = dict(given) if isinstance(given, Mapping) else _pairs(given)
    scale, offset = _number(pairs.pop("scale", None), "scale"), _number(pairs.pop("offset", None), "offset")
    if scale is not None and scale <= 0:
        raise UsageError("--bands scale= must be greater than 0, such as scale=0.0001.")
    sensor, level = str(pairs.pop("sensor", "")), str(pairs.pop("level", "")).upper()
    if level and level not in LEVELS:
        raise UsageError(
            f"--bands level={level[:20]} is no level known here: write one of {', '.join(LEVELS)}."
        )
    chosen: dict[str, Channel] = {}
    for word, number in pairs.items():
        colour = colour_of(str(word))
        if colour is None:
            raise UsageError(
                f"--bands names {str(word)[:40]!r}, which is no colour here: use {', '.join(COLOURS)}, and scale, "
                "offset, sensor or level."
            )
        if not str(number).isdigit() or not 1 <= int(str(number)) <= count:
            raise UsageError(
                f"--bands {colour}={str(number)[:40]} is no band: the scene has the bands 1 to {count}."
            )
        chosen[colour] = Channel(int(str(number)))
    if not chosen and not found.channels:
        raise UsageError("--bands names no band: write for example --bands red=3,nir=4.")
    taken = {channel.index for channel in chosen.values()}
    kept = {colour: each for colour, each in found.channels.items() if each.index not in taken}
    by_index = {each.index: each for each in found.channels.values()}
    usual = next(iter(by_index.values()), Channel(1))
    channels = kept | {c: by_index.get(b.index) or replace(usual, index=b.index) for c, b in chosen.items()}
    if offset is not None and scale is None and not found.calibrated:
        raise UsageError(
            "--bands offset= alone says nothing where nobody knows the scale: give both, as in "
            "scale=0.0001,offset=-0.1."
        )
    calibrated = scale is not None or found.calibrated
    if calibrated:
        channels = {
            c: Channel(b.index, b.scale if scale is None else scale, b.offset if offset is None else offset)
            for c, b in channels.items()
        }
    else:
        channels = {c: Channel(b.index) for c, b in channels.items()}
    names = {"sentinel2": SENTINEL2, "landsat": LANDSAT, "": found.sensor}
    plain = re.sub(r"[^a-z0-9]", "", sensor.lower())
    return Spectrum(
        channels, names.get(plain, sensor), level or found.level, calibrated, "by --bands",
        _notes(found, scale, offset),
    )  # fmt: skip


def _notes(found: Spectrum, scale: float | None, offset: float | None) -> tuple[str, ...]:
    """What answers say of how values become reflectance."""
    if scale is None and offset is None:
        return found.notes
    if scale is not None and offset is not None:
        return ()
    if not found.calibrated:
        return (f"Reflectance was taken as values × {scale:g}: give --bands offset= too if there is one.",)
    if offset is None:
        known = sorted({f"{channel.offset:g}" for channel in found.channels.values()})
        return (
            f"The scale is as --bands says, the offset ({', '.join(known)}) as the file does; give both.",
        )
    known = sorted({f"{channel.scale:g}" for channel in found.channels.values()})
    return (f"The offset is as --bands says, the scale ({', '.join(known)}) as the file does.",)


def _pairs(text: str) -> dict[str, object]:
    pairs: dict[str, object] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        word, equals, number = part.partition("=")
        if not equals or word.strip() in pairs:
            raise UsageError(
                f"--bands {part[:60]!r} must be COLOUR=NUMBER, each once, for example red=3,nir=4."
            )
        pairs[word.strip()] = number.strip()
    return pairs


def _number(value: object, name: str) -> float | None:
    if value is None:
        return None
    try:
        number = float(str(value))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(
            f"--bands {name}={str(value)[:40]} is no number: write for example scale=0.0001,offset=-0.1."
        )
    return number
