"""Dot: the dot products of two inputs' slices, sample by sample.

    y[b, …p, …q] = Σ_n u[b, …p, n] v[b, n, …q]

u is x_1 with the axis axes[0] moved to the end, v is x_2 with the axis axes[1] moved behind the
batch axis, p and q run over what remains. With normalize, both are first divided by their length:

    x / max(√(Σ_n x²), 1e-7)        the sum along the axis of the dot product

Source: https://keras.io/api/layers/merging_layers/dot/ (Keras 3.15.1); for the vectors' shape
https://keras.io/2/api/layers/merging_layers/dot/; for the length
https://keras.io/api/ops/nn/#normalize-function.
"""

import math
from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights, check
from .merging import Masks

EPSILON = 1e-7
"""The least length that normalize divides by: keras.config.epsilon()."""


@dataclass(frozen=True)
class Dot:
    """Contract one axis of ``x_1`` with one of ``x_2``; an int means the same axis of both.

    Shapes, with i, j = axes
        x_1     (batch, …), x_1.shape[i] = x_2.shape[j]
        x_2     (batch, …)
        y       (batch, *rest of x_1, *rest of x_2); (batch, 1) if both are (batch, n)

    Ambiguous: what normalize does to slices shorter than 1e-6. Readings (``readings``): division by
        a length of at least 1e-7, as ops.normalize documents (here); by the root of a sum of
        squares of at least 1e-12, as l2_normalize in Keras 2. The derivative is a set where a
        length is just that least one; at length 0 it is 1 / 1e-7 times the other slice.
    Ambiguous: the mask of the output, if inputs carry masks. Readings: none (here).

    Raises ValueError
        on construction: axes not an int or two
        on build and on call: not exactly two inputs; batch sizes that differ; no such axis; the
            batch axis; axes of different sizes

    >>> Dot(axes=1)({}, np.array([[1, 2]]), np.array([[3, 4]]))
    array([[11]])
    """

    axes: int | tuple[int, int]
    normalize: bool = False

    def __post_init__(self) -> None:
        pair = (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        wrong = f"axes={self.axes!r}: want an int or two"
        check(isinstance(pair, tuple | list) and len(pair) == 2, wrong)
        check(all(isinstance(axis, int) for axis in pair), wrong)

    def weights(self, *inputs: Shape) -> dict[str, Shape]:
        self._axes(*inputs)
        return {}

    def __call__(self, w: Weights, *inputs: Array) -> Array:
        return self._dot(*inputs, least=EPSILON)

    def readings(self, w: Weights, *inputs: Array) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        if not self.normalize:
            return {"documented": self(w, *inputs)}
        squared = self._dot(*inputs, least=1e-6)
        return {"length at least 1e-7": self(w, *inputs), "squares at least 1e-12": squared}

    def compute_mask(self, *inputs: Array, masks: Masks) -> None:
        return None

    def _axes(self, *inputs: Shape) -> tuple[int, int]:
        """The two axes, counted from the front."""
        check(len(inputs) == 2, f"want exactly 2 inputs, got {len(inputs)}")
        pair = (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        for axis, shape in zip(pair, inputs, strict=True):
            check(-len(shape) <= axis < len(shape), f"axes={self.axes} of shapes {inputs}")
            check(axis % len(shape) != 0, f"axes={self.axes}: the batch axis cannot be contracted")
        i, j = (axis % len(shape) for axis, shape in zip(pair, inputs, strict=True))
        check(inputs[0][0] == inputs[1][0], f"different batch sizes: {inputs}")
        check(inputs[0][i] == inputs[1][j], f"axes {i} and {j} of {inputs} differ in size")
        return i, j

    def _dot(self, *inputs: Array, least: float) -> Array:
        i, j = self._axes(*(x.shape for x in inputs))
        u, v = np.moveaxis(inputs[0], i, -1), np.moveaxis(inputs[1], j, 1)
        if self.normalize:
            # max(√s, least), written so that its derivative at s = 0 is 0.
            u = u / np.sqrt(np.maximum((u * u).sum(-1, keepdims=True), least**2))
            v = v / np.sqrt(np.maximum((v * v).sum(1, keepdims=True), least**2))
        batch, *rows, n = u.shape
        columns = v.shape[2:]
        y = u.reshape(batch, math.prod(rows), n) @ v.reshape(batch, n, math.prod(columns))
        return y.reshape(batch, *(*rows, *columns) or (1,))
