"""softmax: how to draw a case, and what an implementation may do."""

import numpy as np

from layerproof.conformance.draw.distributions import (
    REVERSED,
    along,
    function_along_axis,
    with_infinities,
)
from layerproof.conformance.spec import every_property

ITEM = "activations.softmax"


def cases(dtype):
    return function_along_axis(ITEM, dtype)


def formulas(program):
    """The sum inverted once, then multiplied; any shift will do, and none need be differentiated."""
    axis = along(program)

    def reciprocal(w, x):
        e = np.exp(x - x.max(axis, keepdims=True))
        return e * (1.0 / e.sum(axis, keepdims=True))

    def shifted_by_a_constant(w, x):
        e = np.exp(x - np.floor(x.max(axis, keepdims=True)))
        return e / e.sum(axis, keepdims=True)

    return [reciprocal, shifted_by_a_constant]


def readings(program):
    """Beside +inf the documented exp(x) / sum(exp(x)) is 0, not NaN."""
    return with_infinities(program, beside=0.0)


test_softmax = every_property(
    ITEM, cases, laws=(REVERSED,), alternates=formulas, readings=readings
)
