"""MaxNorm: how to draw a case, and its own laws."""

from hypothesis import strategies as st

from layerproof.conformance.draw.vectors import kinks_at_norms, vector_cases
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE, ODD

ITEM = "constraints.MaxNorm"

LENGTHS = st.sampled_from([1.0, 3, 5.0, 0.3, 0.0])
"""Lengths that small integers reach exactly, one that every dtype must round, and 0."""


def cases(dtype):
    return vector_cases(ITEM, dtype, {"max_value": LENGTHS}, axis=True)


def kinks(program):
    return kinks_at_norms(program, program.layer.apply.max_value)


test_max_norm = every_property(ITEM, cases, kinks=kinks, laws=(ELEMENTWISE, ODD))
