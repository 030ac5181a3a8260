"""Constraint: the base class of every projection of a weight after an optimizer step.

    w ← constraint(w)

Source: https://keras.io/api/layers/constraints/ (Keras 3.15.1)
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from ..core import Array

# Added to a norm before dividing by it: keras.config.epsilon().
EPSILON = 1e-7


@dataclass(frozen=True)
class Constraint:
    """A stateless projection of a weight; the base class gives it back unmodified.

    ``get_config`` gives all constructor arguments, and ``from_config`` makes an equal constraint
    from them.

    >>> Constraint()(np.array([-1.0, 2.0]))
    array([-1.,  2.])
    """

    def __call__(self, w: Array) -> Array:
        return w

    def get_config(self) -> dict[str, Any]:
        """All constructor arguments by name."""
        return asdict(self)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """The reverse of ``get_config``."""
        return cls(**config)


def norm(w: Array, axis: int | Sequence[int]) -> Array:
    """The Euclidean norm along one axis or several, kept as axes of length 1.

    The root of 0 is not differentiated: w · ‖w‖ and w / (ε + ‖w‖) have a derivative at w = 0.
    """
    axes = tuple(axis) if isinstance(axis, Sequence) else axis
    squared = np.square(w).sum(axes, keepdims=True)
    zero = squared == 0.0
    return np.where(zero, 0.0, np.sqrt(np.where(zero, 1.0, squared)))
