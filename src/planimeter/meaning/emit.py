"""Meaning → program text: first the sets of regions, then what is asked of them; here, numbers."""

from __future__ import annotations

from planimeter.meaning.covers import land_cover
from planimeter.meaning.emit_change import write_change
from planimeter.meaning.emit_form import write_form
from planimeter.meaning.emit_index import write_index
from planimeter.meaning.emit_judgements import write_judgement
from planimeter.meaning.emit_parts import refuse_parts_compared
from planimeter.meaning.emit_tables import write_table
from planimeter.meaning.program import Program
from planimeter.meaning.program_text import (
    area_key,
    converted,
    in_unit_of_length,
    number,
    there_is_no,
    total_area,
)
from planimeter.meaning.quantity_units import compared_in, of_an_item, unit_of
from planimeter.meaning.reading import sentence, several, whole_of
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    DEFAULT_WATTS,
    Area,
    Border,
    Changed,
    Condition,
    Count,
    Density,
    Difference,
    Distance,
    ImageArea,
    IndexOf,
    Judgement,
    Length,
    Matched,
    Meaning,
    Neighbours,
    NetChange,
    Orientation,
    Perimeter,
    PerItem,
    Portion,
    Power,
    Quantity,
    Ratio,
    Share,
    SizeOf,
    Subject,
    Sum,
    Tabular,
    Turnover,
    Which,
)
from planimeter.meaning.sets import Sets
from planimeter.table import Column
from planimeter.vocabulary.topics import topic_of
from planimeter.vocabulary.units import HECTARE, MEGAWATT, METRE, PIXEL, SQUARE_METRE, Unit


def emit(
    meaning: Meaning,
    topics: tuple[str, ...],
    coder: str,
    by_pixels: bool = True,
    layered: tuple[str, ...] = (),
    area: bool = False,
    metric: bool = True,
) -> Program:
    """The program that measures a meaning with the topics at hand.

    Args:
        meaning: what is asked.
        topics: that can be measured.
        coder: name of who found the meaning.
        by_pixels: whether counts of pixels stand for areas where areas are only compared, which needs no scale;
            hectares do where pixels differ in size on the ground.
        layered: topics whose shapes may lie on each other: in a share of the image their ground counts once.
        area: whether an area of interest ends what is measured, but not what it is measured to.
        metric: whether a scale is known; a table then has areas beside percentages.

    Raises:
        NotMeasurable: parts of the image are compared inside of an area of interest.
    """
    if area:
        refuse_parts_compared(meaning)
    writer = ProgramWriter(topics, by_pixels, layered, area, metric)
    asked, meaning = meaning, writer.spelled_out(meaning)
    kind, unit = writer.answer(meaning)
    reading = sentence(meaning, unit)
    text = "\n".join(
        [f"# {reading}", *writer.sets.opening(), *writer.sets.lines, *writer.sets.closing(), writer.last, ""]
    )
    return Program(text, coder, kind, unit, reading, columns=writer.columns, meaning=asked)


class ProgramWriter:
    """Writes the lines for one meaning; ``last`` is the line that sets ``answer``."""

    def __init__(
        self,
        topics: tuple[str, ...],
        by_pixels: bool,
        layered: tuple[str, ...] = (),
        area: bool = False,
        metric: bool = True,
    ) -> None:
        self.topics = topics
        self.metric = metric
        self.columns: tuple[Column, ...] = ()
        self.layered = layered
        self.compared = PIXEL if by_pixels else HECTARE
        self.sets = Sets(by_pixels, area)
        self.sets.measured = lambda of: self.value(compared_in(of, self.compared), "limit")
        self.last = ""

    def spelled_out(self, meaning: Meaning) -> Meaning:
        """A meaning; where it asks for the leading land cover, with all of them named."""
        if isinstance(meaning, Which) and not meaning.options:
            return replace(meaning, options=tuple(Subject((topic,)) for topic in land_cover(self.topics)))
        return meaning

    def answer(self, meaning: Meaning) -> tuple[str, str | None]:
        """Write everything; return the answer's type and unit."""
        if isinstance(meaning, Judgement):
            return write_judgement(self, meaning), None
        if isinstance(meaning, Tabular):
            kind, self.columns = write_table(self, meaning)
            return kind, None
        self.last = f"answer = {self.value(meaning, 'value')}"
        return "number", unit_of(meaning)

    def value(self, of: Quantity, name: str) -> str:
        """Write a quantity; returns the variable that holds it, in the unit it was asked for."""
        return self.sets.apart(lambda: self._value(of, name))

    def _value(self, of: Quantity, name: str) -> str:
        match of:
            case Count(regions):
                found = self.sets.regions(regions)
                return self.keep(name, f"len({found})", several(regions))
            case Area(regions, part, unit, once):
                area = self.area(regions, part, unit or HECTARE, once)
                return self.keep(name, area, f"area [{(unit or HECTARE).symbol}]")
            case Share():
                return self._share(of, name)
            case SizeOf(regions, statistic, unit):
                return self._size(regions, statistic, unit or HECTARE, name)
            case Distance(regions, to, statistic, unit):
                return self._distance(regions, to, statistic, unit or METRE, name)
            case Neighbours() | Orientation() | Border():
                return write_form(self, of, name)
            case Perimeter(regions, statistic, unit):
                return self._perimeter(regions, statistic, unit or METRE, name)
            case Length(regions, part, unit):
                return self._length(regions, part, unit or METRE, name)
            case Density(regions, per, over):
                return self._density(regions, per, over, name)
            case Power(regions, watts, unit):
                area = self.area(regions, (), SQUARE_METRE)
                area = self.keep("panel_m2", area, "panel area [m²]")
                scale = "" if (unit or MEGAWATT) == MEGAWATT else f" / {number((unit or MEGAWATT).factor)}"
                watts_per = number(DEFAULT_WATTS if watts is None else watts)
                return self.keep(
                    name, f"{area} * {watts_per} / 1000000{scale}", f"power [{(unit or MEGAWATT).symbol}]"
                )
            case ImageArea(unit):
                self.sets.topic(self.topics[0])  # any topic will do to read the image's extent
                if unit == PIXEL:
                    return self.keep(name, 'result["total_pixels"]', "pixels")
                area = converted('result["total_hectares"]', unit or HECTARE)
                return self.keep(name, area, f"image area [{(unit or HECTARE).symbol}]")
            case IndexOf():
                return write_index(self, of, name)
            case Ratio(first, second):
                top, bottom = (
                    self.value(compared_in(first, self.compared), "first"),
                    self.value(compared_in(second, self.compared), "second"),
                )
                self.sets.line(f"if {bottom} == 0:")
                self.sets.line(
                    '    cannot_answer("There is nothing to divide by in this image; ask for a difference instead.")'
                )
                return self.keep(name, f"{top} / {bottom}", "ratio")
            case Portion(part, whole):
                if isinstance(part, Area) and isinstance(whole, ImageArea):
                    top = self.keep("part", self.area(part.of, part.part, self.compared, once=True), "part")
                else:
                    top = self.value(compared_in(part, self.compared), "part")
                bottom = self.sets.aside(lambda: self.value(compared_in(whole, self.compared), "whole"))
                return self.keep(name, f"100 * {top} / {bottom} if {bottom} else 0.0", "percent")
            case PerItem(quantity, by):
                top = self.value(of_an_item(quantity), "amount")
                found = self.sets.regions(by)
                self.need(found, f"there are no {several(by)} to divide by")
                return self.keep(name, f"{top} / len({found})", unit_of(of) or "ratio")
            case Difference(first, second, absolute):
                top, bottom = self.value(first, "first"), self.value(second, "second")
                text = f"abs({top} - {bottom})" if absolute else f"{top} - {bottom}"
                return self.keep(name, text, "difference")
            case Sum(first, second):
                top, bottom = self.value(first, "first"), self.value(second, "second")
                return self.keep(name, f"{top} + {bottom}", "sum")
            case Changed() | NetChange() | Matched() | Turnover():
                return write_change(self, of, name)
        raise AssertionError(of)

    def keep(self, name: str, expression: str, label: str) -> str:
        """Write a variable and print it; returns its name."""
        name = self.sets.fresh(name)
        self.sets.line(f"{name} = {expression}")
        self.sets.line(f'print("{label}:", {name})')
        return name

    def overlapping(self, regions: Subject) -> bool:
        """Whether some of their shapes may lie on each other."""
        return bool(set(regions.topics) & set(self.layered))

    def area(self, regions: Subject, part: tuple[Condition, ...], unit: Unit, once: bool = False) -> str:
        """Write the ground of some regions; returns the text of its area. ``once``: no ground counts twice."""
        shapes = self.sets.cover(regions, part, once and self.overlapping(regions))
        return total_area(shapes, unit)

    def _share(self, share: Share, name: str) -> str:
        if share.by_count:
            whole = self.sets.regions(share.of)
            part = self.sets.filtered(whole, share.part, share.of)
            self.sets.count(part)
            return self.keep(name, f"100 * len({part}) / len({whole}) if {whole} else 0.0", "percent")
        short, long = ("px", "pixels") if self.compared == PIXEL else ("ha", "hectares")
        if share.of_image:
            part = self.keep(f"part_{short}", self.area(share.of, (), self.compared, once=True), long)
            whole = self.keep(f"whole_{short}", f'result["total_{long}"]', f"{long} of the image")
        else:
            of, cut = whole_of(share)
            area = self.area(of, (*cut, *share.part), self.compared)
            part = self.keep(f"part_{short}", area, f"{long} of the part")
            shapes = self.sets.cover(of, cut) if cut else self.sets.union(self.sets.regions(of), of)
            area = f'sum(s["area_{long}"] for s in {shapes})'
            whole = self.keep(f"whole_{short}", area, f"{long} of the whole")
        top = f"({whole} - {part})" if share.complement else part
        return self.keep(name, f"100 * {top} / {whole} if {whole} else 0.0", "percent")

    def _size(self, regions: Subject, statistic: str, unit: Unit, name: str) -> str:
        found = self.sets.regions(regions)
        self.sets.count(found)
        key = area_key(unit)
        pick = regions.pick
        if pick is not None and pick.count > 1:
            these = f"{'largest' if pick.largest else 'smallest'} {topic_of(regions.topics[0]).many}"
            self.sets.line(f"if len({found}) < {pick.count}:")
            self.sets.line(
                f'    cannot_answer("There are only " + str(len({found})) + " of the {pick.count} {these} in this '
                'image; ask for fewer, or for all.")'
            )
            value = self.statistic(key, found, statistic, regions)
        elif pick is not None:
            if pick.first > 1:
                self.need(found, f"there is no such {topic_of(regions.topics[0]).one}")
            value = f'sum(s["{key}"] for s in {found})'
        else:
            value = self.statistic(key, found, statistic, regions)
        return self.keep(name, converted(value, unit), f"size [{unit.symbol}]")

    def statistic(self, key: str, found: str, statistic: str, regions: Subject) -> str:
        """Write the values that a statistic is of; returns its text.

        Args:
            key: of the value in each shape.
            found: the variable that holds the shapes.
            statistic: "sum", "mean", "median", "max", "min" or "deviation".
            regions: what the shapes are, for the refusal where there are none to average.
        """
        values = self.sets.fresh("values")
        if statistic in ("mean", "median", "deviation"):
            self.need(found, f"there are no {several(regions)} to average")
        self.sets.line(f'{values} = sorted([s["{key}"] for s in {found}])')
        if statistic == "sum":
            return f"sum({values})"
        if statistic == "mean":
            return f"sum({values}) / len({values})"
        if statistic == "deviation":
            middle = self.sets.fresh("middle")
            self.sets.line(f"{middle} = sum({values}) / len({values})")
            return f"(sum((v - {middle}) ** 2 for v in {values}) / len({values})) ** 0.5"
        if statistic == "median":
            half = f"len({values}) // 2"
            return f"({values}[{half}] + {values}[-1 - {half}]) / 2"
        index = -1 if statistic == "max" else 0
        return f"({values}[{index}] if {values} else 0.0)"

    def need(self, shapes: str, reason: str) -> None:
        """Write that the program ends where there are no shapes."""
        sentence = f"{reason[0].upper()}{reason[1:]} in this image; ask about something that is there."
        self.sets.line(f"if not {shapes}:")
        self.sets.line(f'    cannot_answer("{sentence}")')

    def _distance(self, regions: Subject, to: Subject, statistic: str, unit: Unit, name: str) -> str:
        found, reference = self.sets.regions(regions), self.sets.reference(to)
        self.sets.count(found)
        self.need(found, f"there are no {several(regions)} to measure from")
        self.need(reference, f"{there_is_no(several(to, cover=True))} to measure to")
        self.sets.line(f"calculate_shape_distances({found}, {reference}, gsd)")
        value = self.statistic("distance_meters", found, statistic, regions)
        return self.keep(name, in_unit_of_length(value, unit), f"distance [{unit.symbol}]")

    def _perimeter(self, regions: Subject, statistic: str, unit: Unit, name: str) -> str:
        found = self.sets.union(self.sets.regions(regions), regions)
        self.sets.count(found)
        self.sets.line(f"calculate_shape_perimeters({found}, gsd)")
        value = self.statistic("perimeter_meters", found, statistic, regions)
        return self.keep(name, in_unit_of_length(value, unit), f"perimeter [{unit.symbol}]")

    def _length(self, regions: Subject, part: tuple[Condition, ...], unit: Unit, name: str) -> str:
        found = self.sets.cover(regions, part)
        self.sets.line(f"calculate_shape_lengths({found}, gsd)")
        value = f'sum(s["length_meters"] for s in {found})'
        return self.keep(name, in_unit_of_length(value, unit), f"length [{unit.symbol}]")

    def _density(self, regions: Subject, per: Unit, over: Subject | None, name: str) -> str:
        found = self.sets.regions(regions)
        self.sets.count(found)
        area = 'result["total_hectares"]'
        if over is not None:
            ground = over
            area = self.sets.aside(lambda: self.area(ground, (), HECTARE))
        area = self.keep("ground", converted(area, per), f"ground [{per.symbol}]")
        self.sets.line(f"if {area} == 0:")
        self.sets.line(
            '    cannot_answer("There is no ground to refer the density to in this image; ask for a count.")'
        )
        return self.keep(name, f"len({found}) / {area}", f"density [1/{per.symbol}]")
