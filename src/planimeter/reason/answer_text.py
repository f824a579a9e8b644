"""From a completion to the JSON text of its answer, and from JSON text to values; nothing here ever raises."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from planimeter.errors import ModelError

MAX_CHARACTERS = 40_000  # 1,024 to 2,048 tokens are a tenth of this
_TAGS = ("<think>", "</think>", "<answer>", "</answer>")
_THOUGHT_OUT = re.compile(r"<think>.*?</think>\s*<answer>.*?</answer>", re.DOTALL)
_ANSWER = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL | re.IGNORECASE)
_STRICT_FENCE = re.compile(r"\s*```json(.*?)```\s*", re.DOTALL)


def is_thought_out(text: str) -> bool:
    """Whether a whole completion is ``<think>…</think> <answer>…</answer>``, each tag once.

    Example:
        >>> is_thought_out("<think>two sheds</think> <answer>[]</answer>"), is_thought_out("<answer>[]</answer>")
        (True, False)
    """
    return all(text.count(tag) == 1 for tag in _TAGS) and _THOUGHT_OUT.fullmatch(text.strip()) is not None


def strict_body(text: str) -> str | None:
    """The JSON text of an answer in the required form: one ``<answer>`` with one fenced ``json`` block in it.

    Example:
        >>> strict_body("<think>…</think><answer>```json[]```</answer>")
        '[]'
        >>> strict_body("<answer>[]</answer>") is None
        True
    """
    if len(text) > MAX_CHARACTERS or text.count("<answer>") != 1 or text.count("</answer>") != 1:
        return None
    answer = _ANSWER.search(text)
    fenced = _STRICT_FENCE.fullmatch(answer[1]) if answer else None
    return fenced[1].strip() if fenced and "```" not in fenced[1] else None


def lenient_body(text: str) -> str | None:
    """The text that most likely holds the answer's JSON: tags, fence, both or neither.

    The last answer counts, since models correct themselves; an answer that breaks off is read to its end; and
    without any tag a fenced block, or a completion that is nothing but JSON, will do.

    Example:
        >>> lenient_body("<answer>[]</answer>"), lenient_body("It is here: ```json [] ```"), lenient_body("Nothing.")
        ('[]', '[]', None)
    """
    if len(text) > MAX_CHARACTERS:
        return None
    visible = text.rpartition("</think>")[2]
    answers = _ANSWER.findall(visible)
    if answers:
        body = answers[-1]
    elif "<answer>" in visible:
        body = visible.rpartition("<answer>")[2]
    else:
        body = visible if "```" in visible or visible.strip()[:1] in ("[", "{") else ""
    fences = _FENCE.findall(body)
    if fences:
        body = fences[-1]
    else:
        opened = re.search(r"```(?:json)?\s*", body, re.IGNORECASE)
        body = body[opened.end() :] if opened else body
    return body.strip() or None


def json_value(text: str, repair: bool) -> Any:
    """What a JSON text says; None where it says nothing that can be used.

    Args:
        text: from a model.
        repair: mend broken JSON (json_repair) before it is given up.

    Raises:
        ModelError: repair is wanted and json_repair is not installed.

    Example:
        >>> json_value('[{"a": 1}]', repair=False)
        [{'a': 1}]
        >>> json_value('[{"a": 1', repair=False) is None
        True
    """
    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return _repaired(text) if repair else None


def require_repair() -> None:
    """Make sure that broken JSON can be mended, before hours are spent.

    Raises:
        ModelError: json_repair is not installed.
    """
    try:
        import json_repair  # noqa: F401
    except ModuleNotFoundError as error:
        raise ModelError(
            "Reading broken answers of a prompter needs json_repair, which is not installed: "
            "pip install 'planimeter[reason]'."
        ) from error


def _repaired(text: str) -> Any:
    """Broken JSON, mended. An empty list or object that mending made of something else says nothing: a completion
    that broke off must not count as "there is no target"."""
    require_repair()
    import json_repair

    try:
        found = json_repair.loads(text, skip_json_loads=True)
    except (ValueError, RecursionError, IndexError, TypeError):
        return None  # its own parser gave up
    return found if isinstance(found, list | dict) and found else None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
