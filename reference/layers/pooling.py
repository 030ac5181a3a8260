"""What the pooling layers share: a window of positions, or all of them, made one.

Source: https://keras.io/api/layers/pooling_layers/ (Keras 3.15.1)
"""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from ..core import Array, Shape, Weights, check
from .spatial import check_rank, spatial_axes
from .windows import Sizes, Window, from_channels_last, to_channels_last, window


@dataclass(frozen=True)
class Pooling:
    """One value per window and channel.

    Shapes
        x   (batch, *spatial, C)     channels_first: (batch, C, *spatial)
        y   (batch, *out, C)         channels_first: (batch, C, *out)
            out = ⌊(spatial - pool_size) / stride⌋ + 1  if padding is "valid"
            out = ⌈spatial / stride⌉                    if padding is "same"

    strides=None is the pool_size. What "same" pads is left out of the result.

    Ambiguous: where "same" padding goes that is documented as even, if the amount is odd or the
    stride above 1. Here as ``windows`` says.
    Ambiguous: a "valid" window larger than x, for which the shape is not documented. Readings: an
    error (here); an empty axis.
    The output carries no mask, the documented default of layers that do not claim to support masks.

    Raises ValueError
        on construction: an entry of pool_size or strides not positive; another number of entries; a
            padding other than "valid" and "same" (in any case); an unknown data_format
        on build and call: x of another rank; a window larger than x
    """

    pool_size: Sizes
    strides: Sizes | None = None
    padding: str = "valid"
    data_format: str | None = None

    rank: ClassVar[int]

    def __post_init__(self) -> None:
        self.window()
        spatial_axes(self.data_format, self.rank)

    def window(self) -> Window:
        """The geometry of the pool."""
        strides = self.pool_size if self.strides is None else self.strides
        return window(self.rank, ("pool_size", self.pool_size), strides, self.padding)

    def weights(self, x: Shape) -> dict[str, Shape]:
        check(len(x) == self.rank + 2, f"want an input with {self.rank + 2} axes, got shape {x}")
        self.window().outputs(tuple(x[axis] for axis in spatial_axes(self.data_format, self.rank)))
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        x = to_channels_last(x, self.data_format, self.rank)
        return from_channels_last(self.pooled(x), self.data_format)

    def pooled(self, x: Array) -> Array:
        """``(batch, *spatial, C)`` -> ``(batch, *out, C)``."""
        raise NotImplementedError

    def taps(self) -> tuple[int, ...]:
        """The axes of the windows' positions: the last ones of ``windows.over``."""
        return tuple(range(-self.rank, 0))

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None


@dataclass(frozen=True)
class GlobalPooling:
    """One value per channel.

    Shapes
        x   (batch, *spatial, C)     channels_first: (batch, C, *spatial)
        y   (batch, C)               keepdims: spatial axes of length 1 where x has its own

    The output carries no mask: it has no time axis, or no mask is claimed to be supported.

    Raises ValueError
        on construction: an unknown data_format
        on build and call: x of another rank; an empty spatial axis
    """

    data_format: str | None = None
    keepdims: bool = False

    rank: ClassVar[int]

    def __post_init__(self) -> None:
        self.axes()

    def axes(self) -> tuple[int, ...]:
        """The spatial axes."""
        return spatial_axes(self.data_format, self.rank)

    def weights(self, x: Shape) -> dict[str, Shape]:
        check(len(x) == self.rank + 2, f"want an input with {self.rank + 2} axes, got shape {x}")
        check(prod(x[axis] for axis in self.axes()) > 0, f"nothing to pool in shape {x}")
        return {}

    def check_input(self, x: Array) -> None:
        """Raise for an input that cannot be pooled."""
        check_rank(x, self.rank + 2)
        self.weights(x.shape)

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None
