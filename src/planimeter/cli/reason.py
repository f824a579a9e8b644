"""``planimeter reason``: segment what a phrase describes, and score prompters on data sets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from planimeter.cli.options import METRES, refuse_overwriting, with_options
from planimeter.errors import UsageError


@click.group("reason")
def command() -> None:
    """Find what a phrase describes, and score how well that is done.

    \b
    planimeter reason segment scene.tif "the wastewater plant" --prompter vlm:Think2Seg-RS-3B --out plant.tif
    planimeter reason evaluate earthreason:data/EarthReason --prompter vlm:Think2Seg-RS-3B \\
        --promptable sam2:sam2.1-hiera-small --side 840 --out runs/earthreason
    planimeter reason report earthreason:data/EarthReason --out runs/earthreason
    """


def _models(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say who looks and who segments."""
    return with_options(
        function,
        click.option(
            "--prompter",
            required=True,
            metavar="NAME",
            help="Who says where: vlm:FOLDER, vlm:HUB-NAME,download or openai:MODEL@URL.",
        ),
        click.option(
            "--promptable",
            default="embedded",
            show_default=True,
            metavar="NAME",
            help="Who segments: embedded, sam2:FOLDER or sam2:HUB-NAME,download.",
        ),
        click.option(
            "--variant",
            default="box+2",
            show_default=True,
            metavar="NAME",
            help="What each instance is shown by: box, points, box+2, box+4 or box+2+2.",
        ),
        click.option(
            "--side",
            type=click.IntRange(56, 4096),
            metavar="PX",
            help="Show pictures resized to a square, as the paper does with 840.",
        ),
        click.option(
            "--frame",
            type=click.Choice(["resized", "normalised"]),
            help="In which coordinates the prompter speaks, where its family is not known.",
        ),
        click.option(
            "--max-new-tokens",
            type=click.IntRange(16, 65536),
            default=2048,
            show_default=True,
            metavar="N",
        ),
        click.option("--batch", type=click.IntRange(1, 256), default=4, show_default=True, metavar="N"),
    )


@command.command("segment")
@click.argument("image")
@click.argument("phrase")
@_models
@click.option("--out", required=True, metavar="FILE.tif", help="Where to write the mask.")
@click.option("--gsd", type=METRES, metavar="M", help="Metres per pixel, for pictures that do not say.")
def segment_command(
    image: str,
    phrase: str,
    prompter: str,
    promptable: str,
    variant: str,
    side: int | None,
    frame: str | None,
    max_new_tokens: int,
    batch: int,
    out: str,
    gsd: float | None,
) -> None:
    """Write the mask of what PHRASE describes in IMAGE, as a GeoTIFF of one uint8 band of 0 and 1.

    \b
    planimeter reason segment scene.tif "the field best suited for hurdles" --prompter vlm:MODEL --out field.tif
    """
    from planimeter.raster import open_scene
    from planimeter.raster.masks import write_masks
    from planimeter.reason.segmenter import ReasonSegmenter
    from planimeter.reason.spec import ReasonSpec

    words = " ".join(phrase.split())
    if not words:
        raise UsageError('The phrase is empty: say what to find, such as "the wastewater plant".')
    refuse_overwriting(out, image)
    options = _options(variant, side, frame, max_new_tokens, batch)
    found_by = ReasonSegmenter(ReasonSpec(prompter, options, promptable))
    scene = open_scene(image, gsd=gsd)
    seen = found_by.look_for(scene, words)
    mask = seen.masks[words]
    write_masks(out, {words[:80]: mask}, scene)
    click.echo(f"wrote {out}: {int(mask.sum())} pixels, {100 * mask.mean():.2f} % of the image")
    for caution in seen.cautions:
        click.echo(f"caution: {caution}")


@command.command("evaluate")
@click.argument("dataset")
@_models
@click.option("--out", required=True, metavar="DIR", help="Ledger and report; a run that was killed goes on.")
@click.option("--split", default="test", show_default=True, help="Of a published data set.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N samples.")
@click.option(
    "--protocol",
    default="planimeter",
    show_default=True,
    help="planimeter, or paper: coordinates are used as they come.",
)
def evaluate_command(
    dataset: str,
    prompter: str,
    promptable: str,
    variant: str,
    side: int | None,
    frame: str | None,
    max_new_tokens: int,
    batch: int,
    out: str,
    split: str,
    limit: int | None,
    protocol: str,
) -> None:
    """Score a prompter with a promptable segmenter on DATASET and write a report.

    DATASET is earthreason:FOLDER, rrsisd:FOLDER, refsegrs:FOLDER, risbench:FOLDER, geopixeld:FOLDER, folder:FOLDER
    (labelled pictures of your own) or worlds:COUNT.

    \b
    planimeter reason evaluate worlds:20 --prompter openai:MODEL@http://localhost:8000/v1 --out runs/worlds
    """
    from planimeter.reason.data import find_samples
    from planimeter.reason.evaluation import evaluate
    from planimeter.reason.promptable import find_promptable
    from planimeter.reason.prompter import find_prompter
    from planimeter.reason.protocol import find_protocol

    chosen = find_protocol(protocol)
    options = _options(variant, side, frame, max_new_tokens, batch)
    samples = find_samples(dataset, split)[:limit]
    if not samples:
        raise UsageError(f"{dataset} has no samples in the split {split}: choose another.")
    evaluate(
        samples,
        find_prompter(prompter, options),
        find_promptable(promptable),
        Path(out),
        protocol=chosen,
        batch=batch,
    )
    _report(Path(out), samples)


@command.command("report")
@click.argument("dataset")
@click.option("--out", required=True, metavar="DIR", help="The folder that evaluate wrote.")
@click.option("--split", default="test", show_default=True, help="Of a published data set.")
def report_command(dataset: str, out: str, split: str) -> None:
    """Write the report of what is in the ledger so far, without any model.

    \b
    planimeter reason report earthreason:data/EarthReason --out runs/earthreason
    """
    from planimeter.reason.data import find_samples

    _report(Path(out), find_samples(dataset, split))


def _options(variant: str, side: int | None, frame: str | None, max_new_tokens: int, batch: int) -> Any:
    from planimeter.reason.prompter import PrompterOptions
    from planimeter.reason.protocol import find_variant

    return PrompterOptions(find_variant(variant), side, frame, max_new_tokens, batch)


def _report(folder: Path, samples: Any) -> None:
    """Write the report of those samples that the ledger holds, and print its gist."""
    from planimeter.reason.evaluation import LEDGER, read_ledger
    from planimeter.reason.metrics import by_level
    from planimeter.reason.protocol import PROTOCOLS
    from planimeter.reason.report import write_report

    system, outcomes = read_ledger(folder / LEDGER)
    known = {outcome.id: outcome for outcome in outcomes}
    there = [sample for sample in samples if sample.id in known]
    if not there:
        raise UsageError(
            f"{folder} holds no outcomes of these samples yet: run `planimeter reason evaluate` first."
        )
    path = write_report(folder, system, there, [known[sample.id] for sample in there])
    for name, protocol in PROTOCOLS.items():
        for level, found in by_level([known[sample.id].scored for sample in there], protocol).items():
            click.echo(
                f"{name:<10}  {level:<8}  {found.samples} samples  gIoU {100 * found.giou:.2f}  "
                f"cIoU {100 * found.ciou:.2f}  unreadable {100 * found.unreadable:.1f} %"
            )
    click.echo(f"wrote {path}")
