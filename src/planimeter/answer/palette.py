"""The colours of evidence, in pictures and on pages alike; a topic's own colour stands in its record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from planimeter.vocabulary.topics import GROUND, topic_of

COUNTED = ("#FF2D95", "#FF8C00", "#A05AFF", "#00C878")
REFERENCE = ("#00BEFF", "#50FFDC", "#78A0FF")
#: Told apart by those who see no red or green as well.
CHANGES = {
    "lost": "#E3172B",
    "gone": "#E3172B",
    "shrunk": "#FF8C00",
    "gained": "#00A0FF",
    "new": "#00A0FF",
    "grown": "#50FFDC",
    "kept": "#F2F2E6",
}
#: The role of ground of which nobody should be sure.
UNSURE = "not sure"
BAND = "#FFE13C"
NOT_SURE = "#C9BFD9"
#: Zones by value, matplotlib's viridis: told apart without red and green, and in print.
LOW_TO_HIGH = ("#440154", "#3B528B", "#21918C", "#5EC962", "#FDE725")
#: Zones by word, of Okabe and Ito: told apart likewise.
KINDS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")


def rgb(colour: str) -> tuple[int, int, int]:
    """The red, green and blue of "#RRGGBB", each 0 to 255.

    >>> rgb("#FFE13C")
    (255, 225, 60)
    """
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def counted_colours(topics: Sequence[str]) -> list[str]:
    """A colour for each counted topic, so that a legend tells all of them apart.

    Args:
        topics: in the order in which they are drawn. Few have colours that stand out from any picture, though they be
            of one topic; of more than there are of these each topic has its own, as a mask of it has on the page.

    >>> counted_colours(["roof", "water"])
    ['#FF2D95', '#FF8C00']
    >>> counted_colours(["urban", "forest", "agric", "water", "barren"])[1:4]
    ['#2E9E4F', '#E3C04B', '#3B9EFF']
    """
    return _told_apart(topics, COUNTED, REFERENCE)


def reference_colours(topics: Sequence[str]) -> list[str]:
    """A colour for each topic that others are measured to, likewise; parts of the image are white.

    >>> len(set(reference_colours(["water", "road", "forest", "roof"])))
    4
    >>> reference_colours(["image", "water", "image"])
    ['#FFFFFF', '#00BEFF', '#FFFFFF']
    """
    others = iter(_told_apart([topic for topic in topics if topic != GROUND], REFERENCE, COUNTED))
    return [topic_of(topic).colour if topic == GROUND else next(others) for topic in topics]


def _told_apart(topics: Sequence[str], few: Sequence[str], others: Sequence[str]) -> list[str]:
    if len(topics) <= len(few):
        return list(few[: len(topics)])
    colours: dict[str, str] = {}
    for topic in topics:
        own = topic_of(topic).colour
        free = (colour for colour in (own, *few, *others) if colour not in colours.values())
        colours.setdefault(topic, next(free, own))
    return [colours[topic] for topic in topics]


def role_colours(drawn: Iterable[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """The colour of each role of each topic.

    Args:
        drawn: topic and role ("counted", "reference", ``UNSURE``, or one of a change) of what is drawn, in order.

    Returns:
        "#RRGGBB" by role, by topic.

    >>> role_colours([("roof", "counted"), ("water", "reference")])["water"]
    {'reference': '#00BEFF'}
    """
    colours: dict[str, dict[str, str]] = {}
    once = list(dict.fromkeys(drawn))
    wheels: dict[str, Iterator[str]] = {
        "counted": iter(counted_colours([topic for topic, role in once if role == "counted"])),
        "reference": iter(reference_colours([topic for topic, role in once if role == "reference"])),
    }
    for topic, role in once:
        fixed = role in CHANGES or role == UNSURE
        colour = CHANGES.get(role, NOT_SURE) if fixed else next(wheels[role])
        colours.setdefault(topic, {})[role] = colour
    return colours
