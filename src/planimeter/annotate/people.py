"""Adding and removing annotators while a project is served; the project file stays the one list of them."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from pathlib import Path
from typing import Any

from planimeter.annotate.project import Project, check_annotators, load_table
from planimeter.atomic import writing
from planimeter.errors import UsageError


def with_person(project: Project, name: str) -> Project:
    """A project with one more annotator, written to its file.

    Args:
        project: as served.
        name: checked as those in the file are.

    Raises:
        InputError: no name for an annotator, or one that is there already.
        UsageError: the file cannot be written, or its list cannot be changed without touching the rest.
    """
    people = check_annotators([*project.annotators, name], "The project")
    listed = _listed(project.file)
    if name not in listed:
        _rewrite(project.file, [*listed, name])
    return dataclasses.replace(project, annotators=people)


def without_person(project: Project, name: str) -> Project:
    """A project with one annotator less, written to its file; what they answered stays in the store.

    Args:
        project: as served.
        name: of an annotator.

    Raises:
        UsageError: there is nobody of that name, or nobody else; or the file cannot be written.
    """
    if name not in project.annotators:
        raise UsageError(f"There is no annotator {name[:80]!r} in this project: reload the page.")
    people = tuple(person for person in project.annotators if person != name)
    if not people:
        raise UsageError(f"{name} is the only annotator: add somebody else first.")
    listed = _listed(project.file)
    if name in listed:
        _rewrite(project.file, [person for person in listed if person != name])
    return dataclasses.replace(project, annotators=people)


def _listed(file: Path) -> list[str]:
    """The annotators that a project file lists now; people may have edited it since it was read."""
    return list(check_annotators((load_table(file) or {}).get("annotators"), file.name))


def _rewrite(file: Path, people: list[str]) -> None:
    said = load_table(file)
    said["annotators"] = people
    if file.suffix == ".json":
        text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    else:
        text = _yaml_with(file, said, people)
    target = file.resolve()
    try:
        with writing(target) as temporary:
            with temporary.open("w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            shutil.copymode(target, temporary)
    except UsageError:
        raise UsageError(
            f"{file.name} cannot be written: allow it, or edit `annotators` there and start the server again."
        ) from None


def _yaml_with(file: Path, wanted: dict[str, Any], people: list[str]) -> str:
    """The text of a YAML file with another list of annotators; comments and all else stay as they are."""
    import yaml

    text = file.read_text(encoding="utf-8-sig")
    root = yaml.compose(text)
    node = next((value for key, value in root.value if key.value == "annotators"), None)
    if node is not None and node.value:
        # A list in lines is taken to reach to the next key, whatever comments stand before that.
        last = node.value[-1] if not node.flow_style else node
        indent = "  " if node.start_mark.column == 0 else ""
        line = indent + json.dumps(people, ensure_ascii=False)
        changed = text[: node.start_mark.index] + line + text[last.end_mark.index :]
        try:
            if yaml.safe_load(changed) == wanted:
                return changed
        except yaml.YAMLError:
            pass
    raise UsageError(
        f"The list of annotators in {file.name} cannot be changed from here: edit `annotators` there and start the "
        "server again."
    )
