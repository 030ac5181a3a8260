"""What the cells of LSTM, GRU and SimpleRNN share: two linear maps, side by side per gate.

    x W + b     with x dropped out by ``dropout`` in training
    h U         with h dropped out by ``recurrent_dropout`` in training

    dropped out:  x / (1 - rate) where the draw keeps, 0 elsewhere

Source: https://keras.io/api/layers/recurrent_layers/ (Keras 3.15.1); for the scale
https://keras.io/api/layers/regularization_layers/dropout/
"""

from dataclasses import fields
from typing import Any, ClassVar

import numpy as np

from .. import identifiers
from ..core import Array, Shape, check


class Cell:
    """One step: ``(w, x, *states) -> (y, *new states)``, the first state being y.

    Shapes, with gates side by side on the last axis
        x                  (batch, features)
        states, y          (batch, units) each
        kernel             (features, gates · units)
        recurrent_kernel   (units, gates · units)
        bias               (gates · units,)           if use_bias

    Training with a dropout or recurrent_dropout above 0 takes the draw as dropout_mask (the shape
    of x) or recurrent_dropout_mask (the shape of y), True = keep; a rate of 1 drops everything and
    needs none. ``seed`` changes no number.

    Raises ValueError
        on construction: units not a positive integer; dropout or recurrent_dropout outside 0 … 1;
            a string that names no activation
        on build and call: x not of rank 2; another number or other shapes of states
    """

    units: int
    use_bias: bool
    dropout: float
    recurrent_dropout: float

    gates: ClassVar[int]
    state_count: ClassVar[int] = 1

    def __post_init__(self) -> None:
        check(type(self.units) is int and self.units > 0, f"units={self.units!r}: not positive")
        check_rates(self)
        for name in ("activation", "recurrent_activation"):
            identifiers.activation(getattr(self, name, None))

    def weights(self, x: Shape, *states: Shape) -> dict[str, Shape]:
        check(len(x) == 2, f"x of shape {x}: want (batch, features)")
        width = self.gates * self.units
        shapes = {"kernel": (x[-1], width), "recurrent_kernel": (self.units, width)}
        return shapes | ({"bias": self.bias_shape()} if self.use_bias else {})

    def bias_shape(self) -> Shape:
        """The shape of ``bias``."""
        return (self.gates * self.units,)

    def states(self, x: Shape) -> tuple[Shape, ...]:
        """The shapes of the states."""
        return ((x[0], self.units),) * self.state_count

    def output_of(self, states: Any) -> Any:
        """The state that is the output."""
        return states[0]


def check_rates(cell: Any) -> None:
    """Raise unless both rates are from 0 to 1."""
    for name in ("dropout", "recurrent_dropout"):
        rate = getattr(cell, name)
        check(0 <= rate <= 1, f"{name}={rate!r}: want a number from 0 to 1")


def check_cell(cell: Any) -> None:
    """Raise unless ``cell`` can be taken over time."""
    check(hasattr(cell, "output_of"), f"{cell!r} is no RNN cell")


def check_states(cell: Any, x: Array, states: tuple[Array, ...]) -> None:
    """Raise unless ``states`` are those of the cell for a step ``x``."""
    cell.weights(x.shape)
    found, want = tuple(s.shape for s in states), cell.states(x.shape)
    check(found == want, f"states of shapes {found}: want {want}")


def dropped(cell: Any, name: str, x: Array, training: bool | None, keep: Array | None) -> Array:
    """``x`` dropped out by the rate ``name`` of the cell: in training, if the rate is above 0."""
    rate = getattr(cell, name)
    if not training or rate == 0:
        return x
    if keep is None and rate == 1:
        keep = np.zeros(x.shape, bool)
    if keep is None:
        raise TypeError(f"training with {name}={rate} needs the draw {name}_mask")
    check(keep.shape == x.shape, f"{name}_mask of shape {keep.shape}: want {x.shape}")
    return np.where(keep, x * (1.0 / (1.0 - rate) if rate < 1 else 0.0), 0.0)


def cell_of(kind: Any, layer: Any) -> Any:
    """The cell with the arguments that the layer has for it."""
    return kind(**{field.name: getattr(layer, field.name) for field in fields(kind)})
