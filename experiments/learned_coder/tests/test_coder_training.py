"""From questions to files that ship, at toy size: tokens, warm start, export, reinforcement, curves."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

torch = pytest.importorskip("torch")
pytest.importorskip("trl")
pytest.importorskip("onnx")
from planimeter.segment.torchvision import let_torchvision_load  # noqa: E402

let_torchvision_load()
transformers = pytest.importorskip("transformers")

from learned_coder.coder import LearnedCoder  # noqa: E402
from learned_coder.coder.prompt import PROGRAM  # noqa: E402
from learned_coder.coder.slots import slotted  # noqa: E402
from learned_coder.coder.tokens import Tokens  # noqa: E402
from learned_coder.training import stages, tokenizer  # noqa: E402
from learned_coder.training.config import CoderConfig, coder_config_from, load_coder_config  # noqa: E402
from learned_coder.training.curve import curve_table, draw_curve, read_curves  # noqa: E402
from learned_coder.training.export import export_coder  # noqa: E402
from learned_coder.training.styles import Chat, Compact  # noqa: E402
from learned_coder.training.supervised import SupervisedConfig, training_questions, write_programs  # noqa: E402

from planimeter.cli.train import command  # noqa: E402
from planimeter.errors import ModelError, UsageError  # noqa: E402

ROOT = Path(__file__).parents[2]
TINY = coder_config_from(
    {
        "network": {"hidden": 32, "layers": 2, "heads": 2, "inner": 48},
        "supervised": {"steps": 6, "batch": 4, "warmup": 2, "save_every": 3, "validate_every": 100},
        "rows": {"count": 6, "held_out": 4},
        "scenes": {"count": 4, "size": 96, "seed": 300},
        "validation_scenes": {"count": 4, "size": 96, "seed": 310},
        "grpo": {"steps": 2, "generations": 2, "batch": 4, "completion_tokens": 12, "save_every": 1},
        "evaluate_every": 1,
    }
)


@pytest.fixture(scope="module", autouse=True)
def _one_tokenizer() -> Any:
    """Made once, of few questions."""
    made = tokenizer.build_tokenizer(vocabulary=400, questions=300)
    patch = pytest.MonkeyPatch()
    patch.setattr(stages, "build_tokenizer", lambda: made)
    yield made
    patch.undo()


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stages.train_warm(TINY, tmp_path_factory.mktemp("warm"))


def test_a_warm_start_that_was_killed_ends_where_an_uninterrupted_one_does(
    warm: Path, tmp_path: Path
) -> None:
    from safetensors.torch import load_file

    first = stages.train_warm(TINY, tmp_path, stop_after=3)
    assert first.name == "supervised.pt"
    again = stages.train_warm(replace(TINY, seed=TINY.seed), tmp_path)
    one, other = load_file(warm / "model.safetensors"), load_file(again / "model.safetensors")
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_plain_python_makes_the_same_tokens(warm: Path, tmp_path: Path) -> None:
    _, made = stages.open_model(warm)
    (tmp_path / "t.json").write_text(made.backend_tokenizer.to_str())
    tokens = Tokens(tmp_path / "t.json")
    drawn = training_questions(SupervisedConfig(), 60, random.Random(5))
    texts = [slotted(one.text).text + PROGRAM for one in drawn] + [Compact().target(one) for one in drawn]
    texts += ["Ünïcödé ½ — 水 <t1>?", "", "a_b  c\td", "x" * 40]
    for text in texts:
        numbers = made(text)["input_ids"]
        assert tokens.encode(text) == numbers
        assert tokens.decode(numbers) == made.decode(numbers, skip_special_tokens=True)
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(ModelError, match="no tokenizer"):
        Tokens(tmp_path / "bad.json")


def test_the_exported_network_writes_what_the_trained_one_does(warm: Path, tmp_path: Path) -> None:
    model, made = stages.open_model(warm)
    record = {"version": "t", "accept": {"samples": 1, "temperature": 1.0, "least": 0.0}, "default": False}
    card = export_coder(model, made, tmp_path, record)
    written = json.loads(card.read_text())
    assert written["bytes"] < 1024 * 1024
    learned = LearnedCoder(card)
    question = "How many ponds over 50 m2 are within 20 m of a road?"
    prompt = slotted(question).text + PROGRAM
    numbers = np.array([made(prompt)["input_ids"]], np.int64)
    with torch.no_grad():
        expected = model(torch.tensor(numbers)).logits[0, -1].numpy()
    np.testing.assert_allclose(learned._network.next_logits(numbers)[0], expected, atol=2e-2)
    drafts, _ = learned.drafts(question)
    greedy = write_programs(model, made, [prompt])[0]
    assert drafts[0] in (greedy, "")  # nothing where the toy model comes to no end
    assert learned.drafts(question) == (drafts, _)
    (tmp_path / "learned-coder.onnx").write_bytes(b"damaged")
    with pytest.raises(ModelError):
        LearnedCoder(card)


def test_reinforcement_runs_and_goes_on(warm: Path, tmp_path: Path) -> None:
    first = stages.train_reinforced(TINY, warm, tmp_path / "grpo-0", stop_after=1)
    assert first.name == "checkpoint-1"
    final = stages.train_reinforced(TINY, warm, tmp_path / "grpo-0")
    assert final.name == "final"
    curves = read_curves([tmp_path / "grpo-0"])
    assert sorted(curves["greedy"]) == [0, 1, 2]
    with pytest.raises(UsageError, match="no log"):
        read_curves([tmp_path])


def test_curves_of_several_seeds(tmp_path: Path) -> None:
    for seed, (before, after) in enumerate(((0.5, 0.8), (0.5, 0.9), (0.5, 0.7))):
        folder = tmp_path / f"grpo-{seed}"
        folder.mkdir()
        lines = [{"step": 0, "held_out/greedy": before, "held_out/sampled": 0.1}, {"step": 5, "loss": 0.0}]
        lines.append({"step": 9, "held_out/greedy": after, "held_out/sampled": 0.2})
        (folder / "log.jsonl").write_text("\n".join(map(json.dumps, lines)))
    runs = sorted(tmp_path.iterdir())
    text = curve_table(runs)
    assert "| greedy | 3 | 50.0 % ± 0.0 | 80.0 % ± 24.8 | 80.0, 90.0, 70.0 |" in text
    pytest.importorskip("matplotlib")
    assert draw_curve(runs, tmp_path / "x" / "c.png").stat().st_size > 5000


def test_configurations() -> None:
    shipped = load_coder_config(ROOT / "configs" / "coder.yaml")
    assert shipped.test_questions >= 300
    assert shipped.scenes.seed + 1000 < shipped.validation_scenes.seed < shipped.test_scenes.seed - 1000
    assert isinstance(shipped, CoderConfig)
    for wrong in ({"prompts": 1}, {"prompt": "short"}, {"prompt": "llm"}, {"scenes": {"sizes": 3}}):
        with pytest.raises(UsageError):
            coder_config_from(wrong)
    with pytest.raises(UsageError, match="cannot be read"):
        load_coder_config("none.yaml")


def test_the_styles() -> None:
    messages = Chat().prompt("How many ponds are there?")
    assert [one["role"] for one in messages] == ["system", "user"]
    assert "segment_image_from_path" in messages[0]["content"]
    assert Chat().program("Here it is:\n```python\nanswer = 1\n```\nDone.", "?").strip() == "answer = 1"
    assert Compact().program("x = '<t1>'", "how many ponds?") == "x = 'water'"


def test_the_command_says_what_it_needs(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["coder", "--help"])
    assert "reinforcement by answers" in result.output
    for name in ("coder-evaluate", "coder-export", "coder-curve"):
        assert CliRunner().invoke(command, [name, "--help"]).exit_code == 0
