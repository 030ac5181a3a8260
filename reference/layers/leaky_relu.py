"""LeakyReLU: a rectifier that keeps a small slope on the left.

    f(x) = negative_slope · x   if x < 0
    f(x) = x                    if x >= 0

Source: https://keras.io/api/layers/activation_layers/leaky_relu/ (Keras 3.15.1).
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights, check


@dataclass(frozen=True)
class LeakyReLU:
    """Multiply what is negative by ``negative_slope``.

    The documented formula calls the slope ``alpha``, its name before Keras 3.

    Shapes
        x, y   equal, of any rank

    NaN gives NaN, +inf gives +inf.

    Ambiguous: -inf with negative_slope = 0. Readings: NaN, the formula's 0 · -inf (here); 0.

    Raises ValueError
        on construction: negative_slope negative or None

    >>> LeakyReLU(negative_slope=0.5)({}, np.array([-10.0, -5.0, 0.0, 5.0]))
    array([-5. , -2.5,  0. ,  5. ])
    """

    negative_slope: float = 0.3

    def __post_init__(self) -> None:
        slope = self.negative_slope
        check(slope is not None and slope >= 0, f"negative_slope={slope} must be a float >= 0")

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        return np.where(x < 0, self.negative_slope * x, x)
