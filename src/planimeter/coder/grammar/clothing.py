"""Everyday clothing of a question: greetings, wrappers, format hints, context and purposes around what is asked.

Nothing is dropped that could narrow a question: every pattern here is a whole clause whose words are known, and a
sentence of context goes only when no word of it measures, places, compares, denies or restricts anything. What was
left aside is said with the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85]")


@dataclass(frozen=True)
class Undressed:
    """A question without its clothing.

    Attributes:
        text: what is left.
        aside: sentences of context that were left aside, as typed.
    """

    text: str
    aside: tuple[str, ...] = ()


def plain_characters(text: str) -> str:
    """Text without characters that nobody sees, every kind of space a plain one.

    >>> plain_characters("10\\u00a0ha of for\\u200best")
    '10 ha of forest'
    """
    if text.isascii() and text.isprintable():
        return text
    return _SPACES.sub(" ", _INVISIBLE.sub("", text))


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_IMAGE = (
    r"(?:the|this|that|these|an?|your|our|my)?\s*(?:given|provided|attached|following|above|shown)?\s*"
    r"(?:satellite|aerial|overhead|drone|remote\s+sensing|high[- ]resolution|input|sentinel(?:-2)?)?\s*"
    r"(?:images?|pictures?|photos?|photographs?|scenes?|maps?|imagery|tiles?|views?|data|masks?|segmentation(?:\s+masks?)?)"
)
_ANSWER = r"(?:answer|respond|reply|give|return|output|provide|state|report|express|write)"

# Cut off in front, as often as one of them matches.
_BEFORE = _compiled(
    r"<\s*/?\s*(?:image|img|im_start|im_end|user|human|question|video)[^<>]{0,20}>\s*:?",
    r"\[\s*(?:image|img|user|question|inst|vqa)\s*\]\s*:?",
    r"(?:q|question|query|user|human|prompt|task|instruction|my\s+question(?:\s+is)?|quick\s+question|simple\s+question|one\s+question)\s*\d*\s*[:.)\-–]\s",
    r"(?:hi|hello|hey|dear\s+\w+|good\s+(?:morning|day|afternoon|evening)|greetings)(?:\s+(?:there|all|everyone|team|folks))?\s*[,.!:–-]",
    r"(?:ok|okay|so|well|now|um|uh|hmm|right|alright|great|thanks|thank\s+you|sorry|excuse\s+me|please|also|and|quick\s+one)\s*[,.!:–-]+\s",
    rf"(?:based|going|judging)\s+(?:up)?on\s+{_IMAGE}(?:\s+(?:provided|given|above|shown|below))?\s*[,:]",
    rf"(?:according\s+to|looking\s+at|considering|using|with|from|by|given|referring\s+to|in\s+reference\s+to|as\s+seen\s+in|judging\s+by|analy[sz]ing|after\s+analy[sz]ing|for)\s+{_IMAGE}(?:\s+(?:provided|given|above|shown|below))?\s*[,:]",
    rf"(?:look\s+at|consider|analy[sz]e|study|examine|inspect|see|observe|use|take\s+a\s+look\s+at|refer\s+to)\s+{_IMAGE}(?:\s+(?:provided|given|above|shown|below|carefully))?\s*(?:[,:.;]|\band\b)",
    rf"(?:here\s+is|here's|this\s+is|attached\s+is|below\s+is|see)\s+{_IMAGE}(?:\s+(?:attached|below))?\s*[,:.;]",
    r"(?:yes\s*(?:or|/)\s*no|true\s*(?:or|/)\s*false|y/n)\s*[:,.\-–?]\s*",
    r"(?:together|combined|in\s+total|all\s+in\s+all)\s*,",
    r"(?:can|could|would|will)\s+(?:you|someone|anyone|anybody|somebody)\s+(?:please\s+|kindly\s+|possibly\s+)*(?:help\s+me\s+(?:to\s+)?(?:find|work|figure)\s+out|tell\s+me|explain|say|help\s+me\s+find)\b",
    r"(?:i|we)(?:'d|\s+would|\s+just)?\s*(?:was\s+wondering|were\s+wondering|am\s+wondering|are\s+wondering|wonder|be\s+interested\s+to\s+know|be\s+curious\s+to\s+know|am\s+curious|need\s+to\s+find\s+out|want\s+to\s+find\s+out|am\s+trying\s+to\s+(?:find\s+out|figure\s+out|work\s+out|determine|estimate|calculate|measure)|are\s+trying\s+to\s+(?:find\s+out|figure\s+out|work\s+out|determine|estimate|calculate|measure)|have\s+to\s+(?:find\s+out|know|calculate|report|determine))\s*[,:]?",
    r"(?:would|do)\s+you\s+(?:happen\s+to\s+know|mind\s+telling\s+(?:me|us)|be\s+able\s+to\s+(?:tell|say)(?:\s+(?:me|us))?|be\s+so\s+kind\s+as\s+to\s+tell\s+(?:me|us))\s*[,:]?",
    r"(?:any\s+idea|any\s+chance\s+you\s+know|just\s+curious|out\s+of\s+curiosity|does\s+anyone\s+know|does\s+anybody\s+know|help\s+me\s+(?:to\s+)?(?:find|figure|work)\s+out)\s*[,:]?",
    r"(?:how\s+(?:to|can\s+i|can\s+we|do\s+i|do\s+we|would\s+i|could\s+i|should\s+i))\s+(?=(?:find|calculate|compute|get|measure|determine|estimate|work\s+out)\b)",
    r"(?:i|we)(?:'d|\s+would)?\s+(?:be\s+grateful|appreciate\s+it|love\s+it)\s+if\s+you\s+(?:could|would|can)\b",
    r"please\b",
)

# Cut off at the end, as often as one of them matches.
_BEHIND = _compiled(
    r"\b(?:a|answer|assistant|response|ans)\s*:",
    r"<\s*/?\s*(?:image|img|im_start|im_end|answer|assistant|s)[^<>]{0,20}>",
    r"\[\s*/?\s*(?:inst|answer)\s*\]",
    r"[,.!?;]*\s*(?:many\s+)?(?:thanks|thank\s+you|thx|cheers|ty)(?:\s+(?:a\s+lot|very\s+much|so\s+much|in\s+advance|for\s+your\s+help|for\s+the\s+help))*",
    r"[,.!?;]*\s*(?:pls|plz|please)",
    rf"[,.;?!]?\s*(?:and\s+)?(?:please\s+)?{_ANSWER}\s+(?:me\s+)?(?:the\s+(?:question|answer|result|value)\s+)?(?:with|using|in|as|by)\s+(?:just\s+|only\s+)?(?:a\s+|an\s+|one\s+|the\s+)?(?:single\s+|plain\s+|exact\s+|short\s+|whole\s+|numeric(?:al)?\s+)*(?:words?|numbers?|numerals?|integers?|values?|phrases?|digits?|figures?|answers?|sentences?|floats?)(?:\s+or\s+(?:a\s+)?(?:short\s+)?phrases?)?(?:\s+only)?",
    rf"[,.;?!]?\s*(?:and\s+)?(?:please\s+)?{_ANSWER}\s+(?:me\s+)?(?:just|only)\s+(?:with\s+)?(?:the\s+|an?\s+|one\s+)?(?:single\s+)?(?:final\s+)?(?:number|integer|value|answer|word|figure|result|numeric\s+value)",
    rf"[,.;?!]?\s*(?:please\s+)?(?:(?:{_ANSWER}|just|only)\s+)+(?:with\s+)?[\"']?yes[\"']?\s*(?:or|/|,)\s*[\"']?no[\"']?(?:\s+only)?",
    r"[,.;?!]?\s*\(?\s*(?:number|numbers|value|numeric\s+answer|integer)\s+only\s*\)?",
    r"[,.;?!]?\s*(?:no|without)\s+(?:explanations?|units|further\s+text|reasoning|words)(?:\s+(?:needed|required|please))?",
    r"[,.;?!]?\s*(?:please\s+)?(?:explain|show)\s+(?:your\s+(?:reasoning|work(?:ing)?|calculation|answer|thinking)|the\s+working|how\s+you\s+got\s+(?:it|there))",
    r"[,.;?!]?\s*(?:think|reason)\s+step\s+by\s+step",
    r"[,.;?!]?\s*\(?\s*(?:yes\s*(?:or|/)\s*no|y/n|true\s*/\s*false)\s*\)?",
    r"[,.;?!]?\s*\(?\s*(?:please\s+)?(?:and\s+)?(?:round(?:ed|ing)?|give|show|state|correct)?\s*(?:it|them|the\s+(?:answer|result|value)|your\s+answer)?\s*(?:off\s+)?(?:to|with|at)\s+(?:the\s+)?(?:nearest\s+(?:whole\s+number|integer|hundredth|tenth|unit)|(?:one|two|three|four|\d)\s+(?:decimals?(?:\s+(?:places?|digits?|points?))?|digits?\s+after\s+the\s+(?:decimal\s+)?point|d\.?p\.?|significant\s+(?:figures|digits)|sig\s+figs))\s*\)?",
    r"[,.;?!]?\s*(?:if\s+(?:possible|you\s+can|that\s+is\s+possible)|as\s+(?:precisely|accurately|exactly)\s+as\s+(?:possible|you\s+can)|as\s+best\s+(?:as\s+)?you\s+can)",
    r"[,;]?\s*\(?\s*(?:for|as\s+part\s+of)\s+(?:a|an|my|our|the|this|some)\s+(?:[a-z]+\s+){0,2}(?:report|project|thesis|homework|paper|study|presentation|class|course|assignment|article|analysis|survey|application|planning|exercise)\s*\)?",
    r"[,;]?\s*\(?\s*for\s+(?:insurance|planning|tax|reporting|research|teaching|statistical)\s+purposes?\s*\)?",
    r"[,;]?\s*(?:right|correct|yes|no|isn't\s+it|aren't\s+there|i\s+wonder|i\s+guess|do\s+you\s+think)\s*\?",
    r"[,;]?\s+(?:right\s+now|at\s+the\s+moment|at\s+present|today|these\s+days|currently)(?=\s*[?.!]*$)",
)

_OPTIONS = re.compile(
    r"[\s,.;?!]*\b(?:choose|pick|select)?\s*(?:one\s+)?(?:from|among|of|between)?\s*(?:the\s+following)?\s*(?:options?|choices)?\s*:?\s*"
    r"(?:\(?[a-e][).:]\s*(?:about\s+|more\s+than\s+|over\s+|less\s+than\s+|under\s+)?[\d.,%]+(?:\s*(?:-|–|to)\s*[\d.,%]+|\s+or\s+more|\+)?[\s,;/]*){2,6}\s*$",
    re.IGNORECASE,
)

_LABEL = re.compile(
    r"^[a-z ]{0,30}\b(?:planning|assessment|report|project|analysis|survey|homework|exercise|assignment|study|task|"
    r"inventory|monitoring|statistics|management|insurance|research)\s*[:–—]\s*(?=\S)",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"^(?:for|as\s+part\s+of|in\s+preparation\s+of|in\s+preparation\s+for)\s+(?:(?:a|an|my|our|the|this)\s+)?(?:[a-z]+\s+){0,3}"
    r"(?:planning|assessment|report|project|analysis|survey|homework|exercise|assignment|study|thesis|paper|"
    r"presentation|course|class|purposes?|insurance|research|application|inventory|management|monitoring)\s*[,:]\s*(?=\S)",
    re.IGNORECASE,
)

_SENTENCE_END = re.compile(r"(?<=[.!;])\s+(?=[A-Za-z])")
_STATEMENT = re.compile(
    r"^(?:i|i'm|i've|we|we're|we've|our|my|you\s+are|you're|this\s+is|it\s+is|it's|here\s+is|here's|the\s+(?:council|city|"
    r"client|customer|teacher|boss|team|owner|farmer|municipality|authority|company|government|mayor|insurer|agency)|"
    r"someone|somebody|a\s+(?:friend|client|customer|colleague))\b",
    re.IGNORECASE,
)
# A sentence with one of these words may narrow what is asked, and stays.
_NARROWS = frozenset(
    re.findall(
        r"\w+",
        """
        not no never none nor neither nothing without except excluding exclude excludes ignore ignoring ignores only
        just mean means define defined definition assume assuming suppose supposing imagine if when unless until whether
        focus restrict restricted limit limited include including includes count counts counting consider considering
        treat north south east west northern southern eastern western northeast northwest southeast southwest left
        right top bottom upper lower centre center central middle corner edge half halves third quarter quadrant part
        parts side sides section portion inside outside within near nearby close around between beyond along distance
        buffer zone boundary border larger smaller bigger big small large tall tiny huge more less than least most
        minimum maximum above below over under each every per both either any all ones those them they it these such
        same other others another year years month months before after since ago future tomorrow past historic previous
        former older newer new old residential commercial industrial public private abandoned empty red blue green
        white black dark bright flat first second last next then want wants need needs looking search searching seek
        seeking care interested interest prefer like called named stand stands class classes category categories
        polygon pixel pixels
        """,
    )
)
_NEEDS = re.compile(
    r"\b(?:need|needs|want|wants|would\s+like|'d\s+like)\s+(?:this|it|that|these)?\s*(?:some\s+|your\s+)?"
    r"(?:help|numbers|figures|answers?|data|information|a\s+number|an\s+answer|(?=for\b))",
    re.IGNORECASE,
)
# Parts of a statement that would narrow a question and here only tell a story.
_HARMLESS = re.compile(
    r"\b(?:last|this)\s+(?:week|weekend|morning|afternoon|evening)\b"
    r"|\bflew\s+(?:a|an|our|my|the)\s+drone\s+over\s+(?:the|our|my)\s+[a-z]+\b",
    re.IGNORECASE,
)
_PRONOUNS = re.compile(r"\b(?:it|its|they|their|them|that|those|these|ones?)\b", re.IGNORECASE)


def undress(text: str) -> Undressed:
    """A question without greetings, wrappers, format hints and a context that narrows nothing.

    >>> undress("<image> Hi! Based on the satellite image, how many lakes are there? Answer with a single number.").text
    'how many lakes are there?'
    >>> undress("I'm a farmer. How many ponds are there?").aside
    ("I'm a farmer.",)
    """
    text = " ".join(text.split())
    aside: list[str] = []
    while True:
        shorter = _once(text)
        if shorter == text:
            break
        text = shorter
    sentences = _SENTENCE_END.split(text)
    while len(sentences) > 1 and _context(sentences[0]) and not _PRONOUNS.search(" ".join(sentences[1:])):
        aside.append(sentences.pop(0))
    while len(sentences) > 1 and _context(sentences[-1]):
        aside.append(sentences.pop())
    left = " ".join(sentences)
    if left != text and left:
        inner = undress(left)
        return Undressed(inner.text, (*aside, *inner.aside))
    return Undressed(text, tuple(aside))


def _once(text: str) -> str:
    """The text without one piece of clothing; the same text where there is none."""
    for pattern in _BEFORE:
        found = pattern.match(text)
        if found and found.end() < len(text):
            return text[found.end() :].lstrip(" ,.:;!–-")
    stripped = text.rstrip(" .!,;")
    for pattern in _BEHIND:
        for found in pattern.finditer(stripped):
            rest = stripped[found.end() :]
            if found.start() > 0 and not rest.strip(" .?!)\"'"):
                return stripped[: found.start()].rstrip() + ("?" if "?" in found.group() + rest else "")
    sentence = _SENTENCE_END.split(text, maxsplit=1)
    if len(sentence) == 2 and any(pattern.fullmatch(sentence[0].rstrip(" .!")) for pattern in _BEHIND):
        return sentence[1]
    options = _OPTIONS.search(text)
    if options and options.start() > 0:
        return text[: options.start()] + "?"
    for pattern in (_LABEL, _PURPOSE):
        found = pattern.match(text)
        if found and not _NARROWS & set(_words(found.group())):
            return text[found.end() :]
    return text


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def _context(sentence: str) -> bool:
    """Whether a sentence only says who asks, why, or where the picture comes from."""
    if not _STATEMENT.match(sentence) or "?" in sentence or re.search(r"\d|n't\b", sentence):
        return False
    words = set(_words(_HARMLESS.sub(" ", _NEEDS.sub(" ", sentence))))
    return not words & _NARROWS
