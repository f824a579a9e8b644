"""In which numbers a training computes on the machine it is on."""

from __future__ import annotations

from collections.abc import Callable

import torch


def precision_here(wanted: str, device: str, report: Callable[[str], object] | None = None) -> str:
    """The precision that is wanted, or single where this processor would only imitate it.

    Without instructions for bfloat16 (AVX-512 at least), a processor multiplies such matrices twenty times slower than
    single ones.

    Args:
        wanted: "no", "bf16" or "fp16".
        device: type of the device: "cpu", "cuda".
        report: told where it is another one than wanted.

    Returns:
        "no", "bf16" or "fp16".

    Example:
        >>> precision_here("no", "cpu"), precision_here("bf16", "cuda")
        ('no', 'bf16')
    """
    if device != "cpu" or wanted == "no" or (wanted == "bf16" and _multiplies_bfloat16()):
        return wanted
    if report is not None:
        report(f"this processor has no instructions for {wanted}: computing in float32")
    return "no"


def _multiplies_bfloat16() -> bool:
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
