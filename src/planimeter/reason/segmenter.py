"""Any noun phrase as a topic: prompter, prompts, promptable segmenter, mask."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import InputError, NotMeasurable
from planimeter.paths import is_dir, is_file
from planimeter.raster import Scene
from planimeter.reason.embeddings import EmbeddingCache, content_hash
from planimeter.reason.frames import OriginalFrame
from planimeter.reason.parse import parse_lenient, usable_prompts
from planimeter.reason.prompt import Prompt
from planimeter.reason.promptable import EMBEDDED, PromptableSegmenter, find_promptable
from planimeter.reason.prompter import Prompter, PrompterLook, Said, find_prompter
from planimeter.reason.scoring import union_mask
from planimeter.reason.spec import ReasonSpec, read_spec
from planimeter.segment import Segmenter, find_segmenter
from planimeter.segment.base import Caution, Seen, require_topics
from planimeter.segment.hub import known_commit, shown_source
from planimeter.segment.memory import look
from planimeter.segment.open import OpenTopics
from planimeter.spatial.runs import Box
from planimeter.vocabulary.topics import TOPICS, topic_of

ON_HUB = ("vlm", "sam2")  # models that may be named by their place on the hub
_REMEMBERED = 256  # phrases, with their prompts
_OPENING: ContextVar[tuple[Path, ...]] = ContextVar("_OPENING", default=())  # descriptions, base within base


class ReasonSegmenter:
    """Masks of whatever can be said.

    Topics that ``base`` knows come from it; the prompter is asked for the others. Models are loaded when a phrase first
    needs them.

    Args:
        spec: what to use.
        prompter: use this instead of what the description names.
        promptable: likewise.
        base: likewise.
    """

    def __init__(
        self,
        spec: ReasonSpec,
        *,
        prompter: Prompter | None = None,
        promptable: PromptableSegmenter | None = None,
        base: Segmenter | None = None,
    ) -> None:
        self._spec = spec
        self._prompter, self._promptable = prompter, promptable
        self._base: Any = base or (find_segmenter(spec.base) if spec.base else None)
        self._images = EmbeddingCache()
        self._prompts: dict[tuple[str, str], list[Prompt]] = {}
        self._given = [each.name if each else "" for each in (prompter, promptable)]
        self._opened: dict[str, str] = {}  # model → the state of its files when it was opened
        self._name()
        self.topics: tuple[str, ...] = OpenTopics(self._base.topics if self._base else ())

    def _name(self) -> None:
        """Say who sees what; of models from the hub with the commit, once it is on this machine."""
        self._found_by = f"{_short(self._spec.prompter)} + {_short(self._spec.promptable)}"
        self.name = f"{self._base.name} + {self._found_by}" if self._base else self._found_by

    @classmethod
    def from_spec(cls, place: str) -> ReasonSegmenter:
        """What ``--segmenter reason:PLACE`` means; see ``read_spec``.

        Raises:
            InputError: there is no such description, it is not one, or its base leads back to it.
        """
        here = Path(place).resolve()
        if here in _OPENING.get():
            raise InputError(
                f"The base of {here.name} leads back to {here.name} itself: name a segmenter that does without it."
            )
        before = _OPENING.set((*_OPENING.get(), here))
        try:
            return cls(read_spec(place))
        finally:
            _OPENING.reset(before)

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """What the base shows of the topics it knows, and the prompter of the others; see ``Segmenter.look``.

        Raises:
            NotMeasurable: a topic that is no noun phrase, or one whose answer cannot be read.
            ModelError: a model is missing or failed.
        """
        require_topics(topics, self.topics, self.name)
        known = [topic for topic in topics if self._known(topic)]
        seen = look(self._base, scene, known) if self._base else Seen({})
        phrases = [topic for topic in topics if topic not in known]
        if not phrases:
            return seen
        found = self._look_for(scene, phrases)
        cautions = (*seen.cautions, self._caution(phrases))
        return replace(seen, masks={**seen.masks, **found}, cautions=cautions)

    def look_for(self, scene: Scene, phrase: str) -> Seen:
        """What a phrase or question describes, whatever its words, as the prompter sees it.

        Raises:
            NotMeasurable: its answer cannot be read.
            ModelError: a model is missing or failed.
        """
        return Seen(self._look_for(scene, [phrase]), None, (self._caution([phrase]),))

    def _caution(self, phrases: Sequence[str]) -> Caution:
        """That topics were found from words alone."""
        names = " and ".join(f'"{_phrase(phrase)}"' for phrase in phrases)
        return Caution(
            f"{names} {'was' if len(phrases) == 1 else 'were'} found from the words alone by {self._found_by}, whose "
            "errors are not known here: look at its mask before you rely on it.",
            phrases,
        )

    def fingerprint(self) -> str:
        """The description, the state of the models' files on this machine, and the base's fingerprint."""
        base = self._base.fingerprint() if self._base else ""
        models = (self._spec.prompter, self._spec.promptable)
        states = [self._opened.get(model) or files_state(model) for model in models]
        told = repr((self._spec, self._given, states))
        return f"reason:{hashlib.sha256(told.encode()).hexdigest()[:16]}|{base}"

    def _known(self, topic: str) -> bool:
        return self._base is not None and topic in tuple(self._base.topics)

    def _look_for(self, scene: Scene, phrases: Sequence[str]) -> dict[str, np.ndarray]:
        """What the prompter shows for each phrase, on the scene's grid."""
        factor = min(1.0, self._spec.max_side / max(scene.width, scene.height))
        size = (max(1, round(scene.height * factor)), max(1, round(scene.width * factor)))
        image = scene.read_rgb(out_shape=None if factor == 1.0 else size)
        picture = content_hash(image)
        remembered = {phrase: self._prompts.get((picture, phrase)) for phrase in phrases}
        new = [phrase for phrase, prompts in remembered.items() if prompts is None]
        asked = self._ask(image, picture, new) if new else {}
        segmenter = self._segmenter()
        masks = {}
        for phrase, known in remembered.items():
            prompts = asked[phrase] if known is None else known
            found = np.zeros(size, dtype=bool)
            if prompts:
                found = union_mask(segmenter, self._images.encode(segmenter, image), prompts)
            masks[phrase] = _resized(found, (scene.height, scene.width))
        return masks

    def _ask(self, image: np.ndarray, picture: str, phrases: Sequence[str]) -> dict[str, list[Prompt]]:
        """Have the prompter look, and remember its prompts."""
        if self._prompter is None:
            self._opened[self._spec.prompter] = files_state(self._spec.prompter)
            self._prompter = find_prompter(self._spec.prompter, self._spec.options)
            self._name()
        said = self._prompter.say([PrompterLook(image, _phrase(phrase)) for phrase in phrases])
        original = OriginalFrame(image.shape[1], image.shape[0])
        found: dict[str, list[Prompt]] = {}
        try:
            for phrase, answer in zip(phrases, said, strict=True):
                found[phrase] = _read(answer, phrase, original)
        finally:  # what was read before one that cannot be
            self._prompts.update({(picture, phrase): prompts for phrase, prompts in found.items()})
            for oldest in list(self._prompts)[:-_REMEMBERED]:
                self._prompts.pop(oldest, None)
        return found

    def _segmenter(self) -> PromptableSegmenter:
        if self._promptable is None:
            self._opened[self._spec.promptable] = files_state(self._spec.promptable)
            self._promptable = find_promptable(self._spec.promptable)
            self._name()
        return self._promptable


def files_state(model: str) -> str:
    """A text that changes when a model's files on this machine are replaced: their names, sizes and times.

    Of a model from the hub it is the commit that lies in the hub's cache.

    Args:
        model: as ``find_prompter`` and ``find_promptable`` take it; "" comes of one that is no folder here.

    Example:
        >>> files_state("openai:any-model")
        ''
    """
    kind, _, place = model.removesuffix(",download").partition(":")
    if kind == EMBEDDED:
        from planimeter.reason.embedded.card import load_promptable_card

        card = load_promptable_card()
        return f"{card.encoder.sha256} {card.decoder.sha256}"
    folder = Path(place)
    if not place or not is_dir(folder):
        return known_commit(place) if kind in ON_HUB and place else ""
    states = ((each.name, each.stat()) for each in sorted(folder.iterdir()) if is_file(each))
    return " ".join(f"{name}:{state.st_size}:{state.st_mtime_ns}" for name, state in states)


def _read(said: Said, phrase: str, original: OriginalFrame) -> list[Prompt]:
    """The prompts in an answer.

    Raises:
        NotMeasurable: it cannot be read, or none of its places lies in the image: that is not "there is none".
    """
    raw = parse_lenient(said.text)
    prompts = None if raw is None else usable_prompts(raw, said.frame, original)
    if prompts is None or (raw and not prompts):
        printable = "".join(each if each.isprintable() else " " for each in said.text[-80:])
        shown = " ".join(printable.split())
        raise NotMeasurable(
            f'The prompter\'s answer about "{phrase}" cannot be read ("…{shown}"): ask in other words, or use another '
            "prompter."
        )
    return prompts


def _phrase(topic: str) -> str:
    """What the prompter is told to find for a topic."""
    return topic_of(topic).many if topic in TOPICS else topic


def _resized(mask: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """A mask on another grid of the same picture, by nearest neighbour."""
    if mask.shape == shape:
        return mask
    rows, columns = (
        ((np.arange(new) + 0.5) * old / new).astype(np.intp)
        for new, old in zip(shape, mask.shape, strict=True)
    )
    resized: np.ndarray = mask[np.ix_(rows, columns)]
    return resized


def _short(name: str) -> str:
    """A model's name without the folders it lies in."""
    kind, colon, rest = name.removesuffix(",download").partition(":")
    if kind == "openai":
        return rest.partition("@")[0]
    if kind in ON_HUB:
        return shown_source(rest)
    return rest.rstrip("/").rpartition("/")[2] if colon else name
