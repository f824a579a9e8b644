"""What is put around a question: greetings, politeness, who asks, how to answer. Whole clauses whose words are known."""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re


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
    r"(?:tell|advise|inform|specify|precise|indicate|confirm|say|show|give|provide|supply|state|explain|check|clarify|work\s+out|find\s+out|figure\s+out|"
    r"see|look\s+up|let\s+(?:me|us)\s+know|help(?:\s+me|\s+us)?(?:\s+to)?\s+(?:find|know|understand|count|see))"
)
_ANSWER = r"(?:answer|respond|reply|give|return|output|provide|state|report|express|write)"

# Cut off in front, as often as one of them matches.
BEFORE = _compiled(
    r"<\s*/?\s*(?:image|img|im_start|im_end|user|human|question|video)[^<>]{0,20}>\s*:?",
    r"\[\s*(?:image|img|user|question|inst|vqa)\s*\]\s*:?",
    r"(?:q|question|query|user|human|prompt|task|instruction|my\s+question(?:\s+is)?|quick\s+question|simple\s+question|one\s+question)\s*\d*\s*[:.)\-–]\s",
    r"(?:hi|hello|hey|dear\s+\w+|good\s+(?:morning|day|afternoon|evening)|greetings)(?:\s+(?:there|all|everyone|team|folks))?\s*[,.!:–-]",
    r"(?:ok|okay|so|well|now|um|uh|hmm|right|alright|great|thanks|thank\s+you|sorry|excuse\s+me|please|also|and|quick\s+one)\s*[,.!:–-]+\s",
    rf"(?:based|going|judging)\s+(?:up)?on\s+{_IMAGE}(?:\s+(?:provided|given|above|shown|below))?\s*[,:]",
    rf"(?:according\s+to|looking\s+at|considering|using|with|from|by|given|referring\s+to|in\s+reference\s+to|as\s+seen\s+in|judging\s+by|analy[sz]ing|after\s+analy[sz]ing|for)\s+{_IMAGE}(?:\s+(?:provided|given|above|shown|below|(?:i|we)\s+[a-z]+))?\s*[,:]",
    rf"(?:look\s+at|consider|analy[sz]e|study|examine|inspect|see|observe|use|take\s+a\s+look\s+at|refer\s+to)\s+{_IMAGE}(?:\s+(?:provided|given|above|shown|below|carefully))?\s*(?:[,:.;]|\band\b)",
    rf"(?:here\s+is|here's|this\s+is|attached\s+is|below\s+is|see)\s+{_IMAGE}(?:\s+(?:attached|below))?\s*[,:.;]",
    r"(?:please\s+)?(?:return|give|output|answer\s+with|reply\s+with|respond\s+with)\s+(?:me\s+)?(?:only\s+|just\s+)?(?:an?\s+|one\s+)?(?:single\s+)?(?:integer|number|float|value)(?:\s+only)?\s*:",
    r"put\s+a\s+(?:number|figure)\s+on\s+it\s*[:,.-]",
    r"without\s+(?:any\s+)?(?:explanations?|comments?|reasoning|further\s+(?:ado|words|text))\s*[:,]",
    r"(?:please\s+)?(?:return|give|output|produce|provide|reply\s+with|respond\s+with)\s+(?:me\s+|us\s+)?(?:an?\s+|the\s+|valid\s+)*json(?:\s+(?:object|file|output))?\s+(?:with|containing|holding|of)\s+(?=the\s+(?:number|count|area|share|percentage|total|average)|how\b)",
    rf"(?:given|in|on|for)\s+{_IMAGE}\s+(?:at|with|of)\s+(?:a\s+)?(?:resolution\s+of\s+)?[\d.]+\s*(?:cm|m)\s*(?:/|per)\s*(?:px|pixels?)\s*,",
    r"(?:yes\s*(?:or|/)\s*no|true\s*(?:or|/)\s*false|y/n)\s*[:,.\-–?]\s*",
    r"(?:together|combined|in\s+total|all\s+in\s+all)\s*,",
    r"(?:can|could|would|will)\s+(?:you|someone|anyone|anybody|somebody)\s+(?:please\s+|kindly\s+|possibly\s+)*(?:help\s+me\s+(?:to\s+)?(?:find|work|figure)\s+out|tell\s+me|explain|say|help\s+me\s+find)\b",
    r"(?:i|we)(?:'d|\s+would|\s+just)?\s*(?:was\s+wondering|were\s+wondering|am\s+wondering|are\s+wondering|wonder|be\s+interested\s+to\s+know|be\s+curious\s+to\s+know|am\s+curious|need\s+to\s+find\s+out|want\s+to\s+find\s+out|am\s+trying\s+to\s+(?:find\s+out|figure\s+out|work\s+out|determine|estimate|calculate|measure)|are\s+trying\s+to\s+(?:find\s+out|figure\s+out|work\s+out|determine|estimate|calculate|measure)|have\s+to\s+(?:find\s+out|know|calculate|report|determine))\s*[,:]?",
    r"(?:would|do)\s+you\s+(?:happen\s+to\s+know|mind\s+telling\s+(?:me|us)|be\s+able\s+to\s+(?:tell|say)(?:\s+(?:me|us))?|be\s+so\s+kind\s+as\s+to\s+tell\s+(?:me|us))\s*[,:]?",
    r"(?:any\s+idea|any\s+chance\s+you\s+know|just\s+curious|out\s+of\s+curiosity|does\s+anyone\s+know|does\s+anybody\s+know|help\s+me\s+(?:to\s+)?(?:find|figure|work)\s+out)\s*[,:]?",
    r"(?:how\s+(?:to|can\s+i|can\s+we|do\s+i|do\s+we|would\s+i|could\s+i|should\s+i))\s+(?=(?:find|calculate|compute|get|measure|determine|estimate|work\s+out)\b)",
    r"(?:i|we)(?:'d|\s+would)?\s+(?:be\s+grateful|appreciate\s+it|love\s+it)\s+if\s+you\s+(?:could|would|can)\b",
    r"please\s+to(?=\s+(?:count|measure|give|tell|compute|calculate|find|list|say|report)\b)",
    r"please\b",
    r"(?:colleagues|ladies\s+and\s+gentlemen|gentlemen|team|folks|friends|class|students|children|sir|madam|mr\.?\s+[a-z]+|dear\s+all|dear)\s*[,:!]",
    r"what\s+(?:i|we)(?:'d|\s+would)?\s+(?:really\s+|actually\s+)?(?:want|need|like|wish|am\s+trying|are\s+trying)\s+to\s+(?:know|find\s+out|learn|understand|hear|see|establish|determine)\s+is\s*[,:]?",
    r"(?:the\s+)?(?:question|point|issue|matter)(?:\s+(?:before\s+us|here|now|remains|at\s+hand))?\s+is\s*[,:]?\s+(?=how|what|which|whether)",
    r"before\s+(?:we|i|you)\s+(?:begin|start|go|go\s+on|continue|proceed|finish|end|close|decide|vote|move\s+on|discuss|talk)(?:\s+(?:on|today|anything|further|the\s+meeting))?\s*[:,]",
    r"let\s+(?:me|us)\s+(?:ask|know|see)(?:\s+(?:plainly|again|directly|simply|you))?\s*[:,]",
    rf"(?:the\s+)?(?:court|judge|jury|chair|speaker|minister|reader|audience|{_WHO})\s+(?:wish(?:es)?|want(?:s)?|would\s+like|ask(?:s)?|need(?:s)?)\s+to\s+be\s+(?:informed|told|advised|shown)\s+(?:of|about|what|as\s+to)?\b",
    r"(?:can|could|does)\s+(?:anyone|anybody|someone|somebody)(?:\s+(?:here|in\s+this\s+room|there|out\s+there|else))?\s+(?:tell\s+(?:me|us)|know|say)\b[,:]?",
    r"(?:table|figure|fig|row|column|section|indicator|annex|item|exercise|problem|part|question)\.?\s*\d+[a-z]?\s*[:.)–-]",
    r"\(?(?:i{1,3}|iv|v|vi{0,3}|[a-h]|\d{1,2})\)\s*",
    # tickets, and the rounds and teams of a game
    r"(?:(?:ticket|job|case|order|ref(?:erence)?\.?|request|work\s+order|round|clue|card|stop|level|mission|quest|challenge)"
    r"\s+(?:no\.?\s*)?#?[\w/-]*\d[\w/-]*|ticket|bonus(?:\s+(?:point|round|question|task))?|tie-?breaker)\s*(?:[:–—]|\s-\s)\s*",
    r"(?!(?:north|south|east|west|left|right|upper|lower|old|new|first|second|last|only|no|inner|outer|upstream|downstream|village|town|city|brick)[a-z]*\s)(?-i:[A-Z])[a-z]+\s+(?:patrol|squad|team)\s*[:,]\s*(?=(?:how|what|which|is|are|find|count|name|work|measure|the|your)\b)",
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
BEHIND = _compiled(
    r"[,.;?!]?\s*\(?\s*(?:output|format|response|answer|result|return|expected\s+output)(?:\s+(?:format|type))?\s*[:=]\s*(?:an?\s+|one\s+|the\s+)?(?:single\s+|plain\s+)?(?:numbers?|integers?|floats?|values?|int|numeric|json|percentages?|[x#0]+(?:\.[x#0]+)?\s*%?)(?:\s+only|\s+alone)?\s*\)?",
    r"\s*,\s*(?:no|one|two|three|\d)\s+decimals?(?:\s+places?)?",
    r"\b(?:a|answer|assistant|response|ans)\s*:",
    r"\(\s*\d+\s*(?:marks?|points?|pts|credits?)\s*\)",
    r"[.;]\s*is\s+(?:this|that|it)\s+(?:so|true|right|correct)\s*\?",
    r"<\s*/?\s*(?:image|img|im_start|im_end|answer|assistant|s)[^<>]{0,20}>",
    r"\[\s*/?\s*(?:inst|answer)\s*\]",
    r"[,.!?;]*\s*\b(?:many\s+)?(?:thanks|thank\s+you|thx|cheers|ty)(?:\s+(?:a\s+lot|very\s+much|so\s+much|in\s+advance|for\s+your\s+help|for\s+the\s+help))*",
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
    r"[,;]\s+(?:i|we)\s+(?:have|need|want|would\s+like|wish|plan|intend|am\s+going|are\s+going|must|should)\s+(?:to\s+)?(?:leave|know|report|plan|build|plant|decide|prepare|write|tell|make|put)\b[^?\d]{0,60}",
    r"[,;]?\s+(?:because|since|as|given\s+that|considering\s+that)\s+(?:i|we|my|our|it's|it\s+is|the\s+(?:law|council|client|rules?))\b[^?\d]{0,80}",
    r"[,.;?!]?\s*if\s+(?:it|that|you|i)(?:\s+is|'s|\s+isn't|\s+is\s+not|\s+are|\s+do)?\s+(?:[a-z']+\s+){0,4}?(?:trouble|bother|mind|possible|ask|may|please|can|could|know)",
    rf"[,.;?!]?\s*(?:please\s+)?{_ANSWER}\s+(?:me\s+)?(?:a|an|one|the)\s+(?:single\s+|plain\s+)?(?:integer|number|float|value|figure|percentage|word|count)(?:\s+only|\s+alone)?",
    r"(?<!what)[,;]?\s+(?:for\s+(?:me|us)|of\s+me|(?:i|we)\s+(?:captured|took|see|have|got|photographed|can\s+see))",
    r"[,.;]?\s*\(?\s*(?:yes\s*/\s*no|y\s*/\s*n)\s*\)?",
    r"[,;]\s*(?:all\s+sizes|any\s+size|of\s+any\s+size|whatever\s+(?:their|its)\s+size|of\s+all\s+sizes|regardless\s+of\s+(?:their\s+)?size)",
    r"[.?!]\s+[A-Z][a-z]+\s+(?:is\s+)?(?:approaching|rising|coming|spreading|burning|waiting|urgent)",
    r"[,;]?\s+(?:right\s+now|at\s+the\s+moment|at\s+present|today|these\s+days|currently)(?=\s*[?.!]*$)",
)

# What follows from a measure, cut off at the end where the question has one: "within 20 m of water and may be flooded".
CONSEQUENCE = _compiled(
    r"[,;]\s+(?:so|hence|therefore|thus)\s+(?:there(?:'s|\s+is)\s+)?no\s+[a-z]+ing(?:\s+(?:there|here|allowed|possible|at\s+all))?",
    r"[,;]?\s+(?:and|which|that|who)?\s*(?:may|might|could|can|would|will|must|should)\s+(?:thus\s+|therefore\s+|then\s+|hence\s+|so\s+)*(?:be\s+(?:treated|used|regarded|seen|considered|counted|classed|impassable|unusable|affected|hit|in\s+danger|at\s+risk|flooded|damaged|lost|reached|protected|closed|cut\s+off|evacuated|needed)|serve|act|do|qualify|function|count)(?:\s+(?:as|for|by|in)\s+[a-z ]{1,40}|\s+[a-z]+)?",
)

OPTIONS = re.compile(
    r"[\s,.;?!]*\b(?:choose|pick|select)?\s*(?:one\s+)?(?:from|among|of|between)?\s*(?:the\s+following)?\s*(?:options?|choices)?\s*:?\s*"
    r"(?:\(?[a-e][).:]\s*(?:about\s+|more\s+than\s+|over\s+|less\s+than\s+|under\s+)?[\d.,%]+(?:\s*(?:-|–|to)\s*[\d.,%]+|\s+or\s+more|\+)?[\s,;/]*){2,6}\s*$",
    re.IGNORECASE,
)
