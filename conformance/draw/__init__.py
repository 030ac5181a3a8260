"""Drawing cases: Hypothesis draws the structure, NumPy makes the arrays from a drawn seed."""

from .arrays import FINITE, SPECIAL, families, floats, integers
from .attached import activations, constraints, initializers, masks, regularizers
from .cases import SEEDS, layer_case, nested, plain_case
from .elementwise import arguments, function_cases
from .shapes import shapes, sizes

__all__ = [
    *("activations", "constraints", "initializers", "masks", "regularizers", "SEEDS"),
    *("FINITE", "SPECIAL", "arguments", "families", "floats", "function_cases", "integers"),
    *("layer_case", "nested", "plain_case", "shapes", "sizes"),
]
