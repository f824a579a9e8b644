"""What a prompter's training brought: every stage on the same held-out samples, with intervals, in one file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from planimeter.atomic import write_whole
from planimeter.reason.embeddings import EmbeddingCache, content_hash
from planimeter.reason.promptable import PromptableSegmenter
from planimeter.train.grpo_config import GrpoConfig
from planimeter.train.prompter.config import PrompterConfig
from planimeter.train.prompter.evaluate import (
    PrompterScore,
    answers_of,
    paired_ciou_gain,
    paired_gain,
    score_answers,
)
from planimeter.train.prompter.samples import Sample
from planimeter.train.prompter.variants import answered_variants, perfect_variants

SCORES = "scores.json"
SUPERVISED, GRPO = "supervised", "grpo"


def stage_folder(config: GrpoConfig) -> str:
    """Where reinforcement with a seed lies below the run's folder.

    Example:
        >>> stage_folder(GrpoConfig()), stage_folder(GrpoConfig(seed=2))
        ('grpo', 'grpo-2')
    """
    return f"{GRPO}-{config.seed}" if config.seed else GRPO


def done_stages(folder: Path) -> list[str]:
    """The stages that a run has finished: the warm start, and reinforcement with each seed."""
    found = sorted(each.parent.name for each in folder.glob(f"{GRPO}*/final"))
    return [*([SUPERVISED] if (folder / SUPERVISED / "final").exists() else []), *found]


def score_run(
    config: PrompterConfig,
    folder: Path,
    stages: Mapping[str, Path],
    load: Callable[[Path], tuple[Any, Any]],
    held: Sequence[Sample],
    segmenters: Mapping[str, PromptableSegmenter],
    report: Callable[[str], None],
) -> dict[str, Any]:
    """Score what a run left after each stage, greedily and sampled, and write ``scores.json``.

    What a stage answered is kept beside its model, so a killed scoring goes on, and a further seed's asks only its own.

    Args:
        config: of the run.
        folder: of the run.
        stages: where the model of each stage lies.
        load: reads model and processor.
        held: samples nothing was trained on.
        segmenters: the first is the one of training.
        report: takes one line per score.
    """
    samples = [held[index] for index in range(len(held))]
    caches = {name: EmbeddingCache() for name in segmenters}
    first = next(iter(segmenters))
    found: dict[str, dict[str, PrompterScore]] = {}
    variants: dict[str, dict[str, float]] = {}
    for stage, place in stages.items():
        loaded = cache(partial(load, place))
        found[stage] = {}
        for way, temperature in (("greedy", None), ("sampled", 1.0)):
            texts, entropy = _kept_answers(
                place / f"answers-{way}.json", config, loaded, samples, temperature
            )
            score = score_answers(texts, samples, segmenters, config.rule, entropy, caches)
            found[stage][way] = score
            if temperature is None:
                variants[stage] = answered_variants(
                    texts, samples, segmenters[first], config.rule, caches[first]
                )
            report(_line(stage, way, score.measures()))
    variants["perfect prompts"] = perfect_variants(samples, segmenters[first], caches[first])
    record: dict[str, Any] = {stage: _said(ways) for stage, ways in found.items()}
    if any(sample.told is not None for sample in samples):
        # What is taught chooses among what the eyes see: no more than this can be learnt from it.
        taught = [sample.answer(config.rule, config.step) for sample in samples]
        best = score_answers(taught, samples, segmenters, config.rule, 0.0, caches)
        report(_line("taught answers", "as they are", best.measures()))
        record["taught answers"] = _said({"as they are": best})
    record["samples"] = len(samples)
    record["pictures"] = len(set(_groups(samples)))
    record["variants"] = {name: _rounded(values) for name, values in variants.items()}
    if SUPERVISED in found:
        after = {stage: ways for stage, ways in found.items() if stage != SUPERVISED}
        record["gain"] = {
            stage: {way: _gains(found[SUPERVISED][way], score, samples) for way, score in ways.items()}
            for stage, ways in after.items()
        }
        for stage, ways in record["gain"].items():
            for way, gains in ways.items():
                mean, low, high = next(iter(gains.values()))
                report(
                    f"gain {way}, {stage}: {mean:+.3f} [{low:+.3f}, {high:+.3f}] on the same {len(samples)} samples"
                )
    (folder / SCORES).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return record


def _kept_answers(
    path: Path,
    config: PrompterConfig,
    load: Callable[[], tuple[Any, Any]],
    samples: Sequence[Sample],
    temperature: float | None,
) -> tuple[list[str], float]:
    """What a model answered these questions before, or answers now; with the mean entropy of its next token."""
    asked = hashlib.sha256(
        json.dumps(
            [config.answer_tokens, [[content_hash(one.image), one.phrase] for one in samples]]
        ).encode()
    ).hexdigest()
    if path.exists():
        before = json.loads(path.read_text(encoding="utf-8"))
        if before["asked"] == asked:
            return before["answers"], before["entropy"]
    model, processor = load()
    texts, entropy = answers_of(
        model.eval(),
        processor,
        samples,
        tokens=config.answer_tokens,
        temperature=temperature,
        batch=config.batch,
    )
    kept = {"asked": asked, "entropy": entropy, "answers": texts}
    write_whole(path, (json.dumps(kept, indent=1) + "\n").encode())
    return texts, entropy


def _line(stage: str, way: str, measures: Mapping[str, float]) -> str:
    return (
        f"{stage} {way}: mean IoU {measures['iou']:.3f} [{measures['iou_low']:.3f}, {measures['iou_high']:.3f}]  "
        f"box IoU {measures['box_iou']:.3f}  points inside {measures['points_inside']:.3f}"
    )


def _said(ways: Mapping[str, PrompterScore]) -> dict[str, Any]:
    return {
        way: {
            **_rounded(score.measures()),
            "by_kind": {kind: _rounded(values) for kind, values in score.by_kind().items()},
        }
        for way, score in ways.items()
    }


def _gains(before: PrompterScore, after: PrompterScore, samples: Sequence[Sample]) -> dict[str, list[float]]:
    """Difference and its 95 % interval over pictures: mean IoU by each segmenter, cIoU by the first."""
    found = {
        name: paired_gain(before.iou[name], values, _groups(samples)) for name, values in after.iou.items()
    }
    found["ciou"] = paired_ciou_gain(before.outcomes, after.outcomes)
    return {name: [round(value, 4) for value in values] for name, values in found.items()}


def _groups(samples: Sequence[Sample]) -> list[str]:
    """The picture of each sample."""
    return [sample.picture or str(number) for number, sample in enumerate(samples)]


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in values.items()}
