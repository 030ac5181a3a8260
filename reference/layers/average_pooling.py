"""AveragePooling1D, AveragePooling2D, AveragePooling3D: the mean of every window.

    y[b, p, c] = mean over k of x[b, p·stride + k - before, c]

p is an output position and k a position in the window (one index per spatial axis each); positions
outside x are left out of the sum and of the count. Where the windows lie is in ``windows``.

Source: https://keras.io/api/layers/pooling_layers/average_pooling2d/ (Keras 3.15.1)
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array
from .pooling import Pooling


@dataclass(frozen=True)
class AveragePooling(Pooling):
    """What the three ranks share; see Pooling."""

    def pooled(self, x: Array) -> Array:
        inside = np.ones((1, *x.shape[1:-1], 1))
        counts = self.window().over(inside).sum(self.taps())
        return self.window().over(x).sum(self.taps()) / counts


@dataclass(frozen=True)
class AveragePooling1D(AveragePooling):
    """The mean of every few steps; see Pooling.

    >>> AveragePooling1D(2, padding="same")({}, np.array([[[1.0], [3.0], [9.0]]])).ravel()
    array([2., 9.])
    """

    rank = 1


@dataclass(frozen=True)
class AveragePooling2D(AveragePooling):
    """The mean of every few rows and columns; see Pooling.

    >>> AveragePooling2D(2)({}, np.array([[1.0, 2.0], [3.0, 6.0]]).reshape(1, 2, 2, 1)).ravel()
    array([3.])
    """

    rank = 2


@dataclass(frozen=True)
class AveragePooling3D(AveragePooling):
    """The mean of every block; see Pooling.

    >>> x = np.array([1.0, 3.0, 7.0]).reshape(1, 1, 1, 3, 1)
    >>> AveragePooling3D((1, 1, 2), strides=1)({}, x).ravel()
    array([2., 5.])
    """

    rank = 3
