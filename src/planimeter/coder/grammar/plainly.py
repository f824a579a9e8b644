"""Everyday ways of saying, brought to the plain ones that the grammar has: other verbs, other orders of words.

These are asked only after a question has been refused as it stands and without its clothing. Each says the same in
other words, whatever the nouns; what was made of them stands in the reading. Nothing is dropped here but words that
measure nothing.
"""

from __future__ import annotations

import re

_UNTIL = r"[^,.;:?!()]"  # inside one clause
_AREA = r"(?:total |combined |ground |overall )?(?:area|surface(?: area)?|extent|size|acreage|footprint)"
_STAT = r"(?:average|mean|median|minimum|maximum|shortest|longest|greatest|smallest|largest)"
_MUCH = r"(?:land|ground|area|surface|space|room)"
_LENGTH = r"\d[\d.,]*\s*-?\s*(?:m|km|ft|yd|mi|met(?:re|er)s?|kilomet(?:re|er)s?|feet|foot|yards?|miles?)\b"
_NEAR = rf"(?:within|at most|no more than|not more than|less than|under|up to|closer than|nearer than|{_LENGTH})"
_FAR = r"(?:more than|over|farther than|further than|at least|beyond)"
_SHAPE = r"(?:polygon|patch|region|feature|component|body|parcel|instance|object|shape|area)"
_SINGULAR = (
    r"(?!(?:land|property|farm|plot|estate|parcel|site|house|home|building|roof|garden|field|pond|lake|street|road|"
    r"village|town|city|neighbou?rs?|neighbou?rhood|district|country|county|region|area|place|client|boss|teacher|"
    r"portfolio|block|quarter|wood|meadow|forest|river|stream)\b)"
)

# (what is found, what is written): in this order, each wherever it stands; "^" and "$" are the question's ends.
_WAYS = (
    # who has, who sees
    (rf"\b(?:my|our)\s+(?:own\s+)?{_SINGULAR}(?=[a-z])", "the "),
    (r"\b(how many [^,.;?]+?) (?:do|did|have) (?:i|we|you|they) (?:have|got|see|own)(?: got)?\b", r"\1 are there"),
    (r"\b(how much [^,.;?]+?) (?:do|did|have) (?:i|we|you|they) (?:have|got|see|own)(?: got)?\b", r"\1 is there"),
    (r"^(?:do|have) (?:i|we|you|they) (?:have |got )+(?=(?:more|less)\b)", "is there "),
    (r"^(?:do|have) (?:i|we|you|they) (?:have|got)\b", "does the image have"),
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
    (rf"\bhow much (?:room|space)\b", "how much land"),
    (rf"\bhow much {_MUCH} (?:occup(?:y|ies)|covers?|takes? up|ha(?:ve|s)|uses?) (?:the |all the )?([a-z ]+?)(?: together)?(?=$|[?.,]| in )", r"how much land does \1 cover"),
    (r"\b(?:who|that|which) (?:are|is) (?:being )?(?=(?:within|less|more|closer|farther|further|at|no|between|near|larger|bigger|smaller)\b)", "that are "),
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
    (r"\b(largest|biggest|smallest) (wood|copse)\b", r"\1 woodland"),
    # distances
    (rf"\b({_STAT}) of (?:the |all )*distances? (from|between|of)\b", r"\1 distance \2"),
    (r"\bdistances? (from each|from every|from all|from all the) \b", "distance from "),
    (rf"\bhow many (met(?:re|er)s|feet|yards|kilomet(?:re|er)s|m|km) (?:is it|are there|is there|lie|separate)?\s*(?:from|between) (?:the )?({_UNTIL}+?) (?:to|and|from) (?:the )?({_UNTIL}+?)(?: at (?:their|its|the) (?:nearest|closest)(?: points?)?)?(?=$|[?.])", r"what is the shortest distance from the \2 to the \3 in \1"),
    (rf"\bhow many (met(?:re|er)s|feet|yards|kilomet(?:re|er)s) (?:is|away is) the (nearest|closest) ({_UNTIL}+?) (?:away )?from ({_UNTIL}+?)(?=$|[?.])", r"what is the distance from the nearest \3 to \4 in \1"),
    (rf"\bhow far (is|are) ({_UNTIL}+?) from ({_UNTIL}+?),? at (?:their|its|the) (?:nearest|closest)(?: points?)?(?=$|[?.])", r"what is the shortest distance from \2 to \3"),
    (r"\bwhat (?:is|'s) the (?:closest|nearest) (?:that )?(?:any|an|a) (\w+) (?:comes?|gets?|lies?|is|stands?) (?:to|from) (?:the )?(\w+)", r"what is the shortest distance from \1 to \2"),
    (r"\b(?:anyone|anybody|one|you|people|a person|someone) (?:has|have|needs?|would have) to (?:walk|go|travel|drive|cover)\b ?", ""),
    (r",? as the crow flies\b|,? in a straight line\b|,? straight[- ]line\b", ""),
    (r"\b(from (?:the )?(?:nearest|closest) \w+) until\b", r"\1 to"),
    # near, with the measure said behind or before
    (rf",? (?:say|let's say|lets say|let us say|i\.e\.,?|that is to say,?|that is,|that means|meaning|in other words,?|for instance|for example|e\.g\.,?|namely|perhaps|maybe) ,?(?={_NEAR}|{_FAR})", " "),
    (r"\b(?:a stone'?s throw|walking distance|a short walk|reach|easy reach|arm's length)(?: of)?,? (?:say |about |i\.e\. )?,?(?=\d)", ""),
    (rf"({_LENGTH}), (of|from)\b", r"\1 \2"),
    # a buffer that others are cut with
    (rf"\b(?:intersect|clip|cut|overlay) (?:the )?({_UNTIL}+?) (?:with|to|by) (?:a |an |the )?({_LENGTH}) (?:buffer|zone|strip|band)(?: zone)? (?:around|of|along|about) (?:the )?(\w+)(?:,? (?:and |then )*(?:report|give|compute|measure|calculate|find|return) (?:me )?the (?:resulting |remaining )?area)?", r"what is the area of \1 within \2 of \3"),
    (rf"\b(?:inside|within|in|on|falling in) (?:the |a |an )?({_LENGTH})[- ](?:wide )?(?:buffer |protective |riparian |safety )?(?:zone|strip|buffer|band|belt|corridor)(?: zone)? (?:around|along|of|beside|next to|from|about)\b", r"within \1 of"),
    (rf"\b(?:erase|remove|subtract|cut out|take out) from (?:the )?({_UNTIL}+?) (?:everything|anything|all|what is|whatever is|what lies) within ({_LENGTH}) of ({_UNTIL}+?)[:;,.]? *(?:what|how much|which) (?:area |land |of it )*(?:remains|is left|is there|stays)\b", r"what is the area of \1 that is more than \2 from \3"),
    (rf"\b(?:would|will|does|do)? ?(?:be left|remain|stay|is left|are left) (?:over )?if (?:i|we|you|one|they) (?:take|took|cut|leave|left|remove|removed|fell|felled|lose|lost)(?: out| off| away)? (?:everything|anything|all|what is|whatever is|what lies|a strip|the strip) within ({_LENGTH}) of ({_UNTIL}+)", r"are more than \1 from \2"),
    (rf"\bunion of ({_UNTIL}+?)[:,] (?:total )?area\b", r"total area of \1"),
    (r"\bthe buildings that (?:intersect|overlap|touch) the buffer\b", "the buildings in the buffer"),
    (r"\bthat (?:intersect|overlap)s? (?:the|this|that) (buffer|zone)\b", r"in the \1"),
    (r"^select (?:all )?(?:the )?([^,.;:?]+)[;,.:]? (?:and )?(?:how many (?:are|were) (?:there|selected)|(?:and )?(?:count|number) them|give (?:me )?their number|tell me their number)\b", r"how many \1 are there"),
    (r"^(?:find|identify|select|take|get|list|detect) (?:all |the |all the )?([^,.;:?]+?),? (?:and|then) (?:report|tell me|give|say|count|state|return|output)(?: me)? (?:how many (?:there )?(?:are there|are|there are)|their number|the number|the count|them)\b", r"how many \1 are there"),
    # what is left out
    (r"\bwhat(?: is|'s)? (?:left|remains?)(?: over)? if (?:you|we|i|one) (?:take|took|remove|leave|left|cut)(?: away| out| off)? the (largest|biggest|smallest) ([a-z ]+?) (?:from|of) the (\w+)", r"what is the area of \3 other than the \1 \2"),
    (r"^(?:what|how much) (?:do|would|does) (?:you|we|i|one) get (?:if|when) (?:you|we|i|one) (?:add|adds)(?: up| together)? (.+?)(?: together)?(?=$|[?.])", r"what is the sum of \1"),
    (r"^(?:what|how much) (?:do|would|does) (?:you|we|i|one) get (?:if|when) (?:you|we|i|one) (?:subtract|take|deduct)s?(?: away)? (.+?) from (.+?)(?=$|[?.])", r"\2 minus \1"),
    (r"^(?:if (?:you|we|i|one) )?add (?:up )?(.+?), (?:how many|how much|what) (\w+ )?(?:do you get|is that|are that|is it|does that make)(?=$|[?.])", r"what is the sum of \1 in \2"),
    (r"^subtract (.+?) from (.+?)(?=$|[?.])", r"\2 minus \1"),
    (r"^how (?:many times|often) (?:does|would|will|can) (?:the )?([a-z ]+?) (?:fit|go) (?:in|into|inside) (?:the )?([a-z ]+?)(?=$|[?.])", r"what is the ratio of \2 to \1"),
    (rf"\b(forest|water|grass|grassland|farmland|cropland|building|buildings|roads?|urban land|solar|roofs?|bare land|vegetation) ?[:/] ?(forest|water|grass|grassland|farmland|cropland|buildings?|roads?|urban land|solar|roofs?|bare land|vegetation) (?:area )?ratio\b", r"ratio of the area of \1 to the area of \2"),
    (r"\bby how (?:much|many (?:m2|m²|square met(?:re|er)s|hectares|ha|acres)) (?:does|do|is|are) (?:the )?([a-z ]+?) (?:exceed|surpass|outstrip)s? (?:the )?([a-z ]+?)(?=$|[?.])", r"\1 minus \2"),
    # first what it is about, then what is asked of it
    (rf"^(?:the |all the |all )?({_UNTIL}+?),? how (?:big|large) (?:are they|is it|they are|it is) on average(?=$|[?.])", r"how large are \1 on average"),
    (rf"^(?:the |all the |all )?({_UNTIL}+?),? on average,? how (?:big|large) (?:are they|is it|they are|it is)(?=$|[?.])", r"how large are \1 on average"),
    (rf"^(?:the |all the )?({_UNTIL}+?) on average how (?:big|large) (?:are they|is it|they are|it is)(?=$|[?.])", r"how large are \1 on average"),
    (rf"^(?:and )?(?:the |all the )?({_AREA}) of (?:the )?({_UNTIL}+?), how (?:much|large|big) is (?:it|that)\b", r"what is the \1 of \2"),
    (rf"^(?:and )?(?:the )?((?:largest|biggest|smallest|average) (?:of the )?{_UNTIL}+?), how (?:large|big|small) is (?:it|that)\b", r"what is the area of the \1"),
    (rf"^(?:and )?the (largest|biggest|smallest) of (?:the |all )?({_UNTIL}+?), how (?:large|big|small) is (?:it|that)\b", r"what is the area of the \1 of \2"),
    (rf"^({_UNTIL}+?), how much (?:area|land|ground|surface|space) (?:have they|do they (?:have|cover|occupy|take up)|is (?:it|that|this)|does it (?:have|cover|occupy|take up))(?: together| in total| altogether)?(?=$|[?.]| in )", r"what is the total area of \1"),
    (rf"^({_UNTIL}+?)[:,] (?:the )?(total area|area|average size|mean size|number|count|how many|median size)(?=$|[?.]| in )", lambda found: _behind(found)),
    (r"^(mean|average|median|largest|smallest|maximum|minimum) (patch|stand|field|region|parcel|body) size,? (?:of |for |in |: ?)?\(?(\w+)\)?(?=$|[?.,( ])", r"\1 size of \3 patches"),
    # yes or no said as a statement
    (r"^(?:true or false|right or wrong|yes or no|correct or not|could it be|is it (?:true|so|right|correct|the case|possible)|am i (?:right|correct)|would you say|do you (?:think|agree)|can (?:you|we|one) say|is it fair to say|would it be (?:right|true|fair) to say)(?: to say)?(?: that)?[:,]? (?=there|over|more|less|at least|the|most|all|every|half|no|any|[a-z]+ (?:is|are|covers?)\b)", "whether "),
    (r"\bwhether or not\b", "whether"),
    (r"(?:,? )\bor not(?=$|[?.])", ""),
    # words behind that say nothing
    (r",? (?:as well|too|exactly|precisely|all together|altogether|in there|around here|round here|over there|out there|then|please|asap|urgently)(?=$|[?.,])", ""),
    (r"^(?:so|and|but|or|well|ok|okay|hey|please|then|also|like|um|uh|now)\b[, ]+", ""),
)  # fmt: skip

_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in _WAYS)


def _behind(found: re.Match[str]) -> str:
    """ "Forest patches other than the largest: total area" with what is asked in front."""
    about, asked = found.group(1), found.group(2).lower()
    return f"how many {about} are there" if asked == "how many" else f"the {asked} of {about}"


def plainly(text: str) -> str:
    """A question in the plain words that the grammar has for the same; unchanged where none of the ways is taken.

    >>> plainly("how many times does the water fit into the forest?")
    'what is the ratio of forest to water?'
    >>> plainly("How many fields are within 50 m of water?")
    'How many fields are within 50 m of water?'
    """
    for pattern, words in _COMPILED:
        text = pattern.sub(words, text)
    return re.sub(r"\s+([?.,;:])", r"\1", " ".join(text.split()))
