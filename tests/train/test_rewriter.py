"""The rewriter's training on a tiny model made on the spot, and its export to the runtime."""

import itertools
import json
import shutil
import string

import numpy as np
import pytest

from planimeter.coder.grammar.parse import parse
from planimeter.coder.rewriter.strange import HARMLESS, UNMEASURABLE
from planimeter.coder.rewriter.tokens import Tokens
from planimeter.errors import ModelError, QuestionError
from planimeter.train.rewriter.pairs import REFUSED, WORDINGS, Builder, kinds, plain_forms

torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A folder like a pretrained model's, of two layers and a vocabulary of letters."""
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("tiny")
    letters = [*string.printable[:95].replace(" ", ""), "Ġ"]
    merges = [["Ġ", "t"], ["h", "e"], ["Ġt", "he"], ["o", "f"], ["Ġ", "of"]]
    names = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *letters, *("".join(pair) for pair in merges)]
    added = [{"id": n, "content": name} for n, name in enumerate(names[:3])]
    vocabulary = {name: number for number, name in enumerate(names)}
    (folder / "tokenizer.json").write_text(
        json.dumps({"model": {"vocab": vocabulary, "merges": merges}, "added_tokens": added})
    )
    width, inner = 64, 64
    config = {
        "hidden_size": width, "intermediate_size": inner, "num_attention_heads": 2, "num_key_value_heads": 1,
        "rope_theta": 10000.0, "num_hidden_layers": 3,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    torch.manual_seed(0)
    weights = {
        "model.embed_tokens.weight": torch.randn(len(names), width) * 0.1,
        "model.norm.weight": torch.ones(width),
    }
    for layer in range(3):
        at = f"model.layers.{layer}."
        for name, shape in {
            "self_attn.q_proj": (width, width), "self_attn.k_proj": (32, width), "self_attn.v_proj": (32, width),
            "self_attn.o_proj": (width, width), "mlp.gate_proj": (inner, width), "mlp.up_proj": (inner, width),
            "mlp.down_proj": (width, inner),
        }.items():  # fmt: skip
            weights[f"{at}{name}.weight"] = torch.randn(*shape) * 0.1
        for name in ("input_layernorm", "post_attention_layernorm"):
            weights[f"{at}{name}.weight"] = torch.ones(width)
    save_file(weights, folder / "model.safetensors")
    return folder


def config(**named):
    from planimeter.train.rewriter.training import RewriterConfig

    return RewriterConfig(**{"layers": (0, 2), "batch": 4, "longest": 400, "told": 200, "warmup": 2, **named})


def test_it_trains_goes_on_and_ends_in_the_runtime(tiny, tmp_path):
    from planimeter.coder.rewriter.model import LanguageModel
    from planimeter.train.rewriter.export import export_rewriter
    from planimeter.train.rewriter.training import train_rewriter

    first = torch.load(train_rewriter(config(hours=2 / 3600), tiny, tmp_path, report=lambda line: None))
    path = train_rewriter(config(hours=4 / 3600), tiny, tmp_path, report=lambda line: None)
    second = torch.load(path)
    assert second["step"] > first["step"] > 0
    card = export_rewriter(path, tmp_path / "shipped", bits=32, report=lambda line: None)
    model = LanguageModel(card)
    one, two = (model.samples("how many houses", 3, 0.7, seed=1) for _ in range(2))
    assert [sample.text for sample in one] == [sample.text for sample in two]
    assert len(one) == 3
    assert model.backward("the number of buildings", "how many houses") < 0


def test_damaged_files_are_one_sentence(tiny, tmp_path):
    from planimeter.train.rewriter.export import export_rewriter
    from planimeter.train.rewriter.training import train_rewriter

    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "latest.pt").write_bytes(b"PK\x03\x04 cut short")
    for action in (
        lambda: train_rewriter(config(), tiny, tmp_path / "run"),
        lambda: export_rewriter(tmp_path / "run" / "latest.pt", tmp_path / "shipped"),
    ):
        with pytest.raises(ModelError, match="no whole checkpoint"):
            action()
    shutil.copytree(tiny, tmp_path / "start")
    weights = tmp_path / "start" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelError, match="start holds no SmolLM2-135M that can be read"):
        train_rewriter(config(), tmp_path / "start", tmp_path / "new")


def test_the_runtime_computes_what_the_training_does(tiny, tmp_path):
    from planimeter.coder.rewriter.model import FORWARD, TURN, LanguageModel
    from planimeter.train.rewriter.export import export_rewriter
    from planimeter.train.rewriter.network import Llama, Sizes
    from planimeter.train.rewriter.training import train_rewriter

    path = train_rewriter(config(hours=1 / 3600), tiny, tmp_path, report=lambda line: None)
    model = LanguageModel(export_rewriter(path, tmp_path / "shipped", bits=32, report=lambda line: None))
    saved = torch.load(path)
    network = Llama(Sizes(**saved["shape"]))
    network.load_state_dict(saved["weights"])
    numbers = [FORWARD, *model.tokens.encode("the area of it"), TURN]
    # Of texts, a hair's breadth between two tokens would decide: what is compared are the numbers behind each choice.
    found, past = model._next(np.array([numbers]), model._nothing())
    with torch.no_grad():
        for _ in range(12):
            logits, _ = network(torch.tensor([numbers]), network.nothing(1))
            wanted = logits[0, -1].numpy()
            np.testing.assert_allclose(found[0, -1], wanted, atol=2e-3 * np.abs(wanted).max())
            chosen = int(wanted.argmax())
            numbers.append(chosen)
            found, past = model._next(np.array([[chosen]], np.int64), past)


def test_an_exported_model_learns_on(tiny, tmp_path):
    from planimeter.train.rewriter.export import export_rewriter, opened
    from planimeter.train.rewriter.training import train_rewriter

    first = train_rewriter(config(hours=1 / 3600), tiny, tmp_path / "first", report=lambda line: None)
    trained = torch.load(first)
    card = export_rewriter(first, tmp_path / "shipped", bits=32, report=lambda line: None)
    found = opened(card.parent).state_dict()
    assert set(found) == set(trained["weights"])
    for name, value in found.items():
        assert torch.allclose(value, trained["weights"][name], atol=1e-3), name
    second = train_rewriter(
        config(hours=1 / 3600), card.parent, tmp_path / "second", report=lambda line: None
    )
    again = json.loads(export_rewriter(second, tmp_path / "again", report=lambda line: None).read_text())
    assert again["steps"] == trained["step"] + torch.load(second)["step"]
    with pytest.raises(ModelError, match="no exported rewriter"):
        opened(tmp_path)


def test_the_vocabulary_splits_as_the_pretrained_one(tiny):
    from planimeter.train.rewriter.vocabulary import SPECIAL, cut

    tokens, kept = cut(tiny, ["the house of the lake"])
    assert len(cut(tiny, ["of"], most=40)[1]) < len(kept)
    assert [tokens.tokens[n] for n in tokens.encode("of the lake")] == ["of", " the", " ", "l", "a", "k", "e"]
    assert len(tokens.tokens) == len(kept)
    assert tokens.encode("a") == [tokens.tokens.index("a")]
    assert tokens.special == len(SPECIAL)
    assert Tokens.parsed(tokens.written()).encode("of the lake") == tokens.encode("of the lake")


def test_more_tokens_of_the_pretrained_model_go_behind_those_there_are(tiny):
    from safetensors.torch import load_file

    from planimeter.train.rewriter.network import pretrained, with_more_tokens
    from planimeter.train.rewriter.vocabulary import SPECIAL, cut, widened

    few, kept = cut(tiny, ["a lake"], most=0)
    wide, numbers = widened(few, tiny, ["of the lake"], most=0)
    assert [wide.tokens[n] for n in wide.encode("of the lake")] == ["of", " the", " ", "l", "a", "k", "e"]
    assert wide.tokens[: len(few.tokens)] == few.tokens
    whole, _ = cut(tiny, [], most=1000)
    assert widened(few, tiny, [], most=1000)[0].encode("of the lake") == [
        widened(few, tiny, [], most=1000)[0].tokens.index(whole.tokens[n])
        for n in whole.encode("of the lake")
    ]
    network = pretrained(tiny, kept, (0, 2))
    with torch.no_grad():
        network.embed_tokens.weight[len(SPECIAL) :] += 0.5  # as if training had moved all of them alike
    longer = with_more_tokens(network, tiny, numbers, len(SPECIAL)).embed_tokens.weight.detach()
    given = load_file(tiny / "model.safetensors")["model.embed_tokens.weight"]
    torch.testing.assert_close(longer[len(SPECIAL) :], given[numbers] + 0.5)
    torch.testing.assert_close(longer[: len(few.tokens)], network.embed_tokens.weight.detach())


def test_an_exported_model_learns_on_with_more_words(tiny, tmp_path):
    from planimeter.train.rewriter.export import export_rewriter
    from planimeter.train.rewriter.training import train_rewriter

    first = train_rewriter(config(hours=1 / 3600), tiny, tmp_path / "first", report=lambda line: None)
    card = export_rewriter(first, tmp_path / "shipped", bits=32, report=lambda line: None)
    learnt = train_rewriter(
        config(hours=1 / 3600), card.parent, tmp_path / "on", lambda line: None, words_from=tiny
    )
    assert torch.load(learnt)["shape"]["vocabulary"] >= torch.load(first)["shape"]["vocabulary"]
    with pytest.raises(ModelError, match="nothing_here holds no SmolLM2-135M"):
        train_rewriter(config(), card.parent, tmp_path / "none", words_from=tmp_path / "nothing_here")


def test_phrases_that_are_kept_aside_are_never_learned_from():
    from planimeter.train.rewriter.pairs import kept_aside

    lines = [
        line
        for name in ("narrowed", "talk")
        for line in (WORDINGS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        if len(line) > 20 and not line.startswith("#")
    ]
    aside = [line for line in lines if kept_aside(line)]
    assert 0.06 < len(aside) / len(lines) < 0.11
    learned, measured = (
        " ".join(pair.wording for pair in itertools.islice(Builder(5, aside=part), 800))
        for part in (False, True)
    )
    assert not [line for line in aside if line in learned]
    assert len([line for line in aside if line in measured]) > 50


def test_four_bits_keep_most_of_the_weights():
    from planimeter.train.rewriter.export import rounded

    weights = np.random.default_rng(0).normal(size=(40, 6, 32)).astype(np.float32)
    whole, zero, scale = rounded(weights, 4)
    assert whole.max() <= 15
    error = (whole.astype(np.float32) - zero) * scale - weights
    assert np.sqrt((error**2).mean()) < 0.11
    finer, nought, step = rounded(weights, 8)
    assert np.abs((finer.astype(np.float32) - nought) * step - weights).max() < 0.02


def test_the_grammar_reads_every_plain_form():
    builder = Builder(11)
    for kind in plain_forms():
        if kind == REFUSED or kind == "refused":
            continue
        plains = [pair.plain for pair in (builder.pair(kind) for _ in range(4)) if pair.plain != REFUSED]
        refused = 0
        for plain in plains:
            try:
                parse(plain)
            except QuestionError:
                refused += 1
        assert refused < len(plains) or not plains, (kind, plains)


def test_every_kind_has_wordings_and_a_plain_form():
    assert set(kinds()) == set(plain_forms())
    assert all(len(lines) > 0 for lines in kinds().values())


def test_pairs_of_a_seed_are_always_the_same():
    first, second = (list(itertools.islice(Builder(4), 30)) for _ in range(2))
    assert first == second
    assert len({pair.wording for pair in first}) > 25


def test_no_word_is_both_harmless_and_unmeasurable():
    assert not HARMLESS & UNMEASURABLE
