"""Addresses of answers and scenes that others can preview: the page, with what it shows in its head (Open Graph)."""

from __future__ import annotations

import html
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from planimeter.answer.writer import FILES
from planimeter.errors import InputError
from planimeter.serve.ask.context import Context
from planimeter.serve.ask.evidence_files import VIEW
from planimeter.serve.ask.old_paths import V1
from planimeter.serve.http_errors import HTTPError

_LONGEST_TITLE, _LONGEST_DESCRIPTION = 200, 400
_TITLE = "<title>Planimeter</title>"


@dataclass(frozen=True)
class Preview:
    """What is told of an address before it is opened; any text, of anybody.

    Attributes:
        title: for an answer the question and the answer.
        description: how it was read, and where.
        picture: path of a PNG.
        alt: what the picture shows.
    """

    title: str
    description: str
    picture: str
    alt: str


def preview_of_answer(context: Context, answer: str) -> Preview | None:
    """Question and answer, with the picture that has the legend below it; None where there is no such answer."""
    place = context.store.find("answers", answer)
    try:
        view = json.loads((place / VIEW).read_text(encoding="utf-8")) if place is not None else None
    except OSError:  # it was taken away meanwhile
        view = None
    if place is None or view is None:
        return None
    question = view.get("question") or "A program"
    told = [view.get("reading", ""), f"Measured on {view['scene_name']}.", *view.get("cautions", ())]
    drawn = (place / FILES["overlay"]).is_file()
    return Preview(
        f"{question} {view.get('brief', view['text'])}",
        " ".join(sentence for sentence in told if sentence),
        f"{V1}/answers/{quote(answer)}/{FILES['overlay']}" if drawn else "",
        f"{view['scene_name']} with what was counted, and a legend",
    )


def preview_of_scene(context: Context, scene: str) -> Preview | None:
    """A scene's name, size and scale, with its picture; None where there is none, or it cannot be opened."""
    try:
        opened = context.scenes.open(scene)
    except (HTTPError, InputError):
        return None
    name, shown = opened.listed.name, opened.scene
    scale = "" if shown.scale is None else f", {shown.scale.gsd:.4g} m per pixel"
    return Preview(
        name,
        f"{shown.width:,} × {shown.height:,} pixels{scale}. Ask a question of it, get a measured answer.",
        f"{V1}/scenes/{quote(scene)}/tiles/0/0/0.png",
        name,
    )


def shared_page(page: Path, preview: Preview, address: str, path: str) -> str:
    """The page with a preview in its head.

    Args:
        page: its file.
        preview: what is told.
        address: of the server, without a slash at the end.
        path: of what is shared.
    """
    title = _plain(preview.title, _LONGEST_TITLE)
    tags = {
        "og:type": "article",
        "og:site_name": "Planimeter",
        "og:title": title,
        "og:description": _plain(preview.description, _LONGEST_DESCRIPTION),
        "og:url": f"{address}{path}",
    }
    if preview.picture:
        tags |= {
            "og:image": f"{address}{preview.picture}",
            "og:image:type": "image/png",
            "og:image:alt": _plain(preview.alt, _LONGEST_TITLE),
        }
    lines = [f"<title>{html.escape(title)} · Planimeter</title>"]
    lines += [
        f'<meta property="{name}" content="{html.escape(value, quote=True)}">' for name, value in tags.items()
    ]
    card = "summary_large_image" if preview.picture else "summary"
    lines.append(f'<meta name="twitter:card" content="{card}">')
    return page.read_text(encoding="utf-8").replace(_TITLE, "\n    ".join(lines), 1)


def _plain(text: str, longest: int) -> str:
    """A text on one line, without what turns or hides writing, of a bounded length.

    >>> _plain("one\\n\\u202etwo  three", 100), _plain("abcdef", 4)
    ('one two three', 'abc…')
    """
    letters = (" " if letter.isspace() else letter for letter in text)
    kept = "".join(letter for letter in letters if unicodedata.category(letter)[0] != "C")
    line = " ".join(kept.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
