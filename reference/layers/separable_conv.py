"""SeparableConv1D, SeparableConv2D: a depthwise convolution, then a mixture of the channels.

    z[b, p, c·m + j] = Σ_k x[b, p·stride + k·dilation - before, c] depthwise_kernel[k, c, j]
    y[b, p, f] = act( bias[f] + Σ_d z[b, p, d] pointwise_kernel[0, d, f] )

p is an output position and k a tap (one index per spatial axis each), j runs over the
m = depth_multiplier kernels of channel c, d over the C · m channels of z, and x is zero outside its
bounds. Where the windows lie is in ``windows``.

Source: https://keras.io/api/layers/convolution_layers/separable_convolution2d/ (Keras 3.15.1)
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from ..core import Array, Shape, Weights
from .convolution import check_arguments, finished
from .depthwise_conv import depthwise
from .windows import Sizes, Window, channels_of, to_channels_last, window


@dataclass(frozen=True)
class SeparableConv:
    """What both ranks share.

    Shapes
        x                 (batch, *spatial, C)        channels_first: (batch, C, *spatial)
        depthwise_kernel  (*kernel_size, C, m)
        pointwise_kernel  (1, …, C · m, filters)      a 1 per spatial axis
        bias              (filters,)                  if use_bias
        y                 (batch, *out, filters)      channels_first: (batch, filters, *out)
                          out as for Conv

    Ambiguous: where "same" padding goes, as for Conv; a stride and a dilation above 1 together,
    which is documented as incompatible. Here an error, as for the other convolutions.
    The output carries no mask, the documented default of layers that do not claim to support masks.

    Raises ValueError
        on construction: filters, depth_multiplier or an entry of kernel_size, strides or
            dilation_rate not positive; another number of entries; a stride and a dilation above 1
            together; a padding other than "valid" and "same" (in any case); an unknown data_format
            or activation
        on build and call: x of another rank; a window larger than x
    """

    filters: int
    kernel_size: Sizes
    strides: Sizes = 1
    padding: str = "valid"
    data_format: str | None = None
    dilation_rate: Sizes = 1
    depth_multiplier: int = 1
    activation: Any = None
    use_bias: bool = True
    depthwise_initializer: Any = "glorot_uniform"
    pointwise_initializer: Any = "glorot_uniform"
    bias_initializer: Any = "zeros"
    depthwise_regularizer: Any = None
    pointwise_regularizer: Any = None
    bias_regularizer: Any = None
    activity_regularizer: Any = None
    depthwise_constraint: Any = None
    pointwise_constraint: Any = None
    bias_constraint: Any = None

    rank: ClassVar[int]

    def __post_init__(self) -> None:
        positive = {"filters": self.filters, "depth_multiplier": self.depth_multiplier}
        check_arguments(self, self.window(), **positive)

    def window(self) -> Window:
        """The geometry of the depthwise kernel; the pointwise one has size and stride 1."""
        size = ("kernel_size", self.kernel_size)
        return window(self.rank, size, self.strides, self.padding, self.dilation_rate)

    def weights(self, x: Shape) -> dict[str, Shape]:
        lengths, channels = channels_of(x, self.data_format, self.rank)
        self.window().outputs(lengths)
        ones, between = (1,) * self.rank, channels * self.depth_multiplier
        shapes = {
            "depthwise_kernel": (*self.window().size, channels, self.depth_multiplier),
            "pointwise_kernel": (*ones, between, self.filters),
        }
        return shapes | ({"bias": (self.filters,)} if self.use_bias else {})

    def __call__(self, w: Weights, x: Array) -> Array:
        x = to_channels_last(x, self.data_format, self.rank)
        z = depthwise(self.window().over(x), w["depthwise_kernel"])
        y = z @ w["pointwise_kernel"].reshape(z.shape[-1], self.filters)
        return finished(self, y, w)

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None


@dataclass(frozen=True)
class SeparableConv1D(SeparableConv):
    """A depthwise convolution over time and a mixture of the features; see SeparableConv.

    >>> x = np.array([[[1.0, 10.0], [2.0, 20.0]]])
    >>> w = {"depthwise_kernel": np.ones((2, 2, 1)), "pointwise_kernel": np.ones((1, 2, 1))}
    >>> SeparableConv1D(1, 2)(w, x)
    array([[[33.]]])
    """

    rank = 1


@dataclass(frozen=True)
class SeparableConv2D(SeparableConv):
    """A depthwise convolution over height and width, and a mixture; see SeparableConv.

    >>> x = np.array([1.0, 2.0, 3.0]).reshape(1, 1, 3, 1)
    >>> kernel = {"depthwise_kernel": np.ones((1, 2, 1, 1))}
    >>> SeparableConv2D(1, (1, 2))(kernel | {"pointwise_kernel": np.full((1, 1, 1, 1), 2.0)}, x)
    array([[[[ 6.],
             [10.]]]])
    """

    strides: Sizes = (1, 1)
    dilation_rate: Sizes = (1, 1)

    rank = 2
