"""The properties, in the order of the matrix."""

from .gradients import GRADIENTS
from .laws import LAWS
from .property import Property
from .starting import CONSTRAINT, INITIAL
from .structure import CONFIG, DTYPE, INVALID, MASK, SHAPE, WEIGHTS
from .values import COMPILED, EXACT, GAIN, LOSSES, MIXED, SAVE, SPECIAL_VALUES, STATE, VALUES

PROPERTIES: dict[str, Property] = {
    p.name: p
    for p in (
        *(VALUES, GRADIENTS, EXACT, GAIN, LOSSES, INITIAL, CONSTRAINT, SHAPE, DTYPE, MASK, STATE),
        *(CONFIG, WEIGHTS, SAVE, COMPILED, INVALID, SPECIAL_VALUES, LAWS, MIXED),
    )
}

__all__ = ["PROPERTIES", "Property"]
