"""Question text → tokens: words, numbers with their units, and the separators before them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from planimeter.coder.grammar.numerals import read_number
from planimeter.errors import NotUnderstood
from planimeter.vocabulary.numbers import rank_called
from planimeter.vocabulary.topics import Noun
from planimeter.vocabulary.units import LONGEST, UNITS, Measure, Unit

MAX_CHARACTERS = 1000
MAX_TOKENS = 120
LARGEST_NUMBER = 1e15  # square metres of the Earth's surface: 5.1e14


@dataclass(frozen=True)
class Token:
    """One word, number or unit.

    Attributes:
        text: lower-case word ("" for a number).
        said: as typed, for messages.
        number: value of a number, else None.
        fraction: True where the number was said as a part of something ("half", "two thirds").
        unit: the unit this token names, else None.
        before: separator in front of it: "", ",", "(", ")", ":", ";", ".", "?".
        definite: True where an article "the" stood in front.
        named: True inside a word for a topic that a source brings.
        nouns: those words that begin here, and how many tokens each takes.
        indefinite: True where "a" or "an" did.
    """

    text: str
    said: str
    number: float | None = None
    fraction: bool = False
    unit: Unit | None = None
    before: str = ""
    definite: bool = False
    named: bool = False
    nouns: tuple[tuple[Noun, int], ...] = ()
    indefinite: bool = False


_TRANSLATION = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "–": "–", "—": "—", "−": "-", "‐": "-", "‑": "-", "‒": "–", "―": "—", "×": "x", "·": " ", "•": " ",
        "≥": " >= ", "≤": " <= ", "＞": ">", "＜": "<", "≧": " >= ", "≦": " <= ", "²": "2", "⁄": "/", "…": ".",
        "[": "(", "]": ")", "{": "(", "}": ")", "＆": "&",
    }
)  # fmt: skip

_PIECE = re.compile(
    r"""
    (?P<number>
        \d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]) | \d+(?:\.\d+)?[eE][+-]?\d{1,2}(?![\w.]) | \d+\.\d+ | \.\d+ | \d+
      | [½⅓¼¾⅔⅕⅛]
    )
  | (?P<word>[^\W\d_½⅓¼¾⅔⅕⅛]+(?:\^?2(?!\d))?)
  | (?P<possessive>'s?(?![^\W\d_]))
  | (?P<compare>>=|<=|=>|=<|>|<|=)
  | (?P<mark>%|/|&|\+|~)
  | (?P<dash>[-–—]+)
  | (?P<stop>[.?!;:,()"]+)
  | (?P<space>\s+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

# Text that must be present, what is replaced, by what. The first part spares compiling what is not needed.
_REWRITES = (
    ("'", r"\b(what|how|there|where|that|it|here|which|who)'s\b", r"\1 is"),
    ("'", r"\b(there|they|we|you|these|those)'re\b", r"\1 are"),
    ("can", r"\bcan(?:'t|not)\b", "can not"),
    ("n't", r"n't\b", " not"),
    ("'d", r"\bi'd\b", "i would"),
    ("let's", r"\blet's\b", "let us"),
    ("'m", r"\b(i|we)'m\b", r"\1 am"),
    ("i.", r"\bi\.\s?e\.,?", " , "),
    (". ", r"\b(sq|approx|incl|excl|min|max|vs|ca)\.(?=\s)", r"\1"),
    ("per ", r"\bper\s+cent\b", "percent"),
    ("^", r"(?<=[a-z])\s?\^\s?2\b", "2"),
    ("*", r"(?<=[a-z])\s?\*\*\s?2\b", "2"),
)
_PARTS = (("1/2", "½"), ("1/3", "⅓"), ("2/3", "⅔"), ("1/4", "¼"), ("3/4", "¾"))

_GSD = re.compile(
    r"""
    [\(\[]? \s*
    (?: (?:with|at|given|assuming|using|for|by)\s+(?:an?\s+|the\s+)?
      | (?:the|this)\s+(?:(?:satellite|aerial|drone)\s+)?(?:image|picture|photo|scene|map)
        \s+(?:has|uses|is)\s+(?:at\s+)?(?:an?\s+)?
      | the\s+
    )?
    (?: \b(?:gsd|ground\s+sampl(?:e|ing)\s+distance|(?:pixel|spatial|ground|image)\s+(?:size|resolution)|resolution)\b
        \s* (?::|=|is|of|at|,)? \s* (?P<value>\d+(?:\.\d+)?|\.\d+) \s*
        (?P<unit>cm|centimet(?:re|er)s?|m|met(?:re|er)s?)
        (?: \s* (?:/|per) \s* (?:px|pixels?) )? (?![\w²/])
      | \b(?:each|one|every|an?|1)\s+(?:pixel|px)\s*(?:is|=|covers|represents|measures|equals|corresponds\s+to)\s*
        (?P<value3>\d+(?:\.\d+)?|\.\d+) \s* (?P<unit3>cm|centimet(?:re|er)s?|m|met(?:re|er)s?)
        (?: \s*(?:wide|across|in\s+size|on\s+the\s+ground|x|by|×)\s*(?:(?P=value3)\s*(?P=unit3))? )? (?![\w²/^])
      | \b(?P<value2>\d+(?:\.\d+)?|\.\d+) \s* (?P<unit2>cm|centimet(?:re|er)s?|m|met(?:re|er)s?) \s*
        (?: (?:/|per) \s* (?:px|pixel) \b | (?:gsd|ground\s+sampl(?:e|ing)\s+distance|resolution)\b )
    ) \s* [\)\]]?
    """,
    re.VERBOSE | re.IGNORECASE,
)


def _find_gsd(text: str) -> list[tuple[re.Match[str], float]]:
    found = []
    for match in _GSD.finditer(text):
        value = float(match["value"] or match["value2"] or match["value3"])
        unit = (match["unit"] or match["unit2"] or match["unit3"]).lower()
        metres = value / 100 if unit.startswith("c") else value
        if 0 < metres < 10_000:
            found.append((match, metres))
    return found


def read_gsd(text: str) -> float | None:
    """Metres per pixel a question states, or None where it states none or several that differ."""
    values = {metres for _, metres in _find_gsd(text[:MAX_CHARACTERS])}
    return values.pop() if len(values) == 1 else None


def _without_gsd(text: str) -> str:
    values = set()
    for match, metres in reversed(_find_gsd(text)):
        values.add(metres)
        text = text[: match.start()] + " . " + text[match.end() :]
    if len(values) > 1:
        raise NotUnderstood("The question states two ground sampling distances; state one.")
    return text


# "1.000 m2" is one square metre here and a thousand in half of Europe; "1,5 ha" is no number here at all.
_CONTINENTAL = re.compile(
    r"""
    (?<![\d.,])
    (?: [1-9]\d{0,2} (?:\.\d{3})+ (?:,\d+)?
      | \d{1,3} (?:,\d{3})* ,\d{1,2}
      | \d+ ,\d{4,}
      | 0 ,\d+
    ) (?![\d.,]*\d)
    """,
    re.VERBOSE,
)


def _refuse_continental(text: str) -> None:
    """Refuse numbers that a comma or a point makes a thousand times larger for some readers.

    Raises:
        NotUnderstood: says how to write both.
    """
    found = _CONTINENTAL.search(text)
    if found is None:
        return
    said = found.group()
    whole, _, part = said.replace(",", ".").rpartition(".")
    joined = said.replace(".", "").replace(",", "")
    grouped = f"{int(joined):,}" if len(part) == 3 and whole != "0" else ""
    decimal = f"{whole.replace('.', '')}.{part}".rstrip("0").rstrip(".")
    ways = f'"{grouped}" or "{decimal}"' if grouped else f'"{decimal}"'
    raise NotUnderstood(f'"{said}" can be two numbers; write it with a point for decimals, as {ways}.')


def refuse_long(text: str) -> None:
    """Refuse a question that is too long, before anything looks at its words.

    Raises:
        NotUnderstood: it has more than ``MAX_CHARACTERS`` characters.
    """
    if len(text) > MAX_CHARACTERS:
        raise NotUnderstood(f"The question has {len(text)} characters; ask in at most {MAX_CHARACTERS}.")


def tokenize(text: str) -> list[Token]:
    """Tokens of a question; the clause that states the GSD is left out.

    Raises:
        NotUnderstood: the text is empty, too long, or holds a character or number form no question needs.

    >>> [token.said for token in tokenize("Houses > 1,000 m² (GSD: 0.3m)?")]
    ['Houses', '>', '1,000', 'm2']
    """
    refuse_long(text)
    text = text.translate(_TRANSLATION)
    text = _without_gsd(text)
    if not text.isascii():
        text = re.sub(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}\b)", "", text)  # 10 000 with a thin space
    # Vulgar fractions are kept for the numerals; everything else is brought to its compatible form.
    text = "".join(
        c if unicodedata.numeric(c, None) and c in "½⅓¼¾⅔⅕⅛" else unicodedata.normalize("NFKC", c)
        for c in text
    )
    for digits, part in _PARTS:
        if digits in text:
            text = re.sub(rf"(?<![\d/.]){digits}(?![\d/])", part, text)
    for needle, pattern, replacement in _REWRITES:
        if needle in text.lower():
            text = re.sub(pattern, replacement, text, flags=re.IGNORECASE)
    _refuse_continental(text)
    raw = _pieces(text)
    if len(raw) > MAX_TOKENS:
        raise NotUnderstood(f"The question has more than {MAX_TOKENS} words; ask in one or two sentences.")
    tokens = _numbers(raw)
    for token in tokens:
        if token.number is not None and token.number > LARGEST_NUMBER:
            said = token.said if len(token.said) <= 30 else token.said[:30] + "…"
            raise NotUnderstood(f'"{said}" is larger than anything on a map; check the number.')
    return _units(tokens)


def _pieces(text: str) -> list[Token]:
    tokens: list[Token] = []
    before = ""
    glued = False  # the previous piece touches this one
    position = 0
    while position < len(text):
        match = _PIECE.match(text, position)
        assert match is not None  # the last alternative matches any character
        kind, said = str(match.lastgroup), match.group()
        start, position = position, match.end()
        if kind == "space":
            glued = False
            continue
        if kind == "stop":
            stops = [c for c in said if c != '"']
            before = _stronger(before, stops)
            glued = False
            continue
        if kind == "dash":
            after = text[position : position + 1]
            if after.isdigit() or (after == "." and text[position + 1 : position + 2].isdigit()):
                if tokens and _numeric(tokens[-1]) and not before:
                    tokens.append(Token("to", said))  # a range: 0.1-10 ha
                    glued = False
                    continue
                if not glued and after and not said.startswith("—"):
                    raise NotUnderstood(
                        f'"-{text[position:].split()[0]}" is negative; give sizes as positive numbers.'
                    )
            if not glued or after.isspace() or said.startswith("—"):
                if tokens and _numeric(tokens[-1]) and re.match(r"\s*\.?\d", text[position:]):
                    tokens.append(Token("to", said))
                else:
                    before = _stronger(before, [","])
            glued = False
            continue
        if kind == "other":
            raise NotUnderstood.of_words(
                f'The character "{said}" means nothing here; ask in words and numbers.'
            )
        if (
            kind == "number"
            and glued
            and tokens
            and tokens[-1].text.isalpha()
            and start
            and text[start - 1].isalpha()
        ):
            raise NotUnderstood.of_words(
                f'"{tokens[-1].said}{said}" is no word or number I know; put a space between them.'
            )
        token = _token(kind, said, before)
        ordinal = re.match(r"(?:st|nd|rd|th)\b", text[position:], re.IGNORECASE)
        if kind == "number" and ordinal:
            word = rank_called(said + ordinal.group())
            if word is None:
                raise NotUnderstood(
                    f'"{said}{ordinal.group()}" is a rank I do not know; I know first to fifth.'
                )
            position += ordinal.end()
            token = Token(word, said + ordinal.group(), before=before)
        tokens.append(token)
        before, glued = "", True
    return tokens


def _numeric(token: Token) -> bool:
    return token.number is not None or (token.text,) in UNITS


_STRENGTH = ["", ")", ",", "(", ":", ";", ".", "?"]


def _stronger(before: str, stops: list[str]) -> str:
    marks = [before] + ["." if mark == "!" else mark for mark in stops]
    return max(marks, key=_STRENGTH.index)


def _token(kind: str, said: str, before: str) -> Token:
    if kind == "number":
        return Token("", said, number=read_number(said), fraction=said in "½⅓¼¾⅔⅕⅛", before=before)
    text = said.lower()
    if kind == "compare":
        text = {"=>": ">=", "=<": "<="}.get(text, text)
    if kind == "possessive":
        text = "'s"
    if text == "&" or text == "+":
        text = "and" if text == "&" else "plus"
    text = text.replace("^2", "2")
    return Token(text, said, before=before)


def _numbers(tokens: list[Token]) -> list[Token]:
    """Join number words and digits into single numbers ("two and a half", "half a", "5 hundred")."""
    from planimeter.coder.grammar.numerals import spoken

    result: list[Token] = []
    position = 0
    while position < len(tokens):
        found = spoken(tokens, position)
        if found is None:
            result.append(tokens[position])
            position += 1
            continue
        value, fraction, length = found
        said = " ".join(token.said for token in tokens[position : position + length])
        result.append(Token("", said, number=value, fraction=fraction, before=tokens[position].before))
        position += length
    return result


def _units(tokens: list[Token]) -> list[Token]:
    """Mark units: after a number, or where the spelling is longer than one letter."""
    result: list[Token] = []
    position = 0
    while position < len(tokens):
        unit, length = _unit_at(tokens, position)
        if unit is None:
            result.append(tokens[position])
            position += 1
            continue
        said = " ".join(token.said for token in tokens[position : position + length])
        first = tokens[position]
        result.append(replace(first, text="", said=said, unit=unit))
        position += length
    return result


def _unit_at(tokens: list[Token], position: int) -> tuple[Unit | None, int]:
    if tokens[position].number is not None:
        return None, 0
    for length in range(min(LONGEST, len(tokens) - position), 0, -1):
        span = tokens[position : position + length]
        if any(token.before for token in span[1:]):
            continue
        words = tuple(f"{token.number:g}" if token.number is not None else token.text for token in span)
        if words in UNITS:
            return UNITS[words], length
    return None, 0


def measure(number: Token, unit: Token) -> Measure | None:
    """The measure two neighbouring tokens make, or None."""
    if number.number is None or unit.unit is None:
        return None
    return Measure(number.number, unit.unit)
