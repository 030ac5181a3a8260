"""Concatenate: the inputs one behind the other along one axis.

    y[…, o_k + i, …] = x_k[…, i, …],   o_k = the total length of x_1 … x_{k-1} along axis

Source: https://keras.io/api/layers/merging_layers/concatenate/ (Keras 3.15.1).
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights, check
from .merging import Masks


@dataclass(frozen=True)
class Concatenate:
    """Join the inputs along ``axis``.

    Shapes
        x_k     all the same except along axis
        y       the same, with the sum of the lengths along axis
        masks   of the leading axes of their inputs

    Ambiguous: the mask of the output, if inputs carry masks. Think of each mask spread over its
        input, and joined like the inputs; a step of y is a row of the result. Readings: it counts
        if any of its elements does (here); if all do. An input without a mask counts everywhere.
        (Along a masked axis the masks are simply joined: both agree.)

    Raises ValueError
        on build and on call: no input; shapes that differ elsewhere than along axis; no such axis

    >>> Concatenate()({}, np.array([[1, 2]]), np.array([[3]]))
    array([[1, 2, 3]])
    """

    axis: int = -1

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        check(len(inputs) > 0, "want a list of inputs, got none")
        rank = len(inputs[0])
        check(-rank <= self.axis < rank, f"axis={self.axis} of inputs with shapes {inputs}")
        axis = self.axis % rank
        rest = {(*s[:axis], *s[axis + 1 :]) for s in inputs if len(s) == rank}
        same = len(rest) == 1 and all(len(s) == rank for s in inputs)
        check(same, f"shapes {inputs} differ elsewhere than on axis {axis}")
        return {}

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        self.weights(*(x.shape for x in inputs))
        return np.concatenate(inputs, axis=self.axis)

    def compute_mask(self, *inputs: Array, masks: Masks) -> Array | None:
        return next(iter(self.mask_readings(*inputs, masks=masks).values()))

    def mask_readings(self, *inputs: Array, masks: Masks) -> dict[str, Array | None]:
        """The masks that the documentation leaves open, by name."""
        if all(mask is None for mask in masks):
            return {"no mask": None}
        leading = max(mask.ndim for mask in masks if mask is not None)
        spread = [_spread(x, mask) for x, mask in zip(inputs, masks, strict=True)]
        joined = np.concatenate(spread, axis=self.axis)
        rest = tuple(range(leading, joined.ndim))
        return {
            "any element counts": np.logical_or.reduce(joined, axis=rest),
            "all elements count": np.logical_and.reduce(joined, axis=rest),
        }


def _spread(x: Array, mask: Array | None) -> Array:
    """The mask with x's shape."""
    if mask is None:
        return np.ones(x.shape, bool)
    return np.broadcast_to(mask.reshape(mask.shape + (1,) * (x.ndim - mask.ndim)), x.shape)
