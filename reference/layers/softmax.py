"""Softmax: a distribution over one axis or several.

    y_i = exp(x_i) / Σ_j exp(x_j)

i and j run jointly over the axes in ``axis``. A masked x_j is left out of the sum, and y_j is 0.

Source: https://keras.io/api/layers/activation_layers/softmax/ (Keras 3.15.1).
"""

from dataclasses import dataclass

import numpy as np

from .. import activations
from ..core import Array, Shape, Weights, check


@dataclass(frozen=True)
class Softmax:
    """Softmax over ``axis``, an int or several, among the elements that ``mask`` keeps.

    Shapes
        x, y   equal, of any rank from 1
        mask   broadcastable to x: each dimension 1 or that of x; True = keep. As for any layer
               whose call takes a mask, the one that x carries is used if none is passed.

    Ambiguous: a slice with everything masked. Readings: 0 (here, as at any masked position); the
    uniform distribution, as y is documented to sum to 1; NaN, the formula's 0 / 0; the softmax
    of x as if nothing were masked.

    Ambiguous: NaN or +inf at a masked position. Here it is left out like any other value.

    Otherwise as ``activations.softmax``.

    Raises ValueError
        on construction: axis empty
        on call: axis outside the rank of x, or given twice; mask not broadcastable to x

    >>> x, mask = np.array([[0.0, 7.0], [np.log(3.0), 7.0]]), np.array([True, False])
    >>> Softmax(axis=0)({}, x).round(12)
    array([[0.25, 0.5 ],
           [0.75, 0.5 ]])
    >>> Softmax(axis=(0, 1))({}, x, mask=mask).round(12)
    array([[0.25, 0.  ],
           [0.75, 0.  ]])
    """

    axis: int | tuple[int, ...] = -1

    def __post_init__(self) -> None:
        check(isinstance(self.axis, int) or len(self.axis) > 0, f"axis={self.axis} is empty")

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array, *, mask: Array | None = None) -> Array:
        axis = self.axis if isinstance(self.axis, int) else tuple(self.axis)
        if mask is None:
            return activations.softmax(x, axis)

        fits = mask.ndim <= x.ndim and all(
            m in (1, n) for m, n in zip(reversed(mask.shape), reversed(x.shape), strict=False)
        )
        check(fits, f"mask of shape {mask.shape} does not broadcast to inputs of shape {x.shape}")
        keep = np.broadcast_to(mask, x.shape).astype(bool)
        # exp(-inf) is 0; a slice of nothing but -inf would be NaN.
        instead = np.where(keep.any(axis, keepdims=True), -np.inf, 0.0)
        return np.where(keep, activations.softmax(np.where(keep, x, instead), axis), 0.0)
