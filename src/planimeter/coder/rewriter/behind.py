"""What is said of a thing behind its noun: where it lies, how large it is; anything else tells which ones are meant.

"Houses that lie within 50 m of water" says a place, "houses that failed inspection", "houses with a deck" and "houses
mentioned in the report" say which houses. The words in question narrow nothing elsewhere ("the report mentions 50 m"),
so it is their place that is looked at: right behind a thing, a relative pronoun, "with", "have" or "are".
"""

from __future__ import annotations

import re

from planimeter.coder.rewriter.phrases import PIECES
from planimeter.coder.rewriter.places import EFFECTS, thing_at, thing_before
from planimeter.coder.word_lists import listed
from planimeter.vocabulary.numbers import NUMBER_WORDS
from planimeter.vocabulary.units import unit_called

_LINKS = listed("that which who with having without has have had is are was were being")
_PASSED = listed(
    """
    a above actually ain't all also an and any approximately are aren't as at be been below bigger both by can
    can't cannot could couldn't directly do does doesn't don't each either else even every exactly greater has
    hasn't have haven't having if is isn't just kindly larger least less maximum may merely might minimum more
    most must my no not of only or our over really should simply smaller so some still than the then these they
    this those to together under up very was wasn't were weren't what will won't would wouldn't your
    """
)
"""Words between the link and what it says."""
_SAID = listed(
    """
    above abut abuts abutting according added adjacent adjoin adjoining allowed already area areas around
    average away based below beside between beyond big bigger biggest border bordering borders breach break
    breaks buffer built burned calculated carry carrying cleared close closed closer closest combined come
    coming compared comply component components computed connect connected contact contain containing contains
    contiguous contribute contributes converted count counted counting counts cover covered covering covers cut
    dealt depicted detected determined different direct distance divided dominant dominated double drawn drop
    dropped dry edge elongated equal exceed exceeding exceeds excluded exist existing exists expressed extended
    extensive extent facing fall falling falls far farther farthest fewer filling find fitted footprint
    footprints forming found fourteen fragmented from further furthest given go gone greater greatest ground
    grow half height here hit how i ignored in include included including infringe infringes inner inside
    intersect intersecting intersects isolated it its join joined keep keeping keeps lack lacking lacks land
    large larger largest leave leaves leaving left less lie lies like located long longer longest look lost
    lower lump lumped lying make makes mapped marked match matching maximal mean measure measured measures
    measuring median meet meeting meets merged minimal miss missing more mounted much near nearer nearest need
    needs neighbour neighbours neither next nobody none nor nowhere obey obeys occupied occupies occupy off on
    one ones only other others out outer outline outside over overall overlap overlapping overlaps part parts
    pass passes per percent percentage perimeter picked pictured placed present proportion qualified qualifies
    qualify quarter rank ranked reach reached reaches reaching remain remaining remains removed represented
    required resp respect respecting respects rest ring rounded same satisfy separate separated set setback
    shape share shared sharing short shorter shortest show shown shows sit sits sitting situated size sized
    sizes small smaller smallest space spaced spread spreading spreads square stand standing stands stated stay
    staying stays stretched stretching strip subtracted summed supposed surface surpass surpasses surpassing
    surround surrounded surrounding taken taking their them there third three tiny total touch touches touching
    triple twenty twice two typical unaffected united violate violates violating visible we wet where whether
    whole whose within withing you zone
    """
)
"""What may be said of things: where they lie, how large or many they are, and what the reckoning does with them."""
_WHERE = listed(
    """
    acres aerial aggregate all any area areas ascending attached average avg band belt both breach buffer
    buffers case class classes comparison contact corridor cover danger data dataset descending direct distance
    drone each ember estimated evacuation every existing fact feet figures fire flood frame fringe full given
    glance ground ha hazard hectar hectars hectare hectares here how image immediate inner it its km labels land
    landscape layer least legend location m map margin maximum mean meters metres minimum most my narrowest ndvi number
    numbers one opinion order our outer parts patches pct percent perimeter photo photograph pic picture pieces
    pixels place present provided proximity question radius range raster reach region relation relative respect
    ring risk satellite scene screen section separate shared shot sight single site size smoke sq sqm square
    strip study surface terms that them these this those tile top total two vicinity view way what which whole
    words yards your zone zones
    """
)
"""What a preposition behind a thing may lead to besides a topic or a number: the image, a zone, a measure."""
_NUMBERS = frozenset(NUMBER_WORDS)
_SEEN = listed(
    """
    am ask know wonder would can could count do find found get got have mapped mean measure need see seen spot tell
    want
    """
)
_PLACING = listed("in on under by")
_AGENTS = re.compile(
    r"(?:cover|touch|affect|cross|border|own|use|reach|surround|occup|includ|serv)[a-z]*ed|occupied"
)
_BY_ITSELF = re.compile(r"connected|counted|existing|like|look|supposed|wet|dry|different|isolated")
"""Words of ``_SAID`` that want something behind them: "connected to a road", not "houses that are connected"."""


def told_behind(clause: str) -> str | None:
    """A word behind a thing that may tell which of them are meant, or None.

    Args:
        clause: in lower case.

    Example:
        >>> told_behind("how many houses within 50 m of water are on the lake side"), told_behind("houses with a deck")
        (None, 'deck')
        >>> told_behind("the houses that failed inspection"), told_behind("the houses that lie within 50 m of water")
        ('failed', None)
    """
    words = re.findall(r"[a-z]+(?:'[a-z]+)?|\d[\d.,]*|[%<>=+/*]", clause)
    behind = False
    for place, word in enumerate(words):
        behind = thing_before(words, place) or (behind and word in PIECES)
        if not behind:
            continue
        if word in _PLACING and (odd := _led_to(words, place + 1, _WHERE)):
            return odd
        if word in ("i", "we", "you", "they") and (odd := _led_to(words, place + 1, _SEEN)):
            return odd
        if word in _LINKS:
            at = place + 1
        elif word.endswith(("ed", "ing")) and not thing_at(words, place):
            at = place
        else:
            continue
        while at < len(words) and words[at] in _PASSED | _LINKS:
            at += 1
        if at >= len(words) or thing_at(words, at) or not words[at][0].isalpha():
            continue
        said = words[at]
        if (
            _AGENTS.fullmatch(said)
            and words[at + 1 : at + 2] == ["by"]
            and (odd := _led_to(words, at + 2, _WHERE))
        ):
            return odd
        if said in EFFECTS | PIECES | _NUMBERS or said.endswith("ly"):
            continue
        if said not in _SAID and len(said) > 1:
            return said
        if _BY_ITSELF.fullmatch(said) and word not in ("with",) and at + 1 >= len(words):
            return said
    return None


def _led_to(words: list[str], at: int, allowed: frozenset[str]) -> str | None:
    """The word that a preposition or a person behind a thing leads to, unless it is a topic, a number or allowed."""
    while at < len(words) and words[at] in _PASSED - allowed:
        at += 1
    if at >= len(words) or thing_at(words, at) or not words[at][0].isalpha() or len(words[at]) == 1:
        return None
    known = words[at] in allowed | EFFECTS | PIECES | _NUMBERS or unit_called(words[at]) is not None
    return None if known else words[at]
