"""mish: how to draw a case, and what an implementation may do."""

import numpy as np

from layerproof.conformance.draw.nonlinear import (
    function_of_points,
    limit_on_the_left,
    softplus_as_documented,
)
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE

ITEM = "activations.mish"

POINTS = (-80.0, -20.0, -5.0, 20.0)
"""Tails, and where formulas for one of them take over."""


def cases(dtype):
    return function_of_points(ITEM, dtype, points=POINTS)


def documented_formula(program):
    """Its softplus cancels in the left tail."""
    return [lambda w, x: x * np.tanh(softplus_as_documented(x))]


test_mish = every_property(
    ITEM, cases, laws=(ELEMENTWISE,), alternates=documented_formula, readings=limit_on_the_left
)
