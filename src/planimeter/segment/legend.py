"""What the values or colours of somebody's labels mean, in topics.

A legend is JSON: ``{"water": [5], "urban": ["#00FFFF"]}``. Integers name values of a single-band raster, hex
strings name colours of an RGB raster (or of a palette); a topic may list both. The key ``nodata`` lists the
values that say "not looked at". The legends that ship by name are the files in ``legends/``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from planimeter.errors import LabelError
from planimeter.vocabulary.topics import canonical

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_CUSTOM_TOPIC = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LARGEST_LEGEND_FILE = 1_000_000  # bytes; a legend is a page of text


@dataclass(frozen=True)
class Legend:
    """Which values and colours stand for which topic.

    Attributes:
        name: the shipped name or the file's name.
        values: topic → the integer values of a single-band raster.
        colours: topic → the colours of an RGB raster, packed as 0xRRGGBB.
        nodata_values: values that say nothing about the ground.
        nodata_colours: packed colours that say nothing about the ground.
    """

    name: str
    values: dict[str, tuple[int, ...]]
    colours: dict[str, tuple[int, ...]]
    nodata_values: tuple[int, ...] = ()
    nodata_colours: tuple[int, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics the legend speaks of, in the order of the file."""
        return tuple(self.values)

    def mask(self, raster: np.ndarray, topic: str) -> np.ndarray:
        """Where a label raster bears a topic.

        Args:
            raster: (H, W) integers, or (H, W, 3) uint8 colours.
            topic: one of ``topics``.

        Returns:
            (H, W) bool, True = topic.

        Example:
            >>> legend = parse_legend({"water": [5]}, "inline")
            >>> legend.mask(np.array([[5, 1], [0, 5]], dtype=np.uint8), "water").tolist()
            [[True, False], [False, True]]
        """
        wanted = self.values[topic] if raster.ndim == 2 else self.colours[topic]
        return is_any_of(raster, wanted)

    def nodata(self, raster: np.ndarray) -> np.ndarray | None:
        """Where a label raster says nothing, (H, W) bool, or None when the legend names no such value."""
        unwanted = self.nodata_values if raster.ndim == 2 else self.nodata_colours
        return is_any_of(raster, unwanted) if unwanted else None


def is_any_of(raster: np.ndarray, wanted: tuple[int, ...]) -> np.ndarray:
    """Where a raster holds one of a few values: (H, W) integers or (H, W, 3) uint8 colours → (H, W) bool.

    Example:
        >>> is_any_of(np.array([[1, 2, 300]], dtype=np.uint16), (1, 300)).tolist()
        [[True, False, True]]
    """
    if raster.ndim == 3:
        channels = raster.astype(np.uint32)
        raster = (channels[..., 0] << 16) | (channels[..., 1] << 8) | channels[..., 2]
    if raster.dtype in (np.uint8, np.uint16):
        table = np.zeros(np.iinfo(raster.dtype).max + 1, dtype=bool)
        table[[value for value in wanted if 0 <= value < table.size]] = True
        return table[raster]
    found = np.zeros(raster.shape, dtype=bool)
    for value in wanted:
        found |= raster == value
    return found


def shipped_legends() -> tuple[str, ...]:
    """Names of the legends inside the package.

    Example:
        >>> shipped_legends()
        ('deepglobe', 'dubai', 'loveda', 'nlcd', 'worldcover')
    """
    folder = resources.files("planimeter.segment") / "legends"
    return tuple(sorted(entry.name.removesuffix(".json") for entry in folder.iterdir()))


def load_legend(source: str | Path) -> Legend:
    """Read a legend: a shipped name, or a JSON file.

    Args:
        source: one of ``shipped_legends()``, or a path.

    Raises:
        LabelError: no such legend, not JSON, or not a legend.

    Example:
        >>> load_legend("deepglobe").topics
        ('urban', 'agric', 'grass', 'forest', 'water', 'barren')
    """
    name = str(source)
    if name.lower() in shipped_legends():
        text = (resources.files("planimeter.segment") / "legends" / f"{name.lower()}.json").read_text()
        return parse_legend(json.loads(text), name.lower())
    path = Path(source)
    if not path.is_file():
        raise LabelError(
            f"There is no legend {name!r}: give a JSON file or one of {', '.join(shipped_legends())}."
        )
    if path.stat().st_size > _LARGEST_LEGEND_FILE:
        raise LabelError(
            f"The legend {path.name} is larger than 1 MB, so it is no legend: give a JSON file like "
            '{"water": [5]}.'
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise LabelError(
            f'The legend {path.name} is not readable JSON ({error}): write it like {{"water": [5]}}.'
        ) from None
    return parse_legend(content, path.name)


def parse_legend(content: object, name: str) -> Legend:
    """Check a legend that was read from JSON.

    Args:
        content: topic → list of integers and ``#RRGGBB`` strings.
        name: what errors call it.

    Raises:
        LabelError: a topic or value is not what a legend may hold.

    Example:
        >>> parse_legend({"building": [1, "#3C1098"]}, "mine").topics
        ('roof',)
    """
    if not isinstance(content, dict) or not content:
        raise LabelError(f'The legend {name} must map topics to values, like {{"water": [5]}}.')
    values: dict[str, tuple[int, ...]] = {}
    colours: dict[str, tuple[int, ...]] = {}
    nodata: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
    owner: dict[tuple[str, int], str] = {}
    for key, entries in content.items():
        numbers, shades = _entries(entries, str(key), name)
        if str(key).lower() == "nodata":
            nodata = (numbers, shades)
            continue
        topic = _topic(str(key), name)
        for kind, found in (("value", numbers), ("colour", shades)):
            for value in found:
                if owner.setdefault((kind, value), topic) != topic:
                    raise LabelError(
                        f"The legend {name} gives the {kind} {_shown(kind, value)} to both {owner[kind, value]} "
                        f"and {topic}: a pixel has one label, so keep one of them."
                    )
        values[topic] = values.get(topic, ()) + numbers
        colours[topic] = colours.get(topic, ()) + shades
    if not values:
        raise LabelError(f'The legend {name} names no topic: map at least one, like {{"water": [5]}}.')
    return Legend(name, values, colours, *nodata)


def _shown(kind: str, value: int) -> str:
    return f"#{value:06X}" if kind == "colour" else str(value)


def _topic(key: str, name: str) -> str:
    """The canonical topic for a legend's key; a plain word of the user's own stays as it is."""
    topic = canonical(key)
    if topic is not None:
        return topic
    word = key.strip().lower().replace(" ", "_").replace("-", "_")
    if not _CUSTOM_TOPIC.fullmatch(word):
        raise LabelError(f"The legend {name} has the key {key[:40]!r}: name a topic in plain letters.")
    return word


def _entries(entries: object, key: str, name: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Split one topic's entries into integer values and packed colours."""
    if not isinstance(entries, list):
        entries = [entries]
    numbers: list[int] = []
    shades: list[int] = []
    for entry in entries:
        if isinstance(entry, int) and not isinstance(entry, bool):
            numbers.append(entry)
        elif isinstance(entry, str) and _COLOUR.fullmatch(entry):
            shades.append(int(entry[1:], 16))
        else:
            raise LabelError(
                f"The legend {name} gives {key[:40]!r} the value {str(entry)[:40]!r}: use whole numbers for "
                'single-band labels and "#RRGGBB" for colours.'
            )
    return tuple(numbers), tuple(shades)
