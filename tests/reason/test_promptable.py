"""One test for every promptable segmenter: real architectures at toy size, and what ships."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

if any(importlib.util.find_spec(name) is None for name in ("torch", "transformers", "json_repair")):
    pytest.skip("the extras reason and llm are not installed", allow_module_level=True)

import torch

from planimeter.errors import InputError, ModelError
from planimeter.reason.embeddings import EmbeddingCache
from planimeter.reason.prompt import Prompt
from planimeter.reason.promptable import Encoded, PromptableSegmenter, find_promptable
from planimeter.reason.rewards import mask_reward
from planimeter.reason.sam2 import Sam2Promptable
from planimeter.reason.scoring import mask_iou, union_mask
from planimeter.reason.segmenter import ReasonSegmenter, files_state
from planimeter.reason.spec import ReasonSpec
from planimeter.reason.tiny import BoxSegmenter
from planimeter.segment.hub import split_revision

from . import tiny_models
from .malformed import GOOD, form

PROMPTS = [
    Prompt((3.0, 4.0, 30.0, 22.0)),
    Prompt((10.0, 4.0, 48.0, 30.0), ((20.5, 10.5), (30.0, 12.0))),
    Prompt(None, ((40.0, 30.0),)),
    Prompt((0.0, 0.0, 60.0, 44.0), ((5.0, 5.0),), ((50.0, 40.0), (30.0, 40.0))),
    Prompt((12.0, 14.0, 44.0, 31.0)),
    Prompt(None, ((20.0, 30.0), (8.0, 9.0))),
    Prompt((1.0, 2.0, 59.0, 40.0)),
]


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Networks this small are slowed down by more threads, badly so on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


MAKERS: dict[str, Callable[[], PromptableSegmenter]] = {
    "box": BoxSegmenter,
    "sam2": lambda: Sam2Promptable("tiny-sam2", model=tiny_models.sam2(), device="cpu"),
    "sam2 in halves": lambda: Sam2Promptable("tiny-sam2", model=tiny_models.sam2(), half=True, device="cpu"),
    "sam2 one by one": lambda: Sam2Promptable("tiny-sam2", model=tiny_models.sam2(), chunk=1, device="cpu"),
    "embedded": lambda: find_promptable("embedded"),
}


@pytest.fixture(scope="module", params=MAKERS)
def segmenter(request: pytest.FixtureRequest) -> PromptableSegmenter:
    return MAKERS[request.param]()


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """44 rows, 60 columns: not square, so that swapped axes show."""
    draw = np.random.default_rng(2)
    image = draw.integers(60, 120, (44, 60, 3)).astype(np.uint8)
    image[8:20, 10:34] = (200, 60, 40)
    return image


def test_it_is_a_promptable_segmenter(segmenter: PromptableSegmenter, picture: np.ndarray) -> None:
    assert isinstance(segmenter, PromptableSegmenter)
    encoded = segmenter.encode(picture)
    assert isinstance(encoded, Encoded)
    assert encoded.size == (44, 60)
    assert encoded.nbytes > 0
    masks = segmenter.decode(encoded, PROMPTS)
    assert masks.shape == (len(PROMPTS), 44, 60)
    assert masks.dtype == bool


def test_no_prompts_give_no_masks(segmenter: PromptableSegmenter, picture: np.ndarray) -> None:
    encoded = segmenter.encode(picture)
    assert segmenter.decode(encoded, []).shape == (0, 44, 60)
    assert not union_mask(segmenter, encoded, []).any()


def test_prompts_do_not_see_each_other(segmenter: PromptableSegmenter, picture: np.ndarray) -> None:
    encoded = segmenter.encode(picture)
    together = segmenter.decode(encoded, PROMPTS)
    alone = np.concatenate([segmenter.decode(encoded, [prompt]) for prompt in PROMPTS])
    assert (together != alone).mean() < 1e-3  # rounding may move a pixel at an edge
    backwards = segmenter.decode(encoded, PROMPTS[::-1])[::-1]
    assert (together != backwards).mean() < 1e-3
    assert np.array_equal(union_mask(segmenter, encoded, PROMPTS), together.any(axis=0))


def test_decoding_leaves_the_encoded_image_as_it_was(
    segmenter: PromptableSegmenter, picture: np.ndarray
) -> None:
    encoded = segmenter.encode(picture)
    first = segmenter.decode(encoded, PROMPTS)
    assert np.array_equal(segmenter.decode(encoded, PROMPTS), first)


def test_the_picture_is_not_changed_and_may_be_read_only(
    segmenter: PromptableSegmenter, picture: np.ndarray
) -> None:
    frozen = picture.copy()
    frozen.setflags(write=False)
    segmenter.decode(segmenter.encode(frozen), PROMPTS[:1])
    assert np.array_equal(frozen, picture)


@pytest.mark.parametrize("shape", [(1, 1), (7, 200), (300, 40)])
def test_pictures_of_any_shape(segmenter: PromptableSegmenter, shape: tuple[int, int]) -> None:
    image = np.full((*shape, 3), 90, np.uint8)
    prompt = Prompt((0.0, 0.0, float(shape[1]), float(shape[0])), ((shape[1] / 2, shape[0] / 2),))
    assert segmenter.decode(segmenter.encode(image), [prompt]).shape == (1, *shape)


def test_a_group_of_completions_encodes_its_image_once(
    segmenter: PromptableSegmenter, picture: np.ndarray
) -> None:
    cache = EmbeddingCache()
    reward = mask_reward(segmenter, cache=cache)
    target = np.zeros((44, 60), bool)
    target[2:8, 2:8] = True
    pictures = [picture.copy() for _ in range(16)]  # TRL hands over copies
    found = reward(["?"] * 16, [form(GOOD)] * 16, image=pictures, target=[target] * 16)
    assert cache.encoded == 1
    assert len(set(found)) == 1
    assert found[0] is not None
    prompt = Prompt((2, 2, 8, 8), ((4, 4), (6, 6)))
    alone = segmenter.decode(segmenter.encode(picture), [prompt])[0]
    assert found[0] == 2 * mask_iou(alone, target)


def test_masks_from_kept_features_are_those_of_the_whole_model(picture: np.ndarray) -> None:
    model = tiny_models.sam2()
    segmenter = Sam2Promptable("tiny", model=model, device="cpu")
    square = np.ascontiguousarray(np.tile(picture, (3, 3, 1))[:128, :128])
    box = (20.0, 30.0, 90.0, 100.0)
    found = segmenter.decode(segmenter.encode(square), [Prompt(box)])[0]
    mean, std = (torch.tensor(each).view(3, 1, 1) for each in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    pixels = ((torch.from_numpy(square).permute(2, 0, 1).float() / 255 - mean) / std)[None]
    with torch.no_grad():
        whole = model(pixel_values=pixels, input_boxes=torch.tensor([[box]]) - 0.5, multimask_output=False)
    logits = torch.nn.functional.interpolate(whole.pred_masks[0], (128, 128), mode="bilinear")[0, 0]
    assert (found != (logits > 0).numpy()).mean() < 1e-3


def test_the_cache_keeps_what_fits_and_forgets_the_oldest(picture: np.ndarray) -> None:
    segmenter = Sam2Promptable("tiny", model=tiny_models.sam2(), device="cpu")
    pictures = [np.roll(picture, shift, axis=1) for shift in range(4)]
    size = segmenter.encode(picture).nbytes
    cache = EmbeddingCache(max_bytes=2 * size)
    for image in (pictures[0], pictures[1], pictures[0], pictures[2]):
        cache.encode(segmenter, image)
    assert cache.nbytes == 2 * size
    assert (cache.encoded, cache.reused) == (3, 1)
    cache.encode(segmenter, pictures[0])  # used later than 1, so still there
    assert (cache.encoded, cache.reused) == (3, 2)
    cache.encode(segmenter, pictures[1])
    assert cache.encoded == 4
    nothing = EmbeddingCache(max_bytes=1)
    nothing.encode(segmenter, picture)
    assert nothing.nbytes == 0


def test_another_model_or_number_format_is_another_key(picture: np.ndarray) -> None:
    cache = EmbeddingCache()
    single = Sam2Promptable("tiny", model=tiny_models.sam2(), device="cpu")
    half = Sam2Promptable("tiny", model=tiny_models.sam2(), half=True, device="cpu")
    other = tiny_models.sam2()
    with torch.no_grad():
        other.no_memory_embedding += 1
    changed = Sam2Promptable("tiny", model=other, device="cpu")
    for segmenter in (single, half, changed):
        cache.encode(segmenter, picture)
    assert cache.encoded == len({single.name, half.name, changed.name}) == 3
    assert half.encode(picture).nbytes * 2 == single.encode(picture).nbytes


def test_weights_come_from_a_folder(tmp_path: Path, picture: np.ndarray) -> None:
    model = tiny_models.sam2()
    model.save_pretrained(tmp_path / "my-sam")
    read = find_promptable(f"sam2:{tmp_path / 'my-sam'}")
    given = Sam2Promptable("my-sam", model=model)
    assert read.name == given.name
    masks = [each.decode(each.encode(picture), PROMPTS) for each in (read, given)]
    assert np.array_equal(*masks)


COMMITS = ("1" * 40, "2" * 40)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[torch.nn.Module]:
    """A hub's cache with two commits of nobody/tiny-sam, of which the second is main and the first is v1."""
    place = tmp_path / "cache" / "models--nobody--tiny-sam"
    (place / "refs").mkdir(parents=True)
    models = []
    for seed, commit in enumerate(COMMITS):
        torch.manual_seed(seed)
        models.append(tiny_models.sam2())
        with torch.no_grad():
            for weights in models[-1].parameters():
                weights.add_(0.01 * seed)
        models[-1].save_pretrained(place / "snapshots" / commit)
    for name, commit in zip(("v1", "main"), COMMITS, strict=True):
        (place / "refs" / name).write_text(commit)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    return models


def test_a_revision_behind_a_name_on_the_hub_is_the_one_that_is_read_and_named(
    hub: list[torch.nn.Module],
) -> None:
    said = {"": COMMITS[1], "@main": COMMITS[1], "@v1": COMMITS[0], f"@{COMMITS[0]}": COMMITS[0]}
    for revision, commit in said.items():
        read = find_promptable(f"sam2:nobody/tiny-sam{revision}")
        expected = hub[COMMITS.index(commit)].state_dict()
        found = read._model.state_dict()
        assert all(torch.equal(found[name].cpu(), value) for name, value in expected.items()), revision
        assert read.name.startswith(f"tiny-sam@{commit[:12]} "), read.name
        spec = ReasonSpec("box", promptable=f"sam2:nobody/tiny-sam{revision}")
        assert f"tiny-sam@{commit[:12]}" in ReasonSegmenter(spec).name
    states = {files_state(f"sam2:nobody/tiny-sam{revision}") for revision in ("", "@main", "@v1")}
    assert states == set(COMMITS)
    with pytest.raises(ModelError, match="no copy in the hub's cache"):
        find_promptable("sam2:nobody/tiny-sam@v9")


def test_where_a_revision_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine@home").mkdir()
    assert split_revision("mine@home") == ("mine@home", None)
    assert split_revision(tmp_path / "gone@home") == (str(tmp_path / "gone@home"), None)
    assert split_revision("a/b@refs/pr/1") == ("a/b", "refs/pr/1")
    with pytest.raises(ModelError, match="names no revision: write OWNER/NAME@REVISION"):
        split_revision("a/b@")


def test_weights_that_are_not_all_there_are_refused(tmp_path: Path) -> None:
    """transformers would draw the rest at random, and go on with a warning."""
    from safetensors.torch import load_file, save_file

    tiny_models.sam2().save_pretrained(tmp_path)
    file = tmp_path / "model.safetensors"
    whole = file.read_bytes()
    kept = {name: value for name, value in load_file(file).items() if "mask_decoder" not in name}
    save_file(kept, file, metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"lack [0-9]+ of its weights, such as mask_decoder\."):
        Sam2Promptable(tmp_path)
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match=r"cannot be loaded from .*`,download`\.$"):
        Sam2Promptable(tmp_path)
    file.write_bytes(whole)
    for text in ("[]", '{"model_type": "sam2", "prompt_encoder_config": {"image_size": "large"}}'):
        (tmp_path / "config.json").write_text(text)
        with pytest.raises(ModelError, match=r"cannot be loaded from .*`,download`\.$"):
            Sam2Promptable(tmp_path)


def test_missing_weights_are_said_and_nothing_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be loaded from .*nowhere.*`,download`\.$"):
        find_promptable(f"sam2:{tmp_path / 'nowhere'}")
    with pytest.raises(InputError, match="There is no promptable segmenter 'sam9:x'"):
        find_promptable("sam9:x")
