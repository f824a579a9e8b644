"""What a prompter learns on: a picture, a phrase, the answer derived from masks, and the target.

A sample's answer is the supervised baseline's text; its target is all that the mask reward sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planimeter.reason.frames import FrameRule, OriginalFrame, original_frame
from planimeter.reason.seen import Instance, instance_of, stepped
from planimeter.reason.wording import answer_text
from planimeter.train.prompter.scenes import COLOURS, SIDE, Shape, ShapeScene, make_scene

HELD_OUT_SEED = 0  # held-out scenes are seeds 0, 1, …
TRAINING_SEED = 100_000  # training scenes start here


@dataclass(frozen=True)
class Sample:
    """One question about one picture.

    Attributes:
        image: (H, W, 3) uint8.
        phrase: what is asked for.
        target: (H, W) bool union of the instances; empty where there are none.
        thought: what the taught answer thinks.
        instances: what a perfect answer holds.
        told: what the taught answer holds, where that is something else: regions that a prompter's eyes see.
        kind: of question, by which scores are told apart; "" where all are of one kind.
        picture: samples of one picture share it; "" where each has its own.
        topic: that the phrase is about; "not water" for all that is none; "" where nobody asks.
        meant: (regions,) bool, which of the regions that the eyes see the taught answer holds, where that is known.
    """

    image: np.ndarray
    phrase: str
    target: np.ndarray
    thought: str
    instances: tuple[Instance, ...]
    kind: str = ""
    picture: str = ""
    topic: str = ""
    meant: np.ndarray | None = None
    told: tuple[Instance, ...] | None = None

    @property
    def teaches(self) -> bool:
        """Whether the taught answer holds something wherever there is something to be found."""
        return bool(self.told is None or self.told or not self.instances)

    def answer(self, rule: FrameRule = original_frame, step: int = 1) -> str:
        """The completion that supervised training teaches.

        Args:
            rule: the frame in which the model speaks.
            step: its numbers are multiples of this.
        """
        original = OriginalFrame(self.image.shape[1], self.image.shape[0])
        frame = rule(original)
        held = self.instances if self.told is None else self.told
        scale = frame.width / original.width, frame.height / original.height
        return answer_text(self.thought, [as_json(instance, scale, step) for instance in held])


def shape_sample(seed: int, absent: float = 0.08, every: float = 0.0) -> Sample:
    """A question about a scene of coloured shapes: one colour, every shape, or a colour that is not there.

    Args:
        seed: of the scene and the question.
        absent: share of questions about a colour that is not there.
        every: share of questions about every shape.

    Example:
        >>> sample = shape_sample(100_000)
        >>> sample.phrase, sample.answer().split("</think>")[0]
        ('yellow shape', '<think>yellow a2')
    """
    scene = make_scene(seed)
    rng = np.random.default_rng([seed, 77])
    there = [shape.colour for shape in scene.shapes]
    draw = rng.random()
    if draw < absent:
        colour = str(rng.choice([name for name in COLOURS if name not in there]))
        wanted: Sequence[Shape] = ()
    elif draw < absent + every:
        colour, wanted = "every", scene.shapes
    else:
        wanted = (scene.shapes[int(rng.integers(len(scene.shapes)))],)
        colour = wanted[0].colour
    instances = tuple(instance_of(shape.mask) for shape in wanted)
    target = np.zeros((SIDE, SIDE), bool)
    for shape in wanted:
        target |= shape.mask
    return Sample(
        scene.image,
        f"{colour} shape",
        target,
        thought_about(scene),
        instances,
    )


def thought_about(scene: ShapeScene) -> str:
    """Every shape with its grid cell: without it, the small model learns the form and never the places.

    Example:
        >>> thought_about(make_scene(100_000))
        'yellow a2'
    """
    return ", ".join(
        f"{shape.colour} {chr(ord('a') + shape.cell[0])}{shape.cell[1] + 1}" for shape in scene.shapes
    )


def as_json(instance: Instance, scale: tuple[float, float] = (1, 1), step: int = 1) -> dict[str, Any]:
    """An instance as the answer writes it: whole numbers in the frame the model speaks.

    Args:
        instance: in pixels of the original image.
        scale: what x and y are multiplied by to come into the model's frame.
        step: numbers are rounded to multiples of this.

    Example:
        >>> as_json(Instance((1, 2, 8, 7), ((4, 4), (5, 5))), (2, 2))
        {'bbox_2d': [2, 4, 16, 14], 'positive_points': [[8, 8], [10, 10]]}
        >>> as_json(Instance((1, 2, 8, 7), (), "water r3"))["label"]
        'water r3'
        >>> as_json(Instance((30, 2, 31, 60), ()), step=10)["bbox_2d"]
        [20, 0, 30, 60]
    """
    (x0, y0), (x1, y1), *points = stepped(instance, scale, step)
    return {
        **({"label": instance.name} if instance.name else {}),
        "bbox_2d": [x0, y0, x1, y1],
        "positive_points": [list(point) for point in points],
    }


class ShapeSamples(Sequence[Sample]):
    """Questions about scenes of coloured shapes, made when they are first asked for.

    Args:
        first: seed of the first scene.
        count: how many.
        absent: share of questions about a colour that is not there.
        every: share of questions about every shape.
    """

    def __init__(self, first: int, count: int, absent: float = 0.08, every: float = 0.0) -> None:
        self._seeds = range(first, first + count)
        self._shares = absent, every
        self._made: dict[int, Sample] = {}

    def __len__(self) -> int:
        return len(self._seeds)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        seed = self._seeds[index]
        if seed not in self._made:
            self._made[seed] = shape_sample(seed, *self._shares)
        return self._made[seed]
