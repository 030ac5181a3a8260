"""GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D: the largest value of every channel.

    y[b, c] = max over p of x[b, p, c]

p runs over all positions, one index per spatial axis. A nan among them makes it nan.

Source: https://keras.io/api/layers/pooling_layers/global_max_pooling2d/ (Keras 3.15.1)
"""

from dataclasses import dataclass

from ..core import Array, Weights
from .pooling import GlobalPooling


@dataclass(frozen=True)
class GlobalMaxPooling(GlobalPooling):
    """What the three ranks share; see GlobalPooling."""

    def __call__(self, w: Weights, x: Array) -> Array:
        self.check_input(x)
        return x.max(self.axes(), keepdims=self.keepdims)


@dataclass(frozen=True)
class GlobalMaxPooling1D(GlobalMaxPooling):
    """The largest value over time; see GlobalPooling.

    >>> GlobalMaxPooling1D()({}, np.array([[[1, 20], [2, 10]]]))
    array([[ 2, 20]])
    """

    rank = 1


@dataclass(frozen=True)
class GlobalMaxPooling2D(GlobalMaxPooling):
    """The largest value of every image and channel; see GlobalPooling.

    >>> GlobalMaxPooling2D("channels_first", keepdims=True)({}, np.array([[[[1, 2], [4, 3]]]]))
    array([[[[4]]]])
    """

    rank = 2


@dataclass(frozen=True)
class GlobalMaxPooling3D(GlobalMaxPooling):
    """The largest value over three spatial axes; see GlobalPooling.

    >>> GlobalMaxPooling3D()({}, np.array([1, 3, 2]).reshape(1, 1, 1, 3, 1))
    array([[3]])
    """

    rank = 3
