"""The programs of a batch, and the plan by which their numbers combine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from planimeter.coder import Program, Request, find_coder
from planimeter.coder.router import Looks
from planimeter.errors import NotMeasurable, PlanimeterError, UsageError
from planimeter.meaning.combine import plan_for
from planimeter.meaning.combine_plan import Plan, plan_for_way, plan_without
from planimeter.meaning.covers import land_covers
from planimeter.meaning.emit import emit
from planimeter.meaning.records import Composition, Leads, Meaning, Which
from planimeter.scale.batch.headers import Opened, common_topics
from planimeter.scale.batch.options import Options
from planimeter.scale.batch.tasks import Programs
from planimeter.segment.open import is_open
from planimeter.vocabulary.topics import Topic


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
        self._made: dict[tuple[object, ...], tuple[Programs, Plan] | PlanimeterError] = {}
        if isinstance(self._coder, Looks) and self._coder.looks_at(question) is not None:
            raise UsageError(
                "A batch measures, and this question or coder wants a look at the picture: ask scene by scene with "
                "planimeter ask."
            )

    def programs(
        self,
        topics: tuple[str, ...],
        by_pixels: bool = True,
        before: tuple[str, ...] | None = None,
        north: str | None = None,
    ) -> tuple[Programs, Plan]:
        """The programs for scenes with some topics, and how their numbers combine.

        Args:
            topics: what the scenes offer.
            by_pixels: whether counts of their pixels stand for areas.
            before: what the scenes offer at the earlier date; None for one date.
            north: where north lies in them, as ``planimeter.raster.north.north_of`` says it.

        Raises:
            PlanimeterError: no program can be written.
        """
        key = (is_open(topics), by_pixels, before, north, *topics)
        if key not in self._made:
            try:
                self._made[key] = self._write(topics, by_pixels, before, north)
            except PlanimeterError as error:
                self._made[key] = error
        made = self._made[key]
        if isinstance(made, PlanimeterError):
            raise made
        return made

    def joined_topics(self, scenes: Sequence[Opened], north: str | None = None) -> tuple[str, ...]:
        """What is asked of scenes that are joined: what all offer, or every land cover where these are compared.

        Args:
            scenes: on one grid.
            north: where north lies in them.

        Raises:
            PlanimeterError: no program can be written, or the scenes' land covers cannot be compared.
        """
        first = scenes[0].topics
        meaning = self.programs(first, before=scenes[0].before_topics, north=north)[0].main.meaning
        if isinstance(meaning, Which | Leads | Composition) and not meaning.options:
            return land_covers([scene.topics for scene in scenes])
        return common_topics(scenes)

    def _write(
        self, topics: tuple[str, ...], by_pixels: bool, before: tuple[str, ...] | None, north: str | None
    ) -> tuple[Programs, Plan]:
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
            north=north,
        )
        program = replace(self._coder.write(request), writing={})
        plan = self._plan(program)
        unknown = {number for number, topic in plan.covers.items() if topic not in topics}
        parts = tuple(
            None if number in unknown else self._part(meaning, topics, program.coder, by_pixels)
            for number, meaning in enumerate(plan.meanings[1:], start=1)
        )
        return Programs(self.question, program, parts, self._options.models.full_python), plan

    def _plan(self, program: Program) -> Plan:
        way = self._options.combine
        if way == "none":
            return plan_without("Combining was turned off with --combine none.")
        if way != "auto":
            return plan_for_way(way, self._metric)
        if program.meaning is None:
            return plan_without(
                f"How the answers of a program by {program.coder} combine is not known: say so with --combine, for "
                "example --combine sum."
            )
        return plan_for(program.meaning, self._offered, self._metric)

    def _part(self, meaning: Meaning | None, topics: tuple[str, ...], coder: str, by_pixels: bool) -> Program:
        if meaning is None:
            raise NotMeasurable("Only a question that is understood has parts; ask in other words.")
        area = self._options.zones is not None
        return emit(meaning, topics, coder, by_pixels, self._layered, area, self._metric)
