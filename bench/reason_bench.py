"""What encoding an image once saves: the mask reward of a group of completions with SAM 2.1 small of random weights.

    python bench/reason_bench.py                 # about a minute of one core
    python bench/reason_bench.py --whole 16      # every completion of the slow way is run, none extrapolated

The slow way encodes the image for each completion, as the paper's published code does. It is run for ``--whole`` of the
16 completions and the rest is extrapolated, which the output says. The second table decodes 16 prompts in batches of
1, 4 and 16. Times do not depend on the values of the weights. On a CPU they are processor seconds, which other work on
the machine does not change; on a GPU they are seconds of the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable

import numpy as np

COMPLETIONS, INSTANCES = 16, 2
NEEDED = 5.0  # times cheaper


def sam2_small(device: str | None, chunk: int | None = None) -> object:
    """SAM 2.1 small at its real size; transformers' default configuration is tiny, small has more blocks."""
    from planimeter.reason.sam2 import Sam2Promptable, import_torch

    torch = import_torch("The benchmark")
    from transformers import Sam2Config, Sam2Model

    torch.manual_seed(0)
    backbone = {
        "model_type": "sam2_hiera_det_model",
        "blocks_per_stage": [1, 2, 11, 2],
        "global_attention_blocks": [7, 10, 13],
    }
    model = Sam2Model(Sam2Config(vision_config={"backbone_config": backbone}))
    millions = sum(value.numel() for value in model.parameters()) / 1e6
    print(
        f"SAM 2.1 small, {millions:.1f} million parameters, random weights; {torch.get_num_threads()} thread(s)"
    )
    return Sam2Promptable("sam2.1-hiera-small", model=model, device=device, chunk=chunk)


def group() -> tuple[np.ndarray, np.ndarray, list[str]]:
    """One image, its target, and completions that each show two instances elsewhere."""
    from planimeter.reason.wording import answer_text
    from planimeter.worlds import make_world

    draw = np.random.default_rng(3)
    image = make_world(3, size=840).image
    target = np.zeros(image.shape[:2], dtype=bool)
    target[200:400, 300:520] = True
    texts = []
    for _ in range(COMPLETIONS):
        instances = []
        for side in range(INSTANCES):
            x, y = (int(value) for value in draw.integers(0, 200, 2))
            x += 420 * side
            box = [x, y, x + 180, y + 160]
            instances.append({"bbox_2d": box, "positive_points": [[x + 60, y + 60], [x + 120, y + 90]]})
        texts.append(answer_text("two", instances))
    return image, target, texts


def seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """What one run takes."""
    started = clock()
    work()
    return clock() - started


def main() -> None:
    """Run both ways once each, and compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--whole", type=int, default=2, help="completions that the slow way runs")
    parser.add_argument("--device", help="cpu or cuda; a GPU if there is one")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", str(given.threads))
    import torch

    torch.set_num_threads(given.threads)
    from planimeter.reason.embeddings import EmbeddingCache
    from planimeter.reason.prompt import Prompt
    from planimeter.reason.rewards import mask_reward

    segmenter = sam2_small(given.device)
    image, target, texts = group()

    def reward(chosen: list[str]) -> list[float | None]:
        judge = mask_reward(segmenter, cache=EmbeddingCache())
        count = len(chosen)
        return judge(["?"] * count, chosen, image=[image] * count, target=[target] * count)

    on_gpu = given.device == "cuda" or (given.device is None and torch.cuda.is_available())
    clock = time.perf_counter if on_gpu else time.process_time
    encoded = segmenter.encode(image)  # which also warms up
    segmenter.decode(encoded, [Prompt((0.0, 0.0, 99.0, 99.0))])
    together: list[float | None] = []
    apart: list[float | None] = []
    fast = seconds(lambda: together.extend(reward(texts)), clock)
    slow = seconds(lambda: [apart.extend(reward([text])) for text in texts[: given.whole]], clock)
    assert together[: given.whole] == apart, "both ways give the same rewards"
    scaled = slow * COMPLETIONS / given.whole
    found = {"encode once, s": fast, "per completion, s": scaled, "ratio": scaled / fast}
    print(
        f"one group: {COMPLETIONS} completions x {INSTANCES} instances, one image of 840 x 840, one run each"
    )
    print(f"  encoded once            {fast:8.2f} s")
    note = (
        ""
        if given.whole == COMPLETIONS
        else f" ({given.whole} run: {slow:.2f} s, x {COMPLETIONS / given.whole:g})"
    )
    print(f"  encoded per completion  {scaled:8.2f} s{note}")
    print(f"  ratio                   {scaled / fast:8.1f} x (at least {NEEDED:g} wanted)")
    prompts = [Prompt((20.0 * k, 20.0, 20.0 * k + 150, 190.0), ((20.0 * k + 70, 90.0),)) for k in range(16)]
    for chunk in (1, 4, 16):
        segmenter.chunk = chunk
        found[f"decode in {chunk}, s"] = taken = seconds(lambda: segmenter.decode(encoded, prompts), clock)
        print(f"  16 prompts, {chunk:>2} together  {taken:8.2f} s")
    if given.json:
        print(json.dumps({name: round(value, 3) for name, value in found.items()}))
    if scaled / fast < NEEDED:
        raise SystemExit(f"encoding once is only {scaled / fast:.1f} times cheaper")


if __name__ == "__main__":
    main()
