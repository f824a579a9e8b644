"""A program is found in whatever a model wraps it in, and never made up."""

from __future__ import annotations

import ast
import random
import time
from pathlib import Path

import pytest

from planimeter.coder.llm import extract_code

CODE = """\
result = segment_image_from_path(IMAGE_PATH, ["water"], gsd=gsd)
ponds = [s for s in result["shapes"] if s["area_hectares"] < 1]
print("ponds:", len(ponds))
answer = len(ponds)
"""
INDENTED = "".join(f"    {line}\n" for line in CODE.splitlines())
FIRST, LAST = CODE.splitlines(keepends=True)[:2], CODE.splitlines(keepends=True)[2:]

WRAPPED = {
    "bare": CODE,
    "windows line ends": CODE.replace("\n", "\r\n"),
    "fence": f"```python\n{CODE}```",
    "fence without language": f"```\n{CODE}```",
    "fence with py": f"```py\n{CODE}```\n",
    "tilde fence": f"~~~python\n{CODE}~~~",
    "long fence": f"````python\n{CODE}````",
    "indented fence": f"1. The program:\n   ```python\n{INDENTED}   ```\n2. Done.",
    "chatter around a fence": f"Sure! Here is the code:\n\n```python\n{CODE}```\n\nIt counts ponds.",
    "truncated fence": f"Here you go:\n```python\n{CODE}",
    "only a closing fence": f"{CODE}```",
    "chatter without a fence": f"Here is the program you asked for.\n\n{CODE}\nIt counts ponds.\n",
    "a note that parses": f"{CODE}\nNote: ponds are small lakes\n",
    "one word after": f"{CODE}\nDone\n",
    "think": f"<think>\nI need water.\nanswer = 3?\n</think>\n\n{CODE}",
    "think without an opening tag": f"I need water. answer = 3?\n</think>\n{CODE}",
    "think with a fence inside": f"<think>\n```python\nanswer = 0\n```\n</think>\n```python\n{CODE}```",
    "thinking": f"<thinking>Let me see.</thinking>{CODE}",
    "two thoughts": f"<think>a</think><think>b</think>\n{CODE}",
    "harmony": (
        "<|channel|>analysis<|message|>Count ponds: answer = 3<|end|><|start|>assistant"
        f"<|channel|>final<|message|>{CODE}<|return|>"
    ),
    "harmony with a fence": f"<|channel|>final <|constrain|>python<|message|>```python\n{CODE}```<|end|>",
    "end token": f"{CODE}<|im_end|>",
    "llama tokens": f"<|start_header_id|>assistant<|end_header_id|>\n\n{CODE}<|eot_id|>",
    "instruction tokens": f"[/INST] {CODE}</s>",
    "draft, then final": f"First try:\n```python\nanswer = 0\n```\nBetter:\n```python\n{CODE}```",
    "usage example first": f"```bash\npip install planimeter\n```\n```python\n{CODE}```",
    "output shown after": f"```python\n{CODE}```\nOutput:\n```\nponds: 3\n```",
    "split over two fences": f"```python\n{''.join(FIRST)}```\nthen\n```python\n{''.join(LAST)}```",
    "indented": INDENTED,
    "tabs": INDENTED.replace("    ", "\t"),
    "prompts": "".join(f">>> {line}\n" for line in CODE.splitlines()),
    "typographic quotes": CODE.replace('"', "“"),
    "hard spaces": CODE.replace(" ", "\u00a0"),
    "byte order mark": "\ufeff" + CODE,
    "json": '{"code": ' + repr(CODE).replace('"', '\\"').replace("'", '"') + "}",
    "blank lines": f"\n\n\n{CODE}\n\n\n",
}


def same_program(first: str, second: str) -> bool:
    return ast.dump(ast.parse(first)) == ast.dump(ast.parse(second))


@pytest.mark.parametrize("how", WRAPPED)
def test_the_program_is_found(how: str) -> None:
    found = extract_code(WRAPPED[how])
    assert found is not None
    assert same_program(found, CODE)


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   \n",
        "I am sorry, I cannot see the image.",
        "The answer is 7.",
        "<think>answer = 1\n",
        "<think>```python\nanswer = 1\n```",
        "<|channel|>analysis<|message|>answer = 1",
        "```\n```",
        "```json\n[1, 2, 3]\n```",
        "{}",
        '{"code": 7}',
        "\x00\x01\x02",
    ],
)
def test_no_program_is_made_up(reply: str) -> None:
    assert extract_code(reply) is None


def test_a_program_that_does_not_parse_comes_back_as_it_stands() -> None:
    """So that the syntax error can go back to the model."""
    broken = "result = segment_image_from_path(IMAGE_PATH, ['water'\nanswer = 1\n"
    assert extract_code(f"```python\n{broken}```") == broken
    assert extract_code(broken) == broken


def test_a_cut_off_program_is_not_shortened_to_one_that_parses() -> None:
    cut = CODE + "answer = len([s for s in pon"
    for reply in (f"```python\n{cut}", cut, f"answer = 0\n{cut}"):
        found = extract_code(reply)
        assert found is not None
        assert found.strip() == reply.removeprefix("```python\n")


def test_real_programs_survive_every_wrapping() -> None:
    """The programs of the sandbox's tests, in the wrappings that models use most."""
    text = (Path(__file__).parents[1] / "program" / "ordinary.txt").read_text(encoding="utf-8")
    programs = [part.partition("\n")[2] for part in text.split("#### ")[1:]]
    assert len(programs) >= 60
    for program in programs:
        for reply in (
            program,
            f"```python\n{program}```",
            f"```\n{program}",
            f"Sure, here it is:\n\n{program}\nThis computes it.",
            f"<think>hm\n```python\nanswer = 0\n```</think>\n{program}",
            f"Explanation: I count.\n\n{program}\n\n**Note**: areas in ha.",
        ):
            found = extract_code(reply)
            assert found is not None, reply
            assert same_program(found, program), reply


def test_nothing_crashes_or_takes_long() -> None:
    generator = random.Random(4)
    pieces = [
        "```",
        "python\n",
        "answer",
        " = ",
        "1",
        "\n",
        "<think>",
        "</think>",
        "<|channel|>",
        "final",
        "(",
        "if",
    ]
    pieces += ["<|message|>", "~~~", ">>> ", "{", '"code"', ":", "    ", "def f():", "Note: x", "“", "\x00"]
    for _ in range(800):
        extract_code("".join(generator.choices(pieces, k=generator.randint(1, 30))))
    for flood in ("```\n" * 50_000, "<think>" * 30_000, "x = 1\n" * 30_000, "(" * 200_000, "a" * 1_000_000):
        extract_code(flood)


@pytest.mark.parametrize(
    "line",
    [
        "a" + "[]" * 50_000 + "!",
        "a" + "[x].b" * 30_000 + "!",
        "a[" + "]" * 100_000,
        "a" + ".b" * 70_000 + "!",
        "a, " + "b" * 150_000,
        "for " + ": " * 70_000 + "!",
    ],
)
def test_a_line_that_is_nearly_code_takes_no_longer_than_its_length(line: str) -> None:
    started = time.process_time()
    assert extract_code(line) is None
    assert extract_code(f"{line}\nanswer = counts[zones[0]].n\n") == "answer = counts[zones[0]].n\n"
    assert time.process_time() - started < 5
