"""Training of the prompter: scenes and answers, the tiny model, the warm start, scores that see reward hacking."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("trl")
pytest.importorskip("datasets")
pytest.importorskip("json_repair")

import planimeter.train.prompter.scores as scoring  # noqa: E402
from planimeter.errors import UsageError  # noqa: E402
from planimeter.reason.frames import normalised_frame, original_frame  # noqa: E402
from planimeter.reason.parse import parse_strict  # noqa: E402
from planimeter.reason.rewards import json_format_reward, mask_reward, think_format_reward  # noqa: E402
from planimeter.reason.seen import instance_of  # noqa: E402
from planimeter.reason.tiny import BoxSegmenter  # noqa: E402
from planimeter.reason.wording import answer_text  # noqa: E402
from planimeter.train.grpo import train_grpo  # noqa: E402
from planimeter.train.grpo_config import GrpoConfig  # noqa: E402
from planimeter.train.prompter.config import PrompterConfig, load_prompter, prompter_from  # noqa: E402
from planimeter.train.prompter.evaluate import (  # noqa: E402
    answers_of,
    interval,
    paired_gain,
    score_answers,
)
from planimeter.train.prompter.figure import draw_run, read_curve  # noqa: E402
from planimeter.train.prompter.samples import ShapeSamples, shape_sample  # noqa: E402
from planimeter.train.prompter.scenes import COLOURS, make_scene  # noqa: E402
from planimeter.train.prompter.stages import Rows, load_samples, train_prompter  # noqa: E402
from planimeter.train.prompter.supervised import (  # noqa: E402
    SupervisedConfig,
    picture_gain,
    supervised_batch,
    train_supervised,
)
from planimeter.train.prompter.tiny import (  # noqa: E402
    ARCHITECTURES,
    TinyShape,
    tiny_prompter,
    tiny_tokenizer,
    vocabulary,
)

SMALLEST = {"width": 32, "layers": 1, "vision_width": 32, "vision_layers": 1}


def smallest(architecture: str = "qwen3_vl", seed: int = 0) -> tuple[Any, Any]:
    return tiny_prompter(TinyShape(architecture, **SMALLEST), seed)


def test_a_prompter_that_does_not_look_is_seen() -> None:
    model, processor = smallest()
    samples = [shape_sample(seed) for seed in range(6)]
    assert picture_gain(model, processor, samples) == pytest.approx(
        -picture_gain(
            model, processor, [replace(s, image=samples[(k + 3) % 6].image) for k, s in enumerate(samples)]
        ),
        abs=1e-5,
    )  # swapped twice, each has its own again
    blind = [replace(sample, image=samples[0].image) for sample in samples]
    assert picture_gain(model, processor, blind) == pytest.approx(0, abs=1e-6)


def test_scenes_are_the_same_every_time_and_their_shapes_apart() -> None:
    for seed in range(30):
        scene = make_scene(seed)
        assert np.array_equal(scene.image, make_scene(seed).image)
        assert 1 <= len(scene.shapes) <= 4
        assert sum(shape.mask.astype(int) for shape in scene.shapes).max() == 1
        for shape in scene.shapes:
            x0, y0, x1, y1 = shape.box
            assert shape.mask[y0:y1, x0:x1].sum() == shape.mask.sum() >= 30
            column, row = shape.cell
            assert 0 <= column < 4
            assert 0 <= row < 4


def test_taught_answers_are_what_the_rewards_want() -> None:
    samples = [shape_sample(seed, absent=0.3, every=0.3) for seed in range(60)]
    answers = [sample.answer() for sample in samples]
    rows = Rows(samples)
    prompts = [rows[k]["prompt"] for k in range(60)]
    assert json_format_reward(prompts, answers) == [1.0] * 60
    assert think_format_reward(prompts, answers) == [1.0] * 60
    reward = mask_reward(BoxSegmenter())
    found = reward(prompts, answers, image=[s.image for s in samples], target=[s.target for s in samples])
    assert min(value for value in found if value is not None) > 0.9  # a triangle fills half of its box
    empty = [value for value, sample in zip(found, samples, strict=True) if not sample.instances]
    assert empty == [2.0] * len(empty)
    assert len(empty) > 8
    assert any(len(sample.instances) > 1 for sample in samples)


def test_points_of_answers_lie_inside() -> None:
    for seed in range(60):
        sample = shape_sample(seed, every=0.5)
        for raw in parse_strict(sample.answer()) or []:
            assert len(raw.positive) == 2
            assert all(sample.target[int(y), int(x)] for x, y in raw.positive)
            assert raw.positive[0] != raw.positive[1]


def test_answers_speak_the_frame_of_the_model() -> None:
    sample = shape_sample(100_001, absent=0)
    (pixels,), (thousandths,) = (
        parse_strict(sample.answer(rule)) or [] for rule in (original_frame, normalised_frame)
    )
    assert pixels.box is not None
    assert thousandths.box is not None
    assert np.allclose(np.array(pixels.box) * 1000 / 64, thousandths.box, atol=0.5)


def test_an_instance_of_one_pixel_has_its_points_there() -> None:
    mask = np.zeros((5, 5), bool)
    mask[2, 3] = True
    assert instance_of(mask).points == ((3, 2), (3, 2))


def test_the_tokenizer_gives_back_every_answer() -> None:
    tokenizer = tiny_tokenizer()
    assert len(set(vocabulary())) == len(tokenizer)
    for seed in range(40):
        sample = shape_sample(seed, absent=0.2, every=0.3)
        for text in (sample.answer(), sample.phrase):
            ids = tokenizer(text)["input_ids"]
            assert tokenizer.unk_token_id not in ids
            assert tokenizer.decode(ids) == text
    assert all(len(tokenizer(str(number))["input_ids"]) == 1 for number in range(65))
    assert all(colour in vocabulary() for colour in COLOURS)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_only_answers_are_learnt(architecture: str) -> None:
    model, processor = smallest(architecture)
    samples = [shape_sample(seed) for seed in range(5)]
    batch = supervised_batch(processor, samples)
    for row, sample in enumerate(samples):
        kept = batch["labels"][row][batch["labels"][row] != -100]
        assert processor.tokenizer.decode(kept) == sample.answer() + "<|end|>"
        asked = batch["input_ids"][row][batch["labels"][row] == -100]
        assert sample.phrase in processor.tokenizer.decode(asked)
    pictures = model(**batch).logits
    batch["pixel_values"] = batch["pixel_values"].flip(0)
    assert not torch.allclose(pictures, model(**batch).logits), "the model looks at the picture"


def test_the_warm_start_learns_and_goes_on_after_a_kill(tmp_path: Path) -> None:
    config = SupervisedConfig(steps=6, batch=4, rate=3e-3, warmup=1, save_every=1)
    samples = ShapeSamples(100_000, 40)
    runs = {}
    for name, stops in (("whole", (None,)), ("cut", (3, None))):
        for stop in stops:
            model, processor = smallest(seed=2)
            place = train_supervised(model, processor, samples, config, tmp_path / name, stop_after=stop)
        assert place == tmp_path / name / "final"
        runs[name] = model.state_dict()
    before = smallest(seed=2)[0].state_dict()
    for name, value in runs["whole"].items():
        assert torch.equal(value, runs["cut"][name]), name
    assert any(not torch.equal(value, before[name]) for name, value in runs["whole"].items())
    with pytest.raises(UsageError, match="exactly one"):
        train_supervised(model, processor, samples, SupervisedConfig(), tmp_path / "none")


def weights_in(folder: Path) -> dict[str, Any]:
    from transformers import AutoModelForImageTextToText

    return dict(AutoModelForImageTextToText.from_pretrained(folder).state_dict())


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_reinforcement_goes_on_with_the_weights_of_its_checkpoint(architecture: str, tmp_path: Path) -> None:
    """Trainer's own resume loads none of the weights of Qwen2.5-VL and LLaVA, and says so in a warning only."""
    config = GrpoConfig(steps=2, generations=4, batch=8, rate=1e-2, completion_tokens=6, save_every=1)
    rows = Rows(ShapeSamples(100_000, 12))

    def any_reward(completions: list[Any], **_: Any) -> list[float]:
        return [float(len(json.dumps(completion)) % 7) for completion in completions]

    folders = {}
    for name, runs in (("whole", ((0, None),)), ("cut", ((0, 1), (5, None)))):
        for seed, stop in runs:  # a new process builds its model with other weights
            model, processor = smallest(architecture, seed)
            folders[name] = train_grpo(
                model, processor, rows, [any_reward], config, tmp_path / name, stop_after=stop
            )
    whole, cut = (weights_in(folder) for folder in folders.values())
    start, other = (smallest(architecture, seed)[0].state_dict() for seed in (0, 5))
    assert all(torch.equal(value, cut[name]) for name, value in whole.items())
    assert sum(not torch.equal(value, start[name]) for name, value in whole.items()) > len(start) / 2
    assert sum((value - other[name]).abs().max() > 0.03 for name, value in whole.items()) > len(start) / 4


def test_scores_tell_a_forgiving_segmenter_from_good_prompts() -> None:
    samples = [shape_sample(seed, absent=0) for seed in range(40)]

    class Forgiving(BoxSegmenter):
        """Finds the right thing whatever it is asked."""

        name = "forgiving"

        def encode(self, image: np.ndarray) -> Any:
            from planimeter.reason.promptable import Encoded

            (own,) = [sample for sample in samples if sample.image is image]
            return Encoded((64, 64), own.target, 1)

        def decode(self, encoded: Any, prompts: Any) -> np.ndarray:
            return np.stack([encoded.features] * len(prompts))

    lazy = answer_text("?", [{"bbox_2d": [0, 0, 5, 5], "positive_points": [[1, 1], [2, 2]]}])
    segmenters = {"forgiving": Forgiving(), "box": BoxSegmenter()}
    hacked = score_answers([lazy] * 40, samples, segmenters, original_frame)
    honest = score_answers([sample.answer() for sample in samples], samples, segmenters, original_frame)
    assert hacked.iou["forgiving"].mean() == 1.0
    assert hacked.iou["box"].mean() < 0.1
    assert hacked.geometry.box_iou < 0.1
    assert hacked.geometry.points_inside < 0.2
    assert honest.geometry.box_iou == 1.0
    assert honest.geometry.points_inside == 1.0
    assert honest.iou["box"].mean() > 0.6
    broken = score_answers(["?"] * 40, samples, segmenters, original_frame)
    assert broken.unreadable == 1.0
    assert broken.measures()["iou"] == 0.0


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    held = 0
    for trial in range(200):
        _, low, high = interval(rng.random(60) ** 2, seed=trial)
        held += low <= 1 / 3 <= high
    assert 180 <= held <= 199
    before = rng.random(50)
    mean, low, high = paired_gain(before, before + 0.1)
    assert (mean, low, high) == pytest.approx((0.1, 0.1, 0.1))


def test_answers_end_and_entropy_is_that_of_answers() -> None:
    model, processor = smallest()
    samples = [shape_sample(seed) for seed in range(5)]
    greedy, entropy = answers_of(model, processor, samples, tokens=6, batch=3)
    again, _ = answers_of(model, processor, samples, tokens=6, batch=5)
    assert greedy == again
    assert 0 < entropy <= np.log(len(vocabulary())) + 1e-6
    first, second, third = (
        answers_of(model, processor, samples, tokens=6, temperature=1.0, seed=seed)[0] for seed in (1, 1, 2)
    )
    assert first == second != third


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Both stages and the scores of the smallest model, two updates each."""
    out, lines = tmp_path_factory.mktemp("run"), []
    train_prompter(small_run(), out, report=lines.append)
    return out, lines


def small_run() -> PrompterConfig:
    return prompter_from(
        {
            "tiny": SMALLEST,
            "segmenter": "box",
            "cross": ["embedded"],
            "data": {"train": 20, "held_out": 6},
            "supervised": {"steps": 2, "batch": 2},
            "grpo": {"steps": 2, "generations": 2, "batch": 4, "completion_tokens": 5, "save_every": 1},
            "answer_tokens": 5,
            "watch": 3,
            "watch_every": 1,
            "grpo_watch_every": 1,
        }
    )


def test_the_whole_loop_leaves_models_logs_and_scores(whole_run: tuple[Path, list[str]]) -> None:
    out, lines = whole_run
    for stage in ("supervised", "grpo"):
        assert (out / stage / "final" / "config.json").exists()
    scores = json.loads((out / "scores.json").read_text())
    assert scores["samples"] == 6
    assert set(scores["grpo"]) == {"greedy", "sampled"}
    assert {
        "iou",
        "iou_low",
        "iou_high",
        "iou/box",
        "iou/embedded",
        "box_iou",
        "points_inside",
        "entropy",
        "thought",
    } <= set(scores["grpo"]["greedy"])
    assert set(scores["gain"]["grpo"]["greedy"]) == {"box", "embedded", "ciou"}
    assert any(line.startswith("gain greedy") for line in lines)


def test_scoring_again_asks_no_model_what_it_has_answered(
    whole_run: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = Path(shutil.copytree(whole_run[0], tmp_path / "run"))
    before = json.loads((out / "scores.json").read_text())
    asked: list[float | None] = []

    def counted(*given: Any, **options: Any) -> Any:
        asked.append(options["temperature"])
        return answers_of(*given, **options)

    monkeypatch.setattr(scoring, "answers_of", counted)
    train_prompter(small_run(), out, stages=["scores"], report=lambda line: None)
    assert not asked
    assert json.loads((out / "scores.json").read_text()) == before
    (out / "grpo" / "final" / "answers-sampled.json").unlink()
    train_prompter(small_run(), out, stages=["scores"], report=lambda line: None)
    assert asked == [1.0]
    assert json.loads((out / "scores.json").read_text()) == before
    train_prompter(replace(small_run(), answer_tokens=4), out, stages=["scores"], report=lambda line: None)
    assert len(asked) == 1 + 4  # other questions, other answers


def test_the_curve_is_drawn_from_the_log_and_from_its_numbers(
    whole_run: tuple[Path, list[str]], tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    out, _ = whole_run
    draw_run(out, tmp_path / "curve.png")
    rows = read_curve(tmp_path / "curve.csv")
    assert {row["stage"] for row in rows} == {"supervised", "grpo"}
    assert [row["step"] for row in rows if row["stage"] == "grpo"] == [0, 1, 2]
    draw_run(tmp_path / "curve.csv", tmp_path / "again.png")
    assert (tmp_path / "again.png").read_bytes()[:4] == b"\x89PNG"
    with pytest.raises(UsageError, match="no held-out scores"):
        draw_run(tmp_path, tmp_path / "none.png")
    two = Path(shutil.copytree(out, tmp_path / "two"))
    shutil.copytree(two / "grpo", two / "grpo-1")
    draw_run(two, tmp_path / "two.png")
    assert {row["stage"] for row in read_curve(tmp_path / "two.csv")} == {"supervised", "grpo", "grpo-1"}


@pytest.mark.parametrize("name", ["prompter-toy", "prompter-3b", "prompter-7b"])
def test_shipped_configurations_are_read(name: str) -> None:
    config = load_prompter(Path(__file__).parents[2] / "configs" / f"{name}.yaml")
    assert config.grpo is not None
    if config.grpo.deepspeed:
        json.loads((Path(__file__).parents[2] / config.grpo.deepspeed).read_text())


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({}, "nothing to train"),
        ({"supervised": {"steps": 1}, "frame": "feet"}, "frame"),
        ({"supervised": {"steps": 1}, "tiny": {"architecture": "vgg"}}, "architecture"),
        ({"supervised": {"epochs": 1}}, "epochs"),
        ({"supervised": 3}, "table"),
        ({"colour": 1, "supervised": {"steps": 1}}, "colour"),
    ],
)
def test_configurations_are_checked(given: dict[str, Any], match: str) -> None:
    with pytest.raises(UsageError, match=match):
        prompter_from(given)


def test_published_data_sets_become_samples(tmp_path: Path) -> None:
    config = PrompterConfig(
        supervised=SupervisedConfig(steps=1),
        data=prompter_from(
            {"supervised": {"steps": 1}, "data": {"name": "worlds:5", "side": 96, "held_out": 3}}
        ).data,
    )
    training, held = load_samples(config, "train"), load_samples(config, "held_out")
    assert len(held) <= 3
    sample = training[0]
    assert sample.image.shape == (96, 96, 3)
    assert sample.target.shape == (96, 96)
    for raw in parse_strict(sample.answer(normalised_frame)) or []:
        assert raw.box is not None
        assert max(raw.box) <= 1000
    with pytest.raises(UsageError, match="--data"):
        load_samples(prompter_from({"supervised": {"steps": 1}, "data": {"name": "earthreason"}}), "train")


def test_the_command_trains_and_a_dry_run_leaves_nothing(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from planimeter.cli.train import command

    config = tmp_path / "tiny.yaml"
    config.write_text(
        "tiny: {width: 32, layers: 1, vision_width: 32, vision_layers: 1}\nsegmenter: box\ncross: []\n"
        "data: {train: 8, held_out: 4}\nsupervised: {steps: 3, batch: 2}\nwatch: 0\n"
    )
    run = tmp_path / "run"
    arguments = ["prompter", str(config), "--out", str(run), "--stage", "supervised"]
    done = CliRunner().invoke(command, [*arguments, "--dry-run"], catch_exceptions=False)
    assert done.exit_code == 0
    assert done.output.strip().endswith("everything is there; nothing was kept")
    assert not run.exists()
    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    assert (run / "supervised" / "final" / "config.json").exists()
    # A run that has finished its first stage: the second one starts from it, and the run stays as it is.
    before = {path: path.stat().st_mtime_ns for path in sorted(run.rglob("*"))}
    config.write_text(
        config.read_text()
        + "grpo: {steps: 3, batch: 2, accumulation: 1, generations: 2, completion_tokens: 4}\n"
    )
    arguments = ["prompter", str(config), "--out", str(run), "--dry-run"]
    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert {path: path.stat().st_mtime_ns for path in sorted(run.rglob("*"))} == before
    for more in (["--figure", str(tmp_path / "a.png")], ["--stage", "scores"]):
        refused = CliRunner().invoke(command, [*arguments, *more])
        assert isinstance(refused.exception, UsageError)
        assert "keeps nothing" in str(refused.exception)


def test_weights_that_learn_are_no_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the paper's rate no step would move a weight of usual size: half of what bfloat16 tells apart is more."""
    import torch

    from planimeter.train.prompter.stages import precision_of

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert precision_of(learns=False) is torch.bfloat16
    weight, step = torch.tensor(0.02), 1e-6
    assert weight.bfloat16() - step == weight.bfloat16()
    assert weight.to(precision_of(learns=True)) - step < weight
