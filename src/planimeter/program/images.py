"""The images a program may name: the one it was given, and the earlier one where there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from planimeter.errors import NotMeasurable
from planimeter.program.arguments import Refused
from planimeter.segment.dates import EARLIER
from planimeter.vocabulary.topics import topic_among

if TYPE_CHECKING:
    from planimeter.raster.scene import Scene
    from planimeter.segment.base import Segmenter
    from planimeter.segment.dates import Earlier


class NamedImages:
    """Finds the topics of an image by what a program calls the image and them.

    Args:
        scene: the image.
        segmenter: of the image.
        before: the earlier date; None where there is none.

    Attributes:
        path: what a program calls the image.
        before_path: what it calls the earlier one; None where there is none.
    """

    def __init__(self, scene: Scene, segmenter: Segmenter, before: Earlier | None) -> None:
        self.path = scene.name
        self.before_path = None if before is None else f"before/{before.scene.name}"
        self._scene, self._later, self._before = scene, segmenter, before

    def topics_of(self, image: Any) -> Callable[[str], str]:
        """What finds the topics of one of the two dates, for the name of its image.

        Raises:
            NotMeasurable: the program means an earlier image, and there is none.
            Refused: it means something else.
        """
        if image is None:
            raise NotMeasurable(
                "The program asks for an earlier image, and there is none: give it with --before IMAGE."
            )
        if not isinstance(image, str) or image not in (self.path, self.before_path):
            raise Refused("image_input must be IMAGE_PATH: a program measures the one image it was given")
        return self._topic if image == self.path else self._earlier_topic

    def scene_of(self, image: Any) -> Scene:
        """The image of one of the two dates, by the name that ``topics_of`` has checked."""
        return self._scene if image == self.path or self._before is None else self._before.scene

    def _topic(self, asked: str) -> str:
        return topic_among(asked, self._later.topics, getattr(self._later, "brought", ())) or asked

    def _earlier_topic(self, asked: str) -> str:
        assert self._before is not None
        source = self._before.source
        return EARLIER + (topic_among(asked, source.topics, source.brought) or asked)
