"""``planimeter segment``: masks as a GeoTIFF, one band per topic."""

from __future__ import annotations

import click

from planimeter.cli.options import (
    corrections_option,
    limits_from,
    refuse_overwriting,
    scene_options,
    segmenter_from,
    size_options,
    source_options,
)
from planimeter.errors import UsageError


@click.command("segment")
@click.argument("image")
@click.option("--topics", required=True, metavar="A,B,…", help="What to look for, e.g. roof,water,forest.")
@click.option("--out", required=True, metavar="FILE.tif", help="Where to write the masks.")
@source_options
@corrections_option
@scene_options
@size_options
def command(
    image: str,
    topics: str,
    out: str,
    gsd: float | None,
    labels: tuple[str, ...],
    legend: tuple[str, ...],
    vector: tuple[str, ...],
    segmenter: str | None,
    corrections: str | None,
    bands: str | None,
    clouds: str | None,
    max_memory: str | None,
    scheduler: str | None,
) -> None:
    """Write the masks of IMAGE: one uint8 band of 0 and 1 per topic, described by the topic's name.

    \b
    planimeter segment scene.tif --topics roof,water --out masks.tif --labels landcover.tif --legend nlcd
    """
    from planimeter.raster import open_scene
    from planimeter.scale.masks import write_masks_of
    from planimeter.segment.choose import segmenter_for
    from planimeter.vocabulary.topics import topic_among

    refuse_overwriting(out, image, labels, legend, vector, corrections, clouds)
    scene = open_scene(image, gsd=gsd, bands=bands, clouds=clouds)
    has_maps = bool(labels or legend or vector)
    chosen = segmenter_from(labels, legend, vector, segmenter) if has_maps else segmenter
    source, why = segmenter_for(scene, chosen, corrections)
    words = [word.strip() for word in topics.split(",") if word.strip()]
    wanted = [topic_among(word, source.topics, source.brought) or word for word in words]
    if not wanted:
        raise UsageError("--topics names no topic: write for example --topics roof,water.")
    asked = list(dict.fromkeys(wanted))
    shares = write_masks_of(out, scene, source, asked, limits_from(max_memory, scheduler))
    click.echo(f"wrote {out}")
    for sentence in why:
        click.echo(sentence)
    of = "ground" if scene.scale is not None else "pixels"
    for topic in asked:
        click.echo(f"  {topic:<10} {shares[topic]:6.2f} % of the valid {of}")
