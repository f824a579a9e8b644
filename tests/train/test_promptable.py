"""Training of the small promptable segmenter: its data, its loop, and that what ships computes what was trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from planimeter.errors import ModelError, UsageError  # noqa: E402
from planimeter.reason import Prompt  # noqa: E402
from planimeter.reason.embedded import EmbeddedPromptable, load_promptable_card  # noqa: E402
from planimeter.reason.embedded.backbone import joined  # noqa: E402
from planimeter.reason.embedded.segmenter import decoded  # noqa: E402
from planimeter.segment.inference.card import load_card  # noqa: E402
from planimeter.train import checkpoint  # noqa: E402
from planimeter.train.config import SourceConfig  # noqa: E402
from planimeter.train.data import load_pictures  # noqa: E402
from planimeter.train.export import export_onnx  # noqa: E402
from planimeter.train.pretrained import start_encoder  # noqa: E402
from planimeter.train.promptable.batches import draw_batch, to_encode  # noqa: E402
from planimeter.train.promptable.config import (  # noqa: E402
    PromptableConfig,
    load_promptable,
    promptable_from,
)
from planimeter.train.promptable.evaluate import evaluate_prompts, table  # noqa: E402
from planimeter.train.promptable.network import PromptableNetwork  # noqa: E402
from planimeter.train.promptable.prompts import (  # noqa: E402
    exact_prompt,
    prompt_of,
    prompt_of_nothing,
    shifted,
)
from planimeter.train.promptable.release import (  # noqa: E402
    export_promptable,
    release_promptable,
    write_promptable,
)
from planimeter.train.promptable.training import build_network, loss_of, network_from, train_promptable  # noqa: E402
from planimeter.train.promptable.views import Views, regions_of, shape_view  # noqa: E402
from planimeter.train.prompter.scenes import make_scene  # noqa: E402


@pytest.fixture
def tiny_promptable(tiny_data: Path) -> PromptableConfig:
    """A configuration that trains in seconds."""
    return promptable_from(
        {
            "land": ["urban", "forest", "agric", "grass", "barren", "water"],
            "objects": ["road"],
            "sources": {
                "land": {
                    "images": "land/?.png",
                    "gsd": 0.5,
                    "share": 1.0,
                    "complete": True,
                    "unknown": [0],
                    "land": {1: "water", 2: "vegetation", 3: "urban"},
                    "objects": {"road": [3]},
                    "validation": ["every 3"],
                }
            },
            "encoder": [4, 4, 8, 8, 8],
            "decoder": [4, 8, 8, 8],
            "context": 4,
            "images": 2,
            "per_image": 2,
            "steps": 4,
            "save_every": 1,
            "precision": "no",
            "nothing_from": 0.0,
        }
    ).with_data(str(tiny_data))


def test_regions_are_the_connected_parts_of_each_class() -> None:
    target = np.zeros((40, 40, 2), np.uint8)
    target[2:12, 2:12, 0] = 3
    target[12:20, 12:20, 0] = 3  # touches by a corner: one region
    target[25:35, 2:12, 1] = 1
    target[30, 30, 1] = 1  # too small
    planes, regions = regions_of(target)
    assert [(region.box, region.area) for region in regions] == [
        ((2, 2, 20, 20), 164),
        ((2, 25, 12, 35), 100),
    ]
    assert len(planes) == 2


@pytest.mark.parametrize("kind", ["both", "box", "points"])
def test_prompts_mean_their_region(kind: str) -> None:
    for seed in range(12):
        rng = np.random.default_rng(seed)
        view = shape_view(make_scene(seed))
        region = view.regions[0]
        mask = view.mask(region)
        exact = exact_prompt(view, region, kind, rng)
        assert exact.box is None if kind == "points" else exact.box == tuple(map(float, region.box))
        assert all(mask[int(y), int(x)] for x, y in exact.positive)
        rough = prompt_of(view, region, kind, rng)
        if rough.box is not None:
            x0, y0, x1, y1 = rough.box
            assert 0 <= x0 < x1 <= 64
            assert 0 <= y0 < y1 <= 64
        assert not any(mask[int(y), int(x)] for x, y in rough.negative)


@pytest.mark.parametrize("kind", ["both", "box", "points"])
def test_prompts_of_nothing_fit_nothing(kind: str) -> None:
    made = 0
    for seed in range(15):
        rng = np.random.default_rng(seed)
        view = shape_view(make_scene(seed))
        prompt = prompt_of_nothing(view, kind, rng)
        if prompt is None:
            continue
        made += 1
        for region in view.regions:
            inside = [view.mask(region)[int(y), int(x)] for x, y in prompt.positive]
            box = prompt.box
            fits = box is not None and abs(np.subtract(box, region.box)).max() < 0.35 * 10
            if kind == "points" or fits:  # a box around a shape is contradicted by its points
                assert not any(inside)
    assert made > 8


def test_a_moved_box_is_never_empty_nor_outside() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        x0, y0, x1, y1 = shifted((60, 0, 64, 5), 0.9, (64, 64), rng)
        assert 0 <= x0 < x1 <= 64
        assert 0 <= y0 < y1 <= 64


def test_a_batch_depends_on_seed_and_step_alone(tiny_promptable: PromptableConfig) -> None:
    views = Views(load_pictures(tiny_promptable.pictures, "train"), tiny_promptable)
    first, again, other = (draw_batch(views, tiny_promptable, step, 0.5) for step in (7, 7, 8))
    for name, value in vars(first).items():
        assert np.array_equal(value, getattr(again, name)), name
    assert not np.array_equal(first.seen, other.seen)
    assert first.target.min() >= 0
    assert first.target.max() <= 1
    # The whole region is at least what the window shows of it.
    assert (first.target.sum((1, 2)) <= first.whole * 1.15 + 30).all()


def test_the_loss_falls_with_the_answer() -> None:
    target = torch.zeros(2, 96, 96)
    target[0, 20:60, 20:60] = 1
    batch = {
        "target": target,
        "whole": torch.tensor([1600.0, 0.0]),
        "maps": torch.ones(2, 4, 96, 96),
    }
    right, iou = loss_of((target * 2 - 1) * 9, torch.tensor([6.0, -6.0]), batch)
    wrong, none = loss_of((target * 2 - 1) * -9, torch.tensor([-6.0, 6.0]), batch)
    assert right < 0.02 < wrong
    assert iou == pytest.approx(1.0)
    assert none == 0.0


def test_a_killed_run_goes_on_as_if_it_had_not_been(
    tiny_promptable: PromptableConfig, tmp_path: Path
) -> None:
    quiet: list[str] = []
    whole = train_promptable(tiny_promptable, tmp_path / "whole", report=quiet.append)
    train_promptable(tiny_promptable, tmp_path / "cut", stop_after=2, report=quiet.append)
    cut = train_promptable(tiny_promptable, tmp_path / "cut", report=quiet.append)
    assert "going on after step 2" in quiet
    assert whole.name == cut.name == "final.pt"
    first, second = (checkpoint.load(path) for path in (whole, cut))
    assert first["step"] == second["step"] == 4
    for part in ("net", "ema"):
        for name, value in first[part].items():
            assert torch.equal(value, second[part][name]), name
    other = replace(tiny_promptable, context=8, steps=9)
    with pytest.raises(ModelError, match="another network"):
        train_promptable(other, tmp_path / "cut", report=quiet.append)


def test_what_ships_computes_what_was_trained(tmp_path: Path) -> None:
    torch.manual_seed(1)
    config = promptable_from(
        {
            "land": ["water"],
            "objects": [],
            "steps": 1,
            "encoder": [8, 8, 16, 16, 16],
            "decoder": [8, 16, 16, 16],
            "context": 8,
        }
    )
    network = build_network(config)
    with torch.no_grad():  # statistics and a head that decide something
        for value in network.parameters():
            value.add_(torch.randn_like(value) * 0.05)
    network.eval()
    card = write_promptable(*export_promptable(network), config, {}, tmp_path)
    before = card.path.read_bytes()
    absent = replace(config.pictures, data=str(tmp_path), sources={"a": SourceConfig("a/*.png", 0.5, 1.0)})
    for other, refused, says in (
        (replace(config, shared=True), ModelError, "differ in `shared`"),
        (replace(config, pictures=absent), UsageError, "check --data"),
    ):
        with pytest.raises(refused, match=says):
            release_promptable(other, card.path, tmp_path, "never used", report=lambda line: None)
    assert card.path.read_bytes() == before, "nothing is written before all is there"
    shipped = EmbeddedPromptable(card, exact=True)
    rng = np.random.default_rng(3)
    image = rng.integers(0, 255, (90, 140, 3), np.uint8)
    encoded = shipped.encode(image)
    assert encoded.size == (90, 140)
    assert encoded.nbytes > image.nbytes
    features = encoded.features[0]
    with torch.no_grad():
        own = network.encode(torch.from_numpy(to_encode(image, (96, 160)))[None])
    # Weights are stored in float16.
    assert np.abs(features - own.numpy()).max() < 0.02 * float(own.abs().max())

    def by_torch(
        features: np.ndarray, seen: np.ndarray, maps: np.ndarray, grid: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        with torch.no_grad():
            tensors = (torch.from_numpy(each) for each in (features, seen, maps, grid))
            logits, scores = network.decode(*tensors)
        calls.append((logits.numpy(), scores.sigmoid().numpy(), (features, seen, maps, grid)))
        return calls[-1][0], calls[-1][1]

    calls: list[tuple[np.ndarray, np.ndarray, tuple[np.ndarray, ...]]] = []
    prompts = [Prompt((20, 20, 60, 70), ((30, 30), (40, 50))), Prompt(None, ((100, 40),), ((5, 5),))]
    decoded(encoded, prompts, by_torch)
    shipped.decode(encoded, prompts)  # opens the decoder
    for logits, scores, inputs in calls:
        found = shipped._run(*inputs)
        assert np.abs(found[0] - logits).max() < 0.02 * np.abs(logits).max()
        assert np.abs(found[1] - scores).max() < 0.01


def test_each_window_meets_the_features_of_its_own_image() -> None:
    torch.manual_seed(0)
    network = PromptableNetwork((4, 4, 8, 8, 8), (4, 8, 8, 8), 4).eval()
    features = torch.randn(2, 4, 8, 8)
    seen = torch.randint(0, 255, (4, 96, 96, 3), dtype=torch.uint8)
    maps, grid = torch.rand(4, 4, 96, 96), torch.rand(4, 12, 12, 2) * 2 - 1
    with torch.no_grad():
        together, _ = network.decode(features, seen, maps, grid)
        for image in range(2):
            own = slice(2 * image, 2 * image + 2)
            alone, _ = network.decode(features[image : image + 1], seen[own], maps[own], grid[own])
            assert torch.allclose(together[own], alone, atol=1e-5)


def known_network() -> PromptableNetwork:
    """A small network with an encoder of timm, whose normalisation decides something."""
    pytest.importorskip("timm")
    torch.manual_seed(2)
    network = PromptableNetwork("test_efficientnet", (4, 8, 8, 8), 8)
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if name.endswith(("running_mean", "running_var", "bias")):
                value.add_(torch.rand_like(value) * 0.5)
    return network.eval()


class Segmenter(torch.nn.Module):
    """A segmenter with an encoder."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder, self.head = encoder, torch.nn.LazyConv2d(3, 1)

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.head(self.encoder(picture)[-1])
        return logits


def test_an_encoder_left_to_a_segmenters_file_computes_the_same() -> None:
    openvino = pytest.importorskip("openvino")
    network = known_network()
    segmenter = Segmenter(network.encoder.backbone).eval()
    segmenter(torch.zeros(1, 3, 64, 64))
    backbone = export_onnx(segmenter, [0.5] * 3, [0.5] * 3)
    whole, decoder = export_promptable(network)
    rest, same = export_promptable(network, backbone)
    assert decoder == same
    assert len(rest) < len(whole) / 2
    core, exact = openvino.Core(), {"INFERENCE_PRECISION_HINT": "f32"}
    graph = joined(core.read_model(backbone), core.read_model(rest))
    image = np.random.default_rng(1).integers(0, 256, (1, 96, 64, 3), np.uint8)
    one, other = (
        core.compile_model(model, "CPU", exact)([image])[0] for model in (core.read_model(whole), graph)
    )
    assert one.shape == (1, 8, 12, 8)
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4 * float(np.abs(one).max()))


def test_only_the_segmenters_own_encoder_is_left_to_its_file() -> None:
    content = load_card().content
    with pytest.raises(ModelError, match="not those of the segmenter that ships"):
        export_promptable(known_network(), content)
    with pytest.raises(ModelError, match="not those of the segmenter that ships"):
        export_promptable(PromptableNetwork((4, 4, 8, 8, 8), (4, 8, 8, 8), 4), content)


def test_the_shipped_configuration_leaves_its_encoder_to_the_segmenter(tmp_path: Path) -> None:
    pytest.importorskip("timm")
    config = replace(load_promptable("configs/promptable.yaml"), decoder=(4, 8, 8, 8))
    network = build_network(config)
    start_encoder(network.encoder.backbone, str(config.start))
    segmenter = load_card()
    card = write_promptable(*export_promptable(network, segmenter.content), config, {}, tmp_path)
    assert card.backbone is not None
    assert card.backbone.sha256 == segmenter.sha256
    image = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    features = EmbeddedPromptable(card, exact=True).encode(image).features[0]
    with torch.no_grad():
        own = network.eval().encode(torch.from_numpy(image)[None]).numpy()
    # The graph's weights have eight bits: another encoder's features would be off by half of themselves.
    assert np.linalg.norm(features - own) < 0.1 * np.linalg.norm(own)


def test_scores_rank_a_perfect_segmenter_first() -> None:
    from planimeter.reason.promptable import Encoded
    from planimeter.reason.tiny import BoxSegmenter

    views = [shape_view(make_scene(seed)) for seed in range(6)]

    class Perfect:
        """Gives the shape that overlaps most with a prompt's box."""

        name = "perfect"

        def encode(self, image: np.ndarray) -> Encoded:
            (view,) = [view for view in views if view.image is image]
            return Encoded((64, 64), view, 1)

        def decode(self, encoded: Encoded, prompts: list[Prompt]) -> np.ndarray:
            boxes = BoxSegmenter().decode(encoded, prompts)
            masks = [[encoded.features.mask(region) for region in encoded.features.regions] for _ in boxes]
            return np.array([max(own, key=lambda mask: (mask & box).sum()) for own, box in zip(masks, boxes)])  # noqa: B905

    ways = ("true box", "box off by 35 %")
    perfect, boxes = (evaluate_prompts(one, views, ways) for one in (Perfect(), BoxSegmenter()))
    assert perfect[0].iou == 1.0
    assert 0.5 < boxes[0].iou < 1.0
    assert boxes[1].iou < boxes[0].iou
    assert "shapes" in table(boxes)


def test_configurations_are_checked(tmp_path: Path) -> None:
    for given, match in (
        ({"land": [], "objects": []}, "exactly one"),
        ({"land": [], "objects": [], "steps": 1, "colour": 3}, "colour"),
        ({"land": [], "objects": [], "steps": 1, "pictures": {}}, "has pictures"),
        ({"land": [], "objects": [], "steps": 1, "prompts": {"voice": 1}}, "voice"),
        ({"land": [], "objects": [], "steps": 1, "shared": True}, "new weights"),
    ):
        with pytest.raises(UsageError, match=match):
            promptable_from(given)
    with pytest.raises(UsageError, match="cannot be read"):
        load_promptable(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_text("a: [")
    with pytest.raises(UsageError, match="no YAML"):
        load_promptable(tmp_path / "bad.yaml")
    for text in ("", "- land", "land"):
        (tmp_path / "bad.yaml").write_text(text)
        with pytest.raises(UsageError, match=r"bad\.yaml must be a table"):
            load_promptable(tmp_path / "bad.yaml")


def test_the_shipped_configuration_never_trains_on_validation_pictures(data_dir: Path) -> None:
    config = load_promptable("configs/promptable.yaml").with_data(str(data_dir))
    config = replace(
        config, pictures=replace(config.pictures, worlds=replace(config.pictures.worlds, count=0))
    )
    sources = {name: config.pictures.sources[name] for name in ("solar",)}
    config = replace(config, pictures=replace(config.pictures, sources=sources))
    names = {
        split: {picture.name for picture in load_pictures(config.pictures, split)}
        for split in ("train", "validation")
    }
    assert names["validation"]
    assert not names["train"] & names["validation"]


def test_averaged_weights_are_what_is_released(tiny_promptable: PromptableConfig, tmp_path: Path) -> None:
    path = train_promptable(replace(tiny_promptable, steps=2), tmp_path, report=lambda line: None)
    network, state = network_from(path, tiny_promptable), checkpoint.load(path)
    for name, value in network.state_dict().items():
        assert torch.equal(value, state["ema"][name]), name


def test_the_command_trains_and_exports(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from planimeter.cli.train import command
    from planimeter.train.promptable import evaluate

    monkeypatch.setattr(evaluate, "_SHAPE_SCENES", 2)
    config = tmp_path / "tiny.yaml"
    config.write_text(
        "land: [water]\nobjects: [road]\nsteps: 9\nencoder: [4, 4, 8, 8, 8]\ndecoder: [4, 8, 8, 8]\ncontext: 4\n"
        "images: 1\nper_image: 2\nsources:\n  land: {images: 'land/?.png', gsd: 0.5, share: 1, complete: true, "
        "unknown: [0], land: {1: water}, objects: {road: [3]}, validation: [every 3], licence: ours}\n"
    )
    arguments = ["promptable", str(config), "--data", str(tiny_data), "--out", str(tmp_path / "run")]
    done = CliRunner().invoke(
        command, [*arguments, "--steps", "2", "--export", str(tmp_path / "weights")], catch_exceptions=False
    )
    assert done.exit_code == 0
    assert "points only" in done.output
    segmenter = EmbeddedPromptable(tmp_path / "weights" / "promptable.json")
    assert segmenter.card.record["training"]["steps"] == 2
    assert segmenter.card.record["data"]["land"] == "ours"
    assert segmenter.card.record["scores"]["shapes"]["regions"] > 0

    again = [
        "promptable",
        str(config),
        "--data",
        str(tiny_data),
        "--card",
        str(tmp_path / "weights" / "promptable.json"),
    ]
    done = CliRunner().invoke(command, [*again, "--export", str(tmp_path / "again")], catch_exceptions=False)
    assert done.exit_code == 0
    assert load_promptable_card(tmp_path / "again" / "promptable.json").record == segmenter.card.record
    with pytest.raises(UsageError, match="--export DIR"):
        CliRunner().invoke(command, again, catch_exceptions=False)
