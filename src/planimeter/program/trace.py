"""What a run leaves behind: the answer, every call, and the shapes the answer was computed from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from planimeter.place import Place
from planimeter.raster.scale import Scale
from planimeter.spatial import Shapes
from planimeter.spatial.area import AreaOfInterest
from planimeter.spatial.runs import Runs
from planimeter.table import Table

#: What became of shapes between two dates, as evidence marks it.
CHANGES = ("lost", "gained", "kept", "new", "gone", "grown", "shrunk")


@dataclass(frozen=True)
class Call:
    """One call of a program function.

    Attributes:
        function: its name.
        arguments: what it was given, in short.
        result: what it returned, in short.
        seconds: time it took in the host.
    """

    function: str
    arguments: str
    result: str
    seconds: float


@dataclass
class Evidence:
    """The regions and features an answer was computed from.

    Attributes:
        counted: (class_type, regions) of what the answer counts or sums.
        reference: (class_type, regions) of what it was measured against.
        distance_m: metres of the last distance condition; None where there was none.
        near: regions that the last distance was taken to, none where no distance was: the band of ``distance_m`` lies
            around these alone, whatever else is a reference.
        rows: of each entry of ``counted`` the rows, from 1, that its regions have in a list; empty where the answer
            is no list.
        beyond: True where the condition asks for what is farther than the distance.
        changes: of answers about two dates, what became of shapes: one of ``CHANGES`` → (class_type, regions).
        source: how the counted shapes were found: "highlight" (the program marked them), "dataflow" (read off
            what ``answer`` depends on), "answer" (it holds them), "last call" or "none".
        area: the area of interest; None where the whole scene was measured.
        unsure: topic → pixels of which the segmenter is not sure whether they are the topic, and their share of the
            ground that counts, 0 to 1; of the topics that the program asked for, where the segmenter says so.
        not_sure: the share of that ground on which it is not sure of any of them; None where it does not say so.
        zones: name, value in words and shapely geometry in pixels of each zone, where there are some.
    """

    counted: list[tuple[str, Shapes]] = field(default_factory=list)
    reference: list[tuple[str, Shapes]] = field(default_factory=list)
    distance_m: float | None = None
    near: list[Shapes] = field(default_factory=list)
    beyond: bool = False
    source: str = "none"
    area: AreaOfInterest | None = None
    zones: list[tuple[str, str, Any]] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)
    changes: dict[str, list[tuple[str, Shapes]]] = field(default_factory=dict)
    unsure: dict[str, tuple[Runs, float]] = field(default_factory=dict)
    not_sure: float | None = None


@dataclass
class Run:
    """A program that ran to its end.

    Attributes:
        answer: finite int or float as computed, "yes"/"no", a category word, a table or a place.
        stdout: what it printed.
        trace: its calls, in order.
        evidence: the pixels behind the answer.
        warnings: sentences a reader of the answer should see.
        timings: seconds of "check", "host" (segmenting and measuring), "sandbox" and "total".
        scale: the scale that areas and distances were measured with; None where none was known.
        topics: topics that were segmented, in order.
        seen: those of them of which the scene has anything.
        valid_pixels: pixels that count.
        valid_hectares: their ground; None where no scale is known.
        listed: whether the answer is a table of shapes, one a row.
        judged: share of the scene's valid ground on which the segmenter has an opinion.
        protections: what the worker ran under, e.g. ("process", "limits", "rlimits", "landlock", "seccomp");
            ("columns",) where no process was needed, see ``columnwise``.
    """

    answer: float | int | str | Table | Place
    stdout: str
    trace: list[Call]
    evidence: Evidence
    warnings: list[str]
    timings: dict[str, float]
    scale: Scale | None
    protections: tuple[str, ...]
    topics: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    valid_pixels: int = 0
    judged: float = 1.0
    valid_hectares: float | None = None
    listed: bool = False
