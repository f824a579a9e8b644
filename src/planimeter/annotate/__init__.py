"""Annotation by people (section 3.1 and figure 1 of the QVLM paper): questions out, answers and ranges back."""

from __future__ import annotations

from planimeter.annotate.project import Project, read_project

__all__ = ["Project", "read_project"]
