"""What memory is left, where a container has less than its machine."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from planimeter.program import Limits
from planimeter.program.tiling import free_bytes, tiling_for

GIB = 1 << 30


def system(
    root: Path, available: int, limit: str | None = None, held: int = 0, inactive: int | None = None
) -> Path:
    (root / "proc").mkdir()
    (root / "proc/meminfo").write_text(
        f"MemTotal:  {64 * GIB >> 10} kB\nMemAvailable: {available >> 10} kB\nBuffers: 1 kB\n"
    )
    group = root / "sys/fs/cgroup"
    group.mkdir(parents=True)
    if limit is not None:
        (group / "memory.max").write_text(f"{limit}\n")
        (group / "memory.current").write_text(f"{held}\n")
    if inactive is not None:
        (group / "memory.stat").write_text(
            f"anon {held - inactive}\ninactive_file {inactive}\nactive_file 0\n"
        )
    return root


@pytest.mark.parametrize(
    ("available", "limit", "held", "inactive", "free"),
    [
        (20 * GIB, None, 0, None, 20 * GIB),
        (20 * GIB, "max", 3 * GIB, None, 20 * GIB),
        (20 * GIB, str(8 * GIB), 5 * GIB, None, 3 * GIB),
        (20 * GIB, str(8 * GIB), 7 * GIB, 4 * GIB, 5 * GIB),  # files that were read make room
        (2 * GIB, str(8 * GIB), 1 * GIB, None, 2 * GIB),
        (20 * GIB, str(8 * GIB), 9 * GIB, 0, 0),
    ],
)
def test_a_containers_limit_is_not_all_free(
    tmp_path: Path, available: int, limit: str | None, held: int, inactive: int | None, free: int
) -> None:
    assert free_bytes(system(tmp_path, available, limit, held, inactive)) == free


def test_a_system_that_says_nothing(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) == 4 * GIB
    assert free_bytes() > 0


@pytest.mark.parametrize(
    ("side", "can", "whole"),
    [
        (11_000, {"parts": True}, True),
        (20_000, {"parts": True}, False),  # memory is slower than a processor's cache
        (
            20_000,
            {"parts": True, "seam": 64},
            True,
        ),  # what is looked at around tiles would be looked at twice
        (20_000, {}, True),  # it cannot look at parts
    ],
)
def test_large_scenes_are_measured_in_tiles_where_these_cost_nothing(
    side: int, can: dict[str, Any], whole: bool
) -> None:
    scene: Any = SimpleNamespace(height=side, width=side)
    segmenter: Any = SimpleNamespace(**can)
    assert tiling_for(scene, Limits(resident_bytes=64 * GIB), segmenter).is_whole == whole
