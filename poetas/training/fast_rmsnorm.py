"""RMSNorm with a hand-written backward pass that keeps and computes less.

The usual ones keep four float32 copies of their input for the gradient; four norms a layer made up a third of what
gemma3-270m keeps, and an eighth of its time on a CPU. Here the input itself and one number a row are kept, and the
gradient is written out. The weights are frozen (LoRA trains others).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class _RootMeanSquare(torch.autograd.Function):
    """``x / rms(x) * weight`` over the last dimension, computed in float32 (float64 for float64 input)."""

    @staticmethod
    def forward(ctx: Any, given: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
        exact = given.to(weight.dtype)
        inverse = torch.linalg.vector_norm(exact, dim=-1, keepdim=True).square_().div_(given.shape[-1])
        inverse = inverse.add_(epsilon).rsqrt_()
        ctx.save_for_backward(given, inverse, weight)
        normal: torch.Tensor = (exact * inverse).mul_(weight).to(given.dtype)
        return normal

    @staticmethod
    def backward(ctx: Any, *outer: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        given, inverse, weight = ctx.saved_tensors
        unit = given.to(weight.dtype) * inverse
        slope = outer[0].to(weight.dtype) * weight
        along = torch.linalg.vecdot(slope, unit).unsqueeze(-1).div_(given.shape[-1])
        return slope.sub_(unit.mul_(along)).mul_(inverse).to(given.dtype), None, None


def root_mean_square(given: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Normalise the rows of ``given`` [..., width] and scale by ``weight`` [width].

    >>> root_mean_square(torch.tensor([[3.0, 4.0]]), torch.ones(2), 0.0).square().mean().item()
    1.0
    """
    normal: torch.Tensor = _RootMeanSquare.apply(given, weight, epsilon)  # type: ignore[no-untyped-call]
    return normal


def use_fast_norms(model: nn.Module) -> int:
    """Replace the forward of every such norm in ``model`` and return how many there were.

    A norm is replaced only if the replacement gives what the norm itself gives (some scale by weight, Gemma by 1 +
    weight; any other kind stays as it is). Its weight must not be trained.
    """
    count = 0
    for norm in model.modules():
        weight = getattr(norm, "weight", None)
        if not type(norm).__name__.endswith("RMSNorm") or not isinstance(weight, nn.Parameter) or weight.requires_grad:
            continue
        epsilon = getattr(norm, "eps", getattr(norm, "variance_epsilon", None))
        scale = _scale(norm, weight, epsilon) if isinstance(epsilon, float) else None
        if scale is not None:
            norm.forward = _RMSNormForward(scale, float(epsilon or 0))
            count += 1
    return count


class _RMSNormForward:
    """Replacement for a norm's own forward."""

    def __init__(self, scale: torch.Tensor, epsilon: float) -> None:
        self._scale, self._epsilon = scale, epsilon

    def __call__(self, given: torch.Tensor) -> torch.Tensor:
        if self._scale.device != given.device:  # the model was moved to another device after this replaced its norm
            self._scale = self._scale.to(given.device)
        return root_mean_square(given, self._scale, self._epsilon)


def _scale(norm: nn.Module, weight: nn.Parameter, epsilon: float) -> torch.Tensor | None:
    """Return what the norm multiplies by, found by trying, or None where it is of another kind."""
    exact = weight.detach().to(torch.float64 if weight.dtype == torch.float64 else torch.float32)
    given = torch.linspace(-2.0, 3.0, 3 * weight.numel(), device=weight.device).reshape(3, -1).to(weight.dtype)
    near = 2e-2 if weight.dtype == torch.bfloat16 else 1e-4  # bfloat16: the norms differ by one rounding
    with torch.no_grad():
        try:
            expected = norm(given)
        except (TypeError, RuntimeError):
            return None
        for scale in (exact, 1 + exact):
            if torch.allclose(root_mean_square(given, scale, epsilon), expected, rtol=near, atol=near):
                return scale
    return None
