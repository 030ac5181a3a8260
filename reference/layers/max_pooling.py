"""MaxPooling1D, MaxPooling2D, MaxPooling3D: the largest value of every window.

    y[b, p, c] = max over k of x[b, p·stride + k - before, c]

p is an output position and k a position in the window (one index per spatial axis each); positions
outside x are left out. Where the windows lie is in ``windows``.

Source: https://keras.io/api/layers/pooling_layers/max_pooling2d/ (Keras 3.15.1)
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array
from .pooling import Pooling
from .windows import Sizes


@dataclass(frozen=True)
class MaxPooling(Pooling):
    """What the three ranks share; see Pooling.

    Ambiguous: a nan in a window. Readings: the result is nan (here, as for numpy.max); left out.
    """

    def pooled(self, x: Array) -> Array:
        least = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
        return self.window().over(x, fill=least).max(self.taps())


@dataclass(frozen=True)
class MaxPooling1D(MaxPooling):
    """The largest value of every few steps; see Pooling.

    >>> MaxPooling1D()({}, np.array([[[1.0], [3.0], [2.0], [0.0], [9.0]]])).ravel()
    array([3., 2.])
    """

    pool_size: Sizes = 2

    rank = 1


@dataclass(frozen=True)
class MaxPooling2D(MaxPooling):
    """The largest value of every few rows and columns; see Pooling.

    >>> x = np.array([[1.0, 2.0, -3.0], [4.0, 3.0, -1.0]]).reshape(1, 2, 3, 1)
    >>> MaxPooling2D(padding="same")({}, x).ravel()
    array([ 4., -1.])
    """

    pool_size: Sizes = (2, 2)

    rank = 2


@dataclass(frozen=True)
class MaxPooling3D(MaxPooling):
    """The largest value of every block; see Pooling.

    >>> x = np.array([1.0, 3.0, 2.0]).reshape(1, 1, 1, 3, 1)
    >>> MaxPooling3D((1, 1, 2), strides=1)({}, x).ravel()
    array([3., 3.])
    """

    pool_size: Sizes = (2, 2, 2)

    rank = 3
