"""GRU and GRUCell: gated recurrent unit.

    z = σ(x W_z + h U_z + b_z)                    update gate (σ: recurrent_activation)
    r = σ(x W_r + h U_r + b_r)                    reset gate
    n = φ(x W_n + b_n + r ∘ (h U_n + c_n))        candidate if reset_after (φ: activation)
    n = φ(x W_n + b_n + (r ∘ h) U_n)              candidate otherwise
    h ← z ∘ h + (1 - z) ∘ n                       y = h

With reset_after, z and r have recurrent biases c_z and c_r too. Which units ``dropout`` and
``recurrent_dropout`` drop from x and h in the linear maps: see ``recurrent_cell``.

Source: https://keras.io/api/layers/recurrent_layers/gru/ and
https://keras.io/api/layers/recurrent_layers/gru_cell/ (Keras 3.15.1);
Cho et al. 2014, https://arxiv.org/abs/1406.1078 (v1 is reset_after=True, v3 is False).
"""

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
class GRUCell(Cell):
    """One step of GRU: ``(w, x, h) -> (h, h)``; errors as in Cell.

    Shapes, with gates side by side on the last axis in the order z, r, n
        x                  (batch, features)
        h, y               (batch, units)
        kernel             (features, 3 units)
        recurrent_kernel   (units, 3 units)
        bias               (2, 3 units): b, c        if use_bias and reset_after
                           (3 units,)                if use_bias otherwise

    The order of the gates is not documented: it is that of every saved Keras model.

    With all weights 0 a step halves the state:

    >>> cell = GRUCell(1, use_bias=False)
    >>> w = {"kernel": np.zeros((1, 3)), "recurrent_kernel": np.zeros((1, 3))}
    >>> cell(w, np.array([[7.0]]), np.array([[4.0]]))
    (array([[2.]]), array([[2.]]))
    """

    units: int
    activation: Any = "tanh"
    recurrent_activation: Any = "sigmoid"
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
    reset_after: bool = True
    seed: int | None = None

    gates = 3

    def bias_shape(self) -> Shape:
        return (2, 3 * self.units) if self.reset_after else (3 * self.units,)

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
        seen = dropped(self, "recurrent_dropout", h, training, recurrent_dropout_mask)
        gate = identifiers.activation(self.recurrent_activation)
        act = identifiers.activation(self.activation)
        bias: Any = w.get("bias", (0.0, 0.0) if self.reset_after else 0.0)
        b, c = bias if self.reset_after else (bias, 0.0)

        x_z, x_r, x_n = np.split(x @ w["kernel"] + b, 3, axis=-1)
        if self.reset_after:
            h_z, h_r, h_n = np.split(seen @ w["recurrent_kernel"] + c, 3, axis=-1)
            n = act(x_n + gate(x_r + h_r) * h_n)
        else:
            u_z, u_r, u_n = np.split(w["recurrent_kernel"], 3, axis=-1)
            h_z, h_r = seen @ u_z, seen @ u_r
            n = act(x_n + (gate(x_r + h_r) * seen) @ u_n)
        z = gate(x_z + h_z)
        h = z * h + (1.0 - z) * n
        return h, h


@dataclass(frozen=True)
class GRU(Recurrent):
    """GRUCell taken over time: shapes, masks and states as in Recurrent, errors as in Cell.

    Ambiguous: "the default one is based on v3", with the reset gate before the matrix product, but
    the default of reset_after is True, documented as "after". Here the argument decides.

    With all weights 0 a used step halves the state:

    >>> gru = GRU(1, return_sequences=True, reset_after=False)
    >>> w = {role: np.zeros(shape) for role, shape in gru.weights((1, 3, 1)).items()}
    >>> x, h, mask = np.ones((1, 3, 1)), np.ones((1, 1)), np.array([[True, False, True]])
    >>> gru(w, x, initial_state=h, mask=mask).ravel()
    array([0.5 , 0.5 , 0.25])
    """

    units: int
    activation: Any = "tanh"
    recurrent_activation: Any = "sigmoid"
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
    seed: int | None = None
    return_sequences: bool = False
    return_state: bool = False
    go_backwards: bool = False
    stateful: bool = False
    unroll: bool = False
    reset_after: bool = True
    use_cudnn: bool | str = "auto"

    def __post_init__(self) -> None:
        not_covered(use_cudnn=None if self.use_cudnn == "auto" else self.use_cudnn)
        self.cell  # noqa: B018  (made for its errors)

    @cached_property
    def cell(self) -> GRUCell:
        """The cell that is taken over time."""
        return cell_of(GRUCell, self)
