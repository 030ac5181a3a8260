"""Reshape: the same elements, in the same (row-major) order, in another shape.

    y.reshape(batch, -1) = x.reshape(batch, -1)

Source: https://keras.io/api/layers/reshaping_layers/reshape/ (Keras 3.15.1).
"""

import math
from dataclasses import dataclass

from ..core import Array, Shape, Weights, check


@dataclass(frozen=True)
class Reshape:
    """Give every sample the shape ``target_shape``.

    Shapes
        x   (batch, *any)       with as many elements per sample as target_shape
        y   (batch, *target_shape), a -1 in it replaced by the size that is left over

    The output carries no mask, the documented default of layers that do not claim to support masks.

    Raises ValueError
        on construction: more than one -1, or another negative size
        on call: another number of elements than target_shape, or one that -1 cannot make up for

    >>> import numpy as np
    >>> Reshape((-1, 2))({}, np.array([[1, 2, 3, 4]]))
    array([[[1, 2],
            [3, 4]]])
    """

    target_shape: tuple[int, ...]

    def __post_init__(self) -> None:
        sizes = self.target_shape
        check(min(sizes, default=0) >= -1, f"target_shape={sizes}: a size below -1")
        check(list(sizes).count(-1) <= 1, f"target_shape={sizes}: more than one -1")

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        size = math.prod(x.shape[1:])
        known = math.prod(n for n in self.target_shape if n != -1)
        wrong = f"target_shape={self.target_shape} does not fit a sample of shape {x.shape[1:]}"
        if -1 in self.target_shape:
            check(known > 0 and size % known == 0, wrong)
            rest = size // known
        else:
            check(size == known, wrong)
            rest = 0  # stands for no entry
        return x.reshape(x.shape[0], *(rest if n == -1 else n for n in self.target_shape))

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> None:
        return None
