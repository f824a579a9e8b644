"""Everyday clothing of a question: greetings, wrappers, format hints, context and purposes around what is asked.

Nothing is dropped that could narrow a question: every pattern here is a whole clause whose words are known, and a
sentence of context goes only when no word of it measures, places, compares, denies or restricts anything. What was
left aside is said with the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from planimeter.coder.grammar.asides import aside_in_front
from planimeter.vocabulary.topics import nouns

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
_WHO = (
    r"(?:(?:the|my|our|a|one|some|his|her)\s+)?(?:[a-z]+\s+)?(?:teacher|boss|client|committee|council|councill?ors?|"
    r"officers?|officials|mayor|editor|colleagues?|friends?|wife|husband|customers?|neighbou?rs?|son|daughter|professor|"
    r"manager|team|board|inspector|supervisor|readers?|members|students?|department|ministry|agency|insurer|bank|owner|"
    r"partner|company|authority|someone|somebody|everyone|people)"
)
_INTERJECTION = (
    r"(?:and|but|so|oh|ah|wow|well|hey|hi|hello|okay|ok|cool|great|nice|interesting|sure|right|yes|no|wait|hold\s+on|hmm+|mmm|um+|"
    r"uh+|er+|lol|haha+|hehe|omg|btw|by\s+the\s+way|fyi|anyway|alright|now|then|next|finally|lastly|first|secondly|also|again|"
    r"sorry(?:\s+to\s+(?:bug|bother|trouble|disturb)\s+you)?|thanks|thank\s+you|thx|cheers|perfect|goodness|dear\s+me|honestly|frankly|"
    r"basically|essentially|simply\s+put|put\s+simply|in\s+short|briefly|yo|mate|dude|guys|folks|like|quick\s+(?:one|q|check)|"
    r"one\s+more(?:\s+thing)?|just\s+curious|out\s+of\s+curiosity|never\s+mind|i\s+meant?|let\s+me\s+see|todo|test|please|kindly|"
    r"do\s+not\s+guess|don't\s+guess|no\s+guessing)"
)
_KNOW = r"(?:know|understand|learn|find\s+out|see|hear|establish|determine|be\s+told|get|have|ask|check|confirm|clarify|count)"
_TELL = (
    r"(?:tell|advise|inform|confirm|say|show|give|provide|supply|state|explain|check|clarify|work\s+out|find\s+out|figure\s+out|"
    r"see|look\s+up|let\s+(?:me|us)\s+know|help(?:\s+me|\s+us)?(?:\s+to)?\s+(?:find|know|understand|count|see))"
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
    rf"(?:according\s+to|looking\s+at|considering|using|with|from|by|given|referring\s+to|in\s+reference\s+to|as\s+seen\s+in|judging\s+by|analy[sz]ing|after\s+analy[sz]ing|for)\s+{_IMAGE}(?:\s+(?:provided|given|above|shown|below|(?:i|we)\s+[a-z]+))?\s*[,:]",
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
    r"(?:colleagues|ladies\s+and\s+gentlemen|gentlemen|team|folks|friends|class|students|children|sir|madam|mr\.?\s+[a-z]+|dear\s+all|dear)\s*[,:!]",
    r"what\s+(?:i|we)(?:'d|\s+would)?\s+(?:really\s+|actually\s+)?(?:want|need|like|wish|am\s+trying|are\s+trying)\s+to\s+(?:know|find\s+out|learn|understand|hear|see|establish|determine)\s+is\s*[,:]?",
    r"(?:the\s+)?(?:question|point|issue|matter)(?:\s+(?:before\s+us|here|now|remains|at\s+hand))?\s+is\s*[,:]?\s+(?=how|what|which|whether)",
    r"before\s+(?:we|i|you)\s+[a-z ]{2,30}[:,]",
    r"let\s+(?:me|us)\s+(?:ask|know|see)(?:\s+(?:plainly|again|directly|simply|you))?\s*[:,]",
    rf"(?:the\s+)?(?:court|judge|jury|chair|speaker|minister|reader|audience|{_WHO})\s+(?:wish(?:es)?|want(?:s)?|would\s+like|ask(?:s)?|need(?:s)?)\s+to\s+be\s+(?:informed|told|advised|shown)\s+(?:of|about|what|as\s+to)?\b",
    r"(?:can|could|does)\s+(?:anyone|anybody|someone|somebody)(?:\s+(?:here|in\s+this\s+room|there|out\s+there|else))?\s+(?:tell\s+(?:me|us)|know|say)\b[,:]?",
    r"(?:table|figure|fig|row|column|section|indicator|annex|item|exercise|problem|part|question)\.?\s*\d+[a-z]?\s*[:.)–-]",
    r"\(?(?:i{1,3}|iv|v|vi{0,3}|[a-h]|\d{1,2})\)\s*",
    r"(?:set\s+forth|enumerate|put\s+forth|lay\s+out|come\s+up\s+with|supply|furnish|submit|record)\b(?=\s+(?:the|a|how|what)\b)",
    r"(?:planimeter|assistant|computer|robot|ai|bot|siri|alexa|gpt|model)\s*[,:]?\s+(?=(?:how|what|which|is|are|tell|give|count|show|please)\b)",
    rf"{_WHO}\s+(?:asks?|asked|wants?|wanted|would\s+like|needs?|wonders?|(?:is|are|was)\s+(?:asking|wondering|curious)|requires?|requested?)"
    rf"(?:\s+(?:me|us))?(?:\s+to\s+{_KNOW})?(?:\s+that)?\s*[:,]?\s+(?=(?:how|what|which|whether|if|is|are|does|do|the|by|for|about)\b)",
    rf"(?:can|could|would|will|might|may)\s+(?:you|{_WHO}|i|we)\s+(?:please\s+|kindly\s+|just\s+|maybe\s+|possibly\s+|perhaps\s+|quickly\s+|also\s+)*{_TELL}(?:\s+(?:me|us))?(?:\s+(?:that|with|please|about))?\b[,:]?",
    r"(?:i|we)(?:'d|\s+would|\s+should|\s+will|'ll)?(?:\s+(?:also|just|really|now|quite|so|do|only|urgently))*\s+(?:be\s+(?:very\s+|most\s+|so\s+)?(?:grateful|thankful|glad|happy|obliged|pleased|interested)(?:\s+(?:for|in|to\s+know|to\s+hear|if\s+you\s+(?:could|would|can)\s+(?:tell\s+me|give\s+me|let\s+me\s+know)))?|appreciate(?:\s+(?:knowing|it\s+if\s+you\s+(?:could|would)\s+tell\s+me))?)\b[,:]?",
    rf"(?:i|we)(?:'d|\s+would|\s+should|\s+do|\s+must|\s+have\s+to|'ve\s+got\s+to|\s+need\s+to|\s+want\s+to|\s+wish\s+to|\s+want)?(?:\s+(?:also|just|really|now|quite|so|only|urgently))*\s+(?:(?:like|love|want|need|wish|hope)\s+)?(?:to\s+)?{_KNOW}\b\s*[,:]?(?=\s+(?:how|what|which|whether|if|the|about|by)\b)",
    r"(?:i|we)(?:\s+(?:do|also|so|really|often|now))*\s+(?:wonder|ask(?:\s+myself)?|require|request|need|want|seek|ask\s+for|am\s+after|are\s+after|am\s+interested\s+in|are\s+interested\s+in|am\s+asking\s+for)\b[,:]?\s+(?=(?:how|what|which|whether|the|total|number|percentage|average)\b)",
    r"(?:do\s+)?(?:kindly\s+|please\s+|to\s+)*(?:tell|inform|advise|show|remind|enlighten)(?:\s+(?:me|us))\b[,:]?",
    r"(?:kindly\s+|please\s+)*(?:let\s+(?:me|us)\s+know|give\s+(?:me|us)\s+an\s+idea\s+of|confirm(?:\s+(?:that|for\s+me))?|state|obtain|write\s+down|note\s+down|note|work\s+out|establish|ascertain|specify|indicate|quote|express|say)\b[,:]?(?=\s+(?:how|what|which|whether|if|the|total|[a-z]+\s+as\b))",
    r"if\s+(?:possible|available|feasible)\s*,",
    r"if\s+(?:it\s+is|it's|it\s+isn't|it\s+is\s+not|that's|that\s+is|that\s+isn't|you|i)\s+(?:[a-z]+\s+){0,5}?(?:trouble|bother|mind|possible|ask|may|please|can|could|know|okay|ok|alright)\s*[,:]",
    r"(?:may|might|could|can)\s+(?:i|we)\s+(?:please\s+|just\s+)?ask(?:\s+you)?\s*[,:]?",
    r"(?:any|some)\s+(?:idea|clue|chance)\s*(?:of|as\s+to|you\s+(?:could|can)\s+tell\s+me|you\s+(?:could|can)\s+say)?\s*[,:]?\s+(?=how|what|which|whether|the)",
    r"(?:is|would)\s+it\s+(?:be\s+)?possible\s+to\s+(?:know|say|tell|find\s+out|see|learn|determine|calculate|compute)\b[,:]?",
    r"(?:just\s+)?(?:the\s+|a\s+|one\s+)?(?:one\s+|last\s+|quick\s+|little\s+|small\s+|short\s+|silly\s+|further\s+|final\s+|other\s+|simple\s+|more\s+)+(?:question|thing|query|request|point)(?:\s+(?:for\s+you|please))?(?:,?\s+(?:dear|mate|sir|madam|guys|all|folks|team))?\s*[:,.–-]",
    r"(?:question|query|problem|exercise|task|part|item)\s*\(?[a-z0-9]{0,2}\)?\s*[:.)–-]\s*",
    r"\(?[a-hq]?\d{0,2}[).:]\s+(?=[A-Za-z])",
    rf"{_INTERJECTION}(?:\s*[,.!…:–-]+\s*|\s+(?={_INTERJECTION}\b|(?:how|what|whats|which|whether|is|are|does|do|the|tell|give|can|could|count|hectares|acres|number|percent)\b))",
    rf"(?:given|see|use|with|take|segment|open|load|analy[sz]e)\s+{_IMAGE}(?:\s+(?:with|at|of)\s+[^,;]{{1,40}}resolution)?\s*,\s*(?:then\s+)?",
    r"image\s*:\s*\d+\s*x\s*\d+(?:\s*(?:px|pixels?))?[.,;]?",
    r"act\s+as\s+(?:a|an)\s+[a-z ]{3,40}?\s+and\b",
    r"(?:your|the|my|our)\s+(?:task|job|assignment|goal|aim|question|duty)\s+is\s+(?:to\s+)?(?=(?:determine|find|compute|report|count|estimate|calculate|measure|say|tell|how|what|which|whether)\b)",
    r"use\s+(?:the\s+|your\s+)?(?:available\s+|given\s+)?(?:tools?|functions?|segmentation|masks?)\s+to\b",
    r"you\s+are\s+(?:a|an)\s+[a-z -]{3,60}?[.,]\s+",
    r"(?:you\s+must|please)?\s*(?:judge|determine|decide|assess|examine|verify|check|see|test|confirm)\s+(?=(?:whether|if|how|what|which)\b)",
    r"(?:can|could)\s+(?:you|we|i)\s+(?:please\s+)?(?=(?:count|measure|compute|calculate|estimate|find|list)\b)",
    r"(?:please\s+)?be\s+so\s+(?:good|kind)\s+as\s+to\s+(?:tell|give|show|let)\s+(?:me|us)(?:\s+know)?\b",
    r"(?:would|do)\s+you\s+(?:mind|kindly)?\s*(?:telling|saying|giving|checking)(?:\s+(?:me|us))?\b",
    r"(?:i|we)\s+(?:flew|took|had|made|went|walked|drove|looked|opened|bought|got)\b[^.?!\d]{0,60}?\band\s+(?:i\s+|we\s+)?(?:now\s+)?(?:want|wanted|need|would\s+like|wish|am\s+curious|wonder)\s*(?:to\s+know|to\s+see|to\s+find\s+out)?\b",
    r"(?:need|want|require|requesting|request|wanted|looking\s+for|advise|quantify|give|get|aggregate)[:,]?\s+(?=(?:a\s+|the\s+)?(?:count|number|percent|percentage|share|total|how|average|area|closest|distance|roof|forest|water)\b)",
    r"(?:i|we)(?:'m|\s+am|\s+are)\s+[a-z]+ing\s+[^.?!\d]{0,60}?\band\s+(?:i\s+|we\s+)?(?:need|want|would\s+like|have|wish)\s+to\s+(?:know|find\s+out|understand|see|learn|report)\b",
    r"(?:i\s+am|i'm)\s+(?:just\s+|only\s+)?(?:curious|wondering|asking\s+myself|trying\s+to\s+(?:see|learn|understand|work\s+out))\s*[,:]?",
)

# Cut off at the end, as often as one of them matches.
_BEHIND = _compiled(
    r"\b(?:a|answer|assistant|response|ans)\s*:",
    r"\(\s*\d+\s*(?:marks?|points?|pts|credits?)\s*\)",
    r"[.;]\s*is\s+(?:this|that|it)\s+(?:so|true|right|correct)\s*\?",
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
    r"[,.;?!]?\s*\(?\s*(?:then\s+)?\b(?:over(?:\s+and\s+out)?|asap|urgent(?:ly)?|stat|lol|haha+|ok(?:ay)?|mate|dude|guys|dear|sir|madam|folks|kind(?:est)?\s+regards|regards|best(?:\s+wishes|\s+regards)?|tia|much\s+appreciated|appreciated)\s*\)?",
    r"[,;]?\s+(?:so|in\s+order)\s+(?:that\s+)?(?:i|we|they)\s+(?:can|could|may|might|know)\b[^?.,\d]*",
    r"[,;]?\s+(?:i|we)\s+(?:have|need|want|would\s+like|wish|plan|intend|am\s+going|are\s+going|must|should)\s+(?:to\s+)?(?:leave|know|keep|report|plan|buy|build|plant|decide|prepare|write|tell|make|put)\b[^?\d]{0,60}",
    r"[,;]?\s+(?:because|since|as|given\s+that|considering\s+that)\s+(?:i|we|my|our|it's|it\s+is|the\s+(?:law|council|client|rules?))\b[^?\d]{0,80}",
    r"[,;]?\s+(?:for\s+(?:me|us)|of\s+me|(?:i|we)\s+(?:captured|took|see|have|own|got|photographed|can\s+see))",
    r"[,.;]?\s*\(?\s*(?:yes\s*/\s*no|y\s*/\s*n)\s*\)?",
    r"[,;]\s*(?:all\s+sizes|any\s+size|of\s+any\s+size|whatever\s+(?:their|its)\s+size|of\s+all\s+sizes|regardless\s+of\s+(?:their\s+)?size)",
    r"[.?!]\s+[A-Z][a-z]+\s+(?:is\s+)?(?:approaching|rising|coming|spreading|burning|waiting|urgent)",
    r"[,;]?\s+(?:right\s+now|at\s+the\s+moment|at\s+present|today|these\s+days|currently)(?=\s*[?.!]*$)",
)

# What follows from a measure, cut off at the end where the question has one: "within 20 m of water and may be flooded".
_CONSEQUENCE = _compiled(
    r"[,;]?\s+(?:and|which|that|who)?\s*(?:may|might|could|can|would|will|must|should)\s+(?:thus\s+|therefore\s+|then\s+|hence\s+|so\s+)*(?:be\s+(?:treated|used|regarded|seen|considered|counted|classed|impassable|unusable|affected|hit|in\s+danger|at\s+risk|flooded|damaged|lost|reached|protected|closed|cut\s+off|evacuated|needed)|serve|act|do|qualify|function|count)(?:\s+(?:as|for|by|in)\s+[a-z ]{1,40}|\s+[a-z]+)?",
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
        polygon pixel pixels insure insures insured insuring own owns owned manage manages sell sells selling visit visits
        inspect inspects serve serves serving rent rents belong belongs made consisting responsible
        """,
    )
)
# A sentence that begins so tells what to do, and one with such a verb tells how things are.
_DEMANDS = re.compile(
    r"^(?:please\s+|first\s+|then\s+|also\s+|and\s+)*(?:take|use|drop|remove|leave|keep|skip|apply|omit|discard|select|choose|find|"
    r"identify|filter|buffer|draw|imagine|exclude|ignore|include|only|count|consider|treat|suppose|assume|look|map|mark|segment|let|make|"
    r"compare|divide|add|subtract|merge|split|give|report|compute|how|what|which|is|are|does|do|number|percentage|share|area)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|shows?|depicts?|contains?|studies|study|plans?|hopes?|claims?|says?|worries|likes?|loves?|"
    r"burns?|rises?|grows?|matters?|helps?|offers?|provides?|becomes?|makes?|saw|see|took|looks?|asks?|asked|prepares?|works?|"
    r"calls?|cares?|uses?|hunts?|lives?|wonders?|fl(?:y|ies)|reach(?:es)?|needs?)\b",
    re.IGNORECASE,
)
_NEEDS = re.compile(
    r"\b(?:need|needs|want|wants|would\s+like|'d\s+like)\s+(?:this|it|that|these)?\s*(?:some\s+|your\s+)?"
    r"(?:help|numbers|figures|answers?|data|information|a\s+number|an\s+answer|(?=for\b))",
    re.IGNORECASE,
)
# Parts of a statement that would narrow a question and here only tell a story.
_HARMLESS = re.compile(
    r"\bclose\s+to\s+nature\b|\bgreen\s+(?:infrastructure|energy)\b|\breal\s+statement\b"
    r"|\b(?:last|this)\s+(?:week|weekend|morning|afternoon|evening)\b"
    r"|\bflew\s+(?:a|an|our|my|the)\s+drone\s+over\s+(?:the|our|my)\s+[a-z]+\b",
    re.IGNORECASE,
)
_PRONOUNS = re.compile(r"\b(?:it|its|they|their|them|that|those|these|ones?)\b", re.IGNORECASE)


# What may stand in front of a noun in a story; another word there ("wooden houses") may narrow the question behind it.
_BEFORE_NOUNS = frozenset(
    re.findall(
        r"\w+",
        """
        the a an of in on to with for from and or some many all our my their your his her at into by along through across
        about as like see saw love loves roofs protect plant cut measure map mapped count counted build built use used
        """,
    )
) | {""}


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
    while len(sentences) > 1 and _context(_without_repeated(sentences[0], sentences[1:])) and not _PRONOUNS.search(" ".join(sentences[1:])):
        aside.append(sentences.pop(0))
    while len(sentences) > 1 and _context(sentences[-1]):
        aside.append(sentences.pop())
    left = " ".join(sentences)
    if left != text and left:
        inner = undress(left)
        return Undressed(inner.text, (*aside, *inner.aside))
    return Undressed(text, tuple(aside))


def _without_repeated(sentence: str, rest: list[str]) -> str:
    """A sentence without the measures that the rest says again ("My bees fly 300 m. How much grass is within 300 m …")."""
    again = " ".join(rest)
    measure = re.compile(r"\b\d[\d.,]*\s*(?:m|km|ft|m2|ha|met(?:re|er)s?|feet|percent|%)?\b", re.IGNORECASE)
    return measure.sub(lambda found: "" if re.search(rf"\b{re.escape(found.group())}\b", again) else found.group(), sentence)


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
    for pattern in _CONSEQUENCE:
        found = pattern.search(stripped)
        measured = found is not None and re.search(r"\d", stripped[: found.start()])
        if found is not None and measured and not stripped[found.end() :].strip(" .?!)"):
            return stripped[: found.start()].rstrip() + "?"
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
    return text[aside_in_front(text, _topical()) :]


@cache
def _topical() -> frozenset[str]:
    return frozenset(word for phrase in nouns() for word in phrase.split())


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def _context(sentence: str) -> bool:
    """Whether a sentence only says who asks, why, or where the picture comes from, or exclaims."""
    if "?" in sentence or re.search(r"\d|n't\b", sentence) or _DEMANDS.match(sentence):
        return False
    short = len(sentence.split()) <= 6 and not sentence.rstrip().endswith(":")
    exclaimed = sentence.rstrip().endswith("!") or not _topical() & set(_words(sentence))
    tells = _TELLS.search(sentence)
    if not (_STATEMENT.match(sentence) or tells or (short and exclaimed)):
        return False
    told = _words(_HARMLESS.sub(" ", _NEEDS.sub(" ", sentence)))
    kinds = [before for before, word in zip(["", *told], told, strict=False) if word in nouns() and before not in _BEFORE_NOUNS]
    return not (set(told) & _NARROWS or (kinds and not sentence.rstrip().endswith("!")))
