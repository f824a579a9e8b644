"""``planimeter segment``: masks as a GeoTIFF, one band per topic."""

from __future__ import annotations

import click

from planimeter.cli.options import segmenter_from, source_options
from planimeter.errors import UsageError


@click.command("segment")
@click.argument("image")
@click.option("--topics", required=True, metavar="A,B,…", help="What to look for, e.g. roof,water,forest.")
@click.option("--out", required=True, metavar="FILE.tif", help="Where to write the masks.")
@source_options
def command(
    image: str,
    topics: str,
    out: str,
    gsd: float | None,
    labels: tuple[str, ...],
    legend: tuple[str, ...],
    vector: tuple[str, ...],
    segmenter: str | None,
) -> None:
    """Write the masks of IMAGE: one uint8 band of 0 and 1 per topic, described by the topic's name.

    \b
    planimeter segment scene.tif --topics roof,water --out masks.tif --labels landcover.tif --legend nlcd
    """
    from planimeter.raster import open_scene
    from planimeter.raster.masks import write_masks
    from planimeter.segment import canonical

    source = segmenter_from(labels, legend, vector, segmenter)
    wanted = [canonical(word.strip()) or word.strip() for word in topics.split(",") if word.strip()]
    if not wanted:
        raise UsageError("--topics names no topic: write for example --topics roof,water.")
    scene = open_scene(image, gsd=gsd)
    masks = source.masks(scene, list(dict.fromkeys(wanted)))
    valid = scene.valid()
    covered = source.valid(scene)
    if covered is not None:
        valid = valid & covered
    masks = {topic: mask & valid for topic, mask in masks.items()}
    write_masks(out, masks, scene)
    click.echo(f"wrote {out}")
    for topic, mask in masks.items():
        click.echo(f"  {topic:<10} {100 * mask.sum() / max(1, valid.sum()):6.2f} % of the valid pixels")
