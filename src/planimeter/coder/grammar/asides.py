"""What stands in front of a question and says why it is asked: labels, purposes, and what they are called.

A label goes only where its last word is abstract ("Flood exposure:", "Site coverage –"), because one that names things
or places ("Churches:", "Northern district:") narrows what is asked.
"""

from __future__ import annotations

import re
from functools import cache

from planimeter.coder.word_lists import listed
from planimeter.vocabulary.topics import nouns

_ABSTRACT = listed("""
        check checks index statistic statistics stats summary question task total risk hazard need needs brief review
        report survey study test estimate budget plan plans strategy policy shelter lead leads coverage memo note
        notes urgent siting sizing screening planning mapping monitoring counting zoning scoping reporting costing
        training teaching learning exercise homework assignment project thesis paper article story chapter appendix
        request query calculation proposal application scheme programme program appraisal audit baseline case basis
        benchmark campaign comparison context control debate decision design discussion draft evidence feasibility
        figures goal goals inventory issue job measure measures minutes model notice objective outlook overview
        potential preparation procedure process purposes purpose quote record reference requirement research scenario
        schedule section sheet sketch target targets valuation work workshop first second third next finally lastly
        portfolio tender submission permit infographic headline column fact facts quiz puzzle exam lesson course class
        lecture presentation slide slides dashboard newsletter website page post tweet ticket order call log entry
        safety health resilience biodiversity drainage runoff stormwater sewage irrigation heating cooling charging
        logistics transport mobility energy power climate adaptation mitigation protection conservation restoration
        exposure vulnerability pressure access accessibility disclosure reasons interest value values
        preparedness response rescue evacuation insurance underwriting reinsurance taxation management maintenance
        """)
_ENDINGS = (
    "tion",
    "sion",
    "ment",
    "ysis",
    "ance",
    "ence",
    "ility",
    "arity",
    "ivity",
    "ology",
    "ography",
    "ism",
    "ness",
)
_CONCRETE = listed("""
        station stations plantation plantations vegetation reservation settlement settlements pavement apartment
        apartments department basement embankment monument residence residences fence fences facility entrance
        allotment allotments encampment establishment tenement extension mansion pension confidence intersection
        junction irrigation pond construction excavation institution foundation cultivation crossing
        """)
_NO_LABEL = listed("""
        not no without except excluding only other than larger smaller bigger more less least most under over within
        inside outside mean average median total sum number count percentage percent share area size largest smallest
        maximum minimum biggest northern southern eastern western north south east west left right upper lower central
        top bottom old new former future last previous
        """)

# Things that no topic is, and that are what is meant where a story names them: "We repair barns. How many buildings …".
OTHER_THINGS = listed("""
        barn barns shed sheds schools cabin cabins hut huts church churches chapel chapels hall halls greenhouse
        greenhouses
        mill mills hospital hospitals hotel hotels factory factories warehouse warehouses garage garages castle
        castles shops
        offices silo silos stable stables hangar hangars villa villas mosque mosques temple temples tower towers
        bridge
        bridges harbour harbours harbor harbors port airport airports stations cottages ruins flats apartments
        bungalows
        vineyard vineyards orchard orchards playground playgrounds
        """)

_LABEL = re.compile(r"^([A-Za-z][A-Za-z'’ /-]{2,60}?)\s*(?:[:–—]|\s-\s|\.\s)\s*(?=\S)")
_PURPOSE = re.compile(
    r"^(?:(?:purely|just|only|mainly|and|but|so)\s+)?"
    r"(?:for|as\s+part\s+of|as\s+(?:an\s+)?input\s+(?:to|for)|in\s+support\s+of|with\s+(?:reference|regard|respect|a\s+view)\s+to|"
    r"in\s+(?:relation|connection|response|addition)\s+(?:to|with)|in\s+preparation\s+(?:of|for)|in\s+line\s+with|on\s+behalf\s+of|"
    r"in\s+the\s+(?:context|framework|interest|course)\s+of|regarding|concerning|about|pursuant\s+to|as\s+regards|re:?|"
    r"to\s+(?:complete|finish|fill|inform|support|prepare|underpin|update|justify|draft|write|settle|answer|check))"
    r"\s+((?:[A-Za-z'’/-]+\s+){0,7}?[A-Za-z'’/-]+)\s*(?:[,:–—]|(?=\b(?:i|we)\s+(?:need|require|want|ask|would|should|have\s+to|must|are|am)\b))\s*",
    re.IGNORECASE,
)


@cache
def topical_words() -> frozenset[str]:
    """The words that name topics, without those that only join them."""
    return frozenset(word for phrase in nouns() for word in phrase.split()) - {"and", "of"}


def abstract(word: str) -> bool:
    """Whether a word names neither a thing nor a place ("assessment", "exposure")."""
    word = word.lower()
    return word not in _CONCRETE and (word in _ABSTRACT or word.endswith(_ENDINGS))


def aside_in_front(text: str, topical: frozenset[str]) -> int:
    """Length of a label or a purpose in front of a question; 0 where there is none that narrows nothing.

    Args:
        text: the question.
        topical: the words of topics, of which a label has none.

    >>> aside_in_front("In support of the transport chapter, report the area of roads.", frozenset())
    37
    >>> aside_in_front("Churches: how many are there?", frozenset())
    0
    """
    for pattern in (_PURPOSE, _LABEL):
        found = pattern.match(text)
        if found is None or found.end() >= len(text):
            continue
        words = re.findall(r"[a-z]+", found.group(1).lower())
        if not words or not abstract(words[-1]) or (_NO_LABEL | OTHER_THINGS) & set(words):
            continue
        if pattern is _LABEL and (len(words) > 5 or not _same_topics(words, text[found.end() :], topical)):
            continue
        if pattern is _PURPOSE and topical & set(words[-2:]):
            continue
        return found.end()
    return 0


_MEASURES = re.compile(
    r"(?:the )?(?:area|number|share|percentage|proportion|how|what|average|mean|total|count|sum|ratio)\b",
    re.I,
)


def _same_topics(words: list[str], rest: str, topical: frozenset[str]) -> bool:
    """Whether a label names nothing that the question does not name again, in full."""
    named = topical & set(words)
    again = set(re.findall(r"[a-z]+", rest.lower()))
    return not named or bool(_MEASURES.match(rest) and again & topical)


# Qualities that no distance or size defines: "are tall, that is, within 50 m of a road" has two conditions.
_NO_DISTANCE = listed("""
        tall taller high higher young younger aged age red yellow white black brown grey gray blue green colour
        color sale
        sold rent rented owned owner empty occupied inhabited uninhabited abandoned ruined damaged destroyed
        burnt burned
        wooden brick stone concrete glass flat pitched heated listed registered legal illegal insured uninsured
        cheap expensive
        valuable worth built beautiful ugly residential commercial industrial public private hardly never
        """)

# What the asker calls something, and then says what is meant: only the second is asked.
_CALLED = (
    re.compile(
        r"\b(are|is|lie|lies|stand|stands|sit|sits|be|being)\s+(?:considered\s+|deemed\s+|regarded\s+as\s+|said\s+to\s+be\s+|classed\s+as\s+)?"
        r"((?:[a-z'-]+\s+){0,4}?[a-z'-]+)\s*,?\s*"
        r"(?:that\s+is(?:\s+to\s+say)?|i\.e\.|meaning(?:\s+that)?|defined\s+as|let'?s\s+say|let\s+us\s+say|say|namely|in\s+other\s+words|in\s+the\s+sense\s+of)"
        r"[,:]?\s*(?:(?:that\s+)?(?:they|it|these|those)\s+)?(?:are\s+|is\s+|lie\s+|lies\s+|stand\s+|stands\s+|being\s+|lying\s+|standing\s+)?"
        r"(?:those\s+)?(?=not\s+covered|covered|not\s+within|within|less|more|at\s+(?:most|least)|no\s+(?:more|less|farther|further|closer)|closer|farther|further|nearer|over|under|between|up\s+to)",
        re.IGNORECASE,
    ),
    re.compile(
        r",\s*(?:i\.e\.|that\s+is(?:\s+to\s+say)?|meaning|defined\s+as|understood\s+as|taken\s+as|taken\s+to\s+mean|assumed\s+to\s+be|by\s+which\s+i\s+mean)"
        r"[,:]?\s*(?:those\s+|the\s+ones\s+)?(?:that\s+(?:are|lie|stand)\s+|which\s+(?:are|lie|stand)\s+|lying\s+|standing\s+|being\s+)?"
        r"(?=(?:within|less\s+than|more\s+than|at\s+(?:most|least)|no\s+(?:more|less|farther|further|closer)|closer|farther|further|nearer)\s)",
        re.IGNORECASE,
    ),
)


def what_is_meant(text: str, topical: frozenset[str]) -> str:
    """A question without what the asker calls its condition ("lie quiet, that is, more than 50 m from a road").

    >>> what_is_meant("How many homes are quiet, that is to say more than 50 m from a road?", frozenset())
    'How many homes are more than 50 m from a road?'
    """
    found = _CALLED[0].search(text)
    if found and not (
        {*re.findall(r"[a-z]+", found.group(2).lower())} & (topical | _NO_LABEL | _NO_DISTANCE)
    ):
        text = f"{text[: found.start()]}{found.group(1)} {text[found.end() :]}"
    found = _CALLED[1].search(text)
    if found:
        text = f"{text[: found.start()]} {text[found.end() :]}"
    return text
