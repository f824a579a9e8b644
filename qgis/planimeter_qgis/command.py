"""Running ``planimeter``, in whatever Python it is installed, and reading what it prints.

Nothing here needs QGIS. QGIS's own Python often has other versions of numpy and GDAL than Planimeter needs, so the two
run as processes of their own.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys

# QGIS points these at its own libraries; another Python with another GDAL or PROJ must not see them.
_OF_QGIS = (
    "PYTHONHOME",
    "PYTHONPATH",
    "GDAL_DATA",
    "GDAL_DRIVER_PATH",
    "PROJ_LIB",
    "PROJ_DATA",
    "QT_PLUGIN_PATH",
    "LD_LIBRARY_PATH",
)
# Where a part of QGIS's source begins; a "|" elsewhere belongs to the file's name or to a filter.
_PART = re.compile(r"(?i)\|(?=(?:layername|layerid|subset|geometrytype|uniquegeometrytype|option:[^=|]*)=)")


class CommandError(Exception):
    """Planimeter did not answer; the text says why, in one sentence, and what would work."""


def ask_arguments(
    image,
    question,
    *,
    labels="",
    legend="",
    vectors=(),
    area="",
    zones="",
    zone_name="",
    before="",
    gsd=None,
    segmenter="",
    out="",
):
    """Return the arguments of ``planimeter ask``.

    Args:
        image: path of the raster.
        question: in plain English.
        labels: path of a label raster, or "".
        legend: its legend, a path or a name that ships, or "".
        vectors: (topic, source) pairs; a source as QGIS writes it.
        area: source of a polygon layer, or "".
        zones: source of a polygon layer, or "".
        zone_name: its field, or "".
        before: path of an earlier raster, or "".
        gsd: metres per pixel, for rasters that do not say, or None.
        segmenter: its name, or "" for the default.
        out: folder of the evidence.
    """
    found = ["ask", "--json", "--out", out]
    for option, value in (
        ("--labels", labels),
        ("--legend", legend),
        ("--zone-name", zone_name),
        ("--before", before),
        ("--segmenter", segmenter),
        ("--area", layer_source(area) if area else ""),
        ("--zones", layer_source(zones) if zones else ""),
    ):
        if value:
            found += [option, str(value)]
    if gsd is not None:
        found += ["--gsd", repr(float(gsd))]
    for topic, source in vectors:
        found += ["--vector", f"{topic}={layer_source(source)}"]
    # A question that begins with a dash is still a question.
    return [*found, "--", str(image), question]


def layer_source(source):
    """Return a vector layer's source as ``planimeter`` takes it.

    QGIS's ``|layername=`` it knows; a filter (``|subset=``) becomes ``|where=``; other parts are refused.

    Args:
        source: QGIS's source of an OGR layer, such as "town.gpkg|layername=roofs|subset=height > 3".

    Raises:
        CommandError: a part of it cannot be handed on.
    """
    path, *parts = _PART.split(source)
    said = path
    for part in parts:
        key, _, value = part.partition("=")
        if key.lower() == "layername":
            said += f"|layername={value}"
        elif key.lower() == "subset":
            said += f"|where={value}"
        elif (key.lower() == "layerid" and value == "0") or key.lower() in (
            "geometrytype",
            "uniquegeometrytype",
        ):
            continue
        else:
            raise CommandError(f"The layer {source!r} cannot be handed on ({key}): save it as a GeoPackage.")
    return said


def topics_line(given):
    """Return topics as ``--topics`` takes them: no spaces about commas, those inside a topic's name kept.

    Args:
        given: what the user wrote, such as "roof, solar panels".
    """
    return ",".join(" ".join(topic.split()) for topic in given.split(",") if topic.strip())


def find_command(given=""):
    """Return the beginning of the command line that runs Planimeter.

    Args:
        given: what the user set, such as "/opt/venv/bin/planimeter" or "python3 -m planimeter"; "" looks on the PATH.

    Raises:
        CommandError: there is none, or it has a quotation mark without its partner.
    """
    words = _words(given.strip() or "planimeter")
    found = shutil.which(words[0])
    if found is None:
        raise CommandError(
            f"The command {words[0]!r} was not found: run `pip install planimeter` in a Python environment, and give "
            "its path in Settings > Options > Processing > Providers > Planimeter, or as this tool's own parameter."
        )
    return [found, *words[1:]]


def _words(given):
    """Return the words of a command line; a file's path is one word, whatever letters are in it."""
    if os.path.isfile(given):
        return [given]
    try:
        return [word.strip('"') for word in shlex.split(given, posix=os.name != "nt")]
    except ValueError:
        raise CommandError(
            f"The command {given!r} has a quotation mark without its partner: write double quotation marks about a "
            "path that holds spaces or an apostrophe."
        ) from None


def run_command(arguments, command="", cancelled=lambda: False, say=lambda line: None):
    """Run Planimeter and return the JSON object that it printed.

    Args:
        arguments: as `ask_arguments` gives them.
        command: how it is called; see `find_command`.
        cancelled: asked now and then; true ends the run.
        say: is told each line of progress and caution.

    Raises:
        CommandError: it is not installed, was cancelled, or refused.
    """
    beginning = find_command(command)
    try:
        process = subprocess.Popen(
            [*beginning, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if name not in _OF_QGIS},
            text=True,
            encoding="utf-8",
            errors="replace",
            **_no_window(),
        )
    except OSError as error:
        raise CommandError(
            f"The command {beginning[0]!r} cannot be run ({error.strerror or error}): give the path of planimeter."
        ) from None
    while True:
        try:
            printed, said = process.communicate(timeout=0.2)
            break
        except subprocess.TimeoutExpired:
            if cancelled():
                process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
                process.communicate()
                raise CommandError("Cancelled.") from None
    for line in said.splitlines():
        say(line)
    try:
        found = json.loads(printed) if printed.strip() else {}
    except ValueError:
        found = {}
    if process.returncode or (not found and "--json" in arguments):
        raise CommandError(_refusal(found, said, process.returncode))
    return found


def _refusal(found, said, code):
    sentence = found.get("error") or (said.strip().splitlines() or [f"It ended with exit code {code}."])[-1]
    tries = found.get("suggestions") or []
    return sentence + ("" if not tries else " What would work: " + " ".join(f"“{one}”" for one in tries))


def _no_window():
    return {"creationflags": subprocess.CREATE_NO_WINDOW} if sys.platform == "win32" else {}


def said_answer(found):
    """Return an answer in words: "28", "1.98 ha", "yes", or the number of a table's rows.

    Args:
        found: the JSON object of ``planimeter ask --json``.
    """
    answer, unit = found.get("answer"), found.get("unit")
    if isinstance(answer, list):
        return f"a table of {len(answer)} rows"
    return str(answer) if unit in (None, "count") else f"{answer} {unit}"
