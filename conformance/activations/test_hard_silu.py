"""hard_silu: how to draw a case, and what an implementation may do."""

import numpy as np

from layerproof.conformance.draw.nonlinear import function_of_points
from layerproof.conformance.kinks import at
from layerproof.conformance.spec import every_property
from layerproof.conformance.symmetries import ELEMENTWISE

ITEM = "activations.hard_silu"


def cases(dtype):
    return function_of_points(ITEM, dtype, points=(-3.0, 3.0))


def formulas(program):
    """The documented piece, and x times the documented hard_sigmoid; outer pieces as they are."""

    def joined(piece):
        def hard_silu(w, x):
            inner = np.minimum(np.maximum(x, -3.0), 3.0)
            return np.where(x > 3.0, x, piece(inner))

        return hard_silu

    return [joined(lambda x: x * (x + 3.0) / 6.0), joined(lambda x: x * (x * (1.0 / 6.0) + 0.5))]


test_hard_silu = every_property(
    ITEM, cases, kinks=at(-3.0, 3.0), laws=(ELEMENTWISE,), alternates=formulas
)
