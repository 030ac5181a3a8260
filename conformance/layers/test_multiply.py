"""Multiply: how to draw a case."""

from layerproof.conformance.draw.merging import (
    COMMUTATIVE,
    MISMATCHED,
    NO_WEIGHTS,
    merged,
    refused,
)
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT, ELEMENTWISE

ITEM = "layers.Multiply"


def cases(dtype):
    return merged(ITEM, dtype)


def invalid(dtype):
    return refused(ITEM, dtype, MISMATCHED)


test_multiply = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    laws=(BATCH_INDEPENDENT, ELEMENTWISE, COMMUTATIVE),
    without=NO_WEIGHTS,
)
