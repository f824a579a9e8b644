"""What a sentence says that a rewriting must not lose: numbers and their direction, topics, the measure, a denial.

Read from the words alone, with tables, and the same way from a free wording and from a plain sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from planimeter.coder.grammar.clothing import undress
from planimeter.coder.grammar.lexer import Token, tokenize
from planimeter.coder.rewriter.phrases import (
    BEHIND,
    EXCLUDES,
    LE,
    LT,
    MEASURES,
    NEGATIONS,
    OPEN,
    PHRASES,
    PIECES,
    REMAINS,
    TURNED,
    YES_NO,
    ZONES,
)
from planimeter.coder.rewriter.tokens import lowered
from planimeter.errors import NotUnderstood
from planimeter.vocabulary.topics import nouns
from planimeter.vocabulary.units import PERCENT, Unit

_MEASURES = {name: re.compile(rf"\b(?:{words})\b") for name, words in MEASURES.items()}


@dataclass(frozen=True)
class Figure:
    """A number that a sentence gives.

    Attributes:
        value: as said.
        unit: behind it, or None.
        way: "gtx", "gex", "ltx", "lex" for more than, at least, less than, at most; "" where nothing says.
        beside: the topic that a distance is measured to, where the words behind it say.
    """

    value: float
    unit: Unit | None
    way: str = ""
    beside: str = ""


@dataclass
class Cues:
    """What a sentence says.

    Attributes:
        figures: its numbers.
        topics: canonical topics in the order in which they are named.
        counted: those of which separate regions are named ("lakes", "forest patches").
        measures: names of ``MEASURES`` of which there is a word.
        unit: the unit that the answer is asked for in.
        denied: whether something is denied beyond what turned a number's direction.
        yes_no: whether it can be a yes-or-no question; ``open``: whether it can be another.
        places: where its topics are named: the place among the words, and the topic.
        loose: its words but for those that name a topic.
        words: its words, as the lexer leaves them; "#" for a number, "~" for a unit.
        text: all of it, in lower case.
    """

    figures: list[Figure] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    counted: set[str] = field(default_factory=set)
    measures: set[str] = field(default_factory=set)
    units: list[Unit] = field(default_factory=list)
    denied: bool = False
    yes_no: bool = False
    open: bool = False
    subject: str = ""
    places: list[tuple[int, str]] = field(default_factory=list)
    loose: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)
    text: str = ""


def cues(text: str) -> Cues:
    """What a sentence says.

    Raises:
        NotUnderstood: it has characters or numbers that nobody can read.

    Example:
        >>> found = cues("How many houses are not within 50 m of a lake?")
        >>> found.topics, [(f.value, f.way, f.beside) for f in found.figures], found.denied
        (['roof', 'water'], [(50.0, 'gtx', 'water')], False)
    """
    text = _without_cry(re.sub(r"<[a-z_/ ]{2,20}>", " ", lowered(undress(text).text)).strip())
    raw = text
    for pattern, meant in PHRASES:
        text = re.sub(pattern, meant, text)
    text = re.sub(r"(?<=[a-z])_(?=[a-z0-9])", " ", text)
    text = re.sub(r"[^a-z0-9 .,;:?!()<>=%/+&~'-]", " ", text)
    tokens = [token for token in tokenize(text) if token.text not in ("a", "an", "the")]
    found = Cues(words=["#" if t.number is not None else "~" if t.unit else t.text for t in tokens], text=raw)
    places = found.places = _topics(tokens, found)
    plain = " ".join(found.words)
    said = re.sub(r"\s+", " ", text)
    found.measures = {name for name, pattern in _MEASURES.items() if pattern.search(plain)}
    found.measures |= {"difference"} if re.search(r"\) ?- ?[a-z]|[a-z] - [a-z]+ ?(?:area|\()", raw) else set()
    found.measures |= (
        {"percent"} if re.match(r".*\b100 ?\* ?area.*/ ?area ?\((?:image|scene|picture)", raw) else set()
    )
    found.measures |= {"ratio"} if re.search(r"\) ?/ ?[a-z]", raw) else set()
    bare = re.match(r"^(?:so |and |but )*(?:more|less|fewer|gtx|ltx|gex|lex)\b", said.strip())
    found.open = bool(OPEN.search(said))
    found.yes_no = bool(YES_NO.search(said.strip())) or "yes or no" in raw or bool(bare and not found.open)
    used = _figures(tokens, places, found, bool(EXCLUDES.search(plain)), bool(REMAINS.search(plain)))
    if any(unit.dimension == "percent" for unit in found.units):
        found.measures.add("percent")
    found.units = [unit for unit in found.units if unit.dimension != "percent"]
    found.denied = _still_denied(tokens, used, found, plain)
    asked = re.search(
        r"\b(?:how many|how much|number of|count of|count|quantity of"
        r"|(?:percentage|percent|share|proportion) (?:of|from)|area of"
        r"|(?<!on )average|(?<!on )mean)\b(?! (?:those|them|these)\b)",
        plain,
    )
    if asked:
        behind = len(plain[: asked.end()].split())
        found.subject = next((topic for place, topic in places if behind <= place <= behind + 5), "")
    return found


def _without_cry(text: str) -> str:
    """A question without an exclamation in front that narrows nothing."""
    match = re.match(r"^([a-z ,'-]{3,60}!) +(?=\w.{12})", text)
    narrows = {
        "only",
        "not",
        "no",
        "without",
        "just",
        "except",
        "large",
        "big",
        "small",
        "count",
        "how",
        "what",
    }
    return text[match.end() :] if match and not narrows & set(re.findall(r"[a-z]+", match[1])) else text


def _topics(tokens: list[Token], found: Cues) -> list[tuple[int, str]]:
    """Where topics are named."""
    known, places, place = nouns(), [], 0
    words = found.words
    named: list[int] = []
    while place < len(words):
        for length in (4, 3, 2, 1):
            noun = known.get(" ".join(words[place : place + length]))
            if noun is not None and len(words) >= place + length:
                places.append((place, noun.topic))
                near = {*words[max(0, place - 3) : place], *words[place + length : place + length + 2]}
                if noun.kind == "thing" or near & PIECES:
                    found.counted.add(noun.topic)
                if noun.topic not in found.topics:
                    found.topics.append(noun.topic)
                named += range(place, place + length)
                behind = words[place + length : place + length + 1]
                named += [place + length] if set(behind) & PIECES - {"area"} else []
                place += length
                break
        else:
            place += 1
    found.loose = {word for n, word in enumerate(words) if n not in named}
    return places


def _figures(
    tokens: list[Token], topics: list[tuple[int, str]], found: Cues, excludes: bool, remains: bool
) -> set[int]:
    """Read the numbers; places of the negations that turned one."""
    used: set[int] = set()
    before = 0
    numbers = [place for place, token in enumerate(tokens) if token.number is not None]
    distances = 0
    for place, token in enumerate(tokens):
        alone = place == 0 or tokens[place - 1].number is None
        if token.unit is not None and alone and token.unit.dimension != "pixel":
            found.units.append(token.unit)
    for index, place in enumerate(numbers):
        token = tokens[place]
        assert token.number is not None
        unit = tokens[place + 1].unit if place + 1 < len(tokens) else None
        if unit is None and index + 1 < len(numbers) and tokens[numbers[index + 1] - 1].text in ("and", "to"):
            later = numbers[index + 1] + 1
            unit = tokens[later].unit if numbers[index + 1] == place + 2 and later < len(tokens) else None
        behind = place + (2 if place + 1 < len(tokens) and tokens[place + 1].unit is not None else 1)
        clause = _clause_start(tokens, place, before)
        way, at = _way(tokens, clause, place, behind)
        length = unit is not None and unit.dimension == "length"
        ranged = "between" in [t.text for t in tokens[max(0, place - 4) : place]] or (
            place >= 2 and tokens[place - 1].text in ("and", "to") and tokens[place - 2].unit is not None
        )
        ranged = ranged or (
            place >= 2 and tokens[place - 1].text in ("and", "to") and tokens[place - 2].number is not None
        )
        ranged = ranged or (
            behind + 1 < len(tokens)
            and tokens[behind].text in ("and", "to")
            and tokens[behind + 1].number is not None
        )
        if (
            not way
            and length
            and not ranged
            and ZONES & {t.text for t in tokens[max(0, place - 6) : behind + 5]}
        ):
            way, at = LE, place
        last = found.figures[-1] if found.figures else None
        if (
            not way
            and length
            and not ranged
            and place
            and tokens[place - 1].text in ("or", "and")
            and last is not None
            and last.unit is not None
            and last.unit.dimension == "length"
        ):
            way, at = last.way, place  # "within 20 m of a road or 30 m of a lake"
            turned_before = True
        else:
            turned_before = False
        if way and not turned_before:
            turned = [
                n
                for n in range(clause, at)
                if tokens[n].text in NEGATIONS and not _denies_noun(tokens, n, topics)
            ]
            if turned:
                used.update(turned)
                way = TURNED[way]
            elif length and way in (LE, LT) and (remains or excludes):
                way, distances = TURNED[way], distances + 1
            elif not length and excludes and unit is not None and unit.dimension == "area":
                way = TURNED[way]
        beside = ""
        for topic_place, topic in topics:
            if behind <= topic_place <= behind + 5:
                between = list(tokens[behind:topic_place])
                if not any(
                    t.number is not None
                    or t.before in (",", ";", ".", "?", ")")
                    or t.text in ("and", "or", "but")
                    for t in between
                ) and tokens[topic_place].before not in (",", ";", ".", "?", ")"):
                    beside = topic
                break
        value = token.number
        following = tokens[place + 1].text if place + 1 < len(tokens) else ""
        if (
            token.said == "one"
            and unit is None
            and not token.fraction
            and not following.endswith(("th", "ths"))
        ):
            continue
        if unit is None and token.fraction:
            value, unit = 100 * value, PERCENT
        found.figures.append(Figure(round(value, 6), unit, way, beside if length else ""))
        before = behind
    if distances > 1:
        found.denied = True
    return used


_COVERED = frozenset(("covered", "by", "in", "on", "under", "part", "of"))


def _denies_noun(tokens: list[Token], place: int, topics: list[tuple[int, str]]) -> bool:
    """Whether a denial is that of the noun behind it ("land that is not forest within 50 m"), not of a number."""
    nouns_at = {start for start, _ in topics}
    word = tokens[place].text
    behind = next(
        (n for n in range(place + 1, min(place + 4, len(tokens))) if tokens[n].text not in _COVERED), place
    )
    if word in ("not", "non") and behind in nouns_at:
        return True
    # "Neither built-up nor within 50 m of a house", where "neither a house nor a road within 50 m" is of the number.
    if word not in ("neither", "nor") or place + 1 not in nouns_at:
        return False
    nor = next((n for n in range(place + 1, len(tokens)) if tokens[n].text == "nor"), None)
    return nor is not None and nor + 1 not in nouns_at


def _clause_start(tokens: list[Token], place: int, before: int) -> int:
    """Where the clause of a number begins: behind the last number, comma or conjunction."""
    for start in range(place, before, -1):
        if tokens[start].before in (";", ".", "?", ":"):
            return start
        if tokens[start - 1].text in ("but",) or (tokens[start].before == "," and start < place):
            return start
    return before


def _way(tokens: list[Token], clause: int, place: int, behind: int) -> tuple[str, int]:
    """The direction of a number, and where its word stands."""
    rest = " ".join(token.text for token in tokens[behind : behind + 2])
    if (
        place >= 2
        and tokens[place - 1].text in ("and", "to", "-", "–")
        and (tokens[place - 2].number is not None or tokens[place - 2].unit is not None)
    ):
        return "", place
    if (
        behind + 1 < len(tokens)
        and tokens[behind].text in ("and", "to")
        and tokens[behind + 1].number is not None
    ):
        return "", place
    for pattern, way in BEHIND:
        if pattern.match(rest):
            return way, place
    for at in range(place - 1, max(clause - 1, place - 7, -1), -1):
        if tokens[at].text in TURNED:
            return tokens[at].text, at
        if tokens[at].text in ("between", "ring"):
            return "", at
    return "", place


def _still_denied(tokens: list[Token], used: set[int], found: Cues, plain: str) -> bool:
    """Whether a word denies or excludes and no number was turned by it."""
    free = [n for n, token in enumerate(tokens) if token.text in NEGATIONS and n not in used]
    if free:
        return True
    turning = any(figure.way for figure in found.figures)
    return found.denied or (not turning and bool(EXCLUDES.search(plain) or REMAINS.search(plain)))


def readable(text: str) -> Cues | None:
    """What a sentence says; None where it cannot be read."""
    try:
        return cues(text)
    except NotUnderstood:
        return None
