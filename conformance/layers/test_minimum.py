"""Minimum: how to draw a case, ties among the inputs."""

import numpy as np

from layerproof.conformance.draw.merging import (
    BYTES,
    COMMUTATIVE,
    MISMATCHED,
    NO_ROUNDING,
    merged,
    refused,
    ties,
    without_nan,
)
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import BATCH_INDEPENDENT, ELEMENTWISE, HOMOGENEOUS

ITEM = "layers.Minimum"


def cases(dtype):
    return merged(ITEM, dtype, whole=BYTES)


def invalid(dtype):
    return refused(ITEM, dtype, MISMATCHED)


test_minimum = every_property(
    ITEM,
    cases,
    invalid=invalid,
    exact=True,
    kinks=ties,
    readings=without_nan(np.minimum),
    laws=(BATCH_INDEPENDENT, ELEMENTWISE, HOMOGENEOUS, COMMUTATIVE),
    without=NO_ROUNDING,
)
