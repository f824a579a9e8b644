"""``planimeter annotate``: let people answer a project's questions, and export what they answered."""

from __future__ import annotations

import shlex
from typing import Any

import click

from planimeter.cli.options import METRES, written
from planimeter.errors import ModelError


class _ServesByDefault(click.Group):
    """``annotate PROJECT`` means ``annotate serve PROJECT``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["serve", *args]
        return super().parse_args(ctx, args)


@click.group("annotate", cls=_ServesByDefault)
def command() -> None:
    """Let people answer questions about images, each blind to the others.

    `planimeter annotate PROJECT` serves a project; every annotator and the organiser has a link.

    \b
    planimeter annotate init survey --questions bench/dataset.json --annotators Ada,Ben
    planimeter annotate survey
    planimeter annotate export survey --out answers
    """


@command.command("serve")
@click.argument("project")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address; another machine's needs --url."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8700, show_default=True, help="0 for any free one."
)
@click.option(
    "--url", metavar="URL", help="The address that annotators open, such as that of an HTTPS proxy."
)
def serve_command(project: str, host: str, port: int, url: str | None) -> None:
    """Serve PROJECT until stopped; prints the links.

    \b
    planimeter annotate survey
    planimeter annotate serve survey --host 0.0.0.0 --url https://annotate.example.org
    """
    run = _part("run")

    def tell(links: dict[str, str]) -> None:
        width = max(map(len, links))
        for name, link in links.items():
            click.echo(f"{name:<{width}}  {link}")

    run.serve(project, host, port, url=url, announce=tell)


@command.command("init")
@click.argument("project")
@click.option(
    "--questions",
    required=True,
    metavar="FILE",
    help="JSON, YAML or CSV with image, question, type; or a benchmark's folder, dataset.json or parquet file.",
)
@click.option("--annotators", required=True, metavar="A,B", help="Names, one link each.")
@click.option("--images", metavar="DIR", help="Where the images lie, if not beside the questions.")
@click.option("--title", default="", metavar="TEXT", help="Heads the pages.")
@click.option("--gsd", type=METRES, metavar="M", help="Metres per pixel of images that do not say.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the first N questions.")
def init_command(
    project: str,
    questions: str,
    annotators: str,
    images: str | None,
    title: str,
    gsd: float | None,
    limit: int | None,
) -> None:
    """Make the folder PROJECT with a project file, which can be edited afterwards.

    \b
    planimeter annotate init survey --questions bench --annotators Ada,Ben,Cem
    planimeter annotate init survey --questions list.csv --images photos --gsd 0.5 --annotators Ada,Ben
    """
    names = [name.strip() for name in annotators.split(",") if name.strip()]
    made = _part("making").make_project(
        project, questions, names, images=images, title=title, gsd=gsd, limit=limit
    )
    click.echo(
        f"{len(made.questions)} questions about {len(made.images)} images for {len(made.annotators)} annotators"
    )
    click.echo(f"serve them with: planimeter annotate {shlex.quote(project)}")


@command.command("export")
@click.argument("project")
@click.option("--out", required=True, metavar="DIR", help="Where to write the tables and images.")
@click.option(
    "--benchmark", metavar="DATA", help="Also write this benchmark with ranges from these people's answers."
)
def export_command(project: str, out: str, benchmark: str | None) -> None:
    """Write the answers of PROJECT in the forms that `planimeter squid` reads; the server may be running.

    \b
    planimeter annotate export survey --out answers
    planimeter squid agreement answers/annotations.csv
    planimeter squid generate naip:answers deepglobe:data --ranges answers/annotations.csv --out bench
    """
    work, store_room = _part("export"), _part("store")
    read = _part("project").read_project(project)
    store = store_room.AnnotationStore(read.store_path)
    click.echo(written(work.export(read, store, out, benchmark)))
    others = work.left_out(_part("agreement").answered_questions(read, store))
    if others:
        click.echo(
            f"  {len(others)} of types that SQuID does not have are in answers.csv only: {', '.join(others[:10])}"
        )


def _part(name: str) -> Any:
    """A file of the annotation server.

    Raises:
        ModelError: an extra is missing.
    """
    from importlib import import_module

    try:
        return import_module(f"planimeter.annotate.{name}")
    except ImportError as error:
        if (error.name or "").split(".")[0] == "planimeter":
            raise
        raise ModelError(
            f"Annotation needs {error.name}, which is not installed: pip install 'planimeter[serve,squid]'."
        ) from error
