"""What a question means: sets of regions, conditions on them, and what is asked of them.

All values are frozen, so that a parse can be compared, cached and rewritten. Lengths are metres and areas hectares
(pixels where the question counts pixels); the units that were said are kept for the program's comments.
"""

from __future__ import annotations

from planimeter.meaning.record import Record
from planimeter.vocabulary.units import Measure, Unit

# --- conditions ---------------------------------------------------------------------------------------------------


class Bounds(Record):
    """An interval of a measure; a closed end includes the value itself."""

    low: Measure | None = None
    high: Measure | None = None
    low_closed: bool = False
    high_closed: bool = False

    @property
    def dimension(self) -> str:
        """Dimension of the two ends ("area", "length", "count", "percent", "pixel", "power")."""
        end = self.low or self.high
        assert end is not None
        return end.unit.dimension

    def complement(self) -> Bounds | None:
        """Everything outside a one-sided interval; None for a two-sided one."""
        if self.low is not None and self.high is not None:
            return None
        return Bounds(self.high, self.low, not self.high_closed, not self.low_closed)

    def empty(self) -> bool:
        """Whether nothing can lie inside."""
        if self.low is None or self.high is None:
            return False
        low, high = self.low.base, self.high.base
        return low > high or (low == high and not (self.low_closed and self.high_closed))


class Size(Record):
    """The area of the region lies within bounds."""

    bounds: Bounds


class Away(Record):
    """The distance to the nearest pixel of a reference lies within bounds.

    Regions as wholes are judged by their nearest pixel; an area is judged pixel by pixel.
    """

    bounds: Bounds
    reference: Subject


class Inside(Record):
    """Shares pixels with the reference; ``outside``: shares none (for areas: the pixels that are not in it)."""

    reference: Subject
    outside: bool = False


class Touching(Record):
    """Lies against the reference: some pixel is a neighbour, also across a corner, of one of the reference's."""

    reference: Subject
    apart: bool = False


class Sized(Record):
    """The region's area compares with a quantity of area: ``sign`` one of > >= < <=, ``factor`` times it."""

    sign: str
    to: Quantity
    factor: float = 1.0


class Either(Record):
    """At least one of several groups of conditions holds; in a group, all do."""

    options: tuple[tuple[Condition, ...], ...]


Condition = Size | Away | Inside | Touching | Sized | Either


class Pick(Record):
    """The ``first``-th to ``first + count - 1``-th region by area, from the largest or the smallest.

    Attributes:
        only: the one there is ("the lake"); refused where there are several, or none.
    """

    largest: bool
    first: int = 1
    count: int = 1
    only: bool = False


class Subject(Record):
    """What a question is about: regions of a topic or several that meet all conditions, perhaps only their extreme.

    Attributes:
        topics: canonical topics; several mean their union.
        where: conditions, all of which hold.
        pick: which extremes of them by area.
        kind: "thing", "mass" or "stuff", as the noun was said (see ``planimeter.vocabulary.topics``).
        plural: whether it was said in the plural.
        said: the noun, for messages.
        definite: whether "the" stood in front.
        regions: whether separate regions were named ("patches", "bodies").
        joined: the word between several nouns: "and", "or"; "" for a single one.
        frame: of the image itself (``EVERYWHERE``): the part that is meant, as shares of its width and height from the
            upper left corner (left, top, right, bottom), or its name by the compass ("northern half") until it is
            known where north lies; None for all of it.
        then: conditions on what the pick left ("is the largest lake within 50 m of a road").
    """

    topics: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    pick: Pick | None = None
    kind: str = "mass"
    plural: bool = False
    said: str = ""
    definite: bool = False
    regions: bool = False
    then: tuple[Condition, ...] = ()
    joined: str = ""
    frame: tuple[float, float, float, float] | str | None = None

    @property
    def counted(self) -> bool:
        """Whether the phrase speaks of separate things ("lakes", "forest patches") rather than a cover."""
        return self.plural and (self.kind == "thing" or self.regions)


# --- quantities: what has a number --------------------------------------------------------------------------------


class Count(Record):
    """How many regions: connected pieces of a mask, or features of a vector layer."""

    of: Subject


class Area(Record):
    """Total area; with ``part``, only of the pixels for which those conditions hold."""

    of: Subject
    part: tuple[Condition, ...] = ()
    unit: Unit | None = None


class Share(Record):
    """Percentage of the image (``of_image``), or of the regions themselves, that meets the conditions ``part``.

    Attributes:
        by_count: True where regions are counted instead of measured.
        complement: True where the rest is asked for ("not covered by").
    """

    of: Subject
    part: tuple[Condition, ...] = ()
    of_image: bool = True
    by_count: bool = False
    complement: bool = False


class SizeOf(Record):
    """A statistic of the single regions' areas: "mean", "median", "max", "min"."""

    of: Subject
    statistic: str
    unit: Unit | None = None


class Distance(Record):
    """A statistic ("min", "mean", "median", "max") of the distances from each region to the nearest of others."""

    of: Subject
    to: Subject
    statistic: str
    unit: Unit | None = None


class Perimeter(Record):
    """Length of the outlines, holes included: "sum", "mean", "max", "min"."""

    of: Subject
    statistic: str = "sum"
    unit: Unit | None = None


class Length(Record):
    """Length of lines, such as roads, in total; with ``part``, only where those conditions hold."""

    of: Subject
    part: tuple[Condition, ...] = ()
    unit: Unit | None = None


class Density(Record):
    """Number of regions per unit of area, of the image or of other regions."""

    of: Subject
    per: Unit
    over: Subject | None = None


class Power(Record):
    """Electrical power of the panels' area at a yield per area.

    Attributes:
        watts: watts per square metre, or None where the question states none.
    """

    of: Subject
    watts: float | None = None
    unit: Unit | None = None


class ImageArea(Record):
    """Ground area of the image's valid pixels."""

    unit: Unit | None = None


class Ratio(Record):
    """One quantity divided by another of the same dimension."""

    first: Quantity
    second: Quantity


class Difference(Record):
    """One quantity minus another; ``absolute``: how far apart they are."""

    first: Quantity
    second: Quantity
    absolute: bool = False


class Portion(Record):
    """Percentage that one quantity makes up of another ("of the water, the largest lake")."""

    part: Quantity
    whole: Quantity


class PerItem(Record):
    """A quantity divided by a number of regions ("forest per building")."""

    of: Quantity
    by: Subject


Quantity = (
    Count
    | Area
    | Share
    | SizeOf
    | Distance
    | Perimeter
    | Length
    | Density
    | Power
    | ImageArea
    | Ratio
    | Difference
    | Portion
    | PerItem
)

# --- judgements: yes or no, or a category -------------------------------------------------------------------------


class Presence(Record):
    """Whether at least ``least`` regions exist; ``absent``: whether fewer do."""

    of: Subject
    least: int = 1
    absent: bool = False


class All(Record):
    """Whether every region meets the conditions."""

    of: Subject
    part: tuple[Condition, ...]


class Threshold(Record):
    """Whether a quantity lies within bounds; ``equal`` asks for exactly ``bounds.low``."""

    of: Quantity
    bounds: Bounds
    equal: bool = False


class Comparison(Record):
    """Whether first ``sign`` factor x second, with sign one of > >= < <=."""

    first: Quantity
    second: Quantity
    sign: str
    factor: float = 1.0


class Fragmentation(Record):
    """Whether a cover is "connected" or "fragmented": more than ``bounds`` says of separate patches.

    Attributes:
        bounds: number of patches that makes it fragmented, or None where the question gives none.
        yes_means: "" for the category; "connected" or "fragmented" where that is asked for as yes or no.
    """

    of: Subject
    bounds: Bounds | None = None
    yes_means: str = ""


class Which(Record):
    """Which topic has the most (or least): by "area" or by "count"; ``rank`` 2 asks for the second."""

    options: tuple[Subject, ...]
    most: bool = True
    by: str = "area"
    rank: int = 1


class Leads(Record):
    """Whether one land cover has the largest area of all (``most``), or the smallest; of ``options`` if told."""

    of: Subject
    most: bool = True
    options: tuple[Subject, ...] = ()


Judgement = Presence | All | Threshold | Comparison | Fragmentation | Which | Leads
Meaning = Quantity | Judgement
