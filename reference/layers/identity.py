"""Identity: nothing.

    y = x

Source: https://keras.io/api/layers/core_layers/identity/ (Keras 3.15.1)
"""

from dataclasses import dataclass

from ..core import Array, Shape, Weights


@dataclass(frozen=True)
class Identity:
    """Give the input back, of whatever shape and dtype.

    >>> Identity()({}, np.array([1, 2]))
    array([1, 2])
    """

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        return x
