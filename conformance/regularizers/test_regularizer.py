"""Regularizer, the base class: how to draw a case."""

from layerproof.conformance.draw.vectors import vector_cases
from layerproof.conformance.spec import every_property

ITEM = "regularizers.Regularizer"


def cases(dtype):
    return vector_cases(ITEM, dtype)


test_regularizer = every_property(
    ITEM,
    cases,
    without={
        "gain": "no rounding: the penalty is 0",
        "config": "the base class has no arguments; it documents get_config for subclasses",
    },
)
