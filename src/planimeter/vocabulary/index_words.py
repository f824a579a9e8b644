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
_NUMBER = r"(?P<number>[-−]?(?:\d+(?:\.\d+)?|\.\d+))(?![\d.]*\d|\s*%)"
_PHRASE = re.compile(
    r"\b(?:an?\s+|the\s+)?(?P<index>" + "|".join(INDICES) + r")(?:\s+(?:value|values|index))?"
    r"(?:\s+(?:of|is|are|that is))?\s*"
    r"(?P<comparison>" + "|".join(f"(?:{words})" for words in _COMPARISONS.values()) + r")\s*" + _NUMBER,
    re.IGNORECASE,
)  # fmt: skip
_PART = re.compile(
    r"\b(?:area|much|land|ha|hectares?|acres?|[ck]?m2|m²|km²|(?:square|sq) \w+)\s+of\s+"
    r"(?!(?:the\s+|this\s+)?(?:whole\s+)?(?:image|picture|photo|scene|land|ground)\b)[^,?]+$",
    re.IGNORECASE,
)
#: What asks for a value of the index, so that a number behind it is held against that.
_STATISTIC = re.compile(
    r"\b(?:mean|average|median|max(?:imum)?|min(?:imum)?|highest|lowest)\s+$", re.IGNORECASE
)
_NAME = re.compile(r"([a-z]{2,6})_(above|below|at_least|at_most)_(minus_)?(\d+)(?:_(\d+))?")
_GROUND = r"(?P<ground>land|ground|surface|pixels|areas?|regions?|patch|patches)"


@dataclass(frozen=True)
class IndexPhrase:
    """An index on one side of a number, as a question says it.

    Attributes:
        index: the index's name.
        comparison: "above", "below", "at least" or "at most".
        number: the threshold.
    """

    index: str
    comparison: str
    number: float

    @property
    def said(self) -> str:
        """As readings say it.

        Example:
            >>> IndexPhrase("NDVI", "above", 0.4).said
            'NDVI above 0.4'
        """
        return f"{self.index} {self.comparison} {self.plain}"

    @property
    def plain(self) -> str:
        """The number without an exponent, to six decimals."""
        return f"{self.number:.6f}".rstrip("0").rstrip(".")

    @property
    def topic(self) -> Topic:
        """The ground where that is so, as a topic.

        Example:
            >>> IndexPhrase("NDVI", "above", 0.4).topic.name
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
        letters = "".join({"-": "m", ".": "p"}.get(c) or chr(ord("a") + int(c)) for c in self.plain)
        return f"{self.index.lower()}{self.comparison.replace(' ', '')}x{letters}"


def index_topic(name: str) -> Topic | None:
    """The topic of an index phrase, by its name alone; None where the name is none of these.

    Example:
        >>> index_topic("ndvi_at_least_minus_0_25").mass, index_topic("roof")
        ('land with NDVI at least -0.25', None)
    """
    match = _NAME.fullmatch(name)
    if match is None or match[1].upper() not in INDICES:
        return None
    number = float(f"{'-' if match[3] else ''}{match[4]}.{match[5] or 0}")
    return IndexPhrase(match[1].upper(), match[2].replace("_", " "), number).topic


def index_phrases(text: str) -> list[IndexPhrase]:
    """The index phrases of a question, each once.

    Example:
        >>> [phrase.said for phrase in index_phrases("Is NDVI > 0.4 on more land than an NDWI of at least 0?")]
        ['NDVI above 0.4', 'NDWI at least 0']
    """
    return list(dict.fromkeys(_phrase(match) for match in _found(text)))


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


def _found(text: str) -> list[re.Match[str]]:
    return [match for match in _PHRASE.finditer(text) if not _STATISTIC.search(text[: match.start("index")])]


def with_index_words(text: str) -> str:
    """A question with one word in place of each index phrase, in a form in which topics are asked for.

    Example:
        >>> with_index_words("What percentage of the image has NDVI above 0.4?")
        'What percentage of the image is ndviabovexape?'
        >>> with_index_words("How many hectares of land with NDVI below 0 are there?")
        'How many hectares of ndvibelowxa are there?'
    """
    for match in reversed(_found(text)):
        before, word, after = text[: match.start()], _phrase(match).word, text[match.end() :]
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


def _phrase(match: re.Match[str]) -> IndexPhrase:
    said = " ".join(match["comparison"].lower().split())
    comparison = next(name for name, words in _COMPARISONS.items() if re.fullmatch(words, said))
    return IndexPhrase(match["index"].upper(), comparison, float(match["number"].replace("−", "-")) + 0.0)
