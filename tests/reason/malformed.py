"""Completions that models write and nobody wants: at least one of each kind we know of.

Each case says what the strict and the lenient parser make of it: None (cannot be read), or how many instances. No case
is in the required form, so no case may earn the format reward; and a case that holds no explicit empty list may never
count as "there is no target".
"""

from __future__ import annotations

GOOD = '[{"bbox_2d": [2, 2, 8, 8], "positive_points": [[4, 4], [6, 6]]}]'


def form(body: str) -> str:
    """A body in the required form."""
    return f"<think>a field</think> <answer>```json{body}```</answer>"


def box(value: str) -> str:
    """One instance with this text for its box."""
    return form(f'[{{"bbox_2d": {value}}}]')


def points(value: str) -> str:
    """One instance with this text for its points."""
    return form(f'[{{"positive_points": {value}}}]')


#: name → (completion, strict, lenient)
MALFORMED: dict[str, tuple[str, int | None, int | None]] = {
    # no answer at all
    "empty": ("", None, None),
    "blank": (" \n\t ", None, None),
    "prose": ("I can see a field in the north of the image.", None, None),
    "only a thought": ("<think>there is a field at [2, 2, 8, 8]</think>", None, None),
    "thought that never ends": ("<think>there is " + "a field " * 200, None, None),
    "a list inside the thought": (f"<think>{GOOD}</think>", None, None),
    "refusal in the answer": ("<think>no</think> <answer>I cannot help with that.</answer>", None, None),
    "none in words": ("<think>no</think> <answer>None</answer>", None, None),
    "null": (form("null"), None, None),
    "true": (form("true"), None, None),
    "number": (form("7"), None, None),
    "text in json": (form('"a field"'), None, None),
    "empty answer": ("<think>a</think> <answer></answer>", None, None),
    "empty fence": (form(""), None, None),
    "blank fence": (form("  \n "), None, None),
    # tags and fences
    "no fence": (f"<think>a</think> <answer>{GOOD}</answer>", None, 1),
    "no fence, empty list": ("<think>a</think> <answer>[]</answer>", None, 0),
    "fence without its language": (f"<think>a</think> <answer>```{GOOD}```</answer>", None, 1),
    "fence in capitals": (f"<think>a</think> <answer>```JSON{GOOD}```</answer>", None, 1),
    "fence of another language": (f"<think>a</think> <answer>```python{GOOD}```</answer>", None, 1),
    "fence that never closes": (f"<think>a</think> <answer>```json{GOOD}</answer>", None, 1),
    "words before the fence": (f"<think>a</think> <answer>Here: ```json{GOOD}```</answer>", None, 1),
    "words behind the fence": (f"<think>a</think> <answer>```json{GOOD}``` done</answer>", None, 1),
    "two fences": (f"<think>a</think> <answer>```json{GOOD}``````json{GOOD}```</answer>", None, 1),
    "answer that never closes": (f"<think>a</think> <answer>```json{GOOD}```", None, 1),
    "answer that never opens": (f"<think>a</think> ```json{GOOD}```</answer>", None, 1),
    "two answers": (f"<answer>```json[]```</answer> <answer>```json{GOOD}```</answer>", None, 1),
    "an answer in an answer": (f"<answer><answer>```json{GOOD}```</answer></answer>", None, 1),
    "tags in capitals": (f"<ANSWER>```json{GOOD}```</ANSWER>", None, 1),
    "fence without an answer": (f"```json{GOOD}```", None, 1),
    "bare list": (GOOD, None, 1),
    "answer inside the thought": (f"<think><answer>```json{GOOD}```</answer></think>", 1, None),
    # JSON that breaks off or bends
    "breaks off in a number": ('<think>a</think> <answer>```json[{"bbox_2d": [2, 2, 8', None, None),
    "breaks off at the start": ("<think>a</think> <answer>```json[", None, None),
    "only an opening bracket": (form("["), None, None),
    "only a closing bracket": (form("]"), None, None),
    "only braces": (form("{"), None, None),
    "only commas": (form(",,,,"), None, None),
    "list of commas": (form("[,,]"), None, None),
    "missing last bracket": (form(GOOD[:-1]), 1, 1),
    "trailing comma": (form(GOOD[:-1] + ",]"), 1, 1),
    "single quotes": (form(GOOD.replace('"', "'")), 1, 1),
    "keys without quotes": (form("[{bbox_2d: [2, 2, 8, 8]}]"), 1, 1),
    "comment in it": (form('[{"bbox_2d": [2, 2, 8, 8]} // a field\n]'), 1, 1),
    "same key twice": (form('[{"bbox_2d": [1, 1, 2, 2], "bbox_2d": [2, 2, 8, 8]}]'), 1, 1),
    "endless nesting": (form("[" * 5000), None, None),
    "endless nesting, closed": (form("[" * 5000 + "]" * 5000), None, None),
    "endless text": (form("[" + "x" * 60_000 + "]"), None, None),
    # values of the wrong shape
    "one object, no list": (form('{"bbox_2d": [2, 2, 8, 8]}'), None, 1),
    "empty object, no list": (form("{}"), None, None),
    "list of an empty object": (form("[{}]"), None, None),
    "list of an empty list": (form("[[]]"), None, None),
    "list of null": (form("[null]"), None, None),
    "list of numbers": (form("[2, 2, 8, 8]"), None, None),
    "list of lists": (form("[[2, 2, 8, 8]]"), None, None),
    "list of text": (form('["a field"]'), None, None),
    "good and null": (form(GOOD[:-1] + ", null]"), None, 1),
    "object around the list": (form(f'{{"objects": {GOOD}}}'), None, None),
    "other names": (form('[{"box": [2, 2, 8, 8]}]'), None, 1),
    "only a label": (form('[{"label": "field"}]'), None, None),
    "box null, points null": (form('[{"bbox_2d": null, "positive_points": null}]'), None, None),
    "good box, points null": (form('[{"bbox_2d": [2, 2, 8, 8], "positive_points": null}]'), None, 1),
    "more instances than fit": (form("[" + ",".join(['{"bbox_2d":[2,2,8,8]}'] * 500) + "]"), None, None),
    # boxes
    "box of three": (box("[2, 2, 8]"), None, None),
    "box of five": (box("[2, 2, 8, 8, 9]"), None, None),
    "box of none": (box("[]"), None, None),
    "box in a box": (box("[[2, 2, 8, 8]]"), None, None),
    "box of pairs": (box("[[2, 2], [8, 8]]"), None, None),
    "box of text": (box('"2, 2, 8, 8"'), None, None),
    "box of texts": (box('["2", "2", "8", "8"]'), None, None),
    "box of an object": (box('{"x0": 2, "y0": 2, "x1": 8, "y1": 8}'), None, None),
    "box with null": (box("[2, 2, null, 8]"), None, None),
    "box of truths": (box("[true, true, false, true]"), None, None),
    "box with NaN": (box("[2, 2, NaN, 8]"), None, None),
    "box with Infinity": (box("[2, 2, Infinity, 8]"), None, None),
    "box with a huge exponent": (box("[2, 2, 1e999, 8]"), None, None),
    "box with a huge number": (box("[2, 2, 99999999999999999999, 8]"), None, None),
    "box with a number of 5,000 digits": (box(f"[2, 2, {'9' * 5000}, 8]"), None, None),
    "box with sums": (box("[2, 2, 4+4, 8]"), None, None),
    # points
    "points of one": (points("[[4, 4]]"), None, 1),
    "points of three": (points("[[4, 4], [5, 5], [6, 6]]"), None, 1),
    "points of none": (points("[]"), None, None),
    "a point without its pair": (points("[4, 4]"), None, 1),
    "points in three dimensions": (points("[[4, 4, 1], [5, 5, 1]]"), None, None),
    "points of text": (points('[["4", "4"], ["5", "5"]]'), None, None),
    "points of objects": (points('[{"x": 4, "y": 4}, {"x": 5, "y": 5}]'), None, None),
    "points too deep": (points("[[[4, 4], [5, 5]]]"), None, None),
    "points with NaN": (points("[[4, NaN], [5, 5]]"), None, None),
    "good box, one point": (form('[{"bbox_2d": [2, 2, 8, 8], "positive_points": [[4, 4]]}]'), None, 1),
    "negatives nobody asked for": (
        form('[{"bbox_2d": [2, 2, 8, 8], "negative_points": [[1, 1]]}]'),
        None,
        1,
    ),
    "only negatives": (form('[{"negative_points": [[1, 1], [9, 9]]}]'), None, None),
    # letters
    "full-width brackets": (form("［］"), None, None),
    "zero bytes": (form("\0\0"), None, None),
    "lone surrogates": (form("\udcff\ud800"), None, None),
    "right-to-left marks": (form("\u202e[]\u202c"), None, None),
    "empty list with a remark": (form("[] (no field)"), None, None),
    "two lists": (form("[][]"), None, None),
}
