"""The prompt of the language-model coder: rules, the program API as its docstrings say it, topics, answer
format.

What a prompt holds follows figure 9 of the QVLM paper; the words are our own. The system message depends only
on the program API and the topics, so that servers can reuse it from question to question.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass

from planimeter.coder import Request
from planimeter.coder.llm.formats import AnswerFormat, answer_format
from planimeter.program import functions
from planimeter.segment.open import is_open
from planimeter.vocabulary.index_words import names_an_index
from planimeter.vocabulary.topics import COMPOSED, topic_of

#: Goes up whenever the wording below changes.
PROMPT_VERSION = 2
MAX_PROMPT_TOKENS = 1600

#: Functions that compare an earlier image with the later one: of no use, and not listed, where there is none.
_OF_TWO_DATES = ("match_shapes", "calculate_transitions")

#: Functions of spectral indices: listed where the question names one.
_OF_INDICES = ("measure_index", "measure_index_of_each")

#: Functions described in full; the others get their first sentence.
_IN_FULL = ("segment_image_from_path", "find_shapes_within_distance", "calculate_shape_distances")

#: Functions that only the built-in coder needs.
_UNTOLD = (
    "find_surrounding_shapes",
    "calculate_neighbor_distances",
    "calculate_contained_counts",
    "calculate_shape_orientations",
    "find_core_shapes",
)

_RULES = """\
You write short Python programs that measure an overhead image. You never see the image: the program finds
land cover as shapes, measures them, and leaves one value in `answer`.

Rules
- Reply with Python code only. No explanation, no Markdown fence.
- No imports, no files, no network. The functions below and Python's built-ins are already there.
- Use the names IMAGE_PATH and gsd as they are. Never open IMAGE_PATH; hand it to segment_image_from_path.
- Measure; never assume a number that the question does not state. One hectare is 10,000 square metres.
- Keep thresholds as worded: "larger than" and "more than" are >, "at least" and "ignore smaller than" are >=,
  "between" includes both ends.
- A percentage "of the image" is of total_pixels.
- For "how much of A lies within D of B", sum the areas of what find_shapes_within_distance returns; filter by
  size before cutting.
- If a mean, ratio or distance would be of nothing, or no topic fits, call cannot_answer with a sentence.
- Print the number of shapes found per topic and the other intermediate findings.
"""


_BEFORE = """
There are two images of one place. BEFORE_PATH is the earlier one, on the same grid, for segment_image_from_path; what
is not about change is of IMAGE_PATH alone. Lost is subtract_shapes(earlier, later), gained subtract_shapes(later,
earlier), kept intersect_shapes(earlier, later). Percentages of change are of the earlier area.
"""


@dataclass(frozen=True)
class ChatPrompt:
    """What a language model is sent for one question.

    Attributes:
        system: rules, functions and topics.
        user: the question and its answer format.
        wanted: the answer that the question asks for.
        version: "v2-3f0c…": ``PROMPT_VERSION`` and a hash of the system message; the same text, the same
            version.
    """

    system: str
    user: str
    wanted: AnswerFormat
    version: str

    def messages(self) -> list[dict[str, str]]:
        """The conversation that asks for a first program."""
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]


def build_prompt(request: Request) -> ChatPrompt:
    """The prompt for a question.

    Example:
        >>> prompt = build_prompt(Request("How many ponds are there? (GSD: 0.3m)", ("water", "roof"), 0.3))
        >>> print(prompt.user)
        Question: How many ponds are there? (GSD: 0.3m)
        Scale: gsd is 0.3 metres per pixel.
        Store the final answer in `answer` as a whole number (a count).
        >>> estimate_tokens(prompt.system + prompt.user) <= MAX_PROMPT_TOKENS
        True
    """
    wanted = answer_format(request.text)
    functions_text = _functions_text(request.before is not None, names_an_index(request.text))
    system = f"{_RULES}\nFunctions\n{functions_text}\n\nTopics: {_topics_text(request.topics)}.\n"
    scale = (
        f"gsd is {request.gsd:.6g} metres per pixel."
        if request.gsd is not None
        else "unknown, gsd is None. Areas in pixels, percentages and counts can still be measured."
    )
    if not request.by_pixels:
        scale += (
            " Pixels differ in size on the ground here: use area_hectares and total_hectares, never pixel counts, for "
            "percentages, ratios, comparisons and rankings."
        )
    if request.before is not None:
        system += _BEFORE
    user = f"Question: {' '.join(request.text.split())}\nScale: {scale}\n{wanted.for_program}"
    digest = hashlib.sha256(system.encode()).hexdigest()[:12]
    return ChatPrompt(system, user, wanted, f"v{PROMPT_VERSION}-{digest}")


def repair_message(error: str) -> str:
    """The message that sends an error back with the program before it.

    Example:
        >>> print(repair_message("line 2: NameError: name 'shapes' is not defined"))
        The program failed: line 2: NameError: name 'shapes' is not defined
        Reply with the whole corrected program, Python code only.
    """
    return f"The program failed: {error}\nReply with the whole corrected program, Python code only."


def estimate_tokens(text: str) -> int:
    """Tokens of a text, estimated on the high side, so that no tokenizer is needed to hold the limit.

    Byte-pair tokenizers of 100,000 entries spend about 4 characters on a token of English or Python. Counted
    here is a token per 6 letters begun, 3 digits, 2 characters of punctuation, and line break with its
    indentation; or a token per 3.6 characters where that is more.

    Example:
        >>> estimate_tokens("answer = len(shapes)")
        6
    """
    pieces = 0
    for piece in re.findall(r"[A-Za-z]+|\d+|\n\s*|[^\w\s]+|_|[^\x00-\x7f]", text):
        if piece[0].isascii() and piece[0].isalpha():
            pieces += math.ceil(len(piece) / 6)
        elif piece[0].isdigit():
            pieces += math.ceil(len(piece) / 3)
        else:
            pieces += 1 if piece[0] == "\n" else math.ceil(len(piece) / 2)
    return max(pieces, math.ceil(len(text) / 3.6))


def _functions_text(two_dates: bool, indices: bool) -> str:
    described = []
    for name, function in functions().items():
        needless = (name in _OF_TWO_DATES and not two_dates) or (name in _OF_INDICES and not indices)
        if name in _UNTOLD or needless:
            continue
        doc = function.doc if name in _IN_FULL else _in_brief(function.doc)
        described.append(f"{function.signature}\n{_indented(doc)}")
    return "\n".join(described)


def _in_brief(doc: str) -> str:
    """The first paragraph of a docstring and what it returns."""
    summary = doc.split("\n\n", 1)[0]
    returns = re.search(r"^Returns:\n((?:[ \t]+.*\n?)+)", doc, re.MULTILINE)
    return f"{summary}\nReturns {_one_line(returns.group(1))}" if returns else summary


def _topics_text(topics: tuple[str, ...]) -> str:
    described = []
    for topic in topics:
        note = topic_of(topic).mass if topic_of(topic).mass != topic else ""
        if topic in COMPOSED:
            note = (
                f"{note} = {' + '.join(COMPOSED[topic])}".removeprefix(" = ")
                if topic == "vegetation"
                else note
            )
        described.append(f"{topic} ({note})" if note else topic)
    if is_open(topics):
        described.append("or any other noun phrase, in the question's words")
    return ", ".join(described)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _indented(text: str) -> str:
    lines = (
        line.strip() if not line.startswith("    ") else "  " + line.strip() for line in text.splitlines()
    )
    return "\n".join(f"  {line}" for line in lines if line.strip())
