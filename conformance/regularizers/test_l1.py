"""L1: how to draw a case, and its own laws."""

from layerproof.conformance.draw.vectors import FACTORS, vector_cases, whole_corners
from layerproof.conformance.kinks import at
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import PENALTY_LAWS, homogeneous_of_degree

ITEM = "regularizers.L1"


def cases(dtype):
    return vector_cases(ITEM, dtype, {"l1": FACTORS})


test_l1 = every_property(
    ITEM,
    cases,
    exact=True,
    examples=whole_corners(ITEM, l1=0.5),
    kinks=at(0.0),
    laws=(*PENALTY_LAWS, homogeneous_of_degree(1)),
    without={"gain": "one number per case: no survey has the elements that pooling needs"},
)
