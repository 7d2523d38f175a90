"""Smoothing of a noisy series: a bias-corrected exponential moving average."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def smoothed(values: NDArray[np.float64], span: float) -> NDArray[np.float64]:
    """Return the exponential moving average of a series, float64[n], with its start bias corrected.

    The average ``m[t] = w m[t-1] + (1 - w) v[t]`` starts at zero; dividing by ``1 - w**t`` removes that zero from the
    first values (Kingma and Ba 2015, "Adam", section 3; TensorBoard smooths its curves so). The weight is that of a
    span of ``span`` values, ``w = 1 - 2 / (span + 1)``: a span of 1 changes nothing. Past values never change when new
    ones come, so a live line does not wobble. A value that is not finite is left out: the average stays as it was.

    >>> smoothed(np.array([4.0, 2.0, 2.0]), 3).round(2).tolist()
    [4.0, 2.67, 2.29]
    >>> smoothed(np.array([4.0, np.nan, 4.0]), 3).tolist()
    [4.0, 4.0, 4.0]
    """
    weight = 1 - 2 / (max(1.0, span) + 1)
    averages = np.empty(len(values))
    total = mass = 0.0
    for index, value in enumerate(values):
        if np.isfinite(value):
            total, mass = weight * total + (1 - weight) * value, weight * mass + (1 - weight)
        averages[index] = total / mass if mass else np.nan
    return averages
