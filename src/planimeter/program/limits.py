"""How much one program may use."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from planimeter.spatial.tiles import OneByOne, TileMap

#: Scenes up to this many pixels are measured within `Limits.seconds`; larger ones get as much per pixel.
PIXELS_IN_TIME = 1 << 26


@dataclass(frozen=True)
class Limits:
    """Budgets of one program; passing one raises ``LimitReached``.

    Attributes:
        seconds: wall-clock time of the whole run, segmentation and measuring included. A run of T seconds
            ends within T + 2.
        sandbox_seconds: time the program itself may compute, without the time its calls take.
        memory_bytes: heap of the program.
        recursion: depth of its calls.
        output_bytes: what it may print.
        calls: calls of program functions.
        topics: distinct topics it may have segmented.
        shapes: shapes it may receive, all calls together.
        resident_bytes: memory of the whole process while it measures, as far as the scene decides it; a scene that
            would need more is measured tile by tile. None: half of what is free.
        tile: (height, width) of tiles, pixels; None for what memory allows. It changes no answer.
        each: does the work on tiles.
    """

    seconds: float = 300.0
    sandbox_seconds: float = 10.0
    memory_bytes: int = 1 << 30
    recursion: int = 400
    output_bytes: int = 200_000
    calls: int = 5_000
    topics: int = 64
    shapes: int = 1_000_000
    resident_bytes: int | None = None
    tile: tuple[int, int] | None = None
    each: TileMap = field(default_factory=OneByOne)

    def for_pixels(self, pixels: int, pace: float = 0.0) -> Limits:
        """The limits of a run over a scene of so many pixels: a huge one takes longer and has more shapes.

        Args:
            pixels: of the scene.
            pace: seconds that a million of them may take to be looked at, see ``Abilities``.

        Example:
            >>> Limits().for_pixels(1 << 20) == Limits()
            True
            >>> Limits().for_pixels(1 << 30).seconds
            4800.0
            >>> Limits().for_pixels(2_000_000, pace=20).seconds
            340.0
        """
        if pace:
            plain = self.for_pixels(pixels)
            return replace(plain, seconds=plain.seconds + pace * pixels / 1e6)
        times = pixels / PIXELS_IN_TIME
        if times <= 1:
            return self
        return replace(
            self,
            seconds=self.seconds * times,
            sandbox_seconds=self.sandbox_seconds * times,
            shapes=int(self.shapes * times),
        )
