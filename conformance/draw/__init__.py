"""Drawing cases: Hypothesis draws the structure, NumPy makes the arrays from a drawn seed."""

from .arrays import FINITE, SPECIAL, families, floats, integers
from .attached import activations, constraints, initializers, masks, regularizers
from .cases import SEEDS, layer_case, nested, plain_case
from .elementwise import arguments, function_cases
from .shapes import shapes, sizes

__all__ = [
    "FINITE",
    "SEEDS",
    "SPECIAL",
    "activations",
    "arguments",
    "constraints",
    "families",
    "floats",
    "function_cases",
    "initializers",
    "integers",
    "layer_case",
    "masks",
    "nested",
    "plain_case",
    "regularizers",
    "shapes",
    "sizes",
]
