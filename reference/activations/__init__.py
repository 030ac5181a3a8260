"""The activations, in the documentation's order."""

from .elu import elu
from .exponential import exponential
from .gelu import gelu
from .hard_sigmoid import hard_sigmoid
from .hard_silu import hard_silu
from .leaky_relu import leaky_relu
from .linear import linear
from .log_softmax import log_softmax
from .mish import mish
from .relu import relu
from .relu6 import relu6
from .selu import selu
from .sigmoid import sigmoid
from .silu import silu
from .softmax import softmax
from .softplus import softplus
from .softsign import softsign
from .tanh import tanh

__all__ = [  # noqa: RUF022  (the documentation's order)
    "relu",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "tanh",
    "selu",
    "elu",
    "exponential",
    "leaky_relu",
    "relu6",
    "silu",
    "hard_silu",
    "gelu",
    "hard_sigmoid",
    "linear",
    "mish",
    "log_softmax",
]
