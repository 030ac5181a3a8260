"""linear: how to draw a case."""

from layerproof.conformance.draw.nonlinear import function_of_points
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE, HOMOGENEOUS, ODD

ITEM = "activations.linear"


def cases(dtype):
    return function_of_points(ITEM, dtype)


test_linear = every_property(
    ITEM,
    cases,
    exact=True,
    laws=(ELEMENTWISE, ODD, HOMOGENEOUS),
    without={"gain": "moves values without rounding"},
)
