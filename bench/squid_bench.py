"""How long the benchmark takes: 2,000 questions with their labels, generated and then answered and scored.

    python bench/squid_bench.py [--questions 2000] [--worlds 100] [--workers 2] [--folder DIR]

The issue's line: 2,000 questions in under five minutes on two cores. Printed beside the times: the machine's load
when it began, because a busy machine measures the others.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from planimeter.squid.card import write_data_set
from planimeter.squid.generate import Wanted, generate
from planimeter.squid.logs import read_log
from planimeter.squid.running import run_squid
from planimeter.squid.sources import read_source


def main() -> None:
    """Generate, run, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", help="keep the data set here, and use it again when it is there")
    arguments = parser.parse_args()
    folder = Path(arguments.folder or tempfile.mkdtemp())
    data = folder / "set"
    load = os.getloadavg()[0]
    if not (data / "dataset.json").is_file():
        started = time.perf_counter()
        per_image = -(-arguments.questions * 5 // (arguments.worlds * 4))  # a quarter to spare
        wanted = Wanted(questions=arguments.questions, seed=1, per_image=per_image)
        made = generate(read_source(f"worlds:{arguments.worlds}"), data, wanted)
        write_data_set(made, parquet=False)
        print(f"generated {len(made.data.questions)} questions in {time.perf_counter() - started:.0f} s")
    started, worked = time.perf_counter(), _cpu_seconds()
    log = read_log(run_squid(str(data), folder / "logs", workers=arguments.workers))
    seconds = time.perf_counter() - started
    right = sum(row.right for row in log.rows)
    print(
        f"answered and scored {len(log.rows)} questions in {seconds:.0f} s "
        f"({1000 * seconds / len(log.rows):.0f} ms each, {arguments.workers} workers, load before: {load:.1f}, "
        f"{_cpu_seconds() - worked:.0f} s of processor time): "
        f"{right} right, {len(log.scored) - right} wrong, {len(log.rows) - len(log.scored)} unscored"
    )


def _cpu_seconds() -> float:
    """Processor time of this process and of the sandboxes that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


if __name__ == "__main__":
    main()
