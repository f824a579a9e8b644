"""Masks of clouds that lie among the scenes they belong to, told by their names."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import PurePath

#: How names of masks end: words of people's own, Sentinel-2's SCL, QA60 and sen2cor's probabilities, Landsat's QA_PIXEL
#: and older BQA and pixel_qa, HLS's Fmask, ukis-csmask's and s2cloudless', Planet's UDM and UDM2.
_ENDING = re.compile(
    r"[._ -](?:clouds?(?:[._ -]?(?:masks?|shadows?|prob(?:ability|abilities)?))?|cldprb|cmask|csmask|s2cloudless|scl|"
    r"qa60|qa[._-]pixel|pixel[._-]qa|bqa|fmask|(?:dn[._-])?udm2?(?:[._-]clip)?)(?:[._-]?\d{1,3}m)?$",
    re.IGNORECASE,
)

#: Of these, what ``--clouds`` does not read.
_UNREAD = re.compile(r"prob|cldprb|s2cloudless|qa60|bqa|pixel[._-]qa|udm2", re.IGNORECASE)


def cloud_masks(names: Collection[str]) -> set[str]:
    """Which of some files are masks of clouds of others of them.

    A mask's name ends as masks' names do, and what stands before that begins the name of a file that is no mask.
    Without such a file nothing says that it is a mask, and it is a scene as any other.

    Args:
        names: paths or file names.

    >>> sorted(cloud_masks(["a.tif", "a_clouds.tif", "T32_1_TCI_10m.jp2", "T32_1_SCL_20m.jp2", "b_clouds.tif"]))
    ['T32_1_SCL_20m.jp2', 'a_clouds.tif']
    >>> cloud_masks(["field.tif", "field_cloudy.tif", "field_cloudfree.tif"])
    set()
    """
    stems = {name: PurePath(name).stem for name in names}
    fronts = {name: _ENDING.sub("", stem) for name, stem in stems.items()}
    images = {stem for name, stem in stems.items() if fronts[name] == stem}
    beginnings = {stem[:end] for stem in images for end in _ends(stem)}
    return {name for name, front in fronts.items() if front != stems[name] and front in beginnings}


def _ends(stem: str) -> list[int]:
    """Where the parts of a name end."""
    return [match.start() for match in re.finditer(r"[._ -]", stem) if match.start()] + [len(stem)]


def masks_note(masks: Sequence[str], hiding: bool) -> str:
    """What to say of masks that were found among the scenes.

    Args:
        masks: their names, in order.
        hiding: whether anything was named that hides clouds.
    """
    names = [PurePath(name).name for name in masks]
    some = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    one = len(names) == 1
    said = (
        f"{len(names)} of the files found {'is a mask' if one else 'are masks'} of clouds by "
        f"{'its name' if one else 'their names'} and no scene{'' if one else 's'}: {some}."
    )
    if hiding:
        return said
    ending = _ENDING.search(PurePath(names[0]).stem)
    assert ending is not None
    pattern = f"{{stem}}{ending[0]}{PurePath(names[0]).suffix}"
    remedy = (
        f'make masks of it where 0 is clear and 1 cloud, and name them as --clouds "{pattern}"'
        if _UNREAD.search(ending[0])
        else f'--clouds "{pattern}", or whatever their place is, leaves it out'
    )
    return f"{said} What {'it hides' if one else 'they hide'} counts as ground; {remedy}."
