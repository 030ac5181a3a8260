"""exponential: how to draw a case."""

from layerproof.conformance.draw.nonlinear import function_of_points
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE

ITEM = "activations.exponential"


def cases(dtype):
    return function_of_points(ITEM, dtype)


test_exponential = every_property(ITEM, cases, laws=(ELEMENTWISE,))
