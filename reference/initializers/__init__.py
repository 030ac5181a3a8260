"""The initializers, in the documentation's order.

Exact ones give their values when called with a shape; random ones give the ``distribution`` of one
element of a weight of that shape.
"""

from .constant import Constant, Ones, Zeros
from .identity import IdentityInitializer
from .orthogonal import Orthogonal
from .random_normal import RandomNormal, TruncatedNormal
from .random_uniform import RandomUniform
from .variance_scaling import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
)

__all__ = [  # noqa: RUF022  (the documentation's order)
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "Zeros",
    "Ones",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Orthogonal",
    "Constant",
    "VarianceScaling",
    "LecunNormal",
    "LecunUniform",
    "IdentityInitializer",
]
