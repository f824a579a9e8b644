"""Pairs of a free wording and the plain sentence that the grammar reads, without end."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from planimeter.coder.rewriter.tokens import lowered
from planimeter.train.rewriter import words
from planimeter.train.rewriter.words import Choice
from planimeter.vocabulary.topics import topic_of
from planimeter.vocabulary.units import Unit

# What fills a gap may bring its own article: "the the buildings", "any the nearest lake", "no any pond".
_TWICE = re.compile(r"\b(?:the|a|an|any|each|every) (?=(?:the|all|any|each|every)\b)|(?<=\bno) any\b")
_ASKING = (
    "what is",
    "what are",
    "tell me",
    "i need",
    "list",
    "give me",
    "how about",
    "show",
    "report",
    "find out",
)
_NEVER_SPOILT = ("refused", "which cover", "composition", "image area", "index of the image")
_WAYS = {
    "modifier": 30,
    "behind": 30,
    "front": 9,
    "then": 22,
    "instead": 9,
}  # sections of "narrowed", how often
_SPOILT = 0.16  # of all pairs, how many get something that no map shows
WORDINGS = Path(__file__).with_name("wordings")
REFUSED = "not measurable"

_LENGTHS = {
    "within": "within {d} of {r}",
    "nearer": "less than {d} from {r}",
    "beyond": "more than {d} from {r}",
    "farther or equal": "at least {d} from {r}",
    "ring": "between {d} and {e} from {r}",
}
_AREAS = {
    "larger": "larger than {s}",
    "at least as large": "at least {s}",
    "smaller": "smaller than {s}",
    "at most as large": "at most {s}",
    "sized between": "between {s} and {t}",
}
_TOUCH = {"touching": "touching {r}", "not touching": "not touching {r}"}
_WEIGHTS = {
    "count": 14, "area": 10, "share of image": 9, "size": 6, "largest": 6, "distance": 6, "presence": 5,
    "share of things": 6, "count beside": 6, "count not beside": 4, "area beside": 4, "refused": 9,
    "compare": 4, "which of two": 4, "part of cover beside": 4, "mean distance": 3, "more than share": 3,
    "lists": 0.7, "composition": 0.7, "fragmentation": 0.5, "power": 0.7, "total perimeter": 0.7, "perimeter": 0.7,
    "deviation": 0.8, "median distance": 0.7, "all beside": 0.8, "none beside": 0.8, "image area": 0.8,
    "which cover": 1.5, "which cover least": 0.8, "ratio of counts": 0.8, "difference of counts": 0.8,
    "rest counted": 1.2, "rest area": 1.6, "rest size": 0.7, "mean minus median": 0.8, "largest minus smallest": 0.9,
    "largest minus average": 0.7, "largest to average": 0.7, "largest to smallest": 0.6, "union of three": 2.0,
    "union of three share": 2.0, "ratio of a sum": 0.8, "sum of counts": 0.5, "more pieces": 0.5, "neighbours": 0.7,
    "nearest neighbours": 0.5, "orientation": 0.3, "index": 0.4, "index of the image": 0.2,
    "share of area in large ones": 1.0, "compare less": 1.2, "second largest": 0.8, "smallest": 1.5, "ratio": 2.5,
}  # fmt: skip


@cache
def _sections(name: str) -> dict[str, list[str]]:
    """The wordings of a file by the heads of its sections."""
    found: dict[str, list[str]] = {}
    for line in (WORDINGS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            head = line[2:].strip()
            found[head] = []
        elif line:
            found[head].append(line)
    return found


@cache
def plain_forms() -> dict[str, str]:
    """The plain form of each kind of wording.

    >>> plain_forms()["count beside"]
    'the number of {N} within {D} of {R}'
    """
    return dict(head.split(" = ", 1) for head in _sections("plain"))  # type: ignore[arg-type]


@cache
def kinds() -> dict[str, list[str]]:
    """The wordings of each kind.

    >>> sum(map(len, kinds().values())) > 600
    True
    """
    found: dict[str, list[str]] = {}
    for name in ("counts", "areas", "relations", "parts", "refused"):
        found |= _sections(name)
    return {kind: lines for kind, lines in found.items() if kind in plain_forms()}


@dataclass(frozen=True)
class Pair:
    """A free wording, its plain sentence, and what kind it is of ("narrowed: …": spoilt by what no map shows)."""

    wording: str
    plain: str
    kind: str


def chosen(rng: random.Random, template: str) -> str:
    """A wording with one of each "[this|that]"."""
    return re.sub(r"\[([^\[\]]*\|[^\[\]]*)\]", lambda found: rng.choice(found[1].split("|")), template)


class Builder:
    """Draws pairs.

    Args:
        seed: of the draw.
        aside: take what narrows a question, and the talk around it, from the lines that are kept aside: a model that
            learned from the others is measured on them.

    Example:
        >>> pair = next(iter(Builder(1)))
        >>> bool(pair.wording and pair.plain)
        True
    """

    def __init__(self, seed: int, aside: bool = False) -> None:
        self.rng = random.Random(seed)
        self.aside = aside

    def __iter__(self) -> Iterator[Pair]:
        names = list(kinds())
        weights = [_WEIGHTS.get(name, 1.6) for name in names]
        while True:
            kind = self.rng.choices(names, weights)[0]
            yield self.pair(kind)

    def pair(self, kind: str) -> Pair:
        """One pair of a kind; now and then a modifier makes it one that cannot be measured."""
        rng = self.rng
        template = chosen(rng, rng.choice(kinds()[kind]))
        said, plainly = self._filled(kind, template)
        told = plain_forms()[kind]
        if kind == "presence" and "{m}" in template and plainly["N"] != plainly["M"]:
            told = "whether there is any {M}{C}"
        plain = told.format_map(plainly)
        if kind not in _NEVER_SPOILT and rng.random() < _SPOILT:
            spoilt = self._spoilt(template, said)
            if spoilt is not None:
                return Pair(self._clothed(spoilt[1]), REFUSED, f"narrowed: {spoilt[0]}")
        wording = " ".join(template.format_map(said).split()).replace(" ,", ",").replace(" :", ":")
        if plain.startswith("the ") and rng.random() < 0.05:
            wording = f"{self._line('talk', 'who')} {plain}"
        return Pair(self._clothed(wording), lowered(plain), kind)

    def _line(self, table: str, section: str) -> str:
        """A line of a table of phrases, of those to learn from or of those kept aside."""
        while True:
            line = self.rng.choice(_sections(table)[section])
            if kept_aside(line) == self.aside:
                return line

    def _spoilt(self, template: str, said: dict[str, str]) -> tuple[str, str] | None:
        """In which way, and the same wording with one thing that no map shows."""
        rng = self.rng
        way = rng.choices(list(_WAYS), list(_WAYS.values()))[0]
        line = self._line("narrowed", way)
        places = [name for name in ("n", "o", "m", "r") if "{" + name + "}" in template]
        whole = template.format_map(said)
        if way == "front":
            whole = f"{line} {whole}"
        elif way == "then":
            whole = f"{whole.rstrip('?. ,')}{rng.choice(('?', '?', '.', ';', ','))} {line}"
        elif not places:
            return None
        else:
            name = rng.choice(places)
            noun = said[name]
            article = next((a for a in ("the ", "all ", "a ", "an ", "any ") if noun.startswith(a)), "")
            bare = noun[len(article) :]
            if way == "instead":
                whole = f"{rng.choice(_ASKING)} {line} of {article or 'the '}{bare}"
            else:
                told = f"{line} {bare}" if way == "modifier" else f"{bare} {line}"
                whole = template.format_map({**said, name: f"{article}{told}"})
        return way, " ".join(whole.split())

    def _filled(self, kind: str, template: str) -> tuple[dict[str, str], dict[str, str]]:
        """What fills the gaps, as said and as plainly said."""
        rng = self.rng
        covers = rng.sample(sorted(set(words.COVERS)), 5)
        if rng.random() < 0.7 and covers[0] in ("urban", "solar", "road"):
            covers = rng.sample(
                ("forest", "water", "grass", "agric", "barren", "roof", "road", "vegetation"), 5
            )
        thing = (
            rng.choice(words.THINGS)
            if "{n" in template or "{o" in template or "{N" in plain_forms()[kind]
            else covers[0]
        )
        if kind.startswith("part of cover") and thing in ("roof", "solar") and "area" not in template:
            thing = rng.choice(
                ("forest", "grass", "agric", "road", "barren")
            )  # of things, their number is meant
        of = Choice("solar" if kind == "power" else thing, rng)
        beside = Choice(rng.choice([t for t in words.REFERENCES if t != thing]), rng)
        third = Choice(rng.choice([t for t in words.REFERENCES if t not in (thing, beside.topic)]), rng)
        others = [
            Choice(t, rng)
            for t in covers
            if t not in (thing, "vegetation", "urban") and of.topic not in ("vegetation", "urban")
        ] or [Choice("water" if thing != "water" else "forest", rng)]
        second, last = others[0], others[-1] if len(others) > 1 else Choice("barren", rng)
        counted = Choice(rng.choice([t for t in ("roof", "water", "solar", "agric") if t != thing]), rng)
        (d, d_said), (s, s_said) = words.length(rng), words.area(rng)
        (e, e_said), (t, t_said) = words.length(rng, d), words.area(rng, s)
        if rng.random() < 0.3 and kind.startswith("count"):
            e, e_said = d, d_said
        unit, unit_said, key = words.area_unit(rng)
        far, far_said = words.length_unit(rng)
        asked = "{U}" in template or "{V}" in template or ("{u}" in template and rng.random() < 0.5)
        asked_far = "{L}" in template or ("{v}" in template and rng.random() < 0.45)
        record, share = topic_of(of.topic), self._share()
        k = rng.choice((1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 50, 100))
        per, per_said = rng.choice(
            (
                ("ha", "hectare"),
                ("ha", "ha"),
                ("km2", "square kilometre"),
                ("km2", "km2"),
                ("acres", "acre"),
                ("km2", "sq km"),
            )
        )
        watts = rng.choice((100, 120, 150, 160, 180, 200, 220, 250, 175))
        c_said, c_plain = self._condition(kind, beside) if "{c}" in template else ("", "")
        said = {
            "n": of.say("many"), "o": of.say("one"), "m": of.say("mass"), "c": c_said, "r": beside.reference(),
            "r1": beside.say("one"),
            "q1": third.say("one"), "q": third.reference(), "d": d_said, "e": e_said, "s": s_said, "t": t_said,
            "u": words.asked_in(rng, unit_said) if asked else "", "U": unit_said, "V": key, "L": far_said,
            "v": words.asked_in(rng, far_said) if asked_far else "", "x": second.say("mass"), "z": last.say("mass"),
            "y": counted.say("many"), "y1": counted.say("one"), "k": words.number(rng, k), "h": share[0], "p": per_said,
            "w": f"{watts} {rng.choice(('w/m2', 'W/m²', 'watts per square metre', 'W per m2'))}", "f": "twice",
        }  # fmt: skip
        if "{r1}" in template and "{r}" not in template and beside.topic == "road":
            said["r1"] = "road"
        plain = {
            "B": topic_of(beside.topic).one,
            "N": record.many, "O": record.one, "M": record.mass, "C": c_plain, "R": topic_of(beside.topic).mass,
            "Q": topic_of(third.topic).mass, "D": str(d), "E": str(e), "S": str(s), "T": str(t),
            "W": f", in {_plainly(unit)}" if asked else "", "L": f", in {far.symbol}" if asked_far else "",
            "X": topic_of(second.topic).mass, "Z": topic_of(last.topic).mass, "Y": topic_of(counted.topic).many,
            "K": str(k), "H": share[1], "P": per, "F": f"{watts} w/m2",
        }  # fmt: skip
        return said, plain

    def _share(self) -> tuple[str, str]:
        rng = self.rng
        named = (
            ("half", "50%"), ("a quarter", "25%"), ("one fifth", "20%"), ("a tenth", "10%"),
            ("one twentieth", "5%"), ("three quarters", "75%"),
        )  # fmt: skip
        if rng.random() < 0.35:
            return rng.choice(named)
        value = rng.choice((1, 2, 5, 8, 10, 12, 15, 20, 25, 30, 33, 40, 50, 60, 75))
        return f"{value}{rng.choice(('%', ' %', ' percent', ' per cent'))}", f"{value}%"

    def _condition(self, kind: str, beside: Choice) -> tuple[str, str]:
        """A condition behind a noun, or none."""
        rng, sections = self.rng, _sections("conditions")
        takes = {
            "count": 0.62,
            "share of things": 1.0,
            "area": 0.35,
            "size": 0.35,
            "median size": 0.2,
            "presence": 0.4,
        }
        takes |= {"more than count": 0.25, "fewer than count": 0.2, "at least count": 0.2, "lists": 0.3}
        if rng.random() >= takes.get(kind, 0):
            return "", ""
        said, plain = self._one_condition(kind, beside, sections)
        return f" {said}", f" {plain}"

    def _one_condition(self, kind: str, beside: Choice, sections: dict[str, list[str]]) -> tuple[str, str]:
        rng = self.rng
        names = {**_LENGTHS, **_TOUCH} if kind in ("area", "presence") else {**_LENGTHS, **_AREAS, **_TOUCH}
        weights = {"within": 6, "beyond": 5, "nearer": 3, "larger": 5, "smaller": 4, "at least as large": 4}
        name = rng.choices(list(names), [weights.get(one, 1.2) for one in names])[0]
        (d, d_said), (s, s_said) = words.length(rng), words.area(rng)
        (e, e_said), (t, t_said) = words.length(rng, d), words.area(rng, s)
        if name in ("ring", "sized between"):
            if e.unit == d.unit and rng.random() < 0.6:
                d_said = f"{d.value:g}"
            if s.unit == t.unit and rng.random() < 0.6:
                s_said = f"{s.value:g}"
        template = chosen(rng, rng.choice(sections[name]))
        said = template.format(d=d_said, e=e_said, s=s_said, t=t_said, r=beside.reference())
        plain = names[name].format(d=d, e=e, s=s, t=t, r=topic_of(beside.topic).mass)
        return said, plain

    def _clothed(self, text: str) -> str:
        """With openers, closers, slips and the synonyms of small words."""
        rng, clothing = self.rng, _sections("clothing")
        for line in rng.sample(clothing["synonyms"], len(clothing["synonyms"]) // 7):
            old, new = line.split(" : ") if " : " in line else (line.rstrip(" :"), "")
            if rng.random() < 0.25:
                text = re.sub(rf"\b{re.escape(old.strip())}\b", new.strip(), text, count=1)
        if rng.random() < 0.08:
            text = re.sub(r"\b(the|a|an) ", "", text)
        text = _TWICE.sub("", " ".join(text.split()))
        if rng.random() < 0.08:
            text = self._interrupted(text)
        if rng.random() < 0.26:
            text = f"{self._line('talk', 'before')} {text}"
        if rng.random() < 0.2:
            text = f"{text.rstrip('?. ') if rng.random() < 0.5 else text}{self._line('talk', 'behind')}"
        while rng.random() < 0.36:
            text = f"{rng.choice(clothing['opener'])} {text}"
        while rng.random() < 0.32:
            closer = rng.choice(clothing["closer"])
            text = (
                text.rstrip("?.! ") + closer if not closer[0].isalpha() else f"{text.rstrip('?.! ')} {closer}"
            )
        if rng.random() < 0.12:
            text = slipped(rng, text)
        return lowered(text)

    def _interrupted(self, text: str) -> str:
        """With talk in the middle of it, before a small word."""
        places = [found.start() for found in re.finditer(r" (?:are|is|do|does|within|that|in|of)\b", text)]
        if not places:
            return text
        place = self.rng.choice(places)
        return f"{text[:place]}{' ' if (line := self._line('talk', 'inside'))[0] in '(-' else ''}{line}{text[place:]}"


def kept_aside(line: str) -> bool:
    """Whether a phrase is among the one in twelve from which nothing is learned.

    >>> sum(kept_aside(f"phrase {number}") for number in range(1200))
    114
    """
    return zlib.crc32(line.encode()) % 12 == 0


def slipped(rng: random.Random, text: str) -> str:
    """With a letter of a longer word lost, doubled or swapped.

    >>> slipped(random.Random(1), "buildings") != "buildings"
    True
    """
    places = list(re.finditer(r"[a-z]{5,}", text))
    if not places:
        return text
    found = rng.choice(places)
    word, place = found.group(), rng.randrange(1, len(found.group()) - 1)
    changed = rng.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        )
    )
    return text[: found.start()] + changed + text[found.end() :]


def _plainly(unit: Unit) -> str:
    return unit.symbol.replace("²", "2")
