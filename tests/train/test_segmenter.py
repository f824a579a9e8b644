"""A run that is killed and started again ends with the same weights as one that was not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from planimeter.errors import ModelError
from planimeter.train import checkpoint
from planimeter.train.config import Config
from planimeter.train.data import load_pictures
from planimeter.train.patches import Patches
from planimeter.train.segmenter import train_segmenter


def quiet(line: str) -> None:
    """Progress that nobody reads."""


def test_resuming_changes_nothing(tiny: Config, tmp_path: Path) -> None:
    straight = checkpoint.load(train_segmenter(tiny, tmp_path / "straight", report=quiet))
    first = train_segmenter(tiny, tmp_path / "broken", stop_after=3, report=quiet)
    assert first.name == "last.pt"
    resumed = checkpoint.load(train_segmenter(tiny, tmp_path / "broken", report=quiet))
    assert straight["step"] == resumed["step"] == 6
    for part in ("net", "ema"):
        for name, value in straight[part].items():
            assert torch.equal(value, resumed[part][name]), f"{part} {name}"


def test_a_crash_between_checkpoints_changes_nothing(
    tiny: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(tiny, save_every=2)
    straight = checkpoint.load(train_segmenter(config, tmp_path / "straight", report=quiet))
    draw = Patches.batch

    def power_cut(self: Patches, step: int, *processes: int) -> tuple[np.ndarray, np.ndarray]:
        if step == 5:
            raise SystemError("the power went out")
        return draw(self, step, *processes)

    with monkeypatch.context() as patched:
        patched.setattr(Patches, "batch", power_cut)
        with pytest.raises(SystemError):
            train_segmenter(config, tmp_path / "broken", report=quiet)
    assert checkpoint.load(tmp_path / "broken" / "last.pt")["step"] == 4
    resumed = checkpoint.load(train_segmenter(config, tmp_path / "broken", report=quiet))
    assert all(torch.equal(value, resumed["ema"][name]) for name, value in straight["ema"].items())


def test_training_changes_the_weights_and_starts_from_others(tiny: Config, tmp_path: Path) -> None:
    path = train_segmenter(tiny, tmp_path / "a", stop_after=2, report=quiet)
    before, after = checkpoint.build_network(tiny).state_dict(), checkpoint.load(path)["net"]
    assert any(not torch.equal(before[name], after[name]) for name in before)
    again = train_segmenter(replace(tiny, start_from=str(path)), tmp_path / "b", stop_after=0, report=quiet)
    for name, value in checkpoint.load(path)["ema"].items():
        assert torch.equal(value, checkpoint.load(again)["net"][name]), name


def test_a_damaged_checkpoint_is_one_sentence(tiny: Config, tmp_path: Path) -> None:
    path = train_segmenter(tiny, tmp_path, stop_after=1, report=quiet)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ModelError, match="no whole checkpoint"):
        train_segmenter(tiny, tmp_path, report=quiet)
    with pytest.raises(ModelError, match="There is no checkpoint"):
        checkpoint.network_from(tmp_path / "none.pt", tiny)


def test_weights_of_another_network_are_refused(tiny: Config, tmp_path: Path) -> None:
    path = train_segmenter(tiny, tmp_path, stop_after=1, report=quiet)
    with pytest.raises(ModelError, match="another network"):
        checkpoint.network_from(path, replace(tiny, objects=("road", "roof")))


def test_patches_depend_on_seed_and_step_alone(tiny: Config) -> None:
    pictures = load_pictures(tiny, "train")
    one, other = Patches(pictures, tiny), Patches(pictures, tiny)
    one.batch(0)
    for mine, yours in zip(one.batch(7), other.batch(7), strict=True):
        np.testing.assert_array_equal(mine, yours)
    assert not np.array_equal(one.batch(7)[0], one.batch(8)[0])


def test_processes_share_a_batch(tiny: Config) -> None:
    patches = Patches(load_pictures(tiny, "train"), replace(tiny, batch=4))
    whole = patches.batch(3)[0]
    parts = [patches.batch(3, rank, 2)[0] for rank in range(2)]
    np.testing.assert_array_equal(np.stack([parts[0][0], parts[1][0], parts[0][1], parts[1][1]]), whole)


def test_every_step_sees_sources_by_their_share(tiny: Config) -> None:
    pictures = load_pictures(tiny, "train")
    pictures += [replace(picture, source="other") for picture in pictures]
    sources = {
        "land": replace(tiny.sources["land"], share=0.75),
        "other": replace(tiny.sources["land"], share=0.25),
    }
    patches = Patches(pictures, replace(tiny, batch=8, sources=sources))
    for step in range(20):
        assert patches.sources_of(step).count("other") == 2


def test_a_patch_is_in_register_with_its_labels(tiny: Config) -> None:
    """A picture that shows its own labels still does after turning and resizing."""
    from planimeter.train.data import Picture
    from planimeter.train.patches import affine_patch

    image = np.zeros((200, 200, 3), np.uint8)
    image[60:140, 30:120] = 255
    labels = np.where(image[..., 0] > 0, 1, 0).astype(np.uint8)
    meaning = np.full((256, 2), 255, np.uint16)
    meaning[:2] = [[1, 0], [32, 1]]
    meaning[255, 0] = 0
    picture = Picture("land", "x", image, labels, meaning, 0.5)
    for seed in range(20):
        colours, planes = affine_patch(picture, 64, (0.3, 0.9), np.random.default_rng(seed))
        known = planes[0] > 0
        wrong = ((colours[..., 0] > 127) != (planes[1] == 1)) & known
        assert wrong.mean() < 0.03
        assert (planes[1][~known] == 255).all()


def test_a_dry_run_leaves_nothing_that_a_run_goes_on_from(
    tiny: Config, tiny_data: Path, tmp_path: Path
) -> None:
    from click.testing import CliRunner

    from planimeter.cli.train import command

    config = tmp_path / "tiny.yaml"
    config.write_text(
        "land: [urban, forest, agric, grass, barren, water]\nobjects: [road]\nsteps: 2\nsize: 64\nbatch: 4\n"
        "precision: 'no'\nnetwork: {dims: [8, 8, 16, 16], depths: [1, 1, 1, 1], decoder: [16, 8, 8]}\n"
        "sources:\n  land: {images: 'land/?.png', gsd: 0.5, share: 1, objects: {road: [3]}, validation: [every 3]}\n"
    )
    arguments = ["segmenter", str(config), "--data", str(tiny_data), "--out", str(tmp_path / "run")]
    done = CliRunner().invoke(command, [*arguments, "--dry-run"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "nothing was kept" in done.output
    assert not (tmp_path / "run").exists()
