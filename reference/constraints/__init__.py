"""The constraints, in the documentation's order."""

from .constraint import Constraint
from .max_norm import MaxNorm
from .min_max_norm import MinMaxNorm
from .non_neg import NonNeg
from .unit_norm import UnitNorm

__all__ = [
    "Constraint",
    "MaxNorm",
    "MinMaxNorm",
    "NonNeg",
    "UnitNorm",
]
