"""ZeroPadding1D, ZeroPadding2D, ZeroPadding3D: zeros at both ends of the spatial axes.

    y[b, p, c] = x[b, p - before, c] inside x, 0 outside

p is a position and before the number of zeros at the start, one index per spatial axis each.

Source: https://keras.io/api/layers/reshaping_layers/zero_padding2d/ (Keras 3.15.1).
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights
from .spatial import Pairs, check_rank, pairs, spatial_axes


@dataclass(frozen=True)
class ZeroPadding:
    """What the three ranks share; ``padding`` is an int, or per axis an int or (before, after).

    Shapes
        x   (batch, *spatial, channels)                     channels_first:
        y   (batch, *(before + spatial + after), channels)  (batch, channels, *…)

    The output carries no mask, the documented default of layers that do not claim to support masks.

    Raises ValueError
        on construction: another form or number of entries; a negative one; an unknown data_format
        on call: x of another rank
    """

    def __post_init__(self) -> None:
        self.amounts()

    def amounts(self) -> dict[int, tuple[int, int]]:
        """Axis of x -> (before, after)."""
        raise NotImplementedError

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        amounts = self.amounts()
        check_rank(x, len(amounts) + 2)
        return np.pad(x, [amounts.get(axis, (0, 0)) for axis in range(x.ndim)])

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None


@dataclass(frozen=True)
class ZeroPadding1D(ZeroPadding):
    """Pad the time axis; see ZeroPadding. A tuple is (before, after).

    Not implemented: ``padding`` as a dictionary, which is named in the documentation without its
    form.

    >>> ZeroPadding1D((1, 0))({}, np.array([[[1], [2]]])).ravel()
    array([0, 1, 2])
    """

    padding: int | tuple[int, int] = 1
    data_format: str | None = None

    def amounts(self) -> dict[int, tuple[int, int]]:
        if isinstance(self.padding, dict):
            raise NotImplementedError("padding as a dictionary: its form is not documented")
        return dict(
            zip(spatial_axes(self.data_format, 1), pairs(self.padding, 1, "padding"), strict=True)
        )


@dataclass(frozen=True)
class ZeroPadding2D(ZeroPadding):
    """Pad height and width; see ZeroPadding.

    >>> ZeroPadding2D(((1, 0), (0, 2)))({}, np.array([[[[7]]]]))[0, :, :, 0]
    array([[0, 0, 0],
           [7, 0, 0]])
    """

    padding: int | tuple[int, int] | Pairs = (1, 1)
    data_format: str | None = None

    def amounts(self) -> dict[int, tuple[int, int]]:
        return dict(
            zip(spatial_axes(self.data_format, 2), pairs(self.padding, 2, "padding"), strict=True)
        )


@dataclass(frozen=True)
class ZeroPadding3D(ZeroPadding):
    """Pad three spatial axes; see ZeroPadding.

    >>> ZeroPadding3D((0, 0, 1))({}, np.array([[[[[7]]]]])).ravel()
    array([0, 7, 0])
    """

    padding: int | tuple[int, int, int] | Pairs = ((1, 1), (1, 1), (1, 1))
    data_format: str | None = None

    def amounts(self) -> dict[int, tuple[int, int]]:
        return dict(
            zip(spatial_axes(self.data_format, 3), pairs(self.padding, 3, "padding"), strict=True)
        )
