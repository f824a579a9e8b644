"""Tables of what words stand for in a question: directions, denials, measures, forms."""

from __future__ import annotations

import re

from planimeter.coder.word_lists import listed
from planimeter.vocabulary.numbers import NUMBER_WORDS

GT, GE, LT, LE = "gtx", "gex", "ltx", "lex"
"""Words that stand for more than, at least, less than, at most, once they are found."""
TURNED = {GT: LE, LE: GT, GE: LT, LT: GE}
"""What each becomes where it is denied."""

_NUMBER = rf"(?:a |an |the |about )?(?:\d|dozen|{'|'.join(NUMBER_WORDS)})"
# Phrases and what they stand for; longer ones first. "lex" and the like are no words of anybody.
PHRASES: tuple[tuple[str, str], ...] = (
    (r"\bimg\d*\.\w+\b|(?<![a-z])'|'(?![a-z])|\"", " "),
    (r"\b(?:one|single|a) (?:number|word|value|sentence|figure)\b|\b(?:item|field|table|column|question"
    r"|part) \d+:?", " "),
    (r"\b(biggest|largest|smallest) one(?:s|'s)?\b", r"\1"),
    (r"\b(?:single|this|that|which|another|the) ones?\b|\bof them\b|\b100 ?\* ?(?=area)", " "),
    (r"\bhigh (?=hazard|risk)|\bits value is\b|\breturn only the value\b|\bright (?=by|at|next|now"
    r"|beside|here)", " "),
    (r"\b(?:one|a) twentieth\b", "5 %"),
    (r"\bno-(?:build|spray|go|touch|mow)\b ?", ""),
    (r"\b((?:would|will|could|does|do) (?:\S+ +){0,9})(?:take|takes) away\b"
     r"(?! (?:the )?(?:single )?(?:largest|biggest|smallest|maximum))", r"\1 contain "),
    (r"\b(?:number|value|integer)s? only\b|\bno (?:explanations?|wait|guess(?:ing)?)\b", " "),
    (r"\b(?:do not|don't) (?:guess|explain)\b|\byes or no\b|\bif possible\b|\bif you can(?: tell)?\b", " "),
    (r"\bmore or less\b|\bat the moment\b|\bat all\b|\bin all\b|\ball in all\b|\bone more(?: thing)?\b", " "),
    (r"\ball (?:together|told|things considered)\b|\bfirst question\b|\bnext (?:question|one)\b", " "),
    (r"\bimage:? *\d+ ?x ?\d+ pixels\b|\b\d+ ?x ?\d+ pixels\b", " "),
    (r"\bout of (?:all|the|every)\b", "of all"),
    (r"\bas (?:far|best|well) as (?:you|one|we) can (?:tell|see)?\b|\bremote sensing\b"
    r"|\b(?:of )?the two\b(?!,? (?:larg|small|big))", " "),
    (r"^(?:\W*\d+[.)]|\W*[a-c]\)) ", " "),
    (r"\bsolar power\b|\bpower (?=plants?\b)", "solar "),
    (r"\bhectars?\b", "hectares"),
    (r"\bleft out\b|\bleave out\b|\bleaving out\b", "excluded"),
    (r"\b(are|is|be|those|were|remain|been) left\b(?! (?:half|third|side|part))", r"\1 remaining"),
    (r"\boutlier,? that is,? (?=(?:the )?(?:largest|biggest))", " "),
    (r"\bhow long (is|are) the edges?(?= of\b)", r"how long \1 the outline"),
    (r"\b(?:the )?long(?:er)? side (?=of\b)", "axis "),
    (r"\bmost (big|large)\b", "largest"),
    (r"\bmost small\b", "smallest"),
    (r"\bat least one (?=peril|of )", "either "),
    (r"\bseparate (?=(?:[a-z]+ ){0,2}(?:patches|pieces|parts|regions|areas|bodies|ones)\b)", " "),
    (r"\bleast distance\b", "shortest distance"),
    (r"\bat (?:the|its|their) narrowest\b", "shortest"),
    (r"\bfarther away than\b", "farther than"),
    (r"\b(?:larger|bigger|greater) than (?:all|any) (?:the )?others?\b(?: [a-z]+s\b)?", "largest"),
    (r"\b(?:smaller) than (?:all|any) (?:the )?others?\b(?: [a-z]+s\b)?", "smallest"),
    (r"\bexposed twice\b|\bdoubly exposed\b", "both"),
    (r"^\W*> ", " "),
    (
        r"\bnot (?:at risk|exposed(?: to [a-z]+)?|in danger|threatened|endangered)\b"
        rf"(?=.*\b(?:(?:more|farther|further|greater) than|beyond) {_NUMBER})",
        " ",
    ),
    (r"\bain't\b", "are not"),
    (r"\bfail(?:s|ed|ing)? to (?=be|lie|sit|stand|stay|keep|reach|touch|exceed|have|fall)", "not "),
    (r"\b(?:no|nr)\. ?(?=of\b)", "number "),
    (r"\bmore of (?:the )?(?=\d|half|a )", f" {GT} "),
    (
        r"\b(?:not|n't) (?:be |lie |fall |stand )?(?:inside|affected|reached|touched|hit|caught"
        r"|in (?:it|the|a)) ?(?=\b)",
        " unaffected ",
    ),
    (r"\b(?:wouldn't|isn't|aren't) (?:be )?(?:inside|affected|reached|touched|hit|caught)\b", " unaffected "),
    (r">=|\bat least\b|\b(?:no|not) (?:less|smaller|fewer|closer|nearer) than\b|\bnot (?:under"
    r"|below)\b", f" {GE} "),
    (r"\bmin(?:imum|imal)? (?:(?:size|area|distance) (?:of )?)?(?=\d)", f" {GE} "),
    (r"\b(?:a )?min(?:imum|imal)? (?:size|area|distance) (?:of )", f" {GE} "),
    (r"\bminimum distance to (?:the )?(?=\w)", " distance to "),
    (r"\b(?:do|does|did) not exceed\b|\bnot exceeding\b|\bdoesn't exceed\b|\bdon't exceed\b", f" {LE} "),
    (r"<=|\bat most\b|\bup to\b|\b(?:no|not) (?:more|larger|bigger|greater|farther|further"
    r"|higher) than\b", f" {LE} "),
    (r"\bnot (?:over|above|beyond|outside)\b", f" {LE} "),
    (r"\bmax(?:imum|imal)? (?:(?:size|area|distance) (?:of )?)?(?=\d)", f" {LE} "),
    (r"\b(?:do|does) not reach\b|\b(?:don't|doesn't) reach\b", f" {LT} "),
    (r"\bviolat(?:e|es|ing) (?:a |the )?(?=\d)", f" violate {LT} "),
    (r"\b(?:more|larger|bigger|greater|farther|further|higher) than\b|\bbigger as\b|\bmore big than\b"
    r"|>", f" {GT} "),
    (rf"\b(?:over|above|beyond|outside(?: of)?|exceed(?:s|ing)?) (?={_NUMBER})", f" {GT} "),
    (r"\b(?:less|smaller|fewer|closer|nearer) than\b|\bsmaller as\b|<", f" {LT} "),
    (rf"\b(?:under|below) (?={_NUMBER})", f" {LT} "),
    (
        r"\b(?:with)?in(?:side)? (?:a |the )?(?:radius|distance) of\b"
        r"|\b(?:within|inside of) (?:a |the )?(?=\d)",
        f" {LE} ",
    ),
)  # fmt: skip
BEHIND = (
    (re.compile(r"^or (?:less|closer|nearer|smaller|fewer|below)\b"), LE),
    (re.compile(r"^(?:or|and) (?:more|larger|bigger|greater|farther|above|over|up)\b"), GE),
)
ZONES = listed(
    """
    along around band belt buffer by close corridor flies fly fringe hose inside jump jumps near radius
    reach reaches ring spread spreading spreads strip wide within zone
    """
)
"""Words that make a distance a zone around something, all of it within that distance."""

PIECES = listed(
    """
    area areas block class count counts installations parcel parcels part parts patch patches piece pieces
    region regions stand stands stretch stretches
    """
)
"""Words for separate regions of a cover."""

NEGATIONS = listed(
    """
    absent avoid cannot devoid hardly lack lacking lacks missing neither never no nobody non none nor not nothing
    without
    """
)
EXCLUDES = re.compile(
    r"\b(?:exclud\w+|ignor\w+|drop\w*|remov\w+|except|exempt|disregard\w*|besides|apart from|minus those"
    r"|other than|anything but"
    r"|(?:leave|leaves|leaving|left|take|takes|taking|taken) (?:out|away|aside)|free of|not counting)\b"
)
REMAINS = re.compile(
    r"\b(?:remain\w*|rest|unaffected|safe|dry|miss|misses|outside|out of reach|out of range|stays?|be left|are left"
    r"|is left|left)\b"
)

MEASURES: dict[str, str] = {
    "percent": r"percentages?|percent|pct|share|proportion|fraction|portion",
    "mean": r"average|mean|avg|typical",
    "median": r"median",
    "deviation": r"deviation|std|sd|stdev",
    "largest": r"largest|biggest|greatest",
    "smallest": r"smallest|tiniest|littlest",
    "most": r"most|dominant|main|prevailing|predominant|dominates|prevails|maximum|max|maximal",
    "least": r"least|rarest|minimum|min|minimal",
    "nearest": r"nearest|closest|shortest|close",
    "farthest": r"farthest|furthest|longest|remotest|remote|distant",
    "distance": r"distances?|far|gap|separate[sd]?",
    "second": r"second|third|fourth|fifth|2nd|3rd",
    "ratio": r"ratio|divided|divide|relate",
    "difference": r"difference|minus|subtract|outnumber",
    "density": r"density|densely|dense",
    "perimeter": r"perimeters?|outlines?|boundary|circumference",
    "list": r"list|table|each|breakdown|composition|histogram|bins|buckets|intervals|ranked|ranking"
    r"|rank|sorted|sort|ascending|descending"
    r"|matrix|itemi[sz]e|enumerate|distribution",
    "length": r"length|lengths|long",
    "majority": r"majority|mostly|most of",
    "times": r"twice|double|triple|thrice|half as|quadruple",
    "power": r"power|megawatts?|kilowatts?|watts?",
    "fragmented": r"fragmented|connected or",
    "all": r"all|every",
    "touching": r"touch(?:es|ing)?|border(?:s|ing)?|adjoin(?:s|ing)?|adjacent|abut(?:s|ting)?",
    "either": r"either|or",
    "both": r"both",
    "which": r"which|dominant|dominates",
    "count": r"how many|number|count|quantity|qty|amount|nr|no|tally|len|num|n|counting|pieces",
    "area": r"area|areas|surface|extent|how much|how big|how large|how extensive|size|space|cover"
    r"|ground|acreage",
    "place": r"north|south|east|west|northern|southern|eastern|western|left|right|upper|lower|top"
    r"|bottom|centre|center|middle|corners?|quadrants?|halves|edge|northeast"
    r"|northwest|southeast|southwest|northeastern|northwestern|southeastern|southwestern"
    r"|[ns][ew]|where (?:is|are|lies|does|do)",
    "only": r"only|just|except|unless|alone|mere|merely",
    "joint": r"and|plus|together|combined|with",
}  # fmt: skip
YES_NO = re.compile(
    r"^(?:so |and |but |then |now |well )*(?:is|are|does|do|has|have|can|could|will|would|was|were|got"
    r"|any|exists?|whether|if|gives it|"
    r"are not|is not|reckon|test)\b"
    r"|[.,:;!-] ?(?:is|are|does|do|has|have|whether|got|any)\b(?! you)"
    r"|\b(?:know|me|ask|say|idea|wondering|wonder|sorry|please|ok|so|now) (?:is|are|does|do|has"
    r"|have) (?!you|i\b)"
    r"|\b(?:whether|determine if|judge if|check if|tell me if|see if|verify if|find out if|know if"
    r"|are there any|is there any|is there|are there more)\b"
)
OPEN = re.compile(
    r"\b(?:how|what|which|number of|count|percentage|percent|share|proportion|average|mean|median|total"
    r"|list|ratio|distance|area of|"
    r"quantity|density|who|where|when|why|whose)\b|%"
)
