"""For the site: examples in our docstrings become sections of examples, which are shown as code."""

from __future__ import annotations

import re
from typing import Any

import griffe

# Examples that stand behind the text without a heading: from ">>>" to the next empty line.
_BARE = re.compile(r"^>>> .*(?:\n(?!\n).+)*", flags=re.MULTILINE)


class Examples(griffe.Extension):
    """Writes the headings that the parser knows: ``Examples:``, where ours say ``Example:`` or nothing."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring is not None:
            text = re.sub(r"^Example:$", "Examples:", obj.docstring.value, flags=re.MULTILINE)
            obj.docstring.value = _BARE.sub(_as_section, text)


def _as_section(found: re.Match[str]) -> str:
    return "Examples:\n" + "".join(f"    {line}\n" for line in found[0].splitlines())
