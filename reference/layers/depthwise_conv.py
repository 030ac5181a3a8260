"""DepthwiseConv1D, DepthwiseConv2D: every channel convolved with kernels of its own.

    y[b, p, c·m + j] = act( bias[c·m + j] +
                           Σ_k x[b, p·stride + k·dilation - before, c] depthwise_kernel[k, c, j] )

p is an output position and k a tap (one index per spatial axis each), j runs over the
m = depth_multiplier kernels of channel c, and x is zero outside its bounds. Where the windows lie
is in ``windows``.

Source: https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/ (Keras 3.15.1)
"""

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

import numpy as np

from ..core import Array, Shape, Weights
from .convolution import check_arguments, finished
from .windows import Sizes, Window, channels_of, to_channels_last, window


def depthwise(views: Array, kernel: Array) -> Array:
    """Windows ``(batch, *out, C, *size)`` times ``(*size, C, m)``: ``(batch, *out, C · m)``."""
    *size, channels, multiplier = kernel.shape
    outer, k = views.shape[: len(size) + 1], prod(size)
    views, kernel = views.reshape(*outer, channels, k), kernel.reshape(k, channels, multiplier)
    return np.einsum("...ck,kcj->...cj", views, kernel).reshape(*outer, channels * multiplier)


@dataclass(frozen=True)
class DepthwiseConv:
    """What both ranks share.

    Shapes
        x                 (batch, *spatial, C)       channels_first: (batch, C, *spatial)
        depthwise_kernel  (*kernel_size, C, m)
        bias              (C · m,)                   if use_bias
        y                 (batch, *out, C · m)       channels_first: (batch, C · m, *out)
                          out as for Conv

    Ambiguous: where "same" padding goes, as for Conv.
    The output carries no mask, the documented default of layers that do not claim to support masks.

    Raises ValueError
        on construction: depth_multiplier or an entry of kernel_size, strides or dilation_rate not
            positive; another number of entries; a stride and a dilation above 1 together; a padding
            other than "valid" and "same" (in any case); an unknown data_format or activation
        on build and call: x of another rank; a window larger than x
    """

    kernel_size: Sizes
    strides: Sizes = 1
    padding: str = "valid"
    depth_multiplier: int = 1
    data_format: str | None = None
    dilation_rate: Sizes = 1
    activation: Any = None
    use_bias: bool = True
    depthwise_initializer: Any = "glorot_uniform"
    bias_initializer: Any = "zeros"
    depthwise_regularizer: Any = None
    bias_regularizer: Any = None
    activity_regularizer: Any = None
    depthwise_constraint: Any = None
    bias_constraint: Any = None

    rank: ClassVar[int]

    def __post_init__(self) -> None:
        check_arguments(self, self.window(), depth_multiplier=self.depth_multiplier)

    def window(self) -> Window:
        """The geometry of the kernel."""
        size = ("kernel_size", self.kernel_size)
        return window(self.rank, size, self.strides, self.padding, self.dilation_rate)

    def weights(self, x: Shape) -> dict[str, Shape]:
        lengths, channels = channels_of(x, self.data_format, self.rank)
        self.window().outputs(lengths)
        shapes = {"depthwise_kernel": (*self.window().size, channels, self.depth_multiplier)}
        return shapes | ({"bias": (channels * self.depth_multiplier,)} if self.use_bias else {})

    def __call__(self, w: Weights, x: Array) -> Array:
        x = to_channels_last(x, self.data_format, self.rank)
        return finished(self, depthwise(self.window().over(x), w["depthwise_kernel"]), w)

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None


@dataclass(frozen=True)
class DepthwiseConv1D(DepthwiseConv):
    """Convolve each feature over time; see DepthwiseConv.

    >>> kernel = np.array([[[1.0, 2.0], [3.0, 4.0]]])
    >>> DepthwiseConv1D(1, depth_multiplier=2)({"depthwise_kernel": kernel}, np.ones((1, 1, 2)))
    array([[[1., 2., 3., 4.]]])
    """

    rank = 1


@dataclass(frozen=True)
class DepthwiseConv2D(DepthwiseConv):
    """Convolve each channel over height and width; see DepthwiseConv.

    >>> x = np.array([[1.0, 10.0], [2.0, 20.0]]).reshape(1, 1, 2, 2)
    >>> DepthwiseConv2D((1, 2))({"depthwise_kernel": np.ones((1, 2, 2, 1))}, x).ravel()
    array([ 3., 30.])
    """

    strides: Sizes = (1, 1)
    dilation_rate: Sizes = (1, 1)

    rank = 2
