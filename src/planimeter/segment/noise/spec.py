"""How much noise: the amounts, the single figure that stands for all of them, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from planimeter.errors import UsageError

if TYPE_CHECKING:
    from planimeter.segment.base import Segmenter
    from planimeter.segment.noise.segmenter import NoisySegmenter

#: The largest level: beyond it a mask has little to do with its topic.
HIGHEST_LEVEL = 0.9

# How a level x is spread over the kinds of error, as multiples of x. Wrong pixels add up to less than x, and
# holes then fill what is left, so that the IoU is 1 - x whatever the shapes are.
_SHARES = {"jitter": 0.22, "confusion": 0.15, "drops": 0.15, "splits": 0.2, "merges": 0.2}


@dataclass(frozen=True)
class NoiseSpec:
    """Stated amounts of each kind of error, all of the clean mask of a topic.

    Pixel amounts are fractions of the topic's clean pixels, region amounts fractions of its clean regions.

    Attributes:
        jitter: at its boundary a topic loses, and gains, at most this fraction of pixels, in smooth bends.
        holes: this fraction of pixels is punched out of the inside of regions (``iou`` overrides it).
        drops: each region is lost with this probability, as long as no more than this fraction of the pixels
            is lost (a lake that is half of all water stays).
        splits: each region of 100 pixels or more is cut in two by a 3 pixel gap with this probability.
        merges: each region is joined to a neighbour at most 24 pixels away by a 3 pixel bridge with this
            probability. Splits, like merges, change at most a quarter of this fraction of the pixels, and bridges of
            other topics take at most as many.
        confusion: at most this fraction of pixels goes, in patches, to other topics that are never on the
            same ground, and at most as many come from them.
        iou: holes are sized so that each topic ends at this intersection over union with its clean mask; None
            leaves ``holes`` as it is.

    Example:
        >>> NoiseSpec.of_level(0.1).iou
        0.9
        >>> NoiseSpec(jitter=0.05).is_identity
        False
    """

    jitter: float = 0.0
    holes: float = 0.0
    drops: float = 0.0
    splits: float = 0.0
    merges: float = 0.0
    confusion: float = 0.0
    iou: float | None = None

    def __post_init__(self) -> None:
        for entry in fields(self):
            value = getattr(self, entry.name)
            if entry.name == "iou":
                if value is not None and not 1 - HIGHEST_LEVEL - 1e-9 <= value <= 1:
                    raise UsageError(f"The noise iou={value:g} must lie between 0.1 and 1.")
            elif not 0 <= value <= 1:
                raise UsageError(f"The noise {entry.name}={value:g} must lie between 0 and 1.")

    @classmethod
    def of_level(cls, level: float) -> NoiseSpec:
        """One figure for all kinds: every topic ends at an IoU of 1 - level with its clean mask.

        Raises:
            UsageError: the level lies outside 0 to 0.9.
        """
        if not 0 <= level <= HIGHEST_LEVEL:
            raise UsageError(f"The noise level {level:g} must lie between 0 and {HIGHEST_LEVEL:g}.")
        if level == 0:
            return cls()
        amounts = {kind: share * level for kind, share in _SHARES.items()}
        return cls(**amounts, iou=round(1 - level, 9))

    @property
    def is_identity(self) -> bool:
        """Whether it changes nothing at all."""
        return self == NoiseSpec() or self == NoiseSpec(iou=1.0)

    @property
    def label(self) -> str:
        """How names write it: ``0.1`` for a level, else the amounts that are not zero.

        Example:
            >>> NoiseSpec.of_level(0.25).label, NoiseSpec(drops=0.5).label
            ('0.25', 'drops=0.5')
        """
        if self.iou is not None and self == NoiseSpec.of_level(round(1 - self.iou, 9)):
            return f"{1 - self.iou:g}"
        amounts = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return ",".join(f"{kind}={amount:g}" for kind, amount in amounts.items() if amount) or "0"

    @classmethod
    def parse(cls, text: str) -> tuple[NoiseSpec, int]:
        """Read an amount and a seed: ``0.1``, ``0.1,seed=3`` or ``jitter=0.05,drops=0.2``; a level comes first.

        Returns:
            the amounts, and the seed (0 where none is written).

        Raises:
            UsageError: it is not written like that.

        Example:
            >>> NoiseSpec.parse("drops=0.2,seed=3")
            (NoiseSpec(jitter=0.0, holes=0.0, drops=0.2, splits=0.0, merges=0.0, confusion=0.0, iou=None), 3)
        """
        spec, seed = cls(), 0
        kinds = {entry.name for entry in fields(cls)}
        for position, part in enumerate(piece.strip() for piece in text.split(",")):
            kind, equals, figure = part.partition("=")
            try:
                if not equals and position:
                    raise ValueError(kind)  # a level sets all amounts, so it would undo those before it
                if not equals:
                    spec = cls.of_level(float(kind))
                elif kind == "seed":
                    seed = int(figure)
                elif kind in kinds:
                    spec = replace(spec, **{kind: float(figure)})
                else:
                    raise ValueError(kind)
            except ValueError:
                raise UsageError(
                    f"The noise {part[:40]!r} is not understood: write a level such as 0.1, or amounts of "
                    f"{', '.join(sorted(kinds))} such as jitter=0.05,drops=0.1,seed=3."
                ) from None
        return spec, seed


def noisy_from(text: str, source: Segmenter) -> NoisySegmenter:
    """A segmenter degraded as a text says; see ``NoiseSpec.parse``.

    Raises:
        UsageError: the text is not understood.
    """
    from planimeter.segment.noise.segmenter import NoisySegmenter

    spec, seed = NoiseSpec.parse(text)
    return NoisySegmenter(source, spec, seed=seed)
