"""The stages of a prompter's training: supervised warm start, reinforcement, scores before and after.

OUT/start/            the untrained model, where it is the tiny one
OUT/supervised/final  after the warm start
OUT/grpo/final        after reinforcement; with another seed than 0, OUT/grpo-SEED/final
OUT/scores.json       held-out scores of each, with intervals
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from planimeter.errors import UsageError
from planimeter.reason.embeddings import EmbeddingCache
from planimeter.reason.promptable import PromptableSegmenter, find_promptable
from planimeter.reason.rewards import json_format_reward, mask_reward, think_format_reward
from planimeter.reason.seen import SeenRegion
from planimeter.reason.statistics import RewardStatistics
from planimeter.reason.tiny import BoxSegmenter
from planimeter.segment.hub import load_model as load_model_of_hub
from planimeter.segment.hub import load_part
from planimeter.segment.torchvision import let_torchvision_load
from planimeter.train.data import load_pictures
from planimeter.train.grpo import train_grpo
from planimeter.train.language import language_folder
from planimeter.train.promptable.config import load_promptable
from planimeter.train.promptable.views import Views
from planimeter.train.prompter.choosing import ChosenSamples
from planimeter.train.prompter.config import IMAGERY, PARTS, SHAPES, TINY, PrompterConfig
from planimeter.train.prompter.conversation import conversation
from planimeter.train.prompter.evaluate import (
    answers_of,
    score_answers,
)
from planimeter.train.prompter.eyes import eyes_of
from planimeter.train.prompter.imagery import ImagerySamples, is_watched
from planimeter.train.prompter.parts import prompter_from
from planimeter.train.prompter.samples import HELD_OUT_SEED, TRAINING_SEED, Sample, ShapeSamples
from planimeter.train.prompter.scores import done_stages, score_run, stage_folder
from planimeter.train.prompter.sheet import draw_sheet
from planimeter.train.prompter.supervised import picture_gain, train_supervised
from planimeter.train.prompter.tiny import save_prompter, tiny_prompter

_COMPARED = 16  # watched samples that are also shown with another picture
_LOOKS = 256  # pictures, to set the eyes of a prompter of parts and to see which words are used
STAGES = ("supervised", "grpo", "scores")
Report = Callable[[str], None]


def train_prompter(
    config: PrompterConfig,
    out: str | Path,
    *,
    stages: Sequence[str] = STAGES,
    download: bool = False,
    stop_after: int | None = None,
    report: Report = print,
) -> Path:
    """Train a prompter, or go on where a killed run stopped; stages that are done are left as they are.

    Args:
        config: what to train on what.
        out: folder of the run.
        stages: of ``STAGES``.
        download: fetch weights that are not on this machine.
        stop_after: stop each stage at this update (with a checkpoint), for dry runs and tests.
        report: takes one line of progress.

    Returns:
        the folder of the last stage's model, or its checkpoint when ``stop_after`` came first.

    Raises:
        UsageError: the data is not there, or the configuration contradicts itself.
        ModelError: weights are missing or do not fit.
    """
    if strange := sorted(set(stages) - set(STAGES)):
        raise UsageError(f"There is no stage {', '.join(strange)}: choose among {', '.join(STAGES)}.")
    if (
        config.supervised is not None
        and "supervised" in stages
        and int(os.environ.get("WORLD_SIZE", "1")) > 1
    ):
        raise UsageError(
            "The supervised warm start runs in one process: give --stage supervised without accelerate."
        )
    let_torchvision_load()
    folder = Path(out)
    training, held = load_samples(config, "train"), load_samples(config, "held_out")
    segmenters = _segmenters(config)
    watched = load_samples(config, "watched")
    watched = [watched[index] for index in range(min(config.watch, len(watched)))]
    caches = {name: EmbeddingCache() for name in segmenters}
    place = Path(_start(config, folder))
    if config.supervised is not None and "supervised" in stages:
        place = folder / "supervised" / "final"
        if not place.exists():
            model, processor = load_model(_start(config, folder), download, learns=True)
            seen = in_terms_of(watched, model, processor)
            watch = _watching(config, processor, seen, segmenters, caches)
            place = train_supervised(
                model,
                processor,
                in_terms_of(training, model, processor),
                config.supervised,
                folder / "supervised",
                rule=config.rule,
                step=config.step,
                evaluate=watch,
                evaluate_every=config.watch_every,
                stop_after=stop_after,
                report=report,
            )
            if place.name != "final":
                return place
    if config.grpo is not None and "grpo" in stages:
        before = folder / "supervised" / "final"
        own = stage_folder(config.grpo)
        place = folder / own / "final"
        if not place.exists():
            model, processor = load_model(
                before if before.exists() else _start(config, folder),
                download,
                # Adapters are float32 by themselves, and DeepSpeed keeps a copy of the weights that is.
                learns=config.grpo.lora is None and config.grpo.deepspeed is None,
            )
            place = train_grpo(
                model,
                processor,
                Rows(training),
                _rewards(config, segmenters),
                config.grpo,
                folder / own,
                evaluate=_watching(
                    config, processor, in_terms_of(watched, model, processor), segmenters, caches
                ),
                evaluate_every=config.grpo_watch_every,
                stop_after=stop_after,
                report=report,
            )
    if "scores" in stages and int(os.environ.get("RANK", "0")) == 0:
        stages_done = {name: folder / name / "final" for name in done_stages(folder)}
        if stages_done:
            held = in_terms_of(held, *load_model(next(iter(stages_done.values()))))
        score_run(config, folder, stages_done, load_model, held, segmenters, report)
    return place


def see_finished(out: str | Path, folder: str | Path) -> None:
    """Let another folder start from what a run has finished, without a copy: by links to its models.

    Args:
        out: folder of the run; it need not exist.
        folder: of a run that leaves the other as it is.
    """
    places = [Path("start"), *(Path(name) / "final" for name in done_stages(Path(out)))]
    for place in places:
        model = Path(out).absolute() / place
        if (model / "config.json").exists() or place.name == "final":
            (Path(folder) / place).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / place).symlink_to(model, target_is_directory=True)


def draw_answers(
    config: PrompterConfig, out: str | Path, path: str | Path, kind: str, number: int = 10
) -> None:
    """Draw held-out questions of a kind with the answers of a run's last stage: the first ones, none chosen.

    Args:
        config: of the run.
        out: its folder.
        path: of the picture.
        kind: of questions; where no held-out question has it, all kinds.
        number: how many questions.

    Raises:
        UsageError: the run has finished no stage.
    """
    done = done_stages(Path(out))
    if not done:
        raise UsageError(f"{Path(out).name} holds no finished stage: train it first.")
    held = load_samples(config, "held_out")
    everything = [held[index] for index in range(len(held))]
    own = [sample for sample in everything if sample.kind == kind] or everything
    pictures = {sample.picture or str(place): sample for place, sample in reversed(list(enumerate(own)))}
    chosen = list(pictures.values())[::-1][:number]  # one question about each picture
    model, processor = load_model(Path(out) / done[-1] / "final")
    texts, _ = answers_of(model.eval(), processor, chosen, tokens=config.answer_tokens, batch=config.batch)
    draw_sheet(texts, chosen, _segmenters(config)[config.segmenter], config.rule, path)


class Rows(Sequence[Mapping[str, Any]]):
    """Samples as the rows of reinforcement: a conversation, the picture, and the target for the mask reward."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._samples = samples

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, index: Any) -> Any:
        sample = self._samples[index]
        return {
            "prompt": conversation(sample.phrase),
            "image": Image.fromarray(sample.image),
            "target": sample.target,
        }


def load_samples(config: PrompterConfig, split: str) -> Sequence[Sample]:
    """The samples of one side of the split.

    Args:
        config: names the data.
        split: "train", "held_out", or "watched": held out too and looked at while training goes on. Where there are
            several labelled pictures these are others than the held-out ones, so that where to stop is not chosen on
            what is reported.

    Raises:
        UsageError: the data is not there.
    """
    data = config.data
    if data.name == SHAPES:
        first, count = (
            (TRAINING_SEED, data.train) if split == "train" else (HELD_OUT_SEED, data.held_out or 512)
        )
        return ShapeSamples(first, count, data.absent, data.every)
    if data.name == IMAGERY:
        pictures = load_promptable(data.pictures).with_data(data.folder)
        side = "train" if split == "train" else "validation"
        known = load_pictures(pictures.pictures, side)
        if side == "validation":
            known = [one for one in known if is_watched(one.name) == (split == "watched")] or known
        count = {"train": data.train, "held_out": data.held_out or 512, "watched": config.watch}[split]
        return ImagerySamples(Views(known, pictures), pictures, split, count)
    from planimeter.train.prompter.referring import referring_samples

    split = "held_out" if split == "watched" else split
    most = data.held_out if split == "held_out" else None
    return referring_samples(data.name, data.folder, split, data.side, most)


def load_model(source: str | Path, download: bool = False, learns: bool = False) -> tuple[Any, Any]:
    """A vision-language model and its processor.

    Args:
        source: a folder, or a name on the hub.
        download: fetch weights that are not on this machine.
        learns: its weights are to be trained as they are.

    Raises:
        ModelError: they are not there or cannot be read.
    """
    import torch
    from transformers import AutoModelForImageTextToText, AutoProcessor

    from planimeter.reason import overhead  # noqa: F401  # so that its kind is known

    remedy = "give the folder of a copy as `model`, or --download"
    told = (source, f"The prompter {Path(source).name}", remedy, download)
    processor = load_part(AutoProcessor, *told)
    model = load_model_of_hub(AutoModelForImageTextToText, *told, dtype=precision_of(learns))
    device: Any = "cuda" if torch.cuda.is_available() else "cpu"
    return model.to(device), processor


def precision_of(learns: bool) -> Any:
    """The numbers of a model's weights: bfloat16 on a GPU, but float32 where they are trained as they are.

    A step of 10⁻⁶ is less than half of what bfloat16 tells apart at 0.02: it would be rounded away.

    Args:
        learns: weights are trained, with no copy in float32 beside them.
    """
    import torch

    return torch.bfloat16 if torch.cuda.is_available() and not learns else torch.float32


def in_terms_of(samples: Sequence[Sample], model: Any, processor: Any) -> Sequence[Sample]:
    """Samples whose answers choose among what the model's eyes see; as they are where it has none of ours.

    Args:
        samples: about pictures.
        model: a prompter.
        processor: of the model.
    """
    from planimeter.reason.overhead import OverheadTower

    tower = getattr(model.model, "vision_tower", None)
    if not isinstance(tower, OverheadTower):
        return samples

    def look(image: np.ndarray) -> Sequence[SeenRegion]:
        shown = processor.image_processor(images=[Image.fromarray(image)], return_tensors="pt")
        return tower.looks(shown["pixel_values"])[0].regions

    return ChosenSamples(samples, look)


def _start(config: PrompterConfig, folder: Path) -> str | Path:
    """Where the model that training starts from lies; the tiny one and the one of parts are made on the spot."""
    if config.model not in (TINY, PARTS):
        return config.model
    place = folder / "start"
    if not (place / "config.json").exists():
        made = _of_parts(config, folder) if config.model == PARTS else tiny_prompter(config.tiny, config.seed)
        half = folder / "start.partial"
        save_prompter(*made, half)
        half.replace(place)
    return place


def _of_parts(config: PrompterConfig, folder: Path) -> tuple[Any, Any]:
    """The prompter of pretrained parts, whose eyes are set to what training pictures look like."""
    samples = load_samples(config, "train")
    if not isinstance(samples, ImagerySamples):
        raise UsageError("A prompter of parts learns from labelled pictures: give `data: {name: imagery}`.")
    side = config.parts.side, config.parts.side
    pictures = [
        cv2.resize(samples[index].image, side, interpolation=cv2.INTER_AREA)
        for index in range(min(_LOOKS, len(samples)))
    ]
    tower = eyes_of(config.parts.segmenter, config.parts.segmenter_config, pictures, config.parts.side)
    language = language_folder(config.parts.language, folder)
    return prompter_from(config.parts, language, tower, samples.texts(_LOOKS), config.seed)


def _segmenters(config: PrompterConfig) -> dict[str, PromptableSegmenter]:
    return {
        name: BoxSegmenter() if name == "box" else find_promptable(name)
        for name in (config.segmenter, *config.cross)
    }


def _rewards(config: PrompterConfig, segmenters: Mapping[str, PromptableSegmenter]) -> list[Any]:
    reward = mask_reward(segmenters[config.segmenter], config.rule, statistics=RewardStatistics())
    return [reward, json_format_reward, think_format_reward]


def _watching(
    config: PrompterConfig,
    processor: Any,
    samples: Sequence[Sample],
    segmenters: Mapping[str, PromptableSegmenter],
    caches: Mapping[str, EmbeddingCache],
) -> Callable[[Any], dict[str, float]] | None:
    if not samples:
        return None

    def watch(model: Any) -> dict[str, float]:
        texts, entropy = answers_of(
            model, processor, samples, tokens=config.answer_tokens, batch=config.batch
        )
        measures = score_answers(texts, samples, segmenters, config.rule, entropy, caches).measures()
        shown = samples[:_COMPARED]
        return {**measures, "looks": picture_gain(model, processor, shown, config.rule, config.step)}

    return watch
