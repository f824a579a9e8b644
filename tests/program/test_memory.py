"""What memory is left, where a container has less than its machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from planimeter.program.tiling import free_bytes

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
