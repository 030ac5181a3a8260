"""Activation: an activation function as a layer.

    y = activation(x)

Source: https://keras.io/api/layers/core_layers/activation/ (Keras 3.15.1)
"""

from dataclasses import dataclass
from typing import Any

from .. import identifiers
from ..core import Array, Shape, Weights


@dataclass(frozen=True)
class Activation:
    """Apply a callable, or the activation of that name; x and y have the same shape.

    Raises ValueError
        on construction: a string that names no activation

    >>> Activation("relu")({}, np.array([-3.0, -1.0, 0.0, 2.0]))
    array([0., 0., 0., 2.])
    """

    activation: Any

    def __post_init__(self) -> None:
        identifiers.activation(self.activation)

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        return identifiers.activation(self.activation)(x)
