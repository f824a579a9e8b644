"""The report as one HTML page that needs nothing else: figures, tables, and cases to click on."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib import resources
from string import Template

from planimeter.squid.report.cases import Case
from planimeter.squid.report.tables import ReportTable

_SENTENCE = 30  # characters; longer cells are text and aligned left
_SWATCHES = ("rgb(255,140,0)", "rgb(0,120,255)")


def to_html(
    title: str, tables: Sequence[ReportTable], figures: Sequence[str], cases: Sequence[Case], intro: str = ""
) -> str:
    """The whole page.

    Args:
        title: heading and window title.
        tables: in order.
        figures: SVG texts; empty ones are left out.
        cases: what can be clicked on.
        intro: a paragraph below the title.
    """
    page = Template((resources.files("planimeter.squid.report") / "page.html").read_text(encoding="utf-8"))
    return page.substitute(
        title=escape(title),
        intro=escape(intro),
        figures="".join(f"<div>{figure}</div>" for figure in figures if figure),
        tables="".join(map(_table, tables)),
        cases=_cases(cases),
    )


def _table(table: ReportTable) -> str:
    columns = range(len(table.columns))
    left = [
        number < table.left or any(len(row[number]) > _SENTENCE for row in table.rows) for number in columns
    ]

    def cells(texts: Sequence[str], tag: str) -> str:
        marks = [' class="left"' if is_left else "" for is_left in left]
        return "".join(
            f"<{tag}{mark}>{escape(text)}</{tag}>" for text, mark in zip(texts, marks, strict=True)
        )

    rows = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in table.rows)
    note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
    return (
        f'<h2>{escape(table.title)}</h2><div class="wide"><table>'
        f"<thead><tr>{cells(table.columns, 'th')}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>{note}"
    )


def _cases(cases: Sequence[Case]) -> str:
    if not cases:
        return ""
    choices = {
        "system": sorted({case.system for case in cases}),
        "verdict": ["right", "wrong", "unscored"],
        "type": sorted({case.row.question.type for case in cases}),
        "cause": sorted({case.blame.cause for case in cases if case.blame}),
    }
    tools = "".join(_choice(name, options) for name, options in choices.items() if len(options) > 1)
    words = (
        '<input id="pick-words" type="search" placeholder="words in the case" aria-label="words in the case">'
    )
    return (
        f'<h2>Cases</h2><div class="tools">{tools}{words}<span id="shown" class="note"></span></div>'
        + "".join(map(_case, cases))
    )


def _choice(name: str, options: Sequence[str]) -> str:
    entries = "".join(f'<option value="{escape(option)}">{escape(option)}</option>' for option in options)
    first = f'<option value="">every {name}</option>'
    return f'<select id="pick-{name}" aria-label="{name}">{first}{entries}</select>'


def _case(case: Case) -> str:
    row = case.row
    verdict = "unscored" if not row.scored else "right" if row.right else "wrong"
    question, outcome = row.question, row.outcome
    said = outcome.error if outcome.answer is None else _figure(outcome.answer)
    wanted = _wanted(case)
    facts = {
        "answer": said,
        "wanted": wanted,
        "type": f"{question.type} (tier {question.tier})",
        "image": question.image + (f", {question.gsd:g} m per pixel" if question.gsd else ""),
        "understood": outcome.reading,
        "system": case.system,
        "seconds": f"{outcome.seconds:.2f}",
    }
    if case.blame:
        facts["cause"] = case.blame.cause
        facts["on the labels"] = case.blame.with_labels
        facts["reference program"] = case.blame.by_reference
    listed = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts.items() if text)
    short = said if outcome.answer is not None else outcome.status
    cause = escape(case.blame.cause) if case.blame else ""
    program = f"<pre>{escape(outcome.program.strip())}</pre>" if outcome.program else ""
    return (
        f'<details class="case {verdict}" data-system="{escape(case.system)}" data-verdict="{verdict}" '
        f'data-type="{escape(question.type)}" data-cause="{cause}" id="{escape(question.id)}">'
        f'<summary><span class="mark">{verdict}</span><span>{escape(question.question)}</span>'
        f'<span class="said">{escape(short)} · wanted {escape(wanted)}</span></summary>'
        f'<div class="body"><div class="pictures">{_pictures(case)}</div>'
        f"<dl>{listed}</dl>{program}</div></details>"
    )


def _pictures(case: Case) -> str:
    legend = "".join(
        f'<span class="swatch" style="background:{colour}"></span>{escape(topic)}'
        for topic, colour in zip(case.topics, _SWATCHES, strict=False)
    )
    shown = []
    for number, (caption, uri) in enumerate(case.pictures):
        text = escape(caption) + (legend if number else "")
        image = f'<img src="{uri}" alt="{escape(caption)}" loading="lazy">' if uri else ""
        shown.append(f"<figure>{image}<figcaption>{text}</figcaption></figure>")
    return "".join(shown)


def _wanted(case: Case) -> str:
    question = case.row.question
    if question.acceptable_range is None:
        return str(question.answer)
    low, high = question.acceptable_range
    return (
        f"{question.answer:g} [{low:g}, {high:g}]"
        if not isinstance(question.answer, str)
        else question.answer
    )


def _figure(value: float | int | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"
