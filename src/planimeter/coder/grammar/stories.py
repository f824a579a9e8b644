"""A question inside of a story: what is told before and behind it goes where no word of it could narrow what is asked.

Asked last, after everything else has failed. A clause goes only if it speaks of somebody or says why, names no topic,
number, place or time, and has no word that measures, compares, denies or restricts; it is said with the answer.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache

from planimeter.coder.grammar.asides import OTHER_THINGS, abstract, topical_words
from planimeter.coder.grammar.clothing import BEFORE_NOUNS, DEMANDS, NARROWS, without_repeated
from planimeter.coder.rewriter.strange import UNMEASURABLE
from planimeter.coder.word_lists import listed
from planimeter.vocabulary.numbers import NUMBER_WORDS
from planimeter.vocabulary.topics import nouns
from planimeter.vocabulary.units import UNITS

HEAD = re.compile(
    r"\b(?:how\s+(?:many|much|far|big|large|long|close|extensive)|what(?:'s|’s)?|which|whether|(?:is|are)\s+there|does|"
    r"(?:the\s+)?(?:total\s+)?(?:number|percentage|share|proportion|area|count)\s+of|(?:the\s+)?(?:average|mean|median|largest|total)\s)",
    re.IGNORECASE,
)  # fmt: skip
_SOMEBODY = re.compile(
    r"\b(?:i|i'm|i've|i'd|i'll|we|we're|we've|we'd|you|my|our|your|me|us|he|she|his|her|someone|somebody|people|everyone|"
    r"client|boss|teacher|council|committee|colleagues?|friends?|team)\b",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"^(?:while|when|as|to|since|because|being|having|by\s+way\s+of|out\s+of|thinking|planning|preparing|working|writing|trying|"
    r"wondering|asking|speaking|talking|moving|turning|coming|going|purely|just|only)\b",
    re.IGNORECASE,
)
# Without a comma "we", "i" and "which" may say which of them are meant: "the buildings we must keep".
_BEHIND = re.compile(
    r"(?:\s*[,;–—-]\s*|\s+)(?=(?:so|because|since|as|for|to|when|before|while|and|but|if|it's|it\s+is|that's|that\s+is|this|"
    r"thanks|would|could|can|asking|just|please|in\s+(?:my|our|your))\b)|\s*[,;–—-]\s*(?=(?:i|we|which)\b)",
    re.IGNORECASE,
)
# These measure nothing in a story, though the list of what narrows holds them.
_TELLING = listed("""
        want wants need needs look looking search searching seek care interested interest prefer like called just
        if when as those them they it these such same they're it's that this one ones then any all first
        """)
# "In our downtown", "for Springfield", "at the harbour": a place narrows a question; these are none.
_WHERE = re.compile(
    r"\b(?:in|at|for|near|around|inside|on|along|by|towards?|from|of|to)\s+(?:the\s+|our\s+|my\s+|your\s+|a\s+|an\s+|this\s+)?([a-z]+)"
)
_NOWHERE = listed("""
        opinion knowledge mind sake me us you fun curiosity friend client class moment maps here there it work
        picture image photo know see find tell ask learn say understand hear get be do show report count them him her
        boss teacher team council committee day while bit lot way
        """)


@cache
def _kept_words() -> frozenset[str]:
    """Words with which a clause stays."""
    return (
        (NARROWS - _TELLING)
        | UNMEASURABLE
        | topical_words()
        | OTHER_THINGS
        | {"not", "no", "never", "than", "percent", "per", "or", "nor"}
    )


def placeless(word: str) -> bool:
    """Whether a word behind "in" or "of" names no place ("in my opinion", "fond of swimming")."""
    doing = word.endswith("ing") and word not in (
        "parking",
        "housing",
        "crossing",
        "landing",
        "clearing",
        "sibling",
    )
    return word in _NOWHERE or doing or abstract(word)


# "Give me the perimeter and", "a table with", "the spacing as well as": a clause that asks for more than what follows.
_REQUESTS = listed("""
        give gives tell tells show shows need needs want wants wanted like know list report reports provide send make
        makes draw find get compute calculate measure see produce write output state ask asks asked interested require
        requires prepare create plot
        """)
_ASKED_TOO = listed("""
        perimeter perimeters length lengths width widths height heights shape shapes spacing position positions location
        locations name names colour colours color colors density densities distance distances orientation ratio ratios
        fraction fractions share shares proportion proportions percentage percentages size sizes areas
        table list chart histogram breakdown ranking
        """)
_CONNECTS = frozenset(
    ("and", "or", "plus", "with", "without", "of", "by", "as", "than", "versus", "vs", "from")
)
_JOINED_IDLY = frozenset(
    (
        ("help", "with"),
        *((noun, "of") for noun in ("idea", "estimate", "figure", "assessment", "notion", "sense")),
    )
)


def _asks_more(words: list[str]) -> bool:
    """Whether a clause asks for something itself, which would be lost without it."""
    if not _REQUESTS & set(words):
        return False
    joined = words[-1] in _CONNECTS and tuple(words[-2:]) not in _JOINED_IDLY
    return joined or bool(_ASKED_TOO & set(words))


def _idle(clause: str, front: bool) -> bool:
    """Whether a clause tells a story and narrows nothing."""
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", clause.lower())
    if not words or re.search(r"\d|n't\b|n’t\b|\?", clause) or _kept_words() & set(words):
        return False
    if _asks_more(words) or (not front and _TELLS_WHICH.match(clause.strip())):
        return False
    if any(not placeless(word) for word in _WHERE.findall(clause.lower())):
        return False
    return bool(_SOMEBODY.search(clause)) or (front and bool(_WHY.match(clause.strip())))


# "How many lakes are there can you swim in?": which lakes are meant, and no aside.
_TELLS_WHICH = re.compile(
    r"(?:can|could|may|might|should|would|will)\s+(?:you|i|we|one|they|people)\s+"
    r"(?!(?:please\s+|kindly\s+)?(?:tell|say|count|help|find|work|answer|give|check|let|know|see|look)\b)",
    re.IGNORECASE,
)
_SENTENCES = re.compile(
    r"(?<=[.!])\s+(?=[A-Z])|(?:,\s+|(?<=[.!])\s+)(?:so|So),?\s+(?=(?:how|what|which|is|are|does|do)\b)"
)
_FIRST_PERSON = re.compile(
    r"\b(?:i|i'm|i've|we|we're|we've|my|our|me|us|mine|ours|you|your)\b", re.IGNORECASE
)
POINTS_BACK = re.compile(
    r"\b(?:it|its|they|their|them|those|these|ones?|such|former|latter|same)\b", re.IGNORECASE
)
_RESTRICTS = listed("""
        only except excluding exclude excludes excluded ignore ignores ignored without not no never none nor
        neither unless assume assumes suppose mean means meant define defined defines definition call called
        calls named considered consider treat treated focus restrict restricted limit limited concern concerns
        concerning about regarding half quarter third north south east west northern southern eastern western
        northeast northwest southeast southwest left right upper lower top bottom centre center central middle
        corner former previous formerly before after since ago future planned will would was were had did year
        years century historic insure insures insured own owns owned sell sells belong belongs just exactly
        precisely if when until while here there question asks asked counts count counted
        image picture photo map scan tile pixel pixels scale symbol symbols dot dots legend answer answers result
        results covers covered applies apply protected
        upside figure figures pair pairs double doubles twin twins row rows group groups cluster clusters few several
        everything anything something another further real density densities colour colours color colors low deep
        tops bank stay stays avoid avoids burn burned burnt burns demolish demolished destroy destroyed flooded lost
        fled gone removed cleared felled damaged collapsed vanished belonging shared share shares means stand stands
        average total sum number amount size area length width height perimeter
        """)
_ORDERS = re.compile(
    r"^(?:please\s+)?(?:round|zoom|go|think|sort|rank|halve|multiply|convert|print|turn|rotate|flip|crop|clip|remember|note|"
    r"measure|weigh|see|view|read|check|try|start|begin|stop|say|tell|show|list|name|ask)\b",
    re.IGNORECASE,
)


# These choose nothing where they tell of others: "bees need it all year round".
_TOLD = listed("""
        all any as want wants need needs needed like likes it they them such same next last first new old more most
        care interested interest look looking class edge around along part parts other others year years month months
        side visit visits serve serves responsible seek
        """)


@cache
def _restricting() -> frozenset[str]:
    """Words with which a sentence about others may restrict, define or turn what is asked."""
    units = frozenset(word for spelling in UNITS for word in spelling if word.isalpha())
    numbers = frozenset(NUMBER_WORDS) | {"ten", "tens", "dozen", "dozens", "half"}
    plain = {"a", "an", "one", "m", "in", "of", "per", "as"}
    return _RESTRICTS | OTHER_THINGS | (NARROWS - _TOLD) | (units - plain) | (numbers - plain) | {"per"}


def _background(sentence: str, question: str) -> bool:
    """Whether a sentence tells of others how things are, and restricts nothing that is asked."""
    sentence = without_repeated(sentence, [question])
    words = re.findall(r"[a-z]+", sentence.lower())
    restricts = _restricting() & set(words)
    if re.search(r"\d|n't\b|n’t\b|\?", sentence) or restricts or _FIRST_PERSON.search(sentence):
        return False
    asked = {nouns()[word].topic for word in re.findall(r"[a-z]+", question.lower()) if word in nouns()}
    for before, word in itertools.pairwise(["", *words]):
        if word in nouns() and nouns()[word].topic in asked and before not in BEFORE_NOUNS:
            return False  # "wooden houses burn easily": of them alone may be asked
    return not DEMANDS.match(sentence) and not _ORDERS.match(sentence)


def last_question(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The question that ends a text whose other sentences are its background, and those; None where it is no such text.

    >>> last_question("Bees drink a lot in July, so how much meadow is there?")
    ('how much meadow is there?', ('Bees drink a lot in July',))
    >>> last_question("Only igloos count, so how many houses are there?") is None
    True
    """
    *told, question = _SENTENCES.split(" ".join(text.split()))
    if not told or POINTS_BACK.search(question) or not all(_background(one, question) for one in told):
        return None
    return question, tuple(told)


def without_story(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is left of a text without a story before the question, behind it, or both; with what was left aside.

    >>> next(without_story("Being keen on maps and fond of swimming I wonder how many lakes there are"))[0]
    'how many lakes there are'
    >>> list(without_story("For the old town, how many houses are there?"))
    []
    """
    last = last_question(text)
    if last is not None:
        yield last
    fronts: list[tuple[str, tuple[str, ...]]] = [(text, ())]
    for head in itertools.islice(HEAD.finditer(text), 2):
        story = text[: head.start()].strip(" ,;:.–—-")
        if head.start() and _idle(story, front=True):
            fronts.append((text[head.start() :], (story,)))
    for start, (rest, aside) in enumerate(fronts):
        if start:
            yield rest, aside
        for found in itertools.islice(_BEHIND.finditer(rest), 6):
            story = rest[found.end() :].strip(" ,;:.?!–—-")
            if found.start() > 12 and _idle(story, front=False):
                yield rest[: found.start()].rstrip(" ,;") + "?", (*aside, story)
