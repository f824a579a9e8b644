"""Referring samples from labelled pictures of one's own: ``NAME.*``, ``NAME_labels.*`` and ``legend.json``."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from planimeter.errors import InputError
from planimeter.paths import is_dir, is_file
from planimeter.raster import open_scene
from planimeter.reason.data.referring import referring_phrases
from planimeter.reason.data.sample import ReferringSample
from planimeter.segment import LabelSegmenter

_LABELS = "_labels"


def read_folder(root: Path, per_image: int = 12) -> list[ReferringSample]:
    """Phrases about each picture that has labels, with targets computed from them.

    Args:
        root: holds pictures ``NAME.png`` (or any other format), label rasters ``NAME_labels.png`` and ``legend.json``.
        per_image: most phrases about one picture, drawn by its place in the list.

    Raises:
        InputError: there are no such pairs, or they cannot be read.
    """
    marked = root.glob(f"*{_LABELS}.*") if is_dir(root) else ()
    labels = sorted(path for path in marked if path.suffix != ".json")
    legend = root / "legend.json"
    if not labels or not is_file(legend):
        raise InputError(
            f"{root} holds no labelled pictures: it needs NAME.png, NAME_labels.png and legend.json."
        )
    samples: list[ReferringSample] = []
    for place, path in enumerate(labels):
        name = path.stem.removesuffix(_LABELS)
        pictures = [
            each for each in sorted(root.glob(f"{name}.*")) if each.suffix not in (".json", ".geojson")
        ]
        if not pictures:
            raise InputError(f"{path.name} has no picture {name}.* beside it: add it, or remove the labels.")
        scene = open_scene(pictures[0])
        source = LabelSegmenter(path, legend)
        found = referring_phrases(
            source.look(scene, source.topics).masks, scene.scale.gsd if scene.scale else None
        )
        drawn = np.random.default_rng(place).permutation(len(found))[:per_image]
        for number in sorted(drawn):
            samples.append(
                ReferringSample(
                    id=f"{name}/{number}",
                    dataset=root.name,
                    level=found[number].level,
                    image_name=name,
                    phrase=found[number].phrase,
                    read_image=partial(_picture, pictures[0]),
                    read_target=partial(_target, pictures[0], path, legend, found[number].phrase),
                )
            )
    return samples


def _picture(path: Path) -> np.ndarray:
    return open_scene(path).read_rgb()


def _target(picture: Path, labels: Path, legend: Path, phrase: str) -> np.ndarray:
    scene = open_scene(picture)
    source = LabelSegmenter(labels, legend)
    gsd = scene.scale.gsd if scene.scale else None
    for referred in referring_phrases(source.look(scene, source.topics).masks, gsd):
        if referred.phrase == phrase:
            return referred.target
    raise InputError(f"{labels.name} changed while it was read: start again.")
