"""Meaning → one plain sentence that says what was understood; here, regions, conditions and quantities."""

from __future__ import annotations

from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    DEFAULT_WATTS,
    Area,
    Away,
    Besides,
    Border,
    Bounds,
    Changed,
    Condition,
    Core,
    Count,
    Density,
    Difference,
    Distance,
    Either,
    Holding,
    ImageArea,
    IndexOf,
    Inside,
    Judgement,
    Length,
    Matched,
    Meaning,
    Neighbours,
    NetChange,
    Orientation,
    Perimeter,
    PerItem,
    Pick,
    Portion,
    Power,
    Ratio,
    Share,
    Size,
    Sized,
    SizeOf,
    Spaced,
    Subject,
    Sum,
    Tabular,
    Touching,
    Turnover,
)
from planimeter.vocabulary.numbers import rank_of
from planimeter.vocabulary.topics import EVERYWHERE, topic_of

STATISTICS = {
    "mean": "average",
    "median": "median",
    "max": "largest",
    "min": "smallest",
    "sum": "total",
    "deviation": "standard deviation",
    "count": "number",
}
SIGNS = {">": "larger than", ">=": "at least", "<": "smaller than", "<=": "at most"}
_OF_DISTANCES = {**STATISTICS, "min": "shortest", "max": "longest"}


def sentence(meaning: Meaning, unit: str | None = None) -> str:
    """The reading of a whole question, as a sentence; ``unit`` is named where it is one of measure."""
    text = in_unit(meaning, unit)
    return text[0].upper() + text[1:] + "."


def in_unit(meaning: Meaning, unit: str | None) -> str:
    """A meaning in words, with its unit where that is one of measure."""
    named = unit is not None and unit not in ("%", "count") and not isinstance(meaning, Density)
    return f"{phrase(meaning)}, in {unit}" if named else phrase(meaning)


def limits(bounds: Bounds, over: str = "more than", under: str = "less than") -> str:
    """Bounds in words ("at least 0.1 ha", "larger than 100 m²")."""
    low, high = bounds.low, bounds.high
    if low is not None and high is not None:
        if low == high and bounds.low_closed and bounds.high_closed:
            return f"exactly {shown(low)}"
        if bounds.low_closed and bounds.high_closed:
            return f"between {shown(low)} and {shown(high)}"
        return f"{limits(Bounds(low, None, bounds.low_closed), over, under)} and " + limits(
            Bounds(None, high, False, bounds.high_closed), over, under
        )
    if low is not None:
        return f"at least {shown(low)}" if bounds.low_closed else f"{over} {shown(low)}"
    return f"at most {shown(high)}" if bounds.high_closed else f"{under} {shown(high)}"


def shown(measure: object) -> str:
    """A measure as a sentence has it."""
    return str(measure).strip()


def condition(value: Condition) -> str:
    """A condition as it follows a noun ("within 50 m of water")."""
    if isinstance(value, Size):
        return limits(value.bounds, "larger than", "smaller than")
    if isinstance(value, Sized):
        times = "" if value.factor == 1 else f"{_times(value.factor)} "
        return f"{SIGNS[value.sign]} {times}{phrase(value.to)}"
    if isinstance(value, Besides):
        return f"other than {picked(Pick(value.largest, 1, value.count), None)}"
    if isinstance(value, Either):
        return "either " + " or ".join(map(all_conditions, value.options))
    if isinstance(value, Core):
        return f"{limits(value.bounds, 'more than', 'less than')} from its edge"
    if isinstance(value, Spaced):
        low, high = value.bounds.low, value.bounds.high
        if high is None:
            side = "nearer than" if value.bounds.low_closed else "within"
            return f"with no other of their kind {side} {low}"
        if low is None:
            return (
                f"with another of their kind {'within' if value.bounds.high_closed else 'nearer than'} {high}"
            )
        return f"with the nearest other of their kind {limits(value.bounds)} away"
    if isinstance(value, Holding):
        from planimeter.meaning.reading_parts import holding

        return holding(value)
    reference = several(value.reference, cover=True)
    if isinstance(value, Inside) and value.entirely:
        return f"entirely in {reference}"
    if isinstance(value, Away) and value.entirely:
        return f"entirely within {value.bounds.high} of {reference}"
    if isinstance(value, Inside):
        return f"{'outside' if value.outside else 'overlapping'} {reference}"
    if isinstance(value, Touching):
        return f"{'not touching' if value.apart else 'touching'} {reference}"
    bounds = value.bounds
    if bounds.low is None and bounds.high_closed:
        return f"within {bounds.high} of {reference}"
    return f"{limits(bounds, 'more than', 'less than')} from {reference}"


def said_of_many(conditions: tuple[Condition, ...]) -> str:
    """Conditions as they are said of regions ("are larger than 1 ha and have another of their kind within 50 m")."""
    said = [condition(value) for value in conditions]
    return " and ".join(f"have {text[5:]}" if text.startswith("with ") else f"are {text}" for text in said)


def said_of_one(conditions: tuple[Condition, ...]) -> str:
    """The same of one region, or of a part."""
    said = [condition(value) for value in conditions]
    return " and ".join(f"has {text[5:]}" if text.startswith("with ") else f"is {text}" for text in said)


def _times(factor: float) -> str:
    """A factor in words ("1 % of", "2 times")."""
    return f"{100 * factor:g} % of" if factor < 1 else f"{factor:g} times"


def several(regions: Subject, cover: bool = False) -> str:
    """A set of regions as a noun phrase; ``cover`` speaks of the land cover rather than its regions."""
    if regions.before:
        return f"{several(replace(regions, before=False), cover)} at the earlier date"
    if regions.fate:
        from planimeter.meaning.reading_change import fated

        return fated(regions)
    names = [topic_of(topic).mass if cover else topic_of(topic).many for topic in regions.topics]
    if cover and (regions.pick or any(of_size(c) for c in regions.where)):
        names = [topic_of(topic).many for topic in regions.topics]
    text = f" {regions.joined or 'and'} ".join(names)
    if regions.topics == (EVERYWHERE,):
        text = frame_name(regions.frame)
    if regions.pick is not None:
        text = picked(regions.pick, regions)
    if regions.where:
        # "Forest and lakes larger than 1 ha" would leave open whether the forest has to be.
        text += ", each " if len(regions.topics) > 1 and regions.pick is None else " "
        text += all_conditions(regions.where)
    if regions.then:
        text += f" that {said_of_many(regions.then)}"
    return text


def picked(pick: Pick, regions: Subject | None) -> str:
    """The extreme of some regions in words; "the largest" alone without them."""
    topics = () if regions is None else regions.topics
    if pick.only:
        return f"the only {topic_of(topics[0]).one}" if topics else "the only one"
    word = "largest" if pick.largest else "smallest"
    if pick.count > 1:
        return f"the {pick.count} {word} {' and '.join(topic_of(t).many for t in topics)}".rstrip()
    rank = "" if pick.first == 1 else f"{rank_of(pick.first)} "
    return f"the {rank}{word} {' or '.join(topic_of(t).one for t in topics)}".rstrip()


def frame_name(frame: tuple[float, float, float, float] | str | None) -> str:
    """A part of the image in words; those of ``FRAMES`` by their names."""
    if frame is None:
        return "the image"
    if isinstance(frame, str):
        return f"the {frame} of the image"
    # A third that was turned is not one to the last bit.
    near = (
        (name, max(abs(a - b) for a, b in zip(known, frame, strict=True))) for name, known in FRAMES.items()
    )
    return f"the {next(name for name, apart in near if apart < 1e-9)} of the image"


FRAMES: dict[str, tuple[float, float, float, float]] = {
    "upper half": (0.0, 0.0, 1.0, 0.5),
    "lower half": (0.0, 0.5, 1.0, 1.0),
    "left half": (0.0, 0.0, 0.5, 1.0),
    "right half": (0.5, 0.0, 1.0, 1.0),
    "upper left quarter": (0.0, 0.0, 0.5, 0.5),
    "upper right quarter": (0.5, 0.0, 1.0, 0.5),
    "lower left quarter": (0.0, 0.5, 0.5, 1.0),
    "lower right quarter": (0.5, 0.5, 1.0, 1.0),
    "upper third": (0.0, 0.0, 1.0, 1 / 3),
    "lower third": (0.0, 2 / 3, 1.0, 1.0),
    "left third": (0.0, 0.0, 1 / 3, 1.0),
    "right third": (2 / 3, 0.0, 1.0, 1.0),
    "central third": (1 / 3, 1 / 3, 2 / 3, 2 / 3),
    "central half": (0.25, 0.25, 0.75, 0.75),
    "centre": (0.5, 0.5, 0.5, 0.5),
}
"""Parts of the image that have a name, as shares of its width and height (left, top, right, bottom)."""


def split(of: Subject, part: tuple[Condition, ...]) -> tuple[Subject, tuple[Condition, ...]]:
    """A cover and the conditions that cut it.

    Conditions of place in the phrase itself cut the cover ("forest within 50 m of water"), also beside a part that is
    named ("how much of that is in the left half"); things of which a part is named stay whole.
    """
    things = of.kind == "thing" or of.regions
    if of.pick is not None or (part and things):
        return of, part
    sizes = tuple(value for value in of.where if of_size(value))
    return replace(of, where=sizes), (*(value for value in of.where if not of_size(value)), *part)


def whole_of(share: Share) -> tuple[Subject, tuple[Condition, ...]]:
    """What a share by area is of: a cover and the conditions that cut it, as they cut an area; things stay whole."""
    return (share.of, ()) if share.of.counted else split(share.of, ())


def of_size(value: Condition) -> bool:
    """Whether a condition is on a region as a whole, such as its size, and cuts nothing.

    What touches something is a whole region: its pixels along the edge are no part that anybody asks for.
    """
    if isinstance(value, Either):
        return all(of_size(inner) for option in value.options for inner in option)
    return isinstance(value, Size | Sized | Besides | Spaced | Touching | Holding) or (
        isinstance(value, Away | Inside) and value.entirely
    )


def all_conditions(conditions: tuple[Condition, ...]) -> str:
    """Conditions that all hold, as they follow "that is"; "either … or" last, where nothing seems a part of it."""
    ordered = sorted(conditions, key=lambda value: isinstance(value, Either))
    return " and ".join(condition(value) for value in ordered)


def _part(conditions: tuple[Condition, ...]) -> str:
    whole = tuple(value for value in conditions if of_size(value))
    cut = tuple(value for value in conditions if not of_size(value))
    said = f", only whole regions {all_conditions(whole)}" if whole else ""
    return said + (f", only the part that is {all_conditions(cut)}" if cut else "")


def phrase(meaning: Meaning) -> str:
    """A meaning as a noun phrase or a "whether" clause."""
    if isinstance(meaning, Judgement):
        from planimeter.meaning.reading_judgements import phrase_of_judgement

        return phrase_of_judgement(meaning)
    if isinstance(meaning, Tabular):
        from planimeter.meaning.reading_tables import phrase_of_table

        return phrase_of_table(meaning)
    match meaning:
        case Count(of):
            return f"the number of {several(of)}"
        case Area(of, part):
            of, part = split(of, part)
            if of.topics == (EVERYWHERE,) and part:
                return (
                    f"the area of the part of {several(replace(of, where=()))} that is {all_conditions(part)}"
                )
            return f"the area of {several(of, cover=True)}{_part(part)}"
        case Share(of, part, of_image, by_count, complement):
            if of_image:
                of, part = split(of, part)
                if of.topics == (EVERYWHERE,) and part:
                    return (
                        f"the percentage of {several(replace(of, where=()))} that is {all_conditions(part)}"
                    )
                verb = "not covered" if complement else "covered"
                return f"the percentage of the image {verb} by {several(of, cover=True)}{_part(part)}"
            if by_count:
                return f"the percentage of the {several(of)}, by number, that {said_of_many(part)}"
            of, cut = whole_of(meaning)
            whole = f"the percentage of the area of {several(of, cover=True)}{_part(cut)}{',' if cut else ''}"
            if part and all(of_size(value) for value in part):
                return f"{whole} that lies in regions that {said_of_many(part)}"
            return f"{whole} that {said_of_one(part)}"
        case SizeOf(of, statistic):
            if of.pick is not None and of.pick.count > 1:
                return f"the {STATISTICS[statistic]} area of {several(of)}"
            if of.pick is not None:
                return f"the area of {several(of)}"
            of_the = " of the" if statistic == "deviation" else ""
            return f"the {STATISTICS[statistic]}{of_the} area of single {several(of)}"
        case Distance(of, to, statistic):
            return f"the {_OF_DISTANCES[statistic]} distance from {several(of)} to {several(to, cover=True)}"
        case Neighbours(of, statistic):
            if of.pick is not None and of.pick.count == 2:
                return f"the distance between {several(of)}"
            return f"the {_OF_DISTANCES[statistic]} distance from {several(of)} to the nearest other of them"
        case Orientation(of):
            return f"the direction of the longer axis of {several(of)}, in degrees clockwise from north, 0 to 180"
        case Perimeter(of, statistic):
            word = "" if of.pick is not None else f"{STATISTICS[statistic]} "
            along = "with holes and the image's border where it cuts them, along pixel edges or a layer's own outlines"
            return f"the {word}perimeter of {several(of)}, {along}"
        case Border(of, to):
            sides = f"{several(of, cover=True)} and {several(to, cover=True)}"
            return f"the length of the border that {sides} share, along pixel edges"
        case Length(of, part):
            of, part = split(of, part)
            return f"the total length of {several(of, cover=True)}{_part(part)}"
        case Density(of, per, over):
            where = "of the image" if over is None else f"of {several(over, cover=True)}"
            return f"the number of {several(of)} per {per.symbol} {where}"
        case Power(of, watts):
            told = "" if watts is not None else ", which the question leaves open"
            return f"the power of {several(of, cover=True)} at {DEFAULT_WATTS if watts is None else watts:g} W/m²{told}"
        case ImageArea():
            return "the ground area of the image"
        case IndexOf(index, statistic, of, part):
            of, part = split(of, part)
            where = several(of, cover=True)
            if statistic in ("hectares", "pixels"):
                return f"the ground of {where}{_part(part)} that has {_article(index)} {index}"
            of_the = " of the" if statistic == "deviation" else ""
            return f"the {STATISTICS[statistic]}{of_the} {index} of {where}{_part(part)}"
        case Ratio(first, second):
            return f"the ratio of {phrase(first)} to {phrase(second)}"
        case Portion(part, whole):
            return f"the percentage that {phrase(part)} makes up of {phrase(whole)}"
        case PerItem(of, by):
            return f"{phrase(of)} divided by the number of {several(by)}"
        case Difference(first, second, absolute):
            if absolute:
                return f"the difference between {phrase(first)} and {phrase(second)}"
            return f"{phrase(first)} minus {phrase(second)}"
        case Sum(first, second):
            return f"{phrase(first)} plus {phrase(second)}"
        case Changed() | NetChange() | Matched() | Turnover():
            from planimeter.meaning.reading_change import phrase_of_change

            return phrase_of_change(meaning)
    raise AssertionError(meaning)


def _article(name: str) -> str:
    return "an" if name[0] in "AEFHILMNORSX" else "a"
