"""Which scenes are meant: files, folders, patterns, lists and STAC, in one fixed order and each only once."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from planimeter.errors import InputError, SceneError, UsageError, shown_name
from planimeter.paths import is_dir, is_file
from planimeter.raster.product_files import is_product
from planimeter.scale.batch.stac import is_stac, stac_assets

#: File name endings that are taken from a folder; a file that is named itself may have any.
IMAGE_ENDINGS = (".tif", ".tiff", ".vrt", ".png", ".jpg", ".jpeg", ".jp2", ".img", ".webp", ".bmp", ".ntf")
_LISTS = (".txt", ".lst")
_MOST_LISTED = 64 << 20  # bytes of a list


@dataclass(frozen=True)
class Found:
    """One scene that was meant.

    Attributes:
        shown: how tables name it: as given, or as found below what was given.
        path: its file; None where ``problem`` says why there is none.
        problem: an error in place of a file, such as a STAC item whose image lies on a server.
    """

    shown: str
    path: Path | None
    problem: InputError | None = None


def find_scenes(given: Sequence[str], asset: str | None = None) -> tuple[list[Found], list[str]]:
    """The scenes that paths stand for, and notes about what was left out.

    Args:
        given: image files, folders, patterns with ``*``, ``.txt`` lists (one path per line), STAC JSON files. The
            order is theirs; inside a folder, pattern or catalogue it is alphabetical.
        asset: the STAC asset to take; None to choose the image.

    Raises:
        InputError: something given does not exist or holds no image.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in ("b.tif", "a.tif"):
    ...     _ = (folder / name).write_bytes(b"x")
    >>> [found.path.name for found in find_scenes([str(folder), str(folder / "a.tif")])[0]]
    ['a.tif', 'b.tif']
    """
    if not given:
        raise UsageError(
            "There are no scenes: give image files, a folder, a pattern such as 'tiles/*.tif' or a list."
        )
    scenes: list[Found] = []
    repeated = []
    seen: set[str] = set()
    for text in given:
        for found in _expand(text, asset):
            place = os.path.realpath(found.path) if found.path is not None else found.shown
            if place in seen:
                repeated.append(found.shown)
                continue
            seen.add(place)
            scenes.append(replace(found, shown=_writable(found.shown)))
    notes = []
    if repeated:
        some = ", ".join(repeated[:3]) + (", …" if len(repeated) > 3 else "")
        notes.append(f"{len(repeated)} scenes were given more than once and are used once: {some}.")
    return scenes, notes


def _expand(text: str, asset: str | None, base: Path = Path(), nested: bool = False) -> Iterator[Found]:
    path = base / text
    if not os.path.lexists(path) and glob.has_magic(text):
        files = sorted(name for name in glob.glob(str(path), recursive=True) if os.path.isfile(name))
        if not files:
            raise SceneError(f"Nothing matches {shown_name(text)}; check the pattern.")
        yield from (Found(name, Path(name)) for name in files if not nested or _is_image(name))
    elif is_dir(path) and is_product(path):
        yield Found(str(path), path)
    elif is_dir(path):
        files = sorted(name for name in os.listdir(path) if _is_scene(path / name))
        if not files:
            raise SceneError(
                f"The folder {shown_name(text)} holds no images ({', '.join(IMAGE_ENDINGS[:4])}, …); name their "
                "folder, or use a pattern such as 'folder/**/*.tif'."
            )
        yield from (Found(str(path / name), path / name) for name in files)
    elif not nested and path.suffix.lower() in _LISTS and is_file(path):
        yield from _listed(path, asset)
    elif path.suffix.lower() in (".json", ".geojson") and is_file(path) and is_stac(path):
        for shown, file in stac_assets(path, asset):
            yield Found(shown, None, file) if isinstance(file, InputError) else Found(shown, file)
    else:
        yield Found(str(path), path)


def _listed(path: Path, asset: str | None) -> Iterator[Found]:
    if path.stat().st_size > _MOST_LISTED:
        raise SceneError(f"The list {shown_name(path.name)} is larger than 64 MB; split it.")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise SceneError(
            f"The list {shown_name(path.name)} cannot be read; save it as UTF-8 text."
        ) from problem
    named = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not named:
        raise SceneError(f"The list {shown_name(path.name)} names no file; write one path per line.")
    for line in named:
        yield from _expand(line, asset, path.parent, nested=True)


def _is_scene(path: Path) -> bool:
    """Whether what lies in a folder is an image, or a product of several files."""
    return (_is_image(path.name) and is_file(path)) or is_product(path)


def _is_image(name: str) -> bool:
    return name.lower().endswith(IMAGE_ENDINGS) and not os.path.basename(name).startswith(".")


def _writable(name: str) -> str:
    """A name as tables can hold it; file names may have bytes that are no text."""
    return name.encode("utf-8", "backslashreplace").decode()
