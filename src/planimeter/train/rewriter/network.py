"""The rewriter's network: a small Llama with a cut vocabulary and fewer layers, its memory an explicit tensor."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class Sizes:
    """Sizes of the network; the defaults are SmolLM2-135M's, with fewer layers.

    Attributes:
        vocabulary: tokens.
        layers: transformer layers.
        width: of the hidden state.
        inner: of the feed-forward layers.
        heads: of the queries.
        groups: heads of keys and values.
        theta: base of the rotary positions.
    """

    vocabulary: int
    layers: int
    width: int = 576
    inner: int = 1536
    heads: int = 9
    groups: int = 3
    theta: float = 100000.0

    @property
    def head(self) -> int:
        return self.width // self.heads


class Normed(nn.Module):
    """Root-mean-square normalisation with a weight per channel."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return functional.rms_norm(x, (x.shape[-1],), self.weight, 1e-5)


class DecoderBlock(nn.Module):
    """Attention and a gated feed-forward network."""

    def __init__(self, shape: Sizes) -> None:
        super().__init__()
        self.shape = shape
        keys = shape.groups * shape.head
        self.input_layernorm = Normed(shape.width)
        self.q_proj = nn.Linear(shape.width, shape.width, bias=False)
        self.k_proj = nn.Linear(shape.width, keys, bias=False)
        self.v_proj = nn.Linear(shape.width, keys, bias=False)
        self.o_proj = nn.Linear(shape.width, shape.width, bias=False)
        self.post_attention_layernorm = Normed(shape.width)
        self.gate_proj = nn.Linear(shape.width, shape.inner, bias=False)
        self.up_proj = nn.Linear(shape.width, shape.inner, bias=False)
        self.down_proj = nn.Linear(shape.inner, shape.width, bias=False)

    def forward(
        self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, past: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Hidden states (batch, tokens, width); ``past`` (2, batch, groups, before, head) is what came before."""
        shape, (batch, tokens, _) = self.shape, x.shape
        inside = self.input_layernorm(x)
        query = self.q_proj(inside).view(batch, tokens, shape.heads, shape.head).transpose(1, 2)
        key = self.k_proj(inside).view(batch, tokens, shape.groups, shape.head).transpose(1, 2)
        value = self.v_proj(inside).view(batch, tokens, shape.groups, shape.head).transpose(1, 2)
        query, key = turned(query, cos, sin), turned(key, cos, sin)
        key, value = torch.cat([past[0], key], 2), torch.cat([past[1], value], 2)
        memory = torch.stack([key, value])
        repeats = shape.heads // shape.groups
        key = key.repeat_interleave(repeats, 1)
        value = value.repeat_interleave(repeats, 1)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = x + self.o_proj(seen.transpose(1, 2).reshape(batch, tokens, shape.width))
        inside = self.post_attention_layernorm(x)
        return x + self.down_proj(functional.silu(self.gate_proj(inside)) * self.up_proj(inside)), memory


def turned(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary positions: (batch, heads, tokens, head)."""
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat([-second, first], -1) * sin


class Llama(nn.Module):
    """Next-token logits of a small Llama whose input and output embeddings are one table.

    Example:
        >>> network = Llama(Sizes(vocabulary=10, layers=2, width=12, inner=16, heads=3, groups=3))
        >>> logits, memory = network(torch.tensor([[1, 2, 3]]), network.nothing(1))
        >>> tuple(logits.shape), tuple(memory.shape)
        ((1, 3, 10), (2, 2, 1, 3, 3, 4))
    """

    def __init__(self, shape: Sizes) -> None:
        super().__init__()
        self.shape = shape
        self.embed_tokens = nn.Embedding(shape.vocabulary, shape.width)
        self.layers = nn.ModuleList(DecoderBlock(shape) for _ in range(shape.layers))
        self.norm = Normed(shape.width)
        rates = shape.theta ** (-torch.arange(0, shape.head, 2, dtype=torch.float32) / shape.head)
        self.register_buffer("rates", rates, persistent=False)

    def nothing(self, batch: int) -> Tensor:
        """The memory before the first token."""
        shape = self.shape
        return torch.zeros(shape.layers, 2, batch, shape.groups, 0, shape.head)

    def hidden(self, tokens: Tensor, past: Tensor, unseen: int = 0) -> tuple[Tensor, Tensor]:
        """The last hidden states, and the memory with these tokens; ``unseen``: places in front that do not count."""
        before, count = past.shape[4], tokens.shape[1]
        places = torch.arange(count) + before - unseen
        angles = places[:, None].float() * self.rates  # type: ignore[operator]
        cos, sin = torch.cat([angles, angles], -1).cos(), torch.cat([angles, angles], -1).sin()
        keys = torch.arange(before + count)[None, :] - unseen
        mask = (keys <= places[:, None]) & (keys >= 0)
        x = self.embed_tokens(tokens)
        memories = []
        for number, layer in enumerate(self.layers):
            x, memory = layer(x, cos, sin, mask, past[number])
            memories.append(memory)
        return self.norm(x), torch.stack(memories)

    def forward(self, tokens: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (batch, tokens, vocabulary), and the memory with these tokens.

        Args:
            tokens: (batch, tokens) of int64.
            past: the memory of all tokens before, (layers, 2, batch, groups, before, head).
        """
        x, memory = self.hidden(tokens, past)
        return x @ self.embed_tokens.weight.T, memory

    def loss(self, tokens: Tensor, wanted: Tensor, weights: Tensor) -> Tensor:
        """Mean weighted loss of the next tokens, computed only where there is a weight."""
        x, _ = self.hidden(tokens, self.nothing(len(tokens)).to(tokens.device))
        places = weights.reshape(-1) > 0
        logits = x.reshape(-1, x.shape[-1])[places] @ self.embed_tokens.weight.T
        each = functional.cross_entropy(logits.float(), wanted.reshape(-1)[places], reduction="none")
        kept = weights.reshape(-1)[places]
        return (each * kept).sum() / kept.sum()


def pretrained(folder: str | Path, kept_tokens: list[int], kept_layers: Sequence[int]) -> Llama:
    """A network from a folder with SmolLM2's ``config.json`` and ``model.safetensors``.

    Args:
        folder: as ``save_pretrained`` writes it.
        kept_tokens: the tokens that stay, by their numbers there.
        kept_layers: the layers that stay, by their numbers there.
    """
    from safetensors.torch import load_file

    config = json.loads((Path(folder) / "config.json").read_text(encoding="utf-8"))
    theta = config.get("rope_theta") or config["rope_parameters"]["rope_theta"]
    shape = Sizes(
        len(kept_tokens),
        len(kept_layers),
        config["hidden_size"],
        config["intermediate_size"],
        config["num_attention_heads"],
        config["num_key_value_heads"],
        theta,
    )
    weights = {
        name.removeprefix("model."): value
        for name, value in load_file(Path(folder) / "model.safetensors").items()
    }
    network = Llama(shape)
    state: dict[str, Any] = {
        "norm.weight": weights["norm.weight"],
        "embed_tokens.weight": weights["embed_tokens.weight"][kept_tokens],
    }
    for number, old in enumerate(kept_layers):
        for name in network.layers[number].state_dict():
            place = name if "norm" in name else f"{'self_attn' if name[0] in 'qkvo' else 'mlp'}.{name}"
            if name.startswith("up"):
                place = f"mlp.{name}"
            state[f"layers.{number}.{name}"] = weights[f"layers.{old}.{place}"]
    network.load_state_dict({name: value.float() for name, value in state.items()})
    return network


def with_more_tokens(network: Llama, folder: str | Path, numbers: list[int], special: int) -> Llama:
    """A network whose table of tokens is longer: behind its own, those of a pretrained model.

    Training has moved the tokens in one direction, all alike for a good part; the new ones are moved as the others
    were on average.

    Args:
        network: the shorter one; its other weights are taken as they are.
        folder: with the pretrained ``model.safetensors``.
        numbers: in the pretrained model, of all tokens but the special ones, those of the network first.
        special: how many of its tokens are special.
    """
    from safetensors.torch import load_file

    state = network.state_dict()
    table = state["embed_tokens.weight"]
    before = load_file(Path(folder) / "model.safetensors")["model.embed_tokens.weight"][numbers].float()
    own = len(table) - special
    moved = (table[special:] - before[:own]).mean(0)
    state["embed_tokens.weight"] = torch.cat([table, before[own:] + moved])
    wider = Llama(replace(network.shape, vocabulary=special + len(numbers)))
    wider.load_state_dict(state)
    return wider
