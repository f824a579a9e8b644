"""Units: what people write, what it is worth, and how an answer states it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """A unit of measure.

    Attributes:
        symbol: as answers state it.
        dimension: "area", "length", "pixel", "percent", "power" or "flux" (power per area).
        factor: worth in the dimension's base unit: hectares, metres, pixels, percent, megawatts, watts per m².
        word: as sentences say it, in the plural.
    """

    symbol: str
    dimension: str
    factor: float
    word: str


HECTARE = Unit("ha", "area", 1.0, "hectares")
SQUARE_METRE = Unit("m²", "area", 1e-4, "square metres")
SQUARE_KILOMETRE = Unit("km²", "area", 100.0, "square kilometres")
# The international acre and foot are exact by definition (1 ft = 0.3048 m).
ACRE = Unit("acres", "area", 0.40468564224, "acres")
SQUARE_FOOT = Unit("sq ft", "area", 0.09290304e-4, "square feet")
SQUARE_YARD = Unit("sq yd", "area", 0.83612736e-4, "square yards")
SQUARE_MILE = Unit("sq mi", "area", 258.9988110336, "square miles")
METRE = Unit("m", "length", 1.0, "metres")
CENTIMETRE = Unit("cm", "length", 0.01, "centimetres")
KILOMETRE = Unit("km", "length", 1000.0, "kilometres")
FOOT = Unit("ft", "length", 0.3048, "feet")
YARD = Unit("yd", "length", 0.9144, "yards")
MILE = Unit("mi", "length", 1609.344, "miles")
PIXEL = Unit("px", "pixel", 1.0, "pixels")
PERCENT = Unit("%", "percent", 1.0, "percent")
MEGAWATT = Unit("MW", "power", 1.0, "megawatts")
KILOWATT = Unit("kW", "power", 1e-3, "kilowatts")
GIGAWATT = Unit("GW", "power", 1e3, "gigawatts")
WATT = Unit("W", "power", 1e-6, "watts")
WATT_PER_M2 = Unit("W/m²", "flux", 1.0, "watts per square metre")
KILOWATT_PER_M2 = Unit("kW/m²", "flux", 1000.0, "kilowatts per square metre")

# Spellings are word sequences as the lexer leaves them: lower case, "²" and "^2" as "2", no hyphens.
_SQUARE = ("square", "sq", "sq.")
_LENGTHS = {
    METRE: ("m", "metre", "metres", "meter", "meters"),
    KILOMETRE: ("km", "kms", "kilometre", "kilometres", "kilometer", "kilometers"),
    FOOT: ("ft", "foot", "feet"),
    YARD: ("yd", "yds", "yard", "yards"),
    MILE: ("mi", "mile", "miles"),
    CENTIMETRE: ("cm", "centimetre", "centimetres", "centimeter", "centimeters"),
}
_SQUARED = {
    METRE: SQUARE_METRE,
    KILOMETRE: SQUARE_KILOMETRE,
    FOOT: SQUARE_FOOT,
    YARD: SQUARE_YARD,
    MILE: SQUARE_MILE,
}
_PLAIN = {
    HECTARE: ("ha", "has", "hectare", "hectares"),
    ACRE: ("acre", "acres", "ac"),
    SQUARE_METRE: ("sqm", "qm"),
    SQUARE_KILOMETRE: ("sqkm",),
    SQUARE_FOOT: ("sqft",),
    PIXEL: ("px", "pixel", "pixels"),
    PERCENT: ("%", "percent", "per cent", "pct"),
    MEGAWATT: ("mw", "megawatt", "megawatts"),
    KILOWATT: ("kw", "kilowatt", "kilowatts"),
    GIGAWATT: ("gw", "gigawatt", "gigawatts"),
    WATT: ("w", "watt", "watts"),
}


def _spellings() -> dict[tuple[str, ...], Unit]:
    table: dict[tuple[str, ...], Unit] = {}
    for unit, names in _PLAIN.items():
        for name in names:
            table[tuple(name.split())] = unit
    for unit, names in _LENGTHS.items():
        for name in names:
            table[(name,)] = unit
            if unit not in _SQUARED:
                continue
            squared = _SQUARED[unit]
            table[(name + "2",)] = squared
            table[(name, "2")] = squared
            table[(name, "squared")] = squared
            for square in _SQUARE:
                table[(square, name)] = squared
    areas = [spelling for spelling, unit in table.items() if unit is SQUARE_METRE]
    for watts, flux in ((WATT, WATT_PER_M2), (KILOWATT, KILOWATT_PER_M2)):
        for name in _PLAIN[watts]:
            for area in areas:
                table[(name, "/", *area)] = flux
                table[(name, "per", *area)] = flux
    del table[("has",)]
    return table


UNITS: dict[tuple[str, ...], Unit] = _spellings()
"""Word sequence → unit."""

LONGEST = max(len(spelling) for spelling in UNITS)


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
