"""Models of transformers, from a folder or by a name on the hub: whole, or refused; no code of theirs is run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planimeter.errors import ModelError


def load_model(
    kind: Any, source: str | Path, what: str, remedy: str, download: bool = False, **given: Any
) -> Any:
    """A model with every one of its weights.

    Where a file lacks some, transformers draws them at random and goes on with a warning.

    Args:
        kind: a class of transformers with ``from_pretrained``.
        source: a folder, or a name on the hub.
        what: is loaded, for sentences: "The prompter".
        remedy: what to do about it, for sentences.
        download: fetch what is not on this machine; else only what is there is used.
        given: handed on.

    Raises:
        ModelError: weights are missing, damaged or of another model.
    """
    model, found = load_part(
        kind, source, what, remedy, download, use_safetensors=True, output_loading_info=True, **given
    )
    if missing := missing_weights(model, found):
        raise ModelError(
            f"{what} cannot be loaded from {source} (its files lack {len(missing)} of its weights, such as "
            f"{missing[0]}): {remedy}."
        )
    return model


def load_part(
    kind: Any, source: str | Path, what: str, remedy: str, download: bool = False, **given: Any
) -> Any:
    """What a class of transformers reads: a processor, say. See ``load_model``.

    Raises:
        ModelError: it is not there, or cannot be read.
    """
    try:
        return kind.from_pretrained(
            str(source), local_files_only=not download, trust_remote_code=False, **given
        )
    except Exception as error:  # files that are damaged or made to harm end in errors of any kind
        said = str(error).strip().splitlines() or [type(error).__name__]
        if not download and not Path(source).exists() and isinstance(error, OSError):
            # transformers speaks of a connection, which nobody tried.
            said = ["there is no such folder, and no copy in the hub's cache on this machine"]
        raise ModelError(f"{what} cannot be loaded from {source} ({said[0][:120]}): {remedy}.") from error


def missing_weights(model: Any, found: Mapping[str, Any]) -> list[str]:
    """Names of a model's weights that its files did not hold, or in another shape; others' copies do not count.

    Args:
        model: of transformers.
        found: what ``from_pretrained`` says of loading it.
    """
    tied = set(getattr(model, "all_tied_weights_keys", None) or ())
    return sorted(set(found["missing_keys"]) - tied) + sorted(map(str, found["mismatched_keys"]))
