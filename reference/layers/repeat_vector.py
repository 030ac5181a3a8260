"""RepeatVector: n copies of every sample, along a new axis.

    y[b, k, f] = x[b, f],   k = 0 … n - 1

Source: https://keras.io/api/layers/reshaping_layers/repeat_vector/ (Keras 3.15.1).
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights, check
from .spatial import check_rank


@dataclass(frozen=True)
class RepeatVector:
    """Repeat each vector ``n`` times.

    Shapes
        x   (batch, features)
        y   (batch, n, features)

    The output carries no mask, the documented default of layers that do not claim to support masks.

    Raises ValueError
        on construction: n not a positive integer
        on call: x not of two axes

    >>> RepeatVector(2)({}, np.array([[1, 2, 3]]))
    array([[[1, 2, 3],
            [1, 2, 3]]])
    """

    n: int

    def __post_init__(self) -> None:
        check(isinstance(self.n, int) and self.n > 0, f"n={self.n!r}: want a positive integer")

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        check_rank(x, 2)
        return np.repeat(x[:, None, :], self.n, axis=1)

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None
