"""One question or program on its way."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Literal

from planimeter.progress import Watch
from planimeter.serve.http_errors import ErrorReply

State = Literal["queued", "running", "answered", "done", "failed"]


@dataclass
class Job:
    """One question or program on its way.

    Attributes:
        id: also names its answer; cannot be guessed.
        kind: "ask" or "run".
        scene: id of the scene.
        title: what is worked on, as people say it.
        state: where it is.
        step: what is done right now, in a few words.
        done: parts of the step that are done; None where it has none.
        total: parts of the step.
        answer: its answer as far as it is known before its evidence is written; None before and afterwards.
        created: seconds since 1970.
        started: when work began; None while it waits.
        finished: when it ended; None before.
        error: why it failed; None otherwise.
        status: HTTP status of that error.
        changes: how often anything of it changed.
        told: when a part was told last, on the monotonic clock.
        watch: follows its work and can end it.
        together: the jobs that want the same and are done by one piece of work, this one among them.
    """

    id: str
    kind: str
    scene: str
    title: str = ""
    state: State = "queued"
    step: str = "waiting for its turn"
    done: int | None = None
    total: int | None = None
    answer: dict[str, Any] | None = None
    created: float = field(default_factory=time.time)
    started: float | None = None
    finished: float | None = None
    error: ErrorReply | None = None
    status: int = 200
    changes: int = 0
    told: float = 0.0
    watch: Watch = field(default_factory=Watch, repr=False, compare=False)
    together: list[Job] = field(default_factory=list, repr=False, compare=False)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ("done", "failed")
