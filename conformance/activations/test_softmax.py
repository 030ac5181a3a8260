"""softmax: how to draw a case, and what an implementation may do."""

from layerproof.conformance.draw.distributions import (
    REVERSED,
    function_along_axis,
    softmax_formulas,
    with_infinities,
)
from layerproof.conformance.spec import every_property

ITEM = "activations.softmax"


def cases(dtype):
    return function_along_axis(ITEM, dtype)


def readings(program):
    """Beside +inf the documented exp(x) / sum(exp(x)) is 0, not NaN."""
    return with_infinities(program, beside=0.0)


test_softmax = every_property(
    ITEM, cases, laws=(REVERSED,), alternates=softmax_formulas, readings=readings
)
