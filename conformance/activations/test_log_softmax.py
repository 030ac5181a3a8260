"""log_softmax: how to draw a case, and what an implementation may do."""

import numpy as np

from layerproof.conformance.draw.distributions import (
    REVERSED,
    along,
    function_along_axis,
    with_infinities,
)
from layerproof.conformance.spec import every_property

ITEM = "activations.log_softmax"


def cases(dtype):
    return function_along_axis(ITEM, dtype)


def formulas(program):
    """The sum's logarithm without log1p, subtracted after the maximum or together with it."""
    axis = along(program)

    def after(w, x):
        s = x - x.max(axis, keepdims=True)
        return s - np.log(np.exp(s).sum(axis, keepdims=True))

    def together(w, x):
        m = x.max(axis, keepdims=True)
        return x - (m + np.log(np.exp(x - m).sum(axis, keepdims=True)))

    return [after, together]


def readings(program):
    """Beside +inf the logarithm of the documented softmax, which is 0 there."""
    return with_infinities(program, beside=-np.inf)


test_log_softmax = every_property(
    ITEM, cases, laws=(REVERSED,), alternates=formulas, readings=readings
)
