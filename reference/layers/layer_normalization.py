"""LayerNormalization: every sample to mean 0 and variance 1.

    y = (x - mean) / √(variance + epsilon) · gamma + beta

mean and variance are those over the axes in ``axis``, which gamma and beta span too; everything
else is independent. With the deprecated rms_scaling, y = x / √(variance + epsilon) · gamma.

Source: https://keras.io/api/layers/normalization_layers/layer_normalization/ (Keras 3.15.1);
Ba, Kiros & Hinton 2016, https://arxiv.org/abs/1607.06450.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np

from ..core import Array, Shape, Weights, check
from .normalizing import Formula, axes_of, folded, normalized


@dataclass(frozen=True)
class LayerNormalization:
    """Normalise ``x`` over ``axis``, an int or several, then scale and shift each element.

    Shapes
        x, y          equal, any
        gamma, beta   the dimensions of x in ``axis``   if scale, if center
                      rms_scaling: gamma always, beta never

    Ambiguous: the order of the axes of gamma and beta where ``axis`` is not ascending. Readings
    (``readings``): that of x (here); that of ``axis``.
    Ambiguous: rms_scaling, known from a notice ("incorrectly scales the input by the variance") and
    from older documentation ("the inverse square root of the square of all inputs"). Readings:
    variance (here); mean square.

    Raises ValueError
        on construction: axis empty
        on build and call: axis outside the rank of x, or given twice

    >>> w = {"gamma": np.array([1.0, 10.0]), "beta": np.array([0.0, 1.0])}
    >>> LayerNormalization(epsilon=0.0)(w, np.array([[1.0, 5.0]]))
    array([[-1., 11.]])
    """

    axis: int | tuple[int, ...] = -1
    epsilon: float = 1e-3
    center: bool = True
    scale: bool = True
    beta_initializer: Any = "zeros"
    gamma_initializer: Any = "ones"
    beta_regularizer: Any = None
    gamma_regularizer: Any = None
    beta_constraint: Any = None
    gamma_constraint: Any = None
    _: KW_ONLY
    rms_scaling: bool = False

    def __post_init__(self) -> None:
        check(isinstance(self.axis, int) or len(self.axis) > 0, f"axis={self.axis} is empty")

    def weights(self, x: Shape) -> dict[str, Shape]:
        shape = tuple(x[a] for a in sorted(axes_of(self.axis, x)))
        if self.rms_scaling:
            return {"gamma": shape}
        return dict.fromkeys(["gamma"] * self.scale + ["beta"] * self.center, shape)

    def __call__(self, w: Weights, x: Array) -> Array:
        return self._by(normalized, w, x)

    def folded(self, w: Weights, x: Array) -> Array:
        """The same by another order of operations; see ``normalizing``."""
        return self._by(folded, w, x)

    def readings(self, w: Weights, x: Array) -> dict[str, Array]:
        """The results that the documentation leaves open, by name; the first is ``__call__``'s."""
        found = {"documented": self(w, x)}
        axes = axes_of(self.axis, x.shape)
        order = np.argsort(axes)  # to ascending axes
        if list(axes) != sorted(axes) and self.weights(x.shape) == self._as_listed(x.shape):
            listed = {role: value.transpose(tuple(order)) for role, value in w.items()}
            found["gamma and beta in the order of axis"] = self(listed, x)
        if self.rms_scaling:
            square = (x**2).mean(axes, keepdims=True)
            found["mean square"] = normalized(x, 0.0, square, self.epsilon, **self._affine(w, x))
        return found

    def _as_listed(self, x: Shape) -> dict[str, Shape]:
        """``weights`` by the other reading of the order."""
        shape = tuple(x[a] for a in axes_of(self.axis, x))
        return dict.fromkeys(self.weights(x), shape)

    def _by(self, formula: Formula, w: Weights, x: Array) -> Array:
        axes = axes_of(self.axis, x.shape)
        mean = x.mean(axes, keepdims=True)
        variance = ((x - mean) ** 2).mean(axes, keepdims=True)
        if self.rms_scaling:
            mean = 0.0
        return formula(x, mean, variance, self.epsilon, **self._affine(w, x))

    def _affine(self, w: Weights, x: Array) -> dict[str, Any]:
        """Scale and offset with an axis for every axis of x; 1 and 0 where there is none."""
        axes = axes_of(self.axis, x.shape)
        spread = tuple(n if a in axes else 1 for a, n in enumerate(x.shape))
        gamma, beta = (w[r].reshape(spread) if r in w else None for r in ("gamma", "beta"))
        return {"gamma": 1.0 if gamma is None else gamma, "beta": 0.0 if beta is None else beta}
