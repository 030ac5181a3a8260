"""MinMaxNorm: how to draw a case, and its own laws."""

from hypothesis import strategies as st

from layerproof.conformance.draw.vectors import kinks_at_norms, vector_cases
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE, ODD

ITEM = "constraints.MinMaxNorm"

OPTIONAL = {  # the default of max_value is 1.0
    "min_value": st.sampled_from([0.5, 1, 1.0, 0.3]),
    "max_value": st.sampled_from([3.0, 2, 5.0, 3.3]),
    "rate": st.sampled_from([0.5, 0.25, 0.0, 0.7]),
}


def cases(dtype):
    return vector_cases(ITEM, dtype, OPTIONAL, axis=True, short=True)


def kinks(program):
    made = program.layer.apply
    return kinks_at_norms(program, made.min_value, made.max_value)


test_min_max_norm = every_property(ITEM, cases, kinks=kinks, laws=(ELEMENTWISE, ODD))
