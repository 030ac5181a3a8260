"""UpSampling1D, UpSampling2D, UpSampling3D: more positions on the spatial axes.

    y[b, p, c] = x[b, ⌊p / size⌋, c]                                  every position repeated
    y[b, p, q, c] = Σ_i Σ_j M_h[p, i] M_w[q, j] x[b, i, j, c]         UpSampling2D, interpolated

p, q are output positions, size the factor per spatial axis, M_h and M_w the matrices of
``resampling`` from the old to the new height and width.

Source: https://keras.io/api/layers/reshaping_layers/up_sampling2d/ (Keras 3.15.1).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights, check, per_axis
from .resampling import METHODS, apply, matrix, matrix_repeating_edges
from .spatial import check_rank, spatial_axes


@dataclass(frozen=True)
class UpSampling:
    """What the three ranks share: repeat every position ``size`` times.

    Shapes
        x   (batch, *spatial, channels)             channels_first: (batch, channels, *spatial)
        y   (batch, *(spatial · size), channels)    channels_first: (batch, channels, *…)

    The output carries no mask, the documented default of layers that do not claim to support masks.

    Raises ValueError
        on construction: size not positive, or not one int per spatial axis; an unknown data_format
            or interpolation
        on call: x of another rank
    """

    def __post_init__(self) -> None:
        self.factors()

    def factors(self) -> dict[int, int]:
        """Axis of x -> how many times longer it becomes."""
        raise NotImplementedError

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        factors = self.factors()
        check_rank(x, len(factors) + 2)
        for axis, size in factors.items():
            x = np.repeat(x, size, axis=axis)
        return x

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None


@dataclass(frozen=True)
class UpSampling1D(UpSampling):
    """Repeat every time step; see UpSampling.

    >>> UpSampling1D(2)({}, np.array([[[1], [2]]])).ravel()
    array([1, 1, 2, 2])
    """

    size: int = 2

    def factors(self) -> dict[int, int]:
        check(isinstance(self.size, int), f"size={self.size!r}: want an int")
        return dict(zip((1,), per_axis(self.size, 1, "size"), strict=True))


@dataclass(frozen=True)
class UpSampling2D(UpSampling):
    """Repeat or interpolate rows and columns; see UpSampling.

    Ambiguous: the bicubic kernel and what it meets outside the image. Readings (``readings``):
        Keys' a = -1/2 over the pixels inside, weights scaled to sum 1 (here, as in the
        documentation of tf.image.resize and jax.image.resize); a = -3/4 over repeated edge pixels.

    >>> UpSampling2D((1, 2), interpolation="bilinear")({}, np.array([[[[0.0], [4.0]]]])).ravel()
    array([0., 1., 3., 4.])
    """

    size: int | tuple[int, int] = (2, 2)
    data_format: str | None = None
    interpolation: str = "nearest"

    def __post_init__(self) -> None:
        super().__post_init__()
        wrong = f"interpolation={self.interpolation!r}: want one of {METHODS}"
        check(self.interpolation in METHODS, wrong)

    def factors(self) -> dict[int, int]:
        return dict(
            zip(spatial_axes(self.data_format, 2), per_axis(self.size, 2, "size"), strict=True)
        )

    def __call__(self, w: Weights, x: Array) -> Array:
        if self.interpolation == "nearest":
            return super().__call__(w, x)
        return self._resampled(x, lambda old, new: matrix(old, new, self.interpolation))

    def readings(self, w: Weights, x: Array) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        if self.interpolation != "bicubic":
            return {"documented": self(w, x)}
        repeated = self._resampled(x, matrix_repeating_edges)
        return {"a = -1/2, inside pixels": self(w, x), "a = -3/4, edges repeated": repeated}

    def moved(self, w: Weights, x: Array, by: float) -> Array:
        """The result with every sample position off by the fraction ``by``.

        The positions are part of the formula. An implementation that rounds them, in a dtype of
        unit roundoff u, is off by as much as y is from this for ``by`` of a few ±u.
        """
        return self._resampled(x, lambda old, new: matrix(old, new, self.interpolation, by))

    def _resampled(self, x: Array, to: Callable[[int, int], Array]) -> Array:
        check_rank(x, 4)
        for axis, size in self.factors().items():
            x = apply(to(x.shape[axis], x.shape[axis] * size), x, axis)
        return x


@dataclass(frozen=True)
class UpSampling3D(UpSampling):
    """Repeat along three spatial axes; see UpSampling.

    >>> UpSampling3D((1, 1, 2))({}, np.array([1, 2]).reshape(1, 1, 1, 2, 1)).ravel()
    array([1, 1, 2, 2])
    """

    size: int | tuple[int, int, int] = (2, 2, 2)
    data_format: str | None = None

    def factors(self) -> dict[int, int]:
        return dict(
            zip(spatial_axes(self.data_format, 3), per_axis(self.size, 3, "size"), strict=True)
        )
