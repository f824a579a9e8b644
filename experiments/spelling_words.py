"""Make src/planimeter/coder/grammar/spelling.json: what misspelt words may be taken for, and English words near it.

    pip install english-words pyspellchecker
    python experiments/spelling_words.py

A word of the vocabulary is a target where it has five letters or more and is neither a number nor a negation. English
words (both lists: pyspellchecker's counts for inflected forms, english-words' web2 and gcide to leave out names and
typing errors) are kept where they lie so near a target that they might be taken for it. A word that is new in the
vocabulary becomes a target only when this has been run again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from english_words import get_english_words_set
from rapidfuzz import process
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from planimeter.coder.grammar.meanings import known_words
from planimeter.vocabulary.numbers import ONES, PARTS, RANKS, SCALES, TENS

OUT = Path(__file__).parent.parent / "src" / "planimeter" / "coder" / "grammar" / "spelling.json"
NEVER = {
    *ONES, *TENS, *SCALES, *PARTS, *RANKS, "without", "except", "excluding", "outside", "ignoring", "neither",
    "apart", "beyond", "other", "quotednouna",
}  # fmt: skip
FEWEST = 20  # occurrences of an English word among pyspellchecker's
NAMES = {"forrest"}


def stems(word: str) -> Iterator[str]:
    """A word and what it may be a form of."""
    yield word
    endings = {"s": ("",), "es": ("", "e"), "ies": ("y",), "ed": ("", "e"), "ied": ("y",), "ing": ("", "e")}
    endings |= {"er": ("", "e"), "ers": ("", "e"), "est": ("", "e"), "ly": ("", "le"), "ings": ("", "e")}
    for ending, added in endings.items():
        if word.endswith(ending):
            yield from (word[: -len(ending)] + more for more in added)
            if len(word) > len(ending) + 3 and word[-len(ending) - 1] == word[-len(ending) - 2]:
                yield word[: -len(ending) - 1]


def main() -> None:
    targets = sorted(
        w for w in known_words() if len(w) >= 5 and w.isalpha() and w.isascii() and w not in NEVER
    )
    listed = {w for w in get_english_words_set(["web2", "gcide"]) if w.isalpha() and w == w.lower()}
    counts = SpellChecker().word_frequency.dictionary
    english = []
    for word, count in counts.items():
        if (
            not (word.isascii() and word.isalpha() and 4 <= len(word) <= 20)
            or count < FEWEST
            or word in NAMES
        ):
            continue
        if not any(stem in listed for stem in stems(word)):
            continue
        edits = 1 if len(word) < 8 else 2
        if process.extractOne(word, targets, scorer=OSA.distance, score_cutoff=edits) is not None:
            english.append(word)
    data = {"targets": targets, "english": sorted(english)}
    OUT.write_text(json.dumps(data, separators=(",", ":")).replace('],"', '],\n"') + "\n")
    print(len(targets), "targets,", len(english), "English words,", OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
