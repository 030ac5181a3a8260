"""log_softmax: the logarithm of softmax.

    f(x)_i = log(exp(x_i) / Σ_j exp(x_j)) = s_i - log(Σ_j exp(s_j)),   s = x - max(x)

i and j run along ``axis``; all else is independent.

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1).
"""

import numpy as np

from ..core import Array


def log_softmax(x: Array, axis: int = -1) -> Array:
    """Take logarithms of the softmax along ``axis``, without underflow.

    The sum is at least 1, the term of the maximum. The sum of all terms but that 1 goes into
    log1p, so that a slice ruled by one large element still gets its tiny -log(Σ) right.

    Accuracy: 3 ulp and n/2 more for a sum of n terms; at the maximum of a slice that it rules,
    up to |s_j| ulp for the rounding of s_j, the next largest, which a rounding of the input
    costs too.

    NaN anywhere in a slice makes the slice NaN; -inf gives -inf.

    Ambiguous: a slice that holds +inf or nothing but -inf. Readings: NaN throughout (here); for
    +inf, NaN there and -inf elsewhere.

    Ambiguous: an empty axis. Here the result is empty, like x.

    Raises ValueError
        axis outside the rank of x (``numpy.exceptions.AxisError``, a ValueError)

    >>> np.exp(log_softmax(np.log(np.array([1.0, 2.0, 1.0])))).round(12)
    array([0.25, 0.5 , 0.25])
    >>> log_softmax(np.array([0.0, -1000.0]))
    array([    0., -1000.])
    """
    if not x.size:
        return x
    s = x - x.max(axis, keepdims=True)
    e = np.exp(s)
    at_max = np.where(s == 0, e, 0.0).sum(axis, keepdims=True)
    below = np.where(s == 0, 0.0, e).sum(axis, keepdims=True)
    return s - np.log1p((at_max - 1.0) + below)
