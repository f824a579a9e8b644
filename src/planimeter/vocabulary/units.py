"""Units: what people write, what it is worth, and how an answer states it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Unit:
    """A unit of measure.

    Attributes:
        symbol: as answers state it.
        dimension: "area", "length", "pixel", "percent", "power" or "flux" (power per area).
        factor: worth in the dimension's base unit: hectares, metres, pixels, percent, megawatts, watts per m².
        word: as sentences say it, in the plural.
        spelled: how people write it, by commas: lower case, "²" and "^2" as "2", no hyphens.
        square_of: for the square of a length, that length's spellings.
    """

    symbol: str
    dimension: str
    factor: float
    word: str
    spelled: str = ""
    square_of: str = ""

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """The word sequences that stand for it, as the lexer leaves them.

        >>> ("sq", "km") in SQUARE_KILOMETRE.spellings, ("km2",) in SQUARE_KILOMETRE.spellings
        (True, True)
        """
        found = [tuple(listed.split()) for listed in self.spelled.split(",") if listed]
        for length in self.square_of.split(","):
            name = length.strip()
            if name:
                found += [(f"{name}2",), (name, "2"), (name, "squared")]
                found += [(square, name) for square in ("square", "sq", "sq.")]
        return tuple(found)


_METRES = "m, metre, metres, meter, meters"
_KILOMETRES = "km, kms, kilometre, kilometres, kilometer, kilometers"
_FEET = "ft, foot, feet"
_YARDS = "yd, yds, yard, yards"
_MILES = "mi, mile, miles"

HECTARE = Unit("ha", "area", 1.0, "hectares", "ha, hectare, hectares")
SQUARE_METRE = Unit("m²", "area", 1e-4, "square metres", "sqm, qm", _METRES)
SQUARE_KILOMETRE = Unit("km²", "area", 100.0, "square kilometres", "sqkm", _KILOMETRES)
# The international acre and foot are exact by definition (1 ft = 0.3048 m).
ACRE = Unit("acres", "area", 0.40468564224, "acres", "acre, acres, ac")
SQUARE_FOOT = Unit("ft²", "area", 0.09290304e-4, "square feet", "sqft", _FEET)
SQUARE_YARD = Unit("yd²", "area", 0.83612736e-4, "square yards", "", _YARDS)
SQUARE_MILE = Unit("mi²", "area", 258.9988110336, "square miles", "", _MILES)
METRE = Unit("m", "length", 1.0, "metres", _METRES)
CENTIMETRE = Unit("cm", "length", 0.01, "centimetres", "cm, centimetre, centimetres, centimeter, centimeters")
KILOMETRE = Unit("km", "length", 1000.0, "kilometres", _KILOMETRES)
FOOT = Unit("ft", "length", 0.3048, "feet", _FEET)
YARD = Unit("yd", "length", 0.9144, "yards", _YARDS)
MILE = Unit("mi", "length", 1609.344, "miles", _MILES)
PIXEL = Unit("px", "pixel", 1.0, "pixels", "px, pixel, pixels")
PERCENT = Unit("%", "percent", 1.0, "percent", "%, percent, per cent, pct")
MEGAWATT = Unit("MW", "power", 1.0, "megawatts", "mw, megawatt, megawatts")
KILOWATT = Unit("kW", "power", 1e-3, "kilowatts", "kw, kilowatt, kilowatts")
GIGAWATT = Unit("GW", "power", 1e3, "gigawatts", "gw, gigawatt, gigawatts")
WATT = Unit("W", "power", 1e-6, "watts", "w, watt, watts")


def _flux(symbol: str, factor: float, power: Unit) -> Unit:
    areas = [" ".join(words) for words in SQUARE_METRE.spellings]
    watts = [" ".join(words) for words in power.spellings]
    listed = [f"{watt} {per} {area}" for watt in watts for per in ("/", "per") for area in areas]
    return Unit(symbol, "flux", factor, f"{power.word} per square metre", ", ".join(listed))


WATT_PER_M2 = _flux("W/m²", 1.0, WATT)
KILOWATT_PER_M2 = _flux("kW/m²", 1000.0, KILOWATT)

UNIT_RECORDS: tuple[Unit, ...] = (
    HECTARE,
    SQUARE_METRE,
    SQUARE_KILOMETRE,
    ACRE,
    SQUARE_FOOT,
    SQUARE_YARD,
    SQUARE_MILE,
    METRE,
    CENTIMETRE,
    KILOMETRE,
    FOOT,
    YARD,
    MILE,
    PIXEL,
    PERCENT,
    MEGAWATT,
    KILOWATT,
    GIGAWATT,
    WATT,
    WATT_PER_M2,
    KILOWATT_PER_M2,
)
"""Every unit there is; a new one is one more record."""

UNITS: dict[tuple[str, ...], Unit] = {words: unit for unit in UNIT_RECORDS for words in unit.spellings}
"""Word sequence → unit."""

LONGEST = max(len(spelling) for spelling in UNITS)

_FOREIGN = """
    furlong furlongs rod rods chain chains league leagues fathom fathoms inch inches nautical millimetre millimetres
    millimeter millimeters mm dm decimetre decimetres decimeter decimeters ares decare decares centiare centiares
    dunam dunams dunum dunums rai bigha bighas morgen arpent arpents tsubo toise toises verst versts li tatami stremma
    stremmas feddan feddans jerib jeribs perches roods rood cuerda cuerdas manzana manzanas katha kathas kanal kanals
    marla marlas guntha gunthas cubit cubits parsec parsecs lightyears
"""
FOREIGN = frozenset(_FOREIGN.split())
"""Words of units that people write and that no answer has: taken for a thing they would be misread."""


def known_units(dimensions: Iterable[str]) -> str:
    """The units of some dimensions, as answers state them, with commas.

    >>> known_units(["length"])
    'm, cm, km, ft, yd, mi'
    """
    wanted = set(dimensions)
    return ", ".join(unit.symbol for unit in UNIT_RECORDS if unit.dimension in wanted)


_WORD = re.compile(r"[a-z]+2?|%|/|2")


@cache
def unit_called(text: str) -> Unit | None:
    """The unit that a symbol or spelling stands for, or None.

    >>> unit_called("ft²").symbol, unit_called("square feet").symbol, unit_called("W/m^2").symbol, unit_called("kg")
    ('ft²', 'ft²', 'W/m²', None)
    """
    plain = text.strip().lower().replace("²", "2").replace("^2", "2")
    return UNITS.get(tuple(_WORD.findall(plain))) if _WORD.sub("", plain).strip(" .") == "" else None


def patterns(dimensions: Iterable[str]) -> dict[str, str]:
    """Regular expressions for the spellings of units, each with the symbol of its unit; long spellings first.

    Args:
        dimensions: of the units ("area", "length").

    >>> found = patterns(["area"])
    >>> [symbol for pattern, symbol in found.items() if re.fullmatch(pattern, "sq. ft", re.IGNORECASE)]
    ['ft²']
    """
    wanted = set(dimensions)
    units = [unit for unit in UNIT_RECORDS if unit.dimension in wanted]
    units.sort(key=lambda unit: -max(len(" ".join(words)) for words in unit.spellings))
    found = {}
    for unit in units:
        spellings = sorted(unit.spellings, key=_length, reverse=True)
        found["|".join(dict.fromkeys(_pattern(words) for words in spellings))] = unit.symbol
    return found


def _length(words: tuple[str, ...]) -> int:
    return len(" ".join(words))


def _pattern(words: tuple[str, ...]) -> str:
    """One spelling: "sq m" also as "sq. m" and "sqm", "m2" also as "m²" and "m^2"."""
    joined = ""
    for number, word in enumerate(words):
        word = word.removesuffix(".")
        if number:
            joined += r"\.?\s*" if words[number - 1] in ("sq", "sq.", "/") or word == "/" else r"\s+"
        joined += re.sub(r"2$", r"\\s*(?:²|\\^?2)", re.escape(word))
    return joined


@dataclass(frozen=True)
class Measure:
    """A number with its unit, as said ("0.5", hectares)."""

    value: float
    unit: Unit

    @property
    def base(self) -> float:
        """The value in its dimension's base unit (hectares, metres, pixels, percent, megawatts, W/m²)."""
        # Division keeps 100 m² exactly 0.01 ha, where multiplying by 1e-4 would not.
        if self.unit.factor < 1 and (1 / self.unit.factor).is_integer():
            return self.value / (1 / self.unit.factor)
        return self.value * self.unit.factor

    def __str__(self) -> str:
        space = "" if self.unit is PERCENT else " "
        return f"{self.value:g}{space}{self.unit.symbol}"
