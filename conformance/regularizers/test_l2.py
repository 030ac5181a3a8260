"""L2: how to draw a case, and its own laws."""

from layerproof.conformance.draw.vectors import FACTORS, vector_cases, whole_corners
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import PENALTY_LAWS, homogeneous_of_degree

ITEM = "regularizers.L2"


def cases(dtype):
    return vector_cases(ITEM, dtype, {"l2": FACTORS})


test_l2 = every_property(
    ITEM,
    cases,
    exact=True,
    examples=whole_corners(ITEM, l2=2.0),
    laws=(*PENALTY_LAWS, homogeneous_of_degree(2)),
    without={"gain": "one number per case: no survey has the elements that pooling needs"},
)
