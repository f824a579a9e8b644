"""Where each scene's masks come from: maps named by a pattern, and a model that a process loads once."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from planimeter.errors import UsageError
from planimeter.segment import LabelSegmenter, Segmenter, StackSegmenter, VectorSegmenter, find_segmenter

_PLACEHOLDERS = ("{stem}", "{name}", "{folder}")

_models: dict[str, StackSegmenter] = {}
_loading = threading.Lock()


@dataclass(frozen=True)
class SceneMaps:
    """The sources of one scene's masks; small, and sent to workers in place of a segmenter.

    Attributes:
        labels: (label raster, legend) pairs.
        vectors: (topic, vector layer) pairs.
        segmenter: name of the segmenter behind them; None for the default one, which is used only without maps.
    """

    labels: tuple[tuple[str, str], ...] = ()
    vectors: tuple[tuple[str, str], ...] = ()
    segmenter: str | None = None

    @property
    def uses_model(self) -> bool:
        """Whether a model of this process looks at the scene."""
        has_maps = bool(self.labels or self.vectors)
        if self.segmenter is None:
            return not has_maps
        return not self.segmenter.startswith(("http://", "https://"))

    def files(self) -> list[str]:
        """The files that masks are read from."""
        return [file for file, _ in self.labels] + [file.partition("|layer=")[0] for _, file in self.vectors]

    def source(self) -> StackSegmenter:
        """The segmenter, with its model shared by everything in this process.

        Raises:
            InputError: a legend or the model cannot be had.
        """
        maps: list[Segmenter] = [
            *(LabelSegmenter(file, legend) for file, legend in self.labels),
            *(VectorSegmenter(topic, file) for topic, file in self.vectors),
        ]
        if not maps:
            return model(self.segmenter)
        return StackSegmenter(maps, model(self.segmenter) if self.segmenter else None)


@dataclass(frozen=True)
class MapPatterns:
    """The options ``--labels``, ``--legend``, ``--vector`` and ``--segmenter``, with placeholders.

    ``{stem}`` is a scene's file name without its ending, ``{name}`` the whole file name, ``{folder}`` its folder. A
    relative path with ``{stem}`` or ``{name}`` lies beside the scene; one without placeholders is one file for all.

    >>> patterns = MapPatterns(("{stem}_labels.tif",), ("worldcover",))
    >>> patterns.of(Path("/data/a.tif")).labels
    (('/data/a_labels.tif', 'worldcover'),)
    """

    labels: tuple[str, ...] = ()
    legends: tuple[str, ...] = ()
    vectors: tuple[str, ...] = ()
    segmenter: str | None = None

    def __post_init__(self) -> None:
        if self.legends and not self.labels:
            raise UsageError("--legend says what label values mean, so it needs --labels FILE as well.")
        if self.labels and len(self.legends) not in (1, len(self.labels)):
            raise UsageError(
                f"There are {len(self.labels)} --labels and {len(self.legends)} --legend: give one legend per label "
                "raster, or one for all."
            )
        for pair in self.vectors:
            topic, equals, file = pair.partition("=")
            if not (topic and equals and file):
                raise UsageError(f"--vector {pair!r} must be TOPIC=FILE, for example roof={{stem}}.gpkg.")

    def of(self, scene: Path) -> SceneMaps:
        """The sources of one scene."""
        legends = self.legends * len(self.labels) if len(self.legends) == 1 else self.legends
        pairs = zip(self.labels, legends, strict=True)
        split = (pair.partition("=") for pair in self.vectors)
        return SceneMaps(
            tuple((_filled(file, scene), _filled(legend, scene)) for file, legend in pairs),
            tuple((topic, _filled(file, scene)) for topic, _, file in split),
            self.segmenter,
        )


def model(name: str | None) -> StackSegmenter:
    """The segmenter of a name, made on its first use in this process and then shared by its tasks.

    Raises:
        InputError: there is no such segmenter, or what it needs is missing.
    """
    key = name or ""
    with _loading:
        if key not in _models:
            _models[key] = find_segmenter(name)
        return _models[key]


def _filled(pattern: str, scene: Path) -> str:
    if not any(placeholder in pattern for placeholder in _PLACEHOLDERS):
        # Workers may have another working folder; what is no file here is the name of a shipped legend.
        file, bar, layer = pattern.partition("|layer=")
        return f"{Path(file).absolute()}{bar}{layer}" if Path(file).is_file() else pattern
    text = (
        pattern.replace("{folder}", str(scene.parent))
        .replace("{stem}", scene.stem)
        .replace("{name}", scene.name)
    )
    path = Path(text)
    return str(path if path.is_absolute() or "{folder}" in pattern else scene.parent / path)
