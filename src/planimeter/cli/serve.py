"""``planimeter serve``: Planimeter in a browser and over HTTP."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from planimeter.cli.models import model_options
from planimeter.cli.options import scene_options, segmenter_from, source_options
from planimeter.errors import ModelError, UsageError

if TYPE_CHECKING:
    from planimeter.coder.find import ModelOptions


@click.group("serve", invoke_without_command=True)
@click.option(
    "--folder",
    "folders",
    multiple=True,
    metavar="DIR",
    help="Let people open the images in DIR and below; may be repeated. Nothing else is opened.",
)
@source_options
@scene_options
@click.option(
    "--offer",
    multiple=True,
    metavar="NAME",
    help="A further segmenter that people may choose, named as for --segmenter; may be repeated.",
)
@model_options
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address; another machine's needs --token."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8500, show_default=True, help="0 for any free one."
)
@click.option(
    "--token",
    envvar="PLANIMETER_TOKEN",
    metavar="SECRET",
    help="What clients must send; better in PLANIMETER_TOKEN, where no other user sees it.",
)
@click.option(
    "--url",
    metavar="URL",
    help="The address that people know this server by, for links to itself; default: the one they asked.",
)
@click.option(
    "--embed", is_flag=True, help="Let pages of others, such as notebooks, show tiles on their maps."
)
@click.option(
    "--access-log", is_flag=True, help="Write each request to stderr: method, route, status, seconds."
)
@click.option(
    "--store", metavar="DIR", help="Where uploads and answers are kept; default: in the user's cache folder."
)
@click.option("--store-size", type=click.IntRange(1), default=4096, show_default=True, metavar="MIB")
@click.option("--keep", type=click.FloatRange(0.001), default=7.0, show_default=True, metavar="DAYS")
@click.option("--max-upload", type=click.IntRange(1), default=256, show_default=True, metavar="MIB")
@click.option("--max-pixels", type=click.IntRange(1), default=100, show_default=True, metavar="MILLIONS")
@click.option(
    "--max-seconds", type=click.FloatRange(1), default=300.0, show_default=True, help="Of one answer."
)
@click.option(
    "--at-once", type=click.IntRange(1, 64), default=2, show_default=True, help="Questions worked on at once."
)
@click.option(
    "--queue", type=click.IntRange(0, 10_000), default=256, show_default=True, help="Waiting questions."
)
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Serve a page to ask questions on, and the API behind it; or, with a command, another part of Planimeter.

    \b
    planimeter serve --folder scenes                 # then open http://127.0.0.1:8500
    planimeter serve --folder scenes --coder auto --model llama3.1:8b --base-url http://localhost:11434/v1
    planimeter serve segment --port 8600
    """
    if context.invoked_subcommand is None:
        _keep_to_itself()
        _serve_ask(**options)
        return
    for parameter in context.command.params:
        if context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE:
            raise UsageError(
                f"{parameter.opts[0]} stands before {context.invoked_subcommand}, where it would change nothing: write "
                f"planimeter serve {context.invoked_subcommand} first, and options behind it."
            )


def _keep_to_itself() -> None:
    """Forget the secret that clients must send, so that no server which this one asks is sent it."""
    os.environ.pop("PLANIMETER_TOKEN", None)


def _serve_ask(
    folders: tuple[str, ...],
    gsd: float | None,
    labels: tuple[str, ...],
    legend: tuple[str, ...],
    vector: tuple[str, ...],
    segmenter: str | None,
    bands: str | None,
    clouds: str | None,
    offer: tuple[str, ...],
    coder: str | None,
    models: ModelOptions,
    host: str,
    port: int,
    token: str | None,
    url: str | None,
    embed: bool,
    access_log: bool,
    store: str | None,
    store_size: int,
    keep: float,
    max_upload: int,
    max_pixels: int,
    max_seconds: float,
    at_once: int,
    queue: int,
) -> None:
    first = "given maps" if labels or vector else segmenter or "default"
    segmenters = {first: segmenter_from(labels, legend, vector, segmenter), **{name: name for name in offer}}
    try:
        from planimeter.serve.ask.bounds import AskLimits
        from planimeter.serve.ask.run import serve
        from planimeter.serve.ask.sources import Sources
    except ImportError as error:
        raise _missing(error) from error
    from planimeter.cache import cache_folder
    from planimeter.coder.find import BUILTIN, DEFAULT

    if access_log:
        _log_requests()
    serve(
        store or cache_folder("serve"),
        host,
        port,
        folders=folders,
        sources=Sources(segmenters, [*([coder] if coder else []), DEFAULT, BUILTIN], models),
        bounds=AskLimits(
            upload_bytes=max_upload << 20,
            pixels=max_pixels * 1_000_000,
            answer_seconds=max_seconds,
            at_once=at_once,
            waiting=queue,
            store_bytes=store_size << 20,
            keep_seconds=keep * 86_400,
        ),
        token=token or None,
        gsd=gsd,
        url=url,
        embedded=embed,
        bands=bands,
        clouds=clouds,
        announce=lambda url: click.echo(f"serving Planimeter at {url}"),
    )


def _log_requests() -> None:
    """Have the guard's lines written to stderr."""
    lines = logging.StreamHandler()
    lines.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log = logging.getLogger("planimeter.access")
    log.addHandler(lines)
    log.setLevel(logging.INFO)
    log.propagate = False


def _missing(error: ImportError) -> Exception:
    """What to say of an import that failed."""
    if (error.name or "").split(".")[0] == "planimeter":
        return error
    return ModelError(
        f"The server needs {error.name}, which is not installed: pip install 'planimeter[serve]'."
    )


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
    _keep_to_itself()
    source = segmenter_from(labels, legend, vector, segmenter)
    try:
        from planimeter.serve.segment.limits import SegmentLimits
        from planimeter.serve.segment.run import serve
    except ImportError as error:
        raise _missing(error) from error
    limits = SegmentLimits(max_upload << 20, max_pixels * 1_000_000, queue, cache << 20)
    serve(
        source,
        host,
        port,
        token=token or None,
        limits=limits,
        gsd=gsd,
        announce=lambda url: click.echo(f"serving {source.name} at {url}"),
    )
