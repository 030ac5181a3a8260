"""SimpleRNN and SimpleRNNCell: the output, fed back as input.

    h ← φ(x W + h U + b)        y = h        φ: activation

Which units ``dropout`` and ``recurrent_dropout`` drop from x and h: see ``recurrent_cell``.

Source: https://keras.io/api/layers/recurrent_layers/simple_rnn/ and
https://keras.io/api/layers/recurrent_layers/simple_rnn_cell/ (Keras 3.15.1)
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .. import identifiers
from ..core import Array, Weights
from .recurrence import Recurrent
from .recurrent_cell import Cell, cell_of, check_states, dropped


@dataclass(frozen=True)
class SimpleRNNCell(Cell):
    """One step of SimpleRNN: ``(w, x, h) -> (h, h)``; shapes and errors as in Cell.

    Shapes
        x                  (batch, features)
        h, y               (batch, units)
        kernel             (features, units)
        recurrent_kernel   (units, units)
        bias               (units,)            if use_bias

    >>> w = {"kernel": np.array([[1.0]]), "recurrent_kernel": np.array([[10.0]])}
    >>> cell = SimpleRNNCell(1, activation=None, use_bias=False)
    >>> cell(w, np.array([[2.0]]), np.array([[3.0]]))
    (array([[32.]]), array([[32.]]))
    """

    units: int
    activation: Any = "tanh"
    use_bias: bool = True
    kernel_initializer: Any = "glorot_uniform"
    recurrent_initializer: Any = "orthogonal"
    bias_initializer: Any = "zeros"
    kernel_regularizer: Any = None
    recurrent_regularizer: Any = None
    bias_regularizer: Any = None
    kernel_constraint: Any = None
    recurrent_constraint: Any = None
    bias_constraint: Any = None
    dropout: float = 0.0
    recurrent_dropout: float = 0.0
    seed: int | None = None

    gates = 1

    def __call__(
        self,
        w: Weights,
        x: Array,
        *states: Array,
        training: bool | None = False,
        dropout_mask: Array | None = None,
        recurrent_dropout_mask: Array | None = None,
    ) -> tuple[Array, Array]:
        check_states(self, x, states)
        (h,) = states
        x = dropped(self, "dropout", x, training, dropout_mask)
        h = dropped(self, "recurrent_dropout", h, training, recurrent_dropout_mask)
        z = x @ w["kernel"] + w.get("bias", 0.0) + h @ w["recurrent_kernel"]
        h = identifiers.activation(self.activation)(z)
        return h, h


@dataclass(frozen=True)
class SimpleRNN(Recurrent):
    """SimpleRNNCell taken over time: shapes, masks and states as in Recurrent, errors as in Cell.

    >>> w = {"kernel": np.array([[1.0]]), "recurrent_kernel": np.array([[10.0]])}
    >>> x, mask = np.array([[[1.0], [5.0], [2.0]]]), np.array([[True, False, True]])
    >>> rnn = SimpleRNN(1, activation=None, use_bias=False, return_sequences=True)
    >>> rnn(w, x, mask=mask).ravel()
    array([ 1.,  1., 12.])
    """

    units: int
    activation: Any = "tanh"
    use_bias: bool = True
    kernel_initializer: Any = "glorot_uniform"
    recurrent_initializer: Any = "orthogonal"
    bias_initializer: Any = "zeros"
    kernel_regularizer: Any = None
    recurrent_regularizer: Any = None
    bias_regularizer: Any = None
    activity_regularizer: Any = None
    kernel_constraint: Any = None
    recurrent_constraint: Any = None
    bias_constraint: Any = None
    dropout: float = 0.0
    recurrent_dropout: float = 0.0
    return_sequences: bool = False
    return_state: bool = False
    go_backwards: bool = False
    stateful: bool = False
    unroll: bool = False
    seed: int | None = None

    def __post_init__(self) -> None:
        self.cell  # noqa: B018  (made for its errors)

    @cached_property
    def cell(self) -> SimpleRNNCell:
        """The cell that is taken over time."""
        return cell_of(SimpleRNNCell, self)
