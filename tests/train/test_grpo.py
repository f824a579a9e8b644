"""The loop behind reinforcement training: exact after a kill, every column to the rewards, honest sizes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytest.importorskip("trl")
pytest.importorskip("datasets")

from planimeter.errors import ModelError, UsageError  # noqa: E402
from planimeter.train import grpo  # noqa: E402
from planimeter.train.grpo import last_checkpoint, train_grpo  # noqa: E402
from planimeter.train.grpo_config import GrpoConfig, LoraSettings, grpo_config_from  # noqa: E402
from planimeter.train.run_log import read_log  # noqa: E402

WORDS = ["<pad>", "<eos>", "<unk>", "yes", "no", "maybe", "water", "forest", "roof", "any", "?"]
QUIET = GrpoConfig(
    steps=4, generations=4, batch=8, rate=1e-2, completion_tokens=4, prompt_tokens=8, save_every=2, beta=0.02
)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers

    inner = Tokenizer(models.WordLevel({word: index for index, word in enumerate(WORDS)}, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>", padding_side="left"
    )


def tiny(seed: int = 0) -> Any:
    torch.manual_seed(seed)
    config = transformers.LlamaConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=None,
    )
    return transformers.LlamaForCausalLM(config)


ROWS = [
    {"prompt": f"any {topic} ?", "right": "yes", "about": (topic, index)}
    for index, topic in enumerate(WORDS[6:9])
]


def says_right(completions: list[str], right: list[str], **columns: Any) -> list[float | None]:
    """The share of right words; None for roofs, which nobody can judge."""
    return [
        None if about[0] == "roof" else text.split().count(word) / 4
        for text, word, about in zip(completions, right, columns["about"], strict=True)
    ]


def short(completions: list[str], **_: Any) -> list[float]:
    return [-0.01 * len(text.split()) for text in completions]


def weights(folder: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return load_file(next(folder.glob("*.safetensors")))


def same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("lora", [None, LoraSettings(rank=2, alpha=4)])
def test_a_run_that_was_killed_ends_where_an_uninterrupted_one_does(
    tmp_path: Path, tokenizer: Any, lora: LoraSettings | None
) -> None:
    config = replace(QUIET, lora=lora)
    whole = train_grpo(tiny(), tokenizer, ROWS, [says_right, short], config, tmp_path / "whole")
    first = train_grpo(tiny(), tokenizer, ROWS, [says_right, short], config, tmp_path / "cut", stop_after=2)
    assert first.name == "checkpoint-2"
    half_written = tmp_path / "cut" / "checkpoint-3"
    half_written.mkdir()
    (half_written / "model.safetensors").write_bytes(b"cut short")
    with (tmp_path / "cut" / "log.jsonl").open("a") as file:
        file.write('{"step": 3, "loss": 1}\n{"step": 4, "lo')
    # Another seed's weights: they must not survive the resume. Adapters keep their base, as it is no part of them.
    again = train_grpo(
        tiny(seed=0 if lora else 7), tokenizer, ROWS, [says_right, short], config, tmp_path / "cut"
    )
    assert not half_written.exists()
    assert same(weights(whole), weights(again))
    assert not same(weights(first), weights(again))
    assert [one["step"] for one in read_log(tmp_path / "cut" / "log.jsonl")] == [1, 2, 3, 4]
    assert (whole / "tokenizer.json").exists()


def test_the_divergence_is_from_the_start_of_training_also_after_a_kill(
    tmp_path: Path, tokenizer: Any
) -> None:
    config = replace(QUIET, beta=0.1)
    train_grpo(tiny(), tokenizer, ROWS, [says_right], config, tmp_path, stop_after=2)
    train_grpo(tiny(seed=7), tokenizer, ROWS, [says_right], config, tmp_path)
    log = {one["step"]: one for one in read_log(tmp_path / "log.jsonl")}
    assert log[1]["kl"] == pytest.approx(0, abs=1e-7)
    assert log[3]["kl"] > 1e-6  # were the checkpoint the reference, it would be 0 again


def test_rewards_see_every_column_and_the_log_has_their_mean_and_spread(
    tmp_path: Path, tokenizer: Any
) -> None:
    seen: list[Any] = []

    def spy(completions: list[str], about: list[Any], **_: Any) -> list[float]:
        seen.extend(about)
        return [0.0] * len(completions)

    measured: list[int] = []

    def evaluate(model: Any) -> dict[str, float]:
        assert not model.training
        torch.manual_seed(99)  # must not change what training samples
        measured.append(1)
        return {"in_range": 0.5}

    train_grpo(
        tiny(), tokenizer, ROWS, [says_right, spy], QUIET, tmp_path / "a", evaluate=evaluate, evaluate_every=2
    )
    plain = train_grpo(tiny(), tokenizer, ROWS, [says_right, spy], QUIET, tmp_path / "b")
    assert set(seen) == {("water", 0), ("forest", 1), ("roof", 2)}  # tuples, as given: not JSON's lists
    log = read_log(tmp_path / "a" / "log.jsonl")
    assert len(measured) == 3
    assert [one["step"] for one in log if "held_out/in_range" in one] == [0, 2, 4]
    line = next(one for one in log if "loss" in one)
    assert {"rewards/says_right/mean", "rewards/says_right/std", "rewards/spy/mean", "entropy"} <= set(line)
    assert same(weights(tmp_path / "a" / "final"), weights(plain))


def test_training_raises_the_reward(tmp_path: Path, tokenizer: Any) -> None:
    config = replace(QUIET, steps=20, batch=16, beta=0.0, save_every=100, rate=2e-2)
    train_grpo(tiny(), tokenizer, ROWS[:2], [says_right], config, tmp_path)
    rewards = [one["reward"] for one in read_log(tmp_path / "log.jsonl")]
    assert sum(rewards[-5:]) / 5 > sum(rewards[:5]) / 5 + 0.2


def test_a_checkpoint_of_another_model_is_refused(tmp_path: Path, tokenizer: Any) -> None:
    checkpoint = train_grpo(tiny(), tokenizer, ROWS, [short], QUIET, tmp_path, stop_after=2)
    from safetensors.torch import save_file

    kept = {name: value for name, value in weights(checkpoint).items() if "layers.1" not in name}
    save_file(kept, checkpoint / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="lacks"):
        train_grpo(tiny(), tokenizer, ROWS, [short], QUIET, tmp_path)


def test_sizes_that_do_not_fit_are_said(tmp_path: Path, tokenizer: Any) -> None:
    with pytest.raises(UsageError, match="multiple of generations"):
        train_grpo(tiny(), tokenizer, ROWS, [short], replace(QUIET, batch=7), tmp_path)
    with pytest.raises(UsageError, match="prompt_tokens"):
        train_grpo(tiny(), tokenizer, ROWS, [short], replace(QUIET, prompt_tokens=2), tmp_path)
    with pytest.raises(UsageError, match="no rows"):
        train_grpo(tiny(), tokenizer, [], [short], QUIET, tmp_path)
    with pytest.raises(UsageError, match="no parameter"):
        train_grpo(tiny(), tokenizer, ROWS, [short], replace(QUIET, frozen="vision.*"), tmp_path)


def test_configuration_from_a_table() -> None:
    config = grpo_config_from({"steps": 3, "reward_weights": [1, 0.5], "lora": {"rank": 2}})
    assert config.reward_weights == (1, 0.5)
    assert config.lora == LoraSettings(rank=2)
    for wrong in ({"step": 3}, {"precision": "int4"}, {"generations": 1}, {"lora": {"ranks": 2}}):
        with pytest.raises(UsageError):
            grpo_config_from(wrong)


def test_a_cooldown_ends_a_constant_rate_at_zero(tmp_path: Path) -> None:
    table = {"steps": 10, "rate": 1.0, "schedule": "constant_with_warmup", "warmup": 2, "cooldown": 4}
    arguments = grpo._arguments(grpo_config_from(table), tmp_path, None)
    from transformers import get_scheduler

    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = get_scheduler(
        arguments.lr_scheduler_type,
        optimiser,
        num_warmup_steps=2,
        num_training_steps=10,
        scheduler_specific_kwargs=arguments.lr_scheduler_kwargs,
    )
    rates = []
    for _ in range(11):
        rates.append(schedule.get_last_lr()[0])
        optimiser.step()
        schedule.step()
    assert rates == pytest.approx([0, 0.5, 1, 1, 1, 1, 1, 0.75, 0.5, 0.25, 0])
    with pytest.raises(UsageError, match="cooldown"):
        grpo_config_from({**table, "schedule": "linear"})


def test_only_whole_checkpoints_count(tmp_path: Path) -> None:
    for step, state in ((2, "{}"), (9, "{"), (10, None)):
        (tmp_path / f"checkpoint-{step}").mkdir()
        if state is not None:
            (tmp_path / f"checkpoint-{step}" / "trainer_state.json").write_text(state)
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-2"
    assert json.loads((tmp_path / "checkpoint-2" / "trainer_state.json").read_text()) == {}


def test_only_what_is_a_half_written_checkpoint_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / "checkpoint-2").mkdir()
    (tmp_path / "checkpoint-2" / "trainer_state.json").write_text("{}")
    kept = [tmp_path / name for name in ("checkpoint-best", "checkpoint-3-old", "checkpoint-")]
    for folder in kept:
        folder.mkdir()
    (tmp_path / "checkpoint-7").write_text("a file")
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-2"
    assert all(folder.is_dir() for folder in kept)
    assert (tmp_path / "checkpoint-7").read_text() == "a file"


def test_a_checkpoint_that_cannot_be_read_now_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in (2, 4):
        (tmp_path / f"checkpoint-{step}").mkdir()
        (tmp_path / f"checkpoint-{step}" / "trainer_state.json").write_text("{}")
    for error in (PermissionError(13, "Permission denied"), OSError(5, "Input/output error")):

        def read_text(path: Path, *_: Any, error: OSError = error, **__: Any) -> str:
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(Path, "read_text", read_text)
            with pytest.raises(ModelError, match=rf"checkpoint-4 cannot be read \({error.strerror}\)"):
                last_checkpoint(tmp_path)
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-4"


def test_adapters_leave_a_vision_tower_alone() -> None:

    targets = LoraSettings().targets
    assert re.fullmatch(targets, "model.language_model.layers.0.self_attn.q_proj")
    assert re.fullmatch(targets, "model.layers.0.mlp.down_proj")
    assert not re.fullmatch(targets, "model.visual.blocks.0.attn.q_proj")
    assert not re.fullmatch(targets, "model.vision_tower.vision_model.encoder.layers.0.self_attn.q_proj")
