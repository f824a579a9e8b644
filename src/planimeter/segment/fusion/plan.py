"""The file that says which models are fused into which topics.

    {"name": "qvlm",
     "models": {"dg": {"card": "deepglobe.json"},
                "ev": {"card": "earthvqa.json", "weight": 0.8, "classes": {"barren": 0.5, "agric": 0}}},
     "land": {"urban": ["dg.urban", "ev.road", "ev.building"], "water": ["dg.water", "ev.water"]},
     "background": ["ev.background"],
     "objects": {"roof": ["airs.roof"]},
     "composites": {"vegetation": ["forest", "agric"]},
     "mode_filter_metres": 5}

A weight multiplies the odds of a class, so its logarithm is added to the logit; 1 changes nothing, 0 switches a class
(or a whole model) off. ``background`` lists classes that win pixels for no topic.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planimeter.errors import ModelError
from planimeter.segment.inference.card import MODELS, ModelCard, load_card, shipped_card
from planimeter.vocabulary.topics import canonical

_KEYS = ("name", "models", "land", "background", "objects", "composites", "mode_filter_metres")
_MODEL_KEYS = ("card", "weight", "classes")
_TOPIC = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LARGEST_FILE = 1_000_000  # bytes; a plan is a page of text
_MOST_TOPICS = 250  # an index of them fits a byte


@dataclass(frozen=True)
class Source:
    """One class of one model, as part of a topic.

    Attributes:
        model: key of the model in the plan.
        channel: of the model's logits.
        shift: added to the logit: the logarithm of its weight.
    """

    model: str
    channel: int
    shift: float = 0.0


@dataclass(frozen=True)
class FusionPlan:
    """Which models are fused into which topics.

    Attributes:
        name: how answers name the whole.
        cards: key → card of the models that are used.
        land: topics that exclude each other → the classes whose largest logit speaks for them.
        background: classes that compete with land topics and stand for none.
        objects: topics independent of land cover → classes of which any may find one.
        composites: topic → the topics whose union it is.
        mode_filter_metres: side of the box in which the most common land topic wins; 0 for none.
    """

    name: str
    cards: Mapping[str, ModelCard]
    land: Mapping[str, tuple[Source, ...]]
    background: tuple[Source, ...]
    objects: Mapping[str, tuple[Source, ...]]
    composites: Mapping[str, tuple[str, ...]]
    mode_filter_metres: float = 0.0

    @property
    def topics(self) -> tuple[str, ...]:
        """All topics, composites last."""
        return (*self.land, *self.objects, *self.composites)


def load_plan(path: str | Path) -> FusionPlan:
    """Read a plan.

    Args:
        path: a JSON file, or a YAML file (``.yaml``, ``.yml``; needs pyyaml); cards are named relative to it.

    Raises:
        ModelError: it cannot be read, contradicts itself, or names a card or class that is not there.
    """
    place = Path(path)
    try:
        if place.stat().st_size > _LARGEST_FILE:
            raise ModelError(
                f"{place.name} is larger than 1 MB, so it is no plan of models: give a JSON file."
            )
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise ModelError(
            f"The plan {place.name} cannot be read ({getattr(error, 'strerror', None) or 'it is no text'}): give a "
            "JSON file that names models."
        ) from error
    return plan_from(_parsed(place, text), place.parent)


def plan_from(record: Any, folder: str | Path = ".") -> FusionPlan:
    """A plan from plain values, as JSON holds them.

    Args:
        record: see the module.
        folder: what the cards' paths are relative to.

    Raises:
        ModelError: as ``load_plan``.

    Example:
        >>> plan = plan_from({"models": {"own": {"card": "default"}}, "land": {"water": ["own.water"]}})
        >>> plan.topics, plan.land["water"]
        (('water',), (Source(model='own', channel=5, shift=0.0),))
    """
    _only(record, _KEYS, "A plan")
    cards, weights = {}, {}
    for key, entry in _table(record, "models").items():
        _only(entry, _MODEL_KEYS, f"The model {key!r}")
        cards[key] = _card(key, entry, Path(folder))
        weights[key] = _weights(key, entry, cards[key])
    if not cards:
        raise ModelError('The plan names no models: write "models": {"a": {"card": "a.json"}}.')

    def sources(written: Any, topic: str) -> tuple[Source, ...]:
        found = (_source(each, topic, cards, weights) for each in _texts(written, topic))
        return tuple(source for source in found if source.shift > -math.inf)

    land = {_topic(name): sources(given, name) for name, given in _table(record, "land").items()}
    objects = {_topic(name): sources(given, name) for name, given in _table(record, "objects").items()}
    background = sources(record.get("background", []), "background")
    land = {
        topic: found for topic, found in land.items() if found
    }  # what is switched off everywhere is not offered
    objects = {topic: found for topic, found in objects.items() if found}
    composites = {
        _topic(name): tuple(_topic(part) for part in _texts(given, name))
        for name, given in _table(record, "composites").items()
    }
    _check_topics(land, objects, composites)
    used = {source.model for group in (*land.values(), *objects.values(), background) for source in group}
    return FusionPlan(
        name=str(record.get("name") or "fusion of " + " and ".join(cards))[:80],
        cards={key: card for key, card in cards.items() if key in used},
        land=land,
        background=background,
        objects=objects,
        composites=composites,
        mode_filter_metres=_number(record.get("mode_filter_metres", 0), "mode_filter_metres"),
    )


def _parsed(place: Path, text: str) -> Any:
    if place.suffix.lower() not in (".yaml", ".yml"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{place.name} is no JSON ({str(error)[:80]}): correct it.") from error
    try:
        import yaml
    except ImportError as error:
        raise ModelError(
            f"Reading {place.name} needs pyyaml, which is not installed: pip install pyyaml, or write the plan as JSON."
        ) from error
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise ModelError(
            f"{place.name} is no YAML ({str(error).splitlines()[0][:80]}): correct it."
        ) from error


def _card(key: str, entry: dict[str, Any], folder: Path) -> ModelCard:
    file = entry.get("card")
    if not isinstance(file, str) or not file:
        raise ModelError(f'The model {key!r} has no card: write "{key}": {{"card": "FILE.json"}}.')
    return load_card(shipped_card(file) if file in MODELS else folder / file)


def _classes(card: ModelCard) -> list[str]:
    return [*card.land, *(head.topic for head in card.objects)]


def _weights(key: str, entry: dict[str, Any], card: ModelCard) -> list[float]:
    """The logarithm of the weight of each of a model's classes."""
    whole = _number(entry.get("weight", 1), f"weight of {key}")
    classes = _classes(card)
    own = entry.get("classes", {})
    _only(own, classes, f"`classes` of the model {key!r}")
    return [_log(whole * _number(own.get(name, 1), f"weight of {key}.{name}")) for name in classes]


def _source(
    written: str, topic: str, cards: Mapping[str, ModelCard], weights: Mapping[str, list[float]]
) -> Source:
    key, _, name = written.partition(".")
    if key not in cards:
        raise ModelError(
            f"{topic!r} names {written[:60]!r}, but the plan's models are {', '.join(cards)}: write MODEL.CLASS."
        )
    classes = _classes(cards[key])
    if name not in classes:
        raise ModelError(
            f"{topic!r} names {written[:60]!r}, but the classes of {key} are {', '.join(classes)}: name one of them."
        )
    channel = classes.index(name)
    return Source(key, channel, weights[key][channel])


def _topic(name: str) -> str:
    topic = canonical(name) or name
    if not _TOPIC.fullmatch(topic):
        raise ModelError(f"{name[:40]!r} cannot be a topic: use lower-case letters, digits and underscores.")
    return topic


def _check_topics(
    land: Iterable[str], objects: Iterable[str], composites: Mapping[str, tuple[str, ...]]
) -> None:
    own = [*land, *objects]
    names = [*own, *composites]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ModelError(f"The plan declares {', '.join(twice)} twice: leave one of each.")
    if not own or len(names) > _MOST_TOPICS:
        raise ModelError(
            f"The plan leads to {len(own)} topics of its models: give 1 to {_MOST_TOPICS} in `land` and `objects`."
        )
    for topic, parts in composites.items():
        absent = [part for part in parts if part not in own]
        if absent or not parts:
            raise ModelError(
                f"The composite {topic!r} is made of {', '.join(absent) or 'nothing'}, but there are "
                f"{', '.join(own)}: name some of these."
            )


def _table(record: Mapping[str, Any], key: str) -> dict[str, Any]:
    table = record.get(key, {})
    if not isinstance(table, dict) or not all(isinstance(name, str) for name in table):
        raise ModelError(f"`{key}` must be a table of names: see docs/segmenters.md.")
    return table


def _texts(given: Any, place: str) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise ModelError(f"{place!r} must be a list of names: see docs/segmenters.md.")
    return given


def _only(given: Any, known: Iterable[str], place: str) -> None:
    known = list(known)
    if not isinstance(given, dict):
        raise ModelError(f"{place} must be a table of names: see docs/segmenters.md.")
    strange = [str(key)[:40] for key in given if key not in known]
    if strange:
        raise ModelError(f"{place} has {', '.join(strange)}; it may have {', '.join(known)}.")


def _number(given: Any, place: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given < 1e6:
        raise ModelError(f"The {place} is {str(given)[:40]!r}: write a number from 0 on.")
    return float(given)


def _log(weight: float) -> float:
    return math.log(weight) if weight > 0 else -math.inf
