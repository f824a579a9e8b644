"""Grammar of two dates: lost, gained and kept, grown and shrunk, new and gone, and what became what."""

from __future__ import annotations

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.numbers import COUNT
from planimeter.coder.grammar.rules.subjects import Conditions, predicate
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Area,
    Bounds,
    Changed,
    Count,
    IndexOf,
    Matched,
    Meaning,
    NetChange,
    Quantity,
    Share,
    SizeOf,
    Subject,
    Threshold,
    Transitions,
    Turnover,
)
from planimeter.vocabulary.units import PERCENT, PIXEL, Measure, Unit


def _cover(np: Subject) -> Subject:
    """A phrase as a cover: which of several lakes is "the lake" is not asked where all of them are summed."""
    return replace(np, kind="mass" if np.kind == "thing" else np.kind, plural=False, definite=False)


def _whole(np: Subject) -> bool:
    return np.pick is None and not np.where and not np.then


# --- a cover that was lost, gained or kept


@rule("lostword", "<lost>")
def _lost() -> str:
    return "lost"


@rule("lostword", "<gained>")
def _gained() -> str:
    return "gained"


@rule("lostword", "<kept>")
def _kept() -> str:
    return "kept"


@rule("been", "<been>")
def _been() -> str:
    return "been"


@rule("sincethen", "[<sincethen>]", "between <bothdates>", "from <thendate> to <nowdate>")
def _since() -> str:
    return "since"


@rule("sincethen", "between {number} (dates|images|pictures)", "in {number} images")
def _between_two(number: Measure) -> str | None:
    return "since" if number.value == 2 else None


@rule(
    "question",
    "<much> {np} [<been>] {lostword} {sincethen}",
    "<much> <land> of {np} [<been>] {lostword} {sincethen}",
    "<much> of {np} [<been>] {lostword} {sincethen}",
    "<much> of {np} area [<been>] {lostword} {sincethen}",
    "<much> {np} (did|have|has) (we|it|image|they|site|area|region) {lostword} {sincethen}",
    "what <areaname> of {np} [<been>] {lostword} {sincethen}",
    "<much> {np} is [there] {lostword} {sincethen}",
    "<much> {lostword} {np} (is there|exists|was there) {sincethen}",
    "<much> {lostword} {np} {sincethen}",
)
def _how_much_lost(np: Subject, lostword: str, sincethen: str = "") -> Meaning | None:
    if not _whole(np) or np.counted:
        return None
    return Changed(_cover(np), lostword)


@rule(
    "question",
    "how many {areaunit} of {np} [<been>] {lostword} {sincethen}",
    "how many {areaunit} {np} [<been>] {lostword} {sincethen}",
)
def _units_lost(np: Subject, lostword: str, areaunit: Unit, sincethen: str = "") -> Meaning | None:
    return Changed(_cover(np), lostword, None, areaunit) if _whole(np) else None


@rule(
    "q",
    "<areaname> of {np} [that|which] [<been>] {lostword} {sincethen}",
    "[<total>] {np} [<areaname>] <lossname> {sincethen}",
    "<lossname> of {np} {sincethen}",
    "[<total>] <areaname> of {np} <lossname> {sincethen}",
)
def _area_lost(np: Subject, lostword: str = "lost", sincethen: str = "") -> Quantity | None:
    return Changed(_cover(np), lostword) if _whole(np) else None


@rule(
    "q",
    "[<total>] {np} [<areaname>] <gainname> {sincethen}",
    "<gainname> of {np} {sincethen}",
    "[<total>] <areaname> of {np} <gainname> {sincethen}",
    "<areaname> of <gained> {np} {sincethen}",
)
def _area_gained(np: Subject, sincethen: str = "") -> Quantity | None:
    return Changed(_cover(np), "gained") if _whole(np) and not np.counted else None


@rule(
    "shareofthen",
    "{sharename} of {np} [<areaname>] [<been>] {lostword} {sincethen}",
    "{sharename} of {np} [<areaname>] (that|which) [<been>] {lostword} {sincethen}",
    "{sharename} of <areaname> of {np} [<been>] {lostword} {sincethen}",
)
def _share_lost(np: Subject, lostword: str, sharename: str, sincethen: str = "") -> Quantity | None:
    if not _whole(np):
        return None
    if np.counted and np.kind == "thing":
        return Matched(np, {"lost": "gone", "gained": "new", "kept": "kept"}[lostword], percent=True)
    return Changed(_cover(np), lostword, percent=True)


@rule("q", "{shareofthen}")
@rule("question", "what {shareofthen}", "which {shareofthen}", "how many {shareofthen}")
def _what_share_lost(shareofthen: Quantity) -> Quantity:
    return shareofthen


@rule(
    "question",
    "<was> [<any>] {np} [<been>] {lostword} {sincethen}",
    "is there [<any>] {lostword} {np} {sincethen}",
)
def _was_any_lost(np: Subject, lostword: str, sincethen: str = "") -> Meaning | None:
    if not _whole(np):
        return None
    if np.counted and np.kind == "thing":
        what = {"lost": "gone", "gained": "new", "kept": "kept"}[lostword]
        return Threshold(Matched(np, what), Bounds(low=_nothing_counted()))
    return Threshold(Changed(_cover(np), lostword), Bounds(low=Measure(0.0, PIXEL)))


def _nothing_counted() -> Measure:
    return Measure(0.0, COUNT)


# --- what became what


@rule("becoming", "<becoming>")
def _becoming() -> str:
    return "became"


@rule(
    "question",
    "<much> {np:first} [<been>] {becoming} {np:second} {sincethen}",
    "<much> of {np:first} [<been>] {becoming} {np:second} {sincethen}",
    "<much> {np:first} [<been>] lost to {np:second} {sincethen}",
    "<much> of {np:first} [<been>] lost to {np:second} {sincethen}",
    "<much> <land> <been> {becoming} from {np:first} to {np:second}",
    "<much> <land> changed from {np:first} (to|into) {np:second}",
    "what <areaname> of {np:first} [<been>] {becoming} {np:second} {sincethen}",
)
def _became(first: Subject, second: Subject, sincethen: str = "", becoming: str = "") -> Meaning | None:
    return Changed(_cover(first), "lost", _cover(second)) if _whole(first) and _whole(second) else None


@rule(
    "q",
    "<areaname> of {np:first} [that|which] [<been>] {becoming} {np:second} {sincethen}",
    "<areaname> [that|which] [<been>] {becoming} from {np:first} to {np:second}",
    "<lossname> of {np:first} to {np:second} {sincethen}",
    "{np:first} <lossname> to {np:second} {sincethen}",
)
def _area_that_became(
    first: Subject, second: Subject, sincethen: str = "", becoming: str = ""
) -> Meaning | None:
    return Changed(_cover(first), "lost", _cover(second)) if _whole(first) and _whole(second) else None


@rule(
    "question",
    "how many {areaunit} of {np:first} [<been>] {becoming} {np:second} {sincethen}",
    "how many {areaunit} of {np:first} [<been>] lost to {np:second} {sincethen}",
)
def _units_that_became(
    first: Subject, second: Subject, areaunit: Unit, sincethen: str = "", becoming: str = ""
) -> Meaning | None:
    if not (_whole(first) and _whole(second)):
        return None
    return Changed(_cover(first), "lost", _cover(second), areaunit)


@rule(
    "shareofthen",
    "{sharename} of {np:first} [<been>] {becoming} {np:second} {sincethen}",
    "{sharename} of {np:first} [<been>] lost to {np:second} {sincethen}",
)
def _share_that_became(
    first: Subject, second: Subject, sharename: str, sincethen: str = "", becoming: str = ""
) -> Meaning | None:
    if not (_whole(first) and _whole(second)):
        return None
    return Changed(_cover(first), "lost", _cover(second), percent=True)


@rule(
    "question",
    "what <does> {np} (become|turn into|change into|change to|convert to) {sincethen}",
    "what [<been>] {becoming} of {np} {sincethen}",
    "what (has|have|did) [<been>] become of {np} {sincethen}",
    "what (became|become|happened) (of|to|with) {np} {sincethen}",
    "what <been> {np} [<been>] {becoming} {sincethen}",
    "what was {np} {becoming} {sincethen}",
    "what (replaced|replaces|has replaced) {np} {sincethen}",
    "[<ask>] what {np} (became|turned into|was converted to|has become) {sincethen}",
    "what <been> [<lost>] {np} (become|turned into|now) {sincethen}",
    "what is on [<lost>] {np} now",
)
def _what_it_became(np: Subject, sincethen: str = "", becoming: str = "") -> Meaning | None:
    return Transitions(of=_cover(np)) if _whole(np) else None


@rule(
    "question",
    "what <been> {becoming} {np} {sincethen}",
    "what {becoming} {np} {sincethen}",
    "what was [<lost>] {np} <thendate>",
    "what was there before {np}",
    "what did {np} replace {sincethen}",
    "what has {np} replaced {sincethen}",
)
def _what_became_it(np: Subject, sincethen: str = "", becoming: str = "") -> Meaning | None:
    return Transitions(to=_cover(np)) if _whole(np) else None


@rule(
    "top",
    "[<ask>] <matrix> {sincethen}",
    "(show|print|draw|make|build) <matrix> {sincethen}",
    "[<ask>] <matrix> (of|for) (<ground>|image|all <ground>|site) {sincethen}",
    "[<ask>] <matrix> (from|between) <bothdates>",
    "what [<been>] changed {sincethen}",
    "[<ask>] what changed {sincethen}",
    "what changes [<been>] [there|seen|visible|made] {sincethen}",
    "how <does> (land cover|land use|<ground>|image|site) change {sincethen}",
    "how <been> (land cover|land use|<ground>|image|site) changed {sincethen}",
    "what became what",
    "what turned into what",
)
def _matrix(sincethen: str = "") -> Meaning:
    return Transitions()


@rule(
    "question",
    "<much> of {whole} [<been>] changed {sincethen}",
    "<much> (changed|<land> changed|<land> <been> changed) {sincethen}",
    "<much> <land> cover <been> changed {sincethen}",
)
def _turnover(whole: str = "", sincethen: str = "") -> Meaning:
    return Turnover()


@rule(
    "shareofthen",
    "{sharename} of {whole} [<been>] changed {sincethen}",
    "{sharename} of (land cover|land use|<ground>) [<been>] changed {sincethen}",
)
def _turnover_share(sharename: str, whole: str = "", sincethen: str = "") -> Quantity:
    return Turnover(percent=True)


# --- net change


@rule("grewword", "<grew>")
def _grew() -> str:
    return "growth"


@rule("grewword", "<shrank>")
def _shrank() -> str:
    return "loss"


@rule("grewword", "<changedby>")
def _changed_by() -> str:
    return "change"


@rule("changing", "{np}", "<areaname> of {np}", "{np} <areaname>", "extent of {np}")
def _changing_area(np: Subject) -> Quantity | None:
    if np.pick is not None or np.then:
        return None
    return Area(_cover(np)) if not np.where else Area(np)


@rule("changing", "<count> {np}", "{np} count")
def _changing_count(np: Subject) -> Quantity | None:
    return Count(np) if np.pick is None else None


@rule("changing", "<mean> <sizename> of {np}", "<mean> {np} <sizename>")
def _changing_mean(np: Subject) -> Quantity | None:
    return SizeOf(np, "mean") if np.pick is None else None


@rule("changing", "{sharename} of {whole} <covered> {np}", "share of {np}", "{np} cover")
def _changing_share(np: Subject, sharename: str = "", whole: str = "") -> Quantity | None:
    return Share(np) if np.pick is None else None


@rule(
    "question",
    "by how much <does> {changing} {grewword} {sincethen}",
    "by how much [<been>] {changing} [<been>] {grewword} {sincethen}",
    "how much <does> {changing} {grewword} {sincethen}",
    "how much [<been>] {changing} [<been>] {grewword} {sincethen}",
    "how much {changing} {grewword} {sincethen}",
    "how <does> {changing} {grewword} {sincethen}",
    "how <been> {changing} {grewword} {sincethen}",
    "how much (more|larger) is {changing} {sincethen}",
)
def _by_how_much(changing: Quantity, grewword: str = "growth", sincethen: str = "") -> Meaning:
    return NetChange(changing, grewword)


@rule("comparednow", "[<exist>] <nowdate> than [<exist>] <thendate>", "[<exist>] than <thendate>")
def _compared_now() -> str:
    return "now"


@rule("question", "how many more {np} {comparednow}")
def _how_many_more_now(np: Subject, comparednow: str) -> Meaning | None:
    return NetChange(Count(np), "growth") if np.counted and np.pick is None else None


@rule("question", "how many fewer {np} {comparednow}")
def _how_many_fewer_now(np: Subject, comparednow: str) -> Meaning | None:
    return NetChange(Count(np), "loss") if np.counted and np.pick is None else None


@rule(
    "question",
    "by how many {areaunit} <does> {changing} {grewword} {sincethen}",
    "by how many {areaunit} [<been>] {changing} [<been>] {grewword} {sincethen}",
    "how many {areaunit} <does> {changing} {grewword} {sincethen}",
)
def _by_how_many(changing: Quantity, grewword: str, areaunit: Unit, sincethen: str = "") -> Meaning | None:
    return NetChange(replace(changing, unit=areaunit), grewword) if isinstance(changing, Area) else None


@rule(
    "question",
    "by (what|how many) {sharename} <does> {changing} {grewword} {sincethen}",
    "by (what|how many) {sharename} [<been>] {changing} [<been>] {grewword} {sincethen}",
    "(what|how many) {sharename} <does> {changing} {grewword} [by] {sincethen}",
)
def _by_what_share(changing: Quantity, grewword: str, sharename: str, sincethen: str = "") -> Meaning:
    return NetChange(changing, grewword, percent=True)


@rule(
    "q",
    "[net|total|overall] change (in|of) {changing} {sincethen}",
    "[net|total|overall] {changing} change {sincethen}",
    "difference in {changing} between <bothdates>",
)
def _net_change(changing: Quantity, sincethen: str = "") -> Quantity:
    return NetChange(changing)


@rule(
    "q",
    "[net|total|overall] (growth|increase|expansion) (in|of) {changing} {sincethen}",
    "net gain (in|of) {changing} {sincethen}",
    "[net] {changing} (growth|increase|expansion) {sincethen}",
)
def _net_growth(changing: Quantity, sincethen: str = "") -> Quantity:
    return NetChange(changing, "growth")


@rule(
    "q",
    "[net|total|overall] (decrease|decline|reduction|shrinkage) (in|of) {changing} {sincethen}",
    "net loss (in|of) {changing} {sincethen}",
    "net {changing} loss {sincethen}",
    "[net] {changing} (decrease|decline|reduction|shrinkage) {sincethen}",
)
def _net_loss(changing: Quantity, sincethen: str = "") -> Quantity:
    return NetChange(changing, "loss")


@rule(
    "q",
    "{sharename} change (in|of) {changing} {sincethen}",
    "change (in|of) {changing} in {sharename} {sincethen}",
    "(relative|percent|percentual) change (in|of) {changing} {sincethen}",
)
def _share_of_change(changing: Quantity, sharename: str = "", sincethen: str = "") -> Quantity:
    return NetChange(changing, percent=True)


def _more_than_nothing(changing: Quantity, way: str) -> Meaning:
    return Threshold(NetChange(changing, way), Bounds(low=_nothing(changing)))


def _nothing(changing: Quantity) -> Measure:
    if isinstance(changing, Count | IndexOf):
        return _nothing_counted()
    return Measure(0.0, PERCENT if isinstance(changing, Share) else PIXEL)


@rule(
    "question",
    "<does> {changing} {grewword} {sincethen}",
    "<been> {changing} [<been>] {grewword} {sincethen}",
    "[<ask>] <whether> {changing} [<been>] {grewword} {sincethen}",
)
def _did_it(changing: Quantity, grewword: str, sincethen: str = "") -> Meaning | None:
    return _more_than_nothing(changing, grewword) if grewword != "change" else None


@rule(
    "question",
    "is there more {np} {thanthen}",
    "are there more {np} {thanthen}",
    "is {np} larger {thanthen}",
    "are {np} larger {thanthen}",
)
def _more_than_before(np: Subject, thanthen: str) -> Meaning | None:
    if np.pick is not None:
        return None
    return _more_than_nothing(Count(np) if np.counted else Area(_cover(np)), "growth")


@rule(
    "question",
    "how much (larger|bigger|more extensive) is {changing} {thanthen}",
    "how much more {np} is there {thanthen}",
)
def _how_much_larger(
    thanthen: str, changing: Quantity | None = None, np: Subject | None = None
) -> Meaning | None:
    if np is not None:
        changing = Area(_cover(np)) if np.pick is None else None
    return None if changing is None else NetChange(changing, "growth")


@rule("question", "how much smaller is {changing} {thanthen}", "how much less {np} is there {thanthen}")
def _how_much_smaller(
    thanthen: str, changing: Quantity | None = None, np: Subject | None = None
) -> Meaning | None:
    if np is not None:
        changing = Area(_cover(np)) if np.pick is None else None
    return None if changing is None else NetChange(changing, "loss")


@rule("question", "<was> more {np} [<been>] {lostword:first} than {lostword:second} {sincethen}")
def _more_lost_than_gained(np: Subject, first: str, second: str, sincethen: str = "") -> Meaning | None:
    if not _whole(np) or {first, second} != {"lost", "gained"}:
        return None
    return _more_than_nothing(Area(_cover(np)), "loss" if first == "lost" else "growth")


@rule(
    "question",
    "is there less {np} {thanthen}",
    "are there fewer {np} {thanthen}",
    "is {np} smaller {thanthen}",
)
def _less_than_before(np: Subject, thanthen: str) -> Meaning | None:
    if np.pick is not None:
        return None
    return _more_than_nothing(Count(np) if np.counted else Area(_cover(np)), "loss")


@rule("thanthen", "than <thendate>", "now than <thendate>", "than [in|on|at] <thenimage>")
def _than_then() -> str:
    return "before"


@rule(
    "question",
    "<does> {changing} {grewword} by {bounds} {sincethen}",
    "<been> {changing} [<been>] {grewword} by {bounds} {sincethen}",
    "<does> {changing} {grewword} {bounds} {sincethen}",
    "[<ask>] <whether> {changing} [<been>] {grewword} by {bounds} {sincethen}",
)
def _did_it_by(changing: Quantity, grewword: str, bounds: Bounds, sincethen: str = "") -> Meaning | None:
    if grewword == "change":
        return None
    if bounds.dimension == "percent":
        return Threshold(NetChange(changing, grewword, percent=True), bounds)
    wanted = {
        "Count": ("count",),
        "IndexOf": ("count",),
        "Area": ("area", "pixel"),
        "SizeOf": ("area", "pixel"),
    }
    fits = bounds.dimension in wanted.get(type(changing).__name__, ())
    return Threshold(NetChange(changing, grewword), bounds) if fits else None


# --- things: new and gone, grown and shrunk


@rule("fate", "<new>")
def _fate_new() -> str:
    return "new"


@rule("fate", "<gone>")
def _fate_gone() -> str:
    return "gone"


@rule("fate", "<stillthere>")
def _fate_kept() -> str:
    return "kept"


@rule("fate", "[<been>] (grown|larger|enlarged|extended|grew|expanded|bigger)", "become (larger|bigger)")
def _fate_grown() -> str:
    return "grown"


@rule("fate", "[<been>] (shrunk|smaller|shrank|reduced)", "become smaller")
def _fate_shrunk() -> str:
    return "shrunk"


def _things(np: Subject) -> bool:
    return np.pick is None and not np.then and (np.counted or np.kind == "thing" or np.regions)


@rule(
    "question",
    "how many {np} [<been>] {fate} {sincethen}",
    "how many of {np} [<been>] {fate} {sincethen}",
    "how many <new> {np:np} [<exist>] {sincethen}",
    "how many <new> {np:np} [<been>] [<new>] {sincethen}",
    "count <new> {np}",
)
def _how_many_new(np: Subject, fate: str = "new", sincethen: str = "") -> Meaning | None:
    return Matched(np, fate) if _things(np) else None


@rule(
    "question",
    "how many <new> {np:base} {predicate:conditions}",
    "how many <new> {np:base} <exist> {conditions}",
)
def _how_many_new_placed(base: Subject, conditions: Conditions) -> Meaning | None:
    return Matched(predicate(base, conditions), "new") if _things(base) else None


@rule("q", "<count> <new> {np} {sincethen}", "<count> {np} [that|which] [<been>] {fate} {sincethen}")
def _number_new(np: Subject, fate: str = "new", sincethen: str = "") -> Quantity | None:
    return Matched(np, fate) if _things(np) else None


@rule(
    "q",
    "[<total>] <areaname> of <new> {np} {sincethen}",
    "[<total>] <areaname> of {np} [that|which] [<been>] {fate} {sincethen}",
)
def _area_new(np: Subject, fate: str = "new", sincethen: str = "") -> Quantity | None:
    return Matched(np, fate, "area") if _things(np) and np.counted else None


@rule(
    "question",
    "is there [<any>] <new> {np} {sincethen}",
    "are there [<any>] <new> {np} {sincethen}",
    "<was> [<any>] {np} [<been>] {fate} {sincethen}",
    "<been> [<any>] {np} [<been>] {fate} {sincethen}",
    "<does> [<any>] {np} (disappear|vanish) {sincethen}",
)
def _any_new(np: Subject, fate: str = "", sincethen: str = "") -> Meaning | None:
    what = fate or "new"
    if not _things(np) or not np.counted:
        return None
    return Threshold(Matched(np, what), Bounds(low=_nothing_counted()))


@rule(
    "shareofthen",
    "{sharename} of {np} [<been>] {fate} {sincethen}",
    "{sharename} of {np} (that|which) [<been>] {fate} {sincethen}",
)
def _share_new(np: Subject, fate: str, sharename: str, sincethen: str = "") -> Quantity | None:
    return Matched(np, fate, percent=True) if _things(np) and np.counted else None
