"""Models of transformers, from a folder or by a name on the hub: whole, or refused; no code of theirs is run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planimeter.errors import ModelError

_HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")


def split_revision(source: str | Path) -> tuple[str, str | None]:
    """A name on the hub and the revision behind it: a branch, a tag or a commit; a folder stays as it is.

    Args:
        source: a folder, ``OWNER/NAME`` or ``OWNER/NAME@REVISION``.

    Raises:
        ModelError: nothing stands behind the @.

    >>> split_revision("facebook/sam2.1-hiera-small@main"), split_revision("facebook/sam2.1-hiera-small")
    (('facebook/sam2.1-hiera-small', 'main'), ('facebook/sam2.1-hiera-small', None))
    """
    text = str(source)
    name, at, revision = text.partition("@")
    if not at or Path(text).exists() or not _HUB_NAME.fullmatch(name):  # a folder may have an @ in its name
        return text, None
    if not revision:
        raise ModelError(f"{text[:120]} names no revision: write OWNER/NAME@REVISION, or OWNER/NAME alone.")
    return name, revision


def known_commit(source: str | Path) -> str:
    """The commit that a name on the hub stands for on this machine; "" of a folder, and of what is not there.

    Args:
        source: as for ``split_revision``.
    """
    name, revision = split_revision(source)
    if Path(name).exists():
        return ""
    try:
        from huggingface_hub import try_to_load_from_cache
        from huggingface_hub.errors import HFValidationError
    except ImportError:
        return ""
    try:
        found = try_to_load_from_cache(name, "config.json", revision=revision)
    except (HFValidationError, OSError, ValueError):
        return ""
    return Path(found).parent.name if isinstance(found, str) else ""


def shown_source(source: str | Path) -> str:
    """How answers name where a model comes from: a folder's name, or that of the hub with its revision.

    Args:
        source: as for ``split_revision``.

    >>> shown_source("models/my-sam"), shown_source("nobody/has-this@v2")
    ('my-sam', 'has-this@v2')
    """
    name, revision = split_revision(source)
    said = known_commit(source)[:12] or revision
    return Path(name).name + (f"@{said}" if said else "")


def load_model(
    kind: Any, source: str | Path, what: str, remedy: str, download: bool = False, **given: Any
) -> Any:
    """A model with every one of its weights.

    Where a file lacks some, transformers draws them at random and goes on with a warning.

    Args:
        kind: a class of transformers with ``from_pretrained``.
        source: a folder, or a name on the hub, perhaps with ``@REVISION``.
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
    name, revision = split_revision(source)
    if revision is not None:
        given["revision"] = revision
    try:
        return kind.from_pretrained(name, local_files_only=not download, trust_remote_code=False, **given)
    except Exception as error:  # files that are damaged or made to harm end in errors of any kind
        said = str(error).strip().splitlines() or [type(error).__name__]
        if not download and not Path(name).exists() and isinstance(error, OSError):
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
