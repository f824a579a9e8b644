"""Suppositions that give a distance ("If the fire jumps 60 m beyond the forest, how many buildings can it reach?").

What is supposed is a zone around one topic; what is asked is what lies in it, or out of it. Only where the clause has
one distance, names one topic and denies nothing is it read.
"""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re

from planimeter.coder.grammar.patterns import LENGTH, Rewrites, noun_phrases
from planimeter.coder.word_lists import listed
from planimeter.vocabulary.topics import nouns

_LEAD = re.compile(
    rf"^(?:and |but |so )?(?:if|suppose|supposing|imagine|assume|assuming|say|let's say|with|we assume|we suppose|given|in case|were|should)\b"
    rf"(?: that)?([^?]*?)({LENGTH})([^?]*?)[,:.;]\s+(?:then |so )?([^,;:]+?)\s*\??\s*$",
    re.IGNORECASE,
)
# "How many homes would be hit if the water spread 25 m?": the same with its clause behind.
_BEHIND = re.compile(
    rf"^((?:how many|how much|what|which) [^,.;:?]+?) ((?:if|in case|assuming|supposing)\b[^,.;:?]*?{LENGTH}[^,.;:?]*)\??\s*$",
    re.IGNORECASE,
)
_MODAL = r"(?:can|could|would|will|might|may|does|do|is|are|were|get|gets)"
_WHO = (
    r"(?:it|they|that|this|we|the (?:fire|flood|water|flames|embers|sparks|hose|hoses|river|strip|buffer|zone|smoke|wildfire|"
    r"rule|ban|noise|spray|dust))"
)
_AFFECTED = (
    rf"{_MODAL} {_WHO} (?:reach|hit|touch|burn|flood|affect|damage|cover|contain|include|threaten|endanger|catch|get to|"
    rf"take(?: away| out| up)?|lose|cost)"
    rf"|(?:{_MODAL} )?(?:then )?(?:be |get |fall |lie |stand |still )*(?:inside(?: of)?(?: it| the (?:zone|buffer|strip))?|within it|in it|"
    r"in (?:that|this|the) (?:zone|buffer|strip|area|reach)|touched|hit|reached|affected|damaged|burnt|burned|flooded|in danger|at risk|"
    r"threatened|endangered|exposed|lost|that close|under water|wet|on fire|caught|covered|concerned)(?: by (?:it|this|that|the [a-z]+))?"
)
_SPARED = (
    rf"(?:{_MODAL} )?(?:then )?(?:be |remain |stay |get |stand |lie |still )*(?:unaffected|safe|spared|untouched|unharmed|dry|out of reach|"
    r"outside(?: of)?(?: it| the (?:zone|buffer|strip))?|not affected|not hit|not reached)(?: by (?:it|this|that))?"
)
_ASKED = re.compile(
    rf"^((?:how many|how much|what (?:share|percentage|percent|proportion|part|fraction) of(?: the| all)?|which share of(?: the)?|"
    rf"(?:is|are) there any|number of|any)\b.*?)\s+(?:(?P<spared>{_SPARED})|(?P<affected>{_AFFECTED}))$",
    re.IGNORECASE,
)
# All that a clause may say besides its distance and its topic: who spreads, that it spreads outward, and from where. With
# any other word ("recedes", "downwind", "per hour", "starts") the ground meant may be another one.
_SAID = listed("""
        its current present existing
        a an the any all every everything anything whatever what it its we you one they there is are was were be being get
        gets would will could can may might should shall    if that and so from of beyond around along on to in
        by out outward outwards past  past across inland  each side sides both all within away edge edges bank banks
        shore shores margin boundary border directions direction
        fire fires wildfire wildfires flame flames ember embers spark sparks smoke flood floods flooding noise dust spray
        mosquitoes seeds bees water waters
        jump jumps jumped leap leaps leapt spread spreads spreading travel travels travelled    advance
        advances advanced extend extends extended expand expands expanded reach reaches reached fly flies flew carry
        carries carried go goes went overflow overflows flow flows burst bursts grow grows grew widen widens widened
        come comes came
        flooded burnt burned lost under affected hit wet cleared danger risk dangerous touched
        buffer buffers zone strip belt band corridor setback rule ban distance range radius drawn draw drew closed nearest put placed place kept
        keep clear required require established set applied apply introduce introduced planned plan made make laid lay
        imagine suppose assume hose hoses cable cables rope ropes protected protection safety riparian noise building
        construction leave  free
        """)
_OUTWARD = re.compile(
    r"\b(?:within|around|along|beyond|jump|leap|spread|travel|advance|extend|expand|reach|fl(?:y|ies|ew)|carr|g(?:o|oes)\b|"
    r"went|overflow|flow|burst|grow|grew|widen|buffer|zone|strip|belt|band|corridor|hose|cable|rope|radius|setback)",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"\b(?:by|out|outwards?|beyond|past|across|inland|around|along|sides?|directions?|banks?|shores?)\b"
)
_BOTH_SIDES = re.compile(
    r"\b(?:each|both|every|either) (?:side|bank|direction|shore)s?\b|\ball (?:sides|around|directions)\b"
)


def _outward(clause: str, topic: str) -> bool:
    """Whether a clause says of one topic that something reaches outward from it, and nothing else.

    "Comes within 60 m of" tells how near a thing is; what widens by 20 m in all widens by 10 m on each side.
    """
    clause = clause.lower()
    words = set(re.findall(r"[a-z]+", clause))
    known = words <= _SAID | set(topic.split())
    both = not re.search(r"\bwiden|\bgr[eo]w", clause) or bool(_BOTH_SIDES.search(clause))
    # "The lake extends 50 m" may be its length.
    away = not re.search(r"\bextend|\bexpand", clause) or bool(_AWAY.search(clause))
    near = not re.search(r"\bcom(?:e|es)\b|\bcame\b", clause) or "within" not in words
    return known and both and away and near and bool(_OUTWARD.search(clause)) and not re.search(r"\d", clause)


# A condition in brackets or behind "i.e." that says what the zone is that has a name of its own.
_NEAR = rf"(?:within|less than|at most|no more than|not more than|no farther than|no further than|closer than|nearer than|up to|under)\s+{LENGTH}"
_FAR = (
    rf"(?:more than|farther than|further than|over|at least|beyond|no closer than|no nearer than)\s+{LENGTH}"
)
_TAIL = r"(?:(?:\s+away)?\s+(?:from|of|to|around|along|about)\s+[a-z ]+?|\s+(?:from|of|to)\s+[a-z]+)"
_SAYS = r"(?:\s*[(,–-]\s*|\s+)(?:i\.e\.,?|that is(?: to say)?,?|meaning|taken as|defined as|understood as|assumed to be|here|=|:)?\s*(?:everything |all land |all the land |the land |what lies )?\s*"
_QUALITY = (
    r"(?:flood|flooding|fire|forest fire|wild ?fire|ember|noise|riparian|buffer|safety|danger|hazard|risk|high|low|prone|"
    r"protection|protective|setback|no[- ]build|exclusion|splash|spray|smoke|dust|impact|effect|reach|potential|possible|"
    r"likely|wildland|urban|interface|defensible|space|evacuation|shore|shoreline|coastal|waterfront|river|water|lake|forest|"
    r"road|edge|same|given|stated|of|a|the|and|at|least|one)"
)
_ZONE = rf"(?:the |an? |any |at least one |some )?(?:{_QUALITY}[ -]){{0,4}}?(?:zone|fringe|strip|belt|area|band|buffer|corridor|flooding|flood|floods|fire|fires|wildfire|wildfires|peril|perils|hazard|hazards|risk|danger|embers|floodplain|flood plain|plain|noise|reach|range|sight|setback)"
_NAMED = (
    (
        re.compile(
            rf"(?<!not )\b(?:(?:are|is|be|lie|lies|stand|stands) )?(?:considered )?(?:in|inside|within|exposed to|at|affected by|threatened by|prone to|endangered by|subject to|in reach of|at risk of|at risk from|in danger of|in danger from)\s+{_ZONE}"
            rf"{_SAYS}(?P<says>{_NEAR}{_TAIL}(?:\s+(?:and|or)\s+{_NEAR}{_TAIL})?)\s*(?:\)|(?=[?.,:;]|$|\s+-\s))",
            re.IGNORECASE,
        ),
        "",
    ),
    (
        re.compile(
            rf"\b(?:(?:are|is|be|lie|lies|stand|stands) )?(?:considered )?(?:outside|outside of|out of|not in|not exposed to|not at|not affected by|not threatened by|safe from|free of|free from|beyond)\s+{_ZONE}"
            rf"{_SAYS}(?P<says>{_FAR}{_TAIL})\s*(?:\)|(?=[?.,:;]|$|\s+-\s))",
            re.IGNORECASE,
        ),
        "",
    ),
    (
        re.compile(
            rf"(?<!not )(?<!un)\b(?:(?:are|is|be) )?(?:[a-z]+ly )?(?:exposed|at risk|threatened|endangered|vulnerable|in danger|flood-?prone|close|near|reachable|accessible|affected)"
            rf"\s*(?:\(|,|–|-)\s*(?:i\.e\.,?|that is(?: to say)?,?|meaning|defined as|here)?\s*(?P<says>{_NEAR}{_TAIL}(?:\s+(?:and|or)\s+{_NEAR}{_TAIL})?)\s*(?:\)|(?=[?.,:;]|$))",
            re.IGNORECASE,
        ),
        "",
    ),
    (
        re.compile(
            rf"(?<!not )\b(?:(?:are|is|be) )?(?:considered )?(?:in|inside|within|exposed to|at|affected by|threatened by|prone to)\s+{_ZONE}"
            rf"{_SAYS}(?P<bare>{LENGTH})(?P<or> or less)?\s+(?:from|of|around|along|about)\s+(?:the |any |all )?(?P<ref>[a-z]+(?: bod(?:y|ies))?)\s*(?:\)|(?=[?.,:;]|$))",
            re.IGNORECASE,
        ),
        "bare",
    ),
)  # fmt: skip
_REACHES = (
    (rf"\bcan an? ({LENGTH})[- ](?:long )?(?:hose|cable|ladder|rope|line|pipe|hosepipe) reach from (?:the |a |any )?(\w+)", r"are within \1 of \2"),
    (rf"\b(?:are|is|lie|lies) (?:out of|beyond) (?:the )?reach of an? ({LENGTH})[- ](?:long )?(?:hose|cable|ladder|rope|line|pipe|hosepipe) from (?:the |a |any )?(\w+)", r"are more than \1 from \2"),
    (rf"\b(?:would be|will be|could be|can be|are|get|is|were) (?:reached|hit|touched|affected|flooded|burnt|burned|threatened) by (?:a |an |the )?(\w+) (?:spreading|flowing|moving|jumping|extending|reaching|going) ({LENGTH})", r"are within \2 of \1"),
    (rf"\b(?:violates?|breach(?:es)?|breaks?|fails?|infringes?|do not (?:respect|keep|meet|observe)|does not (?:respect|keep|meet|observe)) (?:a |an |the )?({LENGTH})[- ](?:setback|distance|buffer|limit|clearance)(?: distance| rule)? (?:from|to|around|of) (?:the |any |a )?", r"are less than \1 from "),
    (rf"\b(?:compl(?:y|ies) with|respects?|keeps?|meets?|observes?|satisf(?:y|ies)) (?:a |an |the )?({LENGTH})[- ](?:setback|distance|buffer|limit|clearance)(?: distance| rule)? (?:from|to|around|of) (?:the |any |a )?", r"are at least \1 from "),
    (rf"\b(?:could|would|might|may|can|will) (?:be )?(?:flood|flooded|burn|burnt|burned|suffer|lost|affected|hit|damaged) (?:if|when|assuming) (?:(?:we|one|you|i) (?:assume|say|suppose)s?(?: that)? )?(?:everything|all|anything|what is|whatever is|all that is) (within {LENGTH} of [a-z ]+?) (?:is|gets|would be|will be|are) [a-z ]+", r"are \1"),
    (rf"\bwould (?:a |an |the )?({LENGTH})[- ](?:(?:wide|broad|riparian|protective|protection|buffer|safety) )?(?:strip|buffer|zone|belt) (?:along|around|of|beside) (?:the |all |any )?(\w+)(?: bod(?:y|ies))? (?:take(?: away| up| out)?|cost|contain|cover|include|affect|occupy)", r"are within \1 of \2"),
    (r"\b(?:would|will|could|might) (?:lie|fall|be|stand) (?=inside|within|in |less|more|closer|farther|further|at |no )", "are "),
)  # fmt: skip
_reached = Rewrites(_REACHES)


def _topics(text: str) -> dict[str, str]:
    """Topic → the last noun phrase that names it."""
    return {nouns()[phrase].topic: phrase for phrase, _ in noun_phrases(text)}


def supposed(text: str) -> str:
    """A question that says its distance as a condition; unchanged where none is supposed.

    >>> supposed("If the fire jumps 60 m beyond the forest, how many buildings can it reach?")
    'how many buildings are within 60 m of forest?'
    >>> supposed("How many houses are in the flood zone (within 35 m of water)?")
    'How many houses are within 35 m of water?'
    """
    behind = _BEHIND.match(text)
    found = _LEAD.match(f"{behind[2]}, {behind[1]}?" if behind else text)
    if found:
        before, length, after, question = found.groups()
        clause = f"{before} {after}"
        topics = _topics(clause)
        asked = _ASKED.match(question.strip())
        noun = next(iter(topics.values()), "")
        beyond = re.search(r"\b(?:beyond|over|past)\s*$", before, re.IGNORECASE)
        if asked and len(topics) == 1 and not beyond and _outward(clause, noun):
            side = f"more than {length} from" if asked.group("spared") else f"within {length} of"
            verb = "is" if asked.group(1).lower().startswith("how much") else "are"
            return f"{asked.group(1)} {verb} {side} {noun}?"
    for pattern, kind in _NAMED:
        place = pattern.search(text)
        if place is None:
            continue
        name = text[place.start() : place.start("bare" if kind else "says")]
        if re.search(r"\d", name) or {"larger", "smaller", "northern", "southern"} & set(
            name.lower().split()
        ):
            continue
        says = f"within {place['bare']} of {place['ref']}" if kind else place["says"].strip()
        said = re.match(r"(?:are|is|be|lie|lies|stand|stands)\b", place.group(), re.IGNORECASE)
        text = f"{text[: place.start()]}{said.group() + ' ' if said else ''}{says}{text[place.end() :]}"
    return _reached(text)
