"""The default segmenter: runtimes on the same network, a scene tiled in three ways, and memory.

* Runtimes: the shipped network on 1024 x 1024 pixels in eager PyTorch, ONNX Runtime and OpenVINO, taken in turn in one
  process; the best of five rounds each, wall clock and processor time. Processor time is what to compare on a machine
  that does other things as well.
* Start: how long a process needs from nothing to the first masks of 1024 x 1024 pixels; all masks, in normal and high
  quality; and `planimeter ask` from the shell to the answer, the best of five, compiled models being cached on disk.
* Tiles: masks of a 3000 x 3000 scene with tiles of 512, 1024 and untiled; pixels that differ.
* Memory: the peak of resident memory for scenes of growing size, each in a fresh process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from planimeter.raster import open_scene
from planimeter.segment.inference import RuntimeModel, load_card
from planimeter.segment.unet import UNetSegmenter
from planimeter.worlds import make_world

ROUNDS = 5
SIDE = 1024
TILED_SIDE = 3000
GROWTH = (1024, 2048, 4096)


def eager_torch() -> Callable[[np.ndarray], object]:
    """The shipped network in PyTorch, as one would run it without a thought; weights do not change its time."""
    from planimeter.train.checkpoint import build_network
    from planimeter.train.config import load_config
    from planimeter.train.evaluate import TorchModel

    config = load_config(Path(__file__).parents[1] / "configs" / "segmenter.yaml")
    return TorchModel.of(build_network(config).eval(), config).logits


def onnx_runtime() -> Callable[[np.ndarray], object]:
    import onnxruntime

    session = onnxruntime.InferenceSession(load_card().content, providers=["CPUExecutionProvider"])
    return lambda pictures: session.run(None, {"pictures": pictures})


def runtimes() -> None:
    pictures = make_world(5, size=SIDE).image[None]
    runs: dict[str, Callable[[np.ndarray], object]] = {
        "PyTorch, eager": eager_torch(),
        "ONNX Runtime": onnx_runtime(),
        "OpenVINO, float32": RuntimeModel(load_card(), exact=True).logits,
        "OpenVINO (default)": RuntimeModel(load_card()).logits,
    }
    wall = dict.fromkeys(runs, np.inf)
    processor = dict.fromkeys(runs, np.inf)
    for run in runs.values():
        run(pictures)
    for _ in range(ROUNDS):
        for name, run in runs.items():
            began, used = time.perf_counter(), time.process_time()
            run(pictures)
            wall[name] = min(wall[name], time.perf_counter() - began)
            processor[name] = min(processor[name], time.process_time() - used)
    print(
        f"network on {SIDE} x {SIDE} pixels      wall      processor  times faster than eager (wall, processor)"
    )
    for name in runs:
        faster = wall["PyTorch, eager"] / wall[name], processor["PyTorch, eager"] / processor[name]
        print(
            f"  {name:<24} {wall[name]:7.3f} s {processor[name]:9.3f} s   {faster[0]:5.1f} {faster[1]:5.1f}"
        )


def start(folder: Path) -> None:
    image = make_world(6, size=SIDE).write(folder / "start")["image"]
    script = (
        "import time; began = time.perf_counter()\n"
        "from planimeter.raster import open_scene\n"
        "from planimeter.segment import find_segmenter\n"
        f"find_segmenter(None).look(open_scene({str(image)!r}), ['water'])\n"
        "print(time.perf_counter() - began)"
    )
    seconds = min(float(subprocess.check_output([sys.executable, "-c", script])) for _ in range(3))
    scene, segmenter = open_scene(image), UNetSegmenter()
    segmenter.look(scene, ["water"])
    began = time.perf_counter()
    segmenter.look(open_scene(image), segmenter.topics)
    again = time.perf_counter() - began
    print(f"all masks of {SIDE} x {SIDE}: {again:.2f} s; first ones of a new process: {seconds:.2f} s")
    high = UNetSegmenter(high=True)
    high.look(scene, ["water"])
    began = time.perf_counter()
    high.look(open_scene(image), high.topics)
    print(f"all masks of {SIDE} x {SIDE} in high quality: {time.perf_counter() - began:.2f} s")
    shell(image)


def shell(image: Path) -> None:
    """`planimeter ask` as a person starts it: wall clock, and processor time of the process and its children."""
    command = [sys.executable, "-m", "planimeter", "ask", str(image), "How many buildings are there?"]
    wall, used = np.inf, np.inf
    for _ in range(ROUNDS):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        wall = min(wall, time.perf_counter() - began)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = min(used, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"from the shell to the answer on {SIDE} x {SIDE}: {wall:.2f} s, processor {used:.2f} s")


def tiles(folder: Path) -> None:
    image = make_world(7, size=TILED_SIDE).write(folder / "tiles")["image"]
    topics = UNetSegmenter().topics
    found = {}
    for tile in (512, 1024, TILED_SIDE):
        began = time.perf_counter()
        found[tile] = UNetSegmenter(tile=tile).look(open_scene(image), topics).masks
        print(f"tile {tile:>5}: {time.perf_counter() - began:6.2f} s for {TILED_SIDE} x {TILED_SIDE}")
    for tile in (1024, TILED_SIDE):
        worst = max(topics, key=lambda topic: (found[512][topic] != found[tile][topic]).mean())
        share = (found[512][worst] != found[tile][worst]).mean()
        print(f"tile 512 against {tile:>5}: {100 * share:.4f} % of pixels differ at most ({worst})")


def memory(folder: Path) -> None:
    for side in GROWTH:
        image = make_world(8, size=side).write(folder / f"memory{side}")["image"]
        done = subprocess.check_output([sys.executable, __file__, "--peak", str(image)])
        peak = json.loads(done)
        print(
            f"peak of resident memory for {side:>5} x {side:<5}: {peak:7.0f} MiB, its masks of two topics included"
        )


def peak(image: str) -> None:
    UNetSegmenter().look(open_scene(image), ["water", "roof"])
    # Not getrusage: its peak begins with that of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(status.split("VmHWM:")[1].split()[0]) / 1024)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        peak(sys.argv[2])
    else:
        with tempfile.TemporaryDirectory() as temporary:
            runtimes()
            start(Path(temporary))
            tiles(Path(temporary))
            memory(Path(temporary))
