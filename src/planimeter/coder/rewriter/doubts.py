"""Forms of words that a rewriting has been seen to get wrong: such questions are refused instead of rewritten.

Each stands for a kind. A plain sentence can look as if it said the same and mean something else: what is left when the
far ones are dropped, an average number, one of two questions, "exactly one", a question that is answered by its
opposite, a thing that has an owner or a name.
"""

from __future__ import annotations

import re
from functools import cache

from planimeter.coder.rewriter.phrases import listed
from planimeter.vocabulary.topics import nouns

_EXCLUDING = re.compile(
    r"\b(?:left|remain\w*|drop\w*|ignor\w*|disregard\w*|remov\w*|exclud\w*|exclusion|leav\w+|except\w*|omit\w*|skip\w*"
    r"|discard\w*|subtract\w*|deduct\w*|tak\w+ away|others?|rest|apart from|besides|without counting|once you|minus)\b"
)
_FAR = re.compile(
    r"\b(?:farther|further|beyond|more than|over|above|greater|larger|bigger|exceed\w*|at least|outside|away)\b"
)
_ASKING = re.compile(r"\bhow (?:many|much|big|large|far|long|wide)\b")
_KINDS = (
    (re.compile(r"\b(?:average|mean|median|typical|usual) (?:number|count|quantity)\b"), "an average number"),
    (
        re.compile(r"\bhow many\b.*\b(?:on average|average|mean)\b|\bon average\b.*\bhow many\b"),
        "an average number",
    ),
    (re.compile(r"\b(?:more|fewer) (?:[a-z]+ )?[a-z]+s than\b"), "whether things or ground are compared"),
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
            r"|a single|single|majority|most of)\b"
        ),
        "how many of something there have to be",
    ),
    (re.compile(r"\b(?:but|except) (?:one|two|three|four|five|\d+)\b"), "which are left out"),
    (
        re.compile(r"\b(?:more|fewer|less)\b.*\bthan\b.*\bthan\b"),
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
        re.compile(r"\bdid\b|\bbefore (?:i|we|you|they|he|she)\b|\bused to\b|\bhad been\b"),
        "at what time it is asked",
    ),
    (
        re.compile(
            r"\b(?:i|we|you|they|he|she|who) owns?\b|\b(?:his|hers|mine|ours|yours|theirs)(?=\s*[?.,]|$)"
            r"|\b(?:is|are|belong to) (?:mine|ours|yours|theirs|his|hers)\b"
        ),
        "whose it is",
    ),
    (re.compile(r"\bhave to (?!know|report|tell|say|walk|travel|go|be within)"), "what has to be done"),
    (
        re.compile(
            r"^(?:if|with|suppose|supposing|imagine|assuming|assume|say|given|in case|should|were)\b[^,;:?]*"
            r"\b(?:and|or|larger|smaller|bigger|over|under|beyond|not|no|moves?|moved|per|hours?|downwind|uphill"
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
    r"(?:see|sees|use|uses|need|needs|like|likes|draw|draws|feel|feels|get|gets|enjoy|enjoys|drink|want|wants|overlook"
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
    """
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
    far = _FAR.search(low)
    if far and _EXCLUDING.search(low):
        return f'an exclusion together with "{far.group()}", which is easily turned round'
    if len(_ASKING.findall(low)) > 1:
        return "several questions at once"
    for pattern, what in _KINDS:
        if pattern.search(low):
            return what
    for owner in _OWNED.findall(low):
        if owner not in _NOT_OWNED and not _things().fullmatch(owner):
            return f'whose it is ("{owner}")'
    return _named(text) or _narrowed(low)


def _named(text: str) -> str | None:
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
    things = [*_things().finditer(low)]
    ends = {match.end() for match in things}
    for match in things:
        if re.match(_DOING, low[match.end() :]):
            return f"what {match.group()} do to something"
        before = re.search(r"([a-z][a-z'-]*) $", low[: match.start()])
        if before is None or match.start() - 1 in ends:
            continue  # a number, a sign, the beginning, or another thing
        if before.group(1) not in _BEFORE:
            return f'the word "{before.group(1)}" before "{match.group()}"'
    return None
