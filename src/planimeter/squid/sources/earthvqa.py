"""EarthVQA and LoveDA: ``images_png`` and ``masks_png`` side by side, complete labels at 0.3 m."""

from __future__ import annotations

from planimeter.segment.legend import legend_content
from planimeter.squid.sources.base import LabelledImage, folder_of, require_some

GSD = 0.3
# Of the labels that the legend leaves out, 1 is background and EarthVQA's 8 is playground.


def images(path: str, gsd: float | None = None) -> list[LabelledImage]:
    """All labelled images below a folder, such as a validation partition with its Urban and Rural halves.

    Args:
        path: a folder that holds ``…/images_png/N.png`` and ``…/masks_png/N.png``.
        gsd: metres per pixel, instead of the stated 0.3.

    Raises:
        InputError: nothing there.
    """
    folder = folder_of(path, "earthvqa")
    legend = legend_content("loveda")
    found = []
    for image in sorted(folder.rglob("images_png/*.png")):
        labels = image.parent.parent / "masks_png" / image.name
        if labels.is_file():
            # Urban and Rural may number alike, so the parts of the path that lead there belong to the name.
            name = "_".join((*image.parent.parent.relative_to(folder).parts, image.stem))
            found.append(LabelledImage("earthvqa", name, image, labels, legend, gsd or GSD))
    return require_some(found, folder, "images_png/N.png with masks_png/N.png")
