"""UnitNormalization: every vector to Euclidean length 1.

    y = x / √(Σ x²)

The sum runs jointly over the axes in ``axis``.

Source: https://keras.io/api/layers/normalization_layers/unit_normalization/ (Keras 3.15.1).
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights, check
from .normalizing import axes_of

GUARDS = (1e-12, 1e-7, 1e-6)
"""Smallest norms that documented normalizations divide by: torch.nn.functional.normalize,
keras.ops.normalize, tf.math.l2_normalize (1e-12 under the root)."""


@dataclass(frozen=True)
class UnitNormalization:
    """Divide ``x`` by its Euclidean norm over ``axis``, an int or several.

    Shapes
        x, y   equal, any

    Ambiguous: a vector of zeros, whose length cannot become 1. Readings (``readings``): zeros
    (here); NaN. Its derivatives do not exist; here they are those of x.
    Ambiguous: vectors so short that an implementation guards its division. Readings: length 1
    (here); one for each of GUARDS, where a norm below it counts as the guard.

    Raises ValueError
        on construction: axis empty
        on call: axis outside the rank of x, or given twice

    >>> UnitNormalization()({}, np.array([[3.0, 4.0], [0.0, 0.0]]))
    array([[0.6, 0.8],
           [0. , 0. ]])
    """

    axis: int | tuple[int, ...] = -1

    def __post_init__(self) -> None:
        check(isinstance(self.axis, int) or len(self.axis) > 0, f"axis={self.axis} is empty")

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        return self._divided(x)[0]

    def readings(self, w: Weights, x: Array) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        y, norm = self._divided(x)
        found = {"length 1, zeros stay": y, "NaN for zeros": np.where(norm == 0.0, np.nan, y)}
        for guard in GUARDS:
            found[f"norm at least {guard:g}"] = np.where(norm < guard, x / guard, y)
        return found

    def _divided(self, x: Array) -> tuple[Array, Array]:
        """Divide x by its norm; also the norm."""
        axes = axes_of(self.axis, x.shape)
        if not x.size:
            return x, x
        # Scaled so that the largest element is ±1: no square leaves the range of the numbers.
        largest = abs(x).max(axes, keepdims=True)
        scale = np.where((largest > 0.0) & (largest < np.inf), largest, 1.0)
        z = x / scale
        square = (z**2).sum(axes, keepdims=True)
        return z / np.sqrt(np.where(square == 0.0, 1.0, square)), scale * np.sqrt(square)
