"""A real OpenAI-compatible server with a model of random weights, made on the spot.

Run as ``python tiny_server.py FOLDER PORT``, with a text to train its tokenizer on as input.

The server is that of transformers (``transformers serve``), so requests, errors and usage counts are what a
user of open models meets; the replies are nonsense, which is what the tests want.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_find_spec = importlib.util.find_spec


def _without_torchvision(name: str, package: str | None = None) -> object:
    """A text model needs none, and one that does not fit its torch would keep transformers from starting."""
    return None if name.partition(".")[0] == "torchvision" else _find_spec(name, package)


def make_model(folder: Path, vocabulary_text: str) -> None:
    """Save a one-layer Llama of random weights and a tokenizer trained on a text."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    special = ["<s>", "</s>", "<|system|>", "<|user|>", "<|assistant|>"]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1200,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([vocabulary_text], trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="</s>",
        additional_special_tokens=special[2:],
    )
    fast.chat_template = (
        "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}{% endfor %}"
        "{% if add_generation_prompt %}<|assistant|>{% endif %}"
    )
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer.get_vocab()),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=8192,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=1,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    fast.save_pretrained(folder)


def main() -> None:
    """Make the model, then serve it until the process is ended."""
    importlib.util.find_spec = _without_torchvision  # type: ignore[assignment]
    folder, port = Path(sys.argv[1]), sys.argv[2]
    make_model(folder, sys.stdin.read())
    from transformers.cli.transformers import main as transformers

    sys.argv = [
        "transformers",
        "serve",
        str(folder),
        "--host",
        "127.0.0.1",
        "--port",
        port,
        "--device",
        "cpu",
    ]
    transformers()


if __name__ == "__main__":
    main()
