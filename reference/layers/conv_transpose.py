"""Conv1DTranspose, Conv2DTranspose, Conv3DTranspose: the gradient of a convolution.

    y[b, p, f] = act( bias[f] + Σ_q Σ_k Σ_c x[b, q, c] kernel[k, f, c] )
                 over all q and k with p = q·stride + k·dilation - before

q and p are positions of x and y and k is a tap of the kernel, one index per spatial axis each. Were
y the input of the convolution with the same window and the kernel [k, f, c] (from f to c), this
would be the gradient that reaches y when x reaches the output. With
span = dilation · (size - 1) + 1 and n the length of x, the length of y is

    output_padding   padding "valid"                    padding "same"
    None             n·stride + max(span - stride, 0)   n·stride
    a                (n - 1)·stride + span + a          (n - 1)·stride + span - 2⌊span/2⌋ + a

and the convolution of y pads it by 0 ("valid"), or ("same") by the least that makes room for n
windows, half of it before, the odd one after.

Source: https://keras.io/api/layers/convolution_layers/convolution2d_transpose/ (Keras 3.15.1), and
for the lengths https://arxiv.org/abs/1603.07285v1, which it refers to.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from ..core import Array, Shape, Weights, check
from .convolution import check_arguments, finished
from .transposed import transposed
from .windows import Sizes, Window, channels_of, to_channels_last, window


@dataclass(frozen=True)
class ConvTranspose:
    """What the three ranks share.

    Shapes
        x       (batch, *spatial, C)            channels_first: (batch, C, *spatial)
        kernel  (*kernel_size, filters, C)
        bias    (filters,)                      if use_bias
        y       (batch, *out, filters)          channels_first: (batch, filters, *out)

    Ambiguous: the length of y. With output_padding=None it "is inferred": here the examples'
    length, and the longest that gives n windows if the stride is above the span.
    Ambiguous: where output_padding goes when padding is "same". Readings (``readings``): as long
    an input is padded evenly (here); everything at the end, as in the paper.
    Ambiguous: a dilation above 1, which Conv1DTranspose calls "not currently supported", and
    different ones, which Conv2DTranspose does. Here computed by the formula.
    The output carries no mask, the documented default of layers that do not claim to support masks.

    Raises ValueError
        on construction: filters or an entry of kernel_size, strides or dilation_rate not positive;
            another number of entries; a stride and a dilation above 1 together; output_padding
            negative or not below the stride; a padding other than "valid" and "same" (in any case);
            an unknown data_format or activation
        on build and call: x of another rank; a y of length 0
    """

    filters: int
    kernel_size: Sizes
    strides: Sizes = 1
    padding: str = "valid"
    output_padding: Sizes | None = None
    data_format: str | None = None
    dilation_rate: Sizes = 1
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

    def __post_init__(self) -> None:
        check_arguments(self, self.window(), filters=self.filters)
        for extra, stride in zip(self._extra(), self.window().stride, strict=True):
            good = extra is None or (isinstance(extra, int) and 0 <= extra < stride)
            check(good, f"output_padding={self.output_padding}: want 0 or more, below {stride}")

    def window(self) -> Window:
        """The geometry of the convolution that this one is the gradient of."""
        size = ("kernel_size", self.kernel_size)
        return window(self.rank, size, self.strides, self.padding, self.dilation_rate)

    def weights(self, x: Shape) -> dict[str, Shape]:
        lengths, channels = channels_of(x, self.data_format, self.rank)
        self._lengths(lengths)
        shapes = {"kernel": (*self.window().size, self.filters, channels)}
        return shapes | ({"bias": (self.filters,)} if self.use_bias else {})

    def __call__(self, w: Weights, x: Array) -> Array:
        if self.window().padding == "valid":
            return self._placed(w, x, (0,) * self.rank)
        spatial, _ = channels_of(x.shape, self.data_format, self.rank)
        ends = self.window().even_ends(self._lengths(spatial), spatial)
        return self._placed(w, x, tuple(before for before, _ in ends))

    def readings(self, w: Weights, x: Array) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        if self.window().padding == "valid" or self.output_padding is None:
            return {"documented": self(w, x)}
        at_end = self._placed(w, x, tuple(span // 2 for span in self.window().span))
        return {"padded evenly": self(w, x), "output_padding at the end": at_end}

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None

    def _extra(self) -> tuple[int | None, ...]:
        """``output_padding`` per axis."""
        value = self.output_padding
        extra = (value,) * self.rank if value is None or isinstance(value, int) else tuple(value)
        check(len(extra) == self.rank, f"output_padding={value}: want {self.rank} ints")
        return extra

    def _lengths(self, lengths: Shape) -> Shape:
        """The lengths of y's spatial axes."""
        window, same, found = self.window(), self.window().padding == "same", []
        axes = zip(lengths, window.stride, window.span, self._extra(), strict=True)
        for n, stride, span, extra in axes:
            if extra is None:
                found.append(n * stride + (0 if same else max(span - stride, 0)))
            else:
                found.append((n - 1) * stride + span - (span // 2 * 2 if same else 0) + extra)
        check(min(found) > 0, f"the output for an input of size {lengths} is of size {found}")
        return tuple(found)

    def _placed(self, w: Weights, x: Array, before: Shape) -> Array:
        """The result with y beginning at position ``before`` of the whole sum."""
        lengths = self._lengths(channels_of(x.shape, self.data_format, self.rank)[0])
        x = to_channels_last(x, self.data_format, self.rank)
        return finished(self, transposed(x, w["kernel"], self.window(), before, lengths), w)


@dataclass(frozen=True)
class Conv1DTranspose(ConvTranspose):
    """The gradient of Conv1D; see ConvTranspose.

    >>> x, kernel = np.array([[[1.0], [10.0]]]), np.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)
    >>> Conv1DTranspose(1, 3, strides=2)({"kernel": kernel}, x).ravel()
    array([ 1.,  2., 13., 20., 30.])
    """

    rank = 1


@dataclass(frozen=True)
class Conv2DTranspose(ConvTranspose):
    """The gradient of Conv2D; see ConvTranspose.

    >>> x = np.array([1.0, 10.0]).reshape(1, 1, 2, 1)
    >>> Conv2DTranspose(1, (1, 2))({"kernel": np.ones((1, 2, 1, 1))}, x).ravel()
    array([ 1., 11., 10.])
    """

    strides: Sizes = (1, 1)
    dilation_rate: Sizes = (1, 1)

    rank = 2


@dataclass(frozen=True)
class DataFormatFirst:
    """Conv3DTranspose takes data_format before output_padding: its first six arguments."""

    filters: int
    kernel_size: Sizes
    strides: Sizes = (1, 1, 1)
    padding: str = "valid"
    data_format: str | None = None
    output_padding: Sizes | None = None


@dataclass(frozen=True)
class Conv3DTranspose(ConvTranspose, DataFormatFirst):
    """The gradient of Conv3D; see ConvTranspose.

    >>> x = np.array([1.0, 10.0]).reshape(1, 1, 1, 2, 1)
    >>> Conv3DTranspose(1, (1, 1, 2))({"kernel": np.ones((1, 1, 2, 1, 1))}, x).ravel()
    array([ 1., 11., 10.])
    """

    strides: Sizes = (1, 1, 1)
    dilation_rate: Sizes = (1, 1, 1)

    rank = 3
