"""The training: pairs without end, both ways, from a pretrained model with fewer layers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError

from planimeter.coder.rewriter.tokens import Tokens
from planimeter.errors import ModelError
from planimeter.paths import is_file
from planimeter.train import checkpoint
from planimeter.train.precision import precision_here
from planimeter.train.rewriter.export import NAME, TOKENS, earlier_of, opened
from planimeter.train.rewriter.network import Llama, Sizes, pretrained, with_more_tokens
from planimeter.train.rewriter.pairs import Builder, Pair
from planimeter.train.rewriter.vocabulary import SPECIAL, cut, widened

FORWARD, BACKWARD, TURN, END = range(len(SPECIAL))
LATEST = "latest.pt"


@dataclass(frozen=True)
class RewriterConfig:
    """How the rewriter is trained.

    Attributes:
        hours: of training; the rate falls to zero over them.
        layers: of the pretrained model that stay, by their numbers: those whose removal raised its loss on
            English sentences least are gone.
        batch: pairs in an update.
        rate: highest learning rate.
        warmup: updates until it is reached.
        decay: of the weights.
        backward: share of the pairs that are learned from the plain sentence to the wording.
        longest: tokens of both together; longer pairs are left out.
        seed: of the pairs.
        save_minutes: minutes between checkpoints.
        told: pairs whose tokens all stay in the vocabulary.
    """

    hours: float = 0.9
    layers: tuple[int, ...] = (0, 1, 2, 8, 10, 11, 22, 24, 25, 27, 28, 29)
    batch: int = 24
    rate: float = 5e-4
    warmup: int = 40
    decay: float = 0.01
    backward: float = 0.2
    longest: int = 110
    seed: int = 1
    save_minutes: float = 4.0
    told: int = 20000


def numbered(pair: Pair, tokens: Tokens, backward: bool) -> tuple[list[int], int]:
    """A pair as tokens, and where what is learned begins."""
    first, second = (pair.plain, pair.wording) if backward else (pair.wording, pair.plain)
    head = [BACKWARD if backward else FORWARD, *tokens.encode(first), TURN]
    return [*head, *tokens.encode(second), END], len(head)


def batches(
    config: RewriterConfig, tokens: Tokens, start: int
) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Batches of similar length without end: tokens, the next tokens, their weights."""
    pairs = iter(Builder(config.seed + 1000 * start))
    rng = np.random.default_rng(config.seed + start)
    while True:
        drawn = []
        for pair in islice(pairs, 16 * config.batch):
            one = numbered(pair, tokens, bool(rng.random() < config.backward))
            if len(one[0]) <= config.longest:
                drawn.append(one)
        drawn.sort(key=lambda one: len(one[0]))
        groups = [drawn[at : at + config.batch] for at in range(0, len(drawn), config.batch)]
        for number in rng.permutation(len(groups)):
            group = groups[number]
            longest = max(len(row) for row, _ in group)
            table = torch.full((len(group), longest), END)
            weights = torch.zeros(len(group), longest - 1)
            for place, (row, learned) in enumerate(group):
                table[place, : len(row)] = torch.tensor(row)
                weights[place, learned - 1 : len(row) - 1] = 0.25 if row[0] == BACKWARD else 1.0
            yield table[:, :-1], table[:, 1:], weights


_DAMAGED = (OSError, KeyError, ValueError, TypeError, RuntimeError, SafetensorError)


def _told(config: RewriterConfig) -> Iterator[str]:
    """Texts whose tokens are needed."""
    for pair in islice(Builder(config.seed + 7), config.told):
        yield pair.wording
        yield pair.plain


def _no_whole_model(folder: str | Path, error: Exception) -> ModelError:
    return ModelError(
        f"{Path(folder).name} holds no SmolLM2-135M that can be read ({type(error).__name__}): give a whole copy of "
        "its folder."
    )


def _widened(
    tokens: Tokens, network: Llama, words_from: str | Path, config: RewriterConfig
) -> tuple[Tokens, Llama]:
    try:
        wide, numbers = widened(tokens, words_from, _told(config))
        return wide, with_more_tokens(network, words_from, numbers, wide.special)
    except _DAMAGED as error:
        raise _no_whole_model(words_from, error) from error


def train_rewriter(
    config: RewriterConfig,
    start_from: str | Path,
    out: str | Path,
    report: Callable[[str], None] = print,
    words_from: str | Path | None = None,
) -> Path:
    """Train, or go on with what was trained in the same folder.

    Args:
        config: how.
        start_from: folder with SmolLM2-135M's ``config.json``, ``model.safetensors`` and ``tokenizer.json``, or one
            with an exported rewriter, which learns on with its own layers and tokens.
        out: folder of the run.
        report: told the loss now and then.
        words_from: folder with SmolLM2-135M, whose commonest tokens an exported rewriter gets beside its own; None to
            leave it at those.

    Returns:
        The last checkpoint.

    Raises:
        ModelError: the checkpoint in the folder is damaged, or what training starts from is no such model.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config.seed)
    latest = folder / LATEST
    earlier = (0, 0.0)  # updates and seconds of what it starts from
    if latest.exists():
        saved = checkpoint.load(latest)
        tokens = Tokens.read(folder / TOKENS)
        network = Llama(Sizes(**saved["shape"]))
        network.load_state_dict(saved["weights"])
    elif is_file(Path(start_from) / f"{NAME}.xml"):
        saved = None
        tokens = Tokens.read(Path(start_from) / f"{NAME}-{TOKENS}")
        network, earlier = opened(start_from), earlier_of(start_from)
        if words_from is not None:
            tokens, network = _widened(tokens, network, words_from, config)
        (folder / TOKENS).write_text(tokens.written(), encoding="utf-8")
    else:
        saved = None
        try:
            tokens, kept = cut(start_from, _told(config))
            network = pretrained(start_from, kept, config.layers)
        except _DAMAGED as error:
            raise _no_whole_model(start_from, error) from error
        (folder / TOKENS).write_text(tokens.written(), encoding="utf-8")
        report(f"{len(kept)} tokens, {sum(p.numel() for p in network.parameters()) / 1e6:.1f} M weights")
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=config.rate, weight_decay=config.decay, betas=(0.9, 0.98)
    )
    step, spent = 0, 0.0
    if saved is not None:
        optimiser.load_state_dict(saved["optimiser"])
        step, spent, earlier = saved["step"], saved["seconds"], saved["earlier"]
    precision = precision_here("bf16", "cpu", report)
    allowed, started, kept_at, losses = 3600 * config.hours, time.monotonic(), time.monotonic(), []

    def save() -> None:
        state = {
            "shape": asdict(network.shape), "weights": network.state_dict(), "optimiser": optimiser.state_dict(),
            "step": step, "seconds": spent + time.monotonic() - started, "earlier": earlier,
        }  # fmt: skip
        checkpoint.save(latest, state)

    for inputs, wanted, weights in batches(config, tokens, step):
        passed = (spent + time.monotonic() - started) / allowed
        if passed >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = config.rate * min(1.0, (step + 1) / config.warmup, 0.02 + 1.4 * (1 - passed))
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            loss = network.loss(inputs, wanted, weights)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        step += 1
        losses.append(loss.item())
        if step % 20 == 0:
            line = {
                "step": step,
                "loss": round(float(np.mean(losses)), 4),
                "seconds": round(spent + time.monotonic() - started),
            }
            report(json.dumps(line))
            losses.clear()
        if time.monotonic() - kept_at > 60 * config.save_minutes:
            save()
            kept_at = time.monotonic()
    save()
    return latest
