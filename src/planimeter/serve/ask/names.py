"""Names of files that people keep: they say scene and question."""

from __future__ import annotations

import re
from urllib.parse import quote

_LONGEST = 60


def attachment(name: str) -> str:
    """A header that names a file; a topic of an open vocabulary may be any text.

    Example:
        >>> attachment("roof.tif"), attachment("tennis courts.tif")
        ('attachment; filename="roof.tif"', "attachment; filename*=UTF-8''tennis%20courts.tif")
    """
    coded = quote(name, safe="")
    return f'attachment; filename="{name}"' if coded == name else f"attachment; filename*=UTF-8''{coded}"


def plain_name(text: str) -> str:
    """A text as a part of a file's name: letters, digits and hyphens, without an image's suffix.

    Example:
        >>> plain_name("town/image.tif"), plain_name("How many buildings are within 50 m of water?")
        ('town-image', 'how-many-buildings-are-within-50-m-of-water')
    """
    bare = re.sub(r"\.(tiff?|png|jpe?g|jp2)$", "", text, flags=re.IGNORECASE)
    return re.sub(r"[^\w]+", "-", bare.lower()).strip("-")[:_LONGEST].rstrip("-") or "scene"


def archive_name(scene: str, question: str) -> str:
    """What the zip of an answer is called, without its suffix.

    Example:
        >>> archive_name("town/image.tif", "How many buildings are there?"), archive_name("a.png", "")
        ('town-image_how-many-buildings-are-there', 'a_program')
    """
    return f"{plain_name(scene)}_{plain_name(question) if question else 'program'}"
