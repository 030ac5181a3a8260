"""L1L2: how to draw a case, and its own laws."""

from layerproof.conformance.draw.vectors import FACTORS, vector_cases, whole_corners
from layerproof.conformance.kinks import at
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import PENALTY_LAWS

ITEM = "regularizers.L1L2"


def cases(dtype):
    return vector_cases(ITEM, dtype, {"l1": FACTORS, "l2": FACTORS})


def kinks(program):
    return at(0.0)(program) if program.layer.apply.l1 else {}


test_l1_l2 = every_property(
    ITEM,
    cases,
    exact=True,
    examples=whole_corners(ITEM, l1=0.5, l2=2.0),
    kinks=kinks,
    laws=PENALTY_LAWS,
    without={"gain": "one number per case: no survey has the elements that pooling needs"},
)
