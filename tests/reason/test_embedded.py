"""The promptable segmenter that ships: where it looks, what it is told, what it gives, and how it fails."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planimeter.errors import InputError, ModelError
from planimeter.reason import Prompt, PromptableSegmenter, find_promptable
from planimeter.reason.embedded import EmbeddedPromptable, load_promptable_card
from planimeter.reason.embedded.backbone import joined
from planimeter.reason.embedded.card import SHIPPED
from planimeter.reason.embedded.window import (
    GRID,
    SIDE,
    PromptWindow,
    context_grid,
    encoded_size,
    pasted,
    prompt_maps,
    seen_through,
    windows_of,
)
from planimeter.reason.scoring import mask_iou
from planimeter.segment.inference import card as segmenter_card


def picture() -> tuple[np.ndarray, np.ndarray]:
    """A bright shed on dark ground, and its mask."""
    rng = np.random.default_rng(0)
    image = rng.normal(80, 6, (96, 128, 3))
    mask = np.zeros((96, 128), bool)
    mask[30:58, 40:76] = True
    image[mask] += 110
    return np.clip(image, 0, 255).astype(np.uint8), mask


@pytest.fixture(scope="module")
def segmenter() -> EmbeddedPromptable:
    return EmbeddedPromptable()


@given(
    x=st.floats(-40, 90),
    y=st.floats(-40, 90),
    side=st.floats(16, 300),
    height=st.integers(20, 120),
    width=st.integers(20, 120),
)
@settings(max_examples=60, deadline=None)
def test_a_window_sees_what_lies_in_it(x: float, y: float, side: float, height: int, width: int) -> None:
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    seen, inside = seen_through(PromptWindow(x, y, side), np.dstack([columns + 0.5, rows + 0.5]))
    centre = (np.arange(SIDE) + 0.5) * side / SIDE
    for axis, (start, length) in enumerate(((x, width), (y, height))):
        place = centre + start
        expected = (place >= 0) & (place <= length)
        assert (inside.any(axis) == (expected & inside.any())).all()
        # Colours that are coordinates: each pixel shows where it came from, to within the averaging.
        plane = seen[..., axis] if axis == 0 else seen[..., axis].T
        mask = inside if axis == 0 else inside.T
        values = np.broadcast_to(place[None, :], plane.shape)
        well = mask & (values > 1 + side / SIDE) & (values < length - 1 - side / SIDE)
        assert np.abs(plane[well] - values[well]).max(initial=0) <= 1 + side / SIDE


@given(x=st.floats(-20, 100), y=st.floats(-20, 100), side=st.floats(16, 200), seed=st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_pasting_agrees_with_asking_each_pixel(x: float, y: float, side: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    window, shape = PromptWindow(x, y, side), (70, 90)
    logits = np.where(np.arange(SIDE)[None, :] < rng.integers(20, 80), 1.0, -1.0).astype(np.float32)
    logits = np.ascontiguousarray(np.broadcast_to(logits, (SIDE, SIDE)))
    found = pasted(logits, window, shape)
    edge = x + np.flatnonzero(logits[0] < 0)[0] * side / SIDE
    for column in range(shape[1]):
        centre = column + 0.5
        if abs(centre - edge) < 1 or not (x + 1 < centre < x + side - 1):
            continue
        rows = [row for row in range(shape[0]) if y + 1 < row + 0.5 < y + side - 1]
        assert (found[rows, column] == (centre < edge)).all()
    assert not found[:, : max(0, int(np.floor(x)))].any()


def test_maps_hold_box_area_and_points() -> None:
    window = PromptWindow(0, 0, 96)
    prompt = Prompt((10.5, 20, 30, 40), ((15.0, 25.0),), ((80.0, 80.0), (500.0, 5.0)))
    maps = prompt_maps(prompt, window, np.ones((SIDE, SIDE), bool))
    assert maps[1].sum() == pytest.approx(19.5 * 20)
    assert np.unravel_index(maps[2].argmax(), maps[2].shape) in {(24, 14), (25, 15), (24, 15), (25, 14)}
    assert maps[3][80, 80] > 0.8
    assert maps[3][5, SIDE - 1] > 0.8, "a point beyond the window is shown at its border"
    assert not prompt_maps(Prompt((0, 0, 9, 9)), window, np.ones((SIDE, SIDE), bool))[2:].any()


def test_places_in_the_image_run_from_minus_one_to_one() -> None:
    grid = context_grid(PromptWindow(0, 0, 100), (100, 200))
    assert grid.shape == (GRID, GRID, 2)
    assert grid[0, 0] == pytest.approx((-1 + 1 / GRID / 2, -1 + 1 / GRID))
    assert grid[-1, -1] == pytest.approx((-1 / GRID / 2, 1 - 1 / GRID), abs=1e-6)


def test_points_alone_are_tried_in_growing_windows_up_to_the_image() -> None:
    sides = [window.side for window in windows_of(Prompt(None, ((500, 500), (510, 500))), (1000, 2000))]
    assert sides == sorted(sides)
    assert len(sides) == 5
    assert windows_of(Prompt(None, (), ((3, 3),)), (100, 100)) == []


def test_encoded_pictures_are_multiples_of_the_stride() -> None:
    for shape in ((1, 1), (64, 64), (700, 3000), (513, 512)):
        height, width = encoded_size(shape, 512)
        assert height % 32 == 0
        assert width % 32 == 0
        assert max(height, width) <= 512


def test_it_is_a_promptable_segmenter_by_name(segmenter: EmbeddedPromptable) -> None:
    assert isinstance(segmenter, PromptableSegmenter)
    assert isinstance(find_promptable("embedded"), EmbeddedPromptable)


def test_a_good_box_gives_a_good_mask(segmenter: EmbeddedPromptable) -> None:
    image, mask = picture()
    encoded = segmenter.encode(image)
    found = segmenter.decode(
        encoded, [Prompt((40, 30, 76, 58)), Prompt((38, 31, 77, 60), ((50, 40), (60, 50)))]
    )
    assert found.dtype == bool
    assert found.shape == (2, 96, 128)
    assert [mask_iou(one, mask) > 0.8 for one in found] == [True, True]


def test_points_alone_find_the_thing_under_them(segmenter: EmbeddedPromptable) -> None:
    image, mask = picture()
    (found,) = segmenter.decode(segmenter.encode(image), [Prompt(None, ((50.5, 40.5), (64.5, 48.5)))])
    assert mask_iou(found, mask) > 0.5


def test_prompts_decode_alike_alone_and_together(segmenter: EmbeddedPromptable) -> None:
    image, _ = picture()
    encoded = segmenter.encode(image)
    prompts = [Prompt((40 + k, 30, 76, 58 + k)) for k in range(40)]  # more than one chunk
    together = segmenter.decode(encoded, prompts)
    for k in (0, 31, 32, 39):
        (alone,) = segmenter.decode(encoded, [prompts[k]])
        assert mask_iou(alone, together[k]) > 0.98


def test_no_prompts_and_prompts_of_nothing(segmenter: EmbeddedPromptable) -> None:
    encoded = segmenter.encode(picture()[0])
    assert segmenter.decode(encoded, []).shape == (0, 96, 128)
    assert not segmenter.decode(encoded, [Prompt(None, (), ((4, 4),))]).any()


def test_a_prompt_at_the_border_stays_inside_the_image(segmenter: EmbeddedPromptable) -> None:
    encoded = segmenter.encode(picture()[0])
    found = segmenter.decode(encoded, [Prompt((0, 0, 3, 96)), Prompt((120, 90, 128, 96), ((127.9, 95.9),))])
    assert found.shape == (2, 96, 128)


def test_what_is_no_picture_is_refused(segmenter: EmbeddedPromptable) -> None:
    for wrong in (np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)):
        with pytest.raises(InputError, match="uint8"):
            segmenter.encode(wrong)


def test_what_ships_fits_and_says_what_it_was_trained_on() -> None:
    card = load_promptable_card()
    assert card.encoder.size + card.decoder.size <= 16 * 2**20
    assert set(card.record["data"]) >= {"deepglobe", "dubai", "roads", "solar", "buildings", "worlds"}
    for source, scores in card.record["scores"].items():
        if source not in (
            "roads",
            "roads_us",
        ):  # roads fill their box thinly, and the card says how badly it does
            assert scores["true box"] > 0.5, source
        assert scores["true box"] >= scores["box off by 35 %"] - 0.05, source


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for path in SHIPPED.iterdir():
        shutil.copy(path, tmp_path / path.name)
    return tmp_path / "promptable.json"


def test_damaged_files_are_named_with_a_remedy(copy: Path) -> None:
    decoder = copy.with_name("promptable-decoder.onnx")
    content = decoder.read_bytes()
    image = picture()[0]

    def tried() -> None:
        one = EmbeddedPromptable(copy)
        one.decode(one.encode(image), [Prompt((1, 1, 9, 9))])

    decoder.write_bytes(content[:-7])
    with pytest.raises(ModelError, match=r"cut short.*install planimeter again"):
        tried()
    decoder.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ModelError, match="SHA-256"):
        tried()
    decoder.unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        tried()


def test_the_encoder_goes_on_from_the_features_of_the_segmenter_that_ships() -> None:
    """The joined graph gives what the two graphs give one after the other."""
    openvino = pytest.importorskip("openvino")
    core, exact = openvino.Core(), {"INFERENCE_PRECISION_HINT": "f32"}
    backbone = core.read_model(segmenter_card.SHIPPED / "efficientnet-unet.onnx")
    encoder = core.read_model(SHIPPED / "promptable-encoder.onnx")
    names = [feature.get_any_name() for feature in encoder.inputs]
    backbone.add_outputs(names)
    image = np.random.default_rng(5).integers(0, 256, (96, 128, 3), np.uint8)
    found = core.compile_model(backbone, "CPU", exact)([image[None]])
    given = [found[name] for name in names]
    assert [feature.shape for feature in given] == [(1, 40, 12, 16), (1, 112, 6, 8), (1, 320, 3, 4)]
    features = core.compile_model(encoder, "CPU", exact)(given)[0]
    assert np.abs(features).max() > 1
    own = EmbeddedPromptable(exact=True).encode(image).features[0]
    np.testing.assert_allclose(own, features, rtol=1e-4, atol=1e-4)


def test_another_segmenter_in_its_place_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = (segmenter_card.SHIPPED / "efficientnet-unet.onnx").read_bytes()
    (tmp_path / "efficientnet-unet.onnx").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    monkeypatch.setattr(segmenter_card, "SHIPPED", tmp_path)
    with pytest.raises(ModelError, match=r"efficientnet-unet\.onnx.*SHA-256"):
        EmbeddedPromptable().encode(picture()[0])


def test_a_segmenter_without_those_features_is_refused() -> None:
    openvino = pytest.importorskip("openvino")
    core = openvino.Core()
    decoder, encoder = (
        core.read_model(SHIPPED / f"promptable-{part}.onnx") for part in ("decoder", "encoder")
    )
    with pytest.raises(ModelError, match="holds no features"):
        joined(decoder, encoder)


def test_a_card_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load_promptable_card(tmp_path / "none.json")
    for text in ("{", "[]", json.dumps({"name": "x"})):
        (tmp_path / "card.json").write_text(text)
        with pytest.raises(ModelError, match="no card"):
            load_promptable_card(tmp_path / "card.json")


def test_one_segmenter_serves_several_threads() -> None:
    image, _ = picture()
    shared = EmbeddedPromptable()
    prompts = [Prompt((40 + k, 30, 76, 58 + k)) for k in range(8)]

    def answered(k: int) -> np.ndarray:
        return shared.decode(shared.encode(image), prompts[k : k + 1])[0]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(answered, range(8)))
    assert all((mask == answered(k)).all() for k, mask in enumerate(together))
