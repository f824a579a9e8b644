"""How many right rewritings the rewriter's guards refuse, and how many wrong ones they let pass. Needs no model.

Pairs of a wording and its plain sentence are drawn as the model is trained on them. Wrong are: (a) the plain sentence
with one thing changed, (b) the plain sentence of another kind with the same gaps and fillings, (c) the plain sentence
for a wording that was spoilt by something that no map shows. A wrong sentence that means the same as the right one, or
that the grammar does not read, is left out.
"""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import argparse
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache

from planimeter.coder.grammar.parse import Parsed, parse
from planimeter.coder.rewriter.heard import Heard, heard
from planimeter.coder.rewriter.rewriter import objection
from planimeter.coder.rewriter.tokens import lowered
from planimeter.errors import QuestionError
from planimeter.train.rewriter.pairs import Builder, chosen, kinds, plain_forms
from planimeter.vocabulary.topics import TOPIC_RECORDS

UNCHANGING = ("refused",)
_NOUNS = [form for record in TOPIC_RECORDS for form in (record.many, record.mass, record.one)]
_TOPIC = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, _NOUNS), key=len, reverse=True))})\b")
_AREA_UNITS, _LENGTH_UNITS = ("ha", "m2", "acres", "km2"), ("m", "ft", "yd", "km")

# What is changed, each a pattern and what it becomes. A sentence is changed at one place.
CHANGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("number", r"(?<![\w.])(\d+(?:\.\d+)?)(?![\w.]|\.\d)", ("{number}",)),
    ("unit of a number", r"(?<=\d )(ha|m2|acres|km2)\b", _AREA_UNITS),
    ("unit of a number", r"(?<=\d )(m|ft|yd|km)\b", _LENGTH_UNITS),
    ("unit of the answer", r", in (ha|m2|acres|km2)$", (", in ha", ", in m2", ", in acres", ", in km2", "")),
    ("unit of the answer", r", in (m|ft|yd|km)$", (", in m", ", in ft", ", in yd", ", in km", "")),
    ("unit of the answer", r"(?<=[a-z])$", (", in acres", ", in m2", ", in ft")),
    ("direction", r"\bwithin (\d\S* \S+) of\b", (r"more than \1 from", r"less than \1 from", r"at least \1 from")),
    ("direction", r"\b(?:more than|at least) (\d\S* \S+) from\b", (r"within \1 of", r"less than \1 from")),
    ("direction", r"\bless than (\d\S* \S+) from\b", (r"more than \1 from", r"at least \1 from")),
    ("direction", r"\blarger than\b(?= \d| the)", ("smaller than", "at least")),
    ("direction", r"\bsmaller than\b(?= \d| the)", ("larger than", "at most")),
    ("direction", r"\bat least\b(?! \d\S* \S+ from)", ("at most", "larger than", "more than")),
    ("direction", r"\bat most\b", ("at least", "smaller than")),
    ("direction", r"\bis more than\b", ("is less than", "is at least")),
    ("direction", r"\bis less than\b", ("is more than", "is at most")),
    ("superlative", r"\bsecond largest\b", ("largest", "third largest", "second smallest")),
    ("superlative", r"(?<!second )\blargest\b", ("smallest", "second largest", "average")),
    ("superlative", r"\bsmallest\b", ("largest", "second smallest")),
    ("superlative", r"\bshortest\b", ("longest", "average")),
    ("superlative", r"\blongest\b", ("shortest", "average")),
    ("mean or median", r"\baverage\b", ("median", "largest", "total", "shortest")),
    ("mean or median", r"\bmedian\b", ("average", "smallest")),
    ("left out", r" other than the largest\b", ("", " other than the smallest", " other than the two largest")),
    ("left out", r"^(?!.*other than)(.*?[a-z])(?=, in \S+$|$)", (r"\1 other than the largest",)),
    ("any or all", r"\bare any\b", ("are no",)),
    ("any or all", r"\bare no\b", ("are any",)),
    ("denial", r"\bnot (?=covered|touching)", ("",)),
    ("denial", r"(?<!not )(?=\b(?:covered by|touching)\b)", ("not ",)),
    ("and or or", r"(?<= )and(?= within| more| at)", ("or",)),
    ("and or or", r"\beither (.*) or\b", (r"\1 and",)),
    ("nearest other or nearest", r" nearest neighbour distance between (.*?)(?=, in \S+$|$)", (r" distance from \1 to water",)),
    ("a condition dropped", r" (?:that are )?(?:within|more than|at least|less than) \d\S* \S+ (?:of|from) [a-z]+(?: [a-z]+)?$", ("",)),
    ("a condition dropped", r" (?:larger than|smaller than|at least|at most) \d\S* \S+$", ("",)),
    ("a condition added", r"(?<=[a-z])(?=, in \S+$|$)", (" within 50 m of water", " larger than 500 m2", " touching roads")),
    ("count or area", r"^the number of\b", ("the area of", "the average area of single", "the percentage of the image covered by")),
    ("count or area", r"^the area of\b", ("the number of", "the percentage of the image covered by")),
    ("count or area", r"^the percentage of the image covered by\b", ("the area of", "the number of")),
    ("share of image or topic", r"\bthe percentage of the area of (.*?) that is (?=within|more|less)", (r"the percentage of the image covered by \1 ",)),
    ("share of image or topic", r"\bthe percentage of the image covered by\b", ("what percentage of the land is",)),
    ("value or yes-no", r"^the number of\b", ("whether there are any",)),
    ("value or yes-no", r"^whether there are any\b", ("the number of",)),
    ("value or yes-no", r"^whether the (number|area|percentage)(.*) is (?:more|less|larger|smaller) than .*", (r"the \1\2",)),
    ("ratio or difference", r"^the ratio of (.*) to (.*)", (r"\1 minus \2", r"whether \1 is larger than \2")),
    ("ratio or difference", r"^the number of (.*) minus the", (r"the ratio of the number of \1 to the", r"the number of \1 plus the")),
    ("ratio or difference", r"^the number of (.*) plus the", (r"the number of \1 minus the",)),
    ("perimeter or area", r"\bperimeter\b", ("area",)),
)  # fmt: skip


@cache
def read(plain: str) -> Parsed | None:
    """A plain sentence as the grammar reads it; None where it does not."""
    try:
        return parse(plain)
    except QuestionError:
        return None


class Drawn(Builder):
    """Draws a wording with its plain sentence, those of other kinds for the same fillings, and a spoilt wording."""

    def draw(self, kind: str) -> tuple[str, str, str | None, list[tuple[str, str]]]:
        template = chosen(self.rng, self.rng.choice(kinds()[kind]))
        said, plainly = self._filled(kind, template)
        forms = dict(plain_forms())
        if kind == "presence" and "{m}" in template and plainly["N"] != plainly["M"]:
            forms[kind] = "whether there is any {M}{C}"
        spoilt = self._spoilt(template, said)
        wording = " ".join(template.format_map(said).split()).replace(" ,", ",").replace(" :", ":")
        gaps = _gaps(forms[kind])
        others = [
            (name, lowered(form.format_map(plainly)))
            for name, form in forms.items()
            if name not in (kind, "refused") and _gaps(form) == gaps
        ]
        plain = lowered(forms[kind].format_map(plainly))
        return self._clothed(wording), plain, spoilt and self._clothed(spoilt[1]), others


def _gaps(form: str) -> frozenset[str]:
    """What fills a form, but for how the thing itself is said and the unit of the answer."""
    return frozenset(re.findall(r"\{(\w)\}", form)) - set("NOMWLC")


def changed(plain: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """A plain sentence with one thing changed, once for each thing."""
    for name, pattern, becomes in CHANGES:
        found = list(re.finditer(pattern, plain))
        if not found:
            continue
        match, new = rng.choice(found), rng.choice(becomes)
        if new == "{number}":
            new = f"{float(match.group()) * rng.choice((2, 3, 0.5)) + rng.choice((0, 1)):g}"
        yield name, plain[: match.start()] + match.expand(new) + plain[match.end() :]
    topics = list(_TOPIC.finditer(plain))
    if topics:
        one = rng.choice(topics)
        record = next(r for r in TOPIC_RECORDS if one.group() in (r.many, r.mass, r.one))
        form = next(f for f in ("many", "mass", "one") if getattr(record, f) == one.group())
        other = rng.choice([r for r in TOPIC_RECORDS if r is not record])
        yield "topic", plain[: one.start()] + getattr(other, form) + plain[one.end() :]
    mutual = plain.startswith(("the shortest distance from", "which")) or re.match(
        r"whether there (?:are|is) (?:any|no) .*(?:within|less than)", plain
    )
    if len(topics) > 1 and not mutual:
        one, two = topics[0], topics[-1]
        swapped = plain[: one.start()] + two.group() + plain[one.end() : two.start()] + one.group()
        yield "topics swapped", swapped + plain[two.end() :]


@cache
def hears(wording: str) -> Heard:
    return heard(wording)


def refusal(wording: str, plain: str) -> str | None:
    """Why the guards refuse a pair; None where they do not."""
    asked = hears(wording)
    if asked.says is None or (asked.against and not asked.unknown):
        return asked.against
    return objection(asked.says, plain, read(plain))


def differs(plain: str, other: str) -> bool:
    """Whether another sentence can be read and means something else."""
    one, two = read(plain), read(other)
    return two is not None and (one is None or (one.meaning, one.unit) != (two.meaning, two.unit))


def measure(names: list[str], draws: int, spoiling: int, seed: int, show: Callable[..., None]) -> None:
    """Print a line for each kind, then what was refused and what passed."""
    passed: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    whole: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    print(
        f"{'kind':28} {'right refused':>14} {'(a)':>10} {'(b)':>10} {'(c)':>10}   why right ones were refused"
    )
    for kind in names:
        builder, rng = Drawn(f"{seed} {kind}"), random.Random(seed)  # type: ignore[arg-type]
        why: Counter[str] = Counter()
        here: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for number in range(draws):
            wording, plain, spoilt, others = builder.draw(kind)
            reason = refusal(wording, plain)
            here["right"][0] += reason is not None
            here["right"][1] += 1
            if reason is not None:
                why[re.sub(r'"[^"]*"|\d+(?:\.\d+)?(?: \S+)?', "…", reason)] += 1
                show("REFUSED", kind, reason, wording, plain)
            if number >= spoiling:
                continue
            wrong = [("a", name, wording, other) for name, other in changed(plain, rng)]
            wrong += [("b", name, wording, other) for name, other in rng.sample(others, min(4, len(others)))]
            for group, name, asked, other in wrong:
                if not differs(plain, other):
                    continue
                passes = refusal(asked, other) is None
                for table, key in ((here, group), (passed, f"{group}: {name}")):
                    table[key][0] += passes
                    table[key][1] += 1
                if passes:
                    show(f"PASSED {group}", kind, name, asked, other)
            if spoilt is not None:
                passes = refusal(spoilt, plain) is None
                here["c"][0] += passes
                here["c"][1] += 1
                if passes:
                    show("PASSED c", kind, "spoilt", spoilt, plain)
        for group, (some, of) in here.items():
            whole[group][0] += some
            whole[group][1] += of
        columns = " ".join(f"{f'{here[g][0]}/{here[g][1]}':>10}" for g in "abc")
        reasons = ", ".join(f"{reason} {n}" for reason, n in why.most_common(4))
        share = 100 * here["right"][0] / draws
        print(f"{kind:28} {share:12.1f} % {columns}   {reasons}", flush=True)
    print("\n" + ", ".join(f"{g} {a}/{b} = {100 * a / max(b, 1):.2f} %" for g, (a, b) in whole.items()))
    print("\nWrong ones that passed, by what was changed:")
    for name, (some, of) in sorted(passed.items()):
        if some:
            print(f"  {name:40} {some}/{of}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("kinds", nargs="*", help="kinds of pairs; all where none is named")
    options.add_argument("--draws", type=int, default=200)
    options.add_argument(
        "--wrong", type=int, default=60, help="of how many draws wrong ones are made as well"
    )
    options.add_argument("--seed", type=int, default=7)
    options.add_argument(
        "--show", action="store_true", help="print every pair that counts against the guards"
    )
    given = options.parse_args()
    names = given.kinds or [name for name in kinds() if name not in UNCHANGING]
    measure(
        names,
        given.draws,
        given.wrong,
        given.seed,
        lambda *parts: print("   ", " | ".join(parts)) if given.show else None,
    )


if __name__ == "__main__":
    main()
