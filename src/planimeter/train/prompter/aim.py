"""Supervised attention: before a token of a region is said, one head looks at the image token that says the same.

From words alone a cut language model learns by heart which numbers a topic's regions mostly have, and looks none of
them up (docs/experiments/prompter.md). Where each token of an answer stands in the picture is known, so attention can
be taught it directly (Liu et al., 2016, arXiv:1609.04186).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from planimeter.reason.overhead import PER_REGION

NOWHERE = -1  # the place of a token that nothing in the picture says


class TaughtHead:
    """One head of a language model's attention, in its middle layer, whose look is taught.

    Args:
        model: transformers' LLaVA around a LLaMA.
    """

    def __init__(self, model: Any) -> None:
        layers = model.model.language_model.layers
        self._attention = layers[len(layers) // 2].self_attn
        self._seen: tuple[Tensor, tuple[Tensor, Tensor]] | None = None
        self._hook = self._attention.register_forward_pre_hook(self._keep, with_kwargs=True)

    def _keep(self, _: nn.Module, args: tuple[Any, ...], given: dict[str, Any]) -> None:
        self._seen = (
            given["hidden_states"] if "hidden_states" in given else args[0],
            given["position_embeddings"],
        )

    def loss(self, aims: Tensor, mask: Tensor) -> Tensor:
        """Nats by which the head's look misses, in the pass that was made last.

        Args:
            aims: (N, T) int64, the token that is to be looked at before each token is said, or ``NOWHERE``.
            mask: (N, T), 1 where a token is none of padding.
        """
        from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

        if self._seen is None:
            raise ValueError("No pass has been made.")
        states, (cosines, sines) = self._seen
        width = self._attention.head_dim
        asks, offers = (
            functional.linear(states, each.weight[:width])[:, None]
            for each in (self._attention.q_proj, self._attention.k_proj)
        )
        asks, offers = apply_rotary_pos_emb(asks, offers, cosines, sines)
        rows, at = (aims[:, 1:] != NOWHERE).nonzero(as_tuple=True)
        logits = torch.einsum("nc,ntc->nt", asks[rows, 0, at], offers[rows, 0]) * self._attention.scaling
        there = torch.arange(mask.shape[1], device=at.device)[None] <= at[:, None]
        logits = logits.float().masked_fill(~there | (mask[rows] == 0), -torch.inf)
        return functional.cross_entropy(logits, aims[rows, at + 1])

    def close(self) -> None:
        """Leave the model as it was."""
        self._hook.remove()


def aims_of(tokens: Tensor, numbers: Sequence[int], regions: Tensor) -> Tensor:
    """Where the picture says each token of an answer.

    Args:
        tokens: (T,) of a question and its answer.
        numbers: the tokens by which answers number regions, in order.
        regions: (MOST · PER_REGION,) places of the image tokens that tell of regions.

    Returns:
        (T,) int64, ``NOWHERE`` for tokens of no region.

    Example:
        >>> said = torch.tensor([0] * 12 + [9, 50, 8, 51, 52, 53, 54])  # two regions are seen, the second is said
        >>> aims_of(said, [7, 8], torch.arange(12))[12:].tolist()
        [-1, 6, 7, 8, 9, 10, 11]
    """
    aims = torch.full_like(tokens, NOWHERE)
    for at in torch.isin(tokens, torch.tensor(list(numbers))).nonzero().flatten().tolist():
        first = PER_REGION * list(numbers).index(int(tokens[at]))
        end = min(at - 1 + PER_REGION, len(tokens))
        aims[at - 1 : end] = regions[first : first + end - at + 1]
    return aims
