"""What kind of answer a question wants: its type, its unit, and the sentence that tells a model so.

A language model leaves only a value in ``answer``; the unit of that value is fixed here, before it writes, so
that "12.5" is never of an unknown unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from planimeter.vocabulary.units import patterns

_AREAS, _LENGTHS, _POWERS = patterns(["area"]), patterns(["length"]), patterns(["power"])
_UNIT_COMMENT = re.compile(r"^\s*#\s*unit:\s*(.{1,20}?)\s*$", re.IGNORECASE | re.MULTILINE)
_ANY_UNIT = "|".join(patterns(["area", "length", "power", "percent", "flux"]))
_CONDITION = re.compile(
    rf"\(gsd[^)]*\)|\d[\d.,]*\s*-?(?:{_ANY_UNIT})(?![a-z])(?:\s*per\s+\w+)?", re.IGNORECASE
)
# "How many roofs", "the number of roofs": but a word of measure before "number of" is what is asked for.
_COUNTS = re.compile(
    r"\bhow many\b|^(?:please\s+)?count\b(?! of\b)|"
    r"^(?:(?!area|size|distance|length|width|perimeter|percent|share|proportion|ratio|density)[\w']+\W+){0,6}"
    r"(?:number|count) of\b"
)
# "How many hectares", "the number of forest hectares": those of a unit are measured.
_OF_A_UNIT = re.compile(
    rf"\s+(?:of\s+)?(?:(?!(?:are|is|of|in|with|within|per|that|there)\b)[a-z-]+\s+){{0,2}}(?:{_ANY_UNIT})(?![a-z])"
)
_AS_A_SHARE = re.compile(r"\b(?:as|in) (?:an? )?(?:percent|%|share\b|proportion\b|fraction\b|ratio\b)")
_IN_A_UNIT = re.compile(rf"\bin ({'|'.join(patterns(['area', 'length', 'power']))})(?=\s*(?:[?.!,;:()]|$))")
_YES_NO = re.compile(
    r"^(?:is|are|does|do|did|has|have|can|could|was|were|will|would|check (?:whether|if))\b", re.IGNORECASE
)
_EITHER_OR = re.compile(r"\b([a-z][a-z-]*)\s+or\s+([a-z][a-z-]*)\b", re.IGNORECASE)
# "Is there water or forest": two things, not two answers.
_NOT_ALTERNATIVES = re.compile(r"^(?:is|are)\s+(?:there|any)\b", re.IGNORECASE)
_DESCRIBES = re.compile(
    "|".join(
        (
            r"^(?:please\s+|can you\s+|could you\s+)*(?:describe|explain|summari[sz]e|caption)\b",
            r"^(?:please\s+)?(?:interpret|discuss|comment on|tell (?:me|us) (?:about|what))\b",
            r"^(?:please\s+)?give (?:me )?(?:a|an) (?:description|overview|summary)\b",
            r"\bwhat (?:do|can) (?:you|we|i) see\b",
            r"\bwhat (?:does|do) .{1,80} look like\b",
            r"\bwhat(?:'s| is| are) (?:this|shown|visible|depicted|happening|going on)\b",
            r"\bwhat(?:'s| is) in (?:this|the) (?:image|picture|scene)\b",
            r"\bwhat (?:kind|type|sort|style)s? of\b",
            r"^(?:why|who|when)\b",
            r"^(?:where|how) (?:is|are|was|were) .{1,80}\b(?:built|made|used|taken|arranged|organi[sz]ed)\b",
            r"\b(?:beautiful|pretty|nice|safe|rich|poor|wealthy|modern|busy|industrial|commercial)\b.{0,20}\?",
        )
    ),
    re.IGNORECASE,
)
_MEASURES = re.compile(
    r"\bhow (?:many|much|far|large|big|long|wide)\b|\bpercent|%|\barea\b|\bnumber of\b|\bcount\b|"
    r"\bdistance\b|\bratio\b|\bwithin\s+\d|\d\s*(?:m|km|ha|hectares?|acres?)\b|\baverage\b|\btotal\b|"
    r"\b(?:larg|small)est\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class AnswerFormat:
    """The answer that a question wants.

    Attributes:
        type: "number", "yes/no", "category", or "any" where the wording does not tell.
        unit: of a number; "count" for how many.
        options: the words to choose from, for a category that names them.
    """

    type: str
    unit: str | None = None
    options: tuple[str, ...] = ()

    @property
    def for_program(self) -> str:
        """What a program is to leave in ``answer``."""
        return f"Store the final answer in `answer` as {self._as_what}."

    @property
    def for_reader(self) -> str:
        """What a model that answers itself is to reply."""
        what = self._as_what.replace("the string ", "").replace(
            "one short string that names", "one or two words for"
        )
        if self.type == "any":
            what = 'a number with its unit, "yes" or "no", or one or two words'
        return f"Reply with the final answer only, as {what}; no explanation."

    @property
    def _as_what(self) -> str:
        if self.type == "yes/no":
            return 'the string "yes" or "no"'
        if self.type == "category":
            words = " or ".join(f'"{word}"' for word in self.options) or "that names the category"
            return f"the string {words}" if self.options else f"one short string {words}"
        if self.unit == "count":
            return "a whole number (a count)"
        if self.unit == "%":
            return "a number between 0 and 100 (percent, without the sign)"
        if self.type == "number":
            return f"a number in {self.unit}" if self.unit else "a plain number without a unit"
        return (
            'a number, "yes" or "no", or one short word, whichever answers the question; for a number with a '
            "unit, begin the program with the comment line `# unit: <unit>`"
        )


def answer_format(question: str) -> AnswerFormat:
    """The answer that the wording of a question asks for.

    Example:
        >>> answer_format("How many hectares of forest lie within 200 m of water?").unit
        'ha'
        >>> answer_format("Is the forest connected or fragmented (more than 5 patches)?").options
        ('connected', 'fragmented')
        >>> answer_format("Is there any water within 50 m of a roof? (GSD: 0.3m)").type
        'yes/no'
    """
    text = " ".join(question.split())
    plain = _CONDITION.sub(" ", text)
    options = _options(plain)
    if options:
        return AnswerFormat("category", options=options)
    if _YES_NO.match(text):
        return AnswerFormat("yes/no")
    if re.match(r"(?:which|what (?:kind|type|sort|topic|class|land cover) )", plain, re.IGNORECASE):
        return AnswerFormat("category")
    return _number(plain.lower())


def is_qualitative(question: str) -> bool:
    """Whether a question asks for words about the image rather than for a measurement.

    Example:
        >>> is_qualitative("Describe the coast."), is_qualitative("How many ponds are there?")
        (True, False)
        >>> is_qualitative("What kind of crops grow here?"), is_qualitative("Describe how many there are.")
        (True, False)
    """
    text = re.sub(r"\(gsd[^)]*\)", " ", " ".join(question.split()), flags=re.IGNORECASE)
    return bool(_DESCRIBES.search(text)) and not _MEASURES.search(text)


def stated_unit(program: str, wanted: AnswerFormat) -> str | None:
    """The unit of a program's answer: the question's, or the one the program states in ``# unit: …``.

    Example:
        >>> stated_unit("# unit: ha\\nanswer = 2.5", AnswerFormat("any"))
        'ha'
    """
    if wanted.type != "any":
        return wanted.unit
    found = _UNIT_COMMENT.search(program)
    unit = found.group(1).strip("<>`'\"") if found else ""
    return unit if unit and unit.lower() not in ("none", "n/a", "no unit", "unitless") else None


def _options(text: str) -> tuple[str, ...]:
    if re.search(r"\bconnected\b.*\bfragmented\b", text, re.IGNORECASE):
        return ("connected", "fragmented")
    is_choice = re.match(r"(?:is|are)\b", text, re.IGNORECASE) and not _NOT_ALTERNATIVES.match(text)
    found = _EITHER_OR.search(text.split("(")[0]) if is_choice and "more" not in text.lower() else None
    if found is None or not text.split("(")[0].rstrip(" ?").lower().endswith(found.group(0).lower()):
        return ()
    return (found.group(1).lower(), found.group(2).lower())


def _number(plain: str) -> AnswerFormat:
    per = re.search(rf"\bper\s+({'|'.join([*_AREAS, *_LENGTHS])})\b", plain)
    if _is_count(plain) and not per:
        return AnswerFormat("number", "count")
    named = _IN_A_UNIT.search(plain)
    share = r"percent|%|\bshare\b|\bproportion\b|how much of the (?:image|scene|area|land)\b"
    if re.search(share, plain) and not named:
        return AnswerFormat("number", "%")
    if re.search(r"\bratio\b|\bfraction\b|\bcompactness\b", plain):
        return AnswerFormat("number")
    if per:
        return AnswerFormat("number", f"per {_unit(per.group(1), {**_AREAS, **_LENGTHS})}")
    if named:
        return AnswerFormat("number", _unit(named.group(1), {**_AREAS, **_LENGTHS, **_POWERS}))
    if re.search(r"\bdensity\b", plain):
        return AnswerFormat("any")
    power = _unit(plain, _POWERS)
    if power or re.search(r"\b(?:power|capacity|megawatt)", plain):
        return AnswerFormat("number", power or "MW")
    area = _unit(plain, _AREAS)
    if area:
        return AnswerFormat("number", area)
    if re.search(r"\b(?:how far|distance|closest|nearest|perimeter|how long|length|how wide|width)\b", plain):
        return AnswerFormat("number", _unit(plain, _LENGTHS) or "m")
    if re.search(rf"\bhow many (?:{'|'.join(_LENGTHS)})\b", plain):
        return AnswerFormat("number", _unit(plain, _LENGTHS))
    if re.search(r"\b(?:how many|number of|count)\b", plain):
        return AnswerFormat("number", "count")
    if re.search(r"\b(?:area|size|how (?:much|large|big)|coverage|acreage|surface)\b", plain):
        return AnswerFormat("number", "ha")
    return AnswerFormat("any")


def _is_count(plain: str) -> bool:
    """Whether things are counted, whatever measures say which of them.

    >>> _is_count("how many roofs are nearest to the road?"), _is_count("how many forest hectares are there?")
    (True, False)
    """
    head = _COUNTS.search(plain)
    return head is not None and not _OF_A_UNIT.match(plain, head.end()) and not _AS_A_SHARE.search(plain)


def _unit(text: str, units: dict[str, str]) -> str | None:
    return next(
        (unit for pattern, unit in units.items() if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", text)),
        None,
    )
