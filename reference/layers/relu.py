"""ReLU: rectified linear unit.

    f(x) = max_value                        if x >= max_value
    f(x) = x                                if threshold <= x < max_value
    f(x) = negative_slope (x - threshold)   otherwise

Without max_value the first line is left out. With the defaults f(x) = max(x, 0).

Source: https://keras.io/api/layers/activation_layers/relu/ (Keras 3.15.1).
"""

from dataclasses import dataclass

import numpy as np

from ..core import Array, Shape, Weights, check


@dataclass(frozen=True)
class ReLU:
    """Keep what is from ``threshold`` to ``max_value``, damp what is below, cap what is above.

    Shapes
        x, y   equal, of any rank

    NaN gives NaN. With negative_slope = 0, -inf gives 0, as max(x, 0) does.

    At x = threshold the formula gives x. The function ``activations.relu`` is documented by an
    example that gives negative_slope · 0 there.

    Ambiguous: max_value < threshold. Here the lines of the formula are tried from the top.

    Raises ValueError
        on construction: max_value, negative_slope or threshold negative; one of the latter
            two None

    >>> relu = ReLU(max_value=6.0, negative_slope=0.5, threshold=1.0)
    >>> relu({}, np.array([-3.0, 0.0, 1.0, 4.0, 8.0]))
    array([-2. , -0.5,  1. ,  4. ,  6. ])
    """

    max_value: float | None = None
    negative_slope: float = 0.0
    threshold: float = 0.0

    def __post_init__(self) -> None:
        check(self.max_value is None or self.max_value >= 0, f"max_value={self.max_value} < 0")
        for name in ("negative_slope", "threshold"):
            value = getattr(self, name)
            check(value is not None and value >= 0, f"{name}={value} must be a float >= 0")

    def weights(self, x: Shape) -> dict[str, Shape]:
        return {}

    def __call__(self, w: Weights, x: Array) -> Array:
        damped = self.negative_slope * (x - self.threshold) if self.negative_slope else 0.0
        y = np.where(x < self.threshold, damped, x)
        return y if self.max_value is None else np.where(x >= self.max_value, self.max_value, y)
