"""softplus: how to draw a case, and what an implementation may do."""

import numpy as np

from layerproof.conformance.draw.nonlinear import function_of_points, softplus_as_documented
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE

ITEM = "activations.softplus"

POINTS = (-80.0, -20.0, 10.0, 25.0)
"""Tails, and where formulas for one of them take over."""


def cases(dtype):
    return function_of_points(ITEM, dtype, points=POINTS)


def formulas(program):
    """The documented one, which cancels in the left tail, and the usual stable one."""
    return [lambda w, x: softplus_as_documented(x), lambda w, x: np.logaddexp(x, 0.0)]


test_softplus = every_property(ITEM, cases, laws=(ELEMENTWISE,), alternates=formulas)
