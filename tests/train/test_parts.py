"""A prompter from pretrained parts: its eyes, its words, its questions about real pictures; parts made on the spot."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import yaml
from PIL import Image
from scipy import ndimage

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("trl")
pytest.importorskip("datasets")
pytest.importorskip("json_repair")
pytest.importorskip("timm")

from planimeter.errors import ModelError, UsageError  # noqa: E402
from planimeter.reason.overhead import PER_REGION  # noqa: E402
from planimeter.reason.parse import parse_strict  # noqa: E402
from planimeter.reason.prompter import PrompterLook  # noqa: E402
from planimeter.reason.seen import MOST  # noqa: E402
from planimeter.reason.vlm import VlmPrompter  # noqa: E402
from planimeter.train import checkpoint  # noqa: E402
from planimeter.train.config import load_config  # noqa: E402
from planimeter.train.language import language_folder  # noqa: E402
from planimeter.train.prompter.aim import NOWHERE, TaughtHead  # noqa: E402
from planimeter.train.prompter.config import PrompterConfig, prompter_from  # noqa: E402
from planimeter.train.prompter.eyes import PATCH, STEP, Eyes, as_input, eyes_of  # noqa: E402
from planimeter.train.prompter.imagery import ABSENT, BLOCK, CELLS, REASONING, ImagerySamples  # noqa: E402
from planimeter.train.prompter.implied import SPLITS, families, implied_questions  # noqa: E402
from planimeter.train.prompter.parts import HERE, added_tokens, cut_tokenizer, embeddings  # noqa: E402
from planimeter.train.prompter.stages import in_terms_of, load_model, load_samples, train_prompter  # noqa: E402
from planimeter.train.prompter.supervised import UNTAUGHT, supervised_batch  # noqa: E402
from planimeter.worlds import make_world  # noqa: E402

LAND = ["urban", "forest", "agric", "grass", "barren", "water"]
TOPICS = [*LAND, "vegetation", "road", "roof"]  # of which regions are seen
CODES = {"water": 1, "forest": 2, "agric": 3, "grass": 4, "barren": 5, "urban": 6, "road": 7, "roof": 8}


@pytest.fixture(scope="module")
def language(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A language model of SmolLM2's kind, with two layers and a few hundred byte pairs."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("language")
    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    core.decoder = decoders.ByteLevel()
    wordings = [
        wording
        for split in SPLITS
        for topic in families(split)
        for wording in implied_questions(topic, split)
    ]
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    core.train_from_iterator(wordings, trainer)
    core.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=core.get_vocab_size(),
        hidden_size=192,
        intermediate_size=64,
        num_hidden_layers=3,
        num_attention_heads=2,
        num_key_value_heads=1,
        tie_word_embeddings=True,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures of which every pixel is known, a tiny segmenter and its configuration, and one of pictures."""
    folder = tmp_path_factory.mktemp("imagery")
    (folder / "land").mkdir()
    for k in range(6):
        world = make_world(70 + k, size=256)
        labels = np.zeros(world.labels.shape, np.uint8)
        for topic, code in CODES.items():
            labels[np.isin(world.labels, list(world.legend.get(topic, ())))] = code
        labels[labels == 0] = CODES["barren"]
        cv2.imwrite(str(folder / "land" / f"{k}.png"), world.image[..., ::-1])
        cv2.imwrite(str(folder / "land" / f"{k}_labels.png"), labels)
    source = {
        "images": "land/?.png",
        "gsd": 0.5,
        "share": 1.0,
        "complete": True,
        "land": {code: "urban" if topic in ("road", "roof") else topic for topic, code in CODES.items()},
        "objects": {"road": [7], "roof": [8]},
        "validation": ["every 3"],
    }
    shared: dict[str, Any] = {"land": LAND, "objects": ["road", "roof"], "sources": {"land": source}}
    network = {"dims": [8, 8, 16, 16], "depths": [1, 1, 1, 1], "decoder": [16, 8, 8]}
    segmenter = {
        **shared,
        "name": "tiny",
        "data": str(folder),
        "network": network,
        "steps": 1,
        "size": 64,
        "batch": 1,
    }
    (folder / "segmenter.yaml").write_text(yaml.safe_dump(segmenter))
    pictures = {**shared, "steps": 1, "worlds": {"count": 0}}
    (folder / "pictures.yaml").write_text(yaml.safe_dump(pictures))
    torch.manual_seed(1)
    network_built = checkpoint.build_network(load_config(folder / "segmenter.yaml"))
    checkpoint.save_averaged(folder / "segmenter.pt", network_built)
    return folder


@pytest.fixture
def settings(data: Path, language: Path) -> PrompterConfig:
    """Two updates of each stage."""
    return prompter_from(
        {
            "model": "parts",
            "frame": "thousandths",
            "segmenter": "box",
            "cross": [],
            "parts": {
                "language": str(language),
                "layers": [0, 2],
                "segmenter": str(data / "segmenter.pt"),
                "segmenter_config": str(data / "segmenter.yaml"),
            },
            "data": {"name": "imagery", "pictures": str(data / "pictures.yaml"), "train": 64, "held_out": 8},
            "supervised": {"steps": 3, "batch": 8, "save_every": 1},
            "grpo": {"steps": 2, "generations": 2, "batch": 4, "completion_tokens": 8},
            "answer_tokens": 8,
            "batch": 4,
            "watch": 0,
        }
    ).with_data(str(data))


@pytest.fixture
def start(settings: PrompterConfig, tmp_path: Path) -> Path:
    """Folder of the prompter before it has learnt."""
    train_prompter(settings, tmp_path, stages=("supervised",), stop_after=1, report=lambda line: None)
    return tmp_path / "start"


def samples_of(settings: PrompterConfig, split: str) -> ImagerySamples:
    found = load_samples(settings, split)
    assert isinstance(found, ImagerySamples)
    return found


def test_families_are_never_split() -> None:
    everything = [
        (topic, wording)
        for split in SPLITS
        for topic in families(split)
        for wording in implied_questions(topic, split)
    ]
    assert len({wording for _, wording in everything}) == len(everything)
    assert set(families("held_out")) <= set(families("train"))
    assert not [(topic, wording) for topic, wording in everything if topic in wording.split()]
    assert all(family for split in SPLITS for own in families(split).values() for family in own)
    with pytest.raises(UsageError, match="held_out"):
        implied_questions("water", "test")


def test_a_question_depends_on_its_number_alone_and_its_target_on_labels(settings: PrompterConfig) -> None:
    first, again = samples_of(settings, "train"), samples_of(settings, "train")
    for index in (0, 5, 17, 5):
        one, other = first[index], again[index]
        assert one.phrase == other.phrase
        assert np.array_equal(one.image, other.image)
        assert np.array_equal(one.target, other.target)
    kinds = {first[index].kind for index in range(48)}
    assert {"instance", "semantic", REASONING} <= kinds
    assert len({first[index].phrase for index in range(BLOCK)}) == BLOCK
    with pytest.raises(IndexError):
        first[64]


def test_answers_hold_what_the_target_is(settings: PrompterConfig) -> None:
    samples = samples_of(settings, "train")
    for index in range(48):
        sample = samples[index]
        assert (sample.kind == ABSENT) == (not sample.target.any())
        raw = parse_strict(sample.answer(settings.rule, settings.step))
        assert raw is not None
        assert len(raw) == len(sample.instances)
        parts, number = ndimage.label(sample.target, np.ones((3, 3)))
        boxes = {
            (each[1].start, each[0].start, each[1].stop, each[0].stop) for each in ndimage.find_objects(parts)
        }
        for instance in sample.instances:
            assert instance.box in boxes
            assert all(sample.target[int(y), int(x)] for x, y in instance.points)
        for one in raw:
            assert one.box is not None
            assert all(value % STEP == 0 and 0 <= value <= 1000 for value in one.box)
        if "largest" in sample.phrase:
            assert number == (2 if "two" in sample.phrase else 1)


def test_answers_choose_among_what_is_seen(settings: PrompterConfig, start: Path) -> None:
    model, processor = load_model(start)
    samples = samples_of(settings, "train")
    told = in_terms_of(samples, model, processor)
    tower = model.model.vision_tower
    named = 0
    for index in range(32):
        plain, sample = samples[index], told[index]
        shown = processor.image_processor(images=[Image.fromarray(sample.image)], return_tensors="pt")
        seen = {one.instance.name: one for one in tower.looks(shown["pixel_values"])[0].regions}
        height, width = sample.target.shape
        size = next(iter(seen.values())).mask.shape
        target = cv2.resize(sample.target.astype(np.uint8), size[::-1], interpolation=cv2.INTER_NEAREST) > 0
        assert sample.instances == plain.instances  # scores are against what is true
        assert sample.told is not None
        assert sample.meant is not None
        assert [name for name, meant in zip(seen, sample.meant, strict=True) if meant] == [
            instance.name for instance in sample.told
        ]
        for instance in sample.told:
            assert instance.name.startswith(f"{sample.thought} r")
            region = seen[instance.name]
            shared = (region.mask & target).sum()
            iou = shared / (region.mask | target).sum()
            assert shared >= 0.5 * region.mask.sum() or iou >= 0.3 or (iou >= 0.1 and len(sample.told) == 1)
            ys, xs = np.nonzero(region.mask)
            box = xs.min() * width / size[1], ys.min() * height / size[0]
            assert instance.box[:2] == pytest.approx(box)
            named += 1
        assert sample.teaches == (bool(sample.told) or not sample.target.any())
        raw = parse_strict(sample.answer(settings.rule, settings.step))
        assert raw is not None
        assert len(raw) == len(sample.told)
    assert named > 4


def test_regions_are_told_as_they_are(settings: PrompterConfig, start: Path) -> None:
    model, processor = load_model(start)
    tower, image = model.model.vision_tower, samples_of(settings, "train")[3].image
    shown = processor.image_processor(images=[Image.fromarray(image)], return_tensors="pt")
    look = tower.looks(shown["pixel_values"])[0]
    channels, side = tower.config.channels, tower.config.image_size
    facts = look.tokens[:, -channels.count :].astype(float)
    assert len(look.tokens) == CELLS**2 + MOST * PER_REGION == model.config.image_seq_length
    for number, region in enumerate(look.regions):
        own = facts[CELLS**2 + number * PER_REGION :][:PER_REGION]
        topics = own[0, channels.topic : channels.number].reshape(2, -1)
        assert np.argwhere(topics).tolist() == [[region.other, channels.topics.index(region.topic)]]
        numbers = own[:, channels.number : channels.slot]
        assert (numbers.argmax(1) == number).all()
        assert numbers.max(1).tolist() == [0.5, 1, 0.5, 0.5, 0.5, 0.5]
        rows, columns = np.nonzero(region.mask)
        corner = own[:, channels.corner : channels.shape].reshape(PER_REGION, 2, -1)
        assert corner[:2].sum() == 0
        places = corner[2:].argmax(2) * tower.config.step * side / 1000
        assert places[0] == pytest.approx(
            [columns.min(), rows.min()], abs=0.5 * side * tower.config.step / 1000 + 1e-6
        )
        for x, y in places[2:]:
            near = np.hypot(columns - x, rows - y).min()
            assert near <= side * tower.config.step / 1000
        assert own[0, channels.shape] == pytest.approx(2 * columns.mean() / side - 1, abs=1e-3)
        assert own[0, channels.shape + 2] == pytest.approx((len(rows) / side**2) ** 0.5, abs=1e-3)
    assert not facts[CELLS**2 + len(look.regions) * PER_REGION :].any()


def test_image_tokens_are_taught_what_they_are_of(settings: PrompterConfig, start: Path) -> None:
    model, processor = load_model(start)
    told = in_terms_of(samples_of(settings, "train"), model, processor)
    chosen = [told[index] for index in range(6)]
    batch = supervised_batch(processor, chosen, settings.rule, settings.step, marks=True)
    plain = supervised_batch(processor, chosen, settings.rule, settings.step)
    for row, sample in enumerate(chosen):
        at = (batch["input_ids"][row] == processor.image_token_id).nonzero().flatten()
        taught = batch["labels"][row, at + 1]
        assert (taught[: CELLS**2] == UNTAUGHT).all()
        regions = taught[CELLS**2 :].reshape(MOST, PER_REGION)
        said = regions[:, 1].tolist()
        assert sample.meant is not None
        here = processor.tokenizer.convert_tokens_to_ids(HERE)
        assert [word == here for word in said[: len(sample.meant)]] == sample.meant.tolist()
        assert set(said[: len(sample.meant)]) <= {here, processor.image_token_id}
        assert set(said[len(sample.meant) :]) <= {UNTAUGHT}
        assert (regions[:, [0, 2, 3, 4, 5]] == UNTAUGHT).all()
        assert (plain["labels"][row, at + 1] == UNTAUGHT).all()


def test_a_head_is_taught_to_look_at_what_is_said(settings: PrompterConfig, start: Path) -> None:
    model, processor = load_model(start)
    told = in_terms_of(samples_of(settings, "train"), model, processor)
    chosen = [each for each in (told[index] for index in range(16)) if each.told][:4]
    batch = supervised_batch(processor, chosen, settings.rule, settings.step, marks=True)
    labels, aims = batch.pop("labels"), batch.pop("aims")
    words = processor.tokenizer.convert_ids_to_tokens
    for row, sample in enumerate(chosen):
        at = (batch["input_ids"][row] == processor.image_token_id).nonzero().flatten().tolist()
        assert sample.told is not None
        for number, instance in enumerate(sample.told):
            seen = int(instance.name.rpartition(" r")[2]) - 1
            own = (aims[row] != NOWHERE).nonzero().flatten()[number * PER_REGION :][:PER_REGION]
            assert words(labels[row, own[1]].item()).startswith(f'r{seen + 1}"')
            first = CELLS**2 + seen * PER_REGION
            assert aims[row, own].tolist() == at[first : first + PER_REGION]
        assert (aims[row] != NOWHERE).sum() == len(sample.told) * PER_REGION
    head = TaughtHead(model)
    model.set_attn_implementation("eager")
    with torch.no_grad():
        looks = model(**batch, output_attentions=True).attentions
        loss = head.loss(aims, batch["attention_mask"])
    middle = looks[len(looks) // 2][:, 0]
    rows, at = (aims != NOWHERE).nonzero(as_tuple=True)
    missed = -middle[rows, at - 1, aims[rows, at]].log()
    assert loss.item() == pytest.approx(missed.mean().item(), rel=1e-4)
    head.close()


def test_eyes_see_what_the_network_sees(data: Path) -> None:
    rng = np.random.default_rng(0)
    pictures = [rng.integers(0, 255, (128, 128, 3), dtype=np.uint8) for _ in range(6)]
    tower = eyes_of(data / "segmenter.pt", data / "segmenter.yaml", pictures, 2 * PATCH)
    eyes = Eyes(checkpoint.network_from(data / "segmenter.pt", load_config(data / "segmenter.yaml"))).eval()
    with torch.no_grad():
        raw = torch.cat([eyes(as_input(picture))[0] for picture in pictures])
        seen = tower(torch.cat([as_input(picture) for picture in pictures])).last_hidden_state
    assert seen.shape == (6, 4 + MOST * PER_REGION, tower.config.hidden_size)
    seen, count = seen[:, :4], tower.config.channels.count
    known = raw[..., :-4]  # the rest is the place: two columns, two rows
    mean, spread = known.flatten(0, 1).mean(0), known.flatten(0, 1).std(0).clamp(min=0.02)
    assert torch.allclose(
        seen[..., :-count], (known - mean) / spread, atol=0.06
    )  # weights are in half precision
    places = [[1, 0, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1], [0, 1, 0, 1]]  # row by row
    assert torch.equal(seen[3, :, -count:][:, :4], torch.tensor(places).float())
    again = tower(as_input(pictures[2])).hidden_states[-1]
    assert torch.equal(again[0, :4], seen[2])


def test_the_tokenizer_gives_back_every_answer(settings: PrompterConfig, language: Path) -> None:
    samples = samples_of(settings, "train")
    tokenizer, kept = cut_tokenizer(language, samples.texts(16), TOPICS)
    places = ['{"label": "not roads r12", "bbox_2d": [1000, 0, 40, 980]}, r3, r20']
    assert [tokenizer.decode(tokenizer(text)["input_ids"]) for text in places] == places
    for index in range(24):
        for text in (samples[index].answer(settings.rule, STEP), samples[index].phrase):
            assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
    assert all(len(tokenizer(word)["input_ids"]) == 1 for word in added_tokens(TOPICS))
    assert len(kept) == len(set(kept)) <= len(tokenizer)


def test_a_single_topic_has_an_embedding(language: Path) -> None:
    """What its words say and other topics' words do not is nothing, which is no direction."""
    tokenizer, kept = cut_tokenizer(language, ["water"], ["water"])
    old = torch.randn(600, 96, generator=torch.Generator().manual_seed(0))
    found = embeddings(old, kept, tokenizer, ["water"], language)
    assert torch.isfinite(found.tokens).all()
    lengths = found.topics.norm(dim=1)
    assert torch.allclose(lengths, found.numbers.norm(dim=1).mean().expand(2))
    assert abs(torch.cosine_similarity(*found.topics, dim=0)) < 0.5  # of it, and of what is not of it


def test_layers_and_tokens_that_a_language_model_lacks_are_one_sentence(
    settings: PrompterConfig, language: Path, tmp_path: Path
) -> None:
    for layers in ((0, 3), (-1,), ()):
        wrong = replace(settings, parts=replace(settings.parts, layers=layers))
        with pytest.raises(
            UsageError, match="the language model has 3 layers: name some of them, from 0 to 2"
        ):
            train_prompter(
                wrong, tmp_path / "run", stages=("supervised",), stop_after=1, report=lambda _: None
            )
    other = json.loads((language / "tokenizer.json").read_text())
    other["model"]["vocab"]["<|none|>"] = other["model"]["vocab"].pop("<|im_end|>")
    other["added_tokens"] = []
    (tmp_path / "tokenizer.json").write_text(json.dumps(other))
    with pytest.raises(UsageError, match=r"lacks .*im_end.*: give a model of SmolLM2's family"):
        cut_tokenizer(tmp_path, ["water"], TOPICS)


def test_both_stages_train_it_and_a_folder_of_it_answers(settings: PrompterConfig, tmp_path: Path) -> None:
    place = train_prompter(settings, tmp_path, report=lambda line: None)
    assert place == tmp_path / "grpo" / "final"
    record = json.loads((tmp_path / "scores.json").read_text())
    assert set(record["gain"]["grpo"]["greedy"]) == {"box", "ciou"}
    assert record["samples"] == 8
    assert record["taught answers"]["as they are"]["unreadable"] == 0
    assert record["taught answers"]["as they are"]["thought"] == 1
    perfect = record["variants"]["perfect prompts"]
    assert set(perfect) == {"box", "points", "box+2", "box+4", "box+2+2"}
    assert perfect["box"] > 0.3 > perfect["points"]  # of the segmenter that fills boxes
    start, trained = load_model(tmp_path / "start")[0], load_model(place)[0]
    before, after = start.state_dict(), trained.state_dict()
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert any("multi_modal_projector" in name for name in moved)
    assert any("layers.1." in name for name in moved)
    assert not any("vision_tower" in name for name in moved)
    prompter = VlmPrompter(place)
    said = prompter.say([PrompterLook(np.zeros((50, 80, 3), np.uint8), "all water")])
    assert type(said[0].frame).__name__ == "NormalisedFrame"


def test_a_language_model_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        language_folder(str(tmp_path), tmp_path)
    with pytest.raises(ModelError, match="pip install"):
        language_folder("no-such-language-model", tmp_path)
    (tmp_path / "broken.gguf").write_bytes(b"GGUF nothing")
    with pytest.raises(ModelError, match=r"broken\.gguf"):
        language_folder(str(tmp_path / "broken.gguf"), tmp_path)
