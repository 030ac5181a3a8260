"""NonNeg: how to draw a case, and its own laws."""

from layerproof.conformance.draw.vectors import vector_cases
from layerproof.conformance.kinks import at
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE, HOMOGENEOUS

ITEM = "constraints.NonNeg"


def cases(dtype):
    return vector_cases(ITEM, dtype)


test_non_neg = every_property(
    ITEM,
    cases,
    exact=True,
    kinks=at(0.0),
    laws=(ELEMENTWISE, HOMOGENEOUS),
    without={"gain": "moves values without rounding"},
)
