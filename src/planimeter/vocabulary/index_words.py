"""Spectral indices in questions: "NDVI above 0.4" is ground that can be measured like any topic."""

from __future__ import annotations

import re
from dataclasses import dataclass

from planimeter.vocabulary.topics import SMALLEST, Topic

#: Indices that questions may name, as `planimeter.segment.index.formulas` knows them.
INDICES = ("NDVI", "SAVI", "EVI", "NDWI", "MNDWI", "NDMI", "NBR", "NDSI", "NDBI", "BSI", "NDRE")

#: What indices are called in full.
_IN_FULL = {
    r"normali[sz]ed difference vegetation index": "NDVI",
    r"soil[- ]adjusted vegetation index": "SAVI",
    r"enhanced vegetation index": "EVI",
    r"modified normali[sz]ed difference water index": "MNDWI",
    r"normali[sz]ed difference water index": "NDWI",
    r"normali[sz]ed difference moisture index": "NDMI",
    r"normali[sz]ed burn ratio": "NBR",
    r"normali[sz]ed difference snow index": "NDSI",
    r"normali[sz]ed difference built[- ]?up index": "NDBI",
    r"bare soil index": "BSI",
    r"normali[sz]ed difference red[- ]?edge index": "NDRE",
}
_COMPARISONS = {
    "above": "above|over|greater than|more than|higher than|larger than|exceeding|exceeds|>",
    "below": "below|under|less than|lower than|smaller than|<",
    "at least": "at least|>=|≥|not below|no less than",
    "at most": "at most|<=|≤|not above|no more than",
}
#: Two bounds at once; both belong to the range.
BETWEEN = "between"
_DIGITS = (
    r"(?<![\d.])[-−]?(?:\d++(?:\.\d++)?|\.\d++)"  # never given back: many digits would be tried over and over
)
_NUMBER = rf"{_DIGITS}(?![\d.]*\d|\s*%)"
#: A second number is a bound of the index only where no unit makes it something else's.
_UNITS = r"%|per\s?cent|[ck]?m[²2]?\b|ha\b|hectares?\b|acres?\b|met(?:er|re)|kilomet|sq|pixel"
_BARE = rf"{_DIGITS}(?![\d.]*\d|\s*(?:{_UNITS}))"
_COMPARING = "|".join(f"(?:{words})" for words in _COMPARISONS.values())
_PHRASE = re.compile(
    rf"(?:(?P<left>{_NUMBER})\s*(?P<sign><=|<|≤)\s*)?"
    r"\b(?:an?\s+|the\s+)?(?P<index>" + "|".join(INDICES) + r")(?:\s+(?:value|values|index))?"
    r"(?:\s+(?:of|is|are|that is|that lies|lies|ranging|ranges))?\s*"
    rf"(?:(?:between|(?:with)?in the range(?: of| from| between)?|from)\s*(?P<low>{_NUMBER})\s*"
    rf"(?:and|to|[-–—])\s*(?P<high>{_BARE})"
    rf"|(?P<comparison>{_COMPARING})\s*(?P<number>{_NUMBER})"
    rf"(?:\s*,?\s*(?:and|but)\s+(?:is\s+|are\s+|of\s+)?(?P<second>{_COMPARING})\s*(?P<other>{_BARE}))?)",
    re.IGNORECASE,
)
_BEFORE = 40  # characters in front of an index that may ask for a statistic of it
_PART = re.compile(
    r"\b(?:area|much|land|ha|hectares?|acres?|[ck]?m2|m²|km²|(?:square|sq) \w+)\s+of\s+"
    r"(?!(?:the\s+|this\s+)?(?:whole\s+)?(?:image|picture|photo|scene|land|ground)\b)[^,?]+$",
    re.IGNORECASE,
)
_AREA = re.compile(r"\b(?:what|which)\s+(?:total\s+)?area\s+(?:has|have)\s+$", re.IGNORECASE)
_PIXELS = re.compile(r"\s+of\s+(?:all\s+)?(?:the\s+)?pixels\s+(?:has|have)\s+$", re.IGNORECASE)
#: What asks for a value of the index, so that a number behind it is held against that.
_STATISTIC = re.compile(
    r"\b(?:mean|average|median|max(?:imum)?|min(?:imum)?|highest|lowest)\s+$", re.IGNORECASE
)
_NAMED_BOUND = r"(above|below|at_least|at_most|between)_(minus_)?(\d+)(?:_(\d+))?"
_NAME = re.compile(
    rf"([a-z]{{2,6}})_{_NAMED_BOUND}(?:_and_(above|below|at_least|at_most)?_?(minus_)?(\d+)(?:_(\d+))?)?"
)
_GROUND = r"(?P<ground>land|ground|surface|pixels|areas?|regions?|patch|patches)"


@dataclass(frozen=True)
class IndexPhrase:
    """An index on one side of a number, or between two, as a question says it.

    Attributes:
        index: the index's name.
        bounds: one or two pairs of "above", "below", "at least" or "at most" and a number, the lower one first.
    """

    index: str
    bounds: tuple[tuple[str, float], ...]

    @property
    def said(self) -> str:
        """As readings say it.

        Example:
            >>> IndexPhrase("NDVI", (("above", 0.4),)).said
            'NDVI above 0.4'
            >>> IndexPhrase("NDVI", (("at least", 0.2), ("at most", 0.5))).said
            'NDVI between 0.2 and 0.5'
            >>> IndexPhrase("NDVI", (("above", 0.2), ("at most", 0.5))).said
            'NDVI above 0.2 and at most 0.5'
        """
        plain = [_plain(number) for _, number in self.bounds]
        if tuple(comparison for comparison, _ in self.bounds) == ("at least", "at most"):
            return f"{self.index} {BETWEEN} {plain[0]} and {plain[1]}"
        pairs = zip(self.bounds, plain, strict=True)
        return f"{self.index} {' and '.join(f'{comparison} {number}' for (comparison, _), number in pairs)}"

    @property
    def topic(self) -> Topic:
        """The ground where that is so, as a topic.

        Example:
            >>> IndexPhrase("NDVI", (("above", 0.4),)).topic.name
            'ndvi_above_0_4'
        """
        name = re.sub(r"[^a-z0-9]+", "_", self.said.lower().replace("-", "minus "))
        land = f"land with {self.said}"
        return Topic(
            name, land, f"region with {self.said}", f"regions with {self.said}", "#8E8E38", False, masses=self.word,
            smallest=SMALLEST,
        )  # fmt: skip

    @property
    def word(self) -> str:
        """A word for it that no language has, to stand in a question in its place."""
        return self.index.lower() + "".join(
            comparison.replace(" ", "")
            + "x"
            + "".join({"-": "m", ".": "p"}.get(c) or chr(ord("a") + int(c)) for c in _plain(number))
            for comparison, number in self.bounds
        )


def _plain(number: float) -> str:
    """A number without an exponent, to six decimals."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def index_topic(name: str) -> Topic | None:
    """The topic of an index phrase, by its name alone; None where the name is none of these.

    Example:
        >>> index_topic("ndvi_at_least_minus_0_25").mass, index_topic("roof")
        ('land with NDVI at least -0.25', None)
        >>> index_topic("ndvi_between_minus_0_25_and_0_5").mass, index_topic("ndvi_above_0_2_and_below_0_5").mass
        ('land with NDVI between -0.25 and 0.5', 'land with NDVI above 0.2 and below 0.5')
    """
    match = _NAME.fullmatch(name)
    if match is None or match[1].upper() not in INDICES:
        return None
    first, second = (_named(*match.groups()[at : at + 4]) for at in (1, 5))
    bounds: tuple[tuple[str, float], ...]
    if first[0] == BETWEEN:
        bounds = (("at least", first[1]), ("at most", second[1]))
    else:
        bounds = (first, second)[: 2 if match[8] else 1]
    found = IndexPhrase(match[1].upper(), bounds).topic
    return found if found.name == name else None


def _named(
    comparison: str | None, minus: str | None, whole: str | None, part: str | None
) -> tuple[str, float]:
    return (comparison or "").replace("_", " "), float(f"{'-' if minus else ''}{whole or 0}.{part or 0}")


def index_phrases(text: str) -> list[IndexPhrase]:
    """The index phrases of a question, each once.

    Example:
        >>> [phrase.said for phrase in index_phrases("Is NDVI > 0.4 on more land than an NDWI of at least 0?")]
        ['NDVI above 0.4', 'NDWI at least 0']
        >>> [phrase.said for phrase in index_phrases("NDVI from 0.2 to 0.5, NDWI below 0 and over -0.3, 0 < EVI <= 1")]
        ['NDVI between 0.2 and 0.5', 'NDWI above -0.3 and below 0', 'EVI above 0 and at most 1']
    """
    return list(dict.fromkeys(phrase for _, phrase in _found(text)))


def names_an_index(text: str) -> bool:
    """Whether a question names a spectral index.

    Example:
        >>> names_an_index("What is the mean NDVI?"), names_an_index("How much water is there?")
        (True, False)
    """
    return re.search(rf"\b(?:{'|'.join(INDICES)})\b", in_short(text)) is not None


def in_short(text: str) -> str:
    """A question with the short names of indices in place of those in full.

    Example:
        >>> in_short("What is the mean normalized difference vegetation index (NDVI) of the fields?")
        'What is the mean NDVI of the fields?'
    """
    if "ndex" not in text and "atio" not in text:
        return text
    for words, name in _IN_FULL.items():
        text = re.sub(rf"\b{words}\b(?:\s*\({name}\))?", name, text, flags=re.IGNORECASE)
    return text


def _found(text: str) -> list[tuple[re.Match[str], IndexPhrase]]:
    matches = [
        match
        for match in _PHRASE.finditer(text)
        if not _STATISTIC.search(text, max(0, match.start("index") - _BEFORE), match.start("index"))
    ]
    return [(match, phrase) for match in matches if (phrase := _phrase(match)) is not None]


def with_index_words(text: str) -> str:
    """A question with one word in place of each index phrase, in a form in which topics are asked for.

    Example:
        >>> with_index_words("What percentage of the image has NDVI above 0.4?")
        'What percentage of the image is ndviabovexape?'
        >>> with_index_words("How many hectares of land with NDVI below 0 are there?")
        'How many hectares of ndvibelowxa are there?'
        >>> with_index_words("What percentage of the pixels have NDVI between 0 and 0.5?")
        'What percentage is ndviatleastxaatmostxapf?'
    """
    for match, phrase in reversed(_found(text)):
        before, word, after = text[: match.start()], phrase.word, text[match.end() :]
        before = _AREA.sub("what is the area of ", _PIXELS.sub(" has ", before))
        has = re.search(r"\b(has|have)\s+$", before, re.IGNORECASE)
        # Ground of something else is measured as far as it lies there: "how many hectares of the forest have NDVI …".
        part = has is not None and _PART.search(before[: has.start()]) is not None
        ground = re.search(
            rf"\b{_GROUND}\s+(?:with|where|having|that has|that have|whose)\s+$", before, re.IGNORECASE
        )
        alone = re.search(r"\b(?:with|where|having)\s+$", before, re.IGNORECASE)
        if ground:
            kind = ground["ground"].lower()
            noun = word if kind in ("land", "ground", "surface", "pixels") else f"{word} {kind}"
            text = f"{before[: ground.start()]}{noun}{after}"
        elif has:
            verb = "is" if has[1].lower() == "has" else "are"
            text = f"{before[: has.start()]}{verb} {'in ' if part else ''}{word}{after}"
        elif alone:
            text = f"{before[: alone.start()]}of {word}{after}"
        else:
            text = f"{before}{word}{after}"
    return text


def _phrase(match: re.Match[str]) -> IndexPhrase | None:
    """What a match says; None where its bounds leave nothing between them, or are on one side."""
    if match["low"]:
        low, high = sorted((_number(match["low"]), _number(match["high"])))
        bounds = [("at least", low), ("at most", high)]
    else:
        bounds = [
            (_comparison(match[said]), _number(match[number]))
            for said, number in (("comparison", "number"), ("second", "other"))
            if match[said]
        ]
    if match["left"]:
        bounds.append(("above" if match["sign"] == "<" else "at least", _number(match["left"])))
    bounds.sort(key=lambda bound: (bound[0] in _UPPER, bound[1]))
    if len(bounds) == 2:
        (low_sign, first), (high_sign, second) = bounds
        one_value = low_sign.startswith("at") and high_sign.startswith("at")
        if low_sign in _UPPER or high_sign not in _UPPER or first > second - (0 if one_value else 1e-9):
            return None
    return IndexPhrase(match["index"].upper(), tuple(bounds)) if 1 <= len(bounds) <= 2 else None


_UPPER = ("below", "at most")


def _comparison(said: str) -> str:
    plain = " ".join(said.lower().split())
    return next(name for name, words in _COMPARISONS.items() if re.fullmatch(words, plain))


def _number(said: str) -> float:
    return float(said.replace("−", "-")) + 0.0
