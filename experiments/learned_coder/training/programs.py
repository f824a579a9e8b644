"""The programs a small coder learns to write: the built-in coder's, made compact.

Prints and comments go, names become the same for every topic, and numbers stand as the question has them ("300 feet"
is ``300 * 0.3048``), so that they are copied and never computed.
"""

from __future__ import annotations

import ast
from functools import cache

from learned_coder.training.wordings.refusals import REASON

from planimeter.coder import Program, Request, builtin_coder
from planimeter.squid.types import TYPES
from planimeter.squid.wording import WORDS, Slots, fill
from planimeter.vocabulary.topics import TOPICS

# Numbers that no question has: the built-in coder is asked with them, then they are replaced.
_MINIMUM, _MAXIMUM, _DISTANCE, _WATTS = 0.7531, 7.5319, 137.5, 213
_TARGET, _REFERENCE = "roof", "water"  # topics it is asked about, replaced likewise
_NOTHING = "There is none in this image; ask about something that is there."
_KEEP = frozenset(("result", "answer", "value", "first", "second", "values", "whole_px", "part_px"))
_ROLES = ("sized", "near", "part", "largest", "smallest")

PLAIN: dict[str, str] = {
    "count_all": "How many separate {target.regions} are there?",
    "total_all": "What is the total {target.area} in hectares?",
    "presence_any": "Are there any {target.regions} in this image?",
    "near_count": "How many {target.regions} larger than {minimum} hectares are within {distance}m of "
    "{reference.noun}?",
    "near_count_all": "How many {target.regions} are within {distance}m of {reference.noun}?",
    "large_near": "How many hectares of {target.regions} larger than {minimum} hectares lie within {distance}m of "
    "{reference.noun}?",
    "size_filter": "What is the total area (in hectares) of {target.regions} larger than {minimum} hectares?",
    "average": "What is the average size of {target.regions} in hectares (excluding {target.regions} smaller than "
    "{minimum} hectares)?",
    "average_all": "What is the average size of {target.regions} in hectares?",
    "total_area": "What is the total area of {target.regions} in hectares (excluding {target.regions} smaller than "
    "{minimum} hectares)?",
    "threshold": "Is there more than 1 hectare of {target.regions} (excluding {target.regions} smaller than {minimum} "
    "hectares)?",
    "presence": "Are there any {target.regions} larger than {minimum} hectares in this image?",
    "multiple": "Are there multiple separate {target.regions} larger than {minimum} hectares?",
    "connectivity": "How many separate {target.regions} between {minimum} and {maximum} hectares are there?",
}
"""Form → what the built-in coder is asked, where the type's printed wording will not do."""


def refusal_program() -> str:
    """The program that says no.

    Example:
        >>> refusal_program().splitlines()[0]
        '# refused'
    """
    return f"# refused\ncannot_answer({REASON!r})"


def program_for(
    form: str, type_name: str, target: str, reference: str | None, end: str | None, unit: str
) -> str:
    """The compact program of a question, with ``{minimum}``, ``{maximum}``, ``{distance}`` and ``{watts}`` where its
    numbers go.

    Args:
        form: see ``questions.FORMS``.
        type_name: one of SQuID's.
        target: topic that is measured.
        reference: topic it is near to or compared with.
        end: "largest" or "smallest", or None.
        unit: of an area that is asked for: "ha", "m²", "acres", "km²".
    """
    text = _template(form, type_name, end, unit).replace(f"'{_TARGET}'", "'{target}'")
    return text.replace(f"'{_REFERENCE}'", f"'{reference}'").replace("{target}", target)


@cache
def _template(form: str, type_name: str, end: str | None, unit: str) -> str:
    """The program about buildings and water, or solar panels: compact programs are the same for every topic."""
    kind = TYPES[type_name]
    template = PLAIN.get(form, kind.templates[0])
    target = kind.implied or _TARGET
    slots = Slots(target, _REFERENCE, minimum=_MINIMUM, maximum=_MAXIMUM, distance=_DISTANCE, end=end)  # type: ignore[arg-type]
    text = fill(template, slots, None).replace("200W/m²", f"{_WATTS}W/m²")
    if unit != "ha":
        words = {"m²": "square metres", "acres": "acres", "km²": "square kilometres"}[unit]
        text = text.replace("in hectares", f"in {words}").replace("How many hectares", f"How many {words}")
    compact = compacted(builtin_coder().write(Request(text, TOPICS, 0.5)))
    for number, name in (
        (_MINIMUM, "minimum"),
        (_MAXIMUM, "maximum"),
        (_DISTANCE, "distance"),
        (_WATTS, "watts"),
    ):
        compact = compact.replace(f"{number:g}", "{" + name + "}")
    return compact


def compacted(program: Program) -> str:
    """A program without prints and comments, its names made general, under a line that says what it answers.

    Example:
        >>> from planimeter.coder import Request, builtin_coder
        >>> asked = Request("What percentage of the image is water?", ("water",))
        >>> print(compacted(builtin_coder().write(asked)).splitlines()[0])
        # unit: %
    """
    tree = ast.parse(program.text)
    tree.body = [one for one in tree.body if not _is_print(one)]
    for branch in ast.walk(tree):
        if isinstance(branch, ast.If):
            branch.body = [one for one in branch.body if not _is_print(one)]
    names: dict[str, str] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            names.setdefault(name, _general(name, set(names.values())))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names:
            node.id = names[node.id]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "cannot_answer":
            node.args = [ast.Constant(_NOTHING)]
    head = f"# unit: {program.unit}" if program.unit else f"# {program.type}"
    return head + "\n" + ast.unparse(tree)


def _is_print(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"


def _general(name: str, taken: set[str]) -> str:
    if name in _KEEP:
        return name
    role = next((one for one in _ROLES if name.startswith(one + "_")), None)
    if name == "near_ids":
        return "ids"
    if role is not None:
        return {"largest": "chosen", "smallest": "chosen", "part": "parts"}.get(role, role)
    return "found" if "found" not in taken else "others" if "others" not in taken else name


__all__ = ["PLAIN", "WORDS", "compacted", "program_for", "refusal_program"]
