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

    Attributes:
        entirely: whether all pixels of a region have to, not only its nearest.
    """

    bounds: Bounds
    reference: Subject
    entirely: bool = False


class Core(Record):
    """Lies so far inside: the distance to the nearest pixel that is not of the same cover lies within bounds.

    What lies beyond the image, or where there is no data, is no edge.
    """

    bounds: Bounds


class Spaced(Record):
    """The distance to the nearest other region of the same kind lies within bounds.

    The others are all of the kind, whatever other conditions the regions meet.

    Attributes:
        of: the kind that was named behind "other" ("no other house"), until it is known to be their own.
    """

    bounds: Bounds
    of: Subject | None = None


class Inside(Record):
    """Shares pixels with the reference; ``outside``: shares none (for areas: the pixels that are not in it).

    Attributes:
        entirely: whether all pixels of a region have to be in it.
    """

    reference: Subject
    outside: bool = False
    entirely: bool = False


class Touching(Record):
    """Lies against the reference: some pixel is a neighbour, also across a corner, of one of the reference's."""

    reference: Subject
    apart: bool = False


class Sized(Record):
    """The region's area compares with a quantity of area: ``sign`` one of > >= < <=, ``factor`` times it."""

    sign: str
    to: Quantity
    factor: float = 1.0


class Besides(Record):
    """Not among the ``count`` largest (or smallest) regions by area of those that meet the conditions before.

    Of regions of exactly equal area at the limit as many are left out as the number says.
    """

    largest: bool
    count: int = 1


class Holding(Record):
    """How many regions of the reference lie in the region is within bounds.

    Attributes:
        bounds: of a whole number; "any" is at least 1, "none" is less than 1.
        around: whether those count that lie inside the region's outer outline, also in a hole of it: labels of one map
            exclude each other, so that a building on a field is a hole in the field. Otherwise those that share
            pixels with it count.
    """

    reference: Subject
    bounds: Bounds
    around: bool = False

    @property
    def none(self) -> bool:
        """Whether the region holds none of them."""
        high = self.bounds.high
        return (
            high is not None
            and self.bounds.low is None
            and high.base <= (0 if self.bounds.high_closed else 1)
        )

    @property
    def some(self) -> bool:
        """Whether it holds any, however many."""
        low = self.bounds.low
        return (
            low is not None and self.bounds.high is None and low.base == (1 if self.bounds.low_closed else 0)
        )


class Either(Record):
    """At least one of several groups of conditions holds; in a group, all do."""

    options: tuple[tuple[Condition, ...], ...]


Condition = Size | Away | Inside | Touching | Holding | Sized | Besides | Either | Core | Spaced


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
        before: whether they are those of the earlier date, where a question compares two.
        then: conditions on what the pick left ("is the largest lake within 50 m of a road").
        fate: what became of them between two dates: of things "new", "gone", "kept", "grown" or "shrunk", of a cover
            its patches that were "lost" or "gained"; "" where that is not asked.
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
    before: bool = False
    fate: str = ""

    @property
    def counted(self) -> bool:
        """Whether the phrase speaks of separate things ("lakes", "forest patches") rather than a cover."""
        return self.plural and (self.kind == "thing" or self.regions)


# --- quantities: what has a number --------------------------------------------------------------------------------


class Count(Record):
    """How many regions: connected pieces of a mask, or features of a vector layer."""

    of: Subject


class Area(Record):
    """Total area; with ``part``, only of the pixels for which those conditions hold.

    Attributes:
        once: True where ground that several shapes of a layer lie on counts once, as where areas are compared.
    """

    of: Subject
    part: tuple[Condition, ...] = ()
    unit: Unit | None = None
    once: bool = False


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
    """A statistic of the single regions' areas: "mean", "median", "max", "min", "deviation" (the standard one)."""

    of: Subject
    statistic: str
    unit: Unit | None = None


class Distance(Record):
    """A statistic ("min", "mean", "median", "max") of the distances from each region to the nearest of others."""

    of: Subject
    to: Subject
    statistic: str
    unit: Unit | None = None


class Neighbours(Record):
    """A statistic ("min", "mean", "median", "max") of the distances from each region to the nearest other of them."""

    of: Subject
    statistic: str
    unit: Unit | None = None


class Orientation(Record):
    """Which way a region lies: its longer axis, in degrees clockwise from north."""

    of: Subject


class Perimeter(Record):
    """Length of the outlines, holes included: "sum", "mean", "max", "min"."""

    of: Subject
    statistic: str = "sum"
    unit: Unit | None = None


class Border(Record):
    """Length of the border that two covers share: the pixel edges with the one on one side and the other on the other.

    Attributes:
        of: whole regions of a cover, perhaps only some.
        to: those of another one.
    """

    of: Subject
    to: Subject
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


DEFAULT_WATTS = 200.0
"""Yield of solar panels in W/m² where a question states none: the figure of the SQuID power questions (table 7)."""


class Power(Record):
    """Electrical power of the panels' area at a yield per area.

    Attributes:
        watts: watts per square metre; None, for ``DEFAULT_WATTS``, where the question states none.
    """

    of: Subject
    watts: float | None = None
    unit: Unit | None = None


class ImageArea(Record):
    """Ground area of the image's valid pixels."""

    unit: Unit | None = None


class IndexOf(Record):
    """A statistic of a spectral index over some ground, each pixel weighted by its area.

    Attributes:
        index: its name, such as "NDVI".
        statistic: "mean", "median", "max", "min" or "deviation" (the standard one); "hectares" or "pixels" is how much
            ground has a value, by which means of several scenes are weighed.
        of: the ground; ``EVERYWHERE`` for the image.
        part: conditions that cut it.
    """

    index: str
    statistic: str
    of: Subject
    part: tuple[Condition, ...] = ()


class Ratio(Record):
    """One quantity divided by another of the same dimension."""

    first: Quantity
    second: Quantity


class Difference(Record):
    """One quantity minus another; ``absolute``: how far apart they are."""

    first: Quantity
    second: Quantity
    absolute: bool = False


class Sum(Record):
    """Two quantities of one dimension added; ground that both cover counts twice."""

    first: Quantity
    second: Quantity


class Portion(Record):
    """Percentage that one quantity makes up of another ("of the water, the largest lake")."""

    part: Quantity
    whole: Quantity


class PerItem(Record):
    """A quantity divided by a number of regions ("forest per building")."""

    of: Quantity
    by: Subject


# Quantities of two dates: an earlier image and the later one that is asked.


class Changed(Record):
    """Area of a cover that was lost, gained or kept from the earlier date to the later.

    Attributes:
        of: a cover, without conditions.
        what: "lost", "gained" or "kept".
        other: what lost ground became, or gained ground was; None for whatever it is.
        percent: whether it is asked as a percentage of the cover's earlier area.
    """

    of: Subject
    what: str
    other: Subject | None = None
    unit: Unit | None = None
    percent: bool = False


class NetChange(Record):
    """A quantity at the later date minus the same at the earlier.

    Attributes:
        of: the quantity, as of the later date.
        way: "change" or "growth" (later minus earlier), or "loss" (earlier minus later).
        percent: whether it is asked as a percentage of the earlier value.
    """

    of: Quantity
    way: str = "change"
    percent: bool = False


class Matched(Record):
    """Things that are new or gone, kept, grown or shrunk: matched by how far they lie on one another.

    Attributes:
        of: things; conditions are on those of their own date, the later one for what is new, grown or shrunk.
        what: "new", "gone", "kept", "grown" or "shrunk".
        by: "count", or "area" of all of them.
        percent: whether their number is asked as a percentage of that of the earlier date.
    """

    of: Subject
    what: str
    by: str = "count"
    unit: Unit | None = None
    percent: bool = False


class Turnover(Record):
    """Ground whose land cover is another one now; ``percent`` of the ground that both dates show."""

    covers: tuple[Subject, ...] = ()
    unit: Unit | None = None
    percent: bool = False


Change = Changed | NetChange | Matched | Turnover

Quantity = (
    Count
    | Area
    | Share
    | SizeOf
    | Distance
    | Neighbours
    | Orientation
    | Perimeter
    | Border
    | Length
    | Density
    | Power
    | ImageArea
    | IndexOf
    | Ratio
    | Difference
    | Sum
    | Portion
    | PerItem
    | Change
)

OfGround = Count | Area | Share | Length | Density
"""Quantities that every piece of ground has of its own, so that parts of the image are compared by them."""

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


DEFAULT_PATCHES = 5
"""More separate patches than this make a cover fragmented where a question gives no number (SQuID, table 8)."""


class Fragmentation(Record):
    """Whether a cover is "connected" or "fragmented": more than ``bounds`` says of separate patches.

    Attributes:
        bounds: number of patches that makes it fragmented; None, for more than ``DEFAULT_PATCHES``, where the question
            gives none.
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


class WhichPart(Record):
    """Which of several parts of the image has the most of a quantity, or the least; a part's name is the answer.

    Attributes:
        of: what is asked of the ground of each part.
        parts: of the image, each with its name in ``said``.
    """

    of: OfGround
    parts: tuple[Subject, ...]
    most: bool = True


# --- more than one value: tables, lists of regions, places -------------------------------------------------------


class Composition(Record):
    """Area and percentage of the image of every land cover, or of those that are named, in order of area.

    Attributes:
        options: the covers; none: all that share the image out, with the ground that none of them covers.
        largest: whether the largest stands first.
        part: conditions of place; only the ground for which they hold is shared out.
    """

    options: tuple[Subject, ...] = ()
    unit: Unit | None = None
    largest: bool = True
    part: tuple[Condition, ...] = ()


class Listing(Record):
    """Each region by itself: its area, where it lies and, with ``to``, how far the nearest of these is.

    Attributes:
        unit: of the areas.
        length: unit of the distances.
        first: which stand first: "largest", "smallest", "nearest" or "farthest"; "" where that is not asked for: the
            nearest where there are distances, the smallest of those that are the smallest, otherwise the largest.
    """

    of: Subject
    to: Subject | None = None
    unit: Unit | None = None
    length: Unit | None = None
    first: str = ""


class Statistics(Record):
    """Several statistics of the single regions' areas at once, or of their distances to the nearest of ``to``.

    Attributes:
        which: "count", "sum", "mean", "median", "min", "max", "deviation", in the order asked for.
    """

    of: Subject
    which: tuple[str, ...]
    to: Subject | None = None
    unit: Unit | None = None


class Histogram(Record):
    """How many regions there are of each class of size; a class has its lower limit and not its upper one.

    Attributes:
        width: of a class; None for a round one that makes about ten of them.
    """

    of: Subject
    width: Measure | None = None
    unit: Unit | None = None


class Where(Record):
    """Where a region lies: the one that is picked, or the nearest to others (``farthest``: the farthest)."""

    of: Subject
    to: Subject | None = None
    farthest: bool = False


class Transitions(Record):
    """What became what, as a table: from, to, area.

    Attributes:
        of: what the ground was; None for every land cover.
        to: what it is now; None for every land cover.
        covers: the land covers that are told apart; empty for all that both dates show.
    """

    of: Subject | None = None
    to: Subject | None = None
    covers: tuple[Subject, ...] = ()
    unit: Unit | None = None


class ChangedMost(Record):
    """Where the thing lies that lost the most area between two dates, or gained the most; of what both dates show.

    Attributes:
        of: things, without conditions.
        way: "shrunk" or "grown".
    """

    of: Subject
    way: str = "shrunk"


class IndexOfEach(Record):
    """Each region by itself with a statistic of a spectral index; in order of that.

    Attributes:
        index: its name, such as "NDVI".
        statistic: "mean", "max", "min" or "deviation" (the standard one).
        highest: whether the highest stands first.
        count: how many are wanted, with those that equal the last of them; None for all.
    """

    of: Subject
    index: str
    statistic: str = "mean"
    highest: bool = True
    count: int | None = None


class ByPart(Record):
    """A quantity of each of several parts of the image, as a table; see ``WhichPart``."""

    of: OfGround
    parts: tuple[Subject, ...]


class Together(Record):
    """Several things asked in one question, a row for each: what it is, its value and its unit.

    Attributes:
        parts: two or more quantities or judgements, no two alike, in the order asked for; each in its own unit.
    """

    parts: tuple[Quantity | Judgement, ...]


Tabular = (
    ByPart
    | Composition
    | Listing
    | IndexOfEach
    | Statistics
    | Histogram
    | Where
    | Transitions
    | ChangedMost
    | Together
)

Judgement = Presence | All | Threshold | Comparison | Fragmentation | Which | Leads | WhichPart
Meaning = Quantity | Judgement | Tabular
