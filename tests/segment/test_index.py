"""The index segmenter: equal to numpy and to GDAL's own calculator, in parts as in the whole, and honest of its "
"limits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

import planimeter
from planimeter.errors import InputError, LabelError, NotMeasurable, NotUnderstood
from planimeter.program import Limits
from planimeter.raster import Scene, open_scene
from planimeter.segment import find_segmenter
from planimeter.segment.index import IndexSegmenter
from planimeter.segment.index.formulas import OWN, Formula, formula_named
from planimeter.segment.index.otsu import otsu
from planimeter.segment.index.rules import parse_rules
from planimeter.vocabulary.index_words import INDICES

NAMES = ["B02", "B03", "B04", "B08", "B11", "B12"]
COLOURS = ["blue", "green", "red", "nir", "swir16", "swir22"]
PLACE = {"crs": "EPSG:32633", "transform": Affine(10, 0, 5e5, 0, -10, 5e6)}


def write(path: Path, bands: np.ndarray, names: list[str] = NAMES, **options: Any) -> Path:
    count, height, width = bands.shape
    profile = {**PLACE, "count": count, "height": height, "width": width, "dtype": bands.dtype, **options}
    with rasterio.open(path, "w", driver="GTiff", **profile) as file:
        file.write(bands)
        file.descriptions = names
    return path


def ground(height: int = 90, width: int = 140, seed: int = 1) -> np.ndarray:
    """Digital numbers that meet every threshold on both sides, and some exactly on it."""
    random = np.random.default_rng(seed)
    bands = random.integers(100, 4000, (6, height, width)).astype(np.uint16)
    bands[2, :4], bands[3, :4] = 2000, 3000  # NDVI is 0.2 exactly
    bands[1, 4:6] = bands[3, 4:6]  # NDWI is 0 exactly
    bands[3, 6:9, ::2] = 1100  # reflectance 0.11 exactly
    bands[:, 10:14, 20:50] = 0  # nothing there
    return bands


def by_numpy(bands: np.ndarray) -> dict[str, np.ndarray]:
    """The published rules, in whole numbers."""
    b, g, r, n, s1, s2 = bands.astype(np.int64)
    with_data = (g + n > 0) & (n + r > 0) & (g + s1 > 0) & (n + s2 > 0) & (s1 + n > 0) & (s1 + r + n + b > 0)
    few_leaves = 5 * (n - r) < (n + r)
    return {
        "vegetation": (5 * (n - r) > (n + r)) & with_data,
        "water": (g > n) & (n < 1100) & with_data,
        "snow": (5 * (g - s1) > 2 * (g + s1)) & (n > 1100) & with_data,
        "burnt": (10 * (n - s2) < -(n + s2)) & with_data,
        "barren": (s1 + r > n + b) & few_leaves & with_data,
        "urban": (s1 > n) & few_leaves & with_data,
        "valid": with_data,
    }


def scene_of(tmp_path: Path, bands: np.ndarray, **options: Any) -> Scene:
    return open_scene(write(tmp_path / "scene.tif", bands, **options))


def test_all_topics_equal_whole_number_arithmetic(tmp_path: Path) -> None:
    bands = ground()
    segmenter = IndexSegmenter()
    seen = segmenter.look(scene_of(tmp_path, bands), segmenter.topics)
    expected = by_numpy(bands)
    assert seen.valid is not None
    assert np.array_equal(seen.valid, expected.pop("valid"))
    for topic, mask in expected.items():
        assert np.array_equal(seen.masks[topic], mask), topic
        assert mask.any()


def test_an_offset_counts(tmp_path: Path) -> None:
    bands = ground()
    moved = scene_of(tmp_path, bands + np.uint16(1000), nodata=1000)
    with rasterio.open(moved.path, "r+") as file:
        file.scales, file.offsets = (1e-4,) * 6, (-0.1,) * 6
    segmenter = IndexSegmenter()
    seen = segmenter.look(open_scene(moved.path), segmenter.topics)
    for topic, mask in by_numpy(bands).items():
        assert np.array_equal(seen.valid if topic == "valid" else seen.masks[topic], mask), topic


def test_equal_to_gdals_own_calculator(tmp_path: Path) -> None:
    bands = ground()
    path = write(tmp_path / "scene.tif", bands)
    source = "".join(
        f'<SimpleSource><SourceFilename relativeToVRT="1">scene.tif</SourceFilename><SourceBand>{band}</SourceBand>'
        "</SimpleSource>"
        for band in (4, 3)
    )
    (tmp_path / "ndvi.vrt").write_text(
        '<VRTDataset rasterXSize="140" rasterYSize="90"><VRTRasterBand dataType="Float64" band="1" '
        f'subClass="VRTDerivedRasterBand"><PixelFunctionType>norm_diff</PixelFunctionType>{source}</VRTRasterBand>'
        "</VRTDataset>"
    )
    with rasterio.open(tmp_path / "ndvi.vrt") as file:
        ndvi = file.read(1)
    seen = IndexSegmenter().look(open_scene(path), ["vegetation"])
    assert np.array_equal(seen.masks["vegetation"], (ndvi > 0.2) & by_numpy(bands)["valid"])


@pytest.mark.parametrize("kind", ["", "otsu"])
def test_in_parts_as_in_the_whole(tmp_path: Path, kind: str) -> None:
    segmenter = IndexSegmenter.from_name(kind)
    scene = scene_of(tmp_path, ground(), tiled=True, blockxsize=32, blockysize=32)
    whole = segmenter.look(scene, segmenter.topics)
    for box in ((0, 0, 64, 50), (64, 50, 140, 90), (13, 7, 14, 8), (0, 12, 140, 13)):
        part = segmenter.look(scene, segmenter.topics, box)
        x0, y0, x1, y1 = box
        for topic in segmenter.topics:
            assert np.array_equal(part.masks[topic], whole.masks[topic][y0:y1, x0:x1])
        assert part.cautions == whole.cautions
    answers = {
        planimeter.ask(
            scene.path, "What percentage is vegetation?", segmenter=segmenter, limits=limits
        ).answer
        for limits in (Limits(), Limits(tile=(17, 23)), Limits(tile=(32, 64)))
    }
    assert len(answers) == 1


def test_an_answer_counts_no_nodata_and_states_its_thresholds(tmp_path: Path) -> None:
    bands = ground()
    answer = planimeter.ask(
        write(tmp_path / "s.tif", bands), "What percentage of the image is water?", segmenter="index"
    )
    expected = by_numpy(bands)
    assert answer.answer == pytest.approx(100 * expected["water"].sum() / expected["valid"].sum(), rel=1e-12)
    said = " ".join(answer.warnings)
    assert "Water is where NDWI > 0 (McFeeters 1996) and near infrared reflectance < 0.11" in said
    assert "97" in said or "covers" in said  # a part of the scene has no data


def test_snow_and_burnt_land_can_be_asked_for(tmp_path: Path) -> None:
    bands = ground()
    path = write(tmp_path / "s.tif", bands)
    expected = by_numpy(bands)
    for question, topic in (
        ("How many hectares are burnt?", "burnt"),
        ("How many hectares of snow are there?", "snow"),
    ):
        answer = planimeter.ask(path, question, segmenter="index")
        assert (answer.answer, answer.unit) == (pytest.approx(expected[topic].sum() / 100), "ha"), question


def test_what_a_scene_lacks_is_said_with_the_remedy(tmp_path: Path) -> None:
    path = write(tmp_path / "rgb.tif", ground()[:3], ["red", "green", "blue"])
    with pytest.raises(NotMeasurable, match=r"vegetation by NDVI needs nir.*--bands nir=N"):
        planimeter.ask(path, "What percentage is vegetation?", segmenter="index")
    with pytest.raises(NotMeasurable, match="needs swir16"):
        IndexSegmenter().look(open_scene(path, bands="nir=3"), ["snow"])
    rules = parse_rules({"vegetation": {"index": "SAVI", "above": 0.2}}, "mine")
    with pytest.raises(NotMeasurable, match=r"SAVI needs reflectance.*--bands scale="):
        IndexSegmenter(rules).look(open_scene(path, bands="nir=3"), ["vegetation"])


def test_numbers_that_are_no_reflectance_are_said_to_be_none(tmp_path: Path) -> None:
    bands = ground()[:4].astype(np.uint8)
    scene = open_scene(write(tmp_path / "a.tif", bands, ["blue", "green", "red", "nir"]))
    seen = IndexSegmenter().look(scene, ["water"])
    green, nir = bands[1].astype(int), bands[3].astype(int)
    assert np.array_equal(seen.masks["water"], (green > nir) & (nir + bands[2] > 0))
    assert any("own numbers" in sentence for sentence in seen.cautions)


def test_rules_of_ones_own(tmp_path: Path) -> None:
    rules = {
        "parched land": {"formula": "(R - B) / (R + B)", "above": 0.25, "words": ["dry ground"]},
        "lake": {"all": [{"index": "MNDWI", "above": 0.1}, {"formula": "N * 2", "below": 0.3}]},
        "vegetation": {"index": "SAVI", "above": 0.3, "source": "my own fields"},
    }
    (tmp_path / "r.json").write_text(json.dumps(rules))
    bands = ground()
    scene = scene_of(tmp_path, bands)
    segmenter = find_segmenter(f"index:{tmp_path / 'r.json'}")
    b, g, r, n, s1, _ = bands.astype(float) / 1e4
    valid = by_numpy(bands)["valid"]
    seen = segmenter.look(scene, ["parched_land", "water", "vegetation"])
    with np.errstate(all="ignore"):
        close = {
            "parched_land": (r - b) / (r + b) - 0.25,
            "water": np.minimum((g - s1) / (g + s1) - 0.1, 0.3 - n * 2),
            "vegetation": 1.5 * (n - r) / (n + r + 0.5) - 0.3,
        }
    for topic, distance in close.items():
        sure = valid & (np.abs(distance) > 1e-9)
        assert np.array_equal(seen.masks[topic][sure], distance[sure] > 0), topic
    assert any("SAVI > 0.3 (my own fields)" in sentence for sentence in seen.cautions)
    answer = planimeter.ask(scene, "What percentage of the image is dry ground?", segmenter=segmenter)
    assert answer.answer == pytest.approx(100 * seen.masks["parched_land"].sum() / valid.sum())


@pytest.mark.parametrize(
    "rules",
    [
        [],
        {},
        {"water": 5},
        {"water": {"index": "NDWI"}},
        {"water": {"index": "NDWI", "above": 0, "below": 1}},
        {"water": {"index": "NDWI", "above": "high"}},
        {"water": {"index": "NDWI", "above": True}},
        {"water": {"index": "NOPE", "above": 0}},
        {"water": {"formula": "__import__('os').system('x')", "above": 0}},
        {"water": {"formula": "N ** 99999", "above": 0}},
        {"water": {"formula": "(" * 200 + "N" + ")" * 200, "above": 0}},
        {"water": {"formula": "1 + 2", "above": 0}},
        {"water": {"index": "NDWI", "above": 0, "then": 1}},
        {"../water": {"index": "NDWI", "above": 0}},
        {"water": {"all": []}},
        {"water": {"all": [{"index": "NDVI", "above": -1}], "index": "NDWI", "above": 0}},
        {"water": {"index": "NDWI", "above": 10**400}},
        {"pond": {"index": "NDWI", "above": 0, "words": "pond"}},
    ],
)
def test_rules_that_are_none_are_refused_in_one_sentence(tmp_path: Path, rules: Any) -> None:
    (tmp_path / "r.json").write_text(json.dumps(rules))
    with pytest.raises(LabelError) as refused:
        find_segmenter(f"index:{tmp_path / 'r.json'}")
    assert "\n" not in str(refused.value)


def test_a_name_without_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no index rules"):
        find_segmenter("index:nowhere.json")


def test_otsu_is_the_scenes_and_leaves_out_what_counts_for_nothing(tmp_path: Path) -> None:
    bands = np.full((6, 60, 80), 1000, np.uint16)
    bands[3, :, 40:] = 3000
    bands[2, :, 40:] = 500
    bands[:, :30, :20] = 0
    scene = scene_of(tmp_path, bands)
    seen = IndexSegmenter.from_name("otsu").look(scene, ["vegetation"])
    assert np.array_equal(seen.masks["vegetation"], bands[3] == 3000)
    assert any("Otsu's threshold of this scene" in sentence for sentence in seen.cautions)
    flat = scene_of(tmp_path, np.full((6, 20, 20), 1000, np.uint16))
    with pytest.raises(NotMeasurable, match="Otsu"):
        IndexSegmenter.from_name("otsu").look(flat, ["vegetation"])


def test_otsu_parts_where_the_spread_within_is_least() -> None:
    random = np.random.default_rng(2)
    values = np.concatenate([random.normal(0.1, 0.05, 3000), random.normal(0.7, 0.08, 1000)])
    found = otsu(values)
    assert found is not None

    def within(limit: float) -> float:
        return sum(
            part.var() * part.size for part in (values[values <= limit], values[values > limit]) if part.size
        )

    best = min(map(within, np.linspace(0, 0.8, 400)))
    assert within(found) <= best * 1.001


def test_every_formula_is_arithmetic_of_known_bands() -> None:
    random = np.random.default_rng(3)
    for name, formula in OWN.items():
        values = {colour: random.uniform(0.01, 0.5, 50) for colour in formula.colours}
        assert np.isfinite(formula.of(values)).all(), name
    assert not OWN["SAVI"].scale_free
    assert OWN["BSI"].scale_free


def test_spyndexs_list_is_read_and_none_of_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from planimeter.segment.index import formulas

    package = tmp_path / "spyndex"
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('it ran')")
    listed = {
        "GNDVI": {"formula": "(N - G)/(N + G)", "reference": "a paper"},
        "ODD": {"formula": "open('x')", "reference": ""},
        "kX": {"formula": "kNN * 2", "reference": ""},
    }
    (package / "data" / "spectral-indices-dict.json").write_text(json.dumps({"SpectralIndices": listed}))
    (package / "data" / "constants.json").write_text(json.dumps({"L": {"default": 1.0}}))
    monkeypatch.syspath_prepend(str(tmp_path))
    formulas._listed.cache_clear()
    try:
        assert formula_named("gndvi") == Formula("GNDVI", "(N - G)/(N + G)", "a paper", {"L": 1.0})
        for name in ("ODD", "kX"):
            with pytest.raises(LabelError, match="no index"):
                formula_named(name)
    finally:
        formulas._listed.cache_clear()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What percentage of the image has NDVI above 0.2?", "share"),
        ("What percentage has an NDVI of more than 0.2?", "share"),
        ("How many hectares have NDVI > 0.2?", "hectares"),
        ("What is the area with NDVI greater than 0.2 in hectares?", "hectares"),
        ("How many hectares of land with NDVI at least 0.2 are there?", "with equal"),
        ("What percentage of the image has NDVI at most 0.2?", "the rest"),
    ],
)
def test_an_index_itself_can_be_asked_for(tmp_path: Path, question: str, expected: str) -> None:
    bands = ground()
    red, nir = bands[2].astype(int), bands[3].astype(int)
    valid = red + nir > 0
    above, equal = valid & (5 * (nir - red) > nir + red), valid & (5 * (nir - red) == nir + red)
    assert equal.sum() > 100
    numbers = {
        "share": 100 * above.sum() / valid.sum(),
        "hectares": above.sum() / 100,
        "with equal": (above | equal).sum() / 100,
        "the rest": 100 * (valid & ~above).sum() / valid.sum(),
    }
    rules = parse_rules(
        {"vegetation": {"index": "NDVI", "above": 0.3}}, "mine"
    )  # no other index to be valid by
    answer = planimeter.ask(write(tmp_path / "s.tif", bands), question, segmenter=IndexSegmenter(rules))
    assert answer.answer == pytest.approx(numbers[expected], rel=1e-12)
    assert "NDVI" in answer.reading
    assert any("(Rouse et al. 1974)" in text for text in answer.warnings)


@pytest.mark.parametrize(
    ("question", "sides", "unit"),
    [
        ("What percentage of the image has NDVI between 0.2 and 0.5?", ">=<=", "%"),
        ("What percentage of the pixels have an NDVI between 0.5 and 0.2?", ">=<=", "%"),
        ("How many hectares have an NDVI above 0.2 and below 0.5?", "><", "ha"),
        ("What is the area with NDVI greater than 0.2 but at most 0.5 in hectares?", "><=", "ha"),
        ("What area has 0.2 <= NDVI < 0.5?", ">=<", "ha"),
        ("What area has an NDVI below 0.5 and of at least 0.2?", ">=<", "ha"),
    ],
)
@pytest.mark.parametrize("limits", [None, Limits(tile=(32, 48))])
def test_an_index_between_two_numbers(
    tmp_path: Path, question: str, sides: str, unit: str, limits: Limits | None
) -> None:
    bands = ground()
    bands[2, 20], bands[3, 20] = 1000, 3000  # NDVI is 0.5 exactly
    red, nir = bands[2].astype(int), bands[3].astype(int)
    # Whole numbers: (nir - red) / (nir + red) is held against 1/5 and 1/2.
    low, high = 5 * (nir - red) - (nir + red), 2 * (nir - red) - (nir + red)
    valid = red + nir > 0
    assert (valid & (low == 0)).sum() > 100
    assert (valid & (high == 0)).sum() > 10
    inside = valid & (low >= 0 if sides.startswith(">=") else low > 0)
    inside &= high <= 0 if sides.endswith("<=") else high < 0
    rules = parse_rules({"vegetation": {"index": "NDVI", "above": 0.3}}, "mine")
    answer = planimeter.ask(
        write(tmp_path / "s.tif", bands), question, segmenter=IndexSegmenter(rules), limits=limits
    )
    assert answer.unit == unit
    assert answer.answer == pytest.approx(
        100 * inside.sum() / valid.sum() if unit == "%" else inside.sum() / 100, rel=1e-12
    )


@pytest.mark.parametrize(
    "question",
    [
        "What percentage has NDVI above 0.7 and below 0.4?",
        "What percentage has NDVI above 0.4 and above 0.6?",
        "How many hectares have NDVI above 0.4 and below 5 ha?",
    ],
)
def test_bounds_that_leave_nothing_or_are_of_something_else_are_refused(
    tmp_path: Path, question: str
) -> None:
    with pytest.raises(NotUnderstood) as refused:
        planimeter.ask(write(tmp_path / "s.tif", ground()), question, segmenter="index")
    assert "xap" not in str(refused.value), "the word that stands for a phrase is nobody's"


def test_an_index_in_a_question_where_no_band_is_near_infrared(tmp_path: Path) -> None:
    path = write(tmp_path / "rgb.tif", ground()[:3], ["red", "green", "blue"])
    with pytest.raises(NotMeasurable, match=r"^land with NDVI above 0.4 needs nir.*--bands nir=N"):
        planimeter.ask(path, "What percentage has NDVI above 0.4?", segmenter="index")


def test_the_indices_that_questions_may_name_are_there() -> None:
    assert tuple(OWN) == INDICES


@pytest.mark.parametrize("hundredth", range(1, 100))
def test_a_threshold_on_reflectance_is_strict(tmp_path: Path, hundredth: int) -> None:
    bands = np.array([[[100 * hundredth - 1, 100 * hundredth, 100 * hundredth + 1]]], np.uint16)
    scene = open_scene(write(tmp_path / "s.tif", bands, ["B08"]), bands="nir=1,scale=0.0001,offset=0")
    rules = parse_rules({"bright": {"formula": "N", "above": hundredth / 100}}, "mine")
    assert IndexSegmenter(rules).look(scene, ["bright"]).masks["bright"].tolist() == [[False, False, True]]


def test_a_threshold_of_three_decimals_is_met_by_the_same_pixels_as_with_exact_numbers(
    tmp_path: Path,
) -> None:
    nir, red = 65319, 32684  # NDVI 0.33300001
    assert 1000 * (nir - red) > 333 * (nir + red)
    bands = np.array([[[red]], [[nir]]], np.uint16)
    scene = open_scene(write(tmp_path / "s.tif", bands, ["B04", "B08"]))
    rules = parse_rules({"vegetation": {"index": "NDVI", "above": 0.333}}, "mine")
    assert IndexSegmenter(rules).look(scene, ["vegetation"]).masks["vegetation"].all()


def test_a_root_of_a_difference_needs_reflectance() -> None:
    assert not Formula("thick", "(N - R) ** 0.5").scale_free
    assert Formula("root", "((N - R) / (N + R)) ** 0.5").scale_free
    assert not Formula("small", "N * R / 900000").scale_free
    assert not Formula("nothing", "1 / 0 * N").scale_free  # has no value anywhere


@pytest.mark.parametrize("formula", ["1 / 0 * N", "((9 ** 8) ** 8) ** 8 * N", "((9 ** 8) ** 8) ** 8"])
def test_a_formula_without_a_value_never_ends_in_a_traceback(tmp_path: Path, formula: str) -> None:
    (tmp_path / "r.json").write_text(json.dumps({"water": {"formula": formula, "above": 0}}))
    path = write(tmp_path / "s.tif", ground())
    with pytest.raises((LabelError, NotMeasurable)):
        planimeter.ask(path, "What percentage is water?", segmenter=f"index:{tmp_path / 'r.json'}")
