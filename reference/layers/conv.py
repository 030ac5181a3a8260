"""Conv1D, Conv2D, Conv3D: the same small linear map at every position.

    y[b, p, f] = act( bias[f] + Σ_k Σ_c x[b, p·stride + k·dilation - before, c] kernel[k, c, f] )

p is an output position and k a tap of the kernel (one index per spatial axis each), x is zero
outside its bounds, and c runs over the C / groups channels of the group that f belongs to. Where
the windows lie is in ``windows``.

Source: https://keras.io/api/layers/convolution_layers/convolution2d/ (Keras 3.15.1)
"""

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

import numpy as np

from ..core import Array, Shape, Weights, check
from .convolution import check_arguments, finished
from .windows import Sizes, Window, channels_of, to_channels_last, window


@dataclass(frozen=True)
class Conv:
    """What the three ranks share: convolution, strictly cross-correlation.

    Shapes, with span = dilation · (size - 1) + 1 per spatial axis
        x       (batch, *spatial, C)                 channels_first: (batch, C, *spatial)
        kernel  (*kernel_size, C / groups, filters)
        bias    (filters,)                           if use_bias
        y       (batch, *out, filters)               channels_first: (batch, filters, *out)
                out = ⌈(spatial - span + 1) / stride⌉  if padding is "valid"
                out = ⌈spatial / stride⌉               if padding is "same" or "causal"

    Ambiguous: where "same" padding goes that is documented as even, if the amount is odd or the
    stride above 1. Here as ``windows`` says.
    The output carries no mask, the documented default of layers that do not claim to support masks.

    Raises ValueError
        on construction: filters, groups or an entry of kernel_size, strides or dilation_rate not
            positive; another number of entries; groups not dividing filters; a stride and a
            dilation above 1 together; an unknown padding (in any case), "causal" outside Conv1D;
            an unknown data_format or activation
        on build and call: x of another rank; groups not dividing C; a window larger than x
    """

    filters: int
    kernel_size: Sizes
    strides: Sizes = 1
    padding: str = "valid"
    data_format: str | None = None
    dilation_rate: Sizes = 1
    groups: int = 1
    activation: Any = None
    use_bias: bool = True
    kernel_initializer: Any = "glorot_uniform"
    bias_initializer: Any = "zeros"
    kernel_regularizer: Any = None
    bias_regularizer: Any = None
    activity_regularizer: Any = None
    kernel_constraint: Any = None
    bias_constraint: Any = None

    rank: ClassVar[int]
    paddings: ClassVar[tuple[str, ...]] = ("valid", "same")

    def __post_init__(self) -> None:
        check_arguments(self, self.window(), filters=self.filters, groups=self.groups)
        divides = self.filters % self.groups == 0
        check(divides, f"groups={self.groups} does not divide filters={self.filters}")

    def window(self) -> Window:
        """The geometry of the kernel."""
        size = ("kernel_size", self.kernel_size)
        rest = (self.strides, self.padding, self.dilation_rate, self.paddings)
        return window(self.rank, size, *rest)

    def weights(self, x: Shape) -> dict[str, Shape]:
        lengths, channels = channels_of(x, self.data_format, self.rank)
        self.window().outputs(lengths)
        divides = channels % self.groups == 0
        check(divides, f"groups={self.groups} does not divide the {channels} channels of {x}")
        shapes = {"kernel": (*self.window().size, channels // self.groups, self.filters)}
        return shapes | ({"bias": (self.filters,)} if self.use_bias else {})

    def __call__(self, w: Weights, x: Array) -> Array:
        x = to_channels_last(x, self.data_format, self.rank)
        views = self.window().over(x)  # (batch, *out, C, *size)
        outer = views.shape[: self.rank + 1]  # (batch, *out)

        # g: group, c: channel of the group, k: tap, f: filter of the group.
        per_group, g, k = x.shape[-1] // self.groups, self.groups, prod(self.window().size)
        views = views.reshape(*outer, g, per_group, k)
        kernel = w["kernel"].reshape(k, per_group, g, self.filters // g)
        y = np.einsum("...gck,kcgf->...gf", views, kernel).reshape(*outer, self.filters)
        return finished(self, y, w)

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None


@dataclass(frozen=True)
class Conv1D(Conv):
    """Convolve over time; see Conv. With "causal", y at t depends on no x after t.

    >>> x = np.array([[[1.0], [2.0], [3.0]]])
    >>> Conv1D(1, 2, padding="causal")({"kernel": np.ones((2, 1, 1))}, x).ravel()
    array([1., 3., 5.])
    """

    rank = 1
    paddings = ("valid", "same", "causal")


@dataclass(frozen=True)
class Conv2D(Conv):
    """Convolve over height and width; see Conv.

    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 2, 1)
    >>> kernel = np.array([1.0, 10.0, 100.0, 1000.0]).reshape(2, 2, 1, 1)
    >>> Conv2D(1, 2)({"kernel": kernel}, x).ravel()
    array([4321.])
    """

    strides: Sizes = (1, 1)
    dilation_rate: Sizes = (1, 1)

    rank = 2


@dataclass(frozen=True)
class Conv3D(Conv):
    """Convolve over three spatial axes; see Conv.

    >>> x = np.array([1.0, 2.0, 3.0]).reshape(1, 1, 1, 3, 1)
    >>> Conv3D(1, (1, 1, 2))({"kernel": np.ones((1, 1, 2, 1, 1))}, x).ravel()
    array([3., 5.])
    """

    strides: Sizes = (1, 1, 1)
    dilation_rate: Sizes = (1, 1, 1)

    rank = 3
