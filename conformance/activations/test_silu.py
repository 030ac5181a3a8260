"""silu: how to draw a case, and what an implementation may do."""

import numpy as np

from layerproof.conformance.draw.nonlinear import function_of_points, limit_on_the_left
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE

ITEM = "activations.silu"

POINTS = (-80.0, -20.0, -5.0, 20.0)
"""Tails, and where formulas for one of them take over."""


def cases(dtype):
    return function_of_points(ITEM, dtype, points=POINTS)


def quotient(program):
    """One operation less; the exponential overflows on the far left, where the result is 0."""
    return [lambda w, x: x / (1.0 + np.exp(-x))]


test_silu = every_property(
    ITEM, cases, laws=(ELEMENTWISE,), alternates=quotient, readings=limit_on_the_left
)
