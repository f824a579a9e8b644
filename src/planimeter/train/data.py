"""Labelled pictures: read, brought to one meaning, and split once and for all.

A target has one plane for land cover and one per object topic. Sources know different things. So a land plane holds,
for each pixel, the *set* of classes it may be ("barren or a yard", "anything but forest"), and an object plane can say
"unknown"; losses ask for the probability of the set, and leave out what is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import cv2
import numpy as np

from planimeter.errors import UsageError
from planimeter.raster import Scene, open_scene
from planimeter.train.config import Config, SourceConfig, beside, classes_of
from planimeter.train.contacts import CONTACT, with_contacts
from planimeter.worlds.world import make_world

UNKNOWN_LAND = 0  # land planes: bit k is set where a pixel may be the k-th land class; 0 where nobody knows
UNKNOWN_OBJECT = 255  # object planes: 0 no, 1 yes, 255 unknown
ALIKE = 2.0  # grey levels, mean difference of thumbnails: copies stored anew differ by less, neighbours by far more
BEYOND = 255  # label value of what lies beyond a picture's border
_GREEN, _BARE = 0.15, 0.0  # of the index, in numbers that are no reflectances; between them it says nothing
WORLD_LAND = {"roof": "urban", "road": "urban"}  # what worlds label is land cover otherwise


@dataclass(frozen=True)
class Picture:
    """One labelled picture.

    Attributes:
        source: name of its data set.
        name: of its file, without ending.
        image: (H, W, 3) uint8.
        labels: (H, W) uint8, the source's own values.
        meaning: (256, planes) uint16, what each of these values says; see the module.
        gsd: metres per pixel.
        path: its file; None for a synthetic scene.
    """

    source: str
    name: str
    image: np.ndarray
    labels: np.ndarray
    meaning: np.ndarray
    gsd: float
    path: Path | None = None

    @property
    def target(self) -> np.ndarray:
        """(H, W, planes) uint16: what the labels say of each pixel."""
        return self.target_in((slice(None), slice(None)))

    def target_in(self, window: tuple[slice, slice]) -> np.ndarray:
        """The target of some rows and columns."""
        said: np.ndarray = self.meaning[self.labels[window]]
        return said

    def scene(self) -> Scene:
        """The picture as a scene, with its scale."""
        if self.path is None:
            raise UsageError(f"{self.name} is a synthetic picture without a file: write the world first.")
        return open_scene(self.path, gsd=self.gsd)


def bits_of(topics: Iterable[str], config: Config) -> int:
    """Land classes as the bits of a land plane.

    Example:
        >>> from planimeter.train.config import config_from
        >>> config = config_from({"land": ["urban", "forest", "water"], "objects": [], "sources": {}, "steps": 1})
        >>> bits_of(["urban", "water"], config)
        5
    """
    return sum(1 << config.land.index(topic) for topic in set(topics))


def land_masks(land: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """Where a set of land classes is, and where the labels know whether it is: two (H, W) bool.

    Args:
        land: (H, W) land plane.
        bits: the set.

    Example:
        >>> truth, known = land_masks(np.array([[0, 1, 2, 3]]), 1)
        >>> truth.tolist(), known.tolist()
        ([[False, True, False, False]], [[False, True, True, False]])
    """
    truth = (land & ~np.uint16(bits) == 0) & (land != UNKNOWN_LAND)
    return truth, (truth | (land & np.uint16(bits) == 0)) & (land != UNKNOWN_LAND)


def split_names(names: Iterable[str], patterns: Iterable[str]) -> tuple[list[str], list[str]]:
    """Names for training and for validation, each in name order.

    Args:
        names: of a source's pictures.
        patterns: of validation pictures, or ``every N`` for the last of every N.

    Example:
        >>> split_names(["a", "b", "c", "d"], ["every 2"])
        (['a', 'c'], ['b', 'd'])
        >>> split_names(["tile1_1", "tile2_1"], ["tile2_*"])
        (['tile1_1'], ['tile2_1'])
    """
    ordered = sorted(names)
    held = set()
    for pattern in patterns:
        if pattern.startswith("every "):
            number = int(pattern.removeprefix("every "))
            held |= set(ordered[number - 1 :: number])
        else:
            held |= {name for name in ordered if fnmatch(name, pattern)}
    return [name for name in ordered if name not in held], [name for name in ordered if name in held]


def load_pictures(config: Config, split: str) -> list[Picture]:
    """The pictures of one side of the split.

    Training leaves out every picture whose pixels are also a validation picture's: data sets contain the same image
    under several names.

    Args:
        config: names the sources.
        split: "train" or "validation".

    Raises:
        UsageError: the data folder is not there, or a source has no pictures.
    """
    held: list[np.ndarray] = []
    pictures: list[Picture] = []
    for name, source in config.judge().sources.items():
        paths = images_of(name, source, config.folder)
        training, validation = split_names(paths, source.validation)
        if split == "validation":
            pictures += [_read(name, source, paths[each], config) for each in validation]
            continue
        held += [thumbnail(_image(paths[each])) for each in validation]
        if own := config.sources.get(name):
            pictures += [_read(name, own, paths[each], config) for each in training]
    if split == "validation":
        return pictures
    seen = np.array(held)
    fresh = [each for each in pictures if not looks_like_one_of(thumbnail(each.image), seen)]
    return fresh + list(_worlds(config))


def images_of(name: str, source: SourceConfig, folder: Path) -> dict[str, Path]:
    """A source's images by their names, which are those of the files without ending.

    Args:
        name: of the source.
        source: says where its images lie.
        folder: of the data.

    Raises:
        UsageError: there are none, or two have one name.
    """
    try:
        found = sorted(folder.glob(source.images))
    except (NotImplementedError, ValueError) as error:
        raise UsageError(
            f"`sources.{name}.images` is {source.images!r}: give a pattern of files below the data folder."
        ) from error
    if not found:
        raise UsageError(
            f"There are no images {source.images} of {name} below the data folder: check --data."
        )
    paths: dict[str, Path] = {}
    for path in found:
        if path.stem in paths:
            raise UsageError(
                f"{name} has two images of the name {path.stem} ({paths[path.stem].relative_to(folder)} and "
                f"{path.relative_to(folder)}): make a source of each folder, or rename one."
            )
        paths[path.stem] = path
    return paths


def thumbnail(image: np.ndarray) -> np.ndarray:
    """(768,) float32: a picture at 16 × 16, nearly the same for all its copies."""
    return cv2.resize(image, (16, 16), interpolation=cv2.INTER_AREA).astype(np.float32).ravel()


def looks_like_one_of(one: np.ndarray, others: np.ndarray) -> bool:
    """Whether a thumbnail is that of one of these pictures, whatever its file is called or compressed like.

    Args:
        one: (768,).
        others: (n, 768).
    """
    return bool(len(others) and (np.abs(others - one).mean(1) < ALIKE).any())


def _read(name: str, source: SourceConfig, path: Path, config: Config) -> Picture:
    labels_path = beside(path, source.labels)
    scene = open_scene(path)
    image = scene.read_rgb()
    labels = greenness(scene) if source.labels == "ndvi" else _labels(labels_path)
    if labels.shape != image.shape[:2]:
        raise UsageError(f"{labels_path.name} and its image differ in size: correct the source {name}.")
    meaning = _meaning(source, config)
    if config.contact and source.instances:
        labels = with_contacts(labels, source, config.contact, path, scene)
    return Picture(name, path.stem, image, labels, meaning, source.gsd, path)


def _meaning(source: SourceConfig, config: Config) -> np.ndarray:
    """(256, planes) uint16: what a source's label values say."""
    planes = 1 + len(config.objects) + (config.contact is not None)
    meaning = np.full((256, planes), UNKNOWN_OBJECT, np.uint16)
    meaning[:, 0] = UNKNOWN_LAND
    for value, classes in source.land.items():
        meaning[value, 0] = bits_of(classes_of(classes), config)
    for plane, topic in enumerate(config.objects, start=1):
        if topic in source.denied:
            meaning[list(source.denied[topic]), plane] = 0
        elif topic in source.objects:
            meaning[:, plane] = 0
            meaning[list(source.unknown), plane] = UNKNOWN_OBJECT
        meaning[list(source.objects.get(topic, ())), plane] = 1
    if config.contact and source.instances:
        meaning[CONTACT:] = meaning[:CONTACT]  # the same labels once more, for pixels in a contact
        meaning[:CONTACT, -1], meaning[CONTACT:, -1] = 0, 1
    meaning[BEYOND] = UNKNOWN_OBJECT
    meaning[BEYOND, 0] = UNKNOWN_LAND
    return meaning


def _worlds(config: Config) -> Iterator[Picture]:
    worlds = config.worlds
    for k in range(worlds.count):
        gsd = worlds.gsd[k % len(worlds.gsd)]
        world = make_world(worlds.seed + k, size=worlds.size, gsd=gsd)
        land: dict[int, str | tuple[str, ...]] = {
            value: WORLD_LAND.get(topic, topic)
            for topic, values in world.legend.items()
            if WORLD_LAND.get(topic, topic) in config.land
            for value in values
        }
        objects = {topic: tuple(world.legend.get(topic, ())) for topic in config.objects}
        source = SourceConfig("", gsd, 0.0, land=land, objects=objects)
        yield Picture(
            "worlds", f"world_{worlds.seed + k}", world.image, world.labels, _meaning(source, config), gsd
        )


def greenness(scene: Scene) -> np.ndarray:
    """What red and near infrared say of vegetation: (H, W) uint8, 2 green, 1 not green, 0 between.

    The index is Rouse and others' (1974): (near infrared - red) / (near infrared + red), of the image's own numbers.

    Args:
        scene: of red, green, blue and near infrared, in this order.

    Raises:
        UsageError: it has fewer bands.
    """
    if scene.count < 4:
        raise UsageError(
            f"{scene.name} has {scene.count} bands: `labels: ndvi` needs near infrared as the fourth."
        )
    red, infrared = scene.read(bands=(1, 4)).astype(np.float32)
    index = (infrared - red) / np.maximum(infrared + red, 1e-6)
    return np.where(index > _GREEN, 2, np.where(index < _BARE, 1, 0)).astype(np.uint8)


def _image(path: Path) -> np.ndarray:
    return open_scene(path).read_rgb()


def _labels(path: Path) -> np.ndarray:
    scene = open_scene(path)
    if scene.count > 2:  # a second band says where there is data
        raise UsageError(
            f"{path.name} has {scene.count} bands, so its labels are colours: store them as one band of 8-bit values."
        )
    values = scene.read(bands=(1,))[0]
    if values.dtype != np.uint8:
        raise UsageError(f"{path.name} holds {values.dtype} labels: store them as 8-bit values.")
    return values
