"""sigmoid: how to draw a case, and what an implementation may do."""

import numpy as np

from layerproof.conformance.draw.nonlinear import function_of_points
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE

ITEM = "activations.sigmoid"


def cases(dtype):
    return function_of_points(ITEM, dtype)


def documented_formula(program):  # noqa: ARG001
    """Its exponential overflows on the far left, where the quotient is 0 all the same."""
    return [lambda w, x: 1.0 / (1.0 + np.exp(-x))]


test_sigmoid = every_property(ITEM, cases, laws=(ELEMENTWISE,), alternates=documented_formula)
