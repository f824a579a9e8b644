"""Labelled pictures: read, brought to one meaning, and split once and for all.

A target has one plane for land cover and one per object topic. Sources know different things, so both can say
"unknown", and land cover can say "vegetation, of whichever kind"; losses and scores leave out what is not known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import cv2
import numpy as np

from planimeter.errors import UsageError
from planimeter.raster import Scene, open_scene
from planimeter.train.config import Config, SourceConfig
from planimeter.worlds.world import make_world

UNKNOWN_LAND = 0  # land planes: 0 unknown, k + 1 the k-th land class, then vegetation of unknown kind
UNKNOWN_OBJECT = 255  # object planes: 0 no, 1 yes, 255 unknown
PARTS_OF_VEGETATION = ("forest", "agric", "grass")
WORLD_LAND = {"roof": "urban", "road": "urban"}  # what worlds label is land cover otherwise


@dataclass(frozen=True)
class Picture:
    """One labelled picture.

    Attributes:
        source: name of its data set.
        name: of its file, without ending.
        image: (H, W, 3) uint8.
        target: (H, W, 1 + objects) uint8; see the module.
        gsd: metres per pixel.
        path: its file; None for a synthetic scene.
    """

    source: str
    name: str
    image: np.ndarray
    target: np.ndarray
    gsd: float
    path: Path | None = None

    def scene(self) -> Scene:
        """The picture as a scene, with its scale."""
        if self.path is None:
            raise UsageError(f"{self.name} is a synthetic picture without a file: write the world first.")
        return open_scene(self.path, gsd=self.gsd)


def vegetation_code(config: Config) -> int:
    """What stands for vegetation of unknown kind in a land plane."""
    return len(config.land) + 1


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
    held: set[str] = set()
    pictures: list[Picture] = []
    for name, source in config.sources.items():
        paths = {path.stem: path for path in sorted(config.folder.glob(source.images))}
        if not paths:
            raise UsageError(
                f"There are no images {source.images} of {name} below the data folder: check --data."
            )
        training, validation = split_names(paths, source.validation)
        if split == "validation":
            pictures += [_read(name, source, paths[each], config) for each in validation]
            continue
        held |= {_fingerprint(_image(paths[each])) for each in validation}
        pictures += [_read(name, source, paths[each], config) for each in training]
    if split == "validation":
        return pictures
    return [each for each in pictures if _fingerprint(each.image) not in held] + list(_worlds(config))


def _read(name: str, source: SourceConfig, path: Path, config: Config) -> Picture:
    labels_path = path.with_name(source.labels.format(stem=path.stem))
    labels = _labels(labels_path)
    image = _image(path)
    if labels.shape != image.shape[:2]:
        raise UsageError(f"{labels_path.name} and its image differ in size: correct the source {name}.")
    land = {value: _land_code(topic, config) for value, topic in source.land.items()}
    planes = [_looked_up(labels, land, UNKNOWN_LAND)]
    for topic in config.objects:
        if topic not in source.objects:
            planes.append(np.full(labels.shape, UNKNOWN_OBJECT, np.uint8))
            continue
        says = dict.fromkeys(source.unknown, UNKNOWN_OBJECT) | dict.fromkeys(source.objects[topic], 1)
        planes.append(_looked_up(labels, says, 0))
    return Picture(name, path.stem, image, np.stack(planes, -1), source.gsd, path)


def _worlds(config: Config) -> Iterator[Picture]:
    worlds = config.worlds
    for k in range(worlds.count):
        gsd = worlds.gsd[k % len(worlds.gsd)]
        world = make_world(worlds.seed + k, size=worlds.size, gsd=gsd)
        land = {
            value: _land_code(WORLD_LAND.get(topic, topic), config)
            for topic, values in world.legend.items()
            if WORLD_LAND.get(topic, topic) in config.land
            for value in values
        }
        planes = [_looked_up(world.labels, land, UNKNOWN_LAND)]
        for topic in config.objects:
            planes.append(np.isin(world.labels, world.legend.get(topic, [])).astype(np.uint8))
        yield Picture("worlds", f"world_{worlds.seed + k}", world.image, np.stack(planes, -1), gsd)


def _land_code(topic: str, config: Config) -> int:
    return vegetation_code(config) if topic == "vegetation" else config.land.index(topic) + 1


def _looked_up(labels: np.ndarray, table: dict[int, int], otherwise: int) -> np.ndarray:
    lookup = np.full(256, otherwise, np.uint8)
    for value, code in table.items():
        lookup[value] = code
    return lookup[labels]


def _image(path: Path) -> np.ndarray:
    return open_scene(path).read_rgb()


def _labels(path: Path) -> np.ndarray:
    values = open_scene(path).read(bands=(1,))[0]
    if values.dtype != np.uint8:
        raise UsageError(f"{path.name} holds {values.dtype} labels: store them as 8-bit values.")
    return values


def _fingerprint(image: np.ndarray) -> str:
    """The same for pictures that look the same at 16 × 16, whatever their files are called or compressed like."""
    small = cv2.resize(image, (16, 16), interpolation=cv2.INTER_AREA)
    return hashlib.sha256((small // 4).tobytes()).hexdigest()
