"""Dense: a linear map of the last axis.

    y[…, u] = act( bias[u] + Σ_c x[…, c] kernel[c, u] )

c runs over the features of the input and u over the units.

Source: https://keras.io/api/layers/core_layers/dense/ (Keras 3.15.1)
"""

from dataclasses import dataclass
from typing import Any

from .. import identifiers
from ..core import Array, Shape, Weights, check
from ..limits import not_covered


@dataclass(frozen=True)
class Dense:
    """Multiply the last axis by a matrix, add a bias, apply an activation.

    Shapes
        x        (batch, …, features), rank 2 or more
        kernel   (features, units)
        bias     (units,)                 if use_bias
        y        (batch, …, units)

    Raises ValueError
        on construction: units not a positive integer; a string that names no activation
        on build and call: x of rank below 2

    >>> w = {"kernel": np.array([[1.0, 0.0], [2.0, 1.0]]), "bias": np.array([0.5, -9.0])}
    >>> Dense(2, activation="relu")(w, np.array([[3.0, 4.0]]))
    array([[11.5, 0. ]])
    """

    units: int
    activation: Any = None
    use_bias: bool = True
    kernel_initializer: Any = "glorot_uniform"
    bias_initializer: Any = "zeros"
    kernel_regularizer: Any = None
    bias_regularizer: Any = None
    activity_regularizer: Any = None
    kernel_constraint: Any = None
    bias_constraint: Any = None
    lora_rank: int | None = None
    lora_alpha: int | None = None
    quantization_config: Any = None

    def __post_init__(self) -> None:
        check(type(self.units) is int and self.units > 0, f"units={self.units!r}: not positive")
        not_covered(
            lora_rank=self.lora_rank,
            lora_alpha=self.lora_alpha,
            quantization_config=self.quantization_config,
        )
        identifiers.activation(self.activation)

    def weights(self, x: Shape) -> dict[str, Shape]:
        check(len(x) >= 2, f"shape {x} has a rank below 2")
        return {"kernel": (x[-1], self.units)} | ({"bias": (self.units,)} if self.use_bias else {})

    def __call__(self, w: Weights, x: Array) -> Array:
        check(x.ndim >= 2, f"x of shape {x.shape} has a rank below 2")
        y = x @ w["kernel"] + w.get("bias", 0.0)
        return identifiers.activation(self.activation)(y)
