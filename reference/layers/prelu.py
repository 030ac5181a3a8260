"""PReLU: a rectifier whose left slope is learned, element by element.

    f(x) = alpha · x   if x < 0
    f(x) = x           if x >= 0

Source: https://keras.io/api/layers/activation_layers/prelu/ (Keras 3.15.1).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core import Array, Shape, Weights, check


@dataclass(frozen=True)
class PReLU:
    """Multiply what is negative by ``alpha``.

    Shapes
        x, y    equal: (batch, *rest)
        alpha   rest, with 1 on the axes in shared_axes, where it broadcasts; these count the
                batch as axis 0: (batch, height, width, channels) and shared_axes=[1, 2] give
                (1, 1, channels)

    NaN in x gives NaN; alpha does not matter where x >= 0.

    Ambiguous: negative shared_axes. Here they count from the end, the usual meaning.

    Ambiguous: -inf where alpha is 0. Readings: NaN, the formula's 0 · -inf (here); 0.

    Raises ValueError
        on build: shared_axes naming the batch axis or one that x has not

    >>> x = np.array([[[-1.0, -1.0], [-2.0, 3.0]]])
    >>> prelu = PReLU(shared_axes=[1])
    >>> prelu.weights(x.shape)
    {'alpha': (1, 2)}
    >>> prelu({"alpha": np.array([[0.5, 0.1]])}, x)
    array([[[-0.5, -0.1],
            [-1. ,  3. ]]])
    """

    alpha_initializer: Any = "Zeros"
    alpha_regularizer: Any = None
    alpha_constraint: Any = None
    shared_axes: int | tuple[int, ...] | None = None

    def weights(self, x: Shape) -> dict[str, Shape]:
        rank = len(x)
        axes = () if self.shared_axes is None else self.shared_axes
        axes = (axes,) if isinstance(axes, int) else tuple(axes)
        inside = all(-rank < axis < rank and axis != 0 for axis in axes)
        check(inside, f"shared_axes={self.shared_axes}: want axes 1 to {rank - 1} of inputs {x}")

        shared = {axis % rank for axis in axes}
        return {"alpha": tuple(1 if axis in shared else x[axis] for axis in range(1, rank))}

    def __call__(self, w: Weights, x: Array) -> Array:
        return np.where(x < 0, w["alpha"] * x, x)
