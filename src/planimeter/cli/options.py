"""The options that say what the image is and where masks come from, shared by all commands that measure."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

import click

from planimeter.errors import UsageError, shown_name
from planimeter.paths import is_dir, same_file

#: How often a model looks at a picture: once, or several times.
QUALITIES = ("normal", "high")

Function = TypeVar("Function", bound=Callable[..., Any])


class _Metres(click.ParamType):  # type: ignore[type-arg]  # not generic in click 8.1
    """Metres, as a number with a point."""

    name = "metres"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, or a refusal that says how it is written."""
        try:
            return float(value)
        except ValueError:
            self.fail(
                f"{value!r} is no number; write metres, with a point, such as 0.3 for 30 cm.", param, ctx
            )


METRES = _Metres()


class Asking(click.Command):
    """A command with a question among its arguments, which is one argument only inside of quotation marks."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; where words are left over, the refusal says what to do."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if error.message.startswith("Got unexpected extra argument"):
                raise click.UsageError(
                    f"{error.message}; put the question in quotation marks.", ctx
                ) from None
            raise


class ListingOption(click.Option):
    """An option that lists what there is where its help says ``{names}``, found out only when help is shown.

    Args:
        listing: "module:attribute" of what gives the names when it is called: a text, or several names.
    """

    def __init__(self, *arguments: Any, listing: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._listing = listing

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and what it does, as click shows it."""
        module, _, name = self._listing.partition(":")
        record = super().get_help_record(ctx)
        names = attrgetter(name)(import_module(module))()
        text = names if isinstance(names, str) else ", ".join(names)
        return record and (record[0], record[1].replace("{names}", text))


def with_options(command: Function, *options: Callable[[Any], Any]) -> Function:
    """A command with options, which help lists in the order in which they are given here."""
    for option in reversed(options):
        command = option(command)
    return command


def answer_options(command: Function) -> Function:
    """Add ``--json`` and ``--out``, how an answer is given, to a command."""
    return with_options(
        command,
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text."),
        click.option(
            "--out",
            metavar="DIR|FILE.zip",
            help="Write the evidence: overlay picture, shapes, table, program, trace, JSON and a report to print.",
        ),
    )


def source_options(command: Function) -> Function:
    """Add ``--gsd``, ``--labels``, ``--legend``, ``--vector`` and ``--segmenter`` to a command."""
    return with_options(
        command,
        click.option(
            "--gsd",
            type=METRES,
            metavar="M",
            help="Metres per pixel, for pictures that do not say (a GeoTIFF's own scale wins).",
        ),
        click.option(
            "--labels",
            multiple=True,
            metavar="FILE",
            help="Answer from an existing label raster; may be given more than once.",
        ),
        click.option(
            "--legend",
            cls=ListingOption,
            listing="planimeter.segment.legend:shipped_legends",
            multiple=True,
            metavar="FILE|NAME",
            help='What its values mean: JSON like {"water": [5]}, or the name of one that ships: '
            "{names}. One per --labels, in the same order, or one for all.",
        ),
        click.option(
            "--vector",
            multiple=True,
            metavar="TOPIC=FILE",
            help="Take a topic from a vector layer, e.g. roof=footprints.gpkg; may be repeated. After the file may "
            "follow |layer=NAME, |where=SQL and, where it does not say its own, |crs=EPSG:4326.",
        ),
        click.option(
            "--segmenter",
            cls=ListingOption,
            listing="planimeter.segment.find:SEGMENTERS.written",
            metavar="NAME",
            help="Which segmenter sees the topics that no map shows: {names}.",
        ),
    )


def corrections_option(command: Function) -> Function:
    """Add ``--corrections`` to a command."""
    return click.option(
        "--corrections",
        metavar="FILE",
        help="What a person changed in the masks: polygons with the attributes topic (roof, …) and action (add or "
        "remove), in any vector format; the answer says so.",
    )(command)


def scene_options(command: Function) -> Function:
    """Add ``--bands`` and ``--clouds``, for scenes of more than three colours, to a command."""
    return with_options(
        command,
        click.option(
            "--bands",
            metavar="COLOUR=N,…",
            help="Which band is which where the file does not say, such as red=3,nir=4; also "
            "scale=0.0001,offset=-0.1 (reflectance = value x scale + offset), sensor=sentinel-2, level=L2A.",
        ),
        click.option(
            "--clouds",
            metavar="auto|none|FILE",
            help="What clouds hide counts for nothing: auto takes the product's own mask (SCL, QA_PIXEL, Fmask) or "
            "makes one with ukis-csmask; FILE is a mask. By default a product's own where it has one.",
        ),
    )


def before_options(command: Function) -> Function:
    """Add ``--before`` and where the earlier image's masks come from to a command."""
    return with_options(
        command,
        click.option(
            "--before",
            metavar="IMAGE",
            help="An earlier image of the same place, for questions about what changed.",
        ),
        click.option(
            "--before-labels",
            multiple=True,
            metavar="FILE",
            help="A label raster of the earlier image; may be given more than once. Without maps of its own the "
            "model that looks at IMAGE looks at the earlier one as well.",
        ),
        click.option(
            "--before-legend",
            multiple=True,
            metavar="FILE|NAME",
            help="What its values mean; without one, --legend is for both.",
        ),
        click.option(
            "--before-vector",
            multiple=True,
            metavar="TOPIC=FILE",
            help="Take a topic of the earlier date from a vector layer; may be repeated.",
        ),
    )


def before_segmenter_from(
    before: str | None,
    labels: tuple[str, ...],
    legend: tuple[str, ...],
    vector: tuple[str, ...],
    later_legend: tuple[str, ...],
    segmenter: str | None,
) -> Any:
    """The earlier image's segmenter that the options of ``before_options`` describe; None for the later one's model.

    Raises:
        UsageError: options that do not fit together.
        InputError: a map, legend or segmenter that cannot be had.
    """
    if not (labels or legend or vector):
        return None
    if before is None:
        raise UsageError("--before-labels, --before-legend and --before-vector need --before IMAGE as well.")
    if labels and not legend:
        legend = later_legend
        if len(legend) not in (1, len(labels)):
            raise UsageError("--before-labels needs --before-legend FILE, which says what its values mean.")
    if legend and not labels:
        raise UsageError("--before-legend says what label values mean, so it needs --before-labels as well.")
    return segmenter_from(labels, legend, vector, segmenter)


def area_option(command: Function) -> Function:
    """Add ``--area`` to a command."""
    return click.option(
        "--area",
        metavar="FILE|BOX|WKT",
        help="Measure inside this area only: a vector file of polygons, a box x0,y0,x1,y1 or a polygon as WKT; write "
        "pixels:… or lonlat:… where numbers may be either, SRID=32633;… for those of a CRS. Distances still reach "
        "what lies outside.",
    )(command)


def zone_options(command: Function) -> Function:
    """Add ``--zones``, ``--zone-name`` and ``--border`` to a command."""
    return with_options(
        command,
        click.option(
            "--zones",
            metavar="FILE",
            help="Answer for each polygon of this vector file: a table with a row for each and one for all.",
        ),
        click.option(
            "--zone-name",
            metavar="FIELD",
            help="The attribute that names zones; polygons of one name are one zone. Else the only text that "
            "differs for each, or their numbers.",
        ),
        click.option(
            "--border",
            type=click.Choice(["centre", "exact"]),
            default="centre",
            help="A pixel belongs to the zone that its centre lies in, or to each zone by the exact share that it "
            "covers.",
        ),
    )


def size_options(command: Function) -> Function:
    """Add ``--max-memory`` and ``--scheduler``, for scenes larger than memory, to a command."""
    return with_options(
        command,
        click.option(
            "--max-memory",
            metavar="SIZE",
            help="Memory this may use, such as 4GiB; larger scenes are measured tile by tile, with the same "
            "answer. By default half of what is free.",
        ),
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            help="Work on tiles with the workers of this Dask scheduler, such as tcp://10.0.0.1:8786.",
        ),
    )


def limits_from(max_memory: str | None, scheduler: str | None) -> Any:
    """The limits that the options of ``size_options`` describe.

    Raises:
        UsageError: ``--max-memory`` is no size.
    """
    from planimeter.scale.limits import limits_for

    return limits_for(max_memory, scheduler)


def segmenter_from(
    labels: tuple[str, ...], legend: tuple[str, ...], vector: tuple[str, ...], segmenter: str | None
) -> Any:
    """The segmenter that the options of ``source_options`` describe.

    Raises:
        UsageError: options that do not fit together.
        InputError: a map, legend or segmenter that cannot be had.
    """
    from planimeter.segment import LabelSegmenter, StackSegmenter, VectorSegmenter, find_segmenter

    if legend and not labels:
        raise UsageError("--legend says what label values mean, so it needs --labels FILE as well.")
    if labels and not legend:
        from planimeter.segment.legend import shipped_legends

        raise UsageError(
            f"What do the values of {shown_name(labels[0])} mean? Say it with --legend: a JSON file like "
            f'{{"water": [5]}}, or one of {", ".join(shipped_legends())}.'
        )
    if labels and len(legend) not in (1, len(labels)):
        raise UsageError(
            f"There are {len(labels)} --labels and {len(legend)} --legend: give one legend per label raster, "
            "or one for all."
        )
    legends = legend * len(labels) if len(legend) == 1 else legend
    maps: list[Any] = [LabelSegmenter(file, meaning) for file, meaning in zip(labels, legends, strict=True)]
    for pair in vector:
        topic, equals, file = pair.partition("=")
        if not equals or not topic or not file:
            raise UsageError(f"--vector {pair!r} must be TOPIC=FILE, for example roof=footprints.gpkg.")
        maps.append(VectorSegmenter(topic, file))
    if not maps:
        return find_segmenter(segmenter)
    return StackSegmenter(maps, find_segmenter(segmenter) if segmenter else None)


def in_quality(segmenter: str | None, quality: str, has_maps: bool) -> str | None:
    """The name of a segmenter that looks in this quality.

    Args:
        segmenter: its name; None for the default.
        quality: of ``QUALITIES``.
        has_maps: whether masks come from maps where no segmenter is named.

    Raises:
        UsageError: it can only look once.

    >>> in_quality(None, "high", False), in_quality("default-open", "high", True), in_quality("index", "normal", False)
    ('default:high', 'default-open:high', 'index')
    >>> in_quality("unet:a.json", "high", True)
    'unet:a.json,high'
    """
    if quality == QUALITIES[0]:
        return segmenter
    # Only here: these are dear to import, and help is shown without them.
    from planimeter.segment.inference.card import MODELS
    from planimeter.segment.unet import HIGH

    if (segmenter or "").endswith(HIGH):
        return segmenter
    kind = (segmenter or "").partition(":")[0]
    if kind in MODELS or (not kind and not has_maps):
        return f"{kind or 'default'}:{HIGH}"
    if kind == "unet":
        return f"{segmenter},{HIGH}"
    raise UsageError(
        f"--quality {quality} is for the models of --segmenter {', '.join(MODELS)} and unet:CARD.json, which look at "
        "the picture several times; name one of them, or leave it out."
    )


def refuse_overwriting(out: str | None, *inputs: str | tuple[str, ...] | None) -> None:
    """Refuse to write over what a command reads.

    Args:
        out: the file that is to be written, or the folder that evidence goes to; None for none.
        inputs: files, also as TOPIC=FILE or FILE|layer=NAME; what is no file (a name, WKT) is passed over.

    Raises:
        UsageError: one of them is what ``out`` would replace.
    """
    if out is None:
        return
    given = [text for each in inputs if each for text in ((each,) if isinstance(each, str) else each)]
    targets = _written_at(Path(out))
    for text in given:
        plain = text.partition("|")[0]
        for name in (text, plain, plain.partition("=")[2]):
            if name and any(same_file(target, name) for target in targets):
                raise UsageError(
                    f"--out {shown_name(out)} would overwrite {shown_name(name)}, which is one of the inputs: name "
                    "another file or folder."
                )


def _written_at(out: Path) -> list[Path]:
    """The files that ``--out`` stands for: itself, or those of the evidence where it is a folder."""
    if not is_dir(out):
        return [out]
    from planimeter.answer.writer import FILES

    return [out / name for name in FILES.values()]


def written(files: dict[str, Path]) -> str:
    """One line per written file, for people."""
    width = max(len(kind) for kind in files)
    return "\n".join(f"  {kind:<{width}}  {path}" for kind, path in files.items())
