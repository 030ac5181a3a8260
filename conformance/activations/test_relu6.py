"""relu6: how to draw a case."""

from layerproof.conformance.draw.nonlinear import function_of_points, subnormals_kept
from layerproof.conformance.kinks import at
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE

ITEM = "activations.relu6"


def cases(dtype):
    return function_of_points(ITEM, dtype, points=(0.0, 6.0, 7.0))


test_relu6 = every_property(
    ITEM,
    cases,
    exact=True,
    kinks=at(0.0, 6.0),
    readings=subnormals_kept,
    laws=(ELEMENTWISE,),
    without={"gain": "moves values without rounding"},
)
