"""The encoder goes on where the segmenter that ships leaves off, so that its weights lie in the package once."""

from __future__ import annotations

from typing import Any

from planimeter.errors import ModelError


def joined(backbone: Any, encoder: Any) -> Any:
    """Two graphs as one, which takes what the first takes and gives what the second gives.

    Args:
        backbone: an OpenVINO model; what it computes beyond the features that are taken from it falls away.
        encoder: another, whose inputs carry the names of tensors inside the first; it is taken apart.

    Raises:
        ModelError: the first holds no tensor of such a name.

    Example:
        >>> from openvino import Model, opset8 as o
        >>> picture, feature = o.parameter([1, 2], name="picture"), o.parameter([1, 2], name="f")
        >>> inside = o.negative(picture)
        >>> inside.output(0).set_names({"inside"})
        >>> feature.output(0).set_names({"inside"})
        >>> whole = joined(
        ...     Model([o.exp(inside)], [picture], "segmenter"), Model([o.abs(feature)], [feature], "encoder")
        ... )
        >>> [op.get_type_name() for op in whole.get_ordered_ops()]
        ['Parameter', 'Negative', 'Abs', 'Result']
    """
    import openvino

    inside = {
        name: output for op in backbone.get_ops() for output in op.outputs() for name in output.get_names()
    }
    for feature in encoder.inputs:
        name = feature.get_any_name()
        if name not in inside:
            raise ModelError(
                f"The segmenter's model file holds no features {name[:80]!r}, which the promptable segmenter goes on "
                "from: export it again with `planimeter train promptable`."
            )
        for reader in feature.get_target_inputs():
            reader.replace_source_output(inside[name])
    return openvino.Model(encoder.get_results(), backbone.get_parameters(), "encoder")
