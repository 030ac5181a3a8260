"""tanh: how to draw a case, and its oddness."""

from layerproof.conformance.draw.nonlinear import function_of_points
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE, ODD

ITEM = "activations.tanh"

POINTS = (-20.0, -9.0, 6.0, 9.0)
"""Tails, and where formulas for one of them take over."""


def cases(dtype):
    return function_of_points(ITEM, dtype, points=POINTS)


test_tanh = every_property(ITEM, cases, laws=(ELEMENTWISE, ODD))
