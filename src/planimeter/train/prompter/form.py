"""What small prompters share: the pieces of an answer that are tokens, and a template that tells them the phrase alone.

What ``reason.wording`` says about a phrase is a thousand characters.
"""

from __future__ import annotations

FORM = (
    "<think>",
    "</think> <answer>```json[",
    "]```</answer>",
    '{"bbox_2d": [',
    '], "positive_points": [[',
    "]]}",
    "], [",
    ", ",
)
"""Pieces of the answer's form, each a token of its own."""


def template(before: str, after: str, end: str) -> str:
    """A chat template: the phrase of a question between two texts, an answer and its end.

    Args:
        before: in front of the phrase.
        after: behind it.
        end: behind an answer.

    Example:
        >>> "<picture>" in template("<picture>", "", "<end>")
        True
    """
    return (
        "{% for message in messages %}{% if message['role'] == 'user' %}"
        f"{before}"
        "{% if message['content'] is string %}{% set text = message['content'] %}"
        "{% else %}{% set text = message['content'] | selectattr('type', 'equalto', 'text')"
        " | map(attribute='text') | first %}{% endif %}"
        "{{ text.split('\"')[1] if text.count('\"') >= 2 else text }}"
        f"{after}"
        "{% elif message['role'] == 'assistant' %}"
        "{{ message['content'] if message['content'] is string else message['content'][0]['text'] }}"
        f"{end}"
        "{% endif %}{% endfor %}"
    )
