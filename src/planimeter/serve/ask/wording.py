"""What errors and cautions say on the page: its own fields and buttons instead of options of the command line.

Sentences are written once, where something is found wrong, and for the command line. This is the one place that says
them for people who see a page.
"""

from __future__ import annotations

import re

from planimeter.serve.http_errors import ErrorReply
from planimeter.vocabulary.topics import topic_words

_SCALE = "the metres per pixel under Options"
_WORDS = (
    (r"^--gsd of (\S+) m per pixel contradicts", r"The \1 m per pixel given under Options contradict"),
    (r"contradicts? --gsd, which says", "contradict the metres per pixel under Options,"),
    (r"give --gsd in metres per pixel", f"give {_SCALE}"),
    (r"(?:give )?the metres per pixel with --gsd", f"give {_SCALE}"),
    (r"give --gsd a number", f"give {_SCALE} as a number"),
    (r"give --gsd", f"give {_SCALE}"),
    (
        r"configure an open vocabulary with --segmenter reason:FILE",
        "whoever runs this server can offer a segmenter with an open vocabulary",
    ),
    (r"add a source that shows it with --labels or --vector", "add the scene again with a map that shows it"),
    (r"give labels of the picture's size with --labels instead", "add labels of the picture's size instead"),
    (
        r"give a line layer with --vector [^ ]+=FILE and no labels or other layers of",
        "add a scene with a line layer and no labels or other layers of",
    ),
    (
        r"give those of the earlier date with --before-labels FILE --before-legend FILE or --before-vector TOPIC=FILE, "
        r"or a model for both with --segmenter NAME",
        "add the earlier scene again with its maps, or choose under Options masks from a model",
    ),
    (
        r"give the earlier one with --before IMAGE, and where labels are given its own with --before-labels FILE",
        "choose an earlier scene, added with maps of its own where this one has some",
    ),
    (
        r"add a source with --before-labels or --before-vector",
        "add the earlier scene again with a map that shows it",
    ),
    (
        r"name (?:a vision model|one) with --(?:vision|model) MODEL",
        "ask whoever runs this server for one",
    ),
    (
        r"give the legend that belongs to it with --before-legend",
        "add the earlier scene again with its own legend",
    ),
    (
        r"add one that shows it with --before-labels or --before-vector",
        "add the earlier scene again with a map that shows it",
    ),
    (r"ask without --border exact", "ask with pixels by their centres"),
    (r"--border exact counts parts of pixels", "counting parts of pixels at borders gives it one"),
    (r"^--border is ", "The border is "),
    (r"give (?:it|an earlier image) with --before(?: IMAGE)?", "choose an earlier scene"),
    (r"--before\b(?!-)", "an earlier scene"),
    (r"--area\b", "an area of interest"),
    (r"give (the zones|their outlines) with --zones(?: FILE)?", r"give \1 as a layer of zones"),
    (r"--zones\b", "zones"),
    (
        r"ask the images of several dates with `planimeter batch [^`]*`",
        "choose an earlier scene, or have whoever runs this server ask a batch of images",
    ),
    (r"give --clouds (?:auto or )?FILE", "add the scene again with a mask of its clouds"),
    (r"; give labels of the picture's size with --labels instead", "; draw the area instead"),
    (r"^There is no segmenter .*", "There is no such segmenter; choose one under Options."),
    (r"raise --max-memory", "ask whoever runs this server for more memory"),
    (r"start it with a larger --(max-[a-z]+)", r"whoever runs it can raise its limit"),
    (
        r"(?:, )?or start the server with a larger --max-[a-z]+",
        ", or ask whoever runs this server for a higher limit",
    ),
    (
        r"(?:, )?or start the server with a larger --store-size",
        ", or ask whoever runs this server for a larger store",
    ),
    (r"use --coder (\S+?)(?=[.,; ]|$)", r"choose the coder \1 under Options"),
    (r"--coder (\S+?)(?=[.,; ]|$)", r"the coder \1 under Options"),
    (
        r"; state it after the path, like \"[^\"]*\"",
        "; export it with one, or as GeoJSON in longitude and latitude",
    ),
    (r"; name one, like \"[^\"]*\"", "; send one of them alone"),
    (r"--([a-z][a-z-]*)", r"the server's option \1"),
)
_COMPILED = [(re.compile(pattern), words) for pattern, words in _WORDS]
_TOPICS = re.compile(r"(it knows )([\w? .'-]+(?:, [\w? .'-]+)*)(?=;)")


def page_sentence(sentence: str) -> str:
    """A sentence as the page says it.

    Example:
        >>> page_sentence("The file's coordinate reference system is unknown; give --gsd.")
        "The file's coordinate reference system is unknown; give the metres per pixel under Options."
        >>> page_sentence("maps has no 'moss': it knows roof, agric; add a source.")
        "maps has no 'moss': it knows buildings, agricultural land; add a source."
        >>> page_sentence("--gsd of 2 m per pixel contradicts the file itself, which says 0.5 m; 0.5 m was used.")
        'The 2 m per pixel given under Options contradict the file itself, which says 0.5 m; 0.5 m was used.'
    """
    said = _TOPICS.sub(lambda found: found[1] + ", ".join(map(topic_words, found[2].split(", "))), sentence)
    if "--" in said or "|" in said:
        for pattern, words in _COMPILED:
            said = pattern.sub(words, said)
    return said


def page_error(error: ErrorReply) -> ErrorReply:
    """An error as the page says it."""
    return error.model_copy(update={"error": page_sentence(error.error)})
