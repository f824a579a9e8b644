"""``planimeter squid``: generate the benchmark, run a system, report, and measure people's agreement."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from planimeter.cli.options import written
from planimeter.errors import UsageError


@click.group("squid")
def command() -> None:
    """SQuID, the benchmark of quantitative questions about overhead images.

    \b
    planimeter squid generate deepglobe:data/deepglobe worlds:20 --out bench
    planimeter squid run bench --out logs
    planimeter squid report logs/*.eval --out report
    """


@command.command("generate")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--out", required=True, metavar="DIR", help="Where to write questions, images and labels.")
@click.option("--questions", default=600, show_default=True, metavar="N", help="How many to generate.")
@click.option("--seed", default=0, show_default=True, help="The same seed makes the same data set.")
@click.option(
    "--per-image", default=8, show_default=True, metavar="N", help="Most questions about one image."
)
@click.option("--gsd", "scales", multiple=True, metavar="SOURCE=M", help="Metres per pixel of a source.")
@click.option(
    "--only", multiple=True, metavar="SOURCE=GLOB,GLOB", help="Only images of these names, or 'every N'."
)
@click.option("--types", metavar="A,B", help="Only these question types.")
@click.option("--ranges", metavar="TABLE.csv", help="Derive acceptable ranges from this annotation table.")
@click.option("--name", default="Planimeter", show_default=True, help="What ids begin with.")
@click.option("--printed", is_flag=True, help="Use the paper's wordings alone.")
@click.option("--parquet/--no-parquet", default=True, show_default=True, help="Also write the hub's form.")
def generate_command(
    sources: tuple[str, ...],
    out: str,
    questions: int,
    seed: int,
    per_image: int,
    scales: tuple[str, ...],
    only: tuple[str, ...],
    types: str | None,
    ranges: str | None,
    name: str,
    printed: bool,
    parquet: bool,
) -> None:
    """Generate questions from labelled images: SOURCE is NAME:FOLDER, or worlds:COUNT.

    Names: deepglobe, earthvqa, loveda, solar, dubai, roads, buildings, folder (NAME_labels.png and
        legend.json), and
    naip (annotations.csv with people's answers).

    \b
    planimeter squid generate deepglobe:data/deepglobe dubai:data/dubai --out bench --per-image 40
    planimeter squid generate worlds:40 --questions 400 --out bench-worlds
    planimeter squid generate dubai:data/dubai --only 'dubai=tile2_*' --out bench-validation
    """
    from planimeter.squid.card import write_data_set
    from planimeter.squid.generate import Wanted, generate
    from planimeter.squid.ranges import RangeRules
    from planimeter.squid.sources import chosen_images, read_source
    from planimeter.squid.types import TYPES

    if questions < 1 or per_image < 1:
        raise UsageError("--questions and --per-image must be at least 1.")
    chosen = tuple(part.strip() for part in types.split(",")) if types else tuple(TYPES)
    unknown = [part for part in chosen if part not in TYPES]
    if unknown:
        raise UsageError(f"There is no question type {', '.join(unknown)}: choose among {', '.join(TYPES)}.")
    rules = _rules(ranges) if ranges else RangeRules()
    stated = _scales(scales, sources)
    names = _only(only, sources)
    images: list[Any] = []
    for source in sources:
        kind = source.partition(":")[0]
        images += chosen_images(read_source(source, stated.get(kind)), names.get(kind), source)
    wanted = Wanted(questions, seed, per_image, chosen, name, rules, printed)
    made = generate(images, out, wanted, _progress("images"))
    files = write_data_set(made, parquet)
    click.echo(
        f"{len(made.data.questions)} questions about {len({q.image for q in made.data.questions})} images"
    )
    if len(made.data.questions) < questions:
        click.echo(f"  {questions} were wanted: more images, or a higher --per-image, give more")
    for kind, reason in made.impossible.items():
        click.echo(f"  no {kind}: {reason}")
    for problem in made.data.problems:
        click.echo(f"  not used: {problem.id}: {problem.sentence}")
    click.echo(written(files))


@command.command("run")
@click.argument("data", required=False)
@click.option(
    "--coder", default="builtin", show_default=True, metavar="builtin|MODEL", help="Who writes programs."
)
@click.option("--base-url", metavar="URL", help="Server of the coder's model.")
@click.option(
    "--segmenter",
    default="oracle",
    show_default=True,
    metavar="oracle|default|NAME|URL",
    help="Where masks come from; oracle: the data set's own labels.",
)
@click.option("--noise", multiple=True, metavar="X", help="Degrade masks; several give one run each.")
@click.option("--types", metavar="A,B", help="Only these question types.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the first N questions.")
@click.option("--out", default="logs", show_default=True, metavar="DIR", help="Where logs go.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    metavar="N",
    help="Questions answered at the same time.",
)
@click.option("--resume", metavar="LOG", help="Go on with a run that was ended; needs no DATA.")
def run_command(
    data: str | None,
    coder: str,
    base_url: str | None,
    segmenter: str,
    noise: tuple[str, ...],
    types: str | None,
    limit: int | None,
    out: str,
    workers: int,
    resume: str | None,
) -> None:
    """Run a system on DATA: a folder, dataset.json, parquet file, or hub:OWNER/NAME[@REVISION].

    \b
    planimeter squid run bench
    planimeter squid run bench --segmenter default --noise 0.1 --noise 0.2
    planimeter squid run --resume logs/2026-11-22T05-00-00_squid_x.eval
    """
    from planimeter.squid.running import resume_run, run_squid

    if (data is None) == (resume is None):
        raise UsageError("Give either DATA to run on, or --resume LOG to go on with a run.")
    if resume:
        logs = [resume_run(resume, workers)]
    else:
        assert data is not None
        logs = [
            run_squid(
                data,
                out,
                coder=coder,
                base_url=base_url,
                segmenter=segmenter,
                noise=level,
                types=types,
                limit=limit,
                workers=workers,
            )
            for level in noise or ("",)
        ]
    from planimeter.squid.logs import read_log
    from planimeter.squid.report.markdown import to_markdown
    from planimeter.squid.report.tables import by_tier, overview, problems

    read = [read_log(path) for path in logs]
    tables = [overview(read), by_tier(read), problems(read)]
    click.echo(to_markdown("SQuID", [table for table in tables if table is not None]))
    for path in logs:
        click.echo(f"log: {path}")


@command.command("report")
@click.argument("logs", nargs=-1, required=True, metavar="LOG...")
@click.option(
    "--out", default="report", show_default=True, metavar="DIR", help="Where report.md and report.html go."
)
@click.option(
    "--cases",
    type=click.IntRange(0),
    default=60,
    show_default=True,
    metavar="N",
    help="Cases shown of each run.",
)
@click.option(
    "--attribute/--no-attribute", default=True, show_default=True, help="Find causes of wrong answers."
)
def report_command(logs: tuple[str, ...], out: str, cases: int, attribute: bool) -> None:
    """Report on runs; the others are compared with the first LOG.

    \b
    planimeter squid report logs/first.eval logs/second.eval --out report
    """
    from planimeter.squid.report import write_report

    def tell(doing: str) -> None:
        click.echo(doing, err=True)

    quiet = not sys.stderr.isatty()
    files = write_report(logs, out, cases=cases, attribute=attribute, progress=None if quiet else tell)
    click.echo(written(files))


@command.command("agreement")
@click.argument("table")
def agreement_command(table: str) -> None:
    """How far people agree: TABLE is CSV with question_id, annotator, answer and kind or type.

    \b
    planimeter squid agreement annotations.csv
    """
    from planimeter.squid.agreement import compared, read_annotations, reliability, rules_from

    questions = read_annotations(table)
    click.echo(
        "| type | N | Krippendorff's α | 95 % of α | ICC(2,k) | mean MAD |\n|---|---:|---:|---:|---:|---:|"
    )
    rows = reliability(questions)
    for row in rows:
        alpha, icc, deviation = (
            "" if value is None else f"{value:.3f}" for value in (row.alpha, row.icc, row.deviation)
        )
        interval = "{:.3f} to {:.3f}".format(*row.alpha_interval) if row.alpha_interval else ""
        click.echo(f"| {row.group} | {row.questions} | {alpha} | {interval} | {icc} | {deviation} |")
    click.echo()
    for row in rows:
        if row.caution:
            click.echo(f"{row.group}: {row.caution}")
    if alone := len(questions) - len(compared(questions)):
        click.echo(f"not compared, with one answer only: {alone} of {len(questions)} questions")
    rules = rules_from(questions, Path(table).name)
    click.echo(
        f"ranges ({rules.source}): percentages ± {rules.percentage:.3f} points, proximity ± "
        f"{rules.proximity:.3f} points, counts ± {100 * rules.count:.1f} %, areas ± {100 * rules.area:.3f} %"
    )


def _rules(table: str) -> Any:
    from planimeter.squid.agreement import read_annotations, rules_from

    return rules_from(read_annotations(table), Path(table).name)


def _scales(texts: tuple[str, ...], sources: tuple[str, ...]) -> dict[str, float]:
    """The scales stated with --gsd SOURCE=M."""
    names = {source.partition(":")[0] for source in sources}
    found = {}
    for text in texts:
        name, _, figure = text.partition("=")
        try:
            metres = float(figure)
        except ValueError:
            metres = 0.0
        if name not in names or not 0.01 <= metres <= 1000:
            raise UsageError(
                f"--gsd {text!r} must be SOURCE=METRES with one of the given sources, for example dubai=0.3."
            )
        found[name] = metres
    return found


def _only(texts: tuple[str, ...], sources: tuple[str, ...]) -> dict[str, list[str]]:
    """The names wanted with --only SOURCE=GLOB,GLOB."""
    found: dict[str, list[str]] = {}
    for text in texts:
        name, _, patterns = text.partition("=")
        if name not in {source.partition(":")[0] for source in sources} or not patterns:
            raise UsageError(
                f"--only {text!r} must be SOURCE=GLOB with one of the given sources, for example dubai=tile2_*."
            )
        found.setdefault(name, []).extend(patterns.split(","))
    return found


def _progress(unit: str) -> Any:
    """A progress bar on stderr, where that is a terminal."""
    if not sys.stderr.isatty():
        return None
    from tqdm import tqdm

    bar: Any = tqdm(unit=unit, file=sys.stderr)

    def show(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)
        if done == total:
            bar.close()

    return show
