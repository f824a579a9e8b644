"""Whole-process times: `import planimeter`, and `planimeter ask` on a 1024 x 1024 scene from the shell.

Each figure is the median of seven runs of a fresh process. The ratio to the bare interpreter says how much of it is
Planimeter's own, since machines differ.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7


def median_seconds(command: list[str]) -> float:
    """Median wall seconds of a command over fresh processes, after one run that warms the disk cache."""
    times = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def main() -> None:
    from planimeter.worlds import make_world

    python = sys.executable
    folder = Path(tempfile.mkdtemp())
    make_world(seed=7, size=1024).write(folder)
    labels = ["--labels", str(folder / "labels.tif"), "--legend", str(folder / "legend.json")]
    asked = [python, "-m", "planimeter", "ask", str(folder / "image.tif")]
    bare = median_seconds([python, "-c", "pass"])
    rows = {
        "bare interpreter": bare,
        "import planimeter (goal < 0.3 s)": median_seconds([python, "-c", "import planimeter"]),
        "ask: percentage (goal < 1.5 s)": median_seconds(
            [*asked, "What percentage of the image is forest?", *labels]
        ),
        "ask: buildings near water (goal < 1.5 s)": median_seconds(
            [*asked, "How many buildings are within 50 m of water?", *labels]
        ),
    }
    for name, seconds in rows.items():
        print(f"{name:<44} {seconds:6.3f} s   {seconds / bare:6.1f} x bare interpreter")


if __name__ == "__main__":
    main()
