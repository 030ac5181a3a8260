"""exponential: how to draw a case."""

from layerproof.conformance.draw.nonlinear import function_of_points
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE

ITEM = "activations.exponential"

POINTS = (-80.0, -20.0, 10.0, 25.0)
"""Tails, and where formulas for one of them take over."""


def cases(dtype):
    return function_of_points(ITEM, dtype, points=POINTS)


test_exponential = every_property(ITEM, cases, laws=(ELEMENTWISE,))
