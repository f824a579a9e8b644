"""``planimeter serve``: parts of Planimeter over HTTP."""

from __future__ import annotations

import click

from planimeter.cli.options import segmenter_from, source_options
from planimeter.errors import ModelError


@click.group("serve")
def command() -> None:
    """Serve parts of Planimeter over HTTP.

    \b
    planimeter serve segment --port 8600
    planimeter ask scene.tif "How many buildings are there?" --segmenter http://127.0.0.1:8600
    """


@command.command("segment")
@source_options
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address; another machine's needs --token."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8600, show_default=True, help="0 for any free one."
)
@click.option(
    "--token",
    envvar="PLANIMETER_TOKEN",
    metavar="SECRET",
    help="What clients must send; better in PLANIMETER_TOKEN, where no other user sees it.",
)
@click.option(
    "--queue", type=click.IntRange(0, 10_000), default=16, show_default=True, help="Waiting requests."
)
@click.option("--max-upload", type=click.IntRange(1), default=256, show_default=True, metavar="MIB")
@click.option("--max-pixels", type=click.IntRange(1), default=100, show_default=True, metavar="MILLIONS")
@click.option(
    "--cache", type=click.IntRange(0), default=64, show_default=True, metavar="MIB", help="0 keeps none."
)
def segment_command(
    gsd: float | None,
    labels: tuple[str, ...],
    legend: tuple[str, ...],
    vector: tuple[str, ...],
    segmenter: str | None,
    host: str,
    port: int,
    token: str | None,
    queue: int,
    max_upload: int,
    max_pixels: int,
    cache: int,
) -> None:
    """Serve masks: POST an image and topics to /segment; GET /topics, /health and /metrics.

    \b
    planimeter serve segment
    curl -F image=@scene.tif -F topics=roof,water http://127.0.0.1:8600/segment
    """
    source = segmenter_from(labels, legend, vector, segmenter)
    try:
        from planimeter.serve.segment.limits import Limits
        from planimeter.serve.segment.run import serve
    except ImportError as error:
        if (error.name or "").split(".")[0] == "planimeter":
            raise
        raise ModelError(
            f"The server needs {error.name}, which is not installed: pip install 'planimeter[serve]'."
        ) from error
    limits = Limits(max_upload << 20, max_pixels * 1_000_000, queue, cache << 20)
    serve(
        source,
        host,
        port,
        token=token or None,
        limits=limits,
        gsd=gsd,
        announce=lambda url: click.echo(f"serving {source.name} at {url}"),
    )
