"""Products that are damaged, partial or mixed: one sentence each, and never a number of something else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import planimeter
from planimeter.errors import InputError, QuestionError, SceneError
from planimeter.raster import open_scene

from . import products as made

QUESTION = "What percentage of the image is vegetation?"
RED = "_B04_10m.jp2"


def find(folder: Path, ending: str) -> Path:
    (found,) = folder.rglob(f"*{ending}")
    return found


def cut(file: Path, share: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])


def called(file: Path, old: str, new: str) -> None:
    file.rename(file.with_name(file.name.replace(old, new)))


def said(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def of_l1c_too(folder: Path) -> None:
    """The images of both levels of one tile and date, side by side; their names share all but the resolution."""
    other = made.safe(folder.parent / "other", "1C")
    shutil.copytree(other / "GRANULE", folder / "GRANULE", dirs_exist_ok=True)


CASES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a band is missing": (lambda f: find(f, RED).unlink(), "needs red, and no band of .* is known to be that"),
    "a band is empty": (lambda f: find(f, RED).write_bytes(b""), "B04_10m.jp2' in .* is damaged"),
    "a band is cut": (lambda f: cut(find(f, RED), 0.5), "is damaged: some of its pixels cannot be read"),
    "a band lacks its end": (lambda f: cut(find(f, RED), 0.9), "is damaged: some of its pixels cannot be read"),
    "a band is text": (lambda f: find(f, RED).write_text("no image"), "B04_10m.jp2' in .* is damaged"),
    "a band of another date": (lambda f: called(find(f, RED), "20220105", "20220110"), "holds 2 scenes"),
    "a band of another tile": (lambda f: called(find(f, RED), "T33TWM", "T33TWN"), "holds 2 scenes"),
    "a band lies elsewhere": (
        lambda f: made.write(find(f, RED), made.pixels(1, (60, 60)), 10, (6e5, 5e6)), "lies on another grid",
    ),
    "a band of another size": (
        lambda f: made.write(find(f, RED), made.pixels(1, (50, 60)), 10), "lies on another grid",
    ),
    "a band stands twice": (
        lambda f: made.write(find(f, RED).with_suffix(".tif"), made.pixels(1, (60, 60)), 10),
        "holds the band B04 twice",
    ),
    "two granules": (lambda f: shutil.copytree(f / "GRANULE/L_A", f / "GRANULE/L_B"), "holds the band B02 twice"),
    "images of both levels": (of_l1c_too, "holds the band B02 twice"),
    "metadata of both levels": (
        lambda f: (f / "MTD_MSIL1C.xml").write_text(made.metadata("1C", offset=None)), "metadata of several products",
    ),
    "metadata is empty": (lambda f: find(f, "MSIL2A.xml").write_text(""), "MTD_MSIL2A.xml' is damaged"),
    "metadata is cut": (lambda f: cut(find(f, "MSIL2A.xml"), 0.5), "MTD_MSIL2A.xml' is damaged"),
    "an offset is a word": (lambda f: said(find(f, "MSIL2A.xml"), "-1000", "many"), "'many' is no number"),
    "an offset is huge": (lambda f: said(find(f, "MSIL2A.xml"), "-1000", "-1e300"), "is off by a reflectance of"),
    "an offset is above all values": (lambda f: said(find(f, "MSIL2A.xml"), "-1000", "20000"), "reflectance of 2;"),
    "an offset of some bands": (
        lambda f: said(find(f, "MSIL2A.xml"), 'band_id="3"', 'band_id="x"'), "none of B04",
    ),
    "no quantification": (lambda f: said(find(f, "MSIL2A.xml"), ">10000<", ">0<"), "its quantification is 0"),
    "a quantification of 1": (lambda f: said(find(f, "MSIL2A.xml"), ">10000<", ">1<"), "its quantification is 1"),
    "the mask is cut": (lambda f: cut(find(f, "_SCL_20m.jp2"), 0.3), "SCL_20m.jp2' in .* is damaged"),
    "the mask lies elsewhere": (
        lambda f: made.write(find(f, "_SCL_20m.jp2"), np.full((30, 30), 4, np.uint8), 20, (9e5, 5e6)),
        "SCL_20m.jp2' does not overlap",
    ),
    "no images": (lambda f: [file.unlink() for file in f.rglob("*.jp2")], "with one band to a file"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_one_sentence_with_the_remedy(tmp_path: Path, case: str) -> None:
    spoil, sentence = CASES[case]
    folder = made.safe(tmp_path)
    spoil(folder)
    with pytest.raises((InputError, QuestionError), match=sentence) as refused:
        planimeter.ask(folder, QUESTION, segmenter="index")
    text = str(refused.value)
    assert "\n" not in text
    assert text.endswith(".")
    assert re.search(r"\b(give|download|copy|say|use)\b", text), "the remedy"


def of_another_date(folder: Path) -> None:
    file = find(folder, "_SR_B4.TIF")
    made.write(file.with_name(file.name.replace("20210604", "20210620")), made.pixels(1, (30, 40)), 30)


LANDSAT: dict[str, tuple[Callable[[Path], object], str]] = {
    "a band is missing": (lambda f: find(f, "_SR_B4.TIF").unlink(), "needs red, and no band of"),
    "a band is cut": (lambda f: cut(find(f, "_SR_B4.TIF"), 0.5), "is damaged: some of its pixels cannot be read"),
    "a band of another date": (of_another_date, "holds 2 scenes"),
    "a band lies elsewhere": (
        lambda f: made.write(find(f, "_SR_B4.TIF"), made.pixels(1, (30, 40)), 30, (6e5, 5e6)), "lies on another grid",
    ),
    "the mask is cut": (lambda f: cut(find(f, "_QA_PIXEL.TIF"), 0.6), "QA_PIXEL.TIF' is damaged"),
    "a factor is huge": (lambda f: said(find(f, "_MTL.txt"), "4 = 2.75e-05", "4 = 2.75"), "value × 2.75 . -0.2"),
    "an offset is huge": (lambda f: said(find(f, "_MTL.txt"), "4 = -0.2", "4 = -200"), "which is no reflectance"),
}  # fmt: skip


@pytest.mark.parametrize("case", LANDSAT)
def test_one_sentence_for_landsat(tmp_path: Path, case: str) -> None:
    spoil, sentence = LANDSAT[case]
    folder = made.landsat(tmp_path)
    spoil(folder)
    with pytest.raises((InputError, QuestionError), match=sentence) as refused:
        planimeter.ask(folder, QUESTION, segmenter="index")
    assert re.search(r"\b(give|download|copy|say|use)\b", str(refused.value)), "the remedy"


def test_what_is_partial_is_said(tmp_path: Path) -> None:
    folder = made.safe(tmp_path)
    whole = planimeter.ask(folder, QUESTION, segmenter="index")
    assert not any("SCL" in text for text in whole.warnings)
    find(folder, "_SCL_20m.jp2").unlink()
    find(folder, "_B12_20m.jp2").unlink()
    answer = planimeter.ask(folder, QUESTION, segmenter="index")
    assert answer.answer == whole.answer, "no cloud was hidden, and vegetation needs no B12"
    assert any("lacks its scene classification (SCL)" in text for text in answer.warnings)


def test_offsets_without_the_band_that_products_at_the_ground_lack_are_whole(tmp_path: Path) -> None:
    folder = made.safe(tmp_path)
    said(find(folder, "MSIL2A.xml"), '<BOA_ADD_OFFSET band_id="10">-1000</BOA_ADD_OFFSET>', "")
    assert open_scene(folder).spectrum.channels["red"].offset == -0.1


def test_a_zip_that_lacks_its_end_is_damaged(tmp_path: Path) -> None:
    archive = made.zipped(made.safe(tmp_path))
    cut(archive, 0.8)
    with pytest.raises(SceneError, match="is a damaged archive; copy or download it again"):
        open_scene(archive)
