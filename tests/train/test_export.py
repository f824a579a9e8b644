"""What ships computes what was trained, and the card is made of measured numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx")

import onnx
import torch

from planimeter.errors import ModelError, UsageError
from planimeter.segment.inference import RuntimeModel, load_card
from planimeter.segment.unet import UNetSegmenter
from planimeter.train import checkpoint
from planimeter.train.config import STORED_AS, Config
from planimeter.train.data import load_pictures
from planimeter.train.evaluate import TorchModel, evaluate, summary
from planimeter.train.export import _SMALL, _STORED, export_onnx, write_model
from planimeter.train.release import _blank, release
from planimeter.train.segmenter import train_segmenter


def quiet(line: str) -> None:
    """Progress that nobody reads."""


@pytest.fixture
def released(tiny: Config, tmp_path: Path) -> tuple[Path, Path]:
    """Checkpoint and card of a trained tiny model."""
    path = train_segmenter(tiny, tmp_path / "run", report=quiet)
    return path, release(tiny, path, tmp_path / "weights", "a test", report=quiet).path


def test_the_file_computes_what_torch_does(tiny: Config, released: tuple[Path, Path]) -> None:
    network = checkpoint.network_from(released[0], tiny)
    pictures = np.random.default_rng(0).integers(0, 255, (2, 96, 64, 3), dtype=np.uint8)
    ours = RuntimeModel(load_card(released[1]), exact=True).logits(pictures)
    torchs = TorchModel.of(network, tiny).logits(pictures)
    # Weights are stored in half precision: a relative error of 2^-11 each.
    np.testing.assert_allclose(ours, torchs, atol=0.01 * np.abs(torchs).max())


def test_weights_of_eight_bits_are_half_as_large_and_nearly_the_same(tiny: Config, tmp_path: Path) -> None:
    assert set(_STORED) == set(STORED_AS)
    network = checkpoint.build_network(tiny).eval()
    files = {kind: export_onnx(network, list(tiny.mean), list(tiny.std), kind) for kind in STORED_AS}
    whole, small = (
        onnx.load_model_from_string(files[kind]).graph.initializer for kind in ("float32", "int8")
    )
    large = sum(len(one.raw_data) for one in whole if len(one.raw_data) >= 4 * _SMALL)
    assert len(files["float32"]) - len(files["float16"]) > 0.45 * large
    assert len(files["float32"]) - len(files["int8"]) > 0.68 * large
    held = {one.name: onnx.numpy_helper.to_array(one) for one in small}
    checked = 0
    for weight in whole:
        if f"{weight.name}_int8" in held:
            scale = held[f"{weight.name}_scale"].reshape(-1, 1, 1, 1)
            off = np.abs(held[f"{weight.name}_int8"] * scale - onnx.numpy_helper.to_array(weight))
            assert (off <= 0.501 * scale).all()
            checked += 1
    assert checked
    pictures = np.random.default_rng(0).integers(0, 255, (1, 64, 64, 3), dtype=np.uint8)
    ours = {}
    for kind in ("float32", "int8"):
        record = {**_blank(tiny), "name": kind}
        ours[kind] = RuntimeModel(load_card(write_model(files[kind], record, tmp_path)), exact=True).logits(
            pictures
        )
    np.testing.assert_allclose(ours["int8"], ours["float32"], atol=0.05 * np.abs(ours["float32"]).max())


def test_the_weights_to_go_on_from_are_the_same(tiny: Config, released: tuple[Path, Path]) -> None:
    whole = checkpoint.network_from(released[0], tiny).state_dict()
    small = checkpoint.network_from(released[1].with_suffix(".pt"), tiny).state_dict()
    for name, value in whole.items():
        torch.testing.assert_close(small[name], value, rtol=2**-10, atol=1e-6)


def test_averaged_weights_alone_are_released_too(
    tiny: Config, released: tuple[Path, Path], tmp_path: Path
) -> None:
    """They are all that stays of a run; those of earlier versions do not say how many steps it had."""
    small = checkpoint.load(released[1].with_suffix(".pt"))
    assert small["step"] == 6
    checkpoint.save(tmp_path / "old.pt", {"ema": small["ema"]})
    card = release(tiny, tmp_path / "old.pt", tmp_path / "again", "by hand", report=lambda line: None)
    assert card.record["training"]["command"] == "by hand"
    assert "steps" not in card.record["training"]


def test_statistics_beyond_half_precision_survive(tiny: Config, tmp_path: Path) -> None:
    network = checkpoint.build_network(tiny)
    name = next(name for name in network.state_dict() if name.endswith("running_var"))
    network.state_dict()[name].fill_(
        700_000.0
    )  # as the shipped network has, and half precision makes infinite
    checkpoint.save_averaged(tmp_path / "small.pt", network)
    again = checkpoint.network_from(tmp_path / "small.pt", tiny)
    assert (again.state_dict()[name] == 700_000.0).all()


def test_weights_that_are_no_numbers_are_refused(tiny: Config, tmp_path: Path) -> None:
    network = checkpoint.build_network(tiny)
    name = next(name for name in network.state_dict() if name.endswith("running_var"))
    network.state_dict()[name][0] = float("inf")
    checkpoint.save(tmp_path / "broken.pt", {"ema": network.state_dict()})
    with pytest.raises(ModelError, match="no numbers"):
        checkpoint.network_from(tmp_path / "broken.pt", tiny)


def test_the_card_is_complete(tiny: Config, released: tuple[Path, Path]) -> None:
    record = json.loads(released[1].read_text(encoding="utf-8"))
    assert record["training"]["validation"] == {"land": 2}
    assert record["training"]["steps"] == 6
    assert {score["topic"] for score in record["scores"]} >= {"water", "vegetation", "road"}
    scene = load_pictures(tiny, "validation")[0].scene()
    masks = UNetSegmenter(released[1]).look(scene, ["road", "vegetation"]).masks
    assert masks["road"].shape == scene.shape


def test_an_exported_model_is_measured_anew(
    tiny: Config, released: tuple[Path, Path], tmp_path: Path
) -> None:
    before = load_card(released[1])
    again = release(tiny, released[1], tmp_path / "again", "never used", report=quiet)
    assert again.sha256 == before.sha256
    assert again.objects == before.objects
    assert again.record["training"]["command"] == "a test"
    assert again.record["scores"] == before.record["scores"]
    assert "narrowest" in again.record["objects"]["road"]


def test_a_model_of_other_classes_is_neither_scored_nor_measured_anew(
    tiny: Config, released: tuple[Path, Path], tmp_path: Path
) -> None:
    """Its planes would be taken for the configuration's classes, in their order."""
    turned = replace(tiny, land=tiny.land[::-1])
    with pytest.raises(UsageError, match=r"urban, forest.*the configuration water, barren"):
        evaluate(RuntimeModel(load_card(released[1])), load_pictures(turned, "validation"), turned)
    with pytest.raises(UsageError, match="the configuration water, barren"):
        release(turned, released[1], tmp_path / "again", "never used", report=quiet)
    with pytest.raises(UsageError, match="differ in `contact`"):
        release(replace(tiny, contact="road"), released[1], tmp_path / "again", "never used", report=quiet)


def test_a_card_measured_anew_counts_the_pictures_that_it_is_measured_on(
    tiny: Config, released: tuple[Path, Path]
) -> None:
    before = released[1].read_bytes()
    with pytest.raises(UsageError, match="check --data"):
        release(
            replace(tiny, sources={"land": replace(tiny.sources["land"], images="none/*")}),
            released[1],
            released[1].parent,
            "never used",
            report=quiet,
        )
    assert released[1].read_bytes() == before, "its own folder is not written to before all is there"
    fewer = replace(tiny, sources={"land": replace(tiny.sources["land"], validation=("5",))})
    again = release(fewer, released[1], released[1].parent, "never used", report=quiet)
    assert again.record["training"]["validation"] == {"land": 1}
    assert again.record["training"]["pictures"] == json.loads(before)["training"]["pictures"]


def test_scoring_twice_gives_the_same(tiny: Config, released: tuple[Path, Path]) -> None:
    model, held = RuntimeModel(load_card(released[1])), load_pictures(tiny, "validation")
    first, second = (summary(evaluate(model, held, tiny)) for _ in range(2))
    assert first == second


def test_a_perfect_model_scores_one(tiny: Config) -> None:
    """Scores of the labels themselves, given as logits."""
    held = load_pictures(tiny, "validation")

    class Perfect:
        def __init__(self) -> None:
            self.card = TorchModel.of(checkpoint.build_network(tiny), replace(tiny, smooth=0)).card
            self.turn = iter(held)

        def logits(self, pictures: np.ndarray) -> np.ndarray:
            target = next(self.turn).target
            logits = np.zeros((1, 7, *target.shape[:2]), np.float32)
            for code, channel in ((1, 0), (32, 5), (14, 2)):
                logits[0, channel][target[..., 0] == code] = 9
            logits[0, 6] = np.where(target[..., 1] == 1, 9, -9)
            return logits

    assert set(summary(evaluate(Perfect(), held, tiny)).values()) == {1.0}


def test_torchvision_is_not_needed_whole() -> None:
    from planimeter.segment.torchvision import let_torchvision_load

    let_torchvision_load()
    let_torchvision_load()  # twice does no harm
    import torchvision

    assert torchvision.__version__
    assert torch.zeros(1).sum() == 0
