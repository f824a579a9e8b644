"""From a name to a segmenter."""

from __future__ import annotations

from planimeter.errors import InputError
from planimeter.segment.base import Segmenter
from planimeter.segment.stack import StackSegmenter


def find_segmenter(wanted: Segmenter | str | None) -> StackSegmenter:
    """The segmenter a name stands for, ready to compose topics.

    Args:
        wanted: a segmenter, its name, or None for the default.

    Raises:
        InputError: there is no segmenter of that name.

    Example:
        >>> from planimeter.segment import VectorSegmenter
        >>> find_segmenter(VectorSegmenter("water", "lakes.gpkg")).topics
        ('water',)
    """
    if isinstance(wanted, StackSegmenter):
        return wanted
    if wanted is None:
        raise InputError(
            "There is nothing to see topics with: give existing maps with --labels FILE --legend FILE or "
            "--vector TOPIC=FILE."
        )
    if isinstance(wanted, str):
        raise InputError(
            f"There is no segmenter {wanted[:60]!r}: give existing maps with --labels FILE --legend FILE or "
            "--vector TOPIC=FILE."
        )
    return StackSegmenter([wanted])
