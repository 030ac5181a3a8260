"""Cropping1D, Cropping2D, Cropping3D: drop positions at both ends of the spatial axes.

    y[b, p, c] = x[b, p + before, c]

p is a position and before the amount cropped at the start, one index per spatial axis each.

Source: https://keras.io/api/layers/reshaping_layers/cropping2d/ (Keras 3.15.1).
"""

from dataclasses import dataclass

from ..core import Array, Shape, Weights, check
from .spatial import Pairs, check_rank, pairs, spatial_axes


@dataclass(frozen=True)
class Cropping:
    """What the three ranks share; ``cropping`` is an int, or per axis an int or (before, after).

    Shapes
        x   (batch, *spatial, channels)                     channels_first:
        y   (batch, *(spatial - before - after), channels)  (batch, channels, *…)

    Ambiguous: an axis of which nothing is left. Readings: an error (here); an empty axis.
    The output carries no mask, the documented default of layers that do not claim to support masks.

    Raises ValueError
        on construction: another form or number of entries; a negative one; an unknown data_format
        on call: x of another rank; an axis not longer than what is cropped from it
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
        keep = [slice(None)] * x.ndim
        for axis, (before, after) in amounts.items():
            size = x.shape[axis]
            check(before + after < size, f"cropping {before} + {after} of {size} on axis {axis}")
            keep[axis] = slice(before, size - after)
        return x[tuple(keep)]

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None


@dataclass(frozen=True)
class Cropping1D(Cropping):
    """Crop the time axis (axis 1); see Cropping. A tuple is (before, after).

    Not implemented: ``cropping`` as a dictionary, which is named in the documentation without its
    form.

    >>> Cropping1D((1, 0))({}, np.array([[[1], [2], [3]]])).ravel()
    array([2, 3])
    """

    cropping: int | tuple[int, int] = (1, 1)

    def amounts(self) -> dict[int, tuple[int, int]]:
        if isinstance(self.cropping, dict):
            raise NotImplementedError("cropping as a dictionary: its form is not documented")
        return dict(zip((1,), pairs(self.cropping, 1, "cropping"), strict=True))


@dataclass(frozen=True)
class Cropping2D(Cropping):
    """Crop height and width; see Cropping.

    >>> Cropping2D(((1, 0), (0, 2)))({}, np.arange(6).reshape(1, 2, 3, 1)).ravel()
    array([3])
    """

    cropping: int | tuple[int, int] | Pairs = ((0, 0), (0, 0))
    data_format: str | None = None

    def amounts(self) -> dict[int, tuple[int, int]]:
        return dict(
            zip(spatial_axes(self.data_format, 2), pairs(self.cropping, 2, "cropping"), strict=True)
        )


@dataclass(frozen=True)
class Cropping3D(Cropping):
    """Crop three spatial axes; see Cropping.

    >>> Cropping3D((0, 0, 1))({}, np.arange(3).reshape(1, 1, 1, 3, 1)).ravel()
    array([1])
    """

    cropping: int | tuple[int, int, int] | Pairs = ((1, 1), (1, 1), (1, 1))
    data_format: str | None = None

    def amounts(self) -> dict[int, tuple[int, int]]:
        return dict(
            zip(spatial_axes(self.data_format, 3), pairs(self.cropping, 3, "cropping"), strict=True)
        )
