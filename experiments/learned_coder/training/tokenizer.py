"""The small model's tokenizer, made from wordings and programs alone.

Byte pairs of questions, and whole lines of programs as single tokens, cut where slots go. Any text can be written in
it, byte by byte at worst.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

from learned_coder.coder.prompt import PROGRAM
from learned_coder.coder.slots import SLOTS, slotted
from learned_coder.training.programs import program_for, refusal_program
from learned_coder.training.questions import FORMS, draw, refuse, say
from learned_coder.training.wordings import TRAIN, refusals
from learned_coder.training.wordings.lexicon import TOPIC_WORDS

PAD, EOS = "<pad>", "<eos>"
PIECES = r" ?[^\W\d_]+|\d| ?[^\w\s]|\s+|_"
_CUT = re.compile(rf"((?<=')(?:{'|'.join(TOPIC_WORDS)})(?=')|\{{\w+\}}|(?<=\n))")
_SHORTEST = 5  # characters; shorter pieces could be part of a question


def program_pieces(samples: int = 400, seed: int = 0) -> list[str]:
    """The parts that programs are made of: lines, cut where topics and numbers go."""
    rng = random.Random(seed)
    pieces: set[str] = set()
    for form in FORMS:
        for _ in range(samples // 10):
            asked = draw(rng, form)
            template = program_for(
                form, asked.type, asked.slots.target, asked.slots.reference, asked.slots.end, asked.unit
            )
            pieces.update(_CUT.split(template))
    pieces.update(_CUT.split(refusal_program()))
    return sorted(one for one in pieces if len(one) >= _SHORTEST and one[:2] not in ("{m", "{d", "{w"))


def build_tokenizer(vocabulary: int = 700, questions: int = 6_000, seed: int = 0) -> Any:
    """A tokenizer for transformers.

    Args:
        vocabulary: byte pairs and bytes; program pieces come on top.
        questions: of the training families, to learn byte pairs from.
        seed: of those questions.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[PAD, EOS, PROGRAM],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(_questions(questions, seed), trainer)
    inner.add_tokens([AddedToken(one, normalized=False) for one in (*SLOTS, *program_pieces())])
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token=PAD,
        eos_token=EOS,
        additional_special_tokens=[PROGRAM],
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )


def _questions(count: int, seed: int) -> Iterator[str]:
    rng = random.Random(f"tokenizer {seed}")
    names, forms = tuple(TRAIN), tuple(FORMS)
    for _ in range(count):
        name, form = rng.choice(names), rng.choice(forms)
        if FORMS[form].base in TRAIN[name].templates:
            yield slotted(say(draw(rng, form), TRAIN[name], name, rng).text).text
    for _ in range(count // 10):
        yield slotted(refuse(refusals.TRAIN, "refusal", rng).text).text
