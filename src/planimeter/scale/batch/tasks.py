"""What a worker is told: the programs to run, and the scene or the unit of several to run them on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from planimeter.coder import Program
from planimeter.program.api import asks_of_two_dates
from planimeter.raster import Scene
from planimeter.scale.batch.budget import Budget
from planimeter.scale.batch.ledger import key_of
from planimeter.scale.batch.maps import EarlierScene, SceneMaps
from planimeter.scale.batch.opening import Opening
from planimeter.scale.batch.zones import ZoneSource


@dataclass(frozen=True)
class Programs:
    """What is run on every scene or unit of the same topics.

    Attributes:
        question: as it was asked.
        main: the program that answers it.
        parts: the programs for the other numbers of the plan, in its order; None for one that cannot be had here,
            because the map does not know the topic.
        full_python: let programs that the sandbox cannot run go to a confined CPython.
    """

    question: str
    main: Program
    parts: tuple[Program | None, ...] = ()
    full_python: bool = False

    @property
    def texts(self) -> list[str]:
        """What is run, main program first."""
        return [program.text for program in (self.main, *filter(None, self.parts))]

    @property
    def of_two_dates(self) -> bool:
        """Whether any asks for the earlier date; the ground of one date alone is not cut to that of both."""
        return any(map(asks_of_two_dates, self.texts))

    def names(self, topics: Sequence[str]) -> int:
        """How many of some topics the programs name.

        >>> main = Program("segment_image_from_path(IMAGE_PATH, ['roof', 'water'])", "you", "any", None, "")
        >>> Programs("", main).names(["roof", "road"])
        1
        """
        return sum(
            any(f"'{topic}'" in text or f'"{topic}"' in text for text in self.texts) for topic in topics
        )


@dataclass(frozen=True)
class SceneTask:
    """One scene to measure.

    Attributes:
        key: names its result and its files.
        shown: how tables name it.
        path: its file.
        opening: how the file is opened.
        stated: metres per pixel that the question states.
        maps: where masks come from.
        programs: what is run.
        folder: where masks and shapes go, reachable from every worker.
        keeps_masks: whether its masks are needed again, because it is joined to others or covers some.
        shapes: how its shapes are written: "" not at all, "crs" in its CRS, "degrees" in longitude and latitude.
        budget: memory that measuring it may use; nothing in its result depends on that.
        why: sentences about how its source was chosen.
        zones: what it is asked for by; None where it is measured as a part of a larger unit, or nothing was asked.
        before: its earlier image; None where one date is asked of.
        origin: digests of what its result depends on, by the names of ``CHANGES``.
    """

    key: str
    shown: str
    path: str
    opening: Opening
    stated: float | None
    maps: SceneMaps
    programs: Programs
    folder: str
    keeps_masks: bool
    shapes: str
    budget: Budget = field(default_factory=Budget)
    why: tuple[str, ...] = ()
    zones: ZoneSource | None = None
    before: EarlierScene | None = None
    origin: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def work(self) -> str:
        """What is to be done, whatever it depends on."""
        return key_of([self.programs.question, self.path])

    def opened(self) -> Scene:
        """The scene with its scale.

        Raises:
            InputError: it cannot be opened.
        """
        scene = self.opening.of(Path(self.path))
        return scene if self.stated is None else scene.with_gsd(self.stated, "question")


@dataclass(frozen=True)
class UnitTask:
    """Scenes on one grid to measure as one.

    Attributes:
        key: names its result and its files.
        scenes: the scenes, in order; they have been measured and have kept their masks.
        covering: scenes of earlier units whose ground is left out.
        topics: what they are asked for; see ``Writer.joined_topics``.
        programs: what is run.
        folder: where masks and shapes are.
        shapes: as in ``SceneTask``.
        zones: as in ``SceneTask``.
        before_topics: what they are asked for at the earlier date; None for one date.
        origin: as in ``SceneTask``.
    """

    key: str
    scenes: tuple[SceneTask, ...]
    covering: tuple[SceneTask, ...]
    topics: tuple[str, ...]
    programs: Programs
    folder: str
    shapes: str
    zones: ZoneSource | None = None
    before_topics: tuple[str, ...] | None = None
    origin: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def work(self) -> str:
        """What is to be done, whatever it depends on."""
        return key_of([self.programs.question, [scene.path for scene in self.scenes]])


def masks_file(folder: str, key: str) -> Path:
    """Where a scene's masks are kept."""
    return Path(folder) / "masks" / f"{key}.npz"


def shapes_file(folder: str, key: str) -> Path:
    """Where the shapes of a scene or unit are written."""
    return Path(folder) / "shapes" / f"{key}.parquet"
