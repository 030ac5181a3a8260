"""Mutants of chapter 2, the activations: a constant, a boundary or an argument that is off."""

from __future__ import annotations

import numpy as np

from ...reference import activations
from ...reference.core import Array
from . import Mutant


def gelu_tanh_for_erf(x: Array, approximate: bool = False) -> Array:
    """The tanh formula also for ``approximate=False``."""
    return activations.gelu(x, approximate=True)


def gelu_always_exact(x: Array, approximate: bool = False) -> Array:
    """The erf formula also for ``approximate=True``."""
    return activations.gelu(x, approximate=False)


def relu_threshold_ignored(
    x: Array, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Array:
    """``threshold`` is accepted and not used."""
    return activations.relu(x, negative_slope, max_value)


def relu_slope_from_zero(
    x: Array, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Array:
    """Below the threshold the line goes through 0, not through the threshold."""
    y = activations.relu(x, negative_slope, max_value, threshold)
    return np.where(x < threshold, negative_slope * x, y)


MUTANTS = {
    "activations.gelu.tanh_for_erf": Mutant(
        "activations.gelu", gelu_tanh_for_erf, "the tanh approximation is always used"
    ),
    "activations.gelu.always_exact": Mutant(
        "activations.gelu", gelu_always_exact, "approximate=True is ignored"
    ),
    "activations.relu.threshold_ignored": Mutant(
        "activations.relu", relu_threshold_ignored, "threshold is ignored"
    ),
    "activations.relu.slope_from_zero": Mutant(
        "activations.relu", relu_slope_from_zero, "negative_slope · x, not · (x - threshold)"
    ),
}
