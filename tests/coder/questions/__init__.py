"""Questions and what they mean: per group one reference value and the wordings that must give it.

A reference is an expression over ``tests.coder.reference.Truth`` (brute force over label masks), independent of any
program. Wordings are as different people would put them: terse, chatty, imperative, passive, British, American.
"""

from __future__ import annotations

from tests.coder.questions.beyond import ATTACHMENTS, BEYOND
from tests.coder.questions.group import Group
from tests.coder.questions.paper import ABBREVIATED, TABLE_7
from tests.coder.questions.paraphrases import PARAPHRASES

ANSWERABLE = (*TABLE_7, *ABBREVIATED, *PARAPHRASES, *BEYOND, *ATTACHMENTS)

__all__ = ["ABBREVIATED", "ANSWERABLE", "ATTACHMENTS", "BEYOND", "PARAPHRASES", "TABLE_7", "Group"]
