"""RNN: any cell, or a stack of cells, taken over time.

    y_t, s_t = cell(x_t, s_{t-1})

Source: https://keras.io/api/layers/recurrent_layers/rnn/ (Keras 3.15.1)
"""

from dataclasses import dataclass
from typing import Any

from .recurrence import Recurrent
from .recurrent_cell import check_cell
from .stacked_rnn_cells import StackedRNNCells


@dataclass(frozen=True)
class RNN(Recurrent):
    """Run ``cell`` over time: shapes, masks, states and readings as in Recurrent.

    A list of cells is the stack of them. The weights are those of the cell, under ``cell/``.

    Raises ValueError
        on construction: cell neither an RNN cell nor a list of them
        on build and call: x of rank below 3 or without steps; what the cell refuses; mask not of
            shape (batch, time); another number or other shapes of states in initial_state

    >>> from .simple_rnn import SimpleRNNCell
    >>> cell = SimpleRNNCell(1, activation=None, use_bias=False)
    >>> rnn = RNN(cell, return_sequences=True, zero_output_for_mask=True)
    >>> w = {"cell/kernel": np.array([[1.0]]), "cell/recurrent_kernel": np.array([[10.0]])}
    >>> x, mask = np.array([[[1.0], [5.0], [2.0]]]), np.array([[True, False, True]])
    >>> rnn(w, x, mask=mask).ravel()
    array([ 1.,  0., 12.])
    """

    cell: Any
    return_sequences: bool = False
    return_state: bool = False
    go_backwards: bool = False
    stateful: bool = False
    unroll: bool = False
    zero_output_for_mask: bool = False

    prefix = "cell/"

    def __post_init__(self) -> None:
        if isinstance(self.cell, tuple | list):
            object.__setattr__(self, "cell", StackedRNNCells(self.cell))
        check_cell(self.cell)
