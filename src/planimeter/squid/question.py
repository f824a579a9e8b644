"""One question of the benchmark, and how its answer is written down."""

from __future__ import annotations

from dataclasses import dataclass

from planimeter.errors import InputError

Value = float | int | str  # a number, "yes" or "no", or a category word
_YES = ("yes", "true", "1", "1.0")
_NO = ("no", "false", "0", "0.0")


@dataclass(frozen=True)
class Question:
    """A question about one image, with the answer people gave or labels prove.

    Attributes:
        id: unique in its data set, such as "SQuID_0000".
        image: the image's path inside the data set.
        question: in English, its scale stated at the end where there is one.
        answer: a number, "yes" or "no", or a category word.
        type: one of the 24 names of ``planimeter.squid.types``, or somebody's own.
        tier: 1, 2 or 3; 0 when it is not stated.
        gsd: metres per pixel of the image; None when nobody stated it.
        acceptable_range: lowest and highest number that counts as right; None where only ``answer`` itself
            does.
    """

    id: str
    image: str
    question: str
    answer: Value
    type: str
    tier: int
    gsd: float | None
    acceptable_range: tuple[float, float] | None

    @property
    def exact(self) -> bool:
        """Whether only the answer itself is right."""
        return self.acceptable_range is None


def read_value(written: object, exact: bool) -> Value:
    """An answer as it stands in a published file, as a value.

    Yes and no are published as "1" and "0"; whether a 1 means yes follows from ``exact``, because every
    number of SQuID has a range and nothing else does.

    Args:
        written: text, number or truth value.
        exact: whether the question has no acceptable range.

    Raises:
        InputError: there is no answer, or a number was needed.

    Example:
        >>> read_value("1", exact=True), read_value("1", exact=False), read_value("connected", exact=True)
        ('yes', 1, 'connected')
    """
    text = "" if written is None else str(written).strip()
    if not text or text.lower() in ("nan", "none", "null"):
        raise InputError("The row has no answer: complete it or take it out.")
    if exact:
        lower = text.lower()
        return "yes" if lower in _YES else "no" if lower in _NO else lower
    try:
        number = float(text)
    except ValueError:
        raise InputError(
            f"The answer {text[:40]!r} is no number, though it has a range: correct the row."
        ) from None
    return int(number) if number.is_integer() and "." not in text else number


def write_value(answer: Value) -> str:
    """An answer as the published table writes it.

    Example:
        >>> write_value("yes"), write_value(33.13), write_value(4)
        ('1', '33.13', '4')
    """
    if isinstance(answer, str):
        return {"yes": "1", "no": "0"}.get(answer, answer)
    return repr(answer)
