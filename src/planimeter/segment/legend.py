"""What the values or colours of somebody's labels mean, in topics.

A legend is JSON: ``{"water": [5], "urban": ["#00FFFF"]}``. Integers name values of a single-band raster, hex
strings name colours of an RGB raster (or of a palette); a topic may list both. The key ``nodata`` lists the
values that say "not looked at". Instead of a list, an entry may be an object: ``{"parking": {"values": [7], "words":
["car park"], "counted": true}}`` says by which other nouns people ask for it, and whether its regions are things to
count. The legends that ship by name are the files in ``legends/``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from planimeter.errors import LabelError, shown_name
from planimeter.paths import is_file
from planimeter.vocabulary.topics import Topic, brought_topic, canonical, is_topic_name, nouns_of, topic_name

#: Red, green and blue, 0 to 255.
RGB: TypeAlias = tuple[int, int, int]

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_WORDS = re.compile(r"[^\W\d_][\w '-]{0,59}")
_NODATA = "nodata"  # the key that names no topic
_FEW = 6  # values that are looked for one by one faster than all in a table
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
        brought: records of topics that are the legend's own, or that it calls by more words.
    """

    name: str
    values: dict[str, tuple[int, ...]]
    colours: dict[str, tuple[int, ...]]
    nodata_values: tuple[int, ...] = ()
    nodata_colours: tuple[int, ...] = ()
    brought: tuple[Topic, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics the legend speaks of, in the order of the file."""
        return tuple(self.values)

    def mask(self, raster: np.ndarray, topic: str, palette: Mapping[int, RGB] | None = None) -> np.ndarray:
        """Where a label raster bears a topic.

        Args:
            raster: (H, W) integers, or (H, W, 3) uint8 colours.
            topic: one of ``topics``.
            palette: the colour of each integer where the raster has a palette.

        Returns:
            (H, W) bool, True = topic.

        Example:
            >>> legend = parse_legend({"water": [5]}, "inline")
            >>> legend.mask(np.array([[5, 1], [0, 5]], dtype=np.uint8), "water").tolist()
            [[True, False], [False, True]]
        """
        return is_any_of(raster, self._wanted(raster, self.values[topic], self.colours[topic], palette))

    def nodata(self, raster: np.ndarray, palette: Mapping[int, RGB] | None = None) -> np.ndarray | None:
        """Where a label raster says nothing, (H, W) bool, or None when the legend names no such value."""
        unwanted = self._wanted(raster, self.nodata_values, self.nodata_colours, palette)
        return is_any_of(raster, unwanted) if unwanted else None

    def means_colours(self, palette: Mapping[int, RGB] | None) -> bool:
        """Whether the integers of a raster with a palette stand for its colours and not for themselves.

        They do where the palette is made of the legend's own colours: what "save as indexed" and image optimisers
        make of a coloured mask numbers its colours as they come.

        Example:
            >>> legend = parse_legend({"water": [5, "#0000FF"], "forest": [4, "#00FF00"]}, "inline")
            >>> legend.means_colours({0: (0, 255, 0), 1: (0, 0, 255)})
            True
            >>> legend.means_colours({value: (value, value, value) for value in range(256)})
            False
        """
        known = self._known_colours()
        if not palette or not known:
            return False
        if not any(self.values.values()):
            return True
        shown = {packed(colour) for colour in palette.values()}
        own = shown & known
        # Palettes are filled up with black or white.
        return bool(own) and (shown <= known | {0, 0xFFFFFF} or 2 * len(own) >= len(known) > 2)

    def _wanted(
        self,
        raster: np.ndarray,
        values: tuple[int, ...],
        colours: tuple[int, ...],
        palette: Mapping[int, RGB] | None,
    ) -> tuple[int, ...]:
        """The integers or packed colours of a raster that stand for something."""
        if raster.ndim == 3:
            return colours
        if palette is None or not self.means_colours(palette):
            return values
        known = self._known_colours()
        by_colour = [index for index, colour in palette.items() if packed(colour) in colours]
        # A number whose colour the legend does not know still is that number.
        by_number = [v for v in values if v not in palette or packed(palette[v]) not in known]
        return (*by_colour, *by_number)

    def _known_colours(self) -> set[int]:
        return {colour for colours in self.colours.values() for colour in colours} | set(self.nodata_colours)


def packed(colour: RGB) -> int:
    """A colour as one integer.

    Example:
        >>> hex(packed((0, 255, 16)))
        '0xff10'
    """
    return (colour[0] << 16) | (colour[1] << 8) | colour[2]


def is_any_of(raster: np.ndarray, wanted: tuple[int, ...]) -> np.ndarray:
    """Where a raster holds one of a few values: (H, W) integers or (H, W, 3) uint8 colours → (H, W) bool.

    Example:
        >>> is_any_of(np.array([[1, 2, 300]], dtype=np.uint16), (1, 300)).tolist()
        [[True, False, True]]
    """
    if raster.ndim == 3:
        channels = raster.astype(np.uint32)
        raster = (channels[..., 0] << 16) | (channels[..., 1] << 8) | channels[..., 2]
    if raster.dtype in (np.uint8, np.uint16) and len(wanted) > _FEW:
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
        >>> "worldcover" in shipped_legends()
        True
    """
    folder = resources.files("planimeter.segment") / "legends"
    return tuple(sorted(entry.name.removesuffix(".json") for entry in folder.iterdir()))


def legend_content(name: str) -> dict[str, Any]:
    """A shipped legend as its file holds it.

    Args:
        name: one of ``shipped_legends()``.

    Example:
        >>> legend_content("deepglobe")["water"]
        [5, '#0000FF']
    """
    content: dict[str, Any] = json.loads(
        (resources.files("planimeter.segment") / "legends" / f"{name}.json").read_text(encoding="utf-8")
    )
    return content


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; of a key that stands twice all but the last values would be lost unseen.

    Raises:
        ValueError: a key stands twice.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1)
        raise ValueError(f"the key {twice!r} stands twice; give all values of it in one list")
    return found


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
        return parse_legend(legend_content(name.lower()), name.lower())
    path = Path(source)
    if not is_file(path):
        raise LabelError(
            f"There is no legend {shown_name(name)}: give a JSON file or one of {', '.join(shipped_legends())}."
        )
    return parse_legend(legend_in(path), path.name)


def legend_in(path: Path) -> Any:
    """What a legend's file holds; see ``parse_legend``.

    Args:
        path: a JSON file.

    Raises:
        LabelError: it cannot be read, is not JSON, or of no legend's size.
    """
    if path.stat().st_size > _LARGEST_LEGEND_FILE:
        raise LabelError(
            f"The legend {path.name} is larger than 1 MB, so it is no legend: give a JSON file like "
            '{"water": [5]}.'
        )
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_each_once)
    except OSError as error:
        raise LabelError(
            f"The legend {shown_name(path.name)} cannot be read ({error.strerror}): allow this user to read it."
        ) from None
    except (ValueError, RecursionError) as error:
        raise LabelError(
            f'The legend {path.name} is not readable JSON ({error}): write it like {{"water": [5]}}.'
        ) from None


def parse_legend(content: object, name: str) -> Legend:
    """Check a legend that was read from JSON.

    Args:
        content: topic → list of integers and ``#RRGGBB`` strings, or an object of such ``values``, ``words`` and
            ``counted``.
        name: what errors call it.

    Raises:
        LabelError: a topic or value is not what a legend may hold.

    Example:
        >>> parse_legend({"building": [1, "#3C1098"]}, "mine").topics
        ('roof',)
        >>> parse_legend({"parking": {"values": [7], "words": ["car park"], "counted": True}}, "mine").brought[0].many
        'parkings'
    """
    if not isinstance(content, dict) or not content:
        raise LabelError(f'The legend {name} must map topics to values, like {{"water": [5]}}.')
    values: dict[str, tuple[int, ...]] = {}
    colours: dict[str, tuple[int, ...]] = {}
    owner: dict[tuple[str, int], str] = {}
    brought: dict[str, Topic] = {}
    for key, said in content.items():
        entries, words, counted = _said(said, str(key), name)
        numbers, shades = _entries(entries, str(key), name)
        topic = _topic(str(key), name)
        for kind, found in (("value", numbers), ("colour", shades)):
            for value in found:
                if owner.setdefault((kind, value), topic) != topic:
                    raise LabelError(
                        f"The legend {name} gives the {kind} {_shown(kind, value)} to both {owner[kind, value]} "
                        f"and {topic}: a pixel has one label, so keep one of them."
                    )
        if topic != _NODATA and (words or counted is not None or canonical(topic) is None):
            _same_words_once(words, topic, brought, name)
            brought[topic] = brought_topic(topic, words, counted)
        values[topic] = values.get(topic, ()) + numbers
        colours[topic] = colours.get(topic, ()) + shades
    _no_topics_word(brought, values, name)
    nodata = values.pop(_NODATA, ()), colours.pop(_NODATA, ())
    if not values:
        raise LabelError(f'The legend {name} names no topic: map at least one, like {{"water": [5]}}.')
    return Legend(name, values, colours, *nodata, brought=tuple(brought.values()))


def _said(entry: object, key: str, name: str) -> tuple[object, tuple[str, ...], bool | None]:
    """An entry's values, words and whether it is counted."""
    if not isinstance(entry, dict):
        return entry, (), None
    words, counted = entry.get("words", []), entry.get("counted")
    unknown = sorted(set(entry) - {"values", "words", "counted"})
    if unknown or "values" not in entry:
        wrong = f"has {unknown[0]!r}, which means nothing here" if unknown else "lists no values"
        raise LabelError(
            f"The entry {key[:40]!r} of the legend {name} {wrong}: write "
            '{"values": [7], "words": ["car park"], "counted": true}.'
        )
    if not isinstance(words, list) or not all(
        isinstance(word, str) and _WORDS.fullmatch(word) for word in words
    ):
        raise LabelError(
            f'The legend {name} gives {key[:40]!r} words that are no list of plain nouns: write ["car park"].'
        )
    if counted is not None and not isinstance(counted, bool):
        raise LabelError(
            f"The legend {name} says of {key[:40]!r} neither true nor false as `counted`: say one."
        )
    return entry["values"], tuple(words), counted


def _same_words_once(words: tuple[str, ...], topic: str, brought: dict[str, Topic], name: str) -> None:
    """Refuse a word that would mean two topics."""
    own = nouns_of(brought_topic(topic, words))
    for other in brought.values():
        twice = sorted(set(own) & set(nouns_of(other))) if other.name != topic else []
        if twice:
            raise LabelError(
                f"The legend {name} calls both {other.name} and {topic} by {twice[0]!r}: keep one of them."
            )


def _no_topics_word(brought: dict[str, Topic], values: dict[str, tuple[int, ...]], name: str) -> None:
    """Refuse a word that already stands for another of the legend's topics."""
    for topic in brought.values():
        for word in nouns_of(topic):
            known = canonical(word)
            if known in values and known != topic.name:
                raise LabelError(
                    f"The legend {name} calls {topic.name} by {word!r}, which is {known}: leave it out."
                )


def _shown(kind: str, value: int) -> str:
    return f"#{value:06X}" if kind == "colour" else str(value)


def _topic(key: str, name: str) -> str:
    """The canonical topic for a legend's key; a plain word of the user's own stays as it is."""
    word = topic_name(key)
    if word.replace("_", "") == _NODATA:
        return _NODATA
    if not is_topic_name(word):
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
            if isinstance(entry, str) and (key.strip().isdecimal() or _COLOUR.fullmatch(key.strip())):
                value = f'"{key.strip()}"' if key.strip().startswith("#") else str(int(key))
                raise LabelError(
                    f"The legend {name} has values in front of topics: turn it round, like "
                    f'{{"{entry[:40]}": [{value}]}}.'
                )
            raise LabelError(
                f"The legend {name} gives {key[:40]!r} the value {str(entry)[:40]!r}: use whole numbers for "
                'single-band labels and "#RRGGBB" for colours.'
            )
    return tuple(numbers), tuple(shades)
