"""From a checkpoint to what ships: thresholds, calibration, scores, the model file and its card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.segment.inference.card import ModelCard, load_card
from planimeter.segment.inference.likeness import appearance, unlike, usual_range
from planimeter.segment.inference.runtime import RuntimeModel
from planimeter.train.calibrate import (
    area_interval,
    best_contact,
    best_threshold,
    count_interval,
    draw_pixels,
    land_temperature,
    object_temperature,
)
from planimeter.train.checkpoint import load, network_from, save_averaged
from planimeter.train.config import Config
from planimeter.train.data import Picture, load_pictures
from planimeter.train.evaluate import PixelCounts, evaluate, scores_of
from planimeter.train.export import export_onnx, write_model
from planimeter.train.network import STRIDE

PICTURES_FOR_THRESHOLDS = 12  # of each source
NO_CUT = 99.0  # a logit that none reaches


def release(
    config: Config, checkpoint: str | Path, folder: str | Path, command: str, report: Any = print
) -> ModelCard:
    """Export a checkpoint and write its card, and its weights for ``--start-from``.

    Args:
        config: the run's configuration.
        checkpoint: its ``final.pt`` or ``last.pt``; the averaged weights are taken.
        folder: where the model file, its card and ``NAME.pt`` go.
        command: how the weights were trained, for the card.
        report: takes one line of progress.

    Raises:
        ModelError: the checkpoint does not fit, or the file would be too large.
        UsageError: the data is not there.
    """
    network = network_from(checkpoint, config)
    save_averaged(Path(folder) / f"{config.name}.pt", network)
    content = export_onnx(network, list(config.mean), list(config.std))
    record: dict[str, Any] = {
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
    place = Path(folder)
    model = RuntimeModel(load_card(write_model(content, record, place)))
    training, held = load_pictures(config, "train"), load_pictures(config, "validation")
    report("thresholds on training pictures")
    seen = draw_pixels(model, _some(training, config))
    thresholds = {topic: best_threshold(seen, topic, config) for topic in config.objects}
    report("temperatures on validation pictures")
    unseen = draw_pixels(model, held)
    land = land_temperature(unseen, config)
    objects = {topic: object_temperature(unseen, topic, config) for topic in config.objects}
    record["land"]["temperature"] = round(land.temperature, 3)
    record["objects"] = {
        topic: {"threshold": round(thresholds[topic], 2), "temperature": round(fit.temperature, 3)}
        for topic, fit in objects.items()
    }
    if config.contact:
        report("where things that touch are cut apart, on training pictures")
        model.card = load_card(write_model(content, record, place))
        knowing = [one for one in _some(training, config) if config.sources[one.source].instances]
        level = best_contact(model, knowing, config)
        record["contact"] = {config.contact: {"threshold": round(min(level, NO_CUT), 2)}}
    report("how training pictures look")
    record["appearance"] = _appearance(training, held)
    report("scores on validation pictures")
    model.card = load_card(write_model(content, record, place))
    counts = evaluate(model, held, config)
    record |= {
        "area_error": _intervals(counts, area_interval),
        "count_error": _intervals(counts, count_interval),
        "calibration": {
            "method": "temperature scaling per head; error_after is judged on pictures left out of the fit",
            "land": _rounded(asdict(land)),
            "objects": {topic: _rounded(asdict(fit)) for topic, fit in objects.items()},
        },
        "scores": [_rounded(asdict(score)) for score in scores_of(counts) if score.true_pixels],
        "training": {
            "date": date.today().isoformat(),
            "steps": int(load(checkpoint)["step"]),
            "pictures": _numbers(training),
            "validation": _numbers(held),
            "command": command,
        },
        "licence": config.licence,
        "start": config.network.start,
        "data": {name: source.licence for name, source in config.sources.items()},
    }
    return load_card(write_model(content, record, place))


def _some(pictures: Sequence[Picture], config: Config) -> list[Picture]:
    """The first few pictures with a file of each source that labels an object."""
    chosen: list[Picture] = []
    for name, source in config.sources.items():
        own = [picture for picture in pictures if picture.source == name] if source.objects else []
        chosen += own[:: max(1, len(own) // PICTURES_FOR_THRESHOLDS)][:PICTURES_FOR_THRESHOLDS]
    return chosen


def _intervals(
    counts: Sequence[PixelCounts], interval: Callable[[Sequence[PixelCounts], str], dict[str, float] | None]
) -> dict[str, dict[str, float]]:
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
