"""Grammar of the image itself, its parts and its rest: "area within 50 m of a road", "neither forest nor water"."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.formalism import Parser, Values
from planimeter.coder.grammar.rulebook import primitive, rule
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.directions import CENTRE, COMPASS
from planimeter.meaning.reading import FRAMES, of_size
from planimeter.meaning.record import replace
from planimeter.meaning.records import Area, Away, Condition, Inside, Portion, Quantity, Share, Subject
from planimeter.vocabulary.topics import EVERYWHERE
from planimeter.vocabulary.units import Unit

IMAGE = Subject((EVERYWHERE,), said="image")

# --- parts of the image -------------------------------------------------------------------------------------------

_SIDES = {
    "top": "upper",
    "upper": "upper",
    "bottom": "lower",
    "lower": "lower",
    "left": "left",
    "right": "right",
}


_COMPASS = {
    "north": "northern",
    "northern": "northern",
    "south": "southern",
    "southern": "southern",
    "west": "western",
    "western": "western",
    "east": "eastern",
    "eastern": "eastern",
    **{
        f"{first}{second}{end}": f"{first}-{second}ern"
        for first in ("north", "south")
        for second in ("west", "east")
        for end in ("", "ern")
    },
    **{
        f"{first[0]}{second[0]}": f"{first}-{second}ern"
        for first in ("north", "south")
        for second in ("west", "east")
    },
}
_CENTRE = ("centre", "center", "middle", "central")
_PARTS = {"quarter": "quarter", "quadrant": "quarter", "half": "half", "third": "third"}
_PARTS |= {"quarters": "quarter", "quadrants": "quarter", "halves": "half", "thirds": "third"}
_CORNERS = {"corner": "quarter", "corners": "quarter"}
FRAME_WORDS = frozenset((*_SIDES, *_COMPASS, *_CENTRE, *_PARTS, *_CORNERS))
"""Words of parts of the image, which a primitive reads and no pattern has."""


@primitive("framename")
def _frame_name(parser: Parser, position: int) -> Values:
    """ "Upper half", "lower right quadrant", "northern third", "north-east quarter", "the south", "the centre".

    Up is the image's upper edge; points of the compass wait until it is known where north lies. A side of the compass
    alone is its half of the image.
    """
    frame, end = _side(parser, position)
    if frame is None:
        frame, end = _point(parser, position)
    if frame is None:
        return []
    said = " ".join(token.said for token in parser.tokens[position:end]).lower()
    ends = [end]
    if parser.text(end) == "of" and parser.text(end + 1) == "image":
        ends.insert(0, end + 2)
    elif parser.text(end) == "image":
        ends.insert(0, end + 1)
    value = Subject((EVERYWHERE,), said=said, frame=frame)
    return [(value, stop) for stop in ends]


def _side(parser: Parser, position: int) -> tuple[Any, int]:
    """A part by the sides of the image, and where its name ends."""
    words: list[str] = []
    while len(words) < 2 and parser.text(position + len(words)) in _SIDES:
        words.append(_SIDES[parser.text(position + len(words))])
    end = position + len(words)
    part = _part(parser, end) if words else None
    return FRAMES.get(" ".join([*words, part or ""])), end + 1


def _point(parser: Parser, position: int) -> tuple[Any, int]:
    """A part by the points of the compass, or the centre."""
    first = parser.text(position)
    if first in _CENTRE:
        part = _part(parser, position + 1)
        if f"central {part}" in FRAMES:
            return FRAMES[f"central {part}"], position + 2
        return (None, position) if first == "central" else (CENTRE, position + 1)
    name = _COMPASS.get(first)
    if name is None:
        return None, position
    end = position + 1
    if name in ("northern", "southern") and _COMPASS.get(parser.text(end)) in ("western", "eastern"):
        name = f"{name.removesuffix('ern')}-{_COMPASS[parser.text(end)]}"
        end += 1
    part = _part(parser, end)
    if part is None and parser.tokens[position].definite and "-" not in name and not first.endswith("ern"):
        return f"{name} half", end
    return (f"{name} {part}", end + 1) if f"{name} {part}" in COMPASS else (None, position)


def _part(parser: Parser, position: int) -> str | None:
    """ "half", "third" or "quarter", in whichever way it was said."""
    if position >= len(parser.tokens):
        return None
    token = parser.tokens[position]
    parser.text(position)
    by_number = {0.5: "half", 0.25: "quarter", round(1 / 3, 6): "third"}
    named = by_number.get(round(token.number or 0.0, 6)) if token.fraction else None
    return named or _PARTS.get(token.text)


def framed(parser: Parser, position: int) -> tuple[list[str], int]:
    """The words for a side, a corner or a point of the compass that begin here, and where they end; [] for none."""
    words: list[str] = []
    while len(words) < 2 and parser.text(position + len(words)) in _SIDES:
        words.append(_SIDES[parser.text(position + len(words))])
    if words:
        return words, position + len(words)
    name = _COMPASS.get(parser.text(position))
    if name is None:
        return [], position
    if name in ("northern", "southern") and _COMPASS.get(parser.text(position + 1)) in ("western", "eastern"):
        return [f"{name.removesuffix('ern')}-{_COMPASS[parser.text(position + 1)]}"], position + 2
    return [name], position + 1


def part_words(parser: Parser, position: int) -> str | None:
    """ "half", "third" or "quarter", in whichever way it was said; a corner that is compared is a quarter."""
    part = _part(parser, position) or _CORNERS.get(parser.text(position))
    token = parser.tokens[position] if position < len(parser.tokens) else None
    if part is None and token is not None and token.fraction and token.number == 1:
        part = _PARTS.get(token.said.lower().split()[-1])  # "the four quarters" was read as a number
    return part


def part_named(name: str) -> Subject | None:
    """The part of the image that has a name, by its sides or by the compass; None where none has."""
    frame = FRAMES.get(name) or (name if name in COMPASS else None)
    return None if frame is None else Subject((EVERYWHERE,), said=name, frame=frame)


@rule("simple", "{framename}")
def _frame(framename: Subject) -> Subject:
    return framename


# --- the ground that lies somewhere -------------------------------------------------------------------------------


def _placed(conditions: Conditions) -> Subject | None:
    """The ground of the image where conditions of place hold."""
    return None if any(of_size(value) for value in conditions) else replace(IMAGE, where=conditions)


@rule(
    "q",
    "image area {modifiers:conditions}",
    "[<total>] (area|surface|ground) of (image|land) {modifiers:conditions}",
    "[<total>] land [area] {modifiers:conditions}",
    "[<total>] area {modifiers:conditions}",
)
def _area_where(conditions: Conditions) -> Quantity | None:
    placed = _placed(conditions)
    return None if placed is None else Area(placed)


@rule(
    "question",
    "(how much|what) (area|surface|ground|land|land area) {predicate:conditions}",
    "(how much|what) (area|surface|ground) of image {predicate:conditions}",
)
def _how_much_where(conditions: Conditions) -> Quantity | None:
    return _area_where(conditions)


@rule(
    "question",
    "how many {areaunit} {predicate:conditions}",
    "how many {areaunit} of (area|surface|ground|land|image) {predicate:conditions}",
)
def _units_where(areaunit: Unit, conditions: Conditions) -> Quantity | None:
    placed = _placed(conditions)
    return None if placed is None else Area(placed, unit=areaunit)


@rule("shareq", "{sharename} of {whole} {predicate:conditions}")
def _share_where(sharename: Any, whole: Any, conditions: Conditions) -> Quantity | None:
    return _near_share(conditions)


def _near_share(conditions: Conditions) -> Quantity | None:
    """A share of the image that lies near something; of what lies far, people are asked for the area.

    "More than 100 m from water" over the image hangs on what lies beyond its edges, and a share hides that.
    """
    placed = _placed(conditions)
    if placed is None or any(
        isinstance(value, Away) and value.bounds.low is not None for value in conditions
    ):
        return None
    return Share(placed)


@rule("question", "<much> of {whole} {predicate:conditions}")
def _much_where(whole: Any, conditions: Conditions) -> Quantity | None:
    return _near_share(conditions)


# --- what is not --------------------------------------------------------------------------------------------------


def _plain(*subjects: Subject) -> bool:
    """Whether phrases name covers as such, without conditions and picks."""
    return not any(subject.where or subject.pick is not None or subject.then for subject in subjects)


def _outside(first: Subject, *others: Subject) -> Condition | None:
    if not _plain(first, *others):
        return None
    topics = dict.fromkeys(topic for subject in (first, *others) for topic in subject.topics)
    return Inside(replace(first, topics=tuple(topics), joined="or" if len(topics) > 1 else ""), outside=True)


@rule(
    "neither",
    "neither {bare:first} nor {bare:second}",
    "neither {bare:first} or {bare:second}",
    "neither {bare:first} {bare:second} nor {bare:third}",
    "neither {bare:first} nor {bare:second} nor {bare:third}",
)
def _neither(first: Subject, second: Subject, third: Subject | None = None) -> Condition | None:
    return _outside(first, *filter(None, (second, third)))


@rule(
    "rest",
    "(is|are) <coveredpassive> {neither}",
    "(is|are) {neither}",
    "is (used for|classified as) {neither}",
)
def _is_neither(neither: Condition) -> Subject:
    return replace(IMAGE, where=(neither,))


@rule(
    "rest",
    "{isnot} {bare:first}",
    "{isnot} {bare:first} (or|nor) {bare:second}",
    "are not {bare:first}",
    "are not {bare:first} (or|nor) {bare:second}",
)
def _is_not(first: Subject, second: Subject | None = None, isnot: Any = None) -> Subject | None:
    outside = _outside(first, *filter(None, (second,)))
    return None if outside is None else replace(IMAGE, where=(outside,))


@rule(
    "question",
    "(how much|what) <land> {rest}",
    "(how much|what) (area|land) of image {rest}",
)
def _how_much_rest(rest: Subject) -> Quantity:
    return Area(rest)


@rule(
    "q",
    "[<total>] (area|land|land area|surface|ground) (that|which) {rest}",
    "<areaname> of land (that|which) {rest}",
)
def _area_of_rest(rest: Subject) -> Quantity:
    return Area(rest)


@rule("question", "how many {areaunit} {rest}", "how many {areaunit} of <land> {rest}")
def _units_of_rest(areaunit: Unit, rest: Subject) -> Quantity:
    return Area(rest, unit=areaunit)


@rule(
    "shareq",
    "{sharename} of {whole} (is|are) [<coveredpassive>] {neither}",
    "{sharename} of {whole} (that|which) (is|are) [<coveredpassive>] {neither}",
)
def _share_of_rest(sharename: Any, whole: Any, neither: Condition) -> Quantity:
    return Share(replace(IMAGE, where=(neither,)))


@rule("question", "<much> of {whole} (is|are) [<coveredpassive>] {neither}")
def _much_of_rest(whole: Any, neither: Condition) -> Quantity:
    return Share(replace(IMAGE, where=(neither,)))


# --- one cover without another ------------------------------------------------------------------------------------


@rule(
    "without",
    "other than",
    "except [for]",
    "excluding",
    "without",
    "apart from",
    "not counting",
    "minus",
    "outside",
)
def _without() -> str:
    return "without"


@rule(
    "cutcover", "non {noun:other} {noun}", "{noun} {without} {bare:other}", "{noun} that is not {bare:other}"
)
def _cut_cover(noun: Subject, other: Subject, without: Any = None) -> Subject | None:
    """A cover, where it is not another one as well; things stay whole and are no covers."""
    if (noun.kind == "thing" and noun.plural) or set(noun.topics) & set(other.topics) or not _plain(other):
        return None
    return replace(noun, where=(Inside(other, outside=True),))


@rule(
    "q",
    "[<total>] <areaname> of {cutcover}",
    "{cutcover} area",
    "[<total>] <areaname> (<coveredpassive>|in) {cutcover}",
)
def _cut_area(cutcover: Subject) -> Quantity:
    return Area(cutcover)


@rule(
    "question",
    "<much> {cutcover} [<exist>]",
    "<much> <land> is [<coveredpassive>] {cutcover}",
)
def _how_much_cut(cutcover: Subject) -> Quantity:
    return Area(cutcover)


@rule("question", "how many {areaunit} of {cutcover} [<exist>]", "how many {areaunit} are {cutcover}")
def _cut_units(areaunit: Unit, cutcover: Subject) -> Quantity:
    return Area(cutcover, unit=areaunit)


@rule("shareq", "{sharename} of {whole} <covered> {cutcover}")
def _cut_share(sharename: Any, whole: Any, cutcover: Subject) -> Quantity:
    return Share(cutcover)


@rule(
    "shareq",
    "{sharename} of {whole} {without} {bare:other} <covered> {np}",
    "{sharename} of (land|land area) {without} {bare:other} <covered> {np}",
)
def _share_of_remainder(
    sharename: Any, without: Any, other: Subject, np: Subject, whole: Any = None
) -> Quantity | None:
    """ "What percentage of the land area (excluding water) is built up?": of the ground that is left."""
    if not _plain(other, np) or set(other.topics) & set(np.topics):
        return None
    outside = Inside(other, outside=True)
    return Portion(Area(replace(np, where=(outside,))), Area(replace(IMAGE, where=(outside,))))
