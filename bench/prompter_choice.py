"""What a prompter of parts has learnt of its taught answers: nats by kind of token, and which regions it would take.

Of the first region of each held-out answer: the probability that lies on numbers of regions of the right topic, and on
those of regions that are meant, beside what is there by chance (``docs/experiments/prompter.md``).

    python bench/prompter_choice.py runs/prompter/supervised/final --data DIR
    python bench/prompter_choice.py runs/prompter/start --weights runs/prompter/supervised/last.pt --data DIR
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from typing import Any

import torch

from planimeter.reason.seen import SeenRegion, topic_label
from planimeter.train.prompter.choosing import ChosenSamples
from planimeter.train.prompter.config import load_prompter
from planimeter.train.prompter.parts import token_kinds
from planimeter.train.prompter.samples import Sample
from planimeter.train.prompter.stages import in_terms_of, load_model, load_samples
from planimeter.train.prompter.supervised import UNTAUGHT, supervised_batch

BATCH = 16


def shares(sample: Sample, seen: list[SeenRegion], on: torch.Tensor) -> tuple[float, float, float, float]:
    """Probability on the right topic's regions and on the meant ones, and the share of seen regions that each is.

    Args:
        sample: with regions that are meant.
        seen: of its picture.
        on: (regions,) probabilities.
    """
    assert sample.meant is not None
    alike = torch.tensor([topic_label(one.topic, one.other) == sample.thought for one in seen])
    meant = torch.from_numpy(sample.meant)
    on = on[: len(seen)]
    return (
        float(on[alike].sum()),
        float(on[meant].sum()),
        float(alike.float().mean()),
        float(meant.float().mean()),
    )


def main() -> None:
    """Print what a prompter has learnt."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("model", help="folder of a prompter")
    ask.add_argument("--weights", help="a checkpoint of the warm start, in place of the folder's weights")
    ask.add_argument("--config", default="configs/prompter.yaml")
    ask.add_argument("--data", required=True, help="folder of the labelled pictures")
    ask.add_argument("--samples", type=int, default=160)
    given = ask.parse_args()
    config = load_prompter(given.config).with_data(given.data)
    model, processor = load_model(given.model)
    if given.weights:
        model.load_state_dict(torch.load(given.weights, map_location=model.device, weights_only=True)["net"])
    samples = in_terms_of(load_samples(config, "held_out"), model.eval(), processor)
    if not isinstance(samples, ChosenSamples):
        ask.error("this prompter's eyes see no regions")
    kinds = token_kinds(processor.tokenizer)
    nats: dict[str, list[float]] = defaultdict(list)
    chosen: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    taught = [each for each in (samples[index] for index in range(given.samples)) if each.teaches]
    for start in range(0, len(taught), BATCH):
        part = taught[start : start + BATCH]
        batch = supervised_batch(processor, part, config.rule, config.step)
        with torch.no_grad():
            said = model(**batch).logits[:, :-1].float().log_softmax(-1)
        for row, sample in enumerate(part):
            labels = batch["labels"][row, 1:]
            note(nats, said[row], labels, kinds)
            first = torch.isin(labels, kinds["regions"]).nonzero().flatten()[:1]
            if len(first):
                on = said[row, first[0], kinds["regions"]].exp()
                chosen[sample.kind].append(shares(sample, list(samples.seen_in(sample)), on))
    for kind, values in nats.items():
        print(f"{kind}: {sum(values) / len(values):.2f} nats over {len(values)} tokens")
    everything = [one for rows in chosen.values() for one in rows]
    for kind, rows in [*chosen.items(), ("all", everything)]:
        topic, meant, any_topic, any_meant = torch.tensor(rows).mean(0).tolist()
        print(
            f"{kind}, {len(rows)} answers: right topic {topic:.2f} (by chance {any_topic:.2f}), "
            f"meant {meant:.2f} (by chance {any_meant:.2f})"
        )


def note(
    nats: dict[str, list[float]], said: Any, labels: torch.Tensor, kinds: dict[str, torch.Tensor]
) -> None:
    """Add an answer's nats by kind of token."""
    for at in (labels != UNTAUGHT).nonzero().flatten().tolist():
        kind = next((name for name, ids in kinds.items() if labels[at] in ids), "the rest")
        nats[kind].append(-float(said[at, labels[at]]))


if __name__ == "__main__":
    main()
