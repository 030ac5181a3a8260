"""softplus: a smooth rectifier.

    f(x) = log(exp(x) + 1)

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1).
"""

import numpy as np

from ..core import Array


def softplus(x: Array) -> Array:
    """Approach 0 on the left and x on the right, above both.

    Written as max(x, 0) + log(1 + exp(-|x|)): no overflow on the right, and on the left the
    tail exp(x) with its full relative accuracy.

    NaN gives NaN, -inf gives 0, +inf gives +inf.

    >>> np.exp(softplus(np.log(np.array([1.0, 3.0])))).round(12)
    array([2., 4.])
    """
    e = np.exp(np.where(x >= 0, -x, x))
    return np.where(x >= 0, x, 0.0) + np.log1p(e)
