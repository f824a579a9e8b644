"""No text and no call, however odd, brings the host down: every outcome is an answer or a named error."""

from __future__ import annotations

import contextlib
import string

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from planimeter.errors import PlanimeterError
from planimeter.program import Limits, check_program, functions

from .fakes import run, town
from .reference import Reference, same
from .texts import programs

QUICK = Limits(seconds=3, sandbox_seconds=0.5, memory_bytes=1 << 26, calls=200, shapes=20_000)
RELAXED = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
LABELS = town(5, 60)

values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=8),
        st.sampled_from(["roof", "water", "scene.png"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("id"), inner, max_size=1),
    max_leaves=6,
)  # fmt: skip


def literal(value: object) -> str:
    """A Python expression for a value; infinities and NaN need one."""
    return repr(value).replace("inf", "float('inf')").replace("nan", "float('nan')")


@RELAXED
@given(st.text(alphabet=string.printable, max_size=200))
def test_any_text(text: str) -> None:
    check_program(text)
    with contextlib.suppress(PlanimeterError):
        run(text + "\nanswer = 1", LABELS, limits=QUICK)


@RELAXED
@given(st.sampled_from(sorted(functions())), st.lists(values, max_size=4))
@example("highlight_shapes", [[], []])  # no shapes, as an array, in place of a role
def test_any_arguments(name: str, arguments: list[object]) -> None:
    call = f"{name}({', '.join(map(literal, arguments))})"
    with contextlib.suppress(PlanimeterError):
        run(f"x = {call}\nanswer = 1", LABELS, limits=QUICK)


@RELAXED
@given(st.lists(values, max_size=5), st.integers(0, 10))
def test_any_message_to_the_host(arguments: list[object], place: int) -> None:
    names = ["segment", "within", "distances", "merge", "highlight", "perimeters", "subtract", "x"]
    host = ["_planimeter", "ask", "host"]
    parts = [repr(names[place % len(names)]), *map(literal, arguments)]
    with contextlib.suppress(PlanimeterError):
        run(f"x = {'_'.join(host)}({', '.join(parts)})\nanswer = 1", LABELS, limits=QUICK)


@RELAXED
@given(st.sampled_from(sorted(programs("ordinary.txt"))), st.data())
def test_damaged_programs(title: str, data: st.DataObject) -> None:
    lines = programs("ordinary.txt")[title].splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    change = data.draw(st.sampled_from(["drop", "double", "swap", "cut"]))
    if change == "drop":
        del lines[place]
    elif change == "double":
        lines.insert(place, lines[place])
    elif change == "swap":
        lines[place], lines[-1] = lines[-1], lines[place]
    else:
        lines[place] = lines[place][: data.draw(st.integers(0, len(lines[place])))]
    with contextlib.suppress(PlanimeterError):
        run("\n".join(lines), LABELS, limits=QUICK)


numbers = st.recursive(
    st.sampled_from(["n", "total", "m", "2", "0.5", "7"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, inner).map(lambda t: f"max({t[0]}, {t[1]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} > {t[2]} else {t[2]})"),
        inner.map(lambda t: f"abs(-{t})"),
        inner.map(lambda t: f"sum(s['area_pixels'] for s in shapes if s['area_pixels'] > {t})"),
        inner.map(lambda t: f"sorted([{t}, 3, n], key=lambda v: -v)[0]"),
    ),
    max_leaves=8,
)


@RELAXED
@given(numbers)
def test_random_expressions_agree_with_cpython(expression: str) -> None:
    text = f"""
shapes = segment_image_from_path(IMAGE_PATH, ["roof", "water"], gsd=gsd)["shapes"]
n = len(shapes)
total = sum(s["area_pixels"] for s in shapes)
m = max(s["area_pixels"] for s in shapes)
answer = {expression}
"""
    assert same(run(text, LABELS).answer, Reference(LABELS, 0.5).run(text))
