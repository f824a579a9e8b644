"""How the stored values of a sensor become reflectance, where a file says so of no band, or only of some."""

from __future__ import annotations

import re
from dataclasses import replace

from planimeter.raster.spectrum import LANDSAT, SENTINEL2, THERMAL, Spectrum

_HLS_NAME = re.compile(r"HLS\.[LS]30\.", re.IGNORECASE)
_BASELINE = re.compile(r"_N(\d{4})_")
SENTINEL2_SCALE, _SENTINEL2_OFFSET = 1e-4, -0.1
_LANDSAT_SCALE, _LANDSAT_OFFSET = 2.75e-5, -0.2


def as_far_as_told(spectrum: Spectrum, told: set[str]) -> Spectrum:
    """A scene of which some bands say how their values become reflectance: only these are used.

    Args:
        spectrum: what is known of the bands, with the scales and offsets that are told.
        told: colours of the bands that tell them. A thermal band has no reflectance, and stays as it is.

    Example:
        >>> from planimeter.raster.spectrum import Channel
        >>> mixed = Spectrum({"red": Channel(1, 1e-4), "nir": Channel(2), "lwir": Channel(3)})
        >>> list(as_far_as_told(mixed, {"red"}).channels)
        ['red', 'lwir']
    """
    if not told - {THERMAL}:
        return spectrum
    kept = {c: band for c, band in spectrum.channels.items() if c in told or c == THERMAL}
    left = [f"{c} ({band.index})" for c, band in spectrum.channels.items() if c not in kept]
    note = (
        f"Other bands say how their values become reflectance, and {' and '.join(left)} "
        f"{'does' if len(left) == 1 else 'do'} not: left out; name such bands with --bands, scale= and offset= where "
        "they are as the others."
    )
    notes = (*spectrum.notes, note) if left else spectrum.notes
    return replace(spectrum, channels=kept, calibrated=True, notes=notes)


def as_usual(spectrum: Spectrum, said: str, landsat_surface: bool) -> Spectrum:
    """Scale and offset that a sensor's whole numbers usually have, where the file itself gives none.

    Args:
        spectrum: what is known of the bands.
        said: names that may tell the processing baseline.
        landsat_surface: whether the bands are called as Landsat's surface reflectance.
    """
    if _HLS_NAME.search(said):
        note = "Reflectance was taken as values / 10,000, as HLS stores that of the ground."
        return replace(_scaled(spectrum, 1e-4, 0.0, note), level=spectrum.level or "L2A")
    if spectrum.sensor == SENTINEL2:
        baseline = _BASELINE.search(said)
        offset = _SENTINEL2_OFFSET if baseline and int(baseline.group(1)) >= 400 else 0.0
        note = (
            f"Reflectance was taken as values / 10,000 {'- 0.1 ' if offset else ''}"
            + (f"(processing baseline {baseline.group(1)[:2]}.{baseline.group(1)[2:]})." if baseline else
               "without an offset; give --bands scale=0.0001,offset=-0.1 if the values carry the +1,000 of processing "
               "baseline 04.00 and later.")
        )  # fmt: skip
        return _scaled(spectrum, SENTINEL2_SCALE, offset, note)
    if spectrum.sensor == LANDSAT and (landsat_surface or spectrum.level == "L2SP"):
        note = "Reflectance was taken as values × 0.0000275 - 0.2, Landsat's Collection 2."
        return _scaled(spectrum, _LANDSAT_SCALE, _LANDSAT_OFFSET, note)
    return spectrum


def _scaled(spectrum: Spectrum, scale: float, offset: float, note: str) -> Spectrum:
    channels = {c: replace(b, scale=scale, offset=offset) for c, b in spectrum.channels.items()}
    return replace(spectrum, channels=channels, calibrated=True, notes=(*spectrum.notes, note))
