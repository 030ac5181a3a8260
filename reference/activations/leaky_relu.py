"""leaky_relu: a rectifier that keeps a small slope on the left.

    f(x) = x                    if x > 0
    f(x) = negative_slope · x   otherwise

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1).
"""

import numpy as np

from ..core import Array


def leaky_relu(x: Array, negative_slope: float = 0.2) -> Array:
    """Multiply what is negative by ``negative_slope``.

    The documentation gives no formula, only "the slope for values lower than the threshold";
    the threshold is 0, as in the layer ``LeakyReLU``.

    NaN gives NaN, +inf gives +inf.

    Ambiguous: -inf with negative_slope = 0. Readings: NaN, the formula's 0 · -inf (here); 0, as
    relu gives.

    >>> leaky_relu(np.array([-10.0, 0.0, 5.0]))
    array([-2.,  0.,  5.])
    """
    return np.where(x > 0, x, negative_slope * x)
