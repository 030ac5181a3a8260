"""Constraint, the base class: how to draw a case."""

from layerproof.conformance.draw.vectors import vector_cases
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE, HOMOGENEOUS

ITEM = "constraints.Constraint"


def cases(dtype):
    return vector_cases(ITEM, dtype)


test_constraint = every_property(
    ITEM,
    cases,
    exact=True,
    laws=(ELEMENTWISE, HOMOGENEOUS),
    without={"gain": "moves values without rounding"},
)
