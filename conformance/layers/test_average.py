"""Average: how to draw a case, bytes among the inputs."""

from layerproof.conformance.draw.merging import (
    BYTES,
    COMMUTATIVE,
    MISMATCHED,
    NO_WEIGHTS,
    merged,
    refused,
)
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT, ELEMENTWISE, HOMOGENEOUS

ITEM = "layers.Average"


def cases(dtype):
    return merged(ITEM, dtype, whole=BYTES)


def invalid(dtype):
    return refused(ITEM, dtype, MISMATCHED)


test_average = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    laws=(BATCH_INDEPENDENT, ELEMENTWISE, HOMOGENEOUS, COMMUTATIVE),
    without=NO_WEIGHTS,
)
