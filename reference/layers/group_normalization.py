"""GroupNormalization: within a sample, every group of channels to mean 0 and variance 1.

    y = (x - mean) / √(variance + epsilon) · gamma + beta

mean and variance are those of one group of one sample: over its channels, which are neighbours, and
over all axes but the batch. gamma and beta belong to a channel.

Source: https://keras.io/api/layers/normalization_layers/group_normalization/ (Keras 3.15.1);
Wu & He 2018, https://arxiv.org/abs/1803.08494.
"""

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from ..core import Array, Shape, Weights, check
from .normalizing import Formula, axes_of, folded, normalized


@dataclass(frozen=True)
class GroupNormalization:
    """Normalise each of ``groups`` equal groups of channels of each sample, then scale and shift.

    Shapes, with C = x.shape[axis]
        x, y          (batch, …), rank 2 or more
        gamma, beta   (C,)   if scale, if center

    ``groups=-1`` makes every channel a group of its own.

    Raises NotImplementedError
        on construction: several axes, as it is not documented which of them is divided into groups
    Raises ValueError
        on construction: groups neither positive nor -1
        on build and call: axis outside the rank of x, or that of the batch; C no multiple of groups

    >>> x = np.array([[1.0, 5.0, 10.0, 10.0]])
    >>> GroupNormalization(2, epsilon=0.25)({"beta": np.array([0.0, 0.0, 0.0, 7.0])}, x).round(3)
    array([[-0.97,  0.97,  0.  ,  7.  ]])
    """

    groups: int = 32
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

    def __post_init__(self) -> None:
        if not isinstance(self.axis, int) and len(self.axis) != 1:
            raise NotImplementedError(f"axis={self.axis!r} is not covered, see docs/limits.md")
        wanted = isinstance(self.groups, int) and (self.groups > 0 or self.groups == -1)
        check(wanted, f"groups={self.groups!r}: want a positive int or -1")

    def weights(self, x: Shape) -> dict[str, Shape]:
        axis, _ = self._axis_and_groups(x)
        return dict.fromkeys(["gamma"] * self.scale + ["beta"] * self.center, (x[axis],))

    def __call__(self, w: Weights, x: Array) -> Array:
        return self._by(normalized, w, x)

    def folded(self, w: Weights, x: Array) -> Array:
        """The same by another order of operations; see ``normalizing``."""
        return self._by(folded, w, x)

    def _by(self, formula: Formula, w: Weights, x: Array) -> Array:
        axis, groups = self._axis_and_groups(x.shape)
        first = np.moveaxis(x, axis, 1)  # (batch, C, …)
        batch, channels, *rest = first.shape
        members = (groups, channels // groups)
        z = first.reshape(batch, *members, prod(rest))

        mean = z.mean((2, 3), keepdims=True)
        variance = ((z - mean) ** 2).mean((2, 3), keepdims=True)
        gamma = w["gamma"].reshape(*members, 1) if "gamma" in w else 1.0
        beta = w["beta"].reshape(*members, 1) if "beta" in w else 0.0
        y = formula(z, mean, variance, self.epsilon, gamma=gamma, beta=beta)
        return np.moveaxis(y.reshape(first.shape), 1, axis)

    def _axis_and_groups(self, x: Shape) -> tuple[int, int]:
        """The channel axis from the front, the number of groups."""
        (axis,) = axes_of(self.axis, x)
        check(axis > 0, f"axis={self.axis} is the batch axis of shape {x}")
        groups = x[axis] if self.groups == -1 else self.groups
        check(x[axis] % groups == 0, f"groups={groups} do not divide {x[axis]} channels")
        return axis, groups
