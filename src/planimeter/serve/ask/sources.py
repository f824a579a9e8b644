"""What may see topics and who may write programs: only what the server was started with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from planimeter.coder.find import ModelOptions
from planimeter.errors import PlanimeterError
from planimeter.raster import Scene
from planimeter.segment import Segmenter, StackSegmenter, find_segmenter
from planimeter.segment.base import Seen
from planimeter.segment.corrections import Corrections
from planimeter.serve.http_errors import HTTPError
from planimeter.spatial.runs import Box
from planimeter.vocabulary.topics import topic_words

MAPS = "maps"
MEASURING = "measuring"
"""What is told once everything that was looked for is seen."""


@dataclass
class Offered:
    """One segmenter that may be chosen.

    Attributes:
        name: how requests choose it.
        segmenter: what it is.
        lock: held while it works: one scene at a time is what this machine has memory and cores for.
    """

    name: str
    segmenter: StackSegmenter
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def fingerprint(self) -> str:
        """What changes when it would see something else; its name alone while a server it asks is away."""
        try:
            return f"{self.name}|{self.segmenter.fingerprint()}"
        except PlanimeterError:
            return self.name

    def topics(self) -> tuple[str, ...]:
        """What it offers; nothing while a server it asks is away."""
        try:
            return self.segmenter.topics
        except PlanimeterError:
            return ()


class Sources:
    """The lists that a request's ``segmenter`` and ``coder`` are looked up in; no other name, path or address is tried.

    Args:
        segmenters: name → segmenter or its name; the first is used when a request names none.
        coders: names; the first is used when a request names none.
        models: how language and vision models are reached.

    Example:
        >>> from planimeter.segment import VectorSegmenter
        >>> sources = Sources({"lakes": VectorSegmenter("water", "lakes.gpkg")})
        >>> [offered.name for offered in sources.segmenters], sources.coder(None)
        (['lakes'], 'builtin')
    """

    def __init__(
        self,
        segmenters: dict[str, Segmenter | str] | None = None,
        coders: Sequence[str] = ("builtin",),
        models: ModelOptions | None = None,
    ) -> None:
        chosen = segmenters or {"default": "default"}
        self.segmenters = [Offered(name, find_segmenter(source)) for name, source in chosen.items()]
        self.coders = tuple(dict.fromkeys(coders))
        self.models = models or ModelOptions()

    def coder(self, name: str | None) -> str:
        """The coder of a request.

        Raises:
            Refused: it is not offered.
        """
        if name is None:
            return self.coders[0]
        if name not in self.coders:
            raise HTTPError(422, f"This server has no such coder; choose {' or '.join(self.coders)}.")
        return name

    def segmenter(self, name: str | None, has_maps: bool) -> Offered | None:
        """The segmenter of a request; None where the scene's own maps do without.

        Args:
            name: as the request has it.
            has_maps: whether the scene comes with maps.

        Raises:
            Refused: it is not offered.
        """
        if name in (None, MAPS) and has_maps:
            return None
        if name is None:
            return self.segmenters[0]
        for offered in self.segmenters:
            if offered.name == name:
                return offered
        names = [MAPS] * has_maps + [offered.name for offered in self.segmenters]
        raise HTTPError(
            422, f"This server has no such segmenter for this scene; choose {' or '.join(names)}."
        )


class Watched(StackSegmenter):
    """A stack that says what it looks for, and keeps what it found.

    Args:
        maps: as for ``StackSegmenter``.
        fallback: as for ``StackSegmenter``.
        tell: is told what happens, in a few words.
        corrections: as for ``StackSegmenter``; what is kept is corrected.

    Attributes:
        found: topic → mask, of all that was asked for.
    """

    def __init__(
        self,
        maps: Sequence[Segmenter],
        fallback: Segmenter | None,
        tell: Callable[[str], object],
        corrections: Corrections | None = None,
    ) -> None:
        super().__init__(maps, fallback, corrections)
        self.found: dict[str, np.ndarray] = {}
        self._tell = tell

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """See ``Segmenter.look``."""
        if topics:
            self._tell(f"finding {', '.join(map(topic_words, topics))}")
        seen = super().look(scene, topics, box)
        for topic, mask in seen.masks.items():
            self._keep(topic, mask, scene, box)
        if topics:
            self._tell(MEASURING)
        return seen

    def with_map(self, added: Segmenter) -> Watched:
        """The same with one more map; what it finds is kept here too."""
        more = Watched([*self.maps, added], self.uncorrected, self._tell, self.corrections)
        more.found = self.found
        return more

    def _keep(self, topic: str, mask: np.ndarray, scene: Scene, box: Box | None) -> None:
        """Keep a mask, or put a part of it where it belongs."""
        if box is None:
            self.found[topic] = mask
            return
        whole = self.found.get(topic)
        if whole is None or whole.shape != scene.shape:
            whole = self.found[topic] = np.zeros(scene.shape, dtype=bool)
        x0, y0, x1, y1 = box
        whole[y0:y1, x0:x1] = mask
