"""linear: the identity.

    f(x) = x

Source: https://keras.io/api/layers/activations/ (Keras 3.15.1).
"""

from ..core import Array


def linear(x: Array) -> Array:
    """Return the input, unmodified.

    >>> linear(np.array([-1.0, 0.0, np.inf]))
    array([-1.,  0., inf])
    """
    return x
