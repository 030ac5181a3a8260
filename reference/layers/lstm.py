"""LSTM and LSTMCell: long short-term memory.

    i = σ(x W_i + h U_i + b_i)        input gate (σ: recurrent_activation)
    f = σ(x W_f + h U_f + b_f)        forget gate
    g = φ(x W_g + h U_g + b_g)        candidate (φ: activation)
    o = σ(x W_o + h U_o + b_o)        output gate
    c ← f ∘ c + i ∘ g
    h ← o ∘ φ(c)                      y = h

Which units ``dropout`` and ``recurrent_dropout`` drop from x and h: see ``recurrent_cell``.

Source: https://keras.io/api/layers/recurrent_layers/lstm/ and
https://keras.io/api/layers/recurrent_layers/lstm_cell/ (Keras 3.15.1);
Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .. import identifiers
from ..core import Array, Shape, Weights
from ..limits import not_covered
from .recurrence import Recurrent
from .recurrent_cell import Cell, cell_of, check_states, dropped


@dataclass(frozen=True)
class UnitForgetBias:
    """The initial bias with unit_forget_bias: 1 more at the forget gate than ``initializer`` says.

    >>> UnitForgetBias(np.zeros)((8,))
    array([0., 0., 1., 1., 0., 0., 0., 0.])
    """

    initializer: Callable[[Shape], Array]

    def __call__(self, shape: Shape) -> Array:
        return self.initializer(shape) + (np.arange(shape[0]) * 4 // shape[0] == 1)


@dataclass(frozen=True)
class LSTMCell(Cell):
    """One step of LSTM: ``(w, x, h, c) -> (h, h, c)``; errors as in Cell.

    Shapes, with gates side by side on the last axis in the order i, f, g, o
        x                  (batch, features)
        h, c, y            (batch, units)
        kernel             (features, 4 units)
        recurrent_kernel   (units, 4 units)
        bias               (4 units,)          if use_bias; with unit_forget_bias initially 1 at f
                                               and 0 elsewhere, whatever bias_initializer says

    The order of the gates is not documented: it is that of every saved Keras model.

    With all weights 0 the gates are 1/2 and the candidate is 0, so a step halves c:

    >>> cell = LSTMCell(1, activation=None, use_bias=False)
    >>> w = {"kernel": np.zeros((1, 4)), "recurrent_kernel": np.zeros((1, 4))}
    >>> cell(w, np.array([[7.0]]), np.array([[7.0]]), np.array([[4.0]]))
    (array([[1.]]), array([[1.]]), array([[2.]]))
    """

    units: int
    activation: Any = "tanh"
    recurrent_activation: Any = "sigmoid"
    use_bias: bool = True
    kernel_initializer: Any = "glorot_uniform"
    recurrent_initializer: Any = "orthogonal"
    bias_initializer: Any = "zeros"
    unit_forget_bias: bool = True
    kernel_regularizer: Any = None
    recurrent_regularizer: Any = None
    bias_regularizer: Any = None
    kernel_constraint: Any = None
    recurrent_constraint: Any = None
    bias_constraint: Any = None
    dropout: float = 0.0
    recurrent_dropout: float = 0.0
    seed: int | None = None

    gates = 4
    state_count = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.unit_forget_bias:
            initial = UnitForgetBias(identifiers.initializer("zeros"))
            object.__setattr__(self, "bias_initializer", initial)

    def __call__(
        self,
        w: Weights,
        x: Array,
        *states: Array,
        training: bool | None = False,
        dropout_mask: Array | None = None,
        recurrent_dropout_mask: Array | None = None,
    ) -> tuple[Array, Array, Array]:
        check_states(self, x, states)
        h, c = states
        x = dropped(self, "dropout", x, training, dropout_mask)
        h = dropped(self, "recurrent_dropout", h, training, recurrent_dropout_mask)
        z = x @ w["kernel"] + w.get("bias", 0.0) + h @ w["recurrent_kernel"]
        h, c = memory(self, np.split(z, 4, axis=-1), c)
        return h, h, c


def memory(cell: Any, gates: list[Array], c: Array) -> tuple[Array, Array]:
    """The new h and c, from the linear maps of the four gates and the old c."""
    gate = identifiers.activation(cell.recurrent_activation)
    act = identifiers.activation(cell.activation)
    i, f, g, o = gates
    c = gate(f) * c + gate(i) * act(g)
    return gate(o) * act(c), c


@dataclass(frozen=True)
class LSTM(Recurrent):
    """LSTMCell taken over time: shapes, masks and states as in Recurrent, errors as in Cell.

    With all weights 0 a step halves c:

    >>> lstm = LSTM(1, activation=None, return_state=True)
    >>> w = {role: np.zeros(shape) for role, shape in lstm.weights((1, 2, 1)).items()}
    >>> h, c = np.array([[0.0]]), np.array([[4.0]])
    >>> lstm(w, np.ones((1, 2, 1)), initial_state=[h, c])
    (array([[0.5]]), array([[0.5]]), array([[1.]]))
    """

    units: int
    activation: Any = "tanh"
    recurrent_activation: Any = "sigmoid"
    use_bias: bool = True
    kernel_initializer: Any = "glorot_uniform"
    recurrent_initializer: Any = "orthogonal"
    bias_initializer: Any = "zeros"
    unit_forget_bias: bool = True
    kernel_regularizer: Any = None
    recurrent_regularizer: Any = None
    bias_regularizer: Any = None
    activity_regularizer: Any = None
    kernel_constraint: Any = None
    recurrent_constraint: Any = None
    bias_constraint: Any = None
    dropout: float = 0.0
    recurrent_dropout: float = 0.0
    seed: int | None = None
    return_sequences: bool = False
    return_state: bool = False
    go_backwards: bool = False
    stateful: bool = False
    unroll: bool = False
    use_cudnn: bool | str = "auto"

    def __post_init__(self) -> None:
        not_covered(use_cudnn=None if self.use_cudnn == "auto" else self.use_cudnn)
        object.__setattr__(self, "bias_initializer", self.cell.bias_initializer)

    @cached_property
    def cell(self) -> LSTMCell:
        """The cell that is taken over time."""
        return cell_of(LSTMCell, self)
