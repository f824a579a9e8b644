"""Put images and labels into a data set's folder, as plain pictures of one stated scale, and open them there.

A published picture carries no georeference: its scale is the figure that the question states. Reference
answers are measured on that picture, so that they are right for whoever gets only the data set.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from planimeter.errors import LabelError
from planimeter.raster import Scene, open_scene, read_labels
from planimeter.segment import LabelSegmenter, StackSegmenter
from planimeter.squid.published import TRUTH_NAME, Truth
from planimeter.squid.sources.base import LabelledImage
from planimeter.squid.sources.naip import AnsweredImage
from planimeter.squid.view import SceneView

IMAGES, LABELS = "images", "truth"
Meant = TypeVar("Meant")
_PLAIN = (".jpg", ".jpeg", ".png")  # copied as they are; all else becomes PNG


class Stage:
    """A data set's folder in the making.

    Args:
        folder: made when it does not exist.

    Attributes:
        truth: image → its labels, growing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.truth: dict[str, Truth] = {}
        self._names: dict[str, tuple[object, ...]] = {}
        self._legends: dict[str, str] = {}

    def labelled(self, image: LabelledImage) -> tuple[str, SceneView]:
        """Copy an image and its labels into the data set; return its name there and its masks.

        Raises:
            SceneError: the image cannot be read.
            LabelError: the labels cannot be read, or are not of the image's size.
        """
        name = self._name(f"{image.folder}/{image.name}", image.image, image.labels)
        if image.make is not None:
            pixels, values = image.make()
            key = f"{name}.png"
            _write_png(self._file(IMAGES, key), pixels[..., ::-1])
        else:
            assert image.image is not None
            assert image.labels is not None
            key = self._copy(image.image, name)
            values = read_labels(image.labels, open_scene(image.image)).values
        if image.nonzero:
            values = np.asarray(values.any(axis=2) if values.ndim == 3 else values > 0, dtype=np.uint8)
        labels = self._file(LABELS, f"{name}.png")
        _write_png(labels, values[..., ::-1] if values.ndim == 3 else values)
        legend = self._legend(image)
        self.truth[key] = Truth(labels, legend)
        scene = self._open(key, image.gsd)
        view = SceneView(scene, StackSegmenter([LabelSegmenter(labels, legend)]))
        if view.valid_pixels == 0:
            raise LabelError(f"The labels of {image.name} say nothing about any pixel: take the image out.")
        return key, view

    def answered(self, image: AnsweredImage) -> str:
        """Copy an image that people answered a question about; its name in the data set."""
        folder = "naip" if image.gsd is None else f"naip_{image.gsd:g}m"
        return self._copy(image.image, self._name(f"{folder}/{image.image.stem}", image.image))

    def keep_only(self, images: set[str]) -> None:
        """Remove images that no question asks about, and list the labels of the others in ``truth.json``."""
        for key in [key for key in self.truth if key not in images]:
            entry = self.truth.pop(key)
            entry.labels.unlink()
            (self.folder / IMAGES / key).unlink()
        listed = {
            key: {
                "labels": entry.labels.relative_to(self.folder).as_posix(),
                "legend": entry.legend.relative_to(self.folder).as_posix(),
            }
            for key, entry in sorted(self.truth.items())
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"images": listed}, indent=1) + "\n"
        (self.folder / TRUTH_NAME).write_text(text, encoding="utf-8")

    def _name(self, wanted: str, *files: Path | None) -> str:
        """A path without its ending that no other image of the data set has: the wanted one, or with a number.

        Args:
            wanted: folder and name.
            files: what it is made from; the same files under the same name are the same image.
        """
        origin = (wanted, *(file and file.resolve() for file in files))
        return _free_name(self._names, wanted, origin)

    def _legend(self, image: LabelledImage) -> Path:
        """The file of an image's legend; sources of one name whose legends differ get one each."""
        text = json.dumps(image.legend, indent=1) + "\n"
        legend = self._file(LABELS, f"{_free_name(self._legends, image.source, text)}.json")
        legend.write_text(text, encoding="utf-8")
        return legend

    def _copy(self, image: Path, name: str) -> str:
        if image.suffix.lower() in _PLAIN:
            key = f"{name}{image.suffix.lower()}"
            shutil.copyfile(image, self._file(IMAGES, key))
        else:
            key = f"{name}.png"
            _write_png(self._file(IMAGES, key), open_scene(image).read_rgb()[..., ::-1])
        return key

    def _open(self, key: str, gsd: float | None) -> Scene:
        return open_scene(self.folder / IMAGES / key, gsd=gsd)

    def _file(self, kind: str, key: str) -> Path:
        path = self.folder / kind / key
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def _free_name(taken: dict[str, Meant], wanted: str, meant: Meant) -> str:
    """A name that stands for nothing else: the wanted one, or with a number; from now on it is taken."""
    name, number = wanted, 1
    # Some disks do not tell small letters from capitals.
    while taken.setdefault(name.casefold(), meant) != meant:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _write_png(path: Path, pixels: np.ndarray) -> None:
    """Write (H, W) or (H, W, 3) pixels, colours in OpenCV's order."""
    done, content = cv2.imencode(".png", np.ascontiguousarray(pixels))
    assert done
    path.write_bytes(content.tobytes())
