"""The little language that wordings are written in.

``(a|b|)`` is one of several, possibly nothing; ``<name>`` is a set phrase of the family; ``{T}`` and the like are
filled in by a question's parts:

    {T} several regions ("buildings")     {1} one of them ("building")        {M} the cover ("farmland")
    {R} the other topic ("water")         {a} the smaller area ("0.5 ha")     {b} the larger area
    {d} the distance ("50 m")             {e} "largest" or "smallest"         {u} the answer's unit ("hectares")
    {w} watts per square metre ("200 W/m²")
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_PHRASE = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Family:
    """One way of talking.

    Attributes:
        templates: form of question (see ``questions.FORMS``) → wordings.
        phrases: set phrases by name.
        about: what it is, in a few words.
    """

    about: str
    templates: dict[str, tuple[str, ...]]
    phrases: dict[str, str] = field(default_factory=dict)


def expand(template: str, phrases: dict[str, str], rng: random.Random) -> str:
    """One wording of a template; what stands in braces stays.

    Example:
        >>> expand("(count|number of) {T} <near>", {"near": "(close to|by) {R}"}, random.Random(1))
        'count {T} close to {R}'
    """
    text = template
    while found := _PHRASE.search(text):
        text = text[: found.start()] + phrases[found[1]] + text[found.end() :]
    while found := _CHOICE.search(text):
        text = text[: found.start()] + rng.choice(found[1].split("|")) + text[found.end() :]
    return re.sub(r"\s+([,.?:;])", r"\1", re.sub(r"\s+", " ", text)).strip()
