"""Before anything is measured: open the headers, write the programs, and lay the scenes out in units."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from planimeter.coder import Coder, Program, Request, find_coder, stated_gsd
from planimeter.coder.find import ModelOptions
from planimeter.coder.router import Looks
from planimeter.errors import InputError, NotMeasurable, PlanimeterError, UsageError, shown_name
from planimeter.meaning import combine
from planimeter.meaning.records import Composition, Leads, Meaning, Which
from planimeter.progress import with_progress
from planimeter.raster import Scene
from planimeter.scale.batch.budget import Budget
from planimeter.scale.batch.layout import Footprint
from planimeter.scale.batch.ledger import file_state
from planimeter.scale.batch.maps import EarlierPatterns, EarlierScene, MapPatterns, SceneMaps, filled
from planimeter.scale.batch.measure import Programs
from planimeter.scale.batch.opening import Opening, files_of
from planimeter.scale.batch.rows import error_from
from planimeter.scale.batch.sources import Found
from planimeter.scale.batch.zones import ZoneSource
from planimeter.scale.limits import bytes_of
from planimeter.segment.open import OpenTopics, is_open
from planimeter.vocabulary.topics import Topic


@dataclass(frozen=True)
class Options:
    """How a batch is run; the defaults are those of ``planimeter batch``.

    Attributes:
        maps: where masks come from.
        gsd: metres per pixel, for pictures that do not say.
        bands: which band is which, for files that do not say; see ``planimeter.open_scene``.
        clouds: "auto", "none" or a file of clouds, in which ``{stem}`` and the like stand for the scene's names.
        asset: which STAC asset is the image.
        coder: who writes the program.
        models: how language models are reached.
        by: "date": a row for each day on which scenes were taken; "": one answer.
        combine: "auto", "none", or one of ``combine.WAYS``.
        overlap: "join": ground that several scenes show counts once; "keep": every scene counts whole.
        on_error: "skip" scenes that fail, with a row that says why, or "stop" at the first.
        shapes: write the shapes behind the answers.
        most_joined: pixels of the largest grid that scenes are joined to.
        scheduler: address of a Dask scheduler; None for this machine.
        workers: scenes at a time on this machine; None for one per core.
        threads: on this machine, use threads of this process instead of a process per worker.
        max_memory: memory of each process that measures, bytes or text such as "4GiB"; a scene that would need more
            is measured tile by tile. None: half of what is free, shared by the workers of this machine.
        tile: (height, width) of such tiles, pixels; None for what memory allows. Neither changes an answer.
        zones: answer for each polygon of this vector file, over all scenes; None for one answer.
        zone_name: the attribute that names zones.
        border: "centre" or "exact", whom a zone's border pixels belong to.
        before: where each scene's earlier image and its masks are, for questions about what changed.
    """

    maps: MapPatterns = field(default_factory=MapPatterns)
    gsd: float | None = None
    bands: str | Mapping[str, object] | None = None
    clouds: str | None = None
    asset: str | None = None
    coder: str | Coder | None = None
    models: ModelOptions = field(default_factory=ModelOptions)
    by: str = ""
    combine: str = "auto"
    overlap: str = "join"
    on_error: str = "skip"
    shapes: bool = True
    most_joined: int = 1 << 28
    scheduler: str | None = None
    workers: int | None = None
    threads: bool = False
    max_memory: str | int | None = None
    tile: tuple[int, int] | None = None
    zones: str | Path | None = None
    zone_name: str | None = None
    border: str = "centre"
    before: EarlierPatterns | None = None

    @property
    def zone_source(self) -> ZoneSource | None:
        """What workers are told of the zones; None for none."""
        return None if self.zones is None else ZoneSource.of(self.zones, self.zone_name, self.border)

    def earlier(self, scene: Path) -> EarlierScene:
        """The earlier image of one scene, where one is asked of."""
        assert self.before is not None
        clouds = self.clouds if self.clouds in ("auto", "none") else None
        return replace(self.before.of(scene, self.maps), bands=self.bands, clouds=clouds)

    @property
    def opening(self) -> Opening:
        """How scenes are opened."""
        return Opening(self.gsd, self.bands, self.clouds)

    @property
    def budget(self) -> Budget:
        """What each process that measures may use.

        Raises:
            UsageError: ``max_memory`` is no size.
        """
        size = None if self.max_memory is None else bytes_of(self.max_memory)
        return Budget(size, asked=size is not None, tile=self.tile)


@dataclass(frozen=True)
class Opened:
    """One scene whose header and maps have been looked at.

    Attributes:
        found: what was meant.
        maps: where its masks come from.
        scene: its header; None where it cannot be opened.
        topics: what its maps or model offer.
        fingerprint: of its segmenter.
        state: what tells whether any of its files has changed.
        problem: why it cannot be measured.
        brought: records of topics that its maps bring.
        exclusive: groups of its topics no two of which share a pixel.
        layered: topics of its vector layers, whose shapes may lie on each other.
        why: sentences about how its source was chosen.
        day: on which it was taken, where rows are by date.
        before: its earlier image; None where one date is asked of.
        before_topics: what that image's maps or model offer.
    """

    found: Found
    maps: SceneMaps = field(default_factory=SceneMaps)
    scene: Scene | None = None
    topics: tuple[str, ...] = ()
    fingerprint: str = ""
    state: tuple[object, ...] = ()
    problem: PlanimeterError | None = None
    brought: tuple[Topic, ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()
    layered: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    day: str = ""
    before: EarlierScene | None = None
    before_topics: tuple[str, ...] | None = None

    @property
    def footprint(self) -> Footprint | None:
        """Where it lies; None where that is not known."""
        return None if self.scene is None else Footprint.of(self.scene)


def open_all(found: Sequence[Found], question: str, options: Options) -> tuple[list[Opened], list[str]]:
    """Open the headers of all scenes; maps that lie among them are no scenes.

    Returns:
        the scenes, those that cannot be opened with their problem, and notes.
    """
    with_files = [
        (one, options.maps.of(one.path.absolute(), question) if one.path else SceneMaps()) for one in found
    ]
    as_maps = {os.path.realpath(file) for _, maps in with_files for file in maps.files()}
    if options.clouds not in (None, "auto", "none"):
        hiding = (filled(str(options.clouds), one.path.absolute()) for one in found if one.path)
        as_maps |= {os.path.realpath(file) for file in hiding}
    as_before = set()
    if options.before is not None:
        dates = [options.earlier(one.path.absolute()) for one in found if one.path]
        as_before = {os.path.realpath(file) for date in dates for file in date.files()} - as_maps
        with_files = [
            each for each in with_files if not each[0].path or os.path.realpath(each[0].path) not in as_before
        ]
    scenes = [
        (one, maps) for one, maps in with_files if not one.path or os.path.realpath(one.path) not in as_maps
    ]
    notes = []
    if len(with_files) < len(found):
        notes.append(
            f"{len(found) - len(with_files)} of the files found are earlier images of others, or their labels, and no "
            "scenes."
        )
    if len(scenes) < len(with_files):
        notes.append(
            f"{len(with_files) - len(scenes)} of the files found are label rasters of others and no scenes."
        )
    if not scenes:
        raise UsageError(
            "All files found are label rasters named by --labels; give the scenes they belong to."
        )
    stated = stated_gsd(question)
    ready = with_progress(scenes, len(scenes), "reading headers", "scene")
    return [_open(one, maps, stated, options) for one, maps in ready], notes


def _open(found: Found, maps: SceneMaps, stated: float | None, options: Options) -> Opened:
    if found.path is None:
        return Opened(found, problem=found.problem)
    try:
        scene = options.opening.of(found.path)
        if stated is not None:
            scene = scene.with_gsd(stated, "question")
        maps, why = maps.suited_to(scene)
        source = maps.source()
        before = None if options.before is None else options.earlier(found.path.absolute())
        date = None if before is None else before.date(scene, source)
        more = [] if before is None else before.files()
        state = [file_state(file) for file in [*files_of(scene), *maps.files(), *more]]
        return Opened(
            found,
            maps,
            scene,
            source.topics,
            source.fingerprint() if date is None else f"{source.fingerprint()}|{date.source.fingerprint()}",
            tuple(state),
            brought=source.brought,
            exclusive=source.exclusive,
            layered=source.layered,
            why=why,
            before=before,
            before_topics=None if date is None else date.source.topics,
        )
    except InputError as problem:
        return Opened(found, maps, problem=problem)
    except OSError as problem:
        return Opened(
            found,
            maps,
            problem=InputError(
                f"{shown_name(problem.filename)} cannot be read ({problem.strerror}); check it."
            ),
        )
    except PlanimeterError:
        raise
    except Exception as fault:  # of this scene alone; the others go on
        return Opened(found, maps, problem=error_from(fault))


class Writer:
    """Writes the programs of a batch: one for every set of topics that scenes offer.

    Args:
        question: what is asked of all scenes.
        options: who writes, and how answers combine.
        metric: whether every scene has a scale.
        gsd: metres per pixel where all scenes agree.
        offered: the topics of each scene, from which all get one plan.
        brought: records of topics that the scenes' maps bring.
        exclusive: groups of topics no two of which share a pixel, in all scenes.
        layered: topics whose shapes may lie on each other, in any scene.

    Raises:
        UsageError: the coder writes no programs.
    """

    def __init__(
        self,
        question: str,
        options: Options,
        metric: bool,
        gsd: float | None,
        offered: Sequence[tuple[str, ...]],
        brought: Iterable[Topic] = (),
        exclusive: tuple[tuple[str, ...], ...] = (),
        layered: tuple[str, ...] = (),
    ) -> None:
        self.question = question
        self._offered = offered
        self._exclusive = exclusive
        self._layered = layered
        self._brought = tuple({record.name: record for record in brought}.values())
        self._options = options
        self._metric = metric
        self._gsd = gsd
        self._coder = find_coder(options.coder, options.models)
        self._made: dict[tuple[object, ...], tuple[Programs, combine.Plan] | PlanimeterError] = {}
        if isinstance(self._coder, Looks) and self._coder.looks_at(question) is not None:
            raise UsageError(
                "A batch measures, and this question or coder wants a look at the picture: ask scene by scene with "
                "planimeter ask."
            )

    def programs(
        self, topics: tuple[str, ...], by_pixels: bool = True, before: tuple[str, ...] | None = None
    ) -> tuple[Programs, combine.Plan]:
        """The programs for scenes with some topics, and how their numbers combine.

        Args:
            topics: what the scenes offer.
            by_pixels: whether counts of their pixels stand for areas.
            before: what the scenes offer at the earlier date; None for one date.

        Raises:
            PlanimeterError: no program can be written.
        """
        key = (is_open(topics), by_pixels, before, *topics)
        if key not in self._made:
            try:
                self._made[key] = self._write(topics, by_pixels, before)
            except PlanimeterError as error:
                self._made[key] = error
        made = self._made[key]
        if isinstance(made, PlanimeterError):
            raise made
        return made

    def joined_topics(self, scenes: Sequence[Opened]) -> tuple[str, ...]:
        """What is asked of scenes that are joined: what all offer, or every land cover where these are compared.

        Raises:
            PlanimeterError: no program can be written, or the scenes' land covers cannot be compared.
        """
        first = scenes[0].topics
        meaning = self.programs(first, before=scenes[0].before_topics)[0].main.meaning
        if isinstance(meaning, Which | Leads | Composition) and not meaning.options:
            return combine.land_covers([scene.topics for scene in scenes])
        return common_topics(scenes)

    def _write(
        self, topics: tuple[str, ...], by_pixels: bool, before: tuple[str, ...] | None
    ) -> tuple[Programs, combine.Plan]:
        brought = tuple(record for record in self._brought if record.name in topics)
        request = Request(
            self.question,
            topics,
            self._gsd,
            brought,
            by_pixels,
            self._exclusive,
            self._layered,
            area=self._options.zones is not None,
            before=before,
            metric=self._metric,
        )
        program = replace(self._coder.write(request), writing={})
        plan = self._plan(program)
        unknown = {number for number, topic in plan.covers.items() if topic not in topics}
        parts = tuple(
            None
            if number in unknown
            else self._part(meaning, topics, program.coder, by_pixels, self._options.zones is not None)
            for number, meaning in enumerate(plan.meanings[1:], start=1)
        )
        return Programs(self.question, program, parts, self._options.models.full_python), plan

    def _plan(self, program: Program) -> combine.Plan:
        way = self._options.combine
        if way == "none":
            return combine.plan_without("Combining was turned off with --combine none.")
        if way != "auto":
            return combine.plan_for_way(way, self._metric)
        if program.meaning is None:
            return combine.plan_without(
                f"How the answers of a program by {program.coder} combine is not known: say so with --combine, for "
                "example --combine sum."
            )
        return combine.plan_for(program.meaning, self._offered, self._metric)

    @staticmethod
    def _part(
        meaning: Meaning | None, topics: tuple[str, ...], coder: str, by_pixels: bool, area: bool
    ) -> Program:
        from planimeter.meaning.emit import emit

        if meaning is None:
            raise NotMeasurable("Only a question that is understood has parts; ask in other words.")
        return emit(meaning, topics, coder, by_pixels, area=area)


def common_topics_before(scenes: Sequence[Opened]) -> tuple[str, ...] | None:
    """Topics that all of some scenes offer at the earlier date; None where one of them has none."""
    offered = [scene.before_topics for scene in scenes]
    known = [topics for topics in offered if topics is not None]
    if len(known) < len(offered):
        return None
    return tuple(topic for topic in known[0] if all(topic in topics for topics in known))


def common_topics(scenes: Sequence[Opened]) -> tuple[str, ...]:
    """Topics that all of some scenes offer, in the order of the first; open where all of them are.

    >>> scene = Opened(Found("a", None), topics=("roof", "water"))
    >>> common_topics([scene, replace(scene, topics=("water", "road"))])
    ('water',)
    >>> "ponies" in common_topics([replace(scene, topics=OpenTopics(["roof"]))] * 2)
    True
    """
    closed = [scene.topics for scene in scenes if not is_open(scene.topics)]
    first = closed[0] if closed else scenes[0].topics
    common = tuple(topic for topic in first if all(topic in scene.topics for scene in scenes))
    return common if closed else OpenTopics(common)


def unknown_notes(topics: Sequence[str], scenes: Sequence[Opened]) -> list[str]:
    """What to say of land covers that only some scenes' maps know: where they do not, these count for nothing.

    >>> scene = Opened(Found("a", None), topics=("roof", "water"))
    >>> unknown_notes(["roof", "water"], [scene, replace(scene, topics=("water",))])
    ['The maps of 1 of 2 scenes do not know roof, so whatever they show of it counts as none.']
    """
    counts = {topic: sum(topic not in scene.topics for scene in scenes) for topic in topics}
    return [
        f"The maps of {count} of {len(scenes)} scenes do not know {topic}, so whatever they show of it counts as none."
        for topic, count in counts.items()
        if 0 < count < len(scenes)
    ]
