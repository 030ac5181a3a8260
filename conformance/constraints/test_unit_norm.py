"""UnitNorm: how to draw a case, and its own laws."""

from layerproof.conformance.draw.vectors import vector_cases
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE, ODD

ITEM = "constraints.UnitNorm"


def cases(dtype):
    return vector_cases(ITEM, dtype, axis=True)


test_unit_norm = every_property(ITEM, cases, laws=(ELEMENTWISE, ODD))
