"""Shape of a loss curve as it is sketched: losses in, falls, valley, flat or rises out."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from math import isfinite

from poetas.training.loss_trend import RISE

FLAT = 0.02  # share of the first loss: a curve that moves less does not seem to move


class CurveShape(StrEnum):
    """What a curve does from its first point to its last."""

    FALLS = "falls"
    VALLEY = "valley"
    FLAT = "flat"
    RISES = "rises"


def curve_shape(losses: Sequence[float]) -> CurveShape | None:
    """Return the shape of a curve; None with fewer than two points, or where the first is no positive number.

    >>> curve_shape([3.0, 2.4, 2.2]), curve_shape([3.0, 2.4, 2.9]), curve_shape([3.0, 2.99]), curve_shape([3.0, 3.4])
    (<CurveShape.FALLS: 'falls'>, <CurveShape.VALLEY: 'valley'>, <CurveShape.FLAT: 'flat'>, <CurveShape.RISES: 'rises'>)
    """
    if len(losses) < 2 or not (isfinite(losses[0]) and losses[0] > 0):  # noqa: PLR2004
        return None
    first, last = losses[0], losses[-1]
    low = min(loss for loss in losses if isfinite(loss))
    rises = not isfinite(last) or last - low > RISE * low
    if first - low < FLAT * first:
        return CurveShape.RISES if rises else CurveShape.FLAT
    return CurveShape.VALLEY if rises else CurveShape.FALLS
