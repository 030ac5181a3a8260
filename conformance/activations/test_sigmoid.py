"""sigmoid: how to draw a case, and what an implementation may do."""

import numpy as np

from layerproof.conformance.draw.nonlinear import function_of_points
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE

ITEM = "activations.sigmoid"

POINTS = (-80.0, -20.0, 10.0, 20.0)
"""Tails, and where formulas for one of them take over."""


def cases(dtype):
    return function_of_points(ITEM, dtype, points=POINTS)


def formulas(program):
    """The documented one, whose exponential overflows on the far left, where the quotient is 0.

    And tanh on the right, where the derivative is then y · (1 - y), as it is usually computed.
    """

    def by_tanh(w, x):
        e = np.exp(np.where(x >= 0, -x, x))
        return np.where(x >= 0, 0.5 + 0.5 * np.tanh(0.5 * x), e / (1.0 + e))

    return [lambda w, x: 1.0 / (1.0 + np.exp(-x)), by_tanh]


test_sigmoid = every_property(ITEM, cases, laws=(ELEMENTWISE,), alternates=formulas)
