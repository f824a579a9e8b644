"""From a checkpoint to what ships: thresholds, calibration, scores, the model file and its card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import UsageError
from planimeter.segment.inference.card import ModelCard, load_card
from planimeter.segment.inference.likeness import appearance, unlike, usual_range
from planimeter.segment.inference.runtime import RuntimeModel
from planimeter.train.calibrate import draw_pixels, land_temperature, object_temperature
from planimeter.train.checkpoint import load, network_from, save_averaged
from planimeter.train.config import Config
from planimeter.train.data import Picture, load_pictures
from planimeter.train.evaluate import PixelCounts, Score, evaluate, require_classes, scores_of
from planimeter.train.export import export_onnx, write_model
from planimeter.train.intervals import area_interval, confusion_of, count_interval
from planimeter.train.network import STRIDE
from planimeter.train.thresholds import best_contact, best_narrowest, best_threshold

PICTURES_FOR_THRESHOLDS = 12  # of each source
NO_CUT = 99.0  # a logit that none reaches


def release(
    config: Config, checkpoint: str | Path, folder: str | Path, command: str, report: Any = print
) -> ModelCard:
    """Export a checkpoint and write its card, and its weights for ``--start-from``.

    Args:
        config: the run's configuration.
        checkpoint: its ``final.pt`` or ``last.pt``; the averaged weights are taken. The card (JSON) of a model that
            was exported before stands for that model: everything on it is measured anew.
        folder: where the model file, its card and ``NAME.pt`` go.
        command: how the weights were trained, for the card.
        report: takes one line of progress.

    Raises:
        ModelError: the checkpoint does not fit, or the file would be too large.
        UsageError: the data is not there, or the card's model has other classes.
    """
    place = Path(folder)
    if Path(checkpoint).suffix == ".json":
        before = load_card(checkpoint)
        require_classes(before, config)
        if (before.contact.topic if before.contact else None) != config.contact:
            raise UsageError(
                f"{before.name} and the configuration differ in `contact`: give the one that it was trained with."
            )
        trained = {**before.record.get("training", {})}
        content, _ = before.content, trained.pop("validation", None)  # these pictures are counted anew
    else:
        network = network_from(checkpoint, config)
        steps = load(checkpoint).get("step")  # averaged weights of version 2.1 and before do not say
        save_averaged(place / f"{config.name}.pt", network, steps)
        content = export_onnx(network, list(config.mean), list(config.std), config.stored)
        trained = {**({} if steps is None else {"steps": int(steps)}), "command": command}
    return write_card_of(content, trained, config, place, report)


def write_card_of(
    content: bytes, trained: dict[str, Any], config: Config, place: Path, report: Any = print
) -> ModelCard:
    """Choose and measure all that a card says of a model file, and write both.

    Args:
        content: the ONNX file.
        trained: what the card says of the training.
        config: names classes and sources.
        place: the folder.
        report: takes one line of progress.

    Raises:
        UsageError: the data is not there.
    """
    record = _blank(config)
    # Before anything is written: a card may be measured anew in its own folder.
    training, held = load_pictures(config, "train"), load_pictures(config, "validation")
    model = RuntimeModel(load_card(write_model(content, record, place)))
    judge = config.judge()
    some = _some(training, config)

    def now() -> None:
        """Let the model decide by what the record says so far."""
        model.card = load_card(write_model(content, record, place))

    report("thresholds on training pictures")
    seen = draw_pixels(model, some)
    for topic, head in record["objects"].items():
        head["threshold"] = round(best_threshold(seen, topic, config), 2)
    now()
    report("how narrow an object may be, on training pictures")
    for topic, head in record["objects"].items():
        knowing = [one for one in some if topic in config.sources[one.source].objects]
        head["narrowest"] = best_narrowest(model, knowing, topic, config)
    now()
    report("temperatures on validation pictures")
    unseen = draw_pixels(model, held)
    land = land_temperature(unseen, judge)
    objects = {topic: object_temperature(unseen, topic, judge) for topic in config.objects}
    record["land"]["temperature"] = round(land.temperature, 3)
    for topic, fit in objects.items():
        record["objects"][topic]["temperature"] = round(fit.temperature, 3)
    now()
    if config.contact:
        report("where things that touch are cut apart, on training pictures")
        knowing = [one for one in some if config.sources[one.source].instances]
        level = best_contact(model, knowing, config)
        record["contact"] = {config.contact: {"threshold": round(min(level, NO_CUT), 2)}}
        now()
    report("how training pictures look")
    record["appearance"] = _appearance(training, held)
    report("scores on validation pictures")
    counts = evaluate(model, held, config)
    scores = [score for score in scores_of(counts) if score.true_pixels]
    record |= {
        "withheld": found_badly(scores, config.least_f1),
        "area_error": _intervals(counts, area_interval),
        "count_error": _intervals(counts, count_interval),
        "confusion": _intervals(counts, confusion_of),
        "calibration": {
            "method": "temperature scaling per head; error_after is judged on pictures left out of the fit",
            "land": _rounded(asdict(land)),
            "objects": {topic: _rounded(asdict(fit)) for topic, fit in objects.items()},
        },
        "scores": [_rounded(asdict(score)) for score in scores],
        "training": {
            "date": date.today().isoformat(),
            "pictures": _numbers(training),
            "validation": _numbers(held),
            **trained,
        },
        "licence": config.licence,
        "start": config.network.start,
        "data": {name: source.licence for name, source in config.sources.items()},
    }
    return load_card(write_model(content, record, place))


def found_badly(scores: Sequence[Score], least: float) -> dict[str, float]:
    """Topic → mean F1 over the sources that show it, of those where it is lower than it may be.

    Example:
        >>> made = [Score("a", "water", f1, f1, f1, f1, 9, 1) for f1 in (0.1, 0.2)]
        >>> found_badly(made, 0.2), found_badly(made, 0.1)
        ({'water': 0.15}, {})
    """
    by_topic: dict[str, list[float]] = {}
    for score in scores:
        by_topic.setdefault(score.topic, []).append(score.f1)
    means = {topic: sum(each) / len(each) for topic, each in by_topic.items()}
    return {topic: round(mean, 4) for topic, mean in means.items() if mean < least}


def _blank(config: Config) -> dict[str, Any]:
    """What a card says before anything was measured."""
    return {
        "name": config.name,
        "version": config.version,
        "land": {"topics": list(config.land), "temperature": 1.0},
        "objects": {topic: {"threshold": 0.0, "temperature": 1.0} for topic in config.objects},
        **({"contact": {config.contact: {"threshold": 0.0}}} if config.contact else {}),
        "gsd": {"range": list(config.gsd_range), "centre": config.gsd_centre},
        "stride": STRIDE,
        "smooth": config.smooth,
        "mean": list(config.mean),
        "std": list(config.std),
    }


def _some(pictures: Sequence[Picture], config: Config) -> list[Picture]:
    """The first few pictures with a file of each source that labels an object."""
    chosen: list[Picture] = []
    for name, source in config.sources.items():
        own = [picture for picture in pictures if picture.source == name] if source.objects else []
        chosen += own[:: max(1, len(own) // PICTURES_FOR_THRESHOLDS)][:PICTURES_FOR_THRESHOLDS]
    return chosen


def _intervals(
    counts: Sequence[PixelCounts], interval: Callable[[Sequence[PixelCounts], str], dict[str, Any] | None]
) -> dict[str, dict[str, Any]]:
    topics = dict.fromkeys(count.topic for count in counts)
    found = {topic: interval(counts, topic) for topic in topics}
    return {topic: one for topic, one in found.items() if one is not None}


def _appearance(training: Sequence[Picture], held: Sequence[Picture]) -> dict[str, Any]:
    """How training pictures look, and how many validation pictures that would call unusual."""
    looks = [look for one in training if one.path is not None and (look := appearance(one.scene()))]
    usual = usual_range(looks)
    strange = sum(bool(unlike(appearance(one.scene()), usual)) for one in held)
    return {"usual": usual, "pictures": len(looks), "validation": len(held), "unlike": strange}


def _numbers(pictures: Sequence[Picture]) -> dict[str, int]:
    names = [picture.source for picture in pictures]
    return {name: names.count(name) for name in dict.fromkeys(names)}


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    """Floats to four digits; what could not be computed as null, which JSON has."""

    def one(value: Any) -> Any:
        if not isinstance(value, float):
            return value
        return round(value, 4) if np.isfinite(value) else None

    return {name: one(value) for name, value in values.items()}
