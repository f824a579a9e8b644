"""Which of a file's bands is red, which near infrared: by what it says of them, or by whose product it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from planimeter.raster.reflectance import as_far_as_told, as_usual
from planimeter.raster.spectrum import COLOURS, LANDSAT, LEVELS, SENTINEL2, Channel, Spectrum

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

_WORDS = {
    "coastal": "coastal aerosol aerosols coastalaerosol coastalblue ultrablue",
    "blue": "blue",
    "green": "green",
    "red": "red",
    "rededge1": "rededge1 rededge071 vegetationrededge1 vre1 re1 rededge",
    "rededge2": "rededge2 rededge075 vegetationrededge2 vre2 re2",
    "rededge3": "rededge3 rededge078 vegetationrededge3 vre3 re3",
    "nir": "nir nearinfrared infrared nir1 ir nir084",
    "nir08": "nir08 narrownir nirnarrow nir8a nir2",
    "nir09": "nir09 watervapour watervapor",
    "cirrus": "cirrus",
    "swir16": "swir16 swir1 shortwaveinfrared1",
    "swir22": "swir22 swir2 shortwaveinfrared2",
    "lwir": "lwir lwir11 thermal tir tirs1 thermalinfrared",
}
_BY_WORD = {word: colour for colour, words in _WORDS.items() for word in words.split()}
_SENTINEL2_BANDS = {
    "1": "coastal", "2": "blue", "3": "green", "4": "red", "5": "rededge1", "6": "rededge2", "7": "rededge3",
    "8": "nir", "8A": "nir08", "9": "nir09", "10": "cirrus", "11": "swir16", "12": "swir22",
}  # fmt: skip
_OLI_BANDS = {
    "1": "coastal", "2": "blue", "3": "green", "4": "red", "5": "nir08", "6": "swir16", "7": "swir22", "9": "cirrus",
    "10": "lwir",
}  # fmt: skip
_TM_BANDS = {"1": "blue", "2": "green", "3": "red", "4": "nir", "5": "swir16", "6": "lwir", "7": "swir22"}
_NUMBERED = re.compile(
    r"(?:^|[^A-Z0-9])(SR_|ST_|TOA_)?B(?:AND)?[ _-]?0?(8A|\d{1,2})(?![0-9A-Z])", re.IGNORECASE
)
_LANDSAT_NAME = re.compile(r"(?:^|[^A-Z])L[COTEM]0([4-9])_|HLS\.L30", re.IGNORECASE)
_SENTINEL2_NAME = re.compile(
    r"(?:^|[^A-Z0-9])S2[ABC]_|HLS\.S30|SENTINEL-?_?2|_T\d\d[A-Z]{3}_\d{8}T", re.IGNORECASE
)
_NAIP_NAME = re.compile(r"(?:^|[^a-z])(?:naip|m_\d{7}_(?:ne|nw|se|sw)_\d\d_)", re.IGNORECASE)
_LEVEL = re.compile(rf"(?:MSI|[^A-Z0-9]|^)({'|'.join(LEVELS)})(?![A-Z0-9])", re.IGNORECASE)

_Known = tuple[str, dict[str, int], str]  # sensor, colour → place among the bands, and how that is known


def colour_of(text: str) -> str | None:
    """The colour a band's description names, or None.

    >>> colour_of("Near-Infrared band"), colour_of("SWIR 1"), colour_of("B04")
    ('nir', 'swir16', None)
    """
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    return _BY_WORD.get(plain) or _BY_WORD.get(plain.removesuffix("band").removesuffix("reflectance"))


def numbered(texts: Sequence[str], product: str) -> _Known | None:
    """Colours of bands that are called by numbers ("B04", "SR_B5"): sensor, colour → place in ``texts``, and how known.

    Args:
        texts: what each band is called; empty where it is not.
        product: file or product name, which tells whose numbers they are.

    Returns:
        None where nothing is numbered, or nothing says by whom.

    Example:
        >>> numbered(["B02", "B08"], "x.tif")
        ('Sentinel-2', {'blue': 0, 'nir': 1}, 'by its band names')
        >>> numbered(["B2", "B5"], "LC08_L2SP_1.tif")
        ('Landsat', {'blue': 0, 'nir08': 1}, 'by its band names')
        >>> numbered(["B2", "B5"], "x.tif") is None
        True
    """
    found = {}
    for place, text in enumerate(texts):
        match = _NUMBERED.search(text)
        if match:
            found[match.group(2).upper()] = (place, text.upper(), match.group(1) or "")
    if not found:
        return None
    landsat, sentinel = _LANDSAT_NAME.search(product), _SENTINEL2_NAME.search(product)
    surface = any(prefix.upper() == "SR_" for _, _, prefix in found.values())
    two_digits = any(re.search(r"B0\d(?![0-9])", text) for _, text, _ in found.values())
    if landsat or (surface and not sentinel):
        sensor = LANDSAT
        if landsat:
            older = (landsat.group(1) or "8") in "4567"
        elif "6" in found or "10" in found:
            older = False
        elif {"5", "7"} <= set(found):
            older = True  # Landsat 4 to 7 have no surface reflectance of a band 6
        else:
            return None
        table = _TM_BANDS if older else _OLI_BANDS
    elif sentinel or two_digits or "8A" in found or "12" in found:
        sensor, table = SENTINEL2, _SENTINEL2_BANDS
    else:
        return None
    places = {table[number]: place for number, (place, _, _) in found.items() if number in table}
    return (sensor, places, "by its band names") if places else None


def spectrum_of(dataset: DatasetReader, name: str) -> Spectrum:
    """What a file says of its bands: descriptions, wavelengths, colour interpretation, NAIP's order.

    Args:
        dataset: the open file.
        name: its name.
    """
    texts = [text or "" for text in dataset.descriptions]
    said = " ".join((name, *(str(value)[:200] for value in list(dataset.tags().values())[:50])))
    level = level_named(said)
    known = (
        _by_words(texts)
        or numbered(texts, name)
        or _by_wavelength(dataset)
        or _by_interpretation(dataset, name)
    )
    if known is None:
        return Spectrum(level=level)
    sensor, places, source = known
    if not sensor and _SENTINEL2_NAME.search(said):
        sensor = SENTINEL2
    scales = {place: (dataset.scales[place], dataset.offsets[place]) for place in places.values()}
    spectrum = Spectrum(
        {colour: Channel(place + 1, *scales[place]) for colour, place in places.items()},
        sensor,
        level,
        any(pair != (1.0, 0.0) for pair in scales.values()),
        source,
        ("The bands were taken as red, green, blue and near infrared, NAIP's order, because the file's name says NAIP; "
         "say otherwise with --bands.",)
        if sensor == "NAIP" else (),
    )  # fmt: skip
    if spectrum.calibrated:
        told = {colour for colour, place in places.items() if scales[place] != (1.0, 0.0)}
        return as_far_as_told(spectrum, told)
    whole = np.dtype(dataset.dtypes[next(iter(places.values()))]).kind in "iu"
    return as_usual(spectrum, said, any("SR_B" in t for t in texts)) if whole else spectrum


def sensor_named(name: str) -> str:
    """The sensor that a product's name tells, or an empty text.

    >>> sensor_named("S2A_MSIL1C_20200101T000000_N0208_R000_T33TWM"), sensor_named("holiday.tif")
    ('Sentinel-2', '')
    """
    return SENTINEL2 if _SENTINEL2_NAME.search(name) else LANDSAT if _LANDSAT_NAME.search(name) else ""


def level_named(said: str) -> str:
    """The processing level that names and tags tell, or an empty text.

    >>> level_named("S2A_MSIL1C_20200101T000000_N0208_R000_T33TWM"), level_named("LC08_L2SP_1.tif")
    ('L1C', 'L2SP')
    """
    found = _LEVEL.search(said)
    return found.group(1).upper() if found else ""


def _by_words(texts: list[str]) -> _Known | None:
    places: dict[str, int] = {}
    for place, text in enumerate(texts):
        colour = colour_of(text)
        if colour is not None:
            places.setdefault(colour, place)
    return ("", places, "by its band descriptions") if places else None


def by_wavelength(centres: Sequence[float | None]) -> dict[str, int]:
    """Colour → place of the band whose centre is nearest to that colour's, where one is near enough.

    Args:
        centres: micrometres, None where unknown.

    Example:
        >>> by_wavelength([0.665, 0.842, None])
        {'red': 0, 'nir': 1, 'nir08': 1}
    """
    places = {}
    for colour, (centre, tolerance) in COLOURS.items():
        near = [(abs(each - centre), place) for place, each in enumerate(centres) if each is not None]
        if near and min(near)[0] <= tolerance:
            places[colour] = min(near)[1]
    return places


def _by_wavelength(dataset: DatasetReader) -> _Known | None:
    places = by_wavelength([_micrometres(dataset, index) for index in dataset.indexes])
    return ("", places, "by the wavelengths of its bands") if places else None


def _micrometres(dataset: DatasetReader, index: int) -> float | None:
    own = {key.lower(): value for key, value in dataset.tags(index).items()}
    own |= {key.lower(): value for key, value in dataset.tags(index, ns="IMAGERY").items()}
    value = next((own[key] for key in ("central_wavelength_um", "wavelength", "wavelengths", "central_wavelength",
                                       "center_wavelength") if key in own), "")  # fmt: skip
    match = re.match(r"\s*([0-9.]+)", value)
    if match is None:
        return None
    try:
        number = float(match.group(1))
    except ValueError:
        return None
    if not 0.1 < number < 100_000:
        return None
    return number / 1000 if number > 100 else number  # nanometres


def _by_interpretation(dataset: DatasetReader, name: str) -> _Known | None:
    if dataset.count == 4 and dataset.dtypes[0] == "uint8" and _NAIP_NAME.search(name):
        return "NAIP", {"red": 0, "green": 1, "blue": 2, "nir": 3}, "by NAIP's order"
    places: dict[str, int] = {}
    for place, kind in enumerate(dataset.colorinterp):
        colour = colour_of(kind.name)
        if colour is not None:
            places.setdefault(colour, place)
    return ("", places, "by their colour interpretation") if places else None
