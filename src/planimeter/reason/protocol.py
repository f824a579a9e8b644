"""Prompt variants and protocols by name: every choice that changes a score is made here, once."""

from __future__ import annotations

from dataclasses import dataclass

from planimeter.errors import UsageError


@dataclass(frozen=True)
class Variant:
    """What a prompter is asked to give for each instance.

    Attributes:
        name: as commands and configurations name it.
        box: whether it gives a box.
        positives: how many points inside.
        negatives: how many points outside.
    """

    name: str
    box: bool
    positives: int
    negatives: int


VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        Variant("box", box=True, positives=0, negatives=0),
        Variant("points", box=False, positives=2, negatives=0),
        Variant("box+2", box=True, positives=2, negatives=0),
        Variant("box+4", box=True, positives=4, negatives=0),
        Variant("box+2+2", box=True, positives=2, negatives=2),
    )
}
"""The five that the paper compares; "box+2" is its default."""

DEFAULT_VARIANT = VARIANTS["box+2"]


@dataclass(frozen=True)
class Protocol:
    """How completions are judged.

    Attributes:
        name: as commands and reports name it.
        repaired_earns_format: JSON that had to be repaired still earns the full format reward.
        empty_negatives_fail: a key ``negative_points`` that nobody asked for fails the answer even when its list
            is empty.
        checks_coordinates: coordinates are ordered, clipped and checked before a segmenter sees them.
        counts_false_positives: pixels found on an image with an empty target count in cIoU's union.
        counts_failures: unreadable answers stay in the denominator of Pr@X.
    """

    name: str
    repaired_earns_format: bool
    empty_negatives_fail: bool
    checks_coordinates: bool
    counts_false_positives: bool
    counts_failures: bool


PROTOCOLS: dict[str, Protocol] = {
    protocol.name: protocol
    for protocol in (
        Protocol(
            "planimeter",
            repaired_earns_format=False,
            empty_negatives_fail=False,
            checks_coordinates=True,
            counts_false_positives=True,
            counts_failures=True,
        ),
        Protocol(
            "paper",
            repaired_earns_format=True,
            empty_negatives_fail=True,
            checks_coordinates=False,
            counts_false_positives=False,
            counts_failures=False,
        ),
    )
}
"""Ours, and that of the paper's published code."""

OURS, PAPER = PROTOCOLS["planimeter"], PROTOCOLS["paper"]


def find_variant(name: str) -> Variant:
    """The variant of a name.

    Raises:
        UsageError: there is none.

    Example:
        >>> find_variant("box+4").positives
        4
    """
    if name not in VARIANTS:
        raise UsageError(f"There is no prompt variant {name[:40]!r}: choose among {', '.join(VARIANTS)}.")
    return VARIANTS[name]


def find_protocol(name: str) -> Protocol:
    """The protocol of a name.

    Raises:
        UsageError: there is none.

    Example:
        >>> find_protocol("paper").counts_false_positives
        False
    """
    if name not in PROTOCOLS:
        raise UsageError(f"There is no protocol {name[:40]!r}: choose among {', '.join(PROTOCOLS)}.")
    return PROTOCOLS[name]
