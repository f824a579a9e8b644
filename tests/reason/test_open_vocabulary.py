"""Any noun phrase in a question: from words to a number, with the base asked for what it knows."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planimeter import ask
from planimeter.coder import Request, builtin_coder
from planimeter.errors import InputError, ModelError, NotMeasurable, NotUnderstood, QuestionError, UsageError
from planimeter.raster import Scene, open_scene
from planimeter.reason.frames import NormalisedFrame
from planimeter.reason.prompter import PrompterLook, PrompterOptions, Said
from planimeter.reason.protocol import VARIANTS
from planimeter.reason.segmenter import ReasonSegmenter
from planimeter.reason.spec import ReasonSpec, read_spec
from planimeter.reason.tiny import BoxSegmenter
from planimeter.reason.wording import answer_text
from planimeter.segment import LabelSegmenter, StackSegmenter, find_segmenter
from planimeter.segment.base import Seen
from planimeter.segment.open import OpenTopics
from planimeter.spatial.runs import Box, paint
from planimeter.worlds import make_world

COURTS = [(10, 20, 40, 35), (100, 30, 130, 45), (60, 90, 75, 120)]  # pixels of a scene of 160


class Scripted:
    """Knows where the tennis courts are, sees no airport, and mumbles about everything else."""

    name = "scripted"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def say(self, looks: Sequence[PrompterLook]) -> list[Said]:
        self.asked += [look.phrase for look in looks]
        return [Said(self._text(look), NormalisedFrame()) for look in looks]

    def _text(self, look: PrompterLook) -> str:
        side = look.image.shape[0]
        if "tennis" in look.phrase:
            boxes = [[round(value * 1000 / 160, 2) for value in box] for box in COURTS]
            assert side in (160, 80)
            return answer_text("three", [{"bbox_2d": box} for box in boxes])
        if "airport" in look.phrase:
            return answer_text("none", [])
        if "everything" in look.phrase or look.phrase == "buildings":
            return answer_text("all", [{"bbox_2d": [0, 0, 1000, 1000]}])
        if "nowhere" in look.phrase:
            return answer_text("far away", [{"bbox_2d": [2000, 2000, 3000, 3000]}])
        return "I think that I see something."


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_world(seed=11, size=160, gsd=0.5).write(tmp_path_factory.mktemp("world"))


@pytest.fixture
def prompter() -> Scripted:
    return Scripted()


@pytest.fixture
def alone(prompter: Scripted) -> ReasonSegmenter:
    return ReasonSegmenter(ReasonSpec("vlm:scripted"), prompter=prompter, promptable=BoxSegmenter())


@pytest.fixture
def behind_maps(prompter: Scripted, paths: dict[str, Path]) -> ReasonSegmenter:
    maps = LabelSegmenter(paths["labels"], paths["legend"])
    return ReasonSegmenter(
        ReasonSpec("vlm:scripted"), prompter=prompter, promptable=BoxSegmenter(), base=maps
    )


def exact_area() -> int:
    return sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in COURTS)


def test_things_nobody_knows_are_counted_and_measured(
    paths: dict[str, Path], alone: ReasonSegmenter, prompter: Scripted
) -> None:
    counted = ask(paths["image"], "How many tennis courts are there?", segmenter=alone)
    assert counted.answer == 3
    assert counted.reading == "The number of tennis courts."
    assert any(
        '"tennis courts" was found from the words alone by scripted + embedded' in w for w in counted.warnings
    )
    share = ask(paths["image"], "What percentage of the image is tennis courts?", segmenter=alone)
    assert share.answer == pytest.approx(100 * exact_area() / 160**2)
    area = ask(
        paths["image"], "What is the total area of the tennis courts in square metres?", segmenter=alone
    )
    assert area.answer == pytest.approx(exact_area() * 0.25)
    assert prompter.asked == ["tennis courts"]  # looked for once


def test_nothing_found_is_a_zero_but_mumbling_is_none(paths: dict[str, Path], alone: ReasonSegmenter) -> None:
    assert ask(paths["image"], "How many airports are there?", segmenter=alone).answer == 0
    with pytest.raises(NotMeasurable, match='answer about "foobars" cannot be read'):
        ask(paths["image"], "How many foobars are there?", segmenter=alone)
    with pytest.raises(NotMeasurable, match="nowhere"):
        ask(paths["image"], 'How many "nowhere things" are there?', segmenter=alone)


def test_known_topics_come_from_the_base_and_only_others_are_looked_for(
    paths: dict[str, Path], behind_maps: ReasonSegmenter, prompter: Scripted
) -> None:
    maps = LabelSegmenter(paths["labels"], paths["legend"])
    question = "How much forest is there, in hectares?"
    by_maps, by_both = (ask(paths["image"], question, segmenter=each) for each in (maps, behind_maps))
    assert by_maps.answer == by_both.answer
    assert prompter.asked == []
    assert not any("words alone" in warning for warning in by_both.warnings)
    near = ask(paths["image"], "How many tennis courts are within 1000 m of forest?", segmenter=behind_maps)
    assert near.answer == 3
    assert prompter.asked == ["tennis courts"]
    assert sum("words alone" in warning for warning in near.warnings) == 1


class Doubtful(LabelSegmenter):
    """Maps that are not sure of the left quarter of the image."""

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        seen = super().look(scene, topics, box)
        return replace(seen, unsure={topic: quarter() for topic in topics})


def quarter() -> np.ndarray:
    where = np.zeros((160, 160), dtype=bool)
    where[:, :40] = True
    return where


def test_where_the_base_is_not_sure_is_said_beside_what_it_does_not_know(
    paths: dict[str, Path], prompter: Scripted
) -> None:
    base = Doubtful(paths["labels"], paths["legend"])
    both = ReasonSegmenter(
        ReasonSpec("vlm:scripted"), prompter=prompter, promptable=BoxSegmenter(), base=base
    )
    seen = both.look(open_scene(paths["image"]), ["forest", "tennis courts"])
    assert list(seen.unsure) == ["forest"]
    np.testing.assert_array_equal(seen.unsure["forest"], quarter())
    near = ask(paths["image"], "How many tennis courts are within 1000 m of forest?", segmenter=both)
    runs, share = near.run.evidence.unsure["forest"]
    assert share == 0.25
    np.testing.assert_array_equal(paint(runs), quarter())


def test_maps_given_beside_an_open_vocabulary_are_asked_first(
    paths: dict[str, Path], alone: ReasonSegmenter, prompter: Scripted
) -> None:
    maps = LabelSegmenter(paths["labels"], paths["legend"])
    both = StackSegmenter([maps], find_segmenter(alone))
    assert isinstance(both.topics, OpenTopics)
    assert ask(paths["image"], "How many tennis courts are there?", segmenter=both).answer == 3
    urban = ask(paths["image"], "What percentage of the image is urban?", segmenter=both)
    assert (
        urban.answer == ask(paths["image"], "What percentage of the image is urban?", segmenter=maps).answer
    )
    assert prompter.asked == ["tennis courts"]


def test_a_usual_topic_that_no_base_knows_is_looked_for_by_its_name(
    paths: dict[str, Path], alone: ReasonSegmenter, prompter: Scripted
) -> None:
    assert ask(paths["image"], "How many houses are there?", segmenter=alone).answer == 1
    assert prompter.asked == ["buildings"]


def test_a_quoted_phrase_is_a_topic_as_it_stands(paths: dict[str, Path], alone: ReasonSegmenter) -> None:
    answer = ask(
        paths["image"],
        'What percentage of the image is "everything best suited for hurdles"?',
        segmenter=alone,
    )
    assert answer.answer == 100.0
    assert '["everything best suited for hurdles"]' in answer.program


def test_without_an_open_vocabulary_refusals_name_what_to_configure(paths: dict[str, Path]) -> None:
    maps = LabelSegmenter(paths["labels"], paths["legend"])
    for question in ("How many tennis courts are there?", "How many wastewater plants are there?"):
        with pytest.raises(
            QuestionError, match=r"open vocabulary with --segmenter reason:FILE\.$"
        ) as refused:
            ask(paths["image"], question, segmenter=maps)
        assert refused.value.exit_code == 4
    with pytest.raises(NotUnderstood) as plain:
        ask(paths["image"], "How foobar is the gribble?", segmenter=maps)
    assert "reason:" not in str(plain.value)


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        ("How many wastewater plants are there?", ["wastewater plants"]),
        ("How many water towers are within 50 m of water?", ["water towers", "water"]),
        ("What is the average distance from wind turbines to the nearest road?", ["wind turbines", "road"]),
        ("How many swimming pools larger than 30 m2 are there?", ["swimming pools"]),
        ("Which is larger, the airport or the forest?", ["airport", "forest"]),
        ("percentage of the image that is tennis courts", ["tennis courts"]),
        ('How many "houses" are there?', ["roof"]),
    ],
)
def test_the_grammar_takes_noun_phrases_it_does_not_know(question: str, topics: list[str]) -> None:
    request = Request(question, OpenTopics(["water", "forest", "road"]))
    program = builtin_coder().write(request)
    assert json.dumps(topics) in program.text
    with pytest.raises(QuestionError):
        builtin_coder().write(Request(question, ("barren",)))


def test_land_in_quotation_marks_is_part_of_a_phrase() -> None:
    asked = 'What percentage of the image is "the land best suited for a port"?'
    reading = builtin_coder().write(Request(asked, OpenTopics(["water", "forest"]))).reading
    assert reading == "The percentage of the image covered by the land best suited for a port."


@pytest.mark.parametrize(
    "question",
    [
        "What is the weather?",
        "How many wobbles if blah then 7?",
        "Tell me about airports.",
        "Drop table airports; how many are there?",
    ],
)
def test_an_open_vocabulary_opens_no_other_form(question: str) -> None:
    with pytest.raises(QuestionError):
        builtin_coder().write(Request(question, OpenTopics(["water"])))


def test_the_most_common_cover_is_chosen_among_the_named_topics() -> None:
    request = Request("Which land cover is most common?", OpenTopics(["water", "forest"]))
    assert '["forest", "water"]' in builtin_coder().write(request).text


def test_large_scenes_are_looked_at_scaled_down(paths: dict[str, Path], prompter: Scripted) -> None:
    small = ReasonSegmenter(
        ReasonSpec("vlm:scripted", max_side=80), prompter=prompter, promptable=BoxSegmenter()
    )
    mask = small.look(open_scene(paths["image"]), ["tennis courts"]).masks["tennis courts"]
    assert mask.shape == (160, 160)
    wanted = np.zeros((160, 160), bool)
    for x0, y0, x1, y1 in COURTS:
        wanted[y0:y1, x0:x1] = True
    assert (mask != wanted).sum() <= sum(2 * (x1 - x0 + y1 - y0) for x0, y0, x1, y1 in COURTS)


def test_a_description_says_what_to_use(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    file = tmp_path / "open.json"
    prompter = {"name": "vlm:mine", "variant": "box", "side": 840, "frame": "resized"}
    file.write_text(json.dumps({"prompter": prompter, "promptable": "embedded", "base": "default"}))
    spec = read_spec(str(file))
    assert spec.prompter == f"vlm:{tmp_path / 'mine'}"
    assert spec.options == PrompterOptions(VARIANTS["box"], side=840, frame="resized")
    assert spec.base == "default"
    assert read_spec(str(tmp_path / "mine")) == ReasonSpec(f"vlm:{tmp_path / 'mine'}")
    segmenter = find_segmenter(f"reason:{tmp_path / 'mine'}")  # nothing is loaded before it is needed
    assert "tennis courts" in segmenter.topics
    with pytest.raises(ModelError, match=r"cannot be loaded|not installed"):
        segmenter.look(open_scene(make_world(1, 64).write(tmp_path / "w")["image"]), ["tennis courts"])


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{", InputError),
        ("[]", InputError),
        ("{}", InputError),
        ('{"prompter": 3}', InputError),
        ('{"prompter": "vlm:x", "extra": 1}', InputError),
        ('{"prompter": "vlm:x", "max_side": "big"}', InputError),
        ('{"prompter": {"name": "vlm:x", "side": -1}}', InputError),
        ('{"prompter": {"name": "vlm:x", "sides": 1}}', InputError),
        ('{"prompter": {"name": "vlm:x", "batch": null}}', InputError),
        ('{"prompter": {"name": "vlm:x", "max_new_tokens": null}}', InputError),
        ('{"prompter": {"name": "vlm:x", "variant": "box+9"}}', UsageError),
        ('{"prompter": {"name": "vlm:x", "frame": "round"}}', UsageError),
    ],
)
def test_descriptions_that_are_none_are_refused(tmp_path: Path, text: str, error: type[Exception]) -> None:
    file = tmp_path / "open.json"
    file.write_text(text)
    with pytest.raises(error):
        read_spec(str(file))


def test_a_missing_description_is_said() -> None:
    with pytest.raises(ModelError, match=r"There is no nowhere\.json .*docs/reason\.md"):
        find_segmenter("reason:nowhere.json")


def test_a_picture_is_looked_at_in_its_own_size_where_a_description_says_null(tmp_path: Path) -> None:
    file = tmp_path / "open.json"
    file.write_text('{"prompter": {"name": "vlm:x", "side": null}}')
    assert read_spec(str(file)).options == PrompterOptions()


def test_a_base_that_leads_back_is_refused(tmp_path: Path) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    for file, base in ((one, f"noise:0.1:reason:{two}"), (two, f"reason:{one}")):
        file.write_text(json.dumps({"prompter": "vlm:x", "base": base}))
    alone = tmp_path / "alone.json"
    alone.write_text(json.dumps({"prompter": "vlm:x", "base": f"reason:{alone}"}))
    for file in (one, two, alone):
        with pytest.raises(InputError, match=rf"The base of {file.name} leads back") as refused:
            find_segmenter(f"reason:{file}")
        assert "\n" not in str(refused.value)
    alone.write_text(json.dumps({"prompter": "vlm:x"}))
    for _ in range(2):  # nothing is left behind
        assert "tennis courts" in find_segmenter(f"reason:{alone}").topics


def test_one_request_may_forget_a_phrase_that_it_needs(
    paths: dict[str, Path], alone: ReasonSegmenter, prompter: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planimeter.reason.segmenter._REMEMBERED", 3)
    scene = open_scene(paths["image"])
    alone.look(scene, ["tennis courts", "airport one", "airport two"])
    wanted = alone.look_for(scene, "tennis courts").masks["tennis courts"]
    found = alone.look(scene, ["tennis courts", *(f"airport {number}" for number in range(3, 9))]).masks
    assert (found["tennis courts"] == wanted).all()
    assert wanted.sum() == exact_area()
    assert not found["airport 8"].any()
    before = len(prompter.asked)
    alone.look(scene, ["airport 7", "airport 8"])  # the newest are remembered, and only so many
    assert len(prompter.asked) == before
    alone.look(scene, ["tennis courts"])
    assert len(prompter.asked) == before + 1


def test_the_fingerprint_changes_with_weights_that_are_replaced_in_place(tmp_path: Path) -> None:
    for name in ("prompter", "sam"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(b"first")
    spec = ReasonSpec(f"vlm:{tmp_path / 'prompter'}", promptable=f"sam2:{tmp_path / 'sam'},download")
    seen = [ReasonSegmenter(spec).fingerprint()]
    assert ReasonSegmenter(spec).fingerprint() == seen[0]
    for name in ("prompter", "sam"):
        (tmp_path / name / "model.safetensors").write_bytes(b"other")
        os.utime(tmp_path / name / "model.safetensors", ns=(1, len(seen)))
        seen.append(ReasonSegmenter(spec).fingerprint())
    (tmp_path / "sam" / "model.safetensors").write_bytes(b"larger")
    os.utime(tmp_path / "sam" / "model.safetensors", ns=(1, 2))
    seen.append(ReasonSegmenter(spec).fingerprint())
    assert len(set(seen)) == 4


def test_the_fingerprint_is_that_of_the_weights_in_use(
    tmp_path: Path, paths: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / "weights.bin"
    weights.write_bytes(b"first")
    monkeypatch.setattr("planimeter.reason.segmenter.find_prompter", lambda name, options: Scripted())
    segmenter = ReasonSegmenter(ReasonSpec(f"vlm:{tmp_path}"), promptable=BoxSegmenter())
    before = segmenter.fingerprint()
    segmenter.look(open_scene(paths["image"]), ["tennis courts"])
    weights.write_bytes(b"retrained")
    assert segmenter.fingerprint() == before
    assert ReasonSegmenter(ReasonSpec(f"vlm:{tmp_path}"), promptable=BoxSegmenter()).fingerprint() != before
