"""exponential.

    f(x) = exp(x)

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1).
"""

import numpy as np

from ..core import Array


def exponential(x: Array) -> Array:
    """Raise e to the power of each element.

    NaN gives NaN, -inf gives 0, +inf gives +inf.

    >>> exponential(np.array([-np.inf, 0.0, np.log(4.0)]))
    array([0., 1., 4.])
    """
    return np.exp(x)
