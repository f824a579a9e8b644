"""How forms, tickets and chats write a question: blanks, what kind of answer goes there, apostrophes left out.

Nothing here names a thing or a measure that the text does not name: a blank goes, and "qty" or "y/n" behind what is
asked becomes the words that ask for it.
"""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re

from planimeter.vocabulary.topics import nouns

_UNIT = r"(?:%|m2|m²|sq\.?\s?(?:m|ft|km)|ha|hectares?|acres?|km2|km²|metres?|meters?|m|km|ft2?|feet)"
# "Forest: ____ ha", "Buildings (number): ....", "Water = ?", "Ponds: [ ]"
_BLANK = re.compile(
    rf"\s*[:=]?\s*(?:_{{2,}}|\.{{4,}}|…{{2,}}|\[\s*\]|\(\s*\)|[:=]\s*\?)\s*(?P<unit>{_UNIT})?\s*[.?]?\s*$",
    re.IGNORECASE,
)
_QUESTION = (
    r"(?:how|what|which|is|are|does|do|has|have|number|count|percentage|share|total|whether|find|give|tell)\b"
)
_NUMBER = re.compile(
    rf"^(?!{_QUESTION})(?P<asked>[^:?]{{3,100}}?)\s*(?:,\s*(?:qty|quantity|count|number)|\(\s*(?:qty|quantity|count|number|no\.?|nr\.?)\s*\))"
    r"\s*[:.?]*\s*$",
    re.IGNORECASE,
)
_YES_NO = r"\(?\s*(?:y/n|yes\s*/\s*no|yes\s+or\s+no|true\s*/\s*false|true\s+or\s+false)\s*\)?"
_WHETHER = re.compile(
    rf"^(?P<label>[^:?]{{0,40}}:\s*)?(?!{_QUESTION}|if\b|can\b|any\b)(?P<asked>[a-z][^:?]{{2,90}}?)\s*[,:;–-]?\s*{_YES_NO}\s*[.?]*\s*$",
    re.IGNORECASE,
)
_ASKS_WHETHER = re.compile(rf"(?:^\s*{_YES_NO}|{_YES_NO}\s*[.?!]*\s*$)", re.IGNORECASE)
_SHARE_OF = re.compile(
    r"^(?P<asked>.+?)\s*,?\s+as\s+(?:an?\s+|the\s+)?(?:%|percent|percentage|share|proportion)\s+of\s+(?:all\s+|the\s+|all\s+the\s+)?(?P<noun>[a-z]+)\s*[.?]*\s*$",
    re.IGNORECASE,
)
_COUNT_OF = re.compile(
    r"\b(?:the\s+|a\s+)?(?P<noun>[a-z]+)\s+count\b(?!\s+(?:of|is|the|all|how)\b)", re.IGNORECASE
)
_MEASURE = re.compile(
    r"\b(?:area|surface|footprint|size|extent|share|percentage|proportion|cover|coverage|ha|hectares?|acres?|change|length|distance|density|perimeter)\b",
    re.IGNORECASE,
)
_QUANTIFIED = re.compile(r"\b(?:only|all|every|each|both|most|half|not|no)\b", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:number|how\s+many|count|qty|quantity|no\.)", re.IGNORECASE)
_LENGTHS = ("m", "metre", "metres", "meter", "meters", "km", "ft", "feet")
_LONG = re.compile(
    r"\b(?:distance|length|width|perimeter|far|apart|gap|separation|spacing|close)\b", re.IGNORECASE
)
_LAND_USE = re.compile(r"\b(?:land|ground|area)\s+(?:in|under)\s+(agricultural|farm)\s+use\b", re.IGNORECASE)
_SHEET = re.compile(r"\b(on|in|of)\s+(?:the\s+|this\s+)?sheet\b", re.IGNORECASE)
_APOSTROPHES = (
    (re.compile(r"\b(i)m\b(?=\s+[a-z])", re.IGNORECASE), r"\1'm"),
    (re.compile(r"\b(that|there|here|where|who|it)s\b(?=\s+(?:a|an|the|my|not|no|more|what|how|any)\b)", re.I), r"\1's"),
    (re.compile(r"\b(you|we|they)re\b(?=\s+(?:a|an|the|not|all|[a-z]+ing)\b)", re.IGNORECASE), r"\1're"),
    (re.compile(r"\b(i|you|we|they)ve\b", re.IGNORECASE), r"\1've"),
    (re.compile(r"\b(ca|wo|was|had|have|has|must|might)nt\b", re.IGNORECASE), r"\1n't"),
)  # fmt: skip


def asks_whether(text: str) -> bool:
    """Whether a text says in front or at its end that the answer is yes or no.

    >>> asks_whether("forest near a road, y/n"), asks_whether("is there forest?")
    (True, False)
    """
    return _ASKS_WHETHER.search(text) is not None


def of_a_form(text: str) -> str:
    """A question as one would write it outside a form.

    >>> of_a_form("Buildings within 50 m of water (number): ____")
    'number of Buildings within 50 m of water'
    >>> of_a_form("Forest: ______ ha")
    'Forest in ha'
    >>> of_a_form("forest within 10 m of a road, y/n")
    'is there any forest within 10 m of a road?'
    >>> of_a_form("buildings over 75 m from a road, as % of all buildings")
    'what percentage of the buildings are over 75 m from a road?'
    """
    for slip, words in _APOSTROPHES:
        text = slip.sub(words, text)
    blank = _BLANK.search(text)
    if blank is not None and blank.start() > 2 and _fits(text[: blank.start()], blank["unit"]):
        text = text[: blank.start()].rstrip(" :=") + (f" in {blank['unit']}" if blank["unit"] else "")
    text = _LAND_USE.sub(r"agricultural land", text)
    text = _SHEET.sub(r"\1 the map", text)
    if number := _NUMBER.match(text):
        of_things = not _MEASURE.search(number["asked"])
        return f"number of {number['asked']}" if of_things else number["asked"]
    if (whether := _WHETHER.match(text)) and not _QUANTIFIED.search(whether["asked"]):
        return f"{whether['label'] or ''}is there any {whether['asked']}?"
    if (share := _SHARE_OF.match(text)) and share["noun"].lower() in nouns():
        noun, asked = share["noun"], share["asked"]
        begins = re.match(rf"(?:number\s+of\s+|how\s+many\s+)?{re.escape(noun)}\s+", asked, re.IGNORECASE)
        if begins is not None:
            return f"what percentage of the {noun} are {asked[begins.end() :]}?"
    return text


def _fits(asked: str, unit: str | None) -> bool:
    """Whether the unit behind a blank may be that of what is asked."""
    if unit is None:
        return True
    if _COUNTED.search(asked):
        return False
    return unit.lower() not in _LENGTHS or _LONG.search(asked) is not None


def of_counts(text: str) -> str:
    """ "The building count" as the number of buildings.

    >>> of_counts("what is the building count here?")
    'what is the number of buildings here?'
    """
    return _COUNT_OF.sub(_number_of, text)


def _number_of(found: re.Match[str]) -> str:
    noun = found["noun"].lower()
    several = noun if noun.endswith("s") else f"{noun}s"
    return f"the number of {several}" if noun in nouns() and several in nouns() else found.group()
