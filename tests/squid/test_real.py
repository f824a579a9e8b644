"""The benchmark on real labels, with the built-in coder right on all of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from planimeter.squid.generate import Wanted, generate
from planimeter.squid.sources import read_source

pytest.importorskip("inspect_ai")


def test_real_labels_are_answered_right(data_dir: Path, tmp_path: Path) -> None:
    from planimeter.squid.card import write_data_set
    from planimeter.squid.logs import read_log
    from planimeter.squid.running import run_squid

    few = {"dubai": "tile2_00[1-4]*", "solar": "1[12]*", "roads": "00[1-5]*", "buildings": "kampala_ug_aoi2*"}
    images = []
    for name, pattern in few.items():
        (tmp_path / name).mkdir()
        for file in (data_dir / name).glob(pattern):
            shutil.copy(file, tmp_path / name)
        images += read_source(f"{name}:{tmp_path / name}", 0.3 if name == "dubai" else None)
    made = generate(images, tmp_path / "set", Wanted(questions=60, seed=5, per_image=12))
    write_data_set(made, parquet=False)
    assert len(made.data.questions) == 60
    assert not made.data.problems
    log = read_log(run_squid(str(tmp_path / "set"), tmp_path / "logs"))
    assert [(row.question.question, row.outcome) for row in log.rows if not row.right] == []
    assert len(log.scored) == 60
