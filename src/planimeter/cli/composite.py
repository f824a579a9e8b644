"""``planimeter composite``: several dates of one place as one scene."""

from __future__ import annotations

import click

from planimeter.cli.options import refuse_overwriting, scene_options
from planimeter.errors import UsageError


@click.command("composite")
@click.argument("scenes", nargs=-1, required=True)
@click.option("--out", required=True, metavar="FILE.tif", help="Where to write the composite.")
@scene_options
def command(scenes: tuple[str, ...], out: str, bands: str | None, clouds: str | None) -> None:
    """Write the median of several dates of one place, pixel by pixel, without clouds.

    It lies on the grid of the first of SCENES and has the bands that all of them have.

    \b
    planimeter composite june.SAFE july.SAFE august.SAFE --out summer.tif
    planimeter ask summer.tif "What is the mean NDVI of the fields?" --labels fields.tif --legend legend.json
    """
    from planimeter.raster import open_scene
    from planimeter.raster.composite import write_composite

    if clouds not in (None, "auto", "none"):
        raise UsageError("Several scenes have no mask of clouds in common, so --clouds is auto or none.")
    refuse_overwriting(out, scenes)
    made = write_composite(out, [open_scene(scene, bands=bands, clouds=clouds) for scene in scenes])
    click.echo(f"wrote {out}")
    click.echo(f"  bands    {', '.join(made.colours)}")
    click.echo(f"  nodata   {100 * made.unseen:.2f} % of the pixels, which no date shows")
    for sentence in made.notes:
        click.echo(f"  note     {sentence}")
