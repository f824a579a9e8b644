"""The headers of scenes and what their maps offer, looked at before anything is measured."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from planimeter.coder import stated_gsd
from planimeter.errors import InputError, PlanimeterError, UsageError, shown_name
from planimeter.progress import with_progress
from planimeter.raster import Scene
from planimeter.scale.batch.layout import Footprint
from planimeter.scale.batch.ledger import file_state
from planimeter.scale.batch.maps import EarlierScene, SceneMaps, filled
from planimeter.scale.batch.masks_beside import cloud_masks, masks_note
from planimeter.scale.batch.opening import files_of
from planimeter.scale.batch.options import Options
from planimeter.scale.batch.rows import error_from
from planimeter.scale.batch.sources import Found
from planimeter.segment.open import OpenTopics, is_open
from planimeter.vocabulary.topics import Topic


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
            f"{len(with_files) - len(scenes)} of the files found are label rasters or masks of others and no scenes."
        )
    masks = cloud_masks([str(one.path) for one, _ in scenes if one.path])
    if masks:
        among = [str(one.path) for one, _ in scenes if str(one.path) in masks]
        notes.append(masks_note(among, hiding=options.clouds not in (None, "none")))
        scenes = [each for each in scenes if str(each[0].path) not in masks]
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
        more = [] if before is None or date is None else [*files_of(date.scene), *before.files()]
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


def common_topics_before(scenes: Sequence[Opened]) -> tuple[str, ...] | None:
    """Topics that all of some scenes offer at the earlier date; None where one of them has none."""
    offered = [scene.before_topics for scene in scenes]
    known = [topics for topics in offered if topics is not None]
    if len(known) < len(offered):
        return None
    return tuple(topic for topic in known[0] if all(topic in topics for topics in known))


def common_topics(scenes: Sequence[Opened]) -> tuple[str, ...]:
    """Topics that all of some scenes offer, in the order of the first; open where all of them are.

    >>> from dataclasses import replace
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

    >>> from dataclasses import replace
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
