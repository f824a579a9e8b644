"""Which index, above or below which number, is which topic; published numbers, or what a file says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planimeter.errors import LabelError
from planimeter.paths import is_file
from planimeter.raster.spectrum import Spectrum
from planimeter.segment.index.formulas import OWN, Formula, formula_named
from planimeter.vocabulary.index_words import IndexPhrase
from planimeter.vocabulary.topics import Topic, brought_topic, canonical, is_topic_name, topic_name

OTSU = "otsu"
_LARGEST_FILE = 1_000_000  # bytes
_LARGEST = 1e30  # threshold; a whole number of JSON may have thousands of digits
_WORDS = re.compile(r"[^\W\d_][\w '-]{0,59}")


@dataclass(frozen=True)
class Condition:
    """An index on one side of a number.

    Attributes:
        formula: the index.
        above: True: more than the number counts; False: less than it.
        number: the threshold; None: Otsu's, of the scene.
        source: where the number comes from.
        equal: whether the number itself counts too.
    """

    formula: Formula
    above: bool
    number: float | None
    source: str = ""
    equal: bool = False

    def written(self, number: float | None = None) -> str:
        """As answers state it.

        Example:
            >>> Condition(OWN["NDVI"], True, 0.2, "Sobrino et al. 2004").written()
            'NDVI > 0.2 (Sobrino et al. 2004)'
        """
        limit = self.number if number is None else number
        source = f"Otsu's threshold of this scene{self.source}" if self.number is None else self.source
        shown = "Otsu's threshold" if limit is None else f"{limit:.4g}"
        return f"{self.formula.name} {self._sign} {shown}" + (f" ({source})" if source else "")

    @property
    def _sign(self) -> str:
        return (">" if self.above else "<") if not self.equal else "≥" if self.above else "≤"


@dataclass(frozen=True)
class Rule:
    """How a topic is told: the first of several ways that a scene's bands allow.

    Attributes:
        ways: each a tuple of conditions that must all hold.
        doubt: what else looks the same, for the answer; empty where nothing is known.
    """

    ways: tuple[tuple[Condition, ...], ...]
    doubt: str = ""

    def way(self, spectrum: Spectrum) -> tuple[Condition, ...] | None:
        """The first way that the bands allow, or None."""
        for way in self.ways:
            colours = {colour for condition in way for colour in condition.formula.colours}
            measured = spectrum.calibrated or all(condition.formula.scale_free for condition in way)
            if not spectrum.lacks(sorted(colours)) and measured:
                return way
        return None


@dataclass(frozen=True)
class Rules:
    """Rules by topic.

    Attributes:
        name: what answers call them.
        rules: topic → rule.
        brought: records of topics that are not canonical.
    """

    name: str
    rules: Mapping[str, Rule]
    brought: tuple[Topic, ...] = field(default=())


_NIR = Formula("near infrared reflectance", "N", "")
_GREEN_VEGETATION = Condition(OWN["NDVI"], False, 0.2, "Sobrino et al. 2004")
_BRIGHT_NIR = "Hall et al. 1995"
_SNOW_AND_BURNT = (
    brought_topic("snow", ["snow cover", "ice", "snow and ice", "glaciers"], False),
    brought_topic(
        "burnt", ["burnt land", "burned land", "burnt area", "burned area", "burn scars", "burned"], False
    ),
)

USUAL = Rules(
    "published thresholds",
    {
        "vegetation": Rule(((Condition(OWN["NDVI"], True, 0.2, "Sobrino et al. 2004"),),)),
        "water": Rule(
            (
                (
                    Condition(OWN["NDWI"], True, 0.0, "McFeeters 1996"),
                    Condition(_NIR, False, 0.11, _BRIGHT_NIR),
                ),
                (Condition(OWN["NDWI"], True, 0.0, "McFeeters 1996"),),
            ),
            "shadows and dark roofs can look the same",
        ),
        "snow": Rule(
            (
                (
                    Condition(OWN["NDSI"], True, 0.4, "Hall et al. 1995"),
                    Condition(_NIR, True, 0.11, _BRIGHT_NIR),
                ),
                (Condition(OWN["NDSI"], True, 0.4, "Hall et al. 1995"),),
            ),
            "clouds can look the same",
        ),
        "burnt": Rule(
            ((Condition(OWN["NBR"], False, -0.1, "no published number holds everywhere"),),),
            "bare ground and towns can look the same, and only two dates together tell a fire from them",
        ),
        "barren": Rule(
            ((Condition(OWN["BSI"], True, 0.0, "Rikimaru et al. 2002"), _GREEN_VEGETATION),),
            "towns can look the same",
        ),
        "urban": Rule(
            ((Condition(OWN["NDBI"], True, 0.0, "Zha et al. 2003"), _GREEN_VEGETATION),),
            "bare ground looks the same",
        ),
    },
    _SNOW_AND_BURNT,
)
"""Published thresholds, with their sources."""


def with_otsu(rules: Rules) -> Rules:
    """The same rules with Otsu's threshold of the scene in place of the first number of each.

    Example:
        >>> with_otsu(USUAL).rules["vegetation"].ways[0][0].number is None
        True
    """
    changed = {
        topic: Rule(
            tuple((Condition(way[0].formula, way[0].above, None), *way[1:]) for way in rule.ways), rule.doubt
        )
        for topic, rule in rules.rules.items()
    }
    return Rules("Otsu's thresholds", changed, rules.brought)


def rules_of(phrases: Iterable[IndexPhrase]) -> Rules:
    """Rules for what a question says of indices.

    Example:
        >>> from planimeter.vocabulary.index_words import index_phrases
        >>> rules_of(index_phrases("NDVI of at least 0.4")).rules["ndvi_at_least_0_4"].ways[0][0].written()
        'NDVI ≥ 0.4 (Rouse et al. 1974)'
    """
    known = {phrase.topic: phrase for phrase in phrases}
    rules = {}
    for topic, phrase in known.items():
        formula = formula_named(phrase.index)
        conditions = tuple(
            Condition(
                formula,
                comparison in ("above", "at least"),
                number,
                formula.source,
                comparison.startswith("at"),
            )
            for comparison, number in phrase.bounds
        )
        rules[topic.name] = Rule((conditions,))
    return Rules("as the question says", rules, tuple(known))


def load_rules(path: str | Path) -> Rules:
    """Read rules from a JSON file.

    Args:
        path: topic → ``{"index": "NDVI", "above": 0.3}``; ``"below"`` for the other side, ``"otsu"`` for a number,
            ``"formula"`` for an index of your own, ``{"all": [...]}`` for several conditions, ``"words"`` and
            ``"counted"`` as in a legend.

    Raises:
        LabelError: there is no such file, or it is not written so.
    """
    file = Path(path)
    if not is_file(file):
        raise LabelError(
            f"There are no index rules {str(path)[:80]!r}: give a JSON file like "
            '{"vegetation": {"index": "NDVI", "above": 0.3}}, or plain `index` for the published ones.'
        )
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise ValueError("it is larger than 1 MB")
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise LabelError(
            f"The index rules {file.name} are not readable JSON ({str(error)[:80]}): write them like "
            '{"vegetation": {"index": "NDVI", "above": 0.3}}.'
        ) from None
    return parse_rules(content, file.name)


def parse_rules(content: object, name: str) -> Rules:
    """Check rules that were read from JSON; see ``load_rules``.

    Raises:
        LabelError: they are not written as they must be.

    Example:
        >>> parse_rules({"lake": {"index": "NDWI", "above": 0}}, "mine").rules["water"].ways[0][0].written()
        'NDWI > 0'
    """
    if not isinstance(content, dict) or not content:
        raise _wrong(name, "map no topic")
    rules: dict[str, Rule] = {}
    brought = []
    for key, said in content.items():
        topic = topic_name(str(key))
        if not is_topic_name(topic) or topic in rules:
            raise _wrong(name, f"have the key {str(key)[:40]!r}, which is no plain topic or stands twice")
        if not isinstance(said, dict):
            raise _wrong(name, f"say of {topic} no index")
        words, counted = said.get("words", []), said.get("counted")
        plain = isinstance(words, list) and all(isinstance(w, str) and _WORDS.fullmatch(w) for w in words)
        if not plain or not isinstance(counted, bool | None):
            raise _wrong(
                name, f'give {topic} words that are no list of plain nouns, or no true or false as "counted"'
            )
        if words or counted is not None or canonical(topic) is None:
            brought.append(brought_topic(topic, words, counted))
        told = {k: v for k, v in said.items() if k not in ("words", "counted")}
        if "all" in told and len(told) > 1:
            raise _wrong(name, f'say of {topic} something beside "all", which holds every condition')
        listed = told.get("all", [told])
        if not isinstance(listed, list) or not listed or len(listed) > 20:
            raise _wrong(name, f"list no conditions for {topic}")
        rules[topic] = Rule((tuple(_condition(each, topic, name) for each in listed),))
    return Rules(name, rules, tuple(brought))


def _condition(said: object, topic: str, name: str) -> Condition:
    if not isinstance(said, dict) or set(said) - {"index", "formula", "above", "below", "source"}:
        raise _wrong(name, f"say of {topic} something that means nothing here")
    if ("index" in said) == ("formula" in said) or ("above" in said) == ("below" in said):
        raise _wrong(name, f'need of {topic} one "index" or "formula", and one "above" or "below"')
    formula = (
        formula_named(str(said["index"]))
        if "index" in said
        else Formula(str(said["formula"])[:300], str(said["formula"]))
    )
    if not formula.colours:
        raise _wrong(name, f"give {topic} a formula without bands")
    limit: Any = said.get("above", said.get("below"))
    if limit != OTSU and (
        isinstance(limit, bool) or not isinstance(limit, int | float) or not abs(limit) < _LARGEST
    ):
        raise _wrong(name, f'give {topic} a threshold that is neither a number nor "otsu"')
    return Condition(
        formula, "above" in said, None if limit == OTSU else float(limit), str(said.get("source", ""))[:100]
    )


def _wrong(name: str, what: str) -> LabelError:
    return LabelError(
        f'The index rules {name} {what}: write them like {{"water": {{"index": "NDWI", "above": 0}}}}.'
    )
