"""Subtract: how to draw a case."""

from layerproof.conformance.draw.merging import (
    ANTISYMMETRIC,
    MISMATCHED,
    NO_WEIGHTS,
    merged,
    refused,
)
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT, ELEMENTWISE, HOMOGENEOUS

ITEM = "layers.Subtract"


def cases(dtype):
    return merged(ITEM, dtype, counts=(2,))


def invalid(dtype):
    return refused(ITEM, dtype, [*MISMATCHED, ({}, [(2, 3)]), ({}, [(2, 3)] * 3)])


test_subtract = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    laws=(BATCH_INDEPENDENT, ELEMENTWISE, HOMOGENEOUS, ANTISYMMETRIC),
    without=NO_WEIGHTS,
)
