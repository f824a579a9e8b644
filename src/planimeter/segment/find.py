"""From a name to a segmenter.

A name is ``default``, a server's address, or a kind and what it needs, with a colon between: ``SEGMENTERS`` lists them.
What makes a kind is called with what stands behind the colon, and is imported only then.
"""

from __future__ import annotations

from typing import cast

from planimeter.errors import InputError
from planimeter.registry import Entry, Registry
from planimeter.segment.base import Segmenter
from planimeter.segment.open import is_open
from planimeter.segment.stack import StackSegmenter

DEFAULT = "default"
_SERVERS = ("http", "https")  # what makes these is called with the whole address
OPEN = "default-open"
_ALONE = (DEFAULT, OPEN, "index")  # these need nothing behind their names, but may have it

SEGMENTERS = Registry(
    "planimeter.segmenters",
    [
        Entry(
            DEFAULT,
            "default",
            "the U-Net that ships with Planimeter; `default:high` looks eight times",
            "planimeter.segment.unet:UNetSegmenter.shipped",
        ),
        Entry(
            OPEN,
            OPEN,
            "a weaker U-Net that ships, of sources with open licences alone; `default-open:high` looks eight times",
            "planimeter.segment.unet:UNetSegmenter.shipped_open",
        ),
        Entry(
            "http",
            "http://HOST:PORT",
            "a segmentation server (`planimeter serve segment`)",
            "planimeter.segment.remote:RemoteSegmenter",
        ),
        Entry(
            "https",
            "https://HOST",
            "the same behind TLS",
            "planimeter.segment.remote:RemoteSegmenter",
        ),
        Entry(
            "unet",
            "unet:CARD.json",
            "a U-Net of your own; `unet:CARD.json,high` looks eight times",
            "planimeter.segment.unet:UNetSegmenter.from_name",
        ),
        Entry(
            "fusion",
            "fusion:FILE",
            "several models as one, declared in FILE",
            "planimeter.segment.fusion:FusionSegmenter",
        ),
        Entry(
            "dinov3",
            "dinov3:FOLDER",
            "a trained DINOv3 + Mask2Former; `dinov3:FOLDER,download` may fetch its backbone",
            "planimeter.segment.dinov3:DINOv3Segmenter.from_name",
        ),
        Entry(
            "reason",
            "reason:FILE",
            "a prompter with a promptable segmenter, for any noun phrase",
            "planimeter.reason.segmenter:ReasonSegmenter.from_spec",
        ),
        Entry(
            "index",
            "index",
            "spectral indices by published thresholds; `index:otsu` by Otsu's, `index:FILE` by rules of your own",
            "planimeter.segment.index:IndexSegmenter.from_name",
        ),
        Entry(
            "dynamicworld",
            "dynamicworld:FOLDER",
            "Dynamic World, for Sentinel-2 at 10 m, from the folder of its published model",
            "planimeter.segment.dynamicworld:DynamicWorldSegmenter",
        ),
        Entry(
            "noise",
            "noise:LEVEL:NAME",
            "the segmenter NAME with its masks degraded on purpose",
            "planimeter.segment.noise.segmenter:NoisySegmenter.from_name",
        ),
    ],
)


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
    kind, colon, rest = name.partition(":")
    entry = SEGMENTERS.find(kind)
    fits = bool(colon) or kind in _ALONE  # a kind of this package needs something behind its name
    if entry is None or (kind in SEGMENTERS.own and not fits):
        raise InputError(
            f"There is no segmenter {name[:60]!r}: give {SEGMENTERS.written()}, or existing maps with --labels FILE "
            "--legend FILE or --vector TOPIC=FILE."
        )
    make = entry.load()
    return cast(Segmenter, make(name if kind in _SERVERS else rest))
