"""Windows that slide over the spatial axes: what convolution and pooling look at.

    position of tap k in window p = p·stride + k·dilation - before        one index per axis each
    span = dilation · (size - 1) + 1                                      from first to last tap

    padding    before                 windows
    valid      0                      ⌊(length - span) / stride⌋ + 1
    same       half of the padding    ⌈length / stride⌉, with as little padding as that takes;
                                      the odd position goes after
    causal     span - 1               ⌈length / stride⌉

Source: https://keras.io/api/layers/convolution_layers/, and for the amount of "same" padding
https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2 (Keras 3.15.1)
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..core import Array, Shape, check, per_axis
from .spatial import Pairs, check_rank, spatial_axes

Sizes = int | tuple[int, ...]
"""One for every spatial axis, or one per axis."""


@dataclass(frozen=True)
class Window:
    """Size, stride and dilation per spatial axis, and the padding of all."""

    size: Shape
    stride: Shape
    dilation: Shape
    padding: str

    @property
    def span(self) -> Shape:
        """Positions from the first to the last tap, per axis."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.size, self.dilation, strict=True))

    def ends(self, lengths: Shape) -> Pairs:
        """Positions put before and after each axis."""
        if self.padding == "valid":
            return tuple((0, 0) for _ in lengths)
        if self.padding == "causal":
            return tuple((span - 1, 0) for span in self.span)
        outputs = tuple(-(-n // stride) for n, stride in zip(lengths, self.stride, strict=True))
        return self.even_ends(lengths, outputs)

    def even_ends(self, lengths: Shape, outputs: Shape) -> Pairs:
        """The least that makes room for so many windows, half of it at each end."""
        axes = zip(lengths, outputs, self.stride, self.span, strict=True)
        totals = [max((out - 1) * stride + span - n, 0) for n, out, stride, span in axes]
        return tuple((total // 2, total - total // 2) for total in totals)

    def outputs(self, lengths: Shape) -> Shape:
        """How many windows each axis has; raises if there is none."""
        axes = zip(lengths, self.ends(lengths), self.span, self.stride, strict=True)
        found = tuple((sum(ends) + n - span) // stride + 1 for n, ends, span, stride in axes)
        check(min(found) > 0, f"no window of span {self.span} fits into an input of size {lengths}")
        return found

    def over(self, x: Array, fill: float = 0.0) -> Array:
        """``(batch, *spatial, C)`` seen through the windows: ``(batch, *outputs, C, *size)``."""
        lengths = x.shape[1:-1]
        self.outputs(lengths)
        x = np.pad(x, [(0, 0), *self.ends(lengths), (0, 0)], constant_values=fill)
        views = sliding_window_view(x, self.span, axis=tuple(range(1, x.ndim - 1)))
        return views[tuple(np.s_[::n] for n in (1, *self.stride, 1, *self.dilation))]


def window(
    rank: int,
    size: tuple[str, Sizes],
    strides: Sizes,
    padding: str,
    dilation: Sizes = 1,
    paddings: tuple[str, ...] = ("valid", "same"),
) -> Window:
    """The window that a layer's arguments describe; ``size`` comes with the argument's name.

    >>> window(2, ("pool_size", 2), (1, 3), "SAME").outputs((4, 4))
    (4, 2)
    """
    known = isinstance(padding, str) and padding.lower() in paddings
    check(known, f"padding={padding!r}: want one of {paddings}")
    return Window(
        per_axis(size[1], rank, size[0]),
        per_axis(strides, rank, "strides"),
        per_axis(dilation, rank, "dilation_rate"),
        padding.lower(),
    )


def channels_of(x: Shape, data_format: str | None, rank: int) -> tuple[Shape, int]:
    """Lengths of the spatial axes, and the number of channels."""
    check(len(x) == rank + 2, f"want an input with {rank + 2} axes, got shape {x}")
    axes = spatial_axes(data_format, rank)
    return tuple(x[axis] for axis in axes), x[1] if data_format == "channels_first" else x[-1]


def to_channels_last(x: Array, data_format: str | None, rank: int) -> Array:
    """``x`` as ``(batch, *spatial, channels)``."""
    check_rank(x, rank + 2)
    return np.moveaxis(x, 1, -1) if data_format == "channels_first" else x


def from_channels_last(y: Array, data_format: str | None) -> Array:
    """``(batch, *spatial, channels)`` as the layer's data format has it."""
    return np.moveaxis(y, -1, 1) if data_format == "channels_first" else y
