"""Sentences and clauses around a question that say nothing of what is asked, and would be heard as if they did."""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re

# Whole clauses; each ends where the clause does.
_CLAUSES = r"""
people say it is green here|this is (?:our village|my land|control)|i think there are many|my neighbour says otherwise
from up there,? i saw (?:ponds|lakes|houses|fields) everywhere|i (?:flew|took) [a-z ]{4,40}?(?:this morning|here|yesterday|from (?:a|the) plane)
(?:peaceful lake|what a) views?|what a place|spacious homes|leafy surroundings|waterfront feel|room to breathe|great access
lovely spot|nice picture|(?:a )?charming neighbourhood|(?:a )?quiet spot close to nature|green energy ready
(?:we are|we're) (?:planning (?:a )?new path|surveying this place|preparing (?:a )?map)|(?:i am|i'm) (?:a )?(?:farmer|planner|student)
(?:i am|i'm) (?:writing (?:a )?report|working on (?:a )?project)
for (?:my |the )?(?:school|homework|class|form|report|file|records|our records)|(?:field|item|column|table|figure|question|q) ?\d{1,2}
(?:my|the|a|our) (?:teacher|boss|client|council|insurer|buyer|reader|editor) (?:asks|wants to know)
given that (?:very )?small patches are often errors
(?:on|in|from|for|based on|looking at|given) (?:the|this) (?:map|image|picture|scene|photo|drone photo|aerial photo|view)|from up there
methods|results|metric|indicator|kpi|homework|input|task|todo|query|request|requesting|control here|in other words|be (?:exact|precise)
in short|in summary|simply put|to be clear|for the record|just to be sure|right|alright|listen|overall
"""
_ENDS = r"""
to the best of your knowledge|in your opinion|as far as you can (?:tell|see)|if (?:possible|you can(?: tell)?)
according to (?:the )?(?:map|image|classification)|(?:just |return only )?the (?:number|value)|(?:one )?number only|no explanations?
(?:answer|reply) (?:with (?:a|one) number(?: only)?|in one word|as json|briefly|with a number)|(?:return|reply as) json|do not explain
show your work|its value is|be exact|round to one decimal|urgent|it's for (?:a )?report|i need it (?:for (?:a )?report|today)
this is for my homework|you can see it in (?:the )?picture|use (?:the )?map above|thanks in advance|all (?:told|things considered)
"""
_INTROS = r"""
(?:i am|i'm) trying to find out|(?:i|we) (?:want|need|would like|'d like) to (?:know|find out)|(?:i|we)'d like to know
would you mind telling me|(?:may|can) i (?:ask|know)|any idea|do you know|let me know|kindly|i (?:was )?wonder(?:ing)?
"""


def _one_of(table: str) -> str:
    return "|".join(line for line in table.strip().splitlines())


_BEFORE = re.compile(rf"(?:^|(?<=[.!?:;,>\-] ))(?:{_one_of(_CLAUSES)}) ?[.!:;,>-]+ *", re.IGNORECASE)
_BEHIND = re.compile(
    rf"[,.!?;]* *(?:(?<=[,.!?;] )|(?<=[a-z0-9)?] ))(?:{_one_of(_ENDS)})(?= *(?:$|[.,!?]+(?:$| )))",
    re.IGNORECASE,
)
_INTRO = re.compile(rf"^(?:{_one_of(_INTROS)})(?:[,:]| (?=[a-z0-9])) *", re.IGNORECASE)


def without_remarks(text: str) -> str:
    """A question without what is remarked around it.

    >>> without_remarks("people say it is green here. how many lakes are there. number only.")
    'how many lakes are there?'
    >>> without_remarks("what are the number and the area of houses?")
    'what are the number and the area of houses?'
    """
    asks = "?" in text
    before = ""
    while text != before:
        before = text
        text = _INTRO.sub("", _BEFORE.sub("", text)).strip()
    bare = _BEHIND.sub("", text).strip()
    if bare == text or not bare:
        return text or before
    bare = bare.rstrip(" .,!")
    return bare if bare.endswith("?") or not (asks or bare) else f"{bare}?"
