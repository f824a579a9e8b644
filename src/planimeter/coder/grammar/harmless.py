"""A question without the words that narrow nothing ("Room to breathe: how many …", "how many … do my maps hold").

The last thing that is tried. A word is left out only where the tables of the rewriter's gate know that it tells in no
place which things are meant and what of them is measured, where nothing else in the question speaks against it, and
where what is left says all that was asked: every number, unit, topic, denial and comparison (``account.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from planimeter.coder.grammar.asides import topical_words
from planimeter.coder.grammar.meanings import known_words
from planimeter.coder.rewriter.account import unaccounted
from planimeter.coder.rewriter.cues import readable
from planimeter.coder.rewriter.harmless import HARMLESS
from planimeter.coder.rewriter.heard import heard
from planimeter.errors import QuestionError
from planimeter.meaning.records import Meaning

# Words of reckoning, comparison, denial, necessity, time and place: the gate lets them pass, as others look at them.
_MATTERS = re.compile(
    r"""
    exclu|ignor|disregard|omi[st]|drop|remov|subtract|deduct|divi|differ|contrast|compar|compet|complement|combin|comput
    |add|sum|total|tot$|multi|unless|unlike|otherwise|other|rather|never|nobody|few|half|once|doubl|limit|restrict|exempt
    |exceed|outw|outd|outr|outn|outs|surpass|trump|dwarf|beat|eclips|prevail|win|vary|vari|vast|rank|narrow|wide|rest
    |remain|averag|mean|minim|maxim|minor|tiny|huge|giant|large|bigest|larg|enough|suffic|slight|border|encirc|enclos
    |encompass|surround|overl|intersect|touch|buffer|offset|setback|radi|circle|ring|rim$|ribbon|riparian|strip|hose|jump
    |spark|flood|fire|ember|float|through|toward|onto|upon|unto|via|bypass|pin|spread|reach|access|unequal|equal|disjoint
    |subset|subdiv|union|unif|pair|mutual|individual|single|sole|several|many|plenty|million|zero|null|nought|aught
    |fail|miss|lack|must|ought|requir|necess|need|want|violat|breach|infring|compl[iy]|obey|conform|qualif|satisf|meet
    |abide|adher|forbid|mandator|hypothe|suppos|assum|scenario|project|plan$|plann|possib|update|yesterday|past|later
    |previ|prior|before|after|since|again|split|separat|squeez|sli[cp]|chop|clip|chunk|crop|mask|sort|order|proportion
    |relat|fraction|frac|rate$|rating|densit|spac|contact|connect|dissolv|merg|join|group|class|categor|interval|thresh
    |toleran|cutoff|approx|rough|about|almost|near|hardl|circa|except|without|els[ei]|instead|degre|qty|quant|unit
    |physic|clear|posses|hold|held|keep|kept|retain|sav|serv|handl|manag|match|hit|catch|caught|swallow|block|drift
    |overl|cover|contain|occup|involv|incorporat|include|inclusi|like$|alike|similar|duplic|copy|copi|paste|board|base
    |level|rise|rose|drew|draw|drawn|front|back|edge|side|end$|core|inner|outer|top|bottom|middle|centre|center|all
    |every|each|any|no$|not$|none|nor$|zonal|region|local|room|spot|place|loc$|where|somewhere|when|why|who|which
    |increment|delta|gap|gain|loss|lost|chang|become|turn|grow|shrink|spend|cost|price|worth|fee|cash|loan|bet$|bid$|deal
    |book|sold|sell|rent|own|hand|feed|fed$|drone|video|energ|watt|control|guard|watch|monitor|priorit|urgen|emerg|mayday
    |evacuat|protect|target|mission|search|sought|find|found|flag|tag|tick|mark|highlight|label|record|regist|list|entit
    |allocat|allot|assign|appoint|permit|approv|licen|grant|stop|start|begin|began|finish|complet|continu|repeat|often
    |gradual|unanim|practic|virtual|potential|theor|defin|expla|descri|accura|error|correct|reason|valid|usual|typic|common|rare|normal|nominal|fair|rich|poor|good|bad|best|worst|nice|great|lovely|perfect
    """,
    re.VERBOSE,
)
_EDGES = re.compile(r"^(?P<idle>[^:;?!–—]{2,60}?)\s*(?::|;|\s[-–—]|\.\s|!\s)\s*(?P<rest>.+)$", re.DOTALL)
_LINKS = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "for",
        "in",
        "on",
        "and",
        "by",
        "with",
        "from",
        "at",
        "is",
        "it",
        "this",
        "that",
        "our",
        "my",
        "your",
        "his",
        "her",
        "their",
        "its",
    ]
)

_BEFORE, _BEHIND = re.compile(r"([A-Za-z]+) $"), re.compile(r" ([A-Za-z]+)")


def without_harmless(text: str) -> Iterator[tuple[str, str]]:
    """A text without a heading that names nothing, and without words that narrow nothing; with what was left out.

    >>> next(without_harmless("Worksheet: how many lakes are there?"))[0]
    'how many lakes are there?'
    """
    idle = _EDGES.match(text)
    if idle is not None and _says_nothing(idle["idle"], HARMLESS):
        text = idle["rest"]
        yield text, idle["idle"]
    known = known_words()
    out: list[str] = []

    def leave_out(found: re.Match[str]) -> str:
        word = found.group().lower()
        if word in known | _LINKS or word not in HARMLESS or len(word) < 3 or _MATTERS.match(word):
            return found.group()
        before, behind = _BEFORE.search(text[: found.start()]), _BEHIND.match(text[found.end() :])
        if {m.group(1).lower() for m in (before, behind) if m is not None} & topical_words():
            return found.group()  # beside a noun it may say which of them are meant ("houses online")
        out.append(found.group())
        return ""

    left = " ".join(re.sub(r"(?<![\w'’-])[A-Za-z]+(?![\w'’-])", leave_out, text).split())
    if out:
        yield re.sub(r"\s+([,.?!:;])", r"\1", left), " ".join(out)


def _says_nothing(segment: str, harmless: frozenset[str]) -> bool:
    """Whether a heading has only words that narrow nothing, and no topic, number or word that matters."""
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", segment.lower())
    if not words or re.search(r"\d", segment) or topical_words() & set(words):
        return False
    telling = [word for word in words if word not in _LINKS]
    return bool(telling) and all(word in harmless and not _RECKONS.match(word) for word in telling)


# In a heading only what reckons, denies, compares, supposes or places matters.
_RECKONS = re.compile(
    r"""
    exclu|ignor|disregard|omi[st]|drop|remov|subtract|deduct|except|without|unless|other|never|no$|not$|none|nor$|only
    |half|limit|restrict|exempt|assum|suppos|hypothe|scenario|if$|when|where|near|within|inside|outside|before|after
    |since|mean|defin|north|south|east|west|left|right|upper|lower|per$|each|every|than|more|less|average|total|minim|maxim
    """,
    re.VERBOSE,
)


def says_the_same(text: str, meaning: Meaning, plain: str) -> bool:
    """Whether nothing in a question speaks against leaving words out of it, and a plain sentence accounts for the rest.

    Args:
        text: the question, as typed.
        meaning: what was read without those words.
        plain: the same in plain words.
    """
    asked, said = heard(text), readable(plain)
    if asked.against or asked.says is None or said is None:
        return False
    try:
        return unaccounted(asked.says, said, meaning) is None
    except QuestionError:
        return False
