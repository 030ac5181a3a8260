"""Permute: the axes of every sample in another order.

    y[b, i_dims[0], i_dims[1], …] = x[b, i_1, i_2, …]

Axis k of y (counted from 1, the batch axis being 0) is axis dims[k - 1] of x.

Source: https://keras.io/api/layers/reshaping_layers/permute/ (Keras 3.15.1).
"""

from dataclasses import dataclass

from ..core import Array, Shape, Weights, check


@dataclass(frozen=True)
class Permute:
    """Reorder the axes after the batch axis.

    Shapes
        x   (batch, *sizes)
        y   (batch, sizes[dims[0] - 1], sizes[dims[1] - 1], …)

    The output carries no mask, the documented default of layers that do not claim to support masks.

    Raises ValueError
        on construction: dims not a permutation of 1, 2, …
        on call: x not of len(dims) + 1 axes

    >>> import numpy as np
    >>> Permute((2, 1))({}, np.array([[[1, 2, 3], [4, 5, 6]]]))
    array([[[1, 4],
            [2, 5],
            [3, 6]]])
    """

    dims: tuple[int, ...]

    def __post_init__(self) -> None:
        wanted = list(range(1, len(self.dims) + 1))
        check(sorted(self.dims) == wanted, f"dims={self.dims}: want a permutation of {wanted}")

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        wrong = f"dims={self.dims} do not fit an input of shape {x.shape}"
        check(x.ndim == len(self.dims) + 1, wrong)
        return x.transpose(0, *self.dims)

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None
