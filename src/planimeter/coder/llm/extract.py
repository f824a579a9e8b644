"""The program in a model's reply, however wrapped: fences, chatter, reasoning, channels, JSON, prompts."""

from __future__ import annotations

import json
import re
import textwrap
import warnings

from planimeter.program.syntax import parse_module

MAX_REPLY = 200_000  # characters that are looked at: the last ones
_MAX_LINES = 600
_MAX_BLOCKS = 30

_REASONING_TAG = re.compile(
    r"<(?P<closing>/?)(?:think|thinking|reasoning|thought|analysis|reflection)\b[^<>]*>", re.IGNORECASE
)
_FINAL_CHANNEL = re.compile(
    r"<\|channel\|>\s*final\b[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>(.*?)(?=<\||\Z)", re.DOTALL
)
_ANY_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)")
_SPECIAL_TOKEN = re.compile(r"<\|[^|>\n]{1,40}\|>|</?s>|\[/?INST\]|<(?:start|end)_of_turn>")
_FENCE = re.compile(
    r"^[ \t]*(?P<mark>`{3,}|~{3,})[ \t]*(?P<language>[^\n`]*)\n(?P<code>.*?)(?:^[ \t]*(?P=mark)[ \t]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)
# A model writes what is matched here, so no two parts of it can share one run of characters in more than one way: time
# grows with the line, not with its square or worse.
_CODE_LINE = re.compile(
    r"^(?:#|@|from\s+\w|import\s+\w|def\s+\w+\s*\(|class\s+\w|(?:for|if|while|with)\s.+:\s*(?:#.*)?$|try:|"
    r"(?:else|elif|except|finally|return)\b|"
    r"[A-Za-z_]\w*(?:\.\w+)*(?:\[.*\](?:\.\w+)*)?\s*(?:[-+*/]?=(?!=)|\()|[A-Za-z_]\w*\s*,\s*[A-Za-z_].*=)"
)
#: What a program of its own calls first; a block without it may be the second half of one.
_STARTS_A_PROGRAM = re.compile(r"\bsegment_image_from_path\(|\bcannot_answer\(")
_TYPOGRAPHY = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ", "\u200b": "", "\ufeff": "", "–": "-", "−": "-"}
)


def without_reasoning(text: str) -> str:
    """A reply without what the model thought aloud: only what comes after, or nothing when it never stopped.

    Example:
        >>> without_reasoning("<think>answer = 1?</think>answer = 2")
        'answer = 2'
        >>> without_reasoning("<think>it goes on and on")
        ''
        >>> without_reasoning("<|channel|>analysis<|message|>Hm.<|end|><|channel|>final<|message|>answer = 3")
        'answer = 3'
    """
    if _ANY_CHANNEL.search(text):
        finals = _FINAL_CHANNEL.findall(text)
        text = finals[-1] if finals else ""
    kept: list[str] = []
    depth, position = 0, 0
    for tag in _REASONING_TAG.finditer(text):
        if depth == 0:
            kept.append(text[position : tag.start()])
        if tag.group("closing"):
            kept = (
                kept if depth else []
            )  # all before it was reasoning, its opening tag was part of the prompt
        depth = max(0, depth - 1) if tag.group("closing") else depth + 1
        position = tag.end()
    if depth == 0:
        kept.append(text[position:])
    visible = _SPECIAL_TOKEN.sub("", "".join(kept))
    return re.sub(r"\A(?:[ \t]*\n)+", "", visible).rstrip()


def extract_code(reply: str) -> str | None:
    """The Python program in a reply, or None when there is none.

    Of several fenced blocks the last that parses and sets ``answer`` is taken; without fences, the lines
    between the chatter. A program that does not parse is returned as it stands, so that its error can go back
    to the model.

    Example:
        >>> extract_code("Sure! Here it is:\\n```python\\nanswer = 1\\n```\\nIt counts.")
        'answer = 1\\n'
        >>> extract_code("Here is the program.\\nanswer = 1\\nThis counts one.")
        'answer = 1\\n'
        >>> extract_code("I cannot see the image, sorry.") is None
        True
    """
    text = without_reasoning(reply[-MAX_REPLY:].replace("\r\n", "\n"))
    text = _from_json(text)
    blocks = [_tidy(found.group("code")) for found in list(_FENCE.finditer(text))[-_MAX_BLOCKS:]]
    blocks = [block for block in blocks if block.strip()]
    if blocks:
        return _best_block(blocks)
    text = re.sub(
        r"^[ \t]*`{3,}\w*[ \t]*$", "", text, flags=re.MULTILINE
    )  # a closing fence without an opening one
    return _from_chatter(_tidy(text))


def _best_block(blocks: list[str]) -> str | None:
    """The last block that is a program of its own, else all of them as one, else the likeliest."""
    programs = [block for block in blocks if _is_program(block)]
    complete = [block for block in programs if _STARTS_A_PROGRAM.search(block)]
    joined = "\n".join(blocks)
    if complete:
        return complete[-1]
    if len(blocks) > 1 and _is_program(joined) and _STARTS_A_PROGRAM.search(joined):
        return joined
    likely = programs or [block for block in blocks if _sets_answer(block)] or blocks
    return likely[-1] if any(_CODE_LINE.match(line) for line in likely[-1].splitlines()) else None


def _from_chatter(text: str) -> str | None:
    """The program among sentences: from its first line of code to the last with which it still parses."""
    lines = text.splitlines()[:_MAX_LINES]
    start = next((k for k, line in enumerate(lines) if _CODE_LINE.match(line)), None)
    if start is None:
        return None
    for end in range(len(lines), start, -1):
        candidate = "\n".join(lines[start:end]) + "\n"
        if not _looks_like_prose(lines[end - 1]) and _is_program(candidate):
            return candidate
        if _is_code(lines[end - 1]):
            break  # what is cut off after a program is talk, never a part of it
    rest = "\n".join(lines[start:]) + "\n"
    return rest if _sets_answer(rest) or _STARTS_A_PROGRAM.search(rest) else None


def _looks_like_prose(line: str) -> bool:
    """A last line such as ``Note: counts ponds`` parses, but no program ends with it."""
    return not line.strip() or bool(re.match(r"[A-Z][\w ]*:\s*\w[^=]*$|[A-Za-z]+$", line))


def _is_code(line: str) -> bool:
    """Whether a line can only be part of a program."""
    return _CODE_LINE.match(line) is not None or (bool(line.strip()) and line[0] in " \t)]}")


def _is_program(text: str) -> bool:
    return _parses(text) and _sets_answer(text)


def _parses(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\\d" in a string is the program's affair
            parse_module(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _sets_answer(text: str) -> bool:
    return re.search(r"\banswer\b[^=\n]*=(?!=)|\bas\s+answer\b|cannot_answer\(", text) is not None


def _tidy(text: str) -> str:
    """Dedented, without REPL prompts, and with plain quotes where only typography keeps it from parsing."""
    lines = text.expandtabs(4).splitlines()
    if lines and sum(line.startswith(">>> ") for line in lines) and not _parses(text):
        lines = [line[4:] for line in lines if line.startswith((">>> ", "... "))]
    if len(lines) > 1 and lines[0][:1] == " " and lines[1][:1] not in ("", " "):
        lines[0] = lines[0].lstrip()  # a space that followed a token of the chat template
    tidy = textwrap.dedent("\n".join(lines)).strip("\n") + "\n"
    if _parses(tidy):
        return tidy
    plain = tidy.translate(_TYPOGRAPHY)
    return plain if _parses(plain) else tidy


def _from_json(text: str) -> str:
    """The program in a reply like ``{"code": "…"}``, or the reply itself."""
    if not text.startswith("{"):
        return text
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    programs = [
        found[name] for name in ("code", "program", "python", "content") if isinstance(found.get(name), str)
    ]
    return programs[0] if programs else text
