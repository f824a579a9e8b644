"""A prompter with a promptable segmenter on a data set, sample by sample; a run that was killed goes on.

Every outcome is a line of ``ledger.jsonl``, with the completion itself: scores by any protocol come from the ledger
alone, without a model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import InputError, UsageError
from planimeter.progress import with_progress
from planimeter.reason.data.sample import ReferringSample
from planimeter.reason.embeddings import EmbeddingCache
from planimeter.reason.frames import OriginalFrame
from planimeter.reason.metrics import Scored
from planimeter.reason.parse import parse_lenient, usable_prompts
from planimeter.reason.promptable import PromptableSegmenter
from planimeter.reason.prompter import Prompter, PrompterLook, Said
from planimeter.reason.protocol import OURS, Protocol
from planimeter.reason.scoring import union_mask
from planimeter.segment import rle

LEDGER = "ledger.jsonl"


@dataclass(frozen=True)
class Outcome:
    """One sample, answered.

    Attributes:
        id: of the sample.
        dataset: of the sample.
        phrase: what was asked for.
        completion: what the prompter said.
        scored: what came of it.
        mask: what was found, as COCO RLE.
    """

    id: str
    dataset: str
    phrase: str
    completion: str
    scored: Scored
    mask: dict[str, Any]


def evaluate(
    samples: Sequence[ReferringSample],
    prompter: Prompter,
    promptable: PromptableSegmenter,
    folder: Path,
    *,
    protocol: Protocol = OURS,
    batch: int = 4,
) -> list[Outcome]:
    """Answer every sample that the ledger does not hold yet.

    Args:
        samples: of a data set.
        prompter: says where.
        promptable: shows what.
        folder: of the ledger; made when it does not exist.
        protocol: whether coordinates are checked before they are used.
        batch: samples answered together.

    Returns:
        the outcomes, in the order of the samples.

    Raises:
        UsageError: the ledger belongs to another system or protocol.
        InputError: a sample cannot be read.
        ModelError: a model failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    system = {"prompter": prompter.name, "promptable": promptable.name, "protocol": protocol.name}
    done = {_key(each): each for each in _resumed(folder / LEDGER, system)}
    missing = [sample for sample in samples if _key(sample) not in done]
    images = EmbeddingCache()
    batches = [missing[start : start + batch] for start in range(0, len(missing), batch)]
    with (folder / LEDGER).open("a", encoding="utf-8") as ledger:
        for group in with_progress(batches, len(batches), "samples", "batch"):
            loaded = [sample.load() for sample in group]
            looks = [
                PrompterLook(image, sample.phrase) for sample, (image, _) in zip(group, loaded, strict=True)
            ]
            for sample, (image, target), said in zip(group, loaded, prompter.say(looks), strict=True):
                outcome = _outcome(sample, image, target, said, promptable, images, protocol)
                ledger.write(json.dumps(_line(outcome), ensure_ascii=False) + "\n")
                done[_key(outcome)] = outcome
            ledger.flush()
    return [done[_key(sample)] for sample in samples]


def _key(of: ReferringSample | Outcome) -> tuple[str, str, str]:
    """What tells a sample apart: data sets number theirs alike, and one may come in another edition."""
    return of.dataset, of.id, of.phrase


def read_ledger(path: Path) -> tuple[dict[str, str], list[Outcome]]:
    """The system of a ledger, and its outcomes; a last line that broke off is left out.

    Raises:
        InputError: it is no ledger.
    """
    try:
        lines = path.read_bytes().split(b"\n")
        system = json.loads(lines[0])["system"]
        # What follows the last line end is an outcome that was being written when the run was killed.
        return system, [_outcome_of(json.loads(line)) for line in lines[1:-1] if line]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(
            f"{path} is no ledger of an evaluation: give the folder that --out wrote."
        ) from error


def _resumed(path: Path, system: dict[str, str]) -> Iterator[Outcome]:
    """The outcomes of a ledger that this run goes on with; a new one is begun where there is none."""
    if not path.exists() or b"\n" not in path.read_bytes():
        path.write_text(json.dumps({"system": system}, ensure_ascii=False) + "\n", encoding="utf-8")
        return
    kept = path.read_bytes()
    path.write_bytes(kept[: kept.rindex(b"\n") + 1])  # the rest of a line that broke off
    before, outcomes = read_ledger(path)
    differing = [key for key in system if before.get(key) != system[key]]
    if differing:
        raise UsageError(
            f"{path.parent} holds an evaluation with another {' and '.join(differing)}: choose another --out."
        )
    yield from outcomes


def _outcome(
    sample: ReferringSample,
    image: np.ndarray,
    target: np.ndarray,
    said: Said,
    promptable: PromptableSegmenter,
    images: EmbeddingCache,
    protocol: Protocol,
) -> Outcome:
    raw = parse_lenient(said.text, protocol)
    found = np.zeros(target.shape, dtype=bool)
    if raw:
        prompts = usable_prompts(raw, said.frame, OriginalFrame(image.shape[1], image.shape[0]), protocol)
        if prompts:
            found = union_mask(promptable, images.encode(promptable, image), prompts)
    scored = Scored(
        level=sample.level,
        image=sample.image_name,
        readable=raw is not None,
        said_nothing=raw is not None and not raw,
        intersection=int(np.count_nonzero(found & target)),
        found=int(np.count_nonzero(found)),
        target=int(np.count_nonzero(target)),
    )
    return Outcome(sample.id, sample.dataset, sample.phrase, said.text, scored, rle.encode(found))


def _line(outcome: Outcome) -> dict[str, Any]:
    return {**vars(outcome), "scored": vars(outcome.scored)}


def _outcome_of(line: dict[str, Any]) -> Outcome:
    return Outcome(**{**line, "scored": Scored(**line["scored"])})
