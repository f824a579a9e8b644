"""Abbreviations, slips of the fingers and spelling: what was typed, brought to the words that the grammar knows.

A misspelt word is taken for another only where no English word of its own stands there, one word of the vocabulary is
nearest by edits, and it is neither a number, nor a negation, nor of another topic than the rest of the nearest. What
was taken for what is said with the answer.
"""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import ascii_lowercase

from planimeter.coder.grammar.forms import of_a_form
from planimeter.coder.grammar.lexer import Token
from planimeter.vocabulary.topics import nouns as topic_nouns
from planimeter.vocabulary.units import UNITS


def _table(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in pairs)


_SHORT = _table(
    # pictures, and words of chats that say nothing
    (r"(?<=[?.!])\s*[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]+", ""),
    (r"\s*[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]+", ". "),
    (r"(?:^|(?<=[\s,.!?]))(?:lol|lmao|rofl|bruh|bro|tbh|ngl|fr|rn|omg|imo|imho|hiya|heya|pls|plz|af|lemme\s+know)(?=[\s,.!?]|$)\s*,?", " "),
    (r"(?<=[a-z])\s+r\s+(?=(?:there|on|in|within|near|less|more|like|u|we|they|the)\b)", " are "),
    (r"\bhow\s+many\s+r\s+", "how many are "),
    (r"\babt\b", "about"),
    (r"\bon\s+here\b", "here"),
    (r"\b(?:is|are)\s+like\s+(?=less|more|within|closer|under|over|at\b)", "are "),
    (r"\b(solar panel|house|building|tree|lake|pond|field|road)\s+thing(?:ie|y)?s?\b", r"\1s"),
    # who is greeted, and who signs
    (r"^\s*(?:hi|hello|hey|dear|(?:good\s+)?(?:morning|afternoon|evening))\s+(?-i:[A-Z][a-z]+)\s*[,:!–-]+\s*", ""),
    (r"(?:^|(?<=[?.!,]))\s*(?:(?:many\s+)?thanks|thank\s+you|thx|(?:best|kind)?\s*regards|best|cheers|yours|sincerely|appreciate\s+it)\s*[,.!]+\s+(?-i:[A-Z])[\w.'-]*(?:[\s,]+(?-i:[A-Z])[\w.'-]*){0,4}\s*$", ""),
    (r"(?<=[?.!])\s+(?-i:[A-Z])\.(?:\s+(?-i:[A-Z][a-z]+))?\s*$", ""),
    (r"\brds?\b(?=\s*(?:$|[?,.]|to\b|and\b|from\b|in\b))", "road"),
    # numbers of requirements, names of fields
    (r"^\s*[A-Z]{1,4}-?\d{1,4}\s*[:.)–-]\s+", ""),
    (r"^\s*(?:the\s+(?:flag|field|column|metric|value)\s+)?`?[a-z]+(?:_[a-z0-9]+)+`?\s*(?:=|equals|is(?:\s+an?\s+(?:integer|float|number)\s+and\s+equals)?|holds|gives|contains|stores|returns|answers)\s+(?=(?:the|total|area|number|count|whether|mean|median|average|percentage|forest|building|buildings)\b)", ""),
    (
        r"^\s*(?:no\s*,?\s*)?(?:that'?s|that\s+is|this\s+is)\s+not\s+what\s+i\s+(?:asked|meant|want|wanted|said)(?:\s+for)?\s*[.,:;!-]+\s*",
        "",
    ),
    (r"(?:#|№)\s*(?:of\s+)?(?=[a-z])", "number of "),
    (r"\b(?:no|nr|num|nbr|nb|cnt|qty)\.?\s+of\b", "number of"),
    (r"^\s*(?:n|nr|num|nbr|nb|cnt|qty|count)\.?\s+(?=[a-z]+s\b)", "number of "),
    (r"\bavg\.?(?=\s)", "average"),
    (r"\btot\.?(?=\s)", "total"),
    (r"\bmax\.?(?=\s)", "maximum"),
    (r"\bmin\.?(?=\s+(?:size|area|distance|dist)\b)", "minimum"),
    (r"\bdist\.?(?=\s)", "distance"),
    (r"\bperc\.?(?=\s)", "percent"),
    (r"\bbldgs\b", "buildings"),
    (r"\bbldg\b\.?", "building"),
    (r"\bveg\.?(?=\s|$|\?)", "vegetation"),
    (r"\bag(?=\s+land\b)", "agricultural"),
    (r"\bw/in\b", "within"),
    (r"\bw/o\b", "without"),
    (r"\bw/(?=\s|\d)", "with "),
    (r"\bb/w\b", "between"),
    (r"@(?=\s*\d)", " at "),
    (r"\b([kmg]w)p\b", r"\1"),
    (r"\b(?:mtrs?|mts|metr)\b", "metres"),
    (r"\b(?:hect|hec)\b\.?", "hectares"),
    (r"\bsq\.?[\s-]*(m|km|ft|mi|yd)\b\.?(?!\s*$)", r"sq \1"),
    (r"\b(met(?:er|re)s?|feet|foot|yards?|kilomet(?:er|re)s?|miles?)\s+squared?\b", r"square \1"),
    (r"(?<=\d)(\s?)(ha|km|ft|ac|m|m2|mi|yd)\.(?=\s+[a-z])", r"\1\2"),
    (
        r"\b(is|are)\s+(?:their|they're)\b(?=\s*(?:(?:more|less|fewer|any|a|an|some|no|at|exactly|only|in|on)\b|\d|[?.!]|$))",
        r"\1 there",
    ),
    (
        r"\b(more|less|larger|bigger|smaller|greater|fewer|closer|nearer|farther|further|higher|lower)\s+then\b",
        r"\1 than",
    ),
    (r"\b(?:just|only)\s+(?:a\s+single|one\s+single|one)\b", "only 1"),
    (r"\b(?:teh|hte)\b", "the"),
    (r"\b(?:aera|arae|aerea)\b", "area"),
    (r"\b(?:hwo|hou|howw)\b(?=\s+(?:many|much|meny|mnay|far|large|big))", "how"),
    (r"\b(how)\s*(?:mnay|meny|manny|mani|mny|amny)\b", r"\1 many"),
    (r"\b(how)\s*(?:mcuh|mutch|muhc|muh)\b", r"\1 much"),
    (r"\b(do|does|did|is|are|was|were|has|have|can|could|would|should)nt\b", r"\1n't"),
    (r"\bhowmany\b", "how many"),
    (r"\bhowmuch\b", "how much"),
    (r"\b(?:waht|wat|whta|hwat)\b", "what"),
    (r"\bwhats\b", "what is"),
    (r"\b(?:wich|whcih|wihch)\b", "which"),
    (r"\b(?:thier|theyr|ther)\b", "there"),
    (r"\b(?:withing|wihtin|witin|whithin|withn)\b", "within"),
    (r"\b(?:aer|ar)\s+there\b", "are there"),
    (r"\bbodys\b", "bodies"),
    (
        r"(?<=[a-z])\s+form\s+(?=(?:a|the|any)\s+(?:road|street|house|building|lake|river|forest|field|wood|water|pond))",
        " from ",
    ),
)  # fmt: skip


def expanded(text: str) -> str:
    """A question with abbreviations written out and commonplace slips put right.

    >>> expanded("# bldgs w/in 50 m of teh lake")
    'number of buildings within 50 m of the lake'
    """
    text = of_a_form(text)
    for pattern, words in _SHORT:
        text = pattern.sub(words, text)
    return text


@dataclass(frozen=True)
class Spelled:
    """A question whose unknown words were taken for words of the vocabulary.

    Attributes:
        text: the question with the corrections made.
        taken: (typed, taken for), in order.
    """

    text: str
    taken: tuple[tuple[str, str], ...]


MOST = 3  # words of one question that may be misspelt


def spelled(text: str, tokens: list[Token], known: frozenset[str], nouns: bool = True) -> Spelled:
    """A question with misspelt words put right where that is beyond doubt.

    Args:
        text: the question.
        tokens: of that question.
        known: every word the grammar knows.
        nouns: whether a word may be taken for a topic's; not where any noun may be one.
    """
    taken: dict[str, str] = {}
    for token in tokens:
        if not token.text.isalpha() or token.named or token.text in known:
            continue
        near = nearest(token.text)
        if len(near) == 1 and (nouns or near[0] not in _noun_words()):
            taken[token.said] = near[0]
    if not taken or len(taken) > MOST:
        return Spelled(text, ())
    for typed, word in taken.items():
        text = re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", word, text)
    return Spelled(text, tuple(taken.items()))


@cache
def _data() -> tuple[tuple[str, ...], frozenset[str]]:
    text = files("planimeter.coder.grammar").joinpath("spelling.json").read_text("ascii")
    data = json.loads(text)
    return tuple(data["targets"]), frozenset(data["english"])


@cache
def _noun_words() -> frozenset[str]:
    return frozenset(word for phrase in topic_nouns() for word in phrase.split())


def nearest(word: str) -> tuple[str, ...]:
    """The one word of the vocabulary that a misspelt word stands for, or none.

    >>> nearest("buidlings"), nearest("horses"), nearest("xyz")
    (('buildings',), (), ())
    """
    near = () if word in _data()[1] else tuple(_one_meaning(near_words(word)))
    return () if any(opposite(word, other) for other in near) else near


_DENIES = ("un", "non", "de", "in", "im", "dis", "anti", "re")
_LACKS = ("less", "free")


def opposite(word: str, other: str) -> bool:
    """Whether a word is another with what denies it in front or behind: no slip of the fingers makes that.

    >>> opposite("unforested", "forested"), opposite("forrested", "forested"), opposite("treeless", "trees")
    (True, False, True)
    """
    bare = (word[len(front) :] for front in _DENIES if word.startswith(front) and not other.startswith(front))
    lacks = any(word.endswith(behind) and not other.endswith(behind) for behind in _LACKS)
    return lacks or any(len(rest) > 3 and (rest == other or rest[:4] == other[:4]) for rest in bare)


def near_words(word: str) -> list[str]:
    """The words of the vocabulary with the fewest edits to another, whether or not that is a word of its own.

    >>> near_words("horses")
    ['houses']
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if not 4 <= len(word) <= 20:
        return []
    edits = 1 if len(word) < 8 else 2
    found = process.extract(word, _data()[0], scorer=OSA.distance, score_cutoff=edits, limit=12)
    if not found:
        return []
    best = min(distance for _, distance, _ in found)
    words = [target for target, distance, _ in found if distance == best]
    # "laks" is "lake" or "lakes": one topic, and its last letter says which.
    for end in (-1, 0):
        if len(words) > 1:
            words = [target for target in words if target[end] == word[end]] or words
    return words


def _one_meaning(words: list[str]) -> list[str]:
    """The first of the words where all are of one topic or one unit ("metres", "meters"); otherwise none of several."""
    table = topic_nouns()
    meanings = {table[word].topic if word in table else UNITS.get((word,), word) for word in words}
    return words[:1] if len(meanings) == 1 else []


def one_slip(word: str, words: frozenset[str]) -> str | None:
    """The only one of the words that lost a letter, doubled one or had two swapped to become this; None where none did.

    >>> one_slip("imaeg", frozenset({"image", "imagery"})), one_slip("stte", frozenset({"state", "site"}))
    ('image', 'state')
    """
    if word in _data()[1]:
        return None
    found = {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1)}
    found |= {word[:n] + word[n + 1 :] for n in range(1, len(word)) if word[n] == word[n - 1]}
    found |= {word[:n] + letter + word[n:] for n in range(1, len(word)) for letter in ascii_lowercase}
    near = found & words
    return near.pop() if len(near) == 1 else None
