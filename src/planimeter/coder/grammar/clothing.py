"""Everyday clothing of a question: greetings, wrappers, format hints, context and purposes around what is asked.

Nothing is dropped that could narrow a question: every pattern here is a whole clause whose words are known, and a
sentence of context goes only when no word of it measures, places, compares, denies or restricts anything. What was
left aside is said with the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from planimeter.coder.grammar.asides import OTHER_THINGS, aside_in_front, topical_words
from planimeter.coder.grammar.patterns import LENGTH, noun_phrases
from planimeter.coder.grammar.wrappers import BEFORE, BEHIND, CONSEQUENCE, OPTIONS
from planimeter.coder.word_lists import listed
from planimeter.vocabulary.topics import nouns

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85]")


@dataclass(frozen=True)
class Undressed:
    """A question without its clothing.

    Attributes:
        text: what is left.
        aside: sentences of context that were left aside, as typed.
    """

    text: str
    aside: tuple[str, ...] = ()


_RUNS = re.compile(r"[^\S\n]{2,}")
_NEWLINES = re.compile(r" ?(?:\n ?){2,}")


def plain_characters(text: str) -> str:
    """Text without characters that nobody sees, every kind of space a plain one, and one where there are several.

    >>> plain_characters("10\\u00a0ha  of for\\u200best")
    '10 ha of forest'
    """
    if not (text.isascii() and text.isprintable()):
        text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    # Patterns with several optional spaces would try every way of sharing a long run out among them.
    return _NEWLINES.sub("\n", _RUNS.sub(" ", text))


_LABEL = re.compile(
    r"^[a-z ]{0,30}\b(?:planning|assessment|report|project|analysis|survey|homework|exercise|assignment|study|task|"
    r"inventory|monitoring|statistics|management|insurance|research)\s*[:–—]\s*(?=\S)",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"^(?:for|as\s+part\s+of|in\s+preparation\s+of|in\s+preparation\s+for)\s+(?:(?:a|an|my|our|the|this)\s+)?(?:[a-z]+\s+){0,3}"
    r"(?:planning|assessment|report|project|analysis|survey|homework|exercise|assignment|study|thesis|paper|"
    r"presentation|course|class|purposes?|insurance|research|application|inventory|management|monitoring)\s*[,:]\s*(?=\S)",
    re.IGNORECASE,
)

_SENTENCE_END = re.compile(r"(?<=[.!;])\s+(?=[A-Za-z])")
_STATEMENT = re.compile(
    r"^(?:i|i'm|i've|we|we're|we've|our|my|you\s+are|you're|this\s+is|it\s+is|it's|here\s+is|here's|the\s+(?:council|city|"
    r"client|customer|teacher|boss|team|owner|farmer|municipality|authority|company|government|mayor|insurer|agency)|"
    r"someone|somebody|a\s+(?:friend|client|customer|colleague))\b",
    re.IGNORECASE,
)
# A sentence with one of these words may narrow what is asked, and stays.
NARROWS = listed("""
        not no never none nor neither nothing without except excluding exclude excludes ignore ignoring ignores only
        just mean means define defined definition assume assuming suppose supposing imagine if when unless until
        whether
        focus restrict restricted limit limited include including includes count counts counting consider considering
        treat north south east west northern southern eastern western northeast northwest southeast southwest left
        right top bottom upper lower centre center central middle corner edge half halves third quarter quadrant part
        parts side sides section portion inside outside within near nearby close around between beyond along distance
        buffer zone boundary border larger smaller bigger big small large tall tiny huge more less than least most
        minimum maximum above below over under each every per both either any all ones those them they it these such
        same other others another year years month months before after since ago future tomorrow past historic
        previous
        former older newer new old residential commercial industrial public private abandoned empty red blue green
        white black dark bright flat first second last next then want wants need needs looking search searching seek
        seeking care interested interest prefer like called named stand stands class classes category categories
        polygon pixel pixels insure insures insured insuring own owns owned manage manages sell sells selling visit
        visits inspect inspects serve serves serving rent rents belong belongs made consisting responsible
        """)
_SIDES = listed(
    """
    north south east west northern southern eastern western northeast northwest southeast southwest left right upper
    lower
    """
)
# A story or a reason with one of these words may say which of them are meant.
_CHOOSES = (
    _SIDES
    | OTHER_THINGS
    | listed("""
            only not no never except without excluding ignore ignores ignoring out which whose ones those flat red blue
            green white black old new tall high empty half mine ours his hers theirs sell sells selling sold rent rents
            rented
            """)
)
# A sentence that begins so tells what to do, and one with such a verb tells how things are.
DEMANDS = re.compile(
    r"^(?:please\s+|first\s+|then\s+|also\s+|and\s+)*(?:take|use|drop|remove|leave|keep|skip|apply|omit|discard|select|choose|find|"
    r"identify|filter|buffer|draw|imagine|exclude|ignore|include|only|count|consider|treat|suppose|assume|look|map|mark|segment|let|make|"
    r"compare|divide|add|subtract|merge|split|give|report|compute|how|what|which|is|are|does|do|number|percentage|share|area)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|shows?|depicts?|contains?|studies|study|plans?|hopes?|claims?|says?|worries|likes?|loves?|"
    r"burns?|rises?|grows?|matters?|helps?|offers?|provides?|becomes?|makes?|saw|see|took|looks?|asks?|asked|prepares?|works?|"
    r"calls?|cares?|uses?|hunts?|lives?|wonders?|fl(?:y|ies)|reach(?:es)?|needs?)\b",
    re.IGNORECASE,
)
_NEEDS = re.compile(
    r"\b(?:need|needs|want|wants|would\s+like|'d\s+like)\s+(?:this|it|that|these)?\s*(?:some\s+|your\s+)?"
    r"(?:help|numbers|figures|answers?|data|information|a\s+number|an\s+answer|(?=for\b))",
    re.IGNORECASE,
)
# Parts of a statement that would narrow a question and here only tell a story.
_HARMLESS = re.compile(
    r"\bclose\s+to\s+nature\b|\bgreen\s+(?:infrastructure|energy)\b|\breal\s+statement\b"
    r"|\b(?:last|this)\s+(?:week|weekend|morning|afternoon|evening)\b"
    r"|\bflew\s+(?:a|an|our|my|the)\s+drone\s+over\s+(?:the|our|my)\s+[a-z]+\b",
    re.IGNORECASE,
)
_PRONOUNS = re.compile(r"\b(?:it|its|they|their|them|that|those|these|ones?)\b", re.IGNORECASE)


# What may stand in front of a noun in a story; another word there ("wooden houses") may narrow the question behind it.
BEFORE_NOUNS = listed("""
        the a an of in on to with for from and or some many all our my their your his her at into by along through
        across about as like see saw love loves roofs protect plant cut measure map mapped count counted
        build built use used
        """) | {""}


def undress(text: str) -> Undressed:
    """A question without greetings, wrappers, format hints and a context that narrows nothing.

    >>> undress("<image> Hi! Based on the satellite image, how many lakes are there? Answer with a single number.").text
    'how many lakes are there?'
    >>> undress("I'm a farmer. How many ponds are there?").aside
    ("I'm a farmer.",)
    """
    text = " ".join(text.split())
    aside: list[str] = []
    while True:
        shorter = _once(text)
        if shorter == text:
            break
        text = shorter
    sentences = _SENTENCE_END.split(text)
    while (
        len(sentences) > 1
        and _context(without_repeated(sentences[0], sentences[1:]))
        and not _PRONOUNS.search(" ".join(sentences[1:]))
    ):
        aside.append(sentences.pop(0))
    while len(sentences) > 1 and _context(sentences[-1]):
        aside.append(sentences.pop())
    left = " ".join(sentences)
    if left != text and left:
        inner = undress(left)
        return Undressed(inner.text, (*aside, *inner.aside))
    return Undressed(text, tuple(aside))


_SUPPOSES = re.compile(
    r"(?:if|suppose|supposing|imagine|assume|assuming|say|let's\s+say|with|given|in\s+case)\b", re.IGNORECASE
)


def without_repeated(sentence: str, rest: list[str]) -> str:
    """A sentence without the measures that the rest says again ("Bees fly 300 m. How much grass is within 300 m …")."""
    again = " ".join(rest)
    measure = re.compile(r"\b\d[\d.,]*\s*(?:m|km|ft|m2|ha|met(?:re|er)s?|feet|percent|%)?\b", re.IGNORECASE)
    return measure.sub(
        lambda found: "" if re.search(rf"\b{re.escape(found.group())}\b", again) else found.group(), sentence
    )


def _once(text: str) -> str:
    """The text without one piece of clothing; the same text where there is none."""
    for pattern in BEFORE:
        found = pattern.match(text)
        if found and found.end() < len(text) and not _chooses(found.group()):
            return text[found.end() :].lstrip(" ,.:;!–-")
    stripped = text.rstrip(" .!,;")
    for pattern in BEHIND:
        for found in pattern.finditer(stripped):
            rest = stripped[found.end() :]
            if found.start() > 0 and not rest.strip(" .?!)\"'") and not _chooses(found.group()):
                return stripped[: found.start()].rstrip() + ("?" if "?" in found.group() + rest else "")
    for pattern in () if _SUPPOSES.match(text) else CONSEQUENCE:
        found = pattern.search(stripped)
        if found is None or stripped[found.end() :].strip(" .?!)"):
            continue
        if _follows(found.group(), stripped[: found.start()]):
            return stripped[: found.start()].rstrip() + "?"
    sentence = _SENTENCE_END.split(text, maxsplit=1)
    if len(sentence) == 2 and any(pattern.fullmatch(sentence[0].rstrip(" .!")) for pattern in BEHIND):
        return sentence[1]
    options = OPTIONS.search(text)
    if options and options.start() > 0:
        return text[: options.start()] + "?"
    for pattern in (_LABEL, _PURPOSE):
        found = pattern.match(text)
        if found and not (NARROWS | OTHER_THINGS) & set(_words(found.group())):
            return text[found.end() :]
    return text[aside_in_front(text, topical_words()) :]


_HARM = re.compile(
    r"\b(?:affected|hit|danger|risk|flooded|damaged|lost|reached|protected|closed|cut|evacuated|impassable|unusable)\b",
    re.IGNORECASE,
)


def _follows(consequence: str, before: str) -> bool:
    """Whether what may happen follows from a measure: what is lost or flooded from a distance to it, and no size."""
    if not _HARM.search(consequence):
        return bool(re.search(r"\d", before))
    near = re.search(LENGTH, before, re.IGNORECASE)
    if near is None:
        return False
    reference = _topics(before[near.end() :])
    by = _topics(consequence) | ({"water"} if "flooded" in consequence.lower() else set())
    return by <= reference


def _topics(text: str) -> set[str]:
    return {nouns()[phrase].topic for phrase, _ in noun_phrases(text)}


def _chooses(clause: str) -> bool:
    """Whether a clause of several words, which would be cut off, may say which things are meant."""
    words = _words(clause)
    # "I want to know the houses by the lake"
    known = "know" in words and bool(topical_words() & set(words))
    return known or bool((_CHOOSES if len(words) > 5 else OTHER_THINGS) & set(words))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def _context(sentence: str) -> bool:
    """Whether a sentence only says who asks, why, or where the picture comes from, or exclaims."""
    if "?" in sentence or re.search(r"\d|n't\b", sentence) or DEMANDS.match(sentence):
        return False
    short = len(sentence.split()) <= 6 and not sentence.rstrip().endswith(":")
    exclaimed = sentence.rstrip().endswith("!") or not topical_words() & set(_words(sentence))
    tells = _TELLS.search(sentence)
    if not (_STATEMENT.match(sentence) or tells or (short and exclaimed)):
        return False
    told = _words(_HARMLESS.sub(" ", _NEEDS.sub(" ", sentence)))
    kinds = [
        before
        for before, word in zip(["", *told], told, strict=False)
        if word in nouns() and before not in BEFORE_NOUNS
    ]
    return not (set(told) & (NARROWS | OTHER_THINGS) or (kinds and not sentence.rstrip().endswith("!")))
