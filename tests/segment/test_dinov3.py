"""DINOv3 + Mask2Former end to end, with tiny networks of random weights made on the spot."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

if any(importlib.util.find_spec(name) is None for name in ("torch", "transformers", "scipy", "safetensors")):
    pytest.skip("the extra dinov3 is not installed", allow_module_level=True)

import torch

from planimeter.errors import ModelError, NotMeasurable, UsageError
from planimeter.raster import open_scene
from planimeter.segment import Segmenter, find_segmenter
from planimeter.segment.dinov3 import SAT_MEAN, SAT_STD, DINOv3Model, DINOv3Segmenter, HeadSettings
from planimeter.segment.dinov3.network import IGNORED, SMALL, Adapter, DINOv3Mask2Former, small_backbone
from planimeter.segment.dinov3.segmenter import CARD, load_network, save_model
from planimeter.segment.inference import load_card

CLASSES = ("background", "building", "road", "water")
TOPICS = {"roof": ["building"], "road": ["road"], "water": ["water"]}


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Networks this small are slowed down by more threads, badly so on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def network() -> DINOv3Mask2Former:
    return DINOv3Mask2Former(small_backbone(), len(CLASSES), SMALL).eval()


@pytest.fixture
def saved(tmp_path: Path, network: DINOv3Mask2Former) -> Path:
    write(network, tmp_path)
    return tmp_path


def write(network: DINOv3Mask2Former, folder: Path) -> Path:
    return save_model(
        network,
        folder,
        classes=CLASSES,
        topics=TOPICS,
        settings=SMALL,
        backbone=None,
        gsd_range=(0.2, 0.6),
        gsd_centre=0.3,
    )


def batch() -> tuple[torch.Tensor, torch.Tensor]:
    """Two pictures of blocks, each class a colour of its own, and some pixels of no known class."""
    rng = np.random.default_rng(1)
    target = np.repeat(np.repeat(rng.integers(0, 4, (2, 4, 4)), 16, 1), 16, 2)
    colours = np.array([[-1, -1, -1], [2, 0, 0], [0, 2, 0], [0, 0, 2]], np.float32)
    pictures = torch.from_numpy(colours[target]).permute(0, 3, 1, 2).contiguous()
    target[0, :8] = IGNORED
    return pictures, torch.from_numpy(target)


def test_the_papers_head_is_the_default():
    assert HeadSettings() == HeadSettings(layers=(4, 11, 17, 23), width=256, queries=100)
    assert SAT_MEAN == (0.430, 0.411, 0.296)
    assert SAT_STD == (0.213, 0.156, 0.143)


def test_features_are_brought_to_strides_4_to_32():
    planes = Adapter(32, 64)([torch.zeros(2, 32, 4, 6)] * 4)
    assert [tuple(plane.shape) for plane in planes] == [
        (2, 64, 16, 24),
        (2, 64, 8, 12),
        (2, 64, 4, 6),
        (2, 64, 2, 3),
    ]


def test_features_are_those_of_the_stated_blocks(network):
    picture = torch.rand(1, 3, 64, 64)
    outputs: list[torch.Tensor] = []
    hooks = [
        block.register_forward_hook(
            lambda _module, _inputs, output: outputs.append(
                output[0] if isinstance(output, tuple) else output
            )
        )
        for block in network.backbone.model.layer
    ]
    found = network.features(picture)
    for hook in hooks:
        hook.remove()
    assert len(found) == 4
    for index, plane in enumerate(found):
        tokens = network.backbone.norm(outputs[SMALL.layers[index]])[:, 1 + 4 :]
        assert torch.allclose(plane.flatten(2).transpose(1, 2), tokens, atol=1e-5)
        assert not plane.requires_grad


def test_logits_are_mask2formers_semantic_scores(network):
    picture = torch.rand(2, 3, 64, 96)
    with torch.inference_mode():
        logits = network(picture)
        classes, masks = network.head(network.features(picture))
    assert tuple(logits.shape) == (2, len(CLASSES), 64, 96)
    assert [tuple(each.shape) for each in classes] == [(2, SMALL.queries, 5)] * SMALL.decoder_layers
    assert [tuple(each.shape) for each in masks] == [(2, SMALL.queries, 16, 24)] * SMALL.decoder_layers
    score = torch.zeros(2, 4, 16, 24)
    for query in range(SMALL.queries):
        for k in range(4):
            share = classes[-1].softmax(-1)[:, query, k]
            score[:, k] += share[:, None, None] * masks[-1].sigmoid()[:, query]
    large = torch.nn.functional.interpolate(
        torch.log(score + 1e-6), (64, 96), mode="bilinear", align_corners=False
    )
    assert torch.allclose(logits, large, atol=1e-4)


def test_the_loss_falls_on_one_batch_and_the_backbone_stays_as_it_is():
    torch.manual_seed(0)
    network = DINOv3Mask2Former(small_backbone(), len(CLASSES), SMALL).train()
    assert not network.backbone.training
    before = {name: value.clone() for name, value in network.backbone.state_dict().items()}
    pictures, target = batch()
    optimiser = torch.optim.AdamW([each for each in network.parameters() if each.requires_grad], lr=3e-3)
    losses = []
    for _ in range(40):
        loss = network.loss(pictures, target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert np.mean(losses[-5:]) < 0.75 * np.mean(losses[:3]), losses
    assert all(torch.equal(before[name], value) for name, value in network.backbone.state_dict().items())
    without = [name for name, each in network.head.named_parameters() if each.grad is None]
    assert not without


def test_what_is_ignored_teaches_nothing():
    torch.manual_seed(0)
    network = DINOv3Mask2Former(small_backbone(), len(CLASSES), SMALL)
    pictures, target = batch()
    nothing = torch.full_like(target, IGNORED)
    assert network.loss(pictures, nothing).item() == 0
    target[1] = IGNORED
    torch.manual_seed(1)
    both = network.loss(pictures, target).item()
    torch.manual_seed(1)
    alone = network.loss(pictures[:1], target[:1]).item()
    assert both == pytest.approx(alone, rel=1e-4)


def test_half_precision_changes_little_and_keeps_scores_and_loss_whole(network):
    pictures, target = batch()
    with torch.inference_mode():
        whole = network(pictures)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            half = network(pictures)
    assert half.dtype == torch.float32
    assert torch.allclose(half, whole, atol=0.05)
    trained = DINOv3Mask2Former(small_backbone(), len(CLASSES), SMALL).train()
    torch.manual_seed(0)
    exact = trained.loss(pictures, target).item()
    torch.manual_seed(0)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = trained.loss(pictures, target)
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(exact, rel=0.05)
    loss.backward()
    assert all(torch.isfinite(each.grad).all() for each in trained.head.parameters())


def test_class_weights_are_those_of_the_cross_entropy():
    network = DINOv3Mask2Former(small_backbone(), 4, replace(SMALL, class_weights=(1.0, 2.0, 3.0, 4.0)))
    assert network.head.criterion.empty_weight.tolist() == pytest.approx([1, 2, 3, 4, 0.1])


def test_a_saved_model_comes_back_equal_and_gives_its_masks(saved, network, tmp_path):
    colours = np.random.default_rng(0).integers(0, 255, (10, 12, 3), dtype=np.uint8)
    cv2.imwrite(str(tmp_path / "scene.png"), cv2.resize(colours, (120, 90), interpolation=cv2.INTER_CUBIC))
    scene = open_scene(tmp_path / "scene.png", gsd=0.4)
    again = load_network(load_card(saved / CARD))
    for name, value in network.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name
    segmenter = find_segmenter(f"dinov3:{saved}")
    assert isinstance(segmenter.maps[0], Segmenter)
    assert segmenter.topics == ("roof", "road", "water", "urban")
    masks = segmenter.look(scene, segmenter.topics).masks
    padded = cv2.copyMakeBorder(scene.read_rgb(), 0, 6, 0, 8, cv2.BORDER_REFLECT)
    picture = (torch.from_numpy(padded).float() / 255 - torch.tensor(SAT_MEAN)) / torch.tensor(SAT_STD)
    with torch.inference_mode():
        best = network(picture.permute(2, 0, 1)[None])[0, :, :90, :120].argmax(0).numpy()
    for index, topic in ((1, "roof"), (2, "road"), (3, "water")):
        assert np.mean(masks[topic] != (best == index)) < 0.001, topic
    assert np.array_equal(masks["urban"], masks["roof"] | masks["road"])
    with pytest.raises(NotMeasurable):
        segmenter.look(scene, ["solar"])
    other = DINOv3Segmenter(saved, model=DINOv3Model(network, load_card(saved / CARD), "cpu"))
    assert np.array_equal(other.look(scene, ["water"]).masks["water"], masks["water"])
    assert other.fingerprint() == segmenter.maps[0].fingerprint()


def test_finding_a_model_loads_no_torch(saved):
    script = (
        f"from planimeter.segment import find_segmenter\nfind_segmenter('dinov3:{saved}')\n"
        "import sys\nassert not {'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def changed(folder: Path, **entries: object) -> Path:
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    (folder / CARD).write_text(json.dumps({**card, **entries}), encoding="utf-8")
    return folder


def test_a_backbone_of_a_revision_is_read_at_it_and_named(saved, network, tmp_path, monkeypatch):
    commit = "c" * 40
    place = tmp_path / "cache" / "models--nobody--eyes"
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "v2").write_text(commit)
    network.backbone.save_pretrained(place / "snapshots" / commit)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    head = json.loads((saved / CARD).read_text(encoding="utf-8"))["dinov3"]["head"]
    changed(saved, dinov3={"backbone": "nobody/eyes@v2", "head": head})
    read = load_network(load_card(saved / CARD)).backbone.state_dict()
    assert all(torch.equal(read[name], value) for name, value in network.backbone.state_dict().items())
    assert DINOv3Segmenter(saved).fingerprint().endswith(f"|backbone eyes@{commit[:12]}")
    changed(saved, dinov3={"backbone": "nobody/eyes@v3", "head": head})
    refused(lambda: load_network(load_card(saved / CARD)), "no copy in the hub's cache")


def test_damaged_models_are_one_sentence_each(saved, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    whole = (saved / "head.safetensors").read_bytes()
    (saved / "head.safetensors").write_bytes(whole[:-10])
    refused(lambda: load_network(load_card(saved / CARD)), "cut short")
    (saved / "head.safetensors").write_bytes(whole)
    head = json.loads((saved / CARD).read_text(encoding="utf-8"))["dinov3"]["head"]
    for table, says in (
        ({"backbone": "backbone", "head": {**head, "queries": 7}}, "another head"),
        ({"backbone": "backbone", "head": {**head, "layers": [1, 2, 3, 4]}}, "layers|cannot be loaded"),
        ({"backbone": "backbone", "head": {"colour": 1}}, "does not describe"),
        ({"backbone": "backbone", "head": {**head, "layers": ["a", "b", "c", "d"]}}, "does not describe"),
        ({"backbone": "backbone", "head": {**head, "width": 33}}, "another head"),
        ({"backbone": "backbone", "head": {**head, "width": "33"}}, "does not describe"),
        ({"backbone": "backbone"}, "does not describe"),
        ({"backbone": "nobody/has-this-backbone", "head": head}, "`,download`"),
    ):
        refused(lambda table=table: load_network(load_card(changed(saved, dinov3=table) / CARD)), says)
    changed(saved, dinov3={"backbone": "backbone", "head": head})
    weights = saved / "backbone" / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-100])
    refused(lambda: load_network(load_card(saved / CARD)), "cannot be loaded")
    weights.write_bytes(whole)
    refused(lambda: find_segmenter(f"dinov3:{changed(saved, topics={'roof': ['boat']})}"), "does not have")
    refused(lambda: find_segmenter(f"dinov3:{changed(saved, topics=None)}"), "add the table")
    refused(lambda: find_segmenter(f"dinov3:{saved / 'nowhere'}"), "cannot be read")


def refused(action, says: str) -> None:
    with pytest.raises(ModelError, match=says) as error:
        action()
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")


def test_training_writes_a_model_that_segments_and_resumes(tmp_path):
    pytest.importorskip("accelerate", reason="the extra train is not installed")
    from planimeter.train.config import config_from
    from planimeter.train.dinov3 import train_dinov3

    small_backbone().save_pretrained(tmp_path / "backbone")
    config = config_from(
        {
            "land": ["urban", "forest", "agric", "grass", "barren", "water"],
            "objects": [],
            "sources": {},
            "worlds": {"count": 2, "size": 96, "share": 1.0},
            "data": str(tmp_path),
            "size": 64,
            "batch": 2,
            "steps": 4,
            "save_every": 100,
        }
    )
    options = {"backbone": str(tmp_path / "backbone"), "settings": SMALL, "report": lambda _: None}
    card = train_dinov3(config, tmp_path / "whole", **options)
    assert card == tmp_path / "whole" / CARD
    left = train_dinov3(config, tmp_path / "parts", stop_after=2, **options)
    assert left.name == "last.pt"
    train_dinov3(config, tmp_path / "parts", **options)
    for name in ("whole", "parts"):
        cv2.imwrite(str(tmp_path / f"{name}.png"), np.full((64, 64, 3), 90, np.uint8))
        masks = (
            DINOv3Segmenter(tmp_path / name)
            .look(open_scene(tmp_path / f"{name}.png"), ["water", "forest"])
            .masks
        )
        assert masks["water"].shape == (64, 64)
    first, second = (
        load_network(load_card(tmp_path / name / CARD)).head.state_dict() for name in ("whole", "parts")
    )
    for name, value in first.items():
        assert torch.allclose(value, second[name], atol=1e-6), name
    with pytest.raises(UsageError, match="steps"):
        train_dinov3(replace(config, steps=None, hours=1.0), tmp_path, **options)
    with pytest.raises(UsageError, match="objects"):
        train_dinov3(replace(config, objects=("roof",)), tmp_path, **options)
    with pytest.raises(UsageError, match="boat"):
        train_dinov3(config, tmp_path, topics={"roof": ["boat"]}, **options)


def test_the_command_says_what_is_missing_before_it_trains(tmp_path, capsys):
    pytest.importorskip("accelerate", reason="the extra train is not installed")
    from planimeter.cli import main

    (tmp_path / "tiny.yaml").write_text("land: [water]\nobjects: []\nsources: {}\nsteps: 1\n")
    base = [
        "train",
        "dinov3",
        str(tmp_path / "tiny.yaml"),
        "--data",
        str(tmp_path),
        "--out",
        str(tmp_path / "run"),
    ]
    for more, code, says in (
        (["--backbone", str(tmp_path / "nowhere")], 3, "give the folder of a copy"),
        (["--topic", "roof=boat"], 2, "cannot be made of boat"),
    ):
        with pytest.raises(SystemExit) as stop:
            main([*base, *more])
        assert stop.value.code == code
        said = capsys.readouterr().err
        assert says in said
        assert "Traceback" not in said
