"""Grammar of choices between topics, and between connected and fragmented."""

from __future__ import annotations

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Bounds,
    Count,
    Fragmentation,
    Meaning,
    Subject,
    Threshold,
    Which,
)
from planimeter.vocabulary.units import Measure


@rule("options", "{np:first} or {np:second}", "{np:first} and {np:second}")
def _two(first: Subject, second: Subject) -> tuple[Subject, ...] | None:
    return (first, second)


@rule(
    "options",
    "{np:first} {np:second} or {np:third}",
    "{np:first} {np:second} and {np:third}",
    "{np:first} or {np:second} or {np:third}",
)
def _three(first: Subject, second: Subject, third: Subject) -> tuple[Subject, ...]:
    return (first, second, third)


@rule(
    "options",
    "{np:first} {np:second} {np:third} or {np:fourth}",
    "{np:first} {np:second} {np:third} and {np:fourth}",
)
def _four(first: Subject, second: Subject, third: Subject, fourth: Subject) -> tuple[Subject, ...]:
    return (first, second, third, fourth)


@rule(
    "choice",
    "(<larger>|<most>|<largest>|<dominant>) [in total] [of image] [in area]",
    "<cover> <most> [of image]",
    "<cover> more [of image]",
    "has <most>",
    "have <most>",
    "<is> (<larger>|<largest>|<dominant>)",
    "<is> (more|most) (extensive|common|widespread|abundant|dominant)",
    "(dominates|prevails)",
    "has (larger|largest|bigger|biggest|greater|greatest) [total] (area|extent|share)",
    "there is (more|most) of",
    "is there (more|most) of",
    "<cover> (larger|largest|bigger|biggest|greater|greatest) [total] (area|extent|part|share|portion) [of image]",
)
def _choice_most() -> tuple[bool]:
    return (True,)


@rule(
    "choice",
    "(<smaller>|<least>|<smallest>|<rarest>) [in total] [of image]",
    "<cover> <least> [of image]",
    "has <least>",
    "<is> (<smaller>|<smallest>|<rarest>)",
    "there is (less|least) of",
    "is there (less|least) of",
    "<is> (less|least) (extensive|common|widespread|abundant|dominant)",
    "<cover> (smaller|smallest) (area|extent|part|share|portion) [of image]",
    "has (smaller|smallest) [total] (area|extent|share)",
)
def _choice_least() -> tuple[bool]:
    return (False,)


@rule(
    "question",
    "(which|what) [one|<coverclass>|of these|of two] {choice} {options}",
    "(which|what) (of|among) {options} {choice}",
    "(which|what) [one] {choice} (between|of|among|out of) {options}",
    "{options} (which|what) [one|of them|of two|of these] {choice}",
    "<is> {options} {choice}",
    "(of|between|among) {options} (which|what) [one] {choice}",
    "(which|what) {choice} [area] {options}",
    "[<ask>] <whether> {options} {choice}",
    "<does> {options} {choice}",
    "<areaname> of {options} (which|what) [one] {choice}",
)
def _which(options: tuple[Subject, ...], choice: tuple[bool]) -> Meaning | None:
    return _choose(options, choice[0], "area")


def _choose(options: tuple[Subject, ...], most: bool, by: str) -> Meaning | None:
    picks = [option.pick for option in options if option.pick is not None]
    if any(len(option.topics) > 1 for option in options) or any(pick.count > 1 for pick in picks):
        return None
    if picks and (by != "area" or len(picks) < len(options)):
        return None  # the largest lake and a cover as a whole are not of one kind
    return Which(options, most, by)


@rule(
    "question",
    "is there more {np:first} or [more] {np:second}",
    "<does> image <have> more {np:first} or [more] {np:second}",
    "what is there more of {np:first} or {np:second}",
)
def _more_of_which(first: Subject, second: Subject) -> Meaning | None:
    return _choose((first, second), True, "area")


@rule(
    "question",
    "are there more {np:first} or [more] {np:second}",
    "what are there more of {np:first} or {np:second}",
    "(which|what) (is|are) more numerous {np:first} or {np:second}",
)
def _more_numerous(first: Subject, second: Subject) -> Meaning | None:
    return _choose((first, second), True, "count") if first.counted and second.counted else None


@rule(
    "question",
    "(which|what) <coverclass> <cover> <most> [of image]",
    "(which|what) [is] <dominant> <coverclass>",
    "(which|what) <coverclass> <is> <dominant>",
    "(which|what) <coverclass> (dominates|prevails) [image]",
    "(which|what) <coverclass> has <most>",
    "what <cover> <most> [of image]",
    "(which|what) <coverclass> is most (common|extensive|widespread|abundant)",
    "what is image mostly <coveredpassive>",
)
def _dominant() -> Meaning:
    return Which((), True, "area")


@rule(
    "question",
    "(which|what) <coverclass> <cover> <least> [of image]",
    "(which|what) [is] <rarest> <coverclass>",
    "(which|what) <coverclass> <is> <rarest>",
    "(which|what) <coverclass> has <least>",
)
def _scarcest() -> Meaning:
    return Which((), False, "area")


@rule(
    "question",
    "(which|what) <coverclass> has (<most>|<largest> number of|highest number of) [<apart>] <shapes>",
    "(which|what) <coverclass> <is> made up of <most> [<apart>] <shapes>",
)
def _most_pieces() -> Meaning:
    return Which((), True, "count")


@rule(
    "question",
    "(which|what) <coverclass> has (fewest|smallest number of|lowest number of|least number of) [<apart>] <shapes>",
)
def _fewest_pieces() -> Meaning:
    return Which((), False, "count")


@rule(
    "fragments",
    "[<meaningfrag>] {cbounds} [<apart>] <shapes> [{conditions}] [each]",
    "[<meaningfrag>] {cbounds} [<apart>] {np} [{conditions}]",
    "[<meaningfrag>] {cbounds} <apart> [<shapes>] [{conditions}]",
)
def _fragments(
    cbounds: Bounds, conditions: Conditions = (), np: Subject | None = None
) -> tuple[Bounds, Conditions, str]:
    if np is not None:
        return cbounds, (*np.where, *conditions), np.topics[0]
    return cbounds, conditions, ""


@rule("whole_piece", "<connected>", "{number} <connectedblock>")
def _whole_piece(number: Measure | None = None) -> str | None:
    return "connected" if number is None or number.value == 1 else None


@rule(
    "fragquestion",
    "<is> {base} {whole_piece} or <fragmented>",
    "<is> {base} <fragmented> or {whole_piece}",
    "{base} {whole_piece} or <fragmented>",
    "(would|do) you (call|consider) {base} [to be] ({whole_piece} or <fragmented>|<fragmented> or {whole_piece})",
    "[<ask>] <whether> {base} <is> {whole_piece} or <fragmented>",
    "<does> {base} form {whole_piece} or <is> it <fragmented>",
    "{whole_piece} or <fragmented> is {base}",
    "<is> {base} {whole_piece} or is it <fragmented>",
    "(describe|classify) {base} as {whole_piece} or <fragmented>",
    "{base} <fragmented> or {whole_piece}",
    "<is> {base} <fragmented> or is it {whole_piece}",
    "fragmentation of {base} {whole_piece} or <fragmented>",
)
def _frag(base: Subject, whole_piece: str = "") -> tuple[Subject, str]:
    return base, ""


@rule(
    "fragquestion",
    "<is> {base} <fragmented>",
    "[<ask>] <whether> {base} <is> <fragmented>",
    "(would|do) you (call|consider) {base} <fragmented>",
)
def _is_fragmented(base: Subject) -> tuple[Subject, str]:
    return base, "fragmented"


@rule(
    "fragquestion",
    "<is> {base} {whole_piece}",
    "[<ask>] <whether> {base} <is> {whole_piece}",
    "(would|do) you (call|consider) {base} {whole_piece}",
)
def _is_connected(base: Subject, whole_piece: str) -> tuple[Subject, str]:
    return base, "connected"


@rule("question", "{fragquestion}", "{fragquestion} {fragments}", "{fragments} {fragquestion}")
def _fragmentation(
    fragquestion: tuple[Subject, str], fragments: tuple[Bounds, Conditions, str] | None = None
) -> Meaning | None:
    base, yes_means = fragquestion
    if base.pick is not None:
        return None
    if fragments is None:
        return Fragmentation(base, None, yes_means)
    bounds, conditions, topic = fragments
    if (topic and (topic,) != base.topics) or bounds.low is None or bounds.high is not None:
        return None
    return Fragmentation(replace(base, where=(*base.where, *conditions)), bounds, yes_means)


@rule(
    "question",
    "<does> {base} (consist of|break into|split into|fall into|form) {cbounds} [<apart>] <shapes> [{conditions}]",
    "<is> {base} (split|divided|broken|broken up|split up) into {cbounds} [<apart>] <shapes> [{conditions}]",
)
def _consists_of(base: Subject, cbounds: Bounds, conditions: Conditions = ()) -> Meaning | None:
    if base.pick is not None:
        return None
    return Threshold(Count(replace(base, where=(*base.where, *conditions))), cbounds)
