"""elu: how to draw a case, and what an implementation may do."""

import numpy as np
from hypothesis import strategies as st

from layerproof.conformance.draw.nonlinear import function_of_points
from layerproof.conformance.kinks import at
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE

ITEM = "activations.elu"

POINTS = (-20.0, -1e-3, 0.0, 20.0)
"""The kink, and where exp(x) - 1 cancels or saturates."""


def cases(dtype):
    alpha = st.sampled_from([0.5, 2.0, 0.3, 0.0])
    return function_of_points(ITEM, dtype, {"alpha": alpha}, POINTS)


def kinks(program):
    """With alpha = 1 both pieces have the slope 1 at 0."""
    return {} if program.case.config.get("alpha", 1.0) == 1.0 else at(0.0)(program)


def documented_formula(program):
    """It cancels on the left of 0."""
    alpha = program.case.config.get("alpha", 1.0)

    def elu(w, x):
        return np.where(x > 0, x, alpha * (np.exp(np.where(x > 0, 0.0, x)) - 1.0))

    return [elu]


test_elu = every_property(
    ITEM, cases, kinks=kinks, laws=(ELEMENTWISE,), alternates=documented_formula
)
