"""Suppositions that give a distance ("If the fire jumps 60 m beyond the forest, how many buildings can it reach?").

What is supposed is a zone around one topic; what is asked is what lies in it, or out of it. Only where the clause has
one distance, names one topic and denies nothing is it read.
"""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re

from planimeter.vocabulary.topics import nouns

_LENGTH = r"\d[\d.,]*\s*-?\s*(?:m|km|ft|yd|mi|met(?:re|er)s?|kilomet(?:re|er)s?|feet|foot|yards?|miles?)\b"
_LEAD = re.compile(
    rf"^(?:and |but |so )?(?:if|suppose|supposing|imagine|assume|assuming|say|let's say|with|we assume|we suppose|given|in case|were|should)\b"
    rf"(?: that)?([^?]*?)({_LENGTH})([^?]*?)[,:.;]\s+(?:then |so )?([^,;:]+?)\s*\??\s*$",
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
_STOPS = frozenset(
    [
        "not",
        "no",
        "never",
        "only",
        "except",
        "without",
        "larger",
        "smaller",
        "bigger",
        "older",
        "newer",
        "more",
        "less",
        "least",
        "most",
        "north",
        "south",
        "east",
        "west",
        "northern",
        "southern",
        "eastern",
        "western",
        "upper",
        "lower",
        "new",
        "old",
        "between",
        "rise",
        "rises",
        "rising",
        "rose",
        "level",
        "levels",
        "high",
        "higher",
        "height",
        "tall",
        "deep",
        "deeper",
        "depth",
        "thick",
        "wall",
        "dam",
        "storey",
        "wide",
        "through",
    ]
)

# A condition in brackets or behind "i.e." that says what the zone is that has a name of its own.
_NEAR = rf"(?:within|less than|at most|no more than|not more than|no farther than|no further than|closer than|nearer than|up to|under)\s+{_LENGTH}"
_FAR = (
    rf"(?:more than|farther than|further than|over|at least|beyond|no closer than|no nearer than)\s+{_LENGTH}"
)
_TAIL = r"(?:(?:\s+away)?\s+(?:from|of|to|around|along|about)\s+[a-z ]+?|\s+(?:from|of|to)\s+[a-z]+)"
_SAYS = r"(?:\s*[(,–-]\s*|\s+)(?:i\.e\.,?|that is(?: to say)?,?|meaning|taken as|defined as|understood as|assumed to be|here|=|:)?\s*(?:everything |all land |all the land |the land |what lies )?\s*"
_ZONE = r"(?:the |an? |any |at least one |some )?(?:[a-z]+[ -]){0,4}?(?:zone|fringe|strip|belt|area|band|buffer|corridor|flooding|flood|floods|fire|fires|wildfire|wildfires|peril|perils|hazard|hazards|risk|danger|embers|floodplain|flood plain|plain|noise|reach|range|sight|setback)"
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
            rf"{_SAYS}(?P<bare>{_LENGTH})(?P<or> or less)?\s+(?:from|of|around|along|about)\s+(?:the |any |all )?(?P<ref>[a-z]+(?: bod(?:y|ies))?)\s*(?:\)|(?=[?.,:;]|$))",
            re.IGNORECASE,
        ),
        "bare",
    ),
)  # fmt: skip
_REACHES = (
    (rf"\bcan an? ({_LENGTH})[- ](?:long )?(?:hose|cable|ladder|rope|line|pipe|hosepipe) reach from (?:the |a |any )?(\w+)", r"are within \1 of \2"),
    (rf"\b(?:are|is|lie|lies) (?:out of|beyond) (?:the )?reach of an? ({_LENGTH})[- ](?:long )?(?:hose|cable|ladder|rope|line|pipe|hosepipe) from (?:the |a |any )?(\w+)", r"are more than \1 from \2"),
    (rf"\b(?:would be|will be|could be|can be|are|get|is|were) (?:reached|hit|touched|affected|flooded|burnt|burned|threatened) by (?:a |an |the )?(\w+) (?:spreading|flowing|moving|jumping|extending|reaching|going) ({_LENGTH})", r"are within \2 of \1"),
    (rf"\b(?:violates?|breach(?:es)?|breaks?|fails?|infringes?|do not (?:respect|keep|meet|observe)|does not (?:respect|keep|meet|observe)) (?:a |an |the )?({_LENGTH})[- ](?:setback|distance|buffer|limit|clearance)(?: distance| rule)? (?:from|to|around|of) (?:the |any |a )?", r"are less than \1 from "),
    (rf"\b(?:compl(?:y|ies) with|respects?|keeps?|meets?|observes?|satisf(?:y|ies)) (?:a |an |the )?({_LENGTH})[- ](?:setback|distance|buffer|limit|clearance)(?: distance| rule)? (?:from|to|around|of) (?:the |any |a )?", r"are at least \1 from "),
    (rf"\b(?:could|would|might|may|can|will) (?:be )?(?:flood|flooded|burn|burnt|burned|suffer|lost|affected|hit|damaged) (?:if|when|assuming) (?:(?:we|one|you|i) (?:assume|say|suppose)s?(?: that)? )?(?:everything|all|anything|what is|whatever is|all that is) (within {_LENGTH} of [a-z ]+?) (?:is|gets|would be|will be|are) [a-z ]+", r"are \1"),
    (rf"\bwould (?:a |an |the )?({_LENGTH})[- ](?:[a-z-]+ )?(?:strip|buffer|zone|belt) (?:along|around|of|beside) (?:the |all |any )?(\w+)(?: bod(?:y|ies))? (?:take(?: away| up| out)?|cost|contain|cover|include|affect|occupy)", r"are within \1 of \2"),
    (r"\b(?:would|will|could|might) (?:lie|fall|be|stand) (?=inside|within|in |less|more|closer|farther|further|at |no )", "are "),
)  # fmt: skip
_REACHES_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in _REACHES)


def _topics(text: str) -> dict[str, str]:
    """Topic → the last noun phrase that names it."""
    found: dict[str, str] = {}
    words = re.findall(r"[a-z]+", text.lower())
    position = 0
    while position < len(words):
        for length in (3, 2, 1):
            phrase = " ".join(words[position : position + length])
            if phrase in nouns():
                found[nouns()[phrase].topic] = phrase
                position += length - 1
                break
        position += 1
    return found


def supposed(text: str) -> str:
    """A question that says its distance as a condition; unchanged where none is supposed.

    >>> supposed("If the fire jumps 60 m beyond the forest, how many buildings can it reach?")
    'how many buildings are within 60 m of forest?'
    >>> supposed("How many houses are in the flood zone (within 35 m of water)?")
    'How many houses are within 35 m of water?'
    """
    found = _LEAD.match(text)
    if found:
        before, length, after, question = found.groups()
        clause = f"{before} {after}"
        topics = _topics(clause)
        asked = _ASKED.match(question.strip())
        plain = not (_STOPS & set(re.findall(r"[a-z]+", clause.lower()))) and not re.search(r"\d", clause)
        if asked and plain and len(topics) == 1:
            (noun,) = topics.values()
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
    for compiled, words in _REACHES_COMPILED:
        text = compiled.sub(words, text)
    return text
