"""Where each scene's masks come from: maps named by a pattern, and a model that a process loads once."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from planimeter.errors import UsageError, shown_name
from planimeter.paths import is_dir, is_file
from planimeter.raster import Scene, open_scene
from planimeter.raster.vector_source import parse_source
from planimeter.segment import LabelSegmenter, Segmenter, StackSegmenter, VectorSegmenter, find_segmenter
from planimeter.segment.choose import suited_name, with_indices_of
from planimeter.segment.dates import Earlier, earlier_date
from planimeter.vocabulary.index_words import in_short, index_phrases

_PLACEHOLDERS = ("{stem}", "{name}", "{folder}")
_BRACED = re.compile(r"\{\w+\}")

_models: dict[str, StackSegmenter] = {}
_loading = threading.Lock()


@dataclass(frozen=True)
class SceneMaps:
    """The sources of one scene's masks; small, and sent to workers in place of a segmenter.

    Attributes:
        labels: (label raster, legend) pairs.
        vectors: (topic, vector layer) pairs.
        segmenter: name of the segmenter behind them; None for the default one, which is used only without maps.
        indices: a question whose spectral indices are topics ("NDVI above 0.4"); empty where it names none.
    """

    labels: tuple[tuple[str, str], ...] = ()
    vectors: tuple[tuple[str, str], ...] = ()
    segmenter: str | None = None
    indices: str = ""

    @property
    def uses_model(self) -> bool:
        """Whether a model of this process looks at the scene."""
        has_maps = bool(self.labels or self.vectors)
        if self.segmenter is None:
            return not has_maps
        return not self.segmenter.startswith(("http://", "https://", "index"))

    def files(self) -> list[str]:
        """The files that masks are read from."""
        layers = [parse_source(file) for _, file in self.vectors]
        # A layer that is missing is named as well, so that its coming is seen.
        drawn = [str(place) for layer in layers for place in layer.files() or [Path(layer.path)]]
        return [file for file, _ in self.labels] + drawn

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
            source = model(self.segmenter)
        else:
            source = StackSegmenter(maps, model(self.segmenter) if self.segmenter else None)
        return with_indices_of(self.indices, source)

    def suited_to(self, scene: Scene) -> tuple[SceneMaps, tuple[str, ...]]:
        """The same with the segmenter that suits a scene where nobody names a source, and why, in sentences."""
        if self.labels or self.vectors or self.segmenter is not None:
            return self, ()
        name, why = suited_name(scene)
        return replace(self, segmenter=name), why


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

    def of(self, scene: Path, question: str = "") -> SceneMaps:
        """The sources of one scene, for a question that may name spectral indices."""
        legends = self.legends * len(self.labels) if len(self.legends) == 1 else self.legends
        pairs = zip(self.labels, legends, strict=True)
        split = (pair.partition("=") for pair in self.vectors)
        return SceneMaps(
            tuple((filled(file, scene), filled(legend, scene)) for file, legend in pairs),
            tuple((topic, filled(file, scene)) for topic, _, file in split),
            self.segmenter,
            question if index_phrases(in_short(question)) else "",
        )


@dataclass(frozen=True)
class EarlierScene:
    """The earlier image of one scene.

    Attributes:
        path: its file.
        maps: where its masks come from; None for the model that looks at the later one.
        bands: which band is which, where the file does not say.
        clouds: "auto" or "none"; None for a product's own mask.
    """

    path: str
    maps: SceneMaps | None = None
    bands: str | Mapping[str, object] | None = None
    clouds: str | None = None

    def date(self, scene: Scene, source: StackSegmenter) -> Earlier:
        """The earlier date of a scene.

        Args:
            scene: the later image.
            source: where its masks come from.

        Raises:
            InputError: it cannot be opened, or does not lie over the scene.
            NotMeasurable: its masks cannot be had.
        """
        image = open_scene(self.path, bands=self.bands, clouds=self.clouds)
        return earlier_date(image, scene, source, None if self.maps is None else self.maps.source())

    def files(self) -> list[str]:
        """The image, and the files that its masks are read from."""
        return [self.path, *(self.maps.files() if self.maps is not None else ())]


@dataclass(frozen=True)
class EarlierPatterns:
    """The options ``--before``, ``--before-labels``, ``--before-legend`` and ``--before-vector``, with placeholders.

    In ``image`` they stand for the name of the scene, in the others for that of the earlier image. A folder holds the
    earlier images under the names of the scenes.

    >>> dates = EarlierPatterns("{folder}/../2018/{name}", ("{stem}_labels.tif",), ("worldcover",))
    >>> found = dates.of(Path("/data/2024/a.tif"), MapPatterns())
    >>> found.path, found.maps.labels
    ('/data/2018/a.tif', (('/data/2018/a_labels.tif', 'worldcover'),))
    """

    image: str
    labels: tuple[str, ...] = ()
    legends: tuple[str, ...] = ()
    vectors: tuple[str, ...] = ()

    def of(self, scene: Path, later: MapPatterns) -> EarlierScene:
        """The earlier image of one scene; without a legend of its own the later one's is for both."""
        beside = is_dir(self.image)
        path = os.path.normpath(
            Path(self.image).absolute() / scene.name if beside else filled(self.image, scene)
        )
        if not (self.labels or self.vectors):
            return EarlierScene(path)
        legends = self.legends or (later.legends if self.labels else ())
        own = MapPatterns(self.labels, legends, self.vectors, later.segmenter)
        return EarlierScene(path, own.of(Path(path)))


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


def filled(pattern: str, scene: Path) -> str:
    """A pattern with a scene's names in place of ``{stem}``, ``{name}`` and ``{folder}``; see ``MapPatterns``.

    Raises:
        UsageError: it has another word in braces, and no file is called so.

    >>> filled("{stem}_clouds.tif", Path("/data/a.tif")), filled("auto", Path("/data/a.tif"))
    ('/data/a_clouds.tif', 'auto')
    """
    file = pattern.partition("|")[0]
    unknown = set(_BRACED.findall(file)) - set(_PLACEHOLDERS)
    if unknown and not os.path.exists(file):
        raise UsageError(
            f"{min(unknown)} in {shown_name(pattern)} stands for nothing; what stands for a scene's names is "
            f"{', '.join(_PLACEHOLDERS)}."
        )
    if not any(placeholder in pattern for placeholder in _PLACEHOLDERS):
        # Workers may have another working folder; what is no file here is the name of a shipped legend.
        file, bar, layer = pattern.partition("|layer=")
        return f"{Path(file).absolute()}{bar}{layer}" if is_file(file) else pattern
    text = (
        pattern.replace("{folder}", str(scene.parent))
        .replace("{stem}", scene.stem)
        .replace("{name}", scene.name)
    )
    path = Path(text)
    return str(path if path.is_absolute() or "{folder}" in pattern else scene.parent / path)
