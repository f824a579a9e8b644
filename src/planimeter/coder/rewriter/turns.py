"""Turns of phrase in which a word narrows nothing that narrows elsewhere ("whose area is", "one last question")."""

from __future__ import annotations

import re

_DISTANCE = r"\d[\d.,]* ?(?:m|km|ft|yd|yards?|feet|foot|met(?:er|re)s?|kilomet(?:er|re)s?)"
_QUANTITY = (
    r"(?:number|count|share|percentage|percent|proportion|fraction|portion|area|total|tally|value|figure"
    r"|sum|ratio"
    r"|coverage|cover|density|distance|average|mean|median|size|limit|bound|threshold)"
)
_STRIP = (
    r"(?:strip|ring|band|buffer|belt|zone|corridor|margin|collar|border|edge|distance|cordon|fringe|setback)"
)
HARMLESSLY = re.compile(
    "|".join(
        (
            # a thing's measure, not its owner
            r"\bwhose (?=(?:own |total |average |mean |shortest |nearest |closest |minimum |individual "
            r"|single )*"
            rf"(?:{_QUANTITY}|surface|extent|footprint|gap|edges?|boundary|border|outline|perimeter"
            rf"|acreage|separation"
            r"|neighbou?rs?|surroundings|ground)\b|(?:nearest|closest) [a-z]+ (?:is|lies|are)\b)",
            # a step of the reckoning, not a time
            r"\bwhen (?=(?:you |we |i |one |it |they |all |only )?(?:are |is |am )?(?:counting|measuring"
            r"|calculating|computing"
            r"|considering|adding|looking|ignoring|excluding|including|combin\w+|added|taken|summed"
            r"|measured|counted|counts?"
            r"|compar\w+|ranked|sorted|divid\w+|subtract\w*|tak(?:e|ing)|add|measure|sort|rank"
            r"|seen from above|comes? to"
            r"|asked|limited|restricted)\b)",
            r"\bwhen (?=[a-z0-9 ]{3,60} (?:is|are) (?:taken|subtracted|removed|deducted|added|divided"
            r"|counted|excluded|dropped"
            r"|set aside|ignored)\b)",
            r"\bwhen you (?:have|get|find) (?:a|the|some) (?:minute|moment|chance|second|time)\b",
            # a quantity that is compared, not a height
            rf"\b(?:high|low)(?:er|est)? (?=(?:the )?(?:\w+ )?{_QUANTITY}\b)",
            rf"\b(?:higher|lower) (?=than (?:that|those|the {_QUANTITY}|[\d.,]+ ?(?:%|percent|per cent|m2"
            rf"|sq|square|ha\b|hectares?"
            r"|acres?|km2)))",
            r"\bwhich is (?:higher|lower)\b|\bhow high (?=(?:is|was) the (?:average |mean )?(?:ndvi|index"
            r"|share|percentage|number"
            r"|count|proportion|coverage)\b)|(?<=[%t]) or (?:higher|lower)\b|\bhigher or lower\b|\b(?:at"
            r"|on) the (?:high|low)er (?:end|side)\b",
            r"\b(?<=no )lower (?=than \d)|\bhigh (?=hazard|risk)|\bhigh time\b",
            # asking on, not before or afterwards
            r"\b(?:one |my |the |a )?last (?=(?:question|thing|point|request|query|item|task|word"
            r"|check)\b)|\blast but not least\b",
            r"\b(?:is|comes) last\b(?= *(?:$|by |in |[?.]))",
            r"\bprevious (?=(?:question|query|answer|request|message)\b)",
            rf"\bpast (?=(?:the )?{_DISTANCE}\b)",
            r"\bstill (?=(?:need|want|wait|wonder|unsure|not sure|within|inside|outside|less|more|closer"
            r"|farther|lies?|touch\w*"
            r"|counts?|open|lacks?|the same|missing|there is))",
            r"\balready (?=(?:asked|know|knew|told|checked|measured|counted|tried)\b)",
            r"\byet (?=(?:another|not|still|less|more|within|outside|beyond|farther|closer)\b)"
            r"|\b(?:better|not|and|or|know|sure) yet\b",
            r"\bnew (?=(?:question|query|request|task|topic|line|column|row|paragraph|image|picture|photo"
            r"|here\b))",
            r"\b(?:some|whatever|any|good|this) reasons?\b|\bsince (?=(?:i|we|you|my|our|it's|this is)\b)",
            # outlines that are counted, not their form
            r"\b(?:distinct|separate|single|individual|different|many) shapes?\b",
            r"\bshapes? (?=(?:labell?ed|marked|classed|classified|tagged|of (?:the )?class)\b)",
            r"\bround (?=(?:it|off|up|down|to|the (?:result|number|answer|figure|value)|numbers?|figures?)\b)",
            r"\b(?:all |right |once )?round (?=(?:a|an|the|any|each|every|all|it|them)\b)|\ball round\b"
            r"|\bin round numbers\b",
            rf"\b(?<=\d )wide (?={_STRIP}\b)|(?<=m |s |t )wide (?={_STRIP}\b)|\b{_STRIP} (?:width"
            rf"|(?=[\d.]+ ?m\w* wide))",
            # what the question asks to be met, not the state of a thing
            r"\b(?:meets?|meeting|satisf\w+|fulfil\w*|match\w*|both|these|two|following) (?:(?:this|that"
            r"|the|both|these|those"
            r"|my|following|two|one|a) ){0,2}conditions?\b",
            r"\bconditions?(?= ?:)|\bon (?:the )?condition (?=that\b)|\bconditions? (?=(?:holds?|applies"
            r"|apply|that)\b)",
            # askers and their phrases
            r"\bwho(?=(?:'s| is)? (?:wants?|needs?|asks?|asked|knows?|can tell|would like|cares?|wonders?"
            r"|reads?)\b)",
            r"\bwho (?=is (?:larger|bigger|smaller|ahead)\b)|\bthe public (?=(?:wants|asks|needs)\b)",
            r"\bbelongs? (?=to the (?:biggest|largest|smallest|class|category|type)\b)|\bfalls? short\b",
            r"\bto whom it may concern\b|\bwho knows\b",
            r"\b(?:i|we) will (?=(?:need|want|use|take|put|show|present|print|paste|write|add|explain"
            r"|assume|be)\b)",
            r"\bwill (?=(?:do|suffice|you|i need|we need)\b)|\bwill be (?=(?:fine|enough|great|perfect)\b)",
            r"\bbest (?=(?:guess|estimate|answer|wishes|regards|approximation)\b)|\b(?:at|your|my|its"
            r"|all the) best\b",
            r"\bbetter (?=(?:still|yet|said|put)\b)|\beven better\b",
            r"\b(?:file|layer|column|class|category|label|field|variable|topic) names?\b",
            r"\bname (?=(?:me |us )?(?:the )?(?:number|count|share|total|percentage|figure)\b)|\bmy name is\b",
            r"\b(?:very |most |really |an? )?important (?=(?:question|to me|to us|to know|for (?:me|us|my"
            r"|our))\b)",
            r"\b(?:wait |just |have |spare |in |at |take )(?:a|one|the|two|five) minutes?\b|\b(?:this"
            r"|any) minute\b",
            r"\byields? (?=(?:true|false|yes|no|the (?:number|count|area|share|total|answer|result))\b)",
            r"\b(?:for|in|at) (?:my |our |the )?(?:school|office)\b(?= ?(?:project|homework|[.,:;!?)-]|$))",
            r"\b(?:nice|good|great|fine|lovely|rest of (?:the|your)) day\b|\b(?:these|other) days\b"
            r"|\bone day\b",
            r"\b(?:by )?any chance\b|\bpretty (?:please|sure|much)\b|\bwarm (?=(?:regards|greetings"
            r"|welcome|wishes)\b)",
            r"\b(?:own (?=(?:words|estimate|notes)\b))|\bit(?:'s| is) worth (?=(?:knowing|asking)\b)",
            r"\bbird'?s?[- ]eye\b|\b(?:as |like )?(?:the )?crow (?:flies|would fly)\b|\bbroken (?=(?:down"
            r"|up) (?:by|into|in)\b)",
            r"\bexpand(?:ed)? (?=(?:it |them |\w+ )?by \d)|\bgrew (?=(?:outwards? )?(?:by )?\d)",
            r"\b(?:river|lake|stream|pond|water)s? ?banks?\b(?!s)|\b(?:virtual|imaginary|geo) fences?\b"
            r"|\bfences? (?=\d)",
            r"\bpeople (?=(?:say|ask|think|want to know|keep asking)\b)|\bvisible (?=(?:in|on"
            r"|within) (?:the|this|our|my) "
            r"(?:image|picture|photo|scene|map|frame|shot)\b)",
            r"\blines? (?=(?:round|around|drawn)\b)|\b(?:straight|in a|draw a|drew a|shortest)[ -]line\b"
            r"|\bset (?=(?:of|apart)\b)|\bset back\b|\bin one pot\b",
            r"\b(?:the|this|whole|entire) frame\b|\bfits? (?=in(?:to)?\b)|\bstudy (?=(?:area|region|site)\b)",
            r"\boccupied (?=by\b)|\b(?:area|space|ground|surface|land|extent|image|much) (?:is "
            r"|are )?(?:occupied)\b",
            r"\bgood (?:morning|afternoon|evening|night|day)\b|\b(?:nice|good|great|lovely) (?:weekend"
            r"|week|evening)\b"
            r"|\bon (?:all|both|either|each|every|any|the other|the inner|the outer) sides?\b|\b(?:either"
            r"|both|each) sides?\b|\bside by side\b|\bas always\b"
            r"|\bif (?:it is )?convenient\b|\bround (?:here|about)(?:abouts)?\b",
            # what happens to things in the question's own story
            r"\bwill (?=(?:it |they |we )?(?:be |stay |remain |get )*(?:reach(?:ed)?|touched|wet|hit|dry"
            r"|safe|affected|inside|outside)\b)|\b(?:be|stay|remain|get) (?:wet|dry)\b|\blost (?=to (?:a"
            r"|the) \d|if )|\bgiven that (?:very )?small patches are often errors,",
            r"(?<=[a-z] )wide (?=(?:strip|band|belt|zone|buffer|corridor)\b)|\bsafety (?=(?:zone|strip"
            r"|buffer|belt)\b)|\bbroken (?=into\b)|\b(?:the )?long(?:er)? side (?=of\b)",
            r"\bhow green (?=.*\bndvi\b)|\boutlier,? that is,? (?=(?:the )?(?:largest|biggest))",
            r"\bwhen (?=(?:the )?(?:largest|biggest|smallest) (?:one )?(?:is|was) (?:left|taken|excluded))",
            r"\bbelongs (?=to [a-z ]+ (?:larger|over|above|bigger|smaller|under|below|>))|^who (?=has more)",
        )
    )
)
"""Turns of phrase in which a word that otherwise tells of time, owner, height, state or form does not."""

SUPPOSED = re.compile(
    r"(\bif (?:[^,:?]* )?(?:strip|belt|zone|buffer)\b[^,:?]*?) (?:were|was) (?:closed|cleared|flooded|protected)\b"
)
"""A zone that is supposed to be closed: it is asked what lies in it."""

COMPARED = re.compile(
    rf"(\b(?:is|was) (?:the )?{_QUANTITY} of [^,.?]{{3,80}}) (?:higher|lower) than\b(?! [\d.,]+ ?(?:m|ft"
    rf"|feet|met(?:er|re)s)\b)"
)
"""A number or a share that is asked to be higher than another, not a thing that is higher."""
