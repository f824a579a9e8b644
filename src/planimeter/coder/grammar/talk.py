"""Which clauses around a question are talk: they narrow nothing, in whatever words.

A clause is talk where all its words are known to narrow nothing, or where somebody speaks of himself, of the text or
of the picture ("i'm writing a comic", "this one's gorgeous", "my bit is about energy"). It never is where it names a
topic, number, unit, place or time, where it measures, compares, adds, denies, demands, chooses, supposes or restricts,
or where it asks for more.
"""

from __future__ import annotations

import re
from functools import cache

from planimeter.coder.grammar.asides import OTHER_THINGS, abstract, topical_words
from planimeter.coder.grammar.clothing import DEMANDS, NARROWS
from planimeter.coder.grammar.stories import HEAD, placeless
from planimeter.coder.rewriter.harmless import HARMLESS
from planimeter.coder.rewriter.places import EFFECTS, PEOPLE, QUALITIES
from planimeter.coder.rewriter.strange import UNMEASURABLE
from planimeter.coder.word_lists import listed
from planimeter.vocabulary.numbers import NUMBER_WORDS
from planimeter.vocabulary.units import UNITS

# These measure nothing in talk, though the list of what narrows holds them.
_TELLING = listed(
    """
    want wants need needs like called just when as it then any or that and other another others all the there this one
    if they
    """
)
_CHANGES = listed(
    """
    must should shall cannot instead actually rather meaning correction wait twice double counts drop remove skip keep
    leave omit discard subtract add minus plus those these such same ones them their its but too also well together
    combined inclusive excluded included removed aside apart both fully wholly partly partially entirely completely
    nobody none hardly barely few today yesterday nowadays downtown conversely occupied required especially
    mainly mostly
    """
)
_ASKS_MORE = listed(
    """
    where which who whose whom what how whether why density densities length lengths perimeter perimeters width widths
    shape shapes colour colours color colors age ages price prices height heights fraction fractions share shares ratio
    ratios proportion proportions percentage percentages percent map list table chart plot
    """
)
_BIDS = listed(
    """
    sort list show tell say name rank plot draw print export convert express use answer make round multiply divide
    explain mark merge group give get take compare negate square log sum count measure check find see know include
    forget disregard exempt bar barring save
    """
)
_FRONT = listed(
    """
    in at for near around inside on along by toward towards from of behind across with without among beside opposite
    between under over above below beyond off within like unlike versus
    """
)
# A clause that begins so says when, or what would have to be.
_SUPPOSES = listed(
    """
    following during upon once after before if unless until till assuming given suppose supposing imagine should were
    had despite except while whenever wherever
    """
)
_SPOKEN = listed(
    """
    i i'm i've i'd i'll we we're we've we'd you you're my our your me us he she his her it's that's this they they're
    lol ok okay so well hi hello thanks sorry please because since just gonna gotta wanna thats
    """
)
_WHERE = re.compile(
    r"\b(?:in|at|for|near|around|inside|on|along|by|towards?|from|of|behind|across|through|down)\s+"
    r"(?:the\s+|our\s+|my\s+|your\s+|a\s+|an\s+|this\s+|that\s+|his\s+|her\s+)?([a-z]+)"
)
_SOMEBODY = re.compile(
    r"(?:i|i'm|i've|i'd|i'll|we|we're|we've|we'd|you're|he|she|it's|that's|thats|this\s+(?:one's|one\s+is|is|one)|that\s+(?:is|was)"
    r"|(?:they|it|that|this)(?:\s+would|\s+will|'d|'ll)|(?:my|our)\s+[a-z]+\s+(?:[a-z]+\s+)?(?:is|are|was|were|has|have|had|needs?|wants?"
    r"|says?|said|asked|asks|thinks?|thought|told|likes?|would|will))\s+[a-z]"
)
_WANTS = re.compile(r"\b(?:need|want|require|prefer|like)s?\s+(?!it\b|this\b|that\b|to\b)[a-z]")


@cache
def _kept() -> frozenset[str]:
    """Words with which a clause stays."""
    units = frozenset(word for spelling in UNITS for word in spelling if word.isalpha())
    return (
        (NARROWS - _TELLING)
        | UNMEASURABLE
        | (topical_words() - {"up"})
        | OTHER_THINGS
        | EFFECTS
        | _CHANGES
        | _ASKS_MORE
        | (units - {"a", "m", "in", "of", "per"})
        | (frozenset(NUMBER_WORDS) - {"one", "a", "an"})
    )


@cache
def _known() -> frozenset[str]:
    return HARMLESS | PEOPLE | QUALITIES | _SPOKEN


def talk(clause: str) -> bool:
    """Whether a clause tells nothing of what is asked.

    >>> talk("this one's gorgeous"), talk("my bit is about energy"), talk("so i can pick a prefab")
    (True, True, True)
    >>> talk("in Springfield"), talk("those by the lake"), talk("we look after the harbour"), talk("thatched please")
    (False, False, False, False)
    >>> talk("footpaths as well"), talk("and where"), talk("i need density"), talk("convert to dunams")
    (False, False, False, False)
    """
    said = clause.lower().replace("’", "'").strip()
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", said)
    if not words:
        return not re.search(r"\w", said)
    if re.search(r"\d|n't\b|[=<>%]|\bthe one\b", said) or HEAD.search(said) or _WANTS.search(said):
        return False
    bare = {word.removesuffix("'s") for word in words} | set(words)
    first = next((word for word in words if word not in ("and", "then", "please", "oh")), "")
    if bare & _kept() or first in _SUPPOSES | _BIDS or DEMANDS.match(said):
        return False
    known = _known()
    if first in _FRONT and not all(word in known or abstract(word) for word in words[1:]):
        return False
    if not all(placeless(word) or word in known for word in _WHERE.findall(said)):
        return False
    if all(word in known or word in _TELLING for word in bare if not word.endswith("'s")):
        return len(words) > 1 or words[0] in _SPOKEN
    # Words that nobody listed: somebody speaks.
    start = 0
    while start < len(words) and words[start] in known - _SPOKEN | {
        "so",
        "well",
        "because",
        "since",
        "just",
        "as",
    }:
        start += 1
    return bool(_SOMEBODY.match(" ".join(words[start:])))
