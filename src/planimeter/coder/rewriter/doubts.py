"""Forms of words that a rewriting has been seen to get wrong: such questions are refused instead of rewritten.

Each stands for a kind. A plain sentence can look as if it said the same and mean something else: what is left when the
far ones are dropped, an average number, one of two questions, "exactly one", a question that is answered by its
opposite, a thing that has an owner or a name.
"""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re
from functools import cache

from planimeter.coder.grammar.patterns import TO_EDGE
from planimeter.coder.word_lists import listed
from planimeter.vocabulary.numbers import NUMBER_WORDS, ONES, SCALES, TENS
from planimeter.vocabulary.topics import nouns

_EXCLUDING = re.compile(
    r"\b(?:left|remain\w*|drop\w*|ignor\w*|disregard\w*|remov\w*|exclud\w*|exclusion|leav\w+|except\w*|omit\w*|skip\w*"
    r"|discard\w*|subtract\w*|deduct\w*|tak\w+ away|others?|rest|apart from|besides|without counting|once you|minus)\b"
)
_FAR = re.compile(
    r"\b(?:farther|further|beyond|more than|over|above|greater|larger|bigger|exceed\w*|at least|outside"
    r"|(?<!take )(?<!takes )(?<!taken )(?<!taking )away)\b"
)
_GROUND = r"(?:km2|ha|acres?|hectares?|sq|square)\b"
_COUNTED = rf"(?:about |a |an |one )?(?:\d|half|quarter|third|dozen|couple|{'|'.join(NUMBER_WORDS)})"
_SIZE_LEFT_OUT = re.compile(
    r"\b(?:ignor\w+|leav\w+ out|exclud\w+|except(?: for)?|disregard\w*|not counting|drop|remove|take out)"
    r" (?:(?:those|anything|patches|the ones|ones|all|the|any)(?: of)? )?"
    r"(?:larger than|over|above|bigger than|more than)? ?(?:\S+ ){1,3}?"
    r"(?:m2|m²|ha|hectars?|hectares?|square [a-z]+|sq\.? ?[a-z]+|sqm|sqft|qm|km2|km²|acres?|ac|ft2)(?![a-z])(?: or less| or more)?"
)
_BIGGER_THAN_ALL = re.compile(r"\b(?:larger|bigger|greater) than (?:all|any)(?: of)?(?: the)? other\w*")
_ASKING = re.compile(r"\bhow (?:many|much|big|large|far|long|wide)\b")
_BEGINS = (
    r"(?:within|inside|in|touching|near|outside|larger|smaller|bigger|greater|over|under|farther|further|closer|nearer"
    r"|beyond|covering)\b"
)
# What can be asked of things, and of which a plain sentence has one ("the count and average footprint of houses").
_QUANTITY = (
    r"(?:number|count|tally|areas?|size|extent|surface|footprint|acreage|coverage|share|percentage|proportion|perimeter|length|density"
    r"|position|location|spacing|shape|orientation|ratio)"
)
_OF_THEM = (
    r"(?:the |its |their |an? |both )?(?:total |overall |combined |average |mean |median |single |relative )*"
)
_BESIDE = r"(?:, (?:and )?| and | as well as | plus | ?& ?| ?\+ ?| with | along with | together with | or )"
# A distance to an amount of ground: "within 300 m of at least 1 ha of green space".
_TO_AN_AMOUNT = rf"\b(?:of|from|to) (?:at least |more than |over |an? |another )?[\d.,]+ ?(?:m2|m²|km2|km²|{_GROUND[:-2]})[a-z ]* of\b"
_STATISTIC = r"(?:mean|average|median|shortest|longest|largest|biggest|smallest|total|minimum|maximum)"
_SIDE = r"(?:within|inside|beyond|outside|above|below|over|under)"
_LENGTHS = r"\d[\d.,]{0,9} ?(?:m|km|ft|feet|yd|yards?|miles?|mi|met(?:re|er)s?|kilomet(?:re|er)s?)"
_KINDS = (
    (
        re.compile(
            rf"\b{_SIDE} ?(?:and|or|vs\.?|versus|/|&) ?(?:those )?{_SIDE}\b"
            rf"|\b(?:vs\.?|versus|compared (?:to|with)|against) (?:the |those )?(?:{_SIDE}|elsewhere|rest|others?|not|without)\b"
            r"|\band (?:beyond|outside|elsewhere|not|the rest|the others?)\W*$"
        ),
        "both sides of a limit",
    ),
    (
        re.compile(
            rf"\b{_LENGTHS} (?:of|from|to) (?:the |a |an |any )?(?:(?!(?:and|or|nor|but|yet|as|not|while)\b)[a-z]+ ){{1,2}}(?:(?:that|which) (?:is|are|lies?) )?"
            rf"(?:less than|at most|up to|within|closer than|more than|farther than|further than|beyond) {_LENGTHS} (?:of|from|to)\b"
        ),
        "what the second distance is said of",
    ),
    (
        re.compile(
            r"\b(?:below|above|over|under|than|exceed\w*) (?:the |their |its )?(?:average|mean|median)\b(?! \w+ (?:of|to) \d)"
            r"(?<!larger than average)(?<!smaller than average)(?<!bigger than average)"
            r"(?=\W*$)"
        ),
        "what is held against an average",
    ),
    (
        re.compile(
            r"^(?!.*\b(?:differ\w*|ratio (?:of|between)|gap|apart|minus|subtract|exceeds?|than)\b).*?"
            rf"(?:\b{_QUANTITY}s?{_BESIDE}{_OF_THEM}{_QUANTITY}s?\b"
            r"|\b(?:number|count)s? of [^,;:?]*(?:,|\band|\bas well as|\bwith) (?:the |their )(?:total |average |mean |combined )*"
            r"(?:area|size|share|percentage|extent|footprint|surface|perimeter|length)\b)"
        ),
        "several questions at once",
    ),
    (
        re.compile(
            r"\bhow (?:big|large) (?:is|are) (?:the |all (?:the )?)?(?:individual|various|respective|different)\b"
            r"|\b(?:areas?|sizes?|extents?|perimeters?) of (?:the |all (?:the )?)?(?:individual|various|respective|different)\b"
            r"|\b(?:individually|one by one|one after another)\b"
        ),
        "what each of them is",
    ),
    (re.compile(_TO_AN_AMOUNT), "how much has to lie there"),
    (re.compile(r"\b(?:average|mean|median|typical|usual) (?:number|count|quantity)\b"), "an average number"),
    (
        re.compile(
            rf"\bhow many\b(?! times| average [a-z ]+ fit)(?!.*\b(?:one|a|an|per) {_GROUND}).*\b(?:on average|average|mean)\b"
            rf"|\bon average\b.*\bhow many\b(?!.*\b(?:one|a|an|per) {_GROUND})"
        ),
        "an average number",
    ),
    (re.compile(r"\brespectively\b"), "several questions at once"),
    (
        re.compile(
            r"\b(?:how|what|which)\b.*[, ]and (?:how|what|which|where|is there|are there|does|do|is it)\b"
        ),
        "several questions at once",
    ),
    (
        re.compile(
            r"\b(?:exactly|precisely|several|plenty|numerous|various|a couple|a few|few|a pair|only one|just one"
            r"|(?<!largest )(?<!biggest )(?<!smallest )(?<!area of )(?<!size of )(?<!surface of )single(?! largest| biggest| smallest)"
            r"|majority|(?<!there )most of)\b(?<!how many exactly)"
        ),
        "how many of something there have to be",
    ),
    (
        re.compile(
            r"\b(?:but|except) (?:one|two|three|four|five|\d+|us|me|them)\b|\bevery(?:one|body|thing) but\b"
        ),
        "which are left out",
    ),
    (
        re.compile(
            r"\bneeds? to be (?!within|at least|at most|more|less|larger|smaller|beyond|inside|outside|known|there)"
        ),
        "what has to be done",
    ),
    (
        re.compile(
            r"(?:\bnot|n't) (?:\w+ ){0,8}?(?:both|simultaneously|concurrently|at the same time|at once|at one time)\b.* and\b"
            rf"|(?:\bnot|n't) (?:\w+ ){{0,2}}?{_BEGINS}(?:(?!\bbut\b|\b(?:and|or) not\b).)*\b(?:and|or) (?:also )?{_BEGINS}"
        ),
        "which of the two is denied",
    ),
    (
        re.compile(
            rf"\b(?:more|fewer|less)\b.*(?:\bthan (?!{_COUNTED}).*\bthan\b|\bthan\b.*\bthan (?!{_COUNTED}))"
        ),
        "what is compared with what",
    ),
    (
        re.compile(
            r"^(?:the |what is the )?(?:mean|average|median) of (?:the )?[a-z]+ and (?:the )?[a-z]+\W*$"
        ),
        "a mean of two",
    ),
    (re.compile(r"(?<!how )(?<!so )\bmany\b"), "how many of something there have to be"),
    (
        re.compile(
            r"\ba lie\b|\bam i lying\b|\b(?:false|untrue|incorrect|wrong|mistaken|myth|den(?:y|ies|ied))\b"
            r"|\bcontrary\b|\bopposite\b"
        ),
        "whether it is yes or no that is asked",
    ),
    (
        re.compile(
            r"\b(?:around|about|roughly|approximately|approx\.?|circa|ca\.?|close to|nearly|almost|some) \d"
        ),
        "an approximate number",
    ),
    (
        re.compile(
            r"\bdid\b(?! i (?:capture|photograph|take))|\bbefore (?:the )?(?:flood|storm|fire|war|rain)|\bafter (?:the )?(?:flood|storm|fire)"
            r"|\bduring\b|\bbefore (?:i|we|you|they|he|she)\b|\bused to\b|\bhad been\b"
        ),
        "at what time it is asked",
    ),
    (
        re.compile(
            r"\b(?:i|we|you|they|he|she|who) owns?\b|\b(?:his|hers|mine|ours|yours|theirs)(?=\s*[?.,]|$)"
            r"|\b(?:is|are|belong to) (?:mine|ours|yours|theirs|his|hers)\b"
        ),
        "whose it is",
    ),
    (
        re.compile(
            r"\b(?:average|mean|median|typical|usual) (?:amount|extent|share|area|surface)\b.*"
            r"\b(?:within|around|near|by) .*\b(?:of|around) (?:a|an|each|every|one|any) "
        ),
        "how much each has around it on average",
    ),
    (
        re.compile(
            r"^(?=.*\d).*\b(?:some|any|every|no)(?:thing|where) (?:other than|but|except|besides|apart from)\b"
            r"|\b(?:near|of|from|to|by|touching|bordering) (?:things?|covers?|class(?:es)?|land|ground|places?) (?:other"
            r" than|except|besides|apart from|that (?:is|are) not)\b"
        ),
        "what else than a thing is meant",
    ),
    (
        re.compile(
            r"\b(?:groups?|pairs|rows?|types|kinds|sorts|clusters?|colon(?:y|ies)|villages?) of (?!the image|pixels|vegetation|trees)"
        ),
        "how things are grouped",
    ),
    (
        re.compile(
            r"\b(?:well|just|only just|barely|slightly|comfortably|scarcely|far) (?:within|inside|outside|over|under|beyond|above"
            r"|below|more than|less than|farther|further|larger|bigger|smaller|closer|nearer)\b(?=.*\d)|\ba (?:good|bare|mere) \d"
        ),
        "how far within or beyond",
    ),
    (
        re.compile(
            r"\bit(?:'s| is| isn't| is not|'s not) (?:not )?(?:like|as if|as though|that)\b|\bnot (?:\w+ ){1,4}(?:no|none|without)\b"
        ),
        "what is denied twice",
    ),
    (
        re.compile(r"\bsafe from [a-z ]+ within\b|\bsafe(?:ly)? (?:within|inside)\b"),
        "on which side it is safe",
    ),
    (
        re.compile(
            r"\band (?:by how (?:much|many)|if so|if yes|(?:their|its) (?:total |mean |average )?(?:area|size|number|count|share))\b"
            r"|[;,] ?also (?:the|how|what|their)\b"
        ),
        "several questions at once",
    ),
    (
        re.compile(
            r"(?:^|[,.;?!] ?)(?:and |but |plus )?[a-z' ]{3,30} (?:too|also|as well|included)(?=\W*$|[,.;] )"
        ),
        "what is to be added",
    ),
    (
        re.compile(
            r"\b(?:are|is) there (?:that |which |who )?(?:i|we|you|they|he|she)(?:'ve|'d)? "
            r"(?!see\b|can see\b|find\b|have\b|get\b|count\b)"
        ),
        "which of them",
    ),
    (
        re.compile(
            r"\b(?:pie|bar|line) ?charts?\b|\b(?:draw|plot|sketch|chart|paint) (?:me |us )?(?:a|the)\b"
        ),
        "that a picture is asked for",
    ),
    (re.compile(r"\b(?:inner|outer) zones?\b"), "which part of it"),
    (
        re.compile(
            r"\bsurviv\w*\b|\bmakes? it\b(?=\W*$| if| when| through| out)|\bpull through\b|\bun(?:harmed|scathed|hurt)\b"
        ),
        "what is spared",
    ),
    (
        re.compile(
            rf"^(?!.*\b(?:differ\w*|gap|apart|minus|between|ratio|than)\b).*\b{_STATISTIC} (?:and|or|plus|&) (?:the )?{_STATISTIC}\b|\b(?:and back|there and back|round trip)\b"
        ),
        "several questions at once",
    ),
    (
        re.compile(
            r"\b(?:across|over|beyond) (?:the|a|that|this) (?:river|lake|water|road|street|stream|canal|field|forest|wood)s?\b"
            r"(?! (?:of|area))|\b(?:one|other|far|near|left|right) (?:side|bank|shore) of\b"
        ),
        "on which side",
    ),
    (re.compile(r"\bviews? (?:of|on|over|to)\b"), "what can be seen"),
    (re.compile(r"\bmade of\b|\bunder construction\b|\bwith people\b|\bin them\b"), "what they are like"),
    (re.compile(r"\bhave to (?!know|report|tell|say|walk|travel|go|be within)"), "what has to be done"),
    (
        re.compile(
            r"^(?!(?:if|when) [a-z ]*?(?:jump|spread|fl|reach)\w* [\w.,]+(?: [a-z]+){0,2} (?:beyond|from) (?:(?!\b(?:and|or|not|no|per|hour)\b)[^,;:?])*[,;:])"
            r"(?!if [a-z ]+ (?:under|below|smaller than) [^,:?]* (?:were|are|is) (?:exempt|excluded|left out|ignored)[,:])"
            r"(?!if we only look at )(?:if|with|suppose|supposing|imagine|assuming|assume|say|given|in case|should|were)\b[^,;:?]*"
            r"\b(?:and|or|larger|smaller|bigger|over|under|beyond|not|no(?!-)|moves?|moved|per|hours?|downwind|uphill"
            r"|downhill|already)\b[^,;:?]*[,;:]"
        ),
        "what spreads from where",
    ),
    (
        re.compile(r"\b(?:squared|cubed|square root|to the power|doubled|halved|tripled)\b"),
        "a sum with the number",
    ),
    (re.compile(r"\bhow many more (?!.*\bthan\b)|\bhow much more (?!.*\bthan\b)"), "how many more than what"),
    (
        re.compile(
            r"\b(?:comes?|came|stays?|stops?|starts?|retreats?|recedes?|shr[aiu]nks?) (?:within|at|\d|by|about)"
        ),
        "what spreads",
    ),
)
_OWNED = re.compile(r"(?<!['a-z])([a-z]+)(?:'s|s')(?![a-z])")
_NOT_OWNED = listed(
    """
    far how it what that there here who let how where he she today one image scene picture area map photo tile region
    site photograph
    """
)
_DOING = (
    r" (?:(?:can|could|would|will|do|does|that|which|who|also|to) ){0,2}"
    r"(?:see|sees|use|uses|need|needs|like(?! \d)|likes|draw|draws|feel|feels|get|gets|enjoy|enjoys|drink|want|wants|overlook"
    r"|face|faces|look|looks|depend|depends|rely|relies)\b"
)
#: What may stand right before a thing; any other word may tell which of them are meant.
_BEFORE = listed(
    """
    a an the any all each every either of to from many much more most fewer less least no not some these those
    this that and or nor but with by for in on at near between within around along than is are be was were
    being been have has had as into onto under per number count counts total sum mean average median area
    areas size sizes share fraction proportion percentage percent percentages largest smallest biggest nearest
    closest farthest furthest only both without vs versus what which where when if whether do does did can
    could would there it its plus over inside outside beyond against across about touching bordering adjacent
    next beside separate individual distinct covered built square m m2 km km2 ha hectare hectares acres acre
    metres meters metre meter kilometres pixels find show give list name count measure calculate compute
    estimate locate identify get tell me us my our your their his her up out via using through surrounding
    neighbouring neighboring two three four five six seven eight nine ten there's how whose same like called
    class category type label labelled labeled marked cover covers contain contains include includes including
    containing surface distance distances length gap spacing buffer ring strip band edge border shore bank
    side land ground also then quantify aggregate exclude exists maximum minimum
    classes so ok okay please just existing mapped detected
    put add um uh er single different regions avg take know state need remove bear carry carrying touch adjoin adjoining avg typical scene picture image neither foot
    feet yard yards kindly tiniest distant remotest remote second third fourth 2nd 3rd exceed exceeds outweigh
    outweighs outnumber outnumbers subtract compute advise ndvi higher occupy occupies show shows gives exist what's leave forget drop skipping minus
    """
) | frozenset((*ONES, *TENS, *SCALES)) - {"one"}
#: Words that leave the largest out, beside which "smaller" and "other" lakes are the rest.
_BESIDES = re.compile(
    r"\b(?:besides|other than|apart from|next to|except(?: for)?)(?: the| single| very){0,3} (?:largest|biggest|maximum)\b"
)


# An edge is no part of what it is the edge of: "field margins" are not the fields, nor "the river banks" the river.
_EDGES = re.compile(
    r"\b(?:forest|woodland|woods?|water|lake|river|stream|pond|road|street|field|meadow)(?:s|'s|s')?[- ]?(?:margin|verge|bank|border|fringe|side)s?\b"
    r"|(?<!either )(?<!both )(?<!each )(?<!every )(?<!one )(?<!all )\b(?:margin|verge|bank|border|fringe|side)s? of (?:the |a |any )?"
    r"(?:forest|woodland|woods?|water|lake|river|stream|pond|road|street|field|meadow)s?\b"
)


@cache
def _things() -> re.Pattern[str]:
    """Nouns of topics, the longest first."""
    found = sorted(set(nouns()), key=len, reverse=True)
    return re.compile(rf"(?<![a-z'-])(?:{'|'.join(map(re.escape, found))})(?![a-z'-])")


def doubtful(text: str) -> str | None:
    """What in a question a rewriting would get wrong, as a clause; None where nothing is known to.

    Args:
        text: the question as typed.

    Example:
        >>> doubtful("how many houses are left if we drop those farther than 50 m from water")
        'an exclusion together with "farther", which is easily turned round'
        >>> doubtful("hey, could you count the houses that lie within 50 m of water") is None
        True
    """
    text = text.replace("’", "'")
    low = re.sub(r"\s+", " ", text.lower())
    low = re.sub(r"\bmost (?:big|large)\b", "largest", re.sub(r"\bmost small\b", "smallest", low))
    compared = _BIGGER_THAN_ALL.sub(" ", _SIZE_LEFT_OUT.sub(" ", low, count=1))
    compared = re.sub(r"\b(?:remain|left|stay)s? (?=outside)", " ", compared)
    compared = re.sub(r"\bover(?=\W*$|[.!?]| (?:in|on|here))", " ", compared)
    far = _FAR.search(compared)
    if far and _EXCLUDING.search(compared):
        return f'an exclusion together with "{far.group()}", which is easily turned round'
    if len(_ASKING.findall(low)) > 1:
        return "several questions at once"
    for pattern, what in _KINDS:
        if pattern.search(low):
            return what
    if _things_or_ground(low):
        return "whether things or ground are compared"
    if any(not TO_EDGE.search(low[: found.start()]) for found in _EDGES.finditer(low)):
        return "what lies on an edge"
    for found in _OWNED.finditer(low):
        if found[1] not in _NOT_OWNED and not _things().fullmatch(found[1]) and _of_what_is_asked(low, found):
            return f'whose it is ("{found[1]}")'
    return named(text) or _narrowed(low)


def _of_what_is_asked(low: str, owner: re.Match[str]) -> bool:
    """Whether something owned may be what is asked about, or where it lies: not "for the mayor's speech"."""
    owned = re.match(r"(?: [a-z-]+){0,3}", low[owner.end() :])
    assert owned is not None
    placed = re.search(
        r"\b(?:in|of|on|at|near|within|inside|from|to|by|around|along)(?: the| my| our| his| her)? $",
        low[: owner.start()],
    )
    return placed is not None or not owned[0] or _things().search(owned[0]) is not None


def _things_or_ground(low: str) -> bool:
    """Whether "more … than …" may be of their number or of their area: of what is counted, their number."""
    for found in re.finditer(
        r"(?<!how much )\b(?:more|fewer) ([a-z -]+?) than (?:of )?(?:the |any )?([a-z -]+)", low
    ):
        one = nouns().get(found[1].removeprefix("the "))
        after = found[2].split()
        two = next(
            (noun for n in (4, 3, 2, 1) if (noun := nouns().get(" ".join(after[:n]))) is not None), None
        )
        pieces = r"\b(?:patches|areas|regions|stretches|stands|parcels)\b"
        counted = [
            bool(re.search(pieces, said)) or (noun is not None and noun.kind == "thing" and noun.plural)
            for noun, said in ((one, found[1]), (two, " ".join(after[:3])))
        ]
        plural = re.search(r"(?<!s)s$", found[1]) is not None
        if (plural and one is None and not counted[0]) or (any(counted) and not all(counted)):
            return True
        if plural and one is not None and one.kind != "thing" and one.plural:
            return True
    return False


def named(text: str) -> str | None:
    """A name beside a thing, told by its capital letter; headings have capitals everywhere."""
    words = list(re.finditer(r"[A-Za-z][A-Za-z'-]*", text))
    long = [match.group() for match in words if len(match.group()) > 3]
    if sum(word[0].isupper() for word in long) * 2 > len(long):
        return None
    for place, match in enumerate(words):
        word = match.group()
        starts = (
            not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".!?:;\"'([{>\n-–—"
        )
        if starts or not word[0].isupper() or word.isupper() or len(word) < 2 or word.startswith("I'"):
            continue
        beside = [other.group().lower() for other in words[max(0, place - 1) : place + 2]]
        if any(_things().fullmatch(other) for other in beside):
            return f'the name "{word}"'
    return None


def _narrowed(low: str) -> str | None:
    """A word right before a thing, or something that it does, which may tell which of them are meant."""
    part = re.search(r"([a-z][a-z'-]*) (?:patches|regions|stretches|stands|pieces|bodies) of ", low)
    if part and part[1] not in _BEFORE and part[1] != "connected":
        return f'the word "{part[1]}" before "patches"'
    things = [*_things().finditer(low)]
    ends = {match.end() for match in things}
    for match in things:
        if re.match(_DOING, low[match.end() :]):
            return f"what {match.group()} do to something"
        before = re.search(r"([a-z][a-z'-]*) $", low[: match.start()])
        if before is None or match.start() - 1 in ends:
            continue  # a number, a sign, the beginning, or another thing
        word = before.group(1)
        if word == "other" and low[: match.start()].endswith("than all other "):
            continue
        if word in ("other", "smaller") and _BESIDES.search(low):
            continue
        if word == "one" and re.search(r"\b(?:is|the|from|does|has) one $", low[: match.start()]):
            continue
        if word == "riparian" and "defined as" in low:
            continue
        if word == "connected" and re.match(r" (?:regions|patches|areas)\b", low[match.end() :]):
            continue
        if word not in _BEFORE:
            return f'the word "{before.group(1)}" before "{match.group()}"'
    return None
