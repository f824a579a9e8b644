"""Maps that belong to a scene: label rasters, legends and vector layers that lie beside it, by their names.

For ``town.tif`` they are ``town.labels.tif`` (or ``.png``) with ``town.legend.json``, and ``town.roof.gpkg`` (or
``.geojson``) for a topic. ``labels.tif`` and ``legend.json`` go with ``image.tif``, as ``planimeter world`` writes
them; ``legend.json`` also stands in where a scene has no legend of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from planimeter.paths import is_file
from planimeter.raster.files import read_with
from planimeter.raster.vector_source import VectorSource
from planimeter.segment import LabelSegmenter, Segmenter, VectorSegmenter
from planimeter.vocabulary.topics import is_topic_name, topic_name

IMAGES = (".tif", ".tiff", ".png", ".jpg", ".jpeg", ".jp2")
_LABELS = (".tif", ".tiff", ".png")
_VECTORS = (".gpkg", ".geojson")


@dataclass(frozen=True)
class Maps:
    """Files that say what is where in a scene.

    Attributes:
        labels: a label raster; None where there is none.
        legend: its legend: a JSON file, or a shipped legend's name.
        vectors: (topic, file) of vector layers.
        unread: a label raster that has no legend, so that nobody knows what its values mean.
    """

    labels: Path | None = None
    legend: Path | str | None = None
    vectors: tuple[tuple[str, Path], ...] = ()
    unread: Path | None = None

    def __bool__(self) -> bool:
        return self.labels is not None or bool(self.vectors)

    def files(self) -> tuple[Path, ...]:
        """All files, a legend in a file among them, and what lies beside them that they are read with."""
        legend = [self.legend] if isinstance(self.legend, Path) else []
        labels = read_with(self.labels) if self.labels is not None else []
        vectors = [each for _, file in self.vectors for each in VectorSource(str(file)).files() or [file]]
        return (*labels, *legend, *vectors)

    def warnings(self) -> tuple[str, ...]:
        """What people should know of maps that lie there and are not used, one sentence each."""
        if self.unread is None:
            return ()
        stem = self.unread.stem.removesuffix("labels").rstrip("._-")
        return (
            f"{self.unread.name} lies beside this scene, but no legend says what its values mean, so it is not used; "
            f"put {stem + '.' if stem else ''}legend.json there.",
        )

    def segmenters(self) -> list[Segmenter]:
        """One segmenter per map.

        Raises:
            LabelError: the legend cannot be read.
            UsageError: a vector layer's topic is not known.
        """
        found: list[Segmenter] = []
        if self.labels is not None and self.legend is not None:
            found.append(LabelSegmenter(self.labels, self.legend))
        return found + [VectorSegmenter(topic, file) for topic, file in self.vectors]


def is_map(file: Path) -> bool:
    """Whether a file's name says that it is somebody's map and no scene.

    Example:
        >>> [is_map(Path(name)) for name in ("town.tif", "town.labels.tif", "labels.png", "town_labels.tif")]
        [False, True, True, True]
    """
    return file.stem.lower() == "labels" or file.stem.lower().endswith((".labels", "_labels", "-labels"))


def maps_beside(scene: Path) -> Maps:
    """The maps in a scene's folder that bear its name.

    Args:
        scene: a file.
    """
    folder, stem = scene.parent, scene.stem
    stems = [f"{stem}{mark}" for mark in (".labels", "_labels", "-labels")]
    legends = [folder / f"{stem}{mark}" for mark in (".legend.json", "_legend.json", "-legend.json")]
    if stem == "image":
        stems.append("labels")
    labels = _first([folder / f"{one}{suffix}" for one in stems for suffix in _LABELS])
    legend = _first([*legends, folder / "legend.json"])
    vectors = []
    for file in sorted(folder.glob("*.*.*")):
        name, _, topic = file.stem.rpartition(".")
        known = topic_name(topic)
        if name == stem and file.suffix.lower() in _VECTORS and is_topic_name(known) and is_file(file):
            vectors.append((known, file))
    both = labels is not None and legend is not None
    return Maps(
        labels if both else None,
        legend if both else None,
        tuple(vectors),
        labels if legend is None else None,
    )


def _first(files: list[Path]) -> Path | None:
    return next((file for file in files if is_file(file)), None)
