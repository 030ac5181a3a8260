"""softmax: a vector of log-odds as a probability distribution.

    f(x)_i = exp(x_i) / Σ_j exp(x_j)

i and j run along ``axis``; all else is independent.

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1).
"""

import numpy as np

from ..core import Array


def softmax(x: Array, axis: int | tuple[int, ...] = -1) -> Array:
    """Exponentiate and divide by the sum along ``axis`` (several axes: over all jointly).

    Subtracting the maximum changes nothing in exact arithmetic and prevents overflow.

    Accuracy: 4 ulp and n/2 more for a sum of n terms, and up to |x_i - max| ulp for the rounding
    of that difference, which a rounding of the input costs too.

    NaN anywhere in a slice makes the slice NaN; -inf gives 0.

    Ambiguous: a slice that holds +inf or nothing but -inf. Readings: NaN throughout (here); for
    +inf, the formula's inf / inf = NaN there and 0 elsewhere.

    Ambiguous: an empty axis. Here the result is empty, like x.

    Raises ValueError
        axis outside the rank of x (``numpy.exceptions.AxisError``, a ValueError)

    >>> softmax(np.log(np.array([1.0, 2.0, 1.0])))
    array([0.25, 0.5 , 0.25])
    """
    if not x.size:
        return x
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
