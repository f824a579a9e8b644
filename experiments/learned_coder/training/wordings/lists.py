"""Which families train, which choose settings, and which are reported."""

from learned_coder.training.wordings import held_out, spoken, written
from learned_coder.training.wordings.language import Family

TRAIN: dict[str, Family] = {
    "plain": spoken.PLAIN,
    "request": spoken.REQUEST,
    "chat": spoken.CHAT,
    "indirect": spoken.INDIRECT,
    "speech": spoken.SPEECH,
    "telegraphic": written.TELEGRAPHIC,
    "formal": written.FORMAL,
    "passive": written.PASSIVE,
    "condition first": written.CONDITION_FIRST,
    "query": written.QUERY,
    "form": written.FORM,
}
VALIDATION: dict[str, Family] = {"story": held_out.STORY, "blank": held_out.BLANK}
TEST: dict[str, Family] = {
    "learner": held_out.LEARNER,
    "column headings": held_out.LABELS,
    "exercise": held_out.EXERCISE,
    "planner": held_out.BUFFERED,
}
FAMILIES: dict[str, Family] = {**TRAIN, **VALIDATION, **TEST}
