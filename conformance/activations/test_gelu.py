"""gelu: how to draw a case, and what an implementation may do."""

import numpy as np
from hypothesis import strategies as st
from scipy.special import erf

from layerproof.conformance.draw.nonlinear import function_of_points, limit_on_the_left
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE

ITEM = "activations.gelu"

POINTS = (-10.0, -5.0, -3.5, 5.0)
"""Tails."""


def cases(dtype):
    return function_of_points(ITEM, dtype, {"approximate": st.booleans()}, POINTS)


def documented_formulas(program):
    """The documentation's own formulas, which cancel in the left tail."""

    def exact(w, x):
        return 0.5 * x * (1.0 + erf(x / 1.4142135623730951))

    def approximate(w, x):
        return 0.5 * x * (1.0 + np.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))

    return [approximate if program.case.config.get("approximate") else exact]


test_gelu = every_property(
    ITEM,
    cases,
    laws=(ELEMENTWISE,),
    alternates=documented_formulas,
    readings=limit_on_the_left,
)
