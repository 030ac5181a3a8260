"""tanh: hyperbolic tangent.

    f(x) = sinh(x) / cosh(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x))

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1).
"""

import numpy as np

from ..core import Array


def tanh(x: Array) -> Array:
    """Map the real line to (-1, 1), odd, with slope 1 at 0.

    NaN gives NaN, ±inf gives ±1, ±0 gives ±0.

    >>> tanh(np.array([-np.inf, 0.0, np.log(3.0)]))
    array([-1. ,  0. ,  0.8])
    """
    return np.tanh(x)
