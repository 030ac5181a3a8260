"""The regularizers, in the documentation's order."""

from .l1 import L1
from .l1_l2 import L1L2
from .l2 import L2
from .orthogonal_regularizer import OrthogonalRegularizer
from .regularizer import Regularizer

__all__ = [  # noqa: RUF022  (the documentation's order)
    "Regularizer",
    "L1",
    "L2",
    "L1L2",
    "OrthogonalRegularizer",
]
