"""QGIS's default styles inside a GeoPackage: evidence opens there in the colours of the overlay.

QGIS keeps styles in a table ``layer_styles`` of the file (its own convention, not part of the GeoPackage standard); the
one marked as default is used when a layer is added. Other programs ignore the table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as Xml

from planimeter.answer.palette import rgb
from planimeter.answer.zone_classes import ZoneClass

_TABLE = """CREATE TABLE IF NOT EXISTS layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""

# The symbol layer of each kind of geometry, with the option that its colour goes to and those that never change.
_SYMBOLS = {
    "POLYGON": ("fill", "SimpleFill", {"outline_width": "0.5", "style": "solid"}),
    "LINESTRING": ("line", "SimpleLine", {"line_width": "0.8"}),
    "POINT": (
        "marker",
        "SimpleMarker",
        {"name": "circle", "size": "2.6", "outline_color": "255,255,255,255"},
    ),
}
_FILLED = 110  # of 255: the image stays to be seen below a polygon


def by_value(field: str, colours: Mapping[str, str], geometry: str) -> str:
    """A QML style that gives each value of a text field a colour.

    Args:
        field: the attribute.
        colours: "#RRGGBB" by value; the legend keeps their order.
        geometry: a GeoPackage's word for the layer's geometries, such as "MULTIPOLYGON"; "GEOMETRY", which may be
            any, is drawn as polygons.

    Example:
        >>> "categorizedSymbol" in by_value("role", {"counted": "#FF2D95"}, "MULTIPOLYGON")
        True
    """
    root, renderer = _renderer(type="categorizedSymbol", attr=_quoted(field))
    categories = Xml.SubElement(renderer, "categories")
    symbols = Xml.SubElement(renderer, "symbols")
    for number, (value, colour) in enumerate(colours.items()):
        Xml.SubElement(
            categories, "category", value=value, label=value, symbol=str(number), render="true", type="string"
        )
        symbols.append(_symbol(str(number), colour, geometry))
    return Xml.tostring(root, encoding="unicode")


def by_class(field: str, classes: Sequence[ZoneClass], least: float) -> str:
    """A QML style that colours polygons by classes of a number field.

    Args:
        field: the attribute.
        classes: of numbers, from low to high.
        least: the least value, at which the first class begins.

    Example:
        >>> classes = [ZoneClass("#FFFFFF", "0 ha", upto=0.0), ZoneClass("#0000FF", "4 ha", above=0.0, upto=4.0)]
        >>> by_class("water ha", classes, 0.0).count("<range ")
        2
    """
    root, renderer = _renderer(type="graduatedSymbol", attr=_quoted(field), graduatedMethod="GraduatedColor")
    ranges = Xml.SubElement(renderer, "ranges")
    symbols = Xml.SubElement(renderer, "symbols")
    for number, each in enumerate(classes):
        # A value on the border of two is drawn by the first, whose upper end it is.
        lower = least if each.above is None else each.above
        Xml.SubElement(
            ranges,
            "range",
            lower=repr(lower),
            upper=repr(each.upto),
            label=each.label,
            symbol=str(number),
            render="true",
        )
        symbols.append(_symbol(str(number), each.colour, "POLYGON"))
    return Xml.tostring(root, encoding="unicode")


def _quoted(field: str) -> str:
    """A field's name as QGIS's expressions have it.

    >>> print(_quoted('the "net" share'))
    "the ""net"" share"
    """
    return '"' + field.replace('"', '""') + '"'


def embed_styles(path: Path, styles: Mapping[str, str]) -> None:
    """Store a default style for layers of a GeoPackage.

    Args:
        path: the GeoPackage.
        styles: QML by layer.
    """
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(_TABLE)
        file.execute(
            "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles')"
        )
        for layer, style in styles.items():
            file.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
                "styleName, styleQML, styleSLD, useAsDefault, description, owner) "
                "SELECT '', '', table_name, column_name, 'Planimeter', ?, '', 1, '', '' FROM gpkg_geometry_columns "
                "WHERE table_name = ?",
                (style, layer),
            )


def geometry_words(path: Path) -> dict[str, str]:
    """What a GeoPackage says of the geometries of its layers, by layer: "MULTIPOLYGON" and so on."""
    with closing(sqlite3.connect(path)) as file:
        return dict(file.execute("SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))


def _renderer(**attributes: str) -> tuple[Xml.Element, Xml.Element]:
    root = Xml.Element("qgis", version="3.22.0", styleCategories="Symbology")
    return root, Xml.SubElement(root, "renderer-v2", attributes, symbollevels="0", enableorderby="0")


def _symbol(name: str, colour: str, geometry: str) -> Xml.Element:
    kind, layer, fixed = _SYMBOLS.get(geometry.removeprefix("MULTI"), _SYMBOLS["POLYGON"])
    red_green_blue = ",".join(map(str, rgb(colour)))
    full, pale = f"{red_green_blue},255", f"{red_green_blue},{_FILLED}"
    coloured = {
        "fill": {"color": pale, "outline_color": full},
        "line": {"line_color": full},
        "marker": {"color": full},
    }[kind]
    symbol = Xml.Element("symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0")
    drawn = Xml.SubElement(symbol, "layer", {"class": layer, "pass": "0", "enabled": "1", "locked": "0"})
    options = Xml.SubElement(drawn, "Option", type="Map")
    for option, value in (coloured | fixed).items():
        Xml.SubElement(options, "Option", name=option, value=value, type="QString")
        Xml.SubElement(drawn, "prop", k=option, v=value)  # how QGIS before 3.18 has it
    return symbol
