"""Metrics by both protocols, evaluation that goes on after a kill, and the report."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planimeter.cli import main
from planimeter.errors import InputError, UsageError
from planimeter.reason.data import ReferringSample
from planimeter.reason.evaluation import LEDGER, evaluate, read_ledger
from planimeter.reason.frames import NormalisedFrame, OriginalFrame, ResizedFrame, convert_box, convert_point
from planimeter.reason.metrics import Scored, by_level, scores
from planimeter.reason.prompter import PrompterLook, Said
from planimeter.reason.protocol import OURS, PAPER
from planimeter.reason.report import write_report
from planimeter.reason.tiny import BoxSegmenter
from planimeter.reason.wording import answer_text


def sample(number: int, box: tuple[int, int, int, int] | None, level: str = "instance") -> ReferringSample:
    """A picture of 20 x 10 pixels whose target fills a box; the prompter says the phrase."""
    target = np.zeros((10, 20), bool)
    if box:
        target[box[1] : box[3], box[0] : box[2]] = True
    return ReferringSample(
        f"test/{number}", "toys", level, f"p{number}", str(number),
        lambda: np.full((10, 20, 3), 90, np.uint8), lambda: target,
    )  # fmt: skip


SAMPLES = [
    sample(0, (2, 2, 8, 8)),  # found exactly
    sample(1, (0, 0, 10, 10)),  # half of it
    sample(2, (4, 4, 9, 9)),  # mumbled
    sample(3, None, "semantic"),  # nothing there, and said so
    sample(4, None, "semantic"),  # nothing there, found something
    sample(5, (0, 0, 4, 5), "semantic"),  # said nothing
]
SAID = {
    "0": answer_text("", [{"bbox_2d": [2, 2, 8, 8]}]),
    "1": answer_text("", [{"bbox_2d": [0, 0, 5, 10]}]),
    "2": "Well, it is somewhere over there.",
    "3": answer_text("", []),
    "4": answer_text("", [{"bbox_2d": [0, 0, 5, 4]}]),
    "5": answer_text("", []),
}


class Scripted:
    """Says what stands above, in pixels of the picture."""

    name = "scripted"

    def __init__(self, dies_at: str = "") -> None:
        self.asked: list[str] = []
        self.dies_at = dies_at

    def say(self, looks: Sequence[PrompterLook]) -> list[Said]:
        said = []
        for look in looks:
            if look.phrase == self.dies_at:
                raise KeyboardInterrupt
            self.asked.append(look.phrase)
            said.append(Said(SAID[look.phrase], OriginalFrame(20, 10)))
        return said


def test_scores_follow_the_rules(tmp_path: Path) -> None:
    outcomes = evaluate(SAMPLES, Scripted(), BoxSegmenter(), tmp_path)
    scored = [outcome.scored for outcome in outcomes]
    assert [each.iou for each in scored] == [1.0, 0.5, 0.0, 1.0, 0.0, 0.0]
    ours, paper = scores(scored, OURS), scores(scored, PAPER)
    assert ours.giou == paper.giou == pytest.approx(2.5 / 6)
    # intersections 36 + 50; unions 36 + 100 + 25 (mumbled: its target) + 0 + 20 (false) + 20 (missed)
    assert ours.ciou == pytest.approx(86 / 201)
    assert paper.ciou == pytest.approx(86 / 181)
    assert ours.precision[0] == pytest.approx(2 / 6)  # 0.5 is not above 0.5
    assert paper.precision[0] == pytest.approx(2 / 5)
    assert (ours.unreadable, ours.empty_targets) == (pytest.approx(1 / 6), pytest.approx(1 / 3))
    levels = by_level(scored)
    assert levels["instance"].giou == pytest.approx(0.5)
    assert levels["semantic"].samples == 3


def test_scores_equal_brute_force_on_random_masks() -> None:
    draw = np.random.default_rng(4)
    pairs = [(draw.random((6, 7)) < 0.4, draw.random((6, 7)) < 0.3) for _ in range(40)]
    scored = [
        Scored("semantic", str(k), True, False, int((a & b).sum()), int(a.sum()), int(b.sum()))
        for k, (a, b) in enumerate(pairs)
    ]
    found = scores(scored)
    each = [(a & b).sum() / (a | b).sum() for a, b in pairs]
    assert found.giou == pytest.approx(np.mean(each))
    assert found.giou_error == pytest.approx(np.std(each, ddof=1) / math.sqrt(40))
    assert found.ciou == pytest.approx(
        sum((a & b).sum() for a, b in pairs) / sum((a | b).sum() for a, b in pairs)
    )
    with pytest.raises(ValueError, match="no outcomes"):
        scores([])


def test_a_run_that_was_killed_goes_on(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        evaluate(SAMPLES, Scripted(dies_at="3"), BoxSegmenter(), tmp_path / "a", batch=1)
    ledger = tmp_path / "a" / LEDGER
    with ledger.open("a") as file:
        file.write('{"id": "test/3", "phr')  # the kill fell into a line
    again = Scripted()
    resumed = evaluate(SAMPLES, again, BoxSegmenter(), tmp_path / "a", batch=1)
    assert again.asked == ["3", "4", "5"]
    assert resumed == evaluate(SAMPLES, Scripted(), BoxSegmenter(), tmp_path / "b", batch=4)
    third = Scripted()
    evaluate(SAMPLES, third, BoxSegmenter(), tmp_path / "a")
    assert third.asked == []
    assert len(read_ledger(ledger)[1]) == len(SAMPLES)


def test_samples_of_another_data_set_are_not_those_of_the_ledger(tmp_path: Path) -> None:
    """Two data sets number their samples alike: neither takes the other's answers, also when a run goes on."""
    (first,) = evaluate(SAMPLES[:1], Scripted(), BoxSegmenter(), tmp_path)
    other = replace(SAMPLES[0], dataset="others", phrase="1")
    changed = replace(SAMPLES[0], phrase="5")
    for _ in range(2):
        found = evaluate([other, SAMPLES[0], changed], Scripted(), BoxSegmenter(), tmp_path)
        assert [each.phrase for each in found] == ["1", "0", "5"]
        # The box of "1" is 5 x 10 pixels, of which 3 x 6 lie in the target of 6 x 6.
        assert [each.scored.intersection for each in found] == [18, 36, 0]
        assert found[1] == first


def test_a_ledger_belongs_to_one_system(tmp_path: Path) -> None:
    evaluate(SAMPLES[:1], Scripted(), BoxSegmenter(), tmp_path)
    other = Scripted()
    other.name = "another"
    with pytest.raises(UsageError, match="with another prompter: choose another --out"):
        evaluate(SAMPLES, other, BoxSegmenter(), tmp_path)
    with pytest.raises(UsageError, match="with another protocol"):
        evaluate(SAMPLES, Scripted(), BoxSegmenter(), tmp_path, protocol=PAPER)
    (tmp_path / LEDGER).write_text("nonsense\n")
    with pytest.raises(InputError, match="is no ledger"):
        evaluate(SAMPLES, Scripted(), BoxSegmenter(), tmp_path)


def test_the_report_shows_both_protocols_the_paper_and_cases(tmp_path: Path) -> None:
    outcomes = evaluate(SAMPLES, Scripted(), BoxSegmenter(), tmp_path)
    system, _ = read_ledger(tmp_path / LEDGER)
    text = write_report(tmp_path, system, SAMPLES, outcomes, cases=4).read_text()
    for part in (
        "Protocol `planimeter`",
        "Protocol `paper`",
        "75.60 | 73.36",
        "do not compare",
        "instance level",
    ):
        assert part in text
    assert text.count("![test/") == 4
    assert len(list((tmp_path / "cases").glob("*.png"))) == 4
    assert "not readable" in text


def test_the_command_line_reports_without_a_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(name: str, options: object = None) -> Scripted:
        assert name == "openai:any@http://127.0.0.1:9/v1"
        return Everywhere()

    class Everywhere(Scripted):
        def say(self, looks: Sequence[PrompterLook]) -> list[Said]:
            return [
                Said(answer_text("", [{"bbox_2d": [0, 0, 1000, 1000]}]), NormalisedFrame()) for _ in looks
            ]

    monkeypatch.setattr("planimeter.reason.prompter.find_prompter", refuses)
    monkeypatch.setattr("planimeter.reason.promptable.find_promptable", lambda name: BoxSegmenter())
    arguments = ["reason", "evaluate", "worlds:2", "--limit", "5", "--out", str(tmp_path)]
    main([*arguments, "--prompter", "openai:any@http://127.0.0.1:9/v1"])
    first = capsys.readouterr().out
    assert "gIoU" in first
    assert str(tmp_path / "report.md") in first
    main(["reason", "report", "worlds:2", "--out", str(tmp_path)])
    assert capsys.readouterr().out == first
    lines = (tmp_path / LEDGER).read_text().splitlines()
    assert len(lines) == 6
    assert json.loads(lines[0])["system"]["prompter"] == "scripted"


def test_the_command_line_writes_the_mask_of_a_phrase(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import rasterio

    from planimeter.worlds import make_world

    class Quarter(Scripted):
        def say(self, looks: Sequence[PrompterLook]) -> list[Said]:
            assert [look.phrase for look in looks] == ["Which land is best for a port?"]
            return [Said(answer_text("", [{"bbox_2d": [0, 0, 500, 500]}]), NormalisedFrame())]

    monkeypatch.setattr("planimeter.reason.segmenter.find_prompter", lambda name, options: Quarter())
    monkeypatch.setattr("planimeter.reason.segmenter.find_promptable", lambda name: BoxSegmenter())
    image = make_world(1, size=64).write(tmp_path / "w")["image"]
    out = tmp_path / "mask.tif"
    question = "Which land is best for a port?"
    main(["reason", "segment", str(image), question, "--prompter", "vlm:x", "--out", str(out)])
    said = capsys.readouterr().out
    assert "25.00 % of the image" in said
    assert "caution: " in said
    with rasterio.open(out) as dataset:
        assert dataset.read(1).sum() == 32 * 32
        assert dataset.crs is not None


def test_frames_go_round_and_stay_exact() -> None:
    draw = random.Random(8)
    for _ in range(300):
        frames = [
            OriginalFrame(draw.randint(1, 9000), draw.randint(1, 9000)),
            ResizedFrame(draw.randint(28, 2000), draw.randint(28, 2000)),
            NormalisedFrame(),
        ]
        first, second = draw.sample(frames, 2)
        box = tuple(draw.uniform(0, side) for side in (first.width, first.height) * 2)
        there = convert_box(box, first, second)
        assert convert_box(there, second, first) == pytest.approx(box, rel=1e-12)
        assert all(
            -1e-9 <= value <= side + 1e-9
            for value, side in zip(there, (second.width, second.height) * 2, strict=True)
        )
        corner = convert_point((first.width, first.height), first, second)
        assert corner == pytest.approx((second.width, second.height))
