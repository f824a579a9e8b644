"""The compiled model is kept for the next process, and never stands in the way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planimeter.segment.inference import RuntimeModel, load_card

PICTURE = np.random.default_rng(1).integers(0, 255, (1, 64, 64, 3), dtype=np.uint8)


def test_it_is_kept_and_computes_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANIMETER_CACHE", str(tmp_path))
    first = RuntimeModel(load_card()).logits(PICTURE)
    kept = list((tmp_path / "models").iterdir())
    assert kept
    again = RuntimeModel(load_card()).logits(PICTURE)
    assert list((tmp_path / "models").iterdir()) == kept
    np.testing.assert_array_equal(first, again)


def test_a_damaged_file_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANIMETER_CACHE", str(tmp_path))
    first = RuntimeModel(load_card()).logits(PICTURE)
    for file in (tmp_path / "models").iterdir():
        file.chmod(0o644)
        file.write_bytes(file.read_bytes()[:1000])
    np.testing.assert_array_equal(RuntimeModel(load_card()).logits(PICTURE), first)


def test_no_folder_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PLANIMETER_CACHE", str(tmp_path / "file"))
    assert RuntimeModel(load_card()).logits(PICTURE).shape[-2:] == (64, 64)
