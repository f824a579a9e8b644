"""Every source's published layout, as tiny copies made here."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from planimeter.errors import InputError, UsageError
from planimeter.squid.card import write_data_set
from planimeter.squid.generate import Generated, Wanted, generate
from planimeter.squid.published import read_data_set
from planimeter.squid.sources import SOURCES, chosen_images, read_source
from planimeter.squid.stage import Stage
from planimeter.squid.types import read_question
from planimeter.squid.view import SceneView


def _picture(path: Path, pixels: np.ndarray | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    shown = np.zeros((40, 50, 3), np.uint8) if pixels is None else pixels
    assert cv2.imwrite(str(path), shown)
    return path


def _values(value: int) -> np.ndarray:
    labels = np.zeros((40, 50), np.uint8)
    labels[:20] = value
    return labels


def _view(source: str, tmp_path: Path, gsd: float | None = None) -> SceneView:
    (image,) = read_source(source, gsd)
    return Stage(tmp_path / "out").labelled(image)[1]


def test_deepglobe_as_released(tmp_path: Path) -> None:
    colours = np.zeros((40, 50, 3), np.uint8)
    colours[:20] = (255, 0, 0)  # blue in OpenCV's order: water; black is unknown
    _picture(tmp_path / "valid" / "855_mask.png", colours)
    _picture(tmp_path / "valid" / "855_sat.jpg")
    view = _view(f"deepglobe:{tmp_path / 'valid'}", tmp_path)
    assert (view.gsd, view.valid_pixels, view.share("water")) == (0.5, 1000, 100.0)
    assert "vegetation" in view.topics


def test_deepglobe_with_values(tmp_path: Path) -> None:
    _picture(tmp_path / "d" / "855_labels.png", _values(5))
    _picture(tmp_path / "d" / "855.jpg")
    assert _view(f"deepglobe:{tmp_path / 'd'}", tmp_path).share("water") == 100.0


def test_loveda_and_earthvqa(tmp_path: Path) -> None:
    for part in ("Urban", "Rural"):
        _picture(tmp_path / "Val" / part / "images_png" / "7.png")
        _picture(tmp_path / "Val" / part / "masks_png" / "7.png", _values(2) + 1)
    images = read_source(f"earthvqa:{tmp_path / 'Val'}")
    assert [image.name for image in images] == ["Rural_7", "Urban_7"]
    view = Stage(tmp_path / "out").labelled(images[0])[1]
    assert view.gsd == 0.3
    assert view.share("road") == 50.0  # 3 is road, 1 is background: seen, and no topic of ours
    assert view.share("urban") == 50.0


def test_panels_as_released_read_their_scale_from_the_name(tmp_path: Path) -> None:
    label = np.repeat(_values(255)[..., None], 3, axis=2)
    _picture(tmp_path / "pv" / "PV08_315083_1197025_label.bmp", label)
    _picture(tmp_path / "pv" / "PV08_315083_1197025.bmp")
    view = _view(f"solar:{tmp_path / 'pv'}", tmp_path)
    assert (view.gsd, view.share("solar"), view.topics) == (0.8, 50.0, ("solar",))


@pytest.mark.parametrize(("name", "topic"), [("roads", "road"), ("dubai", "road")])
def test_sources_without_a_scale(tmp_path: Path, name: str, topic: str) -> None:
    _picture(tmp_path / "s" / "001_labels.png", _values(1 if name == "roads" else 3))
    _picture(tmp_path / "s" / "001.jpg")
    assert _view(f"{name}:{tmp_path / 's'}", tmp_path).gsd is None
    view = _view(f"{name}:{tmp_path / 's'}", tmp_path, gsd=0.4)
    assert view.gsd == 0.4
    assert view.share(topic) == (50.0 if name == "roads" else 100.0)


def test_buildings_take_their_ground_scale(tmp_path: Path) -> None:
    rasterio = pytest.importorskip("rasterio")
    from rasterio.transform import from_origin

    for name, bands, value in (("a.tif", 3, 90), ("a_labels.tif", 1, 1)):
        (tmp_path / "b").mkdir(exist_ok=True)
        with rasterio.open(
            tmp_path / "b" / name, "w", driver="GTiff", width=50, height=40, count=bands, dtype="uint8",
            crs="EPSG:3857", transform=from_origin(0, 8_400_000, 1.0, 1.0),
        ) as target:  # fmt: skip
            target.write(np.full((bands, 40, 50), value, np.uint8))
    view = _view(f"buildings:{tmp_path / 'b'}", tmp_path)
    # At 60° north a metre of Web Mercator is half a metre on the ground.
    assert view.gsd == pytest.approx(0.5, abs=0.01)
    assert view.share("roof") == 100.0


def test_a_plain_folder(plain_folder: Path, tmp_path: Path) -> None:
    images = read_source(f"folder:{plain_folder}", 0.5)
    view = Stage(tmp_path / "out").labelled(images[0])[1]
    assert view.share("water") == pytest.approx(25.0, abs=0.5)
    (plain_folder / "legend.json").write_text('{"water": [1], "forest": [2], "water": [3]}')
    with pytest.raises(InputError, match="'water' stands twice"):
        read_source(f"folder:{plain_folder}")
    (plain_folder / "legend.json").unlink()
    with pytest.raises(InputError, match=r"legend\.json"):
        read_source(f"folder:{plain_folder}")


def test_worlds_are_as_many_as_asked(tmp_path: Path) -> None:
    images = read_source("worlds:2", 1.0)
    assert [image.folder for image in images] == ["worlds_1m", "worlds_1m"]
    for count in ("0", "many", "-1", "10001"):
        with pytest.raises(UsageError, match="worlds:40"):
            read_source(f"worlds:{count}")


def test_peoples_answers(tmp_path: Path) -> None:
    _picture(tmp_path / "n" / "tile.png")
    rows = ["question_id,annotator,answer,type,image,question,gsd"]
    for annotator, count, word in (("a", 4, "yes"), ("b", 5, "yes"), ("c", 9, "no")):
        rows.append(f"c1,{annotator},{count},count,tile.png,How many buildings are there?,1.0")
        rows.append(f"b1,{annotator},{word},binary_presence,tile.png,Is there any water?,1.0")
    (tmp_path / "n" / "annotations.csv").write_text("\n".join(rows))
    made = generate(read_source(f"naip:{tmp_path / 'n'}"), tmp_path / "out", Wanted(questions=5))
    found = {question.type: question for question in made.data.questions}
    assert found["count"].answer == 5
    assert found["count"].acceptable_range == (4.0, 9.0)  # nobody who answered is outside
    assert found["count"].question == "How many buildings are there? (GSD: 1m)"
    assert found["binary_presence"].answer == "yes"
    assert (tmp_path / "out" / "images" / found["count"].image).is_file()


@pytest.mark.parametrize("written", ["half", "0", "-1", "inf"])
def test_a_scale_that_is_none_is_named(tmp_path: Path, written: str) -> None:
    _picture(tmp_path / "tile.png")
    head = "question_id,annotator,answer,type,image,question,gsd"
    (tmp_path / "annotations.csv").write_text(f"{head}\nc1,a,4,count,tile.png,How many?,{written}\n")
    with pytest.raises(InputError, match=f"gives c1 the gsd '{written}': write metres per pixel"):
        read_source(f"naip:{tmp_path}")


def _labelled(
    folder: Path, name: str, covered: int, value: int, legend: dict[str, list[int]], ending: str
) -> None:
    """A picture of one grey of which so many of 40 rows are labelled with a value; the rest is 9, bare."""
    labels = np.full((40, 50), 9, np.uint8)
    labels[:covered] = value
    _picture(folder / f"{name}{ending}", np.full((40, 50, 3), 5 * covered, np.uint8))
    _picture(folder / f"{name}_labels.png", labels)
    root = folder if folder.name == "data" else folder.parent
    (root / "legend.json").write_text(json.dumps(legend | {"barren": [9]}))


def _shares(made: Generated) -> dict[str, float]:
    """Image → percentage of water by the picture's own grey, after every answer about water was compared with it."""
    found = {}
    for question in made.data.questions:
        grey = float(cv2.imread(str(made.data.image_path(question.image))).mean())
        slots = read_question(question.type, question.question)
        assert slots is not None
        right = 100 * round(grey / 5) / 40
        if slots.target == "water":
            assert question.answer == right, question
            found[question.image] = right
    return found


def test_images_of_one_name_in_two_folders_are_two_images(tmp_path: Path) -> None:
    for part, covered, ending in (("a", 10, ".png"), ("b", 30, ".png"), ("c", 20, ".bmp"), ("d", 4, ".png")):
        name = "Tile1" if part == "d" else "tile1"
        _labelled(tmp_path / "src" / part, name, covered, 1, {"water": [1]}, ending)
    wanted = Wanted(questions=20, types=("percentage",))
    for _ in range(2):  # again into the same folder, with the same outcome
        made = generate(read_source(f"folder:{tmp_path / 'src'}", 0.5), tmp_path / "out", wanted)
        write_data_set(made, parquet=False)
        assert sorted(_shares(made).values()) == [10.0, 25.0, 50.0, 75.0]
        images = {question.image for question in read_data_set(tmp_path / "out").questions}
        assert len({image.rpartition(".")[0].casefold() for image in images}) == 4
        assert "src_0.5m/tile1.png" in images
        assert not made.data.problems


def test_two_sources_of_one_name_keep_their_legends(tmp_path: Path) -> None:
    _labelled(tmp_path / "x" / "data", "one", 10, 1, {"water": [1], "forest": [2]}, ".png")
    _labelled(tmp_path / "y" / "data", "two", 30, 2, {"water": [2], "forest": [1]}, ".png")
    images = [image for side in "xy" for image in read_source(f"folder:{tmp_path / side / 'data'}", 0.5)]
    made = generate(images, tmp_path / "out", Wanted(questions=20, types=("percentage",)))
    write_data_set(made, parquet=False)
    assert sorted(_shares(made).values()) == [25.0, 75.0]
    truth = read_data_set(tmp_path / "out").truth
    water = {image: json.loads(entry.legend.read_text())["water"] for image, entry in truth.items()}
    assert water == {"data_0.5m/one.png": [1], "data_0.5m/two.png": [2]}


def test_answered_images_of_one_name_are_two_images(tmp_path: Path) -> None:
    rows = ["question_id,annotator,answer,type,image,question,gsd"]
    for part, grey in (("a", 40), ("b", 200)):
        _picture(tmp_path / "n" / part / "1.png", np.full((40, 50, 3), grey, np.uint8))
        for number, count in enumerate((grey, grey + 1)):
            rows.append(f"{part}{number},A,{count},count,{part}/1.png,How many things {number}?,1.0")
    (tmp_path / "n" / "annotations.csv").write_text("\n".join(rows))
    made = generate(read_source(f"naip:{tmp_path / 'n'}"), tmp_path / "out", Wanted(questions=5))
    seen = [cv2.imread(str(made.data.image_path(q.image))).mean() for q in made.data.questions]
    assert seen == [40, 40, 200, 200]
    assert [q.answer for q in made.data.questions] == [40, 41, 200, 201]
    assert len({q.image for q in made.data.questions}) == 2


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "worlds"])
def test_a_folder_without_images_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "legend.json").write_text(json.dumps({"water": [1]}))
    with pytest.raises(InputError, match="no labelled images"):
        read_source(f"{name}:{tmp_path}")
    with pytest.raises(InputError, match="no folder"):
        read_source(f"{name}:{tmp_path / 'absent'}")


def test_images_are_chosen_by_name(plain_folder: Path) -> None:
    images = read_source(f"folder:{plain_folder}", 0.5)
    assert [image.name for image in chosen_images(images, ["s[02]"], "folder")] == ["s0", "s2"]
    assert [image.name for image in chosen_images(images, ["every 2", "s2"], "folder")] == ["s1", "s2"]
    assert chosen_images(images, None, "folder") == images
    with pytest.raises(InputError, match="called 'x'"):
        chosen_images(images, ["s*", "x"], "folder")


@pytest.mark.parametrize("text", ["deepglobe", "unknown:x", "", ":"])
def test_what_is_no_source_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="no source"):
        read_source(text)
