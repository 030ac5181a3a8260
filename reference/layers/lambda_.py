"""Lambda: any function as a layer.

    y = function(x, **arguments)

Source: https://keras.io/api/layers/core_layers/lambda/ (Keras 3.15.1)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core import Array, Shape, Weights


@dataclass(frozen=True)
class Lambda:
    """Call ``function`` on the input.

    ``output_shape`` is what the shape of y is expected to be: a tuple without the batch, which is
    that of the input, or a function of the input's shape; without it the shape follows from the
    function. ``mask`` is the output's: None for none, an array as it is, or a function called like
    ``compute_mask``: ``mask(x, mask_of_x)``.

    Ambiguous: an ``output_shape`` that the function does not keep. Here it is what
    ``compute_output_shape`` says, and y is what the function gives.

    >>> Lambda(lambda x, power: x**power, arguments={"power": 3})({}, np.array([2.0]))
    array([8.])
    >>> Lambda(lambda x: x[:, :1], output_shape=(1,)).compute_output_shape((None, 5))
    (None, 1)
    """

    function: Callable[..., Array]
    output_shape: tuple[int | None, ...] | Callable[[Shape], Shape] | None = None
    mask: Array | Callable[..., Array] | None = None
    arguments: Mapping[str, Any] | None = None

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        return self.function(x, **(self.arguments or {}))

    def compute_output_shape(self, x: Shape) -> tuple[int | None, ...]:
        """The shape of y for an input of this shape."""
        if self.output_shape is None:
            return self({}, np.zeros(x)).shape
        if callable(self.output_shape):
            return tuple(self.output_shape(x))
        return (x[0], *self.output_shape)

    def compute_mask(self, x: Array, *, masks: tuple[Array | None, ...]) -> Array | None:
        return self.mask(x, masks[0]) if callable(self.mask) else self.mask
