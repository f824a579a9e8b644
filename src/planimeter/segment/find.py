"""From a name to a segmenter.

A name is ``default``, a server's address (``http://…``), or a kind and what it needs: ``noise:0.1:NAME`` is the
segmenter NAME with its masks degraded, ``convnext:CARD.json`` a ConvNeXt-UNet of your own, ``fusion:FILE`` the models
that a plan names, ``dinov3:FOLDER`` a trained DINOv3 + Mask2Former (``dinov3:FOLDER,download`` may fetch its backbone),
``reason:FILE.json`` or ``reason:FOLDER`` a prompter with a promptable segmenter, for any noun phrase.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from planimeter.errors import InputError
from planimeter.segment.base import Segmenter
from planimeter.segment.open import is_open
from planimeter.segment.stack import StackSegmenter

DEFAULT = "default"


def find_segmenter(wanted: Segmenter | str | None) -> StackSegmenter:
    """The segmenter a name stands for, ready to compose topics.

    Args:
        wanted: a segmenter, its name, or None for the default.

    Raises:
        InputError: there is no segmenter of that name, or what it needs is missing.
        UsageError: the name is not written as its kind asks.

    Example:
        >>> from planimeter.segment import VectorSegmenter
        >>> find_segmenter(VectorSegmenter("water", "lakes.gpkg")).topics
        ('water',)
    """
    if isinstance(wanted, str) or wanted is None:
        wanted = named(wanted or DEFAULT)
    if isinstance(wanted, StackSegmenter):
        return wanted
    # An open vocabulary stands behind whatever is known by name, so that it is asked for the rest alone.
    return StackSegmenter([], wanted) if is_open(wanted.topics) else StackSegmenter([wanted])


def named(name: str) -> Segmenter:
    """The segmenter a name stands for; each kind is imported only when asked for.

    Raises:
        InputError: there is no segmenter of that name, or what it needs is missing.
        UsageError: the name is not written as its kind asks.
    """
    if name == DEFAULT:
        return _default()
    if name.startswith(("http://", "https://")):
        from planimeter.segment.remote import RemoteSegmenter

        return cast(Segmenter, RemoteSegmenter(name))  # its topics are asked for when first read
    kind, colon, rest = name.partition(":")
    if colon and kind in _KINDS:
        return _KINDS[kind](rest)
    raise InputError(
        f"There is no segmenter {name[:60]!r}: give {', '.join(_WRITTEN)}, or existing maps with --labels FILE "
        "--legend FILE or --vector TOPIC=FILE."
    )


def _default() -> Segmenter:
    from planimeter.segment.convnext import ConvNeXtSegmenter

    return ConvNeXtSegmenter()


def _convnext(rest: str) -> Segmenter:
    from planimeter.segment.convnext import ConvNeXtSegmenter

    return ConvNeXtSegmenter(rest)


def _noise(rest: str) -> Segmenter:
    from planimeter.segment.noise import NoiseSpec, NoisySegmenter

    amount, _, name = rest.partition(":")
    spec, seed = NoiseSpec.parse(amount)
    return NoisySegmenter(find_segmenter(name or DEFAULT), spec, seed)


def _fusion(rest: str) -> Segmenter:
    from planimeter.segment.fusion import FusionSegmenter

    return FusionSegmenter(rest)


def _dinov3(rest: str) -> Segmenter:
    from planimeter.segment.dinov3 import DINOv3Segmenter

    folder, comma, flag = rest.rpartition(",")
    if comma and flag == "download":
        return DINOv3Segmenter(folder, download=True)
    return DINOv3Segmenter(rest)


def _reason(rest: str) -> Segmenter:
    from planimeter.reason.segmenter import ReasonSegmenter

    return ReasonSegmenter.from_spec(rest)


_KINDS: dict[str, Callable[[str], Segmenter]] = {
    "convnext": _convnext,
    "dinov3": _dinov3,
    "fusion": _fusion,
    "noise": _noise,
    "reason": _reason,
}
_WRITTEN = (
    "default",
    "http://HOST:PORT",
    "convnext:CARD.json",
    "noise:LEVEL:NAME",
    "fusion:FILE",
    "dinov3:FOLDER",
    "reason:FILE.json",
)
