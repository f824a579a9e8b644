"""What two or three words beside a question change of it, though everything else in it is named and measured.

"Fully", "apiece", "back then", "or the reverse", "(occupied)": each leaves every number, topic and measure as it was, so
that a plain sentence without it looks as if it said the same. Each pattern stands for a kind.
"""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re
from functools import cache

from planimeter.coder.grammar.talk import talk
from planimeter.coder.rewriter.places import EFFECTS, PLACED
from planimeter.coder.word_lists import listed
from planimeter.vocabulary.topics import nouns
from planimeter.vocabulary.units import unit_called

_AUXILIARY = r"(?:would|will|do|does|did|is|are|can|could|get|gets|has|have)"
_NUMBER = r"\d[\d.,]{0,9} ?(?:m2|m²|m|km2|km²|km|ha|ft|yd|sqm|yards?|feet|acres?|hectares?|met(?:er|re)s?)"
_KINDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"\bapiece\b|\b(?:one )?at a time\b|(?<=s) a piece\b|(?<=s) a head(?=\W*$|[,.;?!]| (?:would|will|do|does|is|are|with|in|above|over|near|can|fringes?|no)\b)"
            rf"|\bhow many [a-z]+ an? (?!half|quarter|third|hundred|thousand|few|couple)[a-z]+ {_AUXILIARY}\b|\bone in how many\b"
        ),
        "for how many of what it is asked",
    ),
    (
        re.compile(
            r"\b(?:partly|partially|in part|for the most part|by half|half ?way)\b(?! (?:because|since|for|as|out of)\b)"
        ),
        "how much of a thing has to lie there",
    ),
    (
        re.compile(
            r"\b(?:eventually|ultimately|overnight(?=\W*$)|nowadays|henceforth|beforehand|afterwards?|back then|by (?:now|then)|for now"
            r"|once there|no longer|as yet)\b"
            r"|(?<!really )(?<!very )(?<!as )\bsoon(?!er)\b(?! as\b)(?=\W*$)"
            r"|(?<!the )(?<!asked )\bnext(?=\W*$)|\bso far(?=\W*$| (?:would|will|do|does|is|are|can|with|within|in|above|over|near)\b)"
            r"|\bas (?:it|they) (?:was|were)\b|\bas (?:of(?! now\b| today\b)|were)\b|\bfrom (?:now|then) on\b|\b(?:hit|reach|reached|touch|touched|flood|flooded|burn|catch|caught|get|gets) first(?=\W*$|,)|\b(?:once|when) (?:built|finished|done|grown)\b"
            r"|\bany ?more(?=\W*$)|\b(?:before|after) the [a-z]+(?=\W*$)|\bif (?:it|they) (?:moved|grew|rained|rains|moves|grows)\b"
            r"|\b(?:would|could|might|should)(?:n't)?(?: [a-z0-9]+){0,8} have (?:been )?(?:hit|reached|caught|touched|flooded|burnt|burned|taken|lost|met)\b"
        ),
        "at what time it is asked",
    ),
    (
        re.compile(r"\b(?:the reverse|vice versa|conversely|the converse|(?:the )?other way (?:a)?round)\b"),
        "which way round it is asked",
    ),
    (
        re.compile(
            r"\b(?:this|that|one) side\b(?! (?:of (?:the )?(?:image|picture))|(?:note|issue))|(?<=[a-z]s) up ?front\b"
        ),
        "on which side",
    ),
    (
        re.compile(
            r"\band (?:everything|anything|all|whatever) else\b|\band (?:so (?:on|forth)|the like|such ?like|what ?not|the lot|co\b)|\bet ?c(?:etera)?\b|\band (?:where|why|when|since when|whose)(?=\W*$)"
        ),
        "what is to be added",
    ),
    (
        re.compile(
            r"\b(?:ideally|preferably) (?:more|less|fewer|not|no|under|over|within|without|big\w*|small\w*|large\w*|dense|\d)"
            r"|\bat a (?:push|pinch|stretch)\b|\bif need be\b|\bif (?:any|no) good\b"
        ),
        "what is only wished for",
    ),
    (
        re.compile(r"\bin (?:thousands|hundreds|dozens|millions|scores|pairs|binary|hex|roman numerals)\b"),
        "in what the number is said",
    ),
    (
        re.compile(r"\b(?:thanks|due|owing) to (?!you\b|all\b|every|go\b|whoever|any)|\bdue to go\b|\bhow come\b"),
        "a cause",
    ),
    (
        re.compile(r"\bto (?:be|come|let)(?=\W*$|:| (?:would|will|with|in|above|over|bigger|larger|can|stay)\b)|\bfor free\b|\b(?:for|on) hire\b"),
        "what is planned with it",
    ),
    (
        re.compile(
            r"\bof (?:mine|yours|ours|theirs|hers)\b|\bof his(?=\W*$|[,.:;]| (?:would|will|can|do|are|with|in|above|over|no|near|stay)\b)"
            r"|\b(?:near|close to|next to|beside) (?:me|us|mine|ours|you|yours)\b|\bup for [a-z]"
        ),
        "whose it is",
    ),
    (
        re.compile(
            r"\b(?:too (?:much|many)|in excess|(?<!good )(?<!close )(?<!near )(?<!sure )(?<!kind )(?<!be )(?<!is )enough)(?=\W*$)"
            r"|\bnext (?:biggest|largest|smallest|nearest|closest|farthest|furthest)\b"
            r"|\bthan most\b(?! of)|\bbut (?:only )?(?:bigger|smaller|larger|whole|big|small|large)(?: ones?)?(?=\W*$)"
            r"|[,;] ?(?:the )?(?:bigger|smaller|larger|whole|big|small|large) ones\W*$"
        ),
        "which of them",
    ),
    (re.compile(r"\bx ?\d\b|\b\d+ ?x\b(?! ?\d)"), "a sum with the number"),
    (
        re.compile(
            r"\bhow (?:many|much|far|big|large)\b.*\b(?:yes or no|true or false|yes/no|y/n)\b"
        ),
        "whether a number is asked for",
    ),
    (
        re.compile(
            r"\b(?:just|barely|narrowly|nearly|almost|scarcely|very nearly) (?:hit|miss|reach|touch|graze|escape|avoid|top|clear|catch|make)(?:es|s)?\b"
            rf"|{_NUMBER},? (?:or so|or thereabouts|give or take|plus or minus|-?ish|odd|if that|at a guess)\b"
        ),
        "how far within or beyond",
    ),
    (
        re.compile(r"(?:n't|\bnot|\bnever|\bcannot) (?:possibly )?(?:fail|miss|avoid|help)\b"),
        "what is denied twice",
    ),
    (
        re.compile(
            r"[,;] ?(?:and )?(?:which ones|is (?:that|it) (?:a lot|much|many|few|enough|more|legal)|then (?:show|list|name|mark|the)|the rest)\b"
            r"|\band not (?:in|out)side\W*$"
            r"|\band (?:is|are|does|do|has|have|was|were) (?:they|it|those|these|any|some|one|all)\b"
            r"|\b(?:how|what|which)\b[^?]{0,80}, (?:more|less|fewer|larger|smaller|bigger) than (?:the |all )?[a-z]+\W*$"
        ),
        "several questions at once",
    ),
    (
        re.compile(rf"{_NUMBER} (?:in|inside|into|deep in|deep into|deep inside) (?:the|a|any|some)\b"),
        "how far inside it is",
    ),
)  # fmt: skip
_OTHERS = re.compile(r"(?<!than )(?<!than all )(?<!all )\bthe others\b")
_OPEN_ENDED = re.compile(r"\b([a-z]+) (?:and|or) (?:above|below|beyond)\W*$")
_OF_A_THING = re.compile(r"(?<![a-z'-])([a-z]{2,20})(?:'s|s') ([a-z]+)")
_MEASURED = listed(
    """
    edge edges shore shores shoreline border borders boundary boundaries outline outlines perimeter area areas size sizes
    surface extent extents share portion footprint footprints acreage number count total average mean median own distance
    distances nearest closest largest biggest smallest combined percentage percent proportion fraction cover coverage patches
    regions pieces region patch neighbour neighbours neighbor neighbors neighbouring surroundings limit side sides bank verge
    margin
    """
)
"""What a thing may have that is measured, or is as good as the thing: not "the lake's inlet"."""
_FOLLOWED = re.compile(
    r" (?:that |which )?(?:me|my|our|his|her|their|your) (?:own |old |late )?([a-z]+) ([a-z]+)\b"
)
_UNSEEN = re.compile(
    r" (?:that |which )?(?:i|we|you|they) (?:can'?t|can ?not|couldn'?t|don'?t|didn'?t|never|won'?t) "
    r"(?:see|seen|find|spot|need|want|have|get|got|reach|like|use|own|know|mean)\b"
)
_ANYBODY = re.compile(
    r" (?:that |which )?(?:everybody|everyone|nobody|no one|somebody|someone|anybody|anyone|people|kids) [a-z]"
)
_ZONES = listed(
    "strip buffer belt zone ring band corridor margin line limit rule setback circle radius fire flood hose embers plan cordon"
)
_BRACKETED = re.compile(r"[(\[{]([^()\[\]{}]{1,60})[)\]}]")
_OWNERS = listed("mine ours yours theirs hers his")
# Signs that say how somebody feels; all others may be a word.
_FEELS = frozenset("🙏👍👋👌🤔🤷🤗🤓😇🙃🤩✨❤♥☺⭐🎉💚💙🛰🗺📷📸📊📈📏📐🔍🔎👀❓❔‼⁉🤝💪🫶")
_SIGNS_OF = {
    "water": "🌊💧💦",
    "forest": "🌲🌳🌴",
    "roof": "🏠🏡🏘",
    "road": "🛣",
    "agric": "🌾🚜",
    "solar": "☀🌞🔆",
}
_SIGN = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_JOINERS = re.compile("[\u200d\ufe0f\U0001f3fb-\U0001f3ff]|[♀♂](?=\ufe0f)")


def changed(text: str) -> str | None:
    """What in a question changes it beside all that is named, as a clause; None where nothing is known to.

    Args:
        text: the question, without slips.

    Example:
        >>> changed("how many homes would a 40 m strip along the water hit back then")
        'at what time it is asked'
        >>> changed("how many homes would a 40 m strip along the water hit then") is None
        True
    """
    low = re.sub(r"\s+", " ", text.replace("’", "'").lower())
    for pattern, what in _KINDS:
        if pattern.search(low):
            return what
    open_ended = _OPEN_ENDED.search(low)
    if open_ended and unit_called(open_ended[1]) is None:
        return "both sides of a limit"
    if _OTHERS.search(low) and re.search(r"\d", low):
        return "which others are meant"
    for found in _OF_A_THING.finditer(low):
        if found[1] in _names() and found[2] not in _MEASURED:
            return f'what "{found.group()}" is'
    return _known_to(low) or _bracketed(low)


def signs(text: str, topics: list[str]) -> str | None:
    """A pictograph that may be a word, as a clause; None where each only shows a feeling or what is named.

    Example:
        >>> signs("how many houses 🔥 are within 50 m of water", ["roof", "water"])
        'the sign "🔥"'
        >>> signs("how many houses 🏠 are within 50 m of water 🙏", ["roof", "water"]) is None
        True
    """
    named = {sign for topic in topics for sign in _SIGNS_OF.get(topic, "")}
    for sign in _SIGN.findall(_JOINERS.sub("", text)):
        face = "\U0001f600" <= sign <= "\U0001f644"
        if not face and sign not in _FEELS | named:
            return f'the sign "{sign}"'
    return None


@cache
def _names() -> frozenset[str]:
    return frozenset(nouns()) | {name.removesuffix("s") for name in nouns()}


def _known_to(low: str) -> str | None:
    """ "Houses my aunt knows": what somebody does with a thing tells which ones, what a zone does where they lie."""
    for found in re.finditer(r"(?<![a-z'-])[a-z]+(?![a-z'-])", low):
        behind = _FOLLOWED.match(low, found.end()) if found.group() in _names() else None
        if found.group() in _names() and (unseen := _UNSEEN.match(low, found.end())):
            return f'"{unseen.group().strip()}"'
        if found.group() in _names() and _ANYBODY.match(low, found.end()):
            return f'what people do with "{found.group()}"'
        if behind is not None and not {behind[1], behind[2]} & _ZONES and behind[1] not in _names():
            return f'what "{behind[1]} {behind[2]}" says of {found.group()}'
    return None


def _bracketed(low: str) -> str | None:
    """ "Houses (occupied)", "[mine]": a word in brackets that tells which are meant."""
    for found in _BRACKETED.finditer(low):
        words = re.findall(r"[a-z]+", found[1])
        before = re.search(r"([a-z]+) ?$", low[max(0, found.start() - 30) : found.start()])
        tells = EFFECTS if before is None or before[1] not in _names() else PLACED
        state = (
            len(words) == 1 and (words[0].endswith("ed") or words[0] in tells) and words[0] not in _RECKONED
        )
        odd = set(words) - _ASIDE - _names()
        apposed = (
            before is not None
            and before[1] in _names()
            and odd
            and len(words) <= 3
            and not re.search(r"\d", found[1])
            and not talk(found[1])
        )
        if state or (apposed and not any(unit_called(word) for word in words)) or _OWNERS & set(words):
            return f'"{found.group()}"'
    return None


_ASIDE = listed(
    """
    in m of the a an and or any all class label topic layer type category area areas number count total sum image picture map
    roughly approximately approx about estimate estimated guess please lower upper case singular plural each every as to by from per
    """
)
_RECKONED = listed("combined estimated rounded summed counted measured joined merged needed required urgent")
