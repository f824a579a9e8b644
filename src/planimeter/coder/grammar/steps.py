"""Instructions in steps ("Find all lakes. Keep those over 1 ha. Count them."), brought to one question."""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re

from planimeter.coder.grammar.patterns import Rewrites

_FIND = r"(?:find|locate|detect|identify|select|take|get|segment|extract|list|look at|consider|mark|map|pick|gather|collect)"
_THING = r"((?:[^,.;:?]|[.,](?=\d))+?)"
_THEN = r"(?:[.,;]|\s+and)?\s*(?:and |then |finally |next |after that,? |now )*"
_GIVE = r"(?:report|give|tell me|tell us|return|output|state|compute|calculate|provide|show|say|measure|find|determine|work out)(?: me| us)?"
_THOSE = r"(?:those|the ones|all those|only those|only the ones|everything|anything|all|any)(?: that are| which are| that is)?"
_REST = r"(?:the |those |what )?(?:remaining|rest|others|remainder|is left|remains|left over|left)(?: ones| buildings| patches| lakes| fields)?"
_SIZE = r"(?:larger|bigger|smaller|greater|less|more|over|under|above|below|at least|at most|no larger|no smaller|exceeding)(?:[^,.;?]|[.,](?=\d))*?"
_COUNTED = r"(?:count them|how many (?:are there|there are|they are|are left)|(?:their|the) (?:number|count)|how many of them there are|their count|count the remaining ones)"

_STEPS = (
    (r"\bstep \d+\s*[:.)-]\s*", ""),
    (r"^(?:first(?:ly)?|to begin with|begin by|start by),? ", ""),
    # keep or discard some, then count or measure the rest
    (rf"^{_FIND} (?:all |every )?(?:of )?(?:the )?{_THING}{_THEN}(?:keep|retain|select|consider|take) {_THOSE} ({_SIZE}){_THEN}(?:{_GIVE} )?{_COUNTED}\b", r"how many \1 \2 are there"),
    (rf"^{_FIND} (?:all |every )?(?:of )?(?:the )?{_THING}{_THEN}(?:discard|drop|remove|exclude|ignore|skip|delete|filter out|leave out|throw out) {_THOSE} ({_SIZE}){_THEN}(?:{_GIVE} )?(?:{_COUNTED}|count {_REST})", r"how many \1 are there ignoring those \2"),
    (rf"^{_FIND} (?:all |every )?(?:of )?(?:the )?{_THING}{_THEN}(?:discard|drop|remove|exclude|ignore|skip|delete|filter out|leave out|throw out) {_THOSE} ({_SIZE}){_THEN}{_GIVE} the (average|mean|median|total)(?: area| size)?(?: area| size)?(?: of {_REST})?", r"what is the \3 area of \1 ignoring those \2"),
    (rf"^(?:exclude|ignore|discard|drop|remove|leave out) (?:all |the )*([a-z ]+?) ({_SIZE}){_THEN}{_GIVE} the (average|mean|median|total) (?:area|size) of {_REST}", r"what is the \3 area of \1 ignoring those \2"),
    (rf"^(?:take|start with|start from|use) (?:the |all the |all )?([a-z ]+?){_THEN}(?:remove|cut away|cut out|take away|erase|subtract|drop|leave out) (?:everything|anything|all|what is|whatever is|what lies) within (\d[\d.,]*\s*[a-z]+) of ([a-z ]+?){_THEN}{_GIVE} (?:the |its )?(?:remaining |total )?area(?: that (?:remains|is left))?", r"what is the area of \1 that is more than \2 from \3"),
    # find some, then one number of them
    (rf"^{_FIND} (?:all |every )?(?:of )?(?:the )?{_THING}{_THEN}(?:{_GIVE} )?{_COUNTED}(?=$|[?.!])", r"how many \1 are there"),
    (rf"^{_FIND} (?:all |every )?(?:of )?(?:the )?{_THING}{_THEN}{_GIVE} (?:their|its|the) (total area|average size|average area|mean area|mean size|median size|area|size|total size|combined area)(?: in ([a-z0-9² ]+?))?(?=$|[?.!])", lambda found: _of_them(found)),
    (rf"^(?:measure|compute|calculate|take|find) (?:the )?distances? from (?:each |every |all |the )*{_THING} to (?:the |its )?(?:closest |nearest )?([a-z ]+?){_THEN}{_GIVE} (?:the )?(average|mean|median|minimum|maximum|smallest|largest|shortest|longest)(?: distance| value| one| of them)?(?=$|[?.!])", r"what is the \3 distance from \1 to \2"),
    # two amounts, then both together
    (rf"^count (?:the |all )*{_THING}{_THEN}(?:count )?(?:the |all )*{_THING}{_THEN}(?:{_GIVE} )?(?:add (?:both|them|the two)|(?:the )?(?:sum|total))(?: of (?:both|the two|them))?(?: together| up)?(?=$|[?.!])", r"the number of \1 plus the number of \2"),
    (rf"^(?:measure|compute|determine|take|find) (?:the )?(?:area of )?(?:the )?([a-z ]+?){_THEN}(?:measure|compute|determine|take|find) (?:the )?(?:area of )?(?:the )?([a-z ]+?){_THEN}{_GIVE} the (ratio|difference)(?: of (?:the two|both|them)| between (?:the two|both|them))?(?=$|[?.!])", lambda found: _of_two(found)),
    (rf"^(?:compute|calculate|measure|take|find|determine) (?:the )?(?:total )?area of (?:all )?(?:the )?([a-z ]+?){_THEN}(?:express|give|state|report|write) (?:it|this|that) (?:as a|in) percent(?:age)?(?: of (?:the )?(?:image|total|whole|scene|picture|total area))?", r"what percentage of the image is covered by \1"),
)  # fmt: skip


def _of_them(found: re.Match[str]) -> str:
    unit = f" in {found.group(3)}" if found.group(3) else ""
    return f"what is the {found.group(2)} of {found.group(1)}{unit}"


def _of_two(found: re.Match[str]) -> str:
    if found.group(3) == "ratio":
        return f"what is the ratio of the area of {found.group(1)} to the area of {found.group(2)}"
    return f"what is the difference between the area of {found.group(1)} and the area of {found.group(2)}"


_joined = Rewrites(_STEPS)


def in_one(text: str) -> str:
    """One question for instructions in steps; another text unchanged.

    >>> in_one("Find all lakes. Keep those larger than 500 m2. Count them.")
    'how many lakes larger than 500 m2 are there.'
    >>> in_one("Find the largest building and report its area.")
    'what is the area of largest building.'
    """
    return _joined(text)
