"""Everyday ways of saying, and the plain ones that the grammar has for the same: what is found, and what is written."""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re

from planimeter.coder.grammar.patterns import LENGTH, TO_EDGE, Words


def _behind(found: re.Match[str]) -> str:
    """ "Forest patches other than the largest: total area" with what is asked in front."""
    about, asked = found.group(1), found.group(2).lower()
    return f"how many {about} are there" if asked == "how many" else f"the {asked} of {about}"


def _listed(text: str) -> str:
    """A list of covers with "and" before the last."""
    items = re.split(r",? and |,? plus |, ", re.sub(r"^(?:i\.e\. |that is,? |meaning )", "", text.strip()))
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else text


def _farthest(word: str) -> str:
    return "farthest" if word.lower() in ("remote", "distant", "farthest", "furthest") else "nearest"


def _of_all(found: re.Match[str]) -> str:
    """ "Of all the buildings shown, what is the percentage of those whose …" with the noun where it is asked about."""
    noun, which, rest = found.groups()
    idle = which is None or _SHOWN.fullmatch(which.strip())
    noun, there = (noun, "are there") if idle else (f"{noun}{which}", "are")
    rest, told = re.subn(
        r"\bhow many (?:are there|of them|of those|are)\b", f"how many {noun} {there}", rest, count=1
    )
    if not told:
        rest, told = re.subn(r"\bof (?:those|these|them|it)\b", f"of {noun}", rest, count=1)
    if not told:
        rest, told = re.subn(
            r"\b(what|which) (share|percentage|proportion|part|fraction|percent)\b(?! of)",
            rf"\1 \2 of {noun}",
            rest,
            count=1,
        )
    return rest if told else found.group()


def _edge(found: re.Match[str]) -> str:
    """The forest for its edge where a distance runs to it; its length and what lies on it are of the edge alone."""
    return found.group(1) if TO_EDGE.search(found.string[: found.start()]) else found.group()


_SHOWN = re.compile(
    r"(?:that|which) (?:(?:are|is|can|be|you|we|i|one|do|does|there|now|all|in|on|the|this|image|picture|scene|map|photo|shown|visible|seen|see|find|count|spot|"
    r"present|here|found|exist|exists|depicted|detected|mapped|appear|appears|into|account)\b ?)+",
    re.IGNORECASE,
)
_UNTIL = r"(?:[^,.;:?!()]|[.,](?=\d))"  # inside one clause
_AREA = r"(?:total |combined |ground |overall )?(?:area|surface(?: area)?|extent|size|acreage|footprint)"
_STAT = r"(?:average|mean|median|minimum|maximum|shortest|longest|greatest|smallest|largest)"
_MUCH = r"(?:land|ground|area|surface|space|room)"
_SIZE = r"\d[\d.,]*\s*-?\s*(?:m2|m²|sq\b|square|ha\b|hectares?|acres?|km2|km²|ft2|pixels?|px)"
_NEAR = (
    rf"(?:within|at most|no more than|not more than|less than|under|up to|closer than|nearer than|{LENGTH})"
)
_FAR = r"(?:more than|over|farther than|further than|at least|beyond)"
_SHAPE = r"(?:polygon|patch|region|feature|component|body|parcel|instance|object|shape|area)"
_SINGULAR = (
    r"(?!(?:land|property|farm|plot|estate|parcel|site|house|home|building|roof|garden|field|pond|lake|street|road|"
    r"village|town|city|neighbou?rs?|neighbou?rhood|district|country|county|region|area|place|client|boss|teacher|"
    r"portfolio|block|quarter|wood|meadow|forest|river|stream)\b)"
)

# (what is found, what is written): in this order, each wherever it stands; "^" and "$" are the question's ends.
WAYS: tuple[tuple[str, Words], ...] = (
    # classes in quotation marks, names with underscores
    (r"(?<=[a-z0-9])_(?=[a-z0-9])", " "),
    (r"['\"‘’“”](\w+)['\"‘’“”] (?:class|category|label|layer)\b", r"\1"),
    (r"\b(?:class|category|label|layer) ['\"‘’“”](\w+)['\"‘’“”]", r"class \1"),
    (r"(?<!\w)['\"‘’“”](\w[\w ]{1,20})['\"‘’“”](?!\w)", r"\1"),
    (r"^for (?:the )?(?:class|category|label) (\w+)[:,]? what is (?:the |its )?(?:covered |total |occupied )*(area|share|percentage)\b", r"what is the \2 of \1"),
    (r"\b(?:does|has) (?:the )?(?:class|category|label) (\w+) (have|contain)\b", r"does \1 \2"),
    (r"\bclass (\w+) (have|contain|cover)", r"\1 \2"),
    (r"\bof the (?:classes|categories) ", "of "),
    (r"^in the land[- ]cover (?:raster|map|image|layer|data),? ", ""),
    (r"\b(?:of|among) (?:all )?(?:the )?pixels\b", "of the image"),
    (r"\b(?:connected|contiguous|distinct|separate) (components|regions|patches|polygons|bodies|pieces|parts|areas)\b", r"separate \1"),
    (r"\bhow many separate (?:components|regions|patches|pieces|parts|polygons) does (?:the )?(\w+)(?: mask| layer| class)? (?:have|contain|show|consist of)\b", r"how many separate \1 regions are there"),
    # words in between that say nothing
    (r"\bwhat (?:we|you|i|one) (?:can )?see(?: here)?\b", "the image"), (r", (?:as a |in )?percent(?:age)?(?=$|[?.])", " in percent"),
    (r"\b(?:would|could|does|will|can) (?:a |an |the )?(?:visitor|person|hiker|tourist|one|you|we|people|someone) (?:find|see|meet|have) (?=more|less)", "is there "),
    (r"\b(?:could|can|would|may|might) (?:one|you|we|i|people) (?:visit|see|find|count|spot|make out|discover)\b", "are there"),
    (r"\bwhat (size|area|extent|surface) (?:does|do|has|have) (?:the )?(.+?) (?:have|cover|take up|occupy|measure)(?=$|[?.])", r"what is the \1 of \2"),
    (r"\b(covers?) most of the (?:ground|land|area|surface)\b", r"\1 most"),
    (r"\b(?:near|close to|by) (?:the |a |any )?([a-z]+), (?:with|where) (?:near|close|by) (?:meaning|being|defined as|means|is) (up to|at most|within|less than|under|no more than) (\d[\d.,]* ?[a-z]+)", lambda found: f"{'within' if found.group(2) in ('up to', 'within', 'at most', 'no more than') else 'less than'} {found.group(3)} {'of' if found.group(2) in ('up to', 'within', 'at most', 'no more than') else 'from'} {found.group(1)}"),
    (r"\b(?:in|into) how many (separate |distinct )?(pieces|parts|patches|blocks) (?:does|do|is|are) (?:the )?([a-z ]+?) (?:come|fall|split|lie|occur|exist)(?=$|[?.])", r"how many \2 does the \3 form"),
    (r"^what (proportion|share|percentage|part|fraction) of (?:the |this )?(?:land|image|area|place) is ([a-z]+), (?:if|where|when) \2 means ([a-z, ]+)(?=$|[?.])", r"what \1 of the image is covered by \3"),
    (r"^(?:please )?(?:verify|confirm|check|test|make sure|ensure|see|show|prove)(?: that|:| whether| if)? (?=there (?:is|are)|[a-z ]+? (?:is|are) (?:larger|greater|bigger|smaller|more|less|over|under|above|below|at least)|all |every )", "whether "),
    (r"\bhow many there (?:is|are) of\b", "how many"), (r"^which is the (?=percentage|share|number|quantity|count|amount|area|surface|size|average|total|distance|proportion|ratio)", "what is the "),
    (r"\btotal of (?:the )?(?:surfaces|areas|sizes) of\b", "total area of"), (r"\bis it that\b", "whether"), (r"\bdistant (?:of|by|from) (?=\d|more|less|at)", ""),
    (r"^(?:from|at|to) (?:which|what) distance is the (nearest|closest|farthest) ([a-z]+) (?:to|from|of) (?:the )?", r"what is the distance from the \1 \2 to the "),
    (r"^what (?:part|share|percentage) (?:occup(?:y|ies)|covers?|takes?|ha(?:ve|s)) (?:the )?([a-z]+)", r"what percentage of the image is \1"),
    (r"\bhow little\b", "how much"),
    (r"^compare (?:the )?(?:areas?|sizes?|extents?) of (.+?) (?:with|to|and) (?:that of |the area of |those of )?(.+?)[:,;.] which (?:one )?(is|covers|has) (larger|bigger|smaller|more|less|greater|the larger area|the smaller area)", r"which \3 \4, \1 or \2"),
    (r", (is|are) there(?=$|[?.])", r" \1 there"),
    (r"\b(?:asphalt|tarmac|concrete|pavement|canopy|greenery|blue|timber) \((?:i\.e\. )?(roads?|buildings|houses|roofs|forest|water|grass|farmland|trees)\)", r"\1"),
    (r"\b(?:sum|total) of (?:the )?(building|roof|house|field|lake|pond|forest patch) (?:areas?|sizes|footprints)(?: where (?:the )?(?:area|size) (?:is )?)?(?= [<>]|$|[?., ])", lambda found: f"total area of {found.group(1)}{'es' if found.group(1).endswith('ch') else 's'}"),
    (r"\b(average|mean|median|maximum|minimum|largest|smallest) of (?:the )?([a-z]+) (?:areas|sizes|footprints)\b", r"\1 \2 area"),
    (r"^% (?:of )?([a-z ]+?) (?:of|in) (?:the )?(?:total|image|area|scene|picture)(?=$|[?.])", r"percentage of the image covered by \1"),
    (r"^([a-z]+) (?:ha|m2|area|hectares) ?/ ?([a-z]+) (?:ha|m2|area|hectares)(?=$|[?.])", r"ratio of the area of \1 to the area of \2"),
    (r"\b(?:said|aforementioned|aforesaid|mentioned|respective) (?=(?:buildings?|houses?|roads?|lakes?|forest|fields?|structures?|water))", ""),
    (r",? (?:if any|ladies and gentlemen|would you say|do you think|do you reckon|do you believe|do you estimate|would you estimate|as shown here|shown here|in your view|in your opinion|to your knowledge|approximately|roughly speaking|so to speak|for what it's worth|you reckon)(?: that)?,?(?= )", ""),
    (r",? to the nearest (?:whole number|integer|unit|hundredth|tenth|ten|hundred),?(?= )", ""),
    (r"(?<!not )(?<!n't )(?<!n’t )\b(?:simultaneously|concurrently|at the same time|at once|somewhere|anywhere|thereof|gross|merely)\b ?(?=\w)", ""),
    (rf"\b(?:very |really )?(?:tiny|small|little|minor) (?=(?:\w+ )?(?:under|below|smaller than|less than) {_SIZE})", ""),
    (rf"\b(?:very |really )?(?:large|big|huge|major) (?=(?:\w+ )?(?:over|above|larger than|bigger than|more than|exceeding) {_SIZE})", ""),
    (rf"\b(?:large|big|huge|major|larger|bigger) (\w+) \(((?:over|above|larger than|bigger than|more than|exceeding|at least) {_SIZE}[a-z ]*)\)", r"\1 \2"),
    (rf"\b(?:small|little|tiny|minor|smaller) (\w+) \(((?:under|below|smaller than|less than|at most|up to) {_SIZE}[a-z ]*)\)", r"\1 \2"),
    (rf"\b(?:large|big|huge|major|larger|bigger|sizeable) (\w+), ((?:i\.e\. |meaning |that is,? |so |of )?(?:over|above|larger than|bigger than|more than|exceeding|at least) {_SIZE})(?:,|(?=\s*$|[?.]))", r"\1 \2"),
    (rf"\b(?:small|little|tiny|minor|smaller) (\w+), ((?:i\.e\. |meaning |that is,? |so |of )?(?:under|below|smaller than|less than|at most|up to) {_SIZE})(?:,|(?=\s*$|[?.]))", r"\1 \2"),
    (rf"\b(?:large|big|huge|major) (?=(?:\w+ )?(?:of )?at least {_SIZE})|\b(?:small|tiny|little|minor) (?=(?:\w+ )?(?:of )?(?:at most|up to) {_SIZE})", ""),
    (rf"^(?:let us say|let's say|let’s say|say|suppose|assume|if)?,?(?: that)? ?an? (big|large|huge|small|tiny|little) (\w+) (?:is|means|has|covers|be) (?:one |an? \2 |any |anything |something )?(?:that is |that has |with |of )?((?:over|above|under|below|at least|at most|more than|less than|larger than|bigger than|smaller than) {_SIZE}\w*(?: (?:met(?:re|er)s?|feet|kilomet(?:re|er)s?)\b)?)[.,;:]?\s+(.*?)\b\1 (\2\w*)(.*)$", r"\4\5 \3\6"),
    (r"\b(?:the )?minimum mapping unit of (?=\d)", ""),
    (r"\bto what extent,?(?: in per ?cent,?)? (?:is|are) (?:the )?(image|area|scene|picture|land) (?=covered|occupied)", r"what percentage of the \1 is "),
    (r"\b(?:what|which) (?:kind|type|sort) of (?:land|ground|cover|land cover|surface|terrain) (?:is there|do you see|do we have) (?:the )?(most|least) of\b", r"which land cover covers the \1"),
    (r"\b(?:do|can) (?:you|we|i) see more (?=\w+(?: \w+)? or )", "is there more "),
    (r"\bhow much of this (?=is|are)", "how much of the image "),
    (r"\bwhether no (building|house|lake|pond|field|road|home|structure)s? (?:is|are|lies?|stands?) ", r"are there no \1s that are "),
    (r"\bdo there (?:stand|lie|exist)\b", "are there"), (r"\bconsists? out of\b", "is covered by"), (r"\bhow far (?:lies|lie|stands|stand) ", "how far is "),
    (r"\bfrom (?=(?:more|less) than \d)", "of "), (r"\b(forest)s? (?:edge|margin|boundary|border|fringe)s?\b", _edge),
    (r"\b(?:edge|margin|border|fringe|bank|shore)s? of (?:the |a |any )?(forest|wood|woods|water|lake|river|road|field)\b", _edge),
    (r"\b(water|lake|river|road|wood|field) (?:edge|margin|border|bank|shore|side)s?\b", _edge),
    (rf"\b(?:inside|within|in|of|into) (?:the |a |an |any )?({LENGTH})[- ](forest|water|road|lake|river|wood|woodland|building|grass|field)s?[- ](?:buffer|zone|strip|belt|band|corridor|margin)(?: zone)?\b", r"within \1 of \2"),
    (rf"\bwithin ({LENGTH}) of (?:the |a |any )?(\w+) and ({LENGTH}) of\b", r"within \1 of \2 and within \3 of"),
    (r"\b(?:length of )?(?:the )?shortest (?:straight )?(?:line|path|connection|link) (between|from)\b", r"the shortest distance \1"),
    (r"\b(minimum|mean|average|maximum|smallest|largest|greatest) (?:separation|spacing|clearance)(?: distance)?\b", r"\1 distance"), (r"\bseparation (between|from)\b", r"distance \1"),
    (r"\b(mean|average|median|largest|smallest|maximum|minimum) of (?:the |all )*(?:areas?|sizes?|footprints?) of (?:the |all )?", r"\1 area of "),
    (r"\b(mean|average|median) (area|size|footprint) (?:among|over|across|for) all (?:of )?(?:the )?", r"\1 \2 of "),
    (r"\b(?:have|has|having|with) (?:an? |the )?(?:area|size|footprint|surface)s? (greater|larger|bigger|smaller|less|more) than (?=the (?:mean|average|median)|average|mean)", r"are \1 than "),
    (r"\bby what factor (?:is|are) (?:the )?(?:area of )?(.+?) (?:greater|larger|bigger|more extensive) than (?:the )?(?:area of )?(?=\w)", r"how many times larger is \1 than "),
    (r"^site area\b", "image area"),
    (r"^(.+?) (?:vs\.?|versus|against|or) (.+?)[:,;] which (?:one )?(?:is|covers|has) (?:the )?(larger|bigger|more|greater|smaller|less)(?: area)?(?=$|\?)", r"which is \3, \1 or \2"),
    (r"^(roads?|forest|water|grass|grassland|farmland|cropland|vegetation|buildings|roofs|urban land|bare land|solar panels|woods|woodland|meadows?)[:,] how (?:many|much) (m2|m²|ha|hectares|acres|square met(?:re|er)s|km2)(?=$|\?)", r"how many \2 of \1 are there"),
    (r"\bbelonging (?=to)", "belongs "), (r"\bbelong to\b", "belongs to"),
    (r"\b(?:by|near|next to|beside|along|close to|at) (?:a |an |the |any )([a-z]+), (at most|less than|no more than|not more than|up to|under) (\d[\d.,]* ?[a-z]+)(?: away| off)?\b", r"\2 \3 from \1"),
    (r"\b(?:by|near|next to|beside|along|close to|at) (?:a |an |the |any )([a-z]+), within (\d[\d.,]* ?[a-z]+)\b", r"within \2 of \1"),
    (r", i mean (?:in|by) (?:surface|area|size)\b", " in area"),
    (r"\binland waters\b", "water"),
    # who has, who sees
    (r"\bain't\b|\bain’t\b", "are not"),
    (r"^(?:have you )?got any\b", "is there any"),
    (r"^(?:(?:i|we|you|they) )?(?:reckon|think|guess|suppose|bet|believe) there(?:'s| is| are)\b", "is there"),
    (r"\bthis here\b|\bthis lot\b(?= is)", "the image"),
    (r"\b(?:on|at|in) (?:this|the|our) place\b", "in the image"),
    (r"\b(?:percent|percentage)-?wise\b", "in percent"),
    (r"\bhow far's\b", "how far is"), (r"\bhow big's\b", "how big is"), (r"\bhow large's\b", "how large is"),
    (r"\bwhat(?:'s| is) the (.+?) come to\b", r"what is the area of \1"),
    (r"\bbare dirt\b", "bare soil"), (r"\btimber\b(?! volume)", "timberland"),
    (r"\bqm\b", "m2"), (r"\bconstructions\b", "buildings"),
    (r"\b(?:all|every) (\w+) (?:combined|put together|taken together)\b", r"\1"),
    (r"\b(area|size|number|extent|acreage|footprint|surface)s? of all (?:of )?(?:the )?", r"\1 of "),
    (r"\bare (right |directly |just |close |really |very )+(?:by|at|on|next to|near|close to|beside) (?=the |a |any )", "are near "),
    (r"\b(is|are|stands?|lies?) (?:really |very |right |quite |too |so )*(?:close|near) to (?:the )?(\w+),? (?:like|say|about|as in|roughly|around) (?=\d)", r"\1 near \2 within "),
    (r"\b(?:the )?(water|river|lake|forest|road|wood|woods|pond)(?:'s|’s) (?:edge|bank|shore|side|border|margin)\b", _edge),
    (rf"\b(?:my(?!\s+(?:own\s+)?(?:houses|homes|buildings|roofs|panels|properties|dwellings)\b)|our)\s+(?:own\s+)?{_SINGULAR}(?=[a-z])", "the "),
    (r"\b(how many [^,.;?]+?) (?:(?:do|can) (?:i|we|you) (?:have|got|see)|have (?:i|we|you) got)\b(?: got)?(?! to\b)", r"\1 are there"),
    (r"\b(how much [^,.;?]+?) (?:(?:do|can) (?:i|we|you) (?:have|got|see)|have (?:i|we|you) got)\b(?: got)?(?! to\b)", r"\1 is there"),
    (r"^(?:do|have) (?:i|we|you) (?:have |got )+(?=(?:more|less)\b)", "is there "),
    (r"^(?:do|have) (?:we|you) (?:have|got)\b", "does the image have"),
    (r"\b(square met(?:re|er)s|hectares|acres|m2|ha) of (\w+) (?:do )?(?:we|i) have\b", r"\1 of \2 are there"),
    (r"\b(are|is) there (?:here |left |present |available )?to (?:work|play|deal|reckon) with\b", r"\1 there"),
    (r"\b(?:might|would|could|may|will) there be\b", "are there"),
    (r"\b(?:do|does) (?:there )?exist\b", "are there"),
    (r"^(?:there )?exists? (?:there )?(?:any )?", "is there any "),
    (r"^(?:is|are) there (?:exist|exists)\b", "is there"),
    (r"\bis there exist\b", "is there"),
    # verbs
    (r"\b(?:sealed|held|claimed|overgrown|taken|made up for|accounted for|used up|topped|blanketed|filled|swallowed)( up)? by\b", "covered by"),
    (r"\b(?:sits?|resides?|is sited|are sited|is situated|are situated|is to be found|are to be found|is standing|are standing) (?=within|less|more|closer|farther|further|at most|at least|no |between|in |near)", "lie "),
    (r"\bfall below\b", "are smaller than"),
    (r"\b(?:do|does) not (?:surpass|go beyond|go over)\b", "do not exceed"),
    (r"\b(?:takes?|taking|took) up (?:the )?(more|less|most|least|fewest) (?:room|space|land|ground|area)\b", r"covers \1"),
    (r"\b(?:more|most) (?:room|space)\b", lambda found: found.group().replace("room", "land").replace("space", "land")),
    (r"\bhow much (?:room|space)\b", "how much land"),
    (rf"\bhow much {_MUCH} (?:occup(?:y|ies)|covers?|takes? up|ha(?:ve|s)|uses?) (?:the |all the )?(?!they\b|it\b|that\b|these\b|this\b)([a-z ]+?)(?: together)?(?=$|[?.,]| in )", r"how much land does \1 cover"),
    (r"(?<=[a-z] )(?:who|that|which) (?:are|is) (?:being )?(?=(?:within|less|more|closer|farther|further|at|no|between|near|larger|bigger|smaller)\b)", "that are "),
    # as other languages put it
    (r"\bhow many (\w+) (?:have|has) (?:a |the )?distance (?:to|from) (?:the |a |any )?([a-z ]+?) (?:of |is )?(less than|more than|at most|at least|under|over) (\d[\d.,]* ?[a-z]+)", r"how many \1 are \3 \4 from \2"),
    (r"\b(?:near|close|next) to (?:the |a |any )?([a-z ]+?),? (?:with |by )?(less than|under|at most|not more than|no more than|up to) (\d[\d.,]* ?[a-z]+)\b", r"\2 \3 from \1"),
    (r"\b(?:near|close|next) to (?:the |a |any )?([a-z ]+?),? within (\d[\d.,]* ?[a-z]+)\b", r"within \2 of \1"),
    (r"\b(houses|buildings|lakes|ponds|fields|homes|roofs|structures|meadows|roads) (?:they|that they) are\b", r"\1 are"),
    (r"^(?:please )?tell (?=how|what|which|whether)", ""),
    (r"\b(?:really |very |quite |right |so |just )*(?:close|near|next) to (?:the |a )?(\w+),? (?:like|say|about|as in|roughly|around) (\d[\d.,]* ?[a-z]+)", r"within \2 of \1"),
    (r"^is in (?:the |this )?(?:picture|image|photo) (?:some|any|an?|the)? ?([a-z ]+)", r"is there any \1"),
    (r"^in (?:the |this )?(?:picture|image|photo) (?:exists?|is there|are there|there is|there are) (?:there )?(?:any |some |a )?([a-z ]+)", r"is there any \1"),
    (r"\bhow many (building|house|lake|pond|field|roof|home|structure|meadow) (is|has|have|lies?|stands?)\b", r"how many \1s are"),
    (r"\b(forest|grass|water|farmland|road) parts?\b", r"\1 patches"),
    (r"\b(?:are |is )?(?:have|has|having|with) (?:a |the )?distance (?:to|from) (?:the |a |any )?([a-z ]+?) (?:of |is )?(less than|more than|at most|at least|under|over|below|above) (\d[\d.,]* ?[a-z]+)", r"are \2 \3 from \1"),
    (r"\b(average|mean|median|total) (area|size) from (?:the |a |an )?", r"\1 \2 of "),
    (r"^gives? it\b", "is there"),
    (r"^(?:there )?(?:exist|exists|is|are) (?:there )?(?:any )?more (?:of )?(?:the )?(\w+) or (?:more )?(?:of )?(?:the )?(\w+)", r"is there more \1 or more \2"),
    (r"^there is more of (?:the )?(\w+) or of (?:the )?(\w+)", r"is there more \1 or more \2"),
    (r"\bis there any more (\w+) or more (\w+)", r"is there more \1 or more \2"),
    (r"\bmore (\w+) as (?:the )?(\w+)(?=$|[?.])", r"more \1 than \2"),
    (r"\bhow many from (?:the|all)\b", "how many of the"),
    (r"\b(?:at |in )?(?:maximal(?:ly)?|maximum|max\.?) (?=\d)", "at most "), (r"\b(?:at )?minimal(?:ly)? (?=\d)", "at least "),
    (r"\b(?:in|at|within) (?:a |the )?distance of (at most|less than|up to|no more than|at least|more than) (\d[\d.,]* ?[a-z]+) (?:to|from|of)\b", r"\1 \2 from"),
    (r"\bto (less|more) than (\d[\d.,]* ?[a-z]+) (?:of|from) (?:the )?", r"\1 than \2 from "),
    (r"\bhow (?:much|many) (m2|m²|hectares|ha|acres|square met(?:re|er)s) (?:of )?(?!of|are|is|have|has|do|does|there)([a-z ]+?) (?:is|are) there\b", r"how many \1 of \2 are there"),
    (r"\bhow (?:much|many) (m2|m²|hectares|ha|acres|square met(?:re|er)s) (?:have|has) (?:the )?([a-z ]+?)(?: together| in total)?(?=$|[?.])", r"how many \1 do the \2 cover"),
    (r"^it is (?:which|what) (?:is )?(?:the )?", "what is the "),
    (r"^the ([a-z ]+), (?:it |they )(?:represents?|covers?|makes? up|occup(?:y|ies)|takes? up|(?:is|are)) what (percentage|share|part|fraction) of (?:the )?(?:image|picture|scene|area|total)\b", r"what \2 of the image is \1"),
    (r"^how much (?:measures?|is|are) (?:the )?(largest|biggest|smallest) ", r"how large is the \1 "),
    (r"^there (?:is|are) how (many|much) ", r"how \1 "),
    (r"\bthat there (?:is|are)\b(?! (?:any|more|less))", ""),
    (r"\bmore (?:big|large)\b", "larger"), (r"\bmore small\b", "smaller"), (r"\b(?:more )?near than\b", "nearer than"), (r"\bmore (?:near|close)\b", "closer"), (r"\bmore far\b", "farther"),
    (r"^(?:the |all the |all )?([a-z][^?]*?), how many (?:are (?:they|there|those)|of them are there|in (?:number|total)|is it|do we have)?(?=$|[?.])", r"how many \1 are there"),
    (r"^(?:the )?([a-z]+) (occup(?:y|ies)|covers?|takes? up|makes? up|fills?) more of the half of\b", r"whether \1 cover more than half of"),
    (r"\bmore of the half\b", "more than half"),
    (r"^(?:the )?([a-z]+) (?:occup(?:y|ies)|covers?|takes? up|makes? up|fills?) (more than|less than|over|under|at least|at most) ([^?]+)\?$", r"whether \1 cover \2 \3"),
    (r"\b(?:occupied|covered) area\b", "area"),
    (r"[,;]? ?\(?\bunits?\b ?(?:is|are|:|=|in)? ?(hectares?|ha|square met(?:re|er)s?|m2|m²|acres?|met(?:re|er)s?|km2|square kilomet(?:re|er)s?|percent|%|feet|square feet)\)?", r" in \1"),
    (r"\bwhether there exists?\b", "whether there is any"), (r"\bthere exists? (?:any |a |an )?", "there is any "),
    (r"\b(?:proportion|ratio|percentage|share) of ([a-z]+?)(?: area)? to (?:the )?(?:total |whole |entire )*(?:image|area|picture|scene)(?: area)?(?: is (?:how many percent|what percentage))?(?=$|[?.])", r"what percentage of the image is \1"),
    (r"^(?:the )?((?:total |average |mean )?(?:area|size|extent|number)) of (.+?) is (?:how much|how many|how large|how big|what)(?=$|[?.])", r"what is the \1 of \2"),
    (r"^(?:judge |decide |say )?(?:the )?area of which is (more|larger|bigger|greater|less|smaller)[:,]? (.+)$", r"which covers \1, \2"),
    (r"\bthe maximum (water body|building|field|patch|lake)\b", r"the largest \1"),
    (r"^(?:the )?(.+?) (?:has|have|consists? of|makes?) how many (?:pieces|patches|parts|regions)(?=$|[?.])", r"how many pieces of \1 are there"),
    # a class by what it is made of
    (r"\b(?:(?:the |all )?(?:degree of |extent of )?(?:[a-z-]+ )?(?:sealed|hard|paved|impervious|impermeable|imperviousness|built|built-up|natural|semi-natural|semi natural|green|open|permeable|soft|unsealed|vegetated|grey|gray|blue|developed|undeveloped)(?: [a-z]+)?) \(((?:i\.e\. |that is,? |meaning )?(?:[a-z-]+(?: land| ground| panels| bodies)?(?:, | and | plus |, and )?){2,6}?)(?: together| combined)?\)", lambda found: _listed(found.group(1))),
    (r"\bhow much (?:[a-z-]+ )?(?:land|area|ground|surface|space) is there if (?:i|we|you|one) (?:counts?|adds?|takes?|includes?|considers?) ([a-z ,]+?)(?: together)?(?=$|[?.])", r"what is the total area of \1 together"),
    (r"\b(?:the |an? )?(?:[a-z-]+ ){0,3}?[a-z]+, (?:i\.e\.,? |defined as|taken as|taken to be|understood as|meaning|that is,?|here) ?(?:the |all )?((?:forest|woodland|grass|grassland|farmland|cropland|water|roads?|buildings?|houses|roofs?|bare land|vegetation|meadows?|fields|trees) (?:within|less than|more than|closer than|farther than|at most|at least|no more than|larger than|smaller than|lying|that|which)[^,?]*)", r"\1"),
    (r"\bthis (?:lovely|beautiful|nice|pretty|wonderful|charming|quiet|peaceful|little|small|particular|specific|very|fine|interesting) (area|place|region|picture|scene|image|view|landscape|photo)\b", r"this \1"),
    (r"\bblue (?=water|lake|river|pond)|\bgreen (?=grass|forest|trees|vegetation|meadow)", ""),
    (r"\bin this (?:satellite|aerial|image) (?:patch|chip|crop|sample|cutout)\b", "in this image"),
    (r"\bforest lands?\b", "forest"),
    (r"\b(do|does) all (?:of )?(?:the )?(\w+)", r"\1 the \2"),
    (r"\b(?:with|of|having) (?:a |an )?minimum (?:size|area|footprint|surface) of\b", "of at least"), (r"\b(?:with|of|having) (?:a |an )?maximum (?:size|area|footprint|surface) of\b", "of at most"),
    (r"\b(mean|average|median) (?:nearest|shortest|minimum|closest|minimal)[ -]distance\b", r"\1 distance"),
    (r"\b(?:exposed|located|situated|lying) (?=within|less than|at most|no more than|closer than)", ""),
    (r"\b(?:runs?|extends?|goes|passes|stretch(?:es)?|comes?|falls?) (?=within|closer|less than|at most|inside|nearer)", "lie "),
    (r"\btakes? (?=(?:more|less|the most|the least)\b)", "cover "), (r"\b(?:contributes|provides|offers|brings|adds|supplies) (?=more|less|most|the most)", "covers "),
    (r"\bwhich one (?=is|has|covers?|takes?)", "which "),
    (r"\b(roof|building|footprint|house) (?:footprint )?area of (?:the |all )?(buildings|houses|structures|homes|dwellings)\b", r"area of \2"),
    (r"\b(?:with|of|for) (?:the )?(?:site|whole) area\b", "of the image"),
    # A statement of a cover, "houses cover more than 8 % of the image", and no condition on single ones.
    (r"^(?:the )?([a-z]+(?: [a-z]+)?) covers? (more than|less than|at least|at most|over|under) (?=[0-9.]+ ?(?:%|percent|per cent) of (?:the |this )?(?:image|picture|scene|photo)\b)", r"does \1 cover \2 "),
    (r"^([a-z][a-z -]*?) cover(?:age)? ?[,(]? ?(?:%|percent)\)?$", r"percentage of the image covered by \1"),
    (r"^((?:what |the )?(?:share|percentage|proportion|fraction) .+?)[, (]+(?:%|in percent)\)?(?=$|\?)", r"\1"),
    (r"\bdistance (?:from |between )?(building|house|forest|water|road|field|lake|river|grass|farmland)s?(?:[–-]| to | and | vs )(building|house|forest|water|road|field|lake|river|grass|farmland)s?\b", r"distance from \1 to \2"),
    (r"^distance (?:from |of )?(?:the )?(nearest|closest|farthest|furthest) (\w+) (?:to |from |and )?(?:the )?(\w+)(?=$|[?,(])", r"distance from the \1 \2 to \3"),
    (r"^(?:the )?(farthest|furthest|nearest|closest) (\w+) (?:from|to) (?:the |a )?(\w+),?(?: distance)?(?= in |\s*\(|$|[?])", r"distance from the \1 \2 to \3"),
    (r"\bhow many (met(?:re|er)s|feet|yards|kilomet(?:re|er)s) (?:away )?(?:from|to) (?:the |a |any )?(\w+) is the (?:most )?(remote|distant|farthest|furthest|nearest|closest) (\w+)", lambda found: f"how far is the {_farthest(found.group(3))} {found.group(4)} from {found.group(2)} in {found.group(1)}"),
    (r"^(?:which|what) is the ((?:second |third |fourth |fifth )?(?:largest|biggest|smallest) [a-z ]+?),? and how (?:big|large) is it\b", r"how large is the \1"),
    (r"^how (?!many|much|far|large|big|long|close|near|extensive|great|wide|small|often)([a-z]+) (?:is|are) (?:the|this|these|that|those|our|my) [a-z]+(?: here)?\s*(?::|\?|,? [-–] |,|—)\s*(?=(?:what|how|which)\b)", ""),
    (r"\b(?:(?:stand|are|lie|sit) )?(?:alone|lonely|by themselves|on their own),? (?=with no other|without another|having no other|that have no other)", ""),
    (r"^(?:what is|what's|whats) the (largest|biggest|smallest) (\w+),? how (?:big|large|small) is it", r"how large is the \1 \2"),
    (rf"^(?:the )?((?:largest|biggest|smallest|average) {_UNTIL}+?), how many (acres|hectares|square met(?:re|er)s|m2|square feet)(?: is it| has it| does it (?:have|cover|measure|occupy))?(?=$|\?)", r"how many \2 is the \1"),
    (r"\bhow (large|big|extensive|far) (the |a |an |all |)([a-z][a-z ]*?) (is|are)\b(?! there)(?! on average how)", r"how \1 \4 \2\3"),
    (r"^there (is|are) (?=(?:more|less|fewer|at least|over|under|exactly|only)\b)", r"\1 there "),
    (r"^who is (?=bigger|larger|smaller)", "which is "),
    (r"^in (?:what|which) (proportion|share|percentage|fraction) of (?:the )?([a-z]+) is the (?:area|size|footprint) ", r"what \1 of \2 are "),
    (r"\b(percentage|share|fraction|proportion|percent) of (?:the )?([a-z]+) pixels\b", r"\1 of the area of \2"), (r"\b(of|from|to) (a|an|any|the) ([a-z]+) pixel\b", r"\1 \2 \3"),
    (rf"\bwith(out)? (?:a |any )?([a-z]+),? (?:in |at )?({LENGTH})(?=$|[?.])", r"with\1 \2 within \3"),
    (r"^if (?:(?:you|we|one) (?:put|add(?:ed)?|took) )?all (?:of )?the ([a-z]+) (?:(?:were|was|is|are|up|together|put|added|taken) ?)+, how many (hectares|acres|ha|m2|square met(?:re|er)s) (?:would|will|does|do) (?:it|they|that) (?:be|cover|make|come to)(?=$|[?.])", r"how many \2 of \1 are there"),
    (r"\bmost (?:near|close|little) (?=[a-z])", lambda found: "smallest " if "little" in found.group() else "nearest "),
    (r"\bmost (?:far|distant|remote) (?=[a-z])", "farthest "), (r"\bmost (?:big|large) (?=[a-z])", "largest "), (r"\bmost small (?=[a-z])", "smallest "),
    (r"\b(?:groups|clumps|islands|bunches|pockets) of (?:trees|woods|forest|woodland)\b", "patches of forest"), (r"\b(?:patch|bit|piece|area|spot) of green\b(?! [a-z])", "vegetation"),
    (r"\bwood (?=(?:patch(?:es)?|lots?|stands?|parcels?|fragments?|pieces?|regions?|areas?)\b)|(?<=\b(?:one|any) )wood\b(?= (?:to|is|are|within|from)\b)|(?<=\b(?:each|this|next) )wood\b(?= (?:to|is|are|within|from)\b)", lambda found: "woodland " if found.group().endswith(" ") else "woodland"),
    # what keeps its number whatever it is called
    (r"\b(?:reachable|accessible|available|located|present|sited) (?=(?:with)?in (?:a )?\d|less than \d|at most \d|up to \d|no (?:more|farther|further) than \d|more than \d)", ""),
    (rf"\b(?:(?:are|is) )?not (?:served|reached|covered|accessed|supplied|serviced) by (?:a |an |any |the )?([a-z]+) (?:with)?in ({LENGTH})\b(?! (?:of|from|to)\b)", r"more than \2 from \1"),
    (rf"\b(?:(?:are|is) )?(?:served|reached|accessed|supplied|serviced) by (?:a |an |any |the )?([a-z]+) within ({LENGTH})\b", r"within \2 of \1"),
    (r"\b(building|roof|forest|tree|canopy|vegetation|green|grass|water|road|impervious surface) (?:ground )?cover(?:age)? (?:ratio|rate|factor|degree|fraction|percentage)(?: of (?:the |this )?(?:site|plot|area|scene|image|place))?(?=$|[?., ])", r"percentage of the image covered by \1"),
    (r"\blargest patch index(?: \(lpi\))? (?:of|for) (?:the )?([a-z]+)(?: class)?(?: \([^()\d]*\))?", r"percentage of the image covered by the largest \1 patch"),
    (r"\b(?:the )?union of (?=(?:the )?[a-z]+ and )", ""),
    (r"^how (?:big|large|extensive) (?:would|will|are|do) (?:all )?(?:of )?(?:the )?([a-z ]+?) (?:be )?(?:together|altogether|combined|in total|in all|taken together|put together)(?=$|[?.])", r"what is the total area of \1"),
    (r"\b(?:image|picture|scene|area) (?:that is )?neither (?:covered by )?(?:the )?([a-z]+) nor (?:the )?([a-z]+)", r"image not covered by \1 or \2"),
    (rf"^((?:the )?[a-z ]+? (?:within|less than|closer than|at most) {LENGTH} (?:of|from|to) [a-z ]+?) (?:need|needs|require|requires|get|gets) [a-z]+ing(?=[:,;])", r"\1"),
    (r"^distance (?:from |between )?([a-z]+(?: [a-z]+)?) (?:to|-|and|–) ([a-z]+(?: [a-z]+)?),? (mean|average|median|minimum|min|shortest|maximum|max|longest)(?=$|[?.])", r"\3 distance from \1 to \2"),
    (r"^(?:calculate|compute|measure|find|determine|get|take) (?:the )?(?:nearest[- ]neighbou?r |shortest |euclidean |closest )?distances? (from|between) (.+?)(?:,? and(?: then)?|,? then|;|,) (?:report|give|return|take|state|output|tell me|show) (?:me )?(?:the |their )?(mean|average|median|minimum|maximum)(?: (?:value|distance|of (?:them|these|those|the distances)))?(?=$|[?.])", r"what is the \3 distance \1 \2"),
    (r"\b(percentage|share|proportion|fraction|percent) of ([a-z ]+?) \(by area\)", r"\1 of the area of \2"),
    # things of one kind and their neighbours
    (r"\b(shortest|smallest|minimum|minimal|closest|least) distance between (?:any )?(?:two )?(?:of the )?(?!neighbou?ring)([a-z]+s)(?=$|[?.,(]| in [a-z])", r"\1 distance between neighbouring \2"),
    (r"\b(shortest|smallest|minimum|minimal|closest|least) distance from (?:a|one|any) ([a-z]+) to (?:another|the next|any other)(?: \2)?\b", r"\1 distance from a \2 to its nearest neighbour"),
    (rf"\b(?:are|do|lie|stand) any two ([a-z]+?)s (?:lie |stand )?(within|less than|closer than) ({LENGTH}) (?:apart|of (?:each other|one another)|from (?:each other|one another))(?=$|[?.,])", r"are there \1s \2 \3 from another \1"),
    # what is left aside in front
    (r"^(?:leaving|setting|putting) (?:the |all )?([a-z]+) aside[,:]? ", r"excluding \1, "),
    (r"^(?:excluding|ignoring|disregarding|omitting|leaving aside|leaving out|not counting|without counting|setting aside) (?:the |all )?([a-z]+)[,:]? (?:and )?(?:what|which|the) (share|percentage|proportion|fraction) of (?:the |this |our )?(site|image|area|land|map|tile|scene) is (?:covered by |covered with )?(.+)$", r"what \2 of the \3, excluding \1, is \4"),
    # the site, the whole
    (r"\b(?:site|plot|lot|ground) coverage (?:by|of|with) (?:the )?(\w+)", r"percentage of the image covered by \1"),
    (r"\b(?:coverage|cover) of (?:the )?(?:site|plot|area|image|scene|picture)\b", "coverage"),
    (r"\bof (?:the )?(?:site area|site|plot|total|whole|entire area|survey area|study area|map)(?=$|[?., ])(?! (?:area|of|size|number|extent))", "of the image"),
    (r"\b(?:on|in) (?:the )?site\b", "in the image"),
    (r"^is ([a-z]+) (?:coverage|cover) (above|below|over|under|more than|less than|at least|at most) (\d[\d.]* ?(?:%|percent|per cent))", r"does \1 cover \2 \3"),
    # long sentences
    (r"\bwhatsoever\b|\bin question\b|\bat all(?=$|[?.,])|\b(?<=\w )though(?=$|[?.])|\broughly(?=$|[?.])|\bgenerally\b|\bso far as (?:can be seen|visible)\b", ""),
    (r"\b(?:stated|given|measured|reported|quoted|expressed|calculated|indicated) in (?=square|hectares|acres|met|feet|percent|m2|ha)", "in "),
    (r"\b(?:that|the) (\w+) (?:which|that) is (larger|bigger|smaller) than (?:all|any|every) (?:of the )?others?(?: in the image)?", lambda found: f"the {'smallest' if found.group(2) == 'smaller' else 'largest'} {found.group(1)}"),
    (r"\b(?:takes? up|covers?|occup(?:y|ies)) a (larger|bigger|smaller) area than (?:that|the area|the one) (?:taken up|covered|occupied) by\b", lambda found: f"covers {'less' if found.group(1) == 'smaller' else 'more'} land than"),
    (r"\bis it the case that\b", "whether"),
    (r"^which of the two,? (?:the )?(\w+) or (?:the )?(\w+),? has the (larger|bigger|greater|smaller) (?:total )?(?:area|extent)", r"which has the \3 area, \1 or \2"),
    (r"^(?:taking|considering|looking at|given|if (?:one|we|you) (?:looks?|considers?|takes?)(?: at)?|out of|of|among|from)(?: all(?: of)?| every| each| the)+ (?:of )?(?:the )?(\w+(?: area| surface)?)(?: shown| visible| here| present)*( (?:that|which) [^,]*)?(?: into account)?, (.*)$", _of_all),
    (r"\bwhat is the (percentage|share|proportion|fraction) of (?:those|the) (\w+) (?:whose|that|which)\b", r"what \1 of \2 that"),
    (r"\b(\w+)( area)? divided by (?:the )?number of (?:its |\1 )?(?:patches|regions|pieces|parts)\b", r"average area of \1 patches"),
    (r"\bhow many ([a-z ]+?) remain (?:once|when|if|after) (?:those|the ones|all those|ones)? ?(?:that are )?((?:smaller|larger|less|more|bigger|under|over|below|above) [^,?]*?) (?:have been|are|were|has been|get) (?:left out|removed|excluded|dropped|ignored|discarded|filtered out|deleted)", r"how many \1 are there ignoring those \2"),
    (r"\b(?:are left|are there|remain)(?: over)? if (?:you|we|i|one) (?:leave out|ignore|exclude|drop|remove|skip|discard|take out) (?=those|the ones|all|any|every)", "are there ignoring "),
    (r"^if (\w+) ((?:smaller|larger|less|more|bigger|under|over|below|above) [^,?]*?) (?:were|are|was|is) (?:exempt|exempted|ignored|excluded|left out|dropped|removed|not counted), how many (?:would|will|do)? ?(?:remain|be left|count|stay|be counted)", r"how many \1 are there ignoring those \2"),
    # amounts in other words
    (r"\bhow (?:many|much) (?:is|are) the (?:number|count|amount) of\b", "how many"),
    (r"\bwhat(?: is|'s) the (?:count|tally|headcount) (?:of|for)\b", "what is the number of"),
    (r"\bhow much (hectares?|acres?|square met(?:re|er)s|m2)\b", r"how many \1"),
    (r"^it is how (much|many)\b", r"how \1"),
    (r"\bhow much is (?:the )?(?=distance|area|total|size|percentage|share|average)", "what is the "),
    (r"\bhow (?:long|big|large|great) is the (shortest|smallest|minimum|minimal|average|mean|longest|maximum) distance\b", r"what is the \1 distance"),
    (r"\bhow long the (shortest|smallest|minimum|minimal|average|mean|longest|maximum) distance is\b", r"what is the \1 distance"),
    (r"\bpercents\b|\bpercentages\b", "percent"),
    (r"\b(?:as|in) a percentage\b(?! of)", "in percent"),
    (r"\bhow many percents?\b|\bhow much percents?\b", "what percentage"),
    (r"\b(?:pixel|areal|areawise|surface|cover) (share|fraction|percentage|proportion)\b", r"\1"),
    (r"\bsum (?:up )?(?:of )?(?:the )?(?:surfaces?|areas?|extents?) of\b", "total area of"),
    (r"\b(?:in sum|in all together|all in all|summed together|all summed|in aggregate|as a sum)\b", "in total"),
    (r"\bsum (?:up )?the (?:area|size)s? of\b", "what is the total area of"),
    (r"\b(?:taken|put|added|lumped|considered|grouped) together\b", "together"),
    (r"^(?:together|combined|in total|taken together|put together)[, ]+", ""),
    (r"\bin average\b|\bin the mean\b|\bin the average\b", "on average"),
    (r"\b(larger|bigger|smaller|more|less|greater|higher|fewer|farther|further|closer) as (?=\d|the\b|a\b)", r"\1 than "),
    (r"\bmore of (\w+) than of (\w+)", r"more \1 than \2"),
    # what is said of a class
    (rf"\b(largest|biggest|smallest|average|mean|median) ({_SHAPE}) (?:in|of) (?:the )?(?:class |category )?'?(\w+)'? (?:class|category|layer|mask)\b", r"\1 \3 \2"),
    (r"\b(?:all )?(?:polygons|features|objects|instances|shapes|elements|items) (?:of|in|from) (?:the )?(?:class|category|type|layer) ['\"]?(\w+)['\"]?", r"\1 regions"),
    (r"\b(?:of|in|from) (?:the )?(?:class|category|layer) ['\"]?(\w+)['\"]?", r"of \1"),
    (r"\b(?:in|of|for) the (\w+) (?:class|category|layer|mask)\b", r"of \1"),
    (r"\bthe (\w+) (?:class|category|layer|mask)\b", r"the \1"),
    (r"\b(largest|biggest|smallest) (?:wood|copse)\b", r"\1 woodland"),
    # distances
    (rf"\b({_STAT}) of (?:the |all )*distances? (from|between|of)\b", r"\1 distance \2"),
    (r"\bdistances? (from each|from every|from all|from all the) \b", "distance from "),
    (rf"\bhow many (met(?:re|er)s|feet|yards|kilomet(?:re|er)s|m|km) (?:is it|are there|is there|are|is|lie|separate)?\s*(?:from|between) (?:the )?({_UNTIL}+?) (?:to|and|from) (?:the )?({_UNTIL}+?)(?: at (?:their|its|the) (?:nearest|closest)(?: points?)?)?(?=$|[?.])", r"what is the shortest distance from the \2 to the \3 in \1"),
    (rf"\bhow many (met(?:re|er)s|feet|yards|kilomet(?:re|er)s) (?:is|away is) the (nearest|closest) ({_UNTIL}+?) (?:away )?from ({_UNTIL}+?)(?=$|[?.])", r"what is the distance from the nearest \3 to \4 in \1"),
    (rf"\bhow far (is|are) ({_UNTIL}+?) from ({_UNTIL}+?),? at (?:their|its|the) (?:nearest|closest)(?: points?)?(?=$|[?.])", r"what is the shortest distance from \2 to \3"),
    (r"\bwhat(?: is|'s) the (?:closest|nearest) (?:that )?(?:any|an|a|the) (\w+) (?:comes?|gets?|lies?|is|stands?) (?:to|from) (?:the )?(\w+)", r"what is the shortest distance from \1 to \2"),
    (r"\b(?:anyone|anybody|one|you|people|a person|someone) (?:has|have|needs?|would have) to (?:walk|go|travel|drive|cover)\b ?", ""),
    (r",? as the crow flies\b|,? in a straight line\b|\bstraight[- ]line (?=distance)", ""),
    (r"\b(from (?:the )?(?:nearest|closest) \w+) until\b", r"\1 to"),
    # near, with the measure said behind or before
    (rf",? (?:say|let's say|lets say|let us say|i\.e\.,?|that is to say,?|that is,|that means|meaning|in other words,?|for instance|for example|e\.g\.,?|namely|perhaps|maybe) ,?(?={_NEAR}|{_FAR})", " "),
    (r"\b(?:a stone'?s throw|walking distance|a short walk|reach|easy reach|arm's length)(?: of)?,? (?:say |about |i\.e\. )?,?(?=\d)", ""),
    (rf"({LENGTH}), (of|from)\b", r"\1 \2"),
    # a buffer that others are cut with
    (rf"\b(?:intersect|clip|cut|overlay) (?:the )?({_UNTIL}+?) (?:with|to|by) (?:a |an |the )?({LENGTH}) (?:buffer|zone|strip|band)(?: zone)? (?:around|of|along|about) (?:the )?(\w+)(?:,? (?:and |then )*(?:report|give|compute|measure|calculate|find|return) (?:me )?the (?:resulting |remaining )?area)?", r"what is the area of \1 within \2 of \3"),
    (rf"\b(?:inside|within|in|on|falling in) (?:the |a |an )?({LENGTH})[- ](?:wide )?(?:buffer |protective |riparian |safety )?(?:zone|strip|buffer|band|belt|corridor)(?: zone)? (?:around|along|of|beside|next to|from|about)\b", r"within \1 of"),
    (rf"\b(?:erase|remove|subtract|cut out|take out) from (?:the )?({_UNTIL}+?) (?:everything|anything|all|what is|whatever is|what lies) within ({LENGTH}) of ({_UNTIL}+?)[:;,.]? *(?:what|how much|which) (?:area |land |of it )*(?:remains|is left|is there|stays)\b", r"what is the area of \1 that is more than \2 from \3"),
    (rf"\b(?:would|will|does|do)? ?(?:be left|remain|stay|is left|are left) (?:over )?if (?:i|we|you|one|they) (?:take|took|cut|leave|left|remove|removed|fell|felled|lose|lost)(?: out| off| away)? (?:everything|anything|all|what is|whatever is|what lies|a strip|the strip) within ({LENGTH}) of ({_UNTIL}+)", r"are more than \1 from \2"),
    (rf"\bunion of ({_UNTIL}+?)[:,] (?:total )?area\b", r"total area of \1"),
    (r"\bthe buildings that (?:intersect|overlap|touch) the buffer\b", "the buildings in the buffer"),
    (r"\bthat (?:intersect|overlap)s? (?:the|this|that) (buffer|zone)\b", r"in the \1"),
    (r"^select (?:all )?(?:the )?([^,.;:?]+)[;,.:]? (?:and )?(?:how many (?:are|were) (?:there|selected)|(?:and )?(?:count|number) them|give (?:me )?their number|tell me their number)\b", r"how many \1 are there"),
    (r"^(?:find|identify|select|take|get|list|detect) (?:all |the |all the )?((?:[^,.;:?]|[.,](?=\d))+?),? (?:and|then) (?:report|tell me|give|say|count|state|return|output)(?: me)? (?:how many (?:there )?(?:are there|are|there are)|their number|the number|the count|them)\b", r"how many \1 are there"),
    (r"^by how much do (.+?) differ(?: in (?:size|area))?(?=$|[?.,])", r"what is the difference between \1"),
    (rf"^all but the (largest|biggest|smallest) ({_UNTIL}+?), how many(?: are there)?(?=$|[?.])", lambda found: f"how many {found.group(2)}{'es' if found.group(2).endswith('ch') else 's'} are there other than the {found.group(1)}"),
    # what is left out
    (r"\bwhat(?: is|'s)? (?:left|remains?)(?: over)? if (?:you|we|i|one) (?:take|took|remove|leave|left|cut)(?: away| out| off)? the (largest|biggest|smallest) ([a-z ]+?) (?:from|of) the (\w+)", r"what is the area of \3 other than the \1 \2"),
    (r"^(?:what|how much) (?:do|would|does) (?:you|we|i|one) get (?:if|when) (?:you|we|i|one) (?:add|adds)(?: up| together)? (.+?)(?: together)?(?=$|[?.])", r"what is the sum of \1"),
    (r"^(?:what|how much) (?:do|would|does) (?:you|we|i|one) get (?:if|when) (?:you|we|i|one) (?:subtract|take|deduct)s?(?: away)? (.+?) from (.+?)(?=$|[?.])", r"\2 minus \1"),
    (r"^(?:if (?:you|we|i|one) )?add (?:up )?(.+?), (?:how many|how much|what) (\w+ )?(?:do you get|is that|are that|is it|does that make)(?=$|[?.])", r"what is the sum of \1 in \2"),
    (r"^subtract (.+?) from (.+?)(?=$|[?.])", r"\2 minus \1"),
    (r"^how (?:many times|often) (?:does|would|will|can) (?:the )?([a-z ]+?) (?:fit|go) (?:in|into|inside) (?:the )?([a-z ]+?)(?=$|[?.])", r"what is the ratio of \2 to \1"),
    (r"\b(forest|water|grass|grassland|farmland|cropland|building|buildings|roads?|urban land|solar|roofs?|bare land|vegetation) ?[:/] ?(forest|water|grass|grassland|farmland|cropland|buildings?|roads?|urban land|solar|roofs?|bare land|vegetation) (?:area )?ratio\b", r"ratio of the area of \1 to the area of \2"),
    (r"\bby how many (m2|m²|square met(?:re|er)s|hectares|ha|acres) (?:does|do|is|are) (?:the )?([a-z ]+?) (?:exceed|surpass|outstrip)s? (?:the )?([a-z ]+?)(?=$|[?.])", r"\2 minus \3 in \1"),
    (r"\bby how much (?:does|do|is|are) (?:the )?([a-z ]+?) (?:surpass|outstrip)s? (?:the )?([a-z ]+?)(?=$|[?.])", r"\1 minus \2"),
    # first what it is about, then what is asked of it
    (rf"^(?:the |all the |all )?({_UNTIL}+?),? how (?:big|large) (?:are they|is it|they are|it is) on average(?=$|[?.])", r"how large are \1 on average"),
    (rf"^(?:the |all the |all )?({_UNTIL}+?),? on average,? how (?:big|large) (?:are they|is it|they are|it is)(?=$|[?.])", r"how large are \1 on average"),
    (rf"^(?:the |all the )?({_UNTIL}+?) on average how (?:big|large) (?:are they|is it|they are|it is)(?=$|[?.])", r"how large are \1 on average"),
    (rf"^(?:and )?(?:the |all the )?({_AREA}) of (?:the )?({_UNTIL}+?), how (?:much|large|big) is (?:it|that)\b", r"what is the \1 of \2"),
    (rf"^(?:and )?(?:the )?((?:largest|biggest|smallest|average) (?:of the )?{_UNTIL}+?), how (?:large|big|small) is (?:it|that)\b", r"what is the area of the \1"),
    (rf"^(?:and )?the (largest|biggest|smallest) of (?:the |all )?({_UNTIL}+?), how (?:large|big|small) is (?:it|that)\b", r"what is the area of the \1 of \2"),
    (rf"^({_UNTIL}+?), how much (?:area|land|ground|surface|space) (?:have they|do they (?:have|cover|occupy|take up)|is (?:it|that|this)|does it (?:have|cover|occupy|take up))(?: together| in total| altogether)?(?=$|[?.]| in )", r"what is the total area of \1"),
    (rf"^({_UNTIL}+?)[:,] (?:the )?(total area|area|average size|mean size|number|count|how many|median size)(?=$|[?.]| in )", _behind),
    (r"^(mean|average|median|largest|smallest|maximum|minimum) (patch|stand|field|region|parcel|body) size,? (?:of |for |in |: ?)?\(?(\w+)\)?(?=$|[?.,( ])", r"\1 size of \3 patches"),
    # yes or no said as a statement
    (r"^(?:true or false|right or wrong|yes or no|correct or not|could it be|is it (?:true|so|right|correct|the case|possible)|am i (?:right|correct)|would you say|do you (?:think|agree)|can (?:you|we|one) say|is it fair to say|would it be (?:right|true|fair) to say)(?: to say)?(?: that)?[:,]? (?=there|over|more|less|at least|the|most|all|every|half|no|any|[a-z]+ (?:is|are|covers?)\b)", "whether "),
    (r"\bwhether or not\b", "whether"),
    (r"(?:,? )\bor not(?=$|[?.])", ""),
    # words behind that say nothing
    (r",? (?:as well|too|exactly|precisely|all together|altogether|in there|around here|round here|over there|out there|then|please|asap|urgently)(?=$|[?.,])", ""),
    (r"^(?:so|and|but|or|well|ok|okay|hey|please|then|also|like|um|uh|now)\b[, ]+", ""),
)  # fmt: skip
"""In this order, each wherever it stands; "^" and "$" are the question's ends."""
