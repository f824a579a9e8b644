"""An area of interest as one program sees it: shapes end at its border, distances reach beyond.

What a program gets of a topic is cut at the border. Where it measures *to* shapes, the whole topic is meant: a program
that knows of the area asks for it (``find_surrounding_shapes``); for one that does not, the shapes of a topic that it
was given stand for all of the topic.
"""

from __future__ import annotations

from collections.abc import Callable, Container

import numpy as np

from planimeter.program.arguments import Refused
from planimeter.program.registry import Block, BlockPart, ShapeRegistry
from planimeter.spatial.area import AreaOfInterest
from planimeter.spatial.shapes import Shapes
from planimeter.vocabulary.topics import GROUND, topic_of

Warn = Callable[[str], None]


class Interest:
    """What lies inside an area, and what it was before it was cut.

    Args:
        area: on the scene's grid.
        registry: every shape of the program.
        warn: takes sentences for the answer.

    Attributes:
        around: topic → its shapes, whole.
    """

    def __init__(self, area: AreaOfInterest, registry: ShapeRegistry, warn: Warn) -> None:
        self.area = area
        self.around: dict[str, Block] = {}
        self._registry = registry
        self._warn = warn
        self._topics: dict[int, tuple[str, np.ndarray]] = {}
        self._wide: set[int] = set()
        self._known = False
        self._none_inside: list[str] = []
        self._nowhere: list[str] = []
        self._cut: dict[str, tuple[int, int]] = {}

    def add(self, topic: str, whole: Shapes, word: str, mask: np.ndarray | None) -> Block:
        """Take a topic's shapes; returns the block of what lies inside."""
        around = self._registry.add(whole, word, mask=mask)
        self.around[topic] = around
        if len(around):  # a block of nothing has the number of the next one
            self._wide.add(around.first)
        inside, source, cut = self.area.cut(whole)
        block = self._registry.add(inside, word)
        if len(block):
            self._topics[block.first] = (topic, source)
        if not len(inside) and not topic.startswith("*"):
            (self._none_inside if len(whole) else self._nowhere).append(topic)
        if not topic.startswith("*"):
            self._cut[topic] = int(cut.sum()), len(inside)
        return block

    def surroundings(self) -> dict[str, Block]:
        """Topics whole, for a program that knows of the area: an empty list then stands for nothing at all."""
        self._known = True
        return self.around

    def say_what_was_cut(self, counted: Container[str] | None) -> None:
        """Say how many shapes the border cut, of the topics that an answer counts; None where nobody knows them."""
        for topic, (cut, inside) in self._cut.items():
            if cut and (counted is None or topic in counted):
                self._warn(
                    f"{cut:,} of {inside:,} {topic_of(topic).many} {'is' if cut == 1 else 'are'} cut by the border of "
                    "the area of interest; what lies outside was not measured."
                )

    def derived(self, block: Block, sources: list[Block]) -> None:
        """Note that shapes were made from others, which may all reach beyond the border."""
        if len(block) and sources and all(source.first in self._wide for source in sources):
            self._wide.add(block.first)

    def reference(self, parts: list[BlockPart]) -> list[BlockPart]:
        """What is meant where a program measures to shapes: the whole topics of those that end at the border."""
        if not parts:
            return [] if self._known else self._all_of_the_absent()
        found = []
        for part in parts:
            known = self._topics.get(part.block.first)
            if known is None:
                found.append(part)
                if part.block.first not in self._wide and part.block.class_types[0] != GROUND:
                    self._warn(
                        "Distances were measured to shapes that the program cut or merged inside the area of interest, "
                        "so that what lies outside was not seen."
                    )
                continue
            topic, source = known
            around = self.around[topic]
            if part.is_whole:
                found.append(BlockPart(around, np.arange(len(around))))
                continue
            found.append(BlockPart(around, np.unique(source[part.indices])))
            if topic.startswith("*"):
                continue
            self._warn(
                f"Distances were measured to {topic_of(topic).many} that the program chose by their part inside the "
                "area of interest; those outside were not seen."
            )
        return found

    def _all_of_the_absent(self) -> list[BlockPart]:
        """What an empty list of shapes stands for: the topic of which nothing lies inside.

        Raises:
            Refused: it may stand for several.
        """
        if not self._none_inside:
            return []
        (topic, *others) = (*self._none_inside, *self._nowhere)
        if others:
            names = ", ".join((topic, *others))
            raise Refused(
                f"reference_shapes is empty, and the area of interest has none of {names}: take what is measured to "
                f'from find_surrounding_shapes(["{topic}"], gsd), which reaches beyond the area'
            )
        self._warn(
            f"The area of interest has no {topic_of(topic).mass}; distances were measured to what lies outside it."
        )
        return [BlockPart(self.around[topic], np.arange(len(self.around[topic])))]
