"""gIoU and cIoU, by the paper's protocol and by ours; semantic and instance level apart.

gIoU is the mean over samples of each picture's IoU; cIoU is all intersections over all unions; an answer that cannot be
read counts 0 and adds its target to the union. Source: Think2Seg-RS and its published evaluation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from planimeter.reason.protocol import OURS, Protocol

THRESHOLDS = (0.5, 0.7, 0.9)  # of Pr@X
_NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Scored:
    """One sample's outcome, in pixels.

    Attributes:
        level: "semantic" or "instance".
        image: samples of one picture share it.
        readable: the answer could be read.
        said_nothing: the answer's list was empty.
        intersection: pixels found and meant.
        found: pixels found.
        target: pixels meant.
    """

    level: str
    image: str
    readable: bool
    said_nothing: bool
    intersection: int
    found: int
    target: int

    @property
    def iou(self) -> float:
        """IoU of this picture in [0, 1]: an empty target is met by an empty list alone.

        Example:
            >>> Scored("semantic", "a", True, False, 50, 60, 90).iou
            0.5
        """
        if not self.readable:
            return 0.0
        if not self.target:
            return float(self.said_nothing)
        return self.intersection / (self.found + self.target - self.intersection)


@dataclass(frozen=True)
class Scores:
    """Scores of a set of samples.

    Attributes:
        samples: how many.
        giou: mean IoU.
        giou_error: its standard error, clustered by picture.
        ciou: all intersections / all unions; NaN where there is no union.
        precision: share of samples with an IoU above each of ``THRESHOLDS``.
        unreadable: share of answers that could not be read.
        empty_targets: share of samples with nothing to be found.
    """

    samples: int
    giou: float
    giou_error: float
    ciou: float
    precision: tuple[float, ...]
    unreadable: float
    empty_targets: float

    @property
    def giou_interval(self) -> tuple[float, float]:
        """95 % interval of gIoU."""
        reach = _NORMAL_95 * self.giou_error
        return self.giou - reach, self.giou + reach


def scores(outcomes: Sequence[Scored], protocol: Protocol = OURS) -> Scores:
    """Score samples.

    Args:
        outcomes: of the samples; at least one.
        protocol: the paper's forgets false positives on empty targets in cIoU, and leaves unreadable answers out of
            Pr@X; ours counts both.

    Example:
        >>> found = Scored("semantic", "a", True, False, 50, 60, 90)
        >>> wrong = Scored("semantic", "b", True, False, 0, 100, 0)
        >>> from planimeter.reason.protocol import PAPER
        >>> scores([found, wrong]).ciou, scores([found, wrong], PAPER).ciou
        (0.25, 0.5)
    """
    if not outcomes:
        raise ValueError("there are no outcomes to score")
    shared = sum(each.intersection for each in outcomes if each.readable)
    union = sum(_union(each, protocol) for each in outcomes)
    counted = outcomes if protocol.counts_failures else [each for each in outcomes if each.readable]
    precision = tuple(
        sum(each.iou > least for each in counted) / len(counted) if counted else math.nan
        for least in THRESHOLDS
    )
    mean = math.fsum(each.iou for each in outcomes) / len(outcomes)
    return Scores(
        samples=len(outcomes),
        giou=mean,
        giou_error=_clustered_error(outcomes, mean),
        ciou=shared / union if union else math.nan,
        precision=precision,
        unreadable=sum(not each.readable for each in outcomes) / len(outcomes),
        empty_targets=sum(not each.target for each in outcomes) / len(outcomes),
    )


def by_level(outcomes: Sequence[Scored], protocol: Protocol = OURS) -> dict[str, Scores]:
    """Scores of each level that occurs.

    Example:
        >>> list(by_level([Scored("instance", "a", False, False, 0, 0, 9)]))
        ['instance']
    """
    levels = sorted({each.level for each in outcomes})
    return {level: scores([each for each in outcomes if each.level == level], protocol) for level in levels}


def _union(outcome: Scored, protocol: Protocol) -> int:
    if not outcome.readable:
        return outcome.target
    if not outcome.target and not protocol.counts_false_positives:
        return 0
    return outcome.found + outcome.target - outcome.intersection


def _clustered_error(outcomes: Sequence[Scored], mean: float) -> float:
    """Standard error of the mean where samples of one picture fail together.

    The sum over pictures of their summed deviations, squared, with the usual small-sample factor.
    """
    deviations: dict[str, float] = {}
    for each in outcomes:
        deviations[each.image] = deviations.get(each.image, 0.0) + each.iou - mean
    clusters = len(deviations)
    if clusters < 2:
        return math.nan
    spread = math.fsum(value**2 for value in deviations.values()) * clusters / (clusters - 1)
    return math.sqrt(spread) / len(outcomes)
