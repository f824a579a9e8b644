"""High quality: eight looks, turned and mirrored, and their mean."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from planimeter.cli import group
from planimeter.errors import UsageError
from planimeter.raster import open_scene
from planimeter.segment import find_segmenter
from planimeter.segment.inference import RuntimeModel, load_card
from planimeter.segment.inference.views import TurnedModel
from planimeter.segment.unet import UNetSegmenter
from planimeter.worlds import make_world


def test_it_is_the_mean_of_eight_looks() -> None:
    model = RuntimeModel(load_card())
    pictures = np.stack([make_world(k, size=(96, 128)).image for k in (1, 2)])
    looks = []
    for source in (pictures, pictures.transpose(0, 2, 1, 3)):  # all eight from transposing and flipping
        for axes in ((), (1,), (2,), (1, 2)):
            logits = np.flip(model.logits(np.flip(source, axes).copy()), [axis + 1 for axis in axes])
            looks.append(logits if source is pictures else logits.transpose(0, 1, 3, 2))
    np.testing.assert_allclose(TurnedModel(model).logits(pictures), np.mean(looks, axis=0), atol=1e-4)


def test_a_turned_scene_gives_turned_masks(tmp_path: Path) -> None:
    """What one look does not give; sides are multiples of the stride, so that nothing is padded."""
    import cv2

    image = make_world(5, size=256).image
    cv2.imwrite(str(tmp_path / "a.png"), image)
    cv2.imwrite(str(tmp_path / "b.png"), np.rot90(image))
    scenes = [open_scene(tmp_path / name, gsd=0.5) for name in ("a.png", "b.png")]
    differing = {}
    for high in (False, True):
        shares = [UNetSegmenter(high=high).probabilities(scene, ["forest"])["forest"] for scene in scenes]
        differing[high] = np.abs(shares[0] - np.rot90(shares[1], -1)).max()
    assert differing[True] < 1e-3 < differing[False]


def test_names() -> None:
    plain, high = find_segmenter("default"), find_segmenter("default:high")
    assert high.name == f"{plain.name} in high quality"
    assert high.fingerprint() != plain.fingerprint()
    card = load_card().path
    assert find_segmenter(f"unet:{card},high").fingerprint() == high.fingerprint()
    with pytest.raises(UsageError, match="high and nothing else"):
        find_segmenter("default:best")


def test_the_command_line_looks_several_times(tmp_path: Path) -> None:
    paths = make_world(5, size=128).write(tmp_path)
    asked = ["ask", str(paths["image"]), "What percentage of the image is forest?", "--quality", "high"]
    assert "in high quality" in CliRunner().invoke(group, asked).output
    maps = ["--labels", str(paths["labels"]), "--legend", str(paths["legend"])]
    refused = CliRunner().invoke(group, [*asked, *maps])
    assert isinstance(refused.exception, UsageError)
    assert "several times" in str(refused.exception)


def test_the_command_knows_the_models_that_ship_from_their_one_list(monkeypatch) -> None:
    from planimeter.cli.options import in_quality
    from planimeter.segment.inference import card

    monkeypatch.setitem(card.MODELS, "third", "third-unet")
    assert in_quality("third", "high", False) == "third:high"
    with pytest.raises(UsageError, match=r"default, default-open, third and unet:CARD\.json"):
        in_quality("index", "high", False)
    script = "import sys, planimeter.cli\nassert not [name for name in sys.modules if 'planimeter.segment' in name]"
    subprocess.run([sys.executable, "-c", script], check=True)
