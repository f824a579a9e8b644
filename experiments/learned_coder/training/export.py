"""A small trained coder as files that ship: the network as ONNX, its tokenizer, its card."""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from planimeter.errors import ModelError
from planimeter.train.export import halve_weights

MOST_BYTES = 30 * 1024 * 1024  # the file and its tokenizer together
NAME = "learned-coder"


class LastLogits(nn.Module):
    """A Llama that gives the logits of what comes next, and nothing else; rows of one length, no cache.

    transformers' own forward cannot be traced for rows of any length; the sum is the same, and a test compares them.

    Args:
        model: a ``LlamaForCausalLM``.
    """

    def __init__(self, model: Any) -> None:
        super().__init__()
        config = model.config
        if config.num_key_value_heads != config.num_attention_heads:
            raise ModelError(
                "The small model must have as many key heads as heads: set no `num_key_value_heads`."
            )
        self.inner = model.model
        self.head = model.lm_head
        self.heads = config.num_attention_heads
        self.register_buffer("frequencies", model.model.rotary_emb.inv_freq.detach().clone().float())

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """(n, length) int64 to (n, vocabulary) float32."""
        count, length = tokens.shape[0], tokens.shape[1]
        position = torch.arange(length, dtype=torch.float32)
        angle = position[:, None] * self.frequencies[None, :]  # type: ignore[index]
        angle = torch.cat([angle, angle], dim=-1)
        cosine, sine = angle.cos(), angle.sin()
        later = torch.arange(length)[None, :] > torch.arange(length)[:, None]
        hidden = self.inner.embed_tokens(tokens)
        for layer in self.inner.layers:
            attention = layer.self_attn
            normed = layer.input_layernorm(hidden)

            def split(values: torch.Tensor) -> torch.Tensor:
                return values.reshape(count, length, self.heads, -1).transpose(1, 2)

            query = _turned(split(attention.q_proj(normed)), cosine, sine)
            key = _turned(split(attention.k_proj(normed)), cosine, sine)
            scores = query @ key.transpose(2, 3) * query.shape[-1] ** -0.5
            weights = functional.softmax(scores.masked_fill(later, -1e9), dim=-1)
            mixed = (weights @ split(attention.v_proj(normed))).transpose(1, 2).reshape(count, length, -1)
            hidden = hidden + attention.o_proj(mixed)
            normed = layer.post_attention_layernorm(hidden)
            gate = functional.silu(layer.mlp.gate_proj(normed)) * layer.mlp.up_proj(normed)
            hidden = hidden + layer.mlp.down_proj(gate)
        logits: torch.Tensor = self.head(self.inner.norm(hidden[:, -1]))
        return logits


def export_network(model: Any) -> bytes:
    """A model as ONNX, its weights in float16, computing in float32.

    Args:
        model: a ``LlamaForCausalLM``.
    """
    import onnx

    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's, about shapes that stay open here on purpose
        torch.onnx.export(
            LastLogits(model).eval(),
            (torch.zeros(2, 9, dtype=torch.int64),),
            buffer,  # type: ignore[arg-type]  # the older exporter takes an open file
            input_names=["tokens"],
            output_names=["logits"],
            dynamic_axes={"tokens": {0: "n", 1: "length"}, "logits": {0: "n"}},
            opset_version=17,
            dynamo=False,
        )
    whole = onnx.load_model_from_string(buffer.getvalue())
    halve_weights(whole)
    onnx.checker.check_model(whole)
    content: bytes = whole.SerializeToString()
    return content


def export_coder(model: Any, tokenizer: Any, out: str | Path, record: dict[str, Any]) -> Path:
    """Write the network, the tokenizer and the card.

    Args:
        model: a ``LlamaForCausalLM``.
        tokenizer: its own.
        out: folder; made when it does not exist.
        record: of the card: ``version``, ``accept`` (samples, temperature, least), ``default``, ``trained_by``,
            ``scores``.

    Returns:
        path of the card.

    Raises:
        ModelError: the files would be larger than what may ship.
    """
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    content = export_network(model)
    written = tokenizer.backend_tokenizer.to_str()
    size = len(content) + len(written.encode())
    if size > MOST_BYTES:
        raise ModelError(
            f"Model and tokenizer would have {size / 2**20:.0f} MiB, and {MOST_BYTES / 2**20:.0f} may ship: make the "
            "network smaller in the configuration."
        )
    (folder / f"{NAME}.onnx").write_bytes(content)
    (folder / f"{NAME}-tokenizer.json").write_text(written, encoding="utf-8")
    card = {
        "name": NAME,
        **record,
        "file": f"{NAME}.onnx",
        "sha256": hashlib.sha256(content).hexdigest(),
        "tokenizer": f"{NAME}-tokenizer.json",
        "bytes": size,
        "parameters": sum(value.numel() for value in model.parameters()),
        "licence": "Apache-2.0; trained on wordings and programs of this package alone",
    }
    path = folder / f"{NAME}.json"
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _turned(values: torch.Tensor, cosine: torch.Tensor, sine: torch.Tensor) -> torch.Tensor:
    """Rotary positions (Su et al., 2021, equation 34, in halves as Llama has them)."""
    half = values.shape[-1] // 2
    turned = torch.cat([-values[..., half:], values[..., :half]], dim=-1)
    return values * cosine + turned * sine
