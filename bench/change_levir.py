"""New and gone buildings of two dates, from a segmenter's masks, against change masks drawn by people.

    python bench/change_levir.py FOLDER [--segmenter NAME] [--gsd 0.5]

FOLDER holds pairs of LEVIR-CD (Chen and Shi 2020): NAME_A.jpg the earlier image, NAME_B.jpg the later, NAME_labels.png
1 where a building was built or is gone. Every pair is measured by the program a question becomes: buildings of both
dates are matched by their overlap, and those without a partner are new or gone.

* Pixels: F1 of the pixels of new and gone buildings, and, for comparison, of all pixels that are a building at one date
  only (what buildings without matching show).
* Objects: regions of the change mask of which new or gone buildings cover half, and new or gone buildings of which half
  lies in the mask.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from planimeter import run
from planimeter.answer import Answer
from planimeter.spatial import Shapes, label_regions

PROGRAM = """
before = segment_image_from_path(BEFORE_PATH, ["roof"], gsd=gsd)["shapes"]
after = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)["shapes"]
match_shapes(after, before)
match_shapes(before, after)
new = highlight_shapes([s for s in after if not s["matched_ids"]], role="new")
gone = highlight_shapes([s for s in before if not s["matched_ids"]], role="gone")
highlight_shapes(subtract_shapes(after, before), role="gained")
highlight_shapes(subtract_shapes(before, after), role="lost")
answer = len(new) + len(gone)
"""


def marked(answer: Answer, roles: tuple[str, ...]) -> list[Shapes]:
    """The shapes that the program marked as one of some roles."""
    changes = answer.run.evidence.changes
    return [regions for role in roles for _, regions in changes.get(role, [])]


def painted(shapes: list[Shapes], shape: tuple[int, int]) -> np.ndarray:
    """(h, w) bool: the pixels of shapes."""
    mask = np.zeros(shape, dtype=bool)
    for each in shapes:
        mask |= each.mask()
    return mask


def counts(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(3,) int64: pixels found rightly, found wrongly, and missed."""
    return np.array([(found & truth).sum(), (found & ~truth).sum(), (~found & truth).sum()])


def f1(pixels: np.ndarray) -> float:
    """F1 of what ``counts`` gives."""
    right, wrong, missed = (int(value) for value in pixels)
    return 2 * right / (2 * right + wrong + missed) if right else 0.0


def half_covered(regions: Shapes, mask: np.ndarray) -> int:
    """How many regions a mask covers to a half."""
    return sum(int(mask[regions.mask([k])].mean() >= 0.5) for k in range(len(regions)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--segmenter", default=None)
    parser.add_argument("--gsd", type=float, default=0.5)
    options = parser.parse_args()
    pairs = sorted(options.folder.glob("*_A.jpg"))
    if not pairs:
        parser.error(f"{options.folder} holds no NAME_A.jpg: give a folder with pairs of LEVIR-CD")
    total, plain = np.zeros(3, dtype=int), np.zeros(3, dtype=int)
    objects = np.zeros(4, dtype=int)
    print(
        f"{'pair':24} {'new+gone':>8} {'in mask':>8} {'drawn':>6} {'found':>6} {'F1':>6} {'F1 plain':>8}  shift [px]"
    )
    for earlier in pairs:
        name = earlier.name.removesuffix("_A.jpg")
        truth = np.asarray(Image.open(earlier.with_name(f"{name}_labels.png"))) > 0
        answer = run(
            PROGRAM,
            earlier.with_name(f"{name}_B.jpg"),
            gsd=options.gsd,
            segmenter=options.segmenter,
            before=earlier,
        )
        changed = marked(answer, ("new", "gone"))
        mask, drawn = painted(changed, truth.shape), label_regions(truth)
        own, raw = (
            counts(mask, truth),
            counts(painted(marked(answer, ("gained", "lost")), truth.shape), truth),
        )
        right = sum(half_covered(each, truth) for each in changed)
        found = half_covered(drawn, mask)
        objects += [int(answer.answer), right, len(drawn), found]
        total, plain = total + own, plain + raw
        shift = (answer.before or {}).get("shift_pixels")
        print(
            f"{name:24} {answer.answer:8} {right:8} {len(drawn):6} {found:6} {f1(own):6.2f} {f1(raw):8.2f}  "
            f"{shift if shift else 'unknown'}"
        )
    shapes, right, drawn_all, found_all = objects
    print(f"all: pixels F1 {f1(total):.3f} of matched buildings, {f1(plain):.3f} of all pixels that differ")
    print(f"     {right} of {shapes} new and gone buildings lie in the masks to a half")
    print(f"     {found_all} of {drawn_all} drawn regions are covered to a half")


if __name__ == "__main__":
    main()
