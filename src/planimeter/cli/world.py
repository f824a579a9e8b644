"""``planimeter world``: a synthetic scene with exact labels."""

from __future__ import annotations

import click

from planimeter.cli.options import written
from planimeter.errors import UsageError

_LARGEST_AT_ONCE = 8192  # pixels a side; more would need gigabytes


@click.command("world")
@click.option("--out", required=True, metavar="DIR", help="Where to write the scene.")
@click.option("--seed", default=4, show_default=True, help="The same seed makes the same scene.")
@click.option("--size", default=1024, show_default=True, metavar="PX", help="Pixels a side.")
@click.option("--gsd", default=0.5, show_default=True, metavar="M", help="Metres per pixel.")
def command(out: str, seed: int, size: int, gsd: float) -> None:
    """Make a synthetic scene: image, labels, legend and the exact list of its objects.

    Sizes above 8192 are written as a mosaic, block by block; the list of objects is then their number.

    \b
    planimeter world --out demo --seed 3 --size 2048
    planimeter world --out huge --size 32768
    """
    from planimeter.worlds import make_world
    from planimeter.worlds.mosaic import write_mosaic

    if not 64 <= size <= 32768:
        raise UsageError(f"--size {size} must lie between 64 and 32768 pixels.")
    if not 0.05 <= gsd <= 30:
        raise UsageError(f"--gsd {gsd:g} must lie between 0.05 and 30 metres per pixel.")
    if size > _LARGEST_AT_ONCE:
        click.echo(written(write_mosaic(out, seed, size, gsd).paths))
        return
    click.echo(written(make_world(seed=seed, size=size, gsd=gsd).write(out)))
