"""Zeros, Ones, Constant: every element the same.

    w = 0          w = 1          w = value

Source: https://keras.io/api/layers/initializers/ (Keras 3.15.1)
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape


@dataclass(frozen=True)
class Zeros:
    """All zeros.

    >>> Zeros()((2,))
    array([0., 0.])
    """

    def __call__(self, shape: Shape) -> Array:
        return np.zeros(shape)


@dataclass(frozen=True)
class Ones:
    """All ones.

    >>> Ones()((2,))
    array([1., 1.])
    """

    def __call__(self, shape: Shape) -> Array:
        return np.ones(shape)


@dataclass(frozen=True)
class Constant:
    """All equal to the scalar ``value``.

    >>> Constant(10.0)((2,))
    array([10., 10.])
    """

    value: float = 0.0

    def __call__(self, shape: Shape) -> Array:
        return np.full(shape, float(self.value))
